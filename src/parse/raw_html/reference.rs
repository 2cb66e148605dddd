//! Character references: what they stand for, and text that is written with them.

use std::borrow::Cow;

/// Whether character references mean what they stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EntityReferences {
    Kept,
    Escaped,
}

/// Appends text, escaped for elements and double-quoted attributes.
pub(super) fn escape(out: &mut String, text: &str, references: EntityReferences) {
    for (at, character) in text.char_indices() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '&' if references == EntityReferences::Escaped || reference(&text[at..]).is_none() => {
                out.push_str("&amp;");
            }
            '\0' => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
}

/// Replaces character references by what they stand for; unknown ones stay as typed.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let (length, meaning) = reference(rest).unwrap_or((1, Cow::Borrowed("&")));
        decoded.push_str(&meaning);
        rest = &rest[length..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The character reference that `text` begins with: its length and what it stands for.
fn reference(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let end = text.bytes().take(40).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let Some(number) = name.strip_prefix('#') else {
        let entity = entities::ENTITIES.iter().find(|entity| entity.entity == &text[..=end])?;
        return Some((end + 1, Cow::Borrowed(entity.characters)));
    };
    let (digits, radix) =
        number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
    let code = u32::from_str_radix(digits.strip_prefix('+').map_or(digits, |_| ""), radix).ok()?;
    let character =
        char::from_u32(code).filter(|character| *character != '\0').unwrap_or('\u{fffd}');
    Some((end + 1, Cow::Owned(character.to_string())))
}
