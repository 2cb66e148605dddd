//! Git becomes a [`History`]: a fixed number of calls for the whole site, none of which changes anything.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use super::root::repository;
use crate::history::{COMMIT_FORMAT, Commits, History};

/// Reads the history of the repository that holds the site folder.
///
/// `pages` is the content folder relative to the site folder, empty where they are the same. Without git, outside a
/// repository, before the first commit and in a shallow clone the history is unknown, and the reason is kept to be
/// said.
pub fn history(site: &Path, pages: &str) -> History {
    let Some(facts) = git(site, &["rev-parse", "--is-shallow-repository", "--show-prefix"]) else {
        return History::without(match repository(site) {
            None => "there is no git repository here",
            Some(_) => {
                "git is not installed, or does not read this repository (`git status` there says why)"
            }
        });
    };
    let mut facts = facts.lines();
    let is_whole = facts.next() == Some("false");
    let prefix = facts.next().unwrap_or_default();
    let unknown =
        |reason: &str| History::Unknown { reason: reason.to_owned(), site: prefix.to_owned() };
    if !is_whole {
        return unknown("this is a shallow clone; fetch the whole history (`fetch-depth: 0`)");
    }
    let holds_pages = site.join(pages);
    if holds_pages.is_dir() && repository(&holds_pages) != repository(site) {
        return unknown("the pages lie in a repository of their own, inside the one of site.toml");
    }
    if git(site, &["rev-parse", "--quiet", "--verify", "HEAD"]).is_none() {
        return unknown("the repository has no commit yet");
    }
    // An empty path is none to git.
    let pages = if pages.is_empty() { "." } else { pages };
    let format = format!("--format={COMMIT_FORMAT}");
    // What counts is when a change arrived on this branch, so a merge is one change, dated by the merge.
    let log = ["log", "--first-parent", "-m", "--no-color", "--no-notes", "-O/dev/null", &format];
    let names = git(site, &[&log[..], &["--name-only", "-z"]].concat());
    let patches =
        ["--patch", "-M", "--unified=0", "--src-prefix=a/", "--dst-prefix=b/", "--", pages];
    let patches = git(site, &[&log[..], HARMLESS, &patches].concat());
    match (names, patches) {
        (Some(names), Some(patches)) => History::Known(Commits::parse(prefix, &names, &patches)),
        _ => unknown("git lacks a part of the history, as in a partial clone (`--filter`)"),
    }
}

/// Options of `git log` that keep it from running what the checkout names for showing files.
const HARMLESS: &[&str] = &["--no-ext-diff", "--no-textconv", "--submodule=short"];

/// What tells whether the history may have changed since it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryState {
    folder: PathBuf,
    common: PathBuf,
    marks: BTreeMap<PathBuf, FileMark>,
}

/// A small file's whole content, or the size and time of one that grows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum FileMark {
    Content(Vec<u8>),
    Stamp(u64, Option<SystemTime>),
}

impl RepositoryState {
    /// The folders in which git changes something when the history does.
    pub fn places(&self) -> impl Iterator<Item = &Path> {
        self.marks.keys().filter_map(|file| file.parent()).chain([self.folder.as_path()])
    }

    /// Whether a change of the file at `path` may mean that the history has changed.
    pub fn depends_on(&self, path: &Path) -> bool {
        self.marks.contains_key(path)
    }

    /// Whether `path` lies in git's own folders.
    pub fn owns(&self, path: &Path) -> bool {
        path.starts_with(&self.folder) || path.starts_with(&self.common)
    }

    /// Whether git is changing the work tree at this moment, or was interrupted while it did.
    #[expect(clippy::disallowed_methods, reason = "this module is where git is asked")]
    pub fn is_busy(&self) -> bool {
        self.folder.join("index.lock").exists()
    }
}

/// The state of the repository that holds the site folder; git is asked where it is only if `before` does not know.
///
/// Git's own folder is where `git rev-parse --git-dir` says: elsewhere for another work tree and for a submodule,
/// whose `.git` is a file; what all work trees share lies in `--git-common-dir`.
pub fn state(site: &Path, before: Option<&RepositoryState>) -> Option<RepositoryState> {
    let known = before.map(|before| (before.folder.clone(), before.common.clone()));
    let (folder, common) = known.or_else(|| folders(site))?;
    let head = content(&folder.join("HEAD"));
    let branch = match &head {
        Some(FileMark::Content(text)) => {
            String::from_utf8_lossy(text).trim().strip_prefix("ref: ").map(str::to_owned)
        }
        _ => None,
    };
    let mut marks = BTreeMap::new();
    let mut mark = |path: PathBuf, found: Option<FileMark>| {
        // A file that is not there yet is watched for as well.
        marks.insert(path, found.unwrap_or(FileMark::Stamp(0, None)));
    };
    mark(folder.join("HEAD"), head);
    mark(folder.join("logs/HEAD"), stamp(&folder.join("logs/HEAD")));
    mark(common.join("shallow"), stamp(&common.join("shallow")));
    // Where no log is kept, a commit shows in the branch alone.
    if let Some(branch) = branch {
        mark(common.join(&branch), content(&common.join(&branch)));
    }
    mark(common.join("packed-refs"), stamp(&common.join("packed-refs")));
    for tables in [&folder, &common].map(|folder| folder.join("reftable/tables.list")) {
        if let Some(list) = content(&tables) {
            mark(tables, Some(list));
        }
    }
    Some(RepositoryState { folder, common, marks })
}

fn folders(site: &Path) -> Option<(PathBuf, PathBuf)> {
    let said = git(site, &["rev-parse", "--git-dir", "--git-common-dir"])?;
    let mut folders = said.lines().map(|folder| plain(&site.join(folder)));
    Some((folders.next()?, folders.next()?))
}

/// A path without links and `..`, as watchers report it.
fn plain(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf())
}

#[expect(clippy::disallowed_methods, reason = "this module is where git is asked")]
fn content(file: &Path) -> Option<FileMark> {
    std::fs::read(file).ok().map(FileMark::Content)
}

#[expect(clippy::disallowed_methods, reason = "this module is where git is asked")]
fn stamp(file: &Path) -> Option<FileMark> {
    let facts = std::fs::metadata(file).ok()?;
    Some(FileMark::Stamp(facts.len(), facts.modified().ok()))
}

/// Settings that win over those of the checkout, the user and the environment: a checkout may be anybody's, none of the
/// programs that it names is ever run, and what git says is the same for all who ask.
const SETTINGS: &[&str] = &[
    "core.quotePath=false",
    "diff.ignoreSubmodules=none",
    "diff.interHunkContext=0",
    "diff.relative=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.diffMerges=separate",
    "log.follow=false",
    "log.showRoot=true",
    "log.showSignature=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.askPass=",
    "core.sshCommand=false",
    "credential.helper=",
    "gpg.program=false",
];

/// What stays of what the environment says to git: how it is installed and configured, and where it looks for
/// repositories. All else is about one repository and one command, as in hooks, and these would not be ours.
const KEPT: &[&str] =
    &["GIT_CEILING_", "GIT_CONFIG", "GIT_DISCOVERY_", "GIT_EXEC_PATH", "GIT_TRACE"];

/// What the environment says to git of another repository or another command.
fn elsewhere() -> impl Iterator<Item = OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    names.filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("GIT_") && !KEPT.iter().any(|kept| name.starts_with(kept))
    })
}

/// The commit that a folder is at; none where git does not know.
pub fn revision(folder: &Path) -> Option<String> {
    let commit = git(folder, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    Some(commit.trim().to_owned()).filter(|commit| !commit.is_empty())
}

/// What git answers in a folder; nothing if it cannot. Runs no program that the checkout names, and asks no other
/// computer for what a partial clone lacks.
#[expect(clippy::disallowed_methods, reason = "this module is where git is asked")]
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.args(["--no-pager", "--literal-pathspecs", "--no-optional-locks"]);
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    for name in elsewhere() {
        command.env_remove(name);
    }
    let output = command
        .args(arguments)
        .current_dir(folder)
        .env("GIT_NO_LAZY_FETCH", "1")
        // No protocol is of this name.
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_TERMINAL_PROMPT", "0")
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

    use super::{history, state};
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
        let reviewed = history.reviewed(&page).map(|reviewed| reviewed.date_only);
        assert_eq!(reviewed, date_only, "{history:?}");
    }

    #[test]
    fn a_merged_change_counts_from_its_merge_and_a_rename_keeps_the_review() {
        let repository = repository();
        let known = history(&repository.path().join("docs"), "content");
        check(&known, &["tf/queue.tf 2026-03-01"], Some(true));
    }

    #[test]
    fn pages_beside_site_toml_have_their_history_too() {
        let repository = repository();
        let known = history(&repository.path().join("docs/content"), "");
        assert_eq!(known.unknown(), None);
        let renamed = known.reviewed(&FilePath::new("new name.md").expect("a path"));
        assert!(renamed.is_some_and(|reviewed| reviewed.date_only));
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
        assert_eq!(unknown.site(), "docs/");
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

    #[test]
    fn pages_in_a_repository_of_their_own_are_unknown_and_not_without_changes() {
        let repository = repository();
        let inner = repository.path().join("docs/content/inner");
        std::fs::create_dir(&inner).expect("a folder");
        run(&inner, "2026-03-03", &["init", "--quiet"]);
        let unknown = history(&repository.path().join("docs"), "content/inner");
        assert!(unknown.unknown().is_some_and(|reason| reason.contains("of their own")));
    }

    #[test]
    fn a_partial_clone_is_asked_for_nothing_and_unknown() {
        let repository = repository();
        run(repository.path(), "2026-03-03", &["config", "uploadpack.allowFilter", "true"]);
        let folder = tempfile::tempdir().expect("a folder");
        let source = format!("file://{}", repository.path().display());
        let clone = ["clone", "--quiet", "--filter=blob:none", "--no-checkout", &source, "clone"];
        run(folder.path(), "2026-03-03", &clone);
        let unknown = history(&folder.path().join("clone"), "docs/content");
        assert!(unknown.unknown().is_some_and(|reason| reason.contains("partial")), "{unknown:?}");
    }

    /// Hooks that commands may run which change nothing.
    #[cfg(unix)]
    const HOOKS: [&str; 7] = [
        "fsmonitor-watchman",
        "post-checkout",
        "post-index-change",
        "pre-auto-gc",
        "query-watchman",
        "reference-transaction",
        "update",
    ];

    /// Every key that this git knows and that names a program, by how it ends, with a name in the place of what may
    /// be any.
    #[cfg(unix)]
    #[expect(clippy::disallowed_methods, reason = "the test asks git what it knows")]
    fn keys_of_programs() -> Vec<String> {
        const ENDS: [&str; 19] = [
            "askpass", "browser", "clean", "cmd", "command", "difffilter", "driver", "editor",
            "external", "fsmonitor", "helper", "hook", "pager", "process", "program", "proxy",
            "smudge", "textconv", "vcs",
        ];
        let listed = Command::new("git").args(["help", "-c"]).output().expect("git runs");
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let names_program = |key: &&str| {
            let last = key.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
            // These hold yes and no, and colors.
            let others = ["advice.", "color.", "column.", "notes."];
            let is_other = others.iter().any(|of| key.starts_with(of)) || last == "cachetextconv";
            key.contains('.')
                && !is_other
                && (key.starts_with("pager.") || ENDS.iter().any(|end| last.ends_with(end)))
        };
        let keys = listed.lines().map(str::trim).filter(names_program);
        keys.map(|key| {
            let mut parts = key.split('<');
            let first = parts.next().unwrap_or_default().to_owned();
            let name = if key.starts_with("pager.") { "log" } else { "evil" };
            parts.fold(first, |all, part| {
                all + name + part.split_once('>').map_or("", |(_, rest)| rest)
            })
        })
        .collect()
    }

    #[cfg(unix)]
    #[test]
    fn keys_that_name_programs_are_known_of_git_itself() {
        let keys = keys_of_programs();
        for key in [
            "core.editor", "diff.evil.textconv", "filter.evil.clean", "pager.log",
            "gpg.evil.program",
        ] {
            assert!(keys.iter().any(|known| known == key), "{key} {keys:?}");
        }
    }

    /// Settings that name a program in every way that there is.
    #[cfg(unix)]
    fn settings(root: &Path, program: &str) -> Vec<(&'static str, String)> {
        let (shell, remote) = (format!("!{program}"), format!("ext::{program}"));
        let root = |name: &str| root.join(name).to_str().expect("a plain path").to_owned();
        let (hooks, included) = (root("hooks"), root("more.config"));
        let all = [
            ("diff.evil.textconv", program),
            ("diff.evil.command", program),
            ("diff.external", program),
            ("filter.evil.clean", program),
            ("filter.evil.smudge", program),
            ("filter.evil.process", program),
            ("merge.evil.driver", program),
            ("core.fsmonitor", program),
            ("core.pager", program),
            ("pager.log", program),
            ("pager.rev-parse", program),
            ("core.editor", program),
            ("core.sshCommand", program),
            ("core.askPass", program),
            ("core.gitProxy", program),
            ("core.hooksPath", &hooks),
            ("credential.helper", &shell),
            ("alias.log", &shell),
            ("alias.rev-parse", &shell),
            ("gpg.program", program),
            ("gpg.ssh.program", program),
            ("log.showSignature", "true"),
            ("diff.submodule", "log"),
            ("protocol.ext.allow", "always"),
            ("remote.origin.url", &remote),
            ("remote.origin.promisor", "true"),
            ("remote.origin.partialclonefilter", "blob:none"),
            ("extensions.partialClone", "origin"),
            ("remote.origin.uploadpack", program),
            ("uploadpack.packObjectsHook", program),
            ("submodule.evil.update", &shell),
            ("include.path", &included),
        ];
        all.map(|(key, value)| (key, value.to_owned())).into()
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test makes repositories")]
    fn nothing_that_a_checkout_names_is_run() {
        use std::os::unix::fs::PermissionsExt;

        let repository = repository();
        let root = repository.path();
        let (trace, program) = (root.join("trace"), root.join("program"));
        let script = format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\ncat \"$1\"\n", trace.display());
        write(root, "program", &script);
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("a file");
        write(root, ".gitattributes", "* diff=evil filter=evil merge=evil\n");
        run(root, "2026-03-03", &["add", ".gitattributes"]);
        run(root, "2026-03-03", &["commit", "--quiet", "-m", "Name a driver"]);
        let program = program.to_str().expect("a plain path");
        let included = root.join("more.config");
        std::fs::write(&included, format!("[diff \"evil\"]\ntextconv = {program}\n"))
            .expect("a file");
        let hooks = root.join("hooks");
        for folder in [&hooks, &root.join(".git/hooks")] {
            std::fs::create_dir_all(folder).expect("a folder");
            for name in HOOKS {
                std::fs::copy(program, folder.join(name)).expect("a hook");
            }
        }
        for (key, value) in settings(root, program) {
            run(root, "2026-03-03", &["config", key, &value]);
        }
        for key in keys_of_programs() {
            run(root, "2026-03-03", &["config", &key, program]);
        }
        for arguments in [&["log", "-p", "--textconv", "--", "docs"][..], &["status"]] {
            let plain = Command::new("git").args(arguments).current_dir(root).output();
            plain.expect("git runs");
        }
        assert!(trace.exists(), "the trap works");
        std::fs::remove_file(&trace).expect("the trace");
        let known = history(&root.join("docs"), "content");
        check(&known, &["tf/queue.tf 2026-03-01"], Some(true));
        state(root, None).expect("a repository");
        // Without an object, git would fetch it from the remote.
        let object = super::git(root, &["rev-parse", "HEAD:docs/content/new name.md"]);
        let object = object.expect("the page is committed");
        let (folder, file) = object.trim().split_at(2);
        std::fs::remove_file(root.join(".git/objects").join(folder).join(file)).expect("an object");
        assert!(history(&root.join("docs"), "content").unknown().is_some());
        assert!(!trace.exists(), "{:?}", std::fs::read_to_string(&trace));
    }

    /// A commit in the work tree at `site` shows in its state, and in a file of a folder that is to be watched.
    fn check_commit(site: &Path) {
        let before = state(site, None).expect("a repository");
        assert_eq!(state(site, Some(&before)).as_ref(), Some(&before), "nothing happened");
        run(site, "2026-03-04", &["commit", "--quiet", "--allow-empty", "-m", "Change nothing"]);
        let after = state(site, Some(&before)).expect("a repository");
        assert_ne!(after, before, "{}", site.display());
        let changed =
            after.marks.iter().filter(|(path, mark)| before.marks.get(*path) != Some(mark));
        let folders: Vec<&Path> = after.places().collect();
        for (path, _) in changed {
            assert!(after.depends_on(path) && after.owns(path), "{}", path.display());
            assert!(folders.contains(&path.parent().expect("a folder")), "{}", path.display());
        }
    }

    #[test]
    fn a_commit_is_noticed_also_where_git_s_folder_is_elsewhere_or_keeps_no_log() {
        let repository = repository();
        let folder = tempfile::tempdir().expect("a folder");
        let (root, source) = (folder.path(), repository.path());
        check_commit(source);
        let tree = root.join("tree");
        let named = tree.to_str().expect("a plain path");
        run(source, "2026-03-03", &["worktree", "add", "--quiet", named, "-b", "tree"]);
        assert!(tree.join(".git").is_file());
        check_commit(&tree);
        let outer = root.join("outer");
        std::fs::create_dir(&outer).expect("a folder");
        run(&outer, "2026-03-03", &["init", "--quiet"]);
        let address = source.to_str().expect("a plain path");
        run(&outer, "2026-03-03", &["submodule", "--quiet", "add", address, "inner"]);
        assert!(outer.join("inner/.git").is_file());
        check_commit(&outer.join("inner"));
        run(source, "2026-03-03", &["config", "core.logAllRefUpdates", "false"]);
        std::fs::remove_dir_all(source.join(".git/logs")).expect("a folder");
        check_commit(&source.join("docs"));
    }

    #[test]
    fn another_branch_is_noticed_and_an_index_that_is_locked() {
        let repository = repository();
        let before = state(repository.path(), None).expect("a repository");
        assert!(!before.is_busy());
        run(repository.path(), "2026-03-03", &["checkout", "--quiet", "change"]);
        assert_ne!(state(repository.path(), Some(&before)), Some(before.clone()));
        write(repository.path(), ".git/index.lock", "");
        assert!(before.is_busy());
    }
}
