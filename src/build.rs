//! The pipeline in one screen: sources in, the files of the site and everything wrong with them out.
//!
//! A pure function: same sources and options, same build, whatever is in the cache.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::conformance::Schema;
use crate::check::{self, Report, check};
use crate::config::read::{config, place_of};
use crate::config::{self, Config, TemplateRule};
use crate::diagnostic::{
    Diagnostic, Finding, Level, Location, Rule, nearest, site as mistakes, values,
};
use crate::dialect::{Dialect, dialects_of};
use crate::files::{Bytes, FilePath, Files, content_hash};
use crate::memo::{Kept, Memo, Mode, Single, parallel};
use crate::parse::template_section::section_key;
use crate::parse::{self, Document, parse};
use crate::programs::{self, Copies, Wanted, programs};
use crate::render::{self, render};
use crate::resolve::{self, Site, resolve};
use crate::search;
use crate::sources::{PassedOver, Sources};
use crate::text::encoding::decoded;
use crate::theme::Theme;
use crate::words::Words;

mod hosts;

/// What a build is asked for besides its sources.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day that the site is built for.
    pub today: Date,
    /// The content folder, instead of the one that site.toml names.
    pub content: Option<String>,
    /// The base address, instead of the one that site.toml names.
    pub base_url: Option<String>,
    /// Publish pages with `draft: true` too.
    pub drafts: bool,
}

/// What a build makes.
pub struct Build {
    /// The site as published, but for the search index.
    pub output: Files,
    /// What is wrong, in the order of files and places.
    pub findings: Vec<Finding>,
    /// The joined pages.
    pub site: Site,
    /// What is said of each page.
    pub report: Kept<Report>,
}

/// What builds remember, so that the next one does only what changed.
#[derive(Default)]
pub struct Cache {
    mode: Mode,
    config: Single<Config, Config>,
    theme: Single<ThemeSource, LoadedTheme>,
    options: Single<parse::ParseOptions, parse::ParseOptions>,
    documents: Memo<FilePath, parse::Input, Document>,
    hosts: Memo<FilePath, parse::HostPage, Document>,
    schemas: Memo<String, (Arc<Document>, Bytes), Schema>,
    resolve: resolve::Cache,
    check: check::Cache,
    render: render::Cache,
    programs: programs::Cache,
    /// The places of the output's files in the order of their paths.
    order: Single<Vec<FilePath>, Vec<usize>>,
    search: search::site::Cache,
}

impl Cache {
    /// For builds of which each is as `mode` says.
    pub fn new(mode: Mode) -> Cache {
        Cache { mode, ..Cache::default() }
    }
}

/// A moment of a build, for progress and timings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Reading pages.
    Parse,
    /// Joining them.
    Resolve,
    /// Judging them.
    Check,
    /// Writing their HTML.
    Render,
}

impl Stage {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Parse => "parse",
            Stage::Resolve => "resolve",
            Stage::Check => "check",
            Stage::Render => "render",
        }
    }
}

/// A site that is judged and not rendered yet.
pub struct Judged {
    /// What is wrong, in the order of files and places.
    pub findings: Vec<Finding>,
    /// The joined pages.
    pub site: Site,
    /// What is said of each page.
    pub report: Kept<Report>,
    theme: Arc<Theme>,
}

/// Builds a site in memory; `entered` hears of each stage as it begins.
///
/// # Errors
/// site.toml or the theme cannot be used at all; the findings say why.
pub fn build(
    sources: &Sources,
    options: &Options,
    cache: &mut Cache,
    mut entered: impl FnMut(Stage),
) -> Result<Build, Vec<Finding>> {
    let judged = judge(sources, options, cache, &mut entered)?;
    entered(Stage::Render);
    let file = |path: &FilePath, bytes: &Bytes| (path.clone(), Arc::clone(bytes));
    let files = publish(&judged, sources, options, cache, file)?;
    let Judged { findings, site, report, .. } = judged;
    Ok(Build { output: in_order(&files, cache), findings, site, report })
}

/// The files in the order of their paths, which is remembered: most edits leave it as it is, and to find it takes longer
/// than anything else that is done for pages without a change.
fn in_order(files: &[(FilePath, Bytes)], cache: &mut Cache) -> Files {
    let paths: Vec<FilePath> = files.iter().map(|(path, _)| path.clone()).collect();
    let order = cache.order.one(cache.mode, paths, |paths| {
        let mut order: Vec<usize> = (0..paths.len()).collect();
        order.sort_by_key(|index| &paths[*index]);
        order
    });
    order.iter().map(|index| files[*index].clone()).collect()
}

/// The first half of a build: everything that can be known of a site before its pages are written.
///
/// # Errors
/// site.toml or the theme cannot be used at all; the findings say why.
pub fn judge(
    sources: &Sources,
    options: &Options,
    cache: &mut Cache,
    mut entered: impl FnMut(Stage),
) -> Result<Judged, Vec<Finding>> {
    let (config, mut before) = read_config(sources, options)?;
    before.extend(sources.passed_over.iter().map(|(path, reason)| passed_over(path, reason)));
    let mode = cache.mode;
    let config = cache.config.keep(mode, config).shared();
    let theme = read_theme(sources, &config, cache)?;
    before.extend(theme.unknown_files().iter().cloned());
    entered(Stage::Parse);
    let (documents, others) = read_pages(sources, &config, cache);
    let schemas = read_templates(sources, &config, &documents, cache, &mut before);
    entered(Stage::Resolve);
    let pages = resolve::PageSources { documents, others, drafts: options.drafts };
    let site = resolve(&config, pages, mode, &mut cache.resolve);
    entered(Stage::Check);
    before.extend(check::replaced_theme(&site, theme.assets().iter().map(|(path, _)| path)));
    let subject = check::Subject {
        site: &site,
        files: &sources.files,
        schemas: &schemas,
        history: &sources.history,
        today: options.today,
    };
    let (report, findings) = check(subject, before, mode, &mut cache.check);
    Ok(Judged { findings, site, report, theme })
}

/// The second half: every file but the search index goes to `take` as soon as it is ready, from many threads and in
/// no order; what it answers is returned.
///
/// # Errors
/// A template of the theme fails; the findings say where. Files that were ready by then have been taken.
pub fn publish<T: Send>(
    judged: &Judged,
    sources: &Sources,
    options: &Options,
    cache: &mut Cache,
    take: impl Fn(&FilePath, &Bytes) -> T + Sync,
) -> Result<Vec<T>, Vec<Finding>> {
    let (mut taken, failed) =
        render(to_render(judged, sources, options), cache.mode, &mut cache.render, &take);
    taken.extend(for_programs(judged, sources, cache, take));
    if failed.is_empty() { Ok(taken) } else { Err(failed.into_iter().map(unusable).collect()) }
}

/// Whether the site's own templates can be used: all pages are rendered, and none is kept. The default templates
/// fail on no page, which tests hold, so that a site without its own has nothing to try.
///
/// # Errors
/// As for [`publish`].
pub fn try_templates(
    judged: &Judged,
    sources: &Sources,
    options: &Options,
    cache: &mut Cache,
) -> Result<(), Vec<Finding>> {
    if !judged.theme.has_own_templates() {
        return Ok(());
    }
    let subject = to_render(judged, sources, options);
    let (_, failed) = render(subject, cache.mode, &mut cache.render, |_, _| ());
    if failed.is_empty() { Ok(()) } else { Err(failed.into_iter().map(unusable).collect()) }
}

fn to_render<'a>(
    judged: &'a Judged,
    sources: &'a Sources,
    options: &Options,
) -> render::Subject<'a> {
    render::Subject {
        site: &judged.site,
        report: &judged.report,
        theme: &judged.theme,
        files: &sources.files,
        today: options.today,
    }
}

/// The Markdown copies that [`publish`] writes, to be asked for one by one.
pub fn copies(judged: &Judged, sources: &Sources) -> Copies {
    Copies::new(programs_subject(judged, sources, Wanted::Configured))
}

/// What [`publish`] writes for programs, alone: the Markdown copies of pages and all that is made of the same facts.
pub fn for_programs<T: Send>(
    judged: &Judged,
    sources: &Sources,
    cache: &mut Cache,
    take: impl Fn(&FilePath, &Bytes) -> T + Sync,
) -> Vec<T> {
    for_programs_wanted(judged, sources, cache, Wanted::Configured, take)
}

/// The same with what is wanted besides what the site asks for.
pub fn for_programs_wanted<T: Send>(
    judged: &Judged,
    sources: &Sources,
    cache: &mut Cache,
    wanted: Wanted,
    take: impl Fn(&FilePath, &Bytes) -> T + Sync,
) -> Vec<T> {
    let subject = programs_subject(judged, sources, wanted);
    programs(subject, cache.mode, &mut cache.programs, take)
}

fn programs_subject<'a>(
    judged: &'a Judged,
    sources: &'a Sources,
    wanted: Wanted,
) -> programs::Subject<'a> {
    programs::Subject { wanted, site: &judged.site, report: &judged.report, files: &sources.files }
}

/// The folder that the site is written to unless somebody says otherwise, relative to the site folder.
///
/// # Errors
/// site.toml cannot be used at all; the findings say why.
pub fn output_folder(sources: &Sources, options: &Options) -> Result<String, Vec<Finding>> {
    read_config(sources, options).map(|(config, _)| config.output)
}

/// What site.toml says, with what the build was asked for instead.
///
/// # Errors
/// site.toml cannot be used at all; the findings say why.
pub fn configured(sources: &Sources, options: &Options) -> Result<Config, Vec<Finding>> {
    read_config(sources, options).map(|(config, _)| config)
}

/// All that a build depends on besides the program itself, as one hash: equal hashes make equal sites.
pub fn fingerprint(sources: &Sources, options: &Options) -> String {
    let files: Vec<(&FilePath, &Bytes)> = sources.files.iter().collect();
    let hashes = parallel(&files, |(_, bytes)| content_hash(bytes));
    let mut text = format!("{options:?}\n{:?}\n{:?}\n", sources.passed_over, sources.history);
    for ((path, _), hash) in files.iter().zip(hashes) {
        text.push_str(&format!("{path}\0{hash}\n"));
    }
    content_hash(text.as_bytes())
}

/// The search index of a built site, apart from the build because a preview shows pages before it is ready.
pub fn search_files(site: &Site, report: &Report, cache: &mut Cache) -> Files {
    search::search(&index_of(site, report, cache))
}

/// The index of a built site, to be asked and to be published.
pub fn index_of(site: &Site, report: &Report, cache: &mut Cache) -> search::Index {
    search::site::index_site(site, report, cache.mode, &mut cache.search)
}

/// Adds what the search does not lead to as pages say that it should, where site.toml or who has `asked` wants to hear of
/// it. Apart from the judgement because it takes the whole index.
pub fn prove_routing(judged: &mut Judged, options: &Options, cache: &mut Cache, asked: bool) {
    if !asked && !judged.site.config.checks.asks_for(Rule::NotFoundFirst) {
        return;
    }
    let index = search_index(judged, cache);
    let found = search::routing(&index, &judged.site, &judged.report, options.today);
    judged.findings.extend(check::later(&judged.site, found, options.today, asked));
    judged.findings.sort_by(|a, b| {
        let place = |finding: &Finding| {
            let Diagnostic { at, rule, .. } = &*finding.diagnostic;
            (at.path.clone(), at.range.start, *rule)
        };
        place(a).cmp(&place(b))
    });
}

/// The index as the command line asks it.
pub fn search_index(judged: &Judged, cache: &mut Cache) -> search::Index {
    search::site::index_site(&judged.site, &judged.report, cache.mode, &mut cache.search)
}

fn unusable(diagnostic: Diagnostic) -> Finding {
    Finding { level: Level::Error, diagnostic: Arc::new(diagnostic) }
}

fn read_config(
    sources: &Sources,
    options: &Options,
) -> Result<(Config, Vec<Diagnostic>), Vec<Finding>> {
    let path = config::path();
    // The root of a repository may be built as a folder of Markdown though it holds a site.toml.
    let is_site = options.content.as_deref() != Some("");
    let (mut config, mut diagnostics) = match sources.files.get(&path).filter(|_| is_site) {
        Some(bytes) => config(&path, &decoded(bytes)).map_err(|refused| vec![unusable(refused)])?,
        // A folder that declares nothing has no vocabulary that its pages could leave.
        None => (Config { statuses: Vec::new(), ..Config::default() }, Vec::new()),
    };
    let theme = sources.files.get(&path).filter(|_| is_site).and_then(|bytes| {
        let range = place_of(&decoded(bytes), "theme")?;
        let is_empty = sources.files.below(&config.theme).next().is_none();
        let at = Location::new(&config::path(), range);
        (is_empty && config.theme != Config::default().theme)
            .then(|| values::no_folder(at, "theme", &config.theme))
    });
    diagnostics.extend(theme);
    if let Some(content) = &options.content {
        config.content.clone_from(content);
        // A folder of Markdown has no theme of its own; no file is read from a hidden folder.
        ".no-theme".clone_into(&mut config.theme);
    }
    let dialects = || dialects_of(&sources.files, &config.content);
    let dialects = config.dialects.clone().unwrap_or_else(dialects);
    if !is_site || sources.files.get(&path).is_none() {
        let has_jsx =
            |dialect: &Dialect| matches!(dialect, Dialect::Docusaurus | Dialect::Starlight);
        config
            .extensions
            .extend(dialects.iter().find(|own| has_jsx(own)).map(|_| ".mdx".to_owned()));
    }
    config.dialects = Some(dialects);
    if let Some(base_url) = &options.base_url {
        config.base_url = Some(format!("{}/", base_url.trim_end_matches('/')));
    }
    Ok((config, diagnostics))
}

/// What is said of something that is not read.
fn passed_over(path: &FilePath, reason: &PassedOver) -> Diagnostic {
    match reason {
        PassedOver::OutOfRepository => mistakes::link_out_of_repository(path),
        PassedOver::Dangling => mistakes::dangling_link(path),
        PassedOver::ReadAs(first) => mistakes::folder_read_already(path, first),
        PassedOver::Unreadable(reason) => mistakes::unreadable(path, reason),
        PassedOver::NameNotText => mistakes::name_not_text(path),
        PassedOver::NoFile => mistakes::no_file(path),
    }
}

fn read_theme(
    sources: &Sources,
    config: &Config,
    cache: &mut Cache,
) -> Result<Arc<Theme>, Vec<Finding>> {
    let overrides: Files = sources
        .files
        .below(&config.theme)
        .filter_map(|(path, bytes)| Some((path.under(&config.theme)?, Arc::clone(bytes))))
        .collect();
    let theme = cache.theme.one(
        cache.mode,
        (overrides, config.theme.clone(), config.words.clone()),
        load_theme,
    );
    let found = theme.as_ref().map(Arc::clone);
    found.map_err(|found| found.iter().cloned().map(unusable).collect())
}

/// The site's own files of a theme, its folder, and the words that it says.
type ThemeSource = (Files, String, Words);

/// A theme, or what keeps it from being used.
type LoadedTheme = Result<Arc<Theme>, Vec<Diagnostic>>;

fn load_theme((overrides, folder, words): &ThemeSource) -> LoadedTheme {
    let (theme, diagnostics) = Theme::load(overrides, folder, words);
    if diagnostics.is_empty() { Ok(Arc::new(theme)) } else { Err(diagnostics) }
}

/// What a source file is there for.
enum FileRole {
    /// A page or a template: it is parsed.
    Page,
    /// Any other file below the content folder, with its path there.
    Other(FilePath),
    /// Nothing that the content folder holds.
    Elsewhere,
}

fn role(config: &Config, path: &FilePath) -> FileRole {
    let in_content = path.under(&config.content);
    let is_theirs = in_content.as_ref().is_some_and(|below| is_theirs(config, below));
    let is_page = in_content.is_some() && !is_theirs && config.is_page(path.as_str());
    let is_template =
        config.templates.values().any(|template| template.file.value == path.as_str());
    match in_content {
        _ if is_page || is_template => FileRole::Page,
        Some(below) if !is_theirs => FileRole::Other(below),
        _ => FileRole::Elsewhere,
    }
}

/// The documents of all page files and templates, and the other files below the content folder.
fn read_pages(
    sources: &Sources,
    config: &Arc<Config>,
    cache: &mut Cache,
) -> (Vec<Arc<Document>>, Vec<FilePath>) {
    let mode = cache.mode;
    let options = parse::ParseOptions {
        extra_keys: config.extra_keys.clone(),
        any_key: sources.files.get(&config::path()).is_none(),
        unsafe_html: config.unsafe_html,
        dialects: config.dialects.clone().unwrap_or_default(),
        words: config.words.clone(),
    };
    let options = cache.options.keep(mode, options).shared();
    let files: Vec<(&FilePath, &Bytes)> = sources.files.iter().collect();
    let roles = parallel(&files, |(path, _)| role(config, path));
    let mut pages = Vec::new();
    let mut others = Vec::new();
    for (file, role) in files.into_iter().zip(roles) {
        match role {
            FileRole::Page => pages.push(file),
            FileRole::Other(below) => others.push(below),
            FileRole::Elsewhere => {}
        }
    }
    let input = |(path, bytes): &(&FilePath, &Bytes)| {
        let (path, bytes) = ((*path).clone(), Arc::clone(bytes));
        let options = Arc::clone(&options);
        (path.clone(), parse::Input { path, bytes, options })
    };
    let documents = cache.documents.map(mode, &pages, input, parse);
    let place = (&sources.files, config.content.as_str());
    let memo = &mut cache.hosts;
    (hosts::with_included(documents, &pages, place, &options, mode, memo), others)
}

/// Whether a file is there for Guidepost and not for readers, where the content folder is the site folder itself.
fn is_theirs(config: &Config, path: &FilePath) -> bool {
    config.content.is_empty() && (*path == config::path() || path.under(&config.theme).is_some())
}

/// What is said of the sections that site.toml names and the template does not have.
fn sections_not_there(template: &TemplateRule, document: &Document) -> Vec<Diagnostic> {
    let headings = || document.headings.iter().map(|heading| heading.text.as_str());
    let is_there = |typed: &str| {
        let key = section_key(typed);
        headings().any(|heading| section_key(heading) == key)
    };
    let absent = template.sections.iter().filter(|(_, heading)| !is_there(&heading.value));
    let said = absent.map(|(what, heading)| {
        let similar = nearest(&heading.value, headings());
        let at = Location::new(&config::path(), heading.range.clone());
        values::no_section(at, what, &heading.value, similar)
    });
    said.collect()
}

/// What each template demands; a template without its file is reported.
fn read_templates(
    sources: &Sources,
    config: &Config,
    documents: &[Arc<Document>],
    cache: &mut Cache,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Arc<Schema>> {
    let mut found: Vec<(&String, Arc<Document>, Bytes)> = Vec::new();
    for (name, template) in &config.templates {
        let file = &template.file;
        let document = documents.iter().find(|document| document.path.as_str() == file.value);
        let Some(document) = document else {
            let at = Location::new(&config::path(), file.range.clone());
            diagnostics.push(mistakes::missing_template_file(at, name, &file.value));
            continue;
        };
        diagnostics.extend(sections_not_there(template, document));
        let bytes = sources.files.get(&document.path).map(Arc::clone).unwrap_or_default();
        found.push((name, Arc::clone(document), bytes));
    }
    let input = |(name, document, bytes): &(&String, Arc<Document>, Bytes)| {
        ((*name).clone(), (Arc::clone(document), Arc::clone(bytes)))
    };
    let schemas = cache.schemas.map(cache.mode, &found, input, |(document, bytes)| {
        Schema::from_template(document, std::str::from_utf8(bytes).unwrap_or_default())
    });
    found.into_iter().map(|(name, ..)| name.clone()).zip(schemas).collect()
}
