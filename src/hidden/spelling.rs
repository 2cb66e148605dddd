//! Invisible characters that are spelled: as references of HTML, as escapes of YAML, TOML and JSON.

use super::kind::is_invisible;

/// The character that a reference of HTML at the beginning of a text stands for, with its length, if it is invisible.
pub fn reference(text: &str) -> Option<(usize, char)> {
    // The longest name below has 21 letters; numbers may begin with zeros.
    const LONGEST: usize = 40;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.strip_prefix('&')?.get(..end.checked_sub(1)?)?;
    let letter = match name.strip_prefix('#') {
        Some(number) => {
            let (digits, radix) =
                number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
            char::from_u32(u32::from_str_radix(digits, radix).ok()?)?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    is_invisible(letter).then_some((end + 1, letter))
}

/// The references of HTML by name that stand for something invisible.
const NAMED: [(&str, char); 17] = [
    ("ApplyFunction", '\u{2061}'),
    ("InvisibleComma", '\u{2063}'),
    ("InvisibleTimes", '\u{2062}'),
    ("NegativeMediumSpace", '\u{200b}'),
    ("NegativeThickSpace", '\u{200b}'),
    ("NegativeThinSpace", '\u{200b}'),
    ("NegativeVeryThinSpace", '\u{200b}'),
    ("NoBreak", '\u{2060}'),
    ("ZeroWidthSpace", '\u{200b}'),
    ("af", '\u{2061}'),
    ("ic", '\u{2063}'),
    ("it", '\u{2062}'),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("shy", '\u{ad}'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// The character that an escape at the beginning of a quoted value of YAML, TOML or JSON stands for, with its length,
/// if it is invisible: `\u202e`, `\U000e0041`, `\x1b`.
pub fn escape(text: &str) -> Option<(usize, char)> {
    let rest = text.strip_prefix('\\')?;
    let hex = |digits: usize| {
        let code = u32::from_str_radix(rest.get(1..=digits)?, 16).ok()?;
        Some((digits + 2, char::from_u32(code)?))
    };
    let (length, letter) = match rest.chars().next()? {
        'x' => hex(2)?,
        'u' => surrogates(rest).or_else(|| hex(4))?,
        'U' => hex(8)?,
        _ => return None,
    };
    is_invisible(letter).then_some((length, letter))
}

/// The character that two escapes of JSON spell together, `udb40\udc41`.
fn surrogates(rest: &str) -> Option<(usize, char)> {
    let code = |digits: &str| u16::from_str_radix(digits, 16).ok();
    let (first, second) =
        (code(rest.get(1..5)?)?, code(rest.get(5..)?.strip_prefix("\\u")?.get(..4)?)?);
    let letter = char::decode_utf16([first, second]).next()?.ok()?;
    (letter.len_utf16() == 2).then_some((12, letter))
}
