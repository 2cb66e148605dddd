//! All segments as one index: its terms in order, and their postings.
//!
//! Pages are numbered through all segments, in the order of their paths. Nothing here depends on where one segment
//! ends and the next begins.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::sync::Arc;

use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermStreamer;
use tantivy::{DocSet, TERMINATED};

use super::language::{SearchLanguage, languages};
use super::page::{Analyzed, TermPlace};
use super::segment::{IN_MEMORY, Segment};
use super::vocabulary::{Member, groups};

/// A searchable site.
pub struct Index {
    /// Words that mean the same, as far as the index has them.
    pub(super) vocabulary: Vec<Vec<Member>>,
    /// The languages of its pages, but for English.
    pub(super) languages: Vec<SearchLanguage>,
    segments: Vec<Arc<Segment>>,
    /// The number of each segment's first page.
    firsts: Vec<u32>,
    count: u32,
    tokens: [u64; 4],
}

/// A term of the index: in how many pages it stands in each field, and where tantivy keeps its postings.
#[derive(Clone, Debug, Default)]
pub(super) struct TermEntry {
    pages: [u32; 4],
    /// By segment, then by field.
    infos: Vec<(u32, usize, TermInfo)>,
}

/// A term in one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) page: u32,
    /// How often the term stands in each field.
    pub(super) frequencies: [u32; 4],
    /// Where it stands: ascending, each section at most once for its heading and once for its text.
    pub(super) places: Vec<TermPlace>,
    /// Its positions in each field, ascending.
    pub(super) positions: [Vec<u32>; 4],
}

/// Joins segments, which must be in the order of their pages' paths; `synonyms` are groups of words that mean the same on
/// this site, beside those that search knows.
pub fn index(segments: Vec<Arc<Segment>>, synonyms: &[Vec<String>]) -> Index {
    let mut firsts = Vec::with_capacity(segments.len());
    let mut count = 0;
    let mut tokens = [0; 4];
    for segment in &segments {
        firsts.push(count);
        count += segment.pages.len() as u32;
        for (tokens, field) in tokens.iter_mut().zip(&segment.fields) {
            *tokens += field.terms.total_num_tokens();
        }
    }
    let (vocabulary, languages) = (Vec::new(), Vec::new());
    let mut index = Index { vocabulary, languages, segments, firsts, count, tokens };
    index.languages = languages_of(&index);
    index.vocabulary = groups(
        synonyms,
        |word| index.pages_by_field(word).iter().any(|pages| *pages > 0),
        |word| is_common(index.pages_by_field(word), index.count),
    );
    index
}

fn languages_of(index: &Index) -> Vec<SearchLanguage> {
    let codes = index.pages().map(|page| page.language.as_str());
    languages(codes, |from, to| {
        let mut is_found = false;
        index.terms(from, |term, _| {
            is_found = term < to;
            false
        });
        is_found
    })
}

/// Whether a term stands in so many of all pages that its places in text say nothing, and are not published.
pub(super) fn is_common(pages_by_field: [u32; 4], pages: u32) -> bool {
    const FEWEST_PAGES: u32 = 64;
    let most = pages_by_field.into_iter().max().unwrap_or(0);
    pages >= FEWEST_PAGES && most * 2 > pages
}

impl Index {
    /// In how many pages a term stands, by field.
    fn pages_by_field(&self, term: &str) -> [u32; 4] {
        let mut pages = [0; 4];
        for segment in &self.segments {
            for (pages, field) in pages.iter_mut().zip(&segment.fields) {
                let info = field.terms.terms().get(term).expect(IN_MEMORY);
                *pages += info.map_or(0, |info| info.doc_freq);
            }
        }
        pages
    }

    /// The number of pages.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// All pages in order.
    pub(super) fn pages(&self) -> impl Iterator<Item = &Analyzed> {
        self.segments.iter().flat_map(|segment| &segment.pages)
    }

    /// The page with this number.
    pub(super) fn page(&self, page: u32) -> &Analyzed {
        let (segment, own) = self.locate(page);
        &segment.pages[own as usize]
    }

    /// The average number of terms in a field.
    pub(super) fn average(&self, field: usize) -> f64 {
        f64::from(self.tokens[field] as u32) / f64::from(self.count())
    }

    /// The number of terms in a field, of all pages.
    pub(super) fn tokens(&self, field: usize) -> u64 {
        self.tokens[field]
    }

    /// The number of terms in a page's field, as far as tantivy keeps it.
    pub(super) fn length(&self, field: usize, page: u32) -> u32 {
        let (segment, own) = self.locate(page);
        segment.fields[field].lengths.fieldnorm(own)
    }

    /// The length of a page's field, as tantivy keeps it: in one byte.
    pub(super) fn length_id(&self, field: usize, page: u32) -> u8 {
        let (segment, own) = self.locate(page);
        segment.fields[field].lengths.fieldnorm_id(own)
    }

    /// How many terms the heading at a place has.
    pub(super) fn extent(&self, page: u32, heading: TermPlace) -> u32 {
        self.page(page).extents.get(heading.ordinal() as usize).copied().unwrap_or_default()
    }

    /// The segment of a page, and the page's number within.
    fn locate(&self, page: u32) -> (&Segment, u32) {
        let segment = self.firsts.partition_point(|first| *first <= page) - 1;
        (&self.segments[segment], page - self.firsts[segment])
    }

    /// Visits every term from `start` on in the order of its bytes, until the visit says to stop.
    pub(super) fn terms(&self, start: &str, mut visit: impl FnMut(&str, &TermEntry) -> bool) {
        let mut heads = BinaryHeap::new();
        for (number, segment) in self.segments.iter().enumerate() {
            for (field, reader) in segment.fields.iter().enumerate() {
                let terms = reader.terms.terms().range().ge(start);
                let mut stream = terms.into_stream().expect(IN_MEMORY);
                if stream.advance() {
                    heads.push(TermHead { segment: number as u32, field, stream });
                }
            }
        }
        let mut key = Vec::new();
        let mut entry = TermEntry::default();
        while let Some(head) = heads.peek() {
            key.clear();
            key.extend_from_slice(head.stream.key());
            entry.pages = [0; 4];
            entry.infos.clear();
            while let Some(mut head) = heads.peek_mut()
                && head.stream.key() == key
            {
                let info = head.stream.value();
                entry.pages[head.field] += info.doc_freq;
                entry.infos.push((head.segment, head.field, info.clone()));
                if !head.stream.advance() {
                    PeekMut::pop(head);
                }
            }
            if !visit(std::str::from_utf8(&key).expect("terms are made of text"), &entry) {
                break;
            }
        }
    }

    /// Visits a term's postings in the order of pages. The posting is reused from one visit to the next.
    pub(super) fn postings(&self, entry: &TermEntry, mut visit: impl FnMut(&Posting)) {
        let mut posting = Posting::default();
        let mut rest = entry.infos.as_slice();
        while let Some((segment, _, _)) = rest.first() {
            let end = rest.iter().take_while(|(other, _, _)| other == segment).count();
            let (here, behind) = rest.split_at(end);
            let first = self.firsts[*segment as usize];
            postings_of(&self.segments[*segment as usize], here, first, &mut posting, &mut visit);
            rest = behind;
        }
    }
}

/// The next term of one field of one segment.
struct TermHead<'a> {
    segment: u32,
    field: usize,
    stream: TermStreamer<'a>,
}

impl Ord for TermHead<'_> {
    /// The least term is the greatest, since heaps give the greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |head: &Self| (head.segment, head.field);
        let terms = other.stream.key().cmp(self.stream.key());
        terms.then_with(|| key(other).cmp(&key(self)))
    }
}

impl PartialOrd for TermHead<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for TermHead<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for TermHead<'_> {}

/// Visits the postings of one segment, whose pages are numbered from `first` on.
fn postings_of(
    segment: &Segment,
    infos: &[(u32, usize, TermInfo)],
    first: u32,
    posting: &mut Posting,
    visit: &mut impl FnMut(&Posting),
) {
    let mut cursors: [Option<SegmentPostings>; 4] = [None, None, None, None];
    for (_, field, info) in infos {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let terms = &segment.fields[*field].terms;
        cursors[*field] = Some(terms.read_postings_from_terminfo(info, option).expect(IN_MEMORY));
    }
    loop {
        let own = cursors.iter().flatten().map(DocSet::doc).min().unwrap_or(TERMINATED);
        if own == TERMINATED {
            break;
        }
        posting.page = first + own;
        for (field, cursor) in cursors.iter_mut().enumerate() {
            posting.frequencies[field] = 0;
            posting.positions[field].clear();
            let Some(cursor) = cursor.as_mut().filter(|cursor| cursor.doc() == own) else {
                continue;
            };
            posting.frequencies[field] = cursor.term_freq();
            cursor.positions(&mut posting.positions[field]);
            cursor.advance();
        }
        fill_places(&mut posting.places, &posting.positions);
        visit(posting);
    }
}

/// Where positions are: ascending and without repetitions, among them prose where the same section's code has the
/// term as well.
pub(super) fn places(positions: &[Vec<u32>; 4]) -> Vec<TermPlace> {
    let mut places = Vec::new();
    fill_places(&mut places, positions);
    places
}

fn fill_places(places: &mut Vec<TermPlace>, positions: &[Vec<u32>; 4]) {
    places.clear();
    for (field, positions) in positions.iter().enumerate() {
        places.extend(positions.iter().map(|position| TermPlace::of(field, *position)));
    }
    places.retain(|place| *place != TermPlace::NONE);
    places.sort_unstable();
    places.dedup();
    let mut at = 0;
    while at < places.len() {
        let code = places[at].in_code();
        if places[at].what() == 0 && places[at + 1..].iter().take(2).any(|place| *place == code) {
            places.remove(at);
        } else {
            at += 1;
        }
    }
}

impl TermEntry {
    /// In how many pages the term stands, by field.
    pub(super) fn pages_by_field(&self) -> [u32; 4] {
        self.pages
    }
}
