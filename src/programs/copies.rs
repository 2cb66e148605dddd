//! The Markdown copies of pages one by one, for whoever asks for a few of many.

use crate::files::Files;
use crate::memo::{Kept, Mode, Single};
use crate::resolve::{PageId, Site};

use super::context::{Context, context};
use super::page::{PageFilesInput, main_copy};
use super::publish::{Subject, context_input};

/// What every copy depends on besides its page.
pub struct Copies(Kept<Context>);

impl Copies {
    /// Gathers it.
    pub fn new(subject: Subject<'_>) -> Copies {
        Copies(Single::default().one(Mode::Once, context_input(subject), context))
    }

    /// The copy of a page as it is published.
    pub fn text(&self, site: &Site, files: &Files, id: PageId) -> String {
        let page = &site.pages[id.0 as usize];
        let bytes = files.get(&page.document.path).cloned().unwrap_or_default();
        main_copy(&PageFilesInput { id, page: page.clone(), bytes, context: self.0.clone() })
    }
}
