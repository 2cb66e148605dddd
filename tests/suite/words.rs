//! The words of the interface, as whole sites show them.

use std::collections::BTreeMap;

use guidepost::build::Build;
use guidepost::words::Words;

use crate::support::{build_site, site};

/// A site with most that pages show.
const RICH: &str = "
-- site.toml --
title = \"Hafen\"
language = \"LANGUAGE\"
[freshness]
review_in = \"90 days\"
[strings]
home-headline = \"Was ist los?\"
page-count = { one = \"{count} Blatt\", other = \"{count} Blätter\" }
-- content/index.md --
# Hafen
-- content/ops/db.md --
---
alerts: [{name: DbDown, severity: critical}]
last_reviewed_on: 2026-01-01
owner: ops
---
# Db

> [!WARNING]
> Vorsicht.

## 1. Schritte

- [ ] eins
- [ ] zwei

| a |
|---|
| b |
";

fn build(language: &str) -> Build {
    build_site(site(&RICH.replace("LANGUAGE", language)))
}

fn file<'b>(build: &'b Build, name: &str) -> &'b str {
    let found = build.output.iter().find(|(path, _)| path.as_str() == name);
    std::str::from_utf8(found.unwrap_or_else(|| panic!("there is no {name}")).1).expect("text")
}

/// The pieces of the English words that are long enough to be no accident.
fn english(own: &Words) -> Vec<String> {
    let mut pieces = Vec::new();
    let table = Words::new("en", BTreeMap::new());
    for name in Words::names() {
        let translated: Vec<&String> = own.forms(name).expect("a word").0.values().collect();
        for form in table.forms(name).expect("a word").0.values() {
            let between = form.split(['{', '}']).step_by(2);
            let between = between.map(|piece| piece.trim_matches(|c: char| !c.is_alphanumeric()));
            let long = between.filter(|piece| piece.len() > 9 && piece.contains(' '));
            let foreign = long.filter(|piece| !translated.iter().any(|own| own.contains(piece)));
            pieces.extend(foreign.map(str::to_owned));
        }
    }
    pieces
}

#[test]
fn a_site_in_another_language_says_nothing_in_english() {
    for language in Words::languages().filter(|language| *language != "en") {
        let pieces = english(&Words::new(language, BTreeMap::new()));
        assert!(pieces.len() > 50, "{language}");
        for (path, bytes) in build(language).output.iter() {
            let is_shown = [".html", ".js", ".css"].iter().any(|end| path.as_str().ends_with(end));
            let Some(text) = std::str::from_utf8(bytes).ok().filter(|_| is_shown) else { continue };
            let said: Vec<&String> = pieces.iter().filter(|piece| text.contains(*piece)).collect();
            assert!(said.is_empty(), "{language}: {path} says {said:?}");
        }
    }
}

#[test]
fn the_language_picks_words_dates_plurals_and_direction() {
    let german = build("de");
    let page = file(&german, "ops/db/index.html");
    for said in [
        "<html lang=\"de\" dir=\"ltr\"",
        "Überfällig seit 1. April 2026",
        "Warnung</p>",
        "(2 Schritte)",
        "0 von 2 erledigt",
        "Link zu Abschnitt 1",
    ] {
        assert!(page.contains(said), "no {said} in {page}");
    }
    assert!(file(&german, "freshness/index.html").contains("90 Tage"));
    let arabic = build("ar");
    assert!(file(&arabic, "index.html").contains("<html lang=\"ar\" dir=\"rtl\""));
}

#[test]
fn what_a_command_loses_is_said_in_the_language_of_the_site() {
    let page = "-- site.toml --\nlanguage = \"LANGUAGE\"\n-- content/a.md --\n# A\n\n```sh\nkubectl delete ns x\n```\n";
    let said = |language: &str| {
        let build = build_site(site(&page.replace("LANGUAGE", language)));
        file(&build, "a/index.html").to_owned()
    };
    let german = "Löscht den Namespace mit allem darin, das lässt sich nicht rückgängig machen";
    assert!(said("de-AT").contains(german), "{}", said("de-AT"));
    assert!(said("nl").contains("Deletes the namespace with everything in it, cannot be undone"));
}

#[test]
fn a_site_words_the_interface_itself() {
    let german = build("de");
    assert!(file(&german, "index.html").contains("<h1>Was ist los?</h1>"));
    let unknown = build("nl");
    assert!(file(&unknown, "index.html").contains("Find the fix"), "English stands in");
    let script = |build: &Build| {
        let is_script = |path: &str| path.starts_with("theme/guidepost.");
        let found = build.output.iter().find(|(path, _)| is_script(path.as_str()));
        String::from_utf8(found.expect("the script").1.to_vec()).expect("text")
    };
    assert!(script(&german).contains("\"Kopiert\"") && script(&unknown).contains("\"Copied\""));
}

#[test]
fn words_of_a_site_never_break_scripts_or_style_sheets() {
    let config = "-- site.toml --\n[strings]\nclose = '</b>\"`${x}\\'\ndone-by = 'a\"b\\'\ncopied = 'a\"b\\'\n";
    let build = build_site(site(config));
    let asset = |start: &str| {
        let found = build.output.iter().find(|(path, _)| path.as_str().starts_with(start));
        String::from_utf8(found.expect("an asset").1.to_vec()).expect("text")
    };
    assert!(asset("theme/theme.").contains("content:\"a\\\"b\\\\\""), "in a style sheet");
    assert!(asset("theme/guidepost.").contains("\"a\\\"b\\\\\""), "in a script");
    let dialog = asset("theme/search-dialog.");
    assert!(dialog.contains(">&lt;/b&gt;&quot;"), "in markup");
    assert!(!dialog.contains("${x}"), "{dialog}");
}

#[test]
fn an_unknown_word_is_a_finding_with_the_nearest() {
    let build = build_site(site(
        "-- site.toml --\n[strings]\nhome-headlin = \"x\"\npages = { ohter = \"y\" }\n",
    ));
    let found: Vec<String> = build
        .findings
        .iter()
        .map(|found| format!("{} {:?}", found.diagnostic.message, found.diagnostic.help))
        .collect();
    assert_eq!(
        found,
        [
            "unknown key `home-headlin` Some(\"a key with a similar name exists: `home-headline`\")",
            "unknown key `ohter` Some(\"a key with a similar name exists: `other`\")",
        ]
    );
}
