//! Reads the procedures of a page.

use crate::config::Config;
use crate::parse::Heading;
use crate::resolve::Page;

use super::model::{Procedure, ProcedureSection};
use super::{relate, steps};

/// Reads every section of a page that says what to do, in the order of the text.
///
/// A section holds what stands below its heading up to the next heading; the sections inside of it are procedures of
/// their own, which it names.
pub fn procedures(config: &Config, page: &Page) -> Vec<Procedure> {
    let sections = steps::sections(config, page);
    let mut found: Vec<Procedure> =
        sections.into_iter().map(|section| procedure(page, section)).collect();
    relate::relate(page, &mut found);
    found.retain(Procedure::says_what_to_do);
    found
}

pub(super) fn procedure(page: &Page, section: ProcedureSection) -> Procedure {
    let headings = &page.document.headings;
    let heading = section.heading.and_then(|index| headings.get(index as usize));
    Procedure {
        title: heading.map_or_else(|| page.title.to_string(), Heading::full_text),
        anchor: heading.filter(|_| !is_title(page, section.heading)).map(|it| it.anchor.clone()),
        level: heading.map_or(1, |heading| heading.level),
        introduction: section.introduction,
        steps: section.steps,
        branches: section.branches,
        range: section.range,
    }
}

/// Whether a heading is the page's own title: what stands below it needs no anchor.
pub(super) fn is_title(page: &Page, heading: Option<u32>) -> bool {
    heading == Some(0) && page.document.title.is_some()
}
