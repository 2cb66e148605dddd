//! The index into the published shards, in one walk.
//!
//! The bytes are described in `content/handbook/search-format.md`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::analyze::fold;
use super::index::{Index, is_common};
use super::language::SearchLanguage;
use super::model::{FACETS, FORMAT, is_suspect, review_json, soon_json};
use super::pack::{ContentMark, digits, mark, names, pack, published, push_number, push_term};
use super::page::{FIELDS, FilterFacts, TermPlace};
use super::posting::{IndexedTerm, Posting};
use super::query::{alert_hit, is_name, is_spelling};
use super::stream::OFFSET_BITS;
use crate::files::{Bytes, Files};
use crate::memo::parallel;

/// How large a shard may grow, uncompressed, before it is cut at the next change of beginnings.
const SHARD: usize = 5 << 10;
/// How long postings may be to be read with others; longer ones have a file of their own.
const POSTINGS: usize = 6 << 10;
/// How large a file of positions may grow; they are fetched for phrases only.
const POSITIONS: usize = 12 << 10;

/// Publishes an index.
pub fn search(index: &Index) -> Files {
    let stretches = parallel(&stretches(), |stretch| walk(index, stretch));
    let mut packed: BTreeMap<String, Bytes> = BTreeMap::new();
    packed.insert(
        "s/names".into(),
        pack(&spelling(stretches.iter().flat_map(|stretch| &stretch.names))),
    );
    let mut shards = Vec::new();
    for stretch in stretches {
        shards.extend(stretch.shards);
        if let Some((letter, bytes)) = stretch.spelling {
            packed.insert(format!("s/{letter}"), bytes);
        }
    }
    if let Some(first) = shards.first_mut() {
        first.border.clear();
    } else {
        const NO_TERMS: [u8; 4] = [0; 4];
        let (border, positions, outside) = (String::new(), Vec::new(), Vec::new());
        shards.push(PackedShard { border, terms: pack(&NO_TERMS), positions, outside });
    }
    let borders: Vec<String> = shards.iter().map(|shard| shard.border.clone()).collect();
    let names = names(&borders);
    for (name, shard) in names.iter().zip(shards) {
        packed.insert(format!("t/{name}"), shard.terms);
        let parts = shard.positions.into_iter().map(|bytes| ("p", bytes)).enumerate();
        let outside = shard.outside.into_iter().map(|bytes| ("x", bytes)).enumerate();
        for (part, (folder, bytes)) in parts.chain(outside) {
            packed.insert(format!("{folder}/{name}.{part}"), bytes);
        }
    }
    packed.insert("facets".into(), pack(&facets(index)));
    packed.insert("start".into(), pack(&start(index)));
    for (number, page) in index.pages().enumerate() {
        for (part, excerpt) in page.excerpts.iter().enumerate() {
            packed.insert(format!("f/{number}.{part}"), excerpt.bytes.clone());
        }
    }
    let manifest = pack(&manifest(index, &borders, &names, &packed));
    let mut files = super::offline::offline(&packed, &manifest);
    for (name, bytes) in packed {
        let mark = if name.starts_with("f/") {
            digits(&short_mark(&bytes))
        } else {
            digits(&mark(&bytes))
        };
        files.insert(published(&format!("shards/{name}.{mark}.bin")), bytes);
    }
    files.insert(published("manifest.bin"), manifest);
    files
}

/// A stretch of the dictionary that is written on its own, from one term up to another. Where they begin is fixed, so
/// that the files do not depend on how many threads write them.
struct Stretch {
    from: String,
    to: Option<String>,
}

fn stretches() -> Vec<Stretch> {
    let starts: Vec<String> = std::iter::once(String::new())
        .chain(('1'..='9').chain('a'..='{').map(String::from))
        .collect();
    let ends = starts.iter().skip(1).cloned().map(Some).chain([None]);
    starts.iter().cloned().zip(ends).map(|(from, to)| Stretch { from, to }).collect()
}

/// What a stretch comes to.
#[derive(Default)]
struct StretchWalk {
    shards: Vec<PackedShard>,
    /// The shard that is being filled.
    shard: Shard,
    /// The last term, or what all terms of the stretch begin at.
    last: String,
    spelled: Vec<String>,
    names: Vec<String>,
    spelling: Option<(String, Bytes)>,
}

#[derive(Default)]
struct Shard {
    /// No less than the terms before, and no more than the first.
    border: String,
    terms: u64,
    last: Vec<u8>,
    dictionary: Vec<u8>,
    postings: Vec<u8>,
    positions: Vec<Vec<u8>>,
    /// Postings that are too long to be read with the others.
    outside: Vec<Vec<u8>>,
}

struct PackedShard {
    border: String,
    terms: Bytes,
    positions: Vec<Bytes>,
    outside: Vec<Bytes>,
}

fn walk(index: &Index, stretch: &Stretch) -> StretchWalk {
    let mut walk = StretchWalk { last: stretch.from.clone(), ..StretchWalk::default() };
    let (mut postings, mut positions) = (Vec::new(), Vec::new());
    index.terms(&stretch.from, |term, entry| {
        if stretch.to.as_ref().is_some_and(|to| term >= to.as_str()) {
            return false;
        }
        postings.clear();
        positions.clear();
        let common = is_common(entry.pages_by_field(), index.count());
        let mut last = 0;
        index.postings(entry, |posting| {
            push_posting(&mut postings, posting, (last, common));
            push_positions(&mut positions, posting);
            last = posting.page;
        });
        walk.push(term, entry, &postings, &positions);
        true
    });
    walk.finish_shard();
    if let Some(term) = walk.spelled.first() {
        walk.spelling = Some((term[..1].to_owned(), pack(&spelling(&walk.spelled))));
    }
    walk
}

impl StretchWalk {
    fn push(&mut self, term: &str, entry: &IndexedTerm, postings: &[u8], positions: &[u8]) {
        let is_outside = postings.len() > POSTINGS;
        if self.shard.is_full(term.as_bytes(), if is_outside { 0 } else { postings.len() }) {
            self.finish_shard();
        }
        if self.shard.terms == 0 {
            self.shard.border = border(&self.last, term).to_owned();
        }
        term.clone_into(&mut self.last);
        self.shard.push(term, entry, postings, is_outside);
        self.shard.push_positions(positions);
        if is_spelling(term, entry) {
            self.spelled.push(term.to_owned());
        }
        if is_name(term, entry) {
            self.names.push(term.to_owned());
        }
    }

    fn finish_shard(&mut self) {
        let shard = std::mem::take(&mut self.shard);
        if shard.terms == 0 {
            return;
        }
        let pack_all = |files: &[Vec<u8>]| files.iter().map(|bytes| pack(bytes)).collect();
        let positions: Vec<Bytes> = pack_all(&shard.positions);
        let outside: Vec<Bytes> = pack_all(&shard.outside);
        let mut bytes = Vec::new();
        push_number(&mut bytes, shard.terms);
        push_number(&mut bytes, shard.dictionary.len() as u64);
        for files in [&positions, &outside] {
            push_number(&mut bytes, files.len() as u64);
            for file in files {
                bytes.extend_from_slice(&mark(file));
            }
        }
        bytes.extend_from_slice(&shard.dictionary);
        bytes.extend_from_slice(&shard.postings);
        let terms = pack(&bytes);
        self.shards.push(PackedShard { border: shard.border, terms, positions, outside });
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

    fn push(&mut self, term: &str, entry: &IndexedTerm, postings: &[u8], is_outside: bool) {
        push_term(&mut self.dictionary, &self.last, term.as_bytes());
        push_frequencies(&mut self.dictionary, entry, is_outside);
        if is_outside {
            push_number(&mut self.dictionary, self.outside.len() as u64);
            self.outside.push(postings.to_vec());
        } else {
            push_number(&mut self.dictionary, postings.len() as u64);
            self.postings.extend_from_slice(postings);
        }
        self.last = term.as_bytes().to_vec();
        self.terms += 1;
    }

    /// Positions follow one another in a few files a shard.
    fn push_positions(&mut self, positions: &[u8]) {
        push_number(&mut self.dictionary, positions.len() as u64);
        match self.positions.last_mut() {
            Some(file) if file.is_empty() || file.len() + positions.len() <= POSITIONS => {
                file.extend_from_slice(positions);
            }
            _ => self.positions.push(positions.to_vec()),
        }
    }
}

/// The shortest beginning of a term that comes after another term; the whole of an equal one.
fn border<'a>(before: &str, term: &'a str) -> &'a str {
    let same = before.chars().zip(term.chars()).take_while(|(left, right)| left == right).count();
    let end = term.char_indices().nth(same).map_or(term.len(), |(at, last)| at + last.len_utf8());
    &term[..end]
}

/// A list of terms, in order.
fn spelling<'a>(terms: impl IntoIterator<Item = &'a String>) -> Vec<u8> {
    let (mut bytes, mut last) = (Vec::new(), "");
    for term in terms {
        push_term(&mut bytes, last.as_bytes(), term.as_bytes());
        last = term;
    }
    bytes
}

/// `fields << 1 | is_outside`, then in how many pages the term stands, for each of its fields.
fn push_frequencies(bytes: &mut Vec<u8>, entry: &IndexedTerm, is_outside: bool) {
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

/// `before` is the page of the posting before, and whether the term is common.
fn push_posting(bytes: &mut Vec<u8>, posting: &Posting, before: (u32, bool)) {
    const BODY_ALONE: u8 = 8;
    let (last_page, common) = before;
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
    // Headings are among the places whatever the term, and in the same order.
    let mut extents = posting.extents.iter();
    let mut rest = places().peekable();
    while let Some(place) = rest.next() {
        push_number(bytes, u64::from(place.0 - last) << 1 | u64::from(rest.peek().is_some()));
        if place.what() == TermPlace::HEADING {
            push_number(bytes, extents.next().map_or(0, |(_, extent)| *extent));
        }
        last = place.0;
    }
}

/// A step within a text, or how many texts further and the offset there.
fn push_positions(bytes: &mut Vec<u8>, posting: &Posting) {
    for (positions, bits) in posting.positions.iter().zip(OFFSET_BITS) {
        let (mut last_text, mut last_offset) = (0, 0);
        for position in positions {
            let (text, offset) = (position >> bits, position & ((1 << bits) - 1));
            if text == last_text {
                push_number(bytes, (offset - last_offset) << 1);
            } else {
                push_number(bytes, (text - last_text) << 1 | 1);
                push_number(bytes, offset);
            }
            (last_text, last_offset) = (text, offset);
        }
    }
}

/// The length of a JSON description, that description, a byte for each page's length in each field, the borders of
/// the shards, and the marks of the shards and of what results show.
fn manifest(
    index: &Index,
    shards: &[String],
    names: &[String],
    packed: &BTreeMap<String, Bytes>,
) -> Vec<u8> {
    let fields = 0..FIELDS.len();
    let deprecated = index.pages().enumerate().filter(|(_, page)| page.facts.deprecated);
    let deprecated: Vec<usize> = deprecated.map(|(number, _)| number).collect();
    let parts: BTreeMap<String, Vec<u32>> = index
        .pages()
        .enumerate()
        .filter(|(_, page)| page.excerpts.len() > 1)
        .map(|(number, page)| {
            (number.to_string(), page.excerpts[1..].iter().map(|part| part.first).collect())
        })
        .collect();
    let marked = |(name, bytes): (&String, &Bytes)| {
        let is_counted = ["f/", "p/", "t/", "x/"].iter().any(|folder| name.starts_with(folder));
        (!is_counted).then(|| (name.clone(), digits(&mark(bytes))))
    };
    let description = json!({
        "format": FORMAT,
        "pages": index.count(),
        "tokens": fields.clone().map(|field| index.tokens(field)).collect::<Vec<u64>>(),
        "deprecated": deprecated,
        "parts": parts,
        "marks": packed.iter().filter_map(marked).collect::<BTreeMap<String, String>>(),
        "languages": index.languages.iter().map(SearchLanguage::json).collect::<Vec<Value>>(),
        "little": index.little,
        "vocabulary": vocabulary(index),
    });
    let description = description.to_string();
    let mut bytes = Vec::new();
    push_number(&mut bytes, description.len() as u64);
    bytes.extend_from_slice(description.as_bytes());
    for field in fields {
        bytes.extend((0..index.count()).map(|page| index.length_id(field, page)));
    }
    push_number(&mut bytes, shards.len() as u64);
    bytes.extend_from_slice(&spelling(shards));
    for name in names {
        bytes.extend_from_slice(&mark(&packed[&format!("t/{name}")]));
    }
    for excerpt in index.pages().flat_map(|page| &page.excerpts) {
        bytes.extend_from_slice(&short_mark(&excerpt.bytes));
    }
    bytes
}

/// What tells one content of a page's text from another. Shorter than others, since every reader fetches it for every
/// page, and a result that shows an older text at worst leads to the right place.
fn short_mark(bytes: &[u8]) -> [u8; 2] {
    let [first, second, _]: ContentMark = mark(bytes);
    [first, second]
}

/// A text with a line for each group, bars between its members.
fn vocabulary(index: &Index) -> String {
    let group = |group: &Vec<Vec<String>>| {
        group.iter().map(|member| member.join(" ")).collect::<Vec<String>>().join("|")
    };
    index.vocabulary.iter().map(group).collect::<Vec<String>>().join("\n")
}

/// What filters ask for, in columns: one entry a page, words folded as the client folds what was typed.
fn facets(index: &Index) -> Vec<u8> {
    let column = |of: &dyn Fn(&FilterFacts) -> Value| -> Vec<Value> {
        index.pages().map(|page| of(&page.facts)).collect()
    };
    let mut facets = json!({});
    for (at, name) in FACETS.into_iter().enumerate() {
        facets[name] =
            column(&|facts| facts.facets[at].iter().map(|text| fold(text)).collect()).into();
    }
    facets["review"] = column(&|facts| review_json(facts.review)).into();
    facets["soon"] = column(&|facts| soon_json(facts.review)).into();
    facets["suspect"] = column(&|facts| json!(u8::from(is_suspect(facts.review)))).into();
    facets.to_string().into_bytes()
}

/// The alerts that are shown before anything is typed, as hits: the most severe first, then by name.
fn start(index: &Index) -> Vec<u8> {
    const MOST: usize = 12;
    let mut alerts: Vec<(bool, &Option<String>, &str, usize, usize)> = Vec::new();
    for (page_number, page) in index.pages().enumerate().filter(|(_, page)| !page.facts.deprecated)
    {
        for (number, (severity, name)) in page.alerts.iter().enumerate() {
            alerts.push((severity.is_none(), severity, name, page_number, number));
        }
    }
    alerts.sort_unstable();
    alerts.truncate(MOST);
    let hits: Vec<_> = alerts
        .into_iter()
        .map(|(_, _, _, page, number)| alert_hit(index, page as u32, number as u32))
        .collect();
    serde_json::to_vec(&hits).expect("hits are JSON")
}
