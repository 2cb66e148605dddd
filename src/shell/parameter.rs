//! `<region>` in a command: which tokens hold something to fill in, and which only look so to a shell.
//!
//! Whether a page declares it, and what its value is, is not known here.

use std::ops::Range;

use crate::token::{Token, TokenKind, tokens};

/// Where the parameters of a shell's text stand.
///
/// Redirections (`<in 2>&1`, `<in >>out`) and tokens that hold what means something to a shell are none.
pub(super) fn parameters(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let found = tokens(text).into_iter().filter(|token| is_parameter(token));
    found.map(|token| token.range).filter(|range| !redirects(bytes, range)).collect()
}

/// `<FUNCTION_NAME>` tokens, wherever they stand.
pub(crate) fn upper_case_tokens(text: &str) -> Vec<Range<usize>> {
    let found = tokens(text).into_iter().filter(|token| token.kind == TokenKind::UpperCase);
    found.map(|token| token.range).collect()
}

fn is_parameter(token: &Token<'_>) -> bool {
    let belongs_in_name = |byte: u8| {
        byte.is_ascii_alphanumeric() || byte >= 0x80 || b" _-./:|,'+*#=@?".contains(&byte)
    };
    let name = token.name;
    matches!(token.kind, TokenKind::UpperCase | TokenKind::Words | TokenKind::Expression)
        && name.starts_with(|first: char| {
            first.is_ascii_alphanumeric() || !first.is_ascii() || first == '_'
        })
        && name.bytes().all(belongs_in_name)
        && name.chars().any(char::is_alphabetic)
}

/// Whether the brackets are two redirections: `<in 2>&1`, `<in >>out`, `<a | b>c`.
fn redirects(bytes: &[u8], token: &Range<usize>) -> bool {
    let name = &bytes[token.start + 1..token.end - 1];
    let descriptor = matches!(name, [.., b' ', digit] if digit.is_ascii_digit());
    let pipes = name.windows(3).any(|three| three == b" | ");
    matches!(bytes.get(token.end), Some(b'&' | b'>' | b'(')) || descriptor || pipes
}

#[cfg(test)]
mod tests {
    use super::parameters;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = parameters(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_in_brackets_are_parameters() {
        check("kubectl -n <namespace> get pods", &["<namespace>"]);
        check("aws --region <AWS_REGION>", &["<AWS_REGION>"]);
        check(
            "ping <value of instance label from alert>",
            &["<value of instance label from alert>"],
        );
        check("ssh <user>@host", &["<user>"]);
        check("systemctl <start|stop> x", &["<start|stop>"]);
        check("psql -c 'drop table <table>'", &["<table>"]);
        check("kill <größe>", &["<größe>"]);
        check("cp <pod's name> x", &["<pod's name>"]);
        check("mail --body <body> --summary <summary>", &["<body>", "<summary>"]);
        check("kubectl label node <node> <key=value>", &["<node>", "<key=value>"]);
        check("curl -d '<id><b>1</b></id>' <host>", &["<host>"]);
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
            "x <$name>",
        ] {
            check(text, &[]);
        }
    }
}
