//! Grafana's own alert rules: provisioning files and exports (YAML, JSON), the answers of its API, and the resources of
//! its operator.
//!
//! The formats are those of [file provisioning](https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/)
//! and of the provisioning and ruler APIs.

use super::described::PropertyText;
use super::prometheus::{named_rule, templated};
use super::rule::{RuleFile, SourceFile, SourceKind};
use crate::value::{Node, Value};

/// Adds the alerts of a document, if it holds Grafana's.
pub(super) fn read(source: &RuleFile<'_>, document: &Node, file: &mut SourceFile) {
    let groups = document.get("groups").or_else(|| document.at(&["spec", "groups"]));
    let grouped = groups.map(Node::items).unwrap_or_default().iter();
    for rule in grouped.chain([document]).flat_map(rules_of) {
        read_rule(source, rule, file);
    }
    // The operator's group, and the answer of the provisioning API, which is a list of rules.
    let spec = document.get("spec").map(rules_of).unwrap_or_default();
    for rule in document.items().iter().chain(spec) {
        read_rule(source, rule, file);
    }
    // The answer of the ruler API: groups by folder.
    if let Value::Map(folders) = &document.value {
        let groups = folders.iter().flat_map(|folder| folder.value.items());
        for rule in groups.flat_map(rules_of).filter(|rule| rule.get("grafana_alert").is_some()) {
            read_rule(source, rule, file);
        }
    }
}

fn rules_of(group: &Node) -> &[Node] {
    group.get("rules").map(Node::items).unwrap_or_default()
}

/// A rule of Grafana has a title and queries; what has an `alert` or a `record` is Prometheus'.
fn read_rule(source: &RuleFile<'_>, rule: &Node, file: &mut SourceFile) {
    let inner = rule.get("grafana_alert");
    let title = inner.unwrap_or(rule).get("title");
    let is_own = inner.is_some() || rule.get("data").is_some() || rule.get("condition").is_some();
    let Some(title) = title.filter(|_| is_own) else { return };
    let Some(text) = title.scalar_text().filter(|text| !text.is_empty()) else { return };
    let name = PropertyText { text: templated(&text, ""), range: title.range.clone() };
    file.rules.push(named_rule(source, rule, &name, SourceKind::Grafana));
}

#[cfg(test)]
mod tests {
    use crate::check::alerts::SourceKind;
    use crate::check::alerts::read::check_rules;

    #[test]
    fn provisioned_exported_and_answered_rules_are_read() {
        let rule = "{title: Slow, condition: A, data: [], labels: {severity: page}, annotations: {runbook_url: 'https://r.example/s'}}";
        let expected = &["Slow page https://r.example/s"];
        for text in [
            format!("apiVersion: 1\ngroups:\n- name: web\n  rules:\n  - {rule}\n"),
            format!("- {rule}\n"),
            format!("kind: GrafanaAlertRuleGroup\nspec:\n  rules:\n  - {rule}\n"),
        ] {
            check_rules("rules.yaml", &text, SourceKind::Grafana, expected);
        }
        let ruler = "{\"ops\": [{\"name\": \"web\", \"rules\": [{\"grafana_alert\": {\"title\": \"Slow\"}, \
                     \"labels\": {\"severity\": \"page\"}}]}]}";
        check_rules("rules.json", ruler, SourceKind::Grafana, &["Slow page -"]);
    }
}
