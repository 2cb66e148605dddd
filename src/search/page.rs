//! One page into what the index takes from it: its terms in order, and its text in compressed excerpts.
//!
//! This is the expensive step and depends on the page alone, so that callers can run it in parallel and remember it.

use serde_json::{Value, json};

use super::analyze::{Chunk, chunks};
use super::pack::pack;
use super::{Review, SearchAlert, SearchPage, SearchSection};
use crate::files::{Bytes, FilePath};

/// The fields of the index, in the order of everything that is kept per field.
pub(super) const FIELDS: [&str; 4] = ["title", "names", "heading", "body"];

/// What one page contributes to the index.
#[derive(Debug, PartialEq, Eq)]
pub struct Analyzed {
    pub(super) path: FilePath,
    pub(super) facts: Facts,
    /// One stream of terms a field, in the order of [`FIELDS`].
    pub(super) streams: [Stream; 4],
    pub(super) excerpts: Vec<Excerpt>,
    /// Severity and name of each alert, for the list that is shown before anything is typed.
    pub(super) alerts: Vec<(Option<String>, String)>,
    /// Of everything above, so that a whole site's index can be named without being built.
    pub(super) digest: [u8; 32],
}

/// What filters and order need to know of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) owner: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) status: Option<String>,
    pub(super) review: Review,
    pub(super) suspect: bool,
    pub(super) deprecated: bool,
}

/// The terms of one field, written for [`super::index`] to replay.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stream {
    /// Each term behind a character that says how far its position is from the one before: `U+0001` not at all,
    /// `U+0002` one, `U+0003` two.
    pub(super) terms: String,
    /// From which position on the terms belong to which [`Place`].
    pub(super) places: Vec<(u32, Place)>,
    last: u32,
}

/// Where in a page a term stands, as one number: `ordinal << 2 | what`.
///
/// `what` is 0 for prose, 1 for a heading or an error signature, 2 for code; the ordinal is then the section's. 3 is
/// an alert; its ordinal is `number << 1 | (1 if it has a section of its own)`. [`Place::NONE`] is nowhere in
/// particular, and is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(pub(super) u32);

impl Place {
    pub(super) const NONE: Place = Place(u32::MAX);
    pub(super) const HEADING: u32 = 1;
    pub(super) const CODE: u32 = 2;
    pub(super) const ALERT: u32 = 3;

    fn new(ordinal: usize, what: u32) -> Place {
        Place((ordinal as u32) << 2 | what)
    }

    pub(super) fn what(self) -> u32 {
        self.0 & 3
    }

    pub(super) fn ordinal(self) -> u32 {
        self.0 >> 2
    }

    /// The code of the same section.
    pub(super) fn in_code(self) -> Place {
        Place(self.0 & !3 | Place::CODE)
    }

    /// Whether it says something even of a term that most pages have.
    pub(super) fn is_telling(self) -> bool {
        matches!(self.what(), Place::HEADING | Place::ALERT)
    }
}

/// Some of a page's sections, as the published JSON, compressed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The ordinal of its first section.
    pub(super) first: u32,
    pub(super) bytes: Bytes,
}

/// Reads one page.
pub fn analyze(page: &SearchPage) -> Analyzed {
    let facts = Facts {
        owner: page.owner.clone(),
        tags: page.tags.clone(),
        status: page.status.clone(),
        review: page.review,
        suspect: page.suspect,
        deprecated: page.deprecated,
    };
    let mut analyzed = Analyzed {
        path: page.path.clone(),
        facts,
        streams: streams(page),
        excerpts: excerpts(page),
        alerts: page
            .alerts
            .iter()
            .map(|alert| (alert.severity.clone(), alert.name.clone()))
            .collect(),
        digest: [0; 32],
    };
    analyzed.digest = digest(&analyzed);
    analyzed
}

fn streams(page: &SearchPage) -> [Stream; 4] {
    let [mut title, mut names, mut heading, mut body] = <[Stream; 4]>::default();
    title.push(&page.title, Place::NONE);
    for (number, alert) in page.alerts.iter().enumerate() {
        let ordinal = number << 1 | usize::from(alert.anchor.is_some());
        names.push(&alert.name, Place::new(ordinal, Place::ALERT));
    }
    for (signature, anchor) in &page.error_signatures {
        let has_anchor = |section: &SearchSection| anchor.is_some() && section.anchor == *anchor;
        let ordinal = page.sections.iter().position(has_anchor).unwrap_or(0);
        names.push(signature, Place::new(ordinal, Place::HEADING));
    }
    for name in page.tags.iter().chain(&page.agent) {
        names.push(name, Place::NONE);
    }
    for (ordinal, section) in page.sections.iter().enumerate() {
        heading.push(&section.heading, Place::new(ordinal, Place::HEADING));
        body.push(&section.text, Place::new(ordinal, 0));
        body.push(&section.code, Place::new(ordinal, Place::CODE));
    }
    [title, names, heading, body]
}

impl Stream {
    /// Appends a text, a position apart from the one before, so that no phrase spans both.
    fn push(&mut self, text: &str, place: Place) {
        let start = if self.terms.is_empty() { 0 } else { self.last + 2 };
        let (mut position, before) = (start, self.terms.len());
        chunks(text, |chunk| self.push_chunk(chunk, &mut position));
        if self.terms.len() > before {
            self.places.push((start, place));
        }
    }

    /// A chunk's parts, the parts joined as a whole, and the joined ends: `crashlooping` of `KubePodCrashLooping`.
    fn push_chunk(&mut self, chunk: &Chunk, position: &mut u32) {
        const SHORTEST_END: usize = 5;
        if let Some(whole) = chunk.whole() {
            self.push_term(whole, *position);
        }
        for (number, part) in chunk.parts.iter().enumerate() {
            let end = &chunk.text[part.folded.start..];
            if number > 0 && number + 1 < chunk.parts.len() && end.len() >= SHORTEST_END {
                self.push_term(end, *position);
            }
            self.push_term(chunk.part(part), *position);
            *position += 1;
        }
    }

    fn push_term(&mut self, term: &str, position: u32) {
        let step = match position - self.last {
            0 => '\u{1}',
            1 => '\u{2}',
            _ => '\u{3}',
        };
        self.terms.push(step);
        self.terms.push_str(term);
        self.last = position;
    }

    /// Where a term at this position stands.
    pub(super) fn place(&self, position: u32) -> Place {
        let behind = self.places.partition_point(|(start, _)| *start <= position);
        behind.checked_sub(1).map_or(Place::NONE, |last| self.places[last].1)
    }
}

/// A page's sections in pieces that a browser can afford to fetch for one result. Every piece repeats what a result
/// shows of the page; the first also holds its alerts.
fn excerpts(page: &SearchPage) -> Vec<Excerpt> {
    const MOST_BYTES: usize = 8192;
    let mut excerpts = Vec::new();
    let mut sections: Vec<Value> = Vec::new();
    let (mut first, mut size) = (0, 0);
    for (ordinal, section) in page.sections.iter().enumerate() {
        let (text, code) = (lines(&section.text, MOST_BYTES), lines(&section.code, MOST_BYTES));
        let bytes = text.len() + code.len();
        if size > 0 && size + bytes > MOST_BYTES {
            excerpts.push(excerpt(page, first, &std::mem::take(&mut sections)));
            (first, size) = (ordinal, 0);
        }
        size += bytes;
        sections.push(json!([section.anchor, section.heading, text, code]));
    }
    excerpts.push(excerpt(page, first, &sections));
    excerpts
}

fn excerpt(page: &SearchPage, first: usize, sections: &[Value]) -> Excerpt {
    let alerts: Vec<Value> = if first == 0 {
        let row = |alert: &SearchAlert| {
            json!([alert.name, alert.anchor, alert.severity, alert.condition])
        };
        page.alerts.iter().map(row).collect()
    } else {
        Vec::new()
    };
    let value = json!({
        "u": page.url,
        "t": page.title,
        "c": page.breadcrumb,
        "o": page.owner,
        "r": page.review.to_json(),
        "w": page.suspect,
        "d": page.deprecated,
        "f": first,
        "s": sections,
        "a": alerts,
    });
    Excerpt { first: first as u32, bytes: pack(value.to_string().as_bytes()) }
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

fn digest(analyzed: &Analyzed) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for stream in &analyzed.streams {
        hasher.update(stream.terms.as_bytes());
        hasher.update(&[0]);
        for (start, place) in &stream.places {
            hasher.update(&start.to_le_bytes());
            hasher.update(&place.0.to_le_bytes());
        }
    }
    for excerpt in &analyzed.excerpts {
        hasher.update(&excerpt.bytes);
    }
    hasher.update(format!("{:?}", analyzed.facts).as_bytes());
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Place, Stream, lines};

    /// Terms with their positions.
    fn check(texts: &[&str], expected: &str) {
        let mut stream = Stream::default();
        for text in texts {
            stream.push(text, Place::NONE);
        }
        let shown: String =
            stream.terms.replace('\u{1}', " =").replace('\u{2}', " ").replace('\u{3}', " .. ");
        assert_eq!(shown.trim_start_matches(" ="), expected);
    }

    #[test]
    fn a_joined_chunk_is_indexed_by_its_parts_its_whole_and_its_ends() {
        check(
            &["KubePodCrashLooping now"],
            "kubepodcrashlooping =kube podcrashlooping =pod crashlooping =crash looping now",
        );
    }

    #[test]
    fn texts_stand_a_position_apart() {
        check(&["a b", "", "-", "c"], "a b .. c");
    }

    #[test]
    fn a_position_knows_its_place() {
        let mut stream = Stream::default();
        stream.push("one two", Place(4));
        stream.push("", Place(8));
        stream.push("three", Place(12));
        assert_eq!(
            [0, 1, 3].map(|position| stream.place(position)),
            [Place(4), Place(4), Place(12)]
        );
        assert_eq!(Stream::default().place(0), Place::NONE);
    }

    #[test]
    fn lines_are_collapsed_and_cut_between_lines() {
        assert_eq!(lines("a  b\n\n \t\nc\n", 99), "a b\nc");
        assert_eq!(lines("aa bb\ncc", 6), "aa bb");
    }
}
