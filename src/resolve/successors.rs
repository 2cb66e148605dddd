//! Which page stands in for a deprecated one.

use std::sync::Arc;

use super::placed::{PageId, PlacedPage};

/// The page that stands in for each; nothing for one that stands for itself because it is not deprecated, says of no
/// page that it took its place, or is one of several that name one another in a circle.
pub(super) fn successors(
    pages: &[Arc<PlacedPage>],
    superseded_by: &[Option<PageId>],
) -> Vec<Option<PageId>> {
    let next = |index: usize| {
        let next = superseded_by[index].filter(|_| pages[index].deprecated)?.0 as usize;
        (next != index).then_some(next)
    };
    // Where the way from each page ends, once it has been gone.
    let mut ends: Vec<Option<usize>> = vec![None; pages.len()];
    let mut walked_from = vec![usize::MAX; pages.len()];
    for start in 0..pages.len() {
        let (mut walked, mut index) = (Vec::new(), start);
        let end = loop {
            if let Some(end) = ends[index] {
                break Some(end);
            }
            if walked_from[index] == start {
                break None;
            }
            walked_from[index] = start;
            walked.push(index);
            match next(index) {
                Some(next) => index = next,
                None => break Some(index),
            }
        };
        for index in walked {
            ends[index] = Some(end.unwrap_or(index));
        }
    }
    let ends = ends.into_iter().enumerate();
    ends.map(|(index, end)| Some(PageId(end.filter(|end| *end != index)? as u32))).collect()
}
