//! What looks like a link to people and is none: an address that holds blanks, as exports of wikis write those of their
//! pictures. `CommonMark` wants `<an address.png>` there, and shows anything else as text.

use comrak::nodes::Sourcepos;

use super::writer::PageWriter;
use crate::parse::document::{LinkKind, SpacedLink};
use crate::parse::source::find_from;

/// The longest address that is looked at.
const LONGEST_ADDRESS: usize = 512;

impl PageWriter<'_> {
    /// Remembers the addresses with blanks in a text that stands at a place.
    pub(super) fn name_spaced(&mut self, text: &str, position: Sourcepos) {
        let near = self.source.range(position);
        let mut from = near.start;
        for (kind, address) in spaced(text) {
            // Whatever differs from what was typed, such as an escaped bracket, is not to be found there.
            let Some(range) = find_from(self.source.text, address, from) else { continue };
            if range.end > near.end {
                break;
            }
            from = range.end;
            self.body.spaced.push(SpacedLink { kind, address: address.to_owned(), range });
        }
    }
}

/// The addresses with blanks in a text.
fn spaced(text: &str) -> impl Iterator<Item = (LinkKind, &str)> {
    let mut done = 0;
    text.match_indices("](").filter_map(move |(at, _)| {
        let behind = at + 2;
        // Within an address, brackets open no other. What was looked through once is not looked through again.
        let between = text.get(done..at)?;
        let begin = std::mem::replace(&mut done, behind);
        let opening = between.rfind('[').map(|open| begin + open)?;
        let end = text.floor_char_boundary(behind + LONGEST_ADDRESS);
        let inner = &text[behind..behind + closing(&text[behind..end])?];
        done = behind + inner.len();
        let address = without_title(inner.trim());
        let shows = text[..opening].ends_with('!');
        let kind = if shows { LinkKind::Image } else { LinkKind::Markdown };
        (address.contains(' ') && !address.starts_with('<')).then_some((kind, address))
    })
}

/// Where the bracket is that ends an address, which may hold pairs of them.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, letter)| {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
        None
    })
}

/// An address without the title in quotes behind it.
fn without_title(inner: &str) -> &str {
    let quote = inner.chars().next_back().filter(|quote| "\"'".contains(*quote));
    let title = quote.and_then(|quote| {
        let open = inner[..inner.len() - 1].rfind(quote)?;
        inner[..open].ends_with(' ').then_some(open)
    });
    title.map_or(inner, |open| inner[..open].trim_end())
}

#[cfg(test)]
mod tests {
    use crate::parse::document::LinkKind;
    use crate::parse::tests_support::document;

    fn check(text: &str, expected: &[(bool, &str)]) {
        let page = document(text);
        let found = page.spaced.iter().map(|it| (it.kind == LinkKind::Image, it.address.as_str()));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
        for link in &page.spaced {
            assert_eq!(text[link.range.clone()], link.address);
        }
    }

    #[test]
    fn addresses_with_blanks_are_remembered_with_their_places() {
        check("![a](my image.png)\n", &[(true, "my image.png")]);
        check(
            "- [a](On call/b.md#c d), ![](x y.png \"T\")",
            &[(false, "On call/b.md#c d"), (true, "x y.png")],
        );
        check("| a |\n|--|\n| ![s](Shot (2) at 10.png) |\n", &[(true, "Shot (2) at 10.png")]);
        check("![é](ä b.png) and [b](c d.md)\n", &[(true, "ä b.png"), (false, "c d.md")]);
        check("![a](b ](c)d.png) [r][s", &[(true, "b ](c)d.png")]);
        check("a](b [x](y z)", &[(false, "y z")]);
        check("![a](b c.png)\n![a](b c.png)\n", &[(true, "b c.png"), (true, "b c.png")]);
    }

    #[test]
    fn links_code_and_other_brackets_are_not() {
        for text in [
            "![a](<my image.png>)",
            "[a](b \"c d\")",
            "`![a](b c.png)`",
            "```\n![a](b c.png)\n```",
            "[a] (b c)",
            "a](b c)",
            "[a](b c",
            "f(a b)",
            "[a](b)",
            "[a](b\nc)",
        ] {
            check(text, &[]);
        }
    }
}
