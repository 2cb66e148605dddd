//! What a request does, of the words of the client that sends it: its method, and what its address is known for.

use std::borrow::Cow;

use super::options::value;
use crate::shell::verdict::Verdict;

/// Addresses that take a question in the body of a request.
const ASKED: &[&str] =
    &["/_search", "/_msearch", "/_count", "/_analyze", "/api/v1/query", "/api/v1/series"];

/// Addresses behind which any method deletes.
const DELETING: &[&str] = &["_delete_by_query", "delete_series"];

/// What deletes.
const DELETED: Verdict = Verdict::destroys("Deletes what the address stands for");

/// Options of curl of one letter that take no value, and may stand before others in one word.
const CURL_SWITCHES: &str = "#0123469fgGijklLnNOpqRsSvZI";

/// What a request of curl does.
pub(super) fn asked(rest: &[Cow<str>]) -> Option<Verdict> {
    let method = value(rest, &["-X", "--request"]).or_else(|| {
        rest.iter().enumerate().find_map(|(at, word)| {
            let (switches, method) = word.strip_prefix('-')?.split_once('X')?;
            if !switches.chars().all(|letter| CURL_SWITCHES.contains(letter)) {
                return None;
            }
            if method.is_empty() {
                rest.get(at + 1).map(Cow::to_string)
            } else {
                Some(method.to_owned())
            }
        })
    });
    match method {
        Some(method) => Some(requested(&method, rest)),
        None if known(rest, DELETING) => Some(DELETED),
        None if known(rest, ASKED) => Some(Verdict::READS),
        None => None,
    }
}

/// What a request of wget does.
pub(super) fn fetched(rest: &[Cow<str>]) -> Option<Verdict> {
    if let Some(method) = value(rest, &["--method"]) {
        return Some(requested(&method, rest));
    }
    let posts = rest.iter().any(|word| word.starts_with("--post-"));
    posts.then(|| requested("POST", rest))
}

/// What a request of `HTTPie` and its like does: a method before the address, or fields behind it.
pub(super) fn browsed(rest: &[Cow<str>]) -> Verdict {
    let mut plain = rest.iter().filter(|word| !word.starts_with('-'));
    let is_method =
        |word: &&Cow<str>| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    if let Some(method) = plain.clone().find(is_method) {
        return requested(method, rest);
    }
    let is_field = |word: &Cow<str>| match word.split_once('=') {
        Some((name, value)) => {
            !name.contains('/') && !name.ends_with('?') && !value.starts_with('=')
        }
        None => false,
    };
    if plain.any(is_field) { requested("POST", rest) } else { Verdict::READS }
}

fn requested(method: &str, rest: &[Cow<str>]) -> Verdict {
    match method.trim_start().to_ascii_uppercase().as_str() {
        "DELETE" => DELETED,
        "POST" | "PUT" if known(rest, DELETING) => DELETED,
        "POST" if known(rest, ASKED) => Verdict::READS,
        "POST" | "PUT" | "PATCH" => Verdict::CHANGES,
        "GET" | "HEAD" | "OPTIONS" => Verdict::READS,
        _ => Verdict::UNKNOWN,
    }
}

/// Whether the address is one of these; what is sent may name them too.
fn known(rest: &[Cow<str>], endings: &[&str]) -> bool {
    let addresses =
        rest.iter().filter(|word| !word.starts_with(['-', '{', '[']) && word.contains('/'));
    addresses.into_iter().any(|address| {
        let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        endings.iter().any(|ending| path.ends_with(ending))
    })
}
