//! A folder's files become what Guidepost finds in them: where the pages are, how they are written, what they name.
//!
//! Pure: looks at files in memory and decides; [`super`] reads them, and writes what follows from the findings.
//! Never guesses where the evidence is thin: what few pages do is left to be set by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::alert_pages::{AlertPages, alert_pages, titled_alerts};
use super::pages::{NOT_PAGES, is_page};
use super::project::{Project, project};
use super::templates::{SectionPattern, TemplateFile, section_pattern, template_files};
use crate::check::alerts::read_all;
use crate::check::ownership::Codeowners;
use crate::diagnostic::{AlertsRead, Rule, nearest};
use crate::dialect::dialects_of;
use crate::files::{FilePath, Files};
use crate::parse::front_matter::foreign::is_foreign;
use crate::parse::front_matter::read::{is_known, known_names};
use crate::parse::front_matter::{FrontMatter, FrontMatterFormat};
use crate::parse::{self, Document};
use crate::token::tokens;
use crate::value::yaml;

/// What a folder of Markdown turns out to be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Adoption {
    /// The folder that holds the pages, `.` for the site folder itself; `content` where there are none yet.
    pub content: String,
    /// How many pages there are.
    pub pages: usize,
    /// How many pages have YAML, TOML and no front matter.
    pub dialects: BTreeMap<&'static str, usize>,
    /// Front-matter keys that are not Guidepost's, each with the number of pages that use it.
    pub extra_keys: BTreeMap<String, usize>,
    /// Values of `status` in the pages.
    pub statuses: BTreeSet<String>,
    /// How many pages carry a review key.
    pub reviewed_pages: usize,
    /// The commonest `review_in`, as typed.
    pub review_in: Option<String>,
    /// Values of `owner`, each with the number of pages.
    pub owners: BTreeMap<String, usize>,
    /// Values of `owner_slack`, each with the number of pages.
    pub channels: BTreeMap<String, usize>,
    /// Sections that nearly all pages have.
    pub sections: Option<SectionPattern>,
    /// Files that are templates.
    pub templates: Vec<TemplateFile>,
    /// Pages whose file names are alert names.
    pub alerts: Option<AlertPages>,
    /// Pages whose titles, and not their file names, are names of alerts that rules define.
    pub titled_alerts: Option<AlertPages>,
    /// Files that define alerts, as globs.
    pub sources: Vec<String>,
    /// How much was read of these.
    pub alerts_read: AlertsRead,
    /// Files that would define alerts if they were not templates themselves.
    pub templated_sources: Vec<String>,
    /// What all runbook links of the alert rules begin with.
    pub rules_lead_to: Option<String>,
    /// Owners of pages that name none, as CODEOWNERS writes them, each with the number of pages.
    pub codeowners: BTreeMap<String, usize>,
    /// Kinds of markup that other generators would replace, each with the number of pages.
    pub foreign_markup: BTreeMap<String, usize>,
    /// The settings of another generator.
    pub project: Option<Project>,
    /// Whether there are pages with JSX.
    pub holds_mdx: bool,
}

/// What the files of a folder are.
pub(crate) fn adopt(files: &Files, codeowners: &Codeowners) -> Adoption {
    let all: Vec<&FilePath> =
        files.iter().map(|(path, _)| path).filter(|path| is_page(path)).collect();
    let project = project(files);
    let content =
        project.as_ref().map_or_else(|| content_folder(&all), |said| said.content.clone());
    let folder = if content == "." { "" } else { content.as_str() };
    let dialects = dialects_of(files, folder);
    let options = Arc::new(parse::ParseOptions { dialects, ..parse::ParseOptions::default() });
    let documents: Vec<(FilePath, Document)> = all
        .into_iter()
        .filter_map(|path| {
            let inside = if content == "." { Some(path.clone()) } else { path.under(&content) }?;
            let published = content != "." || !NOT_PAGES.contains(&path.as_str());
            let bytes = files.get(path).filter(|_| published)?;
            let options = Arc::clone(&options);
            Some((
                inside,
                parse::parse(&parse::Input { path: path.clone(), bytes: bytes.clone(), options }),
            ))
        })
        .collect();
    let mut adoption = Adoption { content, pages: documents.len(), project, ..Adoption::default() };
    adoption.holds_mdx = documents.iter().any(|(path, _)| path.name().ends_with(".mdx"));
    for (_, document) in &documents {
        count_front_matter(&mut adoption, &document.meta);
        count_owner(&mut adoption, document, codeowners);
        count_markup(&mut adoption, document, files.text(&document.path).unwrap_or_default());
    }
    // A key that is nearly one of ours, on a page or two, is a slip of the pen for `check` to find.
    adoption.extra_keys.retain(|key, pages| *pages > 2 || nearest(key, known_names()).is_none());
    adoption.review_in = commonest_interval(files, &documents);
    adoption.templates = template_files(files, &documents, &options);
    let is_followed = |template: &TemplateFile| !template.applies_to.is_empty();
    if !adoption.templates.iter().any(is_followed) {
        adoption.sections = section_pattern(&documents);
    }
    adoption.alerts = alert_pages(&documents);
    let (whole, read, templated, names) = alert_sources(files);
    adoption.titled_alerts = titled_alerts(&documents, &names);
    adoption.sources = globs_of(files, &whole);
    adoption.alerts_read = read;
    adoption.templated_sources = templated.iter().map(ToString::to_string).collect();
    adoption.rules_lead_to = rules_lead_to(files, &whole);
    adoption
}

/// The one folder that holds nearly all pages, else the site folder; top-level pages about the repository apart.
fn content_folder(pages: &[&FilePath]) -> String {
    let mut tops: BTreeMap<&str, usize> = BTreeMap::new();
    for page in pages {
        if let Some((top, _)) = page.as_str().split_once('/') {
            *tops.entry(top).or_default() += 1;
        }
    }
    let loose = pages
        .iter()
        .filter(|page| page.folder().is_empty() && !NOT_PAGES.contains(&page.as_str()))
        .count();
    let total: usize = tops.values().sum();
    if total + loose == 0 {
        return "content".to_owned();
    }
    let most = tops.iter().max_by_key(|(_, count)| **count);
    match most {
        Some((top, count)) if count * 10 >= (total + loose) * 9 => (*top).to_owned(),
        _ => ".".to_owned(),
    }
}

fn count_front_matter(adoption: &mut Adoption, meta: &FrontMatter) {
    let dialect = match meta.dialect {
        FrontMatterFormat::None => "none",
        FrontMatterFormat::Yaml => "YAML",
        FrontMatterFormat::Toml => "TOML",
    };
    *adoption.dialects.entry(dialect).or_default() += 1;
    for key in &meta.keys {
        if !is_known(&key.value) && !is_foreign(&key.value) {
            *adoption.extra_keys.entry(key.value.clone()).or_default() += 1;
        }
    }
    let statuses = meta.status.iter().filter(|status| !holds_slot(&status.value));
    adoption.statuses.extend(statuses.map(|status| status.value.clone()));
    let review = &meta.review;
    let has_review_key = review.last_reviewed_on.is_some()
        || review.review_in.is_some()
        || review.review_by.is_some()
        || !review.reviews.is_empty();
    adoption.reviewed_pages += usize::from(has_review_key);
    if let Some(owner) = meta.owner.as_ref().filter(|owner| !holds_slot(&owner.value)) {
        *adoption.owners.entry(owner.value.clone()).or_default() += 1;
    }
    let channel = review.owner_slack.as_ref();
    if let Some(channel) = channel.filter(|channel| !holds_slot(&channel.value)) {
        *adoption.channels.entry(channel.value.clone()).or_default() += 1;
    }
}

/// Whether a value is still to be filled in, as templates have it: `<team>`, `{{ team }}`, `TBD`, `[your team]`.
fn holds_slot(value: &str) -> bool {
    let value = value.trim();
    let between = |open: &str, close: &str| {
        value.split_once(open).is_some_and(|(_, rest)| rest.contains(close))
    };
    let is_bracketed = value.starts_with('[') && value.ends_with(']');
    let says_so = ["todo", "tbd", "fixme", "tba", "xxx"].contains(&value.to_lowercase().as_str());
    !tokens(value).is_empty()
        || between("{{", "}}")
        || between("${", "}")
        || is_bracketed
        || says_so
}

/// Counts the owner of a page that names none itself.
fn count_owner(adoption: &mut Adoption, document: &Document, codeowners: &Codeowners) {
    let meta = &document.meta;
    if meta.owner.is_none()
        && meta.review.owner_slack.is_none()
        && let Some(owner) = codeowners.owner_of(document.path.as_str())
    {
        *adoption.codeowners.entry(owner.to_owned()).or_default() += 1;
    }
}

/// Counts what another generator would have replaced and Guidepost shows as it is.
fn count_markup(adoption: &mut Adoption, document: &Document, text: &str) {
    let unread = document.diagnostics.iter().filter(|found| found.rule == Rule::ForeignMarkup);
    let names = unread.filter_map(|found| found.message.split_once(" is not read"));
    let ruby = text.contains("<%").then_some("Ruby (ERB)");
    for kind in names.map(|(name, _)| name).chain(ruby) {
        *adoption.foreign_markup.entry(kind.to_owned()).or_default() += 1;
    }
}

fn commonest_interval(files: &Files, documents: &[(FilePath, Document)]) -> Option<String> {
    let mut typed: BTreeMap<String, usize> = BTreeMap::new();
    for (_, document) in documents {
        let text = files.text(&document.path).unwrap_or_default();
        let interval =
            document.meta.review.review_in.as_ref().and_then(|value| text.get(value.range.clone()));
        if let Some(interval) = interval {
            *typed.entry(interval.trim_matches(['"', '\'']).to_owned()).or_default() += 1;
        }
    }
    typed.into_iter().max_by_key(|(_, count)| *count).map(|(interval, _)| interval)
}

/// The files that define alerts, of whatever tool, and how much was read of them; those that are templates and cannot
/// be read as they are come second.
fn alert_sources(files: &Files) -> (Vec<&FilePath>, AlertsRead, Vec<&FilePath>, BTreeSet<String>) {
    let may_define = |path: &FilePath| {
        let ending = path.name().rsplit_once('.').map_or("", |(_, ending)| ending);
        ["yaml", "yml", "json", "tf", "template"].contains(&ending)
    };
    let candidates: Files = files
        .iter()
        .filter(|(path, _)| may_define(path) && !is_template(files, path))
        .map(|(path, bytes)| (path.clone(), Arc::clone(bytes)))
        .collect();
    let sources = read_all(&candidates);
    let defining: BTreeSet<&FilePath> = sources.rules.iter().map(|rule| &rule.at.path).collect();
    let looks_like_rules = |path: &FilePath| {
        let text = files.text(path).unwrap_or_default();
        ["groups:", "rules:", "alert:"].iter().all(|word| text.contains(word))
    };
    let paths = || files.iter().map(|(path, _)| path).filter(|path| may_define(path));
    let whole = paths().filter(|path| defining.contains(path)).collect();
    let templated = paths().filter(|path| is_template(files, path) && looks_like_rules(path));
    let read = AlertsRead { sources: sources.read.sources.clone(), ..AlertsRead::default() };
    let names = sources.rules.iter().map(|rule| rule.name.clone()).collect();
    (whole, read, templated.collect(), names)
}

/// A pattern for each folder and kind of file; the files one by one where others of that kind lie beside them, which a
/// check would name as sources without alerts. A Terraform module is a folder.
fn globs_of(files: &Files, paths: &[&FilePath]) -> Vec<String> {
    let kind = |path: &FilePath| {
        let extension = path.name().rsplit_once('.')?.1.to_owned();
        Some((path.folder().to_owned(), extension))
    };
    let mut sources: BTreeMap<_, Vec<&FilePath>> = BTreeMap::new();
    for path in paths {
        sources.entry(kind(path)).or_default().push(path);
    }
    let mut all: BTreeMap<_, usize> = BTreeMap::new();
    for (path, _) in files.iter() {
        *all.entry(kind(path)).or_default() += 1;
    }
    let globs = sources.into_iter().flat_map(|(kind, paths)| {
        let beside = all.get(&kind).copied().unwrap_or_default();
        match kind {
            Some((folder, extension)) if extension == "tf" || beside == paths.len() => {
                let slash = if folder.is_empty() { "" } else { "/" };
                vec![format!("{folder}{slash}*.{extension}")]
            }
            _ => paths.iter().map(ToString::to_string).collect(),
        }
    });
    globs.collect()
}

/// Whether a file of rules is a template, as in Helm charts, that only becomes YAML when it is rendered.
fn is_template(files: &Files, path: &FilePath) -> bool {
    let text = files.text(path).unwrap_or_default();
    let is_yaml = path.name().ends_with(".yaml") || path.name().ends_with(".yml");
    is_yaml && text.contains("{{") && yaml::parse_documents(text, 0).is_err()
}

/// The folder of addresses that the runbook links of all rules share.
fn rules_lead_to(files: &Files, sources: &[&FilePath]) -> Option<String> {
    let links = sources.iter().filter_map(|path| files.text(path)).flat_map(str::lines);
    let links = links.filter_map(|line| {
        let (key, link) = line.split_once(':')?;
        let link = link.trim().trim_matches(['"', '\'']);
        (key.trim() == "runbook_url" && link.starts_with("http")).then_some(link)
    });
    let shared = links.reduce(|shared, link| {
        let same = shared.bytes().zip(link.bytes()).take_while(|(one, other)| one == other);
        let mut length = same.count();
        while !shared.is_char_boundary(length) {
            length -= 1;
        }
        &shared[..length]
    })?;
    let folder = &shared[..=shared.rfind('/')?];
    let names_a_host = folder.split_once("://").is_some_and(|(_, host)| host.contains('/'));
    (names_a_host && !folder.contains('{')).then(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Adoption, adopt};
    use crate::check::ownership::Codeowners;
    use crate::files::{FilePath, Files};

    fn check(files: &[(&str, &str)]) -> Adoption {
        let files = files.iter().map(|(path, text)| {
            (FilePath::new(path).expect("the test names a path"), text.as_bytes().to_vec().into())
        });
        adopt(&files.collect::<Files>(), &Codeowners::parse("* @org/sre\n/docs/db/ @lee\n", ""))
    }

    #[test]
    fn an_empty_folder_gets_the_usual_content_folder() {
        assert_eq!(check(&[]), Adoption { content: "content".to_owned(), ..Adoption::default() });
        assert_eq!(check(&[("README.md", "# Us"), ("LICENSE", "")]).content, "content");
    }

    #[test]
    fn the_folder_that_holds_nearly_all_pages_is_the_content_folder() {
        assert_eq!(
            check(&[("README.md", ""), ("docs/a.md", ""), ("docs/b/c.md", "")]).content,
            "docs"
        );
        let both = check(&[("AWS/a.md", ""), ("K8s/b.md", ""), ("README.md", "")]);
        assert_eq!((both.content.as_str(), both.pages), (".", 2));
        assert_eq!(check(&[("docs/_index.md", ""), ("docs/_templates/a.md", "")]).pages, 1);
    }

    #[test]
    fn front_matter_is_counted_by_dialect_and_key() {
        let found = check(&[
            ("docs/a.md", "---\ntitle: A\ncost_center: 7\nowner: devops\nstatus: Living\n---\n"),
            ("docs/b.md", "+++\ntitle = \"B\"\n+++\n"),
            (
                "docs/c.md",
                "---\nlast_reviewed_on: 2026-01-01\nreview_in: 6 months\nowner_slack: '#dev'\n---\n",
            ),
            ("docs/d.md", "# D\n"),
        ]);
        assert_eq!(found.dialects, [("TOML", 1), ("YAML", 2), ("none", 1)].into());
        assert_eq!(found.extra_keys, [("cost_center".to_owned(), 1)].into());
        assert_eq!(found.owners, [("devops".to_owned(), 1)].into());
        assert_eq!(found.channels, [("#dev".to_owned(), 1)].into());
        assert_eq!(found.statuses, ["Living".to_owned()].into());
        assert_eq!((found.reviewed_pages, found.review_in.as_deref()), (1, Some("6 months")));
    }

    #[test]
    fn a_key_that_is_nearly_known_is_a_slip_and_not_the_site_s_own() {
        assert!(check(&[("docs/a.md", "---\nonwer: devops\n---\n")]).extra_keys.is_empty());
    }

    fn alert_page(name: &str) -> (String, String) {
        let text = format!("# {name}\n\n## Meaning\n\n## Impact\n\n## Mitigation\n\ntext\n");
        (format!("docs/runbooks/{name}.md"), text)
    }

    #[test]
    fn pages_named_after_alerts_and_their_common_sections_are_recognized() {
        let pages =
            ["HostDown", "DiskFull", "CPUThrottlingHigh", "KubePodNotReady", "EtcdNoLeader"]
                .map(alert_page);
        let mut files: Vec<(&str, &str)> =
            pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        files.extend([("docs/runbooks/_index.md", ""), ("docs/about.md", "## Who we are\n")]);
        let found = check(&files);
        let alerts = found.alerts.expect("the names are alert names");
        assert_eq!((alerts.globs, alerts.pages), (vec!["runbooks/**".to_owned()], 5));
        let sections = found.sections.expect("the pages have sections in common");
        let texts = sections.headings.iter().map(|heading| heading.text.as_str());
        assert_eq!(texts.collect::<Vec<_>>(), ["Meaning", "Impact", "Mitigation"]);
        assert_eq!((sections.applies_to, sections.pages), (vec!["runbooks/**".to_owned()], 5));
    }

    #[test]
    fn a_folder_of_alerts_is_recognized_alone_beside_few_and_beside_many_other_pages() {
        for others in [1, 30] {
            let names = ["HostDown", "DiskFull", "EtcdNoLeader"]
                .map(|name| format!("docs/ops/Alerts/{name}.md"));
            let others = (0..others).map(|number| format!("docs/guides/setup-{number}.md"));
            let paths: Vec<String> = names.into_iter().chain(others).collect();
            let files: Vec<(&str, &str)> =
                paths.iter().map(|path| (path.as_str(), "# A\n")).collect();
            let found = check(&files).alerts.expect("alerts");
            assert!(found.globs.contains(&"ops/Alerts/**".to_owned()), "{:?}", found.globs);
        }
        let alerts = (0..12).map(|number| format!("docs/alerts/DiskFull{number}.md"));
        let paths: Vec<String> = alerts.chain(["docs/intro.md".to_owned()]).collect();
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "# A\n")).collect();
        assert_eq!(check(&files).alerts.expect("alerts").globs, ["alerts/**"]);
    }

    #[test]
    fn a_folder_of_other_pages_beside_many_folders_of_alerts_stays_out() {
        let alerts = ["new", "old"]
            .map(|folder| (0..20).map(move |number| format!("docs/{folder}/DiskFull{number}.md")));
        let others = ["docs/guides/style.md".to_owned(), "docs/guides/review.md".to_owned()];
        let paths: Vec<String> = alerts.into_iter().flatten().chain(others).collect();
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "# A\n")).collect();
        assert_eq!(check(&files).alerts.expect("alerts").globs, ["new/**", "old/**"]);
    }

    #[test]
    fn names_of_other_kinds_among_alerts_are_alerts_and_pages_beside_them_are_not() {
        let check_globs = |paths: &[&str], expected: &[&str]| {
            let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, "# A\n")).collect();
            let globs = check(&files).alerts.map(|alerts| alerts.globs).unwrap_or_default();
            assert_eq!(globs, expected, "{paths:?}");
        };
        // Folders of names in small letters and of single words beside a folder of alerts.
        check_globs(
            &[
                "docs/rb/node/HostDown.md",
                "docs/rb/node/DiskFull.md",
                "docs/rb/node/CPUThrottlingHigh.md",
                "docs/rb/node/MemoryLow.md",
                "docs/rb/etcd/etcdNoLeader.md",
                "docs/rb/etcd/etcdMembersDown.md",
                "docs/rb/general/Watchdog.md",
                "docs/rb/general/TargetDown.md",
                "docs/guide/add-runbook.md",
            ],
            &["rb/**"],
        );
        check_globs(
            &[
                "docs/alerts/HostDown.md",
                "docs/alerts/DiskFull.md",
                "docs/alerts/QueueStuck.md",
                "docs/alerts/kafka_lag_high.md",
                "docs/alerts/depot.certificate.expires-soon.md",
            ],
            &["alerts/**"],
        );
        // Where pages of another kind stand between them, each is named alone.
        check_globs(
            &[
                "docs/alerts/HostDown.md",
                "docs/alerts/DiskFull.md",
                "docs/alerts/QueueStuck.md",
                "docs/alerts/how-to-silence.md",
                "docs/alerts/CONTRIBUTING.md",
            ],
            &["alerts/DiskFull.md", "alerts/HostDown.md", "alerts/QueueStuck.md"],
        );
    }

    #[test]
    fn a_few_pages_are_no_pattern() {
        let pages = ["HostDown", "DiskFull"].map(alert_page);
        let files: Vec<(&str, &str)> =
            pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let found = check(&files);
        assert_eq!((found.alerts, found.sections), (None, None));
    }

    #[test]
    fn files_that_define_alerts_are_found_by_what_they_hold() {
        let found = check(&[
            ("rules/a.yaml", "groups:\n- rules:\n  - alert: A\n"),
            ("rules/values.yaml", "replicas: 1\n"),
            ("main.tf", "resource \"aws_cloudwatch_metric_alarm\" \"a\" {}\n"),
            (
                "stack/alarms.json",
                "{\"Resources\": {\"A\": {\"Type\": \"AWS::CloudWatch::Alarm\"}}}",
            ),
            ("stack/queue.json", "{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\"}}}"),
            ("slo/mail.yml", "slos:\n- name: a\n  alerting: {name: MailBurns}\n"),
            ("chart/rules.yaml", "groups:\n- rules:\n  - alert: {{ .Values.name }}\n"),
        ]);
        assert_eq!(found.sources, ["*.tf", "rules/a.yaml", "slo/*.yml", "stack/alarms.json"]);
        assert_eq!(
            found.alerts_read.lines(),
            [
                "CloudFormation: 1 alert in 1 file, 1 name computed",
                "Prometheus: 1 alert in 1 file",
                "SLO: 2 alerts in 1 file",
                "Terraform: 1 alert in 1 file, 1 name computed",
            ]
        );
        assert_eq!(found.templated_sources, ["chart/rules.yaml"]);
    }

    #[test]
    fn what_the_rules_links_have_in_common_is_a_folder_of_addresses() {
        let rules = |links: &[&str]| {
            let rule = |link: &&str| format!("  - alert: A\n    runbook_url: {link}\n");
            let text = links.iter().map(rule).collect::<String>();
            check(&[("rules/a.yaml", &format!("groups:\n- rules:\n{text}"))]).rules_lead_to
        };
        for (links, expected) in [
            (
                &["https://a.example/ops/alerts/Up", "\"https://a.example/ops/alerts/Down\""][..],
                Some("https://a.example/ops/alerts/"),
            ),
            (&["https://a.example/x", "https://b.example/y"], None),
            (&["https://a.example"], None),
            (&["https://{{ host }}/ops/a", "https://{{ host }}/ops/b"], None),
            (&[], None),
        ] {
            assert_eq!(rules(links).as_deref(), expected, "{links:?}");
        }
    }

    #[test]
    fn owners_come_from_codeowners_where_pages_name_none() {
        let found = check(&[
            ("docs/a.md", "# A"),
            ("docs/db/b.md", "# B"),
            ("docs/db/c.md", "---\nowner: devops\n---\n"),
        ]);
        assert_eq!(found.codeowners, [("@lee".to_owned(), 1), ("@org/sre".to_owned(), 1)].into());
    }

    #[test]
    fn what_is_still_to_be_filled_in_is_no_owner_and_no_status() {
        let found = check(&[
            (
                "docs/a.md",
                "---\nowner: <team>\nstatus: <Draft | Final>\nowner_slack: '#<channel>'\n---\n",
            ),
            ("docs/b.md", "---\nowner: '{{ team }}'\n---\n"),
            ("docs/c.md", "---\nowner: TBD\n---\n"),
            ("docs/d.md", "---\nowner: '[your team]'\n---\n"),
            ("docs/e.md", "---\nowner: devops\n---\n"),
        ]);
        assert_eq!(found.owners, [("devops".to_owned(), 1)].into());
        assert!(found.channels.is_empty() && found.statuses.is_empty(), "{found:?}");
    }

    #[test]
    fn markup_of_other_generators_is_counted() {
        let found = check(&[
            ("docs/a.md", "{{< hint >}}\n{{% note %}}"),
            ("docs/b.md", "<%= partial 'x' %>"),
            ("docs/c.md", "{% include x %}\n\n!!! note"),
            ("docs/d.md", "{{ plain }} 100%}"),
        ]);
        let expected =
            [("Ruby (ERB)", 1), ("`!!! note`", 1), ("`{% tag %}`", 1), ("`{{< shortcode >}}`", 1)];
        let expected = expected.map(|(kind, pages)| (kind.to_owned(), pages));
        assert_eq!(found.foreign_markup, expected.into());
    }
}
