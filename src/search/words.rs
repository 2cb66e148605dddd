//! What somebody typed into the parts of a query: filters, phrases, words and joined words.
//!
//! A port of this file is in `theme/static/search.js`. Nothing is looked up here.

use super::analyze::{Chunk, chunks, fold, stem};
use super::log_line::said;
use super::model::FACETS;
use super::stream::extent;
use super::vocabulary::Member;

/// The most words and phrases that count; the rest of a very long line is left out.
const MOST_WORDS: usize = 24;
const MOST_PHRASES: usize = 6;
const MOST_WHOLES: usize = 8;
/// The fewest letters that are completed. A shorter end of a joined word says nothing yet: `KubePodCrashL`.
pub(super) const SHORTEST_BEGINNING: usize = 3;

/// A query, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct QueryWords {
    /// Filters in order: `owner`, `tag`, `status`, `is` or `kind`, and the folded value.
    pub(super) filters: Vec<(String, String)>,
    /// The words that a page should have, in order, each once.
    pub(super) required: Vec<String>,
    /// Words in quotes, which stand one after the other.
    pub(super) phrases: Vec<Vec<String>>,
    /// Chunks of several parts, joined, each with a bit for each required word that it is made of: a page with the
    /// whole has these, and is better than one with the parts.
    pub(super) wholes: Vec<(String, u32)>,
    /// How many terms a text would have that says just this.
    pub(super) extent: u32,
    /// Whether the last word may be the beginning of one.
    pub(super) open: bool,
    /// Whether the last whole may be the beginning of one.
    pub(super) open_whole: bool,
    /// Whether this looks like a line pasted from a log.
    pub(super) length: QueryLength,
}

/// How much was typed at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum QueryLength {
    /// A few words.
    #[default]
    Short,
    /// So many that typing errors are not looked for: a question, or a line, which brings words that no page has.
    Long,
    /// As many, with times, addresses or identifiers: a program wrote it.
    Logged,
}

/// The filters besides [`FACETS`]: the state of a page's review, and what a hit is.
const FILTERS: [&str; 2] = ["is", "kind"];

/// Reads a query.
pub(super) fn words(typed: &str) -> QueryWords {
    let mut words = QueryWords::default();
    let said = said(typed);
    let mut plain = String::new();
    let mut rest = said.as_deref().unwrap_or(typed);
    let mut open = false;
    loop {
        rest = rest.trim_start_matches(is_space);
        if rest.is_empty() {
            break;
        }
        let (token, behind) = next_token(rest);
        open = behind.is_empty();
        match token {
            QueryToken::Filter(name, value) => {
                open = false;
                words.filters.push((name.to_ascii_lowercase(), fold(value)));
            }
            QueryToken::Phrase(text) => {
                open = false;
                words.push_phrase(text);
            }
            QueryToken::Plain(text) => {
                plain.push_str(text);
                plain.push(' ');
            }
        }
        rest = behind;
    }
    words.push_plain(plain.trim_end_matches(' '), open);
    words
}

enum QueryToken<'a> {
    Filter(&'a str, &'a str),
    Phrase(&'a str),
    Plain(&'a str),
}

fn is_space(character: char) -> bool {
    character <= ' '
}

fn next_token(rest: &str) -> (QueryToken<'_>, &str) {
    let ends = |character: char| is_space(character) || character == '"';
    let split = |text: &str, at: Option<usize>| at.unwrap_or(text.len());
    if let Some((name, value)) = rest.split_once(':')
        && FACETS.iter().chain(&FILTERS).any(|filter| name.eq_ignore_ascii_case(filter))
    {
        if let Some((quoted, behind)) =
            value.strip_prefix('"').and_then(|value| value.split_once('"'))
        {
            return (QueryToken::Filter(name, quoted), behind);
        }
        let (value, behind) = value.split_at(split(value, value.find(ends)));
        if !value.is_empty() {
            return (QueryToken::Filter(name, value), behind);
        }
    }
    if let Some(quoted) = rest.strip_prefix('"') {
        return match quoted.split_once('"') {
            Some((phrase, behind)) => (QueryToken::Phrase(phrase), behind),
            None => (QueryToken::Plain(""), quoted),
        };
    }
    let (plain, behind) = rest.split_at(split(rest, rest.find(ends)));
    (QueryToken::Plain(plain), behind)
}

impl QueryWords {
    fn push_phrase(&mut self, text: &str) {
        let mut phrase = Vec::new();
        chunks(text, |chunk| {
            phrase.extend(chunk.parts.iter().map(|part| chunk.part(part).to_owned()));
        });
        if !phrase.is_empty() && self.phrases.len() < MOST_PHRASES {
            phrase.truncate(MOST_WORDS);
            self.extent += phrase.len() as u32;
            self.phrases.push(phrase);
        }
    }

    fn push_plain(&mut self, text: &str, open: bool) {
        const SHORTEST_LINE: usize = 6;
        let mut found: Vec<Chunk> = Vec::new();
        chunks(text, |chunk| found.push(chunk.clone()));
        if found.len() >= SHORTEST_LINE {
            let is_logged = found.iter().any(is_noise);
            self.length = if is_logged { QueryLength::Logged } else { QueryLength::Long };
            if !found.iter().all(is_noise) {
                found.retain(|chunk| !is_noise(chunk));
            }
        }
        for chunk in &found {
            self.open = false;
            self.open_whole = false;
            self.extent += extent(chunk);
            let mut bits = 0;
            for part in &chunk.parts {
                let part = chunk.part(part);
                self.open = push_new(&mut self.required, part, MOST_WORDS) && open;
                let known = self.required.iter().position(|word| word == part);
                bits |= known.map_or(0, |number| 1 << number);
            }
            for whole in chunk.flag().into_iter().chain(chunk.whole().map(str::to_owned)) {
                let has_room = self.wholes.len() < MOST_WHOLES;
                self.open_whole = has_room && open;
                if has_room {
                    self.wholes.push((whole, bits));
                }
            }
        }
        let is_stub = |word: &String| word.chars().count() < SHORTEST_BEGINNING;
        if self.open && self.open_whole && self.required.last().is_some_and(is_stub) {
            self.open = false;
            self.required.pop();
            for (_, bits) in &mut self.wholes {
                *bits &= (1 << self.required.len()) - 1;
            }
        }
    }
}

/// What stands for some words of a query where they are missing.
pub(super) struct Other {
    pub(super) member: Member,
    /// The words that it stands for.
    pub(super) bits: u32,
    pub(super) weight: f64,
}

/// What means the same as some words of a query: neighbors joined, and other members of their groups. Only the first
/// ones count, since each is looked up; what a log says is its own.
pub(super) fn others(words: &QueryWords, vocabulary: &[Vec<Member>]) -> Vec<Other> {
    const JOINED: f64 = 0.8;
    const SAME_MEANING: f64 = 0.6;
    const SHORTEST_JOINED: usize = 6;
    const MOST: usize = 12;
    const MOST_OF_GROUP: usize = 4;
    let mut others: Vec<Other> = Vec::new();
    if words.length == QueryLength::Logged {
        return others;
    }
    for (number, pair) in words.required.windows(2).enumerate() {
        let is_plain = pair.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
        let joined = pair.concat();
        if is_plain && joined.len() >= SHORTEST_JOINED {
            others.push(Other { member: vec![joined], bits: 3 << number, weight: JOINED });
        }
    }
    let number = |word: &String| {
        words.required.iter().position(|known| known == word || stem(known) == stem(word))
    };
    let bits = |member: &Member| {
        member.iter().try_fold(0, |bits, word| number(word).map(|number| bits | 1_u32 << number))
    };
    let most = others.len() + MOST;
    for group in vocabulary {
        for found in group.iter().filter_map(bits) {
            for member in group.iter().filter(|member| bits(member).is_none()).take(MOST_OF_GROUP) {
                if others.len() < most {
                    others.push(Other {
                        member: member.clone(),
                        bits: found,
                        weight: SAME_MEANING,
                    });
                }
            }
        }
    }
    others
}

/// Adds a word that is not there yet; says whether it was added.
fn push_new(words: &mut Vec<String>, word: &str, most: usize) -> bool {
    let is_new = words.len() < most && !words.iter().any(|known| known == word);
    if is_new {
        words.push(word.to_owned());
    }
    is_new
}

/// Whether a chunk of a log line is a time, an address or an identifier, which no runbook repeats.
fn is_noise(chunk: &Chunk) -> bool {
    let text = chunk.text.as_str();
    let length = text.chars().count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'.');
    length > 4
        && !text.starts_with("0x")
        && digits > 0
        && (is_hexadecimal || digits * 2 > length && length - digits - dots <= 2)
}

#[cfg(test)]
mod tests {
    use super::words;

    /// Words, then `+wholes`, `"phrases"`, `filters` and what is open (`~`).
    fn check(typed: &str, expected: &str) {
        let read = words(typed);
        let mut shown = read.required.clone();
        if read.open {
            shown.push("~".into());
        }
        shown.extend(read.wholes.iter().map(|(whole, _)| format!("+{whole}")));
        shown.extend(read.phrases.iter().map(|phrase| format!("\"{}\"", phrase.join(" "))));
        shown.extend(read.filters.iter().map(|(name, value)| format!("{name}={value}")));
        assert_eq!(shown.join(" "), expected, "{typed}");
    }

    #[test]
    fn the_last_word_is_open_until_a_space_follows() {
        check("pod cra", "pod cra ~");
        check("pod cra ", "pod cra");
        check("--dry-run", "dry run ~ +--dryrun +dryrun");
        check("KubePodCrashL", "kube pod crash +kubepodcrashl");
    }

    #[test]
    fn filters_and_phrases_are_taken_out() {
        check("owner:DevOps \"rate exceeded\" lambda", "lambda ~ \"rate exceeded\" owner=devops");
        check("Tag:\"on call\" is:overdue", "tag=on call is=overdue");
        check("error:foo owner:", "error foo owner ~ +errorfoo");
    }

    #[test]
    fn a_quote_without_its_partner_is_no_phrase() {
        check("\"rate exc", "rate exc ~");
    }

    #[test]
    fn a_pasted_line_loses_its_times_addresses_and_identifiers() {
        check(
            "2025-11-23T02:14:07Z ERROR [8f3a9c21-77aa] 10.0.3.17 Task timed out after 15.00 s 0x80070005 ORA-01555",
            "task timed out after s 0x80070005 ora 01555 ~ +ora01555",
        );
    }
}
