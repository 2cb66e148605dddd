//! What is known of an alert rule to whoever has the published site and not the sources of its alerts.

use std::collections::BTreeMap;

use super::pattern::Pattern;

/// A rule as the site publishes it in `api/alerts.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownRule {
    /// The alert's name, with what is computed in braces.
    pub name: String,
    /// Every name that it can be, if it is computed.
    pub pattern: Option<Pattern>,
    /// The tool that it was written for, as [`super::SourceKind::name`] has it.
    pub source: String,
    /// What its alerts are labeled with.
    pub labels: BTreeMap<String, String>,
    /// The severity as the source words it.
    pub severity: Option<String>,
    /// What is compared with what.
    pub expression: Option<String>,
    /// For how long, as in "15m".
    pub duration: Option<String>,
    /// The claimed names that it stands for.
    pub claimed: Vec<String>,
    /// The page that its runbook link leads to, from the root.
    pub page: Option<String>,
    /// The anchor in that link.
    pub anchor: Option<String>,
}

/// How many of some labels an alert carries with the same values; nothing if it carries one of them with another value.
/// Names compare without case. A wanted value may hold `*`.
pub fn agreeing(wanted: &BTreeMap<String, String>, carried: &[(&str, &str)]) -> Option<usize> {
    let mut equal = 0;
    for (name, value) in wanted {
        let found = carried.iter().find(|(carried, _)| carried.eq_ignore_ascii_case(name));
        let Some((_, found)) = found else { continue };
        let fits = value == found
            || name.eq_ignore_ascii_case("severity") && value.eq_ignore_ascii_case(found)
            || value.contains('*') && Pattern::claimed(value).captures(found, true).is_some();
        if !fits {
            return None;
        }
        equal += 1;
    }
    Some(equal)
}

/// Whether no alert can carry both of two sets of labels.
pub fn exclude(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> bool {
    one.iter().any(|(name, value)| {
        let same = other.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        same.is_some_and(|(_, other)| !Pattern::claimed(value).meets(&Pattern::claimed(other)))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{agreeing, exclude};

    fn labels(text: &str) -> BTreeMap<String, String> {
        let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn labels_agree_as_far_as_an_alert_carries_them() {
        let carried = [("team", "payments"), ("Severity", "page"), ("namespace", "mail-eu")];
        for (wanted, expected) in [
            ("", Some(0)),
            ("team=payments", Some(1)),
            ("TEAM=payments severity=PAGE", Some(2)),
            ("team=Payments", None),
            ("team=payments namespace=mail-*", Some(2)),
            ("namespace=sms-*", None),
            ("region=eu", Some(0)),
        ] {
            assert_eq!(agreeing(&labels(wanted), &carried), expected, "{wanted}");
        }
    }

    #[test]
    fn labels_exclude_each_other_by_one_value() {
        for (one, other, expected) in [
            ("team=a", "team=b", true),
            ("team=a", "Team=a", false),
            ("team=a", "region=b", false),
            ("queue=mail-*", "queue=sms-*", true),
            ("queue=mail-*", "queue=*-eu", false),
            ("", "team=a", false),
        ] {
            assert_eq!(exclude(&labels(one), &labels(other)), expected, "{one} {other}");
        }
    }
}
