//! Service level objectives to the alerts that their generators make of them: Sloth, Pyrra, `OpenSLO`.
//!
//! [Sloth](https://sloth.dev/specs/default/) names both of an objective's alerts by `alerting.name`;
//! [Pyrra](https://github.com/pyrra-dev/pyrra) calls all of them `ErrorBudgetBurn` unless the objective says otherwise;
//! [`OpenSLO`](https://github.com/OpenSLO/OpenSLO) has alert policies of its own.

use super::described::PropertyText;
use super::prometheus::{named_rule, templated};
use super::rule::{AlertRule, RuleFile, SourceFile, SourceKind};
use crate::value::Node;

/// Adds the alerts of a document, if it holds objectives.
pub(super) fn read(source: &RuleFile<'_>, document: &Node, file: &mut SourceFile) {
    let says = |keys: &[&str]| document.at(keys).and_then(Node::as_str).unwrap_or_default();
    let (version, kind) = (says(&["apiVersion"]), says(&["kind"]));
    if version.starts_with("pyrra.dev/") && kind == "ServiceLevelObjective" {
        pyrra(source, document, file);
    } else if version.starts_with("openslo/") || version.starts_with("openslo.com/") {
        if kind == "AlertPolicy" {
            policy(source, document, file);
        }
    } else {
        let objectives = document.get("slos").or_else(|| document.at(&["spec", "slos"]));
        for objective in objectives.map(Node::items).unwrap_or_default() {
            sloth(source, objective, file);
        }
    }
}

/// The page and the ticket of an objective, each unless it is disabled.
fn sloth(source: &RuleFile<'_>, objective: &Node, file: &mut SourceFile) {
    let Some(alerting) = objective.get("alerting") else { return };
    let Some(name) = alerting.get("name").and_then(text) else { return };
    for (severity, keys) in
        [("page", ["page_alert", "pageAlert"]), ("ticket", ["ticket_alert", "ticketAlert"])]
    {
        let own = keys.iter().find_map(|key| alerting.get(key));
        let is_off = own.and_then(|own| own.get("disable")).and_then(Node::as_bool) == Some(true);
        if is_off {
            continue;
        }
        let of_both = named_rule(source, alerting, &name, SourceKind::Objective);
        let own = own.map(|own| named_rule(source, own, &name, SourceKind::Objective));
        let own_severity = own.as_ref().and_then(|own| own.severity.clone());
        let mut labels = of_both.labels.clone();
        labels.extend(own.iter().flat_map(|own| own.labels.clone()));
        file.rules.push(AlertRule {
            runbook: own.and_then(|own| own.runbook).or_else(|| of_both.runbook.clone()),
            severity: own_severity
                .or_else(|| of_both.severity.clone())
                .or(Some(severity.to_string())),
            labels,
            ..of_both
        });
    }
}

fn pyrra(source: &RuleFile<'_>, objective: &Node, file: &mut SourceFile) {
    let alerting = objective.at(&["spec", "alerting"]);
    let setting = |key: &str| alerting.and_then(|alerting| alerting.get(key));
    let is_off = setting("disabled").and_then(Node::as_bool) == Some(true)
        || setting("burnrates").and_then(Node::as_bool) == Some(false);
    if is_off {
        return;
    }
    let kind = objective.get("kind").map_or(objective.range.clone(), |kind| kind.range.clone());
    let named = setting("name").and_then(text);
    let name = named
        .unwrap_or_else(|| PropertyText { text: templated("ErrorBudgetBurn", ""), range: kind });
    // Annotations of the generated rule are those of the resource that begin with its own prefix.
    let metadata = objective.get("metadata").unwrap_or(objective);
    let mut rule = named_rule(source, metadata, &name, SourceKind::Objective);
    let own =
        |(key, value): (String, String)| Some((key.strip_prefix("pyrra.dev/")?.to_owned(), value));
    rule.labels = rule.labels.into_iter().filter_map(own).collect();
    file.rules.push(rule);
}

fn policy(source: &RuleFile<'_>, policy: &Node, file: &mut SourceFile) {
    let metadata = policy.get("metadata").unwrap_or(policy);
    let Some(name) = metadata.get("name").and_then(text) else { return };
    file.rules.push(named_rule(source, metadata, &name, SourceKind::Objective));
}

fn text(node: &Node) -> Option<PropertyText> {
    let text = node.scalar_text().filter(|text| !text.is_empty())?;
    Some(PropertyText { text: templated(&text, ""), range: node.range.clone() })
}

#[cfg(test)]
mod tests {
    use crate::check::alerts::SourceKind;
    use crate::check::alerts::read::check_rules;

    #[test]
    fn objectives_give_the_alerts_that_are_generated_of_them() {
        check_rules(
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
        check_rules(
            "pyrra.yaml",
            "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata:\n  name: web\n  \
             annotations: {pyrra.dev/runbook_url: 'https://r.example/w'}\nspec:\n  alerting: {name: WebBurns}\n",
            SourceKind::Objective,
            &["WebBurns - https://r.example/w"],
        );
        check_rules(
            "openslo.yaml",
            "apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata: {name: WebBurns}\n",
            SourceKind::Objective,
            &["WebBurns - -"],
        );
    }
}
