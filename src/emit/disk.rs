//! The changes that are made to the disk, each a function of its own: a run may end before, in or behind any of them,
//! and tests end it there.

#![expect(clippy::disallowed_methods, reason = "this module owns the output folder")]

use std::io::Result;
use std::path::Path;

/// Writes a file.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    #[cfg(test)]
    kill::pass(path, || std::fs::write(path, &bytes[..bytes.len() / 2]))?;
    std::fs::write(path, bytes)
}

/// Moves a file or folder on one disk.
pub(super) fn move_to(from: &Path, to: &Path) -> Result<()> {
    #[cfg(test)]
    kill::pass(to, || Ok(()))?;
    std::fs::rename(from, to)
}

/// Makes the folder that a file lies in, and those above it.
pub(super) fn make_parent(path: &Path) -> Result<()> {
    path.parent().map_or(Ok(()), make_folders)
}

/// Makes a folder and those above it.
pub(super) fn make_folders(folder: &Path) -> Result<()> {
    #[cfg(test)]
    kill::pass(folder, || folder.parent().map_or(Ok(()), std::fs::create_dir_all))?;
    std::fs::create_dir_all(folder)
}

/// Makes a folder.
pub(super) fn make_folder(folder: &Path) -> Result<()> {
    #[cfg(test)]
    kill::pass(folder, || Ok(()))?;
    std::fs::create_dir(folder)
}

/// Makes a folder that nobody else may enter.
pub(super) fn make_closed(folder: &Path) -> Result<()> {
    #[cfg(test)]
    kill::pass(folder, || Ok(()))?;
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Removes a file.
pub(super) fn remove_file(path: &Path) -> Result<()> {
    #[cfg(test)]
    kill::pass(path, || Ok(()))?;
    std::fs::remove_file(path)
}

/// Removes a folder that is empty.
pub(super) fn remove_folder(folder: &Path) -> Result<()> {
    #[cfg(test)]
    kill::pass(folder, || Ok(()))?;
    std::fs::remove_dir(folder)
}

/// Removes a folder with everything in it.
pub(super) fn remove_tree(folder: &Path) -> Result<()> {
    #[cfg(test)]
    kill::pass(folder, || kill::remove_half(folder))?;
    std::fs::remove_dir_all(folder)
}

/// Runs that end at one of their changes, as if the program were killed.
#[cfg(test)]
pub(super) mod kill {
    use std::collections::BTreeMap;
    use std::io::{Error, Result};
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, PoisonError};

    /// How a run ends.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(in crate::emit) enum End {
        /// Before the change.
        Before,
        /// In the midst of it: a file is half written, a folder half removed.
        Within,
    }

    /// The folders in which runs end: how many changes are left, and how the next one ends the run.
    static RUNS: Mutex<BTreeMap<PathBuf, (usize, End)>> = Mutex::new(BTreeMap::new());

    fn runs() -> std::sync::MutexGuard<'static, BTreeMap<PathBuf, (usize, End)>> {
        RUNS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets so many changes below a folder happen; with the next one the run is dead, and changes nothing more.
    pub(in crate::emit) fn after(folder: &Path, changes: usize, end: End) {
        runs().insert(folder.to_owned(), (changes, end));
    }

    /// Lets runs in the folder live again, and says how many changes were left.
    pub(in crate::emit) fn lives(folder: &Path) -> usize {
        runs().remove(folder).map_or(0, |(left, _)| left)
    }

    /// Lets a change pass, or ends the run with it.
    pub(super) fn pass(path: &Path, partly: impl FnOnce() -> Result<()>) -> Result<()> {
        let mut runs = runs();
        let Some((_, (left, end))) =
            runs.iter_mut().find(|(folder, _)| path.starts_with(folder.as_path()))
        else {
            return Ok(());
        };
        if *left == 0 {
            if std::mem::replace(end, End::Before) == End::Within {
                // How far it came is nobody's to know.
                let _ = partly();
            }
            return Err(Error::other("the run has ended"));
        }
        *left -= 1;
        Ok(())
    }

    /// Removes every other file of a folder.
    pub(super) fn remove_half(folder: &Path) -> Result<()> {
        let mut files = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(inner) = open.pop() {
            for entry in std::fs::read_dir(inner)? {
                let path = entry?.path();
                if path.is_dir() { open.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files.iter().step_by(2).try_for_each(std::fs::remove_file)
    }
}
