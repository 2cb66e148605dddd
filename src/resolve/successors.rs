//! Which page stands in for a deprecated one.

use std::sync::Arc;

use super::placed::{PageId, PlacedPage};

/// The page that stands in for each; nothing for one that stands for itself because it is not deprecated, says of no
/// page that it took its place, or is one of several that name one another in a circle.
pub(super) fn successors(
    pages: &[Arc<PlacedPage>],
    superseded_by: &[Option<PageId>],
) -> Vec<Option<PageId>> {
    let next = |place: usize| {
        let next = superseded_by[place].filter(|_| pages[place].deprecated)?.0 as usize;
        (next != place).then_some(next)
    };
    // Where the way from each page ends, once it has been gone.
    let mut ends: Vec<Option<usize>> = vec![None; pages.len()];
    let mut walked_from = vec![usize::MAX; pages.len()];
    for start in 0..pages.len() {
        let (mut walked, mut place) = (Vec::new(), start);
        let end = loop {
            if let Some(end) = ends[place] {
                break Some(end);
            }
            if walked_from[place] == start {
                break None;
            }
            walked_from[place] = start;
            walked.push(place);
            match next(place) {
                Some(next) => place = next,
                None => break Some(place),
            }
        };
        for place in walked {
            ends[place] = Some(end.unwrap_or(place));
        }
    }
    let ends = ends.into_iter().enumerate();
    ends.map(|(place, end)| Some(PageId(end.filter(|end| *end != place)? as u32))).collect()
}
