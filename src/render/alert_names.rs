//! The names of alerts for the page that stands in for those that are missing: `api/alert-names.json`, and where there
//! are many of them files of names that begin alike, of which a browser fetches one.
//!
//! `api/alerts.json` says the same and more to programs; it grows with all pages of the site.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::alerts::{Claims, ComputedName};
use crate::hidden::removed;

/// How many names stand in one file.
const MOST: usize = 500;

/// A name, and where it leads from the root of the site.
type NamedAddress<'a> = (&'a str, &'a str);

#[derive(Serialize)]
struct NamesFile<'a> {
    case_sensitive: bool,
    /// All of them; none where they are in parts.
    names: Vec<NamedAddress<'a>>,
    /// What the names of a part begin with, as [`bare`] has them, and its file.
    parts: BTreeMap<String, String>,
    patterns: Vec<NamePattern<'a>>,
}

#[derive(Serialize)]
struct NamePattern<'a> {
    url: &'a str,
    pieces: Vec<Piece<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Piece<'a> {
    Text(&'a str),
    Hole { parameter: Option<String>, values: &'a [String] },
}

/// The files, each with its path.
pub(super) fn alert_names(claims: &Claims) -> Vec<(String, String)> {
    let mut names: Vec<NamedAddress<'_>> = Vec::new();
    let mut patterns: Vec<NamePattern<'_>> = claims.computed.iter().map(computed).collect();
    for (name, claims) in &claims.alerts {
        let Some(claim) = claims.first() else { continue };
        if name.contains('*') {
            patterns.push(NamePattern { url: &claim.url, pieces: claimed(name) });
        } else {
            names.push((name, &claim.url));
        }
    }
    for (alias, name) in &claims.aliases {
        let claim = claims.alerts.get(name).and_then(|claims| claims.first());
        names.extend(claim.map(|claim| (alias.as_str(), claim.url.as_str())));
    }
    let mut files = Vec::new();
    let mut parts = BTreeMap::new();
    if names.len() > MOST {
        let keyed = names.iter().map(|name| (bare(name.0), *name)).collect();
        for (start, names) in split(keyed) {
            let path = format!("alert-names/{}.json", file_name(&start));
            files.push((format!("api/{path}"), json(&names)));
            parts.insert(start, path);
        }
        names.clear();
    }
    let list = NamesFile { case_sensitive: claims.case_sensitive, names, parts, patterns };
    files.push(("api/alert-names.json".to_owned(), json(&list)));
    files
}

fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("texts are JSON") + "\n";
    removed(&text).into_owned()
}

fn computed(computed: &ComputedName) -> NamePattern<'_> {
    NamePattern {
        url: &computed.url,
        pieces: computed.pattern.pieces().iter().map(piece).collect(),
    }
}

fn piece(piece: &crate::check::alerts::pattern::PatternPiece) -> Piece<'_> {
    use crate::check::alerts::pattern::PatternPiece as Known;
    match piece {
        Known::Literal(text) => Piece::Text(text),
        Known::Hole(hole) => Piece::Hole { parameter: hole.parameter(), values: &hole.values },
    }
}

/// The pieces of a claimed name with `*`.
fn claimed(name: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (place, text) in name.split('*').enumerate() {
        if place > 0 {
            pieces.push(Piece::Hole { parameter: None, values: &[] });
        }
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// A name by its letters and digits alone, in lower case, as the browser compares names.
fn bare(name: &str) -> String {
    name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Names that begin alike, as few files as hold [`MOST`] each; what begins a part is longer the more names begin so.
fn split<'a>(names: Vec<(String, NamedAddress<'a>)>) -> BTreeMap<String, Vec<NamedAddress<'a>>> {
    let mut parts: BTreeMap<String, Vec<NamedAddress<'a>>> = BTreeMap::new();
    let mut open = vec![(0, names)];
    while let Some((length, names)) = open.pop() {
        let start = |bare: &str, length: usize| bare.chars().take(length).collect::<String>();
        let is_longer = |bare: &str| bare.chars().nth(length).is_some();
        if names.len() <= MOST || !names.iter().any(|(bare, _)| is_longer(bare)) {
            let begins = names.first().map_or_else(String::new, |(bare, _)| start(bare, length));
            parts.entry(begins).or_default().extend(names.into_iter().map(|(_, name)| name));
            continue;
        }
        let mut by_start: BTreeMap<String, Vec<(String, NamedAddress<'a>)>> = BTreeMap::new();
        for (bare, name) in names {
            by_start.entry(start(&bare, length + 1)).or_default().push((bare, name));
        }
        open.extend(by_start.into_values().map(|names| (length + 1, names)));
    }
    parts
}

/// What begins a part as the name of a file, in letters that every host takes.
fn file_name(start: &str) -> String {
    if start.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !start.is_empty() {
        return start.to_owned();
    }
    start.bytes().fold("-".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{MOST, alert_names};
    use crate::check::alerts::{Claim, Claims};

    fn claims(names: impl Iterator<Item = String>) -> Claims {
        let claim = |name: String| {
            let url = format!("/alerts/{name}/");
            (name, vec![Claim { url, ..Claim::default() }])
        };
        Claims { alerts: names.map(claim).collect(), ..Claims::default() }
    }

    #[test]
    fn few_names_stand_in_one_file_and_many_in_parts_that_a_name_leads_to() {
        let few = claims((0..3).map(|one| format!("Alert{one}")));
        assert_eq!(alert_names(&few).len(), 1);
        let shapes = ["QueueStuck", "QueueSlow-", "Диск", "Disk", "D"];
        let many: Vec<String> =
            (0..6_000).map(|one| format!("{}{one}", shapes[one % shapes.len()])).collect();
        let files: BTreeMap<String, String> =
            alert_names(&claims(many.iter().cloned().chain(["D".to_owned()])))
                .into_iter()
                .collect();
        let list: serde_json::Value =
            serde_json::from_str(&files["api/alert-names.json"]).expect("JSON");
        assert_eq!(list["names"], serde_json::json!([]));
        let parts = list["parts"].as_object().expect("parts");
        assert!(parts.len() > 12 && files["api/alert-names.json"].len() < 4_096);
        for name in many.iter().chain([&"D".to_owned()]) {
            let bare = super::bare(name);
            let begins = parts.keys().filter(|start| bare.starts_with(start.as_str()));
            let longest = begins.max_by_key(|start| start.len()).expect("a part for each name");
            let path = format!("api/{}", parts[longest].as_str().expect("a path"));
            assert!(path.is_ascii(), "{path}");
            let names: Vec<(String, String)> = serde_json::from_str(&files[&path]).expect("JSON");
            assert!(names.len() <= MOST && names.iter().any(|(one, _)| one == name), "{name}");
        }
    }
}
