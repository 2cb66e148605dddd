//! `guidepost review`: a review is written into the front matter of pages, and nothing else in them changes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::config::read::config;
use crate::config::{self, Config};
use crate::files::FilePath;
use crate::load::{SiteRoot, git::git};
use crate::parse::front_matter::ReviewKind;
use crate::parse::review_edit::{NewReview, record_review};
use crate::parse::{Input, ParseOptions, parse};
use crate::text::encoding::{decoded, is_wide};

use super::output::{Voice, say};
use super::replace::replace;
use super::site::SiteArguments;

/// What can be typed behind `guidepost review`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// The pages that were reviewed, as files or relative to the content folder.
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// What was done.
    #[arg(long, value_enum, default_value_t = How::Read)]
    how: How,
    /// Who did it, if not git's user.
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// What was found.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum How {
    /// Somebody read it.
    Read,
    /// Somebody followed it in an exercise.
    Drill,
    /// Somebody followed it in an incident.
    Incident,
}

impl How {
    fn kind(self) -> ReviewKind {
        match self {
            How::Read => ReviewKind::Read,
            How::Drill => ReviewKind::Drill,
            How::Incident => ReviewKind::Incident,
        }
    }
}

/// Records the review in every page, or in none if one of them cannot be edited.
pub(crate) fn review(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let root = arguments.site.root()?;
    let config = read_config(&root);
    let by = arguments.by.clone().or_else(|| git_user(&root.folder));
    let mut edited: Vec<(PathBuf, String)> = Vec::new();
    for page in &arguments.pages {
        let file = find(page, &root, &config, Path::is_file)?;
        if edited.iter().all(|(known, _)| *known != file) {
            let text = edit(arguments, &file, by.as_deref(), &config)?;
            edited.push((file, text));
        }
    }
    for (file, text) in &edited {
        replace(file, text.as_bytes())?;
        if voice != Voice::Quiet {
            say(&format!("reviewed {}", file.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::disallowed_methods, reason = "the command edits pages")]
fn edit(
    arguments: &Arguments,
    file: &Path,
    by: Option<&str>,
    config: &Config,
) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read `{}`", file.display()))?;
    let is_edited = !is_wide(text.as_bytes());
    anyhow::ensure!(is_edited, "`{}` is UTF-16: save it as UTF-8 first", file.display());
    let path = FilePath::new("page").context("a name")?;
    let bytes = text.clone().into_bytes().into();
    let document = parse(&Input { path, bytes, options: Arc::new(ParseOptions::default()) });
    let on = arguments.site.today();
    let every = document.meta.review.review_in.as_ref().map(|every| every.value);
    let review = NewReview {
        on,
        by: by.map(str::to_owned),
        how: arguments.how.kind(),
        note: arguments.note.clone(),
        next: every.unwrap_or(config.freshness.review_in).after(on).unwrap_or(on),
    };
    record_review(&text, &review).map_err(|refusal| {
        anyhow::anyhow!("`{}` is left as it is, like all others: {refusal}", file.display())
    })
}

/// What was meant: as typed, else below the site folder or the content folder, ending or not.
pub(crate) fn find(
    page: &Path,
    root: &SiteRoot,
    config: &Config,
    is_meant: fn(&Path) -> bool,
) -> anyhow::Result<PathBuf> {
    let content = root.content.as_deref().unwrap_or(&config.content);
    let folders = [PathBuf::new(), root.folder.clone(), root.folder.join(content)];
    for folder in folders {
        let file = folder.join(page);
        let endings = std::iter::once(String::new()).chain(config.extensions.iter().cloned());
        for ending in endings {
            let mut name = file.clone().into_os_string();
            name.push(ending);
            let file = PathBuf::from(name);
            if is_meant(&file) {
                return Ok(file);
            }
        }
    }
    anyhow::bail!(
        "no page `{}`, here or in `{}`",
        page.display(),
        root.folder.join(content).display()
    )
}

#[expect(clippy::disallowed_methods, reason = "the command reads site.toml")]
pub(crate) fn read_config(root: &SiteRoot) -> Config {
    let path = config::path();
    let bytes = std::fs::read(root.folder.join(path.as_str())).unwrap_or_default();
    let text = decoded(&bytes);
    let read = if root.content.is_some() { None } else { config(&path, &text).ok() };
    read.map(|(config, _)| config).unwrap_or_default()
}

/// Who works here, as git knows.
fn git_user(folder: &Path) -> Option<String> {
    let name = git(folder, &["config", "user.name"])?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}
