//! Runbook links that rules lack or have wrong, as edits of the files in which the rules stand.
//!
//! Only text is put where the link belongs, and every other byte is kept: nothing is parsed and printed again. What comes
//! out is read once more, and an edit after which any rule says more or less than it should is taken back. Templates of
//! rule files, generated files and whatever is computed are left alone and named. Writes no file.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::Claims;
use super::contract::{Needed, needed_links};
use super::edit::{TextEdit, apply};
use super::read::read_sources;
use super::rule::{AlertRule, SourceKind, is_terraform};
use super::site::values;
use super::terraform;
use super::values::VariableValues;
use crate::config::Config;
use crate::diagnostic::Location;
use crate::files::{FilePath, Files};
use crate::value::{Node, json, yaml};

mod document;

/// How often edits are taken back and the others tried again before a file is left alone.
const MAX_ROUNDS: usize = 4;

/// Files with the runbook links that their rules lacked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repair {
    /// The files that differ, as they should be.
    pub files: Files,
    /// How many rules get a link.
    pub added: usize,
    /// How many get another one.
    pub replaced: usize,
    /// The rules whose link is left as it is, with the reason.
    pub left: Vec<LeftAlone>,
}

/// A rule that lacks its link and is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftAlone {
    /// Where its name stands.
    pub at: Location,
    /// The alert that it defines.
    pub name: String,
    /// Why nothing is written there.
    pub why: &'static str,
}

/// The sources of alert rules as they were read.
type FileTexts<'t> = BTreeMap<&'t FilePath, &'t str>;

/// The rules of each listed file.
type Rules = BTreeMap<FilePath, Vec<AlertRule>>;

/// A rule that needs a link, and the edit that writes it.
struct PlannedRepair<'r> {
    rule: &'r AlertRule,
    needed: &'r Needed,
    edit: TextEdit,
}

/// Puts the stable address of each claimed alert into the rules, among the listed files, that have no link to their
/// runbook or a wrong one. Without a base address there is none to put there, and nothing is done.
pub fn repair(
    config: &Config,
    files: &Files,
    listed: &BTreeSet<FilePath>,
    claims: &Claims,
) -> Repair {
    let values = values(config);
    let texts: FileTexts<'_> =
        files.iter().filter_map(|(path, _)| Some((path, files.text(path)?))).collect();
    let before = read(&texts, &values, listed);
    let rules: Vec<AlertRule> = before.values().flatten().cloned().collect();
    let needed = needed_links(&rules, claims);
    let mut repair = Repair::default();
    let mut documents: BTreeMap<&FilePath, Result<Vec<Node>, &'static str>> = BTreeMap::new();
    let mut planned: BTreeMap<&FilePath, Vec<PlannedRepair<'_>>> = BTreeMap::new();
    for (rule, needed) in rules.iter().zip(&needed) {
        let Some(needed) = needed else { continue };
        let Some((path, text)) = texts.get_key_value(&rule.at.path) else { continue };
        let edit = edit(rule, needed, text, || {
            documents.entry(path).or_insert_with(|| parsed(path, text)).as_ref()
        });
        match edit {
            Ok(edit) => {
                planned.entry(path).or_default().push(PlannedRepair { rule, needed, edit });
            }
            Err(why) => repair.leave(rule, why),
        }
    }
    for planned in planned.values_mut() {
        part_ways(planned, &mut repair);
    }
    settle(&mut repair, &texts, &before, planned, &|texts| read(texts, &values, listed));
    repair.left.sort_by(|a, b| {
        (&a.at.path, a.at.range.start, &a.name).cmp(&(&b.at.path, b.at.range.start, &b.name))
    });
    repair.left.dedup();
    repair
}

impl Repair {
    fn leave(&mut self, rule: &AlertRule, why: &'static str) {
        self.left.push(LeftAlone { at: rule.at.clone(), name: rule.name.clone(), why });
    }
}

/// The rules of the listed files, as they are written.
fn read(texts: &FileTexts<'_>, values: &VariableValues, listed: &BTreeSet<FilePath>) -> Rules {
    let texts: Vec<(&FilePath, &str)> = texts.iter().map(|(path, text)| (*path, *text)).collect();
    let read = read_sources(&texts, values, &|path| listed.contains(path));
    let wanted = read.into_iter().filter(|(path, _)| listed.contains(path));
    wanted.map(|(path, file)| (path, file.rules)).collect()
}

/// The documents of a file; why it is left alone if it has none to write into.
fn parsed(path: &FilePath, text: &str) -> Result<Vec<Node>, &'static str> {
    if path.as_str().split('/').any(|folder| folder == "cdk.out") {
        return Err("the file is made by the CDK; the link belongs into its source");
    }
    let document = if path.name().ends_with(".json") {
        json::parse(text, 0).map(|document| vec![document])
    } else {
        yaml::parse_documents(text, 0)
    };
    document.map_err(|_| "the file is a template")
}

/// What writes the link of one rule.
fn edit<'d>(
    rule: &AlertRule,
    needed: &Needed,
    text: &str,
    documents: impl FnOnce() -> Result<&'d Vec<Node>, &'d &'static str>,
) -> Result<TextEdit, &'static str> {
    let documents =
        if is_terraform(&rule.at.path) { None } else { Some(documents().map_err(|why| *why)?) };
    if let Some(wrong) = &needed.replaces
        && wrong.at.path == rule.at.path
        && text.get(wrong.at.range.clone()) == Some(&wrong.url)
    {
        return Ok(TextEdit::new(wrong.at.range.clone(), &needed.url));
    }
    let at = rule.at.range.start;
    match (documents, rule.source) {
        (None, _) => terraform::edit::with_link(text, at, &needed.url),
        (Some(documents), SourceKind::CloudFormation) => {
            document::with_described_link(text, documents, at, &needed.url)
        }
        (Some(documents), SourceKind::Prometheus | SourceKind::Grafana | SourceKind::Objective) => {
            document::with_annotated_link(text, documents, at, &needed.url)
        }
        // Monitors are edited in Datadog itself; the others stand in Terraform alone, and here in its plan.
        (
            Some(_),
            SourceKind::Datadog
            | SourceKind::Terraform
            | SourceKind::Azure
            | SourceKind::Google
            | SourceKind::NewRelic,
        ) => Err("links are not written into this kind of source"),
    }
}

/// Takes back edits of one place that differ: one text that makes several alerts cannot hold the link of each.
fn part_ways(planned: &mut Vec<PlannedRepair<'_>>, repair: &mut Repair) {
    planned.sort_by(|a, b| a.edit.cmp(&b.edit));
    let differ =
        |a: &PlannedRepair<'_>, b: &PlannedRepair<'_>| a.edit != b.edit && a.edit.touches(&b.edit);
    let mut clashes = vec![false; planned.len()];
    for place in 1..planned.len() {
        if differ(&planned[place - 1], &planned[place]) {
            clashes[place - 1] = true;
            clashes[place] = true;
        }
    }
    let mut clashes = clashes.into_iter();
    planned.retain(|planned| {
        let clashes = clashes.next() == Some(true);
        if clashes {
            repair.leave(planned.rule, "one place of the file makes several alerts");
        }
        !clashes
    });
}

/// Makes the edits, and takes back those after which a rule does not say what it should.
fn settle(
    repair: &mut Repair,
    texts: &FileTexts<'_>,
    before: &Rules,
    mut planned: BTreeMap<&FilePath, Vec<PlannedRepair<'_>>>,
    read: &dyn Fn(&FileTexts<'_>) -> Rules,
) {
    for _ in 0..MAX_ROUNDS {
        let edited: BTreeMap<&FilePath, String> = planned
            .iter()
            .map(|(path, planned)| {
                let mut edits: Vec<&TextEdit> =
                    planned.iter().map(|planned| &planned.edit).collect();
                edits.dedup();
                (*path, apply(texts[path], edits))
            })
            .collect();
        let mut all = texts.clone();
        all.extend(edited.iter().map(|(path, text)| (*path, text.as_str())));
        let after = read(&all);
        let wrong = misread(before, &after, &planned);
        if wrong.is_empty() {
            for planned in planned.values().flatten() {
                let count = match planned.needed.replaces {
                    Some(_) => &mut repair.replaced,
                    None => &mut repair.added,
                };
                *count += 1;
            }
            repair.files = edited
                .into_iter()
                .map(|(path, text)| (path.clone(), text.into_bytes().into()))
                .collect();
            return;
        }
        for (path, planned) in &mut planned {
            planned.retain(|planned| {
                let is_wrong =
                    wrong.files.contains(path) || wrong.rules.contains(&name_place(planned.rule));
                if is_wrong {
                    repair.leave(
                        planned.rule,
                        "its file is written in a way that cannot be edited safely",
                    );
                }
                !is_wrong
            });
        }
        planned.retain(|_, planned| !planned.is_empty());
    }
    for planned in planned.values().flatten() {
        repair.leave(planned.rule, "its file is written in a way that cannot be edited safely");
    }
}

/// Where a rule's name stands, and which name.
type NamePlace<'r> = (&'r FilePath, usize, &'r str);

fn name_place(rule: &AlertRule) -> NamePlace<'_> {
    (&rule.at.path, rule.at.range.start, &rule.name)
}

/// What edits make say what it should not.
#[derive(Default)]
struct Misread<'r> {
    /// The files of which that is all that is known.
    files: BTreeSet<&'r FilePath>,
    /// Rules that were edited.
    rules: BTreeSet<NamePlace<'r>>,
}

impl Misread<'_> {
    fn is_empty(&self) -> bool {
        self.files.is_empty() && self.rules.is_empty()
    }
}

fn misread<'r>(
    before: &'r Rules,
    after: &Rules,
    planned: &BTreeMap<&FilePath, Vec<PlannedRepair<'_>>>,
) -> Misread<'r> {
    let wanted: BTreeMap<NamePlace<'_>, &str> = planned
        .values()
        .flatten()
        .map(|PlannedRepair { rule, needed, .. }| (name_place(rule), needed.url.as_str()))
        .collect();
    let url = |rule: &AlertRule| rule.runbook.as_ref().map(|link| link.url.clone());
    let mut wrong = Misread::default();
    for (path, rules) in before {
        let Some(again) = after.get(path).filter(|again| again.len() == rules.len()) else {
            wrong.files.insert(path);
            wrong.files.extend(rules.iter().map(|rule| &rule.at.path));
            continue;
        };
        for (rule, again) in rules.iter().zip(again) {
            let written = wanted.get(&name_place(rule)).map(|url| (*url).to_owned());
            let is_written = written.is_some();
            if says(rule) == says(again) && url(again) == written.or_else(|| url(rule)) {
                continue;
            }
            if is_written {
                wrong.rules.insert(name_place(rule));
            } else {
                wrong.files.insert(&rule.at.path);
            }
        }
    }
    wrong
}

/// What a rule says besides its links.
fn says(rule: &AlertRule) -> impl PartialEq {
    (
        rule.name.clone(),
        rule.pattern.clone(),
        rule.severity.clone(),
        rule.expression.clone(),
        rule.duration.clone(),
        rule.source,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::claims::{Claim, Claims};
    use super::{Repair, repair};
    use crate::config::Config;
    use crate::files::{FilePath, Files};

    /// Repairs one file, where a page claims `Stuck` and another every `*-slow`.
    fn repaired(name: &str, text: &str) -> (String, Repair) {
        let path = FilePath::new(name).unwrap();
        let mut files = Files::default();
        files.insert(path.clone(), text.as_bytes().to_vec());
        let claim = |url: &str| {
            vec![Claim { url: url.to_owned(), page: "/queue/".to_owned(), ..Claim::default() }]
        };
        let claims = Claims {
            base_url: Some("https://r.example/".to_owned()),
            alerts: [
                ("Stuck".to_owned(), claim("/alerts/Stuck/")),
                ("*-slow".to_owned(), claim("/alerts/slow/")),
            ]
            .into(),
            addresses: [("/queue/".to_owned(), vec!["steps".to_owned()])].into(),
            ..Claims::default()
        };
        let listed: BTreeSet<FilePath> = [path.clone()].into();
        let repair = repair(&Config::default(), &files, &listed, &claims);
        let after = repair.files.text(&path).unwrap_or(text).to_owned();
        (after, repair)
    }

    /// `LINK` stands for the address that is written, in the text that is expected.
    fn check(name: &str, before: &str, expected: &str) {
        let (after, repair) = repaired(name, before);
        assert_eq!(
            after,
            expected.replace("LINK", "https://r.example/alerts/Stuck/"),
            "{repair:?}"
        );
        let (again, repair) = repaired(name, &after);
        assert_eq!((again, repair.added, repair.replaced), (after, 0, 0));
    }

    fn check_left(name: &str, text: &str, why: &str) {
        let (after, repair) = repaired(name, text);
        assert_eq!(after, text);
        let reasons: Vec<&str> = repair.left.iter().map(|left| left.why).collect();
        assert_eq!(reasons, [why], "{text}");
    }

    #[test]
    fn rules_get_their_annotation_in_the_style_of_their_file() {
        check(
            "a.yaml",
            "groups:\n  - rules:\n      - alert: Stuck # old\n        expr: |\n          a\n            > 1\n\n      - alert: Other\n",
            "groups:\n  - rules:\n      - alert: Stuck # old\n        expr: |\n          a\n            > 1\n        \
             annotations:\n          runbook_url: LINK\n\n      - alert: Other\n",
        );
        check(
            "a.yaml",
            "groups:\r\n- rules:\r\n  - alert: Stuck\r\n    annotations:\r\n      summary: x # why\r\n    labels: {a: b}",
            "groups:\r\n- rules:\r\n  - alert: Stuck\r\n    annotations:\r\n      runbook_url: LINK\r\n      summary: x # why\r\n    \
             labels: {a: b}",
        );
        check(
            "a.yaml",
            "groups: [{rules: [{alert: Stuck, annotations: {}}, {alert: B}]}]",
            "groups: [{rules: [{alert: Stuck, annotations: {runbook_url: \"LINK\"}}, {alert: B}]}]",
        );
        check(
            "a.yaml",
            "groups: [{rules: [{alert: Stuck}]}]",
            "groups: [{rules: [{annotations: {runbook_url: \"LINK\"}, alert: Stuck}]}]",
        );
        check(
            "a.yml",
            "groups:\n- rules:\n  - alert: Stuck\n    annotations:\n",
            "groups:\n- rules:\n  - alert: Stuck\n    annotations:\n      runbook_url: LINK\n",
        );
        check(
            "a.json",
            "{\"groups\": [{\"rules\": [{\n  \"alert\": \"Stuck\",\n  \"expr\": \"up\"\n}]}]}\n",
            "{\"groups\": [{\"rules\": [{\n  \"annotations\": {\"runbook_url\": \"LINK\"},\n  \"alert\": \"Stuck\",\n  \
             \"expr\": \"up\"\n}]}]}\n",
        );
    }

    #[test]
    fn links_that_lead_elsewhere_or_nowhere_are_replaced_where_they_stand() {
        for wrong in
            ["https://wiki.example/x", "https://r.example/gone/", "https://r.example/queue/#gone"]
        {
            check(
                "a.yaml",
                &format!(
                    "groups: [{{rules: [{{alert: Stuck, annotations: {{runbook_url: '{wrong}'}}}}]}}]"
                ),
                "groups: [{rules: [{alert: Stuck, annotations: {runbook_url: 'LINK'}}]}]",
            );
            check(
                "a.tf",
                &format!(
                    "resource \"aws_cloudwatch_metric_alarm\" \"a\" {{\n  alarm_name = \"Stuck\"\n  \
                     alarm_description = \"Old. [Runbook]({wrong}) now\"\n}}\n"
                ),
                "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name = \"Stuck\"\n  \
                 alarm_description = \"Old. [Runbook](LINK) now\"\n}\n",
            );
        }
        for fine in ["https://r.example/queue/#steps", "https://r.example/alerts/stuck"] {
            let text = format!(
                "groups: [{{rules: [{{alert: Stuck, annotations: {{runbook_url: '{fine}'}}}}]}}]"
            );
            check("a.yaml", &text, &text);
        }
    }

    #[test]
    fn alarms_of_cloudformation_get_it_in_their_description() {
        let alarm = |properties: &str| {
            format!(
                "Resources:\n  A:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      AlarmName: Stuck\n{properties}"
            )
        };
        for (before, after) in [
            (
                "      AlarmDescription: Old messages\n",
                "      AlarmDescription: Old messages [Runbook](LINK)\n",
            ),
            (
                "      AlarmDescription: \"Old\" # x\n",
                "      AlarmDescription: \"Old [Runbook](LINK)\" # x\n",
            ),
            (
                "      AlarmDescription: !Sub '${A} old'\n",
                "      AlarmDescription: !Sub '${A} old [Runbook](LINK)'\n",
            ),
            (
                "      AlarmDescription: >-\n        Old\n        messages\n      Threshold: 1\n",
                "      AlarmDescription: >-\n        Old\n        messages [Runbook](LINK)\n      Threshold: 1\n",
            ),
            (
                "      AlarmDescription: {'Fn::Sub': 'x'}\n",
                "      AlarmDescription: {'Fn::Sub': 'x [Runbook](LINK)'}\n",
            ),
            ("      AlarmDescription: \"\"\n", "      AlarmDescription: \"[Runbook](LINK)\"\n"),
            (
                "      AlarmDescription: See https://grafana.example/d/1\n",
                "      AlarmDescription: See https://grafana.example/d/1 [Runbook](LINK)\n",
            ),
        ] {
            check("a.yaml", &alarm(before), &alarm(after));
        }
        check(
            "a.yaml",
            &alarm(""),
            "Resources:\n  A:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      \
             AlarmDescription: \"[Runbook](LINK)\"\n      AlarmName: Stuck\n",
        );
        check(
            "a.template.json",
            "{\"Resources\": {\"A\": {\"Type\": \"AWS::CloudWatch::Alarm\", \"Properties\": {\"AlarmName\": \"Stuck\"}}}}",
            "{\"Resources\": {\"A\": {\"Type\": \"AWS::CloudWatch::Alarm\", \"Properties\": \
             {\"AlarmDescription\": \"[Runbook](LINK)\", \"AlarmName\": \"Stuck\"}}}}",
        );
        check(
            "a.yaml",
            "Resources: {Stuck: {Type: 'AWS::CloudWatch::Alarm', Properties: {AlarmName: Stuck, AlarmDescription: is old}}}",
            "Resources: {Stuck: {Type: 'AWS::CloudWatch::Alarm', Properties: {AlarmName: Stuck, \
             AlarmDescription: \"is old [Runbook](LINK)\"}}}",
        );
        let (after, _) = repaired("a.yaml", &alarm("").replace("Stuck", "!Sub '${Env}-slow'"));
        assert!(after.contains("(https://r.example/alerts/slow/)"), "{after}");
    }

    #[test]
    fn alarms_of_terraform_get_it_beside_their_name() {
        let alarm =
            |body: &str| format!("resource \"aws_cloudwatch_metric_alarm\" \"a\" {{\n{body}}}\n");
        for (before, after) in [
            (
                "  alarm_name          = \"Stuck\" # x\n  threshold           = 1\n",
                "  alarm_name          = \"Stuck\" # x\n  alarm_description   = \"[Runbook](LINK)\"\n  threshold           = 1\n",
            ),
            (
                "  alarm_name = \"Stuck\"\n  alarm_description = \"${var.x} old\"\n",
                "  alarm_name = \"Stuck\"\n  alarm_description = \"${var.x} old [Runbook](LINK)\"\n",
            ),
            (
                "  alarm_name = \"Stuck\"\n  alarm_description = <<-EOT\n    Old.\n    Very.\n  EOT\n",
                "  alarm_name = \"Stuck\"\n  alarm_description = <<-EOT\n    Old.\n    Very. [Runbook](LINK)\n  EOT\n",
            ),
        ] {
            check("a.tf", &alarm(before), &alarm(after));
        }
        check(
            "a.tf",
            "resource \"datadog_monitor\" \"a\" {\n  name    = \"Stuck\"\n  message = \"Old\"\n}\n",
            "resource \"datadog_monitor\" \"a\" {\n  name    = \"Stuck\"\n  message = \"Old [Runbook](LINK)\"\n}\n",
        );
    }

    #[test]
    fn what_cannot_hold_the_link_is_left_alone_and_named() {
        check_left(
            "a.yaml",
            "{{- if .Values.on }}\ngroups:\n- rules:\n  - alert: Stuck\n{{- end }}\n",
            "the file is a template",
        );
        check_left(
            "a.yaml",
            "common: &common {summary: x}\ngroups:\n- rules:\n  - alert: Stuck\n    annotations: *common\n",
            "what would hold the link is computed or shared with other rules",
        );
        check_left(
            "a.yaml",
            "kind: ConfigMap\ndata:\n  a.yaml: |\n    groups: [{rules: [{alert: Stuck}]}]\n",
            "the rule is wrapped up in a text",
        );
        check_left(
            "a.yaml",
            "Resources: {Stuck: {Type: 'AWS::CloudWatch::Alarm', Properties: {AlarmName: Stuck, AlarmDescription: !Ref X}}}",
            "what would hold the link is computed or shared with other rules",
        );
        check_left(
            "cdk.out/a.template.json",
            "{\"Resources\": {\"A\": {\"Type\": \"AWS::CloudWatch::Alarm\", \"Properties\": {\"AlarmName\": \"Stuck\"}}}}",
            "the file is made by the CDK; the link belongs into its source",
        );
        check_left(
            "a.tf",
            "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name = \"Stuck\"\n  alarm_description = local.text\n}\n",
            "its description is computed",
        );
        check_left(
            "a.tf",
            "resource \"aws_cloudwatch_metric_alarm\" \"a\" { alarm_name = \"Stuck\" }\n",
            "the resource stands on one line",
        );
    }

    #[test]
    fn one_place_that_makes_several_alerts_is_left_alone() {
        let text = "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  for_each = toset([\"Stuck\", \"a-slow\"])\n  \
                    alarm_name = each.key\n}\n";
        let (after, repair) = repaired("a.tf", text);
        assert_eq!(after, text);
        assert_eq!(repair.left.len(), 2, "{repair:?}");
    }
}
