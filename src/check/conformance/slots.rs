//! Which `<...>` tokens are to be filled in by the author of a page.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::parse::Document;
use crate::parse::template_section::straight;
use crate::text::single_spaced;

/// The slots of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slots(BTreeSet<String>);

impl Slots {
    /// Every token of the template that is not HTML, a type argument or sample output.
    pub(super) fn of_template(template: &Document, text: &str) -> Slots {
        let tokens = tokens(template, text).into_iter().filter(|token| !token.is_generic);
        Slots(tokens.map(|token| slot_key(&token.text)).collect())
    }

    /// Whether the template has this token.
    pub(super) fn is_slot(&self, token: &str) -> bool {
        self.0.contains(&slot_key(token))
    }
}

/// A `<...>` token that could be a slot.
pub(super) struct Token {
    /// The token with its angle brackets.
    pub(super) text: String,
    /// Its place in the file.
    pub(super) range: Range<usize>,
    /// The index of the heading it stands under.
    pub(super) heading: Option<u32>,
    /// Whether it follows a word without a space: `Vec<T>`.
    pub(super) is_generic: bool,
}

/// Whether a token is written `<UPPER_CASE>`, which is a slot whether or not the template has it.
pub(super) fn is_upper_case(token: &str) -> bool {
    let Some(name) = token.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
        return false;
    };
    name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.len() > 1
        && name.bytes().all(|byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
        })
        && name != "NONE"
}

/// The tokens of prose, inline code, front matter and code blocks, in the order of the file.
pub(super) fn tokens(page: &Document, text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = page
        .tokens
        .iter()
        .map(|token| Token {
            text: token.text.clone(),
            range: token.range.clone(),
            heading: token.heading,
            is_generic: follows_word(text, token.range.start),
        })
        .collect();
    for block in &page.code_blocks {
        for range in code_tokens(&block.text) {
            let line = block.text[..range.start].matches('\n').count();
            let column =
                range.start - block.text[..range.start].rfind('\n').map_or(0, |end| end + 1);
            let start = block.line_starts.get(line).map_or(block.range.start, |at| *at as usize);
            let start = start + column;
            found.push(Token {
                text: block.text[range.clone()].to_owned(),
                range: start..start + range.len(),
                heading: block.heading,
                is_generic: follows_word(&block.text, range.start),
            });
        }
    }
    found.retain(|token| !is_none(&token.text));
    found.sort_by_key(|token| token.range.start);
    found
}

/// Where `<...>` stands in code and is no markup, redirection, comparison or Go template.
fn code_tokens(code: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices('<') {
        let line = code[start..].split('\n').next().unwrap_or_default();
        let Some(end) = line[1..]
            .find(['>', '<'])
            .map(|end| end + 1)
            .filter(|end| line[*end..].starts_with('>'))
        else {
            continue;
        };
        let name = &line[1..end];
        let is_name = !name.is_empty()
            && name.len() <= 60
            && !name
                .starts_with(|letter: char| letter.is_whitespace() || "/!?=(-&|$".contains(letter))
            && !name.ends_with(|letter: char| letter.is_whitespace() || "/=-".contains(letter))
            && !name.contains("://")
            && !name.contains(['"', '=', '@'])
            && !code[..start].ends_with('<')
            && !is_markup(code, name)
            && !is_inside_go_template(code, start);
        if is_name {
            found.push(start..start + end + 1);
        }
    }
    found
}

/// Elements of HTML that are written in capitals now and then, and anything that the same code closes.
fn is_markup(code: &str, name: &str) -> bool {
    const ELEMENTS: [&str; 24] = [
        "a", "b", "body", "br", "code", "div", "em", "h1", "h2", "head", "hr", "html", "i", "img",
        "li", "ol", "p", "pre", "span", "table", "td", "th", "tr", "ul",
    ];
    let element = name.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    ELEMENTS.contains(&element.as_str()) || code.contains(&format!("</{name}>"))
}

fn is_inside_go_template(code: &str, at: usize) -> bool {
    let line = &code[code[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    line.matches("{{").count() > line.matches("}}").count()
}

fn follows_word(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| {
        before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
    })
}

fn is_none(token: &str) -> bool {
    token.eq_ignore_ascii_case("<none>")
}

fn slot_key(token: &str) -> String {
    single_spaced(&straight(token)).into_owned()
}
