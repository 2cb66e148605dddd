//! SARIF, which code hosts and editors show beside the code.
//!
//! Format: OASIS "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Identities, Positions, in_repository};
use crate::diagnostic::{Finding, Level, Rule};
use crate::files::Files;

/// What is escaped in the path of a file (RFC 3986, 3.3).
const IN_URI: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The findings as one SARIF log with a line break behind it; `prefix` is the site folder inside the repository, with
/// a trailing slash.
pub fn sarif(findings: &[Finding], files: &Files, prefix: &str) -> String {
    let mut found: Vec<Rule> = findings.iter().map(|finding| finding.diagnostic.rule).collect();
    found.sort_unstable();
    found.dedup();
    let indexes: BTreeMap<Rule, usize> = found.iter().copied().zip(0..).collect();
    let (mut positions, mut identities) = (Positions::new(files), Identities::default());
    let results = findings.iter().map(|finding| {
        let index = indexes[&finding.diagnostic.rule];
        result(finding, index, prefix, &mut positions, &identities.next(finding))
    });
    let results: Vec<Value> = results.collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Guidepost",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": found.into_iter().map(rule).collect::<Vec<Value>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// A rule, with the texts that GitHub's code scanning demands beside the schema.
fn rule(rule: Rule) -> Value {
    let card = rule.card();
    let mut sentence = card.meaning.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence.push('.');
    json!({
        "id": card.name,
        "shortDescription": {"text": sentence},
        "fullDescription": {"text": sentence},
        "help": {"text": card.usage(), "markdown": format!("{sentence}\n\n```text\n{}```\n", card.usage())},
        "defaultConfiguration": {"level": level(card.default_level)},
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Allow => "none",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn result(
    finding: &Finding,
    index: usize,
    prefix: &str,
    positions: &mut Positions<'_>,
    identity: &str,
) -> Value {
    let diagnostic = &finding.diagnostic;
    let (start, end) = positions.of(&diagnostic.at);
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let path = in_repository(prefix, &diagnostic.at.path);
    json!({
        "ruleId": diagnostic.rule.name(),
        "ruleIndex": index,
        "level": level(finding.level),
        "message": {"text": text},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": utf8_percent_encode(&path, IN_URI).to_string(), "uriBaseId": "%SRCROOT%"},
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        }}],
        "partialFingerprints": {"guidepost/v1": identity},
    })
}
