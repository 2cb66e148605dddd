//! Values that know where they stand: YAML, JSON and TOML text to [`Node`]s.
//!
//! Front matter, site.toml, alert rules and `CloudFormation` are all read through this module, so that whatever
//! is wrong with a value can be shown at its own characters. It knows no key and no rule: what a value means
//! is said by whoever reads it. Never reads the disk.

use std::ops::Range;

pub mod json;
pub mod keys;
pub mod pattern;
pub mod read;
pub mod toml;
pub mod yaml;

/// How deep lists and maps may stand in each other before a text is refused.
pub(crate) const MAX_DEPTH: usize = 96;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What is there.
    pub value: Value,
    /// The bytes of the file that the author typed for it: quotes and brackets included, tag and anchor not.
    /// A block map reaches from its first key to the end of its last value, a block list from its first `-`.
    /// For a value that stands for nothing typed (`key:`) the range is empty.
    pub range: Range<usize>,
    /// The local YAML tag without its `!`, as `!Ref` in `CloudFormation` uses it.
    pub tag: Option<String>,
}

/// A value, by the YAML 1.2 core schema: dates are text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, or too large for [`Value::Integer`].
    Float(f64),
    /// Text.
    String(String),
    /// Values in the order of the file.
    List(Vec<Node>),
    /// Keys and their values, in the order of the file.
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, without quotes.
    pub key: String,
    /// Where the key stands, quotes included.
    pub key_range: Range<usize>,
    /// What it holds.
    pub value: Node,
}

/// The first thing that makes a text no YAML, JSON or TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where the reader could not go on.
    pub range: Range<usize>,
    /// What is wrong there, in the wording of diagnostics.
    pub message: String,
}

impl Node {
    /// The value of a key; `None` if there is no such key or this is no map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The key with its value; `None` if there is no such key or this is no map.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value that a sequence of keys leads to.
    pub fn at(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Every entry of a map; none if this is no map.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Every item of a list; none if this is no list.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is text. What an author typed for a number or a date is in the file at `range`.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(bool) => Some(bool),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self.value {
            Value::Integer(integer) => Some(integer),
            _ => None,
        }
    }

    /// Whether nothing is there.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The text of a value that is no list and no map, numbers and truth values as they are usually written.
    pub fn scalar_text(&self) -> Option<String> {
        match &self.value {
            Value::Bool(bool) => Some(bool.to_string()),
            Value::Integer(integer) => Some(integer.to_string()),
            Value::Float(float) => Some(float.to_string()),
            Value::String(text) => Some(text.clone()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// What kind of value it is, for messages: "a list", "text", "a number".
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::String(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// Only a YAML `.nan` differs from itself, which costs whoever remembers values one more look.
impl Eq for Node {}

/// Finds the second of two equal keys, and the error that says so.
fn duplicate_key(entries: &[Entry]) -> Option<SyntaxError> {
    let mut order: Vec<&Entry> = entries.iter().collect();
    // Equal keys come together in the order of the text, so that the second is the later one.
    order.sort_by(|a, b| a.key.cmp(&b.key).then(a.key_range.start.cmp(&b.key_range.start)));
    let second = order.windows(2).find(|pair| pair[0].key == pair[1].key)?[1];
    Some(SyntaxError {
        range: second.key_range.clone(),
        message: format!("a second key `{}`", second.key),
    })
}

#[cfg(test)]
mod tests {
    use super::yaml;

    #[test]
    fn a_path_of_keys_leads_to_a_value_or_to_nothing() {
        let node = yaml::parse("a:\n  b: [1, 2]", 0).unwrap();
        assert_eq!(node.at(&["a", "b"]).map(|list| list.items().len()), Some(2));
        assert_eq!(node.at(&["a", "b", "c"]), None);
    }

    #[test]
    fn kinds_are_named_as_an_author_would_name_them() {
        let node = yaml::parse("[1, a, true, [], {}, ~]", 0).unwrap();
        let kinds: Vec<&str> = node.items().iter().map(super::Node::kind).collect();
        assert_eq!(kinds, ["a number", "text", "true or false", "a list", "a map", "nothing"]);
    }
}
