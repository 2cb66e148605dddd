//! `CloudFormation` templates, YAML or JSON, to alert rules.
//!
//! References to parameters are followed to the parameter's default; what no default gives is computed.

use super::cloudwatch::{Properties, Text, rule};
use super::{COMPUTED, Source, SourceFile, SourceKind};
use crate::value::{Node, Value};

/// Where the name of an alarm may be had when the template computes it.
const HELP: &str = "give the parameters in the name a default, or write the name out";

/// Adds the alarms of a template, if the document is one.
pub(super) fn read(source: &Source<'_>, template: &Node, file: &mut SourceFile) {
    for resource in template.get("Resources").map(Node::entries).unwrap_or_default() {
        let kind = resource.value.get("Type").and_then(Node::as_str);
        if !matches!(kind, Some("AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm")) {
            continue;
        }
        let properties = properties(template, resource.value.get("Properties"));
        let name = properties.get("alarm_name").cloned().unwrap_or_else(|| Text {
            text: resource.key.clone(),
            range: resource.key_range.clone(),
        });
        match rule(source, SourceKind::CloudFormation, &name, &properties, HELP) {
            Ok(rule) => file.rules.push(rule),
            Err(skipped) => file.skipped.push(skipped),
        }
    }
}

fn properties(template: &Node, node: Option<&Node>) -> Properties {
    let mut properties = Properties::new();
    for entry in node.map(Node::entries).unwrap_or_default() {
        if let Some(text) = text(template, &entry.value) {
            properties
                .insert(snake_case(&entry.key), Text { text, range: entry.value.range.clone() });
        }
    }
    for tag in node.and_then(|node| node.get("Tags")).map(Node::items).unwrap_or_default() {
        if let (Some(key), Some(value)) = (tag.get("Key").and_then(Node::as_str), tag.get("Value"))
            && let Some(text) = text(template, value)
        {
            let range = value.range.clone();
            properties.insert(format!("tags.{}", key.to_lowercase()), Text { text, range });
        }
    }
    let metrics = node.and_then(|node| node.get("Metrics")).map(Node::items).unwrap_or_default();
    if let Some(expression) = metrics.iter().find_map(|metric| metric.get("Expression"))
        && let Some(text) = text(template, expression)
    {
        properties.insert("expression".to_string(), Text { text, range: expression.range.clone() });
    }
    properties
}

/// What a value says when the stack is made with the parameters' defaults; `None` for lists and maps.
fn text(template: &Node, node: &Node) -> Option<String> {
    let (function, argument) = match (&node.tag, &node.value) {
        (Some(tag), _) => (tag.as_str(), node),
        (None, Value::Map(entries)) => match entries.as_slice() {
            [only] => (only.key.strip_prefix("Fn::").unwrap_or(&only.key), &only.value),
            _ => return None,
        },
        (None, _) => return node.scalar_text(),
    };
    Some(match function {
        "Ref" => argument.as_str().map_or(COMPUTED.to_string(), |name| reference(template, name)),
        "Sub" => substitute(template, argument),
        "Join" => join(template, argument)?,
        _ => COMPUTED.to_string(),
    })
}

/// The default of a parameter.
fn reference(template: &Node, name: &str) -> String {
    let default = template.at(&["Parameters", name, "Default"]).and_then(Node::scalar_text);
    default.unwrap_or_else(|| COMPUTED.to_string())
}

/// `Fn::Sub`: a text with `${Name}`, alone or in a list with the values of names.
fn substitute(template: &Node, argument: &Node) -> String {
    let items = argument.items();
    let typed = items.first().unwrap_or(argument).as_str().unwrap_or_default();
    let mut filled = String::new();
    let mut rest = typed;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        filled.push_str(before);
        if let Some(literal) = name.strip_prefix('!') {
            filled.extend(["${", literal, "}"]);
        } else if let Some(value) = items.get(1).and_then(|names| names.get(name.trim())) {
            filled.push_str(&text(template, value).unwrap_or_else(|| COMPUTED.to_string()));
        } else {
            filled.push_str(&reference(template, name.trim()));
        }
        rest = behind;
    }
    filled + rest
}

/// `Fn::Join`: a separator and a list of texts.
fn join(template: &Node, argument: &Node) -> Option<String> {
    let [separator, parts] = argument.items() else { return None };
    let parts: Vec<String> = parts
        .items()
        .iter()
        .map(|part| text(template, part).unwrap_or_else(|| COMPUTED.to_string()))
        .collect();
    Some(parts.join(separator.as_str()?))
}

/// `AlarmName` as `alarm_name`.
fn snake_case(key: &str) -> String {
    let mut snake = String::new();
    for (index, character) in key.chars().enumerate() {
        if character.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use crate::check::alerts::{AlertRule, read_source};
    use crate::files::FilePath;

    fn read(text: &str, name: &str) -> (Vec<AlertRule>, Vec<String>) {
        let file = read_source(&FilePath::new(name).unwrap(), text);
        (file.rules, file.skipped.into_iter().map(|skipped| skipped.message).collect())
    }

    /// The one alarm's name and link.
    fn check(properties: &str, name: &str, url: Option<&str>) {
        let text = format!(
            "Parameters: {{Env: {{Type: String, Default: prod}}, Topic: {{Type: String}}}}\nResources:\n  \
             Queue: {{Type: AWS::SQS::Queue}}\n  LogicalAlarm:\n    Type: AWS::CloudWatch::Alarm\n    \
             Properties:\n{properties}"
        );
        let (rules, skipped) = read(&text, "alarms.yaml");
        assert_eq!(skipped, Vec::<String>::new(), "{text}");
        assert_eq!(rules.len(), 1, "{text}");
        assert_eq!(rules[0].name, name);
        assert_eq!(rules[0].runbook.as_ref().map(|link| link.url.as_str()), url);
    }

    #[test]
    fn an_alarm_without_a_name_has_its_logical_one() {
        check("      Threshold: 1\n", "LogicalAlarm", None);
    }

    #[test]
    fn a_runbook_is_the_link_in_the_description() {
        check(
            "      AlarmName: A\n      AlarmDescription: >-\n        Slow.\n        [Runbook](https://r.example/A/)\n",
            "A",
            Some("https://r.example/A/"),
        );
        check(
            "      AlarmDescription: 'see https://r.example/A.'\n",
            "LogicalAlarm",
            Some("https://r.example/A"),
        );
    }

    #[test]
    fn functions_are_followed_where_defaults_make_them_literal() {
        check("      AlarmName: !Sub '${Env}-errors'\n", "prod-errors", None);
        check("      AlarmName: !Join ['-', [!Ref Env, errors]]\n", "prod-errors", None);
        check("      AlarmName: {'Fn::Sub': ['${A}-x', {A: !Ref Env}]}\n", "prod-x", None);
        check("      AlarmName: {Ref: Env}\n", "prod", None);
    }

    #[test]
    fn a_computed_name_is_skipped_with_the_reason() {
        let text = "Resources: {A: {Type: 'AWS::CloudWatch::Alarm', Properties: {AlarmName: !Sub '${X}-y'}}}";
        assert_eq!(read(text, "a.yaml").1, ["alert not read: its name is computed"]);
    }

    #[test]
    fn json_reads_as_yaml_does_and_conditions_become_one_line() {
        let text = "{\n\t\"Resources\": {\"A\": {\"Type\": \"AWS::CloudWatch::Alarm\", \"Properties\": {\
                    \"MetricName\": \"Errors\", \"Statistic\": \"Sum\", \"Period\": 300, \"EvaluationPeriods\": 3, \
                    \"ComparisonOperator\": \"GreaterThanThreshold\", \"Threshold\": 5, \
                    \"Tags\": [{\"Key\": \"Severity\", \"Value\": \"P2\"}]}}}}";
        let (rules, _) = read(text, "template.json");
        assert_eq!(rules[0].expression.as_deref(), Some("Sum of Errors > 5"));
        assert_eq!(rules[0].duration.as_deref(), Some("15m"));
        assert_eq!(rules[0].severity.as_deref(), Some("P2"));
        assert_eq!(&text[rules[0].at.range.clone()], "A");
    }
}
