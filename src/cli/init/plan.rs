//! What `guidepost init` writes: the files of a new site, or those that an existing folder of Markdown lacks.
//!
//! Pure: files in memory and a few facts become files in memory. What is there already is never among them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::adopt::Adoption;
use super::templates::{SectionPattern, TemplateFile};
use crate::cli::output::count;
use crate::config;
use crate::files::{FilePath, Files};
use crate::text::shell_word;

const SITE_TOML: &str = include_str!("site.toml");
const TEMPLATE: &str = include_str!("runbook-template.md");
const EXAMPLE: &str = include_str!("example-runbook.md");
const INDEX: &str = include_str!("index.md");
const INSTALL: &str = include_str!("install.yml");
const INSTALL_ON_GITLAB: &str = include_str!("install-gitlab.yml");
const REVIEW_RULES: &str = include_str!("review-rules.yaml");

/// What is known besides the files.
#[derive(Clone, Debug)]
pub(crate) struct InitFacts {
    /// The name of the site folder.
    pub folder: String,
    /// The web address of the repository.
    pub repository: Option<String>,
    /// The site folder seen from the top of the repository; empty where they are the same.
    pub site_in_repository: String,
    /// Where the site is written, where the usual folder holds something else.
    pub output: Option<&'static str>,
    /// The day of the example's review.
    pub today: Date,
}

/// Where the built site goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum InitHost {
    /// GitHub Pages, from GitHub.
    Github,
    /// GitLab Pages, from GitLab.
    Gitlab,
    /// An S3 bucket, from GitHub.
    S3,
    /// Cloudflare Pages, from GitHub.
    Cloudflare,
    /// Netlify, from GitHub.
    Netlify,
    /// Azure Static Web Apps, from GitHub.
    Azure,
}

impl InitHost {
    /// Where a repository with this web address is most likely published.
    pub(crate) fn of(repository: Option<&str>) -> InitHost {
        let authority =
            repository.and_then(|address| address.split('/').nth(2)).unwrap_or_default();
        if authority.split('.').any(|part| part == "gitlab") {
            InitHost::Gitlab
        } else {
            InitHost::Github
        }
    }

    /// What it wants to be told, as `[publish] hosts` names it.
    fn published_host(self) -> Option<config::hosting::Host> {
        match self {
            InitHost::Github | InitHost::S3 => None,
            InitHost::Gitlab => Some(config::hosting::Host::GitLab),
            InitHost::Cloudflare => Some(config::hosting::Host::Cloudflare),
            InitHost::Netlify => Some(config::hosting::Host::Netlify),
            InitHost::Azure => Some(config::hosting::Host::Azure),
        }
    }

    /// The workflow's path in the repository, and what is in it before anything is filled in.
    fn workflow(self) -> (&'static str, &'static str) {
        match self {
            InitHost::Github => (".github/workflows/runbooks.yml", include_str!("pages.yml")),
            InitHost::Gitlab => (".gitlab-ci.yml", include_str!("gitlab.yml")),
            InitHost::S3 => (".github/workflows/runbooks-s3.yml", include_str!("s3.yml")),
            InitHost::Cloudflare => {
                (".github/workflows/runbooks-cloudflare.yml", include_str!("cloudflare.yml"))
            }
            InitHost::Netlify => {
                (".github/workflows/runbooks-netlify.yml", include_str!("netlify.yml"))
            }
            InitHost::Azure => (".github/workflows/runbooks-azure.yml", include_str!("azure.yml")),
        }
    }
}

/// The files that the site folder lacks.
pub(crate) fn site_files(
    adoption: &Adoption,
    host: InitHost,
    facts: &InitFacts,
    existing: &Files,
) -> Files {
    let mut files = Files::default();
    let mut add = |path: String, text: String| {
        let path = FilePath::new(&path).expect("init names paths inside the site");
        if existing.get(&path).is_none() {
            files.insert(path, text.into_bytes());
        }
    };
    add("site.toml".to_owned(), site_toml(adoption, host, facts));
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

/// The workflow's path in the repository, and its text.
pub(crate) fn workflow(host: InitHost, facts: &InitFacts) -> (&'static str, String) {
    let (path, text) = host.workflow();
    let install = if host == InitHost::Gitlab { INSTALL_ON_GITLAB } else { INSTALL };
    let (environment, step) = install.split_once("---\n").expect("how to install has two parts");
    let site = match facts.site_in_repository.as_str() {
        "" => String::new(),
        folder => format!(" --site {}", shell_word(folder)),
    };
    let text = text
        .replace("@INSTALL_ENV@\n", environment)
        .replace("@INSTALL_STEP@\n", step)
        .replace("@SITE@", &site)
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"));
    (path, text)
}

/// Rules for Prometheus on runbooks that want a review, for a site at an address.
pub(crate) fn review_rules(base_url: Option<&str>) -> String {
    let url = base_url.unwrap_or("https://runbooks.example.org/");
    let (_, rest) = url.split_once("://").unwrap_or(("https", url));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    REVIEW_RULES
        .replace("@HOST@", host)
        .replace("@PATH@", &format!("/{path}"))
        .replace("@URL@", url)
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
        let mark = if heading.optional { " (if applicable)" } else { "" };
        text.extend(["\n## ", &heading.text, mark]);
        text.push_str("\n\nSay here what belongs under this heading.\n");
    }
    text
}

/// site.toml with every key explained, and set where the folder says how.
fn site_toml(adoption: &Adoption, host: InitHost, facts: &InitFacts) -> String {
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
    let output = match facts.output {
        None => "# output = \"public\"".to_owned(),
        Some(other) => format!("output = {}", quoted(other)),
    };
    let review_in = match &adoption.review_in {
        Some(interval) => format!("review_in = {}", quoted(interval)),
        None => "# review_in = \"90 days\"".to_owned(),
    };
    let names: Vec<&String> = adoption.extra_keys.keys().collect();
    let statuses: Vec<&String> = adoption.statuses.iter().collect();
    let from_filename = adoption.alerts.as_ref().map(|alerts| alerts.globs.iter().collect());
    let from_heading = adoption.titled_alerts.as_ref().map(|alerts| alerts.globs.iter().collect());
    SITE_TOML
        .replace("@TITLE@", &quoted(&title))
        .replace("@BASE_URL@", &quoted(&format!("{base_url}/")))
        .replace("@REPOSITORY@", &repository)
        .replace("@CONTENT@", &content)
        .replace("@OUTPUT@", &output)
        .replace("@EXTENSIONS@", if adoption.holds_mdx { WITH_MDX } else { EXTENSIONS })
        .replace("@REVIEW_IN@", &review_in)
        .replace(
            "@HOSTS@",
            &match host.published_host() {
                Some(wants) => format!("hosts = [\"{}\"]", wants.name()),
                None => "# hosts = [\"nginx\"]".to_owned(),
            },
        )
        .replace("@OWNERS@", &owners(adoption))
        .replace("@TEMPLATES@", &templates(adoption))
        .replace(
            "@SOURCES@",
            &list("sources", adoption.sources.iter().collect(), "[\"alerts/**/*.yaml\"]"),
        )
        .replace("@FROM_FILENAME@", &list("from_filename", from_filename.unwrap_or_default(), "[]"))
        .replace("@FROM_HEADING@", &list("from_heading", from_heading.unwrap_or_default(), "[]"))
        .replace("@EXTRA@", &list("extra", names, "[\"cost_center\"]"))
        .replace("@STATUS@", &list("status", statuses_with_defaults(&statuses), DEFAULT_STATUSES))
}

const EXTENSIONS: &str = "# extensions = [\".md\", \".markdown\", \".html.md.erb\"]";
const WITH_MDX: &str = "extensions = [\".md\", \".mdx\"]";

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
    let mut tables: Vec<String> = adoption.templates.iter().map(template_table).collect();
    if tables.is_empty() || adoption.sections.is_some() {
        tables.insert(0, usual_template(adoption));
    }
    tables.join("\n\n")
}

/// The table of a template that lies in the folder, with why it applies to what it does.
fn template_table(template: &TemplateFile) -> String {
    let TemplateFile { name, file, applies_to, reason } = template;
    let globs = list("applies_to", applies_to.iter().collect(), "[\"runbooks/**\"]");
    format!("# {reason}.\n[templates.{}]\nfile = {}\n{globs}", key(name), quoted(file))
}

fn usual_template(adoption: &Adoption) -> String {
    let file = quoted(&template_path(adoption));
    match &adoption.sections {
        None if adoption.pages == 0 => format!(
            "[templates.runbook]\nfile = {file}\napplies_to = [\"runbooks/**\"]\n[templates.runbook.sections]\n\
             alerts = \"Alerts\"\ndashboards = \"Dashboards\"\nescalation = \"Escalation\""
        ),
        Some(sections) => {
            let globs = list("applies_to", sections.applies_to.iter().collect(), "[]");
            let reasons = reasons(sections);
            format!("{reasons}[templates.runbook]\nfile = {file}\n{globs}")
        }
        None => format!("# [templates.runbook]\n# file = {file}\n# applies_to = [\"runbooks/**\"]"),
    }
}

/// Which sections the template requires and which it does not, and how many pages it leaves alone, as comments.
fn reasons(sections: &SectionPattern) -> String {
    let pages = sections.pages;
    let mut lines = vec![format!("# {pages} pages share these sections.")];
    let optional: Vec<String> = sections
        .headings
        .iter()
        .filter(|heading| heading.optional)
        .map(|heading| format!("{} ({} of {pages} pages)", heading.text, heading.pages))
        .collect();
    if !optional.is_empty() {
        let names = optional.join(", ");
        lines.push(format!("# Optional, since some pages do without: {names}."));
    }
    if sections.left_out > 0 {
        let pages = count(sections.left_out, "page");
        lines.push(format!("# Left out, as built otherwise: {pages} in other folders."));
    }
    lines.join("\n") + "\n"
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
    use clap::ValueEnum;

    use super::{InitFacts, InitHost, review_rules, site_files, workflow};
    use crate::calendar::parse_date;
    use crate::check::ownership::Codeowners;
    use crate::cli::init::adopt::adopt;
    use crate::config::read::config;
    use crate::files::{FilePath, Files};

    fn facts() -> InitFacts {
        InitFacts {
            folder: "sre-runbooks".to_owned(),
            repository: Some("https://github.com/org/repo".to_owned()),
            site_in_repository: String::new(),
            output: None,
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
        let added = site_files(
            &adopt(&existing, &Codeowners::default()),
            InitHost::Github,
            &facts(),
            &existing,
        );
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
        let added = site_files(
            &adopt(&existing, &Codeowners::default()),
            InitHost::Github,
            &facts(),
            &existing,
        );
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
        let inside = InitFacts { site_in_repository: "docs/my site".to_owned(), ..facts() };
        for host in InitHost::value_variants() {
            let (path, text) = workflow(*host, &inside);
            assert!(
                text.contains(&format!("GUIDEPOST_VERSION: \"{}\"", env!("CARGO_PKG_VERSION"))),
                "{text}"
            );
            assert!(text.contains("guidepost check --format "), "{text}");
            for line in text.lines().filter(|line| {
                line.contains("guidepost build") || line.contains("guidepost deploy \"")
            }) {
                assert!(line.contains("--site 'docs/my site'"), "{path}: {line}");
            }
            let whole = ["fetch-depth: 0", "GIT_DEPTH: \"0\""];
            assert!(whole.iter().any(|depth| text.contains(depth)), "{text}");
            let left = ["@INSTALL", "@SITE", "@VERSION"];
            assert!(!left.iter().any(|mark| text.contains(mark)), "{text}");
            crate::value::yaml::parse(&text, 0).expect("a workflow is YAML");
        }
    }

    #[test]
    fn the_host_is_guessed_from_the_repository_and_told_in_site_toml() {
        for (repository, expected) in [
            (Some("https://github.com/org/repo"), InitHost::Github),
            (Some("https://gitlab.com/org/repo"), InitHost::Gitlab),
            (Some("https://gitlab.corp.example/org/repo"), InitHost::Gitlab),
            (Some("https://github.com/gitlab/repo"), InitHost::Github),
            (None, InitHost::Github),
        ] {
            assert_eq!(InitHost::of(repository), expected, "{repository:?}");
        }
        for host in InitHost::value_variants() {
            let existing = Files::default();
            let adoption = adopt(&existing, &Codeowners::default());
            let added = site_files(&adoption, *host, &facts(), &existing);
            let site = added.text(&path("site.toml")).expect("init writes a site.toml");
            let (config, diagnostics) = config(&path("site.toml"), site).expect("it is TOML");
            assert_eq!(diagnostics, [], "{site}");
            assert_eq!(config.hosts, host.published_host().into_iter().collect(), "{host:?}");
        }
    }

    #[test]
    fn rules_on_reviews_lead_to_the_site() {
        let rules = review_rules(Some("https://a.example/runbooks/"));
        assert!(rules.contains("metrics_path: /runbooks/metrics.prom"), "{rules}");
        assert!(rules.contains("targets: [\"a.example\"]"), "{rules}");
        assert!(
            rules.contains("runbook_url: \"https://a.example/runbooks/freshness/\""),
            "{rules}"
        );
        assert!(!rules.contains('@'), "{rules}");
        crate::value::yaml::parse(&rules, 0).expect("rules are YAML");
    }
}
