//! A script of JavaScript or TypeScript to its tokens.
//!
//! Knows comments, texts with their escapes, templates with expressions in them, and regular expressions; of everything
//! else only words and marks. It never fails: what is not closed ends with the script.

/// A token, with whether a line begins with it.
pub(crate) struct ScriptToken<'a> {
    pub(crate) text: &'a str,
    pub(crate) kind: ScriptTokenKind,
    pub(crate) is_first: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScriptTokenKind {
    /// A name, a keyword or a number.
    Word,
    /// A text, a regular expression, or a piece of a template.
    Literal,
    Mark,
}

/// The tokens of a script, comments and blanks left out.
pub(crate) fn tokens(source: &str) -> Vec<ScriptToken<'_>> {
    let mut tokens: Vec<ScriptToken<'_>> = Vec::new();
    let mut rest = source;
    let mut is_first = true;
    // Braces that are open, each with whether it stands in a template.
    let mut braces: Vec<bool> = Vec::new();
    while let Some(next) = rest.chars().next() {
        if next.is_whitespace() {
            is_first |= next == '\n';
            rest = &rest[next.len_utf8()..];
            continue;
        }
        if let Some(length) = comment(rest) {
            rest = &rest[length..];
            continue;
        }
        let is_behind_template = next == '}' && braces.last() == Some(&true);
        let (length, kind) = match next {
            '\'' | '"' => (literal(rest, next), ScriptTokenKind::Literal),
            '`' => (template(rest), ScriptTokenKind::Literal),
            '}' if is_behind_template => (template(rest), ScriptTokenKind::Literal),
            '/' if begins_expression(tokens.last()) => {
                (regular_expression(rest), ScriptTokenKind::Literal)
            }
            _ if is_word(next) => {
                (rest.find(|next| !is_word(next)).unwrap_or(rest.len()), ScriptTokenKind::Word)
            }
            _ => (mark(rest), ScriptTokenKind::Mark),
        };
        let (text, behind) = rest.split_at(length);
        if next == '}' {
            braces.pop();
        }
        if text == "{" || kind == ScriptTokenKind::Literal && text.ends_with("${") {
            braces.push(kind == ScriptTokenKind::Literal);
        }
        tokens.push(ScriptToken { text, kind, is_first: std::mem::take(&mut is_first) });
        rest = behind;
    }
    tokens
}

fn comment(rest: &str) -> Option<usize> {
    let end = |mark: &str| rest.find(mark).unwrap_or(rest.len());
    if rest.starts_with("//") {
        Some(end("\n"))
    } else if rest.starts_with("/*") {
        Some((end("*/") + 2).min(rest.len()))
    } else {
        None
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

/// Up to the end of a text, which is in its line: a lone quote in what is no script ends there.
fn literal(rest: &str, quote: char) -> usize {
    ends(rest, |character| character == quote || character == '\n').unwrap_or(rest.len())
}

/// Up to the end of a template, or to where an expression stands in it.
fn template(rest: &str) -> usize {
    let mut before = ' ';
    let ends_so = |character| {
        let is_end = character == '`' || character == '{' && before == '$';
        before = character;
        is_end
    };
    ends(rest, ends_so).unwrap_or(rest.len())
}

/// Behind the first character after the first of which it is said, and that no backslash stands before.
fn ends(rest: &str, mut is_end: impl FnMut(char) -> bool) -> Option<usize> {
    let mut is_escaped = false;
    rest.char_indices().skip(1).find_map(|(at, character)| {
        let ends = !is_escaped && is_end(character);
        is_escaped = character == '\\' && !is_escaped;
        ends.then_some(at + character.len_utf8())
    })
}

fn regular_expression(rest: &str) -> usize {
    let mut is_in_class = false;
    let end = ends(rest, |character| {
        is_in_class = character == '[' || is_in_class && character != ']';
        character == '/' && !is_in_class
    });
    let end = end.unwrap_or(rest.len());
    end + rest[end..].find(|flag: char| !flag.is_ascii_lowercase()).unwrap_or(0)
}

/// Whether a slash behind a token begins a regular expression rather than divides.
fn begins_expression(before: Option<&ScriptToken<'_>>) -> bool {
    before.is_none_or(|before| match before.kind {
        ScriptTokenKind::Word => matches!(before.text, "return" | "typeof" | "in" | "of" | "case"),
        ScriptTokenKind::Literal => before.text.ends_with("${"),
        ScriptTokenKind::Mark => !matches!(before.text, ")" | "]" | "}"),
    })
}

fn mark(rest: &str) -> usize {
    const LONG: [&str; 5] = ["...", "?.", "=>", "++", "--"];
    let long = LONG.iter().find(|mark| rest.starts_with(**mark));
    // `a ?.5 : b` has no chain.
    let is_chain =
        !rest.starts_with("?.") || !rest[2..].starts_with(|next: char| next.is_ascii_digit());
    long.filter(|_| is_chain)
        .map_or_else(|| rest.chars().next().map_or(0, char::len_utf8), |mark| mark.len())
}

/// By how much a token nests what follows deeper.
pub(crate) fn depth_of(token: &ScriptToken<'_>) -> i32 {
    match (token.kind, token.text) {
        (ScriptTokenKind::Mark, "(" | "[" | "{") => 1,
        (ScriptTokenKind::Mark, ")" | "]" | "}") => -1,
        _ => 0,
    }
}
