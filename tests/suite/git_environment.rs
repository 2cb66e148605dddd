//! Git is asked of the page's own repository whatever the environment says, as hooks and CI do, and runs nothing.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const SITE: &str = r#"
-- site.toml --
title = "A"
repository = "https://git.example/o/r"
[checks]
review-date-only = "warn"
-- content/a.md --
---
last_reviewed_on: 2026-01-01
watches: ["tf/**", "docs/**"]
---
# A
-- tf/queue.tf --
1
"#;

fn git(folder: &Path, day: &str, arguments: &[&str]) {
    let time = format!("{day}T12:00:00Z");
    let who =
        ["-c", "user.name=Dana", "-c", "user.email=dana@example.org", "-c", "commit.gpgsign=false"];
    let ran = Command::new("git")
        .args(who)
        .args(arguments)
        .current_dir(folder)
        .env("GIT_AUTHOR_DATE", &time)
        .env("GIT_COMMITTER_DATE", &time)
        .output()
        .expect("git runs");
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
    std::fs::write(file, text).expect("a file");
}

/// A repository whose page was reviewed by its date alone, and whose watched files changed after that: on a branch
/// that was merged, and in the first commit of all that a site can have.
fn repository() -> TempDir {
    let folder = crate::support::folder(SITE);
    let root = folder.path();
    git(root, "2026-01-01", &["init", "--quiet", "-b", "main"]);
    git(root, "2026-01-01", &["add", "."]);
    git(root, "2026-01-01", &["commit", "--quiet", "-m", "Begin"]);
    let page = std::fs::read_to_string(root.join("content/a.md")).expect("the page");
    write(root, "content/a.md", &page.replace("2026-01-01", "2026-02-01"));
    git(root, "2026-02-01", &["commit", "--quiet", "-a", "-m", "Review"]);
    git(root, "2026-02-02", &["checkout", "--quiet", "-b", "change"]);
    write(root, "tf/queue.tf", "2\n");
    git(root, "2026-02-02", &["commit", "--quiet", "-a", "-m", "Change the queue"]);
    git(root, "2026-03-01", &["checkout", "--quiet", "main"]);
    git(root, "2026-03-01", &["merge", "--quiet", "--no-ff", "-m", "Merge", "change"]);
    folder
}

/// What git says of a site's page: whether a watched file changed, and how it was reviewed.
fn facts(site: &Path, environment: &[(&str, &str)]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(["freshness", "--format", "json", "--now", "2026-03-02"])
        .envs(environment.iter().copied())
        .current_dir(site)
        .output()
        .expect("it runs");
    assert!(ran.status.success(), "{ran:?}");
    [ran.stdout, ran.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat()
}

/// A program that leaves a trace wherever it is run.
fn trap(folder: &Path) -> (String, std::path::PathBuf) {
    let (program, trace) = (folder.join("trap"), folder.join("trace"));
    std::fs::write(&program, format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\n", trace.display()))
        .expect("a file");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("a program");
    (program.to_string_lossy().into_owned(), trace)
}

#[test]
fn facts_are_those_of_the_page_s_repository_whatever_the_environment_names() {
    let (mine, other) = (repository(), repository());
    let elsewhere = tempfile::tempdir().expect("a folder");
    git(other.path(), "2026-03-04", &["rm", "--quiet", "-r", "tf", "content"]);
    git(other.path(), "2026-03-04", &["commit", "--quiet", "-m", "Remove all"]);
    let (program, trace) = trap(elsewhere.path());
    let known = facts(mine.path(), &[]);
    assert!(known.contains("\"suspect\"") && known.contains("\"date_only\": true"), "{known}");
    let of_other = |path: &str| other.path().join(path).to_string_lossy().into_owned();
    let commit =
        std::fs::read_to_string(mine.path().join(".git/refs/heads/main")).expect("a commit");
    write(elsewhere.path(), "shallow", &commit);
    write(elsewhere.path(), "grafts", &commit);
    let in_trap = |name: &str| elsewhere.path().join(name).to_string_lossy().into_owned();
    let hostile = [
        ("GIT_DIR", of_other(".git")),
        ("GIT_DIR", in_trap("nowhere")),
        ("GIT_WORK_TREE", of_other("")),
        ("GIT_COMMON_DIR", of_other(".git")),
        ("GIT_INDEX_FILE", of_other(".git/index")),
        ("GIT_INDEX_FILE", program.clone()),
        ("GIT_OBJECT_DIRECTORY", of_other(".git/objects")),
        ("GIT_NAMESPACE", "other".to_owned()),
        ("GIT_PREFIX", "tf/".to_owned()),
        ("GIT_SHALLOW_FILE", in_trap("shallow")),
        ("GIT_GRAFT_FILE", in_trap("grafts")),
        ("GIT_REPLACE_REF_BASE", "refs/heads/".to_owned()),
        ("GIT_ATTR_SOURCE", "nothing".to_owned()),
        ("GIT_DIFF_OPTS", "-u9".to_owned()),
        ("GIT_GLOB_PATHSPECS", "1".to_owned()),
        ("GIT_ICASE_PATHSPECS", "1".to_owned()),
        ("GIT_NOGLOB_PATHSPECS", "1".to_owned()),
        ("GIT_EXTERNAL_DIFF", program.clone()),
        ("GIT_SSH", program.clone()),
        ("GIT_SSH_COMMAND", program.clone()),
        ("GIT_PROXY_COMMAND", program.clone()),
        ("GIT_PAGER", program.clone()),
        ("PAGER", program.clone()),
        ("GIT_EDITOR", program.clone()),
        ("GIT_ASKPASS", program.clone()),
        ("SSH_ASKPASS", program.clone()),
    ];
    let all: Vec<(&str, &str)> =
        hostile.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for some in all.chunks(6).chain([&all[..]]) {
        assert_eq!(facts(mine.path(), some), known, "{some:?}");
    }
    assert!(!trace.exists(), "{:?}", std::fs::read_to_string(&trace));
}

#[test]
fn settings_of_the_environment_run_nothing_and_change_no_fact() {
    let mine = repository();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (program, trace) = trap(elsewhere.path());
    write(mine.path(), ".git/info/attributes", "* diff=evil filter=evil merge=evil\n");
    let known = facts(mine.path(), &[]);
    let missing = elsewhere.path().join("none").to_string_lossy().into_owned();
    let settings = [
        ("core.fsmonitor", program.as_str()),
        ("core.pager", &program),
        ("pager.log", &program),
        ("core.sshCommand", &program),
        ("core.askPass", &program),
        ("core.hooksPath", &missing),
        ("credential.helper", &program),
        ("gpg.program", &program),
        ("diff.external", &program),
        ("diff.evil.command", &program),
        ("diff.evil.textconv", &program),
        ("filter.evil.clean", &program),
        ("merge.evil.driver", &program),
        ("log.showSignature", "true"),
        ("log.showRoot", "false"),
        ("log.follow", "true"),
        ("log.diffMerges", "off"),
        ("log.diffMerges", "remerge"),
        ("log.decorate", "full"),
        ("log.date", "relative"),
        ("log.mailmap", "false"),
        ("format.pretty", "oneline"),
        ("diff.relative", "true"),
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.orderFile", &missing),
        ("diff.renames", "false"),
        ("diff.context", "9"),
        ("diff.interHunkContext", "9"),
        ("diff.ignoreSubmodules", "all"),
        ("diff.wordRegex", "."),
        ("diff.algorithm", "patience"),
        ("color.ui", "always"),
        ("color.diff", "always"),
        ("core.quotePath", "true"),
        ("core.worktree", &missing),
        ("core.bare", "true"),
        ("i18n.logOutputEncoding", "UTF-16"),
    ];
    for some in settings.chunks(6).chain([&settings[..]]) {
        let mut named = vec![("GIT_CONFIG_COUNT".to_owned(), some.len().to_string())];
        for (at, (key, value)) in some.iter().enumerate() {
            named.push((format!("GIT_CONFIG_KEY_{at}"), (*key).to_owned()));
            named.push((format!("GIT_CONFIG_VALUE_{at}"), (*value).to_owned()));
        }
        let named: Vec<(&str, &str)> =
            named.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(facts(mine.path(), &named), known, "{some:?}");
    }
    // As `git -c` hands its settings on to hooks.
    let quoted: Vec<String> =
        settings.iter().map(|(key, value)| format!("'{key}'='{value}'")).collect();
    assert_eq!(facts(mine.path(), &[("GIT_CONFIG_PARAMETERS", &quoted.join(" "))]), known);
    assert!(!trace.exists(), "{:?}", std::fs::read_to_string(&trace));
}

#[test]
fn a_hook_checks_the_repository_that_it_runs_in() {
    let mine = repository();
    let root = mine.path();
    let tree = tempfile::tempdir().expect("a folder");
    let tree = tree.path().join("tree");
    git(root, "2026-03-01", &["worktree", "add", "--quiet", &tree.to_string_lossy(), "-b", "tree"]);
    let said = root.join("said");
    let hook = format!(
        "#!/bin/sh\nenv | grep -q '^GIT_INDEX_FILE=' || exit 1\n\
         exec '{}' check --all --format short --now 2026-03-02 > '{}' 2>&1\n",
        env!("CARGO_BIN_EXE_guidepost"),
        said.display()
    );
    write(root, ".git/hooks/pre-commit", &hook);
    let rights = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(root.join(".git/hooks/pre-commit"), rights).expect("a hook");
    for (folder, arguments) in [
        (root, &["commit", "--quiet", "-a", "-m", "All"][..]),
        (root, &["commit", "--quiet", "-m", "One", "tf/queue.tf"]),
        (&tree, &["commit", "--quiet", "-a", "-m", "Elsewhere"]),
    ] {
        let text = std::fs::read_to_string(folder.join("tf/queue.tf")).expect("a file");
        write(folder, "tf/queue.tf", &format!("{text}more\n"));
        git(folder, "2026-03-02", arguments);
        let heard = std::fs::read_to_string(&said).expect("the hook ran");
        assert!(
            heard.contains("watched-file-changed") && heard.contains("review-date-only"),
            "{heard}"
        );
        std::fs::remove_file(&said).expect("it was there");
    }
}
