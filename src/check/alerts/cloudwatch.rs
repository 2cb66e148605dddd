//! A `CloudWatch` alarm's properties, from whichever tool, to an alert rule.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{AlertRule, COMPUTED, RunbookLink, Source, SourceKind, one_line};
use crate::diagnostic::{Diagnostic, alerts};

/// A property's text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// The text, with U+FFFC for what is computed.
    pub(super) text: String,
    /// The value in the file.
    pub(super) range: Range<usize>,
}

/// An alarm's properties by their Terraform names; a tag's key is `tags.` and its name in lower case.
pub(super) type Properties = BTreeMap<String, Text>;

/// Makes the rule, or says that the alarm's name is computed. `help` says where else the name may be had.
pub(super) fn rule(
    source: &Source<'_>,
    kind: SourceKind,
    name: &Text,
    properties: &Properties,
    help: &str,
) -> Result<AlertRule, Diagnostic> {
    if name.text.contains(COMPUTED) || name.text.is_empty() {
        return Err(alerts::alert_name_computed(source.at(name.range.clone()), help));
    }
    let description = properties.get("alarm_description");
    let text = |key: &str| properties.get(key).and_then(|value| one_line(&value.text));
    Ok(AlertRule {
        name: name.text.clone(),
        at: source.at_part(&name.range, &name.text),
        runbook: description.and_then(|description| runbook(source, description)),
        severity: text("tags.severity").or_else(|| text("tags.priority")),
        expression: expression(properties),
        duration: duration(properties),
        summary: description.and_then(|description| without_links(&description.text)),
        source: kind,
    })
}

/// Metric, comparison and threshold in one line.
fn expression(properties: &Properties) -> Option<String> {
    let text = |key: &str| properties.get(key).and_then(|value| one_line(&value.text));
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
    let number = |key: &str| properties.get(key)?.text.trim().parse::<u64>().ok();
    let seconds = number("period")?.checked_mul(number("evaluation_periods")?)?;
    let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
    let (length, unit) =
        units.into_iter().find(|(length, _)| seconds > 0 && seconds % length == 0)?;
    Some(format!("{}{unit}", seconds / length))
}

/// A link in a description.
struct DescribedLink<'a> {
    /// The whole Markdown link, or just the address.
    whole: Range<usize>,
    /// The address.
    url: &'a str,
    /// What names it: the link's text, or the words before a bare address.
    name: &'a str,
}

/// The description's link to a runbook: the first that is called one or looks like one, else the first.
fn runbook(source: &Source<'_>, description: &Text) -> Option<RunbookLink> {
    let links = described_links(&description.text);
    let means_runbook = |text: &str| {
        let text = text.to_lowercase();
        ["runbook", "playbook", "/alerts/"].iter().any(|word| text.contains(word))
    };
    let named = links.iter().find(|link| means_runbook(link.name) || means_runbook(link.url));
    let link = named.or(links.first())?;
    let at = source.at_part(&description.range, link.url);
    Some(RunbookLink { url: link.url.to_string(), at, named: named.is_some() })
}

/// Every Markdown link and bare web address of a text.
fn described_links(text: &str) -> Vec<DescribedLink<'_>> {
    let mut links = Vec::new();
    let mut from = 0;
    while let Some(start) =
        ["https://", "http://"].iter().filter_map(|scheme| text[from..].find(scheme)).min()
    {
        let start = from + start;
        let before = &text[..start];
        let in_markdown = before.ends_with("](") || before.ends_with("](<");
        let ends = |found: char| {
            found.is_whitespace() || "<>\"'|".contains(found) || (found == ')' && in_markdown)
        };
        let length = text[start..].find(ends).unwrap_or(text.len() - start);
        let mut url = &text[start..start + length];
        if !in_markdown {
            url = url.trim_end_matches(['.', ',', ';', ':', ')', ']', '!', '?']);
        }
        from = start + url.len().max(1);
        let link = match before.strip_suffix('<').unwrap_or(before).strip_suffix("](") {
            Some(head) if head.contains('[') => {
                let open = head.rfind('[').unwrap_or(0);
                let close = text[from..].find(')').map_or(from, |close| from + close + 1);
                DescribedLink { whole: open..close, url, name: &head[open + 1..] }
            }
            _ => {
                let name =
                    before.trim_end().rsplit(['\n', '.', ';', ',']).next().unwrap_or_default();
                DescribedLink { whole: start..from, url, name }
            }
        };
        links.push(link);
    }
    links
}

/// A description in one line, its links taken out with the label in front of them.
fn without_links(text: &str) -> Option<String> {
    let mut kept = String::new();
    let mut from = 0;
    for link in described_links(text) {
        kept.push_str(text.get(from..link.whole.start).unwrap_or_default());
        from = link.whole.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    let line = one_line(&kept)?;
    let line = line.trim_end_matches(" .");
    let line = ["Runbook:", "runbook:", "Playbook:", "See"]
        .iter()
        .fold(line, |line, label| line.trim_end().strip_suffix(label).unwrap_or(line));
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_string())
}

#[cfg(test)]
mod tests {
    use super::{described_links, without_links};

    #[test]
    fn links_of_a_description_are_found_with_what_names_them() {
        for (text, expected) in [
            ("Slow. [Runbook](https://a.example/b)", vec![("https://a.example/b", "Runbook")]),
            ("Runbook: https://a.example/b.", vec![("https://a.example/b", "Runbook:")]),
            ("(see https://a.example)", vec![("https://a.example", "(see")]),
            (
                "[g](http://g.example) and [p](<https://p.example>)",
                vec![("http://g.example", "g"), ("https://p.example", "p")],
            ),
            ("nothing", vec![]),
            ("https://", vec![("https://", "")]),
        ] {
            let found: Vec<(&str, &str)> =
                described_links(text).iter().map(|link| (link.url, link.name.trim())).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_summary_holds_no_links() {
        for (text, expected) in [
            ("Slow.\n  [Runbook](https://a.example/b)\n", Some("Slow.")),
            ("Slow. Runbook: https://a.example/b", Some("Slow.")),
            ("[Runbook](https://a.example/b)", None),
        ] {
            assert_eq!(without_links(text).as_deref(), expected, "{text}");
        }
    }
}
