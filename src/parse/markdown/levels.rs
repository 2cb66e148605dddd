//! Headings of what a page takes in stand below the heading that it is taken in under.

use std::collections::BTreeMap;

use comrak::nodes::NodeValue;

use super::foreign;
use super::writer::MarkdownNode;

/// Lowers the headings of files that are taken in; `depths` says of each line how many files take in each other there.
pub(super) fn lower(root: MarkdownNode<'_>, depths: &[u8]) {
    if depths.iter().all(|depth| *depth == 0) {
        return;
    }
    let runs = runs(depths);
    let run_of = |line: usize, depth: u8| runs[line][..usize::from(depth)].to_vec();
    let mut headings = Vec::new();
    let mut highest: BTreeMap<Vec<u32>, u8> = BTreeMap::new();
    for node in root.descendants() {
        let line = node.data().sourcepos.start.line.saturating_sub(1);
        let NodeValue::Heading(heading) = &node.data().value else { continue };
        if foreign::block_of_heading(node).is_some() {
            continue;
        }
        let depth = depths.get(line).copied().unwrap_or_default();
        if depth > 0 {
            let held = highest.entry(run_of(line, depth)).or_insert(heading.level);
            *held = heading.level.min(*held);
        }
        headings.push((node, line, depth));
    }
    // The level of the last heading of each file that takes in another.
    let mut above: Vec<u8> = Vec::new();
    for (node, line, depth) in headings {
        let NodeValue::Heading(heading) = &mut node.data_mut().value else { continue };
        let around = above.get(usize::from(depth).saturating_sub(1)).copied().unwrap_or(1);
        if depth > 0 {
            let top = highest.get(&run_of(line, depth)).copied().unwrap_or(1);
            heading.level = (heading.level + (around + 1).saturating_sub(top)).min(6);
        }
        above.resize(usize::from(depth) + 1, around);
        above[usize::from(depth)] = heading.level;
    }
}

/// For each line the numbers of the inclusions that it stands in, the outermost first.
fn runs(depths: &[u8]) -> Vec<Vec<u32>> {
    let mut numbers: Vec<u32> = Vec::new();
    let mut next = 0;
    let each = depths.iter().map(|depth| {
        numbers.truncate(usize::from(*depth));
        while numbers.len() < usize::from(*depth) {
            next += 1;
            numbers.push(next);
        }
        numbers.clone()
    });
    each.collect()
}
