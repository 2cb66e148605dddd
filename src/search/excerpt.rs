//! The line of a section that shows why it was found, with the words marked.
//!
//! A port of this file is in `theme/static/search.js`.

use std::collections::HashMap;

use super::analyze::chunks;

/// A text in pieces: plain and marked by turns, beginning with a plain one that may be empty.
pub type Segments = Vec<String>;

/// The terms that were found, each with a bit for each word of the query that it stands for.
pub(super) type Marks = HashMap<String, u32>;

/// About how much of a line is shown, in units of UTF-16, which is what browsers count.
const LONGEST: usize = 160;
/// How much of it stands before the first mark, if something has to be left out.
const BEFORE: usize = 40;

/// Leaves some words of a query without a mark, unless nothing else was found.
pub(super) fn without(marks: &mut Marks, words: u32, known: u32) {
    if known & !words == 0 {
        return;
    }
    marks.retain(|_, bits| {
        *bits &= !words;
        *bits != 0
    });
}

/// Chooses among lines the one with most words of the query, the first of equals, and marks them; if no line has any,
/// among other lines; the first line if none there has either.
pub(super) fn excerpt<'a>(
    lines: impl Iterator<Item = &'a str>,
    others: impl Iterator<Item = &'a str>,
    marks: &Marks,
) -> Segments {
    let mut best: (u32, &str, Vec<(usize, usize)>) = (0, "", Vec::new());
    let choose = |best: &mut (u32, &'a str, Vec<(usize, usize)>), line: &'a str| {
        let (words, ranges) = find(line, marks);
        if words > best.0 || best.1.is_empty() {
            *best = (words, line, ranges);
        }
    };
    lines.for_each(|line| choose(&mut best, line));
    if best.0 == 0 {
        others.for_each(|line| choose(&mut best, line));
    }
    let (_, line, ranges) = best;
    let (from, to) = window(line, ranges.first().map_or(0, |range| range.0));
    let mut segments = split(line, &ranges, from, to);
    if from > 0 {
        segments[0].insert(0, '…');
    }
    if to < line.len() {
        segments.last_mut().expect("there is always a plain segment").push('…');
    }
    segments
}

/// Marks the words of a query in a whole text.
pub(super) fn marked(text: &str, marks: &Marks) -> Segments {
    split(text, &find(text, marks).1, 0, text.len())
}

/// How many words of the query a line has, and where.
fn find(line: &str, marks: &Marks) -> (u32, Vec<(usize, usize)>) {
    let mut words = 0;
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    chunks(line, |chunk| {
        for (number, part) in chunk.parts.iter().enumerate() {
            let joined = marks.get(&chunk.text[part.folded.start..]);
            let Some(bits) = joined.or_else(|| marks.get(chunk.part(part))) else { continue };
            words |= bits;
            let last = if joined.is_some() { chunk.parts.len() - 1 } else { number };
            let (start, end) = (part.source.start, chunk.parts[last].source.end);
            match ranges.last_mut() {
                Some(range) if start <= range.1 => range.1 = range.1.max(end),
                _ => ranges.push((start, end)),
            }
        }
    });
    (words.count_ones(), ranges)
}

/// The bytes of a line that are shown: all, or the words from shortly before the first mark on. Cuts at spaces only.
fn window(line: &str, first_mark: usize) -> (usize, usize) {
    let units = |text: &str| text.encode_utf16().count();
    let (length, mark) = (units(line), units(&line[..first_mark]));
    let spaces: Vec<(usize, usize)> = {
        let mut unit = 0;
        let counted = line.char_indices().map(|(at, character)| {
            unit += character.len_utf16();
            (at, unit - character.len_utf16(), character)
        });
        counted
            .filter(|(_, _, character)| *character == ' ')
            .map(|(at, unit, _)| (at, unit))
            .collect()
    };
    let next = |unit: usize| spaces.iter().copied().find(|(_, space)| *space >= unit);
    let earliest = mark.saturating_sub(BEFORE).min(length.saturating_sub(LONGEST));
    let (from, from_unit) = match next(earliest) {
        _ if earliest == 0 => (0, 0),
        Some((at, space)) if space < mark => (at + 1, space + 1),
        _ => (first_mark, mark),
    };
    if length <= from_unit + LONGEST {
        return (from, line.len());
    }
    let last = spaces.iter().rev().find(|(_, space)| *space <= from_unit + LONGEST);
    let last = last.copied().filter(|(_, space)| *space >= from_unit + LONGEST / 2);
    (from, last.or_else(|| next(from_unit + LONGEST)).map_or(line.len(), |(at, _)| at))
}

fn split(line: &str, ranges: &[(usize, usize)], from: usize, to: usize) -> Segments {
    let mut segments = Vec::new();
    let mut at = from;
    for (start, end) in ranges.iter().map(|(start, end)| (*start.max(&from), *end.min(&to))) {
        if start < end {
            segments.push(line[at..start].to_owned());
            segments.push(line[start..end].to_owned());
            at = end;
        }
    }
    segments.push(line[at..to].to_owned());
    segments
}

#[cfg(test)]
mod tests {
    use super::{Marks, excerpt};

    /// Marked pieces stand in brackets.
    fn check(lines: &[&str], words: &[&str], expected: &str) {
        let marks: Marks =
            words.iter().enumerate().map(|(bit, word)| ((*word).to_owned(), 1 << bit)).collect();
        let segments = excerpt(lines.iter().copied(), std::iter::empty(), &marks);
        let shown: Vec<String> = segments
            .iter()
            .enumerate()
            .map(|(number, text)| if number % 2 == 1 { format!("[{text}]") } else { text.clone() })
            .collect();
        assert_eq!(shown.concat(), expected);
    }

    #[test]
    fn the_line_with_most_words_is_shown() {
        check(
            &["Roll back.", "Purge the queue.", "Queue."],
            &["queue", "purge"],
            "[Purge] the [queue].",
        );
    }

    #[test]
    fn without_a_word_the_first_line_is_shown() {
        check(&["First.", "Second."], &["other"], "First.");
        check(&[], &["other"], "");
    }

    #[test]
    fn joined_words_are_marked_together() {
        check(&["See KubePodCrashLooping now"], &["crashlooping"], "See KubePod[CrashLooping] now");
        check(&["See KubePodCrash"], &["pod", "crash"], "See Kube[PodCrash]");
    }

    #[test]
    fn a_long_line_is_cut_between_words_around_the_first_mark() {
        let line = format!("{}needle{}", "straw ".repeat(30), " hay".repeat(40));
        let expected = format!("…{}[needle]{}…", "straw ".repeat(6), " hay".repeat(29));
        check(&[&line], &["needle"], &expected);
    }
}
