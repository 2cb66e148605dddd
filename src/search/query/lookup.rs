//! What the parts of a query find. Of many queries that are asked together, what several have in common is looked up once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::memo::parallel;
use crate::search::index::Index;
use crate::search::words::{QueryLength, QueryWords, others, words};

use super::expand;
use super::score::{TermMatches, look_up};

/// A part of a query, with all that its answer depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Sought {
    /// A required word: `open` if it may be the beginning of one, `forgiving` if typing errors are worth looking for.
    Word { word: String, open: bool, forgiving: bool },
    /// A joined word.
    Whole { word: String, open: bool, forgiving: bool },
    /// What stands for words that a page lacks, and the bits of the number that says how well.
    Other { member: Vec<String>, weight: u64 },
}

impl Sought {
    fn found(&self, index: &Index) -> TermMatches {
        match self {
            Sought::Word { word, open, forgiving } => {
                let variants = expand::word(index, word, *open, *forgiving);
                let meant = expand::typing_error(&variants).map(str::to_owned);
                TermMatches { meant, ..look_up(index, &variants, (word, *open)) }
            }
            Sought::Whole { word, open, forgiving } => {
                look_up(index, &expand::whole(index, word, *open, *forgiving), (word, *open))
            }
            Sought::Other { member, weight } => {
                expand::other(index, member, f64::from_bits(*weight))
            }
        }
    }
}

/// The required words of a query, in order.
pub(super) fn required(words: &QueryWords) -> impl Iterator<Item = Sought> {
    let forgiving = words.length == QueryLength::Short;
    let last = words.required.len().wrapping_sub(1);
    words.required.iter().enumerate().map(move |(number, word)| Sought::Word {
        word: word.clone(),
        open: words.open && number == last,
        forgiving,
    })
}

/// The joined words of a query, each with the bits of the words that it is made of.
pub(super) fn wholes(words: &QueryWords) -> impl Iterator<Item = (Sought, u32)> {
    let forgiving = words.length == QueryLength::Short;
    let last = words.wholes.len().wrapping_sub(1);
    words.wholes.iter().enumerate().map(move |(number, (whole, bits))| {
        let open = words.open_whole && number == last;
        (Sought::Whole { word: whole.clone(), open, forgiving }, *bits)
    })
}

/// What means the same as words of a query, each with the bits of those that it stands for.
pub(super) fn others_of(words: &QueryWords, index: &Index) -> impl Iterator<Item = (Sought, u32)> {
    others(words, &index.vocabulary).into_iter().map(|other| {
        (Sought::Other { member: other.member, weight: other.weight.to_bits() }, other.bits)
    })
}

/// What several of many queries look for, with what it finds.
#[derive(Default)]
pub(in crate::search) struct Lookups(HashMap<Sought, Arc<TermMatches>>);

impl Lookups {
    /// Looks up what some queries have in common.
    pub(in crate::search) fn of(index: &Index, typed: &[&str]) -> Lookups {
        let sought = parallel(typed, |typed| {
            let words = words(typed);
            let with_bits = wholes(&words).chain(others_of(&words, index));
            required(&words).chain(with_bits.map(|(sought, _)| sought)).collect::<Vec<Sought>>()
        });
        let mut times: HashMap<Sought, usize> = HashMap::new();
        let mut common = Vec::new();
        for sought in sought.into_iter().flatten() {
            let times = times.entry(sought.clone()).or_default();
            *times += 1;
            if *times == 2 {
                common.push(sought);
            }
        }
        let found = parallel(&common, |sought| Arc::new(sought.found(index)));
        Lookups(common.into_iter().zip(found).collect())
    }

    pub(super) fn found(&self, index: &Index, sought: &Sought) -> Arc<TermMatches> {
        self.0.get(sought).map_or_else(|| Arc::new(sought.found(index)), Arc::clone)
    }
}
