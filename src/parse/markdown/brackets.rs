//! Which `[[...]]` are no wikilinks: links whose text has brackets, tests of a shell, indices, classes of a pattern.
//!
//! The Markdown parser would take each for a wikilink. One pair of their brackets is masked before it reads the text,
//! byte for byte, and unmasked in what it made of it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use comrak::nodes::{AstNode, NodeValue};

use super::rewritten::rewrite;

/// What stands for `[` and `]` while the text is parsed: bytes that no text holds.
const MASKS: [char; 2] = ['\u{1}', '\u{2}'];

/// The text with those brackets masked that open and close no wikilink; nothing where there are none.
pub(super) fn masked(text: &str) -> Option<String> {
    let mut openings = memchr::memmem::find_iter(text.as_bytes(), b"[[").peekable();
    if openings.peek().is_none() || text.contains(MASKS) {
        return None;
    }
    let definitions = definitions(text);
    let mut bytes: Option<Vec<u8>> = None;
    for at in openings {
        // Where the line goes on for long, only what these brackets may hold is read.
        let rest = &text[at + 2..];
        let end = rest.find(['[', ']', '\n', '\r']);
        let Some(length) = end.filter(|end| rest[*end..].starts_with("]]")) else { continue };
        let inner = &rest[..length];
        let (open, close) = (at, at + length + 3);
        let is_link = rest[length + 2..].starts_with(['(', '[']);
        let before = text[..at].chars().next_back();
        let names = is_page_name(inner) && !definitions.contains(&inner.to_lowercase());
        if names && !is_link && !before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        let bytes = bytes.get_or_insert_with(|| text.as_bytes().to_vec());
        // The outer pair is the link's own.
        let (open, close) = if is_link { (open + 1, close - 1) } else { (open, close) };
        bytes[open] = MASKS[0] as u8;
        bytes[close] = MASKS[1] as u8;
    }
    String::from_utf8(bytes?).ok()
}

/// How far before its size the address of a picture may begin.
const LONGEST_ADDRESS: usize = 1_024;

/// The text with blanks in place of the sizes that Azure `DevOps` has behind the address of a picture,
/// `![a](b.png =500x250)`.
pub(super) fn without_sizes(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut bytes: Option<Vec<u8>> = None;
    for (at, _) in text.match_indices(" =") {
        let rest = &text[at + 2..text.floor_char_boundary(at + 20)];
        let size = rest.find(')').map_or("", |end| &rest[..end]);
        let is_size = size.contains('x')
            && size.len() < 16
            && size.bytes().all(|byte| byte.is_ascii_digit() || b"x%".contains(&byte));
        let before = &text[text.floor_char_boundary(at.saturating_sub(LONGEST_ADDRESS))..at];
        let line = before.rsplit('\n').next().unwrap_or_default();
        if is_size && line.contains("](") {
            let bytes = bytes.get_or_insert_with(|| text.as_bytes().to_vec());
            bytes[at..at + 2 + size.len()].fill(b' ');
        }
    }
    match bytes.map(String::from_utf8) {
        Some(Ok(blank)) => Cow::Owned(blank),
        _ => text,
    }
}

/// Whether the text between double brackets can be the name of a page.
fn is_page_name(inner: &str) -> bool {
    let name = inner.split('|').next().unwrap_or_default();
    let is_code = ["&&", "==", "!=", "=~"].iter().any(|sign| inner.contains(sign))
        || name.contains(['$', '"', '`', '<', '>', '{', '}', ';', '\\', '*'])
        || name.starts_with([':', '-', '!', '(']);
    !is_code
        && inner.trim() == inner
        && (name.chars().any(char::is_alphabetic) || name.starts_with('#'))
}

/// The labels of the link reference definitions of a text, in lower case.
fn definitions(text: &str) -> BTreeSet<String> {
    let labels = text.lines().filter_map(|line| {
        let label = line.trim_start().strip_prefix('[')?;
        Some(label[..label.find("]:")?].to_lowercase())
    });
    labels.collect()
}

/// Puts the brackets back into a parsed text.
pub(super) fn unmask<'a>(root: &'a AstNode<'a>) {
    let plain = |text: &str| text.replace(MASKS[0], "[").replace(MASKS[1], "]");
    for node in root.descendants() {
        if let NodeValue::Text(text) = &mut node.data_mut().value {
            *text = plain(text).into();
        }
    }
    rewrite(root, plain);
}

#[cfg(test)]
mod tests {
    use crate::parse::LinkKind;
    use crate::parse::tests_support::document;

    #[test]
    fn a_link_whose_text_has_brackets_is_a_link() {
        let text = "[[1]](https://e.example/1), [[docs]](b.md), [[c]][r], [[d]] and [[e]].\n\n[r]: r.md\n[d]: d.md\n";
        let page = document(text);
        let found: Vec<_> =
            page.links.iter().map(|link| (link.text.as_str(), link.address.as_str())).collect();
        let expected = [
            ("[1]", "https://e.example/1"),
            ("[docs]", "b.md"),
            ("[c]", "r.md"),
            ("d", "d.md"),
            ("e", "e"),
        ];
        assert_eq!(found, expected);
        assert_eq!(page.links[4].kind, LinkKind::Wikilink);
        assert_eq!(&text[page.links[1].range.clone()], "b.md");
    }

    #[test]
    fn tests_indices_and_patterns_keep_their_brackets() {
        let text = "If [[ -f /etc/a ]] holds, items[[2]], [[:space:]], [[ $a == b ]] and `[[ -n x ]]`.\n\n\
                    ```sh\n[[ -f a ]] && echo [[1]]\n```\n";
        let page = document(text);
        assert_eq!(page.links.len(), 0);
        let shown = &page.sections[0].text;
        assert_eq!(
            shown.trim(),
            "If [[ -f /etc/a ]] holds, items[[2]], [[:space:]], [[ $a == b ]] and [[ -n x ]]."
        );
        assert_eq!(page.code_blocks[0].text, "[[ -f a ]] && echo [[1]]\n");
    }
}
