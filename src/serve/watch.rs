//! The file system's events become alarms: something changed, perhaps at these paths.
//!
//! An alarm is a reason to look, never a fact: events are lost, merged and repeated by every system in its own way.
//! What changed is found by looking at the files. Nothing is delayed here and nothing filtered but what cannot be
//! a change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, MetadataKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

/// Whether the system tells when a file that was written to is closed.
const CLOSING_IS_TOLD: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// What woke the preview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alarm {
    /// Where something may have changed.
    pub paths: BTreeSet<PathBuf>,
    /// Files that were written to, and whether the writer still has them open; empty where the system does not say.
    pub written: BTreeMap<PathBuf, bool>,
    /// Events were lost, so anything may have changed.
    pub everything: bool,
}

/// A sign from outside the loop.
#[derive(Clone, Debug)]
enum Sign {
    Changed(Alarm),
    Stop,
}

/// Ends the wait for alarms; may be given to a signal handler.
#[derive(Clone, Debug)]
pub(crate) struct Stopper(Sender<Sign>);

impl Stopper {
    /// Makes every wait end, now and later.
    pub(crate) fn stop(&self) {
        // Where nobody waits any more there is nothing to stop.
        self.0.send(Sign::Stop).unwrap_or_default();
    }
}

/// What a wait ended with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// Something may have changed.
    By(Alarm),
    /// The time was up.
    InTime,
    /// The preview ends.
    Stopped,
}

/// Watches a set of places that may change while it watches.
pub(crate) struct Watch {
    watcher: RecommendedWatcher,
    places: BTreeMap<PathBuf, Depth>,
    signs: Receiver<Sign>,
    sender: Sender<Sign>,
    stopped: bool,
}

/// How far below a folder is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    /// The folder's own entries.
    Entries,
    /// Everything below.
    All,
}

impl Watch {
    /// Watches nothing yet.
    pub(crate) fn new() -> anyhow::Result<Watch> {
        let (sender, signs) = channel();
        let events = sender.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if let Some(alarm) = alarm(event) {
                // Nobody listens any more when the preview ends.
                events.send(Sign::Changed(alarm)).unwrap_or_default();
            }
        })?;
        Ok(Watch { watcher, places: BTreeMap::new(), signs, sender, stopped: false })
    }

    /// What ends the wait from another thread.
    pub(crate) fn stopper(&self) -> Stopper {
        Stopper(self.sender.clone())
    }

    /// Watches exactly these folders from now on; says which cannot be watched, and why.
    ///
    /// A folder that does not exist is watched for from the nearest one above it that does. Returns whether anything
    /// is watched now that was not before: what changed there until now, nobody has told.
    pub(crate) fn cover(&mut self, wanted: &BTreeMap<PathBuf, Depth>, say: &dyn Fn(&str)) -> bool {
        let places = existing(wanted);
        for gone in self.places.keys().filter(|path| places.get(*path) != self.places.get(*path)) {
            // It was watched, or it has been deleted, which ends the watch as well.
            self.watcher.unwatch(gone).unwrap_or_default();
        }
        let mut is_more = false;
        for (path, depth) in &places {
            if self.places.get(path) == Some(depth) {
                continue;
            }
            is_more = true;
            let mode = match depth {
                Depth::All => RecursiveMode::Recursive,
                Depth::Entries => RecursiveMode::NonRecursive,
            };
            if let Err(error) = self.watcher.watch(path, mode) {
                say(&format!("cannot watch {}: {error}", path.display()));
            }
        }
        self.places = places;
        is_more
    }

    /// Waits until every folder that an alarm has named is watched.
    ///
    /// Where folders are watched one by one, the watcher tells of a new one first and watches it then. It takes in
    /// what it is asked only after that, so that any answer will do.
    pub(crate) fn settle(&mut self) {
        // A watcher that has ended tells nothing more.
        self.watcher.configure(notify::Config::default()).unwrap_or_default();
    }

    /// Waits until something may have changed, at most for `patience`; gathers what came meanwhile.
    pub(crate) fn wait(&mut self, patience: Option<Duration>) -> Woken {
        if self.stopped {
            return Woken::Stopped;
        }
        let first = match patience {
            Some(patience) => self.signs.recv_timeout(patience),
            None => self.signs.recv().map_err(RecvTimeoutError::from),
        };
        let mut alarm = match first {
            Ok(Sign::Changed(alarm)) => alarm,
            Err(RecvTimeoutError::Timeout) => return Woken::InTime,
            Ok(Sign::Stop) | Err(RecvTimeoutError::Disconnected) => {
                self.stopped = true;
                return Woken::Stopped;
            }
        };
        for sign in self.signs.try_iter() {
            match sign {
                Sign::Changed(more) => alarm.merge(more),
                Sign::Stop => self.stopped = true,
            }
        }
        Woken::By(alarm)
    }
}

impl Alarm {
    /// Adds another alarm to this one.
    pub(crate) fn merge(&mut self, other: Alarm) {
        self.paths.extend(other.paths);
        self.written.extend(other.written);
        self.everything |= other.everything;
    }
}

/// What an event calls for; `None` where it cannot mean that a file's content, name or existence changed.
fn alarm(event: notify::Result<notify::Event>) -> Option<Alarm> {
    let Ok(event) = event else {
        return Some(Alarm { everything: true, ..Alarm::default() });
    };
    let written = match event.kind {
        EventKind::Create(CreateKind::File) | EventKind::Modify(ModifyKind::Data(_)) => Some(true),
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(false),
        _ => None,
    };
    let written = written.filter(|_| CLOSING_IS_TOLD).map_or_else(BTreeMap::new, |open| {
        event.paths.iter().map(|path| (path.clone(), open)).collect()
    });
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) if CLOSING_IS_TOLD => {
            Some(Alarm { written, ..Alarm::default() })
        }
        EventKind::Access(_)
        | EventKind::Modify(ModifyKind::Metadata(
            MetadataKind::AccessTime | MetadataKind::Permissions,
        )) => None,
        _ => Some(Alarm {
            everything: event.need_rescan() || event.paths.is_empty(),
            paths: event.paths.into_iter().collect(),
            written,
        }),
    }
}

/// For each folder the nearest one that exists; a folder below another that is watched whole is left out.
fn existing(wanted: &BTreeMap<PathBuf, Depth>) -> BTreeMap<PathBuf, Depth> {
    let mut places: BTreeMap<PathBuf, Depth> = BTreeMap::new();
    for (path, depth) in wanted {
        let Some(found) = path.ancestors().find(|folder| folder.is_dir()) else { continue };
        let depth = if found == path { *depth } else { Depth::Entries };
        let entry = places.entry(found.to_path_buf()).or_insert(depth);
        *entry = depth.max(*entry);
    }
    let whole: Vec<PathBuf> = places
        .iter()
        .filter(|(_, depth)| **depth == Depth::All)
        .map(|(path, _)| path.clone())
        .collect();
    let inside =
        |path: &Path| whole.iter().any(|folder| path != folder && path.starts_with(folder));
    places.retain(|path, _| !inside(path));
    places
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use super::{Depth, Watch, Woken};

    const PATIENCE: Duration = Duration::from_secs(20);

    fn watch(places: &[(&Path, Depth)]) -> Watch {
        let mut watch = Watch::new().expect("the system has a watcher");
        let places: BTreeMap<PathBuf, Depth> =
            places.iter().map(|(path, depth)| (path.to_path_buf(), *depth)).collect();
        assert!(watch.cover(&places, &|problem| panic!("{problem}")), "nothing was watched before");
        assert!(!watch.cover(&places, &|problem| panic!("{problem}")), "now it is");
        watch
    }

    /// Waits until an alarm names `path`.
    fn check(watch: &mut Watch, path: &Path) {
        loop {
            match watch.wait(Some(PATIENCE)) {
                Woken::By(alarm) if alarm.paths.contains(path) => return,
                Woken::By(_) => {}
                other => panic!("{other:?} instead of {}", path.display()),
            }
        }
    }

    #[test]
    fn changes_below_a_folder_are_heard_new_folders_included() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a whole path");
        let mut watch = watch(&[(&root, Depth::All)]);
        fs::write(root.join("a.md"), "a").expect("a file");
        check(&mut watch, &root.join("a.md"));
        fs::create_dir(root.join("new")).expect("a folder");
        check(&mut watch, &root.join("new"));
        fs::rename(root.join("a.md"), root.join("b.md")).expect("a new name");
        check(&mut watch, &root.join("b.md"));
        fs::remove_file(root.join("b.md")).expect("no file");
        check(&mut watch, &root.join("b.md"));
    }

    #[test]
    fn a_folder_that_appears_later_is_heard_of() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a whole path");
        let theme = root.join("theme/templates");
        let mut watch = watch(&[(&theme, Depth::All)]);
        fs::create_dir(root.join("theme")).expect("a folder");
        check(&mut watch, &root.join("theme"));
    }

    #[test]
    fn reading_is_no_change_and_stopping_ends_every_wait() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a whole path");
        fs::write(root.join("a.md"), "a").expect("a file");
        let mut watch = watch(&[(&root, Depth::All)]);
        fs::read(root.join("a.md")).expect("a file");
        watch.stopper().stop();
        assert_eq!(watch.wait(None), Woken::Stopped);
        assert_eq!(watch.wait(None), Woken::Stopped);
    }
}
