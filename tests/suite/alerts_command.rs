//! `guidepost alerts`: what is listed, and what is written into rule files.

use crate::support::{folder, guidepost, text};

const SITE: &str = r#"
-- site.toml --
base_url = "https://r.example/"
[alerts]
sources = ["rules/*.yaml", "*.tf"]
-- content/queue.md --
---
owner: night
alerts:
  - {name: QueueStuck, section: steps, severity: P1}
  - "*-slow"
---
# Queue

## Steps
-- rules/a.yaml --
groups:
  - rules:
      # The one that wakes people.
      - alert: QueueStuck
        expr: depth > 9
        for: 5m
      - alert: Unclaimed
        expr: up == 0
-- rules/chart.yaml --
{{- range .Values.queues }}
groups:
  - rules:
      - alert: {{ .name }}-slow
{{- end }}
-- alarms.tf --
variable "stage" {}
resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name        = "${var.stage}-api-slow"
  alarm_description = "The API is slow."
}
"#;

#[test]
fn alerts_are_listed_with_source_owner_runbook_and_rule() {
    let folder = folder(SITE);
    let table = guidepost(folder.path(), &["alerts", "--quiet"]);
    assert_eq!(
        text(&table),
        "SEVERITY  ALERT       SOURCE                 OWNER  RUNBOOK        RULE\n\
         -         *-slow      Prometheus, Terraform  night  /queue/        alarms.tf:3 and 1 more\n\
         P1        QueueStuck  Prometheus             night  /queue/#steps  rules/a.yaml:4\n\
         -         Unclaimed   Prometheus             -      -              rules/a.yaml:7\n"
    );
    let said = text(&guidepost(folder.path(), &["alerts"]));
    assert!(said.ends_with("3 alerts, 1 without a runbook\n"), "{said}");
    let csv = text(&guidepost(folder.path(), &["alerts", "--format", "csv", "--quiet"]));
    assert!(csv.contains("QueueStuck,P1,night,/queue/#steps,/alerts/QueueStuck/,QueueStuck,Prometheus,rules/a.yaml,4,depth > 9,5m\r\n"), "{csv}");
    let json = guidepost(folder.path(), &["alerts", "--format", "json", "--quiet"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
    let slow = &json[0]["rules"][0];
    assert_eq!(slow["name"], "{stage}-api-slow");
    assert_eq!(
        (&slow["constant"], &slow["holes"][0]["name"]),
        (&"api-slow".into(), &"stage".into())
    );
    assert_eq!((&slow["line"], &slow["column"]), (&3.into(), &23.into()));
}

#[test]
fn links_are_shown_as_a_diff_and_written_without_touching_anything_else() {
    let folder = folder(SITE);
    let read =
        |path: &str| std::fs::read_to_string(folder.path().join(path)).expect("the file is there");
    let before = ["rules/a.yaml", "rules/chart.yaml", "alarms.tf"].map(read);
    let dry = guidepost(folder.path(), &["alerts", "--write-links", "--dry-run"]);
    let diff = "--- a/alarms.tf\n+++ b/alarms.tf\n@@ -1,5 +1,5 @@\n variable \"stage\" {}\n \
                resource \"aws_cloudwatch_metric_alarm\" \"slow\" {\n   alarm_name        = \"${var.stage}-api-slow\"\n\
                -  alarm_description = \"The API is slow.\"\n\
                +  alarm_description = \"The API is slow. [Runbook](https://r.example/alerts/api-slow/)\"\n }\n\
                --- a/rules/a.yaml\n+++ b/rules/a.yaml\n@@ -4,5 +4,7 @@\n       - alert: QueueStuck\n         expr: depth > 9\n\
                \u{20}        for: 5m\n+        annotations:\n+          runbook_url: https://r.example/alerts/QueueStuck/\n\
                \u{20}      - alert: Unclaimed\n         expr: up == 0\n";
    let left = "rules/chart.yaml:4:16: `{name}-slow` is left alone: the file is a template\n";
    assert_eq!(
        text(&dry),
        format!("{diff}{left}2 links would be added and 0 replaced, 1 left alone\n")
    );
    assert_eq!(["rules/a.yaml", "rules/chart.yaml", "alarms.tf"].map(read), before);
    let written = guidepost(folder.path(), &["alerts", "--write-links"]);
    assert!(written.status.success());
    assert!(text(&written).starts_with(diff), "{}", text(&written));
    let link =
        "        annotations:\n          runbook_url: https://r.example/alerts/QueueStuck/\n";
    assert_eq!(read("rules/a.yaml"), before[0].replace("for: 5m\n", &format!("for: 5m\n{link}")));
    assert_eq!(read("rules/chart.yaml"), before[1]);
    let again = text(&guidepost(folder.path(), &["alerts", "--write-links"]));
    assert_eq!(again, format!("{left}0 links were added and 0 replaced, 1 left alone\n"));
    let check = text(&guidepost(folder.path(), &["check", "--only", "alerts"]));
    assert!(
        check.contains("no runbook for alert `Unclaimed`") && check.contains("1 warning"),
        "{check}"
    );
}

#[test]
fn without_a_base_address_no_link_can_be_written() {
    let folder = folder(&SITE.replace("base_url = \"https://r.example/\"\n", ""));
    let output = guidepost(folder.path(), &["alerts", "--write-links"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("set `base_url` in site.toml"));
}
