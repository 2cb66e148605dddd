//! Names and patterns by what they begin and end with, so that only those are compared which can have a name in common.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::pattern::{Pattern, PatternPiece};

/// Places of names and patterns, all in the same case.
#[derive(Default)]
pub(super) struct Affixes {
    by_end: BTreeMap<String, Vec<(usize, String)>>,
}

impl Affixes {
    pub(super) fn add(&mut self, pattern: &Pattern, index: usize) {
        self.by_end.entry(end(pattern)).or_default().push((index, start(pattern).to_owned()));
    }

    /// The places, in their order, whose names or patterns begin and end in a way in which one that this matches can.
    pub(super) fn compatible(&self, pattern: &Pattern) -> Vec<usize> {
        let (start, end) = (start(pattern), end(pattern));
        let longer = (Bound::Included(end.clone()), Bound::Unbounded);
        let longer = self.by_end.range(longer).take_while(|(other, _)| other.starts_with(&end));
        let shorter =
            end.char_indices().filter_map(|(at, _)| self.by_end.get_key_value(&end[..at]));
        let begins = |other: &str| other.starts_with(start) || start.starts_with(other);
        let mut places: Vec<usize> = longer
            .chain(shorter)
            .flat_map(|(_, places)| places)
            .filter(|(_, other)| begins(other))
            .map(|(index, _)| *index)
            .collect();
        places.sort_unstable();
        places
    }
}

/// What a pattern begins with.
fn start(pattern: &Pattern) -> &str {
    match pattern.pieces().first() {
        Some(PatternPiece::Literal(text)) => text,
        _ => "",
    }
}

/// What a pattern ends with, backwards.
fn end(pattern: &Pattern) -> String {
    match pattern.pieces().last() {
        Some(PatternPiece::Literal(text)) => text.chars().rev().collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Affixes, Pattern};

    #[test]
    fn only_what_begins_and_ends_alike_is_compatible() {
        let mut affixes = Affixes::default();
        let names = ["a-login", "*-login", "a-*", "b-*", "*", "logout", "*-x-login"];
        for (index, name) in names.iter().enumerate() {
            affixes.add(&Pattern::claimed(name), index);
        }
        let compatible = |name: &str| {
            let places = affixes.compatible(&Pattern::claimed(name));
            places.into_iter().map(|index| names[index]).collect::<Vec<&str>>()
        };
        assert_eq!(compatible("a-login"), ["a-login", "*-login", "a-*", "*"]);
        assert_eq!(compatible("a-*"), ["a-login", "*-login", "a-*", "*", "*-x-login"]);
        assert_eq!(compatible("*-x-login"), ["*-login", "a-*", "b-*", "*", "*-x-login"]);
        assert_eq!(compatible("*-out"), ["a-*", "b-*", "*"]);
    }
}
