//! How far links of the disk may lead: whoever can add a file to the repository must not publish, by a link, what else
//! the computer holds that builds the site.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::root::{SiteRoot, repository};

/// The folder that links may not lead out of. Nothing is asked of the disk before a link is met.
#[derive(Default)]
pub(crate) struct Boundary(OnceLock<Option<PathBuf>>);

impl Boundary {
    /// Whether a path, with all its links followed, stays in the repository that holds the site (in the site folder
    /// where there is none) and out of what git keeps there for itself. What is not there stays inside.
    pub(crate) fn holds(&self, root: &SiteRoot, path: &Path) -> bool {
        let Ok(target) = path.canonicalize() else { return true };
        let Some(folder) = self.0.get_or_init(|| folder(root)) else { return false };
        let below = target.strip_prefix(folder);
        below.is_ok_and(|below| below.components().all(|part| part.as_os_str() != ".git"))
    }
}

fn folder(root: &SiteRoot) -> Option<PathBuf> {
    // The folder above bare Markdown is no part of the site.
    let site = root.folder.join(root.content.as_deref().unwrap_or_default()).canonicalize();
    repository(&root.folder).or(site.ok())
}
