//! What the preview shows at one moment, and the place where the newest such moment is published.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::civil::Date;
use serde::Serialize;

use crate::build::Build;
use crate::diagnostic::{Counts, Finding};
use crate::files::{Bytes, FilePath, Files};
use crate::mcp::Library;

use super::findings::{ListedFindings, ShownPage, listing};

/// How many changed files a browser is told of; after more it compares by itself.
const TOLD: usize = 200;

/// The site as of one build.
#[derive(Clone, Default)]
pub(crate) struct Snapshot {
    /// The files as they are served, but for the search index.
    pub files: Arc<Files>,
    /// The search index of this build or one shortly before.
    pub search: Arc<Files>,
    /// What agents are answered from, as new as the search index.
    pub library: Option<Arc<Library>>,
    /// The newest build that succeeded, without the files and findings that stand beside it here.
    pub build: Option<Arc<Build>>,
    /// What is wrong with the newest sources.
    pub findings: Arc<Vec<Finding>>,
    /// The newest sources that the findings point into.
    pub sources: Arc<Files>,
    /// Pages shown in their last good version, with the time of it in seconds since 1970.
    pub held: BTreeMap<FilePath, u64>,
    /// Nothing could be built from the newest sources.
    pub failed: bool,
    /// Why the sources could not be read, if they could not.
    pub trouble: Option<String>,
    /// When this was made, in seconds since 1970.
    pub made: u64,
    /// Counts the published snapshots of this server.
    pub revision: u64,
    /// The files that differ from the snapshot of the revision before; nothing stands for too many to name.
    pub changed: Option<Vec<FilePath>>,
    /// What does not change while the server runs.
    pub setup: Arc<Setup>,
}

/// What answers depend on besides the build.
#[derive(Clone, Default)]
pub(crate) struct Setup {
    /// The site folder.
    pub folder: PathBuf,
    /// The address that opens a file in an editor, with `{file}`, `{line}` and `{column}`.
    pub editor: String,
    /// The day that pages are to be read as of, if it is not today.
    pub day: Option<Date>,
}

/// What a browser is told of a new snapshot.
#[derive(Serialize)]
struct SnapshotEvent<'a> {
    revision: u64,
    changed: Option<&'a [FilePath]>,
}

/// The snapshot of a build that comes after `last`; what could not be built is held over from there.
pub(crate) fn next(
    last: &Snapshot,
    built: Result<Build, Vec<Finding>>,
    sources: &Files,
    now: u64,
) -> Snapshot {
    let mut built = match built {
        Err(findings) => {
            return Snapshot {
                sources: Arc::new(pointed_into(&findings, sources)),
                findings: Arc::new(findings),
                failed: true,
                trouble: None,
                changed: Some(Vec::new()),
                ..last.clone()
            };
        }
        Ok(built) => built,
    };
    // Neither is asked of the build again.
    let mut files = std::mem::take(&mut built.output);
    let findings = std::mem::take(&mut built.findings);
    let mut held = BTreeMap::new();
    for page in built.site.pages.iter().filter(|page| page.document.meta.broken) {
        let path = page.address.file();
        if let Some(good) = last.files.get(&path) {
            files.insert(path.clone(), Arc::clone(good));
            held.insert(path.clone(), last.held.get(&path).copied().unwrap_or(last.made));
        }
    }
    // No tab shows a page's Markdown copy, so none need be told of it.
    let mut changed = last.files.changed(&files);
    changed.retain(|path| !path.as_str().ends_with(".md"));
    Snapshot {
        files: Arc::new(files),
        search: Arc::clone(&last.search),
        library: last.library.clone(),
        sources: Arc::new(pointed_into(&findings, sources)),
        findings: Arc::new(findings),
        build: Some(Arc::new(built)),
        held,
        made: now,
        changed: (changed.len() <= TOLD).then_some(changed),
        setup: Arc::clone(&last.setup),
        ..Snapshot::default()
    }
}

/// The files that findings point into.
fn pointed_into(findings: &[Finding], sources: &Files) -> Files {
    let mut files = Files::default();
    for diagnostic in findings.iter().map(|finding| &finding.diagnostic) {
        for at in diagnostic.also.iter().map(|(at, _)| at).chain([&diagnostic.at]) {
            if let Some(bytes) = sources.get(&at.path).filter(|_| files.get(&at.path).is_none()) {
                files.insert(at.path.clone(), Arc::clone(bytes));
            }
        }
    }
    files
}

impl Snapshot {
    /// The file at a path of the site.
    pub(crate) fn file(&self, path: &FilePath) -> Option<&Bytes> {
        self.files.get(path).or_else(|| self.search.get(path))
    }

    /// The path of the site's base address, `/` or `/runbooks/`; 404.html refers to it.
    pub(crate) fn base_path(&self) -> &str {
        self.build.as_ref().map_or("/", |build| build.site.config.base_path())
    }

    /// One line on what was built, in how many milliseconds.
    pub(crate) fn summary(&self, milliseconds: u128) -> String {
        let found = Counts::of(&self.findings);
        if self.failed {
            let stays = if self.build.is_some() { ", the last good site stays" } else { "" };
            return format!("not built{stays}: {found}");
        }
        let changed = self.changed.as_ref().map_or_else(
            || "many files changed".to_owned(),
            |changed| match changed.as_slice() {
                [one] => format!("{one} changed"),
                several => format!("{} files changed", several.len()),
            },
        );
        format!("built in {milliseconds} ms: {changed}, {found}")
    }

    /// What the browser lists for the page in the file `page`, as JSON.
    pub(crate) fn findings_for(&self, page: &str) -> String {
        let listed = ListedFindings {
            findings: &self.findings,
            files: &self.sources,
            folder: &self.setup.folder,
            editor: &self.setup.editor,
            trouble: self.trouble.as_deref(),
        };
        let path = FilePath::new(page);
        let source = path.as_ref().and_then(|path| self.source_of(path));
        let held = path.as_ref().and_then(|path| self.held.get(path).copied());
        let shown = match held {
            _ if self.build.is_none() => ShownPage::NotAtAll,
            _ if self.failed || self.trouble.is_some() => ShownPage::LastGoodSite(self.made),
            Some(since) => ShownPage::LastGood(since),
            None => ShownPage::AsItIs,
        };
        let listing = listing(listed, source.as_ref(), shown);
        serde_json::to_string(&listing).expect("numbers and strings have a JSON form")
    }

    /// The source of the page that is published in a file.
    fn source_of(&self, file: &FilePath) -> Option<FilePath> {
        let pages = &self.build.as_ref()?.site.pages;
        pages
            .iter()
            .find(|page| page.address.file() == *file)
            .map(|page| page.document.path.clone())
    }

    /// What a browser is told of this snapshot, as JSON.
    pub(crate) fn event(&self) -> String {
        let event = SnapshotEvent { revision: self.revision, changed: self.changed.as_deref() };
        serde_json::to_string(&event).expect("numbers and strings have a JSON form")
    }
}

/// Holds the newest snapshot; whoever waits for the next is woken when it comes.
///
/// The lock is held only while the pointer is copied: a slow reader delays nobody.
#[derive(Default)]
pub(crate) struct Publication {
    state: Mutex<SnapshotState>,
    update: Condvar,
}

#[derive(Default)]
struct SnapshotState {
    snapshot: Arc<Snapshot>,
    closed: bool,
}

/// What a wait for an update ended with.
pub(crate) enum Update {
    /// A snapshot newer than the one seen.
    Newer(Arc<Snapshot>),
    /// The time was up.
    None,
    /// The server ends.
    Closed,
}

impl Publication {
    /// A publication that shows `snapshot`, which nobody waits for.
    pub(crate) fn new(snapshot: Snapshot) -> Publication {
        let state = SnapshotState { snapshot: Arc::new(snapshot), closed: false };
        Publication { state: Mutex::new(state), update: Condvar::new() }
    }

    /// The newest snapshot.
    pub(crate) fn current(&self) -> Arc<Snapshot> {
        Arc::clone(&self.lock().snapshot)
    }

    /// Makes `snapshot` the newest, one revision after the last.
    pub(crate) fn publish(&self, snapshot: Snapshot) {
        let mut state = self.lock();
        // The index may have been exchanged since this snapshot was begun.
        let search = Arc::clone(&state.snapshot.search);
        let library = state.snapshot.library.clone();
        let revision = state.snapshot.revision + 1;
        state.snapshot = Arc::new(Snapshot { search, library, revision, ..snapshot });
        self.update.notify_all();
    }

    /// Exchanges the search index of the newest snapshot; no page changes by it, so nobody is woken.
    pub(crate) fn publish_search(&self, search: Files, library: Library) {
        let mut state = self.lock();
        let snapshot = Snapshot {
            search: Arc::new(search),
            library: Some(Arc::new(library)),
            ..(*state.snapshot).clone()
        };
        state.snapshot = Arc::new(snapshot);
    }

    /// Ends every wait, now and later.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.update.notify_all();
    }

    /// Whether the server ends.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Waits for a snapshot newer than revision `seen`, at most for `patience`.
    pub(crate) fn newer_than(&self, seen: u64, patience: Duration) -> Update {
        let deadline = Instant::now() + patience;
        let mut state = self.lock();
        loop {
            if state.closed {
                return Update::Closed;
            }
            if state.snapshot.revision > seen {
                return Update::Newer(Arc::clone(&state.snapshot));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Update::None;
            }
            let woken = self.update.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The state is replaced whole, so that one left by a panicking thread is still good.
    fn lock(&self) -> MutexGuard<'_, SnapshotState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
