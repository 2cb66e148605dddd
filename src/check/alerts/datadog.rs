//! Datadog monitors as its API and its export button give them: one JSON object, a list, or a list under `monitors`; and
//! as catalogs for Terraform keep them, a map of monitors by their keys.
//!
//! The format is that of the [API](https://docs.datadoghq.com/api/latest/monitors/): `name`, `type`, `query`, `message`.

use super::described;
use super::described::PropertyText;
use super::pattern::Pattern;
use super::rule::{AlertRule, RuleFile, SourceFile, SourceKind};
use crate::value::Node;

/// Adds the monitors of a document, if it holds some.
pub(super) fn read(source: &RuleFile<'_>, document: &Node, file: &mut SourceFile) {
    let listed = document.get("monitors").unwrap_or(document).items();
    let by_key = document.entries().iter().map(|entry| &entry.value);
    let by_key = by_key.filter(|value| value.get("name").is_some());
    for monitor in listed.iter().chain([document]).chain(by_key) {
        // The operator's resource holds the monitor in its `spec`.
        let monitor = monitor.get("spec").unwrap_or(monitor);
        let says = |key: &str| monitor.get(key).and_then(Node::as_str);
        let is_monitor =
            says("query").is_some() && says("message").is_some() && says("type").is_some();
        let Some(name) = monitor.get("name").filter(|_| is_monitor) else { continue };
        let text = |key: &str| {
            let node = monitor.get(key)?;
            let text = Pattern::literal(node.scalar_text()?);
            Some(PropertyText { text, range: node.range.clone() })
        };
        let Some(named) = text("name").filter(|_| name.as_str() != Some("")) else { continue };
        let message = text("message");
        let texts = message.iter().map(|message| ("message", message));
        let tags = monitor.get("tags").map(Node::items).unwrap_or_default();
        let priority = monitor.get("priority").and_then(Node::as_integer);
        file.rules.push(AlertRule {
            severity: priority.map(|priority| format!("P{priority}")),
            labels: described::tagged(tags.iter().filter_map(|tag| tag.as_str())),
            expression: says("query").map(str::to_string),
            ..described::rule(source, SourceKind::Datadog, &named, texts)
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::check::alerts::SourceKind;
    use crate::check::alerts::read::check_rules;

    #[test]
    fn monitors_of_datadog_are_read() {
        let monitor = "{\"name\": \"Slow\", \"type\": \"query alert\", \"query\": \"avg:x > 1\", \"priority\": 2, \
                       \"message\": \"Runbook: https://r.example/s @slack-ops\"}";
        for text in
            [monitor.to_string(), format!("[{monitor}]"), format!("{{\"monitors\": [{monitor}]}}")]
        {
            check_rules("m.json", &text, SourceKind::Datadog, &["Slow P2 https://r.example/s"]);
        }
        check_rules("m.json", "{\"name\": \"a\", \"type\": \"b\"}", SourceKind::Datadog, &[]);
    }
}
