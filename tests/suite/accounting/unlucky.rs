//! Sites made of unlucky names: of folders, files, aliases, alerts and owners that are too long, taken, hidden, refused
//! by some systems, or alike but for their case; with rule files, parts of a theme, and pages that take in others.

use guidepost::files::{FilePath, Files};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::site;

const FOLDERS: &[&str] = &[
    "", "", "a/", "a/b/", "search/", "alerts/", "api/", "theme/", "404.html/", "x.html/", "con/",
    "_t/", ".h/", "owners/", "größe/", "AWS Playbooks/", "...a/", "~/",
];
const NAMES: &[&str] = &[
    "index.md", "README.md", "_index.md", "a.md", "A.md", "b.md", "search.md", "alerts.md",
    "404.md", "x.md", "x.html.md", "con.md", "run it.md", "größe.md", "e😀.md", ".h.md", "_t.md",
    "coverage.md", "freshness.md", "platform.md", "404.html", "index.html", "index.htm",
    "robots.txt", "metrics.prom", "icon.svg", "manifest.bin", "shards", "pages.json", "a", "b",
    "alerts", "search", "api", "x.html", "a.png", "A.png", "q?.png", "a:b.txt", "nul.txt", "dot.",
    "Slow", "index", "old", "LONG.md", "LONG.png", "LONG", "NEARLY.md", "a.md.txt", "-.md",
    "---.md", "#.md", "%41.md",
];
const KEYS: &[&str] = &[
    "",
    "",
    "---\nslug: ../up\nid: a\nurl: /search/\nalert: Slow\n---\n",
    "---\naliases: [\"/a b/\", \"/%2e%2e/x\", /a.md, /theme/theme.css, /.hidden, /CON, /_headers, /_redirects]\n---\n",
    "---\nagent: search\nupstream: [a]\nalerts: [{name: Slow, section: gone}]\nowner: LONGEST\n---\n",
    "---\nparameters: [{name: x}]\ntemplate: t\nstatus: Deprecated\nsuperseded_by: gone.md\n---\n",
    "---\naliases: [old, /search, /alerts/Slow, ../up, /404.html, robots.txt]\n---\n",
    "---\nalerts: [Slow, index.html, LONGEST, a/b, \"..\", \"*-slow\"]\n---\n",
    "---\ndraft: true\n---\n",
    "---\nalerts: [Slow]\naliases: [/LONGEST]\nowner: platform\nlast_reviewed_on: 2026-11-01\n---\n",
    "---\ntitle: [\n---\n",
    "---\nagent: a\ndownstream: [b]\nsuperseded_by: a.md\n---\n",
];
const SETTINGS: &[&str] = &[
    "[publish]\npublic = true\nhosts = [\"netlify\", \"cloudflare\", \"nginx\", \"azure\", \"gitlab\"]\n",
    "[markdown]\ndialects = [\"mkdocs\", \"docusaurus\", \"hugo\"]\n[skills]\nenabled = true\napplies_to = [\"**\"]\n",
    "[alerts]\nsources = [\"rules/*\"]\nfrom_filename = [\"a/**\"]\nfrom_heading = [\"**\"]\n[templates.t]\nfile = \"content/_t/a.md\"\napplies_to = [\"a/**\"]\n",
    "title = \"A\"\n",
    "[urls]\nstyle = \"file\"\n",
    "[owners.platform]\nname = \"P\"\n[owners.LONGEST]\n",
    "base_url = \"https://x.example/y/\"\n[publish]\npublic = true\n[alerts.aliases]\nOld = \"Slow\"\nLONGEST = \"Slow\"\n",
];

/// What pages say.
const TEXTS: &[&str] = &[
    "[a](a.md) [b](../b.md)",
    "[include](a.md)\n\n![[b]] --8<-- \"x.md\"",
    "1. Look.\n\n   ```sh\n   rm -r /srv/<dir>\n   ```\n\n```mermaid\ngraph TD\n  a --> b\n```",
    "![p](a.png) <img src=\"q?.png\" onerror=x> [[search]] [[gone#x|y]] <a name=\"top\">",
    "## Slow\n\n## LONGEST\n\n## 404.html\n\n`Slow` [x](javascript:x) [y](/alerts/Slow/#gone)",
];

/// Files beside the content: alert rules that can and cannot be read, and parts of a theme.
const BESIDE: &[(&str, &str)] = &[
    (
        "rules/r.yaml",
        "groups: [{name: g, rules: [{alert: Slow, expr: up}, {alert: LONGEST, expr: up}, {alert: a/b, expr: x}]}]\n",
    ),
    ("rules/broken.yaml", "groups: [\n"),
    (
        "rules/index.html.tf",
        "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name = \"index.html\"\n}\n",
    ),
    (
        "rules/a.json",
        "{\"MetricAlarms\": [{\"AlarmName\": \"..\", \"AlarmDescription\": \"javascript:x\"}]}\n",
    ),
    ("theme/static/theme.css", "body { color: red }\n"),
    ("theme/static/own.js", "1;\n"),
    ("theme/icon.svg", "<svg onload=\"x()\"/>\n"),
    ("theme/LONG", "0\n"),
];

/// Templates of a theme: one that is right, one that names what is not there, one that is none.
const TEMPLATES: &[&str] = &[
    "{% extends \"base.html\" %}{% block main %}{{ page.title }}{% endblock main %}",
    "{{ nothing.here }}",
    "{% if %}",
];

/// A name with its place held by letters up to the limits.
fn filled(text: &str) -> String {
    let filled = text.replace("LONGEST", &"l".repeat(256)).replace("NEARLY", &"n".repeat(249));
    filled.replace("LONG", &"m".repeat(251))
}

/// A site of such names.
pub(super) fn sites() -> impl Strategy<Value = Files> {
    let file = (select(FOLDERS), select(NAMES), select(KEYS), select(TEXTS));
    let beside = vec(select(BESIDE), 0..4);
    (select(SETTINGS), vec(file, 1..14), beside).prop_map(|(settings, files, beside)| {
        let mut found = site(&format!("-- site.toml --\n{}", filled(settings)));
        let mut taken: Vec<String> = Vec::new();
        for (number, (folder, name, keys, text)) in files.into_iter().enumerate() {
            let path = filled(&format!("content/{folder}{name}"));
            // No disk holds a file and a folder of one name.
            let meets = |other: &String| {
                other == &path
                    || other.starts_with(&format!("{path}/"))
                    || path.starts_with(&format!("{other}/"))
            };
            if taken.iter().any(meets) {
                continue;
            }
            let text = format!("{}# P\n\nmark-{number}-\n\n{}\n", filled(keys), filled(text));
            found.insert(FilePath::new(&path).expect("a path"), text.into_bytes());
            taken.push(path);
        }
        for (path, text) in beside {
            let path = FilePath::new(&filled(path)).expect("a path");
            found.insert(path, filled(text).into_bytes());
        }
        found
    })
}

/// The same, some with a template of their own.
pub(super) fn sites_with_templates() -> impl Strategy<Value = Files> {
    let template = prop_oneof![4 => Just(None), 1 => select(TEMPLATES).prop_map(Some)];
    (sites(), template).prop_map(|(mut files, template)| {
        let path = FilePath::new("theme/templates/page.html").expect("a path");
        if let Some(template) = template {
            files.insert(path, template.as_bytes().to_vec());
        }
        files
    })
}
