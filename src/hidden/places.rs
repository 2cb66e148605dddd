//! The way back from a text without its hidden characters to the text.

use super::find::Hidden;

/// Where a byte of a text without some of its parts stands in the text: before a part that lies just there if
/// something `ends` there, else behind it.
pub(crate) struct KeptPlaces(Vec<(usize, usize)>);

impl KeptPlaces {
    /// Of a text without these parts, which are given in order.
    pub(crate) fn new(parts: &[Hidden]) -> KeptPlaces {
        let mut gone = 0;
        let place = |part: &Hidden| {
            let at = part.range.start - gone;
            gone += part.range.len();
            (at, gone)
        };
        KeptPlaces(parts.iter().map(place).collect())
    }

    /// Where something begins.
    pub(crate) fn start(&self, at: usize) -> usize {
        at + self.gone(self.0.partition_point(|(place, _)| *place <= at))
    }

    /// Where something ends.
    pub(crate) fn end(&self, at: usize) -> usize {
        at + self.gone(self.0.partition_point(|(place, _)| *place < at))
    }

    fn gone(&self, parts: usize) -> usize {
        parts.checked_sub(1).map_or(0, |last| self.0[last].1)
    }
}
