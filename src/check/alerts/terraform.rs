//! Terraform to alert rules: `.tf` files, and the JSON of `terraform show -json` for a plan or a state.
//!
//! In a `.tf` file locals and the defaults of variables are followed where they are literal and stand in the
//! same file; what else an expression says is computed. A plan knows nearly everything.

use std::collections::BTreeMap;
use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::Element;

use super::cloudwatch::{Properties, Text, rule};
use super::{COMPUTED, Source, SourceFile, SourceKind};
use crate::diagnostic::{Diagnostic, alerts};
use crate::value::Node;

/// Where the name of an alarm may be had when a `.tf` file computes it.
const HELP: &str =
    "list the output of `terraform show -json` in `[alerts] sources`; it holds the name";

/// Where the name of an alarm may be had when a plan does not know it yet.
const PLAN_HELP: &str = "the name is known after apply: use the state's `terraform show -json`";

/// How deep modules may stand in each other.
const MAX_MODULES: usize = 40;

/// How many bytes a local or a variable may stand for; one that doubles another, and so on, counts as computed.
const MAX_LITERAL: usize = 4096;

/// Whether a resource's type is an alarm.
fn is_alarm(kind: &str) -> bool {
    matches!(kind, "aws_cloudwatch_metric_alarm" | "aws_cloudwatch_composite_alarm")
}

/// Adds the alarms of a plan or state, if the document is one.
pub(super) fn read_plan(source: &Source<'_>, document: &Node, file: &mut SourceFile) {
    for values in ["planned_values", "values"] {
        if let Some(module) = document.at(&[values, "root_module"]) {
            read_module(source, module, 0, file);
        }
    }
}

fn read_module(source: &Source<'_>, module: &Node, depth: usize, file: &mut SourceFile) {
    for resource in module.get("resources").map(Node::items).unwrap_or_default() {
        let text = |key: &str| resource.get(key).and_then(Node::as_str);
        if !is_alarm(text("type").unwrap_or_default()) || text("mode") == Some("data") {
            continue;
        }
        let properties = planned(resource.get("values"));
        let name = properties.get("alarm_name").cloned();
        let name = name.unwrap_or_else(|| Text {
            text: COMPUTED.to_string(),
            range: resource.range.start..resource.range.start + 1,
        });
        match rule(source, SourceKind::Terraform, &name, &properties, PLAN_HELP) {
            Ok(rule) => file.rules.push(rule),
            Err(skipped) => file.skipped.push(skipped),
        }
    }
    let children = module.get("child_modules").map(Node::items).unwrap_or_default();
    for child in children.iter().filter(|_| depth < MAX_MODULES) {
        read_module(source, child, depth + 1, file);
    }
}

/// A planned resource's values.
fn planned(values: Option<&Node>) -> Properties {
    let mut properties = Properties::new();
    let mut add = |key: String, node: &Node| {
        if let Some(text) = node.scalar_text() {
            properties.insert(key, Text { text, range: node.range.clone() });
        }
    };
    for entry in values.map(Node::entries).unwrap_or_default() {
        add(entry.key.clone(), &entry.value);
    }
    for tag in values.and_then(|values| values.get("tags")).map(Node::entries).unwrap_or_default() {
        add(format!("tags.{}", tag.key.to_lowercase()), &tag.value);
    }
    properties
}

/// Reads a `.tf` file.
pub(super) fn read_configuration(source: &Source<'_>) -> SourceFile {
    let mut file = SourceFile::default();
    let body = match hcl_edit::parser::parse_body(source.text) {
        Ok(body) => body,
        Err(error) => {
            file.skipped.push(unreadable(source, &error));
            return file;
        }
    };
    let literals = literals(&body);
    for block in body.get_blocks("resource") {
        if !block.labels.first().is_some_and(|kind| is_alarm(kind.as_str())) {
            continue;
        }
        let properties = configured(block, &literals);
        let name = properties.get("alarm_name").cloned();
        let name = name.unwrap_or_else(|| Text {
            text: COMPUTED.to_string(),
            range: block.ident.span().unwrap_or(0..0),
        });
        match rule(source, SourceKind::Terraform, &name, &properties, HELP) {
            Ok(rule) => file.rules.push(rule),
            Err(skipped) => file.skipped.push(skipped),
        }
    }
    file
}

/// Locals and variables of a file by the names that expressions use, where they are literal.
type Literals = BTreeMap<String, String>;

fn literals(body: &Body) -> Literals {
    let mut literals = Literals::new();
    for variable in body.get_blocks("variable") {
        if let (Some(name), Some(default)) =
            (variable.labels.first(), variable.body.get_attribute("default"))
            && let Some(text) = text(&default.value, &literals)
        {
            literals.insert(format!("var.{}", name.as_str()), text);
        }
    }
    for locals in body.get_blocks("locals") {
        for local in locals.body.attributes() {
            if let Some(text) = text(&local.value, &literals)
                && text.len() <= MAX_LITERAL
            {
                literals.insert(format!("local.{}", local.key.as_str()), text);
            }
        }
    }
    literals.retain(|_, text| !text.contains(COMPUTED));
    literals
}

/// A resource block's attributes.
fn configured(block: &Block, literals: &Literals) -> Properties {
    let mut properties = Properties::new();
    for attribute in block.body.attributes() {
        let range = attribute.value.span().unwrap_or(0..0);
        if let Some(text) = text(&attribute.value, literals) {
            properties.insert(attribute.key.as_str().to_string(), Text { text, range });
        } else if let ("tags", Expression::Object(tags)) =
            (attribute.key.as_str(), &attribute.value)
        {
            for (key, value) in tags {
                let range = value.expr().span().unwrap_or(0..0);
                if let (Some(key), Some(text)) = (key_text(key), text(value.expr(), literals)) {
                    properties.insert(format!("tags.{}", key.to_lowercase()), Text { text, range });
                }
            }
        }
    }
    properties
}

fn key_text(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => {
            Some(name.as_str().to_string())
        }
        ObjectKey::Expression(expression) => expression.as_str().map(ToString::to_string),
    }
}

/// What an expression says as text; `None` for `null`, lists and objects.
fn text(expression: &Expression, literals: &Literals) -> Option<String> {
    match expression {
        Expression::Null(_) | Expression::Array(_) | Expression::Object(_) => None,
        Expression::Bool(bool) => Some(bool.value().to_string()),
        Expression::Number(number) => Some(number.value().to_string()),
        Expression::String(text) => Some(text.value().clone()),
        Expression::StringTemplate(template) => Some(elements(template.iter(), literals)),
        Expression::HeredocTemplate(heredoc) => Some(elements(heredoc.template.iter(), literals)),
        Expression::Parenthesis(inner) => text(inner.inner(), literals),
        Expression::Traversal(traversal) => Some(reference(traversal, literals)),
        _ => Some(COMPUTED.to_string()),
    }
}

fn elements<'a>(elements: impl Iterator<Item = &'a Element>, literals: &Literals) -> String {
    let parts = elements.map(|element| match element {
        Element::Literal(literal) => literal.value().clone(),
        Element::Interpolation(interpolation) => {
            text(&interpolation.expr, literals).unwrap_or_else(|| COMPUTED.to_string())
        }
        Element::Directive(_) => COMPUTED.to_string(),
    });
    parts.collect()
}

/// `var.name` or `local.name`.
fn reference(traversal: &Traversal, literals: &Literals) -> String {
    let computed = || COMPUTED.to_string();
    let Expression::Variable(root) = &traversal.expr else { return computed() };
    let [only] = traversal.operators.as_slice() else { return computed() };
    let TraversalOperator::GetAttr(name) = only.value() else { return computed() };
    literals.get(&format!("{}.{}", root.as_str(), name.as_str())).cloned().unwrap_or_else(computed)
}

fn unreadable(source: &Source<'_>, error: &hcl_edit::parser::Error) -> Diagnostic {
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
    let range: Range<usize> = start..start + length;
    let why = error.message().lines().next().unwrap_or("invalid HCL").replace("; ", ", ");
    alerts::source_not_parsed(source.at(range), &why)
}

#[cfg(test)]
mod tests {
    use crate::check::alerts::read_source;
    use crate::files::FilePath;

    /// Each rule as `name|severity|expression|duration|url|summary`, each skipped thing as its message.
    fn check(name: &str, text: &str, expected: &[&str]) {
        let file = read_source(&FilePath::new(name).unwrap(), text);
        let mut found: Vec<String> = Vec::new();
        for rule in &file.rules {
            let typed = &text[rule.at.range.clone()];
            assert!(
                typed.contains(&rule.name) || typed.contains('$') || typed.contains('.'),
                "{typed}"
            );
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
            &["xxxx|-|-|-|-|-", "alert not read: its name is computed"],
        );
    }

    #[test]
    fn a_computed_name_is_skipped_and_the_next_alarm_is_read() {
        check(
            "alarms.tf",
            "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  for_each = var.all\n  \
             alarm_name = \"${each.key}-errors\"\n}\n\
             resource \"aws_cloudwatch_composite_alarm\" \"b\" {\n  alarm_name = \"Both\"\n  \
             alarm_rule = \"ALARM(A) OR ALARM(B)\"\n}\n",
            &["Both|-|ALARM(A) OR ALARM(B)|-|-|-", "alert not read: its name is computed"],
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
        check(
            "plan.json",
            &text,
            &["A|P2|-|-|-|-", "B|P2|-|-|-|-", "alert not read: its name is computed"],
        );
        let state =
            format!("{{\"values\": {{\"root_module\": {{\"resources\": [{}]}}}}}}", alarm("\"S\""));
        check("state.json", &state, &["S|P2|-|-|-|-"]);
    }
}
