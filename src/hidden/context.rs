//! Which invisible characters have a use where they stand.
//!
//! Each line is judged by itself, in a few passes over it, whatever it holds.

use unicode_properties::UnicodeEmoji;
use unicode_script::{Script, UnicodeScript};

use super::kind::is_invisible;
use super::unit::Unit;

/// Whether each character is hidden.
pub(super) fn judged(units: &[Unit]) -> Vec<bool> {
    let mut judged = Vec::with_capacity(units.len());
    let ends_line = |unit: &Unit| matches!(unit.letter, '\n' | '\r');
    for line in units.split_inclusive(ends_line) {
        if line.iter().any(|unit| is_invisible(unit.letter)) {
            ContextLine::new(line).judge(&mut judged);
        } else {
            judged.resize(judged.len() + line.len(), false);
        }
    }
    judged
}

/// A line with what must be known of it before any of its characters can be judged.
struct ContextLine<'a> {
    units: &'a [Unit],
    /// For each character, whether the last letter before it is written from right to left.
    right_before: Vec<bool>,
    /// The same of the next letter behind it.
    right_behind: Vec<bool>,
    /// Whether the first letter of the line is written from right to left.
    is_right: bool,
    /// Whether each mark that turns the direction is one of a pair in a line that is written from right to left.
    paired: Vec<bool>,
    /// Whether each character is part of the flag of a region.
    flags: Vec<bool>,
}

impl<'a> ContextLine<'a> {
    fn new(units: &'a [Unit]) -> ContextLine<'a> {
        let mut right_before = Vec::with_capacity(units.len());
        let mut last = false;
        for unit in units {
            right_before.push(last);
            last = is_right_to_left(unit.letter).unwrap_or(last);
        }
        let mut right_behind = Vec::with_capacity(units.len());
        let mut next = false;
        for unit in units.iter().rev() {
            right_behind.push(next);
            next = is_right_to_left(unit.letter).unwrap_or(next);
        }
        right_behind.reverse();
        let is_right = units.iter().find_map(|unit| is_right_to_left(unit.letter)) == Some(true);
        let paired = paired(units, is_right, &right_before);
        ContextLine { units, right_before, right_behind, is_right, paired, flags: flags(units) }
    }

    fn judge(&self, judged: &mut Vec<bool>) {
        let is_hidden = |index| is_invisible(self.letter(index)) && !self.has_use(index);
        judged.extend((0..self.units.len()).map(is_hidden));
    }

    fn letter(&self, index: usize) -> char {
        self.units[index].letter
    }

    fn before(&self, index: usize) -> Option<char> {
        index.checked_sub(1).map(|before| self.letter(before))
    }

    fn behind(&self, index: usize) -> Option<char> {
        self.units.get(index + 1).map(|unit| unit.letter)
    }

    /// Whether an invisible character changes what a reader sees.
    fn has_use(&self, index: usize) -> bool {
        let before = || self.before(index);
        let behind = || self.behind(index);
        let is_before = |fits: fn(char) -> bool| before().is_some_and(fits);
        let is_beside = |fits: fn(char) -> bool| is_before(fits) || behind().is_some_and(fits);
        match self.letter(index) {
            // The mark that some editors put before the first line.
            '\u{feff}' => self.units[index].start == 0,
            '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                self.is_right || self.right_before[index] || self.right_behind[index]
            }
            '\u{202a}'..='\u{202c}' | '\u{2066}'..='\u{2069}' => self.paired[index],
            '\u{200d}' => is_before(joins) || self.joins_pictures(index),
            '\u{200c}' => is_before(joins),
            '\u{200b}' => is_before(has_no_spaces) && behind().is_some_and(has_no_spaces),
            selector @ ('\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') => {
                self.selects(index, selector)
            }
            '\u{e0020}'..='\u{e007f}' => self.flags[index],
            '\u{180b}'..='\u{180f}' => is_before(|letter| is_of(letter, Script::Mongolian)),
            '\u{115f}' | '\u{1160}' => is_beside(
                |letter| matches!(letter, '\u{1100}'..='\u{115e}' | '\u{1161}'..='\u{11ff}' | '\u{a960}'..='\u{a97c}' | '\u{d7b0}'..='\u{d7fb}'),
            ),
            '\u{17b4}' | '\u{17b5}' => is_before(|letter| is_of(letter, Script::Khmer)),
            '\u{34f}' => is_before(is_mark) && behind().is_some_and(is_mark),
            '\u{2800}' => is_beside(|letter| matches!(letter, '\u{2801}'..='\u{28ff}')),
            '\u{13430}'..='\u{1343f}' => {
                is_before(|letter| is_of(letter, Script::Egyptian_Hieroglyphs))
            }
            _ => false,
        }
    }

    /// Whether a joiner stands between two pictures that make up one, as in a family or a profession.
    fn joins_pictures(&self, index: usize) -> bool {
        let is_left = |letter: char| is_picture(letter) || letter == '\u{fe0f}';
        let flag = || index > 0 && self.flags[index - 1];
        (self.before(index).is_some_and(is_left) || flag())
            && self.behind(index).is_some_and(is_picture)
    }

    /// Whether a selector stands behind something that has more than one form.
    fn selects(&self, index: usize, selector: char) -> bool {
        let Some(before) = self.before(index) else { return false };
        match selector {
            '\u{fe0e}' | '\u{fe0f}' => {
                let is_keycap = matches!(before, '0'..='9' | '#' | '*');
                // Typed a blank too far, it does no harm, and some phones do.
                let blank = || {
                    before == ' '
                        && index.checked_sub(2).is_some_and(|index| is_picture(self.letter(index)))
                };
                is_keycap || is_picture(before) || blank()
            }
            '\u{e0100}'..='\u{e01ef}' => is_of(before, Script::Han),
            _ => {
                !before.is_ascii()
                    && !is_invisible(before)
                    && !matches!(
                        before.script(),
                        Script::Latin | Script::Greek | Script::Cyrillic | Script::Inherited
                    )
            }
        }
    }
}

/// Whether each mark that turns the direction has a use: it is one of a pair, in a line whose first letter is
/// written from right to left, or behind such a letter. One that overrides how letters are written has none anywhere.
fn paired(units: &[Unit], is_right: bool, right_before: &[bool]) -> Vec<bool> {
    let mut paired = vec![false; units.len()];
    let (mut embeddings, mut isolates) = (Vec::new(), Vec::new());
    for (index, unit) in units.iter().enumerate() {
        let closed = match unit.letter {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => {
                embeddings.push(index);
                None
            }
            '\u{2066}'..='\u{2068}' => {
                isolates.push(index);
                None
            }
            '\u{202c}' => embeddings.pop(),
            '\u{2069}' => isolates.pop(),
            _ => None,
        };
        let Some(opened) = closed else { continue };
        let overrides = matches!(units[opened].letter, '\u{202d}' | '\u{202e}');
        let has_use = !overrides && (is_right || right_before[opened]);
        paired[opened] = has_use;
        paired[index] = has_use;
    }
    paired
}

/// Whether each character is one of those that spell a region's flag: a black flag, the region's code of four or five
/// letters and digits in tag characters, and the tag that ends it.
fn flags(units: &[Unit]) -> Vec<bool> {
    let mut flags = vec![false; units.len()];
    for (index, unit) in units.iter().enumerate() {
        if unit.letter != '\u{1f3f4}' {
            continue;
        }
        let code = units[index + 1..].iter().take_while(
            |unit| matches!(unit.letter, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}'),
        );
        let length = code.take(6).count();
        let end = index + 1 + length;
        if (4..=5).contains(&length) && units.get(end).is_some_and(|end| end.letter == '\u{e007f}')
        {
            flags[index + 1..=end].fill(true);
        }
    }
    flags
}

/// Whether a letter is written from right to left; nothing of what is no letter.
fn is_right_to_left(letter: char) -> Option<bool> {
    if !letter.is_alphabetic() {
        return None;
    }
    Some(matches!(
        letter.script(),
        Script::Arabic
            | Script::Hebrew
            | Script::Syriac
            | Script::Thaana
            | Script::Nko
            | Script::Samaritan
            | Script::Mandaic
            | Script::Adlam
            | Script::Hanifi_Rohingya
            | Script::Yezidi
    ))
}

/// Whether letters of this one's script take other shapes beside each other, or did so in its history.
fn joins(letter: char) -> bool {
    if letter.is_ascii() || !(letter.is_alphabetic() || is_mark(letter)) {
        return false;
    }
    !matches!(
        letter.script(),
        Script::Latin
            | Script::Greek
            | Script::Cyrillic
            | Script::Armenian
            | Script::Georgian
            | Script::Han
            | Script::Hiragana
            | Script::Katakana
            | Script::Hangul
            | Script::Bopomofo
            | Script::Cherokee
            | Script::Ethiopic
            | Script::Coptic
            | Script::Common
            | Script::Unknown
    ) && !is_latin_mark(letter)
}

/// Whether a mark is one of those that Latin letters carry; others belong to the scripts that have them.
fn is_latin_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe2f}')
        || is_invisible(letter)
}

/// Whether words of this letter's script are written without spaces, so that a break of no width stands between them.
fn has_no_spaces(letter: char) -> bool {
    matches!(
        letter.script(),
        Script::Khmer
            | Script::Thai
            | Script::Lao
            | Script::Myanmar
            | Script::Tibetan
            | Script::Javanese
            | Script::Balinese
            | Script::New_Tai_Lue
            | Script::Tai_Tham
            | Script::Tai_Le
    )
}

fn is_of(letter: char, script: Script) -> bool {
    letter.script() == script
}

/// Whether a character is a mark that stands over or under another.
fn is_mark(letter: char) -> bool {
    letter.script() == Script::Inherited && !is_invisible(letter)
        || matches!(letter, '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
        || (!letter.is_ascii() && !letter.is_alphanumeric() && is_sign_of_word(letter))
}

/// Whether a character that is no letter belongs to a script that has letters: a virama, a vowel's sign.
fn is_sign_of_word(letter: char) -> bool {
    !matches!(letter.script(), Script::Common | Script::Unknown | Script::Inherited | Script::Latin)
}

/// Whether a character is a picture, or a sign that can be shown as one; digits are not.
fn is_picture(letter: char) -> bool {
    !letter.is_ascii() && (letter.is_emoji_char() || letter == '\u{20e3}' || is_symbol(letter))
}

/// Arrows, signs and shapes: some were pictures once, or are on one system only.
fn is_symbol(letter: char) -> bool {
    matches!(letter, '\u{2100}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}' | '\u{3030}'..='\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}
