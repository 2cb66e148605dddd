//! What every page is shown in: the site, its navigation, and days, links and owners as all pages show them.

use serde::Serialize;

use crate::freshness::State;

/// What all pages share. Converted once and handed to every page as `site`.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct SiteView {
    /// The site's name, from site.toml.
    pub title: String,
    /// Language of the pages (`en`), for `<html lang>`.
    pub language: String,
    /// `ltr` or `rtl`, for `<html dir>`.
    pub direction: String,
    /// Absolute address of the root with a trailing `/`, where site.toml gives one.
    pub base_url: Option<String>,
    /// Address of the source repository, where site.toml gives one.
    pub repository: Option<String>,
    /// Path of the home page: empty, or `index.html` on hosts without index documents.
    pub home: String,
    /// Path of the search page.
    pub search: String,
    /// Path of the alert index, if the site has alerts.
    pub alerts: Option<String>,
    /// The reports that exist, in the order of the top bar.
    pub reports: Vec<ReportLink>,
    /// Everybody in `[owners]` who can be reached, for pages that belong to nobody.
    pub owners: Vec<OwnerView>,
    /// Start of the address that reports a missing runbook; the percent-encoded name of what is missing goes behind.
    pub report_missing: Option<String>,
    /// How long before its due date a review counts as due soon: "14 days".
    pub due_soon: String,
    /// Whether search engines are asked to stay away.
    pub noindex: bool,
    /// Whether any owner says who is on call.
    pub has_on_call: bool,
    /// Whether many pages owe a review and none was ever reviewed, so that lists need not say it of each.
    pub unreviewed: bool,
}

/// A report of the site, as named in the top bar.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct ReportLink {
    /// What it is called ("Freshness").
    pub title: String,
    /// Its path from the root.
    pub path: String,
}

/// A group of the navigation. Drawn once for all pages at the same depth that show it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct Navigation {
    /// From those pages to the root: `./`, `../../`.
    pub root: String,
    /// What it holds. The groups that a page shows follow one another in reading order.
    pub section: NavigationSection,
}

/// A heading of the navigation and what stands under it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct NavigationSection {
    /// Title of the section.
    pub title: String,
    /// Path of the section's own page.
    pub path: String,
    /// Becomes ` aria-current="page"` on the section's own page and nothing on others.
    pub here: String,
    /// Its pages, or as many of them as are shown.
    pub items: Vec<NavigationItem>,
    /// How many pages are not shown; the section's own page lists them.
    pub more: usize,
}

/// A page in the navigation.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct NavigationItem {
    /// The page's short name.
    pub title: String,
    /// Its path from the root.
    pub path: String,
    /// Becomes ` aria-current="page"` on the page itself and nothing on others.
    pub here: String,
    /// When its review is due.
    pub due: Option<DueDay>,
    /// Its state on the day of the build.
    pub state: State,
}

/// What stands round every page: head, breadcrumbs, and the ways back to its source.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct Frame {
    /// For `<title>`; the template adds the site's name.
    pub title: String,
    /// One sentence for `<meta name="description">`.
    pub description: Option<String>,
    /// From this page to the root: `./`, `../../`; on the 404 page the absolute base path.
    pub root: String,
    /// The page's own path from the root, with which `path` fields are compared.
    pub path: String,
    /// The page's absolute address, where the site has a base address.
    pub canonical: Option<String>,
    /// The way down from the home page, without it and without the page itself.
    pub breadcrumbs: Vec<LinkView>,
    /// When the page's review is due (`2026-02-09`), for `<html data-due>`.
    pub due: Option<String>,
    /// The page's state on the day of the build.
    pub state: State,
    /// The page's Markdown source, published beside it.
    pub source_url: Option<String>,
    /// Where the page is edited, at the repository.
    pub edit_url: Option<String>,
    /// Where a mistake in the page is reported, prefilled.
    pub report_url: Option<String>,
    /// Whether search engines are asked to stay away from this page.
    pub noindex: bool,
}

/// A calendar day.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct Day {
    /// For programs: `2026-02-09`.
    pub iso: String,
    /// For people: "9 February 2026".
    pub words: String,
}

/// The day on which a review is due.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct DueDay {
    /// For programs: `2026-02-09`.
    pub iso: String,
    /// For people: "9 February 2026".
    pub words: String,
    /// The first day on which it is due soon, for programs: `2026-01-26`.
    pub soon: String,
}

/// Something to follow.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct LinkView {
    /// What the link says.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

/// A way to reach somebody: a text, and an address where there is one.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct Contact {
    /// What to show ("#alerts", "Head of Content after 2 h").
    pub text: String,
    /// Where it leads: a chat, a pager, `mailto:`.
    pub url: Option<String>,
    /// What to follow where the text is whole sentences: a link that stands in them, or the section that they are of.
    pub more: Option<LinkView>,
}

/// A team that owns pages, with every way to reach it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct OwnerView {
    /// Its name in `[owners]`, or as the page has it.
    pub key: String,
    /// The name that readers know, `DevOps`.
    pub name: String,
    /// Path of its own page from the root.
    pub path: Option<String>,
    /// Who is on call now.
    pub on_call: Option<Contact>,
    /// Where it talks.
    pub chat: Option<Contact>,
    /// Its mailbox.
    pub email: Option<Contact>,
    /// Whom to call after it.
    pub escalation: Option<Contact>,
    /// Where its day begins ("Europe/Berlin").
    pub timezone: Option<String>,
}

/// The search page. The script fills it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct SearchPage {
    /// What stands round it.
    pub frame: Frame,
}

/// What hosts serve for addresses where nothing is. Its `root` is absolute.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct NotFoundPage {
    /// What stands round it.
    pub frame: Frame,
    /// Ways from an address to the folders above it, in which the site may lie where site.toml does not say; else none.
    pub folders: Vec<String>,
}

/// Stands at an old address, or at an alert's, and leads on with query and fragment.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct RedirectPage {
    /// What stands round it.
    pub frame: Frame,
    /// Where it leads, relative to this page, with a fragment where it has one.
    pub target_url: String,
    /// What is there.
    pub target: String,
}
