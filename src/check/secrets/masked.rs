//! Findings and the files that they point into without any secret: what is printed is kept in logs that more people
//! read than the page.
//!
//! Whichever findings are printed, and whatever level secrets have: an excerpt may show the line of one, and a message
//! may quote it. The same for what else is printed or sent of pages: lists, digests, plans.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;

use super::{Secret, find};
use crate::diagnostic::{Diagnostic, Finding};
use crate::files::{Bytes, FilePath, Files};
use crate::memo::parallel;
use crate::text::encoding::decoded;

/// How much of a secret is shown, in letters, so that its owner knows which one it is.
const SHOWN: usize = 4;

/// By how many bytes a message is known to repeat a secret: it may quote no more than a beginning.
const TELLING: usize = 12;

/// The shortest secret that is looked for in other places, in bytes: what is shorter may be any word.
const LEAST: usize = 6;

/// How much of a key block is looked through for its end.
const BLOCK: usize = 16 << 10;

/// The findings with stars in the place of every secret that their words repeat, and the files with stars wherever one
/// of them stands. Places stay what they were.
pub fn without_secrets(findings: &[Finding], files: &Files) -> (Vec<Finding>, Files) {
    let places = findings.iter().flat_map(|finding| {
        let Diagnostic { at, also, .. } = &*finding.diagnostic;
        std::iter::once(&at.path).chain(also.iter().map(|(at, _)| &at.path))
    });
    let places: Vec<(&FilePath, &Bytes)> = places
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter_map(|path| Some((path, files.get(path)?)))
        .collect();
    let held = parallel(&places, |(_, bytes)| {
        let text = decoded(bytes);
        let value = |range: Range<usize>| text[range].to_owned();
        ranges_in(&text).into_iter().map(value).collect::<Vec<String>>()
    });
    let secrets = Secrets::new(held.into_iter().flatten().collect());
    let masked = parallel(&places, |(_, bytes)| secrets.masked(&decoded(bytes)));
    let mut shown = files.clone();
    for ((path, _), text) in places.into_iter().zip(masked) {
        if let Some(text) = text {
            shown.insert(path.clone(), text.into_bytes());
        }
    }
    (findings.iter().map(|finding| secrets.masked_finding(finding)).collect(), shown)
}

/// A text that is printed or sent, with stars in the place of every secret in it.
pub fn masked(text: &str) -> Cow<'_, str> {
    let ranges = ranges_in(text);
    if ranges.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(with_stars(text, &ranges)) }
}

/// Where the secrets of a text stand.
fn ranges_in(text: &str) -> Vec<Range<usize>> {
    find(text).into_iter().flat_map(|secret| parts(text, &secret)).collect()
}

/// Where the letters of a secret stand: those of a key block are in the lines behind its head.
fn parts(text: &str, secret: &Secret) -> Vec<Range<usize>> {
    if !text[secret.range.clone()].starts_with("-----BEGIN") {
        return vec![secret.range.clone()];
    }
    let from = secret.range.end;
    let rest = &text[from..];
    let rest = &rest[..rest.floor_char_boundary(BLOCK)];
    let end = rest.find("-----").unwrap_or(rest.len());
    let is_inside = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
    let lines =
        rest[..end].split(|letter: char| !is_inside(letter)).filter(|line| line.len() >= SHOWN);
    lines
        .map(|line| {
            let at = from + line.as_ptr().addr() - rest.as_ptr().addr();
            at..at + line.len()
        })
        .collect()
}

/// The text with all but the beginning of each range masked, letter by letter: lines, columns and bytes stay.
fn with_stars(text: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges.iter().filter(|range| !range.is_empty()) {
        let start = range.start.max(done);
        let end = range.end.max(start);
        out.push_str(&text[done..start]);
        let is_whole = start == range.start && range.len() >= 4 * SHOWN;
        let shown = if is_whole { SHOWN } else { 0 };
        let letters = text[start..end].chars().enumerate();
        out.extend(
            letters.map(|(place, letter)| if place < shown { letter } else { star(letter) }),
        );
        done = end;
    }
    out.push_str(&text[done..]);
    out
}

/// A star that is as long as a letter in UTF-8.
fn star(letter: char) -> char {
    match (letter, letter.len_utf8()) {
        ('\n' | '\r', _) => letter,
        (_, 1) => '*',
        (_, 2) => '·',
        (_, 3) => '•',
        _ => '\u{1f7b6}',
    }
}

/// Secrets that other places may repeat, found by how they begin.
struct Secrets {
    beginnings: Option<AhoCorasick>,
    values: Vec<String>,
}

impl Secrets {
    fn new(values: BTreeSet<String>) -> Secrets {
        let values: Vec<String> = values.into_iter().filter(|value| value.len() >= LEAST).collect();
        let begin = |value: &String| value[..value.floor_char_boundary(TELLING)].to_owned();
        let is_any = !values.is_empty();
        let beginnings = is_any.then(|| AhoCorasick::new(values.iter().map(begin)).ok()).flatten();
        Secrets { beginnings, values }
    }

    fn masked_finding(&self, finding: &Finding) -> Finding {
        let Diagnostic { message, help, also, .. } = &*finding.diagnostic;
        let words = std::iter::once(message).chain(help).chain(also.iter().map(|(_, what)| what));
        let masked: BTreeMap<&str, String> =
            words.filter_map(|words| Some((words.as_str(), self.masked(words)?))).collect();
        if masked.is_empty() {
            return finding.clone();
        }
        let shown = |words: &String| masked.get(words.as_str()).unwrap_or(words).clone();
        let mut diagnostic = Diagnostic::clone(&finding.diagnostic);
        diagnostic.message = shown(message);
        diagnostic.help = help.as_ref().map(shown);
        diagnostic.also = also.iter().map(|(at, what)| (at.clone(), shown(what))).collect();
        Finding { level: finding.level, diagnostic: Arc::new(diagnostic) }
    }

    /// A text with stars; nothing if it repeats no secret and holds none.
    fn masked(&self, text: &str) -> Option<String> {
        let mut ranges = ranges_in(text);
        let begun = self.beginnings.iter().flat_map(|all| all.find_overlapping_iter(text));
        ranges.extend(begun.map(|found| {
            let (start, value) = (found.start(), &self.values[found.pattern().as_usize()]);
            let same = text[start..].chars().zip(value.chars()).take_while(|(a, b)| a == b);
            start..start + same.map(|(letter, _)| letter.len_utf8()).sum::<usize>()
        }));
        // Of those that begin together the longest, which covers the others.
        ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        (!ranges.is_empty()).then(|| with_stars(text, &ranges))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Secrets, ranges_in, with_stars};

    #[test]
    fn stars_leave_every_place_where_it_was() {
        let text = "a pässwörter日本💥 b\nc";
        let word = 2..text.len() - 4;
        let masked = with_stars(text, std::slice::from_ref(&word));
        assert_eq!(masked, "a päss*·****••\u{1f7b6} b\nc");
        assert_eq!((masked.len(), masked.chars().count()), (text.len(), text.chars().count()));
    }

    #[test]
    fn of_a_key_block_the_key_is_masked_and_not_its_frame() {
        let line = "q7Rk2mZp9TvXc4LwYb8NsHd3JgFe6Ua5".repeat(2);
        let (begin, end) = (["-----BEGIN", "PRIVATE KEY-----"].join(" "), "-----END");
        let text = format!("x\n{begin}\n{line}\n{line}\n{end} PRIVATE KEY-----\ny {line}\n");
        let values: Vec<&str> = ranges_in(&text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(values, [line.as_str(), &line]);
        let stars = format!("q7Rk{}", "*".repeat(60));
        let expected = format!("x\n{begin}\n{stars}\n{stars}\n{end} PRIVATE KEY-----\ny {line}\n");
        let shown = Secrets::new(BTreeSet::new()).masked(&text).expect("a secret");
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_repeats_a_secret_or_its_beginning_is_masked() {
        let value = "q7Rk2mZp9TvXc4LwYb8N";
        let secrets = Secrets::new([value.to_owned(), "abc".to_owned()].into());
        for (words, expected) in [
            (format!("no page `{value}.md`"), "no page `q7Rk****************.md`"),
            ("no page `q7Rk2mZp9TvXc4…`".to_owned(), "no page `**************…`"),
            (format!("{value}{value}"), "q7Rk****************q7Rk****************"),
        ] {
            assert_eq!(secrets.masked(&words).as_deref(), Some(expected));
        }
        for words in ["q7Rk2mZp9Tv", "abc", ""] {
            assert_eq!(secrets.masked(words), None, "{words}");
        }
    }
}
