//! What stands in the text of a page without being shown: comments, tags, definitions of links that nothing uses.

use std::ops::Range;

use super::document::Document;
use super::raw_html::{HtmlMark, marks};

/// Where the code of a page stands.
pub(crate) struct CodePlaces(Vec<Range<usize>>);

impl CodePlaces {
    /// The code of a page.
    pub(crate) fn of(document: &Document) -> CodePlaces {
        let blocks = document.code_blocks.iter().map(|block| block.range.clone());
        let spans = document.code_spans.iter().map(|span| span.range.clone());
        let mut ranges: Vec<Range<usize>> = blocks.chain(spans).collect();
        ranges.sort_by_key(|range| (range.start, range.end));
        CodePlaces(ranges)
    }

    /// Whether a place of the file is in code.
    pub(crate) fn holds(&self, at: usize) -> bool {
        let behind = self.0.partition_point(|range| range.start <= at);
        behind.checked_sub(1).is_some_and(|last| self.0[last].contains(&at))
    }
}

/// The comments and tags of a page's body outside of code, each with its place.
pub(crate) fn marks_outside_code(document: &Document, text: &str) -> Vec<(Range<usize>, HtmlMark)> {
    if !text.contains('<') {
        return Vec::new();
    }
    let code = CodePlaces::of(document);
    let mut found = Vec::new();
    let mut from = document.meta.range.end;
    let end = text.len()..text.len();
    for code in code.0.iter().chain([&end]) {
        if let Some(prose) = text.get(from..code.start).filter(|prose| prose.contains('<')) {
            let placed = marks(prose).into_iter();
            found.extend(placed.map(|(at, mark)| (from + at.start..from + at.end, mark)));
        }
        from = from.max(code.end);
    }
    found
}

/// The parts of a page's text that are there for its authors alone: comments of HTML, link definitions that are used as
/// comments (`[//]: # (…)`), and what stands behind the language of a code block but for attributes. In order.
pub(crate) fn comments(document: &Document, text: &str) -> Vec<Range<usize>> {
    let marks = marks_outside_code(document, text);
    let html = marks.into_iter().filter(|(_, mark)| matches!(mark, HtmlMark::Comment));
    let mut found: Vec<Range<usize>> = html.map(|(range, _)| range).collect();
    found.extend(definitions(document, text).into_iter().filter(|range| {
        let typed = &text[range.clone()];
        let (label, target) = typed.split_once("]:").unwrap_or_default();
        let label = label.trim_start_matches('[').trim();
        let is_comment = ["//", "_", "#", "comment", "note"];
        is_comment.iter().any(|known| known.eq_ignore_ascii_case(label))
            || ["#", "<>"].iter().any(|nowhere| {
                target
                    .trim()
                    .strip_prefix(nowhere)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
            })
    }));
    found.extend(fences(document, text).into_iter().filter_map(|range| {
        let typed = &text[range.clone()];
        let words = typed.find(char::is_whitespace)?;
        let is_attributes = typed[words..].contains(['{', '=']);
        (!is_attributes).then_some(range.start + words..range.end)
    }));
    found.sort_by_key(|range| (range.start, range.end));
    let mut end = 0;
    found.retain(|range| {
        let is_behind = range.start >= end;
        end = end.max(range.end);
        is_behind
    });
    found
}

/// Lines such as `[//]: # (a comment)`, which define a link that nothing shows.
pub(crate) fn definitions(document: &Document, text: &str) -> Vec<Range<usize>> {
    let code = &document.code_blocks;
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start_matches(' ').len();
        at += line.len();
        let typed = text[start..at].trim_end();
        let is_definition = typed.starts_with('[')
            && typed.find("]:").is_some_and(|end| !typed[..end].contains(['(', '`']));
        if !is_definition {
            continue;
        }
        let behind = code.partition_point(|block| block.range.start <= start);
        let in_code = behind.checked_sub(1).is_some_and(|last| code[last].range.contains(&start));
        if !in_code {
            found.push(start..start + typed.len());
        }
    }
    found
}

/// The first lines of fenced code that say more than a word.
pub(crate) fn fences(document: &Document, text: &str) -> Vec<Range<usize>> {
    let line = |range: &Range<usize>| {
        let first = text.get(range.clone())?.lines().next()?;
        let is_fence = first.starts_with("```") || first.starts_with("~~~");
        (is_fence && first.contains(' ')).then_some(range.start..range.start + first.len())
    };
    document.code_blocks.iter().filter_map(|block| line(&block.range)).collect()
}
