//! What a page has of a query.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::search::excerpt::Marks;

use super::score::TermMatches;

/// A page with all that a query found in it.
#[derive(Default)]
pub(super) struct RankedPage {
    pub(super) words: u32,
    pub(super) share: Share,
    pub(super) title: Headline,
    pub(super) score: f64,
    pub(super) sections: BTreeMap<u32, RankedSection>,
    pub(super) alerts: BTreeMap<u32, RankedAlert>,
}

/// How well each word is there, and how much joined words add.
#[derive(Default)]
pub(super) struct Share {
    pub(super) weights: Vec<f64>,
    pub(super) wholes: f64,
}

impl Share {
    pub(super) fn add(&mut self, role: TermRole, weight: f64) {
        let mut bits = role.bits();
        while bits != 0 {
            let number = bits.trailing_zeros() as usize;
            if self.weights.len() <= number {
                self.weights.resize(number + 1, 0.0);
            }
            self.weights[number] = self.weights[number].max(weight);
            bits &= bits - 1;
        }
    }

    pub(super) fn mass(&self, rarities: &[f64]) -> f64 {
        let words = self.weights.iter().zip(rarities);
        words.fold(0.0, |sum, (weight, rarity)| sum + weight * rarity) + self.wholes
    }
}

/// What a query found in a title or heading.
#[derive(Default)]
pub(super) struct Headline {
    pub(super) words: u32,
    pub(super) weight: f64,
}

impl Headline {
    /// What it adds to the score: more, the more of the words it has, and the less beside.
    pub(super) fn score(&self, asked: Extent, extent: u32) -> f64 {
        let share = f64::from(self.words.count_ones()) / f64::from(asked.words);
        HEADLINE * self.weight * share * self.covered(asked, extent)
    }

    /// How much of it was typed.
    pub(super) fn covered(&self, asked: Extent, extent: u32) -> f64 {
        let share = f64::from(self.words.count_ones()) / f64::from(asked.words.max(1));
        (share * f64::from(asked.terms) / f64::from(extent.max(1))).min(1.0)
    }
}

/// How many words a query has, and how many terms a text that says just this.
#[derive(Clone, Copy, Default)]
pub(super) struct Extent {
    pub(super) words: u32,
    pub(super) terms: u32,
}

#[derive(Default)]
pub(super) struct RankedSection {
    pub(super) score: f64,
    pub(super) share: Share,
    pub(super) heading: Headline,
    /// How many terms its heading has, if the query has something of it.
    pub(super) extent: u32,
    /// Which words stand in its heading or prose, and which in its code.
    pub(super) text: u32,
    pub(super) code: u32,
}

#[derive(Default)]
pub(super) struct RankedAlert {
    pub(super) score: f64,
    pub(super) words: u32,
    /// Whether a joined word of the query is in its name.
    pub(super) named: bool,
}

/// What `hits` chooses from.
#[derive(Default)]
pub(super) struct Ranked {
    pub(super) asked: Extent,
    pub(super) pages: BTreeMap<u32, RankedPage>,
    /// The words that some page has.
    pub(super) known: u32,
    /// The words that are too common to have a place.
    pub(super) common: u32,
    /// How much each required word or phrase says; nothing if no page has it.
    pub(super) rarities: Vec<f64>,
    /// The best weight of each word in any page.
    pub(super) weights: Vec<f64>,
    /// How much joined words add to a page that has them all.
    pub(super) wholes: f64,
    pub(super) relaxed: bool,
    /// Words that no page has, each with the nearest that some page has.
    pub(super) meant: BTreeMap<String, String>,
    pub(super) marks: Marks,
}

impl Ranked {
    /// How much some words say.
    pub(super) fn mass(&self, words: u32) -> f64 {
        let with = |number: usize| words >> number & 1 == 1;
        self.rarities
            .iter()
            .enumerate()
            .filter(|(number, _)| with(*number))
            .fold(0.0, |sum, (_, rarity)| sum + rarity)
    }

    /// Whether words, with those that are too common to tell, are nearly all that was asked.
    pub(super) fn is_meant(&self, words: u32) -> bool {
        words != 0 && self.mass(words | self.common) >= self.mass(u32::MAX) * NEARLY_ALL
    }
}

/// Scores are compared in hundred-thousandths.
pub(super) fn rounded(score: f64) -> i64 {
    (score * 1e5).round() as i64
}

impl Ranked {
    /// Remembers how well the words are in the pages at best; one that no page has says what stands for it says.
    pub(super) fn add_known(&mut self, found: &TermMatches, role: TermRole) {
        let best = found.pages.values().fold(0.0_f64, |best, hit| best.max(hit.best));
        let bits = role.bits();
        for number in (0..self.rarities.len()).filter(|number| bits >> number & 1 == 1) {
            self.weights[number] = self.weights[number].max(best);
            if self.rarities[number] == 0.0 {
                self.rarities[number] = found.rarity / f64::from(bits.count_ones());
            }
        }
    }
}

impl Headline {
    /// A joined word has its words, but their weight is their own.
    pub(super) fn add(&mut self, found: &TermMatches, weight: f64, role: TermRole) {
        if weight > 0.0 {
            if !matches!(role, TermRole::Whole(_)) && !role.is_said_by(self.words) {
                self.weight += found.rarity * weight;
            }
            self.words |= role.bits();
        }
    }
}

/// How much a title or heading adds that is just what was typed.
pub(super) const HEADLINE: f64 = 8.0;

/// How much of it a title or an alert's name must have to be meant as a whole.
pub(super) const NEARLY_ALL: f64 = 0.8;

/// What somebody typed that was looked up: a required word or phrase with its bit, a joined word with the bits of
/// those that it is made of, or what stands for the words with these bits where they are missing.
#[derive(Clone, Copy)]
pub(super) enum TermRole {
    Word(u32),
    Whole(u32),
    Other(u32),
}

impl TermRole {
    pub(super) fn bits(self) -> u32 {
        let (TermRole::Word(bits) | TermRole::Whole(bits) | TermRole::Other(bits)) = self;
        bits
    }

    /// Whether it says nothing where these words are.
    pub(super) fn is_said_by(self, words: u32) -> bool {
        matches!(self, TermRole::Other(bits) if words & bits == bits)
    }
}

/// What a hit leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HitKind {
    /// An alert's runbook section.
    Alert,
    /// A section of a page.
    Section,
    /// A command or other code in a section.
    Command,
}
