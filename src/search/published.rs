//! A published index, read back from its files: what a query needs of it, and no more of them than it needs.
//!
//! The bytes are described in `content/handbook/search-format.md`. Nothing here reads the disk; whoever opens an index
//! says how its files are read. A file that is missing or broken makes the answer empty, and [`PublishedIndex::fault`] says
//! what was wrong.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::model::{FACETS, FORMAT};
use super::pack::{digits, names, unpacked};
use super::page::{FIELDS, FilterFacts, TermPlace};
use super::posting::{IndexedTerm, Posting};
use super::stream::OFFSET_BITS;
use crate::freshness::{Due, Schedule, State};

/// Reads a file of the `search` folder by its name.
pub type Read = dyn Fn(&str) -> anyhow::Result<Vec<u8>> + Send + Sync;

/// What is known of an index from the files that every query needs.
pub(super) struct PublishedIndex {
    read: Box<Read>,
    /// What each shard is called with its mark, and a text that none of its terms comes before.
    names: Vec<String>,
    borders: Vec<String>,
    shards: Vec<OnceLock<TermFile>>,
    /// By page the marks of what is shown of it, in each of its parts.
    excerpts: Vec<Vec<String>>,
    /// For each field a byte a page, as tantivy has them.
    lengths: Vec<Vec<u8>>,
    /// By page the first section of each further part.
    parts: BTreeMap<u32, Vec<u32>>,
    facts: Vec<FilterFacts>,
    fault: OnceLock<anyhow::Error>,
}

/// A file of terms, with where the postings of each begin.
#[derive(Default)]
struct TermFile {
    bytes: Vec<u8>,
    terms: Vec<Term>,
    /// The marks of its files of positions, and of those of long postings.
    positions: Vec<String>,
    outside: Vec<String>,
}

struct Term {
    text: String,
    pages: [u32; 4],
    postings: Postings,
    /// The part of the shard's positions, and where they begin in it.
    positions: (u64, usize),
}

enum Postings {
    /// In the shard's own file.
    Within { start: usize, length: usize },
    /// In a file of this number.
    Outside(u64),
}

/// What the description of an index says beside [`PublishedIndex`].
pub(super) struct Description {
    pub(super) count: u32,
    pub(super) tokens: [u64; 4],
    pub(super) languages: Vec<[String; 3]>,
    pub(super) little: Vec<String>,
    pub(super) vocabulary: String,
}

/// Numbers and terms one after the other; behind the end there is nothing but zeros.
struct NumberReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> NumberReader<'a> {
    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.bytes.get(self.at).copied().unwrap_or_default();
            self.at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = self.at.saturating_add(length);
        &rest[..length.min(rest.len())]
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// As many as a number says, and as there are.
    fn list<Item>(&mut self, mut take: impl FnMut(&mut NumberReader<'a>) -> Item) -> Vec<Item> {
        let mut found = Vec::new();
        for _ in 0..self.number() {
            if self.is_at_end() {
                break;
            }
            found.push(take(self));
        }
        found
    }

    /// What a term shares with the one before is kept.
    fn term(&mut self, last: &mut Vec<u8>) -> String {
        let shared = self.number() as usize;
        let own = self.number() as usize;
        last.truncate(shared);
        last.extend_from_slice(self.take(own));
        String::from_utf8_lossy(last).into_owned()
    }

    fn mark(&mut self) -> String {
        digits(self.take(3))
    }
}

impl PublishedIndex {
    /// Opens the index of a `search` folder.
    ///
    /// # Errors
    /// If its first files cannot be read, or are of another format.
    pub(super) fn open(read: Box<Read>) -> anyhow::Result<(PublishedIndex, Description)> {
        let manifest = unpacked(&read("manifest.bin")?).context("`manifest.bin` is damaged")?;
        let mut reader = NumberReader { bytes: &manifest, at: 0 };
        let length = reader.number() as usize;
        let description: Value = serde_json::from_slice(reader.take(length))
            .context("`manifest.bin` is not what a build writes")?;
        ensure!(
            description["format"] == FORMAT,
            "the index has format {}, and this version of Guidepost reads {FORMAT}: build the site anew",
            description["format"]
        );
        let count = description["pages"].as_u64().unwrap_or_default() as usize;
        ensure!(count <= manifest.len(), "`manifest.bin` ends too early");
        let lengths: Vec<Vec<u8>> = FIELDS.map(|_| reader.take(count).to_vec()).into();
        let mut last = Vec::new();
        let borders = reader.list(|reader| reader.term(&mut last));
        let names = names(&borders).into_iter();
        let names = names.map(|name| format!("{name}.{}", reader.mark())).collect();
        let parts = description["parts"].as_object().into_iter().flatten();
        let parts: BTreeMap<u32, Vec<u32>> =
            parts.filter_map(|(page, first)| Some((page.parse().ok()?, numbers(first)))).collect();
        let more = |page: usize| parts.get(&(page as u32)).map_or(0, Vec::len);
        let excerpts = (0..count)
            .map(|page| (0..=more(page)).map(|_| digits(reader.take(2))).collect())
            .collect();
        ensure!(reader.at <= manifest.len(), "`manifest.bin` ends too early");
        let facets = description["marks"]["facets"].as_str().unwrap_or_default();
        let facets = read(&format!("shards/facets.{facets}.bin"))?;
        let facets: Value = unpacked(&facets)
            .and_then(|facets| Ok(serde_json::from_slice(&facets)?))
            .context("`facets` is damaged")?;
        let published = PublishedIndex {
            shards: borders.iter().map(|_| OnceLock::new()).collect(),
            names,
            borders,
            excerpts,
            lengths,
            parts,
            facts: facts(count, &facets, &numbers(&description["deprecated"])),
            fault: OnceLock::new(),
            read,
        };
        let tokens = description["tokens"].as_array().into_iter().flatten();
        let tokens: Vec<u64> = tokens.filter_map(Value::as_u64).collect();
        let languages = description["languages"].as_array().into_iter().flatten();
        let description = Description {
            count: count as u32,
            tokens: tokens.try_into().ok().context("`manifest.bin` counts other fields")?,
            languages: languages.filter_map(|lists| texts(lists).try_into().ok()).collect(),
            little: texts(&description["little"]),
            vocabulary: description["vocabulary"].as_str().unwrap_or_default().to_owned(),
        };
        Ok((published, description))
    }

    /// What was wrong with the first file that could not be read.
    pub(super) fn fault(&self) -> Option<&anyhow::Error> {
        self.fault.get()
    }

    pub(super) fn facts(&self, page: u32) -> &FilterFacts {
        &self.facts[page as usize]
    }

    pub(super) fn length_id(&self, field: usize, page: u32) -> u8 {
        self.lengths[field].get(page as usize).copied().unwrap_or_default()
    }

    /// The number of the part that holds a section of a page, and the part's first section.
    pub(super) fn part(&self, page: u32, section: u32) -> (usize, u32) {
        let firsts = self.parts.get(&page).map(Vec::as_slice).unwrap_or_default();
        let part = firsts.partition_point(|first| *first <= section);
        (part, part.checked_sub(1).map_or(0, |before| firsts[before]))
    }

    /// What results show of a page: its part of this number.
    pub(super) fn excerpt(&self, page: u32, part: usize) -> Vec<u8> {
        let marks = self.excerpts.get(page as usize);
        let mark = marks.and_then(|marks| marks.get(part)).map_or("", String::as_str);
        self.file(&format!("f/{page}.{part}.{mark}"))
    }

    fn file(&self, name: &str) -> Vec<u8> {
        let name = format!("shards/{name}.bin");
        let read = (self.read)(&name).and_then(|bytes| unpacked(&bytes));
        read.unwrap_or_else(|error| {
            // Only the first is told.
            drop(self.fault.set(error.context(format!("reading `{name}`"))));
            Vec::new()
        })
    }

    fn shard(&self, number: usize) -> &TermFile {
        self.shards[number].get_or_init(|| shard(self.file(&format!("t/{}", self.names[number]))))
    }

    /// Visits every term from `start` on in the order of its bytes, until the visit says to stop.
    pub(super) fn terms(&self, start: &str, mut visit: impl FnMut(&str, &IndexedTerm) -> bool) {
        let first =
            self.borders.partition_point(|border| border.as_str() <= start).saturating_sub(1);
        for number in first..self.borders.len() {
            let shard = self.shard(number);
            let from = shard.terms.partition_point(|term| term.text.as_str() < start);
            for (place, term) in shard.terms.iter().enumerate().skip(from) {
                if !visit(&term.text, &IndexedTerm::published(term.pages, (number, place))) {
                    return;
                }
            }
        }
    }

    /// Visits the postings of the term at a place, in the order of pages, with its positions only where they are asked for.
    pub(super) fn postings(
        &self,
        (number, place): (usize, usize),
        positions: WantedPositions,
        mut visit: impl FnMut(&Posting),
    ) {
        let shard = self.shard(number);
        let own = |folder: &str, file: u64, marks: &[String]| {
            let mark = marks.get(file as usize).map_or("", String::as_str);
            let name = self.names[number].split('.').next().unwrap_or_default();
            self.file(&format!("{folder}/{name}.{file}.{mark}"))
        };
        let term = &shard.terms[place];
        let outside;
        let bytes = match term.postings {
            Postings::Within { start, length } => {
                NumberReader { bytes: &shard.bytes, at: start }.take(length)
            }
            Postings::Outside(file) => {
                outside = own("x", file, &shard.outside);
                &outside[..]
            }
        };
        let (part, start) = term.positions;
        let positions = match positions {
            WantedPositions::Read => own("p", part, &shard.positions),
            WantedPositions::Skip => Vec::new(),
        };
        let mut positions = NumberReader { bytes: &positions, at: start };
        let mut reader = NumberReader { bytes, at: 0 };
        let mut posting = Posting::default();
        while !reader.is_at_end() {
            read_posting(&mut reader, &mut posting);
            if posting.page as usize >= self.facts.len() {
                break;
            }
            for ((found, frequency), bits) in
                posting.positions.iter_mut().zip(posting.frequencies).zip(OFFSET_BITS)
            {
                read_positions(&mut positions, found, frequency, bits);
            }
            visit(&posting);
        }
    }
}

/// Whether positions are wanted, which lie in files of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WantedPositions {
    Read,
    Skip,
}

/// The next posting, in the place of the one before.
fn read_posting(reader: &mut NumberReader<'_>, posting: &mut Posting) {
    const BODY_ALONE: u64 = 8;
    let head = reader.number();
    let fields = if head & 1 == 1 { reader.number() } else { BODY_ALONE };
    posting.page = posting.page.saturating_add((head >> 2) as u32);
    for (field, frequency) in posting.frequencies.iter_mut().enumerate() {
        *frequency = if fields >> field & 1 == 1 { reader.number() as u32 } else { 0 };
    }
    posting.places.clear();
    posting.extents.clear();
    let mut last: u32 = 0;
    let mut has_more = head & 2 == 2;
    while has_more && !reader.is_at_end() {
        let step = reader.number();
        has_more = step & 1 == 1;
        last = last.saturating_add((step >> 1) as u32);
        let place = TermPlace(last);
        posting.places.push(place);
        if place.what() == TermPlace::HEADING {
            posting.extents.push((place, reader.number() as u32));
        }
    }
}

/// A term's positions in a field of one page.
fn read_positions(reader: &mut NumberReader<'_>, found: &mut Vec<u32>, frequency: u32, bits: u32) {
    found.clear();
    let (mut text, mut offset) = (0, 0);
    for _ in 0..frequency {
        if reader.is_at_end() {
            return;
        }
        let step = reader.number() as u32;
        if step & 1 == 1 {
            text = u32::saturating_add(text, step >> 1);
            offset = reader.number() as u32;
        } else {
            offset = u32::saturating_add(offset, step >> 1);
        }
        found.push(text << bits | offset);
    }
}

fn shard(bytes: Vec<u8>) -> TermFile {
    /// As it is written: a file of positions ends before it would grow beyond this.
    const POSITIONS: usize = 12 << 10;
    let mut reader = NumberReader { bytes: &bytes, at: 0 };
    let count = reader.number();
    let length = reader.number() as usize;
    let [positions, outside] = [(); 2].map(|()| reader.list(NumberReader::mark));
    let mut postings = reader.at.saturating_add(length);
    let (mut terms, mut last) = (Vec::new(), Vec::new());
    let (mut part, mut position) = (0, 0);
    for _ in 0..count {
        if reader.is_at_end() {
            break;
        }
        let term = reader.term(&mut last);
        let head = reader.number();
        let field = |field: usize| head >> (field + 1) & 1 == 1;
        let mut pages = [0; 4];
        for number in (0..pages.len()).filter(|number| field(*number)) {
            pages[number] = reader.number() as u32;
        }
        let more = reader.number();
        let found = if head & 1 == 1 {
            Postings::Outside(more)
        } else {
            let start = postings;
            postings = start.saturating_add(more as usize);
            Postings::Within { start, length: more as usize }
        };
        let size = reader.number() as usize;
        if position > 0 && size > POSITIONS.saturating_sub(position) {
            (part, position) = (part + 1, 0);
        }
        terms.push(Term { text: term, pages, postings: found, positions: (part, position) });
        position = position.saturating_add(size);
    }
    TermFile { bytes, terms, positions, outside }
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn numbers(value: &Value) -> Vec<u32> {
    let numbers = value.as_array().into_iter().flatten().filter_map(Value::as_u64);
    numbers.map(|number| number as u32).collect()
}

/// The columns that filters ask for, as they are of each page.
fn facts(count: usize, facets: &Value, deprecated: &[u32]) -> Vec<FilterFacts> {
    let page = |page: usize| {
        let words = |column: &str| texts(&facets[column][page]);
        FilterFacts {
            facets: FACETS.map(words),
            review: schedule(facets, page),
            deprecated: deprecated.binary_search(&(page as u32)).is_ok(),
        }
    };
    (0..count).map(page).collect()
}

fn schedule(facets: &Value, page: usize) -> Schedule {
    let day = |column: &str| facets[column][page].as_str().and_then(|day| day.parse().ok());
    match (facets["review"][page].as_str(), day("review"), day("soon")) {
        (_, Some(on), Some(soon)) => {
            Schedule::Due(Due { on, soon, suspect: facets["suspect"][page] == 1 })
        }
        (Some(state), ..) if state == State::NeverReviewed.name() => Schedule::NeverReviewed,
        (Some(state), ..) if state == State::Evergreen.name() => Schedule::Evergreen,
        _ => Schedule::NotOwed,
    }
}
