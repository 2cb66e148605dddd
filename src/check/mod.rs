//! What is judged about a site: each concern is a file of pure functions, [`check`] brings them together.
//!
//! Judges values only: never reads the disk, never renders.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Finding, Level, Location, Rule, nearest, site as mistakes};
use crate::files::{Bytes, FilePath, Files};
use crate::history::History;
use crate::memo::{Memo, parallel};
use crate::parse::Document;
use crate::parse::dashboard::DashboardLink;
use crate::resolve::{Page, PageId, Site, Target};

use agents::{AgentGraph, agent_graph};
use alerts::{Alert, Claims};
use conformance::{Conformance, Schema};
use freshness::{Facts, Freshness};
use ownership::{Codeowners, Ownership};

pub mod agents;
pub mod alerts;
pub mod baseline;
mod commands;
pub mod conformance;
pub mod dashboards;
pub mod freshness;
pub mod ownership;
pub mod secrets;
pub mod suppression;

/// All that judging depends on.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The joined pages.
    pub site: &'a Site,
    /// The text of every source file, relative to the site folder.
    pub files: &'a Files,
    /// The templates by name, as far as they could be read.
    pub schemas: &'a BTreeMap<String, Arc<Schema>>,
    /// What git says.
    pub history: &'a History,
    /// The day to judge by.
    pub today: Date,
}

/// What was found out.
#[derive(Debug)]
pub struct Report {
    /// What is said of each page, in the order of the site's pages.
    pub pages: Vec<PageReport>,
    /// Everything that is wrong, in the order of files and places.
    pub findings: Vec<Finding>,
    /// Who hands work to whom.
    pub agents: AgentGraph,
    /// Why git could not be asked, if it could not.
    pub history_unknown: Option<String>,
    /// What the site says about alerts, for `api/alerts.json`.
    pub claims: Claims,
    /// Every alert that a page claims or a rule defines, in the order of their names.
    pub alerts: Vec<Alert>,
}

/// What is said of one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageReport {
    /// How fresh it is.
    pub freshness: Freshness,
    /// What its template demands, if it follows one.
    pub schema: Option<Arc<Schema>>,
    /// How far it follows that template.
    pub conformance: Option<Conformance>,
    /// Who owns it: a name of `[owners]` or what the page says.
    pub owner: Option<String>,
    /// Its dashboards and other deep links.
    pub dashboards: Vec<DashboardLink>,
}

/// What judging remembers between builds: the part that reads whole texts.
#[derive(Default)]
pub struct Cache {
    texts: Memo<FilePath, TextInput, TextFacts>,
}

impl Cache {
    /// For a program that judges once.
    pub fn forgetful() -> Cache {
        Cache { texts: Memo::forgetful() }
    }
}

/// All that the judgement of a page's text depends on.
#[derive(PartialEq, Eq)]
struct TextInput {
    document: Arc<Document>,
    bytes: Bytes,
    schema: Option<Arc<Schema>>,
    parameters: Vec<String>,
}

/// What a page's text alone tells.
struct TextFacts {
    conformance: Option<Conformance>,
    secrets: Vec<Diagnostic>,
}

/// Judges a site; `before` is what reading it found already.
pub fn check(subject: Subject<'_>, before: Vec<Diagnostic>, cache: &mut Cache) -> Report {
    let site = subject.site;
    let codeowners = codeowners(subject);
    let texts = cache.texts.map(&site.pages, |page| text_input(subject, page), text_facts);
    let pages: Vec<(&Page, &TextFacts)> =
        site.pages.iter().zip(texts.iter().map(Arc::as_ref)).collect();
    let judged = parallel(&pages, |(page, text)| judge(subject, &codeowners, page, text));
    let mut diagnostics = before;
    let mut pages = Vec::with_capacity(judged.len());
    for (page, (report, found)) in site.pages.iter().zip(judged) {
        diagnostics.extend(page.document.diagnostics.iter().cloned());
        diagnostics.extend(found);
        pages.push(report);
    }
    diagnostics.extend(site.diagnostics.iter().cloned());
    let pages_of_agents = site.pages.iter().map(|page| (&page.document.path, &page.document.meta));
    let mut agents = agent_graph(pages_of_agents);
    diagnostics.append(&mut agents.diagnostics);
    diagnostics.extend(duplicate_alerts(site));
    let (rules, skipped) = alerts::rules(&site.config, &config::path(), subject.files);
    let claims = alerts::claims(site);
    diagnostics.extend(skipped);
    diagnostics.extend(alerts::contract(&rules, &claims));
    diagnostics.extend(unused_assets(site));
    diagnostics.extend(orphans(site));
    let findings = level(subject, silence(subject, diagnostics));
    let history_unknown = subject.history.unknown().map(str::to_owned);
    let alerts = alerts::index(&rules, &claims);
    Report { pages, findings, agents, history_unknown, claims, alerts }
}

fn text_input(subject: Subject<'_>, page: &Page) -> (FilePath, TextInput) {
    let path = page.document.path.clone();
    let bytes = subject.files.get(&path).map_or_else(|| Bytes::from([]), Arc::clone);
    let schema = page.template.as_ref().and_then(|name| subject.schemas.get(name)).cloned();
    let parameters = parameters(&subject.site.config, page);
    (path, TextInput { document: Arc::clone(&page.document), bytes, schema, parameters })
}

fn text_facts(input: &TextInput) -> TextFacts {
    let text = std::str::from_utf8(&input.bytes).unwrap_or_default();
    let document = &input.document;
    let conformance = input.schema.as_ref().map(|schema| {
        let facts = conformance::Page { document, text, parameters: &input.parameters };
        conformance::conformance(schema, &facts)
    });
    TextFacts { conformance, secrets: secrets::secrets(&document.path, text) }
}

/// Everything about a page that needs no other page's report.
fn judge(
    subject: Subject<'_>,
    codeowners: &Codeowners,
    page: &Page,
    text: &TextFacts,
) -> (PageReport, Vec<Diagnostic>) {
    let config = &subject.site.config;
    let document = &page.document;
    let mut found = Vec::new();
    let facts = Facts {
        path: &document.path,
        meta: &document.meta,
        follows_template: page.template.is_some(),
        listed: config.freshness.applies_to.matches(page.path.as_str()),
        deprecated: page.deprecated,
    };
    let freshness = freshness::freshness(&facts, &config.freshness, subject.history, subject.today);
    found.extend(freshness::findings(&facts, &freshness, subject.today));
    let schema = page.template.as_ref().and_then(|name| subject.schemas.get(name)).cloned();
    let conformance = text.conformance.clone();
    if let Some(conformance) = conformance.as_ref().filter(|_| !is_draft(page)) {
        found.extend(conformance.diagnostics.iter().cloned());
    }
    found.extend(unknown_status(config, page));
    found.extend(unknown_template(config, page));
    found.extend(commands::diagrams(document));
    found.extend(destructive(subject, page));
    found.extend(text.secrets.iter().cloned());
    let owner = ownership::ownership(&document.path, &document.meta, &config.owners, codeowners);
    found.extend(owner_findings(config, page, &owner));
    let (dashboards, wrong) = dashboards::dashboards(subject.site, page);
    found.extend(wrong);
    (PageReport { freshness, schema, conformance, owner: owner.name, dashboards }, found)
}

/// What is said of destructive commands, where the site wants to hear any of it.
fn destructive(subject: Subject<'_>, page: &Page) -> Vec<Diagnostic> {
    let rules = [Rule::DestructiveWithoutWarning, Rule::DestructiveWithoutVerify];
    let path = &page.document.path;
    let wanted = |rule| level_of(&subject.site.config, Some(page), rule, path) != Level::Allow;
    if !rules.into_iter().any(wanted) {
        return Vec::new();
    }
    commands::destructive(&page.document, subject.files.text(path).unwrap_or_default())
}

/// The names of the parameters that fill a page's commands: its own and the site's.
fn parameters(config: &Config, page: &Page) -> Vec<String> {
    let own = page.document.meta.parameters.iter().map(|parameter| parameter.name.value.clone());
    own.chain(config.parameters.keys().cloned()).collect()
}

fn is_draft(page: &Page) -> bool {
    page.document
        .meta
        .status
        .as_ref()
        .is_some_and(|status| status.value.eq_ignore_ascii_case("draft"))
}

fn unknown_status(config: &Config, page: &Page) -> Option<Diagnostic> {
    let status = page.document.meta.status.as_ref()?;
    if config.statuses.contains(&status.value) {
        return None;
    }
    let at = Location::new(&page.document.path, status.range.clone());
    Some(mistakes::unknown_status(at, &status.value, &config.statuses))
}

fn unknown_template(config: &Config, page: &Page) -> Option<Diagnostic> {
    let template = page.document.meta.template.as_ref()?;
    if config.templates.contains_key(&template.value) {
        return None;
    }
    let at = Location::new(&page.document.path, template.range.clone());
    let similar = nearest(&template.value, config.templates.keys().map(String::as_str));
    Some(mistakes::unknown_template(at, &template.value, similar))
}

/// What is wrong with a page's owner; a section's own page may belong to nobody.
fn owner_findings(config: &Config, page: &Page, owner: &Ownership) -> Option<Diagnostic> {
    let document = &page.document;
    ownership::findings(&document.path, &document.meta, owner, &config.owners)
        .filter(|finding| !(page.is_section && finding.rule == Rule::MissingOwner))
}

/// The repository's CODEOWNERS, which loading puts where GitHub looks for it.
fn codeowners(subject: Subject<'_>) -> Codeowners {
    let path = FilePath::new(".github/CODEOWNERS");
    let text = path.as_ref().and_then(|path| subject.files.text(path)).unwrap_or_default();
    let site = match subject.history {
        History::Known(commits) => commits.site.as_str(),
        History::Unknown(_) => "",
    };
    Codeowners::parse(text, site)
}

/// Leaves out what pages silence until a day, and adds what is wrong with how they do it.
fn silence(subject: Subject<'_>, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for page in &subject.site.pages {
        let document = &page.document;
        if !document.suppressions.is_empty() {
            let suppressions = &document.suppressions;
            diagnostics =
                suppression::suppress(&document.path, suppressions, diagnostics, subject.today);
        }
    }
    diagnostics
}

fn duplicate_alerts(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, claims) in &site.alerts {
        for claim in claims.iter().skip(1) {
            let first = &site.page(claims[0].page).document.path;
            found.push(mistakes::duplicate_alert(claim.at.clone(), name, first));
        }
    }
    found
}

fn unused_assets(site: &Site) -> Vec<Diagnostic> {
    let used: BTreeSet<&str> = site
        .pages
        .iter()
        .flat_map(|page| &page.links)
        .filter_map(|link| match &link.target {
            Target::Address(address) => Some(address.as_str()),
            _ => None,
        })
        .collect();
    let content = FilePath::new(&site.config.content);
    site.assets
        .iter()
        .filter(|asset| !used.contains(asset.as_str()))
        .filter_map(|asset| FilePath::new(&format!("{}/{asset}", content.as_ref()?)))
        .map(|path| mistakes::unused_asset(Location::file(&path)))
        .collect()
}

/// Pages that neither navigation, nor a link, nor an alert leads to.
fn orphans(site: &Site) -> Vec<Diagnostic> {
    let in_navigation: BTreeSet<PageId> = site
        .sections
        .values()
        .flat_map(|section| section.pages.iter().copied().chain(section.page))
        .collect();
    let by_alert: BTreeSet<PageId> =
        site.alerts.values().flatten().map(|claim| claim.page).collect();
    site.ids()
        .filter(|(id, page)| {
            page.linked_from.is_empty() && !in_navigation.contains(id) && !by_alert.contains(id)
        })
        .map(|(_, page)| mistakes::orphan_page(page.location()))
        .collect()
}

/// Gives each mistake the level that the site wants, and drops those that it allows.
fn level(subject: Subject<'_>, diagnostics: Vec<Diagnostic>) -> Vec<Finding> {
    let site = subject.site;
    let pages: BTreeMap<&FilePath, &Page> =
        site.pages.iter().map(|page| (&page.document.path, page)).collect();
    let mut findings: Vec<Finding> = diagnostics
        .into_iter()
        .filter_map(|diagnostic| {
            let page = pages.get(&diagnostic.at.path).copied();
            let level = level_of(&site.config, page, diagnostic.rule, &diagnostic.at.path);
            (level > Level::Allow).then_some(Finding { level, diagnostic })
        })
        .collect();
    findings.sort_by(|a, b| {
        let place = |finding: &Finding| {
            let at = &finding.diagnostic.at;
            (at.path.clone(), at.range.start, finding.diagnostic.rule, at.range.end)
        };
        place(a).cmp(&place(b)).then_with(|| a.diagnostic.message.cmp(&b.diagnostic.message))
    });
    findings.dedup();
    findings
}

fn level_of(config: &Config, page: Option<&Page>, rule: Rule, path: &FilePath) -> Level {
    let in_content = path.under(&config.content);
    if let Some(level) = config.checks.level(rule, in_content.as_ref().map(FilePath::as_str)) {
        return level;
    }
    match rule {
        Rule::SecretInPage if config.public => Level::Error,
        Rule::DestructiveWithoutWarning if page.is_none_or(|page| page.template.is_none()) => {
            Level::Allow
        }
        rule => rule.card().default_level,
    }
}
