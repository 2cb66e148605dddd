//! What a build reads: the files of a site and what git says of them.

use std::sync::Arc;

use crate::files::Files;
use crate::history::History;

/// All that a build depends on besides what it is asked for.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Every file that a build may need, relative to the site folder.
    pub files: Files,
    /// What git says of them.
    pub history: Arc<History>,
}
