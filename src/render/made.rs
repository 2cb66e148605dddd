//! Every file that stands for no page of content: reports, lists, feeds, what programs read, and which pages lead on.
//!
//! They depend on what pages say of themselves, not on their prose, so most edits leave all of them as they are.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::memo::both;
use crate::resolve::Page;

use super::redirect::Redirect;
use super::{Common, Facts, Subject, api, navigation, pages, reviews};

/// The files that were made, and which templates failed.
#[derive(PartialEq, Eq)]
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
    let (mut made, for_programs) = both(
        || pages::others(subject, common, parts),
        || {
            let mut files = Files::default();
            api::api(subject, &mut files);
            reviews::reviews(subject, &mut files);
            files
        },
    );
    made.files.extend(for_programs);
    made
}
