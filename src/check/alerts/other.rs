//! What a file is that holds no alerts, for whoever listed it as a source of them.

use super::rule::{RuleFile, extension};
use crate::value::{Node, Value};

/// What a file is by its name or its first words, where it is no document that could be read.
pub(super) fn language(source: &RuleFile<'_>) -> Option<&'static str> {
    Some(match extension(source.path).to_ascii_lowercase().as_str() {
        "ts" | "js" | "mjs" | "cjs" | "py" | "go" | "java" | "kt" | "cs" | "rb" | "rs" | "sh" => {
            "a program; list what it generates, such as `cdk.out/*.template.json`"
        }
        "jsonnet" | "libsonnet" | "cue" | "dhall" | "ncl" | "nix" => {
            "a program of rules; list the rule files that it generates"
        }
        "bicep" => "Bicep, which is not read; list the Terraform or rule files",
        "md" | "html" | "txt" | "csv" | "xml" => "a text, holds no rules",
        "cfg" | "conf" | "ini" => "a configuration that is neither YAML nor JSON",
        _ if is_of_prometheus_1(source.text) => {
            "rules as Prometheus 1 wrote them; `promtool update rules` of Prometheus 2.0 to 2.4 makes YAML of them"
        }
        _ => return None,
    })
}

/// `ALERT Name` at the start of a line, with its condition behind `IF`.
fn is_of_prometheus_1(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    let starts = text.lines().any(|line| line.starts_with("ALERT "));
    starts && words.any(|word| word == "IF")
}

/// What the documents of a file are instead of alert rules, if that can be told.
pub(super) fn what(documents: &[Node]) -> Option<&'static str> {
    if documents.iter().all(Node::is_null) {
        return Some("it is empty");
    }
    documents.iter().find_map(what_one)
}

fn what_one(document: &Node) -> Option<&'static str> {
    let has = |key: &str| document.get(key).is_some();
    let kind = document.get("kind").and_then(Node::as_str).unwrap_or_default();
    let rules = document.get("groups").or_else(|| document.at(&["spec", "groups"]));
    let rules = rules.map(Node::items).unwrap_or_default();
    let mut rules = rules.iter().filter_map(|group| group.get("rules")).flat_map(Node::items);
    let is_routing = matches!(kind, "AlertmanagerConfig" | "VMAlertmanagerConfig");
    Some(if is_routing || has("route") && has("receivers") {
        "Alertmanager routing, holds no rules"
    } else if has("contactPoints") || has("policies") || has("muteTimes") {
        "Grafana's contact points and policies, holds no rules"
    } else if has("services") && has("escalation_policies") || has("escalation_policy") {
        "PagerDuty's services, holds no rules"
    } else if has("scrape_configs") {
        "Prometheus' configuration; the rules are in the files under `rule_files`"
    } else if rules.next().is_some_and(|rule| rule.get("record").is_some()) {
        "recording rules, no alerts"
    } else if document.get("Resources").is_some_and(|all| matches!(all.value, Value::Map(_))) {
        "a CloudFormation template without alarms"
    } else if has("planned_values") || has("terraform_version") {
        "a Terraform plan without alarms"
    } else if has("triggers") && has("type") {
        "a monitor of OpenSearch, which is not read"
    } else if has("attributes") && has("type") {
        "a saved object of Kibana, which is not read"
    } else if has("panels") && has("templating") {
        "a Grafana dashboard, holds no rules"
    } else if !kind.is_empty() && has("apiVersion") {
        "resources of Kubernetes that hold no alert rules"
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use crate::check::alerts::read::read_source;
    use crate::files::FilePath;

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
