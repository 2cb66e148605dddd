//! What a page takes in.

use std::sync::Arc;

use crate::files::{Bytes, FilePath};
use crate::parse::front_matter::FrontMatter;

/// A file that a page takes in, by itself or by another that it takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The file that asks for it.
    pub by: FilePath,
    /// What it is called there.
    pub typed: String,
    /// The file.
    pub path: FilePath,
    /// What it holds.
    pub bytes: Bytes,
}

/// A file whose text, or a part of it, is part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    /// The file, relative to the site folder.
    pub path: FilePath,
    /// What it holds.
    pub bytes: Bytes,
    /// Where its text begins, counted on behind that of the page and of the files before it.
    pub start: usize,
    /// What its front matter says.
    pub meta: Arc<FrontMatter>,
}

/// How many files one page takes in, counted as often as it does.
pub(crate) const MOST: usize = 1_000;
