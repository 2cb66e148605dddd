//! `guidepost theme`: the default theme's files, to be changed.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::theme::default_files;

use super::output::{count, say};

/// What can be typed behind `guidepost theme`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder to write the files to; files that exist are left as they are.
    #[arg(long, value_name = "DIR", required = true)]
    export: PathBuf,
}

/// Writes the default theme's files where none stand yet.
#[expect(clippy::disallowed_methods, reason = "the command line writes what it was asked for")]
pub(crate) fn theme(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (mut written, mut kept) = (0, 0);
    for (path, bytes) in default_files().iter() {
        let place = arguments.export.join(path.as_str());
        if place.exists() {
            kept += 1;
            continue;
        }
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make `{}`", folder.display()))?;
        }
        std::fs::write(&place, bytes.as_slice())
            .with_context(|| format!("cannot write `{}`", place.display()))?;
        written += 1;
    }
    say(&format!(
        "{} written to {}, {kept} left as they are",
        count(written, "file"),
        arguments.export.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
