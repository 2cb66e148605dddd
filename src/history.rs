//! What git says of the files of a repository, as a value.
//!
//! Reads the output of two `git log` calls for the whole site (never one a file) and answers two questions: when
//! did a file last change, and did a page's last review change anything besides its date. Starts no process:
//! [`crate::load::git`] does. A shallow clone would give wrong days, so it counts as unknown.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::files::FilePath;
use crate::glob::Globs;

/// What is known of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum History {
    /// The whole history was there to read.
    Known(Commits),
    /// There is none, or not all of it.
    Unknown {
        /// Why: "this is a shallow clone".
        reason: String,
        /// The site folder inside the repository, as in [`Commits::site`].
        site: String,
    },
}

/// What the commits on this branch say of each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commits {
    /// The site folder inside the repository, with a trailing `/`; empty where they are the same.
    pub site: String,
    /// For each path of the repository the day (UTC) of the newest commit that changed it.
    pub newest: BTreeMap<String, Date>,
    /// For each page of the repository whether the newest commit that changed its review day changed nothing else.
    pub date_only: BTreeMap<String, bool>,
}

/// The marker that begins each commit in the output of `git log`, before its time in seconds.
pub const COMMIT_FORMAT: &str = "%x01%ct";

impl History {
    /// The files that match, other than the page itself, with a commit newer than `day`, in path order.
    pub fn changed_after(
        &self,
        day: Date,
        watched: &Globs,
        page: &FilePath,
    ) -> Vec<(String, Date)> {
        let History::Known(commits) = self else { return Vec::new() };
        let page = commits.in_repository(page);
        commits
            .newest
            .iter()
            .filter(|(path, changed)| **changed > day && **path != page && watched.matches(path))
            .map(|(path, changed)| (path.clone(), *changed))
            .collect()
    }

    /// The day of the newest commit that changed a file; `None` where git does not say.
    pub fn changed_on(&self, file: &FilePath) -> Option<Date> {
        let History::Known(commits) = self else { return None };
        commits.newest.get(&commits.in_repository(file)).copied()
    }

    /// Whether the page's last review changed nothing but review keys; `None` where git does not say.
    pub fn date_only(&self, page: &FilePath) -> Option<bool> {
        let History::Known(commits) = self else { return None };
        commits.date_only.get(&commits.in_repository(page)).copied()
    }

    /// Why the history is unknown, to be said aloud.
    pub fn unknown(&self) -> Option<&str> {
        match self {
            History::Known(_) => None,
            History::Unknown { reason, .. } => Some(reason),
        }
    }

    /// A history of which nothing is known but why.
    pub fn without(reason: impl Into<String>) -> History {
        History::Unknown { reason: reason.into(), site: String::new() }
    }

    /// The site folder inside the repository, with a trailing `/`; empty where they are the same.
    pub fn site(&self) -> &str {
        match self {
            History::Known(commits) => &commits.site,
            History::Unknown { site, .. } => site,
        }
    }
}

impl Commits {
    /// Reads `git log --first-parent -m --format=%x01%ct --name-only -z` and
    /// `git log --first-parent -m -M -p -U0 --format=%x01%ct -- CONTENT`.
    pub fn parse(site: &str, names: &str, patches: &str) -> Commits {
        Commits { site: site.to_owned(), newest: newest(names), date_only: date_only(patches) }
    }

    fn in_repository(&self, page: &FilePath) -> String {
        format!("{}{page}", self.site)
    }
}

fn newest(names: &str) -> BTreeMap<String, Date> {
    let mut newest: BTreeMap<String, Date> = BTreeMap::new();
    let mut day = None;
    for field in names.split('\0') {
        if let Some(seconds) = field.strip_prefix('\u{1}') {
            day = commit_day(seconds);
            continue;
        }
        let path = field.strip_prefix('\n').unwrap_or(field);
        let (Some(day), false) = (day, path.is_empty()) else { continue };
        // Clocks differ between machines, so the first commit in the log need not be the newest.
        newest.entry(path.to_owned()).and_modify(|known| *known = day.max(*known)).or_insert(day);
    }
    newest
}

fn commit_day(seconds: &str) -> Option<Date> {
    let time = jiff::Timestamp::from_second(seconds.trim().parse().ok()?).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(time).date())
}

/// The changes that one commit made to one file.
#[derive(Default)]
struct Patch {
    path: String,
    renamed_from: Option<String>,
    changes_review_day: bool,
    changes_else: bool,
}

fn date_only(patches: &str) -> BTreeMap<String, bool> {
    let mut found: BTreeMap<String, bool> = BTreeMap::new();
    // Where a file of older commits is today; commits come newest first, so names are followed backwards.
    let mut now: HashMap<String, String> = HashMap::new();
    for patch in file_patches(patches) {
        let path = now.get(&patch.path).unwrap_or(&patch.path).clone();
        if patch.changes_review_day {
            found.entry(path.clone()).or_insert(!patch.changes_else);
        }
        if let Some(old) = patch.renamed_from {
            now.insert(old, path);
        }
    }
    found
}

fn file_patches(patches: &str) -> Vec<Patch> {
    let mut read: Vec<Patch> = Vec::new();
    let mut in_hunk = false;
    for line in patches.lines() {
        if line.starts_with("diff --git ") {
            read.push(Patch::default());
            in_hunk = false;
            continue;
        }
        let Some(patch) = read.last_mut() else { continue };
        if line.starts_with("@@ ") {
            in_hunk = true;
        } else if in_hunk {
            read_change(patch, line);
        } else {
            read_header(patch, line);
        }
    }
    read
}

fn read_header(patch: &mut Patch, line: &str) {
    if let Some(path) = line.strip_prefix("+++ b/").or_else(|| line.strip_prefix("rename to ")) {
        // Git adds a tab after names that hold a space.
        path.trim_end_matches('\t').clone_into(&mut patch.path);
    } else if let Some(path) = line.strip_prefix("rename from ") {
        patch.renamed_from = Some(path.to_owned());
    } else if line.starts_with("new file mode") {
        // A page that is written and reviewed in one commit was not merely re-dated.
        patch.changes_else = true;
    }
}

fn read_change(patch: &mut Patch, line: &str) {
    let Some(text) = line.strip_prefix(['+', '-']) else { return };
    match review_key(text) {
        Some("last_reviewed_on" | "on") => patch.changes_review_day |= line.starts_with('+'),
        Some(_) => {}
        None => patch.changes_else |= !text.trim().is_empty(),
    }
}

/// The review key that a line of front matter holds, if it holds nothing else.
fn review_key(line: &str) -> Option<&'static str> {
    let text =
        line.trim().trim_start_matches('-').trim_start().trim_start_matches('{').trim_start();
    let end = text.find([':', ' '])?;
    let key = [
        "last_reviewed_on",
        "review_in",
        "review_by",
        "reviewed_by",
        "reviews",
        "on",
        "by",
        "how",
        "note",
    ]
    .into_iter()
    .find(|key| *key == &text[..end])?;
    let of_ledger = matches!(key, "on" | "by" | "how" | "note");
    let nested = line.starts_with([' ', '\t', '-']);
    (of_ledger == nested && text[end..].trim_start().starts_with(':')).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::{Commits, History};
    use crate::calendar::parse_date;
    use crate::files::FilePath;
    use crate::glob::Globs;

    /// Seconds at which 2026-01-01, 2026-02-01 and 2026-03-01 begin in UTC.
    const NAMES: &str = "\u{1}1772323200\0\ntf/main.tf\0\u{1}1769904000\0\ncontent/b c.md\0content/a.md\0\u{1}1767225599\0\ntf/main.tf\0tf/old.tf\0";

    fn known(site: &str, names: &str, patches: &str) -> History {
        History::Known(Commits::parse(site, names, patches))
    }

    fn path(text: &str) -> FilePath {
        FilePath::new(text).expect("the test names a path")
    }

    /// What git says of the review of `content/a.md` after the given changes.
    fn check(patches: &str, expected: Option<bool>) {
        assert_eq!(known("", "", patches).date_only(&path("content/a.md")), expected, "{patches}");
    }

    fn patch(changes: &str) -> String {
        format!(
            "\u{1}1772323200\n\ndiff --git a/content/a.md b/content/a.md\nindex c18f811..e1dd4d8 100644\n\
             --- a/content/a.md\n+++ b/content/a.md\n@@ -2 +2 @@\n{changes}"
        )
    }

    #[test]
    fn watched_files_changed_after_the_review_are_named_with_their_day() {
        let history = known("", NAMES, "");
        let watched = Globs::new(["tf/**"]).expect("a pattern");
        let since = |day| {
            let day = parse_date(day).expect("a day");
            history
                .changed_after(day, &watched, &path("content/a.md"))
                .into_iter()
                .map(|(path, day)| format!("{path} {day}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(since("2025-12-30"), ["tf/main.tf 2026-03-01", "tf/old.tf 2025-12-31"]);
        assert_eq!(since("2025-12-31"), ["tf/main.tf 2026-03-01"]);
        assert!(since("2026-03-01").is_empty(), "a change on the day of the review was seen by it");
    }

    #[test]
    fn a_page_does_not_watch_itself() {
        let history = known("docs/", "\u{1}1772323200\0\ndocs/content/a.md\0", "");
        let watched = Globs::new(["docs/**"]).expect("a pattern");
        let day = parse_date("2020-01-01").expect("a day");
        assert!(history.changed_after(day, &watched, &path("content/a.md")).is_empty());
        assert_eq!(history.changed_after(day, &watched, &path("content/b.md")).len(), 1);
    }

    #[test]
    fn a_commit_that_only_moves_the_date_is_recognised() {
        check(&patch("-last_reviewed_on: 2026-01-01\n+last_reviewed_on: 2026-02-02\n"), Some(true));
        check(
            &patch(
                "-last_reviewed_on: 2026-01-01\n-review_in: 1 month\n+last_reviewed_on: 2026-02-02\n+review_in: 6 months\n",
            ),
            Some(true),
        );
        check(&patch("+  - on: 2026-02-02\n+    by: dana\n+    note: still right\n"), Some(true));
        check(&patch("+  - { on: 2026-02-02, by: dana }\n"), Some(true));
    }

    #[test]
    fn a_review_that_changed_the_text_is_more_than_a_date() {
        check(
            &patch(
                "-last_reviewed_on: 2026-01-01\n+last_reviewed_on: 2026-02-02\n@@ -9 +9 @@\n-old\n+new\n",
            ),
            Some(false),
        );
        check(&patch("-old\n+on: call\n"), None);
        check("", None);
    }

    #[test]
    fn the_newest_review_counts_and_a_renamed_page_keeps_its_own() {
        let bump = patch("-last_reviewed_on: 2026-01-01\n+last_reviewed_on: 2026-02-02\n");
        let work = patch("-last_reviewed_on: 2025-01-01\n+last_reviewed_on: 2026-01-01\n-a\n+b\n");
        check(&format!("{bump}{work}"), Some(true));
        check(&format!("{work}{bump}"), Some(false));
        let rename = "\u{1}1\n\ndiff --git a/content/a.md b/content/new.md\nsimilarity index 100%\nrename from content/a.md\nrename to content/new.md\n";
        let history = known("", "", &format!("{rename}{bump}"));
        assert_eq!(history.date_only(&path("content/new.md")), Some(true));
    }

    #[test]
    fn a_page_written_and_reviewed_at_once_was_not_merely_dated() {
        let new = "\u{1}1\n\ndiff --git a/content/a.md b/content/a.md\nnew file mode 100644\n--- /dev/null\n+++ b/content/a.md\n@@ -0,0 +1 @@\n+last_reviewed_on: 2026-01-01\n";
        check(new, Some(false));
    }

    #[test]
    fn an_unknown_history_accuses_nobody_and_says_why() {
        let history = History::without("this is a shallow clone");
        let day = parse_date("2020-01-01").expect("a day");
        let watched = Globs::new(["**"]).expect("a pattern");
        assert!(history.changed_after(day, &watched, &path("a.md")).is_empty());
        assert_eq!(history.date_only(&path("a.md")), None);
        assert_eq!(history.unknown(), Some("this is a shallow clone"));
    }
}
