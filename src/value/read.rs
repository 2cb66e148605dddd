//! Typed reading of positioned values: what is of another type is left out and reported at its place.

use std::ops::Range;

use jiff::civil::Date;

use super::{Entry, Node, Value};
use crate::calendar::{Interval, parse_day};
use crate::diagnostic::{Diagnostic, Location, Rule, values};
use crate::files::FilePath;
use crate::glob::Globs;
use crate::token::placeholder;

/// A value with the bytes of the file that hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Where it stands, quotes included.
    pub range: Range<usize>,
}

/// Reads the values of one file and collects what is wrong with them.
pub struct Reader<'a> {
    path: &'a FilePath,
    text: &'a str,
    rule: Rule,
    /// Whether one value is also read in other shapes that can mean no other.
    generous: bool,
    /// What was wrong so far, in the order of reading.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// A reader of the file at `path` with the given text; wrong types break `rule`.
    pub fn new(path: &'a FilePath, text: &'a str, rule: Rule) -> Reader<'a> {
        Reader { path, text, rule, generous: false, diagnostics: Vec::new() }
    }

    /// The same for values that may be written for another program: a list of one stands for the one, an empty list
    /// for nothing, a map for its `name`, and a number or truth value may stand in quotes.
    pub fn generous(path: &'a FilePath, text: &'a str, rule: Rule) -> Reader<'a> {
        Reader { generous: true, ..Reader::new(path, text, rule) }
    }

    /// The one value that a list or map stands for, or none; nothing at all for any other list or map.
    fn meant<'n>(&self, node: &'n Node) -> Option<&'n [Node]> {
        match &node.value {
            _ if !self.generous => None,
            Value::List(items) => (items.len() < 2).then_some(items),
            Value::Map(_) => node.get("name").map(std::slice::from_ref),
            _ => None,
        }
    }

    /// A place in the file that is read.
    pub fn at(&self, range: &Range<usize>) -> Location {
        Location::new(self.path, range.clone())
    }

    /// The rule that wrong values break.
    pub(super) fn rule(&self) -> Rule {
        self.rule
    }

    /// What an author typed for a text, a number or a truth value.
    pub fn typed(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
                self.text.get(node.range.clone()).map(str::to_owned)
            }
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Reports that a key holds something else than expected ("a list of names").
    pub fn wrong(&mut self, key: &str, node: &Node, expected: &str) {
        let diagnostic =
            values::wrong_type(self.at(&node.range), self.rule, key, expected, node.kind());
        self.diagnostics.push(diagnostic);
    }

    /// Text; a number or truth value counts as the text that the author typed.
    pub fn text(&mut self, key: &str, node: &Node) -> Option<Spanned<String>> {
        let value = match &node.value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
                self.text.get(node.range.clone()).unwrap_or_default().to_owned()
            }
            Value::Null => return None,
            Value::List(_) | Value::Map(_) => {
                return match self.meant(node) {
                    Some([only]) if only.scalar_text().is_some() => self.text(key, only),
                    Some([]) => None,
                    _ => {
                        self.wrong(key, node, "text");
                        None
                    }
                };
            }
        };
        Some(Spanned { value, range: node.range.clone() })
    }

    /// A list of texts; one text alone counts as a list of one.
    pub fn texts(&mut self, key: &str, node: &Node) -> Vec<Spanned<String>> {
        match &node.value {
            Value::List(items) => items.iter().filter_map(|item| self.text(key, item)).collect(),
            Value::Map(_) if self.meant(node).is_none() => {
                self.wrong(key, node, "a list of texts");
                Vec::new()
            }
            _ => self.text(key, node).into_iter().collect(),
        }
    }

    /// True or false.
    pub fn bool(&mut self, key: &str, node: &Node) -> Option<bool> {
        let in_quotes =
            || match node.as_str().filter(|_| self.generous)?.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            };
        let found = node.as_bool().or_else(in_quotes);
        if found.is_none() && !node.is_null() {
            self.wrong(key, node, "`true` or `false`");
        }
        found
    }

    /// A whole number.
    pub fn integer(&mut self, key: &str, node: &Node) -> Option<i64> {
        let otherwise = || match &node.value {
            _ if !self.generous => None,
            Value::String(text) => text.trim().parse().ok(),
            // Between two whole numbers some tools put a third page; here it stands beside the first.
            Value::Float(number) if number.abs() < 1e15 => Some(number.floor() as i64),
            _ => None,
        };
        let found = node.as_integer().or_else(otherwise);
        if found.is_none() && !node.is_null() {
            self.wrong(key, node, "a whole number");
        }
        found
    }

    /// A day; a slot such as `<today>` is neither a day nor a mistake of its own.
    pub fn date(&mut self, key: &str, node: &Node) -> Option<Spanned<Date>> {
        let text = self.text(key, node)?;
        let date = parse_day(text.value.trim());
        if date.is_none() && placeholder(text.value.trim()).is_none() {
            let diagnostic = values::bad_date(self.at(&text.range), key, &text.value);
            self.diagnostics.push(diagnostic);
        }
        date.map(|value| Spanned { value, range: text.range })
    }

    /// A length of time such as "6 weeks".
    pub fn interval(&mut self, key: &str, node: &Node) -> Option<Spanned<Interval>> {
        let text = self.text(key, node)?;
        let interval = Interval::parse(&text.value);
        if interval.is_none() && placeholder(text.value.trim()).is_none() {
            let diagnostic =
                values::bad_interval(self.at(&text.range), self.rule, key, &text.value);
            self.diagnostics.push(diagnostic);
        }
        interval.map(|value| Spanned { value, range: text.range })
    }

    /// The entries of a map.
    pub fn map<'n>(&mut self, key: &str, node: &'n Node) -> &'n [Entry] {
        if !matches!(node.value, Value::Map(_) | Value::Null) {
            self.wrong(key, node, "keys with values");
        }
        node.entries()
    }

    /// The items of a list.
    pub fn list<'n>(&mut self, key: &str, node: &'n Node) -> &'n [Node] {
        if !matches!(node.value, Value::List(_) | Value::Null) {
            self.wrong(key, node, "a list");
        }
        node.items()
    }

    /// Path patterns; what cannot be read as one is reported and left out.
    pub fn globs(&mut self, key: &str, node: &Node) -> Vec<Spanned<String>> {
        let mut patterns = self.texts(key, node);
        patterns.retain(|pattern| match Globs::new([pattern.value.as_str()]) {
            Ok(_) => true,
            Err(message) => {
                let at = self.at(&pattern.range);
                self.diagnostics.push(values::bad_glob(at, self.rule, key, &message));
                false
            }
        });
        patterns
    }

    /// One of a few words, with what each stands for.
    pub fn choice<C: Copy>(&mut self, key: &str, node: &Node, words: &[(&str, C)]) -> Option<C> {
        let text = self.text(key, node)?;
        let found = words.iter().find(|(word, _)| *word == text.value).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let at = self.at(&text.range);
            let found = values::not_one_of(at, self.rule, key, &text.value, &known);
            self.diagnostics.push(found);
        }
        found
    }

    /// The text of a key that a map cannot do without; `what` the map is, and `at` where to say that the key is not there.
    pub fn required(
        &mut self,
        node: &Node,
        key: &str,
        what: &str,
        at: &Range<usize>,
    ) -> Option<Spanned<String>> {
        let value = self.required_value(node, key, what, at)?;
        self.text(key, value)
    }

    /// The same for a value of any type.
    pub fn required_value<'n>(
        &mut self,
        node: &'n Node,
        key: &str,
        what: &str,
        at: &Range<usize>,
    ) -> Option<&'n Node> {
        let value = node.get(key).filter(|value| !value.is_null());
        if value.is_none() {
            self.diagnostics.push(values::missing_key(self.at(at), self.rule, what, key));
        }
        value
    }

    /// Reports a key that nobody knows, with the nearest of `known`.
    pub fn unknown_key(&mut self, entry: &Entry, known: &[&str]) {
        let rule = if self.rule == Rule::BadValue { Rule::UnknownKey } else { self.rule };
        let diagnostic = values::unknown_key(self.at(&entry.key_range), rule, &entry.key, known);
        self.diagnostics.push(diagnostic);
    }
}
