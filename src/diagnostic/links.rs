//! Links that lead nowhere, or to two places.

use super::{Diagnostic, Location, Rule};
use crate::files::FilePath;

/// A link to nothing that is published.
pub(crate) fn broken_link(
    at: Location,
    typed: &str,
    elsewhere: Option<&str>,
    similar: Option<&str>,
) -> Diagnostic {
    let what = if names_a_page(typed) { "page" } else { "file" };
    let diagnostic = Diagnostic::new(at, Rule::BrokenLink, format!("no {what} `{typed}`"));
    match (elsewhere, similar) {
        (Some(right), _) => diagnostic.help(format!("the {what} of that name is `{right}`")),
        (None, Some(name)) => {
            diagnostic.help(format!("a {what} with a similar name exists: `{name}`"))
        }
        (None, None) => diagnostic,
    }
}

/// What was meant as a link or picture, and is shown as text because its address holds blanks.
pub(crate) fn spaced_address(at: Location, typed: &str) -> Diagnostic {
    let message = format!("`{typed}` holds blanks, which makes this text and no link");
    let (path, fragment) = typed.split_once('#').unwrap_or((typed, ""));
    let encoded = path.replace(' ', "%20");
    let help = if fragment.contains(' ') {
        // The anchors of headings have dashes there.
        format!("write `{encoded}#{}`", fragment.replace(' ', "-"))
    } else {
        format!("write `<{typed}>` between the brackets, or `{encoded}{}`", &typed[path.len()..])
    };
    Diagnostic::new(at, Rule::BrokenLink, message).help(help)
}

fn names_a_page(typed: &str) -> bool {
    let name = typed.rsplit('/').next().unwrap_or(typed);
    match name.rsplit_once('.') {
        None => true,
        Some((_, ending)) => ["md", "markdown", "html", "erb"].contains(&ending),
    }
}

/// A link out of the content folder.
pub(crate) fn outside_content(at: Location, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BrokenLink, format!("`{typed}` leads out of the content folder"))
        .help("link to the file in the repository by its full address")
}

/// A link to a page with `draft: true`.
pub(crate) fn to_draft(at: Location, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BrokenLink, format!("`{typed}` is a draft and is not published"))
        .help("take `draft: true` out of its front matter, or the link out of this page")
}

/// A link to a file whose name keeps it unpublished.
pub(crate) fn to_hidden(at: Location, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BrokenLink, format!("`{typed}` is not published"))
        .help("names that begin with `.` or `_` stay out of the site")
}

/// A link by a scheme that runs code or reads the reader's disk.
pub(crate) fn refused_scheme(at: Location, typed: &str) -> Diagnostic {
    let scheme = typed.split(':').next().unwrap_or(typed);
    Diagnostic::new(at, Rule::BrokenLink, format!("links by `{scheme}:` are not published"))
}

/// A link that differs from the file in case only.
pub(crate) fn wrong_case(at: Location, typed: &str, right: &str) -> Diagnostic {
    Diagnostic::new(
        at,
        Rule::WrongCase,
        format!("`{typed}` differs from the file in upper or lower case"),
    )
    .help(format!("write `{right}`"))
}

/// An anchor that the page does not have; `page` is left out where it is the same page.
pub(crate) fn broken_anchor(
    at: Location,
    anchor: &str,
    page: Option<&FilePath>,
    similar: Option<&str>,
) -> Diagnostic {
    let place = page.map_or_else(|| "this page".to_owned(), |page| format!("`{page}`"));
    let diagnostic =
        Diagnostic::new(at, Rule::BrokenAnchor, format!("no heading `#{anchor}` in {place}"));
    match similar {
        Some(name) => diagnostic.help(format!("a heading with a similar anchor exists: `#{name}`")),
        None => diagnostic,
    }
}

/// An anchor in the list of a folder that has no page of its own.
pub(crate) fn list_anchor(at: Location, anchor: &str) -> Diagnostic {
    let message = format!("no heading `#{anchor}` in the list of a folder without a page");
    Diagnostic::new(at, Rule::BrokenAnchor, message)
        .help("link to the page that has the heading, or give the folder an `index.md`")
}

/// Two pages at one address.
pub(crate) fn duplicate_address(at: Location, address: &str, first: &FilePath) -> Diagnostic {
    let shown = if address.is_empty() { "/" } else { address };
    Diagnostic::new(
        at,
        Rule::DuplicateAddress,
        format!("the address `{shown}` is taken by `{first}`"),
    )
    .help("rename one of the two")
}

/// An alias that is no address of this site.
pub(crate) fn bad_alias(at: Location, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadValue, format!("the alias `{typed}` leads out of the site"))
}

/// A file where Guidepost needs a folder, or has its search index.
pub(crate) fn address_of_guidepost(at: Location, address: &str, what: &str) -> Diagnostic {
    let message = format!("the address `{address}` is taken by {what} that Guidepost publishes");
    Diagnostic::new(at, Rule::DuplicateAddress, message).help("rename the file")
}

/// An author's file that stands where Guidepost would publish one of its own.
pub(crate) fn generated_file_replaced(at: Location, address: &str) -> Diagnostic {
    let message =
        format!("this is published at `{address}`, where Guidepost's own file is left out");
    Diagnostic::new(at, Rule::GeneratedFileReplaced, message)
        .help("rename it to have both, or allow this if it is meant to replace the other")
}

/// A name or path that no system can write.
pub(crate) fn name_too_long(at: Location, why: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::NameTooLong, format!("not published: its file would have {why}"))
        .help("shorten the name")
}

/// A name that some systems refuse.
pub(crate) fn name_not_portable(at: Location, why: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::NameNotPortable, why.to_owned())
        .help("rename it before somebody builds or publishes the site there")
}

/// Two published files that some systems take for one.
pub(crate) fn differs_in_case(at: Location, address: &str, other: &FilePath) -> Diagnostic {
    let message =
        format!("`{address}` differs from the address of `{other}` in upper and lower case alone");
    Diagnostic::new(at, Rule::NameNotPortable, message)
        .help("rename one of the two; Windows and macOS keep only one of them")
}

/// An image that the site's own policy keeps from being loaded.
pub(crate) fn foreign_image(at: Location, host: &str) -> Diagnostic {
    Diagnostic::new(
        at,
        Rule::ForeignImage,
        format!("this image is loaded from `{host}`, which the site does not do"),
    )
    .help("put a copy beside the page, or link to it")
}

/// A drawing that runs something.
pub(crate) fn active_drawing(at: Location, what: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::ActiveDrawing, format!("this drawing holds {what}"))
        .help("take it out: in pages it does not run, opened by itself it does")
}

#[cfg(test)]
mod tests {
    use super::spaced_address;
    use crate::diagnostic::Location;
    use crate::files::FilePath;

    #[test]
    fn what_to_write_in_place_of_blanks_depends_on_where_they_stand() {
        let at = Location::file(&FilePath::new("content/a.md").expect("a path"));
        for (typed, expected) in [
            ("a b.png", "write `<a b.png>` between the brackets, or `a%20b.png`"),
            ("a b.md#c", "write `<a b.md#c>` between the brackets, or `a%20b.md#c`"),
            ("a b.md#c d", "write `a%20b.md#c-d`"),
            ("#c d e", "write `#c-d-e`"),
        ] {
            assert_eq!(spaced_address(at.clone(), typed).help.as_deref(), Some(expected));
        }
    }
}
