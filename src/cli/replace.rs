//! Files that are edited in place: the new text is written beside the old one and takes its place whole.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::Context;

/// Replaces a file whole, with its permissions. One behind a link stays where it is.
pub(crate) fn replace(file: &Path, text: &[u8]) -> anyhow::Result<()> {
    let written = file.canonicalize().and_then(|whole| staged(&whole, text));
    written.with_context(|| format!("cannot write `{}`", file.display()))
}

#[expect(clippy::disallowed_methods, reason = "commands edit files")]
fn staged(file: &Path, text: &[u8]) -> std::io::Result<()> {
    // Refused if it may not be written, as an editor would be.
    let permissions = OpenOptions::new().write(true).open(file)?.metadata()?.permissions();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let beside = file.with_file_name(format!(".{name}.guidepost-new"));
    let stage = || {
        let mut staged = File::create(&beside)?;
        staged.set_permissions(permissions)?;
        staged.write_all(text)?;
        staged.sync_all()?;
        std::fs::rename(&beside, file)
    };
    let staged = stage();
    if staged.is_err() {
        // Whether it can be taken away or not, the reason is the one above.
        let _ = std::fs::remove_file(&beside);
    }
    staged
}
