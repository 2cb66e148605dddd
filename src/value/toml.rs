//! TOML text to positioned values.
//!
//! The keys of a table come in the order of the file. Dates and times are text, as they were typed.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, MAX_DEPTH, Node, SyntaxError, Value};

/// Reads a TOML document as a map. `text` begins at byte `offset` of its file.
///
/// # Errors
/// The first syntax error.
pub fn parse(text: &str, offset: usize) -> Result<Node, SyntaxError> {
    let document = DeTable::parse(text).map_err(|error| {
        let range = error.span().unwrap_or(text.len()..text.len());
        let message = error.message().lines().collect::<Vec<&str>>().join(", ");
        SyntaxError { range: shifted(&range, offset), message }
    })?;
    let range = shifted(&document.span(), offset);
    let value = map(document.get_ref(), text, offset, 0)?;
    Ok(Node { value, range, tag: None })
}

fn map(table: &DeTable<'_>, text: &str, offset: usize, depth: usize) -> Result<Value, SyntaxError> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        entries.push(Entry {
            key: key.get_ref().to_string(),
            key_range: shifted(&key.span(), offset),
            value: node(value, text, offset, depth + 1)?,
        });
    }
    entries.sort_by_key(|entry| entry.key_range.start);
    Ok(Value::Map(entries))
}

fn node(
    spanned: &Spanned<DeValue<'_>>,
    text: &str,
    offset: usize,
    depth: usize,
) -> Result<Node, SyntaxError> {
    let range = shifted(&spanned.span(), offset);
    if depth >= MAX_DEPTH {
        return Err(SyntaxError {
            range,
            message: "lists and tables nest too deep here".to_string(),
        });
    }
    let value = match spanned.get_ref() {
        DeValue::String(string) => Value::String(string.to_string()),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(integer) => Value::Integer(integer),
            Err(_) => {
                return Err(SyntaxError { range, message: "the number is too large".to_string() });
            }
        },
        DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(bool) => Value::Bool(*bool),
        DeValue::Datetime(_) => Value::String(text[spanned.span()].to_string()),
        DeValue::Array(array) => Value::List(
            array
                .iter()
                .map(|item| node(item, text, offset, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        DeValue::Table(table) => map(table, text, offset, depth)?,
    };
    Ok(Node { value, range, tag: None })
}

fn shifted(range: &Range<usize>, offset: usize) -> Range<usize> {
    range.start + offset..range.end + offset
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::value::{Node, Value};

    const SITE: &str = "title = \"Über\"\nhex = 0x1F\nratio = 1_000.5\nday = 2025-05-30\n\n[owners.devops]\n\
                        name = 'DevOps'\n\n[[list]]\na = 1\n[[list]]\na = 2\n[owners.other]\nx = [1, {y = true}]\n";

    fn typed<'a>(text: &'a str, node: &Node) -> &'a str {
        &text[node.range.clone()]
    }

    #[test]
    fn values_keep_their_kind_and_place() {
        let node = parse(SITE, 0).unwrap();
        assert_eq!(typed(SITE, node.get("title").unwrap()), "\"Über\"");
        assert_eq!(node.get("hex").unwrap().value, Value::Integer(31));
        assert_eq!(node.get("ratio").unwrap().value, Value::Float(1000.5));
        assert_eq!(node.get("day").unwrap().as_str(), Some("2025-05-30"));
        assert_eq!(typed(SITE, node.at(&["owners", "devops", "name"]).unwrap()), "'DevOps'");
        assert_eq!(node.get("list").unwrap().items().len(), 2);
        let inline = &node.at(&["owners", "other", "x"]).unwrap().items()[1];
        assert_eq!(typed(SITE, inline), "{y = true}");
        assert_eq!(typed(SITE, node.at(&["owners", "devops"]).unwrap()), "[owners.devops]");
    }

    #[test]
    fn keys_stand_in_the_order_of_the_file() {
        let node = parse("b = 1\na = 2\nc.d = 3", 7).unwrap();
        let keys: Vec<&str> = node.entries().iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["b", "a", "c"]);
        assert_eq!(node.entries()[0].key_range, 7..8);
    }

    #[test]
    fn mistakes_are_named_at_their_place() {
        for (text, range, message) in [
            ("a = 1\na = 2", 6..7, "duplicate key"),
            ("a = \"x", 6..6, "invalid basic string, expected `\"`"),
            ("a = 99999999999999999999", 4..24, "the number is too large"),
            ("a 1", 2..2, "key with no value, expected `=`"),
        ] {
            let error = parse(text, 0).unwrap_err();
            assert_eq!((error.range, error.message.as_str()), (range, message), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        for (before, open, after) in
            [("a = ", "[", ""), ("a = ", "{a = ", ""), ("", "a.", "a = 1"), ("[", "a.", "a]")]
        {
            let text = format!("{before}{}{after}", open.repeat(100_000));
            assert!(parse(&text, 0).is_err(), "{open}");
        }
    }
}
