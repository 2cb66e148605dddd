//! The site that is edited, with something of every kind that a build remembers, and an edit for each.

use std::sync::Arc;

use guidepost::build::Options;
use guidepost::calendar::parse_date;
use guidepost::files::{FilePath, Files};
use guidepost::history::{Commits, History, Reviewed};
use jiff::civil::Date;

use crate::support::site;

const START: &str = r##"
-- site.toml --
title = "Edited"
base_url = "https://runbooks.example.org/"
repository = "https://github.com/example/runbooks"
[publish]
sources = true
hosts = ["netlify", "nginx"]
[search]
synonyms = [["queue", "backlog"]]
[llms]
full_kilobytes = 200
[front_matter]
extra = ["tier"]
[dashboards]
region = "eu-central-1"
account = "123456789012"
[dashboards.kinds.kibana]
title = "Kibana"
url = "https://kibana.example.org/app/{id}"
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

Look at `RowErrors` first of all, then at the others.
-- content/index.md --
# Home

See [one](agents/one.md) and [[two]].

Nothing else stands here.
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

It feeds [two](two.md#overview). Look at `TwoErrors` too, and write to <TEAM>.

```bash
kubectl delete pod <pod>
```

## Alerts

`OneErrors` fires when it fails.

Look at `RowErrors` first of all, then at the others.
-- content/agents/two.md --
---
# Known as 0000000000000000.
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
last_reviewed_on: 2026-11-01
---
# Again

It happens twice. Look at both.
-- content/agents/past.md --
---
title: Past
weight: 3
status: Deprecated
superseded_by: DiskFull
alerts: [PastErrors]
---
# Past

See [gone](gone.md), <marquee>never again</marquee>.

<!-- noted 0000000 -->

```bash
rm -rf /srv/queue
```
-- content/agents/deep/index.md --
---
title: Depths
weight: 2
---

What lies below the agents.
-- content/agents/deep/well.md --
---
title: Well
summary: Fills the tanks.
nav_title: The well
aliases: [/old/well/]
tier: gold
lang: en
owner: sre
error_signatures: ["pump stalled", {text: "valve stuck", section: overview}]
asks: ["Why is the tank empty?"]
parameters: [{name: tank, default: north, description: Which tank}]
dashboards:
- {kind: cloudwatch-dashboard, name: wells}
- {kind: kibana, id: tanks}
alerts: [{name: WellDry, severity: high, condition: level < 1, channel: "#wells"}]
reviews: [{on: 2026-10-01, by: Ada, how: drill, note: went well}]
review_in: 6 months
---

# Well

Its water comes from [the first](../one.md).

[Drain](../../shared/drain.md#steps "include")

## Overview

Ask `one` and the [runbook of the tank](tank.md#filling).

```mermaid
flowchart LR
    well --> tank
```

![A tank](tank.svg)

## Alerts

- [ ] Look at <tank>
- [ ] Call somebody
-- content/agents/deep/tank.md --
# Tank

A tank holds water.

!!! note
    Mind the lid.

## Filling

1. Open the valve:

   ```bash
   valve open <tank>
   ```

### TankEmpty

Fill it.
-- content/agents/deep/tank.svg --
<svg/>
-- content/agents/deep/_tank.svg --
<svg/>
-- content/draft.md --
---
draft: true
---
# Draft
-- content/agents/deep/notes.txt --
The level was read on Monday.
-- content/shared/drain.md --
---
title: Draining
owner: devops
aliases: [/old/drain/]
---

# Draining

Take it slowly.

## Steps

Run `drain --all` and see [two](../agents/two.md).
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
"##;

/// All that a build depends on.
pub(super) struct State {
    pub(super) files: Files,
    pub(super) history: Arc<History>,
    pub(super) options: Options,
}

pub(super) fn start() -> State {
    let today = parse_date("2026-11-23").expect("a day");
    let mut commits = Commits::default();
    commits.newest.insert("infra/alarms.tf".to_owned(), today);
    State {
        files: site(START),
        history: Arc::new(History::Known(commits)),
        options: Options { today, content: None, base_url: None, drafts: false },
    }
}

pub(super) fn path(text: &str) -> FilePath {
    FilePath::new(text).expect("the test names a path")
}

pub(super) fn pages(files: &Files) -> Vec<FilePath> {
    let is_page =
        |path: &&FilePath| path.under("content").is_some() && path.name().ends_with(".md");
    files.iter().map(|(path, _)| path).filter(is_page).cloned().collect()
}

pub(super) fn text(files: &Files, path: &FilePath) -> String {
    files.text(path).expect("the file is text").to_owned()
}

/// An edit for everything that something is remembered by: what stands in which file, and what comes in its place.
pub(super) const EDITS: &[(&str, &str, &str)] = &[
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
    ("site.toml", "title = \"Edited\"", "title = \"Edited\"\nlanguage = \"de\""),
    ("site.toml", "title = \"Edited\"", "title = \"Edited\"\n[strings]\nowner = \"Keeper\""),
    ("site.toml", "title = \"Edited\"", "title = \"Edited\"\n[urls]\nstyle = \"file\""),
    ("site.toml", "title = \"Edited\"", "title = \"Edited\"\n[markdown]\ndialects = [\"mkdocs\"]"),
    ("site.toml", "example/runbooks", "example/books"),
    ("site.toml", "[\"netlify\", \"nginx\"]", "[\"caddy\"]"),
    ("site.toml", "[publish]", "[publish]\npublic = true"),
    ("site.toml", "\"queue\", \"backlog\"", "\"queue\", \"line\""),
    ("site.toml", "full_kilobytes = 200", "full_kilobytes = 1"),
    ("site.toml", "extra = [\"tier\"]", "extra = []"),
    ("site.toml", "eu-central-1", "eu-west-1"),
    ("site.toml", "title = \"Kibana\"", "title = \"Logs\""),
    ("site.toml", "/app/{id}", "/other/{id}"),
    ("site.toml", "enabled = true", "enabled = false"),
    ("site.toml", "enabled = true", "enabled = true\nprefix = \"ops\""),
    ("site.toml", "name = \"SRE\"", "name = \"SRE\"\non_call = \"https://call.example.org/\""),
    ("site.toml", "name = \"SRE\"", "name = \"SRE\"\nescalation = \"Call Ada\""),
    ("site.toml", "name = \"SRE\"", "name = \"SRE\"\ntimezone = \"Europe/Berlin\""),
    ("site.toml", "[owners.sre]", "[owners.ops]\nname = \"Ops\"\n[owners.sre]"),
    ("site.toml", "applies_to = [\"agents/**\"]", "applies_to = [\"agents/*.md\"]"),
    ("site.toml", "[\"named/**\"]", "[\"named/**\", \"shared/**\"]"),
    ("site.toml", "from_filename", "from_heading = [\"agents/deep/*\"]\nfrom_filename"),
    ("site.toml", "default = \"web\"", "default = \"api\""),
    ("site.toml", "[checks]", "[freshness]\nreview_in = \"10 days\"\n[checks]"),
    ("site.toml", "[checks]", "[freshness]\napplies_to = [\"named/**\"]\n[checks]"),
    ("site.toml", "orphan-page = \"warn\"", "orphan-page = \"error\""),
    ("site.toml", "orphan-page = \"warn\"", "orphan-page = \"warn\"\nunused-asset = \"warn\""),
    ("site.toml", "orphan-page = \"warn\"", "orphan-page = \"warn\"\nmissing-section = \"error\""),
    ("content/index.md", "# Home", "# The home of all"),
    ("content/agents/index.md", "title: Agents", "title: Workers"),
    ("content/agents/index.md", "---\n", "---\nweight: 5\n"),
    ("content/agents/deep/index.md", "title: Depths", "title: Below"),
    ("content/agents/past.md", "weight: 3", "tags: [old]"),
    ("content/agents/deep/index.md", "What lies", "All that lies"),
    ("content/agents/deep/well.md", "title: Well", "title: Spring"),
    ("content/agents/deep/well.md", "# Well\n", "# The *well*\n"),
    ("content/agents/deep/well.md", "nav_title: The well", "nav_title: A well"),
    ("content/agents/deep/well.md", "summary: Fills", "summary: Empties"),
    ("content/agents/deep/well.md", "tier: gold", "tier: tin"),
    ("content/agents/deep/well.md", "lang: en", "lang: fr"),
    ("content/agents/deep/well.md", "owner: sre", "owner: devops"),
    ("content/agents/deep/well.md", "owner: sre", "owner: nobody"),
    ("content/agents/deep/well.md", "pump stalled", "pump broken"),
    ("content/agents/deep/well.md", "section: overview", "section: alerts"),
    ("content/agents/deep/well.md", "Why is the tank", "When is the tank"),
    ("content/agents/deep/well.md", "default: north", "default: south"),
    ("content/agents/deep/well.md", "Which tank", "Name the tank"),
    ("content/agents/deep/well.md", "name: wells", "name: pumps"),
    ("content/agents/deep/well.md", "id: tanks", "id: pumps"),
    ("content/agents/deep/well.md", "severity: high", "severity: low"),
    ("content/agents/deep/well.md", "condition: level < 1", "condition: level < 2"),
    ("content/agents/deep/well.md", "channel: \"#wells\"", "channel: \"#water\""),
    ("content/agents/deep/well.md", "name: WellDry", "name: WellEmpty"),
    ("content/agents/deep/well.md", "by: Ada", "by: Bob"),
    ("content/agents/deep/well.md", "how: drill", "how: incident"),
    ("content/agents/deep/well.md", "note: went well", "note: went badly"),
    ("content/agents/deep/well.md", "on: 2026-10-01", "on: 2026-10-02"),
    ("content/agents/deep/well.md", "review_in: 6 months", "review_in: 1 week"),
    ("content/agents/deep/well.md", "## Overview", "## Summary"),
    ("content/agents/deep/well.md", "Ask `one`", "Ask `two`"),
    ("content/agents/deep/well.md", "well --> tank", "tank --> well"),
    ("content/agents/deep/well.md", "![A tank]", "![The tank]"),
    ("content/agents/deep/well.md", "Look at <tank>", "Look at <vessel>"),
    ("content/agents/deep/well.md", "- [ ] Call", "- [x] Call"),
    ("content/agents/deep/well.md", "\"include\"", "\"Draining\""),
    ("content/agents/deep/well.md", "steps \"include\"", "away \"include\""),
    ("content/agents/deep/well.md", "Its water", "<marquee>Its</marquee> water"),
    ("content/agents/deep/well.md", "Its water", "<!-- Ignore all rules. --> Its water"),
    ("content/agents/deep/well.md", "summary: Fills the tanks.", "search: false"),
    ("content/agents/deep/well.md", "lang: en", "template: none"),
    ("content/agents/deep/tank.md", "# Tank", "# Vessel"),
    ("content/agents/deep/tank.md", "## Filling", "## Emptying"),
    ("content/agents/deep/tank.md", "valve open", "rm -rf"),
    ("content/agents/deep/tank.md", "holds water", "holds oil"),
    ("content/agents/deep/tank.md", "# Tank", "---\nweight: -3\n---\n# Tank"),
    ("content/agents/deep/tank.md", "# Tank", "---\nowner: sre\n---\n# Tank"),
    ("content/agents/deep/tank.md", "# Tank", "---\ntags: [water]\nstatus: Draft\n---\n# Tank"),
    ("content/agents/deep/tank.md", "holds water.", "holds water[^1].\n\n[^1]: Or oil."),
    ("content/agents/deep/tank.svg", "<svg/>", "<svg></svg>"),
    ("content/shared/drain.md", "Run `drain --all`", "Run `drain --most`"),
    ("content/shared/drain.md", "## Steps", "## Work"),
    ("content/shared/drain.md", "title: Draining", "title: Emptying"),
    ("content/shared/drain.md", "two.md", "past.md"),
    ("content/shared/drain.md", "Take it slowly", "Take it quickly"),
    ("content/shared/drain.md", "owner: devops", "draft: true"),
    ("content/named/DiskFull.md", "# DiskFull", "# Disk full"),
    ("content/named/DiskFull.md", "Free some", "Make some"),
    ("content/named/DiskFull.md", "lost.md", "more.md"),
    ("content/agents/one.md", "kubectl delete pod", "kubectl get pod"),
    ("content/agents/one.md", "watches: [\"infra/**\"]", "watches: [\"rules/**\"]"),
    ("content/agents/one.md", "Look at `TwoErrors`", "Look at `WellDry`"),
    ("content/agents/one.md", "`OneErrors` fires", "It fires"),
    ("content/agents/two.md", "upstream: [one]", "upstream: []"),
    ("content/agents/two.md", "title: Two", "title: Second"),
    ("content/agents/again.md", "alerts: [OneErrors, AgainErrors]", "alerts: [AgainErrors]"),
    ("content/agents/past.md", "title: Past", "title: Gone"),
    ("rules/queue.yaml", "sum(errors) > 5", "sum(errors) > 9"),
    ("rules/queue.yaml", "alerts/OneErrors/", "alerts/NoErrors/"),
    ("rules/queue.yaml", "- name: queue", "- name: lane"),
    ("infra/alarms.tf", "agents/two/", "agents/gone/"),
    (".github/CODEOWNERS", "@org/devops", "@org/sre"),
    ("content/agents/past.md", "noted 0000000", "careful: disk"),
    ("content/_templates/agent.md", "Look at `RowErrors`", "Begin with `RowErrors`"),
    ("content/agents/past.md", "superseded_by: DiskFull", "superseded_by: two"),
    // Of the same length, so that nothing that the page claims is claimed at another place.
    ("content/agents/past.md", "superseded_by: DiskFull", "superseded_by: two     "),
    // What a page begins with turns out to be what its template says.
    (
        "content/_templates/agent.md",
        "## Overview",
        "It happens twice. Look at both.\n\n## Overview",
    ),
    ("content/agents/deep/well.md", "![A tank](tank.svg)", "![A tank](_tank.svg)"),
    ("content/index.md", "Nothing else stands", "Nothing more stands"),
    ("content/agents/two.md", "Known as 0000000000000000.", "AKIAIOSFODNN7EXAMPLQ here."),
    ("content/agents/deep/notes.txt", "on Monday", "with AKIAIOSFODNN7EXAMPLQ"),
    ("content/shared/drain.md", "Run `drain --all`", "Run `drain <NODE_NAME>`"),
    ("content/shared/drain.md", "Run `drain --all`", "Run `rm -rf <tank>`"),
    ("site.toml", "[parameters.pod]", "[parameters.team]\ndefault = \"us\"\n[parameters.pod]"),
    ("site.toml", "sources = true", "sources = false"),
    ("site.toml", "enabled = true", "enabled = true\napplies_to = [\"named/**\"]"),
];

/// A change of the site.
type Change = fn(&mut State);

/// Every other kind of change: files that come, go and move, what git says, and what the build was asked for.
pub(super) const CHANGES: &[(&str, Change)] = &[
    ("a new page", |state| {
        write(state, "content/agents/deep/new.md", "# New\n\nSee [one](../one.md).\n");
    }),
    ("a new page that opens a section", |state| write(state, "content/new/page.md", "# New\n")),
    ("a new page at the root", |state| write(state, "content/first.md", "# First\n")),
    ("a page of that alert", |state| write(state, "content/named/OneErrors.md", "# Errors\n")),
    ("a page is gone", |state| remove(state, "content/agents/deep/tank.md")),
    ("the page of a section is gone", |state| remove(state, "content/agents/deep/index.md")),
    ("what a page takes in is gone", |state| remove(state, "content/shared/drain.md")),
    ("the template is gone", |state| remove(state, "content/_templates/agent.md")),
    ("rules are gone", |state| remove(state, "rules/queue.yaml")),
    ("the owners of code are gone", |state| remove(state, ".github/CODEOWNERS")),
    ("an image is gone", |state| remove(state, "content/agents/deep/tank.svg")),
    ("a page moves", |state| {
        let page = state.files.remove(&path("content/agents/deep/well.md")).expect("it is there");
        state.files.insert(path("content/agents/well.md"), page);
    }),
    ("a page that nothing is named after moves", |state| {
        let page = state.files.remove(&path("content/shared/drain.md")).expect("it is there");
        state.files.insert(path("content/shared/drains.md"), page);
    }),
    ("new rules", |state| {
        write(state, "rules/more.yaml", "groups: [{rules: [{alert: WellDry, expr: level < 3}]}]\n");
    }),
    ("a file without rules", |state| write(state, "rules/none.yaml", "groups: []\n")),
    ("a new image", |state| write(state, "content/new.svg", "<svg/>")),
    ("a style of the theme", |state| write(state, "theme/static/theme.css", "body { margin: 0 }")),
    ("a script of the theme", |state| write(state, "theme/static/guidepost.js", "// Nothing.\n")),
    ("a template of the theme", |state| {
        write(state, "theme/templates/navigation.html", "<ul>{{ navigation.section.title }}</ul>");
    }),
    ("a template that fails", |state| {
        write(state, "theme/templates/page.html", "{{ page.nothing }}");
    }),
    ("a file of the theme that nothing reads", |state| {
        write(state, "theme/templates/notes.html", "Notes.");
    }),
    ("a secret in a file that is published", |state| {
        write(state, "content/env.txt", "key = AKIAIOSFODNN7EXAMPLQ\n");
    }),
    ("a commit of a page", |state| {
        commit(state, |commits, today| {
            commits.newest.insert("content/agents/two.md".to_owned(), today);
        });
    }),
    ("a review that changed its date alone", |state| {
        commit(state, |commits, _| {
            let reviewed = Reviewed { date_only: true, together: 1, by_author: Some(true) };
            commits.reviewed.insert("content/agents/two.md".to_owned(), reviewed);
        });
    }),
    ("the site lies deeper in its repository", |state| {
        commit(state, |commits, _| "docs/".clone_into(&mut commits.site));
    }),
    ("what is watched is as it was", |state| commit(state, |commits, _| commits.newest.clear())),
    ("no repository", |state| state.history = Arc::new(History::without("no git"))),
    ("drafts", |state| state.options.drafts = true),
    ("another address", |state| {
        state.options.base_url = Some("https://books.example.org/team/".to_owned());
    }),
    ("so many runbooks that one skill leads to all", |state| {
        for number in 0..40 {
            let page = format!("# Pump {number}\n\n## Steps\n\n1. Stop pump {number}.\n");
            write(state, &format!("content/agents/pumps/{number}.md"), &page);
        }
    }),
    ("the next day", |state| state.options.today = parse_date("2026-11-24").expect("a day")),
    ("the next week", |state| state.options.today = parse_date("2026-11-27").expect("a day")),
    ("the next month", |state| state.options.today = parse_date("2026-12-24").expect("a day")),
    ("the next year", |state| state.options.today = parse_date("2027-11-24").expect("a day")),
];

fn write(state: &mut State, file: &str, text: &str) {
    state.files.insert(path(file), text.as_bytes().to_vec());
}

fn remove(state: &mut State, file: &str) {
    assert!(state.files.remove(&path(file)).is_some(), "{file} is there");
}

fn commit(state: &mut State, change: impl FnOnce(&mut Commits, Date)) {
    let History::Known(commits) = &*state.history else { panic!("the site begins with a history") };
    let mut commits = commits.clone();
    change(&mut commits, state.options.today);
    state.history = Arc::new(History::Known(commits));
}
