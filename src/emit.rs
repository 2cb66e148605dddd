//! Files become a folder on disk: only what changed, each file whole, nothing deleted that was not written here.
//!
//! Every file is written beside its place and renamed into it. The manifest comes last, so that whatever an
//! interrupted run left behind is put right by the next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::files::{Bytes, FilePath, Files};
use crate::memo::parallel;

/// The file by which an output folder is known as one.
const MANIFEST: &str = ".guidepost.json";

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

#[derive(Default, Serialize, Deserialize)]
struct Manifest {
    /// The form of this file.
    version: u32,
    /// Every file that was written, with the hash of its content.
    files: BTreeMap<String, String>,
}

/// Writes the files of a site into a folder.
///
/// Assets are written first, then pages, then what is no longer there is deleted, then the manifest.
///
/// # Errors
/// The folder holds files and no manifest, or the disk refuses.
pub fn emit(output: &Files, folder: &Path) -> anyhow::Result<Emitted> {
    let old = read_manifest(folder)?;
    let entries: Vec<(&FilePath, &Bytes)> = output.iter().collect();
    let content_hashes = parallel(&entries, |(_, bytes)| crate::files::content_hash(bytes));
    let hashed: Vec<(&FilePath, &Bytes, String)> = entries
        .into_iter()
        .zip(content_hashes)
        .map(|((path, bytes), hash)| (path, bytes, hash))
        .collect();
    let manifest = Manifest {
        version: 1,
        files: hashed.iter().map(|(path, _, hash)| (path.to_string(), hash.clone())).collect(),
    };
    let changed: Vec<&(&FilePath, &Bytes, String)> = hashed
        .iter()
        .filter(|(path, bytes, hash)| !is_equal(folder, &old, path, bytes, hash))
        .collect();
    if !changed.is_empty() || old.files.len() != manifest.files.len() {
        make_folders(folder, &changed)?;
        announce(folder, &old, &changed)?;
    }
    let (pages, assets): (Vec<_>, Vec<_>) =
        changed.iter().partition(|(path, _, _)| path.as_str().ends_with(".html"));
    write_all(folder, &assets)?;
    write_all(folder, &pages)?;
    let gone: Vec<&String> =
        old.files.keys().filter(|path| !manifest.files.contains_key(*path)).collect();
    for path in &gone {
        delete(folder, path)?;
    }
    if !changed.is_empty() || manifest.files != old.files {
        write_manifest(folder, &manifest)?;
    }
    Ok(Emitted {
        written: changed.len(),
        deleted: gone.len(),
        unchanged: hashed.len() - changed.len(),
    })
}

/// Says in the manifest which files are about to be written, with no hash: whatever stands at their places if the
/// run is interrupted is neither taken for finished nor for somebody else's.
fn announce(
    folder: &Path,
    old: &Manifest,
    changed: &[&(&FilePath, &Bytes, String)],
) -> anyhow::Result<()> {
    let mut files = old.files.clone();
    files.extend(changed.iter().map(|(path, _, _)| (path.to_string(), String::new())));
    write_manifest(folder, &Manifest { version: 1, files })
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let text = serde_json::to_vec(manifest).context("cannot write the manifest")?;
    write(folder, &folder.join(MANIFEST), &text)
}

/// The manifest of a folder; empty for a folder that is empty or not there.
#[expect(clippy::disallowed_methods, reason = "this module owns the output folder")]
fn read_manifest(folder: &Path) -> anyhow::Result<Manifest> {
    if let Ok(bytes) = std::fs::read(folder.join(MANIFEST)) {
        serde_json::from_slice(&bytes).with_context(|| {
            format!(
                "`{}` is damaged; delete the folder and build again",
                folder.join(MANIFEST).display()
            )
        })
    } else {
        let mut entries = std::fs::read_dir(folder).into_iter().flatten();
        anyhow::ensure!(
            entries.next().is_none(),
            "`{}` holds files that Guidepost did not write; name another folder with `--out`, or empty it",
            folder.display()
        );
        Ok(Manifest::default())
    }
}

/// Whether the file on disk is the one to be written: the manifest says so and its size agrees, or its bytes do.
#[expect(clippy::disallowed_methods, reason = "this module owns the output folder")]
fn is_equal(folder: &Path, old: &Manifest, path: &FilePath, bytes: &Bytes, hash: &str) -> bool {
    let place = folder.join(path.as_str());
    let Ok(metadata) = std::fs::metadata(&place) else { return false };
    if metadata.len() != bytes.len() as u64 {
        return false;
    }
    match old.files.get(path.as_str()) {
        Some(held) => held == hash,
        None => std::fs::read(&place).is_ok_and(|held| held == **bytes),
    }
}

#[expect(clippy::disallowed_methods, reason = "this module owns the output folder")]
fn make_folders(folder: &Path, files: &[&(&FilePath, &Bytes, String)]) -> anyhow::Result<()> {
    let mut folders: Vec<PathBuf> =
        files.iter().map(|(path, _, _)| folder.join(path.folder())).collect();
    folders.push(folder.to_owned());
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
    }
    Ok(())
}

fn write_all(folder: &Path, files: &[&&(&FilePath, &Bytes, String)]) -> anyhow::Result<()> {
    let results =
        parallel(files, |(path, bytes, _)| write(folder, &folder.join(path.as_str()), bytes));
    results.into_iter().collect()
}

/// Writes a file beside its place and renames it into it.
#[expect(clippy::disallowed_methods, reason = "this module owns the output folder")]
fn write(folder: &Path, place: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let name =
        place.file_name().and_then(|name| name.to_str()).context("every output file has a name")?;
    let beside = place.with_file_name(format!(".{name}.guidepost-new"));
    let result = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, place));
    result.with_context(|| format!("cannot write `{}` in `{}`", place.display(), folder.display()))
}

/// Deletes a file, and the folders that are empty without it.
#[expect(clippy::disallowed_methods, reason = "this module owns the output folder")]
fn delete(folder: &Path, path: &str) -> anyhow::Result<()> {
    let Some(path) = FilePath::new(path) else { return Ok(()) };
    let place = folder.join(path.as_str());
    match std::fs::remove_file(&place) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot delete `{}`", place.display()));
        }
        _ => {}
    }
    let mut parent = place.parent();
    while let Some(inner) = parent.filter(|inner| *inner != folder && inner.starts_with(folder)) {
        if std::fs::remove_dir(inner).is_err() {
            break;
        }
        parent = inner.parent();
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests look at the folder that was written")]
mod tests {
    use std::path::Path;

    use super::{Emitted, announce, emit, read_manifest};
    use crate::files::{Bytes, FilePath, Files};

    fn files(all: &[(&str, &str)]) -> Files {
        let file = |(path, text): &(&str, &str)| -> (FilePath, Bytes) {
            (FilePath::new(path).unwrap(), text.as_bytes().into())
        };
        all.iter().map(file).collect()
    }

    fn check(folder: &Path, all: &[(&str, &str)], written: usize, deleted: usize) {
        let unchanged = all.len() - written;
        assert_eq!(emit(&files(all), folder).unwrap(), Emitted { written, deleted, unchanged });
        for (path, text) in all {
            assert_eq!(std::fs::read_to_string(folder.join(path)).unwrap(), *text, "{path}");
        }
    }

    #[test]
    fn only_what_changed_is_written_and_only_its_own_deleted() {
        let folder = tempfile::tempdir().unwrap();
        check(folder.path(), &[("a/index.html", "1"), ("b.css", "1")], 2, 0);
        check(folder.path(), &[("a/index.html", "1"), ("b.css", "1")], 0, 0);
        std::fs::remove_file(folder.path().join("b.css")).unwrap();
        check(folder.path(), &[("a/index.html", "1"), ("b.css", "1")], 1, 0);
        check(folder.path(), &[("a/index.html", "1"), ("b.css", "1")], 0, 0);
        std::fs::write(folder.path().join("CNAME"), "mine").unwrap();
        check(folder.path(), &[("b.css", "2")], 1, 1);
        assert!(!folder.path().join("a").exists(), "the empty folder went with its page");
        assert!(folder.path().join("CNAME").exists(), "what somebody else wrote stays");
    }

    #[test]
    fn a_folder_with_files_of_somebody_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.txt"), "x").unwrap();
        let refused = emit(&files(&[("a.html", "1")]), folder.path()).unwrap_err().to_string();
        assert!(refused.contains("holds files that Guidepost did not write"), "{refused}");
    }

    #[test]
    fn an_interrupted_run_is_put_right_even_if_the_source_went_back() {
        let folder = tempfile::tempdir().unwrap();
        check(folder.path(), &[("a.html", "old")], 1, 0);
        let old = read_manifest(folder.path()).unwrap();
        let (path, bytes): (FilePath, Bytes) =
            (FilePath::new("a.html").unwrap(), b"new".as_slice().into());
        announce(folder.path(), &old, &[&(&path, &bytes, String::new())]).unwrap();
        std::fs::write(folder.path().join("a.html"), "new").unwrap();
        check(folder.path(), &[("a.html", "old")], 1, 0);
    }
}
