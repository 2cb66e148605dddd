//! Takes the values of a deep link apart into text and the parameters that they use.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::token::{parameter_name, placeholders};

/// A part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuePiece<'a> {
    /// Text that stands for itself.
    Text(&'a str),
    /// A parameter, by its declared name.
    Parameter(&'a str),
    /// `{name}` of something that is no parameter, with the braces and where it begins in the value.
    Unknown(&'a str, usize),
}

/// Takes a value apart into text and the parameters that it uses.
///
/// `<name>` counts if such a parameter exists. So does `{name}`, which otherwise is [`ValuePiece::Unknown`];
/// `${name}` is somebody else's variable and counts as text. Names are equal by [`parameter_name`].
pub fn pieces<'a>(
    value: &'a str,
    parameters: &BTreeMap<&'a str, Option<&'a str>>,
) -> Vec<ValuePiece<'a>> {
    let mut pieces = Vec::new();
    let mut text_start = 0;
    let mut names: Vec<Range<usize>> = placeholders(value).chain(in_braces(value)).collect();
    names.sort_unstable_by_key(|name| name.start);
    for Range { start, end } in names {
        let typed = &value[start..end];
        let name = parameter_name(&typed[1..typed.len() - 1]);
        let known = parameters.keys().find(|known| parameter_name(known) == name);
        let piece = match known {
            _ if start < text_start => continue,
            Some(known) => ValuePiece::Parameter(known),
            None if typed.starts_with('{') => ValuePiece::Unknown(typed, start),
            None => continue,
        };
        if text_start < start {
            pieces.push(ValuePiece::Text(&value[text_start..start]));
        }
        pieces.push(piece);
        text_start = end;
    }
    if text_start < value.len() {
        pieces.push(ValuePiece::Text(&value[text_start..]));
    }
    pieces
}

/// Where `{name}` stands and is not somebody else's variable.
fn in_braces(value: &str) -> impl Iterator<Item = Range<usize>> {
    value.match_indices('{').filter_map(|(open, _)| {
        let name = value[open + 1..].split(['{', '}']).next()?;
        let end = open + 1 + name.len();
        let is_closed = value[end..].starts_with('}') && !value[..open].ends_with('$');
        (is_closed && is_name(name)).then_some(open..end + 1)
    })
}

/// Whether a text may be a parameter's name.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}

#[cfg(test)]
mod tests {
    use super::{ValuePiece, pieces};

    #[test]
    fn parameters_are_told_from_text() {
        let known = [("content-id", None)].into();
        for (value, expected) in [
            (
                "a<CONTENT_ID>b",
                vec![
                    ValuePiece::Text("a"),
                    ValuePiece::Parameter("content-id"),
                    ValuePiece::Text("b"),
                ],
            ),
            ("{content-id}", vec![ValuePiece::Parameter("content-id")]),
            ("${content-id}", vec![ValuePiece::Text("${content-id}")]),
            (
                "<other> {other}",
                vec![ValuePiece::Text("<other> "), ValuePiece::Unknown("{other}", 8)],
            ),
            ("{3} {} { <", vec![ValuePiece::Text("{3} {} { <")]),
            ("", vec![]),
            ("<Content ID>", vec![ValuePiece::Parameter("content-id")]),
            (
                "{<content id>}",
                vec![
                    ValuePiece::Text("{"),
                    ValuePiece::Parameter("content-id"),
                    ValuePiece::Text("}"),
                ],
            ),
        ] {
            assert_eq!(pieces(value, &known), expected, "{value}");
        }
    }
}
