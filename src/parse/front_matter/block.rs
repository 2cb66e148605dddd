//! The block of keys at the head of a file: found, and edited byte by byte.
//!
//! Values are replaced and lines inserted in place, in the style that the author used; nothing is parsed and printed
//! again, and every other byte stays. Knows no key by name, and writes no file.
//!
//! `toml_edit` would keep the other bytes too, of TOML alone, and most blocks are YAML: with the places that the readers
//! give, an edit is the same few lines for both.

use std::ops::Range;

use super::FrontMatterFormat;
use crate::calendar::parse_date;
use crate::value::{Entry, Node, SyntaxError, Value, json, toml, yaml};

/// Where a block stands.
pub(crate) struct FrontMatterBlock {
    pub(crate) dialect: FrontMatterFormat,
    /// With both delimiters.
    pub(crate) range: Range<usize>,
    /// Between the delimiters.
    pub(crate) keys: Range<usize>,
    /// The byte where the body begins.
    pub(crate) body: usize,
    /// Whether there is a closing delimiter.
    pub(crate) closed: bool,
}

impl FrontMatterBlock {
    /// The block that opens the file, if its first line is a delimiter and its second neither blank nor missing.
    pub(crate) fn find(text: &str) -> Option<FrontMatterBlock> {
        let start = without_mark(text);
        let first = text[start..].lines().next()?;
        let (dialect, delimiter) = match first.trim_end() {
            "---" => (FrontMatterFormat::Yaml, "---"),
            "+++" => (FrontMatterFormat::Toml, "+++"),
            _ => return None,
        };
        let keys = start + line_length(&text[start..]);
        if text[keys..].lines().next().is_none_or(|second| second.trim().is_empty()) {
            return None;
        }
        let mut at = keys;
        let mut blank = None;
        while at < text.len() {
            let length = line_length(&text[at..]);
            let line = text[at..at + length].trim_end();
            let body = at + length;
            if line == delimiter {
                return Some(FrontMatterBlock {
                    dialect,
                    range: start..body,
                    keys: keys..at,
                    body,
                    closed: true,
                });
            }
            if line.is_empty() && blank.is_none() {
                blank = Some(at);
            }
            at = body;
        }
        let looks_like_a_key = text[keys..].lines().next().is_some_and(|line| {
            let word = line.find([':', '=']).map_or("", |end| line[..end].trim_end());
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        let body = blank.unwrap_or(text.len());
        let open =
            FrontMatterBlock { dialect, range: start..body, keys: keys..body, body, closed: false };
        looks_like_a_key.then_some(open)
    }

    /// What the keys of a closed block say.
    pub(crate) fn read(&self, text: &str) -> Result<Node, SyntaxError> {
        let keys = &text[self.keys.clone()];
        let node = match self.dialect {
            FrontMatterFormat::Toml => toml::parse(keys, self.keys.start)?,
            _ => yaml::parse(keys, self.keys.start)?,
        };
        match node.value {
            Value::Map(_) | Value::Null => Ok(node),
            _ => Err(SyntaxError {
                message: format!("the front matter is {}, not keys with values", node.kind()),
                range: node.range,
            }),
        }
    }
}

/// A part of a text and what comes in its place.
pub(crate) type FrontMatterEdit = (Range<usize>, String);

/// A block is never closed, or holds what cannot be read.
pub(crate) struct Unreadable;

/// Edits the block of a text.
pub(crate) struct Editor<'t> {
    text: &'t str,
    block: FrontMatterBlock,
    /// What the block says.
    pub(crate) root: Node,
    line_end: &'static str,
}

impl<'t> Editor<'t> {
    /// An editor of the block that a text has; nothing for a text without one.
    ///
    /// # Errors
    /// The block is never closed, or cannot be read.
    pub(crate) fn find(text: &'t str) -> Result<Option<Editor<'t>>, Unreadable> {
        let Some(block) = FrontMatterBlock::find(text) else { return Ok(None) };
        let root = block.closed.then(|| block.read(text).ok()).flatten().ok_or(Unreadable)?;
        let line_end = line_end(&text[block.range.clone()]);
        Ok(Some(Editor { text, block, root, line_end }))
    }

    /// A key with a value that is written in the block's language: in place if the key is there, else at the end, in TOML
    /// before its tables. `None` where the block is no list of keys, a line each.
    pub(crate) fn set(&self, key: &str, value: &str) -> Option<FrontMatterEdit> {
        if let Some(entry) = self.root.entry(key) {
            return Some(self.replace(entry, value));
        }
        let place = match self.dialect() {
            FrontMatterFormat::Toml => {
                let lines = self.root.entries().iter();
                let mut lines = lines.map(|entry| self.line_start(entry.key_range.start));
                let table = lines.find(|line| self.text[*line..].trim_start().starts_with('['));
                table.unwrap_or(self.block.keys.end)
            }
            _ => self.block.keys.end,
        };
        let line = format!("{}{key}{} {value}{}", self.indent()?, self.sign(), self.line_end);
        Some((place..place, line))
    }

    /// The value of a key that is there, written anew.
    pub(crate) fn replace(&self, entry: &Entry, value: &str) -> FrontMatterEdit {
        let range = entry.value.range.clone();
        if !self.text[range.clone()].is_empty() {
            return (range, value.to_owned());
        }
        let colon = self.text[entry.key_range.end..].find([':', '=']).unwrap_or(0);
        let at = entry.key_range.end + colon + 1;
        (at..at, format!(" {value}"))
    }

    /// A text in the block's language, quoted as the value before it was.
    pub(crate) fn written_like(&self, before: &Node, text: &str) -> String {
        let typed = &self.text[before.range.clone()];
        match typed.chars().next() {
            Some('\'') if !text.contains('\'') => format!("'{text}'"),
            Some('"') => json::quote(text),
            _ => self.written(text),
        }
    }

    /// A text in the block's language; days are left bare.
    pub(crate) fn written(&self, text: &str) -> String {
        written(self.dialect(), text)
    }

    /// A YAML value in the block's language.
    pub(crate) fn translated(&self, value: &str) -> String {
        match self.dialect() {
            FrontMatterFormat::Toml => {
                yaml::parse(value, 0).map_or_else(|_| json::quote(value), |node| in_toml(&node))
            }
            _ => value.to_owned(),
        }
    }

    /// An item, as keys and written values, at the end of a list that may not be there yet; `None` where what is there is
    /// no list, or is written in a way that holds no more.
    pub(crate) fn append(&self, key: &str, fields: &[(&str, String)]) -> Option<FrontMatterEdit> {
        let eol = self.line_end;
        let Some(listed) = self.root.entry(key) else { return self.new_list(key, fields) };
        let after_key = self.text[listed.key_range.end..].trim_start();
        if self.dialect() == FrontMatterFormat::Toml && !after_key.starts_with('=') {
            return Some((self.end(), toml_table(key, fields, eol)));
        }
        let range = &listed.value.range;
        if self.text[range.clone()].starts_with('[') {
            let item = self.in_braces(fields);
            return Some(match listed.value.items().last() {
                Some(last) => (last.range.end..last.range.end, format!(", {item}")),
                None => (range.clone(), format!("[{item}]")),
            });
        }
        if listed.value.is_null() {
            let indent = self.column(listed.key_range.start);
            let at = self.line_end_after(listed.key_range.end);
            let item = yaml_item(fields, &format!("{indent}  - "), eol);
            return Some((at..at, format!("{eol}{item}")));
        }
        let last = listed.value.items().last()?;
        let prefix = self.column(last.range.start);
        if prefix.trim() != "-" {
            return None;
        }
        let typed = self.text[last.range.clone()].trim_end();
        let at = self.line_end_after(last.range.start + typed.len());
        let item = if typed.starts_with('{') {
            format!("{prefix}{}", self.in_braces(fields))
        } else {
            yaml_item(fields, prefix, eol)
        };
        Some((at..at, format!("{eol}{item}")))
    }

    /// The text with these edits, none of which touches another.
    pub(crate) fn apply(&self, mut edits: Vec<FrontMatterEdit>) -> String {
        edits.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(self.text.len() + 160);
        let mut done = 0;
        for (range, new) in edits {
            out.push_str(&self.text[done..range.start]);
            out.push_str(&new);
            done = range.end;
        }
        out.push_str(&self.text[done..]);
        out
    }

    fn dialect(&self) -> FrontMatterFormat {
        self.block.dialect
    }

    fn end(&self) -> Range<usize> {
        self.block.keys.end..self.block.keys.end
    }

    fn new_list(&self, list: &str, fields: &[(&str, String)]) -> Option<FrontMatterEdit> {
        let eol = self.line_end;
        if self.dialect() == FrontMatterFormat::Toml {
            return Some((self.end(), toml_table(list, fields, eol)));
        }
        let indent = self.indent()?;
        let item = yaml_item(fields, &format!("{indent}  - "), eol);
        Some((self.end(), format!("{indent}{list}:{eol}{item}{eol}")))
    }

    /// What stands before each key; `None` where keys stand between braces.
    fn indent(&self) -> Option<&'t str> {
        let first =
            self.root.entries().first().map_or("", |entry| self.column(entry.key_range.start));
        (!self.text[self.root.range.clone()].starts_with('{')).then_some(first)
    }

    /// An item between braces.
    fn in_braces(&self, fields: &[(&str, String)]) -> String {
        let fields: Vec<String> = fields
            .iter()
            .map(|(key, value)| format!("{key}{} {}", self.sign(), between_braces(value)))
            .collect();
        format!("{{{}}}", fields.join(", "))
    }

    /// What stands between a key and its value.
    fn sign(&self) -> &'static str {
        if self.dialect() == FrontMatterFormat::Toml { " =" } else { ":" }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    fn line_end_after(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.trim_end_matches('\r').len()
    }

    /// What stands before a place in its line.
    fn column(&self, at: usize) -> &'t str {
        &self.text[self.line_start(at)..at]
    }
}

/// A text without a block, with one of these lines.
pub(crate) fn with_new_block(text: &str, lines: &[String]) -> String {
    let start = without_mark(text);
    let eol = line_end(text);
    let lines = lines.concat().replace('\n', eol);
    format!("{}---{eol}{lines}---{eol}{eol}{}", &text[..start], &text[start..])
}

/// The lines of a list of one item in YAML.
pub(crate) fn yaml_list(list: &str, fields: &[(&str, String)]) -> String {
    format!("{list}:\n{}\n", yaml_item(fields, "  - ", "\n"))
}

/// A text in a language of blocks; days are left bare.
pub(crate) fn written(dialect: FrontMatterFormat, text: &str) -> String {
    match dialect {
        _ if parse_date(text).is_some() => text.to_owned(),
        FrontMatterFormat::Toml => json::quote(text),
        _ => yaml::quote(text),
    }
}

/// The length of the mark with which some editors begin a file.
pub(super) fn without_mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |end| end + 1)
}

fn line_end(text: &str) -> &'static str {
    let first = text.find('\n').unwrap_or(0);
    if text[..first].ends_with('\r') { "\r\n" } else { "\n" }
}

fn yaml_item(fields: &[(&str, String)], prefix: &str, eol: &str) -> String {
    let below = format!("{eol}{}", " ".repeat(prefix.chars().count()));
    let lines: Vec<String> = fields.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{prefix}{}", lines.join(&below))
}

fn toml_table(list: &str, fields: &[(&str, String)], eol: &str) -> String {
    let lines: Vec<String> =
        fields.iter().map(|(key, value)| format!("{key} = {value}{eol}")).collect();
    format!("{eol}[[{list}]]{eol}{}", lines.concat())
}

/// A plain value that holds what ends a value between braces is quoted.
fn between_braces(value: &str) -> String {
    let is_quoted = value.starts_with(['"', '\'']);
    if !is_quoted && value.contains([',', '[', ']', '{', '}']) {
        json::quote(value)
    } else {
        value.to_owned()
    }
}

fn in_toml(node: &Node) -> String {
    match &node.value {
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(in_toml).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entry =
                |entry: &Entry| format!("{} = {}", json::quote(&entry.key), in_toml(&entry.value));
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Bool(_) | Value::Integer(_) => node.scalar_text().unwrap_or_default(),
        _ => json::quote(&node.scalar_text().unwrap_or_default()),
    }
}
