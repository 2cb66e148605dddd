//! The bytes of a page become text.

use std::borrow::Cow;

use crate::text::encoding::decoded;

/// The text of a page as [`parse`](super::parse) reads it, which is what the places in a [`Document`](super::Document) count: what is no text is
/// replaced.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    decoded(bytes)
}
