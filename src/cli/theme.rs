//! `guidepost theme`: the default theme's files, to be changed.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::theme::default_files;

use super::output::{count, say};
use super::replace::create;

/// What can be typed behind `guidepost theme`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder to write the files to; files that exist are left as they are.
    #[arg(long, value_name = "DIR", required = true)]
    export: PathBuf,
}

/// Writes the default theme's files where none stand yet.
pub(crate) fn theme(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (mut written, mut kept) = (0, 0);
    for (path, bytes) in default_files().iter() {
        let place = arguments.export.join(path.as_str());
        if create(&place, bytes)? {
            written += 1;
        } else {
            kept += 1;
        }
    }
    say(&format!(
        "{} written to {}, {kept} left as they are",
        count(written, "file"),
        arguments.export.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
