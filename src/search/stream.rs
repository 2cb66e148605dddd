//! The terms of a field with their positions, from its texts.
//!
//! Where a line stands in its text follows from two neighboring words of it, so that a line put between others moves
//! none of them, and an edit of one seldom more than what stands behind it there: what is published of the other words
//! stays as it is.

use std::collections::HashMap;
use std::ops::Range;

use super::analyze::{Chunk, chunks};
use super::language::SearchLanguage;
use super::pack::hash;

/// The terms of one field, written for [`mod@super::segment`] to replay.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// Each term behind a character that says how far its position is from the one before: `U+0001` not at all,
    /// `U+0002` one. `U+0003` and a hexadecimal number say at which position the next text begins.
    pub(super) terms: String,
    /// The language of the text, if its words have endings that are known.
    language: Option<SearchLanguage>,
    /// How many terms there are.
    pub(super) count: u32,
    /// The position of the last term, and of the last one that its text may have.
    last: u32,
    end: u32,
}

/// Positions say in which text of its field a term stands: `text << bits | offset`. Texts and terms beyond what fits
/// count to the last.
pub(super) const OFFSET_BITS: [u32; 4] = [12, 12, 12, 17];
/// Which of [`super::page::FIELDS`] holds texts of several lines.
const BODY: usize = 3;
/// How far apart lines of a text begin, or a multiple of that.
const LINE: u32 = 32;
/// Room behind the last position of a text, so that no phrase crosses into the next.
const MARGIN: u32 = 64;

/// How many terms a chunk comes to, about: parts, whole and joined ends.
pub(super) fn extent(chunk: &Chunk) -> u32 {
    (chunk.parts.len() as u32 * 2).saturating_sub(1) + u32::from(chunk.is_flag)
}

/// A line whose terms are written, from a position that is not known yet.
struct PlacedLine<'a> {
    text: &'a str,
    terms: Range<usize>,
    /// How many positions it has.
    length: u32,
}

impl Stream {
    /// An empty one, of words in a language.
    pub(super) fn of(language: Option<SearchLanguage>) -> Stream {
        Stream { language, ..Stream::default() }
    }

    /// Appends a text, which has positions of its own, or others than texts before of the same number.
    pub(super) fn push(&mut self, text: &str, field: usize, number: u32) {
        let bits = OFFSET_BITS[field];
        let number = number.min((u32::MAX >> bits) - 1);
        let begin = number << bits;
        self.end = begin + (1 << bits) - MARGIN;
        if field != BODY {
            self.push_line(text, begin);
        } else if !self.push_lines(text, begin) {
            text.lines().for_each(|line| self.push_line(line, begin));
        }
    }

    /// Appends a line at the beginning, or a position apart from what has the same number, so that no phrase spans both.
    fn push_line(&mut self, line: &str, begin: u32) {
        let next = if self.has_positions_from(begin) { self.last + 2 } else { begin };
        let mut position = next.min(self.end);
        let mut is_first = true;
        chunks(line, |chunk| {
            if std::mem::take(&mut is_first) {
                if self.count > 0 || position > 0 {
                    self.terms.push_str(&format!("\u{3}{position:x}"));
                }
                self.last = position;
            }
            self.push_chunk(chunk, &mut position);
        });
    }

    /// Whether a text of this number, or of one behind it, is there already.
    fn has_positions_from(&self, begin: u32) -> bool {
        self.count > 0 && self.last >= begin
    }

    /// Appends each line of a text at a position that follows from its words, or the next that is free; appends nothing
    /// if there is no room for that.
    fn push_lines(&mut self, text: &str, begin: u32) -> bool {
        if self.has_positions_from(begin) {
            return false;
        }
        let (count, last) = (self.count, self.last);
        let before = std::mem::take(&mut self.terms);
        let lines: Vec<PlacedLine<'_>> =
            text.lines().filter_map(|text| self.read_line(text)).collect();
        let written = std::mem::replace(&mut self.terms, before);
        let Some(starts) = starts(&lines) else {
            (self.count, self.last) = (count, last);
            return false;
        };
        self.last = last;
        for (start, number) in starts {
            let (start, line) = (begin + start, &lines[number]);
            self.terms.push_str(&format!("\u{3}{start:x}"));
            self.terms.push_str(&written[line.terms.clone()]);
            self.last = start + line.length - 1;
        }
        true
    }

    /// Writes the terms of a line as if it stood at the first position; nothing if it has none.
    fn read_line<'a>(&mut self, text: &'a str) -> Option<PlacedLine<'a>> {
        let (from, mut length) = (self.terms.len(), 0);
        self.last = 0;
        chunks(text, |chunk| self.push_chunk(chunk, &mut length));
        (length > 0).then_some(PlacedLine { text, terms: from..self.terms.len(), length })
    }

    /// A chunk's parts, the parts joined as a whole, a flag with its dashes, and the joined ends: `crashlooping` of `KubePodCrashLooping`.
    fn push_chunk(&mut self, chunk: &Chunk, position: &mut u32) {
        const SHORTEST_END: usize = 5;
        if let Some(flag) = chunk.flag() {
            self.push_term(&flag, *position);
        }
        if let Some(whole) = chunk.whole() {
            self.push_term(whole, *position);
        }
        for (number, part) in chunk.parts.iter().enumerate() {
            let end = &chunk.text[part.folded.start..];
            if number > 0 && number + 1 < chunk.parts.len() && end.len() >= SHORTEST_END {
                self.push_term(end, *position);
            }
            self.push_term(chunk.part(part), *position);
            let plain = self.language.as_ref().map(|own| own.without_spelling(chunk.part(part)));
            if let Some(plain) = plain.filter(|plain| plain != chunk.part(part)) {
                self.push_term(&plain, *position);
            }
            *position = (*position + 1).min(self.end);
        }
    }

    fn push_term(&mut self, term: &str, position: u32) {
        self.terms.push(if position == self.last { '\u{1}' } else { '\u{2}' });
        self.terms.push_str(term);
        self.last = position;
        self.count += 1;
    }
}

/// Where each line begins, in order, with its number; nothing if there is no room for all.
fn starts(lines: &[PlacedLine<'_>]) -> Option<Vec<(u32, usize)>> {
    /// What a text may have of the offsets that there are.
    const MOST: usize = 1 << (OFFSET_BITS[BODY] - LINE.ilog2() - 1);
    /// What any text has: enough for nearly all, since all lines move where the number of places changes.
    const LEAST: usize = 256;
    // One more than the terms fill, so that no phrase goes on in the next line.
    let rooms = |line: &PlacedLine<'_>| (line.length / LINE + 1) as usize;
    let all: usize = lines.iter().map(rooms).sum();
    // Where three of four are free, a new line seldom takes the place of another.
    let mut is_free = vec![true; (all * 4).next_power_of_two().clamp(LEAST, MOST)];
    let count = is_free.len();
    let mut starts = Vec::with_capacity(lines.len());
    for (number, (line, mark)) in lines.iter().zip(marks(lines)).enumerate() {
        let first = (mark % count as u64) as usize;
        let mut places = (first..count).chain(0..first).map(|place| place..place + rooms(line));
        let place = places.find(|place| {
            is_free.get(place.clone()).is_some_and(|free| free.iter().all(|free| *free))
        })?;
        is_free[place.clone()].fill(false);
        starts.push((place.start as u32 * LINE, number));
    }
    starts.sort_unstable();
    Some(starts)
}

/// What tells each line from the others: of its pairs of neighboring words, the one that the fewest lines have, and of
/// equals the one with the least hash. An edit of any one word changes that only where the word is in that pair, or comes
/// to a lesser one: of *n* pairs four times in *n* (min-wise hashing; Broder, "On the resemblance and containment of
/// documents", 1997).
fn marks(lines: &[PlacedLine<'_>]) -> Vec<u64> {
    let pairs: Vec<Vec<u64>> = lines.iter().map(|line| pairs(line.text)).collect();
    let mut counts: HashMap<u64, u32> = HashMap::new();
    for pair in pairs.iter().flatten() {
        *counts.entry(*pair).or_default() += 1;
    }
    let mark = |pairs: &Vec<u64>| pairs.iter().copied().min_by_key(|pair| (counts[pair], *pair));
    pairs.iter().map(|pairs| mark(pairs).unwrap_or_default()).collect()
}

/// The hashes of each word with the next; of the only word by itself.
fn pairs(line: &str) -> Vec<u64> {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.windows(2.min(words.len().max(1))).map(|pair| hash(&pair.join(" "))).collect()
}

#[cfg(test)]
mod tests {
    use super::{BODY, Stream, chunks, extent};

    /// Terms with their positions.
    fn check(texts: &[(&str, u32)], expected: &str) {
        let mut stream = Stream::default();
        for (text, number) in texts {
            stream.push(text, 2, *number);
        }
        let shown: String =
            stream.terms.replace('\u{1}', " =").replace('\u{2}', " ").replace('\u{3}', " @");
        assert_eq!(shown.trim_start_matches(" ="), expected);
    }

    #[test]
    fn a_joined_chunk_is_indexed_by_its_parts_its_whole_and_its_ends() {
        check(
            &[("KubePodCrashLooping now", 0)],
            "kubepodcrashlooping =kube podcrashlooping =pod crashlooping =crash looping now",
        );
        let mut count = 0;
        chunks("KubePodCrashLooping now", |chunk| count += extent(chunk));
        assert_eq!(count, 8);
    }

    #[test]
    fn every_text_begins_at_its_own_position() {
        check(&[("a b", 0), ("", 1), ("-", 2), ("c", 3)], "a b @3000 =c");
        check(&[("a b", 5), ("c", 5)], " @5000 =a b @5003 =c");
    }

    #[test]
    fn texts_and_terms_beyond_what_fits_count_to_the_last() {
        check(&[("a", u32::MAX), ("b", u32::MAX)], " @ffffe000 =a @ffffe002 =b");
        let mut stream = Stream::default();
        stream.push(&"a ".repeat(5000), 2, 0);
        assert_eq!((stream.last, stream.count), (4096 - 64, 5000));
    }

    /// Each line of a text of the body, as it is written, by where it begins.
    fn placed(text: &str) -> Vec<(u32, String)> {
        let mut stream = Stream::default();
        stream.push(text, BODY, 7);
        let lines = stream.terms.split('\u{3}').skip(1).map(|line| {
            let (start, terms) = line.split_once('\u{1}').expect("a term");
            let start = u32::from_str_radix(start, 16).expect("a position");
            (start - (7 << super::OFFSET_BITS[BODY]), terms.replace(['\u{1}', '\u{2}'], " "))
        });
        lines.collect()
    }

    #[test]
    fn a_line_put_between_others_moves_at_most_a_few() {
        let lines: Vec<String> = (0..60).map(|number| format!("step {number} of all")).collect();
        let before = placed(&lines.join("\n"));
        for at in [0, 30, 60] {
            let mut more = lines.clone();
            more.insert(at, "something new".to_owned());
            let after = placed(&more.join("\n"));
            assert_eq!(after.len(), 61);
            let moved = before.iter().filter(|line| !after.contains(line)).count();
            assert!(moved <= 3, "{moved} lines moved for one at {at}");
        }
    }

    #[test]
    fn an_edit_of_a_line_moves_nothing_before_it_there_nor_in_other_lines() {
        let before =
            placed("first of all stop what is running now\nthen look at the log\nand tell");
        let after = placed("first of all stop what is failing now\nthen look at the log\nand tell");
        let starts = |lines: &[(u32, String)]| lines.iter().map(|line| line.0).collect::<Vec<_>>();
        assert_eq!(starts(&before), starts(&after));
        assert_eq!(before.iter().filter(|line| !after.contains(line)).count(), 1);
    }

    #[test]
    fn another_word_anywhere_in_a_line_seldom_moves_the_line() {
        let words: Vec<String> = (0..40).map(|number| format!("word{number}")).collect();
        let text = |words: &[String]| format!("before it\n{}\nafter it", words.join(" "));
        let starts = |text: &str| placed(text).iter().map(|line| line.0).collect::<Vec<_>>();
        let before = starts(&text(&words));
        let moved = |at: &usize| {
            let mut edited = words.clone();
            edited[*at] = format!("other{at}");
            starts(&text(&edited)) != before
        };
        let moved = (0..words.len()).filter(moved).count();
        assert!(moved <= 6, "{moved} of 40 words move their line");
    }

    #[test]
    fn lines_that_share_most_of_their_words_are_told_apart() {
        let lines: Vec<String> =
            (0..60).map(|number| format!("kubectl get pods -n ns{number} -o wide")).collect();
        let before = placed(&lines.join("\n"));
        for at in [0, 30, 60] {
            let mut more = lines.clone();
            more.insert(at, "kubectl get pods -n elsewhere -o wide".to_owned());
            let after = placed(&more.join("\n"));
            let moved = before.iter().filter(|line| !after.contains(line)).count();
            assert!(moved <= 3, "{moved} lines moved for one at {at}");
        }
    }

    #[test]
    fn lines_never_meet_so_that_no_phrase_goes_on_in_the_next() {
        let lines: Vec<String> =
            (0..400).map(|number| vec!["word"; number % 70].join(" ")).collect();
        for count in [1, 2, 31, 33, 64, 400] {
            let placed = placed(&lines[..count].join("\n"));
            let ends = placed.iter().map(|(start, terms)| start + terms.split(' ').count() as u32);
            let starts = placed.iter().skip(1).map(|(start, _)| *start);
            assert!(ends.zip(starts).all(|(end, start)| end < start), "{count} lines");
        }
    }

    #[test]
    fn a_text_with_more_lines_than_have_a_place_keeps_them_apart_in_order() {
        let text: Vec<String> = (0..5000).map(|number| format!("w{number}")).collect();
        let placed = placed(&text.join("\n"));
        assert_eq!(placed.len(), 5000);
        assert!(placed.windows(2).all(|pair| pair[0].0 + 2 == pair[1].0));
        assert_eq!(placed[4999].1, "w4999");
    }
}
