//! What stands round every page.

use crate::check::freshness::Freshness;
use crate::config::Config;
use crate::files::FilePath;
use crate::resolve::{Address, PlacedPage, Structure};

use super::view::{Day, DueDay, Frame, LinkView};

/// A day as templates show it.
pub(crate) fn day(config: &Config, date: jiff::civil::Date) -> Day {
    Day { iso: date.to_string(), words: config.words.date(date) }
}

/// When a review is due, as templates show it.
pub(crate) fn due_day(config: &Config, freshness: &Freshness) -> Option<DueDay> {
    let due = freshness.schedule.due()?;
    let Day { iso, words } = day(config, due.on);
    Some(DueDay { iso, words, soon: due.soon.to_string() })
}

/// The part of a link that leads to an anchor; nothing where there is none.
pub(crate) fn fragment(anchor: Option<&str>) -> String {
    anchor.map_or_else(String::new, |anchor| ["#", anchor].concat())
}

/// How many sections are shown above a page: of the deeper ones the nearest. Each link names all that are between, so
/// that a page in hundreds of folders would hold little else.
const CRUMBS: usize = 24;

/// The sections above a page, from the top, without the root and without the page's own.
pub(crate) fn breadcrumbs(
    site: &Structure,
    page: &PlacedPage,
) -> Vec<(std::sync::Arc<str>, Address)> {
    let mut crumbs = Vec::new();
    let mut folder = String::new();
    for part in page.folder.split('/').filter(|part| !part.is_empty()) {
        if !folder.is_empty() {
            folder.push('/');
        }
        folder.push_str(part);
        if page.is_section && folder == page.folder {
            break;
        }
        if let Some(section) = site.sections.get(&folder) {
            crumbs.push((section.title.clone(), section.address.clone()));
        }
    }
    crumbs.split_off(crumbs.len().saturating_sub(CRUMBS))
}

/// The frame of a page at `address` that has no source of its own.
pub(crate) fn plain(
    config: &Config,
    address: &Address,
    title: &str,
    crumbs: &[(&str, &Address)],
) -> Frame {
    Frame {
        title: title.to_owned(),
        root: address.root(),
        path: address.encoded(),
        canonical: config.base_url.as_ref().map(|base| format!("{base}{}", address.encoded())),
        breadcrumbs: crumbs
            .iter()
            .map(|(title, to)| LinkView { title: (*title).to_owned(), url: address.link_to(to) })
            .collect(),
        noindex: !config.public,
        ..Frame::default()
    }
}

/// Whether a file of this path can be written on any system; those that cannot are named among the findings.
pub(crate) fn fits(path: &FilePath) -> bool {
    Address::of_file(path.as_str()).too_long().is_none()
}

/// The address of the home page.
pub(crate) fn home(site: &Structure) -> Address {
    Address::of_section("", site.config.address_style)
}
