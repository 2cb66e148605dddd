//! The part of the navigation that a page shows: the site's sections, and a window on the page's own.
//!
//! A page never holds the whole tree: a section with hundreds of pages shows those around the current one. The pages
//! of a section show the same but for the mark of the page itself, so the theme draws each part once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::memo::{keep, parallel};
use crate::resolve::{Page, PageId, Section, Site};
use crate::theme::{Shared, Theme};

use super::frame::state;
use super::view::{Navigation, NavigationItem, NavigationSection};
use super::{Common, Subject};

/// How many pages of the section that is open are shown.
const WINDOW: usize = 16;
/// How many pages navigation shows in all before the sections that are not open show their names alone.
const EVERYTHING: usize = 48;
/// What stands on both sides of an item's path where its mark belongs; nothing that is typed holds it.
const MARK: char = '\u{1}';
/// The mark of the page that a reader is on.
const HERE: &str = " aria-current=\"page\"";

/// A part of the navigation, shared by the pages that show it, drawn for each depth that they stand at.
#[derive(PartialEq, Eq)]
pub(crate) struct Part {
    sections: Vec<NavigationSection>,
    drawn: BTreeMap<String, Result<Drawn, Diagnostic>>,
}

/// A part as HTML, in pieces between which marks belong, each with the path of the page that is marked there.
#[derive(Clone, PartialEq, Eq)]
struct Drawn {
    first: String,
    rest: Vec<(String, String)>,
}

impl Part {
    /// The navigation of the page at `path`, from which `root` leads to the root of the site.
    pub(crate) fn on(&self, root: &str, path: &str, common: &Common) -> Result<String, Diagnostic> {
        match self.drawn.get(root) {
            Some(Ok(drawn)) => Ok(drawn.on(path)),
            Some(Err(diagnostic)) => Err(diagnostic.clone()),
            None => Ok(draw(&common.theme, &common.site, &self.sections, root)?.on(path)),
        }
    }
}

impl Drawn {
    fn on(&self, path: &str) -> String {
        let mut html = self.first.clone();
        for (marked, piece) in &self.rest {
            if marked == path {
                html.push_str(HERE);
            }
            html.push_str(piece);
        }
        html
    }
}

/// The part as the theme draws it for pages from which `root` leads to the root of the site.
fn draw(
    theme: &Theme,
    site: &Shared,
    sections: &[NavigationSection],
    root: &str,
) -> Result<Drawn, Diagnostic> {
    let view = Navigation { root: root.to_owned(), sections: sections.to_vec() };
    let html = theme.render("navigation.html", &view, &[("site", site)])?;
    let mut pieces = html.split(MARK);
    let first = pieces.next().unwrap_or_default().to_owned();
    let mut rest = Vec::new();
    while let (Some(path), Some(piece)) = (pieces.next(), pieces.next()) {
        rest.push((path.to_owned(), piece.to_owned()));
    }
    Ok(Drawn { first, rest })
}

fn mark(path: &str) -> String {
    format!("{MARK}{path}{MARK}")
}

/// The parts of a site's navigation by section and, in large sections, by window.
#[derive(Default)]
pub(crate) struct Parts(BTreeMap<String, Arc<Part>>);

impl Parts {
    /// The part that a page shows.
    pub(crate) fn of(&self, site: &Site, id: PageId) -> Arc<Part> {
        let page = site.page(id);
        let window = site.sections.get(&page.folder).map_or(0, |section| window_of(section, id));
        Arc::clone(&self.0[&key(&page.folder, window)])
    }

    /// The part that pages without a place in the tree show.
    pub(crate) fn top(&self) -> Arc<Part> {
        Arc::clone(&self.0[&key("", 0)])
    }
}

/// Every part that some page shows; those that are equal to the last of their name are the same value.
pub(crate) fn parts(
    subject: Subject<'_>,
    common: &Common,
    held: &mut BTreeMap<String, Option<Arc<Part>>>,
) -> Parts {
    let windows: Vec<(&String, &Section, usize)> = subject
        .site
        .sections
        .iter()
        .flat_map(|(folder, section)| {
            (0..windows(section)).map(move |window| (folder, section, window))
        })
        .collect();
    let made = parallel(&windows, |(folder, section, window)| {
        let sections = sections(subject, folder, *window);
        let own = section.page.iter().filter(|_| *window == 0);
        let roots: BTreeSet<String> = own
            .chain(section.pages.first())
            .map(|id| subject.site.page(*id).address.root())
            .collect();
        let draw = |root: String| {
            let drawn = draw(&common.theme, &common.site, &sections, &root);
            (root, drawn)
        };
        let drawn = roots.into_iter().map(draw).collect();
        (key(folder, *window), Part { sections, drawn })
    });
    let mut parts = BTreeMap::new();
    for (name, part) in made {
        let part = keep(held.entry(name.clone()).or_default(), part);
        parts.insert(name, part);
    }
    held.retain(|name, _| parts.contains_key(name));
    Parts(parts)
}

fn key(folder: &str, window: usize) -> String {
    format!("{folder}#{window}")
}

/// Half a window is the step from one to the next, so that every page has neighbors on both sides.
fn windows(section: &Section) -> usize {
    if section.pages.len() <= WINDOW { 1 } else { section.pages.len().div_ceil(WINDOW / 2) }
}

fn window_of(section: &Section, id: PageId) -> usize {
    if windows(section) == 1 {
        return 0;
    }
    section.pages.iter().position(|page| *page == id).map_or(0, |place| place / (WINDOW / 2))
}

/// The sections at the top and the one that is open. A small site shows all its pages; a large one those of the
/// open section, and the others by name.
fn sections(subject: Subject<'_>, open: &str, window: usize) -> Vec<NavigationSection> {
    let site = subject.site;
    let shown: Vec<(&str, &Section)> = in_order(site)
        .into_iter()
        .filter(|(folder, _)| *folder == open || depth(folder) == 1)
        .filter(|(folder, section)| {
            !section.pages.is_empty() || (*folder == open && !open.is_empty())
        })
        .collect();
    let is_small =
        shown.iter().map(|(_, section)| section.pages.len()).sum::<usize>() <= EVERYTHING;
    let sections = shown.into_iter().map(|(folder, section)| {
        let pages = match (is_small, folder == open) {
            (true, _) => &section.pages[..],
            (false, true) => window_at(section, window),
            (false, false) => &[],
        };
        group(subject, section, pages)
    });
    sections.collect()
}

/// The sections of the site, each before those in it.
fn in_order(site: &Site) -> Vec<(&str, &Section)> {
    fn add<'s>(site: &'s Site, folder: &'s str, found: &mut Vec<(&'s str, &'s Section)>) {
        let Some(section) = site.sections.get(folder) else { return };
        found.push((folder, section));
        for inner in &section.sections {
            add(site, inner, found);
        }
    }
    let mut found = Vec::new();
    add(site, "", &mut found);
    found
}

fn depth(folder: &str) -> usize {
    if folder.is_empty() { 0 } else { folder.matches('/').count() + 1 }
}

/// The pages around the middle of a window.
fn window_at(section: &Section, window: usize) -> &[PageId] {
    let end = section.pages.len();
    let middle = window * (WINDOW / 2) + WINDOW / 4;
    let start = middle.saturating_sub(WINDOW / 2).min(end.saturating_sub(WINDOW));
    &section.pages[start..end.min(start + WINDOW)]
}

fn group(subject: Subject<'_>, section: &Section, pages: &[PageId]) -> NavigationSection {
    let path = section.address.encoded();
    NavigationSection {
        title: section.title.to_string(),
        here: mark(&path),
        path,
        items: pages.iter().map(|id| item(subject, *id, subject.site.page(*id))).collect(),
        more: if pages.is_empty() { 0 } else { section.pages.len() - pages.len() },
    }
}

fn item(subject: Subject<'_>, id: PageId, page: &Page) -> NavigationItem {
    let freshness = &subject.report.pages[id.0 as usize].freshness;
    let path = page.address.encoded();
    NavigationItem {
        title: page.nav_title.to_string(),
        here: mark(&path),
        path,
        due: freshness.due.map(|due| due.to_string()),
        state: state(freshness.state),
    }
}

#[cfg(test)]
mod tests {
    use super::{NavigationSection, draw, mark};
    use crate::files::Files;
    use crate::render::view::SiteView;
    use crate::theme::{Shared, Theme};

    /// What is marked in the navigation of the page at `path`.
    fn check(path: &str, expected: &[&str]) {
        let (theme, _) = Theme::load(&Files::default(), "theme");
        let section = |path: &str| NavigationSection {
            title: "<a>".to_owned(),
            here: mark(path),
            path: path.to_owned(),
            items: Vec::new(),
            more: 0,
        };
        let sections = [section("a/"), section("b/")];
        let drawn = draw(&theme, &Shared::new(&SiteView::default()), &sections, "../");
        let html = drawn.expect("the default theme draws").on(path);
        let marked: Vec<&str> = html
            .lines()
            .filter(|line| line.contains("aria-current"))
            .filter_map(|line| line.split('"').nth(1))
            .collect();
        assert_eq!(marked, expected, "{html}");
        assert!(html.contains("&lt;a&gt;") && !html.contains('\u{1}'), "{html}");
    }

    #[test]
    fn a_page_is_marked_on_itself_alone() {
        check("a/", &["../a/"]);
        check("b/", &["../b/"]);
        check("a/b/", &[]);
    }
}
