//! Files become a folder on disk: only what changed, each file whole, nothing deleted that was not written here.
//!
//! What changed is staged in a folder of its own beside the output, where no host serves it, while the site is still being made, from many
//! threads. Only a site that could be made whole is then moved into place, by renaming: assets, pages, deletions, and
//! the manifest last, so that whatever an interrupted run left behind is put right by the next. One run at a time has
//! the folder.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::files::{Bytes, FilePath, MANIFEST, content_hash};
use crate::memo::parallel;

use disk::{
    make_closed, make_folder, make_folders, make_parent, move_to, remove_file, remove_folder,
    remove_tree, write,
};

mod disk;

/// The folder in which changed files wait to be moved into place: beside the output as `.NAME.guidepost-new`, else in
/// it.
const STAGE: &str = ".guidepost-new";

/// The form of the manifest that this program reads and writes.
const VERSION: u32 = 2;

/// What writing a site did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// Files that were written.
    pub written: usize,
    /// Files that were deleted.
    pub deleted: usize,
    /// Files that were equal already.
    pub unchanged: usize,
}

/// What a site was made of and what was said of it, kept with its files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildRecord {
    /// A hash of everything that the files depend on; empty where that is not known.
    pub of: String,
    /// How many pages the site has.
    pub pages: usize,
    /// How many assets lie beside them.
    pub assets: usize,
    /// How many findings of level error there were.
    pub errors: usize,
    /// How many findings of level warning there were.
    pub warnings: usize,
    /// Whether the site has a base address.
    pub has_base_url: bool,
}

impl BuildRecord {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.errors == 0 && self.warnings == 0
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
struct SiteManifest {
    version: u32,
    #[serde(rename = "made")]
    record: BuildRecord,
    files: BTreeMap<String, HeldFile>,
}

/// The same as it is written.
#[derive(Serialize)]
struct NewManifest<'a> {
    version: u32,
    #[serde(rename = "made")]
    record: &'a BuildRecord,
    files: BTreeMap<&'a str, &'a HeldFile>,
}

/// The hash of a file's content and its length in bytes; no hash where it was about to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct HeldFile(String, u64);

/// A site on its way into a folder.
#[derive(Debug)]
pub struct Emission {
    folder: PathBuf,
    /// Where changed files wait.
    stage: PathBuf,
    old: SiteManifest,
    /// Whether the folder holds no site yet, so that whole folders can be moved into it.
    is_first: bool,
    /// The folders that were made in the stage, relative to it: making one costs as much as a file does.
    folders: Mutex<HashSet<String>>,
    /// What keeps other runs out.
    hold: Hold,
}

/// The folder, for one run alone.
#[derive(Debug)]
struct Hold {
    /// The open folder, locked; nothing where it cannot be.
    lock: Option<File>,
    /// Whether there was no folder before.
    was_made: bool,
}

impl Drop for Hold {
    /// Closing the folder would not do: a program that another thread is just starting has it open too for a moment.
    fn drop(&mut self) {
        if let Some(lock) = &self.lock {
            let _ = lock.unlock();
        }
    }
}

/// A file that was taken over: equal to the one in place, or staged.
#[derive(Clone, Debug)]
pub struct TakenFile {
    path: FilePath,
    held: HeldFile,
    is_staged: bool,
}

impl TakenFile {
    /// Where the file is published.
    pub fn path(&self) -> &FilePath {
        &self.path
    }
}

/// Begins to write a site into a folder. Changes nothing yet, but for the stage of a run that was interrupted, and
/// makes the folder if there is none. Dropped before it is finished, it leaves the folder as it was.
///
/// # Errors
/// Another run is writing to the folder, or it holds files and no manifest, or a manifest that cannot be read.
pub fn emit(folder: &Path) -> anyhow::Result<Emission> {
    let hold = hold(folder)?;
    let manifest = read_manifest(folder)?;
    let is_first = manifest.is_none();
    let emission = Emission {
        folder: folder.to_owned(),
        stage: stage(folder),
        old: manifest.unwrap_or_default(),
        is_first,
        folders: Mutex::default(),
        hold,
    };
    emission.clear_stage();
    Ok(emission)
}

impl Emission {
    /// What was said of the site that stands in the folder, if it was made of the same and all its files are there.
    pub fn unchanged(&self, inputs_of: &str) -> Option<(&BuildRecord, Emitted)> {
        if inputs_of.is_empty() || self.old.record.of != inputs_of {
            return None;
        }
        let files: Vec<(&String, &HeldFile)> = self.old.files.iter().collect();
        let stand =
            parallel(&files, |(path, held)| length(&self.folder.join(path)) == Some(held.1));
        let emitted = Emitted { unchanged: files.len(), ..Emitted::default() };
        stand.into_iter().all(|stands| stands).then_some((&self.old.record, emitted))
    }

    /// Takes over a file of the site: stages it, unless the one in place is equal. Any thread may call this.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn take(&self, path: &FilePath, bytes: &Bytes) -> anyhow::Result<TakenFile> {
        let held = HeldFile(content_hash(bytes), bytes.len() as u64);
        let is_staged = self.is_first || !self.is_equal(path, bytes, &held);
        if is_staged {
            self.stage_file(path.as_str(), bytes)?;
        }
        Ok(TakenFile { path: path.clone(), held, is_staged })
    }

    /// A file that is made of another alone, as it stands in place; nothing if it is not there as it was written, or
    /// if the other is not what it was then.
    pub fn unchanged_beside(&self, original: &TakenFile, path: &FilePath) -> Option<TakenFile> {
        let held = self.old.files.get(path.as_str()).filter(|held| !held.0.is_empty())?;
        let is_there = length(&self.folder.join(path.as_str())) == Some(held.1);
        let is_same = !original.is_staged && self.old.files.contains_key(original.path.as_str());
        (is_there && is_same).then(|| TakenFile {
            path: path.clone(),
            held: held.clone(),
            is_staged: false,
        })
    }

    /// Moves what was staged into place and deletes what the site no longer has.
    ///
    /// # Errors
    /// The disk refuses; the next run puts right what this one left.
    pub fn finish(self, taken: &[TakenFile], record: &BuildRecord) -> anyhow::Result<Emitted> {
        let unchanged = taken.iter().filter(|file| !file.is_staged).count();
        let staged: Vec<&TakenFile> = taken.iter().filter(|file| file.is_staged).collect();
        let written = staged.len();
        let new = self.new_paths(taken);
        let gone: Vec<&str> =
            self.old.files.keys().map(String::as_str).filter(|path| !new.contains(path)).collect();
        let deleted = gone.len();
        if written == 0 && deleted == 0 && self.old.record == *record {
            return Ok(Emitted { written, deleted, unchanged });
        }
        let files = taken.iter().map(|file| (file.path.as_str(), &file.held)).collect();
        let manifest = NewManifest { version: VERSION, record, files };
        if self.is_first {
            // Nothing stands in the way, and what is not in place after an interruption is missed by its length.
            self.write_manifest(&manifest)?;
            self.move_whole_folders(&staged)?;
        } else {
            self.announce(&staged)?;
            let (obstacles, rest) = obstacles(&gone, &new);
            self.delete(&obstacles)?;
            self.move_into_place(&staged)?;
            self.delete(&rest)?;
            self.write_manifest(&manifest)?;
        }
        Ok(Emitted { written, deleted, unchanged })
    }

    /// The paths of the new site; none where there is no old one to compare them with.
    fn new_paths<'t>(&self, taken: &'t [TakenFile]) -> BTreeSet<&'t str> {
        let taken = taken.iter().filter(|_| !self.is_first);
        taken.map(|file| file.path.as_str()).collect()
    }

    /// Writes a file of the stage. Its folder is made first: most pages have one of their own, and a file that is
    /// refused for lack of one costs as much as one that is written.
    fn stage_file(&self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let place = self.stage.join(path);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folders = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let is_there = folders().contains(folder);
        let ready = if is_there { Ok(()) } else { make_parent(&place) };
        let written = ready.and_then(|()| write(&place, bytes));
        written.with_context(|| format!("cannot write `{}`", place.display()))?;
        if !is_there {
            folders().insert(folder.to_owned());
        }
        Ok(())
    }

    /// Whether the file in place is the one to be written: the manifest says so and its length agrees, or its bytes do.
    #[expect(clippy::disallowed_methods, reason = "this module owns the output folder")]
    fn is_equal(&self, path: &FilePath, bytes: &Bytes, held: &HeldFile) -> bool {
        let place = self.folder.join(path.as_str());
        length(&place) == Some(held.1)
            && match self.old.files.get(path.as_str()) {
                Some(old) => old == held,
                None => std::fs::read(&place).is_ok_and(|found| found == **bytes),
            }
    }

    /// Says in the manifest which files are about to be moved into place, with no hash: whatever stands there if the
    /// run is interrupted is neither taken for finished nor for somebody else's.
    fn announce(&self, staged: &[&TakenFile]) -> anyhow::Result<()> {
        let (record, no_hash) = (BuildRecord::default(), HeldFile::default());
        let mut files: BTreeMap<&str, &HeldFile> =
            self.old.files.iter().map(|(path, held)| (path.as_str(), held)).collect();
        files.extend(staged.iter().map(|file| (file.path.as_str(), &no_hash)));
        self.write_manifest(&NewManifest { version: VERSION, record: &record, files })
    }

    fn write_manifest(&self, manifest: &NewManifest<'_>) -> anyhow::Result<()> {
        let text = serde_json::to_vec(manifest).context("cannot write the manifest")?;
        self.stage_file(MANIFEST, &text)?;
        self.move_one(MANIFEST)
    }

    /// Moves staged files into a folder that has none yet, whole folders at once.
    fn move_whole_folders(&self, staged: &[&TakenFile]) -> anyhow::Result<()> {
        let tops: BTreeSet<&str> =
            staged.iter().filter_map(|file| file.path.as_str().split('/').next()).collect();
        tops.into_iter().try_for_each(|top| self.move_one(top))
    }

    /// Moves staged files into place: assets before the pages that need them.
    fn move_into_place(&self, staged: &[&TakenFile]) -> anyhow::Result<()> {
        let (pages, assets): (Vec<&TakenFile>, Vec<&TakenFile>) =
            staged.iter().partition(|file| file.path.as_str().ends_with(".html"));
        for files in [assets, pages] {
            let results = parallel(&files, |file| self.move_one(file.path.as_str()));
            results.into_iter().collect::<anyhow::Result<()>>()?;
        }
        Ok(())
    }

    fn move_one(&self, path: &str) -> anyhow::Result<()> {
        rename(&self.stage.join(path), &self.folder.join(path))
    }

    /// Deletes files, and the folders that are empty without them.
    fn delete(&self, paths: &[&str]) -> anyhow::Result<()> {
        paths.iter().try_for_each(|path| delete(&self.folder, path))
    }

    /// Removes the stage with whatever this run or an interrupted one left in it.
    fn clear_stage(&self) {
        // What cannot be removed does no harm: the next run writes over it.
        let _ = remove_tree(&self.stage);
        let _ = remove_tree(&self.folder.join(STAGE));
    }
}

impl Drop for Emission {
    fn drop(&mut self) {
        self.clear_stage();
        if self.hold.was_made {
            // Goes only while it is empty: nothing was moved into it.
            let _ = remove_folder(&self.folder);
        }
    }
}

/// Takes the folder for this run, and makes it if there is none.
#[expect(clippy::disallowed_methods, reason = "this module owns the output folder")]
fn hold(folder: &Path) -> anyhow::Result<Hold> {
    let was_made = !folder.exists();
    make_folders(folder).with_context(|| format!("cannot write `{}`", folder.display()))?;
    // Some systems cannot open folders and some disks cannot lock them. There, nothing keeps two runs apart.
    let open = File::open(folder).ok();
    let lock = open.and_then(|open| match open.try_lock() {
        Ok(()) => Some(Ok(open)),
        Err(TryLockError::WouldBlock) => Some(Err(())),
        Err(TryLockError::Error(_)) => None,
    });
    match lock.transpose() {
        Ok(lock) => Ok(Hold { lock, was_made }),
        Err(()) => anyhow::bail!(
            "another build is writing to `{}`; wait until it ends, or name another folder with `--out`",
            folder.display()
        ),
    }
}

/// Where changed files wait: beside the output, so that nothing unfinished is published. Where nothing can be written
/// there, or cannot be moved from there since the output is a disk of its own, in the output, closed to all others.
fn stage(folder: &Path) -> PathBuf {
    beside(folder).unwrap_or_else(|| {
        let stage = folder.join(STAGE);
        // Without it the run fails, and says so, as soon as it stages a file.
        if make_closed(&stage).is_err() {
            let _ = remove_tree(&stage);
        }
        stage
    })
}

/// A folder beside the output from which files can be moved there; nothing if there is none.
fn beside(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let name = folder.file_name()?.to_str()?;
    let stage = folder.with_file_name(format!(".{name}{STAGE}"));
    let _ = remove_tree(&stage);
    make_closed(&stage).ok()?;
    let probe = folder.join(STAGE);
    // Only moving tells whether both lie on one disk.
    let is_movable =
        make_folder(&stage.join("probe")).is_ok() && move_to(&stage.join("probe"), &probe).is_ok();
    let _ = if is_movable { remove_folder(&probe) } else { remove_tree(&stage) };
    is_movable.then_some(stage)
}

/// Of the files to delete, those that stand where a folder is needed or below what shall be a file, and the others.
fn obstacles<'p>(gone: &[&'p str], new: &BTreeSet<&str>) -> (Vec<&'p str>, Vec<&'p str>) {
    let above = |path: &str| -> Vec<usize> { path.match_indices('/').map(|(at, _)| at).collect() };
    let folders: BTreeSet<&str> =
        new.iter().flat_map(|path| above(path).into_iter().map(|at| &path[..at])).collect();
    gone.iter().partition(|path| {
        folders.contains(*path) || above(path).into_iter().any(|at| new.contains(&path[..at]))
    })
}

/// The manifest of a folder; nothing for a folder that is empty or not there.
#[expect(clippy::disallowed_methods, reason = "this module owns the output folder")]
fn read_manifest(folder: &Path) -> anyhow::Result<Option<SiteManifest>> {
    let place = folder.join(MANIFEST);
    if let Ok(bytes) = std::fs::read(&place) {
        let manifest = serde_json::from_slice::<SiteManifest>(&bytes).ok();
        let manifest = manifest.filter(|manifest| manifest.version == VERSION);
        return manifest.map(Some).with_context(|| {
            format!(
                "`{}` is damaged or of another version; delete the folder and build again",
                place.display()
            )
        });
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let is_foreign = entries.flatten().any(|entry| entry.file_name() != STAGE);
    anyhow::ensure!(
        !is_foreign,
        "`{}` holds files that Guidepost did not write; name another folder with `--out`, or empty it",
        folder.display()
    );
    Ok(None)
}

/// What was said of the site that a folder holds, and the paths of its files.
///
/// # Errors
/// The folder holds no site, one that an interrupted build left, or files of somebody else alone.
pub fn written(folder: &Path) -> anyhow::Result<(BuildRecord, Vec<String>)> {
    let manifest = read_manifest(folder)?
        .with_context(|| format!("`{}` holds no site; build it first", folder.display()))?;
    anyhow::ensure!(
        manifest.files.values().all(|held| !held.0.is_empty()),
        "the build of `{}` was interrupted; build again",
        folder.display()
    );
    Ok((manifest.record, manifest.files.into_keys().collect()))
}

/// The length of a file; nothing if there is none.
#[expect(clippy::disallowed_methods, reason = "this module owns the output folder")]
fn length(place: &Path) -> Option<u64> {
    let facts = std::fs::metadata(place).ok()?;
    facts.is_file().then_some(facts.len())
}

/// Moves a file or folder, and makes the folder that it goes to if there is none.
fn rename(from: &Path, to: &Path) -> anyhow::Result<()> {
    let moved = match move_to(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make_parent(to).and_then(|()| move_to(from, to))
        }
        other => other,
    };
    moved.with_context(|| format!("cannot write `{}`", to.display()))
}

/// Deletes a file, and the folders that are empty without it.
fn delete(folder: &Path, path: &str) -> anyhow::Result<()> {
    let Some(path) = FilePath::new(path) else { return Ok(()) };
    let place = folder.join(path.as_str());
    match remove_file(&place) {
        // An interrupted run may have put a folder there already, or a file where its folder was.
        Err(error) if !is_gone(&error) && !place.is_dir() => {
            return Err(error).with_context(|| format!("cannot delete `{}`", place.display()));
        }
        _ => {}
    }
    let mut parent = place.parent();
    while let Some(inner) = parent.filter(|inner| *inner != folder && inner.starts_with(folder)) {
        // An interrupted run may have come as far as this folder.
        if remove_folder(inner).is_err_and(|error| !is_gone(&error)) {
            break;
        }
        parent = inner.parent();
    }
    Ok(())
}

fn is_gone(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod kills;
#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests look at the folder that was written")]
mod tests;
