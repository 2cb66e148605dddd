//! Text into search terms: the one place that says what a word is.
//!
//! `theme/static/search.js` is a port of this file, and a test holds the two equal on fuzzed text; change both or
//! neither. It knows nothing of pages, fields or weights.
//!
//! # The rules
//! 1. A *chunk* is a run of letters and digits (Unicode `Alphabetic` or `N`), which `_ - . : @` may join when a
//!    letter or digit stands on both sides. Everything else separates, so leading dashes fall off a flag.
//! 2. Ideographs, kana, hangul, and the letters of scripts that write no spaces (Thai, Lao, Burmese, Khmer) are read as
//!    overlapping pairs, marks aside, each a chunk of its own; a lone one stands alone.
//! 3. A joined chunk of digits only (a version, an address, a time) is one part, its joiners written as `.`; a `v`
//!    before it is left out.
//! 4. A chunk of more than 8 joined segments or of more than 64 characters is read as its segments, each cut to
//!    64 characters.
//! 5. Otherwise each segment is one part, split before an upper-case letter that follows another kind of
//!    character, and before the last of several upper-case letters if a lower-case one follows (`HTTPServer`),
//!    except for a plural (`PVCs`), and before the digits that end it if at least three letters stand before them
//!    (`Route53`, but not `ec2`). Segments that begin with `0x` or are hexadecimal with a digit (4 characters or
//!    more) are never split.
//! 6. Parts are folded: compatibility decomposition, marks dropped, lower case character by character, and letters that
//!    have no decomposition as they are spelled without: `ß` as `ss`, `ø` as `o`.
//! 7. A chunk of several parts also has its parts joined as a whole, and one behind two dashes, themselves behind no
//!    letter, digit or dash, is a flag.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One chunk of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// The folded parts one after the other; if there are several, this is the whole.
    pub text: String,
    /// The parts in order.
    pub parts: Vec<ChunkPart>,
    /// Whether two dashes stand before it: `--dry-run`.
    pub is_flag: bool,
}

/// One part of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkPart {
    /// Where it stands in [`Chunk::text`].
    pub folded: Range<usize>,
    /// Where it stands in the text that was read, in bytes.
    pub source: Range<usize>,
}

impl Chunk {
    /// The folded text of a part.
    pub fn part(&self, part: &ChunkPart) -> &str {
        &self.text[part.folded.clone()]
    }

    /// All parts joined, if there are several.
    pub fn whole(&self) -> Option<&str> {
        (self.parts.len() > 1).then_some(self.text.as_str())
    }

    /// The term of a flag: with its dashes, and its parts joined.
    pub fn flag(&self) -> Option<String> {
        self.is_flag.then(|| format!("--{}", self.text))
    }

    fn clear(&mut self) {
        self.text.clear();
        self.parts.clear();
        self.is_flag = false;
    }

    fn push(&mut self, characters: &[(usize, char)]) {
        let (Some(first), Some(last)) = (characters.first(), characters.last()) else { return };
        let start = self.text.len();
        fold_into(characters.iter().map(|(_, character)| *character), &mut self.text);
        if self.text.len() > start {
            let source = first.0..last.0 + last.1.len_utf8();
            self.parts.push(ChunkPart { folded: start..self.text.len(), source });
        }
    }
}

/// Visits the chunks of a text in order. The chunk is reused from one visit to the next.
pub fn chunks(text: &str, mut visit: impl FnMut(&Chunk)) {
    let mut chunk = Chunk::default();
    let mut word = Vec::new();
    let mut rest = text.char_indices().peekable();
    // How many dashes stand before what comes; nothing behind a word.
    let mut dashes = Some(0_u32);
    while let Some(&(_, character)) = rest.peek() {
        word.clear();
        if is_paired(character) {
            while let Some(next) = rest.next_if(|(_, character)| is_paired(*character)) {
                word.push(next);
            }
            word.retain(|(_, character)| !is_combining_mark(*character));
            for pair in word.windows(word.len().clamp(1, 2)) {
                chunk.clear();
                chunk.push(pair);
                visit(&chunk);
            }
            dashes = None;
        } else if character.is_alphanumeric() {
            while let Some(next) = next_of_word(&mut rest) {
                word.push(next);
            }
            let is_flag = dashes == Some(2);
            read_word(&word, &mut chunk, &mut |chunk: &mut Chunk| {
                chunk.is_flag = is_flag;
                visit(chunk);
            });
            dashes = None;
        } else {
            dashes = if character == '-' { dashes.map(|dashes| dashes + 1) } else { Some(0) };
            rest.next();
        }
    }
}

/// The next character of a chunk: a letter or digit, or a joiner with one behind it.
fn next_of_word(rest: &mut Peekable<CharIndices>) -> Option<(usize, char)> {
    let &(_, character) = rest.peek()?;
    if is_word(character) {
        return rest.next();
    }
    if !is_joiner(character) {
        return None;
    }
    let mut ahead = rest.clone();
    ahead.next();
    ahead.peek().is_some_and(|(_, behind)| is_word(*behind)).then(|| rest.next())?
}

fn read_word(word: &[(usize, char)], chunk: &mut Chunk, visit: &mut impl FnMut(&mut Chunk)) {
    const MOST_SEGMENTS: usize = 8;
    const MOST_CHARACTERS: usize = 64;
    let segments = || word.split(|(_, character)| is_joiner(*character));
    let count = segments().count();
    if count > MOST_SEGMENTS || word.len() > MOST_CHARACTERS {
        for segment in segments() {
            chunk.clear();
            chunk.push(&segment[..segment.len().min(MOST_CHARACTERS)]);
            visit(chunk);
        }
        return;
    }
    chunk.clear();
    let is_numeric =
        |(_, character): &(usize, char)| character.is_ascii_digit() || is_joiner(*character);
    let version = &word[usize::from(matches!(word[0].1, 'v' | 'V'))..];
    if count > 1 && version.iter().all(is_numeric) {
        chunk.push(version);
        chunk.text = chunk.text.replace(is_joiner, ".");
    } else {
        for segment in segments() {
            read_segment(segment, chunk);
        }
    }
    visit(chunk);
}

fn read_segment(segment: &[(usize, char)], chunk: &mut Chunk) {
    let mut start = 0;
    if !is_hexadecimal(segment) {
        for at in 1..segment.len() {
            let (before, here) = (segment[at - 1].1, segment[at].1);
            let behind = segment.get(at + 1).map(|(_, character)| *character);
            let plural = behind == Some('s') && at + 2 == segment.len();
            let begins = here.is_uppercase()
                && (!before.is_uppercase() || behind.is_some_and(char::is_lowercase) && !plural)
                || here.is_ascii_digit() && ends_with_number(segment, at);
            if begins {
                chunk.push(&segment[start..at]);
                start = at;
            }
        }
    }
    chunk.push(&segment[start..]);
}

/// Whether from here on there are digits only, behind three letters or more.
fn ends_with_number(segment: &[(usize, char)], at: usize) -> bool {
    at >= 3
        && segment[at - 3..at].iter().all(|(_, character)| !character.is_numeric())
        && segment[at..].iter().all(|(_, character)| character.is_ascii_digit())
}

fn is_hexadecimal(segment: &[(usize, char)]) -> bool {
    let mut characters = segment.iter().map(|(_, character)| *character);
    segment.len() >= 4
        && (segment[0].1 == '0' && matches!(segment[1].1, 'x' | 'X')
            || characters.clone().all(|character| character.is_ascii_hexdigit())
                && characters.any(|character| character.is_ascii_digit()))
}

/// Folds a text as the parts of a chunk are folded.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text.chars(), &mut folded);
    folded
}

fn fold_into(characters: impl Iterator<Item = char> + Clone, folded: &mut String) {
    if characters.clone().all(|character| character.is_ascii()) {
        folded.extend(characters.map(|character| character.to_ascii_lowercase()));
    } else {
        let kept = characters.nfkd().filter(|character| !is_combining_mark(*character));
        for character in kept.flat_map(char::to_lowercase) {
            match spelled(character) {
                Some(letters) => folded.push_str(letters),
                None => folded.push(character),
            }
        }
    }
}

/// How a letter is spelled on keyboards that lack it, if it is no letter with a mark.
fn spelled(character: char) -> Option<&'static str> {
    Some(match character {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

fn is_joiner(character: char) -> bool {
    matches!(character, '_' | '-' | '.' | ':' | '@')
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() && !is_paired(character)
}

/// Whether the script of a character writes no spaces between words, so that it is read in pairs.
fn is_paired(character: char) -> bool {
    matches!(u32::from(character), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff)
}

/// What a term has in common with its inflections: `restarts`, `restarted` and `restarting` share `restart`.
///
/// English, by suffix alone, and deliberately light: a term and its stem differ only at the end, by at most a
/// doubled letter, `e` or `y`. Terms that are not four or more letters `a` to `z` are their own stem.
pub fn stem(term: &str) -> String {
    let mut stem = term.to_owned();
    if term.len() < 4 || !term.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return stem;
    }
    if stem.ends_with("ies") || stem.ends_with("sses") {
        stem.truncate(stem.len() - 2);
    } else if stem.ends_with('s')
        && !stem.ends_with("ss")
        && !stem.ends_with("us")
        && !stem.ends_with("is")
    {
        stem.pop();
    }
    for ending in ["ing", "ed"] {
        let Some(front) = stem.strip_suffix(ending) else { continue };
        if front.len() >= 3 && front.contains(['a', 'e', 'i', 'o', 'u', 'y']) {
            stem.truncate(front.len());
            undouble(&mut stem);
        }
        break;
    }
    if stem.len() >= 8 && stem.ends_with("ment") {
        stem.truncate(stem.len() - 4);
    } else if stem.len() >= 7 && (stem.ends_with("sion") || stem.ends_with("tion")) {
        stem.truncate(stem.len() - 3);
    }
    if stem.len() >= 4 && stem.ends_with('e') {
        stem.pop();
    } else if stem.len() >= 3 && stem.ends_with('y') {
        stem.pop();
        stem.push('i');
    }
    stem
}

/// `stopp` (from `stopped`) is `stop`; `ll`, `ss` and `zz` are as often part of the word.
fn undouble(stem: &mut String) {
    let bytes = stem.as_bytes();
    if let [.., before, last] = bytes
        && before == last
        && !matches!(last, b'l' | b's' | b'z' | b'e' | b'o')
    {
        stem.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::{chunks, fold, stem};

    /// Parts joined by `|`, chunks by a space.
    fn check(text: &str, expected: &str) {
        let mut found = Vec::new();
        chunks(text, |chunk| {
            let parts: Vec<&str> = chunk.parts.iter().map(|part| chunk.part(part)).collect();
            found.push(parts.join("|"));
        });
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn identifiers_are_read_as_their_parts() {
        check("KubePodCrashLooping", "kube|pod|crash|looping");
        check("InvoiceAgent_ErrorRateAlarm", "invoice|agent|error|rate|alarm");
        check("HTTPServer of PVCs", "http|server of pvcs");
        check("va-contentgen.v2", "va|contentgen|v2");
    }

    #[test]
    fn flags_lose_their_dashes_and_paths_their_slashes() {
        check("--dry-run /aws/lambda", "dry|run aws lambda");
        check("a- -b 'c'", "a b c");
    }

    #[test]
    fn numbers_addresses_and_hexadecimal_stay_whole() {
        check("10.0.3.17 02:14:07 0x80070005 8fA3c2", "10.0.3.17 02.14.07 0x80070005 8fa3c2");
        check("v1.27.3 V2_0 v3 va.1", "1.27.3 2.0 v3 va|1");
        check("p99Latency S3Bucket 5xx", "p99|latency s3|bucket 5xx");
        check("Route53 Burn42 ec2 ipv4x beef42", "route|53 burn|42 ec2 ipv4x beef42");
    }

    #[test]
    fn ideographs_are_read_in_pairs() {
        check("障害対応 の", "障害 害対 対応 の");
        check("รีสตาร์ต ก", "รส สต ตา าร รต ก");
    }

    #[test]
    fn very_long_chunks_are_read_as_their_segments() {
        check("a.b.c.d.e.f.g.h.iJ", "a b c d e f g h ij");
        check(&"x".repeat(70), &"x".repeat(64));
    }

    #[test]
    fn folding_drops_accents_and_case_without_looking_at_neighbours() {
        assert_eq!(fold("Žluťoučký ΣΑΣ"), "zlutoucky σασ");
        assert_eq!(fold("İﬁ"), "ifi");
        assert_eq!(fold("Straße Ærø Łódź"), "strasse aero lodz");
    }

    #[test]
    fn parts_know_where_they_stand_in_the_source() {
        let mut sources = Vec::new();
        let text = "é HTTPServer";
        chunks(text, |chunk| {
            sources.extend(chunk.parts.iter().map(|part| &text[part.source.clone()]));
        });
        assert_eq!(sources, ["é", "HTTP", "Server"]);
    }

    #[test]
    fn inflections_share_a_stem() {
        for (terms, expected) in [
            (["restart", "restarts", "restarted", "restarting"], "restart"),
            (["throttle", "throttles", "throttled", "throttling"], "throttl"),
            (["stop", "stops", "stopped", "stopping"], "stop"),
            (["deploy", "deploys", "deployed", "deployment"], "deploi"),
            (["policy", "policies", "policy", "policies"], "polici"),
            (["rotate", "rotates", "rotated", "rotation"], "rotat"),
        ] {
            assert_eq!(terms.map(stem), [expected; 4]);
        }
        assert_eq!(
            ["status", "analysis", "ss", "0x00ed"].map(stem),
            ["status", "analysis", "ss", "0x00ed"]
        );
    }
}
