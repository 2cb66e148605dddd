//! A term of the index, and what it has in a page.

use tantivy::postings::TermInfo;

use super::page::TermPlace;

/// A term of the index: in how many pages it stands in each field, and where tantivy keeps its postings.
#[derive(Clone, Debug, Default)]
pub(super) struct IndexedTerm {
    pub(super) pages: [u32; 4],
    /// By segment, then by field.
    pub(super) infos: Vec<(u32, usize, TermInfo)>,
    /// The shard and the place in it, of a published index.
    pub(super) place: (usize, usize),
}

/// A term in one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) page: u32,
    /// How often the term stands in each field.
    pub(super) frequencies: [u32; 4],
    /// Where it stands: ascending, each section at most once for its heading and once for its text.
    pub(super) places: Vec<TermPlace>,
    /// For each of these places that is a heading, how many terms that has.
    pub(super) extents: Vec<(TermPlace, u32)>,
    /// Its positions in each field, ascending.
    pub(super) positions: [Vec<u32>; 4],
}

/// Where positions are: ascending and without repetitions, among them prose where the same section's code has the
/// term as well.
pub(super) fn places(positions: &[Vec<u32>; 4]) -> Vec<TermPlace> {
    let mut places = Vec::new();
    fill_places(&mut places, positions);
    places
}

/// The same, in place of what a list had.
pub(super) fn fill_places(places: &mut Vec<TermPlace>, positions: &[Vec<u32>; 4]) {
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

impl IndexedTerm {
    /// A term of a published index.
    pub(super) fn published(pages: [u32; 4], place: (usize, usize)) -> IndexedTerm {
        IndexedTerm { pages, infos: Vec::new(), place }
    }

    /// In how many pages the term stands, by field.
    pub(super) fn pages_by_field(&self) -> [u32; 4] {
        self.pages
    }
}
