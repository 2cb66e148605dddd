//! A run that ends at any of its changes to the disk: nothing unfinished is published, nothing of somebody else's is
//! lost, and the next run makes the site as if there had been no other.

#![expect(clippy::disallowed_methods, reason = "the tests look at the folder that was written")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::disk::kill::{self, End};
use super::{BuildRecord, Emitted, STAGE, emit};
use crate::files::{Bytes, FilePath, MANIFEST};

/// A site: the text of each of its files.
type PublishedFolder = [(&'static str, &'static str)];

const FIRST: &PublishedFolder = &[
    ("404.html", "not here"),
    ("a/index.html", "first a"),
    ("b/index.html", "the same in both"),
    ("c", "a file that becomes a folder"),
    ("d/e/index.html", "below what becomes a file"),
    ("d/e/f.png", "too"),
    ("gone/deep/index.html", "gone in the second"),
    ("index.html", "first"),
    ("search/shard.bin", "first shard"),
    ("theme/site.css", "first style"),
];

const SECOND: &PublishedFolder = &[
    ("404.html", "not here"),
    ("a/index.html", "second a, which is longer"),
    ("b/index.html", "the same in both"),
    ("c/index.html", "a folder now"),
    ("d", "a file now"),
    ("index.html", "secnd"),
    ("new/deep/er/index.html", "new in the second"),
    ("search/shard.bin", "other shard"),
    ("theme/site.css", "other style"),
];

/// What the author has beside the output and, once there is one, in it.
const OWN: [(&str, &str); 3] =
    [("content/page.md", "mine"), ("content/public.md", "mine"), ("content/.hidden/x", "mine")];

/// Writes a site.
fn run(folder: &Path, site: &PublishedFolder) -> anyhow::Result<Emitted> {
    let emission = emit(folder)?;
    let take = |(path, text): &(&str, &str)| {
        let bytes: Bytes = text.as_bytes().to_vec().into();
        emission.take(&FilePath::new(path).expect("a path"), &bytes)
    };
    let taken = site.iter().map(take).collect::<anyhow::Result<Vec<_>>>()?;
    emission.finish(&taken, &BuildRecord { of: site[1].1.to_owned(), ..BuildRecord::default() })
}

/// The files below a folder with what they hold, by their paths in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inner) = open.pop() {
        for entry in std::fs::read_dir(inner).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let text = std::fs::read_to_string(&path).expect("text");
                found.insert(path.strip_prefix(folder).expect("it lies below").to_owned(), text);
            }
        }
    }
    found
}

/// A folder with the author's files, and the output in it.
fn prepared(before: Option<&PublishedFolder>) -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().expect("a folder");
    let public = root.path().join("content/public");
    for (path, text) in OWN {
        let place = root.path().join(path);
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        std::fs::write(place, text).expect("a file");
    }
    if let Some(site) = before {
        run(&public, site).expect("a site");
        std::fs::write(public.join("CNAME"), "mine").expect("a file");
    }
    (root, public)
}

/// What nobody may see: a file of the published folder that is neither the author's nor whole.
fn unfinished(
    public: &Path,
    before: Option<&PublishedFolder>,
    site: &PublishedFolder,
) -> Vec<String> {
    let is_whole = |path: &Path, text: &str| {
        let is = |(known, whole): &(&str, &str)| Path::new(known) == path && *whole == text;
        site.iter().any(is) || before.is_some_and(|before| before.iter().any(is))
    };
    let found = files(public).into_iter().filter(|(path, text)| {
        let is_own = path == Path::new("CNAME");
        !is_own && path != Path::new(MANIFEST) && !is_whole(path, text)
    });
    found.map(|(path, _)| path.display().to_string()).collect()
}

/// Ends a run after every number of changes, and before or within the next; how many moments there were.
fn check(before: Option<&PublishedFolder>, site: &PublishedFolder) -> usize {
    let (clean, clean_public) = prepared(before);
    kill::after(clean.path(), usize::MAX, End::Before);
    run(&clean_public, site).expect("a site");
    let changes = usize::MAX - kill::lives(clean.path());
    let expected = files(clean.path());
    for moment in 0..changes {
        for end in [End::Before, End::Within] {
            let (root, public) = prepared(before);
            kill::after(root.path(), moment, end);
            // It may have ended as it removed what it had staged.
            let _ = run(&public, site);
            assert_eq!(kill::lives(root.path()), 0, "{moment} {end:?}: the run was ended");
            assert_eq!(unfinished(&public, before, site), [""; 0], "{moment} {end:?}");
            let next = run(&public, site);
            assert!(next.is_ok(), "{moment} {end:?}: {next:?}");
            assert_eq!(files(root.path()), expected, "{moment} {end:?}");
            let beside = root.path().join(format!("content/.public{STAGE}"));
            assert!(!beside.exists() && !public.join(STAGE).exists(), "{moment} {end:?}");
        }
    }
    changes
}

#[test]
fn a_first_run_that_ends_at_any_change_is_made_whole_by_the_next() {
    let moments = check(None, FIRST);
    assert!(moments > 2 * FIRST.len(), "{moments}");
}

#[test]
fn a_run_that_ends_at_any_change_leaves_old_and_new_files_whole_and_the_author_s_alone() {
    let moments = check(Some(FIRST), SECOND);
    assert!(moments > 20, "{moments}");
    let moments = check(Some(SECOND), FIRST);
    assert!(moments > 20, "{moments}");
}

#[test]
fn a_run_that_ends_at_any_change_may_be_followed_by_one_of_another_site() {
    let (clean, clean_public) = prepared(Some(FIRST));
    kill::after(clean.path(), usize::MAX, End::Before);
    run(&clean_public, SECOND).expect("a site");
    let changes = usize::MAX - kill::lives(clean.path());
    let (first, _) = prepared(Some(FIRST));
    let expected = files(first.path());
    for moment in 0..changes {
        let (root, public) = prepared(Some(FIRST));
        kill::after(root.path(), moment, End::Within);
        let _ = run(&public, SECOND);
        kill::lives(root.path());
        let next = run(&public, FIRST);
        assert!(next.is_ok(), "{moment}: {next:?}");
        assert_eq!(files(root.path()), expected, "{moment}");
    }
}
