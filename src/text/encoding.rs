//! The bytes of a file become text, whatever they are: UTF-8, or the UTF-16 and UTF-32 that editors and shells of
//! Windows write, with the mark that they begin with or without it.

use std::borrow::Cow;

/// How many bytes of a file tell that it is in UTF-16, where no mark does.
const TELLING: usize = 16;

/// How a file without UTF-8 is written: how many bytes a unit has, and whether the least comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wide {
    mark: usize,
    unit: usize,
    is_little: bool,
}

/// The text of a file, which is what places in it count: what is no text is replaced.
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some(wide) = wide(bytes) {
        return Cow::Owned(wide.text(bytes));
    }
    // Most text is what it should be, and that is quickly seen.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Whether a file is text in UTF-16 or UTF-32.
pub fn is_wide(bytes: &[u8]) -> bool {
    wide(bytes).is_some()
}

/// Where a file stops being UTF-8, if it does, in its text.
pub fn invalid_from(bytes: &[u8]) -> Option<usize> {
    if is_wide(bytes) {
        return Some(0);
    }
    std::str::from_utf8(bytes).err().map(|error| error.valid_up_to())
}

fn wide(bytes: &[u8]) -> Option<Wide> {
    let marked = |mark, unit, is_little| Some(Wide { mark, unit, is_little });
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => marked(4, 4, true),
        [0, 0, 0xfe, 0xff, ..] => marked(4, 4, false),
        [0xff, 0xfe, ..] => marked(2, 2, true),
        [0xfe, 0xff, ..] => marked(2, 2, false),
        [_, 0, ..] if is_ascii_in_pairs(bytes, 0) => marked(0, 2, true),
        [0, _, ..] if is_ascii_in_pairs(bytes, 1) => marked(0, 2, false),
        _ => None,
    }
}

/// Whether a file begins with letters of ASCII, each beside an empty byte.
fn is_ascii_in_pairs(bytes: &[u8], letter: usize) -> bool {
    let head = &bytes[..bytes.len().min(TELLING)];
    let is_letter = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    let mut pairs = head.chunks_exact(2);
    head.len() >= 8 && pairs.all(|pair| is_letter(pair[letter]) && pair[1 - letter] == 0)
}

impl Wide {
    fn text(self, bytes: &[u8]) -> String {
        let units = bytes[self.mark..].chunks_exact(self.unit).map(|unit| {
            let add = |held: u32, byte: &u8| held << 8 | u32::from(*byte);
            if self.is_little { unit.iter().rev().fold(0, add) } else { unit.iter().fold(0, add) }
        });
        let replaced = char::REPLACEMENT_CHARACTER;
        if self.unit == 4 {
            return units.map(|unit| char::from_u32(unit).unwrap_or(replaced)).collect();
        }
        let letters = char::decode_utf16(units.map(|unit| unit as u16));
        letters.map(|letter| letter.unwrap_or(replaced)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{decoded, invalid_from, is_wide};

    #[test]
    fn text_is_read_however_it_was_saved() {
        let text = "# Größe 💥\n";
        let bytes = |mark: bool, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            let mark = if mark { "\u{feff}" } else { "" };
            let plain = "plain text\n";
            format!("{mark}{plain}{text}").encode_utf16().flat_map(unit).collect()
        };
        for marked in [true, false] {
            for unit in [u16::to_le_bytes, u16::to_be_bytes] {
                let bytes = bytes(marked, unit);
                assert_eq!(decoded(&bytes), format!("plain text\n{text}"));
                assert!(is_wide(&bytes) && invalid_from(&bytes) == Some(0));
            }
        }
        let four: Vec<u8> = format!("\u{feff}{text}")
            .chars()
            .flat_map(|letter| u32::from(letter).to_le_bytes())
            .collect();
        assert_eq!(decoded(&four), text);
        assert_eq!(decoded(b"caf\xe9"), "caf\u{fffd}");
        assert_eq!(invalid_from(b"caf\xe9"), Some(3));
        assert_eq!(decoded(text.as_bytes()), text);
    }

    #[test]
    fn what_holds_empty_bytes_otherwise_is_not_taken_for_wide_text() {
        for bytes in [
            &b""[..],
            b"a\0",
            b"\0\0\0\0\0\0\0\0\0\0",
            b"RIFF\0\0\0\0WAVEfmt ",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"a\0b\0\x01\0c\0d\0",
        ] {
            assert!(!is_wide(bytes), "{bytes:?}");
        }
    }
}
