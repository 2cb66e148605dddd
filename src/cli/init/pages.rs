//! Which files of a folder are pages.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::FilePath;
use crate::parse::Document;

/// The endings of page files: those that site.toml has by default, and that of pages with JSX.
pub(super) const PAGE_ENDINGS: [&str; 4] = [".html.md.erb", ".markdown", ".mdx", ".md"];

/// Pages of a repository that describe the repository itself and are not published.
pub(super) const NOT_PAGES: [&str; 6] = [
    "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "SECURITY.md",
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

/// The fewest folders whose pages are the chosen ones, nearly all of them, as globs. A folder is not widened to one that
/// holds no more of them, nor to one with a folder that holds none of them: beside `alerts/` lie pages that are none.
pub(super) fn globs_over(chosen: &[&FilePath], documents: &[(FilePath, Document)]) -> Vec<String> {
    let chosen: BTreeSet<&FilePath> = chosen.iter().copied().collect();
    let own: BTreeSet<&str> = chosen.iter().map(|path| path.folder()).collect();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut mixed: BTreeSet<&str> = BTreeSet::new();
    for (path, _) in documents.iter().filter(|(path, _)| !is_section_page(path)) {
        for folder in folders_of(path) {
            let (hits, pages) = counts.entry(folder).or_default();
            *hits += usize::from(chosen.contains(path));
            *pages += 1;
            if !own.contains(path.folder()) {
                mixed.insert(folder);
            }
        }
    }
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for path in &chosen {
        let mut best = None;
        for folder in folders_of(path) {
            let (hits, pages) = counts.get(folder).copied().unwrap_or_default();
            if hits * 10 >= pages * 9
                && !mixed.contains(folder)
                && best.is_none_or(|(most, _)| hits > most)
            {
                best = Some((hits, folder));
            }
        }
        folders.extend(best.map(|(_, folder)| folder));
    }
    folders
        .iter()
        .map(|folder| if folder.is_empty() { "**".to_owned() } else { format!("{folder}/**") })
        .collect()
}

/// The folder of a page and those around it, the innermost first.
pub(super) fn folders_of(path: &FilePath) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path.folder()), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(parent, _)| parent))
    })
}
