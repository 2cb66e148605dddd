//! What the files that a page takes in mean for it: its age is that of the oldest, and what is wrong in them is theirs.

use std::sync::Arc;

use jiff::civil::Date;

use super::freshness::{self, Freshness, FreshnessFacts};
use crate::config::FreshnessPolicy;
use crate::diagnostic::{Diagnostic, Location, Rule};
use crate::history::History;
use crate::parse::Document;

/// The age of a page: its own, or that of a file that it takes in whose review is due before.
pub(super) fn freshness(
    facts: &FreshnessFacts<'_>,
    document: &Document,
    policy: &FreshnessPolicy,
    history: &History,
    today: Date,
) -> Freshness {
    let own = freshness::freshness(facts, policy, history, today);
    let others = document.included.iter().map(|file| {
        let facts = FreshnessFacts {
            path: &file.path,
            meta: &file.meta,
            follows_template: false,
            listed: false,
            deprecated: facts.deprecated,
        };
        freshness::freshness(&facts, policy, history, today)
    });
    // Nobody owes a review of a page by what it takes in, but where one is owed the older text decides.
    let owes = own.owes();
    others.filter(|_| owes).fold(own, |own, other| match (own.due(), other.due()) {
        (Some(due), Some(before)) if before < due => other,
        _ => own,
    })
}

/// Takes out what is wrong in the files that a page takes in, each at its place in its file.
pub(super) fn take_elsewhere(
    document: &Document,
    found: &mut Vec<Diagnostic>,
) -> Vec<Arc<Diagnostic>> {
    if document.included.is_empty() {
        return Vec::new();
    }
    for (place, _) in found.iter_mut().flat_map(|wrong| wrong.also.iter_mut()) {
        *place = located(document, place);
    }
    let is_own = |wrong: &Diagnostic| {
        wrong.at.path != document.path || document.file_at(wrong.at.range.start).is_none()
    };
    let (own, elsewhere): (Vec<_>, Vec<_>) = std::mem::take(found).into_iter().partition(is_own);
    *found = own;
    // Another page may use what this one does not.
    let theirs = elsewhere.into_iter().filter(|wrong| wrong.rule != Rule::UnusedParameter);
    let theirs = theirs.map(|wrong| Diagnostic { at: located(document, &wrong.at), ..wrong });
    theirs.map(Arc::new).collect()
}

/// A place in the page's text as one of the file that it is in.
fn located(document: &Document, at: &Location) -> Location {
    if at.path == document.path { document.location(&at.range) } else { at.clone() }
}
