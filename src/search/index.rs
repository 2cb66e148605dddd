//! All segments as one index: its terms in order, and their postings.
//!
//! Pages are numbered through all segments, in the order of their paths. Nothing here depends on where one segment
//! ends and the next begins.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::binary_heap::PeekMut;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::{Arc, OnceLock};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermStreamer;
use tantivy::{DocSet, TERMINATED};

use super::language::{SearchLanguage, codes, languages, little_words};
use super::pack::unpack;
use super::page::{Analyzed, FilterFacts, TermPlace};
use super::posting::{IndexedTerm, Posting, fill_places};
use super::published::{PublishedIndex, Read, WantedPositions};
use super::segment::{IN_MEMORY, Segment};
use super::vocabulary::{Member, groups};

/// A searchable site.
pub struct Index {
    /// Words that mean the same, as far as the index has them.
    pub(super) vocabulary: Vec<Vec<Member>>,
    /// The languages of its pages, but for English.
    pub(super) languages: Vec<SearchLanguage>,
    /// Words of its languages, and of English, that join others and say little themselves.
    pub(super) little: BTreeSet<String>,
    count: u32,
    tokens: [u64; 4],
    source: IndexSource,
    /// Terms that are read through again and again, each list once it is asked for.
    lists: [OnceLock<TermList>; LISTS],
}

/// How many lists of terms an index keeps.
pub(super) const LISTS: usize = 27;

/// Terms in the order of their bytes.
pub(super) type TermList = Vec<(String, IndexedTerm)>;

/// Where an index comes from.
enum IndexSource {
    /// From pages, each segment with the number of its first page.
    Segments { segments: Vec<Arc<Segment>>, firsts: Vec<u32> },
    /// From published files.
    Published(Box<PublishedIndex>),
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
    let (vocabulary, languages, little) = (Vec::new(), Vec::new(), BTreeSet::new());
    let source = IndexSource::Segments { segments, firsts };
    let lists = Default::default();
    let mut index = Index { vocabulary, languages, little, count, tokens, source, lists };
    (index.languages, index.little) = languages_of(&index);
    index.vocabulary = groups(
        synonyms,
        |word| index.pages_by_field(word).iter().any(|pages| *pages > 0),
        |word| is_common(index.pages_by_field(word), index.count),
    );
    index
}

/// Opens the published index of a site; `read` reads a file of its `search` folder.
///
/// # Errors
/// If the first files cannot be read, or are of another format.
pub fn published(read: Box<Read>) -> anyhow::Result<Index> {
    let (published, description) = PublishedIndex::open(read)?;
    let groups = description.vocabulary.lines().map(|group| {
        let words = |member: &str| member.split(' ').map(str::to_owned).collect();
        group.split('|').map(words).collect()
    });
    Ok(Index {
        vocabulary: groups.collect(),
        languages: description.languages.iter().map(SearchLanguage::read).collect(),
        little: description.little.into_iter().collect(),
        count: description.count,
        tokens: description.tokens,
        source: IndexSource::Published(Box::new(published)),
        lists: Default::default(),
    })
}

/// How the words of an index are inflected, and which of them say little.
fn languages_of(index: &Index) -> (Vec<SearchLanguage>, BTreeSet<String>) {
    let named = index.pages().map(|page| page.language.as_str());
    let codes = codes(named, |from, to| {
        let mut is_found = false;
        index.terms(from, |term, _| {
            is_found = term < to;
            false
        });
        is_found
    });
    (languages(&codes), little_words(&codes))
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
        self.term(term).map_or([0; 4], |term| term.pages)
    }

    /// A term by its text.
    pub(super) fn term(&self, text: &str) -> Option<IndexedTerm> {
        let mut found = IndexedTerm::default();
        if let IndexSource::Published(published) = &self.source {
            let mut is_found = false;
            published.terms(text, |term, entry| {
                is_found = term == text;
                found = entry.clone();
                false
            });
            return is_found.then_some(found);
        }
        for (number, segment) in self.segments().iter().enumerate() {
            for (field, reader) in segment.fields.iter().enumerate() {
                if let Some(info) = reader.terms.terms().get(text).expect(IN_MEMORY) {
                    found.pages[field] += info.doc_freq;
                    found.infos.push((number as u32, field, info));
                }
            }
        }
        (!found.infos.is_empty()).then_some(found)
    }

    /// One of the lists of terms that are kept, which is made when it is first asked for. Of a published index none is
    /// kept: a file that could not be read now may be read the next time.
    pub(super) fn list(
        &self,
        number: usize,
        make: impl FnOnce(&Index) -> TermList,
    ) -> Cow<'_, [(String, IndexedTerm)]> {
        match &self.source {
            IndexSource::Segments { .. } => {
                Cow::Borrowed(self.lists[number].get_or_init(|| make(self)))
            }
            IndexSource::Published(_) => Cow::Owned(make(self)),
        }
    }

    /// What was wrong with the first published file that could not be read, if any was.
    pub fn fault(&self) -> Option<&anyhow::Error> {
        match &self.source {
            IndexSource::Published(published) => published.fault(),
            IndexSource::Segments { .. } => None,
        }
    }

    /// The number of pages.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// All pages in order, of an index that was made of pages.
    pub(super) fn pages(&self) -> impl Iterator<Item = &Analyzed> {
        self.segments().iter().flat_map(|segment| &segment.pages)
    }

    fn segments(&self) -> &[Arc<Segment>] {
        match &self.source {
            IndexSource::Segments { segments, .. } => segments,
            IndexSource::Published(_) => &[],
        }
    }

    /// What filters and order need to know of a page.
    pub(super) fn facts(&self, page: u32) -> &FilterFacts {
        match &self.source {
            IndexSource::Segments { segments, firsts } => {
                let (segment, own) = locate(firsts, page);
                &segments[segment].pages[own as usize].facts
            }
            IndexSource::Published(published) => published.facts(page),
        }
    }

    /// The number of the excerpt that holds a section of a page, and the first section in it.
    pub(super) fn part(&self, page: u32, section: u32) -> (usize, u32) {
        match &self.source {
            IndexSource::Segments { segments, firsts } => {
                let (segment, own) = locate(firsts, page);
                let page = &segments[segment].pages[own as usize];
                let part = page.part(section);
                (part, page.excerpts[part].first)
            }
            IndexSource::Published(published) => published.part(page, section),
        }
    }

    /// What results show of a page, as JSON: its excerpt of this number.
    pub(super) fn excerpt(&self, page: u32, part: usize) -> Vec<u8> {
        match &self.source {
            IndexSource::Segments { segments, firsts } => {
                let (segment, own) = locate(firsts, page);
                unpack(&segments[segment].pages[own as usize].excerpts[part].bytes)
            }
            IndexSource::Published(published) => published.excerpt(page, part),
        }
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
        FieldNormReader::id_to_fieldnorm(self.length_id(field, page))
    }

    /// The length of a page's field, as tantivy keeps it: in one byte.
    pub(super) fn length_id(&self, field: usize, page: u32) -> u8 {
        match &self.source {
            IndexSource::Segments { segments, firsts } => {
                let (segment, own) = locate(firsts, page);
                segments[segment].fields[field].lengths.fieldnorm_id(own)
            }
            IndexSource::Published(published) => published.length_id(field, page),
        }
    }

    /// Visits every term from `start` on in the order of its bytes, until the visit says to stop.
    pub(super) fn terms(&self, start: &str, mut visit: impl FnMut(&str, &IndexedTerm) -> bool) {
        if let IndexSource::Published(published) = &self.source {
            return published.terms(start, visit);
        }
        let mut heads = BinaryHeap::new();
        for (number, segment) in self.segments().iter().enumerate() {
            for (field, reader) in segment.fields.iter().enumerate() {
                let terms = reader.terms.terms().range().ge(start);
                let mut stream = terms.into_stream().expect(IN_MEMORY);
                if stream.advance() {
                    heads.push(TermHead { segment: number as u32, field, stream });
                }
            }
        }
        let mut key = Vec::new();
        let mut entry = IndexedTerm::default();
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
    pub(super) fn postings(&self, entry: &IndexedTerm, visit: impl FnMut(&Posting)) {
        self.read_postings(entry, WantedPositions::Skip, visit);
    }

    /// Likewise, with the positions of the term, which [`Index::postings`] may leave out.
    pub(super) fn positions(&self, entry: &IndexedTerm, visit: impl FnMut(&Posting)) {
        self.read_postings(entry, WantedPositions::Read, visit);
    }

    fn read_postings(
        &self,
        entry: &IndexedTerm,
        positions: WantedPositions,
        mut visit: impl FnMut(&Posting),
    ) {
        let (segments, firsts) = match &self.source {
            IndexSource::Published(published) => {
                return published.postings(entry.place, positions, visit);
            }
            IndexSource::Segments { segments, firsts } => (segments, firsts),
        };
        let mut posting = Posting::default();
        let mut rest = entry.infos.as_slice();
        while let Some((segment, _, _)) = rest.first() {
            let end = rest.iter().take_while(|(other, _, _)| other == segment).count();
            let (here, behind) = rest.split_at(end);
            let number = *segment as usize;
            postings_of(&segments[number], here, firsts[number], &mut posting, &mut visit);
            rest = behind;
        }
    }
}

/// The segment of a page, and the page's number within.
fn locate(firsts: &[u32], page: u32) -> (usize, u32) {
    let segment = firsts.partition_point(|first| *first <= page) - 1;
    (segment, page - firsts[segment])
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
        // A stream cannot be compared; what orders the heads tells them apart.
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
        let extents = &segment.pages[own as usize].extents;
        let extent = |place: &TermPlace| extents.get(place.ordinal() as usize).copied();
        let headings = posting.places.iter().filter(|place| place.what() == TermPlace::HEADING);
        posting.extents.clear();
        posting.extents.extend(headings.map(|place| (*place, extent(place).unwrap_or_default())));
        visit(posting);
    }
}
