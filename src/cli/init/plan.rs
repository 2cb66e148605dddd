//! What `guidepost init` writes: the files of a new site, or those that an existing folder of Markdown lacks.
//!
//! Pure: files in memory and a few facts become files in memory. What is there already is never among them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::adopt::{Adoption, SectionPattern};
use crate::files::{FilePath, Files};
use crate::text::shell_word;

const SITE_TOML: &str = include_str!("site.toml");
const TEMPLATE: &str = include_str!("runbook-template.md");
const EXAMPLE: &str = include_str!("example-runbook.md");
const INDEX: &str = include_str!("index.md");
const PAGES_WORKFLOW: &str = include_str!("pages.yml");
const S3_WORKFLOW: &str = include_str!("s3.yml");
const INSTALL: &str = include_str!("install.yml");

/// What is known besides the files.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The name of the site folder.
    pub folder: String,
    /// The web address of the repository.
    pub repository: Option<String>,
    /// The site folder seen from the top of the repository; empty where they are the same.
    pub site_in_repository: String,
    /// The day of the example's review.
    pub today: Date,
}

/// Where the built site goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// GitHub Pages.
    Pages,
    /// An S3 bucket.
    S3,
}

/// The files that the site folder lacks.
pub(crate) fn site_files(adoption: &Adoption, facts: &Facts, existing: &Files) -> Files {
    let mut files = Files::default();
    let mut add = |path: String, text: String| {
        let path = FilePath::new(&path).expect("init names paths inside the site");
        if existing.get(&path).is_none() {
            files.insert(path, text.into_bytes());
        }
    };
    add("site.toml".to_owned(), site_toml(adoption, facts));
    let content = &adoption.content;
    if adoption.pages == 0 {
        add(format!("{content}/index.md"), INDEX.to_owned());
        add(
            format!("{content}/runbooks/example.md"),
            EXAMPLE.replace("@TODAY@", &facts.today.to_string()),
        );
        add(template_path(adoption), TEMPLATE.to_owned());
    } else if let Some(sections) = &adoption.sections {
        add(template_path(adoption), adopted_template(sections));
    }
    files
}

/// The workflow's file name and text.
pub(crate) fn workflow(host: Host, facts: &Facts) -> (&'static str, String) {
    let (name, text) = match host {
        Host::Pages => ("runbooks.yml", PAGES_WORKFLOW),
        Host::S3 => ("runbooks-s3.yml", S3_WORKFLOW),
    };
    let (environment, step) = INSTALL.split_once("---\n").expect("install.yml has two parts");
    let site = match facts.site_in_repository.as_str() {
        "" => String::new(),
        folder => format!(" --site {}", shell_word(folder)),
    };
    let text = text
        .replace("@INSTALL_ENV@\n", environment)
        .replace("@INSTALL_STEP@\n", step)
        .replace("@SITE@", &site)
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"));
    (name, text)
}

fn template_path(adoption: &Adoption) -> String {
    match adoption.content.as_str() {
        "." => "_templates/runbook.md".to_owned(),
        content => format!("{content}/_templates/runbook.md"),
    }
}

/// A template with the sections that the pages have already.
fn adopted_template(sections: &SectionPattern) -> String {
    let mut text = String::from("---\ntitle: \"<TITLE>\"\n---\n\n# `<TITLE>`\n");
    for heading in &sections.headings {
        text.extend(["\n## ", heading, "\n\nSay here what belongs under this heading.\n"]);
    }
    text
}

/// site.toml with every key explained, and set where the folder says how.
fn site_toml(adoption: &Adoption, facts: &Facts) -> String {
    let project = adoption.project.as_ref();
    let said = project.and_then(|project| project.repository.as_ref());
    let repository = match facts.repository.as_ref().or(said) {
        Some(address) => format!("repository = {}", quoted(address)),
        None => "# repository = \"https://github.com/org/repo\"".to_owned(),
    };
    let title =
        project.and_then(|project| project.title.clone()).unwrap_or_else(|| title(&facts.folder));
    let address = project.and_then(|project| project.address.as_deref());
    let address = address.or(adoption.rules_lead_to.as_deref());
    let base_url = address.unwrap_or("https://runbooks.example.org/").trim_end_matches('/');
    let content = match adoption.content.as_str() {
        "content" => "# content = \"content\"".to_owned(),
        other => format!("content = {}", quoted(other)),
    };
    let review_in = match &adoption.review_in {
        Some(interval) => format!("review_in = {}", quoted(interval)),
        None => "# review_in = \"90 days\"".to_owned(),
    };
    let names: Vec<&String> = adoption.extra_keys.keys().collect();
    let statuses: Vec<&String> = adoption.statuses.iter().collect();
    let from_filename = adoption.alerts.as_ref().map(|alerts| alerts.globs.iter().collect());
    SITE_TOML
        .replace("@TITLE@", &quoted(&title))
        .replace("@BASE_URL@", &quoted(&format!("{base_url}/")))
        .replace("@REPOSITORY@", &repository)
        .replace("@CONTENT@", &content)
        .replace("@REVIEW_IN@", &review_in)
        .replace("@OWNERS@", &owners(adoption))
        .replace("@TEMPLATES@", &templates(adoption))
        .replace(
            "@SOURCES@",
            &list("sources", adoption.sources.iter().collect(), "[\"alerts/**/*.yaml\"]"),
        )
        .replace("@FROM_FILENAME@", &list("from_filename", from_filename.unwrap_or_default(), "[]"))
        .replace("@EXTRA@", &list("extra", names, "[\"cost_center\"]"))
        .replace("@STATUS@", &list("status", statuses_with_defaults(&statuses), DEFAULT_STATUSES))
}

const DEFAULT_STATUSES: &str = "[\"Draft\", \"Stable Draft\", \"Final\", \"Deprecated\"]";

/// The site's own words if there is one that the default does not hold.
fn statuses_with_defaults<'a>(statuses: &[&'a String]) -> Vec<&'a String> {
    let known = |status: &&&String| DEFAULT_STATUSES.contains(&format!("\"{status}\""));
    if statuses.iter().all(|status| known(&status)) { Vec::new() } else { statuses.to_vec() }
}

/// `key = […]`, or the same commented out with an example where there is nothing to list.
fn list(key: &str, values: Vec<&String>, example: &str) -> String {
    if values.is_empty() {
        return format!("# {key} = {example}");
    }
    let values: Vec<String> = values.into_iter().map(|value| quoted(value)).collect();
    let line = format!("{key} = [{}]", values.join(", "));
    if line.len() <= 120 { line } else { format!("{key} = [\n  {},\n]", values.join(",\n  ")) }
}

fn owners(adoption: &Adoption) -> String {
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    for name in adoption.owners.keys() {
        tables.insert(name.clone(), format!("[owners.{}]\nname = {}\n", key(name), quoted(name)));
    }
    for channel in adoption.channels.keys() {
        let name = channel.trim_start_matches(['#', '@']);
        let table = format!(
            "[owners.{}]\nname = {}\nchat = {}\n",
            key(name),
            quoted(name),
            quoted(channel)
        );
        tables.entry(name.to_owned()).or_insert(table);
    }
    for handle in adoption.codeowners.keys() {
        let name = handle.trim_start_matches('@').rsplit('/').next().unwrap_or(handle);
        let (name, email) = match name.split_once('@') {
            Some((name, _)) => (name, format!("email = {}\n", quoted(handle))),
            None => (name, String::new()),
        };
        let table = format!("[owners.{}]\nname = {}\n{email}", key(name), quoted(name));
        tables.entry(name.to_owned()).or_insert(table);
    }
    if tables.is_empty() && adoption.pages == 0 {
        let table = "[owners.platform]\nname = \"Platform team\"\nchat = \"#platform\"\n";
        tables.insert("platform".to_owned(), table.to_owned());
    }
    let example = "\
# chat_url = \"https://example.slack.com/archives/C0123\"
# email = \"platform@example.org\"
# on_call = \"https://example.pagerduty.com/schedules/PABC\"
# escalation = \"the head of platform, after 30 minutes\"
# timezone = \"Europe/Berlin\"";
    if tables.is_empty() {
        return format!(
            "# [owners.platform]\n# name = \"Platform team\"\n# chat = \"#platform\"\n{example}"
        );
    }
    let tables: Vec<String> = tables.into_values().collect();
    format!("{}{example}", tables.join("\n"))
}

fn templates(adoption: &Adoption) -> String {
    let file = quoted(&template_path(adoption));
    match &adoption.sections {
        None if adoption.pages == 0 => format!(
            "[templates.runbook]\nfile = {file}\napplies_to = [\"runbooks/**\"]\n[templates.runbook.sections]\n\
             alerts = \"Alerts\"\ndashboards = \"Dashboards\"\nescalation = \"Escalation\""
        ),
        Some(sections) => {
            let globs = list("applies_to", sections.applies_to.iter().collect(), "[]");
            format!("[templates.runbook]\nfile = {file}\n{globs}")
        }
        None => format!("# [templates.runbook]\n# file = {file}\n# applies_to = [\"runbooks/**\"]"),
    }
}

/// A bare key where TOML allows one.
fn key(name: &str) -> String {
    let bare =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare && !name.is_empty() { name.to_owned() } else { quoted(name) }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            // No name holds one on purpose.
            control if control.is_control() => quoted.push(' '),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// "sre-runbooks" as a title: "Sre runbooks".
fn title(folder: &str) -> String {
    let words = folder.replace(['-', '_'], " ");
    let words = words.trim();
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Runbooks".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, Host, site_files, workflow};
    use crate::calendar::parse_date;
    use crate::check::ownership::Codeowners;
    use crate::cli::init::adopt::adopt;
    use crate::config::read::config;
    use crate::files::{FilePath, Files};

    fn facts() -> Facts {
        Facts {
            folder: "sre-runbooks".to_owned(),
            repository: Some("https://github.com/org/repo".to_owned()),
            site_in_repository: String::new(),
            today: parse_date("2026-11-23").expect("a day"),
        }
    }

    fn path(text: &str) -> FilePath {
        FilePath::new(text).expect("the test names a path")
    }

    /// What init adds to a folder, and the site.toml that it writes, which must hold no mistake.
    fn check(files: &[(&str, &str)], expected: &[&str]) -> String {
        let existing: Files = files
            .iter()
            .map(|(name, text)| (path(name), text.as_bytes().to_vec().into()))
            .collect();
        let added = site_files(&adopt(&existing, &Codeowners::default()), &facts(), &existing);
        let names: Vec<&str> = added.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(names, expected);
        let site = added.text(&path("site.toml")).expect("init writes a site.toml").to_owned();
        let (_, diagnostics) = config(&path("site.toml"), &site).expect("site.toml is TOML");
        assert_eq!(diagnostics, [], "{site}");
        assert!(!site.lines().any(|line| line.starts_with('@') || line.contains("= @")), "{site}");
        site
    }

    /// Takes the first comment mark off each line that shows a key, so that the examples are read too.
    fn uncommented(site: &str) -> String {
        let mut kept: Vec<&str> = Vec::new();
        for line in site.lines() {
            let bare = line.strip_prefix("# ").unwrap_or(line);
            let shows_key = bare.starts_with('[')
                || bare.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
            let name = |line: &str| line.split(" = ").next().map(str::to_owned);
            let repeated = kept
                .iter()
                .rev()
                .take_while(|line| !line.starts_with('['))
                .any(|line| name(line) == name(bare));
            if (shows_key && !repeated) || line == bare {
                kept.push(bare);
            }
        }
        kept.join("\n")
    }

    #[test]
    fn an_empty_folder_becomes_a_whole_site() {
        let site = check(
            &[],
            &[
                "content/_templates/runbook.md",
                "content/index.md",
                "content/runbooks/example.md",
                "site.toml",
            ],
        );
        assert!(site.contains("title = \"Sre runbooks\"\n"), "{site}");
        assert!(site.contains("repository = \"https://github.com/org/repo\"\n"), "{site}");
    }

    #[test]
    fn every_line_shown_as_a_comment_is_valid_once_uncommented() {
        let site = uncommented(&check(&[("docs/a.md", "# A")], &["site.toml"]));
        let (config, diagnostics) = config(&path("site.toml"), &site).expect("site.toml is TOML");
        assert_eq!(diagnostics, [], "{site}");
        assert!(config.owners.contains_key("platform") && config.base_url.is_some(), "{site}");
    }

    #[test]
    fn files_that_are_there_are_never_written() {
        check(&[("site.toml", "title = \"x\""), ("docs/a.md", "")][1..], &["site.toml"]);
        let existing: Files = [(path("site.toml"), b"mine".to_vec().into())].into_iter().collect();
        let added = site_files(&adopt(&existing, &Codeowners::default()), &facts(), &existing);
        assert!(added.get(&path("site.toml")).is_none());
    }

    #[test]
    fn what_the_pages_say_is_written_into_site_toml() {
        let site = check(
            &[
                (
                    "docs/a.md",
                    "---\nowner: devops\nowner_slack: \"#dev ops\"\nstatus: Living\ncost: 1\nreview_in: 6 weeks\n---\n",
                ),
                ("rules/a.yml", "groups:\n- rules:\n  - alert: A\n"),
            ],
            &["site.toml"],
        );
        for line in [
            "content = \"docs\"",
            "[owners.devops]",
            "[owners.\"dev ops\"]",
            "chat = \"#dev ops\"",
            "status = [\"Living\"]",
            "extra = [\"cost\"]",
            "review_in = \"6 weeks\"",
            "sources = [\"rules/*.yml\"]",
        ] {
            assert!(site.lines().any(|found| found == line), "{line} is not in {site}");
        }
    }

    #[test]
    fn workflows_pin_this_version_and_name_a_site_in_a_folder() {
        let inside = Facts { site_in_repository: "docs/my site".to_owned(), ..facts() };
        for host in [Host::Pages, Host::S3] {
            let (_, text) = workflow(host, &inside);
            assert!(
                text.contains(&format!("GUIDEPOST_VERSION: \"{}\"", env!("CARGO_PKG_VERSION"))),
                "{text}"
            );
            assert!(text.contains("check --format github --site 'docs/my site'\n"), "{text}");
            assert!(text.contains("fetch-depth: 0") && !text.contains("@INSTALL"), "{text}");
            crate::value::yaml::parse(&text, 0).expect("a workflow is YAML");
        }
    }
}
