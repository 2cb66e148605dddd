//! Every alert that a rule defines or a page claims, with all that is known of it.

use std::collections::BTreeMap;

use super::claims::{Claim, Claims};
use super::destination::{ClaimIndex, LinkedRunbook};
use super::meeting::Meeting;
use super::rule::AlertRule;

/// An alert with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its name: as pages claim it, else as its rule has it.
    pub name: String,
    /// The pages that claim it.
    pub claims: Vec<Claim>,
    /// The rules that define it.
    pub rules: Vec<AlertRule>,
    /// Where the first of the rules' runbook links leads that leads anywhere.
    pub linked: Option<LinkedRunbook>,
}

impl Alert {
    /// Whether neither a page nor a link says what to do.
    pub fn lacks_runbook(&self) -> bool {
        self.claims.is_empty() && self.linked.is_none()
    }
}

/// Every alert that a rule defines or a page claims, in the order of their names.
///
/// A rule whose name is a pattern stands beside every claim that it meets; one that meets none stands for itself.
pub fn index(rules: &[AlertRule], claims: &Claims) -> Vec<Alert> {
    let (site, meeting) = (ClaimIndex::new(claims), Meeting::new(rules, claims));
    let new = |name: &str, claims: &[Claim]| Alert {
        name: name.to_string(),
        claims: claims.to_vec(),
        rules: Vec::new(),
        linked: None,
    };
    let mut alerts: BTreeMap<&str, Alert> =
        claims.alerts.iter().map(|(name, claims)| (name.as_str(), new(name, claims))).collect();
    for rule in rules {
        let mut names = meeting.claimed(rule);
        if names.is_empty() {
            names.push(&rule.name);
        }
        for name in names {
            let alert = alerts.entry(name).or_insert_with(|| new(name, &[]));
            alert.rules.push(rule.clone());
            if alert.linked.is_none() {
                alert.linked = rule.runbook.as_ref().and_then(|link| site.linked(link));
            }
        }
    }
    alerts.into_values().collect()
}
