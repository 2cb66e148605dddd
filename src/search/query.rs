//! Words into ranked hits, from the tantivy segment: the command line's side.
//!
//! Ranking is BM25 as tantivy computes it, summed over weighted fields, in `f64` and in a fixed order of operations,
//! so that `theme/static/search.js`, which reads the published shards instead, comes to the same order. Change both
//! or neither.
//!
//! 1. Every word stands for its variants: itself (1), words of the same stem (0.8), words that it begins (0.6, only
//!    the last word), and if there are none of these, words that differ by a typing error or two (0.5, 0.4). A page's
//!    score for a word is that of the best variant, with the document frequency of the most frequent one.
//! 2. A page must have all words and phrases; if no page has, half of those that are known. A joined word stands for
//!    the words that it is made of, and adds to the score.
//! 3. A title or heading adds to the score the more of the query it has, and the less beside.
//! 4. A page's section is the one where its words weigh most, headings three times; a title with all words means the
//!    page as a whole. An alert whose name has all words is
//!    a hit of its own, before the pages, but never takes more than half of the places that pages could fill.
//! 5. Deprecated pages come last.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::index::{Entry, Index};
use super::page::Place;
use super::words::Words;

mod expand;
mod filter;
mod hits;

pub(super) use expand::{is_name, is_spelling};
pub(super) use hits::alert_hit;
pub use hits::{Answer, Hit, Kind};

/// How much a word in each field counts: title, names (alerts, agent, tags, error signatures), headings, body.
pub(super) const WEIGHTS: [f64; 4] = [4.0, 3.0, 2.0, 1.0];
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// How much more a word in a heading says about which section is meant.
const HEADING: f64 = 3.0;

/// How much a title or heading adds that is just what was typed.
const HEADLINE: f64 = 8.0;

/// Answers a query as of `today`, with at most `limit` hits.
pub fn query(index: &Index, typed: &str, today: Date, limit: usize) -> Answer {
    let words = super::words::words(typed);
    let kind = filter::kind(&words.filters);
    let admitted = filter::admitted(index, &words.filters, today);
    let ranked = rank(index, &words, &admitted);
    hits::hits(index, &ranked, kind, hits::Asked { today, limit })
}

/// A term that stands for a word, and how well it does.
pub(super) struct Variant {
    term: String,
    entry: Entry,
    weight: f64,
}

/// What a word or phrase found in one page.
#[derive(Default)]
struct Match {
    score: f64,
    /// The weight of the best variant in the title; 0 if none is.
    title: f64,
    places: BTreeMap<Place, f64>,
}

/// A word or phrase with all that it found.
#[derive(Default)]
struct Found {
    pages: BTreeMap<u32, Match>,
    /// How much it says, whatever the field.
    rarity: f64,
    /// Whether it is too common for its places in text to be kept.
    common: bool,
    terms: Vec<String>,
    /// Whether some variant is the word itself.
    exact: bool,
}

/// A page with all that a query found in it.
#[derive(Default)]
struct Page {
    words: u32,
    title: Headline,
    score: f64,
    sections: BTreeMap<u32, Section>,
    alerts: BTreeMap<u32, Alert>,
}

/// What a query found in a title or heading.
#[derive(Default)]
struct Headline {
    words: u32,
    weight: f64,
}

impl Headline {
    /// What it adds to the score: more, the more of the words it has, and the less beside.
    fn score(&self, asked: Extent, extent: u32) -> f64 {
        let share = f64::from(self.words.count_ones()) / f64::from(asked.words);
        let covered = (share * f64::from(asked.terms) / f64::from(extent.max(1))).min(1.0);
        HEADLINE * self.weight * share * covered
    }
}

/// How many words a query has, and how many terms a text that says just this.
#[derive(Clone, Copy)]
struct Extent {
    words: u32,
    terms: u32,
}

#[derive(Default)]
struct Section {
    score: f64,
    heading: Headline,
    /// Which words stand in its heading or prose, and which in its code.
    text: u32,
    code: u32,
}

#[derive(Default)]
struct Alert {
    score: f64,
    words: u32,
    /// Whether a joined word of the query is in its name.
    named: bool,
}

/// What [`hits`] chooses from.
struct Ranked {
    pages: BTreeMap<u32, Page>,
    /// The words that some page has.
    known: u32,
    /// The words that are too common to have a place.
    common: u32,
    relaxed: bool,
    marks: super::excerpt::Marks,
}

fn rank(index: &Index, words: &Words, admitted: &BTreeSet<u32>) -> Ranked {
    let last = words.required.len().wrapping_sub(1);
    let mut required: Vec<Found> = Vec::new();
    for (number, word) in words.required.iter().enumerate() {
        let variants = expand::word(index, word, words.open && number == last, !words.line);
        required.push(look_up(index, &variants, &words.required[number]));
    }
    required.extend(words.phrases.iter().map(|phrase| expand::phrase(index, phrase)));
    let mut ranked = Ranked {
        pages: BTreeMap::new(),
        known: 0,
        common: 0,
        relaxed: false,
        marks: super::excerpt::Marks::new(),
    };
    for (number, found) in required.iter().enumerate() {
        ranked.common |= if found.common { 1 << number } else { 0 };
        add(&mut ranked, found, Role::Word(1 << number), admitted);
    }
    let last = words.wholes.len().wrapping_sub(1);
    for (number, (whole, bits)) in words.wholes.iter().enumerate() {
        let variants = expand::whole(index, whole, words.open_whole && number == last, !words.line);
        add(&mut ranked, &look_up(index, &variants, whole), Role::Whole(*bits), admitted);
    }
    let asked = Extent { words: required.len() as u32, terms: words.extent };
    keep_the_best(&mut ranked, asked.words);
    if required.is_empty() {
        ranked.pages = admitted.iter().map(|page| (*page, Page::default())).collect();
    } else {
        add_headlines(index, &mut ranked, asked);
    }
    ranked
}

/// Adds to pages and sections what their title and headings say.
fn add_headlines(index: &Index, ranked: &mut Ranked, asked: Extent) {
    for (number, page) in &mut ranked.pages {
        let mut best = page.title.score(asked, index.length(0, *number));
        for (ordinal, section) in &mut page.sections {
            let extent = index.extent(*number, Place::heading(*ordinal));
            let score = section.heading.score(asked, extent);
            section.score += score;
            best = best.max(score);
        }
        page.score += best;
    }
}

/// Drops the pages that lack a word, or if all do, those that lack more than half of the known ones.
fn keep_the_best(ranked: &mut Ranked, words: u32) {
    let some_has_all = ranked.pages.values().any(|page| page.words.count_ones() == words);
    let half = ranked.known.count_ones().div_ceil(2).max(1);
    let need = if some_has_all { words } else { half };
    ranked.pages.retain(|_, page| page.words.count_ones() >= need);
    ranked.relaxed = !some_has_all && !ranked.pages.is_empty();
}

/// What somebody typed that was looked up: a required word or phrase with its bit, or a joined word with the bits of
/// those that it is made of.
#[derive(Clone, Copy)]
enum Role {
    Word(u32),
    Whole(u32),
}

/// Adds what a word found to the pages.
fn add(ranked: &mut Ranked, found: &Found, role: Role, admitted: &BTreeSet<u32>) {
    let (Role::Word(bits) | Role::Whole(bits)) = role;
    let is_whole = matches!(role, Role::Whole(_));
    ranked.known |= if found.pages.is_empty() { 0 } else { bits };
    for term in &found.terms {
        *ranked.marks.entry(term.clone()).or_default() |= bits;
    }
    for (number, hit) in found.pages.iter().filter(|(page, _)| admitted.contains(page)) {
        let page = ranked.pages.entry(*number).or_default();
        page.words |= bits;
        page.score += hit.score;
        page.title.add(found, hit.title, role);
        let mut sections: BTreeMap<u32, f64> = BTreeMap::new();
        for (place, weight) in &hit.places {
            if place.what() == Place::ALERT {
                let alert = page.alerts.entry(place.ordinal()).or_default();
                alert.score += found.rarity * weight;
                alert.words |= bits;
                alert.named |= is_whole && found.exact && *weight >= 1.0;
                continue;
            }
            let section = page.sections.entry(place.ordinal()).or_default();
            let is_heading = place.what() == Place::HEADING;
            if is_heading {
                section.heading.add(found, *weight, role);
            }
            if place.what() == Place::CODE {
                section.code |= bits;
            } else {
                section.text |= bits;
            }
            let best = sections.entry(place.ordinal()).or_default();
            *best = best.max(if is_heading { weight * HEADING } else { *weight });
        }
        for (ordinal, weight) in sections {
            page.sections.entry(ordinal).or_default().score += found.rarity * weight;
        }
    }
}

impl Headline {
    /// A joined word has its words, but their weight is their own.
    fn add(&mut self, found: &Found, weight: f64, role: Role) {
        if weight > 0.0 {
            match role {
                Role::Word(bits) => {
                    self.words |= bits;
                    self.weight += found.rarity * weight;
                }
                Role::Whole(bits) => self.words |= bits,
            }
        }
    }
}

/// Scores every page that has a variant.
fn look_up(index: &Index, variants: &[Variant], word: &str) -> Found {
    let mut most = [0; 4];
    for variant in variants {
        for (most, pages) in most.iter_mut().zip(variant.entry.pages_by_field()) {
            *most = (*most).max(pages);
        }
    }
    let all = index.count();
    let weights =
        std::array::from_fn(|field| rarity(all, most[field]) * (WEIGHTS[field] * (K1 + 1.0)));
    let mut found = Found {
        rarity: rarity(all, most.into_iter().max().unwrap_or(0)),
        terms: variants.iter().map(|variant| variant.term.clone()).collect(),
        exact: variants.iter().any(|variant| variant.term == word),
        ..Found::default()
    };
    for variant in variants {
        let common = is_common(&variant.entry, all);
        found.common |= common;
        index.postings(&variant.entry, |posting| {
            let score = score(index, &weights, variant.weight, posting.page, posting.frequencies);
            let hit = found.pages.entry(posting.page).or_default();
            hit.score = hit.score.max(score);
            if posting.frequencies[0] > 0 {
                hit.title = hit.title.max(variant.weight);
            }
            for place in posting.places.iter().filter(|place| !common || place.is_telling()) {
                let weight = hit.places.entry(*place).or_default();
                *weight = weight.max(variant.weight);
            }
        });
    }
    found
}

/// One page's score for one term: BM25 over all fields.
fn score(index: &Index, weights: &[f64; 4], weight: f64, page: u32, frequencies: [u32; 4]) -> f64 {
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
fn rarity(all: u32, pages: u32) -> f64 {
    const STEPS: f64 = 65536.0;
    let (all, pages) = (f64::from(all), f64::from(pages));
    ((1.0 + (all - pages + 0.5) / (pages + 0.5)).ln() * STEPS).round() / STEPS
}

/// Whether a term stands in so many pages that its places in text say nothing, and are not published.
pub(super) fn is_common(entry: &Entry, pages: u32) -> bool {
    const FEWEST_PAGES: u32 = 64;
    let most = entry.pages_by_field().into_iter().max().unwrap_or(0);
    pages >= FEWEST_PAGES && most * 2 > pages
}
