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
    use crate::check::alerts::read::read_source;
    use crate::files::FilePath;

    fn check(name: &str, text: &str, kind: SourceKind, expected: &[&str]) {
        let file = read_source(&FilePath::new(name).unwrap(), text);
        assert_eq!(file.skipped, [], "{text}");
        let shown = file.rules.iter().map(|rule| {
            assert_eq!((rule.source, &text[rule.at.range.clone()]), (kind, rule.name.as_str()));
            let url = rule.runbook.as_ref().map_or("-", |link| &link.url);
            format!("{} {} {url}", rule.name, rule.severity.as_deref().unwrap_or("-"))
        });
        assert_eq!(shown.collect::<Vec<String>>(), expected, "{text}");
    }

    #[test]
    fn provisioned_exported_and_answered_rules_are_read() {
        let rule = "{title: Slow, condition: A, data: [], labels: {severity: page}, annotations: {runbook_url: 'https://r.example/s'}}";
        let expected = &["Slow page https://r.example/s"];
        for text in [
            format!("apiVersion: 1\ngroups:\n- name: web\n  rules:\n  - {rule}\n"),
            format!("- {rule}\n"),
            format!("kind: GrafanaAlertRuleGroup\nspec:\n  rules:\n  - {rule}\n"),
        ] {
            check("rules.yaml", &text, SourceKind::Grafana, expected);
        }
        let ruler = "{\"ops\": [{\"name\": \"web\", \"rules\": [{\"grafana_alert\": {\"title\": \"Slow\"}, \
                     \"labels\": {\"severity\": \"page\"}}]}]}";
        check("rules.json", ruler, SourceKind::Grafana, &["Slow page -"]);
    }

    #[test]
    fn monitors_of_datadog_are_read() {
        let monitor = "{\"name\": \"Slow\", \"type\": \"query alert\", \"query\": \"avg:x > 1\", \"priority\": 2, \
                       \"message\": \"Runbook: https://r.example/s @slack-ops\"}";
        for text in
            [monitor.to_string(), format!("[{monitor}]"), format!("{{\"monitors\": [{monitor}]}}")]
        {
            check("m.json", &text, SourceKind::Datadog, &["Slow P2 https://r.example/s"]);
        }
        check("m.json", "{\"name\": \"a\", \"type\": \"b\"}", SourceKind::Datadog, &[]);
    }

    #[test]
    fn objectives_give_the_alerts_that_are_generated_of_them() {
        check(
            "sloth.yaml",
            "version: prometheus/v1\nservice: web\nslos:\n- name: a\n  alerting:\n    name: WebErrors\n    \
             annotations: {runbook: 'https://r.example/w'}\n    page_alert: {labels: {severity: P1}}\n- name: b\n  \
             alerting:\n    name: WebSlow\n    ticket_alert: {disable: true}\n",
            SourceKind::Objective,
            &[
                "WebErrors P1 https://r.example/w",
                "WebErrors ticket https://r.example/w",
                "WebSlow page -",
            ],
        );
        check(
            "pyrra.yaml",
            "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata:\n  name: web\n  \
             annotations: {pyrra.dev/runbook_url: 'https://r.example/w'}\nspec:\n  alerting: {name: WebBurns}\n",
            SourceKind::Objective,
            &["WebBurns - https://r.example/w"],
        );
        check(
            "openslo.yaml",
            "apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata: {name: WebBurns}\n",
            SourceKind::Objective,
            &["WebBurns - -"],
        );
    }

    #[test]
    fn a_file_without_alerts_says_what_it_is() {
        for (text, expected) in [
            ("route: {}\nreceivers: []\n", Some("Alertmanager routing, holds no rules")),
            ("groups: [{rules: [{record: a, expr: b}]}]\n", Some("recording rules, no alerts")),
            (
                "apiVersion: v1\nkind: Service\n",
                Some("resources of Kubernetes that hold no alert rules"),
            ),
            (
                "Resources: {A: {Type: 'AWS::SQS::Queue'}}\n",
                Some("a CloudFormation template without alarms"),
            ),
            ("", Some("it is empty")),
            ("a: b\n", None),
        ] {
            let file = read_source(&FilePath::new("a.yaml").unwrap(), text);
            assert_eq!((file.rules.len(), file.why_empty), (0, expected), "{text}");
        }
    }
}
