//! A folder as a store: a disk, a share, a stick.
//!
//! Every file is written beside its place, brought to the disk and renamed, so that no reader ever sees half of one.
//! Conditions hold among processes of one machine by a lock on the folder, and a file that must not be there is made by
//! linking, which the system does at once or not at all. A tag is what the system says of a file: replacing it always
//! changes its number.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use jiff::Timestamp;

use super::manifest::{OWN, STAGE};
use super::store::{Condition, Fault, HeldObject, ListedObject, Object, Store, WriteResult};
use crate::files::FilePath;

/// How often a file is staged anew, where another run took it for one that was left.
const TRIES: usize = 8;

/// A folder as a store.
#[derive(Debug)]
pub struct FolderStore {
    root: PathBuf,
    stage: PathBuf,
    next: AtomicU64,
}

impl FolderStore {
    /// The folder at a path; nothing is made before something is written. `run` names the run, whose own files in the
    /// making no listing shows; those of others are shown, so that what a killed run left is removed.
    pub fn new(root: &Path, run: &str) -> FolderStore {
        let stage = root.join(OWN).join(format!("{STAGE}{run}"));
        FolderStore { root: root.to_owned(), stage, next: AtomicU64::new(0) }
    }

    /// The place of a key. Keys that lead elsewhere have none.
    fn path_of(&self, key: &str) -> Result<PathBuf, Fault> {
        match FilePath::new(key) {
            Some(path) if path.as_str() == key && !key.contains('\\') => Ok(self.root.join(key)),
            _ => Err(Fault::lasting(format!("`{key}` cannot be the name of a file"))),
        }
    }

    /// Writes a file whole, if the condition holds.
    fn put(
        &self,
        bytes: &[u8],
        path: &Path,
        condition: Condition<'_>,
    ) -> std::io::Result<WriteResult> {
        let once = || self.staged(bytes).and_then(|staged| self.moved(&staged, path, condition));
        let mut result = once();
        for _ in 1..TRIES {
            match &result {
                Err(error) if error.kind() == ErrorKind::NotFound => result = once(),
                _ => break,
            }
        }
        result
    }

    /// Writes a file that nobody sees yet.
    fn staged(&self, bytes: &[u8]) -> std::io::Result<PathBuf> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let staged = self.stage.join(number.to_string());
        make_folder(&self.stage)?;
        let mut file = File::create(&staged)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(staged)
    }

    /// Moves a file to where it is seen, if the condition holds.
    fn moved(
        &self,
        staged: &Path,
        path: &Path,
        condition: Condition<'_>,
    ) -> std::io::Result<WriteResult> {
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        // Closing the folder lets go of it. Where it cannot be locked, the checks alone must do.
        let held = match condition {
            Condition::Always => None,
            _ => File::open(&self.root).ok().filter(|folder| folder.lock().is_ok()),
        };
        let may = match condition {
            Condition::Always => true,
            Condition::Absent => !is_file(path),
            Condition::Unchanged(tag) => facts(path).is_some_and(|facts| tag_of(&facts) == tag),
        };
        if !may {
            let _ = remove(staged);
            return Ok(WriteResult::Refused);
        }
        if let Condition::Absent = condition {
            match std::fs::hard_link(staged, path) {
                Ok(()) => {
                    remove(staged)?;
                    return Ok(WriteResult::Done(facts(path).map(|facts| tag_of(&facts))));
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    remove(staged)?;
                    return Ok(WriteResult::Refused);
                }
                // Some disks have no links.
                Err(_) => {}
            }
        }
        std::fs::rename(staged, path)?;
        drop(held);
        Ok(WriteResult::Done(facts(path).map(|facts| tag_of(&facts))))
    }
}

impl Store for FolderStore {
    fn list(&self) -> Result<BTreeMap<String, ListedObject>, Fault> {
        let mut listing = BTreeMap::new();
        let mut folders = vec![String::new()];
        while let Some(inner) = folders.pop() {
            let entries = match list(&self.root.join(&inner)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(fault("list", &self.root.join(&inner), &error)),
            };
            for entry in entries.flatten() {
                let key = format!("{inner}{}", entry.file_name().to_string_lossy());
                let Ok(facts) = entry.metadata() else { continue };
                if facts.is_dir() {
                    if self.root.join(&key) != self.stage {
                        folders.push(format!("{key}/"));
                    }
                } else {
                    let tag = Some(tag_of(&facts));
                    listing.insert(key, ListedObject { size: facts.len(), tag });
                }
            }
        }
        Ok(listing)
    }

    fn read(&self, key: &str) -> Result<Option<HeldObject>, Fault> {
        let path = self.path_of(key)?;
        match read(&path) {
            Ok(bytes) => {
                Ok(Some(HeldObject { bytes, tag: facts(&path).map(|facts| tag_of(&facts)) }))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fault("read", &path, &error)),
        }
    }

    fn write(&self, key: &str, object: &Object, when: Condition<'_>) -> Result<WriteResult, Fault> {
        let path = self.path_of(key)?;
        self.put(&object.bytes, &path, when).map_err(|error| fault("write", &path, &error))
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Fault> {
        let Some(held) = self.read(from)? else { return Ok(()) };
        let path = self.path_of(to)?;
        self.put(&held.bytes, &path, Condition::Always)
            .map_err(|error| fault("write", &path, &error))?;
        Ok(())
    }

    fn delete(&self, keys: &[String]) -> Result<(), Fault> {
        for key in keys {
            let path = self.path_of(key)?;
            match remove(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(fault("delete", &path, &error));
                }
                _ => {}
            }
            let mut parent = path.parent();
            while let Some(inner) = parent.filter(|inner| *inner != self.root) {
                if std::fs::remove_dir(inner).is_err() {
                    break;
                }
                parent = inner.parent();
            }
        }
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "a folder has the clock of its machine")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn throttled(&self) -> usize {
        0
    }
}

impl Drop for FolderStore {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way: no listing shows it.
        let _ = std::fs::remove_dir_all(&self.stage);
        let own = self.root.join(OWN);
        // Runs that were killed leave empty ones.
        for entry in list(&own).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(STAGE) {
                let _ = std::fs::remove_dir(entry.path());
            }
        }
        let _ = std::fs::remove_dir(&own);
    }
}

/// What the system says of a file, which changes whenever it is replaced or written.
fn tag_of(facts: &Metadata) -> String {
    let modified = facts.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = modified.unwrap_or_default().as_nanos();
    format!("{:x}-{modified:x}-{:x}", number(facts), facts.len())
}

#[cfg(unix)]
fn number(facts: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(facts)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

/// A disk that fails, in words.
fn fault(verb: &str, path: &Path, error: &std::io::Error) -> Fault {
    let fault = Fault::lasting(format!("cannot {verb} `{}`: {error}", path.display()));
    match error.kind() {
        ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::DirectoryNotEmpty => {
            fault.with_help("a file and a folder have the same name there; remove the old one")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            fault.with_help("make room and deploy again; what is published is whole")
        }
        ErrorKind::PermissionDenied => Fault { kind: super::store::FaultKind::Denied, ..fault },
        _ => fault,
    }
}

#[expect(clippy::disallowed_methods, reason = "this module owns the folder that is published to")]
fn facts(path: &Path) -> Option<Metadata> {
    std::fs::metadata(path).ok()
}

fn is_file(path: &Path) -> bool {
    facts(path).is_some()
}

#[expect(clippy::disallowed_methods, reason = "this module owns the folder that is published to")]
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

#[expect(clippy::disallowed_methods, reason = "this module owns the folder that is published to")]
fn list(folder: &Path) -> std::io::Result<std::fs::ReadDir> {
    std::fs::read_dir(folder)
}

#[expect(clippy::disallowed_methods, reason = "this module owns the folder that is published to")]
fn make_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[expect(clippy::disallowed_methods, reason = "this module owns the folder that is published to")]
fn remove(path: &Path) -> std::io::Result<()> {
    std::fs::remove_file(path)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests look at the folder that was written")]
mod tests {
    use super::FolderStore;
    use crate::deploy::store::{Condition, Object, Store, WriteResult};
    use crate::served::OWN;

    fn object(text: &str) -> Object {
        Object { bytes: text.as_bytes().to_vec().into(), headers: OWN }
    }

    #[test]
    fn conditions_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::new(folder.path(), "a");
        let first = store.write("a/b.json", &object("1"), Condition::Absent).unwrap();
        let WriteResult::Done(Some(first)) = first else { panic!("{first:?}") };
        let refused = |condition| {
            let written = store.write("a/b.json", &object("2"), condition).unwrap();
            assert_eq!(written, WriteResult::Refused);
        };
        refused(Condition::Absent);
        refused(Condition::Unchanged("other"));
        let second = store.write("a/b.json", &object("2"), Condition::Unchanged(&first)).unwrap();
        assert!(matches!(second, WriteResult::Done(Some(tag)) if tag != first));
        refused(Condition::Unchanged(&first));
        let missing = store.write("c.json", &object("2"), Condition::Unchanged(&first)).unwrap();
        assert_eq!(missing, WriteResult::Refused);
        let held = store.read("a/b.json").unwrap().unwrap();
        assert_eq!(held.bytes, b"2");
        assert_eq!(store.list().unwrap()["a/b.json"].tag, held.tag);
    }

    #[test]
    fn of_many_who_want_to_be_first_one_is() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::new(folder.path(), "a");
        let winners = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let written = store.write("lock", &object("1"), Condition::Absent).unwrap();
                    let won = usize::from(written != WriteResult::Refused);
                    winners.fetch_add(won, std::sync::atomic::Ordering::Relaxed);
                });
            }
        });
        assert_eq!(winners.into_inner(), 1);
    }

    #[test]
    fn nothing_is_written_outside_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::new(&folder.path().join("site"), "a");
        for key in ["../a", "/a", "a/../../b", "", "a//b", "a\\b"] {
            assert!(store.write(key, &object("1"), Condition::Always).is_err(), "{key}");
        }
        assert!(store.list().unwrap().is_empty());
        for key in ["100%.html", "é/x~y+z w.html", ".nojekyll"] {
            store.write(key, &object("1"), Condition::Always).unwrap();
            store.copy(key, "b/c").unwrap();
        }
        assert_eq!(store.list().unwrap().len(), 4);
        let all: Vec<String> = store.list().unwrap().into_keys().collect();
        store.delete(&all).unwrap();
        store.delete(&all).unwrap();
        drop(store);
        let left: Vec<_> = std::fs::read_dir(folder.path().join("site")).unwrap().collect();
        assert!(left.len() <= 1, "the folder of the lock at most: {left:?}");
    }
}
