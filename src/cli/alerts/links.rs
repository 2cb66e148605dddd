//! `guidepost alerts --write-links`: what is written into rule files is shown first.

use std::path::Path;
use std::process::ExitCode;

use similar::TextDiff;

use crate::build::Judged;
use crate::check::alerts::{Repair, repair, sources};
use crate::cli::output::{Voice, count, print_listed, say, say_listed};
use crate::cli::replace::replace;
use crate::diagnostic::print::Positions;
use crate::files::Files;

/// Shows the links that rules lack as a diff, and writes them unless this is a `dry_run`. What is left alone is named.
pub(crate) fn write(
    folder: &Path,
    judged: &Judged,
    files: &Files,
    dry_run: bool,
    voice: Voice,
) -> anyhow::Result<ExitCode> {
    let config = &judged.site.config;
    anyhow::ensure!(
        config.base_url.is_some(),
        "a link needs the site's address: set `base_url` in site.toml"
    );
    let (wanted, listed) = sources(config, files);
    let repair = repair(config, &wanted, &listed, &judged.report.claims);
    for (path, bytes) in repair.files.iter() {
        let (old, new) = (files.text(path).unwrap_or_default(), String::from_utf8_lossy(bytes));
        let diff = TextDiff::from_lines(old, &new);
        let (before, after) = (format!("a/{path}"), format!("b/{path}"));
        print_listed(&diff.unified_diff().header(&before, &after).to_string())?;
    }
    if !dry_run {
        for (path, bytes) in repair.files.iter() {
            replace(&folder.join(path.as_str()), bytes)?;
        }
    }
    if voice != Voice::Quiet {
        summary(&repair, files, dry_run)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(repair: &Repair, files: &Files, dry_run: bool) -> anyhow::Result<()> {
    let mut positions = Positions::new(files);
    for left in &repair.left {
        let (start, _) = positions.of(&left.at);
        let place = format!("{}:{}:{}", left.at.path, start.line, start.column);
        say_listed(&format!("{place}: `{}` is left alone: {}", left.name, left.why))?;
    }
    let done = if dry_run { "would be" } else { "were" };
    let (added, replaced) = (count(repair.added, "link"), repair.replaced);
    let left = repair.left.len();
    say(&format!("{added} {done} added and {replaced} replaced, {left} left alone"))
}
