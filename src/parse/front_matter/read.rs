//! Reads the keys of a front-matter block.

use super::block::{FrontMatterBlock, without_mark};
use super::foreign;
use super::unfilled::without_slots;
use super::{
    AlertDeclaration, ErrorSignature, FrontMatter, FrontMatterFormat, LedgerEntry, Question,
    ReviewKind,
};
use crate::diagnostic::{Diagnostic, Location, Rule, nearest, values};
use crate::files::FilePath;
use crate::parameter::{self, ParameterDeclaration};
use crate::parse::options::ParseOptions;
use crate::value::keys::KeyTarget::{
    Bool, Date, Integer, Interval, Name, Placed, PlacedTexts, Read, Required, Text,
};
use crate::value::keys::{Key, KnownKey, Shape, key, known_keys, names, read_keys};
use crate::value::read::{Reader, Spanned};
use crate::value::{Entry, Node, Value};

/// The keys of front matter, in the order of the handbook.
const KEYS: &[Key<FrontMatter>] = &[
    key("title", "Name in the browser's tab, lists and search", Placed(|meta| &mut meta.title)),
    key("nav_title", "Short name in the navigation", Name(|meta| &mut meta.nav_title)),
    key("summary", "One sentence for lists and search", Placed(|meta| &mut meta.summary)),
    key("status", "A word of the site's vocabulary", Name(|meta| &mut meta.status)),
    key("version", "Version of the document", Placed(|meta| &mut meta.version)),
    key("date", "Day of this version", Date(|meta| &mut meta.date)),
    key("authors", "Who wrote it", PlacedTexts(|meta| &mut meta.authors)),
    key("audience", "Who it is for", Placed(|meta| &mut meta.audience)),
    key("gpt_model", "Which model helped to write it", Placed(|meta| &mut meta.gpt_model)),
    key("tags", "For tag: in the search", Read(Shape::Texts, tags)),
    key("weight", "Order among neighbors, small first", Integer(|meta| &mut meta.weight)),
    key("aliases", "Former addresses", PlacedTexts(|meta| &mut meta.aliases)),
    key("lang", "Language of the page's text", Name(|meta| &mut meta.lang)),
    key("draft", "true: not published", Bool(|meta| &mut meta.draft)),
    key("superseded_by", "The page that replaces this one", Name(|meta| &mut meta.superseded_by)),
    key("search", "false, or {exclude: true}: not in the search", Read(Shape::Any, search)),
    key("agent", "Identifier of the agent that the page describes", Name(|meta| &mut meta.agent)),
    key("template", "The template that the page follows", Name(|meta| &mut meta.template)),
    key("owner", "A name of [owners]", Name(|meta| &mut meta.owner)),
    key("upstream", "Agents that feed this one", PlacedTexts(|meta| &mut meta.upstream)),
    key("downstream", "Agents that it feeds", PlacedTexts(|meta| &mut meta.downstream)),
    key(
        "parameters",
        "Values that the reader fills in",
        Read(Shape::Entries(|| known_keys(parameter::LISTED)), |meta, reader, entry| {
            let items = reader.list(&entry.key, &entry.value);
            meta.parameters = items.iter().filter_map(|item| parameter(reader, item)).collect();
        }),
    ),
    key(
        "watches",
        "Files, counted from the root of the git repository, whose changes make the page suspect",
        Read(Shape::Texts, |meta, reader, entry| {
            meta.watches = reader.globs(&entry.key, &entry.value);
        }),
    ),
    key(
        "alerts",
        "Alerts that the page answers",
        Read(Shape::Entries(|| known_keys(ALERT)), alerts),
    ),
    key(
        "severity",
        "Severity of the page's alerts that have none of their own",
        Name(|meta| &mut meta.severity),
    ),
    key(
        "dashboards",
        "Links to dashboards and consoles",
        Read(Shape::Any, |meta, reader, entry| {
            meta.dashboards = reader.list(&entry.key, &entry.value).to_vec();
        }),
    ),
    key(
        "error_signatures",
        "Log lines or messages, word for word",
        Read(Shape::Entries(|| known_keys(SIGNATURE)), |meta, reader, entry| {
            let items = reader.list(&entry.key, &entry.value);
            meta.error_signatures =
                items.iter().filter_map(|item| error_signature(reader, item)).collect();
        }),
    ),
    key(
        "asks",
        "Questions that the page answers",
        Read(Shape::Entries(|| known_keys(QUESTION)), questions),
    ),
    key("last_reviewed_on", "The last review", Date(|meta| &mut meta.review.last_reviewed_on)),
    key("review_in", "How long a review holds", Interval(|meta| &mut meta.review.review_in)),
    key("review_by", "The day by which to review", Date(|meta| &mut meta.review.review_by)),
    key("reviewed_by", "Who did the last review", Placed(|meta| &mut meta.review.reviewed_by)),
    key(
        "reviews",
        "The ledger",
        Read(Shape::Entries(|| known_keys(LEDGER)), |meta, reader, entry| {
            let items = reader.list(&entry.key, &entry.value);
            meta.review.reviews =
                items.iter().filter_map(|item| ledger_entry(reader, item)).collect();
        }),
    ),
    key("evergreen", "true: needs no review", Bool(|meta| &mut meta.review.evergreen)),
    key("owner_slack", "Chat channel or person", Name(|meta| &mut meta.review.owner_slack)),
];

const ALERT: &[Key<AlertDeclaration>] = &[
    key("name", "The alert's name, as the alerting system spells it", Required(Shape::Text)),
    key(
        "section",
        "Anchor of the section that resolves it",
        Read(Shape::Text, |alert, reader, entry| alert.section = section(reader, entry)),
    ),
    key("severity", "As your rules have it", Text(|alert| &mut alert.severity)),
    key("condition", "When it fires", Text(|alert| &mut alert.condition)),
    key("channel", "Where it is sent", Text(|alert| &mut alert.channel)),
    key(
        "labels",
        "The labels of the alerts that are meant, where not all of that name are",
        Read(Shape::NamedTexts, labels),
    ),
];

const SIGNATURE: &[Key<ErrorSignature>] = &[
    key("text", "The line, or its part that does not vary", Required(Shape::Text)),
    key("signature", "The line, or its part that does not vary", Required(Shape::Text)),
    key(
        "section",
        "Anchor of the section that explains it",
        Read(Shape::Text, |signature, reader, entry| signature.section = section(reader, entry)),
    ),
];

const QUESTION: &[Key<Question>] = &[
    key("text", "The question", Required(Shape::Text)),
    key(
        "section",
        "Anchor of the section that answers it",
        Read(Shape::Text, |question, reader, entry| question.section = section(reader, entry)),
    ),
];

const HOW: [(&str, ReviewKind); 3] =
    [("read", ReviewKind::Read), ("drill", ReviewKind::Drill), ("incident", ReviewKind::Incident)];

const LEDGER: &[Key<LedgerEntry>] = &[
    key("on", "The day", Required(Shape::Date)),
    key("by", "Who", Text(|review| &mut review.by)),
    key(
        "how",
        "Whether somebody read the page, followed it in an exercise, or followed it in earnest",
        Read(Shape::OneOf(|| HOW.map(|(word, _)| word).to_vec()), |review, reader, entry| {
            review.how = reader.choice(&entry.key, &entry.value, &HOW).unwrap_or_default();
        }),
    ),
    key("note", "What was found", Text(|review| &mut review.note)),
];

/// Every key of front matter that is known, in the order of the handbook.
pub fn keys() -> Vec<KnownKey> {
    known_keys(KEYS)
}

/// The names of all keys.
pub(crate) fn known_names() -> Vec<&'static str> {
    names(KEYS)
}

/// Whether Guidepost gives a key a meaning.
pub(crate) fn is_known(name: &str) -> bool {
    KEYS.iter().any(|key| key.name == name)
}

/// What stands at the head of a file.
pub(crate) struct PageHead {
    pub(crate) meta: FrontMatter,
    /// The byte where the body begins.
    pub(crate) body: usize,
    /// Every text of the block, for finding slots in them.
    pub(crate) texts: Vec<Spanned<String>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads the front matter of a file.
pub(crate) fn read_front_matter(path: &FilePath, text: &str, options: &ParseOptions) -> PageHead {
    let start = without_mark(text);
    let mut head = PageHead {
        meta: FrontMatter::default(),
        body: start,
        texts: Vec::new(),
        diagnostics: Vec::new(),
    };
    let Some(block) = FrontMatterBlock::find(text) else { return head };
    head.body = block.body;
    head.meta.dialect = block.dialect;
    head.meta.range = block.range.clone();
    if !block.closed {
        head.meta.broken = true;
        let delimiter = if block.dialect == FrontMatterFormat::Toml { "+++" } else { "---" };
        let at = Location::new(path, start..start + 3);
        head.diagnostics.push(values::unclosed_front_matter(at, delimiter));
        return head;
    }
    match block.read(text) {
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
            without_slots(&mut head.meta, KEYS);
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

fn read_key(
    meta: &mut FrontMatter,
    reader: &mut Reader<'_>,
    entry: &Entry,
    options: &ParseOptions,
) {
    let name = entry.key.as_str();
    if let Some(key) = KEYS.iter().find(|key| key.name == name) {
        key.read(meta, reader, entry);
    } else if options.extra_keys.iter().any(|known| known == name) {
        meta.extra.insert(name.to_owned(), entry.value.clone());
    } else if !foreign::is_foreign(name) {
        let own = options.extra_keys.iter().map(String::as_str);
        let known: Vec<&str> = known_names().into_iter().chain(own).collect();
        let is_slip =
            || nearest(name, known.iter().copied()).is_some() && !is_known(&name.to_lowercase());
        if !options.any_key || is_slip() {
            reader.unknown_key(entry, &known);
        }
    }
}

/// Reads keys in other cases, `Title`, as some tools do; the key in lower case wins, and what does not fit is nothing.
fn read_capitalized(
    meta: &mut FrontMatter,
    (path, text): (&FilePath, &str),
    entries: &[Entry],
    options: &ParseOptions,
) {
    for entry in entries.iter().filter(|entry| entry.key.contains(char::is_uppercase)) {
        let lower = entry.key.to_lowercase();
        let is_taken = entries.iter().any(|other| other.key == lower);
        if is_known(&lower) && !is_taken {
            let entry = Entry { key: lower, ..entry.clone() };
            let mut reader = Reader::generous(path, text, Rule::BadValue);
            read_key(meta, &mut reader, &entry, options);
        }
    }
}

/// Each subject of a list, or of a text that lists them between commas, without the sign that some tools put before.
fn tags(meta: &mut FrontMatter, reader: &mut Reader<'_>, entry: &Entry) {
    let typed = reader.texts(&entry.key, &entry.value);
    let each = typed.into_iter().flat_map(|text| {
        let names: Vec<String> = text.value.split(',').map(str::to_owned).collect();
        names.into_iter().map(move |value| Spanned { value, range: text.range.clone() })
    });
    let bare = each.map(|tag| Spanned {
        value: tag.value.trim().trim_start_matches('#').to_owned(),
        range: tag.range,
    });
    meta.tags = bare.filter(|tag| !tag.value.is_empty()).collect();
}

/// Whether `search` keeps a page out of the search: `false`, or a map in which Material for `MkDocs` says so.
fn search(meta: &mut FrontMatter, reader: &mut Reader<'_>, entry: &Entry) {
    let exclude = match entry.value.value {
        Value::Map(_) => entry.value.get("exclude").and_then(|node| reader.bool("exclude", node)),
        _ => reader.bool(&entry.key, &entry.value).map(|shown| !shown),
    };
    meta.hidden_from_search = exclude == Some(true);
}

/// An item of a list that is a text, or a map that cannot do without one: what `make` makes of that text, with the other
/// keys of the map. Blanks alone are left to be written, and say no more than nothing.
fn declaration<T>(
    table: &[Key<T>],
    reader: &mut Reader<'_>,
    (list, what, key): (&str, &str, &str),
    node: &Node,
    make: impl Fn(Spanned<String>) -> T,
) -> Option<T> {
    if let Some(text) = node.as_str() {
        let text = Spanned { value: text.to_owned(), range: node.range.clone() };
        return (!text.value.trim().is_empty()).then(|| make(text));
    }
    if !matches!(node.value, Value::Map(_)) {
        reader.wrong(list, node, "keys with values");
        return None;
    }
    let text = reader.required(node, key, what, &node.range);
    let mut value = make(text.clone().unwrap_or_default());
    read_keys(table, &mut value, reader, node.entries());
    text.map(|_| value)
}

fn parameter(reader: &mut Reader<'_>, node: &Node) -> Option<ParameterDeclaration> {
    let names = ("parameters", "a parameter", "name");
    declaration(parameter::LISTED, reader, names, node, |name| ParameterDeclaration {
        name,
        ..ParameterDeclaration::default()
    })
}

fn alerts(meta: &mut FrontMatter, reader: &mut Reader<'_>, entry: &Entry) {
    let listed = one_or_all(reader, entry);
    // Without room for more: a site holds the front matter of all its pages at once.
    meta.alerts = Vec::with_capacity(listed.len());
    let names = ("alerts", "an alert", "name");
    meta.alerts.extend(listed.iter().filter_map(|item| {
        declaration(ALERT, reader, names, item, |name| AlertDeclaration {
            name,
            section: None,
            severity: None,
            condition: None,
            channel: None,
            labels: std::collections::BTreeMap::new(),
        })
    }));
}

/// The value of each label, a text or what is read as the text that it was typed as.
fn labels(alert: &mut AlertDeclaration, reader: &mut Reader<'_>, entry: &Entry) {
    if !matches!(entry.value.value, Value::Map(_)) {
        reader.wrong(&entry.key, &entry.value, "names with texts");
        return;
    }
    for label in entry.value.entries() {
        match label.value.scalar_text() {
            Some(value) => {
                alert.labels.insert(label.key.clone(), value);
            }
            None => reader.wrong(&label.key, &label.value, "text"),
        }
    }
}

/// The items of a list, or the one text that stands for a list of it.
fn one_or_all<'n>(reader: &mut Reader<'_>, entry: &'n Entry) -> &'n [Node] {
    match entry.value.value {
        Value::String(_) => std::slice::from_ref(&entry.value),
        _ => reader.list(&entry.key, &entry.value),
    }
}

fn error_signature(reader: &mut Reader<'_>, node: &Node) -> Option<ErrorSignature> {
    let key = if node.get("signature").is_some() { "signature" } else { "text" };
    let names = ("error_signatures", "an error signature", key);
    let make = |text| ErrorSignature { text, section: None };
    declaration(SIGNATURE, reader, names, node, make)
}

fn questions(meta: &mut FrontMatter, reader: &mut Reader<'_>, entry: &Entry) {
    let names = ("asks", "a question", "text");
    let make = |text| Question { text, section: None };
    let listed = one_or_all(reader, entry).iter();
    meta.asks =
        listed.filter_map(|item| declaration(QUESTION, reader, names, item, make)).collect();
}

fn ledger_entry(reader: &mut Reader<'_>, node: &Node) -> Option<LedgerEntry> {
    if !matches!(node.value, Value::Map(_)) {
        reader.wrong("reviews", node, "keys with values");
        return None;
    }
    let day = reader.required_value(node, "on", "a review", &node.range);
    let on = day.and_then(|day| reader.date("on", day));
    let mut review = LedgerEntry {
        on: on.clone().unwrap_or_default(),
        by: None,
        how: ReviewKind::Read,
        note: None,
    };
    read_keys(LEDGER, &mut review, reader, node.entries());
    on.map(|_| review)
}

/// An anchor, with or without its `#`.
fn section(reader: &mut Reader<'_>, entry: &Entry) -> Option<Spanned<String>> {
    let text = reader.text(&entry.key, &entry.value)?;
    Some(Spanned { value: text.value.trim_start_matches('#').to_owned(), range: text.range })
}
