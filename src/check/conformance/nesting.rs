//! Which heading each heading stands under, in a template and in a page.

/// For each heading, given by its level, the one that it stands under.
pub(super) fn above(levels: impl Iterator<Item = u8>) -> Vec<Option<usize>> {
    let mut open: Vec<(usize, u8)> = Vec::new();
    let mut above = Vec::new();
    for (at, level) in levels.enumerate() {
        while open.pop_if(|(_, open)| *open >= level).is_some() {}
        above.push(open.last().map(|(at, _)| *at));
        open.push((at, level));
    }
    above
}
