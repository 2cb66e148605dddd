//! Every file that stands for no page of content: reports, lists, feeds, what programs read, and which pages lead on.
//!
//! They depend on what pages say of themselves, not on their prose, so most edits leave all of them as they are.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::memo::both;
use crate::resolve::Page;

use super::pages::Press;
use super::redirect::Redirect;
use super::{Common, Facts, Subject, api, navigation, pages, reviews};

/// The files that were made, and which templates failed.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) files: Files,
    /// The pages that lead on. They come before files of the same path, and the last before others.
    pub(crate) redirects: Vec<Arc<Redirect>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// All that they depend on. Equal keys make equal files.
#[derive(PartialEq, Eq)]
pub(crate) struct Key {
    facts: Arc<Facts>,
    common: Arc<Common>,
    navigation: Arc<navigation::Part>,
    /// The home page shows the whole text of the root's own page.
    home: Option<Arc<Page>>,
}

/// What the files of a site depend on.
pub(crate) fn key(
    subject: Subject<'_>,
    facts: &Arc<Facts>,
    common: &Arc<Common>,
    parts: &navigation::Parts,
) -> Key {
    let home = subject.site.sections[""].page;
    Key {
        facts: Arc::clone(facts),
        common: Arc::clone(common),
        navigation: parts.top(),
        home: home.map(|id| Arc::clone(&subject.site.pages[id.0 as usize])),
    }
}

/// Makes the files.
pub(crate) fn make(subject: Subject<'_>, common: &Common, parts: &navigation::Parts) -> Made {
    let top = parts.top();
    let taken = subject.site.pages.iter().map(|page| page.address.file()).collect();
    let press = || Press::new(common, &top, &taken);
    let lists = || pages::lists(subject, press());
    let owners = || pages::owners(subject, press());
    let api = || api::api(subject);
    let reviews = || reviews::reviews(subject);
    let reports = || pages::reports(subject, press());
    // The lists of a large site take long, and room while they are made. In this order the two that take most of it,
    // of alerts and of reviews, are not made at once.
    let (mut made, (owners, (api, (reviews, reports)))) =
        both(lists, || both(owners, || both(api, || both(reviews, reports))));
    // Where two pages claim one path, the later comes before the earlier.
    for beside in [reports, owners] {
        made.files.extend(beside.files);
        made.diagnostics.extend(beside.diagnostics);
    }
    made.files.extend(api);
    made.files.extend(reviews);
    made
}
