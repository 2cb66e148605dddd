//! Stretches of letters of a kind.

/// As much of a secret as is looked at. The longest are some thousand letters; what goes on for longer is a text in
/// which one secret seems to begin behind another.
pub(super) const LONGEST: usize = 4 << 10;

/// The letters at the beginning of a text that fit.
pub(super) fn run(text: &str, fits: impl Fn(char) -> bool) -> &str {
    let text = &text[..text.floor_char_boundary(LONGEST)];
    &text[..text.find(|letter| !fits(letter)).unwrap_or(text.len())]
}
