//! What a runbook, or any other page of the content, is shown with.

use std::collections::BTreeMap;

use serde::Serialize;

use super::frame::{Contact, Day, DueDay, Frame, LinkView, OwnerView};
use super::rows::{AlertRow, Dashboard, PageRow, ParameterView, RuleRow, SectionRow, Status};
use crate::freshness::State;

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
    pub freshness: Option<FreshnessView>,
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
    pub fix: Option<LinkView>,
    /// Log lines and messages that lead here.
    pub error_signatures: Vec<SignatureView>,
    /// Dashboards and other deep links.
    pub dashboards: Vec<Dashboard>,
    /// The agents before this one, itself, and those after it; empty outside the pipeline.
    pub pipeline: Vec<PipelineStop>,
    /// The same as SVG; nothing where there is no neighbor.
    pub graph: Option<String>,
    /// Every agent that gets no more work if this page's agent stops, the nearest first.
    pub affected: Vec<LinkView>,
    /// The language of the page's text, where the page names it.
    pub lang: Option<String>,
    /// `rtl` or `ltr`, where the direction of the text is not the site's.
    pub direction: Option<&'static str>,
    /// The page's text as HTML.
    pub body: String,
    /// Headings for "On this page".
    pub toc: Vec<TocEntry>,
    /// Values that fill the page's commands.
    pub parameters: Vec<ParameterView>,
    /// Who owns the page.
    pub owner: Option<OwnerView>,
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
    pub previous: Option<LinkView>,
    /// The page after this one in its section.
    pub next: Option<LinkView>,
}

/// When a page was reviewed, and when it must be again.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct FreshnessView {
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
    pub reviews: Vec<LedgerRow>,
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
pub struct LedgerRow {
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
    pub replacement: Option<LinkView>,
}

/// A literal log line or message, and the section that explains it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct SignatureView {
    /// The line, as it is logged.
    pub text: String,
    /// The section, or the top of the page.
    pub url: String,
    /// What that section is called.
    pub target: String,
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
