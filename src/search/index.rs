//! All pages into one tantivy segment, and the segment's terms and postings back out.
//!
//! One writer, pages in the order of their paths, one segment: document numbers are page numbers, and the result is
//! the same however many threads analysed the pages. tantivy never sees text, only terms that [`super::page`] found.
//! Its own files stay in memory, since their names are random.

use std::sync::Arc;

use tantivy::directory::RamDirectory;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::termdict::TermStreamer;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{DocSet, IndexSettings, InvertedIndexReader, TERMINATED, TantivyDocument};

use super::page::{Analyzed, FIELDS, Place};
use super::{FORMAT, Settings};

const IN_MEMORY: &str = "an index in memory does not fail";

/// A searchable site.
pub struct Index {
    pub(super) pages: Vec<Arc<Analyzed>>,
    pub(super) settings: Settings,
    fields: [FieldReader; 4],
}

struct FieldReader {
    terms: Arc<InvertedIndexReader>,
    lengths: FieldNormReader,
}

/// A term of the index: in how many pages it stands in each field, and where tantivy keeps its postings.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    infos: [Option<TermInfo>; 4],
}

/// A term in one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) page: u32,
    /// How often the term stands in each field.
    pub(super) frequencies: [u32; 4],
    /// Where it stands: ascending, each section at most once for its heading and once for its text.
    pub(super) places: Vec<Place>,
    /// Its positions in each field, ascending.
    pub(super) positions: [Vec<u32>; 4],
}

/// Joins pages, which must be in the order of their paths.
///
/// # Panics
/// If tantivy fails in memory, which it has no reason to.
pub fn index(pages: &[Arc<Analyzed>], settings: Settings) -> Index {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("replay")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(true);
    let options = TextOptions::default().set_indexing_options(indexing);
    let fields = FIELDS.map(|name| schema.add_text_field(name, options.clone()));
    let segment = write(pages, schema.build(), fields);
    let reader = segment.reader().expect(IN_MEMORY).searcher();
    let segment = reader.segment_reader(0);
    let fields = fields.map(|field| FieldReader {
        terms: segment.inverted_index(field).expect(IN_MEMORY),
        lengths: segment.get_fieldnorms_reader(field).expect(IN_MEMORY),
    });
    Index { pages: pages.to_vec(), settings, fields }
}

/// The name of the index that these pages make, without making it.
pub fn generation(pages: &[Arc<Analyzed>], settings: Settings) -> String {
    let mut digests = format!("{FORMAT} {settings:?} {}\n", env!("CARGO_PKG_VERSION")).into_bytes();
    for page in pages {
        digests.extend_from_slice(&page.digest);
    }
    crate::files::fingerprint(&digests)
}

fn write(pages: &[Arc<Analyzed>], schema: Schema, fields: [Field; 4]) -> tantivy::Index {
    /// The writer never flushes before the end; the budget only sizes its first tables.
    const MEMORY_BUDGET: usize = 64 << 20;
    let settings = IndexSettings {
        docstore_compression: tantivy::store::Compressor::None,
        ..Default::default()
    };
    let tokenizers = tantivy::tokenizer::TokenizerManager::new();
    tokenizers.register("replay", Replay);
    let mut writer = tantivy::Index::builder()
        .schema(schema)
        .settings(settings)
        .tokenizers(tokenizers)
        .single_segment_index_writer(RamDirectory::create(), MEMORY_BUDGET)
        .expect(IN_MEMORY);
    for page in pages {
        let mut document = TantivyDocument::new();
        for (field, stream) in fields.into_iter().zip(&page.streams) {
            document.add_text(field, &stream.terms);
        }
        writer.add_document(document).expect(IN_MEMORY);
    }
    writer.finalize().expect(IN_MEMORY)
}

impl Index {
    /// The number of pages.
    pub(super) fn count(&self) -> u32 {
        self.pages.len() as u32
    }

    /// The average number of terms in a field.
    pub(super) fn average(&self, field: usize) -> f64 {
        f64::from(self.tokens(field) as u32) / f64::from(self.count())
    }

    /// The number of terms in a field, of all pages.
    pub(super) fn tokens(&self, field: usize) -> u64 {
        self.fields[field].terms.total_num_tokens()
    }

    /// The number of terms in a page's field, as far as tantivy keeps it.
    pub(super) fn length(&self, field: usize, page: u32) -> u32 {
        self.fields[field].lengths.fieldnorm(page)
    }

    /// The length of a page's field, as tantivy keeps it: in one byte.
    pub(super) fn length_id(&self, field: usize, page: u32) -> u8 {
        self.fields[field].lengths.fieldnorm_id(page)
    }

    /// Visits every term from `start` on in the order of its bytes, until the visit says to stop.
    pub(super) fn terms(&self, start: &str, mut visit: impl FnMut(&str, &Entry) -> bool) {
        let mut streams: Vec<Option<TermStreamer<'_>>> = self
            .fields
            .iter()
            .map(|field| {
                let mut stream =
                    field.terms.terms().range().ge(start).into_stream().expect(IN_MEMORY);
                stream.advance().then_some(stream)
            })
            .collect();
        let mut key = Vec::new();
        while let Some(least) = streams.iter().flatten().map(TermStreamer::key).min() {
            key.clear();
            key.extend_from_slice(least);
            let mut entry = Entry::default();
            for (slot, info) in streams.iter_mut().zip(&mut entry.infos) {
                let Some(stream) = slot.as_mut().filter(|stream| stream.key() == key) else {
                    continue;
                };
                *info = Some(stream.value().clone());
                if !stream.advance() {
                    *slot = None;
                }
            }
            if !visit(std::str::from_utf8(&key).expect("terms are made of text"), &entry) {
                break;
            }
        }
    }

    /// Visits a term's postings in the order of pages. The posting is reused from one visit to the next.
    pub(super) fn postings(&self, entry: &Entry, mut visit: impl FnMut(&Posting)) {
        let mut cursors: [Option<SegmentPostings>; 4] = std::array::from_fn(|field| {
            let info = entry.infos[field].as_ref()?;
            let option = IndexRecordOption::WithFreqsAndPositions;
            Some(
                self.fields[field]
                    .terms
                    .read_postings_from_terminfo(info, option)
                    .expect(IN_MEMORY),
            )
        });
        let mut posting = Posting::default();
        loop {
            posting.page = cursors.iter().flatten().map(DocSet::doc).min().unwrap_or(TERMINATED);
            if posting.page == TERMINATED {
                break;
            }
            let page = &self.pages[posting.page as usize];
            posting.places.clear();
            for (field, cursor) in cursors.iter_mut().enumerate() {
                posting.frequencies[field] = 0;
                posting.positions[field].clear();
                let here = cursor.as_mut().filter(|cursor| cursor.doc() == posting.page);
                let Some(cursor) = here else { continue };
                posting.frequencies[field] = cursor.term_freq();
                cursor.positions(&mut posting.positions[field]);
                let stream = &page.streams[field];
                posting.places.extend(
                    posting.positions[field].iter().map(|position| stream.place(*position)),
                );
                cursor.advance();
            }
            tidy(&mut posting.places);
            visit(&posting);
        }
    }
}

/// Sorts places and drops repetitions, among them prose where the same section's code has the term as well.
fn tidy(places: &mut Vec<Place>) {
    places.retain(|place| *place != Place::NONE);
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

impl Entry {
    /// In how many pages the term stands, by field.
    pub(super) fn pages_by_field(&self) -> [u32; 4] {
        std::array::from_fn(|field| self.infos[field].as_ref().map_or(0, |info| info.doc_freq))
    }
}

/// Hands tantivy the terms of a [`super::page::Stream`].
#[derive(Clone)]
struct Replay;

struct Replayed<'a> {
    rest: &'a str,
    token: Token,
}

impl Tokenizer for Replay {
    type TokenStream<'a> = Replayed<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Replayed<'a> {
        Replayed { rest: text, token: Token { position: 0, ..Token::default() } }
    }
}

impl TokenStream for Replayed<'_> {
    fn advance(&mut self) -> bool {
        let Some(step) = self.rest.bytes().next() else { return false };
        let behind = &self.rest[1..];
        let end = behind.bytes().position(|byte| byte < 4).unwrap_or(behind.len());
        let (term, rest) = behind.split_at(end);
        self.rest = rest;
        self.token.position += usize::from(step - 1);
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
