//! The disk and git become values: [`load`] fills a [`Sources`].
//!
//! The only reader of the site's files. Reads nothing but what a build may need, and writes nothing.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::config::{self, Config, config};
use crate::files::{FilePath, Files};
use crate::sources::Sources;

pub(crate) mod alert_sources;
pub mod git;

/// Where a site is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder that holds site.toml, or that would.
    pub folder: PathBuf,
    /// The content folder's name in it, where the site is a bare folder of Markdown.
    pub content: Option<String>,
}

impl Place {
    /// A folder that holds a site.toml.
    ///
    /// # Errors
    /// The folder holds none.
    pub fn of_site(folder: &Path) -> anyhow::Result<Place> {
        anyhow::ensure!(
            is_file(&folder.join("site.toml")),
            "no site.toml in `{}`; `--content DIR` builds any folder of Markdown",
            folder.display()
        );
        Ok(Place { folder: folder.to_owned(), content: None })
    }

    /// Any folder of Markdown; its site folder is the one above it.
    ///
    /// # Errors
    /// There is no such folder, or its name is not UTF-8.
    pub fn of_content(content: &Path) -> anyhow::Result<Place> {
        let whole =
            content.canonicalize().with_context(|| format!("no folder `{}`", content.display()))?;
        anyhow::ensure!(whole.is_dir(), "`{}` is no folder", content.display());
        let name = whole.file_name().and_then(|name| name.to_str());
        let name =
            name.with_context(|| format!("`{}` has no name that is UTF-8", content.display()))?;
        let folder = whole.parent().context("the root of the disk is no content folder")?;
        Ok(Place { folder: folder.to_owned(), content: Some(name.to_owned()) })
    }
}

/// Reads a site.
///
/// # Errors
/// The content folder is missing, or a file in it cannot be read.
pub fn load(place: &Place) -> anyhow::Result<Sources> {
    let mut files = Files::default();
    let site_config = read_config(place, &mut files)?;
    let content = place.content.clone().unwrap_or_else(|| site_config.content.clone());
    let folder = place.folder.join(&content);
    anyhow::ensure!(folder.is_dir(), "no content folder `{}`", folder.display());
    let output = place.folder.join(&site_config.output);
    read_folder(place, &content, &output, &mut files)?;
    if place.content.is_none() {
        if place.folder.join(&site_config.theme).is_dir() {
            read_folder(place, &site_config.theme, &output, &mut files)?;
        }
        for template in site_config.templates.values() {
            read_if_there(place, &template.file.value, &mut files)?;
        }
        let patterns = site_config.alerts.sources.iter().map(|pattern| pattern.value.as_str());
        for (path, whole) in alert_sources::alert_sources(&place.folder, &output, patterns) {
            read_file(path, &whole, &mut files)?;
        }
    }
    read_codeowners(place, &mut files)?;
    let history = git::history(&place.folder, &content);
    Ok(Sources { files, history })
}

/// Reads site.toml, if there is one; what is wrong with it is the build's to say.
fn read_config(place: &Place, files: &mut Files) -> anyhow::Result<Config> {
    if place.content.is_some() {
        return Ok(Config::default());
    }
    read_if_there(place, config::path().as_str(), files)?;
    let text = files.text(&config::path()).unwrap_or_default();
    Ok(config(&config::path(), text).map(|(config, _)| config).unwrap_or_default())
}

fn read_if_there(place: &Place, path: &str, files: &mut Files) -> anyhow::Result<()> {
    let whole = place.folder.join(path);
    match FilePath::new(path).filter(|_| is_file(&whole)) {
        Some(path) => read_file(path, &whole, files),
        None => Ok(()),
    }
}

#[expect(clippy::disallowed_methods, reason = "this module reads the site's files")]
fn read_file(path: FilePath, whole: &Path, files: &mut Files) -> anyhow::Result<()> {
    let bytes = std::fs::read(whole).with_context(|| format!("cannot read `{path}`"))?;
    files.insert(path, bytes);
    Ok(())
}

/// Reads the repository's CODEOWNERS as `.github/CODEOWNERS`, wherever the repository keeps it.
#[expect(clippy::disallowed_methods, reason = "this module reads the site's files")]
fn read_codeowners(place: &Place, files: &mut Files) -> anyhow::Result<()> {
    let Ok(folder) = place.folder.canonicalize() else { return Ok(()) };
    let mut above = folder.ancestors();
    let Some(root) = above.find(|folder| folder.join(".git").try_exists().unwrap_or(false)) else {
        return Ok(());
    };
    for name in [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"] {
        let whole = root.join(name);
        if let Some(path) = FilePath::new(".github/CODEOWNERS").filter(|_| is_file(&whole)) {
            let bytes = std::fs::read(&whole).with_context(|| format!("cannot read `{name}`"))?;
            files.insert(path, bytes);
            return Ok(());
        }
    }
    Ok(())
}

/// Reads every file below a folder, but those whose name begins with `.` and the output folder.
#[expect(clippy::disallowed_methods, reason = "this module reads the site's files")]
fn read_folder(
    place: &Place,
    folder: &str,
    output: &Path,
    files: &mut Files,
) -> anyhow::Result<()> {
    let walk = walkdir::WalkDir::new(place.folder.join(folder)).follow_links(true).min_depth(1);
    let visible = |entry: &walkdir::DirEntry| {
        !entry.file_name().to_str().is_some_and(|name| name.starts_with('.'))
            && entry.path() != output
    };
    for entry in walk.into_iter().filter_entry(visible) {
        let Ok(entry) = entry else { continue };
        if !entry.file_type().is_file() {
            continue;
        }
        let relative = entry.path().strip_prefix(&place.folder).ok().and_then(Path::to_str);
        let Some(path) = relative.and_then(|path| FilePath::new(&path.replace('\\', "/"))) else {
            continue;
        };
        let bytes = std::fs::read(entry.path()).with_context(|| format!("cannot read `{path}`"))?;
        files.insert(path, bytes);
    }
    Ok(())
}

fn is_file(path: &Path) -> bool {
    path.is_file()
}
