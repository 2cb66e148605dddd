//! Where Guidepost's own pages and files stand, and what becomes of them where an author's file does: a page moves to
//! the first free name, everything else is left out and said.

use std::collections::BTreeMap;

use super::address::{Address, clean};
use super::sections::Section;
use super::taken::Taken;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location, links as mistakes};
use crate::files::FilePath;

/// Pages that are found by links alone, so that they may stand anywhere.
const PAGES: [&str; 6] = ["alerts", "coverage", "dashboards", "freshness", "owners", "search"];

/// Folders that hold so much that no file may stand in their place.
const FOLDERS: [&str; 5] = ["alerts", "api", "owners", "search", "theme"];

/// Files that others ask for by their name.
const FILES: [&str; 18] = [
    "404.html",
    "api/alert-names.json",
    "api/alerts.json",
    "api/alerts.schema.json",
    "api/coverage.json",
    "api/dashboards.json",
    "api/freshness.json",
    "api/library.json",
    "api/pages.json",
    "api/procedures.json",
    "api/procedures.schema.json",
    "feed.xml",
    "llms-full.txt",
    "llms.txt",
    "metrics.prom",
    "reviews.ics",
    "robots.txt",
    "sitemap.xml",
];

/// Where a client of the search index begins, as a script and not; all other files of the index stand in a folder.
const SEARCH_ENTRIES: [&str; 2] = ["search/manifest.bin", "search/offline.js"];
const SEARCH_SHARDS: &str = "search/shards";

/// Where each of Guidepost's pages stands: at its name, or at the first with a number that is free.
pub(super) fn places(config: &Config, taken: &Taken<'_>) -> BTreeMap<&'static str, Address> {
    let place = |name: &'static str| {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let address = |name: &str| Address::of_generated(name, config.address_style);
        let free = names.find(|name| taken.in_the_way(&address(name).file()).is_none());
        (name, address(&free.expect("an author has fewer files than there are numbers")))
    };
    PAGES.into_iter().map(place).collect()
}

/// Why a file cannot be published at a path for what Guidepost publishes there, if it cannot.
pub(super) fn belongs_to_guidepost(path: &FilePath) -> Option<&'static str> {
    if FOLDERS.contains(&path.as_str()) {
        return Some("the folder of that name");
    }
    let rest = path.as_str().strip_prefix(SEARCH_SHARDS);
    let is_shard = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    (is_shard || SEARCH_ENTRIES.contains(&path.as_str())).then_some("the search index")
}

/// What is said of each author's file that stands where Guidepost would publish one of its own.
pub(super) fn replaced(
    config: &Config,
    sections: &BTreeMap<String, Section>,
    taken: &Taken<'_>,
) -> Vec<Diagnostic> {
    let fixed = FILES.iter().filter_map(|name| FilePath::new(name));
    let listings = sections.values().filter(|section| section.page.is_none());
    let listings = listings.map(|section| section.address.file());
    let owners = config.owners.keys();
    let owners = owners.map(|owner| Address::of_owner(owner, config.address_style).file());
    let all = fixed.chain(listings).chain(owners).chain(of_folders(config, sections));
    let replaced_by_author = |path: FilePath| {
        let source = taken.at(&path).or_else(|| taken.in_the_way(&path))?;
        Some(mistakes::generated_file_replaced(Location::file(source), path.as_str()))
    };
    all.filter_map(replaced_by_author).collect()
}

/// The documents for paper of each folder and owner, and the procedures of each folder.
fn of_folders(config: &Config, sections: &BTreeMap<String, Section>) -> Vec<FilePath> {
    let owners = config.owners.keys().map(|owner| format!("owners/{}", clean(owner)));
    let printed = sections.keys().cloned().chain(owners).map(|folder| {
        let name = if folder.is_empty() { "print".to_owned() } else { format!("{folder}/print") };
        Address::of_generated(&name, config.address_style).file()
    });
    let procedures = sections.keys().filter_map(|folder| {
        let name = if folder.is_empty() { "_root" } else { folder };
        FilePath::new(&format!("api/procedures/{name}.json"))
    });
    printed.chain(procedures).collect()
}
