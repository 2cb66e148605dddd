//! What an alert's rules say of it, in the words in which pages and programs repeat it.

use crate::text::single_spaced;
use crate::words::Words;

use super::alert_index::Alert;
use super::rule::AlertRule;

/// What an alert's rule says where its page does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSays {
    /// The severity as the rule words it.
    pub severity: Option<String>,
    /// When it fires: "Errors >= 1 for 5m", in one line.
    pub condition: Option<String>,
}

/// What the most severe of an alert's rules says.
pub fn rule_says(words: &Words, alert: &Alert) -> RuleSays {
    most_severe(alert).map_or_else(RuleSays::default, |rule| RuleSays {
        severity: rule.severity.clone(),
        condition: condition(words, rule),
    })
}

/// The most severe of an alert's rules.
pub fn most_severe(alert: &Alert) -> Option<&AlertRule> {
    alert.rules.iter().min_by_key(|rule| severity_rank(rule.severity.as_deref()))
}

/// The place in lists of what has no severity.
pub const UNRANKED: u8 = 4;

/// The place of a severity in lists, 1 to 3 with the worst first; what has none comes last.
pub fn severity_rank(severity: Option<&str>) -> u8 {
    severity.map_or(UNRANKED, severity_level)
}

/// The place of a severity on a scale of three, 1 the worst.
pub fn severity_level(text: &str) -> u8 {
    match text.to_ascii_lowercase().as_str() {
        "p1" | "critical" | "page" | "high" | "sev1" | "emergency" => 1,
        "p2" | "warning" | "major" | "medium" | "sev2" | "ticket" => 2,
        _ => 3,
    }
}

/// The longest condition that is shown; the rule has the rest.
const CONDITION: usize = 160;

/// When a rule fires: "Errors >= 1 for 5m", in one line.
pub fn condition(words: &Words, rule: &AlertRule) -> Option<String> {
    let expression = rule.expression.as_ref()?;
    let mut text = single_spaced(expression).into_owned();
    if let Some((end, _)) = text.char_indices().nth(CONDITION) {
        text.truncate(end);
        text.push('…');
    }
    match rule.duration.as_deref().filter(|duration| *duration != "0m" && *duration != "0s") {
        Some(duration) => {
            let values = [("condition", text.as_str()), ("duration", duration)];
            Some(words.fill("condition-for", &values))
        }
        None => Some(text),
    }
}
