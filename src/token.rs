//! Finds `<name>` in a text: what an author has to fill in, or a reader has a value for.
//!
//! The one reader of such tokens: prose, code, front matter, commands and deep links take from it what their grammar
//! leaves. Says nothing of what a template asks for, a page declares or a value is.

use std::collections::BTreeSet;
use std::ops::Range;

/// The longest name between angle brackets, in bytes; what is longer is prose between two comparisons.
const LONGEST: usize = 80;

/// A name in angle brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// Its bytes in the text, brackets included.
    pub range: Range<usize>,
    /// The name as typed, between the brackets.
    pub name: &'t str,
    /// What it is taken for.
    pub kind: TokenKind,
}

/// What a name in angle brackets is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `<FUNCTION_NAME>`: to be filled in wherever it stands.
    UpperCase,
    /// `<region>`, `<today’s date>`: to be filled in where a template, a command or a declaration says so.
    Words,
    /// `<none>`, `<no value>`: what programs print for nothing.
    Output,
    /// `<br>`, and whatever the same text closes: `<key>1</key>`.
    Element,
    /// What stands in `{{ … }}` on one line: a comparison of a template language.
    Expression,
}

impl TokenKind {
    /// Whether the token stands for something that is still to be written.
    fn is_placeholder(self) -> bool {
        matches!(self, TokenKind::UpperCase | TokenKind::Words)
    }
}

/// The tokens of a text, in its order; none holds another.
///
/// A name lies on one line, has no blank at either end and holds no bracket. Tags with attributes, closing tags,
/// comments, addresses and what opens a here-document (`<<EOF>`) are no tokens.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut closed = None;
    let mut expressions = Expressions { text, seen: 0, open: 0 };
    let mut from = 0;
    while let Some(start) = memchr::memchr(b'<', &bytes[from..]).map(|at| from + at) {
        from = start + 1;
        let window = &bytes[from..bytes.len().min(from + LONGEST + 1)];
        let Some(length) = memchr::memchr3(b'<', b'>', b'\n', window) else { continue };
        if window[length] != b'>' || start.checked_sub(1).is_some_and(|at| bytes[at] == b'<') {
            continue;
        }
        let name = &text[from..from + length];
        if !is_name(name) {
            continue;
        }
        from += length + 1;
        let closed = closed.get_or_insert_with(|| closed_elements(text));
        let kind = kind_of(name, closed, expressions.enclose(start));
        found.push(Token { range: start..from, name, kind });
    }
    found
}

/// Where the tokens of a text stand that are to be filled in.
pub fn placeholders(text: &str) -> impl Iterator<Item = Range<usize>> {
    let found = tokens(text).into_iter().filter(|token| token.kind.is_placeholder());
    found.map(|token| token.range)
}

/// What a text is taken for that is a placeholder and nothing else; `None` for any other text.
pub fn placeholder(text: &str) -> Option<TokenKind> {
    let found = tokens(text).into_iter().next()?;
    (found.range.len() == text.len() && found.kind.is_placeholder()).then_some(found.kind)
}

/// Whether a token at byte `at` follows a word without a space, as a type argument does: `Vec<T>`.
pub(crate) fn follows_word(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| {
        before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
    })
}

/// One name for `<REGION>`, `<region>`, `<aws_region>` and `<AWS region>`: lower case, and `-` for whatever is
/// neither a letter nor a digit. Names are equal if these are.
pub fn parameter_name(typed: &str) -> String {
    let typed = typed.trim_start_matches('<').trim_end_matches('>');
    let mut name = String::with_capacity(typed.len());
    for character in typed.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            name.push(character);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    name
}

fn is_name(name: &str) -> bool {
    let is_blank_around = name.trim().len() < name.len();
    let is_markup = name.starts_with(['/', '!', '?', '%', '=', '-', '&', '|', '$', '(', '{'])
        || name.ends_with(['/', '=', '-']);
    let has_attribute = name.contains('=') && name.contains([' ', '"', '\'']);
    !name.is_empty() && !is_blank_around && !is_markup && !has_attribute && !is_address(name)
}

/// An address of the web, or of mail: `<https://example.org>`, `<dana@example.org>`.
fn is_address(name: &str) -> bool {
    let domain = name.split_once('@').filter(|_| !name.contains(' '));
    name.contains("://") || domain.is_some_and(|(_, domain)| domain.contains('.'))
}

fn kind_of(name: &str, closed: &BTreeSet<&str>, in_expression: bool) -> TokenKind {
    /// What programs print for a value that is not there.
    const OUTPUT: [&str; 12] = [
        "false", "invalid", "nil", "no value", "none", "not set", "null", "pending", "true",
        "undefined", "unknown", "unset",
    ];
    /// Elements that stand alone now and then, and whose names nobody would give to something to fill in.
    const ELEMENTS: [&str; 29] = [
        "a", "b", "br", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
        "html", "i", "img", "kbd", "li", "ol", "p", "pre", "span", "strong", "sub", "sup", "u",
        "ul",
    ];
    const ROWS: [&str; 6] = ["tbody", "td", "tfoot", "th", "thead", "tr"];
    let is_one_of = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut letters = name.chars();
    if in_expression {
        TokenKind::Expression
    } else if is_one_of(&OUTPUT) {
        TokenKind::Output
    } else if is_one_of(&ELEMENTS) || is_one_of(&ROWS) || closed.contains(name) {
        TokenKind::Element
    } else if letters.next().is_some_and(char::is_uppercase)
        && letters.clone().next().is_some()
        && letters.all(|letter| {
            letter.is_uppercase() || letter.is_ascii_digit() || "_- ".contains(letter)
        })
    {
        TokenKind::UpperCase
    } else {
        TokenKind::Words
    }
}

/// The names that a text closes: `key` of `</key>`.
fn closed_elements(text: &str) -> BTreeSet<&str> {
    let ends = memchr::memmem::find_iter(text.as_bytes(), b"</");
    let names = ends.filter_map(|at| {
        let name = &text[at + 2..];
        let end = memchr::memchr3(b'>', b'<', b'\n', name.as_bytes())?;
        Some(name[..end].trim_end())
    });
    names.collect()
}

/// Looks for the braces of a template language, from one token to the next.
struct Expressions<'t> {
    text: &'t str,
    /// The byte up to which the braces are counted.
    seen: usize,
    /// How many are open there.
    open: usize,
}

impl Expressions<'_> {
    /// Whether byte `at`, behind all asked for before, stands between braces of its line.
    fn enclose(&mut self, at: usize) -> bool {
        let passed = &self.text.as_bytes()[self.seen..at];
        let line = memchr::memrchr(b'\n', passed).map(|end| end + 1);
        let passed = line.map_or(passed, |start| {
            self.open = 0;
            &passed[start..]
        });
        let opened = memchr::memmem::find_iter(passed, b"{{").count();
        let closed = memchr::memmem::find_iter(passed, b"}}").count();
        self.open = (self.open + opened).saturating_sub(closed);
        self.seen = at;
        self.open > 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{TokenKind, parameter_name, placeholder, tokens};

    /// The tokens of a text, each kind by its first letter.
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = tokens(text)
            .iter()
            .map(|token| {
                assert_eq!(text[token.range.clone()], format!("<{}>", token.name));
                format!("{:?} {}", token.kind, token.name)
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_in_any_spelling_are_words() {
        for name in [
            "namespace", "aws_region", "today’s date", "value of the label", "start|stop", "größe",
            "pod's name", "path/to/file", "image:tag", "key=value", "user@host", "...",
            "1-3 sentences", "table", "Region",
        ] {
            check(&format!("a <{name}>, b"), &[&format!("Words {name}")]);
        }
    }

    #[test]
    fn capitals_are_told_in_any_alphabet() {
        for name in ["AWS_REGION", "AWS REGION", "QUEUE-2", "GRÖSSE", "СЕРВИС"] {
            check(&format!("<{name}>"), &[&format!("UpperCase {name}")]);
        }
        check("<T> <1A> <A/B>", &["Words T", "Words 1A", "Words A/B"]);
    }

    #[test]
    fn output_elements_and_expressions_are_no_placeholders() {
        check(
            "<none> <NONE> <no value> <Pending>",
            &["Output none", "Output NONE", "Output no value", "Output Pending"],
        );
        check(
            "<br> <BR> <key>1</key> <KEY>",
            &["Element br", "Element BR", "Element key", "UpperCase KEY"],
        );
        check(
            "{{ if lt <A1> 2 }} <A2>\n{{ <A3>\n<A4>",
            &["Expression A1", "UpperCase A2", "Expression A3", "UpperCase A4"],
        );
    }

    #[test]
    fn markup_addresses_and_redirections_are_no_tokens() {
        for text in [
            "wc < file > out",
            "cat <<EOF>out",
            "diff <(a) <(b)",
            "cat <in >out",
            "<>",
            "< a>",
            "<a\nb>",
            "<br/>",
            "</p>",
            "<!-- a -->",
            "<?xml a?>",
            "<a href=\"b\">",
            "<img src=b alt=c>",
            "<https://example.org>",
            "<dana@example.org>",
            "<-y>",
            "<a",
        ] {
            check(text, &[]);
        }
        let long = "a".repeat(80);
        check(&format!("<{long}> <{long}a>"), &[&format!("Words {long}")]);
    }

    #[test]
    fn a_whole_text_is_a_placeholder_or_is_not() {
        assert_eq!(placeholder("<REGION>"), Some(TokenKind::UpperCase));
        assert_eq!(placeholder("<the region>"), Some(TokenKind::Words));
        for text in ["", "<>", "<a> ", "<none>", "a <b>", "<REGION><ZONE>"] {
            assert_eq!(placeholder(text), None, "{text}");
        }
    }

    #[test]
    fn one_name_whatever_the_spelling() {
        for typed in ["<AWS_REGION>", "aws-region", "<AWS region>", "Aws__Region", "<aws.region>"] {
            assert_eq!(parameter_name(typed), "aws-region", "{typed}");
        }
        assert_eq!(parameter_name("<today’s date>"), parameter_name("today's date"));
    }

    proptest! {
        #[test]
        fn tokens_follow_each_other_and_read_the_same_alone(
            text in proptest::collection::vec("[<>{}/ \nA-Ca-cé_=-]{1,4}|<[A-Za-z_ ]{1,9}>|</?a>|\\{\\{|\\}\\}", 0..30)
        ) {
            let text = text.concat();
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.range.start >= end);
                end = token.range.end;
                let alone = tokens(&text[token.range.clone()]);
                prop_assert_eq!(alone.len(), 1);
                prop_assert_eq!(alone[0].name, token.name);
                if token.kind.is_placeholder() {
                    prop_assert_eq!(alone[0].kind, token.kind);
                }
            }
        }
    }
}
