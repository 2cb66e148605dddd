//! What rendering reads: the site without its prose, what is said of it, and what all pages share.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::Report;
use crate::config::Config;
use crate::memo::Kept;
use crate::resolve::{Address, ClaimsByAlert, Structure};
use crate::theme::{Shared, Theme};

/// Names that lead somewhere where they stand as inline code.
pub(crate) type Entities = HashMap<String, Entity>;

/// All that rendering depends on but for the prose and links of pages and the bytes of assets.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Overview {
    pub(crate) site: Kept<Structure>,
    pub(crate) alerts: Kept<ClaimsByAlert>,
    pub(crate) report: Kept<Report>,
    pub(crate) theme: Arc<Theme>,
    pub(crate) today: Date,
}

/// What all pages share: pages whose common part is the same value need not compare it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Common {
    pub(crate) config: Arc<Config>,
    pub(crate) theme: Arc<Theme>,
    pub(crate) site: Shared,
    /// Compared by value: most edits that could change one change none.
    pub(crate) entities: Arc<Entities>,
    /// The site folder inside the repository, with a trailing `/` or empty.
    pub(crate) in_repository: String,
}

/// What inline code that is a known name leads to.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Entity {
    pub(crate) address: Address,
    pub(crate) anchor: Option<String>,
}
