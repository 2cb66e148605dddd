//! A `CloudWatch` alarm's properties, from whichever tool, to an alert rule.

use std::collections::BTreeMap;

use super::described::{self, PropertyText};
use super::rule::{AlertRule, RuleFile, SourceKind, one_line};

/// An alarm's properties by their Terraform names; a tag's key is `tags.` and its name in lower case, a dimension's
/// `dimensions.` and its name.
pub(super) type Properties = BTreeMap<String, PropertyText>;

/// Makes the rule.
pub(super) fn rule(
    source: &RuleFile<'_>,
    kind: SourceKind,
    name: &PropertyText,
    properties: &Properties,
) -> AlertRule {
    let text = |key: &str| properties.get(key).and_then(|value| one_line(&value.text.marked()));
    let tags = properties.iter().filter(|(key, _)| key.starts_with("tags."));
    let description = properties.get_key_value("alarm_description");
    let texts = description.into_iter().chain(tags).map(|(key, text)| (key.as_str(), text));
    AlertRule {
        severity: text("tags.severity").or_else(|| text("tags.priority")),
        labels: labels(properties),
        expression: expression(properties),
        duration: duration(properties),
        summary: description.and_then(|(_, text)| described::without_links(&text.text.marked())),
        ..described::rule(source, kind, name, texts)
    }
}

/// Where labels stand among the properties of resources, by the beginnings of their keys.
const LABELS: [&str; 4] = ["labels.", "user_labels.", "tags.", "dimensions."];

/// The labels of a resource, as far as their values are known before it is deployed.
pub(super) fn labels(properties: &Properties) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for (key, text) in properties {
        let own = LABELS.iter().find_map(|prefix| key.strip_prefix(prefix));
        if let (Some(own), Some(value)) = (own, text.text.as_literal()) {
            labels.entry(own.to_owned()).or_insert_with(|| value.to_owned());
        }
    }
    labels
}

/// Metric, comparison and threshold in one line.
fn expression(properties: &Properties) -> Option<String> {
    let text = |key: &str| properties.get(key).and_then(|value| one_line(&value.text.marked()));
    if let Some(rule) = text("alarm_rule") {
        return Some(rule);
    }
    let metric = text("metric_name").or_else(|| text("expression"))?;
    let statistic = text("statistic").or_else(|| text("extended_statistic"));
    let measured = statistic.map_or(metric.clone(), |statistic| format!("{statistic} of {metric}"));
    let compared = match text("comparison_operator").as_deref() {
        Some("GreaterThanOrEqualToThreshold") => ">=",
        Some("GreaterThanThreshold") => ">",
        Some("LessThanThreshold") => "<",
        Some("LessThanOrEqualToThreshold") => "<=",
        Some("LessThanLowerOrGreaterThanUpperThreshold") => {
            return Some(format!("{measured} outside its band"));
        }
        Some("LessThanLowerThreshold") => return Some(format!("{measured} below its band")),
        Some("GreaterThanUpperThreshold") => return Some(format!("{measured} above its band")),
        _ => return Some(measured),
    };
    let threshold = text("threshold").unwrap_or_else(|| "…".to_string());
    Some(format!("{measured} {compared} {threshold}"))
}

/// How long the condition must hold: periods times their length.
fn duration(properties: &Properties) -> Option<String> {
    let number = |key: &str| properties.get(key)?.text.as_literal()?.trim().parse::<u64>().ok();
    let seconds = number("period")?.checked_mul(number("evaluation_periods")?)?;
    let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
    let (length, unit) =
        units.into_iter().find(|(length, _)| seconds > 0 && seconds % length == 0)?;
    Some(format!("{}{unit}", seconds / length))
}
