//! After any sequence of edits a build that remembers equals one that does not, byte for byte.

use std::collections::BTreeMap;
use std::sync::Arc;

use guidepost::build::{Build, Cache, Options, build};
use guidepost::calendar::parse_date;
use guidepost::files::{FilePath, Files};
use guidepost::history::History;
use guidepost::memo::with_threads;
use guidepost::sources::Sources;

use crate::support::site;

const START: &str = r#"
-- site.toml --
title = "Edited"
base_url = "https://runbooks.example.org/"
[owners.devops]
name = "DevOps"
[templates.agent]
file = "content/_templates/agent.md"
applies_to = ["agents/**"]
[templates.agent.sections]
alerts = "Alerts"
[alerts]
from_filename = ["named/**"]
-- content/_templates/agent.md --
# `<AGENT_NAME>`

## Overview

Say what it does.

## Alerts

One row for each alert.
-- content/index.md --
# Home

See [one](agents/one.md) and [[two]].
-- content/agents/index.md --
---
title: Agents
---
-- content/agents/one.md --
---
title: One
agent: one
owner: devops
downstream: [two]
last_reviewed_on: 2026-01-01
review_in: 3 months
alerts: [OneErrors]
tags: [queue]
---

# One

## Overview

It feeds [two](two.md#overview). Look at `TwoErrors` too.

```bash
kubectl delete pod <pod>
```

## Alerts

`OneErrors` fires when it fails.
-- content/agents/two.md --
---
title: Two
agent: two
owner: devops
upstream: [one]
---

# Two

## Overview

Fed by [one](one.md).

## Alerts

`TwoErrors` fires when it fails.
-- content/named/DiskFull.md --
# DiskFull

Free some space, see [the agents](../agents/).
-- content/image.svg --
<svg/>
"#;

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("less than a usize")
    }

    fn pick<'a>(&mut self, from: &'a [FilePath]) -> &'a FilePath {
        &from[self.below(from.len())]
    }
}

fn path(text: &str) -> FilePath {
    FilePath::new(text).expect("the test names a path")
}

fn pages(files: &Files) -> Vec<FilePath> {
    let is_page =
        |path: &&FilePath| path.under("content").is_some() && path.name().ends_with(".md");
    files.iter().map(|(path, _)| path).filter(is_page).cloned().collect()
}

fn text(files: &Files, path: &FilePath) -> String {
    files.text(path).expect("the file is text").to_owned()
}

/// One edit of the kinds that people make; returns what it was.
fn edit(files: &mut Files, options: &mut Options, dice: &mut Dice, number: usize) -> String {
    let pages = pages(files);
    let page = dice.pick(&pages).clone();
    let old = text(files, &page);
    let (what, new) = match dice.below(16) {
        0 => ("prose", format!("{old}\nOnly words, {number}.\n")),
        1 => (
            "link",
            format!("{old}\n[see](/{})\n", dice.pick(&pages).under("content").expect("a page")),
        ),
        2 => ("broken link", format!("{old}\nSee [gone](gone{number}.md) and [[two#nowhere]].\n")),
        3 => ("title", old.replace("title: ", &format!("title: N{number} "))),
        4 => ("heading", old.replace("## Overview", &format!("## Overview {number}"))),
        5 => ("owner", old.replace("owner: devops", "owner: sre")),
        6 => ("review", old.replace("last_reviewed_on: 2026", "last_reviewed_on: 2025")),
        7 => ("alert", old.replace("[OneErrors]", &format!("[OneErrors, More{number}]"))),
        8 => ("broken front matter", old.replacen("title: ", "title: [", 1)),
        9 => {
            let name = format!("content/agents/new-{number}.md");
            files.insert(
                path(&name),
                format!("---\nagent: a{number}\nupstream: [one]\n---\n# N\n").into_bytes(),
            );
            return format!("new page {name}");
        }
        10 | 11 if pages.len() > 4 => {
            let bytes = files.remove(&page).expect("the page is there");
            if dice.below(2) == 0 {
                return format!("delete {page}");
            }
            files.insert(path(&format!("{}/moved-{number}.md", page.folder())), bytes);
            return format!("rename {page}");
        }
        12 => {
            let css = path("theme/static/site.css");
            let style = format!("body {{ margin: {number}px }}");
            files.insert(css, style.into_bytes());
            return "theme".to_owned();
        }
        13 => {
            let site = path("site.toml");
            let old = text(files, &site);
            let new = if dice.below(2) == 0 {
                old.replacen("title = \"", &format!("title = \"{number} "), 1)
            } else {
                old.replacen("name = \"", &format!("name = \"{number} "), 1)
            };
            files.insert(site, new.into_bytes());
            return "site.toml".to_owned();
        }
        14 => {
            let template = path("content/_templates/agent.md");
            let old = files.text(&template).unwrap_or_default();
            let new = format!("{old}\n## Section {number}\n\nSay more.\n");
            files.insert(template, new.into_bytes());
            return "template".to_owned();
        }
        _ => {
            let days = i64::try_from(dice.below(90)).expect("a few days");
            options.today = options.today.checked_add(jiff::Span::new().days(days)).expect("a day");
            return "another day".to_owned();
        }
    };
    files.insert(page.clone(), new.into_bytes());
    format!("{what} of {page}")
}

/// The files and findings of a build, or the findings that kept it from being made.
fn made(files: &Files, options: &Options, cache: &mut Cache) -> (Files, Vec<String>) {
    let history = Arc::new(History::Unknown("a test".to_owned()));
    let sources = Sources { files: files.clone(), history };
    match build(&sources, options, cache, |_| {}) {
        Ok(Build { output, findings, .. }) => {
            (output, findings.iter().map(|finding| format!("{finding:?}")).collect())
        }
        Err(findings) => {
            (Files::default(), findings.iter().map(|finding| format!("{finding:?}")).collect())
        }
    }
}

fn options() -> Options {
    let today = parse_date("2026-11-23").expect("a day");
    Options { today, content: None, base_url: None, drafts: false }
}

/// Edits a site at random and compares after each edit.
fn check(seed: u64, edits: usize) {
    let mut files = site(START);
    let mut options = options();
    let mut dice = Dice(seed);
    let mut warm = Cache::default();
    let mut done = vec!["start".to_owned()];
    made(&files, &options, &mut warm);
    for number in 0..edits {
        done.push(edit(&mut files, &mut options, &mut dice, number));
        let (output, findings) = made(&files, &options, &mut warm);
        let (expected, expected_findings) = made(&files, &options, &mut Cache::default());
        let differing = expected.changed(&output);
        assert!(differing.is_empty(), "seed {seed}: {differing:?} after {done:?}");
        assert_eq!(findings, expected_findings, "seed {seed}: after {done:?}");
    }
}

#[test]
fn a_build_that_remembers_equals_one_that_does_not() {
    // More seeds, where somebody has the time: GUIDEPOST_SEEDS=100.
    let seeds =
        std::env::var("GUIDEPOST_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(2);
    for seed in 1..=seeds {
        check(seed, 24);
    }
}

#[test]
fn going_back_gives_the_first_build_again() {
    let files = site(START);
    let mut warm = Cache::default();
    let first = made(&files, &options(), &mut warm);
    let mut edited = files.clone();
    edited.remove(&path("content/agents/two.md"));
    assert!(made(&edited, &options(), &mut warm) != first);
    assert!(made(&files, &options(), &mut warm) == first);
}

#[test]
fn the_number_of_threads_does_not_show() {
    let files = site(START);
    let one = with_threads(1, || made(&files, &options(), &mut Cache::default()));
    for threads in [2, 5] {
        let several = with_threads(threads, || made(&files, &options(), &mut Cache::default()));
        assert!(one == several, "{threads} threads");
    }
}

#[test]
fn an_unchanged_site_keeps_every_file_as_the_very_same_value() {
    let files = site(START);
    let mut warm = Cache::default();
    let (first, _) = made(&files, &options(), &mut warm);
    let (again, _) = made(&files, &options(), &mut warm);
    let copied: BTreeMap<&FilePath, usize> = again
        .iter()
        .filter(|(path, bytes)| {
            path.name() == "index.html"
                && !first.get(path).is_some_and(|old| Arc::ptr_eq(old, bytes))
        })
        .map(|(path, bytes)| (path, bytes.len()))
        .collect();
    assert!(copied.len() < again.len() / 2, "{copied:?} were rendered again");
}
