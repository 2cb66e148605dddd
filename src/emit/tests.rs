//! What a run leaves on disk, what it deletes, and what it refuses.

use std::path::Path;

use super::{BuildRecord, Emitted, TakenFile, emit};
use crate::files::{Bytes, FilePath};

fn take(folder: &Path, all: &[(&str, &str)]) -> (super::Emission, Vec<TakenFile>) {
    let emission = emit(folder).unwrap();
    let take = |(path, text): &(&str, &str)| {
        let bytes: Bytes = text.as_bytes().to_vec().into();
        emission.take(&FilePath::new(path).unwrap(), &bytes).unwrap()
    };
    let taken = all.iter().map(take).collect();
    (emission, taken)
}

fn record(of: &str) -> BuildRecord {
    BuildRecord { of: of.to_owned(), ..BuildRecord::default() }
}

/// Writes a site; what is there afterwards is that site and what somebody else put there.
fn check(folder: &Path, all: &[(&str, &str)], written: usize, deleted: usize) {
    let (emission, taken) = take(folder, all);
    let unchanged = all.len() - written;
    let emitted = emission.finish(&taken, &BuildRecord::default()).unwrap();
    assert_eq!(emitted, Emitted { written, deleted, unchanged });
    for (path, text) in all {
        assert_eq!(std::fs::read_to_string(folder.join(path)).unwrap(), *text, "{path}");
    }
    assert!(!folder.join(".guidepost-new").exists(), "nothing stays staged");
}

#[test]
fn only_what_changed_is_written_and_only_its_own_deleted() {
    let folder = tempfile::tempdir().unwrap();
    check(folder.path(), &[("a/index.html", "1"), ("b.css", "1")], 2, 0);
    check(folder.path(), &[("a/index.html", "1"), ("b.css", "1")], 0, 0);
    std::fs::remove_file(folder.path().join("b.css")).unwrap();
    check(folder.path(), &[("a/index.html", "1"), ("b.css", "1")], 1, 0);
    check(folder.path(), &[("a/index.html", "1"), ("b.css", "1")], 0, 0);
    std::fs::write(folder.path().join("CNAME"), "mine").unwrap();
    check(folder.path(), &[("b.css", "2"), ("c/d/index.html", "1")], 2, 1);
    assert!(!folder.path().join("a").exists(), "the empty folder went with its page");
    assert!(folder.path().join("CNAME").exists(), "what somebody else wrote stays");
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    let folder = tempfile::tempdir().unwrap();
    check(folder.path(), &[("a", "1"), ("b/c", "1"), ("b/d/e", "1")], 3, 0);
    check(folder.path(), &[("a/index.html", "1"), ("b", "1")], 2, 3);
    check(folder.path(), &[("a", "1"), ("b/c", "1")], 2, 2);
}

#[test]
fn a_folder_with_files_of_somebody_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.txt"), "x").unwrap();
    let refused = emit(folder.path()).unwrap_err().to_string();
    assert!(refused.contains("holds files that Guidepost did not write"), "{refused}");
    std::fs::write(folder.path().join(".guidepost.json"), "{\"version\": 1}").unwrap();
    let refused = emit(folder.path()).unwrap_err().to_string();
    assert!(refused.contains("damaged or of another version"), "{refused}");
}

#[test]
fn a_site_that_cannot_be_made_whole_leaves_the_folder_as_it_was() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("public");
    drop(take(&folder, &[("a/index.html", "1")]));
    assert!(!folder.exists());
    check(&folder, &[("a/index.html", "1")], 1, 0);
    drop(take(&folder, &[("a/index.html", "2"), ("b/index.html", "1")]));
    check(&folder, &[("a/index.html", "1")], 0, 0);
}

#[test]
fn what_is_made_of_a_file_alone_stands_as_long_as_the_file_does() {
    let folder = tempfile::tempdir().unwrap();
    check(folder.path(), &[("a.html", "1"), ("a.html.gz", "z")], 2, 0);
    let beside = |all: &[(&str, &str)]| {
        let (emission, taken) = take(folder.path(), all);
        emission.unchanged_beside(&taken[0], &FilePath::new("a.html.gz").unwrap()).is_some()
    };
    assert!(beside(&[("a.html", "1")]));
    assert!(!beside(&[("a.html", "2")]));
    assert!(!beside(&[("b.html", "1")]));
    std::fs::write(folder.path().join("a.html.gz"), "zz").unwrap();
    assert!(!beside(&[("a.html", "1")]));
}

#[test]
fn one_run_at_a_time_writes_to_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (first, taken) = take(folder.path(), &[("a/index.html", "1")]);
    let refused = emit(folder.path()).unwrap_err().to_string();
    assert!(refused.starts_with("another build is writing to `"), "{refused}");
    first.finish(&taken, &BuildRecord::default()).unwrap();
    check(folder.path(), &[("a/index.html", "1")], 0, 0);
}

#[test]
fn nothing_unfinished_lies_in_the_published_folder() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("public");
    check(&folder, &[("a/index.html", "1")], 1, 0);
    let (emission, _) = take(&folder, &[("a/index.html", "2"), ("b/index.html", "1")]);
    let names = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    // As a run leaves it that is ended at this moment.
    std::mem::forget(emission);
    assert_eq!(names(&folder), [".guidepost.json", "a"]);
    assert_eq!(names(outer.path()), [".public.guidepost-new", "public"]);
}

#[test]
fn what_was_staged_and_never_finished_is_not_published() {
    let folder = tempfile::tempdir().unwrap();
    let stage = folder.path().join(".guidepost-new/a");
    std::fs::create_dir_all(&stage).unwrap();
    std::fs::write(stage.join("old.html"), "1").unwrap();
    check(folder.path(), &[("a/index.html", "1")], 1, 0);
    assert!(!folder.path().join("a/old.html").exists());
}

#[test]
fn a_first_run_that_was_interrupted_is_put_right() {
    let folder = tempfile::tempdir().unwrap();
    let (emission, taken) = take(folder.path(), &[("a/old.html", "1"), ("b.html", "1")]);
    emission.finish(&taken, &record("x")).unwrap();
    std::fs::remove_file(folder.path().join("b.html")).unwrap();
    assert!(emit(folder.path()).unwrap().unchanged("x").is_none());
    check(folder.path(), &[("b.html", "1")], 1, 1);
    assert!(!folder.path().join("a").exists(), "what was in place is known as our own");
}

#[test]
fn an_interrupted_run_is_put_right_even_if_the_source_went_back() {
    let folder = tempfile::tempdir().unwrap();
    check(folder.path(), &[("a.html", "old")], 1, 0);
    let (emission, taken) = take(folder.path(), &[("a.html", "new"), ("b.html", "new")]);
    let staged: Vec<&TakenFile> = taken.iter().collect();
    emission.announce(&staged).unwrap();
    emission.move_into_place(&staged).unwrap();
    drop(emission);
    check(folder.path(), &[("a.html", "old")], 1, 1);
    assert!(!folder.path().join("b.html").exists());
}

#[test]
fn a_site_stands_until_a_file_of_it_or_what_it_is_made_of_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (emission, taken) = take(folder.path(), &[("a.html", "1"), ("b.html", "1")]);
    emission.finish(&taken, &record("x")).unwrap();
    let is_unchanged = |of: &str| emit(folder.path()).unwrap().unchanged(of).is_some();
    assert!(is_unchanged("x") && !is_unchanged("y") && !is_unchanged(""));
    std::fs::write(folder.path().join("a.html"), "12").unwrap();
    assert!(!is_unchanged("x"));
}
