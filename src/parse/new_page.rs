//! A template and what is known of a new page become the page's first text.
//!
//! Fills slots and sets front-matter keys; everything else stays as the template has it, so that a check still
//! finds the guidance. Writes no file and asks nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::front_matter::Dialect;
use super::template_section::straight;
use crate::text::single_spaced;
use crate::token::{parameter_name, placeholders};
use crate::value::{Entry, Node, Value, json, toml, yaml};

/// Fills in a template.
pub fn new_page(template: &str, values: &Values) -> String {
    let mut text = fill(&requoted(template, &values.slots), &values.slots);
    for (key, value) in &values.keys {
        text = with_key(&text, key, value);
    }
    text
}

/// What is known of a new page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// What stands for a slot, by its [`parameter_name`].
    pub slots: BTreeMap<String, String>,
    /// Front-matter keys in order, each with its value as YAML.
    pub keys: Vec<(String, String)>,
}

/// The slots of a template as its author named them, each once, in the order of the text; `<...>` has no name.
pub fn slot_names(template: &str) -> Vec<String> {
    let mut seen = BTreeSet::from([String::new()]);
    let typed = placeholders(template).map(|range| template[range].trim_matches(['<', '>']));
    let new = typed.filter(|name| seen.insert(parameter_name(name)));
    new.map(|name| single_spaced(&straight(name)).into_owned()).collect()
}

fn fill(template: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut done = 0;
    for range in placeholders(template) {
        if let Some(value) = values.get(&parameter_name(&template[range.clone()])) {
            out.push_str(&template[done..range.start]);
            out.push_str(value);
            done = range.end;
        }
    }
    out.push_str(&template[done..]);
    out
}

/// The template with those front-matter values filled and quoted anew that would not survive being filled as they
/// stand: a value such as `Refund: "fast"` ends the quotes of `title: "<AGENT_NAME> runbook"`.
fn requoted(template: &str, slots: &BTreeMap<String, String>) -> String {
    let mut text = template.to_owned();
    for entry in read(template).iter().flat_map(Node::entries) {
        let Some(wanted) = entry.value.as_str().map(|value| fill(value, slots)) else { continue };
        let Range { start, end } = entry.value.range;
        let filled = fill(&template[start..end], slots);
        let trial = format!("{}{filled}{}", &template[..start], &template[end..]);
        let said = read(&trial).and_then(|root| root.get(&entry.key)?.scalar_text());
        if filled != template[start..end] && said.as_deref() != Some(&wanted) {
            text = with_key(&text, &entry.key, &yaml::quote(&wanted));
        }
    }
    text
}

/// The text with a key of its front matter set: in place if it is there, else at the end of the block, in TOML before
/// its tables. The value is YAML.
fn with_key(text: &str, key: &str, value: &str) -> String {
    let Some((dialect, block)) = front_matter(text) else {
        return format!("---\n{key}: {value}\n---\n\n{text}");
    };
    let root = read(text);
    let (value, between) = match dialect {
        Dialect::Toml => (in_toml(value), " = "),
        Dialect::Yaml | Dialect::None => (value.to_owned(), ": "),
    };
    match root.as_ref().and_then(|root| root.get(key)).map(|node| node.range.clone()) {
        Some(range) if range.is_empty() => {
            format!("{} {value}{}", &text[..range.start], &text[range.end..])
        }
        Some(range) => format!("{}{value}{}", &text[..range.start], &text[range.end..]),
        None => {
            let entries = root.as_ref().map(Node::entries).unwrap_or_default();
            let lines = entries.iter().map(|entry| line_start(text, entry.key_range.start));
            let mut tables = lines.filter(|line| text[*line..].trim_start().starts_with('['));
            let place = tables.next().filter(|_| dialect == Dialect::Toml).unwrap_or(block.end);
            format!("{}{key}{between}{value}\n{}", &text[..place], &text[place..])
        }
    }
}

fn line_start(text: &str, place: usize) -> usize {
    text[..place].rfind('\n').map_or(0, |end| end + 1)
}

/// A YAML value as TOML writes it.
fn in_toml(value: &str) -> String {
    yaml::parse(value, 0).map_or_else(|_| json::quote(value), |node| toml_value(&node))
}

fn toml_value(node: &Node) -> String {
    match &node.value {
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(toml_value).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entry = |entry: &Entry| {
                format!("{} = {}", json::quote(&entry.key), toml_value(&entry.value))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Bool(_) | Value::Integer(_) => node.scalar_text().unwrap_or_default(),
        _ => json::quote(&node.scalar_text().unwrap_or_default()),
    }
}

/// What the front matter says, if it can be read.
fn read(text: &str) -> Option<Node> {
    let (dialect, block) = front_matter(text)?;
    let typed = &text[block.clone()];
    match dialect {
        Dialect::Toml => toml::parse(typed, block.start).ok(),
        Dialect::Yaml | Dialect::None => yaml::parse(typed, block.start).ok(),
    }
}

/// What stands between the delimiters, and in which language.
fn front_matter(text: &str) -> Option<(Dialect, Range<usize>)> {
    for (delimiter, dialect) in [("---", Dialect::Yaml), ("+++", Dialect::Toml)] {
        let Some(rest) = text.strip_prefix(delimiter) else { continue };
        let first = delimiter.len() + rest.find('\n')?;
        let last = first + text[first..].find(&format!("\n{delimiter}"))?;
        return Some((dialect, first + 1..last + 1));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Values, new_page, slot_names};
    use crate::token::parameter_name;

    const TEMPLATE: &str = "---\ntitle: \"Runbook Template\"\ndate: \"<today’s date>\"\n---\n\n# Runbook\n\nRun `<AGENT_NAME>`, see <https://example.org> and <br> or `<...>`.\nIf 1 < 2 and 3 > 2 for <PREVIOUS_AGENT>.\n";

    fn check(slots: &[(&str, &str)], keys: &[(&str, &str)], expected: &str) {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let slot = |(name, value): &(&str, &str)| (parameter_name(name), (*value).to_owned());
        let values = Values {
            slots: slots.iter().map(slot).collect(),
            keys: keys.iter().map(owned).collect(),
        };
        assert_eq!(new_page(TEMPLATE, &values), expected);
    }

    #[test]
    fn known_slots_are_filled_wherever_they_stand() {
        let expected =
            TEMPLATE.replace("<today’s date>", "2026-08-20").replace("<AGENT_NAME>", "refund");
        check(&[("AGENT_NAME", "refund"), ("today's date", "2026-08-20")], &[], &expected);
    }

    #[test]
    fn keys_are_set_in_place_or_added() {
        let expected = TEMPLATE
            .replace("\"Runbook Template\"", "Refund")
            .replace("date>\"\n---", "date>\"\nagent: refund\n---");
        check(&[], &[("title", "Refund"), ("agent", "refund")], &expected);
    }

    #[test]
    fn a_value_that_would_end_its_quotes_is_quoted_anew() {
        let template = "---\ntitle: \"<NAME> runbook\" # kept\nsummary: About <NAME>\ndate: \"<DATE>\"\n---\n# <NAME>\n";
        let fill = |name: &str| {
            let slots = [("NAME", name), ("DATE", "2026-08-20")];
            let slots = slots.map(|(key, value)| (parameter_name(key), value.to_owned())).into();
            new_page(template, &Values { slots, keys: Vec::new() })
        };
        let plain = template.replace("<NAME>", "refund").replace("<DATE>", "2026-08-20");
        assert_eq!(fill("refund"), plain);
        assert_eq!(
            fill("Pay: \"fast\""),
            "---\ntitle: 'Pay: \"fast\" runbook' # kept\nsummary: 'About Pay: \"fast\"'\ndate: \"2026-08-20\"\n---\n# Pay: \"fast\"\n"
        );
    }

    #[test]
    fn keys_are_set_in_the_language_of_the_block() {
        let values = Values {
            slots: [("name".to_owned(), "Pay \"fast\"".to_owned())].into(),
            keys: [("agent", "pay"), ("version", "2"), ("upstream", "[a, 'b: c']"), ("owner", "x")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
        };
        let toml = "+++\ntitle = \"<NAME>\" # kept\nowner = \"\"\n[extra]\nagent = 1\n+++\n# A\n";
        assert_eq!(
            new_page(toml, &values),
            "+++\ntitle = \"Pay \\\"fast\\\"\" # kept\nowner = \"x\"\nagent = \"pay\"\nversion = 2\n\
             upstream = [\"a\", \"b: c\"]\n[extra]\nagent = 1\n+++\n# A\n"
        );
        let values =
            Values { keys: vec![("agent".to_owned(), "pay".to_owned())], ..Values::default() };
        for (empty, filled) in [
            ("+++\n+++\n", "+++\nagent = \"pay\"\n+++\n"),
            ("---\n---\n", "---\nagent: pay\n---\n"),
            ("# A\n", "---\nagent: pay\n---\n\n# A\n"),
        ] {
            assert_eq!(new_page(empty, &values), filled);
        }
    }

    #[test]
    fn what_is_left_to_ask_is_named_once() {
        assert_eq!(slot_names(TEMPLATE), ["today's date", "AGENT_NAME", "PREVIOUS_AGENT"]);
        let template = "<1-3 sentences>, <yes/no>, <date: YYYY-MM-DD>, <Yes / No>, `<agent name>`, <AGENT_NAME>";
        let names = ["1-3 sentences", "yes/no", "date: YYYY-MM-DD", "agent name"];
        assert_eq!(slot_names(template), names);
    }
}
