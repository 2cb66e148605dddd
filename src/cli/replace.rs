//! Files that commands write: each is written beside its place under a hidden name, and takes its place whole, so that a
//! run that ends at any moment leaves no half of one.

#![expect(clippy::disallowed_methods, reason = "commands write files")]

use std::fs::{File, OpenOptions, Permissions};
use std::io::{ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Replaces a file whole, with its permissions. One behind a link stays where it is.
pub(crate) fn replace(file: &Path, text: &[u8]) -> anyhow::Result<()> {
    file.canonicalize().and_then(|whole| replaced(&whole, text)).with_context(|| said(file))
}

/// Makes a file, and the folders that it lies in; whether it did: one that exists stays as it is.
pub(crate) fn create(file: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    Ok(create_all(&[(file.to_owned(), bytes)])? == [true])
}

/// The same of files that belong together: all are written before the first takes its place.
pub(crate) fn create_all(files: &[(PathBuf, impl AsRef<[u8]>)]) -> anyhow::Result<Vec<bool>> {
    // Between this look and the last move another program may make one: no call that all systems have refuses that.
    let is_new: Vec<bool> =
        files.iter().map(|(file, _)| file.symlink_metadata().is_err()).collect();
    let new = || files.iter().zip(&is_new).filter(|(_, is_new)| **is_new).map(|(file, _)| file);
    for (file, bytes) in new() {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make `{}`", folder.display()))?;
        }
        stage(file, bytes.as_ref(), None).with_context(|| said(file))?;
    }
    for (file, _) in new() {
        std::fs::rename(beside(file), file).with_context(|| said(file))?;
    }
    Ok(is_new)
}

/// Makes a file or replaces it. What is no file, such as a pipe, is written to.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let written = match file.metadata() {
        Ok(facts) if facts.is_file() => {
            file.canonicalize().and_then(|whole| replaced(&whole, bytes))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => staged(file, bytes, None),
        _ => std::fs::write(file, bytes),
    };
    written.with_context(|| said(file))
}

fn said(file: &Path) -> String {
    format!("cannot write `{}`", file.display())
}

fn replaced(file: &Path, text: &[u8]) -> Result<()> {
    // Refused if it may not be written, as an editor would be.
    let permissions = OpenOptions::new().write(true).open(file)?.metadata()?.permissions();
    staged(file, text, Some(permissions))
}

fn staged(file: &Path, bytes: &[u8], permissions: Option<Permissions>) -> Result<()> {
    stage(file, bytes, permissions)?;
    std::fs::rename(beside(file), file)
}

/// Writes what a file shall hold beside it.
fn stage(file: &Path, bytes: &[u8], permissions: Option<Permissions>) -> Result<()> {
    let beside = beside(file);
    let write = || {
        let mut staged = File::create(&beside)?;
        if let Some(permissions) = permissions {
            staged.set_permissions(permissions)?;
        }
        staged.write_all(bytes)?;
        staged.sync_all()
    };
    let written = write();
    if written.is_err() {
        // Whether it can be taken away or not, the reason is the one above.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// Where a file is written before it takes its place: hidden, so no page of a site.
fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.guidepost-new"))
}
