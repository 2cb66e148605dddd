//! Which `<...>` tokens are to be filled in by the author of a page.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::parse::Document;
use crate::token::{TokenKind, follows_word, parameter_name, placeholder, placeholders};

/// The slots of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slots(BTreeSet<String>);

impl Slots {
    /// Every token of the template that is not HTML, a type argument or sample output.
    pub(super) fn of_template(template: &Document, text: &str) -> Slots {
        let tokens = tokens(template, text).into_iter().filter(|token| !token.is_generic);
        Slots(tokens.map(|token| parameter_name(&token.text)).collect())
    }

    /// Whether the template has this token.
    pub(super) fn is_slot(&self, token: &str) -> bool {
        placeholder(token).is_some() && self.0.contains(&parameter_name(token))
    }
}

/// A `<...>` token that could be a slot.
pub(super) struct SlotToken {
    /// The token with its angle brackets.
    pub(super) text: String,
    /// Its place in the file.
    pub(super) range: Range<usize>,
    /// The index of the heading it stands under.
    pub(super) heading: Option<u32>,
    /// Whether it follows a word without a space: `Vec<T>`.
    pub(super) is_generic: bool,
}

/// Whether a token is written `<UPPER_CASE>`, which is a slot whether or not the template has it.
pub(super) fn is_upper_case(token: &str) -> bool {
    placeholder(token) == Some(TokenKind::UpperCase)
}

/// The tokens of prose, inline code, front matter and code blocks, in the order of the file.
pub(super) fn tokens(page: &Document, text: &str) -> Vec<SlotToken> {
    let mut found: Vec<SlotToken> = page
        .tokens
        .iter()
        .map(|token| SlotToken {
            text: token.text.clone(),
            range: token.range.clone(),
            heading: token.heading,
            is_generic: follows_word(text, token.range.start),
        })
        .collect();
    for block in &page.code_blocks {
        let lines = block.lines();
        for range in placeholders(&block.text) {
            found.push(SlotToken {
                text: block.text[range.clone()].to_owned(),
                range: lines.in_file(&range),
                heading: block.heading,
                is_generic: follows_word(&block.text, range.start),
            });
        }
    }
    found.sort_by_key(|token| token.range.start);
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::tokens;
    use crate::parse::new_page::slot_names;
    use crate::parse::tests_support::document;
    use crate::token::{parameter_name, placeholder, placeholders};

    proptest! {
        #[test]
        fn every_reader_takes_the_same_for_a_token(
            words in proptest::collection::vec(
                "<[a-zA-Z]{1,3}[-_ /:|.,'+*?@=]?[a-z0-9]{1,3}>|<[A-Z_ -]{1,6}>|</?[a-c]>|<none>|<|>|\\{\\{|\\}\\}|<=|->|[a-z]{1,3}",
                1..12,
            )
        ) {
            let line = words.join(" ");
            let expected: Vec<&str> = placeholders(&line).map(|range| &line[range]).collect();
            for page in [
                format!("---\nsummary: '{}'\n---\n", line.replace('\'', "''")),
                format!("``` {} ```\n", line.trim()).replace("``` ", "`` ").replace(" ```", " ``"),
                format!("```yaml\n{line}\n```\n"),
                format!("```sh\n{line}\n```\n"),
            ] {
                let read = document(&page);
                let found = tokens(&read, &page);
                let texts: Vec<&str> = found.iter().map(|token| token.text.as_str()).collect();
                prop_assert_eq!(&texts, &expected, "{}", page);
                for token in &found {
                    prop_assert!(placeholder(&token.text).is_some(), "{}", page);
                }
                for block in &read.code_blocks {
                    for range in block.shell.iter().flat_map(|shell| shell.parameter_ranges()) {
                        prop_assert!(
                            tokens_of(&block.text).contains(&&block.text[range.clone()]),
                            "{} in {}", &block.text[range], page
                        );
                    }
                }
            }
            let names: Vec<String> = slot_names(&line).iter().map(|name| parameter_name(name)).collect();
            for token in expected.iter().filter(|token| !parameter_name(token).is_empty()) {
                prop_assert!(names.contains(&parameter_name(token)), "{}", line);
            }
        }
    }

    fn tokens_of(text: &str) -> Vec<&str> {
        crate::token::tokens(text).into_iter().map(|token| &text[token.range]).collect()
    }
}
