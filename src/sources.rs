//! What a build reads: the files of a site and what git says of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::files::{FilePath, Files};
use crate::history::History;

/// All that a build depends on besides what it is asked for.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Every file that a build may need, relative to the site folder.
    pub files: Files,
    /// What lies among the files of the site and is not read, with the reason.
    pub passed_over: BTreeMap<FilePath, PassedOver>,
    /// What git says of them.
    pub history: Arc<History>,
}

/// Why a file, folder or link of the disk is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassedOver {
    /// A link that leads out of the repository.
    OutOfRepository,
    /// A link that leads to nothing, or to itself.
    Dangling,
    /// A folder that is read already, by this other path.
    ReadAs(String),
    /// The system refuses to read it, for this reason.
    Unreadable(String),
    /// Its name is not UTF-8, so that no address can be made of it.
    NameNotText,
    /// Neither a file nor a folder: a socket, a device, a pipe.
    NoFile,
}
