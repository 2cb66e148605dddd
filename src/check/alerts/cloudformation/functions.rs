//! `CloudFormation`'s functions, evaluated as far as a template goes: text, lists and conditions.
//!
//! What the template does not know, such as an imported value, becomes a named hole. A parameter is its default where
//! it has one and no choice, and a hole with its allowed values where it has a choice. The functions are those of the
//! [reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html).

use std::cell::Cell;

use super::super::pattern::{Pattern, PatternPiece};
use super::super::values::VariableValues;
use super::serverless;
use crate::value::{Node, Value};

/// How many functions may be evaluated for one property; what comes after them is a hole.
const MAX_STEPS: usize = 5_000;

/// How deep functions may stand in each other, those of conditions included.
const MAX_DEPTH: usize = 48;

/// How many values an unknown condition or key of a mapping may choose from.
const MAX_CHOICES: usize = 32;

/// A template with what its loops have bound.
pub(super) struct Template<'a> {
    root: &'a Node,
    /// The `serverless.yml` around the template.
    serverless: Option<&'a Node>,
    given: &'a VariableValues,
    variables: Vec<(String, Pattern)>,
    steps: Cell<usize>,
}

/// A function's name without `Fn::`, and its argument.
fn function(node: &Node) -> Option<(&str, &Node)> {
    match (&node.tag, &node.value) {
        (Some(tag), _) => Some((tag.as_str(), node)),
        (None, Value::Map(entries)) => match entries.as_slice() {
            [only] => Some((only.key.strip_prefix("Fn::").unwrap_or(&only.key), &only.value)),
            _ => None,
        },
        (None, _) => None,
    }
}

impl<'a> Template<'a> {
    pub(super) fn new(root: &'a Node, given: &'a VariableValues) -> Template<'a> {
        Template { root, serverless: None, given, variables: Vec::new(), steps: Cell::new(0) }
    }

    /// A template inside a `serverless.yml`, whose variables stand in its texts.
    pub(super) fn of_serverless(
        file: &'a Node,
        root: &'a Node,
        given: &'a VariableValues,
    ) -> Template<'a> {
        Template { serverless: Some(file), ..Template::new(root, given) }
    }

    /// The same inside a loop that has bound a name.
    pub(super) fn with(&self, name: &str, value: &Pattern) -> Template<'a> {
        let mut variables = self.variables.clone();
        variables.push((name.to_string(), value.clone()));
        let Template { root, serverless, given, .. } = *self;
        Template { root, serverless, given, variables, steps: Cell::new(0) }
    }

    /// What a value says; `None` for lists, maps and `AWS::NoValue`.
    pub(super) fn text(&self, node: &Node) -> Option<Pattern> {
        self.steps.set(0);
        self.evaluated(node, 0)
    }

    /// What the items of a value say; `None` where it is not known which items there are.
    pub(super) fn list(&self, node: &Node) -> Option<Vec<Pattern>> {
        self.steps.set(0);
        self.items(node, 0)
    }

    /// A text with `${Name}` and `&{Name}` of the loops around it filled in, as in the logical names of a loop.
    pub(super) fn filled(&self, text: &str) -> Pattern {
        let mut filled = Pattern::default();
        let mut rest = text;
        while let Some(start) = rest.find("${").or_else(|| rest.find("&{")) {
            let (before, after) = rest.split_at(start);
            let end = after.find('}').map_or(after.len(), |end| end + 1);
            let name = after[2..end].trim_end_matches('}');
            filled.push_literal(before);
            match self.variables.iter().rev().find(|(variable, _)| variable == name) {
                Some((_, value)) => filled.append(value.clone()),
                None => filled.push_literal(&after[..end]),
            }
            rest = &after[end..];
        }
        filled.push_literal(rest);
        filled
    }

    /// Whether there is room for one more function.
    fn enter(&self, depth: usize) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() <= MAX_STEPS && depth < MAX_DEPTH
    }

    fn evaluated(&self, node: &Node, depth: usize) -> Option<Pattern> {
        let Some((function, argument)) = function(node) else {
            return node.scalar_text().map(|text| self.typed(&text));
        };
        if !self.enter(depth) {
            return Some(Pattern::hole(""));
        }
        let depth = depth + 1;
        match function {
            "Ref" => self.reference(argument.as_str().unwrap_or_default()),
            "Sub" => Some(self.substituted(argument, depth)),
            "Join" => Some(self.joined(argument, depth)),
            "FindInMap" => Some(self.found_in_map(argument, depth)),
            "If" => self.chosen(argument, depth),
            "Select" => Some(self.selected(argument, depth)),
            "GetAtt" => Some(Pattern::hole(attribute_name(argument))),
            "ImportValue" => Some(Pattern::hole(imported_name(argument))),
            "Length" => {
                let count = self.items(argument, depth).map(|items| items.len().to_string());
                Some(count.map_or_else(|| Pattern::hole(""), Pattern::literal))
            }
            _ => Some(Pattern::hole("")),
        }
    }

    /// A text as it is typed, but for the variables of a `serverless.yml`.
    fn typed(&self, text: &str) -> Pattern {
        match self.serverless {
            Some(file) if text.contains("${") => serverless::filled(text, file),
            _ => Pattern::literal(text),
        }
    }

    /// A parameter, a pseudo parameter, a name of a loop, or a resource.
    fn reference(&self, name: &str) -> Option<Pattern> {
        if name == "AWS::NoValue" {
            return None;
        }
        let bound = self.variables.iter().rev().find(|(variable, _)| variable == name);
        if let Some((_, value)) = bound {
            return Some(value.clone());
        }
        if let Some(values) = self.given.of(name) {
            return Some(Pattern::hole_of(name, values.to_vec()));
        }
        let Some(parameter) = self.root.at(&["Parameters", name]) else {
            return Some(Pattern::hole(name));
        };
        // The default of such a parameter is where its value is kept.
        let kind = parameter.get("Type").and_then(Node::as_str).unwrap_or_default();
        if kind.starts_with("AWS::SSM::Parameter::Value") {
            return Some(Pattern::hole(name));
        }
        let allowed = parameter.get("AllowedValues").map(Node::items).unwrap_or_default();
        let allowed: Vec<String> = allowed.iter().filter_map(Node::scalar_text).collect();
        if allowed.len() > 1 {
            return Some(Pattern::hole_of(name, allowed));
        }
        let default = parameter.get("Default").and_then(Node::scalar_text);
        let known = default.or_else(|| allowed.into_iter().next());
        Some(known.map_or_else(|| Pattern::hole(name), Pattern::literal))
    }

    /// `Fn::Sub`: a text with `${Name}`, alone or in a list with the values of names.
    fn substituted(&self, argument: &Node, depth: usize) -> Pattern {
        let items = argument.items();
        let typed = items.first().unwrap_or(argument).as_str().unwrap_or_default();
        let mut filled = Pattern::default();
        for piece in self.typed(typed).pieces() {
            match piece {
                PatternPiece::Literal(text) => self.substitute(text, items, depth, &mut filled),
                PatternPiece::Hole(_) => filled.push(piece.clone()),
            }
        }
        filled
    }

    fn substitute(&self, typed: &str, items: &[Node], depth: usize, filled: &mut Pattern) {
        let mut rest = typed;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, behind)) = after.split_once('}') else { break };
            filled.push_literal(before);
            let name = name.trim();
            if let Some(literal) = name.strip_prefix('!') {
                filled.push_literal(&format!("${{{literal}}}"));
            } else if let Some(value) = items.get(1).and_then(|names| names.get(name)) {
                let value = self.evaluated(value, depth).unwrap_or_else(|| Pattern::hole(name));
                filled.append(value.named(name));
            } else {
                filled.append(self.reference(name).unwrap_or_default());
            }
            rest = behind;
        }
        filled.push_literal(rest);
    }

    /// `Fn::Join`: a separator and a list of texts.
    fn joined(&self, argument: &Node, depth: usize) -> Pattern {
        let [separator, parts] = argument.items() else { return Pattern::hole("") };
        let (Some(separator), Some(parts)) = (separator.as_str(), self.items(parts, depth)) else {
            return Pattern::hole("");
        };
        Pattern::joined(parts, separator)
    }

    /// `Fn::FindInMap`: a mapping and two keys; a key that is not known may be any.
    fn found_in_map(&self, argument: &Node, depth: usize) -> Pattern {
        let [mapping, first, second, ..] = argument.items() else { return Pattern::hole("") };
        let Some(mappings) = self.root.get("Mappings") else { return Pattern::hole("") };
        let step = |from: Vec<&'a Node>, key: &Node| -> Vec<&'a Node> {
            let key = self.evaluated(key, depth).unwrap_or_default();
            let keys = key.expanded(MAX_CHOICES);
            let entries = from.into_iter().flat_map(Node::entries);
            let wanted =
                entries.filter(|entry| keys.as_ref().is_none_or(|keys| keys.contains(&entry.key)));
            wanted.map(|entry| &entry.value).take(MAX_CHOICES).collect()
        };
        let found = step(step(step(vec![mappings], mapping), first), second);
        let mut values: Vec<String> = found.into_iter().filter_map(Node::scalar_text).collect();
        let default = argument.items().get(3).and_then(|options| options.get("DefaultValue"));
        let default = default.and_then(|default| self.evaluated(default, depth));
        values.extend(default.and_then(|default| default.as_literal().map(str::to_string)));
        Pattern::hole_of("", values)
    }

    /// `Fn::If`: what its condition chooses; what both say if the condition is not known.
    fn chosen(&self, argument: &Node, depth: usize) -> Option<Pattern> {
        let [condition, yes, no] = argument.items() else { return Some(Pattern::hole("")) };
        let named = condition.as_str().and_then(|name| self.condition_named(name, depth));
        match named.or_else(|| self.condition(condition, depth)) {
            Some(true) => self.evaluated(yes, depth),
            Some(false) => self.evaluated(no, depth),
            None => {
                let both = (self.evaluated(yes, depth), self.evaluated(no, depth));
                let (Some(yes), Some(no)) = both else { return both.0.or(both.1) };
                if yes == no {
                    return Some(yes);
                }
                let values = yes.expanded(MAX_CHOICES).zip(no.expanded(MAX_CHOICES));
                let values = values.map(|(yes, no)| [yes, no].concat()).unwrap_or_default();
                Some(Pattern::hole_of("", values))
            }
        }
    }

    /// `Fn::Select`: the item of a list at a place.
    fn selected(&self, argument: &Node, depth: usize) -> Pattern {
        let [index, list] = argument.items() else { return Pattern::hole("") };
        let index = self.evaluated(index, depth).unwrap_or_default();
        let index = index.as_literal().and_then(|index| index.trim().parse::<usize>().ok());
        let item = index
            .zip(self.items(list, depth))
            .and_then(|(index, mut items)| (index < items.len()).then(|| items.swap_remove(index)));
        item.unwrap_or_else(|| Pattern::hole(""))
    }

    fn items(&self, node: &Node, depth: usize) -> Option<Vec<Pattern>> {
        let Some((function, argument)) = function(node) else {
            let Value::List(items) = &node.value else { return None };
            let text = |item: &Node| self.evaluated(item, depth);
            return Some(items.iter().filter_map(text).collect());
        };
        if !self.enter(depth) {
            return None;
        }
        let separated = |text: &Pattern, separator: &str| {
            let text = text.as_literal().filter(|_| !separator.is_empty())?;
            Some(text.split(separator).map(Pattern::literal).collect())
        };
        match function {
            "Split" => {
                let [separator, text] = argument.items() else { return None };
                separated(&self.evaluated(text, depth + 1)?, separator.as_str()?)
            }
            "Ref" => separated(&self.reference(argument.as_str()?)?, ","),
            "FindInMap" => {
                let keys = argument.items().get(..3)?;
                let key =
                    |node: &Node| self.evaluated(node, depth + 1)?.as_literal().map(str::to_string);
                let [mapping, first, second] = keys else { return None };
                let path = ["Mappings", &key(mapping)?, &key(first)?, &key(second)?];
                self.items(self.root.at(&path)?, depth + 1)
            }
            "If" => {
                let [condition, yes, no] = argument.items() else { return None };
                let known = condition.as_str().and_then(|name| self.condition_named(name, depth));
                self.items(if known? { yes } else { no }, depth + 1)
            }
            _ => None,
        }
    }

    /// Whether a condition of the template holds; `None` where the template does not know.
    fn condition_named(&self, name: &str, depth: usize) -> Option<bool> {
        self.condition(self.root.at(&["Conditions", name])?, depth + 1)
    }

    fn condition(&self, node: &Node, depth: usize) -> Option<bool> {
        let (function, argument) = function(node)?;
        if !self.enter(depth) {
            return None;
        }
        let depth = depth + 1;
        let each = || argument.items().iter().map(|item| self.condition(item, depth));
        match function {
            "Condition" => self.condition_named(argument.as_str()?, depth),
            "Equals" => {
                let [one, other] = argument.items() else { return None };
                let (one, other) = (self.evaluated(one, depth)?, self.evaluated(other, depth)?);
                match (one.expanded(MAX_CHOICES), other.expanded(MAX_CHOICES)) {
                    (Some(one), Some(other)) if one.len() * other.len() == 1 => Some(one == other),
                    (Some(one), Some(other)) => {
                        let is_common = one.iter().any(|value| other.contains(value));
                        (!is_common).then_some(false)
                    }
                    _ => (!one.meets(&other)).then_some(false),
                }
            }
            "Not" => argument
                .items()
                .first()
                .and_then(|item| self.condition(item, depth))
                .map(|held| !held),
            "And" => decided(each(), false),
            "Or" => decided(each(), true),
            _ => None,
        }
    }
}

/// Whether any of some conditions is `deciding`, which decides; else the opposite if all are known.
fn decided(conditions: impl Iterator<Item = Option<bool>>, deciding: bool) -> Option<bool> {
    let mut all_known = true;
    for condition in conditions {
        match condition {
            Some(held) if held == deciding => return Some(deciding),
            Some(_) => {}
            None => all_known = false,
        }
    }
    all_known.then_some(!deciding)
}

/// `Resource.Attribute`, from either spelling of `Fn::GetAtt`.
fn attribute_name(argument: &Node) -> String {
    let parts: Vec<String> = argument.items().iter().filter_map(Node::scalar_text).collect();
    if parts.is_empty() { argument.scalar_text().unwrap_or_default() } else { parts.join(".") }
}

/// The constant part of what is imported, as it is typed: `Topic` of `${Stack}-Topic`.
fn imported_name(argument: &Node) -> String {
    let of_function = argument.entries().first().map(|entry| &entry.value);
    let typed = of_function.unwrap_or(argument);
    let typed = typed.items().first().unwrap_or(typed).scalar_text().unwrap_or_default();
    let end = typed.rsplit('}').next().unwrap_or_default();
    end.trim_matches(|letter: char| !letter.is_alphanumeric()).to_string()
}
