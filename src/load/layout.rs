//! Where the parts of a site lie on the disk, and which paths there may be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::root::{SiteRoot, repository};
use crate::files::FilePath;

/// Where the parts of a site lie, relative to the site folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The content folder.
    pub content: String,
    /// The theme folder, of a site that may have one.
    pub theme: Option<String>,
    /// The folder that is written and never read.
    pub output: String,
    /// Single files: site.toml and templates.
    pub files: BTreeSet<String>,
    /// Where other tools keep the settings by which a folder says that it is written for them.
    pub settings: Vec<String>,
    /// Files of the disk that are read one by one, with the path that findings show them by: CODEOWNERS, alert rules.
    pub elsewhere: BTreeMap<PathBuf, FilePath>,
    /// Patterns of the alert rules.
    pub alert_sources: Vec<String>,
    /// Whether site.toml can be read; if not, the folders are those of before.
    pub(super) readable: bool,
}

impl Layout {
    /// The path under which a file of the disk is read, if it may be.
    pub fn site_path(&self, root: &SiteRoot, path: &Path) -> Option<FilePath> {
        self.elsewhere.get(path).cloned().or_else(|| site_path(root, path))
    }

    /// Whether a path of the disk may belong to the site's sources.
    pub(super) fn reads(&self, root: &SiteRoot, path: &Path) -> bool {
        let Some(relative) = site_path(root, path) else { return false };
        let folders = [Some(&self.content), self.theme.as_ref()];
        let inside =
            |folder: &String| relative.as_str() == folder || relative.under(folder).is_some();
        let published = !relative.as_str().split('/').any(is_passed_over)
            && relative.as_str() != self.output
            && relative.under(&self.output).is_none();
        self.files.contains(relative.as_str())
            || (published && folders.into_iter().flatten().any(inside))
    }
}

/// Where a repository may keep its CODEOWNERS; the first that exists counts.
pub(crate) const CODEOWNERS: [&str; 4] =
    [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Hidden files, those that editors put beside a file while they have it open, and what package managers install.
pub(crate) fn is_passed_over(name: &str) -> bool {
    name.starts_with('.')
        || name == "node_modules"
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || name.contains("___jb_")
}

/// The path of a file of the disk below the site folder.
pub(super) fn site_path(root: &SiteRoot, path: &Path) -> Option<FilePath> {
    relative_path(path.strip_prefix(&root.folder).ok()?.to_str()?)
}

/// The repository's CODEOWNERS, which is shown as `.github/CODEOWNERS` wherever the repository keeps it. A site that lies
/// in no repository, as an archive of one does, is taken for the whole of it.
pub(super) fn codeowners(root: &SiteRoot) -> Option<(FilePath, PathBuf)> {
    let root = repository(&root.folder).unwrap_or_else(|| root.folder.clone());
    let whole = CODEOWNERS.iter().map(|name| root.join(name)).find(|whole| whole.is_file())?;
    Some((FilePath::new(CODEOWNERS[0])?, whole))
}

/// The path of a file of the disk, with a sign in the place of what is not UTF-8.
pub(super) fn shown_path(root: &SiteRoot, path: &Path) -> Option<FilePath> {
    relative_path(&path.strip_prefix(&root.folder).ok()?.to_string_lossy())
}

/// Only the system's own separator separates: elsewhere a name may hold a backslash.
fn relative_path(relative: &str) -> Option<FilePath> {
    FilePath::new(&relative.replace(std::path::MAIN_SEPARATOR, "/"))
}
