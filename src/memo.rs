//! The only caching and the only parallelism: remember the last input, compare, reuse.
//!
//! What is made of an input is made by a plain function, which cannot capture: the input is the whole input.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use rayon::prelude::*;

/// Remembers for each key the last input and what was made of it.
#[derive(Debug)]
pub struct Memo<K, I, O> {
    entries: HashMap<K, (I, Arc<O>)>,
    forgets: bool,
}

impl<K, I, O> Default for Memo<K, I, O> {
    fn default() -> Memo<K, I, O> {
        Memo { entries: HashMap::new(), forgets: false }
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
        Memo { entries: HashMap::new(), forgets: true }
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
        self.map_then(items, input, make, |_, output| output)
    }

    /// The same, each output handed on at once: a memo that forgets does not keep it even until the last is made.
    pub fn map_then<T: Sync, R: Send>(
        &mut self,
        items: &[T],
        input: impl Fn(&T) -> (K, I) + Sync,
        make: fn(&I) -> O,
        then: impl Fn(&T, Arc<O>) -> R + Sync,
    ) -> Vec<R> {
        let (entries, forgets) = (&self.entries, self.forgets);
        let pairs = items.par_iter().with_max_len(32).map(|item| {
            let (key, input) = input(item);
            let output = match entries.get(&key) {
                Some((last, output)) if *last == input => Arc::clone(output),
                _ => Arc::new(make(&input)),
            };
            let entry = (!forgets).then(|| (key, (input, Arc::clone(&output))));
            (entry, then(item, output))
        });
        let (entries, results): (Vec<_>, Vec<R>) = pairs.unzip();
        self.entries = entries.into_iter().flatten().collect();
        results
    }
}

/// What `make` makes of each input, in order and in parallel, without remembering.
pub fn parallel<I: Sync, O: Send>(inputs: &[I], make: impl Fn(&I) -> O + Sync + Send) -> Vec<O> {
    inputs.par_iter().with_max_len(64).map(make).collect()
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

    use super::{Memo, keep};

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
        assert_eq!(memo.map_then(&items, |item| *item, triple, alone), [(3, 1), (6, 1)]);
        assert!(memo.entries.is_empty());
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the memo hands out references")]
    fn triple(input: &u32) -> u32 {
        input * 3
    }

    #[test]
    fn an_equal_value_keeps_its_pointer() {
        let mut held = None;
        let first = keep(&mut held, "a".to_owned());
        assert!(Arc::ptr_eq(&first, &keep(&mut held, "a".to_owned())));
        assert!(!Arc::ptr_eq(&first, &keep(&mut held, "b".to_owned())));
    }
}
