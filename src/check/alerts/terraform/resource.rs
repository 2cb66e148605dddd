//! Which resources of Terraform's providers are alerts, and which of their attributes say what.

use std::collections::BTreeMap;

use super::super::cloudwatch::{self, Properties};
use super::super::described::{self, PropertyText};
use super::super::rule::{AlertRule, RuleFile, SourceKind};

/// How the resources of one type are read. Names of nested attributes and blocks are joined by dots.
pub(super) struct ResourceKind {
    /// The resource's type.
    resource: &'static str,
    /// The nested block of which each is an alert, if it is not the resource itself.
    pub(super) each: Option<&'static str>,
    /// What holds the name.
    pub(super) name: &'static str,
    /// What holds texts with links, the likeliest first; where one is called a runbook, all of it is its address.
    texts: &'static [&'static str],
    severity: &'static [&'static str],
    expression: &'static str,
    duration: &'static str,
    source: SourceKind,
}

/// The documentation of each resource is its page in the registry of Terraform's providers.
const KINDS: &[ResourceKind] = &[
    kind(
        "aws_cloudwatch_metric_alarm",
        "alarm_name",
        &["alarm_description"],
        SourceKind::Terraform,
    ),
    kind(
        "aws_cloudwatch_composite_alarm",
        "alarm_name",
        &["alarm_description"],
        SourceKind::Terraform,
    ),
    ResourceKind {
        severity: &["priority", "tags.severity"],
        expression: "query",
        ..kind("datadog_monitor", "name", &["message"], SourceKind::Datadog)
    },
    ResourceKind {
        each: Some("rule"),
        severity: &["labels.severity"],
        duration: "for",
        ..kind(
            "grafana_rule_group",
            "name",
            &["annotations.runbook_url", "annotations.description", "annotations.summary"],
            SourceKind::Grafana,
        )
    },
    ResourceKind {
        severity: &["severity"],
        expression: "criteria.metric_name",
        duration: "window_size",
        ..kind("azurerm_monitor_metric_alert", "name", &["description"], SourceKind::Azure)
    },
    ResourceKind {
        severity: &["severity"],
        expression: "query",
        ..kind(
            "azurerm_monitor_scheduled_query_rules_alert",
            "name",
            &["description"],
            SourceKind::Azure,
        )
    },
    ResourceKind {
        severity: &["severity"],
        expression: "criteria.query",
        duration: "window_duration",
        ..kind(
            "azurerm_monitor_scheduled_query_rules_alert_v2",
            "name",
            &["description"],
            SourceKind::Azure,
        )
    },
    kind("azurerm_monitor_activity_log_alert", "name", &["description"], SourceKind::Azure),
    ResourceKind {
        severity: &["severity"],
        ..kind(
            "azurerm_monitor_smart_detector_alert_rule",
            "name",
            &["description"],
            SourceKind::Azure,
        )
    },
    ResourceKind {
        each: Some("rule"),
        severity: &["labels.severity", "severity"],
        expression: "expression",
        duration: "for",
        ..kind(
            "azurerm_monitor_alert_prometheus_rule_group",
            "alert",
            &["annotations.runbook_url", "annotations.description"],
            SourceKind::Azure,
        )
    },
    ResourceKind {
        severity: &["severity", "user_labels.severity"],
        expression: "conditions.condition_threshold.filter",
        duration: "conditions.condition_threshold.duration",
        ..kind(
            "google_monitoring_alert_policy",
            "display_name",
            &["documentation.content", "documentation.links.url"],
            SourceKind::Google,
        )
    },
    ResourceKind {
        expression: "nrql.query",
        ..kind(
            "newrelic_nrql_alert_condition",
            "name",
            &["runbook_url", "description"],
            SourceKind::NewRelic,
        )
    },
];

const fn kind(
    resource: &'static str,
    name: &'static str,
    texts: &'static [&'static str],
    source: SourceKind,
) -> ResourceKind {
    ResourceKind {
        resource,
        each: None,
        name,
        texts,
        severity: &["tags.severity", "tags.priority"],
        expression: "",
        duration: "",
        source,
    }
}

/// How a call of a module that makes an alarm of its inputs is read.
const MODULE: ResourceKind =
    kind("module", "alarm_name", &["alarm_description"], SourceKind::Terraform);

/// How a resource's type is read, if it is an alert.
pub(super) fn kind_of(resource: &str) -> Option<&'static ResourceKind> {
    KINDS.iter().find(|kind| kind.resource == resource)
}

/// How a module call is read that takes an alarm's name, as those of well-known modules do.
pub(super) fn kind_of_module() -> &'static ResourceKind {
    &MODULE
}

impl ResourceKind {
    /// The attribute of the resource itself that describes the alert, if it has one.
    pub(super) fn described_by(&self) -> Option<&'static str> {
        self.texts.iter().copied().find(|key| !key.contains('.'))
    }
}

/// Makes the rule of a resource's attributes.
pub(super) fn rule(
    source: &RuleFile<'_>,
    kind: &ResourceKind,
    name: &PropertyText,
    properties: &Properties,
) -> AlertRule {
    if kind.source == SourceKind::Terraform {
        return cloudwatch::rule(source, kind.source, name, &with_metric(properties));
    }
    let text = |keys: &[&str]| keys.iter().find_map(|key| properties.get(*key));
    let says = |keys: &[&str]| text(keys).map(|text| text.text.marked());
    let texts = kind.texts.iter().filter_map(|key| Some((*key, properties.get(*key)?)));
    AlertRule {
        severity: says(kind.severity),
        labels: labels(properties),
        expression: says(&[kind.expression]).map(|text| text.trim().to_string()),
        duration: says(&[kind.duration]),
        ..described::rule(source, kind.source, name, texts)
    }
}

/// The labels of a resource: a map, or tags that are each written as `key:value`.
fn labels(properties: &Properties) -> BTreeMap<String, String> {
    let listed = properties.iter().filter(|(key, _)| key.starts_with("tags[") || *key == "tags");
    let mut labels = described::tagged(listed.filter_map(|(_, text)| text.text.as_literal()));
    labels.extend(cloudwatch::labels(properties));
    labels
}

/// The metric of an alarm that names it in a query.
fn with_metric(properties: &Properties) -> Properties {
    let mut all = properties.clone();
    for (nested, key) in [
        ("metric_query.expression", "expression"),
        ("metric_query.metric.metric_name", "metric_name"),
        ("metric_query.metric.stat", "statistic"),
        ("metric_query.metric.period", "period"),
    ] {
        let is_better = key != "metric_name" || !properties.contains_key("metric_query.expression");
        if let Some(text) = properties.get(nested).filter(|_| is_better) {
            all.entry(key.to_string()).or_insert_with(|| text.clone());
        }
    }
    all
}
