//! The language of a page's text and the direction that it is read in.

use crate::parse::Document;

/// Languages that are written from right to left, by the first part of their tags.
const RIGHT_TO_LEFT: [&str; 12] =
    ["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "syr", "ur", "yi"];

/// The language that the front matter names, as a tag.
pub(super) fn language(document: &Document) -> Option<&str> {
    let named = document.meta.lang.as_ref()?.value.trim();
    let is_tag = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    named.split('-').all(is_tag).then_some(named)
}

/// `rtl` for text that is read from right to left: by its language, else by most of its letters.
pub(super) fn direction(document: &Document) -> Option<&'static str> {
    if let Some(language) = language(document) {
        let first = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
        return Some(if RIGHT_TO_LEFT.contains(&&*first) { "rtl" } else { "ltr" });
    }
    let texts = || document.sections.iter().map(|section| section.text.as_str());
    // Most pages hold no byte that such letters begin with, and that is quickly seen.
    if !texts().any(|text| text.bytes().any(|byte| matches!(byte, 0xd6..=0xdf | 0xe0 | 0xef))) {
        return None;
    }
    let (mut right_to_left, mut others) = (0_usize, 0_usize);
    for letter in texts().flat_map(str::chars).filter(|letter| letter.is_alphabetic()) {
        match letter {
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                right_to_left += 1;
            }
            _ => others += 1,
        }
    }
    (right_to_left > others).then_some("rtl")
}

#[cfg(test)]
mod tests {
    use super::{direction, language};
    use crate::files::FilePath;
    use crate::parse::{Input, ParseOptions, parse};

    fn check(text: &str, expected: (Option<&str>, Option<&str>)) {
        let document = parse(&Input {
            path: FilePath::new("a.md").unwrap(),
            bytes: text.as_bytes().to_vec().into(),
            options: ParseOptions::default().into(),
        });
        assert_eq!((language(&document), direction(&document)), expected, "{text}");
    }

    #[test]
    fn text_is_read_in_the_direction_of_its_language_or_of_its_letters() {
        check("Plain text", (None, None));
        check("---\nlang: fa-IR\n---\ntext", (Some("fa-IR"), Some("rtl")));
        check("---\nlang: de\n---\ntext", (Some("de"), Some("ltr")));
        check("# שלום\n\nהפעילו את השירות עם restart.\n", (None, Some("rtl")));
        check("Say שלום to all of them", (None, None));
        check("---\nlang: \"no tag\\\"\"\n---\ntext", (None, None));
    }
}
