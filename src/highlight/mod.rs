//! A block of code in, coloured spans out: one byte lexer driven by a table a language colours what runbooks hold.
//!
//! Everything here is a pure function of a block's language and text. Shell blocks have a reader of their own,
//! [`crate::shell`], which colours them on the way; nothing here knows about pages or markup.

#[cfg(test)]
pub(crate) use span::shown;
pub use span::{Span, SpanKind};

mod language;
mod lexer;
mod span;

/// The coloured pieces of a block, in order and without overlap; none for a language that is not known.
pub fn highlight(language: &str, text: &str) -> Vec<Span> {
    lexer::lex(language, text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::highlight;
    use super::span::shown;

    fn check(language: &str, text: &str, expected: &[&str]) {
        assert_eq!(shown(text, &highlight(language, text)), expected, "{language}: {text}");
    }

    #[test]
    fn yaml_keys_values_and_texts_have_their_colors() {
        check(
            "yaml",
            "a: 5 # c\n- b-c: \"x: y\"\n  d: it's true\ne: |\n  f: 1\n\n  g\nh: 5m",
            &[
                "f:a", "n:5", "c:# c", "f:b-c", "s:\"x: y\"", "f:d", "n:true", "f:e",
                "s:  f: 1\n\n  g", "f:h", "n:5m",
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
}
