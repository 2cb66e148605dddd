//! The only caching and the only parallelism: remember the last input, compare, reuse.
//!
//! What is made of an input is made by a plain function, which cannot capture: the input is the whole input.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

/// Remembers for each key the last input and what was made of it.
#[derive(Debug)]
pub struct Memo<K, I, O> {
    /// In the order of the last items.
    entries: Vec<Entry<K, I, O>>,
    forgets: bool,
}

#[derive(Debug)]
struct Entry<K, I, O> {
    key: K,
    input: I,
    output: Arc<O>,
}

impl<K, I, O> Default for Memo<K, I, O> {
    fn default() -> Memo<K, I, O> {
        Memo { entries: Vec::new(), forgets: false }
    }
}

impl<K, I, O> Memo<K, I, O>
where
    K: Eq + Hash + Clone + Send + Sync,
    I: Eq + Send + Sync,
    O: Send + Sync,
{
    /// For a program that makes everything once: nothing is remembered, so that no input outlives its output.
    pub fn forgetful() -> Memo<K, I, O> {
        Memo { entries: Vec::new(), forgets: true }
    }

    /// What `make` makes of each item's input, in order; inputs equal to the last of their key are not made again.
    ///
    /// `input` gathers a key and all that its output depends on. Keys that do not occur this time are forgotten.
    pub fn map<T: Sync>(
        &mut self,
        items: &[T],
        input: impl Fn(&T) -> (K, I) + Sync,
        make: fn(&I) -> O,
    ) -> Vec<Arc<O>> {
        self.map_then(items, |_, _| false, input, make, |_, output| output)
    }

    /// The same, each output handed on at once: a memo that forgets does not keep it even until the last is made.
    ///
    /// Where `stands` knows that the item at a place has the input that the item there had last time, the input is
    /// not even gathered. Debug builds gather it all the same and compare.
    pub fn map_then<T: Sync, R: Send>(
        &mut self,
        items: &[T],
        stands: impl Fn(usize, &T) -> bool + Sync,
        input: impl Fn(&T) -> (K, I) + Sync,
        make: fn(&I) -> O,
        then: impl Fn(&T, Arc<O>) -> R + Sync,
    ) -> Vec<R> {
        let (last, forgets) = (&self.entries, self.forgets);
        let places = OnceLock::new();
        let pairs = items.par_iter().enumerate().with_max_len(32).map(|(place, item)| {
            let there = last.get(place);
            if let Some(entry) = there.filter(|_| stands(place, item)) {
                debug_assert!(is_input_of(&input(item), entry), "the input is not the last one");
                return (None, then(item, Arc::clone(&entry.output)));
            }
            let (key, input) = input(item);
            if let Some(entry) = there.filter(|entry| entry.key == key && entry.input == input) {
                return (None, then(item, Arc::clone(&entry.output)));
            }
            let elsewhere = || places.get_or_init(|| by_key(last)).get(&key).map(|at| &last[*at]);
            let before = there.filter(|entry| entry.key == key).or_else(elsewhere);
            let output = match before.filter(|entry| entry.input == input) {
                Some(entry) => Arc::clone(&entry.output),
                None => Arc::new(make(&input)),
            };
            let kept = Arc::clone(&output);
            let entry = (!forgets).then(|| Box::new(Entry { key, input, output: kept }));
            (entry, then(item, output))
        });
        let (changed, results): (Vec<_>, Vec<R>) = pairs.unzip();
        self.entries.truncate(items.len());
        for (place, entry) in changed.into_iter().enumerate() {
            match (entry, self.entries.get_mut(place)) {
                (Some(entry), Some(held)) => *held = *entry,
                (Some(entry), None) => self.entries.push(*entry),
                (None, _) => {}
            }
        }
        results
    }
}

/// Whether a key and an input are those of an entry.
fn is_input_of<K: Eq, I: Eq, O>((key, input): &(K, I), entry: &Entry<K, I, O>) -> bool {
    *key == entry.key && *input == entry.input
}

/// Where each key stood last time.
fn by_key<K: Eq + Hash, I, O>(entries: &[Entry<K, I, O>]) -> HashMap<&K, usize> {
    entries.iter().enumerate().map(|(place, entry)| (&entry.key, place)).collect()
}

/// Remembers one input and what was made of it.
#[derive(Debug)]
pub struct Last<I, O> {
    entry: Option<(I, Arc<O>)>,
    forgets: bool,
}

impl<I, O> Default for Last<I, O> {
    fn default() -> Last<I, O> {
        Last { entry: None, forgets: false }
    }
}

impl<I: Eq, O> Last<I, O> {
    /// For a program that makes everything once: nothing is remembered.
    pub fn forgetful() -> Last<I, O> {
        Last { entry: None, forgets: true }
    }

    /// What `make` makes; what it made last time, if `input` is the same. The input must be all that it depends on.
    pub fn made(&mut self, input: I, make: impl FnOnce(&I) -> O) -> Arc<O> {
        let output = match &self.entry {
            Some((last, output)) if *last == input => Arc::clone(output),
            _ => Arc::new(make(&input)),
        };
        if !self.forgets {
            // An equal input may share more with the next one than the last did.
            self.entry = Some((input, Arc::clone(&output)));
        }
        output
    }
}

/// Remembers what was made of each distinct text, for results that cost much and stand on many pages or long.
///
/// All may be asked at once: who asks for what is being made waits for it.
#[derive(Debug)]
pub struct Distinct<O> {
    remembered: Mutex<Remembered<O>>,
}

/// For each text what was made of it, or is being made.
type Remembered<O> = HashMap<Box<str>, Arc<OnceLock<Arc<O>>>>;

/// The most texts that a [`Distinct`] remembers, so that a preview open for days holds no end of drafts.
const MOST_DISTINCT: usize = 4096;

impl<O> Default for Distinct<O> {
    fn default() -> Distinct<O> {
        Distinct { remembered: Mutex::new(HashMap::new()) }
    }
}

impl<O> Distinct<O> {
    /// What `make` makes of `text`; what it made before, if it is remembered.
    ///
    /// # Panics
    /// `make` does.
    pub fn made(&self, text: &str, make: fn(&str) -> O) -> Arc<O> {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= MOST_DISTINCT && !remembered.contains_key(text) {
            remembered.clear();
        }
        let cell = match remembered.get(text) {
            Some(cell) => Arc::clone(cell),
            None => Arc::clone(remembered.entry(text.into()).or_default()),
        };
        drop(remembered);
        Arc::clone(cell.get_or_init(|| Arc::new(make(text))))
    }
}

/// What `make` makes of each input, in order and in parallel, without remembering.
pub fn parallel<I: Sync, O: Send>(inputs: &[I], make: impl Fn(&I) -> O + Sync + Send) -> Vec<O> {
    inputs.par_iter().with_max_len(64).map(make).collect()
}

/// What `make` makes of each thing that is found, in no order, while the next is still looked for.
pub fn parallel_found<I: Send, O: Send>(
    found: impl Iterator<Item = I> + Send,
    make: impl Fn(I) -> O + Sync + Send,
) -> Vec<O> {
    found.par_bridge().map(make).collect()
}

/// Both results, made at the same time.
pub fn both<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    rayon::join(one, other)
}

/// Runs everything inside `run` on `threads` threads; 0 for one a core.
///
/// # Panics
/// The operating system cannot start threads.
pub fn with_threads<O: Send>(threads: usize, run: impl FnOnce() -> O + Send) -> O {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("the operating system starts threads").install(run)
}

/// The shared value held before if the new one equals it, so that what holds it compares by pointer.
pub fn keep_shared<T: Eq>(held: &mut Option<Arc<T>>, new: &Arc<T>) -> Arc<T> {
    match held {
        Some(old) if *old == *new => Arc::clone(old),
        _ => Arc::clone(held.insert(Arc::clone(new))),
    }
}

/// The value held before if the new one equals it, so that what holds it compares by pointer.
pub fn keep<T: Eq>(held: &mut Option<Arc<T>>, new: T) -> Arc<T> {
    match held {
        Some(old) if **old == new => Arc::clone(old),
        _ => {
            let new = Arc::new(new);
            *held = Some(Arc::clone(&new));
            new
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{Distinct, Last, Memo, keep, parallel};

    static MADE: AtomicUsize = AtomicUsize::new(0);

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the memo hands out references")]
    fn double(input: &u32) -> u32 {
        MADE.fetch_add(1, Ordering::Relaxed);
        input * 2
    }

    #[test]
    fn only_changed_inputs_are_made_again() {
        let mut memo = Memo::default();
        let first = memo.map(&[("a", 1), ("b", 2)], |item| *item, double);
        let second = memo.map(&[("b", 3), ("a", 1)], |item| *item, double);
        assert_eq!((first.len(), *second[0], *second[1]), (2, 6, 2));
        assert!(Arc::ptr_eq(&first[0], &second[1]));
        assert_eq!(MADE.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn what_forgets_hands_each_output_on_and_keeps_none() {
        let mut memo = Memo::forgetful();
        let alone = |_: &(&str, u32), output: Arc<u32>| (*output, Arc::strong_count(&output));
        let items = [("a", 1), ("b", 2)];
        assert_eq!(
            memo.map_then(&items, |_, _| false, |item| *item, triple, alone),
            [(3, 1), (6, 1)]
        );
        assert!(memo.entries.is_empty());
    }

    #[test]
    fn each_distinct_text_is_made_once() {
        static LENGTHS: AtomicUsize = AtomicUsize::new(0);
        fn length(text: &str) -> usize {
            LENGTHS.fetch_add(1, Ordering::Relaxed);
            text.len()
        }
        let distinct = Distinct::default();
        let lengths = parallel(&["a", "bb", "a", "bb", "a"], |text| *distinct.made(text, length));
        assert_eq!(lengths, [1, 2, 1, 2, 1]);
        assert_eq!(LENGTHS.load(Ordering::Relaxed), 2);
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the memo hands out references")]
    fn triple(input: &u32) -> u32 {
        input * 3
    }

    #[test]
    fn what_is_known_to_stand_is_not_gathered_and_what_moved_is_found() {
        let mut memo = Memo::default();
        let first = memo.map(&[("a", 1), ("b", 2)], |item| *item, triple);
        let gathered = |item: &(&'static str, u32)| {
            assert!(cfg!(debug_assertions) || item.0 != "a");
            *item
        };
        let items = [("a", 1), ("c", 3), ("b", 2)];
        let second =
            memo.map_then(&items, |place, _| place == 0, gathered, triple, |_, output| output);
        assert!(Arc::ptr_eq(&first[0], &second[0]) && Arc::ptr_eq(&first[1], &second[2]));
        assert_eq!((memo.entries.len(), *second[1]), (3, 9));
        memo.map(&items[..1], |item| *item, triple);
        assert_eq!(memo.entries.len(), 1);
    }

    #[test]
    fn one_thing_is_made_again_only_of_another_input() {
        let mut last = Last::default();
        let first = last.made(1, |input| input + 1);
        assert!(Arc::ptr_eq(&first, &last.made(1, |_| 0)));
        assert_eq!(*last.made(2, |input| input + 1), 3);
        let mut forgetful = Last::forgetful();
        assert_eq!((*forgetful.made(1, |_| 7), forgetful.made(1, |_| 8).as_ref()), (7, &8));
    }

    #[test]
    fn an_equal_value_keeps_its_pointer() {
        let mut held = None;
        let first = keep(&mut held, "a".to_owned());
        assert!(Arc::ptr_eq(&first, &keep(&mut held, "a".to_owned())));
        assert!(!Arc::ptr_eq(&first, &keep(&mut held, "b".to_owned())));
    }
}
