//! The tantivy segment into the published shards, in one walk.
//!
//! The bytes are described in `content/handbook/search-format.md`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::index::{Entry, Index, Posting, generation, index};
use super::pack::{pack, push_number, push_term, unpack};
use super::page::{Analyzed, FIELDS};
use super::query::{is_common, is_name, is_spelling};
use super::{FORMAT, Settings};
use crate::files::{Bytes, FilePath, Files};

/// How large a shard may grow, uncompressed, before it is cut at the next change of beginnings.
const SHARD: usize = 12 << 10;

/// Publishes the index of these pages, which must be in the order of their paths.
pub fn search(pages: &[Arc<Analyzed>], settings: Settings) -> Files {
    let index = index(pages, settings);
    let generation = generation(pages, settings);
    let mut raw = Raw::default();
    let shards = walk(&index, &mut raw);
    let letters: Vec<&str> = raw.keys().filter_map(|name| name.strip_prefix("s/")).collect();
    let manifest = manifest(&index, &shards, &letters);
    raw.insert("manifest".into(), manifest);
    raw.insert("facets".into(), facets(&index));
    raw.insert("start".into(), start(&index));
    let mut packed: BTreeMap<String, Bytes> =
        raw.into_iter().map(|(name, bytes)| (name, pack(&bytes))).collect();
    for (number, page) in pages.iter().enumerate() {
        for (part, excerpt) in page.excerpts.iter().enumerate() {
            packed.insert(format!("f/{number}.{part}"), excerpt.bytes.clone());
        }
    }
    let mut files = super::offline::offline(&generation, &packed);
    for (name, bytes) in packed {
        files.insert(published(&format!("{generation}/{name}.bin")), bytes);
    }
    let pointer = json!({ "format": FORMAT, "generation": generation });
    files.insert(published("current.json"), format!("{pointer}\n").into_bytes());
    files
}

pub(super) fn published(name: &str) -> FilePath {
    FilePath::new(&format!("search/{name}")).expect("the name leads nowhere else")
}

/// Files by name, not yet compressed.
type Raw = BTreeMap<String, Vec<u8>>;

/// The shard that is being filled.
#[derive(Default)]
struct Shard {
    terms: u64,
    last: Vec<u8>,
    dictionary: Vec<u8>,
    postings: Vec<u8>,
    positions: Vec<u8>,
    position_files: usize,
}

/// What the walk has written so far.
#[derive(Default)]
struct Walk {
    /// The first term of each shard.
    firsts: Vec<String>,
    shard: Shard,
    outside: usize,
    spellings: BTreeMap<String, Spelling>,
}

#[derive(Default)]
struct Spelling {
    bytes: Vec<u8>,
    last: Vec<u8>,
}

/// Writes every term; returns the first term of each shard.
fn walk(index: &Index, raw: &mut Raw) -> Vec<String> {
    let mut walk = Walk::default();
    let (mut postings, mut positions) = (Vec::new(), Vec::new());
    index.terms("", |term, entry| {
        postings.clear();
        positions.clear();
        let common = is_common(entry, index.count());
        let mut last = 0;
        index.postings(entry, |posting| {
            push_posting(&mut postings, posting, last, common);
            push_positions(&mut positions, posting);
            last = posting.page;
        });
        walk.push(term, entry, &postings, &positions, raw);
        true
    });
    walk.finish_shard(raw);
    for (name, spelling) in walk.spellings {
        raw.insert(format!("s/{name}"), spelling.bytes);
    }
    walk.firsts
}

impl Walk {
    fn push(
        &mut self,
        term: &str,
        entry: &Entry,
        postings: &[u8],
        positions: &[u8],
        raw: &mut Raw,
    ) {
        let is_outside = postings.len() > SHARD;
        let inside = if is_outside { 0 } else { postings.len() };
        if self.shard.is_full(term.as_bytes(), inside) {
            self.finish_shard(raw);
        }
        if self.shard.terms == 0 {
            self.firsts.push(term.to_owned());
        }
        if !self.shard.positions.is_empty() && self.shard.positions.len() + positions.len() > SHARD
        {
            self.finish_positions(raw);
        }
        let shard = &mut self.shard;
        push_term(&mut shard.dictionary, &shard.last, term.as_bytes());
        push_frequencies(&mut shard.dictionary, entry, is_outside);
        if is_outside {
            push_number(&mut shard.dictionary, self.outside as u64);
            raw.insert(format!("x/{}", self.outside), postings.to_vec());
            self.outside += 1;
        } else {
            push_number(&mut shard.dictionary, postings.len() as u64);
            shard.postings.extend_from_slice(postings);
        }
        push_number(&mut shard.dictionary, positions.len() as u64);
        shard.positions.extend_from_slice(positions);
        shard.last = term.as_bytes().to_vec();
        shard.terms += 1;
        self.spell(term, entry);
    }

    fn spell(&mut self, term: &str, entry: &Entry) {
        if is_spelling(term, entry) {
            self.spellings.entry(term[..1].to_owned()).or_default().push(term);
        }
        if is_name(term, entry) {
            self.spellings.entry("names".to_owned()).or_default().push(term);
        }
    }

    fn finish_shard(&mut self, raw: &mut Raw) {
        if self.shard.terms == 0 {
            return;
        }
        self.finish_positions(raw);
        let shard = std::mem::take(&mut self.shard);
        let mut bytes = Vec::new();
        push_number(&mut bytes, shard.terms);
        push_number(&mut bytes, shard.dictionary.len() as u64);
        bytes.extend_from_slice(&shard.dictionary);
        bytes.extend_from_slice(&shard.postings);
        raw.insert(format!("t/{}", self.firsts.len() - 1), bytes);
    }

    fn finish_positions(&mut self, raw: &mut Raw) {
        let name = format!("p/{}.{}", self.firsts.len() - 1, self.shard.position_files);
        raw.insert(name, std::mem::take(&mut self.shard.positions));
        self.shard.position_files += 1;
    }
}

impl Shard {
    /// Whether to cut before a term: the larger the shard, the less a common beginning holds it together.
    fn is_full(&self, term: &[u8], more: usize) -> bool {
        let size = self.dictionary.len() + self.postings.len() + more;
        let shared = self.last.iter().zip(term).take_while(|(left, right)| left == right).count();
        self.terms > 0
            && (size > SHARD * 3 / 4 && shared < 2
                || size > SHARD && shared < 3
                || size > SHARD * 3 / 2 && shared < 4
                || size > SHARD * 3)
    }
}

impl Spelling {
    fn push(&mut self, term: &str) {
        push_term(&mut self.bytes, &self.last, term.as_bytes());
        self.last = term.as_bytes().to_vec();
    }
}

/// `fields << 1 | is_outside`, then in how many pages the term stands, for each of its fields.
fn push_frequencies(bytes: &mut Vec<u8>, entry: &Entry, is_outside: bool) {
    let pages = entry.pages_by_field();
    push_number(bytes, u64::from(mask(pages)) << 1 | u64::from(is_outside));
    for pages in pages.into_iter().filter(|pages| *pages > 0) {
        push_number(bytes, pages);
    }
}

/// A bit for each field that has something.
fn mask(fields: [u32; 4]) -> u8 {
    fields.iter().enumerate().fold(0, |mask, (field, count)| mask | u8::from(*count > 0) << field)
}

fn push_posting(bytes: &mut Vec<u8>, posting: &Posting, last_page: u32, common: bool) {
    const BODY_ALONE: u8 = 8;
    let fields = mask(posting.frequencies);
    let places = || posting.places.iter().filter(|place| !common || place.is_telling());
    let has_places = places().next().is_some();
    let step = posting.page - last_page;
    push_number(
        bytes,
        u64::from(step) << 2 | u64::from(has_places) << 1 | u64::from(fields != BODY_ALONE),
    );
    if fields != BODY_ALONE {
        bytes.push(fields);
    }
    for frequency in posting.frequencies.into_iter().filter(|frequency| *frequency > 0) {
        push_number(bytes, frequency);
    }
    let mut last = 0;
    let mut rest = places().peekable();
    while let Some(place) = rest.next() {
        push_number(bytes, u64::from(place.0 - last) << 1 | u64::from(rest.peek().is_some()));
        last = place.0;
    }
}

fn push_positions(bytes: &mut Vec<u8>, posting: &Posting) {
    for positions in &posting.positions {
        let mut last = 0;
        for position in positions {
            push_number(bytes, position - last);
            last = *position;
        }
    }
}

/// The length of a JSON description, that description, and a byte for each page's length in each field.
fn manifest(index: &Index, shards: &[String], letters: &[&str]) -> Vec<u8> {
    let fields = 0..FIELDS.len();
    let deprecated = index.pages.iter().enumerate().filter(|(_, page)| page.facts.deprecated);
    let deprecated: Vec<usize> = deprecated.map(|(number, _)| number).collect();
    let parts: BTreeMap<String, Vec<u32>> = index
        .pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.excerpts.len() > 1)
        .map(|(number, page)| {
            (number.to_string(), page.excerpts[1..].iter().map(|part| part.first).collect())
        })
        .collect();
    let description = json!({
        "format": FORMAT,
        "pages": index.pages.len(),
        "tokens": fields.clone().map(|field| index.tokens(field)).collect::<Vec<u64>>(),
        "soon": index.settings.due_soon,
        "deprecated": deprecated,
        "parts": parts,
        "letters": letters,
        "shards": shards,
    });
    let description = description.to_string();
    let mut bytes = Vec::new();
    push_number(&mut bytes, description.len() as u64);
    bytes.extend_from_slice(description.as_bytes());
    for field in fields {
        bytes.extend((0..index.pages.len()).map(|page| index.length_id(field, page as u32)));
    }
    bytes
}

/// What filters ask for, in columns: one entry a page.
fn facets(index: &Index) -> Vec<u8> {
    let column = |of: fn(&Analyzed) -> Value| {
        index.pages.iter().map(|page| of(page)).collect::<Vec<Value>>()
    };
    let facets = json!({
        "owner": column(|page| json!(page.facts.owner)),
        "tag": column(|page| json!(page.facts.tags)),
        "status": column(|page| json!(page.facts.status)),
        "review": column(|page| page.facts.review.to_json()),
        "suspect": column(|page| json!(u8::from(page.facts.suspect))),
    });
    facets.to_string().into_bytes()
}

/// The alerts that are shown before anything is typed: the most severe first, then by name. Each is
/// `[name, anchor, severity, condition, page url, breadcrumb, review]`.
fn start(index: &Index) -> Vec<u8> {
    const MOST: usize = 12;
    let mut alerts: Vec<(bool, &Option<String>, &str, usize, usize)> = Vec::new();
    for (page_number, page) in
        index.pages.iter().enumerate().filter(|(_, page)| !page.facts.deprecated)
    {
        for (number, (severity, name)) in page.alerts.iter().enumerate() {
            alerts.push((severity.is_none(), severity, name, page_number, number));
        }
    }
    alerts.sort_unstable();
    alerts.truncate(MOST);
    let rows: Vec<Value> = alerts
        .into_iter()
        .map(|(_, _, _, page, number)| {
            let excerpt = unpack(&index.pages[page].excerpts[0].bytes);
            let value: Value =
                serde_json::from_slice(&excerpt).expect("excerpts are written as JSON");
            let mut row = value["a"][number].as_array().cloned().unwrap_or_default();
            row.extend(["u", "t", "c", "r"].map(|key| value[key].clone()));
            Value::Array(row)
        })
        .collect();
    Value::Array(rows).to_string().into_bytes()
}
