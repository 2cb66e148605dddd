//! Whether a page and a rule say the same of how bad an alert is.

use super::claims::Claim;
use super::known_rule::exclude;
use super::rule::AlertRule;
use crate::diagnostic::{Diagnostic, alerts};

/// Where a page's severity differs from the rule's, if both are of one vocabulary.
pub(super) fn contradictions(rule: &AlertRule, claims: &[Claim]) -> Vec<Diagnostic> {
    let Some(theirs) = &rule.severity else { return Vec::new() };
    let meant = claims.iter().filter(|claim| !exclude(&claim.labels, &rule.labels));
    let differing = meant.filter_map(|claim| {
        let ours = claim.severity.as_ref().filter(|ours| contradict(ours, theirs))?;
        let Some(at) = &claim.at else {
            return Some(alerts::severity_contradicts_rule(
                rule.at.clone(),
                &rule.name,
                ours,
                theirs,
            ));
        };
        let found = alerts::severity_contradicts_rule(at.clone(), &rule.name, ours, theirs);
        Some(found.also(rule.at.clone(), "the rule"))
    });
    differing.collect()
}

/// Words that rank severities in one vocabulary.
const SEVERITY_WORDS: &[&str] = &[
    "critical", "high", "medium", "moderate", "low", "major", "minor", "error", "warning", "warn",
    "info", "informational", "notice", "none", "page", "ticket",
];

/// Whether two severities say different things: `P1` and `P2`, `critical` and `warning`. `P1` and `critical`
/// belong to different vocabularies, and nobody but the authors knows how these compare.
fn contradict(ours: &str, theirs: &str) -> bool {
    let (ours, theirs) = (ours.trim().to_lowercase(), theirs.trim().to_lowercase());
    let family = |severity: &str| -> Option<String> {
        let prefix = severity.trim_end_matches(|last: char| last.is_ascii_digit());
        if SEVERITY_WORDS.contains(&severity) {
            Some("words".to_string())
        } else if prefix.len() < severity.len() {
            Some(prefix.trim_end_matches(['-', ' ']).to_string())
        } else {
            None
        }
    };
    ours != theirs && family(&ours).is_some() && family(&ours) == family(&theirs)
}
