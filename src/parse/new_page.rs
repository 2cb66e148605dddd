//! A template and what is known of a new page become the page's first text.
//!
//! Fills slots and sets front-matter keys; everything else stays as the template has it, so that a check still
//! finds the guidance. Writes no file and asks nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::front_matter::block::{Editor, with_new_block};
use super::template_section::straight;
use crate::text::single_spaced;
use crate::token::{parameter_name, placeholders};
use crate::value::{Node, yaml};

/// Fills in a template.
pub fn new_page(template: &str, values: &NewPageValues) -> String {
    let mut text = fill(&requoted(template, &values.slots), &values.slots);
    if let Some(name) = &values.name {
        text = titled(&text, name);
    }
    for (key, value) in &values.keys {
        text = with_key(&text, key, value);
    }
    text
}

/// What is known of a new page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPageValues {
    /// What stands for a slot, by its [`parameter_name`].
    pub slots: BTreeMap<String, String>,
    /// Front-matter keys in order, each with its value as YAML.
    pub keys: Vec<(String, String)>,
    /// What the page is called where the template's title says that it is a template.
    pub name: Option<String>,
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

/// The text with a page's name in place of the word "template", in the title and in the first heading.
fn titled(text: &str, name: &str) -> String {
    let mut text = text.to_owned();
    let title = read(&text).and_then(|root| root.get("title")?.scalar_text());
    if let Some(title) = title.and_then(|title| renamed(&title, name)) {
        text = with_key(&text, "title", &yaml::quote(&title));
    }
    let mut done = 0;
    for line in text.split_inclusive('\n') {
        let heading = line.strip_prefix("# ").map(|heading| (heading, heading.trim_end()));
        if let Some((whole, heading)) = heading {
            let Some(new) = renamed(heading, name) else { break };
            let start = done + line.len() - whole.len();
            text.replace_range(start..start + heading.len(), &new);
            break;
        }
        done += line.len();
    }
    text
}

/// A title without the word that says that it is one of a template, behind the page's name; nothing for any other.
fn renamed(title: &str, name: &str) -> Option<String> {
    const WORDS: [&str; 7] =
        ["template", "vorlage", "modèle", "plantilla", "modelo", "テンプレート", "قالب"];
    let is_word = |word: &&str| WORDS.contains(&word.to_lowercase().as_str());
    let words = || title.split(' ').filter(|word| !word.is_empty());
    words().any(|word| is_word(&word)).then(|| {
        let rest = words().filter(|word| !is_word(word));
        std::iter::once(name).chain(rest).collect::<Vec<_>>().join(" ")
    })
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

/// The text with a key of its front matter set to a YAML value; a block that cannot be edited stays as it is.
fn with_key(text: &str, key: &str, value: &str) -> String {
    match Editor::find(text) {
        Ok(None) => with_new_block(text, &[format!("{key}: {value}\n")]),
        Ok(Some(editor)) => {
            let edit = editor.set(key, &editor.translated(value));
            editor.apply(edit.into_iter().collect())
        }
        Err(_) => text.to_owned(),
    }
}

/// What the front matter says, if it can be read.
fn read(text: &str) -> Option<Node> {
    Some(Editor::find(text).ok()??.root)
}

#[cfg(test)]
mod tests {
    use super::{NewPageValues, new_page, slot_names};
    use crate::token::parameter_name;

    const TEMPLATE: &str = "---\ntitle: \"Runbook Template\"\ndate: \"<today’s date>\"\n---\n\n# Runbook\n\nRun `<AGENT_NAME>`, see <https://example.org> and <br> or `<...>`.\nIf 1 < 2 and 3 > 2 for <PREVIOUS_AGENT>.\n";

    fn check(slots: &[(&str, &str)], keys: &[(&str, &str)], expected: &str) {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let slot = |(name, value): &(&str, &str)| (parameter_name(name), (*value).to_owned());
        let values = NewPageValues {
            slots: slots.iter().map(slot).collect(),
            keys: keys.iter().map(owned).collect(),
            name: None,
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
            new_page(template, &NewPageValues { slots, ..NewPageValues::default() })
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
        let values = NewPageValues {
            slots: [("name".to_owned(), "Pay \"fast\"".to_owned())].into(),
            keys: [("agent", "pay"), ("version", "2"), ("upstream", "[a, 'b: c']"), ("owner", "x")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            name: None,
        };
        let toml = "+++\ntitle = \"<NAME>\" # kept\nowner = \"\"\n[extra]\nagent = 1\n+++\n# A\n";
        assert_eq!(
            new_page(toml, &values),
            "+++\ntitle = \"Pay \\\"fast\\\"\" # kept\nowner = \"x\"\nagent = \"pay\"\nversion = 2\n\
             upstream = [\"a\", \"b: c\"]\n[extra]\nagent = 1\n+++\n# A\n"
        );
        let values = NewPageValues {
            keys: vec![("agent".to_owned(), "pay".to_owned())],
            ..NewPageValues::default()
        };
        for (empty, filled) in [
            ("+++\n+++\n", "+++\nagent = \"pay\"\n+++\n"),
            ("---\n---\n", "---\nagent: pay\n---\n"),
            ("# A\n", "---\nagent: pay\n---\n\n# A\n"),
            // Every way to write a block is the one that pages are read by.
            ("--- \r\na: 1\r\n---\r\n", "--- \r\na: 1\r\nagent: pay\r\n---\r\n"),
            ("\u{feff}---\na: 1\n---\n", "\u{feff}---\na: 1\nagent: pay\n---\n"),
            ("---\n  a: 1\n---\n", "---\n  a: 1\n  agent: pay\n---\n"),
            ("---\nagent: # by hand\n---\n", "---\nagent: pay # by hand\n---\n"),
            ("---\na: |\n  x\n  ---y\n---\n", "---\na: |\n  x\n  ---y\nagent: pay\n---\n"),
            ("---\n{a: 1}\n---\n", "---\n{a: 1}\n---\n"),
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

    #[test]
    fn a_page_is_not_called_a_template() {
        let values = NewPageValues { name: Some("Refund".to_owned()), ..NewPageValues::default() };
        for (template, page) in [
            (
                "---\ntitle: \"Operational Runbook Template – Shop\" # kept\n---\n\n# Operational Runbook Template\n\n# Template\n",
                "---\ntitle: Refund Operational Runbook – Shop # kept\n---\n\n# Refund Operational Runbook\n\n# Template\n",
            ),
            ("# Vorlage\n", "# Refund\n"),
            (
                "---\ntitle: Runbook\n---\n# Templates of mails\n",
                "---\ntitle: Runbook\n---\n# Templates of mails\n",
            ),
        ] {
            assert_eq!(new_page(template, &values), page);
        }
    }
}
