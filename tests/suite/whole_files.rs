//! Commands that write files are killed in the midst of each: no half of one is left where anybody reads it, and the same
//! command makes what it would have made.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{files_of, folder};

/// A site whose files are longer than the limit of a run that is killed.
fn fixture() -> String {
    let long = "Look at the dashboard, and write down what it shows.\n\n".repeat(200);
    let rules = (0..200).fold(String::new(), |rules, at| {
        rules + &format!("  - alert: Slow{at}\n    expr: up == {at}\n")
    });
    format!(
        "-- site.toml --\ntitle = \"A\"\nbase_url = \"https://runbooks.example/\"\n[alerts]\nsources = [\"rules.yaml\"]\n\
         from_heading = [\"**\"]\n[templates.t]\nfile = \"content/_t.md\"\napplies_to = [\"t/**\"]\n\
         [skills]\nenabled = true\napplies_to = [\"run.md\"]\n\
         -- rules.yaml --\ngroups:\n- name: g\n  rules:\n{rules}\
         -- content/_t.md --\n# <NAME>\n\n## Steps\n\n{long}\
         -- content/run.md --\n---\nlast_reviewed_on: 2026-01-01\n---\n# Run\n\n## Slow1\n\n{long}"
    )
}

/// Runs a command; with a limit, it is killed as it writes more than so many blocks of a file.
fn run(folder: &Path, arguments: &[&str], blocks: Option<u32>) -> Output {
    let limit =
        blocks.map_or_else(String::new, |blocks| format!("ulimit -c 0; ulimit -f {blocks}; "));
    let script = format!("{limit}exec \"$0\" \"$@\"");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_guidepost")]).args(arguments);
    shell.current_dir(folder).output().expect("a shell")
}

/// A folder of a fixture, called alike each time, since new sites are called as their folders are.
fn made(fixture: &str) -> (TempDir, PathBuf) {
    let (outer, inner) = (tempfile::tempdir().expect("a folder"), folder(fixture));
    let made = outer.path().join("site");
    std::fs::rename(inner.keep(), &made).expect("both are on one disk");
    (outer, made)
}

/// What a folder holds where anybody reads it: hidden drafts are nobody's.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = files_of(folder).into_iter().filter(|name| !name.ends_with(".guidepost-new"));
    names.map(|name| (name.clone(), std::fs::read(folder.join(&name)).expect("a file"))).collect()
}

/// Kills a command in the midst of its files, and runs it again.
#[track_caller]
fn check(fixture: &str, arguments: &[&str]) {
    let (_whole, whole) = made(fixture);
    let before = files(&whole);
    let ran = run(&whole, arguments, None);
    assert!(ran.status.code().is_some_and(|code| code < 2), "{arguments:?}: {ran:?}");
    let expected = files(&whole);
    assert_ne!(before, expected, "{arguments:?} writes something");
    let (_killed, killed) = made(fixture);
    for blocks in [0, 1, 2, 4] {
        let ran = run(&killed, arguments, Some(blocks));
        assert!(ran.status.signal().is_some(), "{arguments:?} of {blocks}: {ran:?}");
        for (name, bytes) in files(&killed) {
            let is_whole = before.get(&name) == Some(&bytes) || expected.get(&name) == Some(&bytes);
            assert!(is_whole, "{arguments:?} of {blocks}: {name} is {} bytes", bytes.len());
        }
    }
    let again = run(&killed, arguments, None);
    assert_eq!(again.status, ran.status, "{arguments:?}: {again:?}");
    let made = files(&killed);
    let unlike =
        expected.iter().chain(&made).filter(|(name, _)| made.get(*name) != expected.get(*name));
    assert_eq!(unlike.map(|(name, _)| name).collect::<Vec<_>>(), [""; 0], "{arguments:?}");
    let left = files_of(&killed);
    assert!(!left.iter().any(|name| name.ends_with(".guidepost-new")), "{arguments:?}: {left:?}");
}

#[test]
fn a_command_that_is_killed_as_it_writes_leaves_files_whole_and_can_be_run_again() {
    let site = fixture();
    for arguments in [
        &["new", "t/other", "--template", "t"][..],
        &["review", "content/run.md", "--by", "Dana", "--now", "2026-02-01"],
        &["alerts", "--write-links"],
        &["theme", "--export", "theme"],
        &["check", "--format", "json=report.json", "--now", "2026-02-01"],
        &["skills", "--out", "agents", "--now", "2026-02-01"],
    ] {
        check(&site, arguments);
    }
}

#[test]
fn a_site_whose_making_was_killed_is_made_by_the_next_init() {
    let long = "Look at the dashboard.\n\n".repeat(200);
    check(&format!("-- a.md --\n# A\n\n{long}-- b/c.md --\n# C\n\n{long}"), &["init"]);
    check("-- notes.txt --\nx\n", &["init"]);
}
