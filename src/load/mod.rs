//! The disk and git become values: [`load`] fills a [`Sources`].
//!
//! The only reader of the site's files. Reads nothing but what a build may need, and writes nothing.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::sources::Sources;

pub(crate) mod alert_sources;
pub(crate) mod boundary;
pub mod git;
pub mod reading;
mod terraform;

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

    /// Any folder of Markdown; its site folder is the one above it, or itself if it is the root of a repository, so that
    /// git is asked of that one and nothing is written outside of it.
    ///
    /// # Errors
    /// There is no such folder, or its name is not UTF-8.
    pub fn of_content(content: &Path) -> anyhow::Result<Place> {
        let whole =
            content.canonicalize().with_context(|| format!("no folder `{}`", content.display()))?;
        anyhow::ensure!(whole.is_dir(), "`{}` is no folder", content.display());
        if boundary::repository(&whole).as_ref() == Some(&whole) {
            return Ok(Place { folder: whole, content: Some(String::new()) });
        }
        let name = whole.file_name().and_then(|name| name.to_str());
        let name =
            name.with_context(|| format!("`{}` has no name that is UTF-8", content.display()))?;
        let folder = whole.parent().context("the root of the disk is no content folder")?;
        Ok(Place { folder: folder.to_owned(), content: Some(name.to_owned()) })
    }

    /// The same place by the one path that has no links and no `..` in it, as watchers report it.
    ///
    /// # Errors
    /// The folder is gone.
    pub fn canonical(self) -> anyhow::Result<Place> {
        let folder = self.folder.canonicalize();
        let folder = folder.with_context(|| format!("no folder `{}`", self.folder.display()))?;
        Ok(Place { folder, ..self })
    }
}

/// Reads a site once.
///
/// # Errors
/// The content folder is missing, or a file in it cannot be read.
pub fn load(place: &Place) -> anyhow::Result<Sources> {
    Ok(reading::read(place, None)?.sources)
}

fn is_file(path: &Path) -> bool {
    path.is_file()
}
