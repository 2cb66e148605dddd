//! How a deploy ends, and what is said while it runs.

use super::addresses::Lost;
use super::plan::{Phase, Plan};
use super::store::{Fault, FaultKind};

/// Why a deploy stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// What kind of end it is.
    pub code: ExitKind,
    /// What happened.
    pub message: String,
    /// What it is about, a line each.
    pub details: Vec<String>,
    /// The next step.
    pub help: Option<String>,
}

/// Kinds of ends, by the exit code of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitKind {
    /// Something that somebody has to mend.
    Failed = 1,
    /// What was typed or configured makes no sense.
    Usage = 2,
    /// Credentials are missing, or lack a right.
    Denied = 3,
    /// A guard refused, before anything was written.
    Guard = 4,
    /// Another deploy holds the target.
    Busy = 5,
    /// The site is published, a cache in front of it was not cleared.
    NotPurged = 6,
    /// It may work the next time.
    TryAgain = 75,
}

impl Stop {
    /// An end with a message.
    pub fn new(code: ExitKind, message: impl Into<String>) -> Stop {
        Stop { code, message: message.into(), details: Vec::new(), help: None }
    }

    /// The same with the next step.
    pub fn with_help(self, help: impl Into<String>) -> Stop {
        Stop { help: Some(help.into()), ..self }
    }

    /// The same with what it is about.
    pub fn with_details(self, details: Vec<String>) -> Stop {
        Stop { details, ..self }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        let code = match fault.kind {
            FaultKind::Passing => ExitKind::TryAgain,
            FaultKind::Denied => ExitKind::Denied,
            FaultKind::Lasting => ExitKind::Failed,
        };
        Stop { code, message: fault.message, details: Vec::new(), help: fault.help }
    }
}

/// What a deploy did, or would do.
#[derive(Debug)]
pub struct Outcome {
    /// What was planned.
    pub plan: Plan,
    /// The generation that is published now; that of the store before a dry run.
    pub generation: u64,
    /// The generation that the site was before, where it was gone back to.
    pub rolled_back_to: Option<u64>,
    /// Whether anything was written.
    pub is_done: bool,
    /// Why a guard would refuse, in a dry run.
    pub refusal: Option<Stop>,
    /// Addresses that were taken away although alerts used them.
    pub lost: Vec<Lost>,
    /// What somebody should know, a sentence each.
    pub notes: Vec<String>,
    /// Addresses of caches in front of the site that were, or would be, cleared.
    pub purged: Vec<String>,
    /// Why a cache in front of the site was not cleared.
    pub purge_fault: Option<Fault>,
    /// How many bytes were written, without those of repeated requests.
    pub bytes: u64,
}

/// What happens while a deploy runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeployEvent {
    /// The store is asked what it holds.
    Survey,
    /// A phase begins, with so many files and bytes to write.
    Begin(Phase, usize, u64),
    /// A file of so many bytes was written.
    Wrote(u64),
    /// Caches in front of the site are cleared.
    Purge,
    /// So many objects are removed.
    Remove(usize),
}
