//! JSON text to positioned values.
//!
//! This module finds where each value begins and ends; what a string or number means is decided by
//! `serde_json`. JSON is not read as YAML, since YAML forbids tabs and half of a surrogate pair; nor by jsonc-parser,
//! which keeps places too but takes `[01]`, `{'a': 1}` and bare line ends in a string for JSON however strict it is asked
//! to be, so that all of its values would have to be looked at once more.

use super::{Entry, MAX_DEPTH, Node, SyntaxError, Value, duplicate_key};

/// Reads one JSON value. `text` begins at byte `offset` of its file.
///
/// # Errors
/// The first syntax error; text behind the value is one.
pub fn parse(text: &str, offset: usize) -> Result<Node, SyntaxError> {
    let mut reader = JsonReader { text, offset, at: 0 };
    reader.skip_bom();
    let node = reader.value(0)?;
    reader.skip_blanks();
    if reader.at < text.len() {
        Err(reader.error("text behind the end of the value"))
    } else {
        Ok(node)
    }
}

/// A text in JSON's double quotes, which YAML reads too.
pub(crate) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

struct JsonReader<'a> {
    text: &'a str,
    offset: usize,
    at: usize,
}

impl JsonReader<'_> {
    fn value(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        self.skip_blanks();
        let start = self.at;
        if depth >= MAX_DEPTH {
            return Err(self.error("lists and maps nest too deep here"));
        }
        let value = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::String(self.string()?),
            _ => self.literal()?,
        };
        Ok(Node { value, range: self.offset + start..self.offset + self.at, tag: None })
    }

    fn map(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        let mut entries = Vec::new();
        self.at += 1;
        self.skip_blanks();
        while self.peek() != Some(b'}') {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.error("expected a key in double quotes"));
            }
            let key = self.string()?;
            let key_range = self.offset + start..self.offset + self.at;
            self.skip_blanks();
            if self.peek() != Some(b':') {
                return Err(self.error("expected `:` behind the key"));
            }
            self.at += 1;
            entries.push(Entry { key, key_range, value: self.value(depth + 1)? });
            self.next_of(b'}', "expected `,` or `}`")?;
        }
        self.at += 1;
        duplicate_key(&entries).map_or(Ok(Value::Map(entries)), Err)
    }

    fn list(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_blanks();
        while self.peek() != Some(b']') {
            items.push(self.value(depth + 1)?);
            self.next_of(b']', "expected `,` or `]`")?;
        }
        self.at += 1;
        Ok(Value::List(items))
    }

    /// Goes on to the next item, or to the closing bracket.
    fn next_of(&mut self, closing: u8, otherwise: &str) -> Result<(), SyntaxError> {
        self.skip_blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_blanks();
                if self.peek() == Some(closing) {
                    return Err(self.error("a comma with nothing behind it"));
                }
                Ok(())
            }
            found if found == Some(closing) => Ok(()),
            _ => Err(self.error(otherwise)),
        }
    }

    fn string(&mut self) -> Result<String, SyntaxError> {
        let start = self.at;
        let mut end = start + 1;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(end).filter(|byte| !matches!(byte, b'"' | b'\n')) {
            end += if *byte == b'\\' { 2 } else { 1 };
        }
        if bytes.get(end) != Some(&b'"') {
            return Err(self.error("the quote that opens here is never closed"));
        }
        self.at = end + 1;
        let typed = &self.text[start..self.at];
        if !typed.contains('\\') && !typed.bytes().any(|byte| byte < 0x20) {
            return Ok(typed[1..typed.len() - 1].to_string());
        }
        serde_json::from_str(typed).map_err(|_| SyntaxError {
            range: self.offset + start..self.offset + self.at,
            message: "an unknown `\\` escape or a control character".to_string(),
        })
    }

    fn literal(&mut self) -> Result<Value, SyntaxError> {
        let rest = &self.text[self.at..];
        let end = rest.find(|found: char| !found.is_ascii_alphanumeric() && !"+-.".contains(found));
        let typed = &rest[..end.unwrap_or(rest.len())];
        let value = match serde_json::from_str(typed) {
            Ok(serde_json::Value::Null) => Value::Null,
            Ok(serde_json::Value::Bool(bool)) => Value::Bool(bool),
            Ok(serde_json::Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Value::Integer(integer),
                (None, Some(float)) => Value::Float(float),
                (None, None) => Value::String(typed.to_string()),
            },
            _ => return Err(self.error("expected a value")),
        };
        self.at += typed.len();
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn skip_bom(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
    }

    fn error(&self, message: &str) -> SyntaxError {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        let start = self.offset + self.at;
        SyntaxError { range: start..start + length, message: message.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, quote};
    use crate::value::{Node, Value};

    fn plain(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(bool) => (*bool).into(),
            Value::Integer(integer) => (*integer).into(),
            Value::Float(float) => (*float).into(),
            Value::String(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(plain).collect(),
            Value::Map(entries) => {
                entries.iter().map(|entry| (entry.key.clone(), plain(&entry.value))).collect()
            }
        }
    }

    #[test]
    fn reads_what_serde_json_reads() {
        for text in [
            "{\"a\":\t[1, -2.5, 1e3, true, null, \"\\ud83d\\ude00 \\/ \\\" é\"], \"b\": {}}",
            "[]",
            "\u{20}\"x\" ",
            "[[[]], {\"\": 9007199254740993}]",
        ] {
            let judge: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(plain(&parse(text, 0).unwrap()), judge, "{text}");
        }
    }

    #[test]
    fn every_range_slices_back_to_the_value() {
        let text = "{\n\t\"näme\": [1, \"zwei\"]\n}";
        let node = parse(text, 0).unwrap();
        let entry = node.entry("näme").unwrap();
        assert_eq!(&text[entry.key_range.clone()], "\"näme\"");
        assert_eq!(&text[entry.value.range.clone()], "[1, \"zwei\"]");
        assert_eq!(&text[entry.value.items()[1].range.clone()], "\"zwei\"");
        assert_eq!(node.range, 0..text.len());
    }

    #[test]
    fn mistakes_are_named_at_their_place() {
        for (text, at, message) in [
            ("{\"a\": 1,}", 8, "a comma with nothing behind it"),
            ("{a: 1}", 1, "expected a key in double quotes"),
            ("[1 2]", 3, "expected `,` or `]`"),
            ("{\"a\": \"x}", 6, "the quote that opens here is never closed"),
            ("{\"a\": 1, \"a\": 2}", 9, "a second key `a`"),
            ("[01]", 1, "expected a value"),
            ("", 0, "expected a value"),
            ("{} x", 3, "text behind the end of the value"),
        ] {
            let error = parse(text, 100).unwrap_err();
            assert_eq!((error.range.start, error.message.as_str()), (100 + at, message), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert_eq!(
            parse(&"[".repeat(100_000), 0).unwrap_err().message,
            "lists and maps nest too deep here"
        );
    }

    #[test]
    fn quoted_text_reads_back() {
        assert_eq!(parse(&quote("a\"\n\u{1}é"), 0).unwrap().as_str(), Some("a\"\n\u{1}é"));
    }
}
