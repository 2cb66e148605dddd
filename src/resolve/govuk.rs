//! The anchors that GOV.UK's technical documentation template gives headings, where they are others than GitHub's: signs
//! as they are escaped in HTML, `we-39-re`, and in front of a text that the page repeats those of the headings above.

use crate::parse::Heading;

/// The heading that has this anchor there.
pub(super) fn heading_of(headings: &[Heading], anchor: &str) -> Option<usize> {
    anchors(headings).position(|names| names.iter().any(|name| name == anchor))
}

/// By what each heading can be named there: its own text, with any of those above it before.
pub(super) fn anchors(headings: &[Heading]) -> impl Iterator<Item = Vec<String>> {
    let mut above: Vec<(u8, String)> = Vec::new();
    headings.iter().map(move |heading| {
        above.retain(|(level, _)| *level < heading.level);
        above.push((heading.level, slug(&heading.full_text())));
        let names: Vec<&str> = above.iter().map(|(_, name)| name.as_str()).collect();
        (0..names.len()).map(|first| names[first..].join("-")).collect()
    })
}

/// A heading's text as the template makes an id of it.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars() {
        let escaped = match letter {
            '\'' => "-39-",
            '&' => "-amp-",
            '"' => "-quot-",
            '<' => "-lt-",
            '>' => "-gt-",
            letter if letter.is_alphanumeric() || letter == '_' => {
                slug.extend(letter.to_lowercase());
                continue;
            }
            _ => "-",
        };
        let from = usize::from(slug.ends_with('-') || slug.is_empty());
        slug.push_str(&escaped[from.min(escaped.len())..]);
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::heading_of;
    use crate::parse::Heading;

    fn check(headings: &[(u8, &str)], anchor: &str, expected: Option<usize>) {
        let headings = headings.iter().map(|(level, text)| Heading {
            level: *level,
            text: (*text).to_owned(),
            number: None,
            anchor: String::new(),
            repeated: false,
        });
        assert_eq!(heading_of(&headings.collect::<Vec<_>>(), anchor), expected, "{anchor}");
    }

    #[test]
    fn headings_are_found_by_the_ids_that_the_template_gives_them() {
        let page =
            [(1, "T"), (3, "What we're after"), (4, "Plan & do"), (3, "Then"), (4, "Plan & do")];
        check(&page, "what-we-39-re-after", Some(1));
        check(&page, "plan-amp-do", Some(2));
        check(&page, "then-plan-amp-do", Some(4));
        check(&page, "t-then-plan-amp-do", Some(4));
        check(&page, "other-plan-amp-do", None);
        check(&page, "then-", None);
    }
}
