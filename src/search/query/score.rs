//! What a term weighs in a page.

use std::collections::BTreeMap;

use crate::search::index::{Index, is_common};
use crate::search::page::TermPlace;
use crate::search::posting::IndexedTerm;

/// How much a word in each field counts: title, names (alerts, agent, tags, error signatures), headings, body.
pub(super) const WEIGHTS: [f64; 4] = [4.0, 3.0, 2.0, 1.0];

pub(super) const K1: f64 = 1.2;

pub(super) const B: f64 = 0.75;

/// What is left of the rarity of a word that only joins others.
const LITTLE: f64 = 0.2;

/// A term that stands for a word, and how well it does.
pub(super) struct Variant {
    pub(super) term: String,
    pub(super) entry: IndexedTerm,
    pub(super) weight: f64,
}

/// What a word or phrase found in one page.
#[derive(Default)]
pub(super) struct TermMatch {
    pub(super) score: f64,
    /// The weight of the best variant.
    pub(super) best: f64,
    /// The weight of the best variant in the title; 0 if none is.
    pub(super) title: f64,
    pub(super) places: BTreeMap<TermPlace, f64>,
    /// How many terms each heading among these places has.
    pub(super) extents: BTreeMap<TermPlace, u32>,
}

/// A word or phrase with all that it found.
#[derive(Default)]
pub(super) struct TermMatches {
    pub(super) pages: BTreeMap<u32, TermMatch>,
    /// How much it says, whatever the field.
    pub(super) rarity: f64,
    /// Whether it is too common for its places in text to be kept.
    pub(super) common: bool,
    pub(super) terms: Vec<String>,
    /// Whether some variant is the word itself.
    pub(super) exact: bool,
    /// What was probably meant, where it is found by a typing error alone.
    pub(super) meant: Option<String>,
}

/// Scores every page that has a variant; `open` if the word may be the beginning of another.
pub(super) fn look_up(
    index: &Index,
    variants: &[Variant],
    (word, open): (&str, bool),
) -> TermMatches {
    let mut most = [0; 4];
    for variant in variants {
        for (most, pages) in most.iter_mut().zip(variant.entry.pages_by_field()) {
            *most = (*most).max(pages);
        }
    }
    let all = index.count();
    let worth = if !open && index.little.contains(word) { LITTLE } else { 1.0 };
    let weights = std::array::from_fn(|field| {
        rarity(all, most[field]) * (WEIGHTS[field] * (K1 + 1.0)) * worth
    });
    let mut found = TermMatches {
        rarity: rarity(all, most.into_iter().max().unwrap_or(0)) * worth,
        terms: variants.iter().map(|variant| variant.term.clone()).collect(),
        exact: variants.iter().any(|variant| variant.term == word),
        ..TermMatches::default()
    };
    for variant in variants {
        let common = is_common(variant.entry.pages_by_field(), all);
        found.common |= common;
        index.postings(&variant.entry, |posting| {
            let score = score(index, &weights, variant.weight, posting.page, posting.frequencies);
            let hit = found.pages.entry(posting.page).or_default();
            hit.score = hit.score.max(score);
            hit.best = hit.best.max(variant.weight);
            if posting.frequencies[0] > 0 {
                hit.title = hit.title.max(variant.weight);
            }
            for place in posting.places.iter().filter(|place| !common || place.is_telling()) {
                let weight = hit.places.entry(*place).or_default();
                *weight = weight.max(variant.weight);
            }
            hit.extents.extend(posting.extents.iter().copied());
        });
    }
    found
}

/// One page's score for one term: BM25 over all fields.
pub(super) fn score(
    index: &Index,
    weights: &[f64; 4],
    weight: f64,
    page: u32,
    frequencies: [u32; 4],
) -> f64 {
    let mut score = 0.0;
    for (field, frequency) in
        frequencies.into_iter().enumerate().filter(|(_, frequency)| *frequency > 0)
    {
        let length = f64::from(index.length(field, page));
        let frequency = f64::from(frequency);
        let saturation =
            frequency / (frequency + K1 * (1.0 - B + B * length / index.average(field)));
        score += weights[field] * weight * saturation;
    }
    score
}

/// How much a term says that stands in so many of all pages, rounded so that no two machines differ.
pub(super) fn rarity(all: u32, pages: u32) -> f64 {
    const STEPS: f64 = 65536.0;
    let (all, pages) = (f64::from(all), f64::from(pages));
    ((1.0 + (all - pages + 0.5) / (pages + 0.5)).ln() * STEPS).round() / STEPS
}
