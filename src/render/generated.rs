//! Every file that stands for no page of content: reports, lists, feeds, what programs read, and which pages lead on.
//!
//! They depend on what pages say of themselves, not on their prose, so most edits leave all of them as they are.

use std::borrow::Cow;
use std::sync::Arc;

use crate::files::{Bytes, FilePath};
use crate::hidden::removed;
use crate::memo::{Kept, both};
use crate::resolve::Page;

use super::inputs::{Common, Overview};
use super::renderer::{Generated, PageRenderer};
use super::{api, navigation, pages, reviews};

/// All that they depend on.
#[derive(PartialEq, Eq)]
pub(crate) struct GeneratedInputs {
    pub(crate) overview: Kept<Overview>,
    pub(crate) common: Kept<Common>,
    pub(crate) navigation: Arc<navigation::NavigationPart>,
    /// The home page shows the whole text of the root's own page.
    pub(crate) home: Option<Arc<Page>>,
}

/// Makes the files.
pub(crate) fn generate(inputs: &GeneratedInputs) -> Generated {
    let GeneratedInputs { overview, common, navigation: top, home } = inputs;
    let taken = overview.site.pages.iter().map(|page| page.address.file()).collect();
    let renderer = || PageRenderer::new(common, top, &taken);
    let lists = || pages::lists(overview, home.as_deref(), renderer());
    let owners = || pages::owners(overview, renderer());
    let api = || api::api(overview);
    let reviews = || reviews::reviews(overview);
    let reports = || pages::reports(overview, renderer());
    // The lists of a large site take long, and room while they are made. In this order the two that take most of it,
    // of alerts and of reviews, are not made at once.
    let (mut generated, (owners, (api, (reviews, reports)))) =
        both(lists, || both(owners, || both(api, || both(reviews, reports))));
    // Where two pages claim one path, the later comes before the earlier.
    for beside in [reports, owners] {
        generated.files.extend(beside.files);
        generated.diagnostics.extend(beside.diagnostics);
    }
    for for_programs in [api, reviews] {
        generated.files.extend(for_programs.iter().map(without_hidden).collect());
    }
    generated
}

/// A file for programs without what readers would not see in it.
fn without_hidden((path, bytes): (&FilePath, &Bytes)) -> (FilePath, Bytes) {
    let bytes = match std::str::from_utf8(bytes).map(removed) {
        Ok(Cow::Owned(text)) => text.into_bytes().into(),
        _ => Arc::clone(bytes),
    };
    (path.clone(), bytes)
}
