//! What the pages of a site, and the documents of them for paper, are gathered from.

use std::collections::BTreeMap;

use crate::memo::Kept;
use crate::resolve::PageId;

use super::inputs::{Common, Overview};
use super::navigation;

/// The site as every page may show it: all but the first follows from it, and is made once.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ShownSite {
    pub(crate) overview: Kept<Overview>,
    pub(crate) common: Kept<Common>,
    pub(crate) parts: Kept<navigation::Parts>,
    /// The names of the alerts that each page claims.
    pub(crate) alerts: Kept<BTreeMap<PageId, Vec<String>>>,
}
