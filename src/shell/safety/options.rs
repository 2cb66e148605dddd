//! Options among the words of a command: whether one is there, and its value.

use std::borrow::Cow;

/// The value of the first of these options: in the next word, behind the option in its own, or after a word of several
/// one-letter options that it ends.
pub(super) fn value(rest: &[Cow<str>], flags: &[&str]) -> Option<String> {
    let own = rest.iter().enumerate().find_map(|(at, word)| {
        let attached = flags.iter().find_map(|flag| word.strip_prefix(flag))?;
        if attached.is_empty() {
            rest.get(at + 1).map(Cow::to_string)
        } else {
            Some(attached.trim_start_matches('=').to_owned())
        }
    });
    own.or_else(|| {
        let ends = |word: &str| {
            let letters = flags.iter().filter(|flag| flag.len() == 2).map(|flag| &flag[1..]);
            is_cluster(word) && letters.into_iter().any(|letter| word.ends_with(letter))
        };
        let at = rest.iter().position(|word| ends(word))?;
        rest.get(at + 1).map(Cow::to_string)
    })
}

/// Whether a word is this option, alone, with its value, or among several of one letter.
pub(super) fn is_flag(flag: &str, word: &str) -> bool {
    match word.strip_prefix(flag) {
        Some(rest) => {
            (rest.is_empty() || rest.starts_with('=')) && !matches!(rest, "=none" | "=false")
                || (flag.len() == 2 && !flag.starts_with("--") && is_cluster(word))
        }
        None => flag.len() == 2 && is_cluster(word) && word[1..].contains(&flag[1..]),
    }
}

/// Whether a word is several one-letter options (`-rf`), as opposed to a long one with one dash.
pub(super) fn is_cluster(word: &str) -> bool {
    let letters = word.strip_prefix('-').unwrap_or_default();
    (1..=5).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
