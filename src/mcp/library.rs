//! A site as it is asked: its pages by every name that a caller may know them by, its search index, its texts.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, LazyLock, OnceLock};

use jiff::civil::Date;
use percent_encoding::percent_decode_str;

use crate::build::{Build, Judged};
use crate::check::alerts::KnownRule;
use crate::check::{PageReport, Report};
use crate::files::{FilePath, Files};
use crate::freshness::Schedule;
use crate::parse;
use crate::parse::marks::comments;
use crate::procedure::{Declarations, Parameter, Procedure, parameters, procedures};
use crate::programs::Copies;
use crate::resolve::{Page, PageId, Site};
use crate::search::Index;
use crate::text::scheme;

use super::arguments::{Refused, shown};
use super::published::{self, Published};
use super::text::document;

/// The longest id that is looked up, in bytes.
pub(super) const LONGEST_ID: usize = 2048;

/// Where the list of skills is published.
const SKILLS: &str = ".well-known/agent-skills/index.json";

/// What is made when it is asked for first: most questions need little of a site.
type Later<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

/// All that questions are answered from.
pub struct Library {
    known: KnownSite,
    /// The search index.
    pub(super) index: Later<Index>,
    texts: Texts,
    /// Where people find the site, with a slash at the end, if that is known.
    base: Option<String>,
    /// The day of the answers.
    pub(super) today: Date,
    /// Pages by address and file.
    places: HashMap<String, PageId>,
    /// Names of alerts as they compare, each with those that pages claim.
    alerts: HashMap<String, Vec<String>>,
    /// What was published where the site is known by that alone.
    from: Option<Published>,
    /// The skills that the site publishes, each with its files.
    skills: OnceLock<BTreeMap<String, Vec<FilePath>>>,
}

/// Where texts are from.
enum Texts {
    /// What the site publishes, the Markdown copies of its pages among it.
    Published(Arc<Files>),
    /// Copies that are made as they are asked for.
    Built(Later<BuiltTexts>),
}

/// What the texts of a judged site are made of.
pub struct BuiltTexts {
    /// What makes the copy of a page.
    pub copies: Copies,
    /// The sources of the site.
    pub sources: Files,
    /// All that the site publishes for programs; asked for only if there are skills.
    pub published: Later<Files>,
}

/// The site and what is said of it.
enum KnownSite {
    Judged(Arc<Judged>),
    Built(Arc<Build>),
}

/// A place in the site.
pub(super) struct PagePlace {
    /// The page.
    pub(super) id: PageId,
    /// The section's anchor.
    pub(super) anchor: Option<String>,
    /// How many characters of the text are read already.
    pub(super) from: usize,
}

impl Library {
    /// Of a site that is judged; what else answers are made of is made when it is asked for first.
    pub fn of_judged(
        judged: Arc<Judged>,
        index: impl FnOnce() -> Index + Send + 'static,
        built: impl FnOnce() -> BuiltTexts + Send + 'static,
        today: Date,
    ) -> Library {
        let texts = Texts::Built(LazyLock::new(Box::new(built)));
        Library::new(KnownSite::Judged(judged), later(index), texts, None, today)
    }

    /// Of a site that is built and, for the time being, found at an address.
    pub fn of_build(
        build: Arc<Build>,
        index: Index,
        published: Arc<Files>,
        base: Option<String>,
        today: Date,
    ) -> Library {
        let texts = Texts::Published(published);
        Library::new(KnownSite::Built(build), later(|| index), texts, base, today)
    }

    /// Of a site that is known by what it published: judged from the sources that say the same.
    pub fn of_published(judged: Judged, index: Index, published: Files, today: Date) -> Library {
        let known = KnownSite::Judged(Arc::new(judged));
        let published = Arc::new(published);
        let texts = Texts::Published(Arc::clone(&published));
        let mut library = Library::new(known, later(|| index), texts, None, today);
        let page = |address: &str| library.places.get(key(address)).copied();
        let from = published::published(&published, page);
        library.from = Some(from);
        library
    }

    fn new(
        known: KnownSite,
        index: Later<Index>,
        texts: Texts,
        base: Option<String>,
        today: Date,
    ) -> Library {
        let site = known.site();
        let base = site.config.base_url.clone().or(base);
        let mut places = HashMap::new();
        for (id, page) in site.ids() {
            places.entry(key(page.document.path.as_str()).to_owned()).or_insert(id);
            places.entry(key(page.path.as_str()).to_owned()).or_insert(id);
        }
        for (address, id) in &site.redirects {
            places.insert(key(address.as_str()).to_owned(), *id);
        }
        for (id, page) in site.ids() {
            places.insert(key(page.address.as_str()).to_owned(), id);
        }
        let mut alerts: HashMap<String, Vec<String>> = HashMap::new();
        for name in site.alerts.keys() {
            let folded = folded(name, site.config.alerts.case_sensitive).into_owned();
            alerts.entry(folded).or_default().push(name.clone());
        }
        let (from, skills) = (None, OnceLock::new());
        Library { known, index, texts, base, today, places, alerts, from, skills }
    }

    /// Makes what is made when it is asked for first.
    pub fn prepare(&self) {
        LazyLock::force(&self.index);
    }

    /// A published file as text.
    pub(super) fn file(&self, path: &FilePath) -> Option<&str> {
        self.published().text(path)
    }

    fn published(&self) -> &Files {
        match &self.texts {
            Texts::Published(files) => files,
            Texts::Built(built) => &built.published,
        }
    }

    /// Whether the site publishes skills.
    pub(super) fn has_skills(&self) -> bool {
        match &self.texts {
            Texts::Published(_) => !self.skills().is_empty(),
            Texts::Built(_) => self.site().config.skills.enabled,
        }
    }

    /// The skills that the site publishes, each with its files.
    pub(super) fn skills(&self) -> &BTreeMap<String, Vec<FilePath>> {
        self.skills.get_or_init(|| skills(self.published()))
    }

    pub(super) fn site(&self) -> &Site {
        self.known.site()
    }

    pub(super) fn report(&self) -> &Report {
        self.known.report()
    }

    pub(super) fn page(&self, id: PageId) -> &Page {
        self.site().page(id)
    }

    pub(super) fn page_report(&self, id: PageId) -> &PageReport {
        &self.report().pages[id.0 as usize]
    }

    /// How an alert's name compares.
    pub(super) fn folded<'t>(&self, name: &'t str) -> Cow<'t, str> {
        folded(name, self.site().config.alerts.case_sensitive)
    }

    /// The claimed names that compare equal to a folded one.
    pub(super) fn claimed(&self, folded: &str) -> &[String] {
        self.alerts.get(folded).map_or(&[], Vec::as_slice)
    }

    /// The id of a place.
    pub(super) fn id(&self, page: PageId, anchor: Option<&str>) -> String {
        let address = self.page(page).address.encoded();
        anchor.map_or_else(
            || address.clone(),
            |anchor| format!("{address}#{}", crate::hidden::in_address(anchor)),
        )
    }

    /// The address of an id for people: absolute where the site knows its own, else from the root.
    pub(super) fn url(&self, id: &str) -> String {
        format!("{}{id}", self.base.as_deref().unwrap_or("/"))
    }

    /// The state of a page's review today, as `guidepost freshness` names it.
    pub(super) fn review(&self, id: PageId) -> &'static str {
        let mut schedule = self.page_report(id).freshness.schedule;
        if let (Schedule::Due(due), Some(from)) = (&mut schedule, &self.from) {
            due.suspect = from.suspect.contains(self.page(id).address.as_str());
        }
        schedule.state(self.today).name()
    }

    /// What the sections of a page say to do, each with its parameters.
    pub(super) fn procedures(&self, id: PageId) -> Cow<'_, [(Procedure, Vec<Parameter>)]> {
        let page = self.page(id);
        if let Some(from) = &self.from {
            return from
                .procedures
                .get(page.address.as_str())
                .map_or_else(Cow::default, Into::into);
        }
        let config = &self.site().config;
        let declarations = Declarations::of(config, &page.document);
        let with_parameters = |procedure: Procedure| {
            let parameters = parameters(&declarations, &procedure);
            (procedure, parameters)
        };
        procedures(config, page).into_iter().map(with_parameters).collect()
    }

    /// The rules that define alerts.
    pub(super) fn rules(&self) -> &[KnownRule] {
        self.from.as_ref().map_or(&self.report().claims.rules, |from| &from.rules)
    }

    /// The owner's key and name.
    pub(super) fn owner(&self, id: PageId) -> Option<String> {
        let key = self.page_report(id).owner.as_ref()?;
        let owner = self.site().config.owners.get(key);
        Some(owner.and_then(|owner| owner.name.clone()).unwrap_or_else(|| key.clone()))
    }

    /// The Markdown copy of a page, without comments; its links into the site are ids.
    pub(super) fn text(&self, id: PageId) -> String {
        let copy = self.page(id).address.markdown().file();
        let text = match &self.texts {
            Texts::Published(files) => {
                parse::text(files.get(&copy).map_or(&[][..], |bytes| bytes.as_slice()))
            }
            Texts::Built(built) => built.copies.text(self.site(), &built.sources, id).into(),
        };
        let document = document(&text);
        let gone = comments(&document, &text).into_iter().map(|range| (range, String::new()));
        let mut edits: Vec<(Range<usize>, String)> = gone.collect();
        for link in &document.links {
            if text.get(link.range.clone()) == Some(&link.address)
                && let Some(id) = self.linked(&copy, &link.address)
            {
                edits.push((link.range.clone(), id));
            }
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut out, mut done) = (String::with_capacity(text.len()), 0);
        for (range, new) in edits {
            if range.start >= done {
                out.push_str(&text[done..range.start]);
                out.push_str(&new);
                done = range.end;
            }
        }
        out.push_str(&text[done..]);
        out.trim_start().to_owned()
    }

    /// The id that a relative link of a copy stands for.
    fn linked(&self, copy: &FilePath, address: &str) -> Option<String> {
        if scheme(address).is_some() || address.starts_with(['#', '/']) {
            return None;
        }
        let (path, fragment) = address.split_at(address.find(['#', '?']).unwrap_or(address.len()));
        let path = percent_decode_str(path).decode_utf8_lossy();
        let path = FilePath::new(&format!("{}/{path}", copy.folder()))?;
        let id = self.places.get(key(path.as_str()))?;
        Some(format!("{}{fragment}", self.id(*id, None)))
    }

    /// The place that an id names: an address with or without its host, a file, an alert's address.
    pub(super) fn find(&self, id: &str) -> Result<PagePlace, Refused> {
        let unknown =
            || format!("no page `{}`; call search, or runbook_for_alert, for valid ids", shown(id));
        let path = self.within(id.trim()).ok_or_else(unknown)?;
        let (path, anchor) = path.split_once('#').map_or((path, None), |(path, anchor)| {
            (path, Some(anchor).filter(|anchor| !anchor.is_empty()))
        });
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let from = query.split('&').find_map(|part| part.strip_prefix("from="));
        let from = match from.map(str::parse::<usize>) {
            None => 0,
            Some(Ok(from)) => from,
            Some(Err(_)) => return Err(unknown()),
        };
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let anchor = anchor.map(decode);
        let path = decode(path);
        if let Some(id) = self.places.get(key(&path)) {
            return Ok(PagePlace { id: *id, anchor, from });
        }
        let name = key(&path).strip_prefix("alerts/").ok_or_else(unknown)?;
        let claims = self.claimed(&self.folded(name)).first();
        let claims = claims.and_then(|name| self.site().alerts.get(name)).ok_or_else(unknown)?;
        match &claims[..] {
            [claim] => Ok(PagePlace {
                id: claim.page,
                anchor: anchor.or_else(|| claim.anchor.clone()),
                from,
            }),
            _ => Err(format!("several pages answer `{}`; call runbook_for_alert", shown(name))),
        }
    }

    /// What is left of an id without the site's address and the scheme of resources.
    fn within<'t>(&self, id: &'t str) -> Option<&'t str> {
        if let Some(path) = id.strip_prefix("runbook:///") {
            return Some(path);
        }
        if let Some(path) = self.base.as_deref().and_then(|base| id.strip_prefix(base)) {
            return Some(path);
        }
        let Some((_, rest)) = id.split_once("://") else { return Some(id) };
        // Another host is another site, unless nobody knows where this one is.
        self.base.is_none().then_some(rest.split_once('/')?.1)
    }
}

fn later<T: Send>(make: impl FnOnce() -> T + Send + 'static) -> Later<T> {
    LazyLock::new(Box::new(make))
}

/// The skills on the published list, each with its files in the order of their paths.
fn skills(published: &Files) -> BTreeMap<String, Vec<FilePath>> {
    let list = FilePath::new(SKILLS).and_then(|path| published.text(&path));
    let list: serde_json::Value =
        list.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let rows = list["skills"].as_array().map_or(&[][..], Vec::as_slice);
    let names = rows.iter().filter_map(|row| row["name"].as_str());
    let mut skills: BTreeMap<String, Vec<FilePath>> =
        names.map(|name| (name.to_owned(), Vec::new())).collect();
    if skills.is_empty() {
        return skills;
    }
    for (path, _) in published.iter() {
        let below = path.as_str().strip_prefix("skills/").and_then(|rest| rest.split_once('/'));
        if let Some(files) = below.and_then(|(name, _)| skills.get_mut(name)) {
            files.push(path.clone());
        }
    }
    skills
}

impl KnownSite {
    fn site(&self) -> &Site {
        match self {
            KnownSite::Judged(judged) => &judged.site,
            KnownSite::Built(build) => &build.site,
        }
    }

    fn report(&self) -> &Report {
        match self {
            KnownSite::Judged(judged) => &judged.report,
            KnownSite::Built(build) => &build.report,
        }
    }
}

/// A path without what different spellings of it differ in.
fn key(path: &str) -> &str {
    let path = path.trim_start_matches("./").trim_start_matches('/');
    let file = ["index.html", "index.md", "_index.md", "README.md"].iter().find_map(|name| {
        let folder = path.strip_suffix(name)?;
        (folder.is_empty() || folder.ends_with('/')).then_some(folder)
    });
    let path = file.unwrap_or(path);
    let endings = [".html.md.erb", ".html", ".markdown", ".md"];
    let path = endings.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
    path.trim_end_matches('/')
}

fn folded(name: &str, case_sensitive: bool) -> Cow<'_, str> {
    if case_sensitive { name.into() } else { name.to_lowercase().into() }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn a_page_is_known_by_every_spelling_of_its_address_and_file() {
        for path in [
            "agents/refund/",
            "/agents/refund",
            "agents/refund/index.html",
            "./agents/refund.md",
            "agents/refund/index.md",
            "agents/refund.html",
        ] {
            assert_eq!(key(path), "agents/refund", "{path}");
        }
        for path in ["", "/", "index.html", "README.md"] {
            assert_eq!(key(path), "", "{path}");
        }
    }
}
