//! What git says of the files of a repository, as a value.
//!
//! Reads the output of two `git log` calls for the whole site (never one a file) and answers two questions: when
//! did a file last change, and how was a page's last review made. Starts no process:
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
    /// For each page of the repository how its last review was made.
    pub reviewed: BTreeMap<String, Reviewed>,
}

/// How a page's last review was made: what the newest commit says that changed its review day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// It changed nothing else of the page than review keys.
    pub date_only: bool,
    /// How many pages it changed in that way, this one among them.
    pub together: usize,
    /// Whether its author is that of the change of the text before it; `None` where a merge hides one of them, or the
    /// page was written in the same commit.
    pub by_author: Option<bool>,
}

/// The marker that begins each commit in the output of `git log`: its time in seconds, its parents and the address of
/// its author, which is only compared.
pub const COMMIT_FORMAT: &str = "%x01%ct%x02%p%x02%aE";

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

    /// How the page's last review was made; `None` where git does not say.
    pub fn reviewed(&self, page: &FilePath) -> Option<Reviewed> {
        let History::Known(commits) = self else { return None };
        commits.reviewed.get(&commits.in_repository(page)).copied()
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
    /// Reads `git log --first-parent -m --format=FORMAT --name-only -z` and
    /// `git log --first-parent -m -M -p -U0 --format=FORMAT -- CONTENT`, where the format is [`COMMIT_FORMAT`].
    pub fn parse(site: &str, names: &str, patches: &str) -> Commits {
        Commits { site: site.to_owned(), newest: newest(names), reviewed: reviewed(patches) }
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

fn commit_day(mark: &str) -> Option<Date> {
    let seconds = mark.split('\u{2}').next().unwrap_or_default();
    let time = jiff::Timestamp::from_second(seconds.trim().parse().ok()?).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(time).date())
}

/// Who made a commit, by address; nothing for a merge, whose author need not have written any of it.
fn author(mark: &str) -> Option<&str> {
    let mut parts = mark.split('\u{2}').skip(1);
    let is_merge = parts.next()?.contains(' ');
    parts.next().map(str::trim).filter(|author| !is_merge && !author.is_empty())
}

/// The changes that one commit made to one file.
#[derive(Default)]
struct Patch<'p> {
    /// The commit, counted from the newest.
    commit: usize,
    author: Option<&'p str>,
    path: String,
    renamed_from: Option<String>,
    changes_review_day: bool,
    changes_else: bool,
}

impl Patch<'_> {
    fn is_date_only(&self) -> bool {
        self.changes_review_day && !self.changes_else
    }
}

/// A page's last review, until the change of the text before it is found.
struct FoundReview<'p> {
    reviewed: Reviewed,
    reviewer: Option<&'p str>,
    is_settled: bool,
}

fn reviewed(patches: &str) -> BTreeMap<String, Reviewed> {
    let patches = file_patches(patches);
    let mut together: HashMap<usize, usize> = HashMap::new();
    for patch in patches.iter().filter(|patch| patch.is_date_only()) {
        *together.entry(patch.commit).or_default() += 1;
    }
    let mut found: BTreeMap<String, FoundReview<'_>> = BTreeMap::new();
    // Where a file of older commits is today; commits come newest first, so names are followed backwards.
    let mut now: HashMap<&str, String> = HashMap::new();
    for patch in &patches {
        let path = now.get(patch.path.as_str()).unwrap_or(&patch.path).clone();
        match found.get_mut(&path) {
            Some(found) if patch.changes_else && !found.is_settled => {
                found.is_settled = true;
                let both = found.reviewer.zip(patch.author);
                found.reviewed.by_author = both.map(|(reviewer, author)| reviewer == author);
            }
            None if patch.changes_review_day => {
                let date_only = patch.is_date_only();
                let together = together.get(&patch.commit).filter(|_| date_only);
                let together = together.copied().unwrap_or(1);
                let reviewed = Reviewed { date_only, together, by_author: None };
                let review = FoundReview { reviewed, reviewer: patch.author, is_settled: false };
                found.insert(path.clone(), review);
            }
            _ => {}
        }
        if let Some(old) = &patch.renamed_from {
            now.insert(old, path);
        }
    }
    found.into_iter().map(|(path, found)| (path, found.reviewed)).collect()
}

fn file_patches(patches: &str) -> Vec<Patch<'_>> {
    let mut read: Vec<Patch<'_>> = Vec::new();
    let (mut commit, mut by) = (0, None);
    let mut in_hunk = false;
    for line in patches.lines() {
        if let Some(mark) = line.strip_prefix('\u{1}') {
            (commit, by) = (commit + 1, author(mark));
            in_hunk = false;
            continue;
        }
        if line.starts_with("diff --git ") {
            read.push(Patch { commit, author: by, ..Patch::default() });
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

fn read_header(patch: &mut Patch<'_>, line: &str) {
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

fn read_change(patch: &mut Patch<'_>, line: &str) {
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
        "last_reviewed_on", "review_in", "review_by", "reviewed_by", "reviews", "on", "by", "how",
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
        let reviewed = known("", "", patches).reviewed(&path("content/a.md"));
        assert_eq!(reviewed.map(|reviewed| reviewed.date_only), expected, "{patches}");
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
        assert!(history.reviewed(&path("content/new.md")).is_some_and(|found| found.date_only));
    }

    /// A commit by somebody, with the pages that it changes and how.
    fn commit(author: &str, parents: &str, pages: &[(&str, &str)]) -> String {
        let mut text = format!("\u{1}1772323200\u{2}{parents}\u{2}{author}\n\n");
        for (page, changes) in pages {
            text.push_str(&format!(
                "diff --git a/{page} b/{page}\n--- a/{page}\n+++ b/{page}\n@@ -2 +2 @@\n{changes}"
            ));
        }
        text
    }

    const BUMP: &str = "-last_reviewed_on: 2026-01-01\n+last_reviewed_on: 2026-02-02\n";

    #[test]
    fn pages_that_are_dated_in_one_commit_are_counted_together() {
        let names: Vec<String> = (0..7).map(|number| format!("content/{number}.md")).collect();
        let mut pages: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), BUMP)).collect();
        pages[6].1 = "-last_reviewed_on: 2026-01-01\n+last_reviewed_on: 2026-02-02\n-a\n+b\n";
        let alone = commit("a@b.example", "1", &[("content/a.md", BUMP)]);
        let history = known("", "", &format!("{alone}{}", commit("a@b.example", "1", &pages)));
        let together = |name: &str| history.reviewed(&path(name)).expect("a review").together;
        assert_eq!(together("content/0.md"), 6);
        assert_eq!(together("content/6.md"), 1, "its text was changed too");
        assert_eq!(together("content/a.md"), 1);
    }

    #[test]
    fn a_review_by_who_wrote_the_text_last_is_told_from_one_by_somebody_else() {
        let text = "-a\n+b\n";
        let check = |commits: &[(&str, &str, &str)], expected: Option<bool>| {
            let log: String = commits
                .iter()
                .map(|(author, parents, changes)| {
                    commit(author, parents, &[("content/a.md", changes)])
                })
                .collect();
            let reviewed = known("", "", &log).reviewed(&path("content/a.md")).expect("a review");
            assert_eq!(reviewed.by_author, expected, "{commits:?}");
        };
        check(&[("dana", "1", BUMP), ("dana", "2", text)], Some(true));
        check(&[("dana", "1", BUMP), ("kim", "2", text), ("dana", "3", text)], Some(false));
        check(&[("dana", "1", BUMP), ("kim", "2", BUMP), ("dana", "3", text)], Some(true));
        check(&[("dana", "1 2", BUMP), ("dana", "3", text)], None);
        check(&[("dana", "1", BUMP), ("dana", "2 3", text), ("dana", "4", text)], None);
        check(&[("dana", "1", BUMP)], None);
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
        assert_eq!(history.reviewed(&path("a.md")), None);
        assert_eq!(history.unknown(), Some("this is a shallow clone"));
    }
}
