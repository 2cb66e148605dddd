//! What the pages show that look at the whole site: alerts, dashboards, freshness, coverage, owners, and paper.

use serde::Serialize;

use super::frame::{Contact, Day, DueDay, Frame, OwnerView};
use super::rows::{AlertRow, Dashboard, PageRow, ParameterView, Severity, Status};
use crate::freshness::State;

/// The list of all alerts.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct AlertsPage {
    /// What stands round it.
    pub frame: Frame,
    /// All alerts, the most urgent first.
    pub alerts: Vec<AlertRow>,
    /// The severities that occur, the most urgent first.
    pub severities: Vec<Severity>,
    /// The tools whose rules define alerts, if there are several.
    pub kinds: Vec<&'static str>,
    /// Whether any alert belongs to somebody; where none does, its page is named below it.
    pub has_owners: bool,
    /// How many alerts have no runbook.
    pub without_runbook: usize,
    /// Address of the document of the section whose place the index takes, if there is one.
    pub print_url: Option<String>,
}

/// Stands at the address of an alert that several pages claim.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct AlertChoicePage {
    /// What stands round it.
    pub frame: Frame,
    /// The alert's name.
    pub name: String,
    /// One row a claim.
    pub choices: Vec<AlertChoice>,
}

/// One of several runbooks for an alert.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct AlertChoice {
    /// The claim, with where it leads.
    pub alert: AlertRow,
    /// When the page's review is due.
    pub due: Option<DueDay>,
    /// The page's state on the day of the build.
    pub state: State,
    /// Whether the page is deprecated.
    pub deprecated: bool,
}

/// The list of all dashboards.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct DashboardsPage {
    /// What stands round it.
    pub frame: Frame,
    /// The kinds that occur.
    pub kinds: Vec<DashboardFilter>,
    /// Dashboards by page.
    pub groups: Vec<DashboardGroup>,
}

/// A kind of dashboard, as the filter offers it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct DashboardFilter {
    /// Its key ("cloudwatch").
    pub key: String,
    /// Its name ("Logs Insights").
    pub title: String,
    /// Its icon's class without `i-`.
    pub icon: String,
}

/// The dashboards of a page.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct DashboardGroup {
    /// What the page is called.
    pub title: String,
    /// Where it is.
    pub url: Option<String>,
    /// Its dashboards.
    pub dashboards: Vec<Dashboard>,
}

/// The freshness report.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct FreshnessPage {
    /// What stands round it.
    pub frame: Frame,
    /// How many pages are in each state, on the day of the build.
    pub counts: StateCounts,
    /// Of the pages that owe reviews, how many percent are in time.
    pub in_date_percent: u8,
    /// Due dates by owner as SVG. Today's line is a `g[data-now][data-step]`: the day of the build, and its distance
    /// in user units from one day to the next, so that the script can move it.
    pub plot: Option<String>,
    /// One row a page that owes reviews, the most urgent first.
    pub rows: Vec<FreshnessRow>,
    /// What could not be found out ("a shallow clone: changes to watched files are unknown").
    pub caveat: Option<String>,
    /// Address of the calendar of due dates.
    pub calendar_url: Option<String>,
    /// The day of the build.
    pub built: Day,
}

/// How many pages are in each state.
#[derive(Serialize, PartialEq, Eq, Clone, Copy, Debug, Default)]
pub struct StateCounts {
    /// Past their due day.
    pub over: usize,
    /// Due within what `[freshness] due_soon` says.
    pub soon: usize,
    /// Reviewed, and not due soon.
    pub fresh: usize,
    /// Never reviewed.
    pub never: usize,
    /// Watched files changed.
    pub suspect: usize,
    /// Exempt.
    pub evergreen: usize,
}

/// A page in the freshness report.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct FreshnessRow {
    /// The page's title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// `status`, if the front matter has one.
    pub status: Option<Status>,
    /// Its state on the day of the build.
    pub state: State,
    /// When its review is due.
    pub due: Option<DueDay>,
    /// The last review, or the date that counts in its place.
    pub reviewed: Option<Day>,
    /// What to know about that ("dated, no review recorded", "date only").
    pub note: Option<String>,
    /// How often it must be reviewed.
    pub every: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
}

/// Which sections of its template each page has filled in.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct CoveragePage {
    /// What stands round it.
    pub frame: Frame,
    /// One matrix a template.
    pub matrices: Vec<CoverageMatrix>,
}

/// The pages that follow one template, by its sections.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct CoverageMatrix {
    /// The template's name in site.toml.
    pub template: String,
    /// Its top sections, each with the columns under it.
    pub groups: Vec<CoverageGroup>,
    /// Whether any column has a label of its own below its section's.
    pub has_parts: bool,
    /// One row a page; of very many pages those with the most left to do.
    pub rows: Vec<CoverageRow>,
    /// How many pages have no row; `api/coverage.json` lists them all.
    pub more: usize,
    /// Complete pages in percent, one a column.
    pub percents: Vec<u8>,
    /// Percentage of the whole matrix.
    pub percent: u8,
}

/// A top section of the template.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct CoverageGroup {
    /// Its title without number.
    pub title: String,
    /// As much of the title as fits above its columns.
    pub label: String,
    /// What is measured in it: itself, or its subsections.
    pub columns: Vec<CoverageColumn>,
}

/// A section that is measured.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct CoverageColumn {
    /// Short: its number, or its place ("2.3").
    pub label: String,
    /// Its whole title.
    pub title: String,
}

/// A page in a coverage matrix.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct CoverageRow {
    /// The page's title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Its status, since drafts count here only.
    pub status: Option<Status>,
    /// One cell a column, in the columns' order.
    pub cells: Vec<CoverageCell>,
    /// Complete or not applicable, of all its cells.
    pub percent: u8,
}

/// A section of a page, measured against the template.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct CoverageCell {
    /// What was found.
    pub state: CellState,
    /// How many placeholders are left.
    pub count: usize,
    /// In words, with the section's title ("2.2 Configuration: 1 placeholder").
    pub label: String,
    /// The section in the page.
    pub url: Option<String>,
    /// Whether it is the first cell of its group.
    pub first: bool,
}

/// What was found in a section.
#[derive(Serialize, PartialEq, Eq, Clone, Copy, Debug)]
#[serde(rename_all = "lowercase")]
pub enum CellState {
    /// Written.
    Complete,
    /// Says that it does not apply.
    NotApplicable,
    /// Slots are left.
    Placeholders,
    /// The template's guidance is left.
    Guidance,
    /// Not there.
    Missing,
}

/// An owner's page: how to reach it and what it owns.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct OwnerPage {
    /// What stands round it.
    pub frame: Frame,
    /// The owner.
    pub owner: OwnerView,
    /// Its pages, the most urgent first.
    pub pages: Vec<PageRow>,
    /// Its alerts, the most urgent first.
    pub alerts: Vec<AlertRow>,
    /// How many more alerts the alert index lists.
    pub more_alerts: usize,
    /// The alert index with this owner's alerts alone.
    pub alerts_url: String,
    /// Its reviews, those that have no date first and then the earliest.
    pub reviews: Vec<FreshnessRow>,
    /// How many more reviews the freshness report lists.
    pub more_reviews: usize,
    /// The freshness report with this owner's pages alone.
    pub report_url: String,
    /// Its pages as one document for paper.
    pub print_url: Option<String>,
}

/// Several pages as one document for paper.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct PrintPage {
    /// What stands round it.
    pub frame: Frame,
    /// The section, the owner or the site.
    pub title: String,
    /// How many pages it holds, in words.
    pub count: String,
    /// Its pages in reading order.
    pub pages: Vec<PrintedPage>,
}

/// A page within a document for paper.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct PrintedPage {
    /// Its anchor in the document.
    pub id: String,
    /// HTML of its heading.
    pub heading: String,
    /// What lists say of it.
    pub row: PageRow,
    /// When its review is due.
    pub due: Option<DueDay>,
    /// Who owns it.
    pub owner: Option<OwnerView>,
    /// Whom to call when it gets worse, as its owner says.
    pub escalation: Option<Contact>,
    /// The alerts that lead to it.
    pub alerts: Vec<AlertRow>,
    /// Values that fill its commands.
    pub parameters: Vec<ParameterView>,
    /// Its text as HTML.
    pub body: String,
}

/// The list of all owners.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct OwnersPage {
    /// What stands round it.
    pub frame: Frame,
    /// The owners, each with how many pages it owns, in words.
    pub owners: Vec<OwnerRow>,
}

/// An owner in the list of all.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct OwnerRow {
    /// Who it is, and how to reach it.
    pub owner: OwnerView,
    /// How many pages it owns, in words.
    pub count: String,
}
