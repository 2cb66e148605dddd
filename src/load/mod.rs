//! The disk and git become values: [`load`] fills a [`Sources`].
//!
//! The only reader of the site's files. Reads nothing but what a build may need, and writes nothing.

use crate::sources::Sources;

pub use root::SiteRoot;

pub(crate) mod alert_sources;
pub(crate) mod boundary;
mod embedded;
mod found;
pub mod git;
pub mod layout;
pub mod reading;
mod root;
mod terraform;

/// Reads a site once.
///
/// # Errors
/// The content folder is missing, or a file in it cannot be read.
pub fn load(root: &SiteRoot) -> anyhow::Result<Sources> {
    Ok(reading::read(root, None)?.sources)
}
