//! How dangerous it is to run something, and what is lost by it.

/// How dangerous a command is. In order: a block is as dangerous as its worst command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// Only looks.
    ReadOnly,
    /// No rule covers it.
    #[default]
    Unknown,
    /// Changes something that can be changed back.
    ChangesState,
    /// Something is lost.
    Destructive,
}

/// What running something does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How dangerous it is.
    pub safety: Safety,
    /// What is lost, for whatever is destructive: a sentence without its full stop.
    pub lost: Option<&'static str>,
}

impl Verdict {
    pub(crate) const READS: Verdict = Verdict { safety: Safety::ReadOnly, lost: None };
    pub(crate) const CHANGES: Verdict = Verdict { safety: Safety::ChangesState, lost: None };
    pub(crate) const UNKNOWN: Verdict = Verdict { safety: Safety::Unknown, lost: None };

    pub(crate) const fn destroys(lost: &'static str) -> Verdict {
        Verdict { safety: Safety::Destructive, lost: Some(lost) }
    }

    /// The more dangerous of two; the first of equals.
    pub(crate) fn worse(self, other: Verdict) -> Verdict {
        if other.safety > self.safety { other } else { self }
    }
}
