//! The only caching and the only parallelism: remember the last input, compare, reuse.
//!
//! A [`Memo`] holds inputs and what a plain function made of them. Such a function cannot capture, so that its input is
//! the whole input. Inputs are made of values that are shared by [`Arc`], which compares pointers before values, and of
//! [`Kept`] ones, which compare nothing else: most comparisons are over at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

/// Whether what a build made may be of use to the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Another build follows: everything is remembered.
    #[default]
    Repeated,
    /// The program ends after this build: nothing is remembered, so that no input outlives its output.
    Once,
}

/// Remembers for each key the last input and what was made of it.
#[derive(Debug)]
pub struct Memo<K, I, O> {
    /// In the order of the last items.
    entries: Vec<MemoEntry<K, I, O>>,
}

#[derive(Debug)]
struct MemoEntry<K, I, O> {
    key: K,
    input: I,
    output: Arc<O>,
}

impl<K, I, O> Default for Memo<K, I, O> {
    fn default() -> Memo<K, I, O> {
        Memo { entries: Vec::new() }
    }
}

/// The one value that a [`Memo`] made of equal inputs: two are equal if they are the same.
#[derive(Debug)]
pub struct Kept<T>(Arc<T>);

impl<T> Kept<T> {
    /// The value, for those that compare it.
    pub fn shared(&self) -> Arc<T> {
        Arc::clone(&self.0)
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Kept<T> {
        Kept(Arc::clone(&self.0))
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> PartialEq for Kept<T> {
    fn eq(&self, other: &Kept<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Kept<T> {}

impl<I: Eq + Send + Sync, O: Send + Sync> Memo<(), I, O> {
    /// What `make` makes of the one input that there is; what it made last time, if that was equal.
    pub fn one(&mut self, mode: Mode, input: I, make: fn(&I) -> O) -> Kept<O> {
        let entry = MemoLookup::new(&self.entries).entry(0, (), input, make);
        let output = Kept(Arc::clone(&entry.output));
        if mode == Mode::Repeated {
            self.entries = vec![entry];
        }
        output
    }
}

impl<T: Clone + Eq + Send + Sync> Memo<(), T, T> {
    /// The value; the same one as last time, if they are equal.
    pub fn keep(&mut self, mode: Mode, value: T) -> Kept<T> {
        self.one(mode, value, T::clone)
    }
}

impl<K, I, O> Memo<K, I, O>
where
    K: Eq + Hash + Clone + Send + Sync,
    I: Eq + Send + Sync,
    O: Send + Sync,
{
    /// What `make` makes of each item's input, in order; inputs equal to the last of their key are not made again.
    ///
    /// `input` gathers a key and all that its output depends on. Keys that do not occur this time are forgotten.
    pub fn map<T: Sync>(
        &mut self,
        mode: Mode,
        items: &[T],
        input: impl Fn(&T) -> (K, I) + Sync,
        make: fn(&I) -> O,
    ) -> Vec<Arc<O>> {
        self.map_then(mode, items, input, make, |_, output| output)
    }

    /// The same, each output handed on at once: where a build runs once, it is not kept even until the last is made.
    pub fn map_then<T: Sync, R: Send>(
        &mut self,
        mode: Mode,
        items: &[T],
        input: impl Fn(&T) -> (K, I) + Sync,
        make: fn(&I) -> O,
        then: impl Fn(&T, Arc<O>) -> R + Sync,
    ) -> Vec<R> {
        let last = MemoLookup::new(&self.entries);
        let outputs = items.par_iter().enumerate().with_max_len(PIECE).map(|(index, item)| {
            let (key, input) = input(item);
            let entry = last.entry(index, key, input, make);
            let output = Arc::clone(&entry.output);
            ((mode == Mode::Repeated).then_some(entry), then(item, output))
        });
        let (entries, results): (Vec<_>, Vec<R>) = outputs.unzip();
        self.entries = entries.into_iter().flatten().collect();
        results
    }
}

impl<K, I, O> Memo<K, Arc<I>, O>
where
    K: Eq + Hash + Clone + Send + Sync,
    I: Eq + Send + Sync,
    O: Send + Sync,
{
    /// The same in two steps, for outputs that could depend on much and depend on little: what that little is
    /// is gathered first, and only where it differs the output is made. Each item passes both steps before the next one.
    pub fn map_gathered<T: Sync, P: Eq + Send + Sync, R: Send>(
        &mut self,
        gathered: &mut Memo<K, P, I>,
        mode: Mode,
        items: &[T],
        input: impl Fn(&T) -> (K, P) + Sync,
        steps: &Steps<P, I, O>,
        then: impl Fn(&T, Arc<O>) -> R + Sync,
    ) -> Vec<R> {
        let (last_gathered, last) =
            (MemoLookup::new(&gathered.entries), MemoLookup::new(&self.entries));
        let outputs = items.par_iter().enumerate().with_max_len(PIECE).map(|(index, item)| {
            let (key, input) = input(item);
            let first = last_gathered.entry(index, key.clone(), input, steps.gather);
            let second = last.entry(index, key, Arc::clone(&first.output), steps.make);
            let output = Arc::clone(&second.output);
            let entries = (mode == Mode::Repeated).then_some((first, second));
            (entries, then(item, output))
        });
        let (entries, results): (Vec<_>, Vec<R>) = outputs.unzip();
        (gathered.entries, self.entries) = entries.into_iter().flatten().unzip();
        results
    }
}

/// How an output is made in two steps.
pub struct Steps<P, I, O> {
    /// Finds out what the output depends on, of all that it could.
    pub gather: fn(&P) -> I,
    /// Makes the output of what was gathered.
    pub make: fn(&Arc<I>) -> O,
}

/// How many items at most one thread takes at a time: pages differ in size, and the last one should not be waited for.
const PIECE: usize = 32;

/// The entries of last time, found by place or else by key.
struct MemoLookup<'a, K, I, O> {
    entries: &'a [MemoEntry<K, I, O>],
    /// Where each key stood; made for the first item that does not stand where it did.
    indexes: OnceLock<HashMap<&'a K, usize>>,
}

impl<'a, K: Eq + Hash, I: Eq, O> MemoLookup<'a, K, I, O> {
    fn new(entries: &'a [MemoEntry<K, I, O>]) -> MemoLookup<'a, K, I, O> {
        MemoLookup { entries, indexes: OnceLock::new() }
    }

    /// The new entry of an item. It holds the new input even if that is equal to the last: it may share more with the
    /// next one.
    fn entry(&self, index: usize, key: K, input: I, make: fn(&I) -> O) -> MemoEntry<K, I, O> {
        let before = self.find(index, &key).filter(|entry| entry.input == input);
        let output =
            before.map_or_else(|| Arc::new(make(&input)), |entry| Arc::clone(&entry.output));
        MemoEntry { key, input, output }
    }

    fn find(&self, index: usize, key: &K) -> Option<&'a MemoEntry<K, I, O>> {
        let there = self.entries.get(index).filter(|entry| entry.key == *key);
        there.or_else(|| {
            let keys = self.entries.iter().enumerate().map(|(index, entry)| (&entry.key, index));
            let indexes = self.indexes.get_or_init(|| keys.collect());
            indexes.get(key).map(|index| &self.entries[*index])
        })
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
    pub fn get_or_make(&self, text: &str, make: fn(&str) -> O) -> Arc<O> {
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

/// A [`Memo`] of one thing.
pub type Single<I, O> = Memo<(), I, O>;

/// What `make` makes of each input, in order and in parallel, without remembering.
pub fn parallel<I: Sync, O: Send>(inputs: &[I], make: impl Fn(&I) -> O + Sync + Send) -> Vec<O> {
    inputs.par_iter().with_max_len(PIECE).map(make).collect()
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{Distinct, Memo, Mode, Steps, parallel};

    static MADE: AtomicUsize = AtomicUsize::new(0);

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the memo hands out references")]
    fn double(input: &u32) -> u32 {
        MADE.fetch_add(1, Ordering::Relaxed);
        input * 2
    }

    #[test]
    fn only_changed_inputs_are_made_again() {
        let mut memo = Memo::default();
        let first = memo.map(Mode::Repeated, &[("a", 1), ("b", 2)], |item| *item, double);
        let second = memo.map(Mode::Repeated, &[("b", 3), ("a", 1)], |item| *item, double);
        assert_eq!((first.len(), *second[0], *second[1]), (2, 6, 2));
        assert!(Arc::ptr_eq(&first[0], &second[1]));
        assert_eq!(MADE.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn each_distinct_text_is_made_once() {
        static LENGTHS: AtomicUsize = AtomicUsize::new(0);
        fn length(text: &str) -> usize {
            LENGTHS.fetch_add(1, Ordering::Relaxed);
            text.len()
        }
        let distinct = Distinct::default();
        let lengths =
            parallel(&["a", "bb", "a", "bb", "a"], |text| *distinct.get_or_make(text, length));
        assert_eq!(lengths, [1, 2, 1, 2, 1]);
        assert_eq!(LENGTHS.load(Ordering::Relaxed), 2);
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the memo hands out references")]
    fn triple(input: &u32) -> u32 {
        input * 3
    }

    #[test]
    fn a_build_that_runs_once_hands_each_output_on_and_keeps_none() {
        let mut memo = Memo::default();
        let alone = |_: &(&str, u32), output: Arc<u32>| (*output, Arc::strong_count(&output));
        let items = [("a", 1), ("b", 2)];
        let handed = memo.map_then(Mode::Once, &items, |item| *item, triple, alone);
        assert_eq!(handed, [(3, 1), (6, 1)]);
        assert!(memo.entries.is_empty());
    }

    #[test]
    fn what_moved_is_found_and_what_is_gone_is_forgotten() {
        let mut memo = Memo::default();
        let first = memo.map(Mode::Repeated, &[("a", 1), ("b", 2)], |item| *item, triple);
        let items = [("a", 1), ("c", 3), ("b", 2)];
        let second = memo.map(Mode::Repeated, &items, |item| *item, triple);
        assert!(Arc::ptr_eq(&first[0], &second[0]) && Arc::ptr_eq(&first[1], &second[2]));
        assert_eq!((memo.entries.len(), *second[1]), (3, 9));
        memo.map(Mode::Repeated, &items[..1], |item| *item, triple);
        assert_eq!(memo.entries.len(), 1);
    }

    #[test]
    fn what_gathers_the_same_is_not_made_again() {
        #[expect(clippy::trivially_copy_pass_by_ref, reason = "the memo hands out references")]
        fn tens(input: &u32) -> u32 {
            input / 10
        }
        fn named(tens: &Arc<u32>) -> String {
            format!("{tens}0s")
        }
        let (mut gathered, mut names) = (Memo::default(), Memo::default());
        let mut name = |number: u32| {
            let (items, steps) = ([((), number)], Steps { gather: tens, make: named });
            let input = |item: &((), u32)| *item;
            let then = |_: &_, name: Arc<String>| name;
            names.map_gathered(&mut gathered, Mode::Repeated, &items, input, &steps, then)
        };
        let (first, second, third) = (name(12), name(17), name(25));
        assert!(Arc::ptr_eq(&first[0], &second[0]));
        assert_eq!((first[0].as_str(), third[0].as_str()), ("10s", "20s"));
    }

    #[test]
    fn an_equal_value_is_the_one_that_was_kept() {
        let mut memo = Memo::default();
        let mut keep = |mode, text: &str| memo.keep(mode, text.to_owned());
        let first = keep(Mode::Repeated, "a");
        assert!(first == keep(Mode::Repeated, "a") && first != keep(Mode::Repeated, "b"));
        assert!(keep(Mode::Once, "c") != keep(Mode::Once, "c"));
    }
}
