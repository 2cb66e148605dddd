//! Documents for tests.

use super::{Document, Input, Options, parse};
use crate::files::FilePath;

/// The page that a text makes.
pub(crate) fn document(text: &str) -> Document {
    parse(&Input {
        path: FilePath::new("content/page.md").expect("a path"),
        bytes: text.as_bytes().into(),
        options: Options::default().into(),
    })
}
