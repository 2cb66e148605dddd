//! Seeded faults in alert rules of every kind: each is found where it was made, and nothing else is; and rule files that are
//! cut up at random, which must cost neither the program nor much time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use guidepost::check::alerts::read_sources;
use guidepost::check::alerts::values::VariableValues;
use guidepost::diagnostic::print::short::short;
use guidepost::files::FilePath;

use crate::support::{Numbers, build_site, corpora, site};

/// One kind of source with one alert in it.
struct Kind {
    file: &'static str,
    /// The text, with `NAME` for the alert's name and `LINK` for the address of its runbook.
    text: &'static str,
    /// The same without a link.
    bare: &'static str,
    /// How the name is typed, and how another one is.
    names: [&'static str; 2],
    /// What the page claims.
    claim: &'static str,
    /// The severity that the rule gives, and another of the same vocabulary.
    severities: Option<[&'static str; 2]>,
}

const LITERAL: [&str; 2] = ["QueueStuck", "OtherName"];

const KINDS: &[Kind] = &[
    Kind {
        file: "rules.yaml",
        text: "groups:\n- name: g\n  rules:\n  - alert: NAME\n    expr: up == 0\n    labels: {severity: page}\n    annotations:\n      runbook_url: LINK\n",
        bare: "groups:\n- name: g\n  rules:\n  - alert: NAME\n    expr: up == 0\n    labels: {severity: page}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: Some(["page", "ticket"]),
    },
    Kind {
        file: "resource.yaml",
        text: "kind: PrometheusRule\nspec:\n  groups:\n  - rules:\n    - {alert: NAME, expr: up, labels: {severity: critical}, annotations: {runbook_url: 'LINK'}}\n",
        bare: "kind: PrometheusRule\nspec:\n  groups:\n  - rules:\n    - {alert: NAME, expr: up, labels: {severity: critical}}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: Some(["critical", "warning"]),
    },
    Kind {
        file: "configmap.yaml",
        text: "kind: ConfigMap\ndata:\n  rules.yaml: |\n    groups:\n    - rules:\n      - alert: NAME\n        labels: {severity: P1}\n        annotations: {runbook_url: LINK}\n",
        bare: "kind: ConfigMap\ndata:\n  rules.yaml: |\n    groups:\n    - rules:\n      - alert: NAME\n        labels: {severity: P1}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: Some(["P1", "P2"]),
    },
    Kind {
        file: "chart.yaml",
        text: "{{- if .Values.on }}\ngroups:\n- rules:\n  - alert: NAME\n    labels: {severity: page}\n    annotations:\n      runbook_url: LINK\n{{- end }}\n",
        bare: "{{- if .Values.on }}\ngroups:\n- rules:\n  - alert: NAME\n    labels: {severity: page}\n{{- end }}\n",
        names: ["{{ .Values.team }}QueueStuck", "{{ .Values.team }}OtherName"],
        claim: "'*QueueStuck'",
        severities: Some(["page", "ticket"]),
    },
    Kind {
        file: "grafana.yaml",
        text: "apiVersion: 1\ngroups:\n- name: g\n  rules:\n  - uid: a\n    title: NAME\n    condition: C\n    data: []\n    labels: {severity: high}\n    annotations: {runbook_url: \"LINK\"}\n",
        bare: "apiVersion: 1\ngroups:\n- name: g\n  rules:\n  - uid: a\n    title: NAME\n    condition: C\n    data: []\n    labels: {severity: high}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: Some(["high", "low"]),
    },
    Kind {
        file: "openslo.yaml",
        text: "apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata:\n  name: NAME\n  annotations: {runbook_url: LINK}\n",
        bare: "apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata:\n  name: NAME\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: None,
    },
    Kind {
        file: "template.yaml",
        text: "Resources:\n  Alarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      AlarmName: NAME\n      AlarmDescription: 'Old. [Runbook](LINK)'\n      Tags: [{Key: severity, Value: P2}]\n",
        bare: "Resources:\n  Alarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      AlarmName: NAME\n      Tags: [{Key: severity, Value: P2}]\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: Some(["P2", "P1"]),
    },
    Kind {
        file: "computed.yaml",
        text: "Parameters: {Env: {Type: String}}\nResources:\n  Alarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      AlarmName: !Sub NAME\n      AlarmDescription: !Sub '${Env}. Runbook: LINK'\n      Tags: [{Key: severity, Value: P2}]\n",
        bare: "Parameters: {Env: {Type: String}}\nResources:\n  Alarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      AlarmName: !Sub NAME\n      Tags: [{Key: severity, Value: P2}]\n",
        names: ["'${Env}-queue-stuck'", "'${Env}-other'"],
        claim: "'*-queue-stuck'",
        severities: Some(["P2", "P1"]),
    },
    Kind {
        file: "app.template.json",
        text: "{\"Resources\": {\"Alarm\": {\"Type\": \"AWS::CloudWatch::Alarm\", \"Properties\": {\n  \"AlarmName\": \"NAME\",\n  \"AlarmDescription\": \"[Runbook](LINK)\"}}}}\n",
        bare: "{\"Resources\": {\"Alarm\": {\"Type\": \"AWS::CloudWatch::Alarm\", \"Properties\": {\n  \"AlarmName\": \"NAME\"}}}}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: None,
    },
    Kind {
        file: "alarms.tf",
        text: "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name        = \"NAME\"\n  alarm_description = \"Old. [Runbook](LINK)\"\n  tags = { Severity = \"P1\" }\n}\n",
        bare: "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name = \"NAME\"\n  tags = { Severity = \"P1\" }\n}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: Some(["P1", "P3"]),
    },
    Kind {
        file: "computed.tf",
        text: "variable \"env\" {}\nresource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name        = NAME\n  alarm_description = <<-EOT\n    Old.\n    Runbook: LINK\n  EOT\n}\n",
        bare: "variable \"env\" {}\nresource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name = NAME\n}\n",
        names: ["\"${var.env}-queue-stuck\"", "\"${var.env}-other\""],
        claim: "prod-queue-stuck",
        severities: None,
    },
    Kind {
        file: "plan.json",
        text: "{\"planned_values\": {\"root_module\": {\"child_modules\": [{\"resources\": [{\"type\": \"aws_cloudwatch_metric_alarm\",\n  \"values\": {\"alarm_name\": \"NAME\", \"alarm_description\": \"Runbook: LINK\"}}]}]}}}\n",
        bare: "{\"planned_values\": {\"root_module\": {\"child_modules\": [{\"resources\": [{\"type\": \"aws_cloudwatch_metric_alarm\",\n  \"values\": {\"alarm_name\": \"NAME\"}}]}]}}}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: None,
    },
    Kind {
        file: "monitor.json",
        text: "{\"name\": \"NAME\", \"type\": \"metric alert\", \"query\": \"avg(last_5m):x > 1\", \"priority\": 2,\n  \"message\": \"Runbook: LINK\"}\n",
        bare: "{\"name\": \"NAME\", \"type\": \"metric alert\", \"query\": \"avg(last_5m):x > 1\", \"priority\": 2,\n  \"message\": \"Old\"}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: Some(["P2", "P1"]),
    },
    Kind {
        file: "azure.tf",
        text: "resource \"azurerm_monitor_metric_alert\" \"a\" {\n  name = \"NAME\"\n  description = \"Runbook: LINK\"\n}\n",
        bare: "resource \"azurerm_monitor_metric_alert\" \"a\" {\n  name = \"NAME\"\n}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: None,
    },
    Kind {
        file: "google.tf",
        text: "resource \"google_monitoring_alert_policy\" \"a\" {\n  display_name = \"NAME\"\n  documentation {\n    content = \"[Runbook](LINK)\"\n  }\n}\n",
        bare: "resource \"google_monitoring_alert_policy\" \"a\" {\n  display_name = \"NAME\"\n}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: None,
    },
    Kind {
        file: "newrelic.tf",
        text: "resource \"newrelic_nrql_alert_condition\" \"a\" {\n  name        = \"NAME\"\n  runbook_url = \"LINK\"\n}\n",
        bare: "resource \"newrelic_nrql_alert_condition\" \"a\" {\n  name = \"NAME\"\n}\n",
        names: LITERAL,
        claim: "QueueStuck",
        severities: None,
    },
];

const FINE: &str = "https://r.example/queue/#steps";

/// A site whose page answers the alert of a source.
struct Case {
    base_url: &'static str,
    source: String,
    file: &'static str,
    page: String,
}

impl Case {
    fn new(kind: &Kind, link: Option<&str>) -> Case {
        let text = if link.is_some() { kind.text } else { kind.bare };
        let severity =
            kind.severities.map_or(String::new(), |[own, _]| format!(", severity: {own}"));
        Case {
            base_url: "https://r.example/",
            source: text.replace("NAME", kind.names[0]).replace("LINK", link.unwrap_or_default()),
            file: kind.file,
            page: format!("alerts: [{{name: {}{severity}, section: steps}}]", kind.claim),
        }
    }

    /// What is found, and where a text stands in the source or the page, as findings show it.
    fn check(&self, expected: &[(&str, &str, &str)]) {
        let fixture = format!(
            "-- site.toml --\nbase_url = \"{}\"\n[alerts]\nsources = [\"{}\"]\n[checks]\nrunbook-without-alert = \"warn\"\n\
             -- content/queue.md --\n---\n{}\n---\n# Queue\n\n## Steps\n-- {} --\n{}",
            self.base_url, self.file, self.page, self.file, self.source
        );
        let files = site(&fixture);
        let found = short(&build_site(files.clone()).findings, &files);
        let found: Vec<&str> =
            found.lines().map(|line| line.split("]:").next().unwrap_or_default()).collect();
        let expected: Vec<String> = expected
            .iter()
            .map(|(file, typed, rule)| {
                let path = FilePath::new(file).expect("a path");
                let text = files.text(&path).expect("the file is there");
                let start = text.find(typed).unwrap_or_else(|| panic!("{typed} in {text}"));
                let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
                let line = text[..start].matches('\n').count() + 1;
                let column = text[line_start..start].chars().count() + 1;
                format!("{file}:{line}:{column}: {rule}")
            })
            .collect();
        assert_eq!(found, expected, "{fixture}");
    }
}

const PAGE: &str = "content/queue.md";

/// The part of a typed name that findings point at: from its first brace on, if it has one as it is shown.
fn placed(name: &str) -> &str {
    name.strip_prefix("'$").map_or(name, |rest| rest.trim_end_matches('\''))
}

/// How many faults of a kind were seeded.
fn seed(kind: &Kind) -> usize {
    let file = kind.file;
    Case::new(kind, Some(FINE)).check(&[]);
    let broken = "error[alert-link-broken";
    for dead in [
        "https://r.example/gone/",
        "https://r.example/queue/#stpes",
        "https://r.example/alerts/Gone/",
    ] {
        Case::new(kind, Some(dead)).check(&[(file, dead, broken)]);
    }
    let moved = Case { base_url: "https://new.example/", ..Case::new(kind, Some(FINE)) };
    moved.check(&[(file, FINE, "warning[alert-link-foreign")]);
    let dropped = Case { page: "title: Queue".to_owned(), ..Case::new(kind, None) };
    let lacking = "warning[alert-without-runbook";
    dropped.check(&[(file, placed(kind.names[0]), lacking)]);
    let mut renamed = Case::new(kind, None);
    renamed.source = renamed.source.replace(kind.names[0], kind.names[1]);
    let unanswered = (PAGE, kind.claim, "warning[runbook-without-alert");
    let named = (file, placed(kind.names[1]), lacking);
    let both = if PAGE < file { [unanswered, named] } else { [named, unanswered] };
    renamed.check(&both);
    let Some([own, other]) = kind.severities else { return 6 };
    let mut changed = Case::new(kind, Some(FINE));
    changed.page = changed.page.replace(&format!("severity: {own}"), &format!("severity: {other}"));
    changed.check(&[(PAGE, kind.claim, "warning[alert-contradicts-rule")]);
    7
}

#[test]
fn every_seeded_fault_is_found_where_it_is_and_no_other() {
    let seeded: usize = KINDS.iter().map(seed).sum();
    assert!(seeded >= 100, "{seeded} faults");
}

/// A text with a few pieces taken out, repeated, moved or replaced by what is likely to hurt.
fn mutant(text: &str, numbers: &mut Numbers) -> String {
    const HURTFUL: &[&str] = &[
        "{{",
        "}}",
        "${",
        "}",
        "!Sub ",
        "*",
        "&a ",
        "<<: *a",
        "[",
        "]",
        "{",
        "\"",
        "'",
        "\n",
        "  ",
        ": ",
        "- ",
        "é",
        "\u{fffc}",
        "%{ for x in y }",
        "<<EOT\n",
        "{% if %}",
        "<%",
        "|",
        "!Ref ",
        "Fn::Sub",
        "#",
        "\0",
        "\t",
        "https://r.example/",
        "Fn::ForEach::A: [x, [a, b], ",
        "for_each = ",
        "local.a",
        "module \"m\" { source = \"./\" }",
    ];
    let mut mutant = text.to_owned();
    for _ in 0..=numbers.below(4) {
        let place = |numbers: &mut Numbers, text: &str| {
            let mut at = numbers.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (one, two) = (place(numbers, &mutant), place(numbers, &mutant));
        let (start, end) = (one.min(two), one.max(two).min(one.min(two) + 400));
        let end = (start..=end).rev().find(|end| mutant.is_char_boundary(*end)).unwrap_or(start);
        let piece = mutant[start..end].to_owned();
        match numbers.below(5) {
            0 => mutant.replace_range(start..end, ""),
            1 => mutant.insert_str(start, &piece.repeat(1 + numbers.below(40))),
            2 => mutant.truncate(end),
            _ => mutant.insert_str(start, HURTFUL[numbers.below(HURTFUL.len())]),
        }
    }
    mutant
}

/// The rule files of the kinds above, and of real repositories where these are there.
fn samples() -> Vec<(FilePath, String)> {
    let path = |name: &str| FilePath::new(name).expect("a path");
    let own = KINDS.iter().map(|kind| (path(kind.file), kind.text.to_owned()));
    let mut samples: Vec<(FilePath, String)> = own.collect();
    let mut folders = corpora();
    while let Some(folder) = folders.pop() {
        for found in crate::support::below(&folder) {
            if found.is_dir() {
                folders.push(found);
                continue;
            }
            let name = found.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_source = [".yaml", ".yml", ".json", ".tf"].iter().any(|end| name.ends_with(end));
            if let Some(text) = std::fs::read_to_string(&found).ok().filter(|_| is_source) {
                samples.push((path(&name), text));
            }
        }
    }
    samples.sort();
    samples
}

/// 500 mutants, or as many as `GUIDEPOST_MUTANTS` says.
#[test]
fn no_mutant_of_a_rule_file_stops_the_reader_or_takes_long() {
    let wanted = std::env::var("GUIDEPOST_MUTANTS").ok().and_then(|text| text.parse().ok());
    let (samples, mut numbers) = (samples(), Numbers(0x9e37_79b9_7f4a_7c15));
    let mut slowest = (Duration::ZERO, String::new());
    let mut read: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..wanted.unwrap_or(500) {
        let (path, text) = &samples[numbers.below(samples.len())];
        let text = mutant(text, &mut numbers);
        let began = Instant::now();
        let found = read_sources(&[(path, &text)], &VariableValues::default(), &|_| true);
        let took = began.elapsed();
        for rule in found.values().flat_map(|file| &file.rules) {
            assert!(rule.at.range.end <= text.len() && text.is_char_boundary(rule.at.range.start));
            *read.entry(rule.source.name().to_owned()).or_default() += 1;
        }
        if took > slowest.0 {
            slowest = (took, format!("{path}\n{text}"));
        }
    }
    assert!(slowest.0 < Duration::from_secs(10), "{:?} for {}", slowest.0, slowest.1);
    assert!(!read.is_empty());
}
