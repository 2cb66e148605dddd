//! What is judged about a site: each concern is a file of pure functions, [`check`] brings them together.
//!
//! Judges values only: never reads the disk, never renders.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::config::{self, Config};
use crate::deep_link::DashboardLink;
use crate::diagnostic::{AlertsRead, Diagnostic, Finding, Level, Rule};
use crate::files::{Bytes, FilePath, Files};
use crate::history::History;
use crate::memo::{Kept, Memo, Mode, Single, both};
use crate::parse::{self, Document, Outline};
use crate::procedure::lost_branches;
use crate::resolve::{ClaimsByAlert, Page, PageId, Site, Structure};
use crate::text::encoding::decoded;

use agents::{AgentGraph, agent_graph};
use alerts::{Alert, Claims};
use conformance::{Conformance, Schema};
use findings::{level, silence};
use freshness::{Freshness, FreshnessFacts};
use level::level_of;
use ownership::{Codeowners, Ownership};

pub use later::later;
pub use replaced::replaced_theme;

pub mod agents;
pub mod alerts;
pub mod baseline;
mod commands;
mod comments;
pub mod conformance;
mod confusable;
pub mod dashboards;
mod drawings;
mod findings;
pub mod freshness;
mod hidden_text;
mod included;
mod later;
mod level;
mod names;
pub mod ownership;
mod parameters;
mod replaced;
pub mod reports;
pub mod secrets;
pub mod suppression;
mod unused;
mod vocabulary;

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
    pub history: &'a Arc<History>,
    /// The day to judge by.
    pub today: Date,
}

/// What was found out, besides what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What is said of each page, in the order of the site's pages.
    pub pages: Vec<Arc<PageReport>>,
    /// Who hands work to whom.
    pub agents: Arc<AgentGraph>,
    /// Why git could not be asked, if it could not.
    pub history_unknown: Option<String>,
    /// The site folder inside the repository, with a trailing `/`; empty where they are the same.
    pub in_repository: String,
    /// What the site says about alerts, for `api/alerts.json`.
    pub claims: Arc<Claims>,
    /// Every alert that a page claims or a rule defines, in the order of their names.
    pub alerts: Arc<Vec<Alert>>,
    /// How much was read of alert rules.
    pub alerts_read: AlertsRead,
}

/// What is said of one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageReport {
    /// How fresh it is.
    pub freshness: Freshness,
    /// What its template demands, if it follows one.
    pub schema: Option<Arc<Schema>>,
    /// How far it follows that template; what is wrong is among the findings alone.
    pub conformance: Option<Conformance>,
    /// Who owns it: a name of `[owners]` or what the page says.
    pub owner: Option<String>,
    /// Its dashboards and other deep links.
    pub dashboards: Vec<DashboardLink>,
    /// The day of the newest commit that changed it, where git says.
    pub changed_on: Option<Date>,
}

/// What judging remembers between builds.
#[derive(Default)]
pub struct Cache {
    codeowners: Single<(Option<Bytes>, String), Codeowners>,
    context: Single<JudgementContext, JudgementContext>,
    texts: Memo<FilePath, TextInput, TextFacts>,
    judged: Memo<FilePath, JudgementInput, JudgedPage>,
    rules: Single<(Arc<Config>, Files), alerts::AlertSources>,
    whole: Single<WholeInput, SiteJudgement>,
    orphans: Single<(WholeInput, Vec<PageId>), Vec<Arc<Diagnostic>>>,
    published: secrets::published::LookedFiles,
    report: Single<Report, Report>,
}

/// What all pages are judged by.
#[derive(Clone, PartialEq, Eq)]
struct JudgementContext {
    config: Arc<Config>,
    history: Arc<History>,
    codeowners: Kept<Codeowners>,
    today: Date,
}

/// All that the judgement of a page's text depends on.
#[derive(PartialEq, Eq)]
struct TextInput {
    document: Arc<Document>,
    bytes: Bytes,
    schema: Option<Arc<Schema>>,
    config: Arc<Config>,
}

/// What a page's text alone tells.
#[derive(PartialEq, Eq)]
struct TextFacts {
    conformance: Option<Conformance>,
    /// Secrets, and what readers do not see.
    found: Vec<Diagnostic>,
}

/// All that the judgement of a page depends on.
#[derive(PartialEq, Eq)]
struct JudgementInput {
    page: Arc<Page>,
    bytes: Bytes,
    text: Arc<TextFacts>,
    schema: Option<Arc<Schema>>,
    context: Kept<JudgementContext>,
}

/// A page's report, and what is wrong with the page by itself.
struct JudgedPage {
    report: Arc<PageReport>,
    diagnostics: Vec<Arc<Diagnostic>>,
    /// The same with their levels, in order; nothing where the page silences some, which takes all that are wrong.
    findings: Vec<Finding>,
    /// What is wrong in the files that the page takes in.
    elsewhere: Vec<Arc<Diagnostic>>,
}

/// All that the judgement of the site as a whole depends on.
#[derive(Clone, PartialEq, Eq)]
struct WholeInput {
    site: Kept<Structure>,
    alerts: Kept<ClaimsByAlert>,
    codeowners: Kept<Codeowners>,
    rules: Kept<alerts::AlertSources>,
}

/// What is said of the site as a whole.
struct SiteJudgement {
    agents: Arc<AgentGraph>,
    claims: Arc<Claims>,
    alerts: Arc<Vec<Alert>>,
    diagnostics: Vec<Arc<Diagnostic>>,
}

/// Judges a site, and says what is wrong in the order of files and places; `before` is what reading it found already.
pub fn check(
    subject: Subject<'_>,
    before: Vec<Diagnostic>,
    mode: Mode,
    cache: &mut Cache,
) -> (Kept<Report>, Vec<Finding>) {
    let site = subject.site;
    let codeowners = cache.codeowners.one(mode, codeowners(subject), read_codeowners);
    let context = JudgementContext {
        config: Arc::clone(&site.config),
        history: Arc::clone(subject.history),
        codeowners: codeowners.clone(),
        today: subject.today,
    };
    let context = cache.context.keep(mode, context);
    let (wanted, _) = alerts::sources(&site.config, subject.files);
    let sources = (Arc::clone(&site.config), wanted);
    let rules = cache.rules.one(mode, sources, |(config, files)| {
        let mut sources = alerts::rules(config, &config::path(), files);
        sources.found.extend(hidden_text::hidden_in_files(files));
        sources
    });
    let alerts_read = rules.read.clone();
    let (structure, alerts) = (site.structure.clone(), site.alerts.clone());
    let input = WholeInput { site: structure, alerts, codeowners, rules };
    let Cache { texts, judged, whole, .. } = &mut *cache;
    let (judged, whole) = both(
        || judge_pages(subject, &context, mode, texts, judged),
        || whole.one(mode, input.clone(), judge_whole),
    );
    let unlinked = site.ids().filter(|(_, page)| page.linked_from.is_empty()).map(|(id, _)| id);
    let unlinked = unlinked.collect();
    let orphans = cache.orphans.one(
        mode,
        (input, unlinked),
        |(WholeInput { site, alerts, .. }, unlinked)| unused::orphans(site, alerts, unlinked),
    );
    let published = secrets::published::published(site, subject.files, mode, &mut cache.published);
    let others = before.into_iter().chain(hidden_in_config(subject));
    let others = others.chain(replaced::replaced_alerts(site, &whole.claims));
    let others = others.chain(unused::unused_assets(site)).chain(published).map(Arc::new);
    let others = others.chain(whole.diagnostics.iter().chain(orphans.iter()).map(Arc::clone));
    let elsewhere = judged.iter().flat_map(|judged| judged.elsewhere.iter().map(Arc::clone));
    let findings = gather(subject, &judged, others.chain(elsewhere));
    let report = Report {
        pages: judged.iter().map(|judged| Arc::clone(&judged.report)).collect(),
        agents: Arc::clone(&whole.agents),
        history_unknown: subject.history.unknown().map(str::to_owned),
        in_repository: subject.history.site().to_owned(),
        claims: Arc::clone(&whole.claims),
        alerts: Arc::clone(&whole.alerts),
        alerts_read,
    };
    (cache.report.keep(mode, report), findings)
}

/// What nobody sees in site.toml.
fn hidden_in_config(subject: Subject<'_>) -> Vec<Diagnostic> {
    let path = config::path();
    let bytes = subject.files.get(&path).map_or(&[][..], |bytes| bytes.as_slice());
    hidden_text::hidden_in_file(&path, &decoded(bytes))
}

/// Judges each page by itself.
fn judge_pages(
    subject: Subject<'_>,
    context: &Kept<JudgementContext>,
    mode: Mode,
    texts: &mut Memo<FilePath, TextInput, TextFacts>,
    judged: &mut Memo<FilePath, JudgementInput, JudgedPage>,
) -> Vec<Arc<JudgedPage>> {
    let pages = &subject.site.pages;
    let text_input = |page: &Arc<Page>| text_input(subject, page);
    let texts =
        texts.map_then(mode, pages, text_input, text_facts, |page, text| (Arc::clone(page), text));
    let input = |(page, text): &(Arc<Page>, Arc<TextFacts>)| {
        let path = page.document.path.clone();
        let input = JudgementInput {
            page: Arc::clone(page),
            bytes: bytes_of(subject, &path),
            text: Arc::clone(text),
            schema: schema_of(subject, page),
            context: context.clone(),
        };
        (path, input)
    };
    judged.map(mode, &texts, input, judge)
}

fn bytes_of(subject: Subject<'_>, path: &FilePath) -> Bytes {
    subject.files.get(path).map_or_else(Bytes::default, Arc::clone)
}

fn schema_of(subject: Subject<'_>, page: &Page) -> Option<Arc<Schema>> {
    page.template.as_ref().and_then(|name| subject.schemas.get(name)).cloned()
}

fn text_input(subject: Subject<'_>, page: &Page) -> (FilePath, TextInput) {
    let path = page.document.path.clone();
    let input = TextInput {
        document: Arc::clone(&page.document),
        bytes: bytes_of(subject, &path),
        schema: schema_of(subject, page),
        config: Arc::clone(&subject.site.config),
    };
    (path, input)
}

fn text_facts(input: &TextInput) -> TextFacts {
    let document = &input.document;
    let text = &*document.text(&input.bytes);
    let parameters = parameter_names(&input.config, document);
    let conformance = input.schema.as_ref().map(|schema| {
        let facts = conformance::ComparedPage { document, text, parameters: &parameters };
        conformance::conformance(schema, &facts)
    });
    let mut found = secrets::secrets(&document.path, text);
    found.extend(secrets::published::in_name(&document.path));
    let marks = parse::marks::marks_outside_code(document, text);
    found.extend(hidden_text::hidden_text(document, text, &marks));
    found.extend(confusable::confusable_commands(document, text));
    found.extend(comments::comments(document, text, &marks));
    TextFacts { conformance, found }
}

/// Everything about a page that needs no other page's report.
fn judge(input: &JudgementInput) -> JudgedPage {
    let JudgementInput { page, text, context, .. } = input;
    let JudgementContext { config, history, codeowners, today } = &**context;
    let document = &page.document;
    let mut found = document.diagnostics.clone();
    let facts = FreshnessFacts {
        path: &document.path,
        meta: &document.meta,
        follows_template: page.template.is_some(),
        listed: config.freshness.applies_to.matches(page.path.as_str()),
        deprecated: page.deprecated,
    };
    let freshness = included::freshness(&facts, document, &config.freshness, history, *today);
    found.extend(freshness::findings(&facts, &freshness, *today));
    // Nobody fills in a tombstone.
    let mut conformance = text.conformance.clone().filter(|_| !page.deprecated);
    let mistakes = conformance.as_mut().map(|judged| std::mem::take(&mut judged.diagnostics));
    found.extend(mistakes.filter(|_| !is_draft(page)).unwrap_or_default());
    found.extend(vocabulary::unknown_status(config, document));
    found.extend(vocabulary::unknown_template(config, document));
    found.extend(commands::diagrams(document));
    found.extend(destructive(input));
    found.extend(lost_branches(config, page, &document.text(&input.bytes)));
    found.extend(parameters::unused(document));
    found.extend(undeclared_parameters(input));
    found.extend(text.found.iter().cloned());
    let owner = ownership::ownership(&document.path, &document.meta, &config.owners, codeowners);
    found.extend(owner_findings(config, page, &owner));
    let (dashboards, wrong) = dashboards::dashboards(config, page);
    found.extend(wrong);
    found.extend(page.diagnostics.iter().cloned());
    let schema = input.schema.clone();
    let changed_on = history.changed_on(&document.path);
    let owner = owner.name;
    let report = PageReport { freshness, schema, conformance, owner, dashboards, changed_on };
    let elsewhere = included::take_elsewhere(document, &mut found);
    let diagnostics: Vec<Arc<Diagnostic>> = found.into_iter().map(Arc::new).collect();
    let findings = if document.suppressions.is_empty() {
        level(config, Some(page), &diagnostics)
    } else {
        Vec::new()
    };
    JudgedPage { report: Arc::new(report), diagnostics, findings, elsewhere }
}

/// Whether the site wants to hear of a rule in a page: looking for some mistakes costs more than leaving them out.
fn wants(input: &JudgementInput, rule: Rule) -> bool {
    let JudgementInput { page, context, .. } = input;
    level_of(&context.config, Some(page), rule, &page.document.path) != Level::Allow
}

/// What is said of destructive commands, where the site wants to hear any of it.
fn destructive(input: &JudgementInput) -> Vec<Diagnostic> {
    let document = &input.page.document;
    let rules = [Rule::DestructiveWithoutWarning, Rule::DestructiveWithoutVerify];
    if !rules.into_iter().any(|rule| wants(input, rule)) {
        return Vec::new();
    }
    commands::destructive(document, &document.text(&input.bytes))
}

fn undeclared_parameters(input: &JudgementInput) -> Vec<Diagnostic> {
    if !wants(input, Rule::UndeclaredParameter) {
        return Vec::new();
    }
    let shared = input.context.config.parameters.keys().cloned();
    parameters::undeclared(&input.page.document, shared, input.schema.as_deref())
}

/// The names of the parameters that fill a page's commands: its own and the site's.
fn parameter_names(config: &Config, document: &Document) -> Vec<String> {
    let own = document.meta.parameters.iter().map(|parameter| parameter.name.value.clone());
    own.chain(config.parameters.keys().cloned()).collect()
}

fn is_draft(page: &Page) -> bool {
    page.document
        .meta
        .status
        .as_ref()
        .is_some_and(|status| status.value.eq_ignore_ascii_case("draft"))
}

/// What is wrong with a page's owner; a section's own page may belong to nobody.
fn owner_findings(config: &Config, page: &Page, owner: &Ownership) -> Option<Diagnostic> {
    let document = &page.document;
    ownership::findings(&document.path, &document.meta, owner, &config.owners)
        .filter(|finding| !(page.is_section && finding.rule == Rule::MissingOwner))
}

/// The repository's CODEOWNERS, which loading puts where GitHub looks for it, and where the site is in the repository.
fn codeowners(subject: Subject<'_>) -> (Option<Bytes>, String) {
    let bytes = FilePath::new(".github/CODEOWNERS").and_then(|path| subject.files.get(&path));
    (bytes.map(Arc::clone), subject.history.site().to_owned())
}

fn read_codeowners((bytes, site): &(Option<Bytes>, String)) -> Codeowners {
    let text = bytes.as_ref().and_then(|bytes| std::str::from_utf8(bytes).ok());
    Codeowners::parse(text.unwrap_or_default(), site)
}

/// Everything that takes more than one page, but no page's prose or links.
fn judge_whole(input: &WholeInput) -> SiteJudgement {
    let WholeInput { site, alerts: claimed, codeowners, rules } = input;
    let alerts::AlertSources { rules, found: skipped, .. } = &**rules;
    let mut found = site.diagnostics.clone();
    let pages = site.pages.iter().map(|page| (&page.document.path, &page.document.meta));
    let mut agents = agent_graph(pages);
    found.append(&mut agents.diagnostics);
    found.extend(names::names(site, claimed));
    let assets = site.assets.iter();
    let assets =
        assets.filter_map(|path| FilePath::new(&format!("{}/{path}", site.config.content)));
    let paths = site.pages.iter().map(|page| page.document.path.clone()).chain(assets);
    found.extend(paths.filter_map(|path| hidden_text::hidden_in_name(&path)));
    let claims = alerts::claims(site, claimed, &|page| {
        let Outline { path, meta, .. } = &*page.document;
        ownership::ownership(path, meta, &site.config.owners, codeowners).name
    });
    let claims = alerts::with_rules(&site.config, rules, claims);
    found.extend(skipped.iter().cloned());
    found.extend(rules.iter().filter_map(secrets::published::in_rule));
    found.extend(alerts::contract(rules, &claims));
    SiteJudgement {
        agents: Arc::new(agents),
        alerts: Arc::new(alerts::index(rules, &claims)),
        claims: Arc::new(claims),
        diagnostics: found.into_iter().map(Arc::new).collect(),
    }
}

/// All findings in the order of files and places: those of each page, and `others` where they belong.
fn gather(
    subject: Subject<'_>,
    judged: &[Arc<JudgedPage>],
    others: impl Iterator<Item = Arc<Diagnostic>>,
) -> Vec<Finding> {
    let config = &subject.site.config;
    let mut by_path: BTreeMap<FilePath, Vec<Arc<Diagnostic>>> = BTreeMap::new();
    for other in others {
        match by_path.get_mut(&other.at.path) {
            Some(found) => found.push(other),
            None => drop(by_path.insert(other.at.path.clone(), vec![other])),
        }
    }
    let mut others = by_path.into_iter().peekable();
    let mut findings = Vec::new();
    for (page, judged) in subject.site.pages.iter().zip(judged) {
        let document = &page.document;
        while let Some((_, found)) = others.next_if(|(path, _)| *path < document.path) {
            findings.extend(level(config, None, &found));
        }
        let here = others.next_if(|(path, _)| *path == document.path);
        if here.is_none() && document.suppressions.is_empty() {
            findings.extend(judged.findings.iter().cloned());
            continue;
        }
        let here = here.into_iter().flat_map(|(_, found)| found);
        let found: Vec<_> = judged.diagnostics.iter().map(Arc::clone).chain(here).collect();
        findings.extend(level(config, Some(page), &silence(document, found, subject.today)));
    }
    findings.extend(others.flat_map(|(_, found)| level(config, None, &found)));
    findings
}
