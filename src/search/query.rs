//! Words into ranked hits, from the tantivy segment: the command line's side.
//!
//! Ranking is BM25 as tantivy computes it, summed over weighted fields, in `f64` and in a fixed order of operations,
//! so that `theme/static/search.js`, which reads the published shards instead, comes to the same order. Change both
//! or neither.
//!
//! 1. Every word stands for its variants: itself (1), words of the same stem (0.8), words that it begins (0.6, only
//!    the last word), and if there are none of these, words that differ by a typing error or two (0.5, 0.4). A page's
//!    score for a word is that of the best variant, with the document frequency of the most frequent one.
//! 2. Words that say little cost little: a page is a result when the words that it has come to three tenths of the
//!    rarity of all known ones, and its score counts by the square of their share. Phrases are required. A joined word
//!    stands for the words that it is made of, and adds to the score and, as it is written, to the share. Where a page
//!    lacks a word, another that means the same stands for it (0.6), or the word joined with its neighbor (0.8).
//! 3. A title or heading adds to the score the more of the query it has, and the less beside.
//! 4. The best hundred are ranked anew by their best section: by the share of the words that stand in one place, where
//!    a title lends its words at half, and by how much they weigh there, headings three times.
//!    The longer a page is than others, the less that says: it has any words together.
//! 5. A page's section is the best in that sense; a title with nearly all words means the page as a whole. An alert
//!    whose name has nearly all words is a hit of its own, before the pages, but never takes more than half of the
//!    places that pages could fill.
//! 6. Deprecated pages come last, but for those whose title was mostly typed, which count half.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::analyze::chunks;
use super::excerpt;
use super::index::Index;
use super::page::TermPlace;
use super::words::QueryWords;

use lookup::Sought;
use ranked::{Extent, Ranked, RankedPage, TermRole, rounded};
use score::TermMatches;

mod expand;
mod filter;
mod hits;
mod lookup;
mod ranked;
mod score;

pub(super) use expand::{is_name, is_spelling};
pub(super) use hits::alert_hit;
pub use hits::{Hit, HitPassage, SearchAnswer};
pub(super) use lookup::Lookups;
pub use ranked::HitKind;

/// How much more a word in a heading says about which section is meant.
const HEADING: f64 = 3.0;

/// How much of the query's rarity a page must have to be a result at all.
const LEAST_SHARE: f64 = 0.3;
/// How many times its rarity a joined word adds to the share, beside its parts.
const WHOLE: f64 = 3.0;
/// How many pages are ranked anew by their sections.
const MOST_RANKED_ANEW: usize = 100;
/// How much of a page's score stays if no section has anything of the query.
const SCATTERED: f64 = 0.2;
/// How much the best section adds to its page.
const SECTION: f64 = 2.0;
/// How much a title adds, as the heading of the page, to what a section's heading would.
const TITLE: f64 = 1.5;
/// How many times as long as the average a page is whose words are together by chance.
const LONG: f64 = 1.5;
/// How much of its words a title lends to each section.
const LENT: f64 = 0.8;

/// Answers a query as of `today`, with at most `limit` hits.
pub fn query(index: &Index, typed: &str, today: Date, limit: usize) -> SearchAnswer {
    query_with(index, &Lookups::default(), typed, today, limit)
}

/// The same for one of many queries, with what they have in common.
pub(super) fn query_with(
    index: &Index,
    lookups: &Lookups,
    typed: &str,
    today: Date,
    limit: usize,
) -> SearchAnswer {
    let words = super::words::words(typed);
    let kind = filter::kind(&words.filters);
    let admitted = filter::admitted(index, &words.filters, today);
    let ranked = rank(index, lookups, &words, &admitted);
    let answer = hits::hits(index, &ranked, kind, hits::Asked { today, limit });
    SearchAnswer { meant: meant(typed, &ranked.meant), ..answer }
}

/// What was typed with other words in place of some.
fn meant(typed: &str, instead: &BTreeMap<String, String>) -> Option<String> {
    let mut meant = String::new();
    let mut at = 0;
    chunks(typed, |chunk| {
        for part in &chunk.parts {
            if let Some(term) = instead.get(chunk.part(part)) {
                meant.push_str(&typed[at..part.source.start]);
                meant.push_str(term);
                at = part.source.end;
            }
        }
    });
    meant.push_str(&typed[at..]);
    (at > 0).then_some(meant)
}

fn rank(index: &Index, lookups: &Lookups, words: &QueryWords, admitted: &BTreeSet<u32>) -> Ranked {
    let found = |sought: &Sought| lookups.found(index, sought);
    let mut required: Vec<Arc<TermMatches>> =
        lookup::required(words).map(|sought| found(&sought)).collect();
    let instead = words.required.iter().zip(&required);
    let instead = instead.filter_map(|(word, found)| Some((word.clone(), found.meant.clone()?)));
    let meant = instead.collect();
    let phrases = words.phrases.iter().map(|phrase| Arc::new(expand::phrase(index, phrase)));
    required.extend(phrases);
    let mut ranked = Ranked {
        rarities: vec![0.0; required.len()],
        weights: vec![0.0; required.len()],
        meant,
        ..Ranked::default()
    };
    for (number, found) in required.iter().enumerate() {
        ranked.common |= if found.common { 1 << number } else { 0 };
    }
    // A word alone that is found needs no others.
    let is_alone = required.len() == 1 && !required[0].pages.is_empty();
    let others = (!is_alone).then(|| lookup::others_of(words, index)).into_iter().flatten();
    let asked = Extent { words: required.len() as u32, terms: words.extent };
    ranked.asked = asked;
    let phrases = (1_u32 << required.len()) - (1 << words.required.len());
    let required = required.into_iter().enumerate();
    let required = required.map(|(number, found)| (found, TermRole::Word(1 << number)));
    let wholes =
        lookup::wholes(words).map(|(sought, bits)| (found(&sought), TermRole::Whole(bits)));
    let others = others.map(|(sought, bits)| (found(&sought), TermRole::Other(bits)));
    let found: Vec<(Arc<TermMatches>, TermRole)> = required.chain(wholes).chain(others).collect();
    if asked.words == 0 {
        ranked.pages = admitted.iter().map(|page| (*page, RankedPage::default())).collect();
        return ranked;
    }
    for (found, role) in &found {
        note(&mut ranked, found, *role);
    }
    let little = little_words(words, &index.little) & ranked.known;
    excerpt::without(&mut ranked.marks, little, ranked.known);
    let enough = with_enough(index, &ranked, &found, admitted, phrases);
    for (found, role) in &found {
        add(&mut ranked, found, *role, &enough);
    }
    score_by_share(&mut ranked, asked.words);
    add_headlines(index, &mut ranked);
    rank_anew(index, &mut ranked);
    ranked
}

/// Which words of a question only join the others; the last one may be the beginning of another word.
fn little_words(words: &QueryWords, known: &BTreeSet<String>) -> u32 {
    let whole = words.required.len() - usize::from(words.open).min(words.required.len());
    let little = words.required.iter().take(whole).enumerate();
    little.filter(|(_, word)| known.contains(*word)).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// Adds to pages and sections what their title and headings say.
fn add_headlines(index: &Index, ranked: &mut Ranked) {
    let asked = ranked.asked;
    for (number, page) in &mut ranked.pages {
        let mut best = page.title.score(asked, index.length(0, *number));
        for section in page.sections.values_mut() {
            let score = section.heading.score(asked, section.extent);
            section.score += score;
            best = best.max(score);
        }
        page.score += best;
    }
}

/// By their numbers, which pages say enough of what was asked, and have all phrases.
fn with_enough(
    index: &Index,
    ranked: &Ranked,
    found: &[(Arc<TermMatches>, TermRole)],
    admitted: &BTreeSet<u32>,
    phrases: u32,
) -> Vec<bool> {
    let mut words = vec![0_u32; index.count() as usize];
    for (found, role) in found {
        found.pages.keys().for_each(|page| words[*page as usize] |= role.bits());
    }
    let least = ranked.mass(u32::MAX) * LEAST_SHARE;
    let is_enough =
        |words: u32| words != 0 && words & phrases == phrases && ranked.mass(words) >= least;
    let mut enough = vec![false; words.len()];
    for page in admitted {
        enough[*page as usize] = is_enough(words[*page as usize]);
    }
    enough
}

/// Scores the pages by their share of what was asked.
fn score_by_share(ranked: &mut Ranked, words: u32) {
    let some_has_all = ranked.pages.values().any(|page| page.words.count_ones() == words);
    let mut pages = std::mem::take(&mut ranked.pages);
    let known = ranked.weights.iter().zip(&ranked.rarities);
    let most = known.fold(0.0, |sum, (weight, rarity)| sum + weight * rarity) + ranked.wholes;
    for page in pages.values_mut().filter(|_| most > 0.0) {
        let share = page.share.mass(&ranked.rarities) / most;
        page.score *= share * share;
    }
    ranked.relaxed = !some_has_all && !pages.is_empty();
    ranked.pages = pages;
}

/// Ranks the best pages by what stands together in one section; the others come behind.
fn rank_anew(index: &Index, ranked: &mut Ranked) {
    let mut best: Vec<(std::cmp::Reverse<i64>, u32)> = ranked
        .pages
        .iter()
        .map(|(number, page)| (std::cmp::Reverse(rounded(page.score)), *number))
        .collect();
    best.sort_unstable();
    for (_, number) in best.iter().skip(MOST_RANKED_ANEW) {
        ranked.pages.entry(*number).and_modify(|page| page.score *= SCATTERED);
    }
    let telling: Vec<f64> = ranked
        .rarities
        .iter()
        .enumerate()
        .map(|(number, rarity)| if ranked.common >> number & 1 == 1 { 0.0 } else { *rarity })
        .collect();
    let most_of_section = telling.iter().fold(0.0, |sum, rarity| sum + rarity) + ranked.wholes;
    for number in best.iter().take(MOST_RANKED_ANEW).map(|(_, number)| *number) {
        let mut page = ranked.pages.remove(&number).expect("it was just listed");
        let share = |mass: f64| {
            if most_of_section > 0.0 { (mass / most_of_section).min(1.0) } else { 1.0 }
        };
        let title = page.title.words & !ranked.common;
        let chance = least_chance(index, number);
        let mut fullest = share(ranked.mass(title));
        let score = page.title.score(ranked.asked, index.length(0, number));
        let as_heading = HEADING * page.title.weight + score;
        let mut most = fourth(fullest) * as_heading * TITLE;
        for section in page.sections.values_mut() {
            let lent = ranked.mass(title & !(section.text | section.code));
            let share = share(section.share.mass(&telling) + lent * LENT);
            section.score *= fourth(share) * chance;
            most = most.max(section.score);
            fullest = fullest.max(share * chance);
        }
        page.score = page.score * (SCATTERED + (1.0 - SCATTERED) * fullest) + SECTION * most;
        ranked.pages.insert(number, page);
    }
}

/// What has nearly all of a query weighs far more than what has some of it.
fn fourth(share: f64) -> f64 {
    (share * share) * (share * share)
}

/// How little a page has words together by chance: a page that is many times as long as others has any of them.
fn least_chance(index: &Index, page: u32) -> f64 {
    const BODY: usize = 3;
    let length = f64::from(index.length(BODY, page).max(1));
    (LONG * index.average(BODY) / length).sqrt().min(1.0)
}

/// How much a joined word adds to the share, as it is written.
fn mass(found: &TermMatches, role: TermRole) -> f64 {
    let is_whole = matches!(role, TermRole::Whole(_));
    if is_whole && found.exact { found.rarity * WHOLE } else { 0.0 }
}

/// Notes what a word found, whatever the page.
fn note(ranked: &mut Ranked, found: &TermMatches, role: TermRole) {
    if found.pages.is_empty() {
        return;
    }
    ranked.known |= role.bits();
    for term in &found.terms {
        *ranked.marks.entry(term.clone()).or_default() |= role.bits();
    }
    ranked.add_known(found, role);
    ranked.wholes += mass(found, role);
}

/// Adds what a word found to those pages that have enough.
fn add(ranked: &mut Ranked, found: &TermMatches, role: TermRole, enough: &[bool]) {
    let (bits, mass) = (role.bits(), mass(found, role));
    // A joined word counts only as it is written.
    let worth = |weight: f64| if weight < 1.0 { 0.0 } else { mass };
    for (number, hit) in found.pages.iter().filter(|(page, _)| enough[**page as usize]) {
        let page = ranked.pages.entry(*number).or_default();
        if !role.is_said_by(page.words) {
            page.score += hit.score;
        }
        page.words |= bits;
        page.share.add(role, hit.best);
        page.share.wholes += worth(hit.best);
        page.title.add(found, hit.title, role);
        let mut sections: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for (place, weight) in &hit.places {
            if place.what() == TermPlace::ALERT {
                let alert = page.alerts.entry(place.ordinal()).or_default();
                if !role.is_said_by(alert.words) {
                    alert.score += found.rarity * weight;
                }
                alert.words |= bits;
                alert.named |= mass > 0.0 && *weight >= 1.0;
                continue;
            }
            let section = page.sections.entry(place.ordinal()).or_default();
            let is_heading = place.what() == TermPlace::HEADING;
            if is_heading {
                section.extent = hit.extents.get(place).copied().unwrap_or_default();
                section.heading.add(found, *weight, role);
            }
            let (best, heaviest) = sections.entry(place.ordinal()).or_default();
            *best = best.max(*weight);
            *heaviest = heaviest.max(if is_heading { weight * HEADING } else { *weight });
        }
        for (ordinal, (best, heaviest)) in sections {
            let section = page.sections.entry(ordinal).or_default();
            if !role.is_said_by(section.text | section.code) {
                section.score += found.rarity * heaviest;
            }
            section.share.add(role, best);
            section.share.wholes += worth(best);
        }
        for place in hit.places.keys().filter(|place| place.what() != TermPlace::ALERT) {
            let section = page.sections.entry(place.ordinal()).or_default();
            if place.what() == TermPlace::CODE {
                section.code |= bits;
            } else {
                section.text |= bits;
            }
        }
    }
}
