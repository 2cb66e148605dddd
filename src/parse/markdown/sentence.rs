//! The sentence around a link.

use std::sync::Arc;

use crate::text::single_spaced;

/// How far from a link its sentence is looked for: a list of a thousand links is no sentence.
const REACH: usize = 400;

/// The sentence of `plain` that holds byte `at`, with single spaces; of one that goes on for long the part around it.
pub(super) fn sentence_around<'p>(plain: &'p str, at: usize) -> Arc<str> {
    let first = plain.floor_char_boundary(at.saturating_sub(REACH));
    let last = plain.ceil_char_boundary(at.saturating_add(REACH));
    // Stops are ASCII, so a byte that reads as one is one.
    let is_end = |stop: &usize| plain[stop + 1..].chars().next().is_none_or(char::is_whitespace);
    let stops = |text: &'p str| memchr::memchr3_iter(b'.', b'!', b'?', text.as_bytes());
    let stop = stops(&plain[first..at]).map(|stop| first + stop).rev().find(is_end);
    let is_cut = stop.is_none() && first > 0;
    let start = stop.map_or(first, |stop| stop + 1);
    let stop = stops(&plain[at..last]).map(|stop| at + stop).find(is_end);
    let is_cut_off = stop.is_none() && last < plain.len();
    let end = stop.map_or(last, |stop| stop + 1);
    let sentence = single_spaced(&plain[start..end]);
    if !is_cut && !is_cut_off {
        return sentence.into();
    }
    let (mut words, mut shown) = (&*sentence, String::new());
    if is_cut {
        words = words.split_once(' ').map_or(words, |(_, rest)| rest);
        shown.push('…');
    }
    if is_cut_off {
        words = words.rsplit_once(' ').map_or(words, |(kept, _)| kept);
    }
    shown.push_str(words);
    if is_cut_off {
        shown.push('…');
    }
    shown.into()
}
