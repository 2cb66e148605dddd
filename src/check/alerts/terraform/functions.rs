//! Terraform's functions on text and collections, as far as names of alerts are made with them.
//!
//! The functions are those of the [language](https://developer.hashicorp.com/terraform/language/functions); one that is
//! not here, or whose arguments are not known, gives what is not known.

use super::super::pattern::Pattern;
use super::value::{Val, truth};

/// What a function says of its arguments.
pub(super) fn call(name: &str, arguments: Vec<Val>) -> Val {
    let known = match name {
        "lower" | "upper" | "title" | "trimspace" | "trim" | "trimprefix" | "trimsuffix"
        | "replace" | "substr" | "format" | "join" | "split" => text_function(name, &arguments),
        _ => collection_function(name, arguments),
    };
    known.unwrap_or_else(|| Val::Unknown(String::new()))
}

fn text_function(name: &str, arguments: &[Val]) -> Option<Val> {
    let first = || arguments.first()?.pattern();
    let literal = |at: usize| arguments.get(at).and_then(Val::as_literal);
    let changed = |change: &dyn Fn(&str) -> String| Some(Val::Text(first()?.map_literals(change)));
    match name {
        "lower" => changed(&|text| text.to_lowercase()),
        "upper" => changed(&|text| text.to_uppercase()),
        "title" => changed(&title),
        "replace" => {
            let (from, to) = (literal(1)?, literal(2)?);
            // Between slashes it is a regular expression.
            let is_expression = from.len() > 1 && from.starts_with('/') && from.ends_with('/');
            if is_expression || from.is_empty() {
                return None;
            }
            changed(&|text| text.replace(from, to))
        }
        "format" => format(literal(0)?, &arguments[1..]),
        "join" => {
            let separator = literal(0)?;
            let lists = arguments[1..].iter().map(|list| match list {
                Val::List(items) => {
                    items.iter().map(Val::pattern).collect::<Option<Vec<Pattern>>>()
                }
                _ => None,
            });
            let parts = lists.collect::<Option<Vec<Vec<Pattern>>>>()?.concat();
            Some(Val::Text(Pattern::joined(parts, separator)))
        }
        _ => {
            let text = literal(usize::from(name == "split"))?;
            let other = literal(usize::from(name != "split"));
            Some(match name {
                "trimspace" => Val::text(text.trim()),
                "trim" => {
                    let letters: Vec<char> = other?.chars().collect();
                    Val::text(text.trim_matches(&letters[..]))
                }
                "trimprefix" => Val::text(text.strip_prefix(other?).unwrap_or(text)),
                "trimsuffix" => Val::text(text.strip_suffix(other?).unwrap_or(text)),
                "split" => {
                    let separator = other.filter(|separator| !separator.is_empty())?;
                    Val::List(text.split(separator).map(Val::text).collect()).bounded()
                }
                _ => {
                    let start = literal(1)?.parse::<usize>().ok()?;
                    let length = literal(2)?.parse::<i64>().ok()?;
                    let length = usize::try_from(length).unwrap_or(usize::MAX);
                    Val::text(text.chars().skip(start).take(length).collect::<String>())
                }
            })
        }
    }
}

fn collection_function(name: &str, mut arguments: Vec<Val>) -> Option<Val> {
    let literal = |at: usize| arguments.get(at).and_then(Val::as_literal);
    let is_set = |value: &&Val| !matches!(value, Val::Null) && value.as_literal() != Some("");
    match name {
        "tostring" | "tonumber" | "tobool" | "tolist" | "tomap" | "nonsensitive" | "sensitive" => {
            (arguments.len() == 1).then(|| arguments.remove(0))
        }
        "toset" | "distinct" => {
            let Val::List(items) = arguments.first()? else { return None };
            let mut kept: Vec<Val> = Vec::new();
            for item in items {
                if !kept.contains(item) {
                    kept.push(item.clone());
                }
            }
            Some(Val::List(kept))
        }
        "coalesce" => arguments.iter().find(is_set).cloned(),
        "try" => arguments
            .iter()
            .find(|value| !matches!(value, Val::Unknown(_)))
            .or(arguments.first())
            .cloned(),
        "concat" | "flatten" => Some(Val::List(flat(&arguments, name == "flatten")?).bounded()),
        "merge" => merged(&arguments),
        "lookup" => {
            let key = literal(1)?;
            let Val::Map(entries) = arguments.first()? else { return None };
            let found =
                entries.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
            found.or_else(|| arguments.get(2).cloned())
        }
        "element" => {
            let Val::List(items) = arguments.first()? else { return None };
            let index = literal(1)?.parse::<usize>().ok()?;
            items.get(index.checked_rem(items.len())?).cloned()
        }
        "length" => arguments.first()?.each().map(|each| Val::text(each.len().to_string())),
        "keys" => pairs(&arguments, |(key, _)| key),
        "values" => pairs(&arguments, |(_, value)| value),
        "contains" => {
            let Val::List(items) = arguments.first()? else { return None };
            let wanted = literal(1)?;
            let texts = items.iter().map(Val::as_literal).collect::<Option<Vec<&str>>>()?;
            Some(Val::text(texts.contains(&wanted).to_string()))
        }
        "alltrue" | "anytrue" => {
            let Val::List(items) = arguments.first()? else { return None };
            let held = items.iter().map(truth).collect::<Option<Vec<bool>>>()?;
            let all = name == "alltrue";
            Some(Val::text((held.contains(&!all) != all).to_string()))
        }
        "jsonencode" => Some(Val::Text(encoded(arguments.first()?))),
        _ => None,
    }
}

/// Each word with a capital.
fn title(text: &str) -> String {
    let mut titled = String::new();
    let mut begins = true;
    for letter in text.chars() {
        if begins {
            titled.extend(letter.to_uppercase());
        } else {
            titled.push(letter);
        }
        begins = letter.is_whitespace();
    }
    titled
}

/// `format("%s-%02d", a, b)`: verbs without flags are filled in, others are not known.
fn format(form: &str, arguments: &[Val]) -> Option<Val> {
    let mut text = Pattern::default();
    let mut arguments = arguments.iter();
    let mut rest = form;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_literal(before);
        let end = after.find(|letter: char| letter.is_ascii_alphabetic() || letter == '%')?;
        let verb = &after[..=end];
        match verb {
            "%" => text.push_literal("%"),
            "s" | "d" | "v" => text.append(arguments.next()?.pattern()?),
            _ => {
                arguments.next()?;
                text.append(Pattern::hole(""));
            }
        }
        rest = &after[end + 1..];
    }
    text.push_literal(rest);
    Some(Val::Text(text))
}

fn flat(lists: &[Val], deep: bool) -> Option<Vec<Val>> {
    let mut items = Vec::new();
    for list in lists {
        let Val::List(inner) = list else { return None };
        if deep && inner.iter().any(|item| matches!(item, Val::List(_))) {
            for item in inner {
                match item {
                    Val::List(_) => items.extend(flat(std::slice::from_ref(item), true)?),
                    other => items.push(other.clone()),
                }
            }
        } else {
            items.extend(inner.iter().cloned());
        }
    }
    Some(items)
}

fn merged(maps: &[Val]) -> Option<Val> {
    let mut entries: Vec<(String, Val)> = Vec::new();
    for map in maps {
        let inner = match map {
            Val::Map(inner) => inner,
            Val::Null => continue,
            _ => return None,
        };
        for (key, value) in inner {
            match entries.iter_mut().find(|(held, _)| held == key) {
                Some((_, held)) => *held = value.clone(),
                None => entries.push((key.clone(), value.clone())),
            }
        }
    }
    Some(Val::Map(entries).bounded())
}

fn pairs(arguments: &[Val], part: fn((Val, Val)) -> Val) -> Option<Val> {
    let Val::Map(_) = arguments.first()? else { return None };
    Some(Val::List(arguments[0].each()?.into_iter().map(part).collect()))
}

/// A value as JSON, with holes for what is not known. Numbers are texts here, which no name of an alert shows.
fn encoded(value: &Val) -> Pattern {
    let mut text = Pattern::default();
    match value {
        Val::Null => text.push_literal("null"),
        Val::Text(inner) => {
            text.push_literal("\"");
            text.append(inner.clone());
            text.push_literal("\"");
        }
        Val::Unknown(name) => text.append(Pattern::hole(name.clone())),
        Val::List(items) => {
            text.push_literal("[");
            text.append(Pattern::joined(items.iter().map(encoded).collect(), ","));
            text.push_literal("]");
        }
        Val::Map(entries) => {
            text.push_literal("{");
            let entry = |(key, value): &(String, Val)| {
                let mut entry = Pattern::literal(format!("\"{key}\":"));
                entry.append(encoded(value));
                entry
            };
            text.append(Pattern::joined(entries.iter().map(entry).collect(), ","));
            text.push_literal("}");
        }
    }
    text
}
