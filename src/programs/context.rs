//! What the files of all pages depend on besides the pages themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Report;
use crate::files::FilePath;
use crate::memo::Kept;
use crate::resolve::{Address, AlertClaim, PageId, Structure};

/// Who claims which alert.
pub(super) type Claimed = BTreeMap<String, Vec<AlertClaim>>;

/// What the context of all pages is made of.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Grounds {
    pub(super) site: Kept<Structure>,
    pub(super) alerts: Kept<Claimed>,
    pub(super) report: Kept<Report>,
}

/// All that a page's files depend on besides the page itself.
pub struct Context {
    pub(super) grounds: Grounds,
    /// The names of the alerts that each page claims.
    pub(super) alerts: BTreeMap<PageId, Vec<String>>,
    /// Paths that are taken by something else that is published.
    taken: BTreeSet<String>,
}

/// Gathers it.
pub(super) fn context(grounds: &Grounds) -> Context {
    let mut alerts: BTreeMap<PageId, Vec<String>> = BTreeMap::new();
    for (name, claims) in grounds.alerts.iter() {
        for claim in claims {
            alerts.entry(claim.page).or_default().push(name.clone());
        }
    }
    Context { alerts, taken: taken(&grounds.site), grounds: grounds.clone() }
}

/// Assets, and folders that are called like a file for programs might be.
fn taken(site: &Structure) -> BTreeSet<String> {
    let mut taken: BTreeSet<String> = site.assets.iter().map(ToString::to_string).collect();
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
        &self.grounds.site
    }

    /// What is said of them.
    pub fn report(&self) -> &Report {
        &self.grounds.report
    }

    /// The page or section that inline code leads to, if it is the name of an agent or of an alert of one page.
    pub(super) fn named(&self, name: &str) -> Option<(PageId, Option<&str>)> {
        let claims = self.grounds.alerts.get(name).map_or(&[][..], Vec::as_slice);
        if let [claim] = claims {
            return Some((claim.page, claim.anchor.as_deref()));
        }
        self.site().agent(name).map(|id| (id, None))
    }

    /// The file at an address, unless something else stands there.
    pub(super) fn free(&self, address: &Address) -> Option<FilePath> {
        Some(address.file()).filter(|path| !self.taken.contains(path.as_str()))
    }
}
