//! Where the files of a site lie on the disk.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// Where the files of a site are on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteRoot {
    /// The folder that holds site.toml, or that would.
    pub folder: PathBuf,
    /// The content folder's name in it, where the site is a bare folder of Markdown.
    pub content: Option<String>,
}

impl SiteRoot {
    /// A folder that holds a site.toml.
    ///
    /// # Errors
    /// The folder holds none.
    pub fn of_site(folder: &Path) -> anyhow::Result<SiteRoot> {
        anyhow::ensure!(
            folder.join("site.toml").is_file(),
            "no site.toml in {}; `guidepost init` writes one, and `--content DIR` reads any folder of \
             Markdown without",
            if folder == Path::new(".") {
                "this folder or above it".to_owned()
            } else {
                format!("`{}`", folder.display())
            }
        );
        Ok(SiteRoot { folder: folder.to_owned(), content: None })
    }

    /// Any folder of Markdown; its site folder is the one above it, or itself if it is the root of a repository, so that
    /// git is asked of that one and nothing is written outside of it.
    ///
    /// # Errors
    /// There is no such folder, or its name is not UTF-8.
    pub fn of_content(content: &Path) -> anyhow::Result<SiteRoot> {
        let whole =
            content.canonicalize().with_context(|| format!("no folder `{}`", content.display()))?;
        anyhow::ensure!(whole.is_dir(), "`{}` is no folder", content.display());
        if repository(&whole).as_ref() == Some(&whole) {
            return Ok(SiteRoot { folder: whole, content: Some(String::new()) });
        }
        let name = whole.file_name().and_then(|name| name.to_str());
        let name =
            name.with_context(|| format!("`{}` has no name that is UTF-8", content.display()))?;
        let folder = whole.parent().context("the root of the disk is no content folder")?;
        Ok(SiteRoot { folder: folder.to_owned(), content: Some(name.to_owned()) })
    }

    /// The same place by the one path that has no links and no `..` in it, as watchers report it.
    ///
    /// # Errors
    /// The folder is gone.
    pub fn canonical(self) -> anyhow::Result<SiteRoot> {
        let folder = self.folder.canonicalize();
        let folder = folder.with_context(|| format!("no folder `{}`", self.folder.display()))?;
        Ok(SiteRoot { folder, ..self })
    }
}

/// The root of the repository that holds a folder.
pub(crate) fn repository(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let is_root = |folder: &&Path| folder.join(".git").try_exists().unwrap_or(false);
    folder.ancestors().find(is_root).map(Path::to_owned)
}
