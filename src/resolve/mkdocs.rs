//! The anchors that `MkDocs` gives headings, where they are others than GitHub's: `a-b` for `a--b`, `name_1` for `name-1`.

use std::collections::{HashMap, HashSet};

use crate::parse::Heading;

/// The heading that has this anchor there.
pub(super) fn heading_of(headings: &[Heading], anchor: &str) -> Option<usize> {
    anchors(headings).position(|own| own == anchor)
}

/// The anchors that headings have there, in their order.
pub(super) fn anchors(headings: &[Heading]) -> impl Iterator<Item = String> {
    let mut taken = HashSet::new();
    // The last id that was tried of each text: those before it are taken.
    let mut tried: HashMap<String, String> = HashMap::new();
    headings.iter().map(move |heading| {
        let slug = slug(&heading.full_text());
        let mut own = tried.get(&slug).unwrap_or(&slug).clone();
        while own.is_empty() || !taken.insert(own.clone()) {
            own = next(&own);
        }
        tried.insert(slug, own.clone());
        own
    })
}

/// A heading's text as Python-Markdown makes an id of it: ASCII letters and digits, in lower case, with single dashes.
fn slug(text: &str) -> String {
    let is_kept = |letter: &char| letter.is_ascii_alphanumeric() || " _-".contains(*letter);
    let spaced = text.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    let kept: String = spaced.filter(is_kept).collect();
    let mut slug = String::with_capacity(kept.len());
    for letter in kept.trim().chars().map(|letter| letter.to_ascii_lowercase()) {
        let letter = if letter == ' ' { '-' } else { letter };
        if letter != '-' || !slug.ends_with('-') {
            slug.push(letter);
        }
    }
    slug
}

/// The id that is tried after one that is taken.
fn next(id: &str) -> String {
    let counted = id.rsplit_once('_').and_then(|(name, count)| {
        Some(format!("{name}_{}", count.parse::<u32>().ok()?.checked_add(1)?))
    });
    counted.unwrap_or_else(|| format!("{id}_1"))
}

#[cfg(test)]
mod tests {
    use super::heading_of;
    use crate::parse::Heading;

    fn check(headings: &[&str], anchor: &str, expected: Option<usize>) {
        let headings = headings.iter().map(|text| Heading {
            level: 2,
            text: (*text).to_owned(),
            number: None,
            anchor: String::new(),
            repeated: false,
        });
        assert_eq!(heading_of(&headings.collect::<Vec<_>>(), anchor), expected, "{anchor}");
    }

    #[test]
    fn headings_are_found_by_the_ids_that_mkdocs_gives_them() {
        check(&["A", "Stop & start: now!"], "stop-start-now", Some(1));
        check(&["A - B"], "a-b", Some(0));
        check(&["Name", "Name", "Name"], "name_2", Some(2));
        check(&["v1.2 of x_y"], "v12-of-x_y", Some(0));
        check(&["A"], "b", None);
        check(&["–", "–"], "_2", Some(1));
    }
}
