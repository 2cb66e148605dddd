//! After any sequence of edits a build that remembers equals one that does not, byte for byte.

use std::collections::BTreeMap;
use std::sync::Arc;

use guidepost::build::{Build, Cache, Options, build, search_files};
use guidepost::calendar::parse_date;
use guidepost::files::{FilePath, Files};
use guidepost::history::{Commits, History, Reviewed};
use guidepost::memo::with_threads;
use guidepost::sources::Sources;

use crate::support::site;

const START: &str = r#"
-- site.toml --
title = "Edited"
base_url = "https://runbooks.example.org/"
[skills]
enabled = true
[owners.devops]
name = "DevOps"
[templates.agent]
file = "content/_templates/agent.md"
applies_to = ["agents/**"]
[templates.agent.sections]
alerts = "Alerts"
[owners.sre]
name = "SRE"
[checks]
broken-link = "warn"
orphan-page = "warn"
[parameters.pod]
default = "web"
[alerts]
from_filename = ["named/**"]
sources = ["rules/*.yaml", "infra/*.tf", "content/_rules/*.yaml"]
-- content/_rules/rules.yaml --
groups:
- rules:
  - alert: OneErrors
    annotations: {runbook_url: "https://runbooks.example.org/agents/one/#alerts"}
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
watches: ["infra/**"]
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
last_reviewed_on: 2026-09-01
review_in: 3 months
---

# Two

## Overview

Fed by [one](one.md).

## Alerts

`TwoErrors` fires when it fails.
-- content/agents/again.md --
---
title: Again
alerts: [OneErrors, AgainErrors]
---
# Again

It happens twice. Look at both.
-- content/agents/past.md --
---
title: Past
status: Deprecated
---
# Past

See [gone](gone.md), <marquee>never again</marquee>.
-- content/named/DiskFull.md --
# DiskFull

Free some space, see [the agents](../agents/) or [more](lost.md).
-- rules/queue.yaml --
groups:
- name: queue
  rules:
  - alert: OneErrors
    expr: sum(errors) > 5
    for: 5m
    labels:
      severity: critical
    annotations:
      runbook_url: https://runbooks.example.org/alerts/OneErrors/
  - alert: DiskFull
    expr: disk > 90
    annotations:
      runbook_url: https://runbooks.example.org/named/DiskFull/#nowhere
-- infra/alarms.tf --
resource "aws_cloudwatch_metric_alarm" "two" {
  alarm_name        = "TwoErrors"
  threshold         = 1
  alarm_description = "https://runbooks.example.org/agents/two/"
}
-- .github/CODEOWNERS --
* @org/sre
/content/agents/ @org/devops
content/named/ @sre
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

/// All that a build depends on.
struct State {
    files: Files,
    history: Arc<History>,
    options: Options,
}

/// One edit of the kinds that people make; returns what it was.
fn edit(state: &mut State, dice: &mut Dice, number: usize) -> String {
    match dice.below(8) {
        0 => edit_rules(&mut state.files, dice, number),
        6 => edit_theme(&mut state.files, dice, number),
        7 => edit_owners_and_dates(state, dice, number),
        1 => edit_history(state, dice),
        2 => edit_settings(state, dice, number),
        _ => edit_page(&mut state.files, dice, number),
    }
}

/// An edit of an alert source or of CODEOWNERS.
fn edit_rules(files: &mut Files, dice: &mut Dice, number: usize) -> String {
    let (rules, alarms, owners) =
        (path("rules/queue.yaml"), path("infra/alarms.tf"), path(".github/CODEOWNERS"));
    let old = files.text(&rules).unwrap_or_default().to_owned();
    let (what, file, new) = match dice.below(10) {
        8 => ("duration", rules, old.replacen("for: 5m", &format!("for: {number}m"), 1)),
        9 => {
            files.remove(&rules);
            (
                "moved rules",
                path(&format!("rules/deeper/{}.yaml", number % 2)),
                old.replacen("disk > 90", &format!("disk > {number}"), 1),
            )
        }
        0 => ("severity", rules, old.replacen("critical", &format!("sev{number}"), 1)),
        1 => ("new rule", rules, format!("{old}  - alert: New{number}\n    expr: up == 0\n")),
        2 => ("renamed rule", rules, old.replacen("alert: One", &format!("alert: N{number}"), 1)),
        3 => ("link", rules, old.replacen("#nowhere", &format!("#gone-{number}"), 1)),
        4 => ("broken rules", rules, format!("{old}\n: [")),
        5 => {
            let old = files.text(&alarms).unwrap_or_default();
            let new = old.replacen("threshold         = ", "threshold         = 1", 1);
            ("threshold", alarms, new)
        }
        6 => {
            let new = format!("* @org/devops\n/content/named/ @org/team-{number}\n");
            ("owners of code", owners, new)
        }
        _ => {
            let gone = [rules, alarms, owners][dice.below(3)].clone();
            files.remove(&gone);
            return format!("delete {gone}");
        }
    };
    files.insert(file.clone(), new.into_bytes());
    format!("{what} of {file}")
}

/// A template of the theme or one of its files; a broken one keeps the site from being built until it is gone.
fn edit_theme(files: &mut Files, dice: &mut Dice, number: usize) -> String {
    let template = ["alerts.html", "navigation.html", "page.html", "redirect.html"][dice.below(4)];
    let place = path(&format!("theme/templates/{template}"));
    let own = std::fs::read_to_string(format!("theme/templates/{template}"));
    let own = own.expect("the default theme has it");
    let (what, new) = match dice.below(6) {
        0 => ("broken template", format!("{own}{{% if")),
        1 => {
            let script = path("theme/static/site.js");
            files.insert(script, format!("// {number}\n").into_bytes());
            return "script of the theme".to_owned();
        }
        2 | 3 => {
            let overrides = files.iter().map(|(path, _)| path);
            let overrides: Vec<FilePath> =
                overrides.filter(|path| path.under("theme").is_some()).cloned().collect();
            for gone in &overrides {
                files.remove(gone);
            }
            return format!("the default theme instead of {overrides:?}");
        }
        _ => ("template", format!("{own}<!-- {number} -->\n")),
    };
    files.insert(place, new.into_bytes());
    format!("{what} {template}")
}

/// Who owns what and how to reach them, and the days that reviews count from.
fn edit_owners_and_dates(state: &mut State, dice: &mut Dice, number: usize) -> String {
    let files = &mut state.files;
    let site = path("site.toml");
    let settings = text(files, &site);
    let pages = pages(files);
    let page = dice.pick(&pages).clone();
    let old = text(files, &page);
    let with_key = |key: String| match old.strip_prefix("---\n") {
        Some(rest) => format!("---\n{key}\n{rest}"),
        None => format!("---\n{key}\n---\n{old}"),
    };
    let (what, file, new) = match dice.below(10) {
        0 => ("chat", site, settings.replacen("name = \"SRE\"", &chat(number), 1)),
        1 => ("new owner", site, format!("{settings}\n[owners.team-{number}]\nname = \"T\"\n")),
        2 => ("owner of a page", page, with_key(format!("owner: team-{number}"))),
        3 => ("owner nobody knows", page, old.replacen("owner: sre", "owner: nobody", 1)),
        4 => ("day", page, with_key(format!("date: 2026-0{}-01", 1 + number % 9))),
        5 => ("due day", page, with_key(format!("review_by: 2026-1{}-20", number % 3))),
        6 => {
            let on = format!("reviews: [{{on: 2026-0{}-09, by: Ada, how: drill}}]", 1 + number % 9);
            ("recorded review", page, with_key(on))
        }
        7 => ("exemption", page, with_key("evergreen: true".to_owned())),
        8 => {
            let soon = format!("{settings}\n[freshness]\ndue_soon = \"{} days\"\n", 1 + number);
            ("interval", site, soon)
        }
        _ => {
            let days = i64::try_from(dice.below(90)).expect("a few days");
            let earlier = state.options.today.checked_sub(jiff::Span::new().days(days));
            state.options.today = earlier.expect("a day");
            return "an earlier day".to_owned();
        }
    };
    files.insert(file.clone(), new.into_bytes());
    format!("{what} in {file}")
}

fn chat(number: usize) -> String {
    format!("name = \"SRE\"\nchat = \"#room-{number}\"\nescalation = \"Call {number}\"")
}

/// A commit, or a repository that came or went.
fn edit_history(state: &mut State, dice: &mut Dice) -> String {
    let mut commits = match &*state.history {
        History::Known(commits) => commits.clone(),
        History::Unknown { .. } => Commits::default(),
    };
    let page = dice.pick(&pages(&state.files)).to_string();
    let what = match dice.below(4) {
        0 => {
            state.history = Arc::new(History::without("a shallow clone"));
            return "history unknown".to_owned();
        }
        1 => {
            let reviewed = Reviewed {
                date_only: dice.below(2) == 0,
                together: dice.below(12),
                by_author: (dice.below(2) == 0).then(|| dice.below(2) == 0),
            };
            commits.reviewed.insert(page.clone(), reviewed);
            format!("review of {page} committed")
        }
        2 => {
            commits.newest.insert(page.clone(), state.options.today);
            format!("{page} committed")
        }
        _ => {
            commits.newest.insert("infra/alarms.tf".to_owned(), state.options.today);
            "infra/alarms.tf committed".to_owned()
        }
    };
    state.history = Arc::new(History::Known(commits));
    what
}

/// An edit of site.toml, a template, the theme or the day.
fn edit_settings(state: &mut State, dice: &mut Dice, number: usize) -> String {
    let files = &mut state.files;
    match dice.below(4) {
        0 => {
            let css = path("theme/static/site.css");
            let style = format!("body {{ margin: {number}px }}");
            files.insert(css, style.into_bytes());
            "theme".to_owned()
        }
        1 => {
            let site = path("site.toml");
            let old = text(files, &site);
            let new = match dice.below(5) {
                3 => format!("{old}\n[alerts.aliases]\nFormer{number} = \"OneErrors\"\n"),
                4 => old.replacen("\"rules/*.yaml\"", "\"rules/**\"", 1),
                0 => old.replacen("title = \"", &format!("title = \"{number} "), 1),
                1 => old.replacen("name = \"", &format!("name = \"{number} "), 1),
                _ => old.replacen(", \"infra/*.tf\"", "", 1),
            };
            files.insert(site, new.into_bytes());
            "site.toml".to_owned()
        }
        2 => {
            let template = path("content/_templates/agent.md");
            let old = files.text(&template).unwrap_or_default();
            let (what, new) = match dice.below(5) {
                0 => ("slot", format!("{old}\nAsk `<TEAM_{number}>` first.\n")),
                1 => ("guidance", old.replacen("Say what", &format!("In {number} words, what"), 1)),
                2 => ("optional section", old.replacen("## Alerts", "## Alerts (if any)", 1)),
                3 => {
                    files.remove(&template);
                    return "no template".to_owned();
                }
                _ => ("section", format!("{old}\n## Section {number}\n\nSay more.\n")),
            };
            files.insert(template, new.into_bytes());
            format!("{what} of the template")
        }
        _ => {
            let days = i64::try_from(dice.below(90)).expect("a few days");
            let later = state.options.today.checked_add(jiff::Span::new().days(days));
            state.options.today = later.expect("a day");
            "another day".to_owned()
        }
    }
}

/// An edit of a page, or a page that comes, goes or moves.
fn edit_page(files: &mut Files, dice: &mut Dice, number: usize) -> String {
    let pages = pages(files);
    let page = dice.pick(&pages).clone();
    let old = text(files, &page);
    let (what, new) = match dice.below(22) {
        12.. => rare(files, dice, number, &old),
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
        _ => ("nothing", old),
    };
    files.insert(page.clone(), new.into_bytes());
    format!("{what} of {page}")
}

/// The search index of the same build.
fn indexed(state: &State, cache: &mut Cache) -> Files {
    let sources = Sources {
        files: state.files.clone(),
        passed_over: BTreeMap::new(),
        history: Arc::clone(&state.history),
    };
    let built = build(&sources, &state.options, cache, |_| {});
    built.map_or_else(|_| Files::default(), |built| search_files(&built.site, &built.report, cache))
}

/// An edit that shows in few places.
fn rare(files: &mut Files, dice: &mut Dice, number: usize, old: &str) -> (&'static str, String) {
    let with_key = |key: &str| match old.strip_prefix("---\n") {
        Some(rest) => format!("---\n{key}\n{rest}"),
        None => format!("---\n{key}\n---\n{old}"),
    };
    let mut other = |name: &str, text: String| {
        files.insert(path(name), text.into_bytes());
    };
    match dice.below(12) {
        0 => ("alias", with_key(&format!("aliases: [/old-{}/, ./image.svg]", dice.below(3)))),
        1 => ("draft", with_key("draft: true")),
        2 => ("summary", with_key(&format!("summary: Says {number}"))),
        3 => ("heir", with_key("superseded_by: two")),
        4 => ("status", with_key("status: Deprecated")),
        5 => ("claimed alert", old.replace("`TwoErrors`", &format!("`Two{number}Errors`"))),
        6 => ("anchor", format!("{old}\n<a id=\"nowhere\"></a>\n")),
        7 => ("moved text", old.replacen("\n# ", "\n<p>Before.</p>\n\n# ", 1)),
        8 => (
            "silence",
            format!("{old}\n<!-- guidepost: allow broken-link until 2026-12-0{} -->\n", number % 9),
        ),
        9 => {
            other("content/image.svg", format!("<svg><!-- {number} --></svg>"));
            other(&format!("content/{}.svg", number % 3), "<svg/>".to_owned());
            ("asset beside the prose", format!("{old}\n![]({}.svg)\n", number % 5))
        }
        10 => {
            let rule =
                format!("groups: [{{rules: [{{alert: OneErrors}}, {{alert: R{number}}}]}}]\n");
            other("content/_rules/rules.yaml", rule);
            ("rules beside the prose", format!("{old}\nA rule, {number}.\n"))
        }
        _ => {
            other(".github/CODEOWNERS", format!("content/ @team-{number}\n"));
            ("owners beside the prose", format!("{old}\nAn owner, {number}.\n"))
        }
    }
}

/// The files and findings of a build, or the findings that kept it from being made.
fn made(state: &State, cache: &mut Cache) -> (Files, Vec<String>) {
    let sources = Sources {
        files: state.files.clone(),
        passed_over: BTreeMap::new(),
        history: Arc::clone(&state.history),
    };
    match build(&sources, &state.options, cache, |_| {}) {
        Ok(Build { output, findings, .. }) => {
            (output, findings.iter().map(|finding| format!("{finding:?}")).collect())
        }
        Err(findings) => {
            (Files::default(), findings.iter().map(|finding| format!("{finding:?}")).collect())
        }
    }
}

fn start() -> State {
    let today = parse_date("2026-11-23").expect("a day");
    let mut commits = Commits::default();
    commits.newest.insert("infra/alarms.tf".to_owned(), today);
    State {
        files: site(START),
        history: Arc::new(History::Known(commits)),
        options: Options { today, content: None, base_url: None, drafts: false },
    }
}

/// Edits a site at random and compares after each edit.
fn check(seed: u64, edits: usize) {
    let mut state = start();
    let mut dice = Dice(seed);
    let mut warm = Cache::default();
    let mut done = vec!["start".to_owned()];
    made(&state, &mut warm);
    for number in 0..edits {
        done.push(edit(&mut state, &mut dice, number));
        let (output, findings) = made(&state, &mut warm);
        let (expected, expected_findings) = made(&state, &mut Cache::default());
        let differing = expected.changed(&output);
        assert!(differing.is_empty(), "seed {seed}: {differing:?} after {done:?}");
        assert_eq!(findings, expected_findings, "seed {seed}: after {done:?}");
        if number % 6 == 5 {
            let differing =
                indexed(&state, &mut Cache::default()).changed(&indexed(&state, &mut warm));
            assert!(differing.is_empty(), "seed {seed}: {differing:?} after {done:?}");
        }
    }
}

#[test]
fn a_build_that_remembers_equals_one_that_does_not() {
    // More seeds, where somebody has the time: GUIDEPOST_SEEDS=100.
    let seeds =
        std::env::var("GUIDEPOST_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(2);
    for seed in 1..=seeds {
        check(seed, 36);
    }
}

/// An edit for everything that something is remembered by: what stands in which file, and what comes in its place.
const EDITS: &[(&str, &str, &str)] = &[
    ("content/agents/one.md", "It feeds", "It always feeds"),
    ("content/agents/again.md", "It happens", "It often happens"),
    ("content/agents/one.md", "# One", "<p>Before.</p>\n\n# One"),
    ("content/agents/one.md", "two.md#overview", "two.md#nowhere"),
    ("content/agents/one.md", "two.md#overview", "past.md"),
    ("content/agents/one.md", "title: One", "title: First"),
    ("content/agents/one.md", "agent: one", "agent: first"),
    ("content/agents/one.md", "owner: devops", "owner: sre"),
    ("content/agents/one.md", "tags: [queue]", "aliases: [/old/]"),
    ("content/agents/one.md", "tags: [queue]", "superseded_by: past"),
    ("content/agents/one.md", "downstream: [two]", "downstream: [three]"),
    ("content/agents/one.md", "[OneErrors]", "[{name: OneErrors, section: overview}]"),
    ("content/agents/one.md", "tags: [queue]", "draft: true"),
    ("content/agents/two.md", "## Overview", "## Summary"),
    ("content/agents/two.md", "## Overview", "<a id=\"nowhere\"></a>\n\n## Overview"),
    ("content/agents/two.md", "`TwoErrors` fires", "`TwoDelays` fires"),
    ("content/agents/two.md", "last_reviewed_on: 2026", "last_reviewed_on: 2025"),
    (
        "content/agents/past.md",
        "See [gone]",
        "<!-- guidepost: allow broken-link until 2027-01-01 -->\n[gone]",
    ),
    ("content/agents/past.md", "status: Deprecated", "status: Final"),
    ("content/index.md", "See [one]", "Start with [one]"),
    ("content/image.svg", "<svg/>", "<svg></svg>"),
    ("content/_rules/rules.yaml", "OneErrors\n", "OtherErrors\n"),
    ("content/_templates/agent.md", "## Alerts", "## More\n\n## Alerts"),
    (".github/CODEOWNERS", "@sre", "@platform"),
    ("site.toml", "broken-link = \"warn\"", "broken-link = \"allow\""),
    ("site.toml", "title = \"Edited\"", "title = \"Edited\"\nunsafe_html = true"),
    ("site.toml", "[parameters.pod]", "[parameters.pot]"),
    ("site.toml", "name = \"DevOps\"", "name = \"Development\""),
    ("site.toml", "name = \"SRE\"", "name = \"SRE\"\nchat = \"#sre\""),
    ("site.toml", "title = \"Edited\"", "title = \"Other\""),
    ("site.toml", "\"infra/*.tf\", ", ""),
    ("site.toml", "base_url = \"https://runbooks", "base_url = \"https://books"),
    ("site.toml", "[checks]", "[freshness]\ndue_soon = \"2 days\"\n[checks]"),
    ("site.toml", "[checks]", "[alerts.aliases]\nOldErrors = \"OneErrors\"\n[checks]"),
    ("site.toml", "alerts = \"Alerts\"\n", ""),
    ("content/_templates/agent.md", "## Overview", "## Purpose"),
    ("content/_templates/agent.md", "Say what it does", "Ask `<TEAM>`"),
    ("rules/queue.yaml", "severity: critical", "severity: warning"),
    ("rules/queue.yaml", "for: 5m", "for: 9m"),
    ("rules/queue.yaml", "alert: DiskFull", "alert: DiskLow"),
    ("rules/queue.yaml", "#nowhere", "#elsewhere"),
    ("infra/alarms.tf", "= \"TwoErrors\"", "= \"TwoDelays\""),
    ("content/agents/one.md", "review_in: 3 months", "review_by: 2027-03-01"),
    ("content/agents/one.md", "tags: [queue]", "evergreen: true"),
    ("content/agents/one.md", "tags: [queue]", "nav_title: The first"),
    ("content/agents/one.md", "tags: [queue]", "owner_slack: \"#one\""),
    ("content/agents/one.md", "tags: [queue]", "summary: In short"),
    ("content/agents/two.md", "last_reviewed_on: 2026-09-01", "date: 2026-09-01"),
];

#[test]
fn every_kind_of_edit_reaches_everything_that_shows_it() {
    let first = made(&start(), &mut Cache::default());
    let mut warm = Cache::default();
    for (file, old, new) in EDITS {
        assert!(made(&start(), &mut warm) == first, "before {new:?} in {file}");
        let mut state = start();
        let before = text(&state.files, &path(file));
        let after = before.replacen(old, new, 1);
        assert_ne!(before, after, "{file} holds {old:?}");
        state.files.insert(path(file), after.into_bytes());
        let edited = made(&state, &mut warm);
        let expected = made(&state, &mut Cache::default());
        assert!(expected != first, "{new:?} in {file} shows nowhere");
        let differing = expected.0.changed(&edited.0);
        assert!(differing.is_empty(), "{differing:?} after {new:?} in {file}");
        assert_eq!(edited.1, expected.1, "after {new:?} in {file}");
    }
    for later in ["2026-11-27", "2026-12-24"] {
        let mut state = start();
        state.options.today = parse_date(later).expect("a day");
        let edited = made(&state, &mut warm);
        assert!(edited == made(&state, &mut Cache::default()), "on {later}");
        assert!(edited != first);
    }
}

#[test]
fn going_back_gives_the_first_build_again() {
    let mut edited = start();
    edited.files.remove(&path("content/agents/two.md"));
    let mut warm = Cache::default();
    let first = made(&start(), &mut warm);
    assert!(made(&edited, &mut warm) != first);
    assert!(made(&start(), &mut warm) == first);
}

#[test]
fn what_git_says_anew_reaches_every_page() {
    let State { files, options, .. } = start();
    let build_with = |reason: &str, cache: &mut Cache| {
        let history = Arc::new(History::without(reason));
        let built = build(
            &Sources { files: files.clone(), passed_over: BTreeMap::new(), history },
            &options,
            cache,
            |_| {},
        );
        built.expect("the site can be built")
    };
    let mut warm = Cache::default();
    build_with("no git", &mut warm);
    let again = build_with("another reason", &mut warm);
    let cold = build_with("another reason", &mut Cache::default());
    assert_eq!(again.report.history_unknown, cold.report.history_unknown);
    assert!(cold.output.changed(&again.output).is_empty());
}

#[test]
fn the_first_sentence_of_a_runbook_changes_where_alerts_are_listed_too() {
    let mut state = start();
    let mut warm = Cache::default();
    let edited = path("content/named/LeaseLost.md");
    for words in ["It often happens.", "It seldom happens."] {
        state.files.insert(edited.clone(), format!("# LeaseLost\n\n{words}\n").into_bytes());
        let (again, _) = made(&state, &mut warm);
        assert!(text(&again, &path("alerts/index.html")).contains(words), "{words}");
        let (cold, _) = made(&state, &mut Cache::default());
        assert!(cold.changed(&again).is_empty(), "{words}");
    }
}

#[test]
fn prose_changes_one_page_where_it_stands_and_leaves_everything_else_as_the_very_same_value() {
    let mut state = start();
    let mut warm = Cache::default();
    let (first, _) = made(&state, &mut warm);
    let edited = path("content/named/DiskFull.md");
    let new = format!("{}\nOnly words.\n", text(&state.files, &edited));
    state.files.insert(edited, new.into_bytes());
    let (again, _) = made(&state, &mut warm);
    let is_same =
        |path: &FilePath, bytes| first.get(path).is_some_and(|old| Arc::ptr_eq(old, bytes));
    let made_again: Vec<&str> = again
        .iter()
        .filter(|(path, bytes)| !is_same(path, bytes))
        .map(|(path, _)| path.as_str())
        .collect();
    let (printed, own): (Vec<&str>, Vec<&str>) =
        made_again.into_iter().partition(|path| path.ends_with("print/index.html"));
    let files = [
        ".well-known/agent-skills/index.json",
        "named/DiskFull.md",
        "named/DiskFull/index.html",
        "named/DiskFull/index.md",
        "skills/named-disk-full/SKILL.md",
    ];
    assert_eq!(own, files);
    let documents = ["named/print/index.html", "owners/sre/print/index.html", "print/index.html"];
    assert_eq!(printed, documents, "the documents for paper that repeat the page");
}

#[test]
fn the_number_of_threads_does_not_show() {
    let state = start();
    let one = with_threads(1, || made(&state, &mut Cache::default()));
    for threads in [2, 5] {
        let several = with_threads(threads, || made(&state, &mut Cache::default()));
        assert!(one == several, "{threads} threads");
    }
}

#[test]
fn an_unchanged_site_keeps_every_file_as_the_very_same_value() {
    let state = start();
    let mut warm = Cache::default();
    let (first, _) = made(&state, &mut warm);
    let (again, _) = made(&state, &mut warm);
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
