//! What a line says by itself: that it ends a block, opens code or a formula, or is an option.

use std::collections::BTreeSet;

use super::block::End;
use super::shortcode;
use crate::parse::lines::Line;

/// Where the lines begin that hold two dollar signs alone and are followed, before a blank line, by another such.
pub(super) fn formulas(lines: &[Line<'_>]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = None;
    for line in lines {
        match line.text.trim() {
            "" => open = None,
            "$$" => match open.take() {
                Some(start) => drop(found.insert(start)),
                None => open = Some(line.start),
            },
            _ => {}
        }
    }
    found
}

/// Whether a line is an option of a directive: `:name: value`.
pub(super) fn is_option(text: &str) -> bool {
    let is_key = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let option = text.trim().strip_prefix(':').and_then(|option| option.split_once(':'));
    option.is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(is_key))
}

/// The rest of a line from byte `from`, as far to the right as the line itself.
pub(super) fn part<'t>(line: &Line<'t>, from: usize) -> Line<'t> {
    let lead = &line.text[..line.text.len() - line.text.trim_start().len()];
    let rest = line.text[from..].trim_start();
    let kept = line.text.len() - rest.len();
    line.rewritten(format!("{lead}{rest}"), lead.len(), kept)
}

/// Whether a line ends a block.
pub(super) fn ends(end: &End, text: &str) -> bool {
    let text = text.trim();
    match end {
        End::Indentation => false,
        End::Run(letter, count) => text.len() >= *count && text.bytes().all(|byte| byte == *letter),
        End::Tag(name) => closing_tag_at_end(text, name) == Some(0),
    }
}

/// Where the closing tag of a name begins that a text ends with.
pub(super) fn closing_tag_at_end(text: &str, name: &str) -> Option<usize> {
    let text = text.trim_end();
    let (open, tag): (usize, fn(&str) -> Option<shortcode::ShortcodeTag<'_>>) =
        if text.ends_with("}}") {
            (text.rfind("{{")?, shortcode::shortcode)
        } else if text.ends_with("%}") {
            (text.rfind("{%")?, shortcode::liquid)
        } else if text.ends_with('>') {
            (text.rfind('<')?, shortcode::element)
        } else {
            return None;
        };
    let tag = tag(&text[open..]).filter(|tag| tag.length == text.len() - open)?;
    let is_closing = (tag.closes && tag.name == name) || tag.name.strip_prefix("end") == Some(name);
    is_closing.then_some(open)
}

/// By what raw HTML ends that begins with this line and whose lines mean nothing.
pub(super) fn verbatim(body: &str) -> Option<&'static str> {
    const BEGINS: [(&str, &str); 5] = [
        ("<!--", "-->"),
        ("<pre", "</pre>"),
        ("<script", "</script>"),
        ("<style", "</style>"),
        ("<textarea", "</textarea>"),
    ];
    let begins =
        |sign: &str| body.get(..sign.len()).is_some_and(|own| own.eq_ignore_ascii_case(sign));
    let (_, end) = BEGINS.into_iter().find(|(sign, _)| begins(sign))?;
    (!holds(body, end)).then_some(end)
}

pub(super) fn holds(text: &str, end: &str) -> bool {
    text.to_ascii_lowercase().contains(end)
}

/// By what the code ends that a line opens, behind the markers of list items.
pub(super) fn fence_of(body: &str) -> Option<End> {
    let mut body = body;
    while let Some(length) = list_marker(body) {
        body = body[length..].trim_start();
    }
    let letter = body.bytes().next().filter(|letter| b"`~".contains(letter))?;
    let count = body.bytes().take_while(|byte| *byte == letter).count();
    let is_fence = count >= 3 && !(letter == b'`' && body[count..].contains('`'));
    is_fence.then_some(End::Run(letter, count))
}

/// The length of a list item's marker that a text begins with, with the blank behind it.
pub(super) fn list_marker(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = text.as_bytes().get(digits)?;
    let is_marker = match digits {
        0 => b"-*+".contains(sign),
        _ => digits < 10 && b".)".contains(sign),
    };
    let blank = text.as_bytes().get(digits + 1).is_some_and(|byte| b" \t".contains(byte));
    (is_marker && blank).then_some(digits + 2)
}
