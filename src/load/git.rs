//! Git becomes a [`History`]: a fixed number of calls for the whole site, none of which changes anything.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use crate::history::{COMMIT_FORMAT, Commits, History};

/// Reads the history of the repository that holds the site folder.
///
/// `pages` is the content folder relative to the site folder. Without git, outside a repository, before the first
/// commit and in a shallow clone the history is unknown, and the reason is kept to be said.
pub fn history(site: &Path, pages: &str) -> History {
    let Some(facts) = git(site, &["rev-parse", "--is-shallow-repository", "--show-prefix"]) else {
        return History::Unknown("there is no git repository here, or no git".to_owned());
    };
    let mut facts = facts.lines();
    if facts.next() != Some("false") {
        return History::Unknown(
            "this is a shallow clone; fetch the whole history (`fetch-depth: 0`)".to_owned(),
        );
    }
    let prefix = facts.next().unwrap_or_default();
    let format = format!("--format={COMMIT_FORMAT}");
    // What counts is when a change arrived on this branch, so a merge is one change, dated by the merge.
    let log = [
        "-c",
        "core.quotePath=false",
        "-c",
        "log.showSignature=false",
        "log",
        "--first-parent",
        "-m",
        "--no-color",
        "--no-ext-diff",
    ];
    let names = git(site, &[&log[..], &[&format, "--name-only", "-z"]].concat());
    let patches = git(
        site,
        &[
            &log[..],
            &[
                &format,
                "-M",
                "--patch",
                "--unified=0",
                "--src-prefix=a/",
                "--dst-prefix=b/",
                "--",
                pages,
            ],
        ]
        .concat(),
    );
    match (names, patches) {
        (Some(names), Some(patches)) => History::Known(Commits::parse(prefix, &names, &patches)),
        _ => History::Unknown("the repository has no commit yet".to_owned()),
    }
}

/// What tells whether the history may have changed since it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    folder: PathBuf,
    head: Option<Vec<u8>>,
    log: Option<(u64, Option<SystemTime>)>,
    shallow: bool,
}

impl State {
    /// Git's own folder for this work tree, where its `HEAD` lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The state of the repository that holds the site folder; git is asked where it is only if `before` does not know.
#[expect(clippy::disallowed_methods, reason = "this module is where git is asked")]
pub fn state(site: &Path, before: Option<&State>) -> Option<State> {
    let folder = match before {
        Some(before) => before.folder.clone(),
        None => site.join(git(site, &["rev-parse", "--git-dir"])?.trim_end()),
    };
    let log = std::fs::metadata(folder.join("logs/HEAD")).ok();
    Some(State {
        head: std::fs::read(folder.join("HEAD")).ok(),
        log: log.map(|facts| (facts.len(), facts.modified().ok())),
        shallow: folder.join("shallow").exists(),
        folder,
    })
}

#[expect(clippy::disallowed_methods, reason = "this module is where git is asked")]
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        // A lock taken for a refreshed index would disturb whoever works in the repository.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::history;
    use crate::calendar::parse_date;
    use crate::files::FilePath;
    use crate::glob::Globs;
    use crate::history::History;

    #[expect(clippy::disallowed_methods, reason = "the test makes repositories")]
    fn run(folder: &Path, day: &str, arguments: &[&str]) {
        let time = format!("{day}T12:00:00Z");
        let status = Command::new("git")
            .args([
                "-c",
                "user.name=Dana",
                "-c",
                "user.email=dana@example.org",
                "-c",
                "init.defaultBranch=main",
            ])
            .args(["-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always"])
            .args(arguments)
            .current_dir(folder)
            .env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_DATE", &time)
            .output()
            .expect("git runs")
            .status;
        assert!(status.success(), "{arguments:?}");
    }

    #[expect(clippy::disallowed_methods, reason = "the test makes repositories")]
    fn write(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        std::fs::write(path, text).expect("a new file");
    }

    /// A site in `docs/` whose watched file was changed on a branch before the review and merged after it.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        run(root, "2026-01-01", &["init", "--quiet"]);
        write(root, "docs/content/old name.md", "---\nlast_reviewed_on: 2026-01-01\n---\nText\n");
        write(root, "tf/queue.tf", "1");
        run(root, "2026-01-01", &["add", "."]);
        run(root, "2026-01-01", &["commit", "--quiet", "-m", "Begin"]);
        run(root, "2026-01-02", &["checkout", "--quiet", "-b", "change"]);
        write(root, "tf/queue.tf", "2");
        run(root, "2026-01-02", &["commit", "--quiet", "-a", "-m", "Change the queue"]);
        run(root, "2026-02-01", &["checkout", "--quiet", "main"]);
        write(root, "docs/content/old name.md", "---\nlast_reviewed_on: 2026-02-01\n---\nText\n");
        run(root, "2026-02-01", &["commit", "--quiet", "-a", "-m", "Review"]);
        run(root, "2026-03-01", &["merge", "--quiet", "--no-ff", "-m", "Merge", "change"]);
        run(root, "2026-03-02", &["mv", "docs/content/old name.md", "docs/content/new name.md"]);
        run(root, "2026-03-02", &["commit", "--quiet", "-m", "Rename"]);
        folder
    }

    /// The watched files that changed after 2026-02-01, and whether that review moved nothing but the date.
    fn check(history: &History, changed: &[&str], date_only: Option<bool>) {
        let page = FilePath::new("content/new name.md").expect("a path");
        let review = parse_date("2026-02-01").expect("a day");
        let watched = Globs::new(["tf/**"]).expect("a pattern");
        let found: Vec<String> = history
            .changed_after(review, &watched, &page)
            .iter()
            .map(|(path, day)| format!("{path} {day}"))
            .collect();
        assert_eq!(found, changed, "{history:?}");
        assert_eq!(history.date_only(&page), date_only, "{history:?}");
    }

    #[test]
    fn a_merged_change_counts_from_its_merge_and_a_rename_keeps_the_review() {
        let repository = repository();
        let known = history(&repository.path().join("docs"), "content");
        check(&known, &["tf/queue.tf 2026-03-01"], Some(true));
    }

    #[test]
    fn a_shallow_clone_is_unknown_and_not_a_wrong_date() {
        let repository = repository();
        let folder = tempfile::tempdir().expect("a folder");
        let source = format!("file://{}", repository.path().display());
        run(folder.path(), "2026-03-03", &["clone", "--quiet", "--depth", "1", &source, "clone"]);
        let unknown = history(&folder.path().join("clone/docs"), "content");
        check(&unknown, &[], None);
        assert!(unknown.unknown().is_some_and(|reason| reason.contains("shallow")), "{unknown:?}");
    }

    #[test]
    fn without_a_repository_or_a_commit_the_history_is_unknown() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(history(folder.path(), "content").unknown().is_some());
        run(folder.path(), "2026-01-01", &["init", "--quiet"]);
        assert_eq!(
            history(folder.path(), "content").unknown(),
            Some("the repository has no commit yet")
        );
    }
}
