//! Folders of `.tf` files to alert rules: each folder is a module, and a call inside the repository makes the alerts
//! of the folder that it names once more, with its own inputs.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::Span;
use hcl_edit::structure::{Block, Body};

use super::super::cloudwatch::Properties;
use super::super::described::PropertyText;
use super::super::pattern::Pattern;
use super::super::rule::{RuleFile, SourceFile};
use super::super::values::VariableValues;
use super::resource::{self, ResourceKind, kind_of, kind_of_module};
use super::scope::{Module, Scope};
use super::value::Val;
use crate::diagnostic::{Diagnostic, alerts};
use crate::files::FilePath;

/// How deep modules may call each other.
const MAX_CALLS: usize = 8;

/// How many alerts the modules of a repository may make.
const MAX_ALERTS: usize = 20_000;

/// How many attributes of a resource are looked at.
const MAX_ATTRIBUTES: usize = 400;

/// A `.tf` file that could be parsed.
struct Parsed<'a> {
    source: RuleFile<'a>,
    body: Body,
}

/// What is read so far.
struct ConfigurationReading<'a> {
    /// The files of each folder.
    folders: BTreeMap<String, Vec<&'a Parsed<'a>>>,
    modules: BTreeMap<String, Module<'a>>,
    values: &'a VariableValues,
    read: BTreeMap<FilePath, SourceFile>,
    count: usize,
}

/// Reads `.tf`, `.hcl` and `.tfvars` files together; each alert is among those of the file in which its resource stands,
/// or, where that is only called, of the file that `is_listed` and calls it.
pub(in super::super) fn read(
    files: &[(&FilePath, &str)],
    values: &VariableValues,
    is_listed: &dyn Fn(&FilePath) -> bool,
) -> BTreeMap<FilePath, SourceFile> {
    let mut read: BTreeMap<FilePath, SourceFile> = BTreeMap::new();
    let (mut parsed, mut given) = (Vec::new(), Vec::new());
    for (path, text) in files {
        let source = RuleFile { path, text };
        let file = read.entry((*path).clone()).or_default();
        match hcl_edit::parser::parse_body(text) {
            Ok(body) if path.name().ends_with(".tfvars") => given.push(Parsed { source, body }),
            Ok(body) => parsed.push(Parsed { source, body }),
            Err(error) => file.skipped.push(unreadable(&source, &error)),
        }
    }
    let mut reading = ConfigurationReading {
        folders: BTreeMap::new(),
        modules: BTreeMap::new(),
        values,
        read,
        count: 0,
    };
    for file in &parsed {
        let folder = folder_of(file.source.path);
        reading.modules.entry(folder.clone()).or_default().declare(&file.body);
        reading.folders.entry(folder).or_default().push(file);
    }
    for file in &given {
        reading.give(file);
    }
    let called = called(&parsed);
    let roots: Vec<String> =
        reading.folders.keys().filter(|folder| !called.contains(*folder)).cloned().collect();
    // Modules that call each other in a ring have no root; each is read for itself.
    let roots = if roots.is_empty() { reading.folders.keys().cloned().collect() } else { roots };
    for root in &roots {
        reading.module(root, &BTreeMap::new(), None, is_listed, 0);
    }
    reading.read
}

impl<'a> ConfigurationReading<'a> {
    /// What a `.tfvars` file gives. Terraform loads `terraform.tfvars` and `*.auto.tfvars` by itself; others are
    /// alternatives, one an environment.
    fn give(&mut self, file: &'a Parsed<'a>) {
        let name = file.source.path.name();
        let is_loaded = name == "terraform.tfvars" || name.ends_with(".auto.tfvars");
        let empty = Module::default();
        let inputs = BTreeMap::new();
        let none = VariableValues::default();
        let scope = Scope::new(&empty, &inputs, &none);
        let values: Vec<(String, Val)> = file
            .body
            .attributes()
            .map(|attribute| (attribute.key.as_str().to_string(), scope.value(&attribute.value)))
            .collect();
        let folder = folder_of(file.source.path);
        // Files of values often stand in a folder of their own below the module's.
        let owner = folder.rsplit_once('/').map_or("", |(above, _)| above).to_string();
        let owner = if self.modules.contains_key(&folder) { folder } else { owner };
        let Some(module) = self.modules.get_mut(&owner) else { return };
        for (name, value) in values {
            let held = module.given.entry(name).or_default();
            if is_loaded {
                held.clear();
            }
            held.push(value);
        }
    }

    /// Reads the alerts of a folder, called with inputs; `caller` is the file of the outermost call.
    fn module(
        &mut self,
        folder: &str,
        inputs: &BTreeMap<String, Val>,
        caller: Option<&FilePath>,
        is_listed: &dyn Fn(&FilePath) -> bool,
        depth: usize,
    ) {
        let Some(files) = self.folders.get(folder).cloned() else { return };
        let Some(module) = self.modules.remove(folder) else { return };
        let scope = Scope::new(&module, inputs, self.values);
        let mut calls: Vec<(String, BTreeMap<String, Val>, FilePath)> = Vec::new();
        for file in files {
            let own = file.source.path;
            let owner = if is_listed(own) { own } else { caller.unwrap_or(own) };
            for block in file.body.blocks() {
                match (block.ident.as_str(), block.labels.first()) {
                    ("resource", Some(label)) => {
                        if let Some(kind) = kind_of(label.as_str()) {
                            self.alerts(&file.source, kind, block, &scope, owner);
                        }
                    }
                    ("module", Some(_)) => {
                        let to =
                            module_folder(block, folder).filter(|to| self.folders.contains_key(to));
                        match to {
                            Some(to) => {
                                let outermost = caller.unwrap_or(own).clone();
                                let each = instances(block, &scope);
                                calls.extend(each.iter().map(|inside| {
                                    (to.clone(), call_inputs(block, inside), outermost.clone())
                                }));
                            }
                            None => self.foreign_module(&file.source, block, &scope, owner),
                        }
                    }
                    _ => {}
                }
            }
        }
        drop(scope);
        self.modules.insert(folder.to_string(), module);
        for (to, inputs, outermost) in calls {
            if depth < MAX_CALLS && self.count < MAX_ALERTS && to != folder {
                self.module(&to, &inputs, Some(&outermost), is_listed, depth + 1);
            }
        }
    }

    /// Adds the alerts of a resource, each of its `count` and `for_each`.
    fn alerts(
        &mut self,
        source: &RuleFile<'_>,
        kind: &ResourceKind,
        block: &'a Block,
        scope: &Scope<'_, 'a>,
        owner: &FilePath,
    ) {
        for inside in instances(block, scope) {
            let nested = block.body.blocks();
            let bodies: Vec<&Body> = match kind.each {
                Some(each) => {
                    nested.filter(|block| block.has_ident(each)).map(|block| &block.body).collect()
                }
                None => vec![&block.body],
            };
            for body in bodies {
                self.alert(source, kind, body, &inside, owner);
            }
        }
    }

    fn alert(
        &mut self,
        source: &RuleFile<'_>,
        kind: &ResourceKind,
        body: &'a Body,
        scope: &Scope<'_, 'a>,
        owner: &FilePath,
    ) {
        if self.count >= MAX_ALERTS {
            return;
        }
        self.count += 1;
        let properties = properties(body, scope);
        let start = body.span().map_or(0, |span| span.start);
        let name = properties.get(kind.name).cloned();
        let name = name.unwrap_or_else(|| PropertyText {
            text: Pattern::hole(kind.name),
            range: start..start,
        });
        let rule = resource::rule(source, kind, &name, &properties);
        let rules = &mut self.read.entry(owner.clone()).or_default().rules;
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }

    /// A call of a module that is not in the repository: an alert if it is given an alarm's name, else a reason why
    /// nothing was read.
    fn foreign_module(
        &mut self,
        source: &RuleFile<'_>,
        block: &'a Block,
        scope: &Scope<'_, 'a>,
        owner: &FilePath,
    ) {
        let kind = kind_of_module();
        if block.body.has_attribute(kind.name) {
            self.alerts(source, kind, block, scope, owner);
            return;
        }
        let file = self.read.entry(owner.clone()).or_default();
        file.why_empty.get_or_insert("a module call, its source is not in the repository");
    }
}

/// The folders that some module call names.
fn called(parsed: &[Parsed<'_>]) -> BTreeSet<String> {
    let calls = parsed.iter().flat_map(|file| {
        let folder = folder_of(file.source.path);
        let blocks = file.body.get_blocks("module");
        blocks.filter_map(move |block| module_folder(block, &folder).filter(|to| *to != folder))
    });
    calls.collect()
}

/// The folder in the repository that a module call names.
fn module_folder(block: &Block, folder: &str) -> Option<String> {
    let source = block.body.get_attribute("source")?.value.as_str()?;
    if !(source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..")) {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in source.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn folder_of(path: &FilePath) -> String {
    path.as_str().rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_string())
}

/// The scopes of a block, one for each of its `count` and `for_each`; one where these are not known, even if they may
/// be none, since another environment may have some.
fn instances<'s, 'a>(block: &'a Block, scope: &Scope<'s, 'a>) -> Vec<Scope<'s, 'a>> {
    let bound = |pairs: Vec<(&str, Val)>| {
        scope.with(pairs.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    };
    if let Some(each) = block.body.get_attribute("for_each") {
        let value = scope.value(&each.value);
        let is_set = matches!(value, Val::List(_));
        let pairs = value.each().filter(|pairs| !pairs.is_empty());
        let scopes = pairs.map(|pairs| {
            let pair = |(key, value): (Val, Val)| {
                let key = if is_set { value.clone() } else { key };
                bound(vec![("each.key", key), ("each.value", value)])
            };
            pairs.into_iter().map(pair).collect()
        });
        return scopes.unwrap_or_else(|| vec![scope.with(Vec::new())]);
    }
    let count = block.body.get_attribute("count").map(|count| scope.value(&count.value));
    let count =
        count.and_then(|count| count.as_literal().and_then(|text| text.parse::<usize>().ok()));
    match count {
        Some(count @ 1..=500) => (0..count)
            .map(|index| bound(vec![("count.index", Val::text(index.to_string()))]))
            .collect(),
        _ => vec![scope.with(Vec::new())],
    }
}

/// What a call gives to the variables of its module.
fn call_inputs<'a>(block: &'a Block, scope: &Scope<'_, 'a>) -> BTreeMap<String, Val> {
    const META: &[&str] = &["source", "version", "count", "for_each", "providers", "depends_on"];
    let attributes = block.body.attributes().filter(|input| !META.contains(&input.key.as_str()));
    attributes
        .map(|input| (input.key.as_str().to_string(), scope.value(&input.value)))
        .filter(|(_, value)| *value != Val::Null)
        .collect()
}

/// The attributes of a resource, those of nested blocks and objects under their path. The first of a path counts.
fn properties<'a>(body: &'a Body, scope: &Scope<'_, 'a>) -> Properties {
    let mut properties = Properties::new();
    let mut open: Vec<(String, &'a Body)> = vec![(String::new(), body)];
    while let Some((path, body)) = open.pop() {
        for attribute in body.attributes() {
            let range = attribute.value.span().unwrap_or(0..0);
            let key = format!("{path}{}", attribute.key.as_str());
            add(&mut properties, key, &scope.value(&attribute.value), &range);
        }
        let nested: Vec<&Block> = body.blocks().collect();
        if properties.len() < MAX_ATTRIBUTES {
            let path = |block: &Block| format!("{path}{}.", block.ident.as_str());
            open.extend(nested.into_iter().rev().map(|block| (path(block), &block.body)));
        }
    }
    properties
}

fn add(properties: &mut Properties, key: String, value: &Val, range: &std::ops::Range<usize>) {
    match value {
        Val::Map(entries) => {
            for (name, value) in entries {
                let name = if key == "dimensions" { name.clone() } else { name.to_lowercase() };
                add(properties, format!("{key}.{name}"), value, range);
            }
        }
        Val::List(items) if key == "tags" => {
            for (place, item) in items.iter().enumerate() {
                add(properties, format!("{key}[{place}]"), item, range);
            }
        }
        value => {
            if let Some(text) = value.pattern()
                && properties.len() < MAX_ATTRIBUTES
            {
                properties.entry(key).or_insert(PropertyText { text, range: range.clone() });
            }
        }
    }
}

/// What keeps a file from being parsed, at its place.
fn unreadable(source: &RuleFile<'_>, error: &hcl_edit::parser::Error) -> Diagnostic {
    let place = error.location();
    let line_start: usize =
        source.text.split_inclusive('\n').take(place.line().saturating_sub(1)).map(str::len).sum();
    let line = source.text[line_start..].lines().next().unwrap_or_default();
    let column = line
        .char_indices()
        .nth(place.column().saturating_sub(1))
        .map_or(line.len(), |(byte, _)| byte);
    let start = line_start + column;
    let length = source.text[start..]
        .chars()
        .next()
        .filter(|first| *first != '\n')
        .map_or(0, char::len_utf8);
    let range = start..start + length;
    let why = error.message().lines().next().unwrap_or("invalid HCL").replace("; ", ", ");
    alerts::source_not_parsed(source.at(range), &why)
}

#[cfg(test)]
mod tests {
    use crate::check::alerts::read::read_source;
    use crate::check::alerts::values::VariableValues;
    use crate::check::alerts::{AlertRule, read_sources};
    use crate::files::FilePath;

    /// Each rule as `name|severity|expression|duration|url|summary`, each skipped thing as its message.
    fn check(name: &str, text: &str, expected: &[&str]) {
        let file = read_source(&FilePath::new(name).unwrap(), text);
        let mut found: Vec<String> = Vec::new();
        for rule in &file.rules {
            let url = rule.runbook.as_ref().map(|link| {
                assert_eq!(&text[link.at.range.clone()], link.url);
                link.url.as_str()
            });
            let part = |part: Option<&str>| part.unwrap_or("-").to_string();
            found.push(
                [
                    rule.name.clone(),
                    part(rule.severity.as_deref()),
                    part(rule.expression.as_deref()),
                    part(rule.duration.as_deref()),
                    part(url),
                    part(rule.summary.as_deref()),
                ]
                .join("|"),
            );
        }
        found.extend(file.skipped.iter().map(|skipped| skipped.message.clone()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn an_alarm_is_read_with_its_condition_severity_and_link() {
        check(
            "alarms.tf",
            "resource \"aws_sns_topic\" \"t\" {}\nresource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  \
             alarm_name = \"Errors\"\n  alarm_description = <<-EOT\n    It fails.\n    \
             [Runbook](https://r.example/Errors/)\n  EOT\n  metric_name = \"Errors\"\n  statistic = \"Sum\"\n  \
             comparison_operator = \"LessThanThreshold\"\n  threshold = 1.5\n  period = 86400\n  \
             evaluation_periods = 1\n  tags = { Severity = \"P1\" }\n}\n",
            &["Errors|P1|Sum of Errors < 1.5|1d|https://r.example/Errors/|It fails."],
        );
    }

    #[test]
    fn literal_locals_and_defaults_are_followed() {
        check(
            "alarms.tf",
            "variable \"env\" { default = \"prod\" }\nlocals { prefix = \"va-${var.env}\" }\n\
             resource \"aws_cloudwatch_metric_alarm\" \"a\" { alarm_name = \"${local.prefix}-errors\" }\n\
             resource \"aws_cloudwatch_metric_alarm\" \"b\" { alarm_name = var.env }\n",
            &["va-prod-errors|-|-|-|-|-", "prod|-|-|-|-|-"],
        );
    }

    #[test]
    fn locals_that_double_each_other_without_end_are_not_followed() {
        let double =
            |level: usize| format!("l{level} = \"${{local.l{0}}}${{local.l{0}}}\"\n", level - 1);
        let locals: String = (1..64).map(double).collect();
        let alarm = |name: &str| {
            format!("resource \"aws_cloudwatch_metric_alarm\" \"a\" {{ alarm_name = {name} }}\n")
        };
        check(
            "alarms.tf",
            &format!(
                "locals {{\nl0 = \"x\"\n{locals}}}\n{}{}",
                alarm("local.l2"),
                alarm("local.l63")
            ),
            &["xxxx|-|-|-|-|-", "{l33}|-|-|-|-|-"],
        );
    }

    #[test]
    fn a_name_that_a_loop_computes_is_a_pattern() {
        check(
            "alarms.tf",
            "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  for_each = var.all\n  \
             alarm_name = \"${each.key}-errors\"\n}\n\
             resource \"aws_cloudwatch_composite_alarm\" \"b\" {\n  alarm_name = \"Both\"\n  \
             alarm_rule = \"ALARM(A) OR ALARM(B)\"\n}\n",
            &["{each.key}-errors|-|-|-|-|-", "Both|-|ALARM(A) OR ALARM(B)|-|-|-"],
        );
    }

    #[test]
    fn a_file_that_is_no_hcl_is_skipped_with_the_place() {
        let path = FilePath::new("alarms.tf").unwrap();
        let file = read_source(&path, "a = 1\nb = ü }\n");
        assert_eq!(file.skipped.len(), 1);
        assert!(file.skipped[0].message.starts_with("not read: "), "{}", file.skipped[0].message);
        assert!(file.skipped[0].at.range.start >= 6);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[ a-b={}\\[\\]\"$%<\\-\n#/é\\\\,.0]{0,60}") {
            let head = "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\nalarm_name = ";
            read_source(&FilePath::new("a.tf").unwrap(), &format!("{head}{text}"));
            read_source(&FilePath::new("a.json").unwrap(), &text);
        }
    }

    #[test]
    fn plans_and_states_are_read_through_all_modules() {
        let alarm = |name: &str| {
            format!(
                "{{\"mode\": \"managed\", \"type\": \"aws_cloudwatch_metric_alarm\", \
                 \"values\": {{\"alarm_name\": {name}, \"tags\": {{\"severity\": \"P2\"}}}}}}"
            )
        };
        let text = format!(
            "{{\"planned_values\": {{\"root_module\": {{\"resources\": [{}, {}], \
             \"child_modules\": [{{\"resources\": [{}]}}]}}}}}}",
            alarm("\"A\""),
            alarm("null"),
            alarm("\"B\"")
        );
        check("plan.json", &text, &["A|P2|-|-|-|-", "{alarm_name}|P2|-|-|-|-", "B|P2|-|-|-|-"]);
        let state =
            format!("{{\"values\": {{\"root_module\": {{\"resources\": [{}]}}}}}}", alarm("\"S\""));
        check("state.json", &state, &["S|P2|-|-|-|-"]);
    }

    /// The alerts of several files by the file that they are listed under, as `path name url`.
    fn together(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<(FilePath, &str)> =
            files.iter().map(|(path, text)| (FilePath::new(path).unwrap(), *text)).collect();
        let files: Vec<(&FilePath, &str)> =
            files.iter().map(|(path, text)| (path, *text)).collect();
        let read = read_sources(&files, &VariableValues::default(), &|path| {
            !path.as_str().contains("hidden")
        });
        let mut found = Vec::new();
        for (path, file) in &read {
            assert_eq!(file.skipped, [], "{path}");
            let url = |rule: &AlertRule| {
                rule.runbook.as_ref().map_or("-".to_string(), |link| link.url.clone())
            };
            found.extend(
                file.rules.iter().map(|rule| format!("{path} {} {}", rule.name, url(rule))),
            );
        }
        assert_eq!(found, expected);
    }

    const ALARM: &str = "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name = \"${var.env}-${var.queue}-old\"\n  \
        alarm_description = \"Runbook: ${var.runbook}\"\n}\nvariable \"env\" {}\nvariable \"queue\" { default = \"mail\" }\n\
        variable \"runbook\" { default = \"\" }\n";

    #[test]
    fn a_module_is_read_once_for_each_call_with_its_inputs() {
        let calls = "module \"one\" {\n  source = \"../modules/queue\"\n  env = \"prod\"\n  runbook = \"https://r.example/${local.n}\"\n}\n\
                     module \"two\" {\n  source = \"../modules/queue/\"\n  for_each = toset([\"sms\", \"push\"])\n  queue = each.key\n  env = var.stage\n}\n\
                     locals { n = \"one\" }\nvariable \"stage\" {}\n";
        together(
            &[("live/main.tf", calls), ("modules/queue/alarm.tf", ALARM)],
            &[
                "modules/queue/alarm.tf prod-mail-old https://r.example/one",
                "modules/queue/alarm.tf {stage}-sms-old -",
                "modules/queue/alarm.tf {stage}-push-old -",
            ],
        );
        together(&[("live/main.tf", calls), ("modules/queue/hidden.tf", "")], &[]);
        together(
            &[("hidden/a.tf", ""), ("modules/queue/alarm.tf", ALARM)],
            &["modules/queue/alarm.tf {env}-mail-old -"],
        );
    }

    #[test]
    fn alerts_of_a_module_that_is_not_listed_are_those_of_the_caller() {
        let call = "module \"q\" {\n  source = \"./hidden\"\n  env = \"prod\"\n}\n";
        together(
            &[("main.tf", call), ("hidden/alarm.tf", ALARM)],
            &["hidden/alarm.tf prod-mail-old -"].map(|_| "main.tf prod-mail-old -"),
        );
    }

    #[test]
    fn values_of_several_files_are_alternatives_and_those_loaded_by_themselves_hold() {
        together(
            &[
                ("a/alarm.tf", ALARM),
                ("a/env/prod.tfvars", "env = \"prod\"\n"),
                ("a/env/test.tfvars", "env = \"test\"\n"),
                ("a/terraform.tfvars", "queue = \"sms\"\n"),
            ],
            &["a/alarm.tf {env}-sms-old -"],
        );
        together(
            &[("a/alarm.tf", ALARM), ("a/x.auto.tfvars", "env = \"prod\"\n")],
            &["a/alarm.tf prod-mail-old -"],
        );
    }

    #[test]
    fn functions_conditions_loops_and_attributes_of_resources_are_followed() {
        for (expression, expected) in [
            ("replace(\"${var.env}-a.b\", \".\", \"\")", "{env}-ab"),
            ("format(\"%s-%s-%d\", var.env, lower(\"ABC\"), 3)", "{env}-abc-3"),
            ("join(\"-\", [var.env, upper(\"x\"), local.team])", "{env}-X-ops"),
            ("\"${local.names[\"q\"]}-x\"", "queue-x"),
            ("lookup(local.names, \"none\", \"other\")", "other"),
            ("merge(local.names, {q = \"new\"}).q", "new"),
            ("local.is_prod ? \"a\" : \"b\"", "*"),
            ("\"${local.is_prod ? \"live\" : \"test\"}-x\"", "*-x"),
            ("local.known ? \"a\" : \"b\"", "a"),
            ("\"${aws_sqs_queue.mail.name}-old\"", "mail-queue-old"),
            ("\"${aws_sqs_queue.gone.name}-old\"", "{aws_sqs_queue.gone.name}-old"),
            ("\"${data.aws_region.here.name}-old\"", "{data.aws_region.here.name}-old"),
            ("\"${element([\"a\", \"b\"], 3)}-${length([1, 2])}\"", "b-2"),
            ("join(\",\", [for k, v in local.names : \"${k}=${v}\" if k != \"z\"])", "q=queue"),
            ("coalesce(null, \"\", \"c\")", "c"),
            ("try(local.names.q, \"x\")", "queue"),
            ("split(\"/\", \"a/b\")[1]", "b"),
            ("substr(\"abcdef\", 1, 3)", "bcd"),
            ("title(trimspace(\" a b \"))", "A B"),
            ("trimprefix(trimsuffix(\"a-b-c\", \"-c\"), \"a-\")", "b"),
            ("jsonencode({a = [1, null]})", "{\"a\":[\"1\",null]}"),
            ("\"%{ if true }a%{ endif }-x\"", "*-x"),
            ("local.ring", "{ring}"),
            ("md5(\"a\")", "*"),
            ("concat([\"a\"], [\"b\"])[1]", "b"),
            ("replace(\"a1b\", \"/[0-9]/\", \"\")", "*"),
        ] {
            let text = format!(
                "variable \"env\" {{}}\nlocals {{\n  team = \"ops\"\n  names = {{ q = \"queue\", z = \"last\" }}\n  is_prod = var.env == \"prod\"\n  \
                 known = contains([\"a\"], \"a\") && !false\n  ring = local.ring2\n  ring2 = local.ring\n}}\n\
                 resource \"aws_sqs_queue\" \"mail\" {{ name = \"mail-queue\" }}\n\
                 resource \"aws_cloudwatch_metric_alarm\" \"a\" {{\n  alarm_name = {expression}\n}}\n"
            );
            check("a.tf", &text, &[&format!("{expected}|-|-|-|-|-")]);
        }
    }

    #[test]
    fn alerts_of_other_providers_and_of_well_known_modules_are_read() {
        check(
            "a.tf",
            "resource \"datadog_monitor\" \"d\" {\n  name = \"Slow\"\n  message = \"See https://r.example/alerts/Slow\"\n  query = \"avg:x > 1\"\n  priority = 2\n}\n\
             resource \"google_monitoring_alert_policy\" \"g\" {\n  display_name = \"Full\"\n  severity = \"CRITICAL\"\n  \
             documentation { content = \"[Runbook](https://r.example/full)\" }\n}\n\
             resource \"azurerm_monitor_metric_alert\" \"z\" {\n  name = \"Hot\"\n  description = \"Too hot.\"\n  severity = 1\n  \
             criteria { metric_name = \"Temperature\" }\n}\n\
             resource \"grafana_rule_group\" \"r\" {\n  name = \"group\"\n  rule {\n    name = \"One\"\n    for = \"5m\"\n    \
             labels = { severity = \"page\" }\n    annotations = { runbook_url = \"https://r.example/one\" }\n  }\n  rule { name = \"Two\" }\n}\n\
             module \"m\" {\n  source = \"terraform-aws-modules/cloudwatch/aws//modules/metric-alarm\"\n  alarm_name = \"Old\"\n}\n",
            &[
                "Slow|2|avg:x > 1|-|https://r.example/alerts/Slow|-",
                "Full|CRITICAL|-|-|https://r.example/full|-",
                "Hot|1|Temperature|-|-|Too hot.",
                "One|page|-|5m|https://r.example/one|-",
                "Two|-|-|-|-|-",
                "Old|-|-|-|-|-",
            ],
        );
        let file =
            read_source(&FilePath::new("a.tf").unwrap(), "module \"m\" { source = \"a/b/c\" }\n");
        assert_eq!(file.why_empty, Some("a module call, its source is not in the repository"));
    }

    #[test]
    fn modules_that_call_each_other_and_lists_that_double_end() {
        let ring = |other: &str| {
            format!(
                "module \"m\" {{\n  source = \"../{other}\"\n  env = \"${{var.env}}x\"\n}}\n{ALARM}"
            )
        };
        let (a, b) = (ring("b"), ring("a"));
        let files = [("a/m.tf", a.as_str()), ("b/m.tf", b.as_str())];
        let files: Vec<(FilePath, &str)> =
            files.iter().map(|(path, text)| (FilePath::new(path).unwrap(), *text)).collect();
        let files: Vec<(&FilePath, &str)> =
            files.iter().map(|(path, text)| (path, *text)).collect();
        let read = read_sources(&files, &VariableValues::default(), &|_| true);
        assert!(read.values().all(|file| (1..100).contains(&file.rules.len())));
        let double = |n: usize| {
            format!(
                "  l{n} = concat(local.l{0}, local.l{0})\n  m{n} = [local.m{0}, local.m{0}]\n",
                n - 1
            )
        };
        let double: String = (1..80).map(double).collect();
        let text = format!(
            "locals {{\n  l0 = [\"a\"]\n  m0 = [\"a\"]\n{double}}}\nresource \"aws_cloudwatch_metric_alarm\" \"a\" {{ alarm_name = \"${{join(\"\", local.l79)}}${{local.m79}}x\" }}\n"
        );
        let file = read_source(&FilePath::new("a.tf").unwrap(), &text);
        assert!(file.rules[0].pattern.is_some());
    }
}
