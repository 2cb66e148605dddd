//! Which parts of a site never change under their names, in few patterns.

use std::collections::BTreeSet;

use crate::served::{FileKind, kind};

/// Folders of which every file is named after its content, as `theme/*`, and other such files by themselves, in their
/// order.
pub(super) fn unchanging(published: &BTreeSet<&str>) -> Vec<String> {
    let is_hashed = |path: &&str| kind(path) == FileKind::Hashed;
    let mut mixed: BTreeSet<&str> = BTreeSet::new();
    for path in published.iter().filter(|path| !is_hashed(path)) {
        // Whoever is known, those above are known too.
        let mut folders = folders(path).rev();
        while folders.next().is_some_and(|folder| mixed.insert(folder)) {}
    }
    let pattern = |path: &&str| {
        let whole = folders(path).find(|folder| !mixed.contains(folder));
        whole.map_or_else(|| (*path).to_owned(), |folder| format!("{folder}*"))
    };
    let patterns: BTreeSet<String> =
        published.iter().filter(|path| is_hashed(path)).map(pattern).collect();
    patterns.into_iter().collect()
}

/// The folders above a path with their trailing slashes, the outermost first; the root is none of them.
fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..=end])
}

#[cfg(test)]
mod tests {
    use super::unchanging;

    fn check(published: &[&str], expected: &[&str]) {
        assert_eq!(unchanging(&published.iter().copied().collect()), expected);
    }

    #[test]
    fn a_folder_counts_whole_only_if_all_of_it_is_named_after_its_content() {
        check(
            &[
                "index.html",
                "search/manifest.bin",
                "search/shards/facets.018ad6.bin",
                "search/shards/t/a0.018ad6.bin",
                "theme/a.0123456789.css",
                "theme/icon.0123456789.svg",
            ],
            &["search/shards/*", "theme/*"],
        );
        check(
            &["theme/a.0123456789.css", "theme/b.0123456789.js", "theme/fonts/a.woff2"],
            &["theme/a.0123456789.css", "theme/b.0123456789.js"],
        );
        check(&["index.html", "search/manifest.bin"], &[]);
    }
}
