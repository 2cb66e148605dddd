//! Prometheus rule files and `PrometheusRule` resources to alert rules, wherever they are wrapped up.
//!
//! Mimir's, Loki's, Thanos' and `VictoriaMetrics`' files have the same shape and are read as well, and so are rule files
//! in a `ConfigMap` and lists of resources.

use std::collections::BTreeMap;

use super::described;
use super::described::PropertyText;
use super::pattern::Pattern;
use super::rule::{AlertRule, RuleFile, RunbookLink, SourceFile, SourceKind, one_line};
use crate::value::{Node, yaml};

/// The annotations and labels that people put a runbook's address in, the usual one first.
const RUNBOOK_KEYS: &[&str] =
    &["runbook_url", "runbook", "runbook_link", "playbook_url", "playbook", "playbook_link"];

/// Adds the alerts of one document, if it holds rule groups.
pub(super) fn read(source: &RuleFile<'_>, document: &Node, file: &mut SourceFile) {
    let groups = document.get("groups").or_else(|| document.at(&["spec", "groups"]));
    for group in groups.map(Node::items).unwrap_or_default() {
        for rule in group.get("rules").map(Node::items).unwrap_or_default() {
            let Some(alert) = rule.get("alert") else { continue };
            let Some(name) = alert.scalar_text().filter(|name| !name.is_empty()) else { continue };
            let name = PropertyText { text: templated(&name, ""), range: alert.range.clone() };
            let mut read = named_rule(source, rule, &name, SourceKind::Prometheus);
            for (label, value) in labels(group) {
                read.labels.entry(label).or_insert(value);
            }
            file.rules.push(read);
        }
    }
}

/// The texts of a `ConfigMap` or `Secret` that may be rule files, each with its place.
pub(super) fn wrapped(document: &Node) -> impl Iterator<Item = (&Node, Vec<Node>)> {
    let kind = document.get("kind").and_then(Node::as_str);
    let holds_files = matches!(kind, Some("ConfigMap" | "Secret"));
    let tables = ["data", "stringData"].into_iter().filter(move |_| holds_files);
    let entries = tables.filter_map(|table| document.get(table)).flat_map(Node::entries);
    entries.filter_map(|entry| {
        let text = entry.value.as_str().filter(|text| text.contains(':'))?;
        Some((&entry.value, yaml::parse_documents(text, 0).ok()?))
    })
}

/// A rule with labels and annotations as Prometheus has them.
pub(super) fn named_rule(
    source: &RuleFile<'_>,
    rule: &Node,
    name: &PropertyText,
    kind: SourceKind,
) -> AlertRule {
    let text = |keys: &[&str]| rule.at(keys).and_then(Node::scalar_text);
    let summary = text(&["annotations", "summary"])
        .or_else(|| text(&["annotations", "description"]))
        .or_else(|| text(&["annotations", "message"]));
    let shown = name.text.to_string();
    let runbook = runbook(source, rule, &shown);
    AlertRule {
        at: source.at_part(&name.range, &shown),
        pattern: described::computed(&name.text),
        links: links(source, rule, &shown, runbook.as_ref()),
        runbook,
        severity: text(&["labels", "severity"]).filter(|severity| !severity.contains("{{")),
        labels: labels(rule),
        expression: text(&["expr"]).map(|expression| expression.trim().to_string()),
        duration: text(&["for"]).filter(|duration| !duration.contains("{{")),
        summary: summary.and_then(|summary| one_line(&summary)),
        source: kind,
        line: 0,
        name: shown,
    }
}

/// The labels whose values are known before an alert fires, without those that hold a runbook's address.
pub(super) fn labels(rule: &Node) -> BTreeMap<String, String> {
    let entries = rule.get("labels").map(Node::entries).unwrap_or_default().iter();
    let known = entries.filter(|entry| !is_runbook_key(&entry.key)).filter_map(|entry| {
        let value = entry.value.scalar_text().filter(|value| !value.contains("{{"))?;
        Some((entry.key.clone(), value))
    });
    known.collect()
}

/// Whether a runbook's address is put under a key. The keys of resources may have a prefix: `pyrra.dev/runbook_url`.
pub(super) fn is_runbook_key(key: &str) -> bool {
    RUNBOOK_KEYS.contains(&own_key(key).as_str())
}

fn own_key(key: &str) -> String {
    let key = key.rsplit_once('/').map_or(key, |(_, own)| own);
    key.to_lowercase().replace([' ', '-'], "_")
}

fn runbook(source: &RuleFile<'_>, rule: &Node, name: &str) -> Option<RunbookLink> {
    let tables = [rule.get("annotations"), rule.get("labels")];
    RUNBOOK_KEYS.iter().find_map(|wanted| {
        let mut entries = tables.iter().flatten().flat_map(|table| table.entries());
        let entry = entries.find(|entry| own_key(&entry.key) == *wanted)?;
        let typed = entry.value.as_str().map(str::trim).filter(|typed| !typed.is_empty())?;
        let at = source.at_part(&entry.value.range, typed);
        Some(RunbookLink { url: templated(typed, name).marked(), at, named: true })
    })
}

/// Every address in the annotations but the runbook's.
fn links(
    source: &RuleFile<'_>,
    rule: &Node,
    name: &str,
    runbook: Option<&RunbookLink>,
) -> Vec<RunbookLink> {
    let annotations = rule.get("annotations").map(Node::entries).unwrap_or_default();
    let texts = annotations.iter().filter_map(|entry| {
        let text = entry.value.as_str().filter(|text| text.contains("://"))?;
        Some(PropertyText { text: templated(text, name), range: entry.value.range.clone() })
    });
    let mut links: Vec<RunbookLink> =
        texts.flat_map(|text| described::links(source, &text)).collect();
    links.retain(|link| runbook.is_none_or(|runbook| runbook.url != link.url));
    links
}

/// A text with a hole for each `{{ action }}`; the alert's own name stands where its template asks for it, if it is known.
pub(super) fn templated(text: &str, name: &str) -> Pattern {
    let mut pattern = Pattern::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((action, behind)) = after.split_once("}}") else { break };
        pattern.push_literal(before);
        match action.trim().trim_matches('-').trim() {
            "$labels.alertname" | ".Labels.alertname" if !name.is_empty() => {
                pattern.push_literal(name);
            }
            action => pattern.append(Pattern::hole(action_name(action))),
        }
        rest = behind;
    }
    pattern.push_literal(rest);
    pattern
}

/// What an action of a template is called: `env` for `.Values.env | quote`.
pub(super) fn action_name(action: &str) -> String {
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-');
    let words = action.split(|letter: char| !is_name(letter)).filter(|word| !word.is_empty());
    let named = words.clone().find(|word| word.contains('.')).or_else(|| words.clone().next());
    named.and_then(|word| word.rsplit('.').next()).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use crate::check::alerts::read::read_source;
    use crate::files::FilePath;

    /// Each rule as `name severity duration url`, each skipped thing as its message.
    fn check(text: &str, expected: &[&str]) {
        let path = FilePath::new("rules/example.yaml").unwrap();
        let file = read_source(&path, text);
        let mut found: Vec<String> = Vec::new();
        for rule in &file.rules {
            assert!(rule.pattern.is_some() || text[rule.at.range.clone()] == rule.name);
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
    fn a_template_of_a_rule_file_is_read_as_far_as_it_is_one() {
        check(
            "{{- if .Values.rules }}\ngroups:\n- rules:\n  - alert: A\n    for: {{ .Values.for }}\n{{- end }}\n",
            &["A - - -"],
        );
        check(
            "groups:\n{% for g in groups %}\n- name: {{ g }}\n  rules:\n  - alert: {{ g }}Down\n    \
             labels: {severity: {{ g.severity }}}\n    annotations:\n      runbook_url: https://{{ host }}/alerts/Down\n{% endfor %}\n",
            &["{g}Down - - https://…/alerts/Down"],
        );
        check(
            "groups:\n- rules:\n  {{- range .Values.queues }}\n  - alert: Queue{{ .name }}Old\n    {{- if .fast }}\n    \
             expr: a\n    {{- else if .slow }}\n    expr: b\n    {{- else }}\n    expr: c\n    {{- end }}\n  {{- end }}\n  \
             {{- include \"more\" . | nindent 2 }}\n  - alert: Plain\n    expr: '{{ \"{{\" }} $value }}'\n",
            &["Queue{name}Old - - -", "Plain - - -"],
        );
        check(
            "<% rules.each do |rule| %>\ngroups:\n- rules:\n  - alert: <%= rule.name %>Slow\n<% end %>\n",
            &["{name}Slow - - -"],
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_reason() {
        check(
            "groups:\n{% for g in groups %}\n- a\nb: [{{ g }}\n{% endfor %}\n",
            &["not read: the file is a template (Jinja), not yet YAML or JSON"],
        );
        check(
            "groups:\n- rules: [a\n",
            &["not read: the `[` that opens here is not closed with `]`"],
        );
        check(
            "groups:\n- a: '{{ $value }}'\n b: 1\n",
            &["not read: expected `key: value`, indented like the keys above"],
        );
        check("groups: [{rules: [{alert: '{{ .Values.n }}Down'}]}]", &["{n}Down - - -"]);
    }

    #[test]
    fn rules_are_found_wherever_they_are_wrapped_up() {
        check(
            "kind: ConfigMap\ndata:\n  a.yaml: |\n    groups:\n    - rules:\n      - alert: A\n        annotations:\n          \
             runbook_url: https://r.example/A\n  b.yaml: 'groups: [{rules: [{alert: B}]}]'\n  c: text\n",
            &["A - - https://r.example/A", "B - - -"],
        );
        check(
            "a.yaml: {groups: [{rules: [{alert: A}]}]}\nb.yaml: {kind: X, spec: {groups: [{rules: [{alert: B}]}]}}\n",
            &["A - - -", "B - - -"],
        );
        check("- {kind: X, spec: {groups: [{rules: [{alert: A}]}]}}\n", &["A - - -"]);
        check("namespace: n\ngroups: [{rules: [{alert: A}]}]\n", &["A - - -"]);
    }

    #[test]
    fn other_yaml_has_no_alerts() {
        check("kind: Deployment\nspec: {replicas: 1}\n", &[]);
        check("- a\n- b\n", &[]);
        check("", &[]);
    }
}
