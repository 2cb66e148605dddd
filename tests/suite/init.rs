//! From an empty folder, or somebody else's, to a site that checks and builds.

use std::fs;
use std::path::Path;

use crate::support::{guidepost, text};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[test]
fn an_empty_folder_becomes_a_site_that_checks_clean_and_builds() {
    let folder = tempfile::tempdir().expect("a folder");
    let begun = guidepost(folder.path(), &["init"]);
    assert!(begun.status.success(), "{}", text(&begun));
    assert!(text(&begun).contains("wrote site.toml\n"), "{}", text(&begun));
    let checked = guidepost(folder.path(), &["check", "--strict"]);
    assert!(checked.status.success(), "{}", text(&checked));

    let page = folder.path().join("content/runbooks/mine.md");
    fs::write(&page, "# Mine\n\nSee [gone](gone.md).\n").expect("a page");
    let checked = guidepost(folder.path(), &["check", "--format", "short"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(text(&checked).contains("content/runbooks/mine.md:3:"), "{}", text(&checked));
    let built = guidepost(folder.path(), &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    assert!(folder.path().join("public/runbooks/mine/index.html").is_file());
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let workflow = folder.path().join(".github/workflows/runbooks.yml");
    fs::create_dir_all(workflow.parent().expect("a folder")).expect("a folder");
    fs::write(&workflow, "mine").expect("a file");
    let begun = guidepost(folder.path(), &["init"]);
    assert!(text(&begun).contains("kept .github/workflows/runbooks.yml"), "{}", text(&begun));
    assert_eq!(fs::read_to_string(&workflow).expect("the file"), "mine");
    let again = guidepost(folder.path(), &["init"]);
    assert_eq!(again.status.code(), Some(2), "{}", text(&again));
}

#[test]
fn pages_in_several_folders_are_adopted_where_they_lie() {
    let folder = tempfile::tempdir().expect("a folder");
    for page in ["aws/queue.md", "kubernetes/pods.md"] {
        let page = folder.path().join(page);
        fs::create_dir_all(page.parent().expect("a folder")).expect("a folder");
        fs::write(page, "# A page\n").expect("a page");
    }
    let begun = guidepost(folder.path(), &["init", "--s3"]);
    assert!(text(&begun).contains("found 2 pages in this folder"), "{}", text(&begun));
    let built = guidepost(folder.path(), &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    assert!(folder.path().join("public/aws/queue/index.html").is_file());
    assert!(!folder.path().join("public/site.toml").exists());
    assert!(!folder.path().join("public/public").exists());
}

#[test]
fn completions_are_written_for_the_usual_shells() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let written = guidepost(folder.path(), &["completions", shell]);
        assert!(text(&written).contains("guidepost"), "{shell}");
    }
}

#[test]
fn real_folders_of_runbooks_are_adopted_and_check_stays_readable() {
    let Some(corpora) = std::env::var_os("GUIDEPOST_CORPORA") else {
        eprintln!("did not run: GUIDEPOST_CORPORA is not set");
        return;
    };
    for corpus in fs::read_dir(corpora).expect("a folder").map(|entry| entry.expect("an entry")) {
        if !corpus.file_type().expect("a type").is_dir() {
            continue;
        }
        let folder = tempfile::tempdir().expect("a folder");
        copy(&corpus.path(), folder.path());
        let begun = guidepost(folder.path(), &["init"]);
        assert!(begun.status.success(), "{:?}: {}", corpus.path(), text(&begun));
        let checked = guidepost(folder.path(), &["check"]);
        assert_ne!(checked.status.code(), Some(2), "{:?}: {}", corpus.path(), text(&checked));
        let lines = text(&checked).lines().count();
        assert!(lines < 80, "{:?}: {lines} lines", corpus.path());
    }
}
