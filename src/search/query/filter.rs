//! Filters into the pages that they admit, as of a day.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::ranked::HitKind;
use crate::freshness::{Schedule, State};
use crate::search::analyze::fold;
use crate::search::index::Index;
use crate::search::model::FACETS;
use crate::search::page::FilterFacts;

/// Which hits are asked for, if `kind:` says so.
pub(super) fn kind(filters: &[(String, String)]) -> Option<HitKind> {
    let value =
        filters.iter().rev().find(|(name, _)| name == "kind").map(|(_, value)| value.as_str());
    match value {
        Some("alert") => Some(HitKind::Alert),
        Some("section") => Some(HitKind::Section),
        Some("command") => Some(HitKind::Command),
        _ => None,
    }
}

/// The pages that pass every filter.
pub(super) fn admitted(index: &Index, filters: &[(String, String)], today: Date) -> BTreeSet<u32> {
    let passes =
        |facts: &FilterFacts| filters.iter().all(|(name, value)| admits(facts, name, value, today));
    (0..index.count()).filter(|page| passes(index.facts(*page))).collect()
}

fn admits(facts: &FilterFacts, name: &str, value: &str, today: Date) -> bool {
    let is = |text: &String| fold(text) == value;
    match name {
        "is" if value == "deprecated" => facts.deprecated,
        "is" => state_name(facts.review, today) == full_name(value),
        _ => {
            let facet = FACETS.iter().position(|facet| *facet == name);
            facet.is_none_or(|facet| facts.facets[facet].iter().any(is))
        }
    }
}

/// The state of a page's review on a day; nothing if it owes none.
pub(super) fn state_name(review: Schedule, today: Date) -> &'static str {
    match review.state(today) {
        State::None => "",
        state => state.name(),
    }
}

/// The full name of a state of which the beginning or the end was typed.
fn full_name(typed: &str) -> &str {
    match typed {
        "soon" => State::DueSoon.name(),
        "never" => State::NeverReviewed.name(),
        _ => typed,
    }
}
