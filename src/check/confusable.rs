//! Finds characters of commands that look like others: a Cyrillic letter in a host's name, a dash of a word processor
//! where an option begins, a space that the shell takes for a letter.
//!
//! Which character looks like which is Unicode's own list (UTS #39). Words that are wholly in another script are
//! words of a language, and left alone unless each of their letters looks like one of ASCII.

use std::ops::Range;

use unicode_security::confusable_detection::skeleton;

use crate::diagnostic::{Diagnostic, Location, hidden as mistakes};
use crate::highlight::SpanKind;
use crate::parse::{CodeBlock, Document};
use crate::shell::Shell;

/// Finds the confusable characters in the commands of a page, one for each word.
pub(super) fn confusable_commands(document: &Document, text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut add = |range: Range<usize>, (letter, looks_like): (char, String)| {
        let at = Location::new(&document.path, range);
        found.push(mistakes::confusable(at, letter, &looks_like));
    };
    for block in document.code_blocks.iter().filter(|block| !block.text.is_ascii()) {
        let lines = block.lines();
        for (at, letter, looks_like) in in_block(block) {
            add(lines.in_file(&(at..at + letter.len_utf8())), (letter, looks_like));
        }
    }
    for span in document.code_spans.iter().filter(|span| !span.text.is_ascii()) {
        let typed = text.get(span.range.clone()).unwrap_or_default();
        for (at, letter, looks_like) in mixed(&span.text) {
            // Behind the backticks, and a blank that Markdown takes away.
            let ticks = typed.len() - typed.trim_start_matches('`').len();
            let is_there =
                |from: &usize| typed.get(from + at..).is_some_and(|rest| rest.starts_with(letter));
            let place = [ticks, ticks + 1].into_iter().find(is_there);
            let range = place.map_or(span.range.clone(), |from| {
                let start = span.range.start + from + at;
                start..start + letter.len_utf8()
            });
            add(range, (letter, looks_like));
        }
    }
    found
}

/// A character with its place and what it looks like.
type Lookalike = (usize, char, String);

fn in_block(block: &CodeBlock) -> Vec<Lookalike> {
    let Some(shell) = block.shell.as_deref() else { return mixed(&block.text) };
    let text = &block.text;
    let mut found = Vec::new();
    for command in &shell.commands {
        let range = command.range.start as usize..command.range.end as usize;
        if text[range.clone()].is_ascii() {
            continue;
        }
        for (start, word) in words(&text[range.clone()]) {
            let start = range.start + start;
            match kind_at(shell, start) {
                Some(SpanKind::Comment) => {}
                Some(SpanKind::String) => found.extend(first(start, &mixed(word))),
                _ => found.extend(in_word(start, word)),
            }
        }
    }
    found
}

/// What the lexer of the shell made of the character at a place.
fn kind_at(shell: &Shell, at: usize) -> Option<SpanKind> {
    let behind = shell.spans.partition_point(|span| span.range.start as usize <= at);
    let span = shell.spans.get(behind.checked_sub(1)?)?;
    (at < span.range.end as usize).then_some(span.kind)
}

/// The words of a command as the shell parts them, each with its place; other spaces than those of ASCII are words of
/// their own.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let ends = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '"' | '\'' | '`' | '|' | '&' | ';' | '(' | ')' | '<' | '>')
    };
    let mut at = 0;
    text.split_inclusive(ends).flat_map(move |part| {
        let start = at;
        at += part.len();
        let last = part.chars().next_back().filter(|letter| ends(*letter));
        let length = part.len() - last.map_or(0, char::len_utf8);
        let space = last.filter(|letter| !letter.is_ascii());
        let space = space.map(|_| (start + length, &part[length..]));
        (length > 0).then_some((start, &part[..length])).into_iter().chain(space)
    })
}

fn first(start: usize, found: &[Lookalike]) -> Option<Lookalike> {
    found.first().map(|(at, letter, looks_like)| (start + at, *letter, looks_like.clone()))
}

/// The first confusable character of a word outside of quotes.
fn in_word(start: usize, word: &str) -> Option<Lookalike> {
    if word.is_ascii() {
        return None;
    }
    first(start, &mixed(word)).or_else(|| first(start, &signs(word))).or_else(|| whole(start, word))
}

/// What a character looks like, if it looks like ASCII and is none.
fn looks_like(letter: char) -> Option<String> {
    if letter.is_ascii() {
        return None;
    }
    // Lines and blocks of drawings look like letters and stand for none.
    if ('\u{2500}'..='\u{259f}').contains(&letter) {
        return None;
    }
    if letter.is_whitespace() {
        return Some(" ".to_owned());
    }
    let mut buffer = [0; 4];
    let like: String = skeleton(letter.encode_utf8(&mut buffer)).collect();
    (!like.is_empty() && like.is_ascii()).then_some(like)
}

/// Letters that look like ASCII within a run of letters and digits that has letters of ASCII too.
fn mixed(text: &str) -> Vec<Lookalike> {
    let mut found = Vec::new();
    for (start, run) in runs(text) {
        if run.is_ascii() || !run.contains(|letter: char| letter.is_ascii_alphabetic()) {
            continue;
        }
        let letters = run.char_indices().filter(|(_, letter)| letter.is_alphabetic());
        found.extend(
            letters
                .filter_map(|(at, letter)| Some((start + at, letter, looks_like(letter)?)))
                .take(1),
        );
    }
    found
}

/// The runs of letters and digits, each with its place.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(|letter: char| !letter.is_alphanumeric()).map(move |part| {
        let start = at;
        at += part.len();
        (start, part.trim_end_matches(|letter: char| !letter.is_alphanumeric()))
    })
}

/// Spaces, dashes, quotes and other signs that look like those of the shell.
fn signs(word: &str) -> Vec<Lookalike> {
    let dashes = |letter: char| matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}');
    // An option begins so; a dash between words is one of prose.
    let option = word.trim_start_matches(|letter| dashes(letter) || letter == '-');
    let is_option = option.len() < word.len() && option.starts_with(char::is_alphanumeric);
    let sign = |(at, letter): (usize, char)| {
        if letter.is_alphanumeric() {
            return None;
        }
        if dashes(letter) {
            return (is_option && word.starts_with(dashes) && at == 0)
                .then(|| (at, letter, "-".to_owned()));
        }
        let like = match letter {
            '\u{201c}'..='\u{201f}' => "\"".to_owned(),
            '\u{2018}'..='\u{201b}' => "'".to_owned(),
            letter => looks_like(letter)?,
        };
        (like.len() == 1).then_some((at, letter, like))
    };
    word.char_indices().filter_map(sign).collect()
}

/// A word, or a part of a name with dots, of which each letter looks like one of ASCII and none is.
fn whole(start: usize, word: &str) -> Option<Lookalike> {
    let parts = word.split(['/', ':', '=', '@']);
    let mut at = 0;
    for part in parts {
        let place = at;
        at += part.len() + 1;
        let letters = || part.chars().filter(|letter| letter.is_alphabetic());
        let foreign = letters().filter(|letter| !letter.is_ascii()).count();
        let all_alike = letters()
            .filter(|letter| !letter.is_ascii())
            .all(|letter| looks_like(letter).is_some());
        // Two letters may be a word of a language by chance, but no language has letters of one width or slant.
        let is_styled =
            |letter: char| matches!(letter, '\u{ff21}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}');
        if !all_alike || foreign == 0 || (foreign < 3 && !part.contains(is_styled)) {
            continue;
        }
        let (inside, letter) =
            part.char_indices().find(|(_, letter)| letter.is_alphabetic() && !letter.is_ascii())?;
        return Some((start + place + inside, letter, looks_like(letter)?));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::confusable_commands;
    use crate::parse::tests_support::document;

    /// The characters that are found.
    fn check(page: &str, expected: &[&str]) {
        let found = confusable_commands(&document(page), page);
        let shown: Vec<&str> = found.iter().map(|one| &page[one.at.range.clone()]).collect();
        assert_eq!(shown, expected, "{page}");
    }

    #[test]
    fn letters_that_look_like_others_are_found_in_commands() {
        check("```sh\nkubectl get pоds\n```\n", &["о"]);
        check(
            "1. x\n\n   ```console\n   $ curl https://раypal.example/x | sh\n   ok\n   ```\n",
            &["р"],
        );
        check("```bash\nсору a b\n```\n", &["с"]);
        check("```bash\ncat \"/etc/pаsswd\"\n```\n", &["а"]);
        check("```bash\nｒｍ -rf x\n```\n", &["ｒ"]);
        check("Run `sudо reboot` now.\n", &["о"]);
        check("```yaml\ncommand: rеstart\n```\n", &["е"]);
    }

    #[test]
    fn signs_and_spaces_that_the_shell_does_not_know_are_found() {
        check("```sh\nrm –rf x\n```\n", &["–"]);
        check("```sh\nrm\u{a0}-rf x\n```\n", &["\u{a0}"]);
        check("```sh\necho “hi”\n```\n", &["“"]);
        check("```sh\nls a\u{37e} reboot\n```\n", &["\u{37e}"]);
    }

    #[test]
    fn words_of_languages_are_left_alone() {
        check("```sh\n│ foo├──bar a│b │\n```\n", &[]);
        check("```sh\necho \"Служба остановлена\" # рестарт\ncat /данные/журнал\n```\n", &[]);
        check("```sh\necho 'Größe: 5 µs' — fertig …\nmkdir Änderung_ß\n```\n", &[]);
        check("```sh\ngit commit -m \"修复 – bug\"\n```\n", &[]);
        check("```console\n$ ls\n“раypal” – output\n```\n", &[]);
        check("Die Größe `α` und `имя`.\n", &[]);
    }
}
