//! Some pages into one tantivy segment.
//!
//! A site is indexed in several segments, which are made in parallel and remembered apart, so that an edit costs what
//! its segment costs. Where one ends is decided by the names of the pages, so that a new page moves no other border.
//! The pages' terms go as soon as they are indexed. tantivy never sees text, only terms that [`super::page`] found;
//! its own files stay in memory, since their names are random.

use std::sync::Arc;

use tantivy::directory::RamDirectory;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{IndexSettings, InvertedIndexReader, ReloadPolicy, TantivyDocument};

use super::model::IndexedPage;
use super::pack::hash;
use super::page::{Analyzed, FIELDS, analyze};
use super::stream::Stream;
use crate::files::FilePath;
use crate::memo::parallel;

pub(super) const IN_MEMORY: &str = "an index in memory does not fail";

/// The index of some pages that follow one another.
pub struct Segment {
    pub(super) pages: Vec<Analyzed>,
    pub(super) fields: [FieldReader; 4],
}

pub(super) struct FieldReader {
    pub(super) terms: Arc<InvertedIndexReader>,
    pub(super) lengths: FieldNormReader,
}

/// Indexes pages that follow one another, in the order of their paths; there must be one at least.
///
/// # Panics
/// If tantivy fails in memory, which it has no reason to.
pub fn segment<Source: Sync>(sources: &[Source], page: fn(&Source) -> IndexedPage) -> Segment {
    let (pages, streams): (Vec<Analyzed>, Vec<[Stream; 4]>) =
        parallel(sources, |source| analyze(&page(source))).into_iter().unzip();
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("replay")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(true);
    let options = TextOptions::default().set_indexing_options(indexing);
    let fields = FIELDS.map(|name| schema.add_text_field(name, options.clone()));
    let segment = write(streams, schema.build(), fields);
    let reader = segment.reader_builder().reload_policy(ReloadPolicy::Manual);
    let reader: tantivy::IndexReader = reader.try_into().expect(IN_MEMORY);
    let searcher = reader.searcher();
    let segment = searcher.segment_reader(0);
    let fields = fields.map(|field| FieldReader {
        terms: segment.inverted_index(field).expect(IN_MEMORY),
        lengths: segment.get_fieldnorms_reader(field).expect(IN_MEMORY),
    });
    Segment { pages, fields }
}

/// Where the segments of these pages begin, but for the first: one in 256 names begins one, and none grows beyond
/// four times that.
pub(super) fn borders<'a>(paths: impl Iterator<Item = &'a FilePath>) -> Vec<usize> {
    const USUAL: u64 = 256;
    const MOST: usize = 1024;
    let mut borders = Vec::new();
    let mut last = 0;
    for (number, path) in paths.enumerate() {
        if number > 0 && (hash(path.as_str()).is_multiple_of(USUAL) || number - last == MOST) {
            borders.push(number);
            last = number;
        }
    }
    borders
}

fn write(pages: Vec<[Stream; 4]>, schema: Schema, fields: [Field; 4]) -> tantivy::Index {
    /// The writer never flushes before the end; the budget only sizes its first tables.
    const MEMORY_BUDGET: usize = 16 << 20;
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
    for streams in pages {
        let mut document = TantivyDocument::new();
        for (field, stream) in fields.into_iter().zip(&streams) {
            document.add_text(field, &stream.terms);
        }
        writer.add_document(document).expect(IN_MEMORY);
    }
    writer.finalize().expect(IN_MEMORY)
}

/// Hands tantivy the terms of a [`Stream`].
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

impl Replayed<'_> {
    /// What stands up to the next mark, and takes it away with the mark before it.
    fn take(&mut self) -> &str {
        let behind = &self.rest[1..];
        let end = behind.bytes().position(|byte| byte < 4).unwrap_or(behind.len());
        let (taken, rest) = behind.split_at(end);
        self.rest = rest;
        taken
    }
}

impl TokenStream for Replayed<'_> {
    fn advance(&mut self) -> bool {
        if self.rest.starts_with('\u{3}') {
            self.token.position =
                usize::from_str_radix(self.take(), 16).expect("positions are written so");
        }
        let Some(step) = self.rest.bytes().next() else { return false };
        self.token.position += usize::from(step - 1);
        self.token.text.clear();
        let mut text = std::mem::take(&mut self.token.text);
        text.push_str(self.take());
        self.token.text = text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::borders;
    use crate::files::FilePath;

    fn names(numbers: impl Iterator<Item = u32>) -> Vec<FilePath> {
        numbers.map(|number| FilePath::new(&format!("a/{number:05}.md")).expect("a path")).collect()
    }

    #[test]
    fn a_new_page_moves_no_border_between_others() {
        let all = names(0..5000);
        let found = borders(all.iter());
        assert!((10..40).contains(&found.len()), "{found:?}");
        let fewer = names((0..5000).filter(|number| *number != 100));
        let of = |all: &[FilePath], borders: &[usize]| -> Vec<FilePath> {
            borders.iter().map(|border| all[*border].clone()).collect()
        };
        let again = borders(fewer.iter());
        assert_eq!(of(&all, &found)[1..], of(&fewer, &again)[1..]);
    }
}
