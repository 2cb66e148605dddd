//! The part of the navigation that a page shows: the site's sections, and a window on the page's own.
//!
//! A page never holds the whole tree: a section with hundreds of pages shows those around the current one. Pages
//! show the same groups but for the mark of the page itself, so the theme draws each group once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::memo::{Kept, Memo, Mode, Single, parallel};
use crate::resolve::{PageId, PlacedPage, Section, Structure};
use crate::theme::{Shared, Theme};

use super::frame::due_day;
use super::inputs::{Common, Overview};
use super::view::{Navigation, NavigationItem, NavigationSection};

/// How many sections navigation shows at most.
const MOST_SECTIONS: usize = 200;
/// How many pages of the section that is open are shown.
const WINDOW: usize = 16;
/// How many pages navigation shows in all before the sections that are not open show their names alone.
const EVERYTHING: usize = 48;
/// What stands on both sides of an item's path where its mark belongs; it is taken out of titles.
const MARK: char = '\u{1}';
/// The mark of the page that a reader is on.
const HERE: &str = " aria-current=\"page\"";

/// A part of the navigation, shared by the pages that show it: groups in reading order.
#[derive(PartialEq, Eq)]
pub(crate) struct NavigationPart(Vec<Arc<NavigationGroup>>);

/// A heading of the navigation and what stands under it, drawn for each depth that pages which show it stand at.
#[derive(PartialEq, Eq)]
pub(crate) struct NavigationGroup {
    section: NavigationSection,
    drawn: BTreeMap<String, Result<DrawnGroup, Diagnostic>>,
}

/// A group as HTML, in pieces between which marks belong, each with the path of the page that is marked there.
#[derive(Clone, PartialEq, Eq)]
struct DrawnGroup {
    first: String,
    rest: Vec<(String, String)>,
}

impl NavigationPart {
    /// The navigation of the page at `path`, from which `root` leads to the root of the site.
    pub(crate) fn on(&self, root: &str, path: &str, common: &Common) -> Result<String, Diagnostic> {
        let drawn = self.0.iter().filter_map(|group| group.drawn.get(root)?.as_ref().ok());
        let mut html = String::with_capacity(drawn.map(DrawnGroup::capacity).sum());
        for group in &self.0 {
            match group.drawn.get(root) {
                Some(Ok(drawn)) => drawn.on(path, &mut html),
                Some(Err(diagnostic)) => return Err(diagnostic.clone()),
                None => {
                    let drawn = draw(&common.theme, &common.site, &group.section, root)?;
                    drawn.on(path, &mut html);
                }
            }
        }
        Ok(html)
    }
}

impl DrawnGroup {
    /// How many bytes the group takes at most.
    fn capacity(&self) -> usize {
        let rest = self.rest.iter().map(|(_, piece)| piece.len());
        self.first.len() + HERE.len() + rest.sum::<usize>()
    }

    fn on(&self, path: &str, html: &mut String) {
        html.push_str(&self.first);
        for (marked, piece) in &self.rest {
            if marked == path {
                html.push_str(HERE);
            }
            html.push_str(piece);
        }
    }
}

/// The group as the theme draws it for pages from which `root` leads to the root of the site.
fn draw(
    theme: &Theme,
    site: &Shared,
    section: &NavigationSection,
    root: &str,
) -> Result<DrawnGroup, Diagnostic> {
    let view = Navigation { root: root.to_owned(), section: section.clone() };
    let html = theme.render("navigation.html", &view, &[("site", site)])?;
    let mut pieces = html.split(MARK);
    let first = pieces.next().unwrap_or_default().to_owned();
    let mut rest = Vec::new();
    while let (Some(path), Some(piece)) = (pieces.next(), pieces.next()) {
        rest.push((path.to_owned(), piece.to_owned()));
    }
    Ok(DrawnGroup { first, rest })
}

fn mark(path: &str) -> String {
    format!("{MARK}{path}{MARK}")
}

/// The parts of a site's navigation by section and, in large sections, by window.
#[derive(Default)]
pub(crate) struct Parts(BTreeMap<String, Arc<NavigationPart>>);

impl Parts {
    /// The part that a page shows.
    pub(crate) fn of(&self, site: &Structure, id: PageId) -> Arc<NavigationPart> {
        let page = site.page(id);
        let window = site.sections.get(&page.folder).map_or(0, |section| window_of(section, id));
        Arc::clone(&self.0[&key(&page.folder, window)])
    }

    /// The part that pages without a place in the tree show.
    pub(crate) fn top(&self) -> Arc<NavigationPart> {
        Arc::clone(&self.0[&key("", 0)])
    }
}

/// What is remembered of the navigation.
#[derive(Default)]
pub(crate) struct Cache {
    plan: Single<Kept<Overview>, NavigationPlan>,
    groups: Memo<String, (Arc<GroupView>, Kept<Common>), NavigationGroup>,
    parts: Single<PartsInput, Parts>,
}

/// Which parts there are, and the groups as drawn.
type PartsInput = (Kept<NavigationPlan>, Vec<Arc<NavigationGroup>>);

/// What the theme draws of a group.
#[derive(PartialEq, Eq)]
struct GroupView {
    section: NavigationSection,
    /// From the pages that show it to the root of the site.
    roots: BTreeSet<String>,
}

/// Which groups and parts there are.
struct NavigationPlan {
    /// By their names.
    groups: Vec<(String, Arc<GroupView>)>,
    /// By section and window, each with the places of its groups among all.
    parts: Vec<(String, Vec<usize>)>,
}

/// Every part that some page shows.
pub(crate) fn parts(
    overview: &Kept<Overview>,
    common: &Kept<Common>,
    mode: Mode,
    cache: &mut Cache,
) -> Kept<Parts> {
    let plan = cache.plan.one(mode, overview.clone(), |overview| plan(overview));
    let input = |(name, view): &(String, Arc<GroupView>)| {
        (name.clone(), (Arc::clone(view), common.clone()))
    };
    let groups = cache.groups.map(mode, &plan.groups, input, drawn);
    cache.parts.one(mode, (plan, groups), |(plan, groups)| {
        let part = |(name, places): &(String, Vec<usize>)| {
            let groups = places.iter().map(|index| Arc::clone(&groups[*index]));
            (name.clone(), Arc::new(NavigationPart(groups.collect())))
        };
        Parts(plan.parts.iter().map(part).collect())
    })
}

fn drawn((view, common): &(Arc<GroupView>, Kept<Common>)) -> NavigationGroup {
    let section = view.section.clone();
    let draw = |root: &String| (root.clone(), draw(&common.theme, &common.site, &section, root));
    let drawn = view.roots.iter().map(draw).collect();
    NavigationGroup { section, drawn }
}

fn plan(overview: &Overview) -> NavigationPlan {
    let site = &overview.site;
    let order = in_order(site);
    let mut shown: Vec<(String, Vec<GroupExcerpt>)> = Vec::new();
    let mut wanted: BTreeMap<GroupExcerpt, BTreeSet<String>> = BTreeMap::new();
    for (folder, section) in &site.sections {
        for window in 0..windows(section) {
            let own = section.page.iter().filter(|_| window == 0);
            let roots: BTreeSet<String> =
                own.chain(section.pages.first()).map(|id| site.page(*id).address.root()).collect();
            let excerpts = excerpts(&order, folder, window);
            for excerpt in &excerpts {
                let known = wanted.entry(*excerpt).or_default();
                if !roots.is_subset(known) {
                    known.extend(roots.iter().cloned());
                }
            }
            shown.push((key(folder, window), excerpts));
        }
    }
    let wanted: Vec<(GroupExcerpt, BTreeSet<String>)> = wanted.into_iter().collect();
    let groups = parallel(&wanted, |(excerpt, roots)| {
        let (folder, section) = order[excerpt.section];
        let section = group(overview, section, &section.pages[excerpt.pages()]);
        let name = format!("{folder}#{}+{}", excerpt.first, excerpt.count);
        (name, Arc::new(GroupView { section, roots: roots.clone() }))
    });
    let index =
        |excerpt: &GroupExcerpt| wanted.binary_search_by(|(other, _)| other.cmp(excerpt)).ok();
    let part = |(name, excerpts): (String, Vec<GroupExcerpt>)| {
        (name, excerpts.iter().filter_map(index).collect())
    };
    NavigationPlan { groups, parts: shown.into_iter().map(part).collect() }
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
    section.pages.iter().position(|page| *page == id).map_or(0, |index| index / (WINDOW / 2))
}

/// What a group shows: a section, by its place among all in order, and a range of its pages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct GroupExcerpt {
    section: usize,
    first: usize,
    count: usize,
}

impl GroupExcerpt {
    fn pages(&self) -> Range<usize> {
        self.first..self.first + self.count
    }
}

/// The sections at the top and the one that is open, of all in `order`. A small site shows all its pages; a large one
/// those of the open section, and the others by name: the nearest, where there are very many.
fn excerpts(order: &[(&str, &Section)], open: &str, window: usize) -> Vec<GroupExcerpt> {
    let is_shown = |folder: &str, section: &Section| match depth(folder) {
        0 => open.is_empty() && !section.pages.is_empty(),
        1 => section.total > 0 || folder == open,
        _ => folder == open,
    };
    let all = order.iter().enumerate();
    let shown: Vec<_> = all.filter(|(_, (folder, section))| is_shown(folder, section)).collect();
    let pages: usize = shown.iter().map(|(_, (_, section))| section.pages.len()).sum();
    let open_at = shown.iter().position(|(_, (folder, _))| *folder == open).unwrap_or(0);
    let last = shown.len().saturating_sub(MOST_SECTIONS);
    let first = open_at.saturating_sub(MOST_SECTIONS / 2).min(last);
    let excerpt = |(index, (folder, section)): (usize, &(&str, &Section))| {
        let pages = match (pages <= EVERYTHING, *folder == open) {
            (true, _) => 0..section.pages.len(),
            (false, true) => window_at(section, window),
            (false, false) => 0..0,
        };
        GroupExcerpt { section: index, first: pages.start, count: pages.len() }
    };
    shown.into_iter().skip(first).take(MOST_SECTIONS).map(excerpt).collect()
}

/// The sections of the site, each before those in it.
fn in_order(site: &Structure) -> Vec<(&str, &Section)> {
    fn add<'s>(site: &'s Structure, folder: &'s str, found: &mut Vec<(&'s str, &'s Section)>) {
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
fn window_at(section: &Section, window: usize) -> Range<usize> {
    let end = section.pages.len();
    let middle = window * (WINDOW / 2) + WINDOW / 4;
    let start = middle.saturating_sub(WINDOW / 2).min(end.saturating_sub(WINDOW));
    start..end.min(start + WINDOW)
}

fn group(overview: &Overview, section: &Section, pages: &[PageId]) -> NavigationSection {
    let path = section.address.encoded();
    NavigationSection {
        title: section.title.replace(MARK, ""),
        here: mark(&path),
        path,
        items: pages.iter().map(|id| item(overview, *id, overview.site.page(*id))).collect(),
        more: if pages.is_empty() { 0 } else { section.pages.len() - pages.len() },
    }
}

fn item(overview: &Overview, id: PageId, page: &PlacedPage) -> NavigationItem {
    let freshness = &overview.report.pages[id.0 as usize].freshness;
    let path = page.address.encoded();
    NavigationItem {
        title: page.nav_title.replace(MARK, ""),
        here: mark(&path),
        path,
        due: due_day(&overview.site.config, freshness),
        state: freshness.state,
    }
}

#[cfg(test)]
mod tests {
    use super::{NavigationSection, draw, mark};
    use crate::files::Files;
    use crate::render::view::SiteView;
    use crate::theme::{Shared, Theme};
    use crate::words::Words;

    /// What is marked in the navigation of the page at `path`.
    fn check(path: &str, expected: &[&str]) {
        let (theme, _) = Theme::load(&Files::default(), "theme", &Words::default());
        let section = |path: &str| NavigationSection {
            title: "<a>".to_owned(),
            here: mark(path),
            path: path.to_owned(),
            items: Vec::new(),
            more: 0,
        };
        let site = Shared::new(&SiteView::default());
        let mut html = String::new();
        for group in ["a/", "b/"] {
            let drawn = draw(&theme, &site, &section(group), "../");
            drawn.expect("the default theme draws").on(path, &mut html);
        }
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
