//! From the alert to the step: what is found between alert rules and pages, and what is published of both.

use std::path::Path;
use std::process::Command;

use guidepost::diagnostic::print::short::short;
use guidepost::files::Files;

use crate::support::{build_site, folder, guidepost, published, site, text as printed};

/// The findings of a site as `guidepost check --format short` prints them, and what is published.
fn check(fixture: &str, expected: &str) -> Files {
    let files = site(fixture);
    let built = build_site(files.clone());
    assert_eq!(short(&built.findings, &files), expected);
    built.output
}

const SITE: &str = r#"
-- site.toml --
title = "T"
base_url = "https://r.example/"
repository = "https://git.example/runbooks"
[alerts]
sources = ["rules.yaml"]
-- content/queue.md --
---
alerts: [{name: QueueStuck, section: stuck}]
---
# Queue

## Stuck
"#;

fn rule(name: &str, link: &str) -> String {
    let annotations = if link.is_empty() {
        String::new()
    } else {
        format!("    annotations: {{runbook_url: \"{link}\"}}\n")
    };
    format!(
        "  - alert: {name}\n    expr: depth > 9\n    for: 5m\n    labels: {{severity: critical}}\n{annotations}"
    )
}

fn rules(rules: &[String]) -> String {
    format!("{SITE}-- rules.yaml --\ngroups:\n- rules:\n{}", rules.concat())
}

#[test]
fn an_alert_without_a_runbook_is_found_and_listed() {
    let stuck = rule("QueueStuck", "https://r.example/alerts/queuestuck");
    let output = check(
        &rules(&[stuck, rule("DiskFull", "")]),
        "rules.yaml:8:12: warning[alert-without-runbook]: no runbook for alert `DiskFull`\n",
    );
    let index = published(&output, "alerts/index.html");
    assert!(index.contains("1 alert has no runbook yet"));
    assert!(index.contains("issues/new?title=Missing%20runbook%3A%20DiskFull"));
    assert!(index.contains("depth &gt; 9 for 5m"));
    assert!(published(&output, "index.html").contains("1 alert has no runbook"));
    let page = published(&output, "queue/index.html");
    assert!(page.contains("critical") && page.contains("depth &gt; 9 for 5m"), "the rule speaks");
    assert!(published(&output, "api/alerts.json").contains("\"url\": \"/alerts/QueueStuck/\""));
}

#[test]
fn programs_read_the_owner_that_the_page_shows() {
    let output = build_site(site(
        "-- .github/CODEOWNERS --\n* @org/night\n-- content/a.md --\n---\nalerts: [QueueStuck]\n---\n# A\n\
         -- content/b.md --\n---\nowner: day\nalerts: [QueueSlow]\n---\n# B\n",
    ))
    .output;
    let alerts = published(&output, "api/alerts.json");
    assert!(alerts.contains("\"owner\": \"@org/night\""), "{alerts}");
    assert!(alerts.contains("\"owner\": \"day\""), "{alerts}");
}

#[test]
fn broken_and_foreign_links_of_rules_are_found_where_they_stand() {
    check(
        &rules(&[
            rule("QueueStuck", "https://r.example/queue/#stukc"),
            rule("Gone", "https://r.example/gone/"),
            rule("Moved", "https://wiki.example/Moved"),
        ]),
        "rules.yaml:7:33: error[alert-link-broken]: no anchor `#stukc` on the runbook `/queue/`\n\
         rules.yaml:12:33: error[alert-link-broken]: no page at the runbook link `https://r.example/gone/`\n\
         rules.yaml:17:33: warning[alert-link-foreign]: the runbook link `https://wiki.example/Moved` leads to another site\n",
    );
}

#[test]
fn two_runbooks_for_one_alert_get_a_page_that_offers_both() {
    let output = check(
        "-- site.toml --\n-- content/a.md --\n---\nalerts: [Both]\n---\n# A\n\
         -- content/b.md --\n---\nalerts: [Both]\n---\n# B\n",
        "content/b.md:2:10: warning[duplicate-alert]: `content/a.md` claims the alert `Both` too\n",
    );
    let choice = published(&output, "alerts/Both/index.html");
    assert!(choice.contains("2 runbooks claim this alert"));
    assert!(choice.contains("href=\"../../a/\"") && choice.contains("href=\"../../b/\""));
}

#[test]
fn sections_of_the_template_give_alerts_dashboards_and_escalation() {
    let output = check(
        "-- site.toml --\n[templates.t]\nfile = \"t.md\"\napplies_to = [\"*\"]\n[templates.t.sections]\n\
         alerts = \"Alerts\"\ndashboards = \"Dashboards\"\nescalation = \"Escalation\"\n\
         -- t.md --\n# T\n\n## Alerts\n\n## Dashboards\n\n## Escalation\n\
         -- content/a.md --\n# A\n\n## 1. Alerts\n\n- `QueueStuckAlarm`\n\n## 2. Dashboards\n\n\
         [Overview](https://d.example/1)\n\n## 3. Escalation\n\nCall the storage team.\n",
        "",
    );
    let page = published(&output, "a/index.html").replace("<wbr>", "");
    assert!(page.contains("<code>QueueStuckAlarm</code>"));
    assert!(page.contains("class=\"btn\" href=\"https://d.example/1\""));
    let escalation = "Call the storage team. <a href=\"#3-escalation\">3 Escalation</a>";
    assert!(page.contains(escalation), "{page}");
    assert!(published(&output, "alerts/QueueStuckAlarm/index.html").contains("url=../../a/"));
    assert!(published(&output, "dashboards/index.html").contains("Overview"));
    assert!(published(&output, "api/dashboards.json").contains("https://d.example/1"));
}

#[test]
fn a_runbook_at_its_alerts_address_stays_and_former_names_lead_to_it() {
    let output = check(
        "-- site.toml --\n[alerts]\nfrom_filename = [\"alerts/**\"]\naliases = {OldName = \"DiskFull\"}\n\
         -- content/alerts/DiskFull.md --\n# DiskFull\n\nFree some space.\n",
        "",
    );
    assert!(published(&output, "alerts/DiskFull/index.html").contains("Free some space."));
    assert!(published(&output, "alerts/OldName/index.html").contains("url=../DiskFull/"));
    assert!(published(&output, "alerts/index.html").contains("Every alert"));
}

#[test]
fn rules_of_another_folder_are_read_and_checked_against_published_claims() {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let write = |path: &str, text: &str| {
        let whole = folder.path().join(path);
        std::fs::create_dir_all(whole.parent().expect("it has one")).expect("it can be made");
        std::fs::write(whole, text).expect("it can be written");
    };
    write(
        "site/site.toml",
        "base_url = \"https://r.example/\"\n[alerts]\nsources = [\"../infra/*.yaml\"]\n",
    );
    write("site/content/a.md", "---\nalerts: [Known]\n---\n# A\n");
    let source = format!("groups:\n- rules:\n{}{}", rule("known", ""), rule("Unknown", ""));
    write("infra/rules.yaml", &source);
    let guidepost = |at: &str, arguments: &[&str]| {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_guidepost")));
        let output = command.current_dir(folder.path().join(at)).args(arguments).output();
        let output = output.expect("the program starts");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let found = |path: &str| {
        format!("{path}:7:12: warning[alert-without-runbook]: no runbook for alert `Unknown`\n")
    };
    let check = ["check", "--only", "alerts", "--format", "short"];
    assert_eq!(guidepost("site", &check), (Some(0), found("../infra/rules.yaml")));
    assert_eq!(guidepost("site", &["build", "-q"]).0, Some(0));
    let json = "../site/public/api/alerts.json";
    let published = [&check[..], &["--strict", "--alerts-json", json, "*.yaml"]].concat();
    assert_eq!(guidepost("infra", &published), (Some(1), found("rules.yaml")));
    let nothing = [&check[..], &["--alerts-json", json, "*.tf"]].concat();
    assert_eq!(guidepost("infra", &nothing).0, Some(2));
}

const COMPUTED: &str = r#"
-- site.toml --
title = "T"
base_url = "https://r.example/"
[alerts]
sources = ["alarms.yaml"]
-- alarms.yaml --
Parameters: {Env: {Type: String}}
Resources:
  Login:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: !Sub '${Env}-login-errors'
      AlarmDescription: !Sub 'Runbook: https://r.example/${Env}/gone/'
  Any:
    Type: AWS::CloudWatch::Alarm
    Properties: {AlarmName: !Sub '${Env}-errors'}
"#;

#[test]
fn a_computed_name_meets_what_pages_claim_and_its_link_is_checked() {
    let page = "-- content/login.md --\n---\nalerts: [CLAIM]\n---\n# Login\n";
    let link = "alarms.yaml:7:30: error[alert-link-broken]: no page at the runbook link `https://r.example/…/gone/`\n";
    let any =
        "alarms.yaml:10:36: warning[alert-without-runbook]: no runbook for alert `{Env}-errors`\n";
    for claim in ["prod-login-errors", "'*-login-errors'", "'prod-login-*'"] {
        check(&format!("{COMPUTED}{}", page.replace("CLAIM", claim)), &format!("{link}{any}"));
    }
    let output = check(
        &format!("{COMPUTED}{}", page.replace("CLAIM", "'*-login-errors'")),
        &format!("{link}{any}"),
    );
    assert!(published(&output, "alerts/login-errors/index.html").contains("login"));
}

#[test]
fn computed_names_have_addresses_that_lead_to_what_answers_them() {
    let page = |name: &str, claim: &str| {
        format!("-- content/{name}.md --\n---\nalerts: [{claim}]\n---\n# {name}\n\n## Steps\n")
    };
    let pages = page("login", "prod-login-errors") + &page("any", "'*-errors'");
    let output = site_output(&format!("{COMPUTED}{pages}"));
    let own = published(&output, "alerts/prod-login-errors/index.html");
    assert!(own.contains("href=\"../../login/?env=prod\""), "{own}");
    let of_pattern = published(&output, "alerts/login-errors/index.html");
    for page in ["login", "any"] {
        assert!(of_pattern.contains(&format!("href=\"../../{page}/\"")), "{of_pattern}");
    }
    assert!(published(&output, "alerts/errors/index.html").contains("href=\"../../any/\""));
    let json: serde_json::Value =
        serde_json::from_str(published(&output, "api/alerts.json")).expect("it is JSON");
    assert_eq!(
        json["patterns"][1],
        serde_json::json!({
            "name": "{Env}-login-errors",
            "url": "/alerts/login-errors/",
            "alerts": ["*-errors", "prod-login-errors"],
            "pieces": [{"hole": "Env", "parameter": "env", "values": []}, "-login-errors"],
        })
    );
}

#[test]
fn patterns_of_two_pages_are_duplicates_only_where_a_common_name_exists() {
    let page = |name: &str, claim: &str| {
        format!("-- content/{name}.md --\n---\nalerts: ['{claim}']\n---\n# {name}\n")
    };
    let site = |one: &str, two: &str| {
        format!("-- site.toml --\ntitle = \"T\"\n{}{}", page("a", one), page("b", two))
    };
    check(&site("*-login-errors", "*-logout-errors"), "");
    check(&site("*-login-errors", "prod-login-errors"), "");
    check(
        &site("*-login-errors", "prod-*"),
        "content/b.md:2:10: warning[duplicate-alert]: `content/a.md` claims `*-login-errors`, which can be an alert \
         that `prod-*` is too\n",
    );
}

#[test]
fn values_of_site_toml_make_names_of_patterns() {
    let values = "[alerts.values]\nenv = [\"prod\", \"test\"]\n-- alarms.yaml --";
    let site = COMPUTED.replace("-- alarms.yaml --", values);
    let page = "-- content/login.md --\n---\nalerts: [prod-login-errors]\n---\n# Login\n";
    let output = site_output(&format!("{site}{page}"));
    let index = published(&output, "alerts/index.html").replace("<wbr>", "");
    assert!(
        ["test-login-errors", "prod-errors", "test-errors"].iter().all(|name| index.contains(name))
    );
}

#[test]
fn a_listed_file_without_alerts_is_a_finding() {
    check(
        "-- site.toml --\ntitle = \"T\"\n[alerts]\nsources = [\"*.yaml\"]\n-- a.yaml --\nroute: {}\nreceivers: []\n\
         -- b.yaml --\nx: 1\n-- content/index.md --\n# H\n",
        "a.yaml:1:1: warning[source-without-alerts]: no alert read: Alertmanager routing, holds no rules\n\
         b.yaml:1:1: warning[source-without-alerts]: no alert read: holds no alert rules that Guidepost reads\n",
    );
}

#[test]
fn one_file_of_a_terraform_module_is_understood_with_the_others() {
    let folder = folder(
        "-- site/site.toml --\n[alerts]\nsources = [\"../infra/prod/alarms.tf\"]\n-- site/content/index.md --\n# H\n\
         -- infra/prod/alarms.tf --\nresource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  \
         alarm_name = \"${local.stage}-${var.team}-slow\"\n}\nmodule \"queue\" {\n  source = \"../modules/queue\"\n  \
         stage = local.stage\n}\n\
         -- infra/prod/locals.tf --\nlocals { stage = \"prod\" }\nvariable \"team\" {}\n\
         resource \"aws_cloudwatch_metric_alarm\" \"unlisted\" { alarm_name = \"unlisted\" }\n\
         -- infra/prod/terraform.tfvars --\nteam = \"mail\"\n\
         -- infra/modules/queue/queue.tf --\nvariable \"stage\" {}\nresource \"aws_cloudwatch_metric_alarm\" \"old\" {\n  \
         alarm_name = \"${var.stage}-queue-old\"\n}\n",
    );
    let output = guidepost(&folder.path().join("site"), &["check", "--format", "short"]);
    let shown = printed(&output);
    for name in ["`prod-mail-slow`", "`prod-queue-old`", "Terraform: 2 alerts in 1 file\n"] {
        assert!(shown.contains(name), "{shown}");
    }
    assert!(!shown.contains("unlisted"), "{shown}");
}

#[test]
fn a_check_says_how_much_it_read_of_each_kind_of_source() {
    let folder = folder(&format!(
        "{COMPUTED}-- content/a.md --\n# A\n-- gone.yaml --\nroute: {{}}\nreceivers: []\n-- bad.yaml --\na: [\n\
         -- rules.yaml --\ngroups:\n- rules:\n  - alert: Up\n    expr: up\n"
    ));
    let site = folder.path();
    let toml = "base_url = \"https://r.example/\"\n[alerts]\nsources = [\"*.yaml\"]\n";
    std::fs::write(site.join("site.toml"), toml).expect("it can be written");
    let lines = "CloudFormation: 2 alerts in 1 file, 2 names computed\nPrometheus: 1 alert in 1 file\n\
                 1 listed file without alerts, 1 listed file not read\n";
    for arguments in [&["check"][..], &["check", "--only", "alerts"]] {
        let shown = printed(&guidepost(site, arguments));
        assert!(shown.ends_with(lines), "{shown}");
    }
    let shown = printed(&guidepost(site, &["check", "--only", "links"]));
    assert!(!shown.contains("CloudFormation:"), "{shown}");
    let output = guidepost(site, &["check", "--format", "json", "--quiet"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(
        json["alerts"],
        serde_json::json!({
            "sources": [
                {"kind": "CloudFormation", "files": 1, "alerts": 2, "computed": 2, "skipped": 0},
                {"kind": "Prometheus", "files": 1, "alerts": 1, "computed": 0, "skipped": 0},
            ],
            "files_without_alerts": 1,
            "files_not_read": 1,
        })
    );
}

fn site_output(fixture: &str) -> Files {
    build_site(site(fixture)).output
}

#[test]
fn the_index_marks_an_alert_whose_page_is_deprecated_without_a_successor() {
    let fixture = "-- site.toml --\n[alerts]\nfrom_filename = [\"**\"]\n-- content/Old.md --\n---\nstatus: Deprecated\n---\n# Old\n\nGone.\n\
        -- content/Odd.md --\n---\nstatus: Deprecated\nsuperseded_by: New.md\n---\n# Odd\n-- content/New.md --\n# New\n\nHere.\n";
    let built = build_site(site(fixture));
    let index = published(&built.output, "alerts/index.html");
    let rows: Vec<&str> = index.split("<tr data-row").skip(1).collect();
    let is_marked = |name: &str| {
        let row = rows.iter().find(|row| row.contains(&format!("<b>{name}</b>")));
        row.expect("the alert is listed").contains("deprecated")
    };
    assert_eq!(["Old", "Odd", "New"].map(is_marked), [true, false, false]);
}

#[test]
fn a_page_without_a_title_of_its_own_claims_no_alert_by_its_file_s_name() {
    let fixture = "-- site.toml --\n[alerts]\nfrom_heading = [\"**\"]\n-- content/SQS.md --\n## QueueStuck\n\nWait.\n";
    let names = build_site(site(fixture));
    let names = published(&names.output, "api/alert-names.json");
    assert!(names.contains("QueueStuck") && !names.contains("SQS\","), "{names}");
}

#[test]
fn an_alert_that_its_own_page_answers_is_named_once_a_row() {
    let fixture = "-- site.toml --\n[owners.ops]\n[alerts]\nfrom_filename = [\"**\"]\n\
        -- content/Old.md --\n---\nowner: ops\n---\n# Old [Deprecated]\n-- content/New.md --\n---\nowner: ops\n---\n# New\n";
    let built = build_site(site(fixture));
    for (path, mark, end) in
        [("alerts/index.html", "<b>", "</tr>"), ("owners/ops/index.html", "<code>", "</li>")]
    {
        let page = published(&built.output, path);
        for name in ["Old", "New"] {
            let (_, row) = page.split_once(&format!("{mark}{name}<")).expect("the alert is listed");
            let (rest, _) = row.split_once(end).expect("the end of a row");
            assert!(!rest.contains(&format!(">{name}")), "{path}: {rest}");
        }
    }
}
