//! Which characters are invisible, and what kind of character each is.

/// What an invisible character does, or would do where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvisibleKind {
    /// Changes the direction of the text around it, so that it shows in another order than programs read.
    Direction,
    /// A copy of ASCII that shows nothing at all.
    Tag,
    /// Takes no room: joiners, breaks, marks of the order of bytes.
    ZeroWidth,
    /// Chooses between forms of the character before it.
    Selector,
    /// Moves the cursor of a terminal, or does nothing.
    Control,
    /// Shows as a blank but is a letter.
    Filler,
}

impl InvisibleKind {
    /// The kind of an invisible character.
    pub fn of(letter: char) -> InvisibleKind {
        match letter {
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}' => InvisibleKind::Direction,
            '\u{e0000}'..='\u{e007f}' => InvisibleKind::Tag,
            '\u{180b}'..='\u{180d}'
            | '\u{180f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}' => InvisibleKind::Selector,
            '\0'..='\u{9f}' | '\u{2028}' | '\u{2029}' => InvisibleKind::Control,
            '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' => InvisibleKind::Filler,
            _ => InvisibleKind::ZeroWidth,
        }
    }

    /// As a finding says it, of one character or more.
    pub fn phrase(self) -> &'static str {
        match self {
            InvisibleKind::Direction => "changes the direction of text and is not seen",
            InvisibleKind::Tag => "spells text that is not seen",
            InvisibleKind::ZeroWidth => "takes no room and is not seen",
            InvisibleKind::Selector => {
                "chooses a form that no character before it has, and is not seen"
            }
            InvisibleKind::Control => "controls a terminal and is not seen",
            InvisibleKind::Filler => "shows as a blank but is a letter",
        }
    }
}

/// Whether a character shows nothing by itself: the `Default_Ignorable_Code_Point`s of Unicode, its other format
/// characters but for those that enclose numbers, control characters but for tabs and ends of lines and pages, and
/// letters that are blank.
pub(crate) fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\0'..='\u{8}'
        | '\u{b}'
        | '\u{e}'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}'
    )
}
