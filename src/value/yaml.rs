//! YAML text to positioned values, and text to YAML.
//!
//! Structure and positions come from the events of an event parser that keeps marks; what a plain scalar means
//! is decided by `serde_yaml`, and a test holds the two readings equal. Anchors, aliases and merge keys are
//! followed within bounds. Nothing recurses: however deep a text nests, it is refused before the stack ends.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{Entry, MAX_DEPTH, Node, SyntaxError, Value, duplicate_key};

use places::{MarkPlaces, quoted_length};

mod places;
mod wording;

/// How many values aliases may add to a text before it is refused.
const MAX_ALIASED: usize = 100_000;

/// How much text counts as a value more, in bytes: what aliases repeat may be long as well as many.
const TEXT_OF_A_VALUE: usize = 64;

/// Reads one YAML document. `text` begins at byte `offset` of its file; no text at all is [`Value::Null`].
///
/// # Errors
/// The first syntax error; a second document is one.
pub fn parse(text: &str, offset: usize) -> Result<Node, SyntaxError> {
    let mut documents = parse_documents(text, offset)?;
    if let Some(second) = documents.get(1) {
        let range = second.range.start..second.range.start;
        return Err(SyntaxError { range, message: "a second document begins here".to_string() });
    }
    Ok(documents.pop().unwrap_or(Node { value: Value::Null, range: offset..offset, tag: None }))
}

/// Reads every document of a YAML stream. `text` begins at byte `offset` of its file.
///
/// # Errors
/// The first syntax error of the stream.
pub fn parse_documents(text: &str, offset: usize) -> Result<Vec<Node>, SyntaxError> {
    let mut reader = YamlReader {
        places: MarkPlaces::new(text, offset),
        documents: Vec::new(),
        open: Vec::new(),
        anchors: HashMap::new(),
        aliased: 0,
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => reader.event(event, span)?,
            Err(error) => {
                let error = reader.places.scan_error(&error);
                return Err(reader.unclosed(&error).unwrap_or(error));
            }
        }
    }
    Ok(reader.documents)
}

/// A text as one line of YAML that reads back as the same text: plain where that is safe, else in quotes.
pub fn quote(text: &str) -> String {
    let plain = serde_yaml::to_string(text).unwrap_or_default();
    let plain = plain.trim_end_matches('\n');
    if plain.contains('\n') { super::json::quote(text) } else { plain.to_string() }
}

/// A list or map whose end has not been seen yet.
struct OpenNode {
    start: usize,
    tag: Option<String>,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, merged: Vec<Node>, key: Option<PendingKey> },
}

/// A key that waits for its value.
struct PendingKey {
    text: String,
    range: Range<usize>,
    is_merge: bool,
}

struct YamlReader<'a> {
    places: MarkPlaces<'a>,
    documents: Vec<Node>,
    open: Vec<OpenNode>,
    anchors: HashMap<usize, Node>,
    aliased: usize,
}

impl YamlReader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), SyntaxError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let marked = anchor > 0 || tag.is_some();
                let range = self.scalar_range(span, style, marked, text.is_empty());
                let (value, tag) = scalar(&text, style, tag.as_deref());
                self.close(Node { value, range, tag }, anchor, Some((&text, style)))
            }
            Event::Alias(anchor) => {
                let range = self.places.range(span);
                let message = "the alias stands inside of what it names";
                let node =
                    self.anchors.get(&anchor).cloned().ok_or_else(|| error(&range, message))?;
                self.count(&node, &range)?;
                if self.open.len() + depth(&node) > MAX_DEPTH {
                    return Err(error(&range, "lists and maps nest too deep here"));
                }
                let text = node.as_str().map(ToString::to_string);
                let key = text.as_deref().map(|text| (text, ScalarStyle::DoubleQuoted));
                self.close(Node { range, ..node }, 0, key)
            }
            Event::SequenceStart(anchor, tag) => {
                self.push(span, anchor, tag.as_deref(), Content::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Map { entries: Vec::new(), merged: Vec::new(), key: None };
                self.push(span, anchor, tag.as_deref(), content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.pop(span),
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {
                Ok(())
            }
        }
    }

    /// The bracket that is never closed, if that is why the parser gave up further down.
    ///
    /// What stands in brackets is indented more than the key that they belong to; a line that is not ends them.
    fn unclosed(&self, found: &SyntaxError) -> Option<SyntaxError> {
        let flow = |open: &&OpenNode| self.places.bracket(open.start).is_some();
        let open = self.open.iter().rev().find(flow)?;
        let (bracket, closing) = self.places.bracket(open.start)?;
        if !self.places.leaves_block(open.start, found.range.start) {
            return None;
        }
        let message = format!("the `{bracket}` that opens here is not closed with `{closing}`");
        Some(SyntaxError { range: open.start..open.start + 1, message })
    }

    /// Opens a list or map.
    fn push(
        &mut self,
        span: Span,
        anchor: usize,
        tag: Option<&Tag>,
        content: Content,
    ) -> Result<(), SyntaxError> {
        let mut start = self.places.byte(span.start.index());
        if anchor > 0 || tag.is_some() {
            start = self.places.after_properties(start);
        } else if let Some(Content::Map { .. }) = self.open.last().map(|open| &open.content) {
            start = self.places.own_dash(start);
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(error(&(start..start), "lists and maps nest too deep here"));
        }
        self.open.push(OpenNode { start, tag: tag.and_then(local_tag), anchor, content });
        Ok(())
    }

    /// Ends the innermost list or map.
    fn pop(&mut self, span: Span) -> Result<(), SyntaxError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (value, last_end) = match open.content {
            Content::List(items) => {
                let end = items.last().map_or(open.start, |item| item.range.end);
                (Value::List(items), end)
            }
            Content::Map { mut entries, merged, .. } => {
                if let Some(error) = duplicate_key(&entries) {
                    return Err(error);
                }
                let end = entries.last().map_or(open.start, |entry| entry.value.range.end);
                let end = merged.last().map_or(end, |node| end.max(node.range.end));
                merge(&mut entries, merged)?;
                (Value::Map(entries), end)
            }
        };
        let closing = self.places.range(span);
        let bracket = self.places.text(&closing).starts_with(['}', ']']);
        let end = if bracket { closing.start + 1 } else { last_end };
        let node = Node { value, range: open.start..end.max(open.start), tag: open.tag };
        self.close(node, open.anchor, None)
    }

    /// Puts a finished value where it belongs. `scalar` is its text and style if it may serve as a key.
    fn close(
        &mut self,
        node: Node,
        anchor: usize,
        scalar: Option<(&str, ScalarStyle)>,
    ) -> Result<(), SyntaxError> {
        if anchor > 0 {
            self.count(&node, &node.range)?;
            self.anchors.insert(anchor, node.clone());
        }
        let places = &self.places;
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.documents.push(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map { entries, merged, key }) => match key.take() {
                None => {
                    let Some((text, style)) = scalar else {
                        return Err(error(&node.range, "a key must be text"));
                    };
                    let is_merge = text == "<<" && style == ScalarStyle::Plain;
                    *key = Some(PendingKey { text: text.to_string(), range: node.range, is_merge });
                }
                Some(key) if key.is_merge => merged.push(node),
                Some(PendingKey { text, range, .. }) => {
                    let value = if node.is_null() && node.range.is_empty() {
                        let place = places.after_colon(range.end);
                        Node { range: place..place, ..node }
                    } else {
                        node
                    };
                    entries.push(Entry { key: text, key_range: range, value });
                }
            },
        }
        Ok(())
    }

    /// Counts what aliases may repeat, and refuses a text in which they repeat too much.
    fn count(&mut self, node: &Node, at: &Range<usize>) -> Result<(), SyntaxError> {
        self.aliased += size(node);
        if self.aliased > MAX_ALIASED {
            return Err(error(at, "aliases repeat too much"));
        }
        Ok(())
    }

    fn scalar_range(
        &self,
        span: Span,
        style: ScalarStyle,
        marked: bool,
        empty: bool,
    ) -> Range<usize> {
        let mut range = self.places.range(span);
        if marked {
            range.start = self.places.after_properties(range.start).min(range.end);
        }
        if style == ScalarStyle::Plain && empty {
            return range.start..range.start;
        }
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) && !marked {
            range.start = self.places.block_header(range.start);
        }
        let typed = self.places.text(&range);
        range.end = range.start
            + match style {
                ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => quoted_length(typed),
                _ => typed.trim_end().len(),
            };
        range
    }
}

fn error(range: &Range<usize>, message: &str) -> SyntaxError {
    SyntaxError { range: range.clone(), message: message.to_string() }
}

/// What a value costs that is repeated.
fn size(node: &Node) -> usize {
    let text = |text: &str| text.len() / TEXT_OF_A_VALUE;
    let entry = |entry: &Entry| text(&entry.key) + size(&entry.value);
    1 + match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(entry).sum(),
        _ => node.as_str().map_or(0, text),
    }
}

/// How deep lists and maps stand in each other in a value.
fn depth(node: &Node) -> usize {
    let items = node.items().iter().map(depth);
    let entries = node.entries().iter().map(|entry| depth(&entry.value));
    match &node.value {
        Value::List(_) | Value::Map(_) => 1 + items.chain(entries).max().unwrap_or(0),
        _ => 0,
    }
}

/// Adds the entries of merged maps that the map itself does not have; the first of equal keys wins.
fn merge(entries: &mut Vec<Entry>, merged: Vec<Node>) -> Result<(), SyntaxError> {
    for node in merged {
        let maps = match node.value {
            Value::List(items) => items,
            _ => vec![node],
        };
        for map in maps {
            let Value::Map(new) = map.value else {
                return Err(error(&map.range, "`<<` merges maps only"));
            };
            for entry in new {
                if entries.iter().all(|known| known.key != entry.key) {
                    entries.push(entry);
                }
            }
        }
    }
    Ok(())
}

/// What a scalar means, and its local tag.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> (Value, Option<String>) {
    let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    let value = match core {
        Some("str") => Value::String(text.to_string()),
        Some("int" | "float" | "bool" | "null") => plain(text),
        _ if style == ScalarStyle::Plain => plain(text),
        _ => Value::String(text.to_string()),
    };
    (value, tag.and_then(local_tag))
}

/// A tag's own name; none for the tags of YAML itself, which only say the kind.
fn local_tag(tag: &Tag) -> Option<String> {
    if tag.is_yaml_core_schema() || tag.handle.is_empty() {
        return None;
    }
    let handle = tag.handle.strip_prefix('!').unwrap_or(&tag.handle);
    Some(format!("{handle}{}", tag.suffix))
}

/// What a scalar without quotes means; numbers as `serde_yaml` reads them.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first))
        && let Ok(number) = text.parse::<serde_yaml::Number>()
    {
        if let Some(integer) = number.as_i64() {
            return Value::Integer(integer);
        }
        if let Some(float) = number.as_f64() {
            return Value::Float(float);
        }
    }
    Value::String(text.to_string())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::{parse, parse_documents, quote};
    use crate::value::{Entry, Node, Value};

    /// The value as `serde_yaml` would hold it.
    fn plain(node: &Node) -> serde_yaml::Value {
        let value = match &node.value {
            Value::Null => serde_yaml::Value::Null,
            Value::Bool(bool) => (*bool).into(),
            Value::Integer(integer) => (*integer).into(),
            Value::Float(float) => (*float).into(),
            Value::String(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(plain).collect::<Vec<_>>().into(),
            Value::Map(entries) => entries
                .iter()
                .map(|entry| (serde_yaml::Value::from(entry.key.as_str()), plain(&entry.value)))
                .collect::<serde_yaml::Mapping>()
                .into(),
        };
        match &node.tag {
            None => value,
            Some(tag) => serde_yaml::Value::Tagged(Box::new(serde_yaml::value::TaggedValue {
                tag: serde_yaml::value::Tag::new(tag.as_str()),
                value,
            })),
        }
    }

    /// Keys as text and merge keys applied, as [`parse`] gives them.
    fn normalized(mut value: serde_yaml::Value) -> serde_yaml::Value {
        fn keys(value: serde_yaml::Value) -> serde_yaml::Value {
            match value {
                serde_yaml::Value::Sequence(items) => {
                    items.into_iter().map(keys).collect::<Vec<_>>().into()
                }
                serde_yaml::Value::Mapping(map) => map
                    .into_iter()
                    .map(|(key, value)| {
                        let text = serde_yaml::to_string(&key).unwrap();
                        let text = key.as_str().unwrap_or(text.trim_end()).to_string();
                        (serde_yaml::Value::from(text), keys(value))
                    })
                    .collect::<serde_yaml::Mapping>()
                    .into(),
                serde_yaml::Value::Tagged(mut tagged) => {
                    tagged.value = keys(tagged.value);
                    serde_yaml::Value::Tagged(tagged)
                }
                other => other,
            }
        }
        value.apply_merge().unwrap();
        keys(value)
    }

    /// Both readers agree on every document of a text.
    fn check_judged(text: &str, name: &str) {
        use serde::Deserialize;
        let ours: Vec<_> = parse_documents(text, 0).unwrap().iter().map(plain).collect();
        let ours = if ours.is_empty() { vec![serde_yaml::Value::Null] } else { ours };
        let theirs: Vec<_> = serde_yaml::Deserializer::from_str(text)
            .map(|document| normalized(serde_yaml::Value::deserialize(document).unwrap()))
            .collect();
        assert_eq!(ours, theirs, "{name}");
    }

    /// Every scalar and key of a document as it was typed, in the order of the text.
    fn typed(text: &str, offset: usize) -> String {
        fn write(node: &Node, slice: &dyn Fn(&std::ops::Range<usize>) -> String, out: &mut String) {
            for Entry { key_range, value, .. } in node.entries() {
                write!(out, "{}=", slice(key_range)).unwrap();
                write(value, slice, out);
            }
            for item in node.items() {
                write(item, slice, out);
            }
            if node.entries().is_empty() && node.items().is_empty() {
                write!(out, "{}¦", slice(&node.range)).unwrap();
            }
        }
        let slice = |range: &std::ops::Range<usize>| {
            text[range.start - offset..range.end - offset].to_string()
        };
        let mut out = String::new();
        write(&parse(text, offset).unwrap(), &slice, &mut out);
        out
    }

    const FIXTURES: &[&str] = &[
        "title: Content – Virtual Agentics\ndate: 2025-05-30\nversion: 1.0\ncount: 010\nhex: 0x1F\n",
        "a: [1, -2, +3, 0o17, 0b11, 1e3, .5, -.inf, 1_000, 0.0, 12:30, ~, null, Null, yes, no, on, True]\n",
        "a: 'it''s'\nb: \"tab\\t\\u00e9\"\nc: |\n  one\n   two\n\nd: >-\n  folded\n  text\ne:\n",
        "base: &base {a: 1, b: 2}\nuse:\n  <<: *base\n  b: 3\nboth:\n  <<: [*base, {c: 4}]\n",
        "Resources:\n  A:\n    Type: !Ref x\n    B: !Sub \"${x}\"\n    C: !Join [\",\", [a, !GetAtt b.c]]\n",
        "---\na: 1\n---\n- x\n- - y\n  - z\n-\n- ? k\n  : v\n...\n",
        "{\"json\": [true, {\"a\": null}], 'b': {}}",
        "5: five\ntrue: yes\n! b: !!str 5\nc: !!int \"5\"\n",
        "# only a comment\n",
        "",
        "multi line\n  plain text",
        "date: <today's date>\nagent: <AGENT_NAME>\n",
    ];

    #[test]
    fn reads_what_serde_yaml_reads() {
        for text in FIXTURES {
            check_judged(text, text);
        }
    }

    /// Rewrites nothing and needs the corpora, whose folder the environment names.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the corpora are outside of the repository")]
    #[expect(clippy::print_stderr, reason = "says that there was nothing to read")]
    fn reads_every_file_of_the_corpora_as_serde_yaml_does() {
        let Ok(folder) = std::env::var("GUIDEPOST_CORPORA") else {
            eprintln!("not run: GUIDEPOST_CORPORA is not set");
            return;
        };
        let mut read = 0;
        for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap) {
            let name = entry.path().to_string_lossy().into_owned();
            if !entry.file_type().is_file() {
                continue;
            }
            let Ok(text) = String::from_utf8(std::fs::read(entry.path()).unwrap()) else {
                continue;
            };
            if entry.path().extension().is_some_and(|extension| extension == "yaml") {
                check_judged(&text, &name);
                read += 1;
            } else if let Some(rest) = text.strip_prefix("---\n")
                && let Some(end) = rest.find("\n---")
            {
                check_judged(&rest[..=end], &name);
                read += 1;
            }
        }
        assert!(read > 100, "only {read} files");
    }

    #[test]
    fn every_scalar_and_key_is_found_as_it_was_typed() {
        for (text, expected) in [
            ("a: 'x'  # y\n\"b\" : - 1\n", None),
            ("a: 'x'  # y\n\"b\" : plain text  \n", Some("a='x'¦\"b\"=plain text¦")),
            ("é: “ü”\nb: [ö, \"ä\" ,{c: d}]", Some("é=“ü”¦b=ö¦\"ä\"¦c=d¦")),
            ("a: |\n  one\n\n  two\n\n# end\nb: 1", Some("a=|\n  one\n\n  two¦b=1¦")),
            ("a: one\n  two\nb: >\n  x\n", Some("a=one\n  two¦b=>\n  x¦")),
            ("a: !Sub \"x\"\nb: &n y\nc: *n", Some("a=\"x\"¦b=y¦c=*n¦")),
            ("a:\nb: \nc:   # none\n- x", Some("a=¦b=¦c=x¦")),
            ("a:\nb: \nc:   # none\n", Some("a=¦b=¦c=¦")),
            ("- a\n-\n- b: c\n  d: e", Some("a¦¦b=c¦d=e¦")),
            ("a: !Sub |\n  x | y\nb: >-2 # z\n    é |\n", Some("a=|\n  x | y¦b=>-2 # z\n    é |¦")),
            ("a: |\nb: |+\n\nc: d", Some("a=|¦b=|+¦c=d¦")),
            ("a:\r\n  - x\r\n  - y\r\nb: z\r\n", Some("a=x¦y¦b=z¦")),
            ("\u{feff}a: b", Some("a=b¦")),
            ("a: {b: c, d: }\n", Some("a=b=c¦d=¦")),
            ("日本: !Umlaut x\n# ünïcode\nb: &ä y\nc: *ä\nd: é", Some("日本=x¦b=y¦c=*ä¦d=é¦")),
        ] {
            match expected {
                Some(expected) => assert_eq!(typed(text, 0), expected, "{text}"),
                None => assert!(parse(text, 0).is_err(), "{text}"),
            }
        }
    }

    #[test]
    fn lists_and_maps_reach_from_their_first_to_their_last_character() {
        let text = "a:\n  b: 1\n  c: [x,\n    y ]  # z\nd:\n- 1\n- - 2\n\ne: {f: g }\nh: 1\n";
        let node = parse(text, 50).unwrap();
        let at = |keys: &[&str]| {
            let range = node.at(keys).unwrap().range.clone();
            &text[range.start - 50..range.end - 50]
        };
        assert_eq!(at(&["a"]), "b: 1\n  c: [x,\n    y ]");
        assert_eq!(at(&["a", "c"]), "[x,\n    y ]");
        assert_eq!(at(&["d"]), "- 1\n- - 2");
        assert_eq!(at(&["e"]), "{f: g }");
        assert_eq!(node.range, 50..50 + text.len() - 1);
    }

    #[test]
    fn tags_are_kept_without_their_mark() {
        let node = parse("a: !Ref x\nb: !Sub [y, {z: 1}]\nc: !!str 1", 0).unwrap();
        assert_eq!(node.get("a").unwrap().tag.as_deref(), Some("Ref"));
        assert_eq!(node.get("b").unwrap().tag.as_deref(), Some("Sub"));
        assert_eq!(node.get("c").unwrap().tag, None);
    }

    #[test]
    fn mistakes_are_named_in_our_words_at_their_place() {
        for (text, at, message) in [
            ("title: a: b", 8, "a value that holds `: ` must stand in quotes"),
            ("a: 1\nb: \"open", 8, "the quote that opens here is never closed"),
            ("b: \"open\nc: 2\n", 3, "the quote that opens here is not closed before the next key"),
            ("a: [open\nb: 1\n", 3, "the `[` that opens here is not closed with `]`"),
            ("a: 1\nb: {c: d\ne: f\n", 8, "the `{` that opens here is not closed with `}`"),
            ("a: [b,\n  {c: d,\n", 9, "the `{` that opens here is not closed with `}`"),
            ("a: 1\na: 2", 5, "a second key `a`"),
            ("a: @b", 3, "a value that begins with `@` must stand in quotes"),
            ("a:\n\t- b", 4, "a tab cannot indent; use spaces"),
            ("a: [1, 2", 8, "expected `,` or `]`"),
            ("a: *x", 3, "the alias names no anchor"),
            ("a: &x [*x]", 7, "the alias stands inside of what it names"),
            ("? [a]\n: b", 2, "a key must be text"),
            ("a: 1\n---\nb: 2", 9, "a second document begins here"),
            ("<<: 1", 4, "`<<` merges maps only"),
            ("a: \"\\q\"", 3, "an unknown `\\` escape; in single quotes `\\` is itself"),
            ("a: 1\n  b: 2", 8, "this line is indented unlike the key above"),
        ] {
            let error = parse(text, 10).unwrap_err();
            assert_eq!((error.range.start, error.message.as_str()), (10 + at, message), "{text}");
        }
    }

    #[test]
    fn a_billion_laughs_are_refused() {
        let mut text = "a0: &a0 [x, x]\n".to_string();
        for level in 1..40 {
            let below = level - 1;
            writeln!(text, "a{level}: &a{level} [*a{below}, *a{below}, *a{below}, *a{below}]")
                .unwrap();
        }
        assert_eq!(parse(&text, 0).unwrap_err().message, "aliases repeat too much");
    }

    #[test]
    fn a_long_text_or_key_that_aliases_repeat_is_refused() {
        let (long, aliases) = ("x".repeat(100_000), "*a, ".repeat(100));
        for named in [long.clone(), format!("{{{long}: 1}}"), format!("[[\"{long}\"]]")] {
            let text = format!("a: &a {named}\nb: [{aliases}]\n");
            assert_eq!(parse(&text, 0).unwrap_err().message, "aliases repeat too much");
        }
        let text = format!("a: &a short\nb: [{aliases}]\n");
        assert!(parse(&text, 0).is_ok());
    }

    #[test]
    fn deep_nesting_is_refused() {
        for text in [
            "[".repeat(100_000),
            "- ".repeat(100_000),
            "{a: ".repeat(100_000),
            "? ".repeat(100_000),
        ] {
            assert!(parse(&text, 0).is_err());
        }
    }

    #[test]
    fn quoted_text_reads_back_on_one_line() {
        for text in [
            "plain", "yes: no", "# x", "1.0", "null", "", "two\nlines", "é \"q\" 'r'",
            "2025-01-01", "- x",
        ] {
            let line = quote(text);
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(parse(&line, 0).unwrap().as_str(), Some(text), "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[ \\-:a\"'\n\t#&*!|>{}\\[\\],?%@é\\\\0.<~\r\u{feff}]{0,40}") {
            if let Err(error) = parse_documents(&text, 3) {
                prop_assert!(text.is_char_boundary(error.range.start - 3));
                prop_assert!(text.is_char_boundary(error.range.end - 3));
            }
        }
    }
}
