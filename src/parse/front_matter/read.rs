//! Finds the front-matter block of a file and reads its keys.

use std::ops::Range;

use super::foreign;
use super::unfilled::without_slots;
use super::{
    AlertDeclaration, Dialect, ErrorSignature, FrontMatter, LedgerEntry, ParameterDeclaration,
    Question, ReviewKind,
};
use crate::diagnostic::{Diagnostic, Location, Rule, nearest, values};
use crate::files::FilePath;
use crate::glob::Globs;
use crate::parse::options::Options;
use crate::value::read::{Reader, Spanned};
use crate::value::{Entry, Node, SyntaxError, Value, toml, yaml};

/// Every key that Guidepost knows, in the order of the handbook.
pub(crate) const KNOWN_KEYS: &[&str] = &[
    "title",
    "nav_title",
    "summary",
    "status",
    "version",
    "date",
    "authors",
    "audience",
    "gpt_model",
    "tags",
    "weight",
    "aliases",
    "lang",
    "draft",
    "superseded_by",
    "search",
    "agent",
    "template",
    "owner",
    "upstream",
    "downstream",
    "parameters",
    "watches",
    "alerts",
    "dashboards",
    "error_signatures",
    "asks",
    "last_reviewed_on",
    "review_in",
    "review_by",
    "reviewed_by",
    "reviews",
    "evergreen",
    "owner_slack",
];

/// What stands at the head of a file.
pub(crate) struct Head {
    pub(crate) meta: FrontMatter,
    /// The byte where the body begins.
    pub(crate) body: usize,
    /// Every text of the block, for finding slots in them.
    pub(crate) texts: Vec<Spanned<String>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads the front matter of a file.
pub(crate) fn read_front_matter(path: &FilePath, text: &str, options: &Options) -> Head {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut head = Head {
        meta: FrontMatter::default(),
        body: start,
        texts: Vec::new(),
        diagnostics: Vec::new(),
    };
    let Some(block) = find_block(text, start) else { return head };
    head.body = block.body;
    head.meta.dialect = block.dialect;
    head.meta.range = block.range.clone();
    if !block.closed {
        head.meta.broken = true;
        let delimiter = if block.dialect == Dialect::Toml { "+++" } else { "---" };
        let at = Location::new(path, start..start + 3);
        head.diagnostics.push(values::unclosed_front_matter(at, delimiter));
        return head;
    }
    let keys = &text[block.keys.clone()];
    let parsed = match block.dialect {
        Dialect::Toml => toml::parse(keys, block.keys.start),
        _ => yaml::parse(keys, block.keys.start),
    };
    match parsed.and_then(map_or_nothing) {
        Ok(node) => {
            collect_texts(&node, &mut head.texts);
            let mut reader = Reader::generous(path, text, Rule::BadValue);
            for entry in node.entries() {
                let key = Spanned { value: entry.key.clone(), range: entry.key_range.clone() };
                head.meta.keys.push(key);
                read_key(&mut head.meta, &mut reader, entry, options);
            }
            if options.any_key {
                read_capitalized(&mut head.meta, (path, text), node.entries(), options);
            }
            let is_own = |key: &str| options.extra_keys.iter().any(|own| own == key);
            foreign::read_foreign_keys(&mut head.meta, (path, text), node.entries(), is_own);
            without_slots(&mut head.meta);
            head.diagnostics = reader.diagnostics;
        }
        Err(error) => {
            head.meta.broken = true;
            let at = Location::new(path, error.range);
            head.diagnostics.push(values::unreadable(at, Rule::BadFrontMatter, &error.message));
        }
    }
    head
}

struct Block {
    dialect: Dialect,
    /// With both delimiters.
    range: Range<usize>,
    /// Between the delimiters.
    keys: Range<usize>,
    body: usize,
    closed: bool,
}

/// The block that opens the file, if its first line is a delimiter and its second neither blank nor missing.
fn find_block(text: &str, start: usize) -> Option<Block> {
    let first = text[start..].lines().next()?;
    let (dialect, delimiter) = match first.trim_end() {
        "---" => (Dialect::Yaml, "---"),
        "+++" => (Dialect::Toml, "+++"),
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
        if line == delimiter {
            let range = start..at + length;
            return Some(Block { dialect, range, keys: keys..at, body: at + length, closed: true });
        }
        if line.is_empty() && blank.is_none() {
            blank = Some(at);
        }
        at += length;
    }
    let looks_like_a_key = text[keys..].lines().next().is_some_and(|line| {
        let word = line.find([':', '=']).map_or("", |end| line[..end].trim_end());
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    let end = blank.unwrap_or(text.len());
    looks_like_a_key.then_some(Block {
        dialect,
        range: start..end,
        keys: keys..end,
        body: end,
        closed: false,
    })
}

fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |end| end + 1)
}

fn map_or_nothing(node: Node) -> Result<Node, SyntaxError> {
    match node.value {
        Value::Map(_) | Value::Null => Ok(node),
        _ => Err(SyntaxError {
            message: format!("the front matter is {}, not keys with values", node.kind()),
            range: node.range,
        }),
    }
}

fn collect_texts(node: &Node, texts: &mut Vec<Spanned<String>>) {
    match &node.value {
        Value::String(text) => {
            texts.push(Spanned { value: text.clone(), range: node.range.clone() });
        }
        Value::List(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Map(entries) => entries.iter().for_each(|entry| collect_texts(&entry.value, texts)),
        _ => {}
    }
}

fn read_key(meta: &mut FrontMatter, reader: &mut Reader<'_>, entry: &Entry, options: &Options) {
    let (key, node) = (entry.key.as_str(), &entry.value);
    match key {
        "title" => meta.title = reader.text(key, node),
        "nav_title" => meta.nav_title = said(reader, key, node),
        "summary" => meta.summary = reader.text(key, node),
        "status" => meta.status = said(reader, key, node),
        "version" => meta.version = reader.text(key, node),
        "date" => meta.date = reader.date(key, node),
        "authors" => meta.authors = reader.texts(key, node),
        "audience" => meta.audience = reader.text(key, node),
        "gpt_model" => meta.gpt_model = reader.text(key, node),
        "tags" => meta.tags = tags(reader.texts(key, node)),
        "weight" => meta.weight = reader.integer(key, node),
        "aliases" => meta.aliases = reader.texts(key, node),
        "lang" => meta.lang = said(reader, key, node),
        "draft" => meta.draft = reader.bool(key, node).unwrap_or_default(),
        "superseded_by" => meta.superseded_by = said(reader, key, node),
        "search" => meta.hidden_from_search = is_hidden(reader, node),
        "agent" => meta.agent = said(reader, key, node),
        "template" => meta.template = said(reader, key, node),
        "owner" => meta.owner = said(reader, key, node),
        "upstream" => meta.upstream = reader.texts(key, node),
        "downstream" => meta.downstream = reader.texts(key, node),
        "watches" => meta.watches = watches(reader, node),
        "parameters" => {
            meta.parameters =
                reader.list(key, node).iter().filter_map(|item| parameter(reader, item)).collect();
        }
        "alerts" => meta.alerts = alerts(reader, node),
        "dashboards" => meta.dashboards = reader.list(key, node).to_vec(),
        "error_signatures" => {
            let items = reader.list(key, node);
            meta.error_signatures =
                items.iter().filter_map(|item| error_signature(reader, item)).collect();
        }
        "asks" => meta.asks = questions(reader, node),
        _ if KNOWN_KEYS.contains(&key) => read_review_key(meta, reader, entry),
        _ if options.extra_keys.iter().any(|known| known == key) => {
            meta.extra.insert(key.to_owned(), node.clone());
        }
        _ if foreign::is_foreign(key) => {}
        _ => {
            let own = options.extra_keys.iter().map(String::as_str);
            let known: Vec<&str> = KNOWN_KEYS.iter().copied().chain(own).collect();
            let is_slip = || {
                nearest(key, known.iter().copied()).is_some()
                    && !KNOWN_KEYS.contains(&key.to_lowercase().as_str())
            };
            if !options.any_key || is_slip() {
                reader.unknown_key(Rule::UnknownKey, entry, &known);
            }
        }
    }
}

/// Reads keys in other cases, `Title`, as some tools do; the key in lower case wins, and what does not fit is nothing.
fn read_capitalized(
    meta: &mut FrontMatter,
    (path, text): (&FilePath, &str),
    entries: &[Entry],
    options: &Options,
) {
    for entry in entries.iter().filter(|entry| entry.key.contains(char::is_uppercase)) {
        let lower = entry.key.to_lowercase();
        let is_taken = entries.iter().any(|other| other.key == lower);
        if KNOWN_KEYS.contains(&lower.as_str()) && !is_taken {
            let entry = Entry { key: lower, ..entry.clone() };
            let mut reader = Reader::generous(path, text, Rule::BadValue);
            read_key(meta, &mut reader, &entry, options);
        }
    }
}

/// Each subject of a list, or of a text that lists them between commas, without the sign that some tools put before.
fn tags(typed: Vec<Spanned<String>>) -> Vec<Spanned<String>> {
    let each = typed.into_iter().flat_map(|text| {
        let names: Vec<String> = text.value.split(',').map(str::to_owned).collect();
        names.into_iter().map(move |value| Spanned { value, range: text.range.clone() })
    });
    let bare = each.map(|tag| Spanned {
        value: tag.value.trim().trim_start_matches('#').to_owned(),
        range: tag.range,
    });
    bare.filter(|tag| !tag.value.is_empty()).collect()
}

/// Whether `search` keeps a page out of the search: `false`, or a map in which Material for `MkDocs` says so.
fn is_hidden(reader: &mut Reader<'_>, node: &Node) -> bool {
    if let Value::Map(_) = node.value {
        let exclude = node.get("exclude");
        return exclude.is_some_and(|value| reader.bool("exclude", value) == Some(true));
    }
    reader.bool("search", node) == Some(false)
}

/// A name; one of blanks alone is left to be written, and says no more than none.
fn said(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<Spanned<String>> {
    reader.text(key, node).filter(|text| !text.value.trim().is_empty())
}

/// Path patterns; those that cannot be read watch nothing.
fn watches(reader: &mut Reader<'_>, node: &Node) -> Vec<Spanned<String>> {
    let mut patterns = reader.texts("watches", node);
    patterns.retain(|pattern| match Globs::new([pattern.value.as_str()]) {
        Ok(_) => true,
        Err(message) => {
            let at = reader.at(&pattern.range);
            let found = values::bad_glob(at, Rule::BadValue, "watches", &message);
            reader.diagnostics.push(found);
            false
        }
    });
    patterns
}

fn read_review_key(meta: &mut FrontMatter, reader: &mut Reader<'_>, entry: &Entry) {
    let (key, node) = (entry.key.as_str(), &entry.value);
    let review = &mut meta.review;
    match key {
        "last_reviewed_on" => review.last_reviewed_on = reader.date(key, node),
        "review_in" => review.review_in = reader.interval(key, node),
        "review_by" => review.review_by = reader.date(key, node),
        "reviewed_by" => review.reviewed_by = reader.text(key, node),
        "evergreen" => review.evergreen = reader.bool(key, node).unwrap_or_default(),
        "owner_slack" => review.owner_slack = said(reader, key, node),
        _ => {
            review.reviews = reader
                .list(key, node)
                .iter()
                .filter_map(|item| ledger_entry(reader, item))
                .collect();
        }
    }
}

fn parameter(reader: &mut Reader<'_>, node: &Node) -> Option<ParameterDeclaration> {
    if let Some(name) = node.as_str() {
        let name = Spanned { value: name.to_owned(), range: node.range.clone() };
        return Some(ParameterDeclaration {
            name,
            default: None,
            choices: Vec::new(),
            pattern: None,
            description: None,
        });
    }
    let known = ["name", "default", "enum", "pattern", "description"];
    let entries = checked_map(reader, "parameters", node, &known)?;
    let name = required_text(reader, node, "a parameter", "name")?;
    let mut declaration = ParameterDeclaration {
        name,
        default: None,
        choices: Vec::new(),
        pattern: None,
        description: None,
    };
    for entry in entries {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "default" => declaration.default = reader.text(key, value).map(|text| text.value),
            "enum" => {
                declaration.choices =
                    reader.texts(key, value).into_iter().map(|text| text.value).collect();
            }
            "pattern" => declaration.pattern = reader.text(key, value).map(|text| text.value),
            "description" => {
                declaration.description = reader.text(key, value).map(|text| text.value);
            }
            _ => {}
        }
    }
    Some(declaration)
}

fn alerts(reader: &mut Reader<'_>, node: &Node) -> Vec<AlertDeclaration> {
    if let Value::String(_) = node.value {
        return alert(reader, node).into_iter().collect();
    }
    let listed = reader.list("alerts", node);
    // Without room for more: a site holds the front matter of all its pages at once.
    let mut alerts = Vec::with_capacity(listed.len());
    alerts.extend(listed.iter().filter_map(|item| alert(reader, item)));
    alerts
}

fn alert(reader: &mut Reader<'_>, node: &Node) -> Option<AlertDeclaration> {
    if let Some(name) = node.as_str().filter(|name| !name.trim().is_empty()) {
        let name = Spanned { value: name.to_owned(), range: node.range.clone() };
        return Some(AlertDeclaration {
            name,
            section: None,
            severity: None,
            condition: None,
            channel: None,
        });
    }
    let known = ["name", "section", "severity", "condition", "channel"];
    let entries = checked_map(reader, "alerts", node, &known)?;
    let name = required_text(reader, node, "an alert", "name")?;
    let mut declaration =
        AlertDeclaration { name, section: None, severity: None, condition: None, channel: None };
    for entry in entries {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "section" => declaration.section = section(reader, key, value),
            "severity" => declaration.severity = reader.text(key, value).map(|text| text.value),
            "condition" => declaration.condition = reader.text(key, value).map(|text| text.value),
            "channel" => declaration.channel = reader.text(key, value).map(|text| text.value),
            _ => {}
        }
    }
    Some(declaration)
}

fn error_signature(reader: &mut Reader<'_>, node: &Node) -> Option<ErrorSignature> {
    if let Some(text) = node.as_str() {
        let text = Spanned { value: text.to_owned(), range: node.range.clone() };
        return Some(ErrorSignature { text, section: None });
    }
    checked_map(reader, "error_signatures", node, &["text", "signature", "section"])?;
    let key = if node.get("signature").is_some() { "signature" } else { "text" };
    let text = required_text(reader, node, "an error signature", key)?;
    let section = node.get("section").and_then(|value| section(reader, "section", value));
    Some(ErrorSignature { text, section })
}

fn questions(reader: &mut Reader<'_>, node: &Node) -> Vec<Question> {
    let listed = if node.as_str().is_some() {
        std::slice::from_ref(node)
    } else {
        reader.list("asks", node)
    };
    listed.iter().filter_map(|item| question(reader, item)).collect()
}

fn question(reader: &mut Reader<'_>, node: &Node) -> Option<Question> {
    if let Some(text) = node.as_str() {
        let text = Spanned { value: text.to_owned(), range: node.range.clone() };
        return (!text.value.trim().is_empty()).then_some(Question { text, section: None });
    }
    checked_map(reader, "asks", node, &["text", "section"])?;
    let text = required_text(reader, node, "a question", "text")?;
    let section = node.get("section").and_then(|value| section(reader, "section", value));
    Some(Question { text, section })
}

fn ledger_entry(reader: &mut Reader<'_>, node: &Node) -> Option<LedgerEntry> {
    checked_map(reader, "reviews", node, &["on", "by", "how", "note"])?;
    let Some(day) = node.get("on") else {
        let at = reader.at(&node.range);
        reader.diagnostics.push(values::missing_key(at, Rule::BadValue, "a review", "on"));
        return None;
    };
    let on = reader.date("on", day)?;
    let mut entry = LedgerEntry { on, by: None, how: ReviewKind::Read, note: None };
    if let Some(value) = node.get("by") {
        entry.by = reader.text("by", value).map(|text| text.value);
    }
    if let Some(value) = node.get("note") {
        entry.note = reader.text("note", value).map(|text| text.value);
    }
    if let Some(how) = node.get("how").and_then(|value| reader.text("how", value)) {
        entry.how = ReviewKind::named(&how.value).unwrap_or_else(|| {
            let at = reader.at(&how.range);
            let known = ["read", "drill", "incident"];
            reader.diagnostics.push(values::not_one_of(
                at,
                Rule::BadValue,
                "how",
                &how.value,
                &known,
            ));
            ReviewKind::Read
        });
    }
    Some(entry)
}

/// An anchor, with or without its `#`.
fn section(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<Spanned<String>> {
    let text = reader.text(key, node)?;
    Some(Spanned { value: text.value.trim_start_matches('#').to_owned(), range: text.range })
}

/// The entries of a map whose keys must all be known.
fn checked_map<'n>(
    reader: &mut Reader<'_>,
    key: &str,
    node: &'n Node,
    known: &[&str],
) -> Option<&'n [Entry]> {
    if !matches!(node.value, Value::Map(_)) {
        reader.wrong(key, node, "keys with values");
        return None;
    }
    for entry in node.entries().iter().filter(|entry| !known.contains(&entry.key.as_str())) {
        reader.unknown_key(Rule::UnknownKey, entry, known);
    }
    Some(node.entries())
}

fn required_text(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    key: &str,
) -> Option<Spanned<String>> {
    let text = node.get(key).and_then(|value| reader.text(key, value));
    if text.is_none() && node.get(key).is_none_or(Node::is_null) {
        let at = reader.at(&node.range);
        reader.diagnostics.push(values::missing_key(at, Rule::BadValue, what, key));
    }
    text
}
