//! Pages into a search index: shards that a browser fetches on demand, and the same index for the command line.
//!
//! [`segment()`] reads some pages, each on its own, into a tantivy segment, `index` joins all segments, [`search`]
//! walks them once and writes the published files, and [`query()`] answers from them directly. The format is described
//! byte by byte in `content/handbook/search-format.md`; the browser's side is
//! `theme/static/search.js`, whose results equal those of [`query()`].
//!
//! What belongs in the index is not decided here: the caller leaves out drafts and pages with `search: false`.
//! Nothing here reads the clock: `today` is always given.

pub use analyze::{Chunk, ChunkPart, chunks, fold, stem};
pub use excerpt::Segments;
pub use export::search;
pub use index::{Index, index, published};
pub use model::{FACETS, IndexedPage, SearchAlert, SearchSection};
pub use published::Read;
pub use query::{Hit, HitKind, HitPassage, SearchAnswer, query};
pub use routing::routing;
pub use segment::{Segment, segment};

mod analyze;
mod excerpt;
mod export;
mod index;
mod language;
mod log_line;
mod model;
mod offline;
mod pack;
mod page;
mod posting;
mod published;
mod query;
mod routing;
mod segment;
pub mod site;
mod stream;
mod vocabulary;
mod words;
