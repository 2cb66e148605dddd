//! What texts of site.toml must be beyond being texts: addresses, names of languages, regular expressions.
//!
//! Runs before the keys are read. What cannot be meant is reported and taken out, so that its default stands.

use crate::diagnostic::values as mistakes;
use crate::glob::Globs;
use crate::text::{is_script, scheme};
use crate::value::read::Reader;
use crate::value::{Entry, Node, Value};
use crate::words::{Words, is_language};

/// What is wrong with a text, as it goes on behind the key, and what to write instead.
type Mistake = (String, &'static str);

/// A key by the keys that lead to it, `*` for any name, and what is wrong with a text there.
type Rule = (&'static [&'static str], fn(&str) -> Option<Mistake>);

const RULES: &[Rule] = &[
    (&["title"], filled),
    (&["base_url"], web),
    (&["repository"], web),
    (&["language"], language),
    (&["extensions"], ending),
    (&["alerts", "sources"], glob),
    (&["freshness", "review_in"], more_than_none),
    (&["owners", "*", "name"], filled),
    (&["owners", "*", "email"], mailbox),
    (&["owners", "*", "chat_url"], address),
    (&["owners", "*", "timezone"], time_zone),
    (&["templates", "*", "file"], filled),
    (&["dashboards", "region"], region),
    (&["dashboards", "account"], account),
    (&["dashboards", "grafana"], web),
    (&["dashboards", "kinds", "*", "title"], filled),
    (&["dashboards", "kinds", "*", "url"], address_with_places),
    (&["deploy", "*", "endpoint"], store),
    (&["skills", "prefix"], word),
];

/// Tables of which the author names the entries, and what is wrong with such a name.
const NAMES: &[Rule] = &[
    (&["owners"], filled),
    (&["templates"], filled),
    (&["dashboards", "kinds"], filled),
    (&["parameters"], parameter_name),
    (&["deploy"], filled),
];

/// Lists that say nothing where they are empty.
const LISTS: &[&[&str]] = &[&["extensions"], &["parameters", "*", "enum"]];

/// Reports and takes out what cannot be meant.
pub(super) fn values(site: &mut Node, reader: &mut Reader<'_>) {
    for (keys, judge) in NAMES {
        each(site, keys, "", &mut |_, node| {
            let Value::Map(entries) = &mut node.value else { return };
            entries.retain(|entry| {
                let found = judge(&entry.key);
                report(
                    reader,
                    &entry.key_range,
                    &format!("the name `{}`", entry.key),
                    found.as_ref(),
                );
                found.is_none()
            });
        });
    }
    for keys in LISTS {
        each(site, keys, "", &mut |key, node| {
            if matches!(&node.value, Value::List(items) if items.is_empty()) {
                let found =
                    Some(("holds nothing".to_owned(), "list one at least, or leave the key out"));
                report(reader, &node.range, &format!("`{key}`"), found.as_ref());
                node.value = Value::Null;
            }
        });
    }
    for (keys, judge) in RULES {
        each(site, keys, "", &mut |key, node| {
            if let Value::List(items) = &mut node.value {
                items.retain(|item| is_meant(reader, key, item, *judge));
                if items.is_empty() {
                    node.value = Value::Null;
                }
            } else if !is_meant(reader, key, node, *judge) {
                node.value = Value::Null;
            }
        });
    }
    each(site, &["parameters", "*"], "", &mut |_, parameter| default_that_fits(parameter, reader));
    each(site, &["search", "synonyms"], "", &mut |_, synonyms| groups_of_several(synonyms, reader));
    each(site, &["strings"], "", &mut |_, strings| known_places(strings, reader));
}

/// Visits what some keys lead to, each with its own key.
fn each(node: &mut Node, keys: &[&str], key: &str, visit: &mut impl FnMut(&str, &mut Node)) {
    let Some((first, rest)) = keys.split_first() else { return visit(key, node) };
    let Value::Map(entries) = &mut node.value else { return };
    let named = |entry: &&mut Entry| *first == "*" || entry.key == *first;
    for entry in entries.iter_mut().filter(named) {
        each(&mut entry.value, rest, &entry.key, visit);
    }
}

fn is_meant(
    reader: &mut Reader<'_>,
    key: &str,
    node: &Node,
    judge: fn(&str) -> Option<Mistake>,
) -> bool {
    let Some(text) = reader.typed(node) else { return true };
    let found = judge(&text);
    report(reader, &node.range, &format!("`{key}`"), found.as_ref());
    found.is_none()
}

fn report(
    reader: &mut Reader<'_>,
    range: &std::ops::Range<usize>,
    what: &str,
    found: Option<&Mistake>,
) {
    if let Some((wrong, help)) = found {
        let found = mistakes::not_meant(reader.at(range), what, wrong, help);
        reader.diagnostics.push(found);
    }
}

fn filled(text: &str) -> Option<Mistake> {
    let help = "write what readers shall see, or leave the key out";
    text.trim().is_empty().then(|| ("is empty".to_owned(), help))
}

fn web(text: &str) -> Option<Mistake> {
    const HELP: &str = "write an address that begins with `https://`; it is left out until then";
    // What runs is reported as what it is.
    if is_script(text) {
        return None;
    }
    let is_web = scheme(text).is_some_and(|scheme| ["http", "https"].contains(&scheme.as_str()));
    let host = text.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next());
    let has_host = host.flatten().is_some_and(|host| host.contains(char::is_alphanumeric));
    let is_one = is_web && has_host && !text.contains(char::is_whitespace);
    (!is_one).then(|| (format!("is no address of the web: `{text}`"), HELP))
}

/// The same for what is no link, so that nothing else looks at it.
fn store(text: &str) -> Option<Mistake> {
    let help = "write the address of the store, such as `https://s3.example.org`";
    web(text).or_else(|| is_script(text).then(|| (format!("is no address: `{text}`"), help)))
}

/// An address with any scheme: chats have their own.
fn address(text: &str) -> Option<Mistake> {
    if is_script(text) {
        return None;
    }
    let is_one = scheme(text).is_some() && !text.trim().contains(char::is_whitespace);
    let help = "write an address with its scheme, such as `https://`; it is left out until then";
    (!is_one).then(|| (format!("is no address: `{text}`"), help))
}

fn address_with_places(text: &str) -> Option<Mistake> {
    let mut open = false;
    for mark in text.chars().filter(|mark| ['{', '}'].contains(mark)) {
        if (mark == '{') == open {
            let help = "write `{name}` for each value that a page gives";
            return Some((format!("has a brace without its other: `{text}`"), help));
        }
        open = !open;
    }
    if open {
        let help = "write `{name}` for each value that a page gives";
        return Some((format!("has a brace without its other: `{text}`"), help));
    }
    if text.starts_with('{') { None } else { address(text) }
}

fn language(text: &str) -> Option<Mistake> {
    let help = "write a tag of BCP 47, such as `en`, `de` or `pt-BR`";
    (!is_language(text)).then(|| (format!("is no language: `{text}`"), help))
}

fn ending(text: &str) -> Option<Mistake> {
    let is_one = text.starts_with('.') && text.len() > 1 && !text.contains(['/', ' ']);
    (!is_one).then(|| {
        (format!("holds no ending of files: `{text}`"), "write it with its dot, such as `.md`")
    })
}

fn glob(text: &str) -> Option<Mistake> {
    let message = Globs::exact(text).err()?;
    Some((
        format!("holds no path pattern: {message}"),
        "write a path, with `*` and `**` for what may differ",
    ))
}

fn more_than_none(text: &str) -> Option<Mistake> {
    let is_none = text.split(char::is_whitespace).next() == Some("0");
    let help = "write how long a review holds, such as `90 days`; a page that needs none is `evergreen: true`";
    is_none.then(|| (format!("is no time at all: `{text}`"), help))
}

fn mailbox(text: &str) -> Option<Mistake> {
    let parts = text.split_once('@');
    let is_one = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.contains(char::is_whitespace);
    (!is_one).then(|| (format!("is no mailbox: `{text}`"), "write it as `team@example.org`"))
}

/// By the names of the IANA database: an area and a place, or one of the few without.
fn time_zone(text: &str) -> Option<Mistake> {
    const AREAS: [&str; 11] = [
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Etc",
        "Europe", "Indian", "Pacific",
    ];
    const ALONE: [&str; 6] = ["UTC", "GMT", "CET", "EET", "WET", "MET"];
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_+-/".contains(letter);
    let in_area = text.split_once('/').is_some_and(|(area, place)| {
        AREAS.contains(&area) && !place.is_empty() && place.chars().all(is_letter)
    });
    let is_one = in_area || ALONE.contains(&text);
    (!is_one).then(|| {
        (format!("is no time zone: `{text}`"), "write an area and a city, such as `Europe/Berlin`")
    })
}

fn region(text: &str) -> Option<Mistake> {
    let parts: Vec<&str> = text.split('-').collect();
    let is_word =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_one = text.contains('{')
        || parts.split_last().is_some_and(|(number, words)| {
            words.len() >= 2 && words.iter().all(is_word) && number.parse::<u8>().is_ok()
        });
    (!is_one).then(|| (format!("is no region of AWS: `{text}`"), "write it as in `eu-central-1`"))
}

fn account(text: &str) -> Option<Mistake> {
    let is_one =
        text.contains('{') || text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    (!is_one)
        .then(|| (format!("is no account of AWS: `{text}`"), "write its twelve digits, in quotes"))
}

fn word(text: &str) -> Option<Mistake> {
    let is_one = text.is_empty() || text.contains(|letter: char| letter.is_ascii_alphanumeric());
    (!is_one).then(|| {
        (format!("has no letter: `{text}`"), "write a word that the names of skills can begin with")
    })
}

fn parameter_name(text: &str) -> Option<Mistake> {
    let is_letter = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
    let is_one = text.contains(char::is_alphanumeric) && text.chars().all(is_letter);
    let help = "write it in letters, digits, `-` and `_`, as it stands in `<region>`";
    (!is_one).then(|| ("is none that commands can hold".to_owned(), help))
}

/// A parameter's default is one of its values, where they are listed.
fn default_that_fits(parameter: &mut Node, reader: &mut Reader<'_>) {
    let choices: Vec<String> = parameter
        .get("enum")
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|item| reader.typed(item))
        .collect();
    let Value::Map(entries) = &mut parameter.value else { return };
    let Some(default) = entries.iter_mut().find(|entry| entry.key == "default") else { return };
    let Some(text) = reader.typed(&default.value) else { return };
    if !choices.is_empty() && !choices.contains(&text) {
        let found = mistakes::not_one_of(
            reader.at(&default.value.range),
            crate::diagnostic::Rule::BadConfig,
            "default",
            &text,
            &choices.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        reader.diagnostics.push(found);
        default.value.value = Value::Null;
    }
}

/// A word alone means the same as no other.
fn groups_of_several(synonyms: &mut Node, reader: &mut Reader<'_>) {
    let Value::List(groups) = &mut synonyms.value else { return };
    groups.retain(|group| {
        let is_group = match &group.value {
            Value::List(words) => words.len() > 1,
            Value::String(_) => false,
            // What is no text is reported when it is read.
            _ => true,
        };
        if !is_group {
            let help = "write each group as a list: `synonyms = [[\"ledger\", \"blue box\"]]`";
            let found = Some(("holds a group of fewer than two words".to_owned(), help));
            report(reader, &group.range, "`synonyms`", found.as_ref());
        }
        is_group
    });
}

/// A word of one's own fills the places that the word in its place has.
fn known_places(strings: &mut Node, reader: &mut Reader<'_>) {
    let words = Words::default();
    let Value::Map(entries) = &mut strings.value else { return };
    for entry in entries.iter_mut() {
        let Some(own) = words.forms(&entry.key) else { continue };
        let known = places(own.0.values().map(String::as_str));
        let typed: Vec<(std::ops::Range<usize>, String)> = match &entry.value.value {
            Value::Map(forms) => forms
                .iter()
                .filter_map(|form| Some((form.value.range.clone(), reader.typed(&form.value)?)))
                .collect(),
            _ => reader
                .typed(&entry.value)
                .map(|text| (entry.value.range.clone(), text))
                .into_iter()
                .collect(),
        };
        for (range, text) in typed {
            for place in places(std::iter::once(text.as_str())) {
                if !known.contains(&place) {
                    let found =
                        mistakes::unknown_place(reader.at(&range), &entry.key, place, &known);
                    reader.diagnostics.push(found);
                }
            }
        }
    }
}

/// The names in braces, each once.
fn places<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for text in texts {
        let inside = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
        for name in inside {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}
