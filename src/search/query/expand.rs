//! A word into the terms of the index that stand for it.

use std::collections::BTreeMap;

use super::score::{K1, TermMatch, TermMatches, Variant, WEIGHTS, look_up, rarity, score};
use crate::search::analyze::stem;
use crate::search::index::{Index, LISTS, TermList};
use crate::search::language::is_inflected;
use crate::search::page::TermPlace;
use crate::search::posting::{IndexedTerm, places};
use crate::search::words::SHORTEST_BEGINNING;

const SAME_STEM: f64 = 0.8;
const BEGINNING: f64 = 0.6;
const TYPING_ERRORS: [f64; 2] = [0.5, 0.4];
/// The fewest letters of what may begin a joined word where it is not the last one.
const SHORTEST_JOINED: usize = 5;
/// The most terms that a beginning stands for.
const MOST_BEGUN: usize = 32;

/// The variants of a required word; `open` if it may be the beginning of one, `forgiving` if typing errors are
/// worth looking for.
pub(super) fn word(index: &Index, word: &str, open: bool, forgiving: bool) -> Vec<Variant> {
    let mut variants = exact(index, word);
    add_same_stem(index, word, &mut variants);
    // Where nothing is found, what it begins is the beginning of a joined word: `hppoperator down`.
    let is_joined = variants.is_empty() && word.encode_utf16().count() >= SHORTEST_JOINED;
    if open || is_joined {
        add_begun(index, word, &mut variants);
    }
    if variants.is_empty() && forgiving {
        const SHORTEST: usize = 4;
        const LONG: usize = 8;
        if word.len() >= SHORTEST && is_spelled(word) {
            let most_errors = if word.len() >= LONG { 2 } else { 1 };
            add_typing_errors(index, word, most_errors, &mut variants);
        }
    }
    variants
}

/// The term that a word which no page has was most likely meant to be.
pub(super) fn typing_error(variants: &[Variant]) -> Option<&str> {
    variants.first().filter(|first| first.weight < BEGINNING).map(|first| first.term.as_str())
}

/// What a group of the vocabulary, or two words in one, say in the words' stead: pages that have all words of the
/// other member.
pub(super) fn other(index: &Index, member: &[String], weight: f64) -> TermMatches {
    let founds: Vec<TermMatches> = member
        .iter()
        .map(|member| {
            let mut variants = exact(index, member);
            add_same_stem(index, member, &mut variants);
            look_up(index, &variants, (member, false))
        })
        .collect();
    // Where a common word stands is not known.
    let all_common = founds.iter().all(|found| found.common);
    let several = founds.len() > 1;
    let mut founds = founds.into_iter();
    let mut found = founds.next().expect("a member has a word");
    let mut has_places = all_common || !found.common;
    for mut next in founds {
        found.rarity += next.rarity;
        found.terms.append(&mut next.terms);
        let next_has_places = all_common || !next.common;
        found.pages.retain(|page, hit| {
            let Some(other) = next.pages.remove(page) else { return false };
            hit.score += other.score;
            hit.best = hit.best.min(other.best);
            hit.title = hit.title.min(other.title);
            hit.extents.extend(other.extents);
            if !has_places {
                hit.places = other.places;
            } else if next_has_places {
                hit.places.retain(|place, _| other.places.contains_key(place));
                for (place, weight) in other.places {
                    hit.places.entry(place).and_modify(|known| *known = known.min(weight));
                }
            }
            true
        });
        has_places |= next_has_places;
    }
    found.common = all_common;
    // The little words of several, "up" and "to", show nothing.
    found.terms.retain(|term| !several || term.encode_utf16().count() > 3);
    for hit in found.pages.values_mut() {
        hit.score *= weight;
        hit.best *= weight;
        hit.title *= weight;
        hit.places.values_mut().for_each(|known| *known *= weight);
    }
    found
}

/// The variants of a joined word. A typing error is looked for among names alone: a name is long enough to be told
/// from others by all but a letter.
pub(super) fn whole(index: &Index, word: &str, open: bool, forgiving: bool) -> Vec<Variant> {
    const SHORTEST: usize = 8;
    const LONG: usize = 12;
    let mut variants = exact(index, word);
    if open {
        add_begun(index, word, &mut variants);
    }
    if variants.is_empty() && forgiving && word.len() >= SHORTEST && is_spelled(word) {
        let most_errors = if word.len() >= LONG { 2 } else { 1 };
        add_typing_errors(index, word, most_errors, &mut variants);
    }
    variants
}

fn exact(index: &Index, word: &str) -> Vec<Variant> {
    let entry = index.term(word);
    entry.map(|entry| Variant { term: word.to_owned(), entry, weight: 1.0 }).into_iter().collect()
}

fn add_same_stem(index: &Index, word: &str, variants: &mut Vec<Variant>) {
    add_english(index, word, variants);
    if !is_inflected(word) {
        return;
    }
    for language in &index.languages {
        let stem_of_word = language.stem(word);
        for beginning in language.beginnings(&stem_of_word) {
            for (term, entry) in beginning_with(index, &beginning) {
                let is_new = variants.iter().all(|variant| variant.term != term);
                if is_new && language.stem(&term) == stem_of_word {
                    variants.push(Variant { term, entry, weight: SAME_STEM });
                }
            }
        }
    }
}

/// Terms of the same stem all begin with the stem but for its last letter.
fn add_english(index: &Index, word: &str, variants: &mut Vec<Variant>) {
    const SHORTEST: usize = 3;
    let stem_of_word = stem(word);
    let is_inflected = word.len() >= 4 && is_plain(word);
    if !is_inflected || stem_of_word.len() < SHORTEST {
        return;
    }
    let beginning = &stem_of_word[..(stem_of_word.len() - 1).max(SHORTEST)];
    for (term, entry) in beginning_with(index, beginning) {
        if term != word && stem(&term) == stem_of_word {
            variants.push(Variant { term, entry, weight: SAME_STEM });
        }
    }
}

fn add_begun(index: &Index, word: &str, variants: &mut Vec<Variant>) {
    if word.chars().count() < SHORTEST_BEGINNING {
        return;
    }
    let mut begun = beginning_with(index, word);
    // Equals stay in the order of the terms, which the browser's side has as well.
    begun.sort_by_key(|(_, entry)| std::cmp::Reverse(most_pages(entry)));
    begun.truncate(MOST_BEGUN);
    for (term, entry) in begun {
        if variants.iter().all(|variant| variant.term != term) {
            variants.push(Variant { term, entry, weight: BEGINNING });
        }
    }
}

/// The terms that begin so, in the order of their bytes.
fn beginning_with(index: &Index, beginning: &str) -> TermList {
    list(index, beginning, |_, _| true)
}

fn most_pages(entry: &IndexedTerm) -> u32 {
    entry.pages_by_field().into_iter().max().unwrap_or(0)
}

/// Spellings one letter away, or two from eight letters on: among the terms with the same first letter, or else among
/// those of titles and names.
fn add_typing_errors(index: &Index, word: &str, most_errors: usize, variants: &mut Vec<Variant>) {
    let letter = usize::from(word.as_bytes()[0] - b'a');
    let same_letter = index.list(letter, |index| list(index, &word[..1], is_spelling));
    let mut near = nearest(&same_letter, word, most_errors);
    if near.is_empty() {
        let names = index.list(LISTS - 1, |index| list(index, "", is_name));
        near = nearest(&names, word, most_errors);
    }
    add_nearest(near, variants);
}

/// The terms that begin so and may be meant.
fn list(
    index: &Index,
    beginning: &str,
    may_be_meant: impl Fn(&str, &IndexedTerm) -> bool,
) -> TermList {
    let mut terms = TermList::new();
    index.terms(beginning, |term, entry| {
        let begins = term.starts_with(beginning);
        if begins && may_be_meant(term, entry) {
            terms.push((term.to_owned(), entry.clone()));
        }
        begins
    });
    terms
}

/// Whether a word is letters `a` to `z` alone.
fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn add_nearest(mut near: Vec<(usize, String, IndexedTerm)>, variants: &mut Vec<Variant>) {
    const MOST: usize = 8;
    near.sort_by_key(|(_, _, entry)| std::cmp::Reverse(most_pages(entry)));
    near.truncate(MOST);
    let found = near.into_iter();
    variants.extend(found.map(|(errors, term, entry)| Variant {
        term,
        entry,
        weight: TYPING_ERRORS[errors - 1],
    }));
}

/// The terms with the fewest errors, the first of them in the order of the list.
fn nearest(
    terms: &[(String, IndexedTerm)],
    word: &str,
    most_errors: usize,
) -> Vec<(usize, String, IndexedTerm)> {
    const MOST: usize = 16;
    let mut near: Vec<(usize, String, IndexedTerm)> = Vec::new();
    let mut fewest = most_errors;
    for (term, entry) in terms {
        if term.len().abs_diff(word.len()) > fewest {
            continue;
        }
        let errors = errors(word.as_bytes(), term.as_bytes(), fewest);
        // Only a damaged index holds the very word that was looked up in vain.
        if (1..fewest).contains(&errors) {
            near.clear();
            fewest = errors;
        }
        if errors > 0 && errors == fewest && near.len() < MOST {
            near.push((errors, term.clone(), entry.clone()));
        }
    }
    near
}

/// Whether a term may have typing errors: letters `a` to `z`, four at least and one of them first, and few digits.
fn is_spelled(term: &str) -> bool {
    const MOST_DIGITS: usize = 3;
    let digits = term.bytes().filter(u8::is_ascii_digit).count();
    let is_hexadecimal = digits > 0 && term.bytes().all(|byte| byte.is_ascii_hexdigit());
    term.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && term.starts_with(|first: char| first.is_ascii_lowercase())
        && term.len() >= digits + 4
        && digits <= MOST_DIGITS
        && !is_hexadecimal
}

/// Whether a term is published among the spellings: letters, perhaps with a few digits, and not a chance find. What is
/// long is rarely one: it is joined of several.
pub(in crate::search) fn is_spelling(term: &str, entry: &IndexedTerm) -> bool {
    const JOINED: usize = 14;
    let [title, names, heading, _] = entry.pages_by_field();
    term.len() <= 64
        && is_spelled(term)
        && (title > 0 || names > 0 || heading > 0 || most_pages(entry) >= 2 || term.len() >= JOINED)
}

/// Whether a term is published among the spellings of titles and names.
pub(in crate::search) fn is_name(term: &str, entry: &IndexedTerm) -> bool {
    let [title, names, ..] = entry.pages_by_field();
    is_spelling(term, entry) && (title > 0 || names > 0)
}

/// How many letters are missing, added, wrong or swapped with a neighbour; more than `most` is not counted on.
fn errors(word: &[u8], term: &[u8], most: usize) -> usize {
    if word.len().abs_diff(term.len()) > most {
        return most + 1;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=term.len()).collect();
    for (row, letter) in word.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, other) in term.iter().enumerate() {
            let changed = last[column] + usize::from(letter != other);
            let mut fewest = changed.min(last[column + 1] + 1).min(now[column] + 1);
            let swapped =
                row > 0 && column > 0 && *letter == term[column - 1] && word[row - 1] == *other;
            if swapped {
                fewest = fewest.min(before_last[column - 1] + 1);
            }
            now.push(fewest);
        }
        if now.iter().min().is_some_and(|errors| *errors > most) {
            return most + 1;
        }
        before_last = std::mem::replace(&mut last, now);
    }
    last[term.len()]
}

/// Pages that have all words of a phrase one after the other in some field.
pub(super) fn phrase(index: &Index, phrase: &[String]) -> TermMatches {
    let variants: Vec<Variant> = phrase.iter().flat_map(|word| exact(index, word)).collect();
    let mut found = TermMatches { terms: phrase.to_vec(), exact: true, ..TermMatches::default() };
    if variants.len() < phrase.len() {
        return found;
    }
    let all = index.count();
    let mut weights = [0.0; 4];
    for variant in &variants {
        for (weight, pages) in weights.iter_mut().zip(variant.entry.pages_by_field()) {
            *weight += rarity(all, pages);
        }
        found.rarity += rarity(all, most_pages(&variant.entry));
    }
    for (weight, of_field) in weights.iter_mut().zip(WEIGHTS) {
        *weight *= of_field * (K1 + 1.0);
    }
    let (first, others) = variants.split_first().expect("a phrase has a word");
    let (mut run, mut extents) = starts(index, first);
    for (distance, variant) in others.iter().enumerate() {
        keep_followed(index, variant, distance as u32 + 1, &mut run);
    }
    for (page, positions) in run {
        let frequencies = positions.each_ref().map(|positions| positions.len() as u32);
        if frequencies.iter().any(|frequency| *frequency > 0) {
            let places = places(&positions).into_iter().map(|place| (place, 1.0)).collect();
            let score = score(index, &weights, 1.0, page, frequencies);
            let title = if frequencies[0] > 0 { 1.0 } else { 0.0 };
            let extents = extents.remove(&page).unwrap_or_default();
            found.pages.insert(page, TermMatch { score, best: 1.0, title, places, extents });
        }
    }
    found
}

/// By page, where in each field a phrase may begin.
type PhraseRun = BTreeMap<u32, [Vec<u32>; 4]>;

/// Where a word stands, and the extents of the headings among these places.
fn starts(
    index: &Index,
    variant: &Variant,
) -> (PhraseRun, BTreeMap<u32, BTreeMap<TermPlace, u32>>) {
    let (mut run, mut extents) = (PhraseRun::new(), BTreeMap::new());
    index.positions(&variant.entry, |posting| {
        run.insert(posting.page, posting.positions.clone());
        extents.insert(posting.page, posting.extents.iter().copied().collect());
    });
    (run, extents)
}

/// Keeps the positions that the next word follows.
fn keep_followed(index: &Index, variant: &Variant, distance: u32, run: &mut PhraseRun) {
    let mut kept = PhraseRun::new();
    index.positions(&variant.entry, |posting| {
        let Some(mut positions) = run.remove(&posting.page) else { return };
        for (before, here) in positions.iter_mut().zip(&posting.positions) {
            before.retain(|position| here.binary_search(&(position + distance)).is_ok());
        }
        kept.insert(posting.page, positions);
    });
    *run = kept;
}

#[cfg(test)]
mod tests {
    use super::errors;

    fn check(word: &str, term: &str, expected: usize) {
        assert_eq!(errors(word.as_bytes(), term.as_bytes(), 2), expected, "{word} {term}");
    }

    #[test]
    fn errors_are_missing_added_wrong_and_swapped_letters() {
        check("trottling", "throttling", 1);
        check("throtttling", "throttling", 1);
        check("thrattling", "throttling", 1);
        check("htrottling", "throttling", 1);
        check("trotling", "throttling", 2);
        check("hte", "the", 1);
        check("kitchen", "sink", 3);
    }
}
