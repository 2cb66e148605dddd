//! Documents for tests, parsed from text.

use std::sync::Arc;

use super::{Document, Input, ParseOptions, parse};
use crate::files::FilePath;

/// The document that a page of this text is.
pub(crate) fn document(text: &str) -> Document {
    parse(&Input {
        path: FilePath::new("content/page.md").expect("a path"),
        bytes: text.as_bytes().to_vec().into(),
        options: Arc::new(ParseOptions::default()),
    })
}
