//! What the site says about how its pages are read.

use crate::dialect::Dialect;
use crate::words::Words;

/// What parsing takes from site.toml.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// The site's own front-matter keys.
    pub extra_keys: Vec<String>,
    /// Keys that nobody knows pass, unless they look like a mistyped known one.
    pub any_key: bool,
    /// Raw HTML passes unchanged.
    pub unsafe_html: bool,
    /// The tools whose blocks are read beside GitHub's.
    pub dialects: Vec<Dialect>,
    /// The words that are written into pages ("Copy log", "Footnotes").
    pub words: Words,
}
