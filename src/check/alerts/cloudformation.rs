//! `CloudFormation` and SAM templates, YAML or JSON, what the CDK makes of its code, and the `resources` of the Serverless
//! Framework, to alert rules.
//!
//! Names and descriptions are evaluated as far as the template goes; what it does not know is a named hole.

use super::cloudwatch::{Properties, rule};
use super::described::PropertyText;
use super::pattern::Pattern;
use super::rule::{RuleFile, SourceFile, SourceKind};
use super::values::VariableValues;
use crate::value::{Entry, Node};
use functions::Template;

mod functions;
mod serverless;

/// How many resources the loops of a template may make.
const MAX_RESOURCES: usize = 2_000;

/// How deep loops may stand in each other; `CloudFormation` allows five.
const MAX_LOOPS: usize = 5;

/// Adds the alarms of a template, if the document is one.
pub(super) fn read(
    source: &RuleFile<'_>,
    given: &VariableValues,
    document: &Node,
    file: &mut SourceFile,
) {
    let mut left = MAX_RESOURCES;
    if let Some(resources) = document.get("Resources") {
        let template = Template::new(document, given);
        read_resources(source, &template, resources.entries(), &mut left, 0, file);
    } else if let Some(inner) = document.get("resources").filter(|_| is_serverless(document)) {
        for part in std::iter::once(inner).chain(inner.items()) {
            let Some(resources) = part.get("Resources") else { continue };
            let template = Template::of_serverless(document, part, given);
            read_resources(source, &template, resources.entries(), &mut left, 0, file);
        }
    }
}

/// Whether a document is a `serverless.yml`.
fn is_serverless(document: &Node) -> bool {
    document.get("provider").is_some() || document.get("service").is_some()
}

fn read_resources(
    source: &RuleFile<'_>,
    template: &Template<'_>,
    resources: &[Entry],
    left: &mut usize,
    loops: usize,
    file: &mut SourceFile,
) {
    for resource in resources {
        if let Some(name) = resource.key.strip_prefix("Fn::ForEach::") {
            if loops < MAX_LOOPS {
                read_loop(source, template, (name, &resource.value), left, loops, file);
            }
            continue;
        }
        let kind = resource.value.get("Type").and_then(Node::as_str);
        let is_alarm =
            matches!(kind, Some("AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm"));
        if is_alarm && *left > 0 {
            *left -= 1;
            read_alarm(source, template, resource, file);
        }
    }
}

/// `Fn::ForEach::NAME: [identifier, collection, {key: resource}]`.
fn read_loop(
    source: &RuleFile<'_>,
    template: &Template<'_>,
    (name, each): (&str, &Node),
    left: &mut usize,
    loops: usize,
    file: &mut SourceFile,
) {
    let [identifier, collection, made] = each.items() else { return };
    let identifier = identifier.as_str().unwrap_or(name);
    let values = template.list(collection);
    let values = values.unwrap_or_else(|| vec![Pattern::hole(identifier)]);
    for value in &values {
        if *left == 0 {
            return;
        }
        let inside = template.with(identifier, value);
        read_resources(source, &inside, made.entries(), left, loops + 1, file);
    }
}

/// An alarm that the template does not name is named by the stack: `STACK-LOGICALNAME-RANDOM`.
fn read_alarm(
    source: &RuleFile<'_>,
    template: &Template<'_>,
    alarm: &Entry,
    file: &mut SourceFile,
) {
    let properties = properties(template, alarm.value.get("Properties"));
    let logical = template.filled(&alarm.key);
    let named = properties.get("alarm_name").cloned();
    let name = named
        .unwrap_or_else(|| PropertyText { text: logical.clone(), range: alarm.key_range.clone() });
    let mut rule = rule(source, SourceKind::CloudFormation, &name, &properties);
    if !properties.contains_key("alarm_name") {
        let mut by_stack = Pattern::hole("AWS::StackName");
        by_stack.push_literal("-");
        by_stack.append(logical);
        by_stack.push_literal("-");
        by_stack.append(Pattern::hole("suffix"));
        rule.pattern = Some(by_stack);
    }
    file.rules.push(rule);
}

fn properties(template: &Template<'_>, node: Option<&Node>) -> Properties {
    let mut properties = Properties::new();
    let mut add = |key: String, node: &Node| {
        if let Some(text) = template.text(node) {
            properties.entry(key).or_insert(PropertyText { text, range: node.range.clone() });
        }
    };
    for entry in node.map(Node::entries).unwrap_or_default() {
        add(snake_case(&entry.key), &entry.value);
    }
    for tag in node.and_then(|node| node.get("Tags")).map(Node::items).unwrap_or_default() {
        if let (Some(key), Some(value)) = (tag.get("Key").and_then(Node::as_str), tag.get("Value"))
        {
            add(format!("tags.{}", key.to_lowercase()), value);
        }
    }
    let dimensions = node.and_then(|node| node.get("Dimensions"));
    for dimension in dimensions.map(Node::items).unwrap_or_default() {
        let name = dimension.get("Name").and_then(Node::as_str);
        if let (Some(name), Some(value)) = (name, dimension.get("Value")) {
            add(format!("dimensions.{name}"), value);
        }
    }
    let metrics = node.and_then(|node| node.get("Metrics")).map(Node::items).unwrap_or_default();
    if let Some(expression) = metrics.iter().find_map(|metric| metric.get("Expression")) {
        add("expression".to_string(), expression);
    }
    for (path, key) in [
        (&["MetricStat", "Metric", "MetricName"][..], "metric_name"),
        (&["MetricStat", "Stat"][..], "statistic"),
        (&["MetricStat", "Period"][..], "period"),
    ] {
        let is_measured = metrics.iter().all(|metric| metric.get("Expression").is_none());
        let first = metrics.iter().find_map(|metric| metric.at(path));
        if let Some(value) = first.filter(|_| is_measured || key == "period") {
            add(key.to_string(), value);
        }
    }
    properties
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
    use crate::check::alerts::AlertRule;
    use crate::check::alerts::read::read_source;
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
    fn an_alarm_without_a_name_has_its_logical_one_and_that_of_the_stack() {
        check("      Threshold: 1\n", "LogicalAlarm", None);
        let text =
            "Resources: {Slow: {Type: 'AWS::CloudWatch::Alarm', Properties: {Threshold: 1}}}";
        for text in [text.to_string(), text.replace("Threshold: 1", "AlarmName: !Ref AWS::NoValue")]
        {
            let pattern = read(&text, "a.yaml").0[0].pattern.clone().unwrap();
            assert_eq!(pattern.to_string(), "{AWS::StackName}-Slow-{suffix}");
        }
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

    /// The shown name of the only alarm of a template; parameters, mappings and conditions are given.
    fn name(typed: &str, expected: &str) {
        let text = format!(
            "Parameters:\n  Env: {{Type: String, AllowedValues: [dev, prod]}}\n  Sub: {{Type: String, Default: none}}\n  \
             Kept: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}}\n  Names: {{Type: CommaDelimitedList, Default: 'a,b'}}\n\
             Mappings: {{Regions: {{eu: {{name: europe, same: x}}, us: {{name: america, same: x}}}}}}\n\
             Conditions:\n  IsSub: !Not [!Equals [!Ref Sub, none]]\n  IsProd: !Equals [!Ref Env, prod]\n  \
             IsTest: !Equals [!Ref Env, test]\n  Either: !Or [!Condition IsProd, !Not [!Condition IsSub]]\n\
             Resources:\n  A:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      AlarmName: {typed}\n"
        );
        let (rules, skipped) = read(&text, "alarms.yaml");
        assert_eq!((rules.len(), skipped), (1, Vec::new()), "{text}");
        assert_eq!(rules[0].name, expected, "{typed}");
        assert_eq!(
            rules[0].pattern.is_some(),
            expected.contains(['{', '*']) && !expected.contains('$'),
            "{typed}"
        );
    }

    #[test]
    fn what_the_template_does_not_know_is_a_named_hole() {
        name("!Sub '${Env}-errors'", "{Env}-errors");
        name("!Sub '${AWS::StackName}-${Topic.Name}'", "{AWS::StackName}-{Topic.Name}");
        name("!Join ['-', [!GetAtt Topic.Name, !GetAtt [A, B], x]]", "{Topic.Name}-{A.B}-x");
        name("!Sub ['${V}-x', {V: !ImportValue 'net-Vpc'}]", "{net-Vpc}-x");
        name(
            "{'Fn::Sub': ['${V}-x', {V: {'Fn::ImportValue': {'Fn::Sub': '${Sub}-Vpc'}}}]}",
            "{Vpc}-x",
        );
        name("!Sub '${Kept}-x'", "{Kept}-x");
        name("!Sub '${!Env}-x'", "${Env}-x");
    }

    #[test]
    fn conditions_mappings_and_lists_are_followed() {
        name("!Sub ['${E}-x', {E: !If [IsSub, !Ref Sub, !Ref Env]}]", "{Env}-x");
        name("!Sub ['${E}-x', {E: !If [IsProd, live, !Ref Env]}]", "{E}-x");
        name("!If [IsTest, a, b]", "b");
        name("!If [Either, a, b]", "a");
        name("!If [Nowhere, a, a]", "a");
        name("!If [IsProd, a, !Ref 'AWS::NoValue']", "a");
        name("!FindInMap [Regions, eu, name]", "europe");
        name("!Sub ['${R}-x', {R: !FindInMap [Regions, !Ref AWS::Region, name]}]", "{R}-x");
        name("!FindInMap [Regions, !Ref AWS::Region, same]", "x");
        name("!Select [1, !Split [',', 'a,b,c']]", "b");
        name("!Select ['0', !Ref Names]", "a");
        name("!Join ['.', !Ref Names]", "a.b");
        name("!Select [7, [a]]", "*");
        name("!GetAZs ''", "*");
    }

    #[test]
    fn loops_make_an_alarm_of_each_item() {
        let text = "Parameters: {Queues: {Type: CommaDelimitedList, Default: 'mail,sms'}}\nResources:\n  \
                    'Fn::ForEach::Each':\n  - Queue\n  - !Ref Queues\n  - 'Alarm${Queue}':\n      \
                    Type: AWS::CloudWatch::Alarm\n      Properties: {AlarmName: !Sub '${Queue}-old'}\n  \
                    'Fn::ForEach::Unnamed': [Id, [x, y], {'Slow&{Id}': {Type: 'AWS::CloudWatch::Alarm'}}]\n  \
                    'Fn::ForEach::Unknown': [Id, !Ref Other, {'A${Id}': {Type: 'AWS::CloudWatch::Alarm', \
                    Properties: {AlarmName: !Sub 'u-${Id}'}}}]\n";
        let names: Vec<String> = read(text, "a.yaml").0.into_iter().map(|rule| rule.name).collect();
        assert_eq!(names, ["mail-old", "sms-old", "Slowx", "Slowy", "u-{Id}"]);
    }

    #[test]
    fn conditions_that_ask_each_other_without_end_are_unknown() {
        let double = |level: usize| {
            format!("  C{level}: !And [!Condition C{0}, !Condition C{0}]\n", level + 1)
        };
        let conditions: String = (0..60).map(double).collect();
        let text = format!(
            "Conditions:\n{conditions}  C60: !Equals [!Ref X, a]\n  R: !Not [!Condition R]\nResources:\n  A:\n    \
             Type: AWS::CloudWatch::Alarm\n    Properties: {{AlarmName: !If [C0, a, b]}}\n  B:\n    \
             Type: AWS::CloudWatch::Alarm\n    Properties: {{AlarmName: !If [R, c, d]}}\n"
        );
        let rules = read(&text, "a.yaml").0;
        assert!(rules.iter().all(|rule| rule.pattern.is_some()), "{rules:?}");
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
