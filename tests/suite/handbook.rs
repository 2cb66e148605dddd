//! The handbook's tables of keys are those of the code: each key has a row that begins with what the code says it means.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use guidepost::config::read::keys as config_keys;
use guidepost::diagnostic::{Level, Rule};
use guidepost::parse::front_matter::read::keys as front_matter_keys;
use guidepost::theme::default_files;
use guidepost::value::keys::{KnownKey, Shape};
use serde_json::Value;

use crate::support::{folder, guidepost, text};
use crate::theme_samples;

mod examples;

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/handbook").join(name);
    fs::read_to_string(path).expect("a page of the handbook")
}

/// A key as the handbook has to name it, `owners.NAME.chat`, with what it means and what it holds.
fn flat(keys: &[KnownKey], above: &str, found: &mut BTreeMap<String, (&'static str, Shape)>) {
    for key in keys {
        let path = format!("{above}{}", key.name);
        match key.shape {
            Shape::Keys => flat(&key.keys, &format!("{path}."), found),
            Shape::Named(keys) => flat(&keys(), &format!("{path}.NAME."), found),
            Shape::Entries(keys) => {
                flat(&keys(), &format!("{path}."), found);
                found.insert(path, (key.says, key.shape));
            }
            _ => {
                found.insert(path, (key.says, key.shape));
            }
        }
    }
}

/// The cells of the tables of a page that begin with code, each table with the line of text before it and the header of
/// the TOML example before it.
fn rows(page: &str) -> Vec<(String, String, Vec<String>)> {
    let (mut rows, mut text, mut header, mut in_toml) =
        (Vec::new(), String::new(), String::new(), false);
    for line in page.lines() {
        if line.starts_with("```") {
            in_toml = line == "```toml";
            header = if in_toml { String::new() } else { header };
        } else if in_toml && header.is_empty() && line.starts_with('[') {
            line.trim_matches(['[', ']']).clone_into(&mut header);
        } else if line.starts_with("| `") {
            let cells = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned());
            rows.push((text.clone(), header.clone(), cells.collect()));
        } else if !in_toml && !line.is_empty() && !line.starts_with('|') {
            line.clone_into(&mut text);
        }
    }
    rows
}

/// The names in backticks of a text.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// A cell as its reader sees it, without the marks of code, emphasis and links.
fn plain(cell: &str) -> String {
    let mut plain = String::new();
    let mut rest = cell;
    while let Some((before, link)) = rest.split_once("](") {
        plain.push_str(before);
        rest = link.split_once(')').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain.replace(['`', '*', '['], "").replace(']', "")
}

/// Compares what pages say with the keys of the code; `mean` is the cell of a row that says what the key means.
fn check(documented: &[(String, String)], keys: &[KnownKey]) {
    let mut known = BTreeMap::new();
    flat(keys, "", &mut known);
    let mut wrong = Vec::new();
    for (path, meaning) in documented {
        match known.get(path) {
            Some((says, _)) => {
                if !plain(meaning).starts_with(&says.replace(['[', ']'], "")) {
                    wrong.push(format!(
                        "`{path}`: the handbook says {meaning:?}, the code {says:?}"
                    ));
                }
            }
            None => wrong.push(format!("`{path}` is in the handbook and not in the code")),
        }
    }
    let documented: BTreeSet<&str> = documented.iter().map(|(path, _)| path.as_str()).collect();
    let missing = known.keys().filter(|path| !documented.contains(path.as_str()));
    wrong.extend(missing.map(|path| format!("`{path}` is not in the handbook")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_key_of_site_toml_is_in_the_handbook_and_means_what_it_says_there() {
    let mut documented = Vec::new();
    let deploying = page("deploying.md");
    let targets = deploying.split("\n## ").find(|part| part.starts_with("Targets with names"));
    let pages = page("site-toml.md") + targets.expect("a section");
    for (_, header, cells) in rows(&pages) {
        // The second part of `[owners.devops]` is a name that the site chose.
        let mut parts = header.split('.');
        let above = match (parts.next().unwrap_or_default(), parts.next()) {
            ("", _) => String::new(),
            (table @ ("owners" | "templates" | "parameters" | "deploy"), Some(_)) => {
                let below: Vec<&str> = header.split('.').skip(2).collect();
                let below = below.iter().map(|part| format!("{part}."));
                format!("{table}.NAME.{}", below.collect::<String>())
            }
            (table, _) => format!("{table}."),
        };
        for name in names(&cells[0]) {
            documented.push((format!("{above}{name}"), cells[cells.len() - 1].clone()));
        }
    }
    // Words and rules have names of their own, which their own tests hold to tables.
    for (name, says) in
        [("strings", "Words of the interface"), ("checks", "The level of each rule")]
    {
        assert!(pages.contains(&format!("[{name}]")));
        documented.push((name.to_owned(), says.to_owned()));
    }
    check(&documented, &config_keys());
}

#[test]
fn every_key_of_front_matter_is_in_the_handbook_and_means_what_it_says_there() {
    let page = page("front-matter.md");
    let own = page.split("\n## Keys of other tools").next().expect("a page");
    let keys = front_matter_keys();
    let mut documented = Vec::new();
    for (before, _, cells) in rows(own) {
        let list = names(&before).first().copied().unwrap_or_default();
        let is_nested =
            keys.iter().any(|key| key.name == list && matches!(key.shape, Shape::Entries(_)));
        let above = if is_nested { format!("{list}.") } else { String::new() };
        for name in names(&cells[0]) {
            documented.push((format!("{above}{name}"), cells[2].clone()));
        }
    }
    check(&documented, &keys);
}

#[test]
fn every_rule_is_in_the_handbook_under_its_level() {
    let page = page("checks.md");
    let mut documented = BTreeMap::new();
    for part in page.split("\n## ").skip(1) {
        let level = match part.lines().next() {
            Some("Errors") => Level::Error,
            Some("Warnings") => Level::Warning,
            Some("Off until you ask") => Level::Allow,
            _ => continue,
        };
        for (_, _, cells) in rows(part) {
            documented.extend(names(&cells[0]).into_iter().map(|name| (name.to_owned(), level)));
        }
    }
    let cards = Rule::ALL.iter().map(|rule| rule.card());
    let known: BTreeMap<_, _> =
        cards.map(|card| (card.name.to_owned(), card.default_level)).collect();
    assert_eq!(documented, known);
}

#[test]
fn every_file_of_the_default_theme_is_in_the_handbook() {
    let page = page("theme.md");
    let table = page.split("\n## ").find(|part| part.starts_with("Files\n")).expect("a section");
    let mut documented = BTreeSet::new();
    for (_, _, cells) in rows(table) {
        let mut folder = "";
        for name in names(&cells[0]) {
            // A row names the folder once.
            folder = name.rsplit_once('/').map_or(folder, |(folder, _)| folder);
            let file = name.rsplit('/').next().unwrap_or_default();
            documented.insert(format!("{folder}/{file}"));
        }
    }
    let files = default_files();
    let missing: Vec<&str> = files
        .iter()
        .map(|(path, _)| path.as_str())
        .filter(|path| !documented.contains(*path))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn the_fields_of_a_page_in_the_handbook_are_those_that_a_template_sees() {
    let view = serde_json::to_value(theme_samples::page()).expect("JSON");
    let fields = |value: &Value| -> BTreeSet<String> {
        value.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let page = page("theme.md");
    let (mut of_frame, mut of_page) = (BTreeSet::new(), BTreeSet::from(["frame".to_owned()]));
    for (before, _, cells) in rows(&page) {
        match before.as_str() {
            "Every `page` has a `frame`:" => {
                of_frame.extend(names(&cells[0]).into_iter().map(str::to_owned));
            }
            "`page.html` gets these as well:" => {
                for name in names(&cells[0]) {
                    of_page.insert(name.to_owned());
                    let held = &view[name];
                    let held = if held.is_array() { &held[0] } else { held };
                    for inner in names(&cells[1]).iter().filter(|_| held.is_object()) {
                        assert!(
                            !held[inner].is_null() || fields(held).contains(*inner),
                            "{name}.{inner}"
                        );
                    }
                }
            }
            _ => {}
        }
    }
    assert_eq!(of_frame, fields(&view["frame"]));
    assert_eq!(of_page, fields(&view));
}

#[test]
fn schemas_for_editors_hold_every_key_and_what_the_site_says_of_them() {
    let site = folder(
        "-- site.toml --\n[owners.ops]\n[owners.dev]\n[front_matter]\nextra = [\"cost_center\"]\nstatus = [\"Live\"]\n",
    );
    let schema = |of: &str| -> Value {
        let output = guidepost(site.path(), &["schema", of]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output));
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let front_matter = schema("front-matter");
    let properties = front_matter["properties"].as_object().expect("keys");
    assert!(front_matter_keys().iter().all(|key| properties.contains_key(key.name)));
    assert!(properties.contains_key("cost_center"));
    assert_eq!(properties["owner"]["enum"], serde_json::json!(["dev", "ops"]));
    assert_eq!(properties["status"]["enum"], serde_json::json!(["Live"]));
    assert!(properties["template"].get("enum").is_none());
    let config = schema("site");
    assert!(config_keys().iter().all(|key| !config["properties"][key.name].is_null()));
    let owner = &config["properties"]["owners"]["additionalProperties"];
    assert_eq!(owner["properties"]["chat"]["description"], "Channel and its address");
    assert_eq!(owner["additionalProperties"], false);
    let styles = &config["properties"]["urls"]["properties"]["style"]["enum"];
    assert_eq!(*styles, serde_json::json!(["folder", "file"]));
}
