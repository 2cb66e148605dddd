//! What the site's own search does not lead to as pages say that it should.

use super::{Diagnostic, Location, Rule};
use crate::files::FilePath;

/// Something that a page answers finds nothing at all.
pub(crate) fn finds_nothing(at: Location, typed: &str) -> Diagnostic {
    let message = format!("searching for `{typed}` finds nothing");
    Diagnostic::new(at, Rule::NotFoundFirst, message)
        .help("use these words in the page that answers it, or in a heading of it")
}

/// Something that a page answers brings another page first: the two compete.
pub(crate) fn other_page_first(
    at: Location,
    typed: &str,
    first: &FilePath,
    title: &str,
) -> Diagnostic {
    let message =
        format!("searching for `{typed}` brings `{first}` (\"{title}\") first, not this page");
    Diagnostic::new(at, Rule::NotFoundFirst, message)
        .also(Location::file(first), "this page comes first")
        .help(
            "name what is asked in a heading, or list it under `asks`, of the page that answers it",
        )
}

/// Something that one section answers brings another of its page first.
pub(crate) fn other_section_first(
    at: Location,
    typed: &str,
    title: &str,
    anchor: &str,
) -> Diagnostic {
    let message =
        format!("searching for `{typed}` brings \"{title}\" first, not the section `#{anchor}`");
    Diagnostic::new(at, Rule::NotFoundFirst, message)
        .help("name what is asked in the heading of the section that answers it")
}
