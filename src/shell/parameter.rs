//! `<region>` in a command: which angle brackets hold something to fill in, and its name.
//!
//! Whether a page declares it, and what its value is, is not known here.

use std::ops::Range;

/// The longest text between angle brackets that is still taken for a parameter's name.
const LONGEST: usize = 60;

/// Words in angle brackets that tools print, and markup that nobody would use as a parameter's name.
const NEVER: &[&str] = &[
    "a",
    "b",
    "body",
    "br",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "false",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "html",
    "i",
    "img",
    "invalid",
    "kbd",
    "li",
    "nil",
    "no value",
    "none",
    "not set",
    "null",
    "ol",
    "p",
    "pending",
    "pre",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "true",
    "u",
    "ul",
    "undefined",
    "unknown",
    "unset",
];

/// One name for `<REGION>`, `<region>`, `<aws_region>` and `<AWS region>`: lower case, and `-` for whatever is
/// neither a letter nor a digit.
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

/// Where the parameter that begins with the `<` at `start` ends, if one does.
///
/// `markup` says that the text holds closing tags: then names that HTML has too are tags. Redirections
/// (`< file`, `<in >out`, `<in 2>&1`), here-documents, process substitutions, addresses and generics are none.
pub(crate) fn parameter_end(text: &str, start: usize, markup: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = *bytes.get(start + 1)?;
    if !(first.is_ascii_alphanumeric() || first >= 0x80 || first == b'_') {
        return None;
    }
    let window = &bytes[start + 1..bytes.len().min(start + 2 + LONGEST)];
    let length = window.iter().position(|byte| !belongs_in_name(*byte))?;
    if window[length] != b'>' {
        return None;
    }
    let end = start + 1 + length;
    let name = &text[start + 1..end];
    let after = bytes.get(end + 1).copied();
    (is_name(name, markup) && !redirects(name, after)).then_some(end + 1)
}

/// `<FUNCTION_NAME>` tokens, wherever they stand.
pub(crate) fn upper_case_tokens(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'<') {
        let start = at + found;
        let upper =
            |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"_- ".contains(byte);
        let length = bytes[start + 1..].iter().take(80).take_while(|byte| upper(byte)).count();
        let end = start + 1 + length;
        let name = &bytes[start + 1..end];
        at = start + 1;
        if bytes.get(end) == Some(&b'>')
            && length > 1
            && name[0].is_ascii_uppercase()
            && !name.ends_with(b" ")
        {
            tokens.push(start..end + 1);
            at = end + 1;
        }
    }
    tokens
}

fn belongs_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b" _-./:|,'+*#=@?".contains(&byte)
}

fn is_name(name: &str, markup: bool) -> bool {
    let letters = name.chars().any(char::is_alphabetic);
    let address = name.contains("://") || (name.contains('@') && name.contains('.'));
    let lower = name.to_ascii_lowercase();
    letters
        && !address
        && !name.ends_with([' ', '/'])
        && NEVER.binary_search(&lower.as_str()).is_err()
        && !(markup && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

/// Whether the brackets are two redirections: `<in 2>&1`, `<in >>out`, `<a | b>c`.
fn redirects(name: &str, after: Option<u8>) -> bool {
    let last = name.rsplit(' ').next().unwrap_or_default();
    let descriptor =
        name.contains(' ') && last.len() == 1 && last.bytes().all(|byte| byte.is_ascii_digit());
    matches!(after, Some(b'&' | b'>' | b'(')) || descriptor || name.contains(" | ")
}

#[cfg(test)]
mod tests {
    use super::{NEVER, parameter_end, parameter_name};

    fn check(text: &str, expected: Option<&str>) {
        let start = text.find('<').expect("a bracket");
        let markup = text.contains("</");
        let found = parameter_end(text, start, markup).map(|end| &text[start..end]);
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_in_brackets_are_parameters() {
        check("kubectl -n <namespace> get pods", Some("<namespace>"));
        check("aws --region <AWS_REGION>", Some("<AWS_REGION>"));
        check(
            "ping <value of instance label from alert>",
            Some("<value of instance label from alert>"),
        );
        check("ssh <user>@host", Some("<user>"));
        check("systemctl <start|stop> x", Some("<start|stop>"));
        check("psql -c 'drop table <table>'", Some("<table>"));
        check("kill <größe>", Some("<größe>"));
        check("cp <pod's name> x", Some("<pod's name>"));
    }

    #[test]
    fn false_friends_are_not() {
        for text in [
            "wc < file > out",
            "cat <<EOF",
            "diff <(a) <(b)",
            "cat <in >out",
            "cat <in 2>&1",
            "cat <in >>out",
            "grep x <file | sort",
            "x <none>",
            "x <br>",
            "x <unknown> y",
            "x <nil>",
            "x <Pending>",
            "echo <h1>",
            "git commit --author 'A <a@example.org>'",
            "open <https://example.org>",
            "x <1-5>",
            "x <-y>",
            "x <>",
            "echo <table>1</table>",
            "sort <a 2>b",
            "x <br/>",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn one_name_whatever_the_spelling() {
        for typed in ["<AWS_REGION>", "aws-region", "<AWS region>", "Aws__Region", "<aws.region>"] {
            assert_eq!(parameter_name(typed), "aws-region", "{typed}");
        }
    }

    #[test]
    fn the_list_of_false_friends_is_sorted() {
        assert!(NEVER.is_sorted());
    }
}
