//! The JSON of `terraform show -json` to alert rules: a plan or a state, through all of its modules.

use super::super::cloudwatch::Properties;
use super::super::described::PropertyText;
use super::super::pattern::Pattern;
use super::super::rule::{RuleFile, SourceFile};
use super::resource::{self, kind_of};
use crate::value::{Node, Value};

/// How deep modules may stand in each other.
const MAX_MODULES: usize = 40;

/// Adds the alerts of a plan or state, if the document is one.
pub(in super::super) fn read(source: &RuleFile<'_>, document: &Node, file: &mut SourceFile) {
    for values in ["planned_values", "values"] {
        if let Some(module) = document.at(&[values, "root_module"]) {
            read_module(source, module, 0, file);
        }
    }
}

fn read_module(source: &RuleFile<'_>, module: &Node, depth: usize, file: &mut SourceFile) {
    for resource in module.get("resources").map(Node::items).unwrap_or_default() {
        let text = |key: &str| resource.get(key).and_then(Node::as_str);
        let kind = kind_of(text("type").unwrap_or_default());
        let Some(kind) = kind.filter(|_| text("mode") != Some("data")) else { continue };
        let whole = resource.get("values");
        let nested = kind.each.map(|each| whole.and_then(|values| values.get(each)));
        let each: Vec<&Node> = match nested {
            Some(list) => list.map(Node::items).unwrap_or_default().iter().collect(),
            None => vec![whole.unwrap_or(resource)],
        };
        for values in each {
            let properties = planned(values);
            let name = properties.get(kind.name).cloned().unwrap_or_else(|| PropertyText {
                text: Pattern::hole(kind.name),
                range: resource.range.start..resource.range.start + 1,
            });
            file.rules.push(resource::rule(source, kind, &name, &properties));
        }
    }
    let children = module.get("child_modules").map(Node::items).unwrap_or_default();
    for child in children.iter().filter(|_| depth < MAX_MODULES) {
        read_module(source, child, depth + 1, file);
    }
}

/// A planned resource's values, those of nested blocks and objects under their path.
fn planned(values: &Node) -> Properties {
    let mut properties = Properties::new();
    let mut open: Vec<(String, &Node)> = vec![(String::new(), values)];
    while let Some((path, node)) = open.pop() {
        for entry in node.entries().iter().rev() {
            let key = match path.as_str() {
                "" => entry.key.clone(),
                "dimensions" => format!("dimensions.{}", entry.key),
                path => format!("{path}.{}", entry.key.to_lowercase()),
            };
            match &entry.value.value {
                Value::Map(_) => open.push((key, &entry.value)),
                Value::List(items) if key == "tags" => {
                    for (place, item) in items.iter().enumerate() {
                        let text = item.scalar_text().map(Pattern::literal);
                        let text =
                            text.map(|text| PropertyText { text, range: item.range.clone() });
                        properties.extend(text.map(|text| (format!("tags[{place}]"), text)));
                    }
                }
                // A nested block is a list of one in a plan.
                Value::List(items) => {
                    open.extend(items.iter().rev().map(|item| (key.clone(), item)));
                }
                _ => {
                    if let Some(text) = entry.value.scalar_text() {
                        let text = PropertyText {
                            text: Pattern::literal(text),
                            range: entry.value.range.clone(),
                        };
                        properties.entry(key).or_insert(text);
                    }
                }
            }
        }
    }
    properties
}
