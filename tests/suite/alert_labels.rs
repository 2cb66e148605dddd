//! Alerts of one name that their labels tell apart: what rules say of labels, what pages claim, and which section answers.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::mcp::{ask, found, library, published_library};
use crate::support::{folder, guidepost, text};

const SOURCES: &str = r#"
-- site.toml --
title = "Runbooks"
base_url = "https://runbooks.example.org/"
[alerts]
sources = ["rules/*"]
-- content/a.md --
---
alerts: ["*-mail-lag", Full]
---
# A
-- rules/prometheus.yaml --
groups:
- name: mail
  labels: {team: mail, region: eu}
  rules:
  - alert: Full
    expr: |
      disk_free
        < 10
    for: 5m
    labels: {severity: page, region: us, instance: "{{ $labels.instance }}", runbook: "https://runbooks.example.org/a/"}
-- rules/grafana.yaml --
apiVersion: 1
groups: [{name: g, rules: [{title: Slow, condition: A, data: [], labels: {team: web, tier: 1}}]}]
-- rules/datadog.json --
{"name": "Errors", "type": "query alert", "query": "avg:x > 1", "message": "m", "priority": 2, "tags": ["team:web", "service:shop", "lonely"]}
-- rules/alarms.yaml --
Resources:
  Lag:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: !Sub "${Stage}-mail-lag"
      MetricName: Age
      Threshold: 60
      ComparisonOperator: GreaterThanThreshold
      Dimensions: [{Name: QueueName, Value: mail}, {Name: Stage, Value: !Ref Stage}]
      Tags: [{Key: Team, Value: mail}]
-- rules/main.tf --
resource "aws_cloudwatch_metric_alarm" "depth" {
  alarm_name = "depth"
  metric_name = "Depth"
  threshold = 5
  dimensions = { QueueName = "sms" }
  tags = { Team = "sms", Severity = "P1" }
}
resource "datadog_monitor" "cpu" {
  name = "cpu"
  message = "m"
  query = "q"
  tags = ["team:core", "env:${var.env}"]
}
resource "google_monitoring_alert_policy" "up" {
  display_name = "up"
  user_labels = { team = "edge" }
}
-- rules/sloth.yaml --
version: prometheus/v1
service: web
slos: [{name: a, alerting: {name: Burn, labels: {team: web}, page_alert: {labels: {severity: P1}}, ticket_alert: {disable: true}}}]
-- rules/pyrra.yaml --
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: web, labels: {pyrra.dev/team: shop, app: web}}
spec: {alerting: {name: Burns}}
-- rules/plan.json --
{"planned_values": {"root_module": {"resources": [
  {"type": "aws_cloudwatch_metric_alarm", "values": {"alarm_name": "planned", "metric_name": "M", "dimensions": {"QueueName": "q"}, "tags": {"Team": "plan"}}},
  {"type": "datadog_monitor", "values": {"name": "planned monitor", "query": "q", "message": "m", "tags": ["team:plan"]}}]}}}
"#;

#[test]
fn labels_of_every_kind_of_source_are_published() {
    let folder = folder(SOURCES);
    let built = guidepost(folder.path(), &["build", "--out", "public"]);
    assert!(built.status.success(), "{}", text(&built));
    let published = std::fs::read_to_string(folder.path().join("public/api/alerts.json"));
    let published: Value = serde_json::from_str(&published.expect("a file")).expect("JSON");
    let mut shown = String::new();
    for rule in published["rules"].as_array().expect("rules") {
        let text = |key: &str| rule[key].as_str().unwrap_or("-").to_owned();
        writeln!(
            shown,
            "{} ({}) {}: {} for {} {}",
            text("name"),
            text("source"),
            rule["labels"],
            text("expression"),
            text("duration"),
            rule["alerts"]
        )
        .expect("memory");
    }
    let expected = r#"{Stage}-mail-lag (CloudFormation) {"QueueName":"mail","team":"mail"}: Age > 60 for - ["*-mail-lag"]
Errors (Datadog) {"service":"shop","team":"web"}: avg:x > 1 for - []
Slow (Grafana) {"team":"web","tier":"1"}: - for - []
depth (Terraform) {"QueueName":"sms","severity":"P1","team":"sms"}: Depth for - []
cpu (Datadog) {"team":"core"}: q for - []
up (Google Cloud) {"team":"edge"}: - for - []
planned (Terraform) {"QueueName":"q","team":"plan"}: M for - []
planned monitor (Datadog) {"team":"plan"}: q for - []
Full (Prometheus) {"region":"us","severity":"page","team":"mail"}: disk_free < 10 for 5m ["Full"]
Burns (SLO) {"team":"shop"}: - for - []
Burn (SLO) {"severity":"P1","team":"web"}: - for - []
"#;
    assert_eq!(shown, expected);
    let kinds: Vec<(&Value, &Value)> = published["alerts"]
        .as_array()
        .expect("claims")
        .iter()
        .map(|claim| (&claim["name"], &claim["kind"]))
        .collect();
    assert_eq!(json!(kinds), json!([["*-mail-lag", "pattern"], ["Full", "name"]]));
    assert_eq!(published["rules"][8]["page"], "/a/");
}

/// A site of one alert's name that as many sections answer, each for a queue; every third on a page of its own.
fn by_queue(count: usize) -> String {
    let mut site = String::from(
        "-- site.toml --\ntitle = \"R\"\nbase_url = \"https://r.example/\"\n[alerts]\nsources = [\"rules.yaml\"]\n-- rules.yaml --\n\
         groups:\n- rules:\n",
    );
    for queue in 0..count {
        writeln!(site, "  - alert: Stuck\n    labels: {{queue: q{queue}, zone: z}}")
            .expect("memory");
    }
    for page in 0..count.div_ceil(3) {
        let queues = || page * 3..(page * 3 + 3).min(count);
        writeln!(site, "-- content/p{page}.md --\n---\nalerts:").expect("memory");
        for queue in queues() {
            writeln!(site, "- {{name: Stuck, section: q{queue}, labels: {{queue: q{queue}}}}}")
                .expect("memory");
        }
        writeln!(site, "---\n# Page {page}").expect("memory");
        for queue in queues() {
            writeln!(
                site,
                "\n## Q{queue}\n\n1. Run:\n\n   ```bash\n   drain <queue> --in <zone>\n   ```"
            )
            .expect("memory");
        }
    }
    site
}

#[test]
fn labels_tell_alerts_of_one_name_apart() {
    for count in [3, 30] {
        let folder = folder(&by_queue(count));
        let checked = guidepost(folder.path(), &["check"]);
        assert!(!text(&checked).contains("duplicate-alert"), "{}", text(&checked));
        for library in [library(folder.path(), false), published_library(folder.path())] {
            let runbook =
                |arguments: Value| found(&ask(&library, "runbook_for_alert", &arguments)).clone();
            for queue in 0..count {
                let answer = runbook(
                    json!({ "alert": "Stuck", "labels": { "Queue": format!("q{queue}"), "pod": "x" } }),
                );
                assert_eq!(answer["status"], "matched", "{answer}");
                assert_eq!(answer["results"][0]["id"], format!("p{}/#q{queue}", queue / 3));
                // The alert did not say the zone; its rule does.
                let values = json!({ "queue": format!("q{queue}"), "zone": "z" });
                assert_eq!(answer["parameters"], values, "{answer}");
            }
            let answer = runbook(json!({ "alert": "Stuck" }));
            assert_eq!(answer["status"], "ambiguous");
            assert_eq!(answer["decided_by"], json!(["queue"]));
            assert_eq!(answer["results"][2]["labels"], json!({ "queue": "q2" }));
            assert_eq!(answer["results"].as_array().map(Vec::len), Some(count.min(20)));
            let answer = runbook(json!({ "alert": "Stuck", "labels": { "queue": "another" } }));
            assert_eq!(answer["status"], "not_found", "{answer}");
        }
    }
}

#[test]
fn what_says_more_of_an_alert_comes_before_what_says_less() {
    let site = r#"
-- site.toml --
title = "R"
base_url = "https://r.example/"
[alerts]
sources = ["rules.yaml"]
-- rules.yaml --
groups:
- rules:
  - {alert: Linked, labels: {team: a}, annotations: {runbook_url: "https://r.example/one/#first"}}
  - {alert: Linked, labels: {team: b}, annotations: {runbook_url: "https://r.example/one/#second"}}
  - {alert: Linked, labels: {team: b, tier: gold}, annotations: {runbook_url: "https://r.example/two/"}}
  - {alert: Both, labels: {team: b}, annotations: {runbook_url: "https://r.example/two/"}}
-- content/one.md --
---
alerts: [Both, {name: Any, labels: {team: "pay-*"}}, {name: "*-lag", section: second, labels: {team: a}}, "*-lag"]
---
# One

## First

## Second
-- content/two.md --
---
alerts: [Both, Any, {name: "q-*-lag", labels: {team: z}}]
---
# Two
"#;
    let folder = folder(site);
    for library in [library(folder.path(), false), published_library(folder.path())] {
        for (alert, labels, expected) in [
            ("Linked", json!({ "team": "a" }), &["one/#first"][..]),
            ("Linked", json!({ "team": "b" }), &["one/#second", "two/"]),
            ("Linked", json!({ "team": "b", "tier": "gold" }), &["two/"]),
            ("Linked", json!({ "team": "b", "tier": "iron" }), &["one/#second"]),
            ("Linked", json!({}), &["one/#first", "one/#second", "two/"]),
            ("Linked", json!({ "team": "c" }), &[]),
            // Two claim it; the rule with these labels links to one of them.
            ("Both", json!({ "team": "b" }), &["two/"]),
            ("Both", json!({}), &["two/"]),
            ("Any", json!({ "team": "pay-eu" }), &["one/"]),
            ("Any", json!({ "team": "mail" }), &["two/"]),
            // Most is known of the longer pattern, unless the labels say that it is not meant.
            ("q-a-lag", json!({ "team": "z" }), &["two/"]),
            ("q-a-lag", json!({ "team": "a" }), &["one/#second"]),
            ("q-a-lag", json!({ "team": "x" }), &["one/"]),
        ] {
            let answer =
                ask(&library, "runbook_for_alert", &json!({ "alert": alert, "labels": labels }));
            let rows = found(&answer)["results"].as_array().expect("results").clone();
            let ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
            assert_eq!(ids, expected, "{alert} {labels}: {answer}");
        }
    }
}

#[test]
fn rules_with_other_labels_than_all_claims_have_no_runbook() {
    let folder = folder(
        "-- site.toml --\ntitle = \"R\"\n[alerts]\nsources = [\"rules.yaml\"]\n-- rules.yaml --\ngroups:\n- rules:\n  \
         - {alert: Stuck, labels: {queue: mail, severity: critical}}\n  - {alert: Stuck, labels: {queue: sms, severity: low}}\n  \
         - {alert: Stuck, labels: {queue: fax}}\n-- content/a.md --\n---\nalerts:\n\
         - {name: Stuck, severity: critical, labels: {queue: mail}}\n- {name: Stuck, severity: low, labels: {queue: sms}}\n---\n# A\n",
    );
    let checked = text(&guidepost(folder.path(), &["check", "--format", "short"]));
    let found: Vec<&str> =
        checked.lines().filter(|line| line.contains(": ") && line.contains(".yaml:")).collect();
    assert_eq!(found.len(), 1, "{checked}");
    assert!(found[0].starts_with("rules.yaml:5:"), "{checked}");
}

#[test]
fn labels_of_a_claim_that_are_none_are_reported_at_their_place() {
    let folder = folder(
        "-- site.toml --\ntitle = \"R\"\n-- content/a.md --\n---\nalerts:\n- name: A\n  labels: [x]\n- name: B\n  labels: {team: [x], tier: 1}\n---\n# A\n",
    );
    let checked = text(&guidepost(folder.path(), &["check", "--format", "short"]));
    assert!(checked.contains("a.md:4:11"), "{checked}");
    assert!(checked.contains("a.md:6:18"), "{checked}");
    assert!(!checked.contains("duplicate-alert"), "{checked}");
}
