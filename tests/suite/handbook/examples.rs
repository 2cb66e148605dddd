//! The examples of the handbook are read as they stand there: site.toml, front matter, alert rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use guidepost::build::{Cache, judge};
use guidepost::config::read::keys as config_keys;
use guidepost::diagnostic::Rule;
use guidepost::history::History;
use guidepost::memo::Mode;
use guidepost::parse::front_matter::read::keys as front_matter_keys;
use guidepost::sources::Sources;
use guidepost::value::keys::KnownKey;

use crate::support::{below, options, site};

/// A block of code of the handbook.
struct Example {
    /// Where it stands, as `page:line`.
    place: String,
    language: String,
    text: String,
}

/// The blocks of code of a text, with what indents them taken away; those inside a longer fence are part of it.
fn examples(page: &str, text: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, Example)> = None;
    for (number, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        let fence: String = bare.chars().take_while(|letter| *letter == '`').collect();
        match &mut open {
            None if fence.len() >= 3 => {
                let language = bare[fence.len()..].split([' ', '{']).next().unwrap_or_default();
                let (place, language) = (format!("{page}:{}", number + 1), language.to_owned());
                let example = Example { place, language, text: String::new() };
                open = Some((line.len() - bare.len(), fence, example));
            }
            Some((_, opened, _)) if bare.trim_end() == opened => {
                found.extend(open.take().map(|(_, _, example)| example));
            }
            Some((indent, _, example)) => {
                let indent = line.len().min(*indent);
                example.text.push_str(line.get(indent..).unwrap_or_default());
                example.text.push('\n');
            }
            None => {}
        }
    }
    found
}

/// The examples of the handbook and the README in a language.
fn all(language: &str) -> Vec<Example> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let handbook = root.join("content/handbook");
    let pages = below(&handbook).chain([root.join("README.md")]);
    let mut pages: Vec<_> =
        pages.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    pages.sort();
    let of_page = |path: &std::path::PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        examples(&name, &fs::read_to_string(path).expect("a page of the handbook"))
    };
    let found = pages.iter().flat_map(of_page);
    found.filter(|example| example.language == language).collect()
}

/// What the examples are read in: what they speak of is there.
const AROUND: &str = "\
    -- site.toml --\nbase_url = \"https://runbooks.virtualagentics.example/\"\n\
    [owners.devops]\nname = \"DevOps\"\n[owners.ai-engineering]\nname = \"AI\"\n\
    [dashboards]\nregion = \"eu-central-1\"\naccount = \"123456789012\"\ngrafana = \"https://grafana.example.org\"\n\
    [dashboards.kinds.github-actions]\nurl = \"https://github.com/VirtualAgentics/{repo}/actions/workflows/{workflow}\"\n\
    [alerts]\nsources = [\"rules/*\"]\n\
    -- rules/r.yaml --\ngroups: [{name: g, rules: [{alert: Other, expr: up}]}]\n\
    -- content/_templates/agent-runbook.md --\n## Alerts Configuration\n\n## Dashboard\n\n## Escalation\n\
    -- content/agents/contentgen.md --\n---\nalerts: [Other, ContentGenErrorsAlarm, RefundQueueStuck]\n---\n# A\n\
    -- content/policies/a.md --\n# B\n";

/// What an example may lack without being wrong: the rest of the site that it is taken from.
const OF_THE_REST: [Rule; 8] = [
    Rule::AlertWithoutRunbook,
    Rule::BrokenAnchor,
    Rule::BrokenLink,
    Rule::MissingSection,
    Rule::SourceSkipped,
    Rule::SourceWithoutAlerts,
    Rule::UnknownAgent,
    Rule::UnusedParameter,
];

/// Whether a text is about one of the keys, as its first key of a line that is not indented.
fn has_key(text: &str, keys: &[KnownKey]) -> bool {
    let known: BTreeSet<&str> = keys.iter().map(|key| key.name).collect();
    text.lines().any(|line| {
        let key = line.trim_start_matches('[').split([' ', '=', ':', '.', ']']).next();
        key.is_some_and(|key| !key.is_empty() && known.contains(key))
    })
}

/// Whether an example of the same page begins the table that another one goes on with: `[deploy.x]` and
/// `[deploy.x.cdn]`.
fn begins(before: &Example, example: &Example) -> bool {
    let page = |example: &Example| example.place.split(':').next().map(str::to_owned);
    let opened = example.text.lines().next().and_then(|line| line.rsplit_once('.'));
    let is_opened = opened.is_some_and(|(above, _)| before.text.starts_with(&format!("{above}]")));
    page(before) == page(example) && before.place != example.place && is_opened
}

/// Reads an example as a file of the site around it, in which nothing may be found.
#[track_caller]
fn check(example: &Example, path: &str, text: &str) {
    let history = History::without("a fixture has no history").into();
    let files = site(&format!("{AROUND}-- {path} --\n{text}"));
    let sources = Sources { files, passed_over: BTreeMap::new(), history };
    let judged = judge(&sources, &options(), &mut Cache::new(Mode::Once), |_| {});
    let findings = judged.map_or_else(|findings| findings, |judged| judged.findings);
    let found: Vec<String> = findings
        .iter()
        .map(|finding| &finding.diagnostic)
        .filter(|found| found.at.path.as_str() == path && !OF_THE_REST.contains(&found.rule))
        .map(|found| format!("{}: {}", found.rule.name(), found.message))
        .collect();
    assert_eq!(found, [""; 0], "{}\n{text}", example.place);
}

#[test]
fn every_example_of_site_toml_is_read_without_a_finding() {
    let keys = config_keys();
    let (own, others): (Vec<_>, Vec<_>) =
        all("toml").into_iter().partition(|example| has_key(&example.text, &keys));
    for example in &own {
        let before = own.iter().find(|before| begins(before, example));
        let before = before.map_or("", |before| before.text.as_str());
        check(example, "site.toml", &format!("{before}{}", example.text));
    }
    assert!(own.len() >= 30, "{}", own.len());
    let others: Vec<&str> = others.iter().map(|example| example.place.as_str()).collect();
    assert!(others.len() <= 1, "settings of other programs: {others:?}");
}

#[test]
fn every_example_of_front_matter_is_read_without_a_finding() {
    let keys = front_matter_keys();
    let own = all("yaml").into_iter().filter(|example| has_key(&example.text, &keys));
    let own: Vec<Example> = own.collect();
    for example in &own {
        let text = example.text.trim_start_matches("---\n").trim_end_matches("---\n");
        check(example, "content/a.md", &format!("---\n{text}---\n# A\n\nText.\n"));
    }
    assert!(own.len() >= 15, "{}", own.len());
}

#[test]
fn every_example_of_an_alert_rule_is_read_without_a_finding() {
    let rules = all("yaml").into_iter().filter(|example| example.text.starts_with("- alert:"));
    let rules: Vec<Example> = rules.collect();
    for example in &rules {
        let inner = example.text.replace('\n', "\n  ");
        check(example, "rules/e.yaml", &format!("groups:\n- name: g\n  rules:\n  {inner}\n"));
    }
    let alarms = all("hcl");
    for example in &alarms {
        check(example, "rules/e.tf", &example.text);
    }
    assert!(!rules.is_empty() && !alarms.is_empty());
}

#[test]
fn an_example_with_something_wrong_in_it_is_seen() {
    let text = "1. Text\n\n   ```yaml {title=\"x\"}\n   titel: A\n   ```\n\n````markdown\n```toml\nx = 1\n```\n````\n";
    let found = examples("a.md", text);
    let shown: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|example| (example.place.as_str(), example.language.as_str(), example.text.as_str()))
        .collect();
    let expected =
        [("a.md:3", "yaml", "titel: A\n"), ("a.md:7", "markdown", "```toml\nx = 1\n```\n")];
    assert_eq!(shown, expected);
    let wrong = std::panic::catch_unwind(|| {
        check(&examples("a.md", text)[0], "content/a.md", "---\ntitel: A\n---\n# A\n");
    });
    assert!(wrong.is_err());
}
