//! Renders pages that no content file stands for, and keeps them.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::files::{FilePath, Files};
use crate::hidden::shown_in_html;
use crate::memo::parallel;
use crate::resolve::Address;
use crate::theme::Shared;

use super::inputs::Common;
use super::navigation;
use super::redirect::Redirect;

/// The files that were made, and which templates failed.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct Generated {
    pub(crate) files: Files,
    /// The pages that lead on. They come before files of the same path, and the last before others.
    pub(crate) redirects: Vec<Arc<Redirect>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Renders pages, and keeps them.
pub(crate) struct PageRenderer<'a> {
    pub(crate) common: &'a Common,
    navigation: &'a navigation::NavigationPart,
    /// Where pages of content stand.
    taken: &'a BTreeSet<FilePath>,
    pub(crate) generated: Generated,
}

impl<'a> PageRenderer<'a> {
    pub(crate) fn new(
        common: &'a Common,
        navigation: &'a navigation::NavigationPart,
        taken: &'a BTreeSet<FilePath>,
    ) -> PageRenderer<'a> {
        PageRenderer { common, navigation, taken, generated: Generated::default() }
    }

    /// Renders a page unless something of the site's own stands at its address.
    pub(crate) fn page_if_free(
        &mut self,
        template: &str,
        address: &Address,
        view: &impl Serialize,
    ) {
        if self.is_free(address) {
            self.page(template, address, view);
        }
    }

    /// Whether neither a page of content nor one that was made is published at an address.
    pub(crate) fn is_free(&self, address: &Address) -> bool {
        let file = address.file();
        !self.taken.contains(&file) && self.generated.files.get(&file).is_none()
    }

    /// Renders many pages of a kind together.
    pub(crate) fn pages(&mut self, template: &str, pages: &[(Address, impl Serialize + Sync)]) {
        let this = &*self;
        let rendered = parallel(pages, |(address, view)| {
            (address.file(), this.print(template, address, &address.root(), view))
        });
        self.keep(rendered);
    }

    pub(crate) fn page(&mut self, template: &str, address: &Address, view: &impl Serialize) {
        self.page_from(template, address, &address.root(), view);
    }

    /// Renders a page from which `root` leads to the root of the site.
    pub(crate) fn page_from(
        &mut self,
        template: &str,
        address: &Address,
        root: &str,
        view: &impl Serialize,
    ) {
        let rendered = self.print(template, address, root, view);
        self.keep([(address.file(), rendered)]);
    }

    fn print(
        &self,
        template: &str,
        address: &Address,
        root: &str,
        view: &impl Serialize,
    ) -> Result<String, Diagnostic> {
        let common = self.common;
        let navigation = self.navigation.on(root, &address.encoded(), common)?;
        let navigation = Shared::new(&navigation);
        let shared = [("navigation", &navigation), ("site", &common.site)];
        common.theme.render(template, view, &shared).map(shown_in_html)
    }

    fn keep(&mut self, rendered: impl IntoIterator<Item = (FilePath, Result<String, Diagnostic>)>) {
        for (file, html) in rendered {
            match html {
                Ok(html) => self.generated.files.insert(file, html.into_bytes()),
                Err(diagnostic) => self.generated.diagnostics.push(diagnostic),
            }
        }
    }
}
