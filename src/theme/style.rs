//! A style sheet without what only readers of the source need: comments, and white space beside what separates.
//!
//! Texts in quotes stay as they are, and so does everything between the marks: no value is rewritten.

/// The style sheet as it is published (CSS Syntax 3: white space beside braces, semicolons, commas and behind colons of
/// declarations says nothing, and the last declaration of a block needs no end).
pub(super) fn dense(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' | '\'' => text_length(rest, letter),
            _ => letter.len_utf8(),
        };
        let piece = &rest[..length];
        rest = &rest[length..];
        if piece.starts_with("/*") {
            continue;
        }
        match letter {
            letter if letter.is_ascii_whitespace() => {
                if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ',', ':']) {
                    out.push(' ');
                }
            }
            '{' | '}' | ';' | ',' => {
                if out.ends_with(' ') {
                    out.pop();
                }
                if letter == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push(letter);
            }
            _ => out.push_str(piece),
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// How many bytes a text in quotes takes, both quotes included.
fn text_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            letter if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::dense;

    fn check(sheet: &str, expected: &str) {
        assert_eq!(dense(sheet), expected);
    }

    #[test]
    fn comments_and_white_space_beside_marks_go() {
        check(
            "/* a { } */\na , b > c {\n  color: red;\n  /* x */ margin: 0 1px;\n}\n",
            "a,b > c{color:red;margin:0 1px}",
        );
        check(
            "@media (max-width: 60rem) { a :is(b, c) { x: y } }",
            "@media (max-width:60rem){a :is(b,c){x:y}}",
        );
        check("a { width: calc(1px + 2px) } /* open", "a{width:calc(1px + 2px)}");
    }

    #[test]
    fn texts_in_quotes_stay() {
        check(
            r#"a::after { content: "a  /* b */ \" ; }"; }"#,
            r#"a::after{content:"a  /* b */ \" ; }"}"#,
        );
        check("a { content: 'x : y' \"open", "a{content:'x : y' \"open");
    }
}
