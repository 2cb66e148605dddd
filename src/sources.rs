//! What a build reads: the files of a site and what git says of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::files::{FilePath, Files};
use crate::history::History;

/// All that a build depends on besides what it is asked for.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Every file that a build may need, relative to the site folder.
    pub files: Files,
    /// Links of the disk that are passed over because they lead out of the repository.
    pub outside: BTreeSet<FilePath>,
    /// What git says of them.
    pub history: Arc<History>,
}
