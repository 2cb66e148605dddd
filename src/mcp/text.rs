//! A text of the site, read as the Markdown that it is.

use crate::files::FilePath;
use crate::parse::{Document, Input, parse};

/// What a text says.
pub(super) fn document(text: &str) -> Document {
    parse(&Input {
        path: FilePath::new("page.md").expect("a plain name is a path"),
        bytes: text.as_bytes().to_vec().into(),
        options: std::sync::Arc::default(),
    })
}
