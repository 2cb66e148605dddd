//! Which files of a folder are pages.

use std::collections::BTreeSet;

use crate::files::FilePath;
use crate::parse::Document;

/// The endings of page files: those that site.toml has by default, and that of pages with JSX.
pub(super) const PAGE_ENDINGS: [&str; 4] = [".html.md.erb", ".markdown", ".mdx", ".md"];

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

/// The name of a page file without its ending.
pub(super) fn stem(path: &FilePath) -> &str {
    let name = path.name();
    PAGE_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// Whether a page is its folder's own.
pub(super) fn is_section_page(path: &FilePath) -> bool {
    ["index", "_index", "README"].contains(&stem(path))
}

/// The fewest folders whose pages are the chosen ones, nearly all of them, as globs.
pub(super) fn globs_over(chosen: &[&FilePath], documents: &[(FilePath, Document)]) -> Vec<String> {
    let chosen: BTreeSet<&FilePath> = chosen.iter().copied().collect();
    let fits = |folder: &str| {
        let inside = documents.iter().map(|(path, _)| path);
        let inside: Vec<&FilePath> =
            inside.filter(|path| !is_section_page(path) && path.under(folder).is_some()).collect();
        let hits = inside.iter().filter(|path| chosen.contains(*path)).count();
        hits * 10 >= inside.len() * 9
    };
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for path in &chosen {
        let mut best = None;
        let mut folder = path.folder();
        loop {
            if fits(folder) {
                best = Some(folder);
            }
            if folder.is_empty() {
                break;
            }
            folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        folders.extend(best);
    }
    folders
        .iter()
        .map(|folder| if folder.is_empty() { "**".to_owned() } else { format!("{folder}/**") })
        .collect()
}
