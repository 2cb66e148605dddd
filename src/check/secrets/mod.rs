//! Finds what looks like a token, key, password or webhook address in a text.
//!
//! One pass over the text finds the places that may tell of a secret, and each is looked at in a window of fixed
//! size. No network. What has no letters of its own is judged by the name beside it. Placeholders, references to
//! where a secret is kept and published examples are left alone. A finding never repeats the secret.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::diagnostic::{Diagnostic, Location, secrets as mistakes};
use crate::files::FilePath;

use assigned::{FOREIGN, TELLING};
use given::PROGRAMS;
use harmless::{is_example, is_password, is_published_claim, stands_for_another};
use kinds::{KINDS, LookedAt, MIDDLES};
use run::{LONGEST, run};

mod assigned;
mod columns;
mod encoded;
mod given;
mod harmless;
mod kinds;
pub mod masked;
pub(super) mod published;
mod run;

/// Finds the secrets of a text, in its order.
pub fn secrets(path: &FilePath, text: &str) -> Vec<Diagnostic> {
    let finding =
        |Secret { range, what }: Secret| mistakes::secret_in_page(Location::new(path, range), what);
    find(text).into_iter().map(finding).collect()
}

/// What looks like a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    /// Where in the text.
    pub(super) range: Range<usize>,
    /// What it is, as in "an AWS access key".
    pub(super) what: &'static str,
}

/// What a place in a text tells of.
#[derive(Clone, Copy)]
enum Tells {
    Kind(usize),
    Middle(usize),
    Name,
    Program(usize),
    WebToken,
    KeyBlock,
    Host,
    Piped,
}

/// Finds every place that tells of a secret, in upper and lower case: one pass, whatever the text.
struct Telling {
    automaton: AhoCorasick,
    tells: Vec<Tells>,
}

static TELLING_PLACES: LazyLock<Telling> = LazyLock::new(|| {
    let kinds = KINDS.iter().enumerate().map(|(place, kind)| (kind.begins, Tells::Kind(place)));
    let middles =
        MIDDLES.iter().enumerate().map(|(place, kind)| (kind.holds, Tells::Middle(place)));
    let programs =
        PROGRAMS.iter().enumerate().map(|(place, program)| (program.name, Tells::Program(place)));
    let names = TELLING.iter().chain(FOREIGN).map(|name| (*name, Tells::Name));
    let others = [
        ("eyJ", Tells::WebToken),
        ("-----BEGIN ", Tells::KeyBlock),
        ("PuTTY-User-Key-File-", Tells::KeyBlock),
        ("://", Tells::Host),
        ("echo ", Tells::Piped),
        ("printf ", Tells::Piped),
    ];
    let all = kinds.chain(middles).chain(programs).chain(names).chain(others);
    let (patterns, tells): (Vec<&str>, Vec<Tells>) = all.unzip();
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(patterns)
        .expect("a few hundred short patterns fit into an automaton");
    Telling { automaton, tells }
});

/// Every secret of a text, none inside another.
pub(super) fn find(text: &str) -> Vec<Secret> {
    find_to(text, 0)
}

/// The same where the text is what others stand for, so many times.
fn find_to(text: &str, depth: usize) -> Vec<Secret> {
    let Telling { automaton, tells } = &*TELLING_PLACES;
    // How far each kind has been looked for: where many seem to begin in one run of letters, the run is read once.
    let mut looked = vec![0; KINDS.len()];
    let mut found = Vec::new();
    for place in automaton.find_overlapping_iter(text) {
        let at = place.start();
        let secret = match tells[place.pattern().as_usize()] {
            Tells::Kind(kind) if at < looked[kind] => None,
            Tells::Kind(index) => {
                let kind = &KINDS[index];
                let begins = text[at..].starts_with(kind.begins);
                let LookedAt { end, found } =
                    if begins { kind.at(text, at) } else { LookedAt { end: 0, found: None } };
                looked[index] = looked[index].max(end);
                found.map(|range| (range, kind.what))
            }
            Tells::Middle(index) => {
                let kind = &MIDDLES[index];
                let is_it = text[at..].starts_with(kind.holds);
                let range = is_it.then(|| kind.around(text, at)).flatten();
                range.map(|range| (range, kind.what))
            }
            Tells::Name => assigned::assigned(text, at..place.end()),
            Tells::Program(index) => {
                PROGRAMS[index].given(text, at).map(|range| (range, "a password"))
            }
            Tells::WebToken => web_token(text, at).map(|range| (range, "a JSON web token")),
            Tells::KeyBlock => private_key(text, at).map(|range| (range, "a private key")),
            Tells::Host => {
                password_in_address(text, at).map(|range| (range, "a password in an address"))
            }
            Tells::Piped => given::piped(text, place.end()).map(|range| (range, "a password")),
        };
        found.extend(secret);
    }
    found.extend(encoded::encoded(text, depth, |text, depth| {
        let secrets = find_to(text, depth).into_iter();
        secrets.map(|Secret { range, what }| (range, what)).collect()
    }));
    found.extend(columns::columns(text));
    found.extend(given::password_lines(text));
    let mut found = outermost(found);
    found.retain(|secret| !is_accepted(text, secret.range.end));
    found
}

/// The secrets that lie inside no other, in order; of those of one place the one whose kind is known.
fn outermost(mut found: Vec<(Range<usize>, &'static str)>) -> Vec<Secret> {
    let is_general = |what: &str| what.starts_with("a password") || what == "an API key";
    found
        .sort_by_key(|(range, what)| (is_general(what), range.start, std::cmp::Reverse(range.end)));
    let mut kept: std::collections::BTreeMap<usize, Secret> = std::collections::BTreeMap::new();
    for (range, what) in found {
        let before = kept.range(..range.end).next_back();
        if before.is_none_or(|(_, secret)| secret.range.end <= range.start) {
            kept.insert(range.start, Secret { range, what });
        }
    }
    kept.into_values().collect()
}

/// Comments by which other scanners are told that a line is as it should be.
const ACCEPTED: [&str; 3] = ["gitleaks:allow", "pragma: allowlist secret", "trufflehog:ignore"];

/// Whether the rest of the line says that the secret is none.
fn is_accepted(text: &str, end: usize) -> bool {
    let rest = &text[end..];
    let rest = &rest[..rest.floor_char_boundary(256)];
    let line = rest.lines().next().unwrap_or_default();
    ACCEPTED.iter().any(|word| line.contains(word))
}

/// Three parts of base64 with a dot between, of which the first two are JSON objects.
fn web_token(text: &str, start: usize) -> Option<Range<usize>> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let begins =
        !text[..start].ends_with(|letter: char| is_part(letter) || letter.is_alphanumeric());
    if !begins || !text[start..].starts_with("eyJ") {
        return None;
    }
    let token = run(&text[start..], is_part).trim_end_matches('.');
    let mut parts = token.splitn(4, '.');
    let (head, body, sign) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = head.len() >= 15 && body.starts_with("eyJ") && sign.len() >= 20;
    (fits && parts.next().is_none() && !is_published_claim(body))
        .then_some(start..start + token.len())
}

/// A PEM block that holds something, as it is or with its line breaks spelled out, as in JSON, or a key of `PuTTY`.
fn private_key(text: &str, start: usize) -> Option<Range<usize>> {
    let window = &text[start..];
    if window.starts_with("PuTTY") {
        let window = &window[..window.floor_char_boundary(LONGEST)];
        let (_, lines) = window.split_once("\nPrivate-Lines: ")?;
        let is_filled = lines.lines().nth(1).is_some_and(|line| line.trim().len() >= 40);
        return is_filled.then(|| start..start + window.find('\n').unwrap_or(window.len()));
    }
    let window = &window[..window.floor_char_boundary(512)];
    let head = window.get(5..)?.find("-----").map(|end| end + 10)?;
    let is_key = window[..head].contains("PRIVATE KEY");
    let body = window[head..].split("-----").next().unwrap_or_default();
    let body = body.replace("\\n", "\n").replace("\\r", "\n");
    let lines = body
        .lines()
        .map(|line| line.trim_matches([' ', '\t', '"', '\'', '>', '|', '+', ',', '#', '\\']));
    let is_base64 = |line: &&str| {
        line.len() >= 16
            && line.chars().all(|letter| letter.is_ascii_alphanumeric() || "+/=".contains(letter))
    };
    let filled: usize = lines.filter(is_base64).map(str::len).sum();
    (is_key && filled >= 40).then_some(start..start + head)
}

/// `https://user:password@host`, from its `://` on.
fn password_in_address(text: &str, at: usize) -> Option<Range<usize>> {
    let start = at + 3;
    let rest = &text[start..];
    let authority =
        run(rest, |letter: char| !letter.is_whitespace() && !"/?#\"'`<>\\".contains(letter));
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let is_real = password.len() >= 6
        && !is_example(password)
        && !stands_for_another(password)
        && is_password(password);
    is_real.then(|| {
        let begin = start + name.len() + 1;
        begin..begin + password.len()
    })
}

#[cfg(test)]
mod tests;
