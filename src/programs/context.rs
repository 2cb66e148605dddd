//! What the files of all pages depend on besides the pages themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::Report;
use crate::files::FilePath;
use crate::memo::Kept;
use crate::parse::ParseOptions;
use crate::resolve::{Address, ClaimsByAlert, PageId, Structure};

use super::skill::choose::{by_need, chosen, routed, router_name};
use super::skill::index;

/// What the context of all pages is made of.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ContextInput {
    pub(super) site: Kept<Structure>,
    pub(super) alerts: Kept<ClaimsByAlert>,
    pub(super) report: Kept<Report>,
    /// Whether runbooks are written as skills.
    pub(super) with_skills: bool,
}

/// All that a page's files depend on besides the page itself.
pub struct Context {
    pub(super) input: ContextInput,
    /// The names of the alerts that each page claims.
    pub(super) alerts: BTreeMap<PageId, Vec<String>>,
    /// The name of each page's skill; none where there are to be none.
    pub(super) skills: BTreeMap<PageId, String>,
    /// The pages of skills by the address of their copy.
    skill_places: BTreeMap<String, PageId>,
    /// The name of the skill that leads to all others, where there is one.
    pub(super) router: Option<String>,
    /// The pages that it may hold itself, and in which order it takes them.
    pub(super) routed: BTreeSet<PageId>,
    pub(super) routed_first: Vec<PageId>,
    /// How the text of a page is read.
    pub(super) reading: Arc<ParseOptions>,
    /// Paths that are taken by something else that is published.
    taken: BTreeSet<String>,
}

/// Gathers it.
pub(super) fn context(input: &ContextInput) -> Context {
    let mut alerts: BTreeMap<PageId, Vec<String>> = BTreeMap::new();
    for (name, claims) in input.alerts.iter() {
        for claim in claims {
            let names = alerts.entry(claim.page).or_default();
            if names.last() != Some(name) {
                names.push(name.clone());
            }
        }
    }
    let site = &input.site;
    let taken = taken(site);
    let is_free = |name: &str| !taken.contains(&format!("skills/{name}/SKILL.md"));
    let skills = if input.with_skills {
        chosen(site, &alerts, &input.report, is_free)
    } else {
        BTreeMap::new()
    };
    let router = router_name(site, &skills);
    let mut routed_first = Vec::new();
    if router.is_some() {
        routed_first = by_need(site, &input.alerts, skills.keys().copied());
    }
    let place = |id: &PageId| (site.page(*id).address.markdown().as_str().to_owned(), *id);
    Context {
        skill_places: skills.keys().map(place).collect(),
        reading: Arc::new(reading(site)),
        input: input.clone(),
        alerts,
        skills,
        router,
        routed: routed(&routed_first),
        routed_first,
        taken,
    }
}

fn reading(site: &Structure) -> ParseOptions {
    let config = &site.config;
    ParseOptions {
        extra_keys: config.extra_keys.clone(),
        any_key: true,
        unsafe_html: config.unsafe_html,
        dialects: config.dialects.clone().unwrap_or_default(),
        words: config.words.clone(),
    }
}

/// Assets, and folders that are called like a file for programs might be.
fn taken(site: &Structure) -> BTreeSet<String> {
    let mut taken: BTreeSet<String> = site.assets.iter().map(ToString::to_string).collect();
    // A page may lie where a file for programs would: its copies go first.
    for page in &site.pages {
        let path = page.address.as_str();
        if [index::FOLDER, "skills/", "llms", "api/"].iter().any(|start| path.starts_with(start)) {
            let copies = [Some(page.address.markdown()), page.address.markdown_beside()];
            taken.extend(copies.iter().flatten().map(|copy| copy.as_str().to_owned()));
        }
    }
    let pages = site.pages.iter().map(|page| page.address.as_str());
    for path in pages.chain(site.assets.iter().map(FilePath::as_str)) {
        for (at, _) in path.match_indices('/') {
            if [".md", ".txt", ".json"].iter().any(|ending| path[..at].ends_with(ending)) {
                taken.insert(path[..at].to_owned());
            }
        }
    }
    taken
}

impl Context {
    /// What site.toml and the places of all pages say.
    pub fn site(&self) -> &Structure {
        &self.input.site
    }

    /// What is said of them.
    pub fn report(&self) -> &Report {
        &self.input.report
    }

    /// The page or section that inline code leads to, if it is the name of an agent or of an alert of one page.
    pub(super) fn named(&self, name: &str) -> Option<(PageId, Option<&str>)> {
        let claims = self.input.alerts.get(name).map_or(&[][..], Vec::as_slice);
        if let [claim] = claims {
            return Some((claim.page, claim.anchor.as_deref()));
        }
        self.site().agent(name).map(|id| (id, None))
    }

    /// Whether a skill can lead to what stands at an address: to all that has a whole address, else to itself and other
    /// skills.
    pub(super) fn is_in_reach(&self, from: PageId, to: &Address) -> bool {
        self.site().config.base_url.is_some()
            || self.skill_places.contains_key(to.as_str())
            || self.site().page(from).address.markdown() == *to
    }

    /// The link from the skill of the page whose copy is `own`; other skills stand `up`.
    pub(super) fn link_of_skill(
        &self,
        to: &Address,
        suffix: &str,
        own: &Address,
        up: &str,
    ) -> String {
        if to == own && suffix.starts_with('#') {
            return suffix.to_owned();
        }
        if let Some(base) = &self.site().config.base_url {
            return format!("{base}{}{suffix}", to.encoded());
        }
        let name = self.skill_places.get(to.as_str()).and_then(|id| self.skills.get(id));
        name.map_or_else(|| suffix.to_owned(), |name| format!("{up}{name}/SKILL.md"))
    }

    /// The skill of the page at an address, if the skill that leads to all holds its text.
    pub(super) fn routed_as(&self, to: &Address) -> Option<&str> {
        let id = self.skill_places.get(to.as_str()).filter(|id| self.routed.contains(id))?;
        self.skills.get(id).map(String::as_str)
    }

    /// The file at an address, unless something else stands there.
    pub(super) fn free(&self, address: &Address) -> Option<FilePath> {
        Some(address.file()).filter(|path| !self.taken.contains(path.as_str()))
    }
}
