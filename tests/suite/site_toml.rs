//! Every key of site.toml with a value of another type and with one that cannot be meant: each is a finding at its
//! place that says what to write, and the rest of the file stands.

use std::collections::BTreeSet;

use guidepost::config::Config;
use guidepost::config::read::{config, keys};
use guidepost::diagnostic::Diagnostic;
use guidepost::files::FilePath;
use guidepost::value::keys::{KnownKey, Shape};

use crate::support::{build_site, folder, guidepost, site, text};

/// A key with a value that its type admits and nobody can mean.
const NOT_MEANT: &[(&str, &[&str])] = &[
    ("title", &["''", "'  '"]),
    ("base_url", &["'not a url'", "'https://'", "'ftp://a.example'", "'a.example/docs'"]),
    ("repository", &["'not a url'", "'github.com/a/b'", "'git@github.com:a/b.git'"]),
    ("language", &["'englsh'", "'en_US'", "'xx'", "'x'", "''"]),
    ("content", &["'/srv'", "'../else'"]),
    ("theme", &["'/srv'", "'../else'", "'content'"]),
    ("output", &["'/srv'", "'../else'", "'content'", "'theme'", "'.'"]),
    ("extensions", &["['md']", "['']", "[]", "'md'"]),
    ("markdown.dialects", &["['mkdoc']"]),
    ("strings", &["{ alertz = 'x' }", "{ overdue-by = 'late by {dayz}' }", "{ alerts = '{x}' }"]),
    ("freshness.review_in", &["'soon'", "'0 days'", "'-3 days'", "3"]),
    ("freshness.due_soon", &["'soon'", "'-1 week'"]),
    ("freshness.date_is_review", &["'maybe'"]),
    ("freshness.applies_to", &["['{a']"]),
    ("owners", &["{ '' = {} }"]),
    ("owners.shop.name", &["''"]),
    ("owners.shop.email", &["'nobody'", "'a b@example.org'", "'@example.org'"]),
    ("owners.shop.chat_url", &["'not a url'", "'#shop'", "'javascript:x'"]),
    ("owners.shop.on_call", &["'javascript:x'"]),
    ("owners.shop.escalation", &["'javascript:x'"]),
    ("owners.shop.timezone", &["'Mars/Olympus'", "'Berlin'", "'CEST'"]),
    ("templates", &["{ '' = { file = 't.md' } }"]),
    ("templates.runbook.file", &["''"]),
    ("templates.runbook.applies_to", &["['{a']"]),
    ("alerts.sources", &["['{a']"]),
    ("alerts.from_filename", &["['{a']"]),
    ("alerts.from_heading", &["['{a']"]),
    ("dashboards.region", &["'nowhere at all'", "'Frankfurt'", "'eu-central'"]),
    ("dashboards.account", &["'12'", "'my-account'"]),
    ("dashboards.grafana", &["'not a url'", "'grafana.example.org'"]),
    ("dashboards.kinds", &["{ '' = { url = 'https://k.example/' } }", "{ kibana = {} }"]),
    ("dashboards.kinds.kibana.title", &["''"]),
    (
        "dashboards.kinds.kibana.url",
        &["'not a url'", "'https://a.example/{id'", "'https://a.example/id}'"],
    ),
    ("parameters", &["{ 'a b' = {} }", "{ '' = {} }"]),
    ("parameters.region.pattern", &["'(['", "'*'"]),
    ("parameters.region.enum", &["[]"]),
    (
        "checks",
        &[
            "{ broken-lnik = 'warn' }",
            "{ broken-link = 'loud' }",
            "{ '{a' = { broken-link = 'warn' } }",
        ],
    ),
    ("deploy", &["{ '' = { url = 's3://b' } }", "{ production = {} }"]),
    ("deploy.production.url", &["'ftp://a'", "'s3://'"]),
    ("deploy.production.endpoint", &["'not a url'"]),
    ("deploy.production.grace", &["'soon'"]),
    ("deploy.production.max_delete", &["-2"]),
    ("deploy.production.concurrency", &["0", "1000"]),
    ("urls.style", &["'flat'"]),
    ("search.synonyms", &["['a', 'b']", "[['a']]", "[[]]"]),
    ("publish.hosts", &["['apache']"]),
    ("llms.full_kilobytes", &["0", "-5"]),
    ("skills.applies_to", &["['{a']"]),
    ("skills.prefix", &["'!!'"]),
];

/// Keys that take any text, or any of their type.
const ANY: &[&str] = &[
    "unsafe_html",
    "owners.shop.chat",
    "templates.runbook.sections.alerts",
    "templates.runbook.sections.dashboards",
    "templates.runbook.sections.escalation",
    "alerts.answer_sections",
    "alerts.case_sensitive",
    "alerts.aliases",
    "alerts.values",
    "parameters.region.default",
    "parameters.region.description",
    "front_matter.extra",
    "front_matter.status",
    "deploy.production.region",
    "deploy.production.profile",
    "deploy.production.cdn.cloudfront",
    "deploy.production.cdn.cloudflare",
    "publish.public",
    "publish.sources",
    "skills.enabled",
];

/// The name that a fixture gives an entry of a table.
fn named(table: &str) -> &'static str {
    match table {
        "owners" => "shop",
        "templates" => "runbook",
        "dashboards.kinds" => "kibana",
        "parameters" => "region",
        "deploy" => "production",
        other => panic!("no name for an entry of `{other}`"),
    }
}

/// Every key with the keys above it.
fn all(keys: &[KnownKey], above: &str) -> Vec<(String, Shape)> {
    let mut found = Vec::new();
    for key in keys {
        let path =
            if above.is_empty() { key.name.to_owned() } else { format!("{above}.{}", key.name) };
        match key.shape {
            Shape::Keys => {}
            shape => found.push((path.clone(), shape)),
        }
        found.extend(all(&key.keys, &path));
        if let Shape::Named(inner) = key.shape {
            found.extend(all(&inner(), &format!("{path}.{}", named(&path))));
        }
    }
    found
}

/// A site.toml that sets one key, and what else it cannot do without.
fn setting(path: &str, value: &str) -> String {
    let beside = match path.rsplit_once('.') {
        Some(("templates.runbook", key)) if key != "file" => "templates.runbook.file = 't.md'\n",
        Some(("templates.runbook.sections", _)) => "templates.runbook.file = 't.md'\n",
        Some(("dashboards.kinds.kibana", key)) if key != "url" => {
            "dashboards.kinds.kibana.url = 'https://k.example/'\n"
        }
        Some(("deploy.production" | "deploy.production.cdn", key)) if key != "url" => {
            "deploy.production.url = 's3://b'\n"
        }
        _ => "",
    };
    format!("# a comment\n{beside}{path} = {value}\n")
}

fn read(text: &str) -> Vec<Diagnostic> {
    let path = FilePath::new("site.toml").expect("a path");
    let (_, found) = config(&path, text).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
    found
}

/// One finding at least, each of which says where it is and what to do.
fn assert_told(text: &str) {
    let found = read(text);
    assert!(!found.is_empty(), "nothing is said of\n{text}");
    for found in found {
        assert!(found.at.range.start >= "# a comment\n".len(), "no place: {text}{}", found.message);
        assert!(!text[found.at.range.clone()].is_empty(), "no place: {text}{}", found.message);
        assert!(found.help.is_some(), "no help: {text}{}", found.message);
    }
}

#[test]
fn every_key_of_site_toml_refuses_what_is_of_another_type() {
    for (path, shape) in all(&keys(), "") {
        let wrong: &[&str] = match shape {
            Shape::Text | Shape::OneOf(_) | Shape::Interval | Shape::Date => {
                &["[1, 2]", "{ a = 1 }"]
            }
            Shape::Texts | Shape::SomeOf(_) => &["{ a = 1 }", "[[1]]"],
            Shape::Bool | Shape::BoolOr(_) => &["'perhaps'", "7", "[true]"],
            Shape::Integer => &["'many'", "1.5", "true", "[1]"],
            Shape::Groups => &["7", "'a'", "{ a = 1 }"],
            Shape::Named(_) | Shape::NamedTexts | Shape::Any => &["7", "'a'", "[1]"],
            Shape::Keys | Shape::Entries(_) => continue,
        };
        for value in wrong {
            assert_told(&setting(&path, value));
        }
    }
    for table in keys().iter().filter(|key| matches!(key.shape, Shape::Keys)) {
        assert_told(&setting(table.name, "7"));
        assert_told(&setting(table.name, "{ nobody-knows-this = 1 }"));
    }
}

#[test]
fn every_key_of_site_toml_refuses_what_cannot_be_meant() {
    for (path, values) in NOT_MEANT {
        for value in *values {
            assert_told(&setting(path, value));
        }
    }
    let tried = NOT_MEANT.iter().map(|(path, _)| *path).chain(ANY.iter().copied());
    let tried: BTreeSet<&str> = tried.collect();
    let known = all(&keys(), "");
    let known: BTreeSet<&str> = known.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(tried, known, "each key stands in one of the two tables");
}

#[test]
fn what_can_be_meant_is_taken() {
    let text = "title = 'Runbooks'\nbase_url = 'https://docs.example/a/b'\nrepository = 'http://git.example/a'\n\
        language = 'pt-BR'\noutput = 'content/public'\nextensions = ['.md', '.html.md.erb']\n\
        owners.a = { email = 'a@b', chat_url = 'slack://channel?id=1', timezone = 'America/Argentina/Salta', on_call = 'Ann' }\n\
        dashboards = { region = 'us-gov-west-1', account = '123456789012', grafana = 'https://g.example/' }\n\
        dashboards.kinds.k.url = '{host}/x/{id}'\n\
        parameters.cluster = { pattern = '(?!-)[a-z-]+', enum = ['a', 'b'], default = 'b' }\n\
        freshness = { review_in = '6 weeks', due_soon = '0 days' }\n\
        search.synonyms = [['a', 'b'], ['c', 'd e']]\nllms.full_kilobytes = 500\n\
        strings = { overdue-by = '{days} late', alerts = 'Pages' }\n\
        deploy.p = { url = 'az://box/docs', endpoint = 'http://127.0.0.1:9000', concurrency = 8 }\n";
    let path = FilePath::new("site.toml").expect("a path");
    // A table that is set whole cannot be added to.
    let text = text.replace("dashboards = { ", "dashboards = { kinds.k.url = '{host}/x/{id}', ");
    let text = text.replace("dashboards.kinds.k.url = '{host}/x/{id}'\n", "");
    let (read, found) = config(&path, &text).expect("it is TOML");
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(read.parameters["cluster"].pattern.as_deref(), Some("(?!-)[a-z-]+"));
    assert_eq!(read.output, "content/public");
}

#[test]
fn what_cannot_be_meant_leaves_the_default_and_all_else() {
    let path = FilePath::new("site.toml").expect("a path");
    let text = "base_url = 'x'\nlanguage = 'klingon'\noutput = 'content'\nextensions = ['md']\ntitle = ''\n\
                repository = 'https://git.example/a'\n";
    let (read, found) = config(&path, text).expect("it is TOML");
    assert_eq!(found.len(), 5, "{found:?}");
    let expected =
        Config { repository: Some("https://git.example/a".to_owned()), ..Config::default() };
    assert_eq!(read, expected);
}

#[test]
fn folders_and_headings_that_are_not_there_are_named_with_their_line() {
    let folder = folder(
        "-- site.toml --\ntheme = \"thema\"\n\n[templates.runbook]\nfile = \"t.md\"\n\
         [templates.runbook.sections]\nalerts = \"Alrets\"\nescalation = \"Escalation\"\n\
         -- t.md --\n# T\n\n## 3. Alerts\n\n## 4. Escalation (if any)\n-- content/a.md --\n# A\n",
    );
    let said = text(&guidepost(folder.path(), &["check", "--format", "short"]));
    assert!(said.contains("site.toml:1:9: error[bad-config]"), "{said}");
    assert!(said.contains("site.toml:6:10: error[bad-config]"), "{said}");
    assert_eq!(said.matches("bad-config").count(), 2, "{said}");
    std::fs::write(folder.path().join("site.toml"), "title = \"x\"\ncontent = \"pagez\"\n")
        .expect("a file");
    for command in ["check", "build"] {
        let run = guidepost(folder.path(), &[command]);
        assert_eq!(run.status.code(), Some(2), "{}", text(&run));
        let said = text(&run);
        assert!(said.contains("pagez") && said.contains("site.toml:2:11"), "{command}: {said}");
    }
}

#[test]
fn a_page_s_own_pattern_is_judged_like_the_site_s() {
    let built = build_site(site(
        "-- content/a.md --\n---\nparameters:\n- {name: pod, pattern: \"([\"}\n---\n\n`<pod>`\n",
    ));
    let found =
        built.findings.iter().find(|found| found.diagnostic.message.contains("regular expression"));
    assert_eq!(found.expect("a finding").diagnostic.at.path.as_str(), "content/a.md");
}
