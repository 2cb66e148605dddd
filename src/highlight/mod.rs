//! Code blocks in, coloured spans and what shell commands do to a system out.
//!
//! One byte lexer driven by a table a language (`language`) colours what runbooks hold; shell blocks have a
//! reader of their own ([`shell`]) that finds prompts, commands, parameters and how dangerous they are in the
//! same pass. [`html`] turns both into markup with gaps for the values that differ from page to page.
//!
//! Everything here is a pure function of a block's language and text, so that equal blocks are coloured once for
//! a whole site. Nothing here knows about pages, declared parameters or the figure round a block.

use std::ops::Range;

pub mod html;
mod language;
mod lexer;
pub mod parameter;
pub mod safety;
pub mod shell;

/// A piece of code in one colour. Whatever no span covers is plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Bytes of the block's text, on character boundaries.
    pub range: Range<u32>,
    /// What the piece is.
    pub kind: Kind,
}

/// What a span is, few enough that a theme can give each a colour that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word of the language itself; in a diff the place of a change.
    Keyword,
    /// Quoted text; in a diff a line that was added.
    String,
    /// Text that the machine ignores; in a diff a line that was taken away.
    Comment,
    /// What a value belongs to: an option, a key, an attribute.
    Flag,
    /// A number, a truth value, nothing.
    Number,
    /// A name that stands for a value.
    Variable,
}

impl Kind {
    /// What opens a piece of this kind: an element of one letter and a class of one, without quotes, since a page of
    /// commands is full of them.
    pub fn opening(self) -> &'static str {
        match self {
            Kind::Keyword => "<b class=k>",
            Kind::String => "<b class=s>",
            Kind::Comment => "<b class=c>",
            Kind::Flag => "<b class=f>",
            Kind::Number => "<b class=n>",
            Kind::Variable => "<b class=v>",
        }
    }
}

/// The coloured pieces of a block, in order and without overlap; none for a language that is not known.
pub fn highlight(language: &str, text: &str) -> Vec<Span> {
    if shell::is_shell(language) {
        return shell::shell(language, text).spans;
    }
    lexer::lex(language, text).unwrap_or_default()
}

/// Where the line ends that holds the byte at `from`.
fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |length| from + length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::highlight;

    /// Each span as `letter of its class:text`.
    fn check(language: &str, text: &str, expected: &[&str]) {
        let spans = highlight(language, text);
        let shown: Vec<String> = spans
            .iter()
            .map(|span| {
                let range = span.range.start as usize..span.range.end as usize;
                let opening = span.kind.opening().trim_start_matches("<b class=");
                format!("{}:{}", opening.trim_end_matches('>'), &text[range])
            })
            .collect();
        assert_eq!(shown, expected, "{language}: {text}");
    }

    #[test]
    fn shell_words_have_their_colors() {
        check(
            "bash",
            "aws sqs purge-queue --queue-url \"$URL/x\" # now",
            &["f:--queue-url", "s:\"", "v:$URL", "s:/x\"", "c:# now"],
        );
        check(
            "sh",
            "for pod in $(kubectl get pods -o name); do echo $pod; done",
            &["k:for", "f:-o", "k:do", "v:$pod", "k:done"],
        );
        check("shell", "FOO=bar make", &["v:FOO"]);
        check("zsh", "cat <<EOF\nx $y\nEOF", &["k:EOF", "s:x $y", "k:EOF"]);
    }

    #[test]
    fn yaml_keys_values_and_texts_have_their_colors() {
        check(
            "yaml",
            "a: 5 # c\n- b-c: \"x: y\"\n  d: it's true\ne: |\n  f: 1\n\n  g\nh: 5m",
            &[
                "f:a",
                "n:5",
                "c:# c",
                "f:b-c",
                "s:\"x: y\"",
                "f:d",
                "n:true",
                "f:e",
                "s:  f: 1\n\n  g",
                "f:h",
                "n:5m",
            ],
        );
        check(
            "yml",
            "url: http://x/#y\n\"a b\": &ref *cat\n---",
            &["f:url", "f:\"a b\"", "v:&ref", "v:*cat", "k:---"],
        );
    }

    #[test]
    fn configuration_languages_have_their_colors() {
        check(
            "json",
            r#"{"a": "b\"c", "d": -1.5, "e": null}"#,
            &[r#"f:"a""#, r#"s:"b\"c""#, r#"f:"d""#, "n:1.5", r#"f:"e""#, "n:null"],
        );
        check(
            "hcl",
            "resource \"a\" \"b\" {\n  name = \"x-${var.y[\"z\"]}\" # n\n}",
            &["k:resource", "s:\"a\"", "s:\"b\"", "f:name", "s:\"x-${var.y[\"z\"]}\"", "c:# n"],
        );
        check("toml", "[a.b]\nc = 1 # d\n", &["k:[a.b]", "f:c", "n:1", "c:# d"]);
        check(
            "dockerfile",
            "FROM x AS y\nCOPY --from=z $A /b",
            &["k:FROM", "k:AS", "k:COPY", "f:--from", "v:$A"],
        );
        check(
            "xml",
            "<a b=\"c\">it's</a><!-- d -->",
            &["k:a", "f:b", "s:\"c\"", "k:a", "c:<!-- d -->"],
        );
        check("diff", "--- a\n+b\n-c\n@@ 1 @@\n d", &["f:--- a", "s:+b", "c:-c", "k:@@ 1 @@"]);
    }

    #[test]
    fn query_languages_have_their_colors() {
        check(
            "sql",
            "SELECT a FROM b WHERE c = 'it''s' -- d",
            &["k:SELECT", "k:FROM", "k:WHERE", "s:'it'", "s:'s'", "c:-- d"],
        );
        check(
            "promql",
            "sum by (job) (rate(x{a=\"b\"}[5m])) > 0.5",
            &["k:sum", "k:by", "k:rate", "f:a", "s:\"b\"", "n:5m", "n:0.5"],
        );
        check(
            "logs-insights",
            "fields @message | filter a like /b c/ | limit 20",
            &["k:fields", "v:@message", "k:filter", "k:like", "s:/b c/", "k:limit", "n:20"],
        );
    }

    #[test]
    fn programming_languages_have_their_colors() {
        check(
            "python",
            "@x\ndef f(a=None): '''b\nc''' # d",
            &["v:@x", "k:def", "n:None", "s:'''b\nc'''", "c:# d"],
        );
        check("powershell", "Get-Item -Path $x # y", &["f:-Path", "v:$x", "c:# y"]);
        check("js", "const a = `b${c[\"d\"]}`; // e", &["k:const", "s:`b${c[\"d\"]}`", "c:// e"]);
        check(
            "go",
            "func f() { return nil } /* x */",
            &["k:func", "k:return", "n:nil", "c:/* x */"],
        );
    }

    #[test]
    fn an_unknown_language_has_none() {
        check("brainfuck", "+++", &[]);
        check("", "a: b", &[]);
    }

    // Whatever takes the square of its length takes minutes here; whatever is linear, a second.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test measures time")]
    fn no_text_takes_longer_than_its_length_asks_for() {
        let start = std::time::Instant::now();
        let pieces = [
            "\"", "'", "`", "$(", "(", "<a", "<<A ", "\\'", "{", "${", "a: \"", "/*", "#", "if ",
            "$ \"\n", "- ", "    ", "<a ", "[", "\"\\", "a=(", "|\n  ", "<<A\n", "${`", "\"$(",
            "$ a\n> ",
        ];
        for piece in pieces {
            let text = piece.repeat(50_000 / piece.len());
            for language in ["bash", "console", "yaml", "js"] {
                highlight(language, &text);
            }
        }
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }

    const LANGUAGES: &[&str] = &[
        "bash",
        "console",
        "yaml",
        "json",
        "hcl",
        "python",
        "sql",
        "toml",
        "ini",
        "dockerfile",
        "promql",
        "powershell",
        "diff",
        "js",
        "go",
        "xml",
        "logs-insights",
        "rust",
        "java",
        "ruby",
        "nginx",
        "none",
    ];

    proptest! {
        #[test]
        fn spans_lie_in_order_on_character_boundaries(
            language in prop::sample::select(LANGUAGES),
            text in r#"([a-z0-9 ]{0,4}|[$#>|&;(){}<>'"`\\:=/!*@%\[\]\n\t -]{1,3}|é|💥|<<EOF\n|\$ |EOF\n|key: |<name>|\$\(){0,40}"#,
        ) {
            let mut from = 0;
            for span in highlight(language, &text) {
                prop_assert!(from <= span.range.start && span.range.start < span.range.end);
                prop_assert!(text.get(span.range.start as usize..span.range.end as usize).is_some());
                from = span.range.end;
            }
        }
    }
}
