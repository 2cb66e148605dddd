//! Which files of a folder are pages.

use crate::files::FilePath;

/// The endings of page files, as site.toml has them by default.
pub(super) const PAGE_ENDINGS: [&str; 3] = [".html.md.erb", ".markdown", ".md"];

/// Pages of a repository that describe the repository itself and are not published.
pub(super) const NOT_PAGES: [&str; 6] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    "LICENSE.md",
];

pub(super) fn is_page(path: &FilePath) -> bool {
    // `_index.md` is a section's own page, the one name with an underscore that is published.
    let hidden = match path.as_str().strip_suffix("_index.md") {
        Some(folder) => FilePath::new(folder).is_some_and(|folder| folder.is_hidden()),
        None => path.is_hidden(),
    };
    !hidden && PAGE_ENDINGS.iter().any(|ending| path.name().ends_with(ending))
}
