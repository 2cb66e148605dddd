//! One page into what the index takes from it: its terms in order, and its text in compressed excerpts.
//!
//! This is the expensive step and depends on the page alone, so that callers can run it in parallel.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::language::language;
use super::model::{
    FACETS, IndexedPage, SearchAlert, SearchSection, is_suspect, review_json, soon_json,
};
use super::pack::pack;
use super::stream::{OFFSET_BITS, Stream};
use crate::files::Bytes;
use crate::freshness::Schedule;

/// The fields of the index, in the order of everything that is kept per field.
pub(super) const FIELDS: [&str; 4] = ["title", "names", "heading", "body"];

/// What the index keeps of one page beside its terms.
#[derive(Debug)]
pub(super) struct Analyzed {
    pub(super) language: String,
    pub(super) facts: FilterFacts,
    pub(super) excerpts: Vec<SectionExcerpt>,
    /// Severity and name of each alert, for the list that is shown before anything is typed.
    pub(super) alerts: Vec<(Option<String>, String)>,
    /// How many terms the heading of each section has.
    pub(super) extents: Vec<u32>,
}

impl Analyzed {
    /// The number of the excerpt that holds a section.
    pub(super) fn part(&self, ordinal: u32) -> usize {
        self.excerpts.partition_point(|excerpt| excerpt.first <= ordinal) - 1
    }
}

/// What filters and order need to know of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FilterFacts {
    /// In the order of [`FACETS`].
    pub(super) facets: [Vec<String>; FACETS.len()],
    pub(super) review: Schedule,
    pub(super) deprecated: bool,
}

/// Texts of error signatures, by their sections, and of tags and the agent.
///
/// What the text of a term is follows from the text's number alone, so that no table is needed to tell:
///
/// | field | number of a text |
/// |---|---|
/// | title | 0 |
/// | names | an alert's `number << 1 | (1 if it has a section of its own)`, then [`SIGNATURES`] and the ordinal of the section of an error signature, then [`OTHERS`] |
/// | heading | the section's ordinal |
/// | body | twice the section's ordinal, and one more for its code |
const SIGNATURES: u32 = 1 << 18;
const OTHERS: u32 = (1 << 19) - 1;
/// Where in a page a term stands, as one number: `ordinal << 2 | what`.
///
/// `what` is 0 for prose, 1 for a heading or an error signature, 2 for code; the ordinal is then the section's. 3 is
/// an alert; its ordinal is `number << 1 | (1 if it has a section of its own)`. [`TermPlace::NONE`] is nowhere in
/// particular, and is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TermPlace(pub(super) u32);

impl TermPlace {
    pub(super) const NONE: TermPlace = TermPlace(u32::MAX);
    pub(super) const HEADING: u32 = 1;
    pub(super) const CODE: u32 = 2;
    pub(super) const ALERT: u32 = 3;

    fn new(ordinal: u32, what: u32) -> TermPlace {
        TermPlace(ordinal << 2 | what)
    }

    /// Where a position of a field is.
    pub(super) fn of(field: usize, position: u32) -> TermPlace {
        let text = position >> OFFSET_BITS[field];
        match field {
            1 if text < SIGNATURES => TermPlace::new(text, TermPlace::ALERT),
            1 if text < OTHERS => TermPlace::new(text - SIGNATURES, TermPlace::HEADING),
            2 => TermPlace::new(text, TermPlace::HEADING),
            3 => TermPlace::new(text >> 1, (text & 1) * TermPlace::CODE),
            _ => TermPlace::NONE,
        }
    }

    pub(super) fn what(self) -> u32 {
        self.0 & 3
    }

    pub(super) fn ordinal(self) -> u32 {
        self.0 >> 2
    }

    /// The code of the same section.
    pub(super) fn in_code(self) -> TermPlace {
        TermPlace(self.0 & !3 | TermPlace::CODE)
    }

    /// Whether it says something even of a term that most pages have.
    pub(super) fn is_telling(self) -> bool {
        matches!(self.what(), TermPlace::HEADING | TermPlace::ALERT)
    }
}

/// Some of a page's sections, as the published JSON, compressed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SectionExcerpt {
    /// The ordinal of its first section.
    pub(super) first: u32,
    pub(super) bytes: Bytes,
}

/// Reads one page: what is kept of it, and one stream of terms a field, in the order of [`FIELDS`].
pub(super) fn analyze(page: &IndexedPage) -> (Analyzed, [Stream; 4]) {
    let facts =
        FilterFacts { facets: page.facets(), review: page.review, deprecated: page.deprecated };
    let (streams, extents) = streams(page);
    let analyzed = Analyzed {
        language: page.language.clone(),
        facts,
        excerpts: excerpts(page),
        alerts: page
            .alerts
            .iter()
            .map(|alert| (alert.severity.clone(), alert.name.clone()))
            .collect(),
        extents,
    };
    (analyzed, streams)
}

/// The terms of each field, and how many the heading of each section has.
fn streams(page: &IndexedPage) -> ([Stream; 4], Vec<u32>) {
    let language = language(&page.language);
    let stream = || Stream::of(language.clone());
    let [mut title, mut names, mut heading, mut body] = std::array::from_fn(|_| stream());
    title.push(&page.title, 0, 0);
    for (number, alert) in page.alerts.iter().enumerate() {
        let text = (number as u32) << 1 | u32::from(alert.anchor.is_some());
        names.push(&alert.name, 1, text.min(SIGNATURES - 1));
    }
    let mut signatures: Vec<(u32, &str)> = Vec::new();
    for (signature, anchor) in &page.error_signatures {
        let has_anchor = |section: &SearchSection| anchor.is_some() && section.anchor == *anchor;
        let ordinal = page.sections.iter().position(has_anchor).unwrap_or(0);
        signatures.push((SIGNATURES + (ordinal as u32).min(SIGNATURES / 2), signature));
    }
    signatures.sort_by_key(|(text, _)| *text);
    for (text, signature) in signatures {
        names.push(signature, 1, text);
    }
    for name in page.tags.iter().chain(&page.agent) {
        names.push(name, 1, OTHERS);
    }
    let mut extents = Vec::with_capacity(page.sections.len());
    for (ordinal, section) in page.sections.iter().enumerate() {
        let ordinal = ordinal as u32;
        let before = heading.count;
        heading.push(&section.heading, 2, ordinal);
        extents.push(heading.count - before);
        body.push(&section.text, 3, ordinal << 1);
        body.push(&section.code, 3, ordinal << 1 | 1);
    }
    ([title, names, heading, body], extents)
}

/// A page's sections in pieces that a browser can afford to fetch for one result. Every piece repeats what a result
/// shows of the page; the first also holds its alerts, any other those that its sections answer.
fn excerpts(page: &IndexedPage) -> Vec<SectionExcerpt> {
    const MOST_BYTES: usize = 8192;
    let row =
        |alert: &SearchAlert| json!([alert.name, alert.anchor, alert.severity, alert.condition]);
    let mut alerts: Vec<Value> = page.alerts.iter().map(row).collect();
    let mut answered: BTreeMap<&str, Vec<&SearchAlert>> = BTreeMap::new();
    for alert in &page.alerts {
        answered.entry(alert.anchor.as_deref().unwrap_or_default()).or_default().push(alert);
    }
    let mut excerpts = Vec::new();
    let mut sections: Vec<Value> = Vec::new();
    let (mut first, mut size) = (0, 0);
    for (ordinal, section) in page.sections.iter().enumerate() {
        let (text, code) = (lines(&section.text, MOST_BYTES), lines(&section.code, MOST_BYTES));
        let bytes = text.len() + code.len();
        if size > 0 && size + bytes > MOST_BYTES {
            excerpts.push(excerpt(page, first, &std::mem::take(&mut sections), &alerts));
            (first, size) = (ordinal, 0);
            alerts.clear();
        }
        if first > 0 {
            let here = section.anchor.as_deref().and_then(|anchor| answered.get(anchor));
            alerts.extend(here.into_iter().flatten().map(|alert| row(alert)));
        }
        size += bytes;
        sections.push(json!([section.anchor, section.heading, text, code]));
    }
    excerpts.push(excerpt(page, first, &sections, &alerts));
    excerpts
}

/// One piece, with the rows of the alerts that it names.
fn excerpt(
    page: &IndexedPage,
    first: usize,
    sections: &[Value],
    alerts: &[Value],
) -> SectionExcerpt {
    let value = json!({
        "u": page.url,
        "p": page.path.as_str(),
        "t": page.title,
        "c": page.breadcrumb,
        "o": page.owner,
        "r": review_json(page.review),
        "d": soon_json(page.review),
        "w": is_suspect(page.review),
        "f": first,
        "s": sections,
        "a": alerts,
    });
    SectionExcerpt { first: first as u32, bytes: pack(value.to_string().as_bytes()) }
}

/// The lines of a text that hold something, white space collapsed, up to a size.
fn lines(text: &str, most_bytes: usize) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let start = kept.len();
        for word in line.split_whitespace() {
            if kept.len() > start {
                kept.push(' ');
            } else if start > 0 {
                kept.push('\n');
            }
            if kept.len() + word.len() > most_bytes {
                kept.truncate(start);
                return kept;
            }
            kept.push_str(word);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{OTHERS, SIGNATURES, TermPlace, lines};

    #[test]
    fn a_position_knows_its_place() {
        let place = |field, text: u32| {
            TermPlace::of(field, text << crate::search::stream::OFFSET_BITS[field] | 5)
        };
        assert_eq!(place(0, 0), TermPlace::NONE);
        assert_eq!(place(1, 3), TermPlace(3 << 2 | TermPlace::ALERT));
        assert_eq!(place(1, SIGNATURES + 7), TermPlace(7 << 2 | TermPlace::HEADING));
        assert_eq!(place(1, OTHERS), TermPlace::NONE);
        assert_eq!(place(2, 7), TermPlace(7 << 2 | TermPlace::HEADING));
        assert_eq!(
            [place(3, 14), place(3, 15)],
            [TermPlace(7 << 2), TermPlace(7 << 2 | TermPlace::CODE)]
        );
    }

    #[test]
    fn lines_are_collapsed_and_cut_between_lines() {
        assert_eq!(lines("a  b\n\n \t\nc\n", 99), "a b\nc");
        assert_eq!(lines("aa bb\ncc", 6), "aa bb");
    }
}
