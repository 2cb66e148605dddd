//! What a template may see: the contract between Guidepost and the authors of themes.
//!
//! Plain data, ready to be shown: text unless a field says HTML, days as [`Day`], addresses ready for `href`.
//! Equal views make equal pages, so nothing here depends on the day of the build but [`State`] and the fields
//! named `built`. Views hold no day counts: the theme's script works those out when the page is read.
//!
//! Every template is rendered with the same four variables:
//!
//! | name | type | same for |
//! |---|---|---|
//! | `page` | one of the `…Page` types, each with a [`Frame`] as `page.frame` | one page |
//! | `navigation` | HTML, drawn by `navigation.html` | one page |
//! | `site` | [`SiteView`] | all pages |
//! | `assets` | file name -> path from the root (`assets["theme.css"]`) | all pages |
//!
//! Two kinds of address: a field named `url` (or ending in `_url`) is ready for `href` on its page; a field named
//! `path` counts from the root of the site, because pages at different depths share it, and wants
//! `{{ page.frame.root }}` in front.
//!
//! Fixed words are not in the views: `{{ "owner" | word }}` takes them from the table of the site's language, with what
//! is filled in as arguments (`{{ "page-count" | word(count=3) }}`).
//!
//! | template | view |
//! |---|---|
//! | `page.html` | [`PageView`], for sections too |
//! | `navigation.html` | [`Navigation`], with `site` and `assets` beside it |
//! | `home.html` | [`HomePage`] |
//! | `alerts.html`, `alert-choice.html` | [`AlertsPage`], [`AlertChoicePage`] |
//! | `dashboards.html` | [`DashboardsPage`] |
//! | `freshness.html` | [`FreshnessPage`] |
//! | `coverage.html` | [`CoveragePage`] |
//! | `owner.html`, `owners.html` | [`OwnerPage`], [`OwnersPage`] |
//! | `print.html` | [`PrintPage`] |
//! | `search.html`, `404.html`, `redirect.html` | [`SearchPage`], [`NotFoundPage`], [`RedirectPage`] |

use std::collections::BTreeMap;

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
    pub reports: Vec<Report>,
    /// Everybody in `[owners]` who can be reached, for pages that belong to nobody.
    pub owners: Vec<Owner>,
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
pub struct Report {
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
    pub breadcrumbs: Vec<Link>,
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
pub struct Link {
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
    pub more: Option<Link>,
}

/// A team that owns pages, with every way to reach it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct Owner {
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

/// A page of content: a runbook, any other Markdown page, or a section's page with what lies in it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct PageView {
    /// What stands round it.
    pub frame: Frame,
    /// HTML of the page's one h1: the heading that opens the body, else the title. The body does not repeat it.
    pub heading: String,
    /// The id that the heading had in the body.
    pub heading_id: Option<String>,
    /// `status`, if the front matter has one.
    pub status: Option<Status>,
    /// `version`, as written.
    pub version: Option<String>,
    /// `summary`: what the page is for, in a sentence.
    pub summary: Option<String>,
    /// `authors`, one each.
    pub authors: Vec<String>,
    /// `audience`, as written.
    pub audience: Option<String>,
    /// `gpt_model`, as written: what generated the page.
    pub gpt_model: Option<String>,
    /// `tags`, in the page's order.
    pub tags: Vec<String>,
    /// The site's own front-matter keys (`[front_matter] extra`), each with its values as text.
    pub extra: BTreeMap<String, Vec<String>>,
    /// Review state; nothing where the page owes no review.
    pub freshness: Option<Freshness>,
    /// Slots that nobody has filled in.
    pub missing: Option<Missing>,
    /// Said instead of silence when the page is deprecated.
    pub tombstone: Option<Tombstone>,
    /// Alerts that lead here, but those of which there is no more to say than the page's own name.
    pub alerts: Vec<AlertRow>,
    /// The rules that define these alerts, or as many as are shown.
    pub rules: Vec<RuleRow>,
    /// How many rules are not shown.
    pub more_rules: usize,
    /// The section that mitigates, where the page itself answers an alert that is called like it.
    pub fix: Option<Link>,
    /// Log lines and messages that lead here.
    pub error_signatures: Vec<ErrorSignature>,
    /// Dashboards and other deep links.
    pub dashboards: Vec<Dashboard>,
    /// The agents before this one, itself, and those after it; empty outside the pipeline.
    pub pipeline: Vec<PipelineStop>,
    /// The same as SVG; nothing where there is no neighbor.
    pub graph: Option<String>,
    /// Every agent that gets no more work if this page's agent stops, the nearest first.
    pub affected: Vec<Link>,
    /// The language of the page's text, where the page names it.
    pub lang: Option<String>,
    /// `rtl` or `ltr`, where the direction of the text is not the site's.
    pub direction: Option<&'static str>,
    /// The page's text as HTML.
    pub body: String,
    /// Headings for "On this page".
    pub toc: Vec<TocEntry>,
    /// Values that fill the page's commands.
    pub parameters: Vec<Parameter>,
    /// Who owns the page.
    pub owner: Option<Owner>,
    /// Whom to call when it gets worse: as the page itself says, else as its owner does.
    pub escalation: Option<Contact>,
    /// Sections directly in this one; empty unless the page is a section's.
    pub sections: Vec<SectionRow>,
    /// Pages directly in this section; empty unless the page is a section's.
    pub pages: Vec<PageRow>,
    /// The section as one document for paper; nothing unless the page is a section's.
    pub print_url: Option<String>,
    /// Pages that refer to this one.
    pub backlinks: Vec<Backlink>,
    /// How many pages take in this one or a part of it.
    pub used_in: usize,
    /// What to type to record a review of this page.
    pub review_command: Option<String>,
    /// Whether there is anything for the column of tools: contents, parameters, or whom to ask.
    pub has_tools: bool,
    /// The page before this one in its section.
    pub previous: Option<Link>,
    /// The page after this one in its section.
    pub next: Option<Link>,
}

/// A page's `status`.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct Status {
    /// As written.
    pub text: String,
    /// For style: `draft`, `final`, `deprecated` or `other`.
    pub kind: StatusKind,
}

/// How a status is drawn.
#[derive(Serialize, PartialEq, Eq, Clone, Copy, Debug)]
#[serde(rename_all = "lowercase")]
pub enum StatusKind {
    /// Still being written.
    Draft,
    /// In force.
    Final,
    /// No longer in force.
    Deprecated,
    /// Anything else of the site's vocabulary.
    Other,
}

/// When a page was reviewed, and when it must be again.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct Freshness {
    /// The state on the day of the build.
    pub state: State,
    /// The last day on which the review is in time.
    pub due: Option<DueDay>,
    /// The last review.
    pub reviewed: Option<Day>,
    /// The page's `date`, where no review is recorded and the date counts in its place.
    pub dated: Option<Day>,
    /// Who reviewed it last.
    pub reviewed_by: Option<String>,
    /// How often it must be reviewed ("90 days").
    pub every: Option<String>,
    /// Whether the last review changed nothing but the date.
    pub date_only: bool,
    /// Why this state cannot be trusted, if it cannot ("no git history, so changes to watched files are unknown").
    pub caveat: Option<String>,
    /// Watched files that changed after the last review, newest first.
    pub changed: Vec<ChangedFile>,
    /// All recorded reviews, newest first.
    pub reviews: Vec<Review>,
}

/// A watched file that changed after the last review.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct ChangedFile {
    /// Relative to the repository.
    pub file: String,
    /// The day of its newest commit.
    pub on: Day,
    /// Where the change can be looked at.
    pub url: Option<String>,
}

/// An entry of the review ledger.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct Review {
    /// When.
    pub on: Day,
    /// By whom.
    pub by: Option<String>,
    /// `read`, `drill` or `incident`.
    pub how: Option<String>,
    /// What the reviewer noted.
    pub note: Option<String>,
}

/// How many values nobody has filled in, and where the first one is.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct Missing {
    /// How many.
    pub count: usize,
    /// The section that holds the first.
    pub url: String,
}

/// What a deprecated page says at its top.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct Tombstone {
    /// The page that took its place (`superseded_by`).
    pub replacement: Option<Link>,
}

/// How urgent an alert is.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct Severity {
    /// As written ("P1", "critical").
    pub text: String,
    /// 1 to 3 for style, 1 the worst.
    pub level: u8,
}

/// An alert, as its runbook or the alert index lists it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct AlertRow {
    /// The name that alerts carry, as the page or the rule spells it.
    pub name: String,
    /// How urgent it is.
    pub severity: Option<Severity>,
    /// When it fires.
    pub condition: Option<String>,
    /// Where it is sent.
    pub channel: Option<String>,
    /// The page or section that answers it; nothing for an alert without runbook, and on the page itself.
    pub url: Option<String>,
    /// What that page or section is called ("5.3.1 Errors").
    pub target: String,
    /// The section that says how to end it: the one that the alert names, or one called "Mitigation" or the like.
    pub section: Option<Link>,
    /// What its page says first, where the alert itself says nothing.
    pub sentence: Option<String>,
    /// The agent or page that it belongs to, unless that is called like the alert.
    pub page: Option<String>,
    /// Who owns that page.
    pub owner: Option<String>,
    /// The name in parts, where a rule computes some of it.
    pub pieces: Vec<NamePiece>,
    /// The file that defines it and the line there, where alert rules were read.
    pub source: Option<String>,
    /// The same at the repository.
    pub source_url: Option<String>,
    /// The tools whose rules define it, joined by `|`.
    pub kinds: String,
    /// Whether no page answers it.
    pub lacks_runbook: bool,
    /// Where its missing runbook is reported.
    pub report_url: Option<String>,
}

/// A part of an alert's name.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct NamePiece {
    /// What is written there; the name of a hole.
    pub text: String,
    /// Whether the deployment decides what stands there.
    pub hole: bool,
    /// What can stand there, if that is known.
    pub values: String,
}

/// A rule that defines alerts of a page.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct RuleRow {
    /// The alert's name as the rule has it.
    pub pieces: Vec<NamePiece>,
    /// How urgent the rule says it is.
    pub severity: Option<Severity>,
    /// What is compared with what, and for how long it must hold.
    pub condition: Option<String>,
    /// The tool.
    pub kind: &'static str,
    /// File and line.
    pub source: String,
    /// The same at the repository.
    pub source_url: Option<String>,
}

/// A literal log line or message, and the section that explains it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct ErrorSignature {
    /// The line, as it is logged.
    pub text: String,
    /// The section, or the top of the page.
    pub url: String,
    /// What that section is called.
    pub target: String,
}

/// A dashboard or another deep link.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct Dashboard {
    /// What its button says.
    pub title: String,
    /// Where it leads, with the parameters' default values.
    pub url: String,
    /// The same with `{name}` where a parameter goes, if there is one.
    pub url_template: Option<String>,
    /// The kind's key ("cloudwatch"), with which the dashboards page filters.
    pub kind: String,
    /// The kind's name ("Logs Insights").
    pub kind_title: String,
    /// The icon's class without `i-`: `cw`, `gf`, `xr`, `li` or `out`.
    pub icon: String,
    /// What to look at there.
    pub note: Option<String>,
}

/// A stop of the pipeline strip.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct PipelineStop {
    /// The agent's name.
    pub title: String,
    /// Its page; nothing for an agent without one, and for the page's own.
    pub url: Option<String>,
    /// When its review is due.
    pub due: Option<DueDay>,
    /// Its state on the day of the build.
    pub state: State,
    /// Who owns it.
    pub owner: Option<String>,
    /// Where it stands: `upstream`, `here`, `downstream`, or `both` before and after this page's agent.
    pub role: PipelineRole,
}

/// Where an agent stands, seen from the page.
#[derive(Serialize, PartialEq, Eq, Clone, Copy, Debug)]
#[serde(rename_all = "lowercase")]
pub enum PipelineRole {
    /// It hands its work to this page's agent.
    Upstream,
    /// It is this page's agent.
    Here,
    /// It takes this page's agent's work.
    Downstream,
    /// It does both: rejected work flows back.
    Both,
}

/// A heading in "On this page".
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct TocEntry {
    /// The heading's id.
    pub id: String,
    /// The number that the author wrote ("5.3"), without a trailing dot.
    pub number: Option<String>,
    /// The heading without the number, as text.
    pub title: String,
    /// Whether it belongs to the entry before it.
    pub sub: bool,
    /// 1 to 3, 1 the highest that the page has; 3 is shown while the section around it is read.
    pub level: u8,
}

/// A value that fills commands, as the panel offers it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct Parameter {
    /// Its name, as `data-p` has it in the body.
    pub name: String,
    /// The default, or nothing.
    pub value: String,
    /// The regular expression that a value must match as a whole.
    pub pattern: Option<String>,
    /// The only values there are, if it is so.
    pub choices: Vec<String>,
    /// What it is.
    pub description: Option<String>,
    /// Whether the site declares it, so that its value carries over to other pages.
    pub shared: bool,
}

/// A page that refers to this one.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct Backlink {
    /// What the referring page is called.
    pub title: String,
    /// The section that refers.
    pub url: String,
    /// HTML of the sentence that does; empty for a reference in front matter.
    pub sentence: String,
    /// What the reference is, where there is no sentence ("upstream").
    pub relation: Option<String>,
}

/// A page in a list.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct PageRow {
    /// The page's title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// What it is for.
    pub summary: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Its status.
    pub status: Option<Status>,
    /// When its review is due.
    pub due: Option<DueDay>,
    /// Its state on the day of the build.
    pub state: State,
}

/// A section in a list.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct SectionRow {
    /// The title of the section's own page, or its folder's name.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// What it is for.
    pub summary: Option<String>,
    /// How many pages lie in it, at any depth.
    pub pages: usize,
}

/// The home page.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct HomePage {
    /// What stands round it.
    pub frame: Frame,
    /// HTML of the text of `content/index.md`, if it exists.
    pub body: Option<String>,
    /// The most urgent alerts, or those of the pages that changed last where none has a severity.
    pub alerts: Vec<AlertRow>,
    /// Whether they are those of the pages that changed last.
    pub alerts_changed: bool,
    /// The pipeline as SVG, if agents form one.
    pub graph: Option<String>,
    /// Whether the drawing is so large that it stands below the runbooks.
    pub graph_last: bool,
    /// Runbooks by section.
    pub groups: Vec<HomeGroup>,
    /// What somebody should look after, most urgent first.
    pub attention: Vec<AttentionRow>,
    /// Pages reviewed or changed last.
    pub recent: Vec<RecentRow>,
    /// The whole site as one document for paper.
    pub print_url: Option<String>,
    /// The day of the build.
    pub built: Day,
}

/// A section on the home page.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct HomeGroup {
    /// The title of the section's own page, or its folder's name.
    pub title: String,
    /// Its own page.
    pub url: Option<String>,
    /// Its pages, or as many as are shown.
    pub pages: Vec<PageRow>,
    /// How many are not shown.
    pub more: usize,
}

/// Something that somebody should look after.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct AttentionRow {
    /// The page, or what is wrong ("2 alerts have no runbook").
    pub title: String,
    /// Where to look.
    pub url: String,
    /// When a review is due, if that is why.
    pub due: Option<DueDay>,
    /// The page's state, if that is why.
    pub state: State,
    /// Another reason in two words ("No runbook").
    pub warning: Option<String>,
    /// Who owns it, or the names in question.
    pub note: Option<String>,
}

/// A page that somebody looked after lately.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct RecentRow {
    /// The page's title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// When.
    pub on: Day,
    /// What happened ("reviewed by Dana, drill").
    pub what: String,
}

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
    pub kinds: Vec<DashboardKind>,
    /// Dashboards by page.
    pub groups: Vec<DashboardGroup>,
}

/// A kind of dashboard, as the filter offers it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct DashboardKind {
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
    /// Overdue.
    pub over: usize,
    /// Due soon.
    pub soon: usize,
    /// Fresh.
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
    pub owner: Owner,
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
    pub owner: Option<Owner>,
    /// Whom to call when it gets worse, as its owner says.
    pub escalation: Option<Contact>,
    /// The alerts that lead to it.
    pub alerts: Vec<AlertRow>,
    /// Values that fill its commands.
    pub parameters: Vec<Parameter>,
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
    pub owner: Owner,
    /// How many pages it owns, in words.
    pub count: String,
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
