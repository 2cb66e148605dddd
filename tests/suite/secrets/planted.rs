//! Secrets of many kinds at every place that an author can write to: what stands in anything that is published was
//! reported, at the file that it came from.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use guidepost::build::{Build, Cache, build, search_files};
use guidepost::diagnostic::Rule;
use guidepost::files::Files;
use guidepost::history::History;
use guidepost::sources::Sources;
use tempfile::TempDir;

use super::{Draw, Of, TOKENS, repeated, text_of};
use crate::support::{guidepost, options, site};

/// A site with places for secrets: `@1@` and so on, each for another one.
const PLACES: &str = r##"
-- site.toml --
title = "T @"
base_url = "https://runbooks.example/"
repository = "https://git.example/?x=@"
[owners.ops]
name = "Ops @"
chat = "@"
chat_url = "https://chat.example/@"
email = "@"
on_call = "https://call.example/@"
escalation = "@"
[alerts]
sources = ["rules/*"]
values = {env = "@"}
[alerts.aliases]
"@" = "Slow"
[dashboards]
account = "@"
[dashboards.kinds.own]
title = "K @"
url = "https://k.example/@/{id}"
[parameters.region]
default = "@"
description = "@"
[strings]
search-button = "@"
[skills]
enabled = true
applies_to = ["**"]
prefix = "a"
[templates.t]
file = "content/_t.md"
applies_to = ["run*"]
[templates.t.sections]
escalation = "Escalation"
alerts = "Alerts"
-- content/_t.md --
# T

## Alerts

Guidance @

## Escalation
-- content/index.md --
# Home @

Text @
-- content/run.md --
---
title: "Run @"
nav_title: "@"
summary: "@"
agent: "@"
status: "@"
version: "@"
authors: ["@"]
audience: "@"
tags: ["@"]
aliases: ["/@"]
owner: ops
owner_slack: "#@"
alerts:
- {name: "@", condition: "@", channel: "@", severity: "@"}
- Slow
error_signatures: ["@"]
dashboards:
- {title: "@", url: "https://d.example/@"}
- {kind: own, id: "@"}
parameters:
- {name: host, default: "@", description: "@", enum: ["@"]}
reviews:
- {on: 2026-01-01, by: "@", how: read, note: "@"}
watches: ["@"]
---
# Run @

First @ text with [a link](https://a.example/?t=@ "@"), ![an image](p.png "@"), `@`, **@**, ~~@~~ and[^1].

[^1]: A note @

<!-- a remark @ --><span title="@">x</span> <details><summary>@</summary>@</details> [[b|@]] <https://b.example/@>

## Alerts

- `@`

## Steps @ {#at}

1. Look @:

   ```sh {title="@"}
   app --verbose @
   ```

   Expect: `@`.

2. If it says @, go to [Steps](#at).

| A | @ |
|---|---|
| @ | b |

> [!WARNING]
> Not @

```mermaid
graph TD
  a["@"] --> b
```

Term @
: What @

## Escalation

Call @

[shared](_shared/part.md "include")
-- content/_shared/part.md --
Shared @
-- content/b.md --
# B
-- content/p.png --
0
-- content/notes.txt --
@
-- content/drawing.svg --
<svg xmlns="http://www.w3.org/2000/svg"><title>@</title><!-- @ --></svg>
-- content/data.json --
{"x": "@"}
-- rules/r.yaml --
groups:
- name: g
  rules:
  - alert: "@"
    expr: x{a="@"} > 1
    labels: {severity: "@"}
    annotations:
      summary: "@"
      description: "@"
      runbook_url: https://runbooks.example/alerts/Slow/?@
-- rules/main.tf --
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name = "Disk"
  alarm_description = "see @"
}
-- theme/static/own.css --
/* @ */
-- theme/templates/call.html --
{# @ #}<p>@</p>
"##;

/// The site with a secret at every place, and the secrets of each file.
pub(super) fn planted(
    mut secret: impl FnMut() -> String,
) -> (Files, BTreeMap<String, Vec<String>>) {
    let mut parts = PLACES.split('@');
    let mut text = parts.next().expect("a first part").to_owned();
    let mut planted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in parts {
        let file = text.rsplit("\n-- ").next().and_then(|rest| rest.split(" --\n").next());
        let file = file.expect("a file").to_owned();
        let secret = secret();
        text.push_str(&secret);
        text.push_str(part);
        planted.entry(file).or_default().push(secret);
    }
    (site(&text), planted)
}

/// Everything that a build publishes.
fn published(files: Files, cache: &mut Cache) -> Build {
    let history = History::without("a fixture has no history").into();
    let sources = Sources { files, passed_over: BTreeMap::new(), history };
    let mut built = build(&sources, &options(), cache, |_| {})
        .unwrap_or_else(|findings| panic!("{findings:#?}"));
    let index = search_files(&built.site, &built.report, cache);
    for (path, bytes) in index.iter() {
        built.output.insert(path.clone(), bytes.to_vec());
    }
    built
}

/// What a file says, whether it is compressed or not.
fn unpacked(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    let is_packed = GzDecoder::new(bytes).read_to_end(&mut text).is_ok();
    String::from_utf8_lossy(if is_packed { &text } else { bytes }).into_owned()
}

/// The kinds of secrets that may stand anywhere.
fn kinds() -> Vec<&'static (&'static str, Of, usize, &'static str)> {
    let plain = |before: &str| !before.contains(['\n', '"', ' ']);
    let kinds = TOKENS.iter().filter(|(before, _, _, behind)| behind.is_empty() && plain(before));
    kinds.take(40).collect()
}

#[test]
fn nothing_is_published_with_a_secret_that_was_not_reported() {
    let kinds = kinds();
    assert_eq!(kinds.len(), 40);
    let mut draw = Draw(23);
    let mut cache = Cache::default();
    let mut copies = 0;
    for (before, of, length, behind) in kinds {
        let secret = || format!("{before}{}{behind}", draw.text(*of, *length)).replace('·', "");
        let (files, planted) = planted(secret);
        let texts: BTreeMap<String, String> = files
            .iter()
            .map(|(path, bytes)| (path.to_string(), String::from_utf8_lossy(bytes).into_owned()))
            .collect();
        let built = published(files, &mut cache);
        let all = built.findings.iter().map(|found| &found.diagnostic);
        let all: Vec<_> = all.filter(|found| found.rule == Rule::SecretInPage).collect();
        let whole: Vec<(&str, String)> =
            built.output.iter().map(|(path, bytes)| (path.as_str(), unpacked(bytes))).collect();
        assert!(
            whole.iter().any(|(path, text)| path.starts_with("search/") && text.contains("look"))
        );
        for (file, secrets) in planted {
            let reported: Vec<&str> = all
                .iter()
                .filter(|found| found.at.path.as_str() == file)
                .map(|found| &texts[&file][found.at.range.clone()])
                .collect();
            for secret in &secrets {
                let tail = &secret[secret.len() - 12..];
                let holding = whole.iter().filter(|(_, text)| text.contains(tail));
                let holding: Vec<&str> = holding.map(|(path, _)| *path).collect();
                copies += holding.len();
                assert!(holding.is_empty() || !reported.is_empty(), "{file} {secret}: {holding:?}");
            }
            // What is shown of a rule is reported once a rule, at its name; templates are not published.
            if !file.starts_with("rules/") && !file.ends_with("_t.md") {
                let is_one = |secret: &str, found: &str| {
                    secret.contains(found) || found.contains(&secret[secret.len() - 12..])
                };
                let is_told = |secret: &&String| reported.iter().any(|found| is_one(secret, found));
                let left: Vec<_> = secrets.iter().filter(|secret| !is_told(secret)).collect();
                assert!(left.is_empty(), "{file}: {left:?} of {}", secrets.len());
            }
        }
    }
    assert!(copies > 10_000, "{copies}");
}

/// The site in a folder with a secret at every place, of each kind in turn, and the secrets of each file.
pub(super) fn planted_folder(mut draw: Draw) -> (TempDir, BTreeMap<String, Vec<String>>) {
    let kinds = kinds();
    // What is made into an address is not what it was where it holds other letters.
    let mut kinds = kinds.iter().filter(|(before, ..)| !before.contains([':', '/', '.'])).cycle();
    let (files, planted) = planted(|| {
        let (before, of, length, _) = kinds.next().expect("there is always one more");
        format!("{before}{}", draw.text(*of, *length)).replace('·', "")
    });
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files.iter() {
        let file = folder.path().join(path.as_str());
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        std::fs::write(file, bytes.as_slice()).expect("a file");
    }
    (folder, planted)
}

/// What each command prints of a site with another secret at every place.
#[test]
fn no_list_digest_or_plan_repeats_a_secret() {
    let (folder, planted) = planted_folder(Draw(31));
    let secrets: Vec<String> = planted.into_values().flatten().collect();
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["freshness", "--forecast"],
        vec!["alerts", "--write-links", "--dry-run"],
        vec!["alerts", "--write-links"],
        vec!["skills"],
        vec!["schema", "front-matter"],
        vec!["schema", "site"],
        vec!["search", "look"],
        vec!["search", "look", "--format", "json"],
        vec!["build", "--verbose"],
        vec!["build", "--verbose", "--check-host", "nginx"],
        vec!["review", "content/run.md", "--by", "me"],
        vec!["new", "other"],
    ];
    if cfg!(feature = "deploy") {
        commands.push(vec!["deploy", "./target", "--dry-run"]);
        commands.push(vec!["deploy", "./target", "--dry-run", "--json"]);
        commands.push(vec!["deploy", "./target", "--verbose"]);
    }
    for format in
        ["table", "json", "csv", "markdown", "slack", "teams", "github-issue", "gitlab-issue"]
    {
        commands.push(vec!["freshness", "--now", "2027-06-01", "--format", format]);
    }
    for format in ["table", "json", "csv"] {
        commands.push(vec!["alerts", "--format", format]);
    }
    for arguments in commands {
        let ran = guidepost(folder.path(), &arguments);
        let said = text_of(&ran);
        assert!(ran.status.code().is_some_and(|code| code < 2), "{arguments:?} {said}");
        assert!(!said.is_empty(), "{arguments:?}");
        assert_eq!(repeated(&said, &secrets), [""; 0], "{arguments:?}\n{said}");
    }
}
