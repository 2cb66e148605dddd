//! Takes the values of a deep link apart into text and the parameters that they use.

use std::collections::BTreeMap;

/// A part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that stands for itself.
    Text(&'a str),
    /// A parameter, by its declared name.
    Parameter(&'a str),
    /// `{name}` of something that is no parameter, with the braces and where it begins in the value.
    Unknown(&'a str, usize),
}

/// Takes a value apart into text and the parameters that it uses.
///
/// `<name>` counts if such a parameter exists. So does `{name}`, which otherwise is [`Piece::Unknown`];
/// `${name}` is somebody else's variable and counts as text. Case, `-` and `_` make no difference.
pub fn pieces<'a>(
    value: &'a str,
    parameters: &BTreeMap<&'a str, Option<&'a str>>,
) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut text_start = 0;
    let mut from = 0;
    while let Some(open) = value[from..].find(['<', '{']).map(|open| from + open) {
        from = open + 1;
        let close = if value[open..].starts_with('<') { '>' } else { '}' };
        let Some(length) = value[from..].find(close) else { continue };
        let name = &value[from..from + length];
        let end = from + length + 1;
        if !is_name(name) || value[..open].ends_with('$') {
            continue;
        }
        let known = parameters.keys().find(|known| folded(known) == folded(name));
        let piece = match known {
            Some(known) => Piece::Parameter(known),
            None if close == '}' => Piece::Unknown(&value[open..end], open),
            None => continue,
        };
        if text_start < open {
            pieces.push(Piece::Text(&value[text_start..open]));
        }
        pieces.push(piece);
        text_start = end;
        from = end;
    }
    if text_start < value.len() {
        pieces.push(Piece::Text(&value[text_start..]));
    }
    pieces
}

/// Whether a text may be a parameter's name.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}

/// A parameter's name such that all spellings are equal.
pub(super) fn folded(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    #[test]
    fn parameters_are_told_from_text() {
        let known = [("content-id", None)].into();
        for (value, expected) in [
            (
                "a<CONTENT_ID>b",
                vec![Piece::Text("a"), Piece::Parameter("content-id"), Piece::Text("b")],
            ),
            ("{content-id}", vec![Piece::Parameter("content-id")]),
            ("${content-id}", vec![Piece::Text("${content-id}")]),
            ("<other> {other}", vec![Piece::Text("<other> "), Piece::Unknown("{other}", 8)]),
            ("{3} {} { <", vec![Piece::Text("{3} {} { <")]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(value, &known), expected, "{value}");
        }
    }
}
