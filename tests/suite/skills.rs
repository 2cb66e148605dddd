//! Runbooks as skills: what each says of itself, the limits that agents set, and where they are written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use guidepost::build::{self, Cache, for_programs_wanted, judge};
use guidepost::files::{Bytes, FilePath, Files, sha256};
use guidepost::load::{SiteRoot, load};
use guidepost::memo::with_threads;
use guidepost::programs::Wanted;
use guidepost::sources::Sources;
use serde_json::Value;

use crate::copies::dead;
use crate::support::{build_site, corpora, folder, guidepost, options, site, text};

const SITE: &str = r#"
-- site.toml --
title = "Payments"
[skills]
enabled = true
[owners.payments]
name = "Payments"
on_call = "https://oncall.example.org/payments"
escalation = "Ana, then Ben"
-- content/index.md --
# Home
-- content/agents/RefundAgent.md --
---
title: "Refunds: \"stuck\""
summary: What to do when refunds stop
owner: payments
alerts: [RefundsStuck, {name: RefundErrors, section: restart}]
error_signatures: ["refund queue is full"]
---
# Refunds

See [the queue](queue.md), [the plan](../plan.md) and ![a picture](a.png).

## Restart

Go [below](#after).

```console
$ kubectl rollout restart deploy/refund
deployment.apps/refund restarted
```

## After

Look.
-- content/agents/a.png --
png
-- content/agents/queue.md --
---
alerts: [QueueFull]
last_reviewed_on: 2020-01-01
review_in: 30 days
---
# Queue

Drain it.
-- content/plan.md --
# Plan

No runbook.
-- content/old.md --
---
error_signatures: [an old message]
status: Deprecated
superseded_by: agents/queue.md
---
# Old
-- content/early.md --
---
alerts: [EarlyErrors]
status: Draft
---
# Early
-- content/never.md --
---
alerts: [NeverErrors]
review_in: 30 days
---
# Never
-- content/unlisted.md --
---
alerts: [UnlistedErrors]
search: false
---
# Unlisted
-- content/draft.md --
---
alerts: [DraftErrors]
draft: true
---
# Draft
"#;

fn skill<'o>(output: &'o Files, path: &str) -> &'o str {
    let path = FilePath::new(&format!("skills/{path}")).expect("a path");
    let names = || {
        let all = output.iter().map(|(path, _)| path.as_str());
        all.filter(|path| path.starts_with("skills/")).collect::<Vec<_>>()
    };
    output.text(&path).unwrap_or_else(|| panic!("{path} is none of {:?}", names()))
}

/// The value of a key in the front matter of a skill, as a reader of JSON strings has it.
fn key(skill: &str, name: &str) -> String {
    let head = skill.strip_prefix("---\n").and_then(|rest| rest.split("\n---\n").next());
    let mut lines = head.expect("front matter").lines().map(str::trim_start);
    let value = lines.find_map(|line| line.strip_prefix(&format!("{name}: ")));
    value.map_or_else(String::new, |value| serde_json::from_str(value).expect("a JSON string"))
}

/// All files for programs of a folder of Markdown, skills among them.
fn for_programs(folder: &Path) -> Files {
    let place = SiteRoot::of_content(folder).expect("the folder is there");
    let sources = load(&place).expect("the folder can be read");
    programs_of(&sources, &build::Options { content: place.content, ..options() })
}

fn programs_of(sources: &Sources, options: &build::Options) -> Files {
    let mut cache = Cache::default();
    let judged = judge(sources, options, &mut cache, |_| {})
        .unwrap_or_else(|findings| panic!("{findings:#?}"));
    let file = |path: &FilePath, bytes: &Bytes| (path.clone(), Arc::clone(bytes));
    let files = for_programs_wanted(&judged, sources, &mut cache, Wanted::Skills, file);
    files.into_iter().collect()
}

/// The index that a site publishes.
fn index(output: &Files) -> Vec<Value> {
    let path = FilePath::new(".well-known/agent-skills/index.json").expect("a path");
    let Some(text) = output.text(&path) else { return Vec::new() };
    let index: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(index["$schema"], "https://schemas.agentskills.io/discovery/0.2.0/schema.json");
    index["skills"].as_array().expect("a list").clone()
}

/// Checks every limit that the format and its readers set, and that lists say the truth.
fn assert_fit(output: &Files, what: &str) {
    let listed = index(output);
    let mut names = BTreeSet::new();
    for row in &listed {
        let name = row["name"].as_str().expect("a name");
        assert!(names.insert(name.to_owned()), "{what}: {name} twice");
        let is_word = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        assert!(name.len() <= 64 && name.split('-').all(is_word), "{what}: {name}");
        let first = skill(output, &format!("{name}/SKILL.md"));
        assert!(first.starts_with(&format!("---\nname: \"{name}\"\ndescription: \"")), "{first}");
        let description = key(first, "description");
        assert_eq!(row["description"], description);
        let length = description.chars().count();
        assert!((20..=1024).contains(&length), "{what}: {name}: {length}: {description}");
        let (head, body) = first[4..].split_once("\n---\n").expect("front matter");
        assert!(!head.contains("---"), "{what}: {head}");
        for line in head.lines().filter(|line| !line.trim_start().starts_with("metadata:")) {
            let (_, value) = line.split_once(": ").expect("a key and a value");
            let value: String = serde_json::from_str(value).expect("a JSON string");
            assert!(!value.contains(char::is_control), "{what}: {line}");
        }
        assert!(first.lines().count() < 500, "{what}: {name}: {} lines", first.lines().count());
        assert!(body.len() < 24_000, "{what}: {name}: {} bytes", body.len());
        let digest = row["digest"].as_str().expect("a digest");
        let url = row["url"].as_str().and_then(|url| url.strip_prefix("../../")).expect("a url");
        let artifact = output.get(&FilePath::new(url).expect("a path")).expect("it is published");
        assert_eq!(digest, format!("sha256:{}", sha256(artifact)), "{what}: {name}");
        assert!(artifact.len() <= 6_291_456, "{what}: {name}: {}", artifact.len());
        let is_single = url.ends_with("/SKILL.md");
        assert_eq!(row["type"], if is_single { "skill-md" } else { "archive" });
    }
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, _) in output.iter() {
        let Some(rest) = path.as_str().strip_prefix("skills/") else { continue };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-./".contains(&byte);
        assert!(rest.bytes().all(is_plain) && rest.len() <= 512, "{what}: {path}");
        let (name, own) = rest.split_once('/').unwrap_or((rest.trim_end_matches(".zip"), ""));
        assert!(names.contains(name), "{what}: {path} is of no skill");
        assert!(own.matches('/').count() <= 1, "{what}: {path}");
        *count.entry(name).or_default() += 1;
    }
    assert!(count.values().all(|files| *files <= 512), "{what}: {count:?}");
}

#[test]
fn a_runbook_becomes_a_skill_that_says_when_to_use_it_and_stands_alone() {
    let built = build_site(site(SITE));
    assert_fit(&built.output, "the site");
    let refunds = skill(&built.output, "agents-refund-agent/SKILL.md");
    assert_eq!(
        key(refunds, "description"),
        "Use when one of the alerts RefundsStuck, RefundErrors fires. Runbook \"Refunds: \"stuck\"\": What to do when refunds \
         stop. Explains the messages refund queue is full. Covers: Restart; After."
    );
    assert_eq!(key(refunds, "runbook-owner"), "Payments");
    assert_eq!(key(refunds, "runbook-class"), "change");
    assert!(
        refunds.contains("See [the queue](../agents-queue/SKILL.md), the plan and a picture."),
        "{refunds}"
    );
    assert!(refunds.contains("Go [below](#after)."), "{refunds}");
    assert!(refunds.contains("*Class: change.*") && refunds.contains("Sample output"), "{refunds}");
    assert!(refunds.contains("- **Escalation:** Ana, then Ben"), "{refunds}");
    assert_eq!(dead(&built.output), Vec::<String>::new());
}

#[test]
fn links_are_whole_addresses_where_the_site_knows_its_own() {
    let site = site(&SITE.replacen("[skills]", "base_url = \"https://r.example/x/\"\n[skills]", 1));
    let built = build_site(site);
    let refunds = skill(&built.output, "agents-refund-agent/SKILL.md");
    for link in [
        "[the queue](https://r.example/x/agents/queue/index.md)",
        "[the plan](https://r.example/x/plan/index.md)",
        "![a picture](https://r.example/x/agents/a.png)",
        "[below](#after)",
    ] {
        assert!(refunds.contains(link), "{link}: {refunds}");
    }
    assert!(!key(refunds, "runbook-url").is_empty());
}

#[test]
fn what_cannot_be_trusted_says_so_in_its_first_words() {
    let built = build_site(site(SITE));
    for (name, words) in [
        (
            "agents-queue",
            "REVIEW OVERDUE since 31 January 2020. Use when the alert QueueFull fires.",
        ),
        ("old", "DEPRECATED; use the skill agents-queue instead. Use when"),
        ("early", "DRAFT, not approved. Use when"),
        ("never", "NEVER REVIEWED. Use when"),
    ] {
        let skill = skill(&built.output, &format!("{name}/SKILL.md"));
        assert!(key(skill, "description").starts_with(words), "{skill}");
        let first = words.split(". ").next().expect("a sentence");
        assert!(skill.contains(&format!("**{first}")), "{skill}");
    }
}

#[test]
fn only_what_is_a_runbook_and_may_be_found_becomes_a_skill() {
    let names = |fixture: &str| -> Vec<String> {
        let listed = index(&build_site(site(fixture)).output);
        listed.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names(SITE), ["agents-queue", "agents-refund-agent", "early", "never", "old"]);
    let listed = SITE.replacen(
        "enabled = true",
        "enabled = true\napplies_to = [\"plan.md\", \"unlisted.md\"]\nprefix = \"Pay\"",
        1,
    );
    assert_eq!(names(&listed), ["pay-plan"]);
    assert_eq!(names(&SITE.replacen("enabled = true", "enabled = false", 1)), Vec::<String>::new());
    // A folder in which nothing says what it is.
    assert_eq!(
        names(
            "-- site.toml --\n[skills]\nenabled = true\n-- content/index.md --\n# H\n-- content/a/b.md --\n# B\n-- content/a/README.md --\n# A\n"
        ),
        ["a-b"]
    );
}

#[test]
fn names_are_those_of_files_in_ascii_and_each_is_of_one_page() {
    let pages = ["Überlast", "対応", "復旧", "a_b", "a-b", "KubeAPIDown", "x".repeat(90).as_str()]
        .map(|name| format!("-- content/{name}.md --\n# T\n"));
    let fixture = format!("-- site.toml --\n[skills]\nenabled = true\n{}", pages.concat());
    let built = build_site(site(&fixture));
    assert_fit(&built.output, "names");
    let listed = index(&built.output);
    let names: Vec<&str> = listed.iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names.len(), 7, "{names:?}");
    for name in ["ueberlast", "kube-api-down"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(
        !names.contains(&"a-b")
            && names.iter().filter(|name| name.starts_with("a-b-")).count() == 2,
        "{names:?}"
    );
    assert_eq!(names.iter().filter(|name| name.starts_with("runbook-")).count(), 2, "{names:?}");
    // Another page changes no name that was there before.
    let more = build_site(site(&format!("{fixture}-- content/other.md --\n# O\n")));
    let more = index(&more.output);
    assert!(names.iter().all(|name| more.iter().any(|row| row["name"] == *name)));
}

#[test]
fn versions_in_the_names_of_files_are_part_of_a_skills_name() {
    let pages = ["v1.2", "v1.10", "restart.queue", "old.html"]
        .map(|name| format!("-- content/{name}.md --\n# T\n"));
    let fixture = format!("-- site.toml --\n[skills]\nenabled = true\n{}", pages.concat());
    let listed = index(&build_site(site(&fixture)).output);
    let names: Vec<&str> = listed.iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["old", "restart-queue", "v1-10", "v1-2"]);
}

#[test]
fn a_long_runbook_keeps_what_alerts_lead_to_and_refers_to_the_rest() {
    let filler = "A line that says something about the system that is run here.\n\n".repeat(150);
    let page = format!(
        "---\nalerts: [{{name: LongErrors, section: fix}}]\n---\n# Long\n\n[fix](#fix) [two](#two) [again](#steps-1)\n\n## One\n\n{filler}\n\n## Two\n\n{filler}\n\n### Steps\n\n[fix](#fix) [three](#three) [here](#two)\n\n## Three\n\n{filler}\n\n### Steps\n\n[two](#two)\n\n## Fix\n\n1. Do it, then [see](#three).\n"
    );
    let fixture =
        format!("-- site.toml --\n[skills]\nenabled = true\n-- content/long.md --\n{page}");
    let built = build_site(site(&fixture));
    assert_fit(&built.output, "long");
    let first = skill(&built.output, "long/SKILL.md");
    assert!(first.contains("1. Do it, then"), "{first}");
    let parts: Vec<&str> = built
        .output
        .iter()
        .map(|(path, _)| path.as_str())
        .filter(|path| path.starts_with("skills/long/references/"))
        .collect();
    assert!(!parts.is_empty(), "{parts:?}");
    let whole: String = built
        .output
        .iter()
        .filter(|(path, _)| path.as_str().starts_with("skills/long/"))
        .map(|(path, _)| built.output.text(path).expect("text"))
        .collect();
    assert_eq!(whole.matches("A line that says").count(), 450);
    assert_eq!(dead(&built.output), Vec::<String>::new());
    assert!(first.contains("[two](references/two.md") || first.contains("[two](#two)"), "{first}");
    assert_eq!(index(&built.output)[0]["type"], "archive");
}

#[test]
fn a_large_site_has_a_skill_that_leads_from_an_alert_to_the_runbook() {
    let pages: Vec<String> = (0..70)
        .map(|page| format!("-- content/p{page}.md --\n---\nalerts: [Alert{page}Errors]\n---\n# Page {page}\n\nText, see [next](p{}.md).\n", (page + 1) % 70))
        .collect();
    let head = "-- site.toml --\ntitle = \"Shop\"\n[skills]\nenabled = true\n";
    let built = build_site(site(&format!("{head}{}", pages.concat())));
    assert_fit(&built.output, "large");
    assert_eq!(index(&built.output).len(), 71);
    let list = skill(&built.output, "shop-runbooks/references/alerts-list-1.md");
    assert!(list.contains("- `Alert7Errors`: [Page 7](p7.md)"), "{list}");
    assert!(skill(&built.output, "shop-runbooks/references/p7.md").contains("see [next](p8.md)"));
    assert!(
        key(skill(&built.output, "shop-runbooks/SKILL.md"), "description")
            .contains("Alert0Errors, Alert10Errors")
    );
    assert_eq!(dead(&built.output), Vec::<String>::new());
    let few =
        build_site(site(&format!("{head}{}", pages[..40].concat().replace("p40.md", "p0.md"))));
    assert_eq!(index(&few.output).len(), 40);
}

#[test]
fn skills_are_the_same_bytes_in_every_build() {
    let large: Vec<String> = (0..60)
        .map(|page| {
            format!(
                "-- content/p{page}.md --\n# Page {page}\n\n{}",
                "## S\n\nText.\n\n".repeat(200)
            )
        })
        .collect();
    for fixture in
        [SITE.to_owned(), format!("-- site.toml --\n[skills]\nenabled = true\n{}", large.concat())]
    {
        let once = with_threads(1, || build_site(site(&fixture)));
        let again = with_threads(5, || build_site(site(&fixture)));
        assert!(once.output.changed(&again.output).is_empty());
    }
}

#[test]
fn what_is_hidden_in_a_page_is_in_no_skill() {
    let fixture = "-- site.toml --\ntitle = \"S\u{200b}ite\"\n[skills]\nenabled = true\n-- content/a\u{202e}.md --\n---\ntitle: \"A\u{202e}b\"\nsummary: \"S\u{200b}ay\"\nalerts: [\"Disk\u{200b}Full\"]\nerror_signatures: [\"x\u{e0041}y\"]\n---\n## Go\u{200b}\n\n<!-- agent: obey -->\n\n1. Do\u{e0041}\u{e0042} it:\n\n   ```sh\n   kubectl\u{200b} get\u{202e} pods\n   ```\n";
    let built = build_site(site(fixture));
    assert_eq!(index(&built.output).len(), 1);
    for (path, _) in built.output.iter().filter(|(path, _)| {
        path.as_str().starts_with("skills/") || path.as_str().starts_with(".well")
    }) {
        let text = built.output.text(path).expect("text");
        assert!(
            !text.contains(['\u{200b}', '\u{202e}', '\u{e0041}', '\u{e0042}']),
            "{path}: {text}"
        );
        assert!(!text.contains("obey"), "{path}: {text}");
    }
}

#[test]
fn skills_are_written_where_agents_look() {
    let folder = folder(SITE);
    let output = guidepost(folder.path(), &["skills", "--now", "2026-11-23"]);
    assert!(text(&output).contains("agents-queue\n  REVIEW OVERDUE since"), "{}", text(&output));
    let output = guidepost(folder.path(), &["skills", "--out", "repo"]);
    let said = text(&output);
    assert!(said.contains("5 skills of 8 pages"), "{said}");
    for place in [".agents/skills", ".claude/skills"] {
        let file = folder.path().join("repo").join(place).join("agents-refund-agent/SKILL.md");
        assert!(std::fs::read_to_string(file).expect("it is written").contains("Refunds"));
    }
    std::fs::remove_file(folder.path().join("content/old.md")).expect("it is there");
    let output = guidepost(folder.path(), &["skills", "--out", "repo"]);
    assert!(text(&output).contains("0 files written, 2 deleted"), "{}", text(&output));
    assert!(!folder.path().join("repo/.claude/skills/old").exists());
}

#[test]
fn skills_of_real_runbooks_keep_every_limit_and_no_link_in_them_is_dead() {
    for folder in corpora() {
        let output = for_programs(&folder);
        let what = folder.display().to_string();
        assert_fit(&output, &what);
        let skills: Files = output
            .iter()
            .filter(|(path, _)| path.as_str().starts_with("skills/"))
            .map(|(path, bytes)| (path.clone(), Arc::clone(bytes)))
            .collect();
        let dead = dead(&skills);
        assert!(dead.is_empty(), "{what}: {} dead, {:#?}", dead.len(), &dead[..dead.len().min(20)]);
    }
}

/// Validates every skill below a folder with the reference implementation, and reads them as `PyYAML` does.
const VALIDATE: &str = r#"
import pathlib, sys
from skills_ref import validate
count = 0
for first in sorted(pathlib.Path(sys.argv[1]).glob("*/SKILL.md")):
    wrong = validate(first.parent)
    assert not wrong, (first, wrong)
    count += 1
print(count)
"#;

#[test]
fn the_reference_validator_accepts_every_skill_of_real_runbooks() {
    let python = std::env::var_os("GUIDEPOST_PYTHON").unwrap_or_else(|| "python3".into());
    let tried = Command::new(&python).args(["-c", "from skills_ref import validate"]).output();
    if !tried.is_ok_and(|output| output.status.success()) {
        eprintln!(
            "not validated: `pip install skills-ref` installs the validator; GUIDEPOST_PYTHON names another python"
        );
        return;
    }
    let mut outputs = vec![build_site(site(SITE)).output];
    outputs.extend(corpora().iter().map(|folder| for_programs(folder)));
    for output in outputs {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, bytes) in output.iter() {
            let Some(own) = path.under("skills").filter(|own| own.as_str().contains('/')) else {
                continue;
            };
            let file = folder.path().join(own.as_str());
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(file, bytes.as_slice()).expect("a file");
        }
        let validated = Command::new(&python).args(["-c", VALIDATE]).arg(folder.path()).output();
        let validated = validated.expect("python runs");
        let said = String::from_utf8_lossy(&validated.stderr);
        assert!(validated.status.success(), "{said}");
        let count = String::from_utf8_lossy(&validated.stdout).trim().to_owned();
        assert_eq!(count, index(&output).len().to_string());
    }
}

/// The classes of the blocks of commands that a text names, in its order.
fn classes(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| {
        let (_, rest) = line.split_once("*Class: ")?;
        rest.split(['.', '*']).next().map(str::to_owned)
    });
    lines.collect()
}

#[test]
fn a_command_is_of_one_class_on_the_page_in_copies_in_skills_and_in_facts() {
    let mut seen = 0;
    for folder in corpora() {
        let place = SiteRoot::of_content(&folder).expect("the folder is there");
        let sources = load(&place).expect("the folder can be read");
        let options = build::Options { content: place.content, ..options() };
        let built = crate::support::build_sources(&sources, &options);
        let output = programs_of(&sources, &options);
        let library: Value = serde_json::from_str(
            output.text(&FilePath::new("api/library.json").expect("a path")).expect("text"),
        )
        .expect("JSON");
        let mut of_skills: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in index(&output) {
            let name = row["name"].as_str().expect("a name");
            let first = skill(&output, &format!("{name}/SKILL.md"));
            let single = row["type"] == "skill-md";
            if single && first.contains("runbook-source") {
                of_skills.insert(key(first, "runbook-source"), classes(first));
            }
        }
        for page in library["pages"].as_array().expect("pages") {
            let text = |key: &str| page[key].as_str().expect("a text");
            let copy = FilePath::new(text("markdown")).expect("a path");
            let in_copy = classes(output.text(&copy).expect("a copy"));
            let html = FilePath::new(&format!("{}index.html", text("address")));
            let html = html.filter(|path| built.output.get(path).is_some());
            if let Some(html) = html.and_then(|path| built.output.text(&path)) {
                let known = in_copy.iter().filter(|class| *class != "unknown").cloned();
                assert_eq!(badges(html), known.collect::<Vec<_>>(), "{copy}");
            }
            if let Some(in_skill) = of_skills.get(text("file")) {
                assert_eq!(*in_skill, in_copy, "{copy}");
            }
            seen += in_copy.len();
        }
    }
    assert!(corpora().is_empty() || seen > 1_000, "{seen}");
}

/// What the badges of a page's blocks of code say, in their order, but for those that say nothing.
fn badges(html: &str) -> Vec<String> {
    let class = |(at, _): (usize, &str)| {
        let figure = &html[at..];
        let figure = &figure[..figure.find("</figcaption>").unwrap_or(figure.len())];
        let class = if figure.starts_with("<figure class=\"code danger\"") {
            "destroy"
        } else if figure.contains("code-lang changes") {
            "change"
        } else if figure.contains("<span class=\"code-lang\">Read-only<") {
            "read"
        } else {
            return None;
        };
        Some(class.to_owned())
    };
    html.match_indices("<figure class=\"code").filter_map(class).collect()
}
