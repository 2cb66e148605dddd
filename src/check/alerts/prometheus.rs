//! Prometheus rule files and `PrometheusRule` resources to alert rules.
//!
//! Mimir's, Thanos' and `VictoriaMetrics`' files have the same shape and are read as well.

use super::{AlertRule, COMPUTED, RunbookLink, Source, SourceFile, SourceKind, one_line};
use crate::diagnostic::alerts;
use crate::value::Node;

/// The annotations and labels that people put a runbook's address in, the usual one first.
const RUNBOOK_KEYS: &[&str] =
    &["runbook_url", "runbook", "runbook_link", "playbook_url", "playbook", "playbook_link"];

/// Adds the alerts of one YAML document, if it holds rule groups.
pub(super) fn read(source: &Source<'_>, document: &Node, file: &mut SourceFile) {
    let groups = |node: &Node| -> Vec<Node> {
        let groups = node.get("groups").or_else(|| node.at(&["spec", "groups"]));
        groups.map(|groups| groups.items().to_vec()).unwrap_or_default()
    };
    let listed = document.get("items").map(Node::items).unwrap_or_default();
    for group in std::iter::once(document).chain(listed).flat_map(groups) {
        for rule in group.get("rules").map(Node::items).unwrap_or_default() {
            read_rule(source, rule, file);
        }
    }
}

fn read_rule(source: &Source<'_>, rule: &Node, file: &mut SourceFile) {
    let Some(alert) = rule.get("alert") else { return };
    let Some(name) = alert.scalar_text().filter(|name| !name.is_empty()) else { return };
    if name.contains("{{") {
        let help = "render the template and list the result in `[alerts] sources` instead";
        file.skipped.push(alerts::alert_name_computed(source.at_node(alert), help));
        return;
    }
    let text = |keys: &[&str]| rule.at(keys).and_then(Node::scalar_text);
    let summary = text(&["annotations", "summary"])
        .or_else(|| text(&["annotations", "description"]))
        .or_else(|| text(&["annotations", "message"]));
    file.rules.push(AlertRule {
        at: source.at_part(&alert.range, &name),
        runbook: runbook(source, rule, &name),
        severity: text(&["labels", "severity"]),
        expression: text(&["expr"]).map(|expression| expression.trim().to_string()),
        duration: text(&["for"]),
        summary: summary.and_then(|summary| one_line(&summary)),
        source: SourceKind::Prometheus,
        name,
    });
}

fn runbook(source: &Source<'_>, rule: &Node, name: &str) -> Option<RunbookLink> {
    let tables = [rule.get("annotations"), rule.get("labels")];
    RUNBOOK_KEYS.iter().find_map(|wanted| {
        let mut entries = tables.iter().flatten().flat_map(|table| table.entries());
        let entry =
            entries.find(|entry| entry.key.to_lowercase().replace([' ', '-'], "_") == *wanted)?;
        let typed = entry.value.as_str().map(str::trim).filter(|typed| !typed.is_empty())?;
        let at = source.at_part(&entry.value.range, typed);
        Some(RunbookLink { url: filled(typed, name), at, named: true })
    })
}

/// An address with the alert's own name where its template asks for it, and the rest marked as computed.
fn filled(url: &str, name: &str) -> String {
    let mut filled = String::new();
    let mut rest = url;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((action, behind)) = after.split_once("}}") else { break };
        filled.push_str(before);
        match action.trim().trim_matches('-').trim() {
            "$labels.alertname" | ".Labels.alertname" => filled.push_str(name),
            _ => filled.push(COMPUTED),
        }
        rest = behind;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use crate::check::alerts::read_source;
    use crate::files::FilePath;

    /// Each rule as `name severity duration url`, each skipped thing as its message.
    fn check(text: &str, expected: &[&str]) {
        let path = FilePath::new("rules/example.yaml").unwrap();
        let file = read_source(&path, text);
        let mut found: Vec<String> = Vec::new();
        for rule in &file.rules {
            assert_eq!(&text[rule.at.range.clone()], rule.name);
            let url = rule.runbook.as_ref().map(|link| link.url.replace('\u{fffc}', "…"));
            found.push(format!(
                "{} {} {} {}",
                rule.name,
                rule.severity.as_deref().unwrap_or("-"),
                rule.duration.as_deref().unwrap_or("-"),
                url.as_deref().unwrap_or("-"),
            ));
        }
        found.extend(file.skipped.iter().map(|skipped| skipped.message.clone()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_rule_file_gives_its_alerts_and_leaves_recordings_out() {
        check(
            "groups:\n- name: queue\n  rules:\n  - record: a:b\n    expr: sum(a)\n  - alert: QueueStuck\n    \
             expr: a > 1\n    for: 10m\n    labels: {severity: page}\n    annotations:\n      \
             runbook_url: 'https://r.example/alerts/QueueStuck/'\n      summary: '{{ $labels.queue }} stands'\n",
            &["QueueStuck page 10m https://r.example/alerts/QueueStuck/"],
        );
    }

    #[test]
    fn several_resources_and_lists_of_them_are_read() {
        let rule = |name: &str| {
            format!(
                "kind: PrometheusRule\nspec: {{groups: [{{rules: [{{alert: {name}, expr: up}}]}}]}}\n"
            )
        };
        let list = "kind: List\nitems:\n- spec:\n    groups:\n    - rules:\n      - alert: C\n        expr: up\n";
        check(
            &format!("{}---\n{}---\n{list}---\n", rule("A"), rule("B")),
            &["A - - -", "B - - -", "C - - -"],
        );
    }

    #[test]
    fn a_runbook_may_be_a_label_and_may_be_called_a_playbook() {
        check(
            "groups: [{rules: [{alert: A, labels: {runbook: 'https://a.example'}}, \
             {alert: B, annotations: {Playbook: 'https://b.example'}}, \
             {alert: C, annotations: {Runbook URL: 'https://c.example'}}]}]",
            &["A - - https://a.example", "B - - https://b.example", "C - - https://c.example"],
        );
    }

    #[test]
    fn the_alerts_name_is_filled_into_a_templated_link() {
        check(
            "groups: [{rules: [{alert: A, annotations: \
             {runbook: 'https://r.example/{{ $labels.alertname }}/?ns={{ $labels.namespace }}'}}]}]",
            &["A - - https://r.example/A/?ns=…"],
        );
    }

    #[test]
    fn a_template_of_a_rule_file_is_named_with_the_reason() {
        check(
            "{{- if .Values.rules }}\ngroups:\n- rules:\n  - alert: A\n{{- end }}\n",
            &["not read: the file is a template (Helm), not yet YAML or JSON"],
        );
        check(
            "groups:\n{% for g in groups %}\n- name: {{ g }}\n{% endfor %}\n",
            &["not read: the file is a template (Jinja), not yet YAML or JSON"],
        );
        check("groups:\n- rules: [a\n", &["not read: expected `,` or `]`"]);
        check(
            "groups:\n- a: '{{ $value }}'\n b: 1\n",
            &["not read: expected `key: value`, indented like the keys above"],
        );
        check(
            "groups: [{rules: [{alert: '{{ .Values.n }}Down'}]}]",
            &["alert not read: its name is computed"],
        );
    }

    #[test]
    fn other_yaml_has_no_alerts() {
        check("kind: Deployment\nspec: {replicas: 1}\n", &[]);
        check("- a\n- b\n", &[]);
        check("", &[]);
    }
}
