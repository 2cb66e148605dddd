//! Rows of lists that several pages show: pages, alerts and dashboards.

use serde::Serialize;

use super::frame::{DueDay, LinkView};
use crate::freshness::State;

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
    pub section: Option<LinkView>,
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
    /// Whether the page that answers it stays only so that old links lead somewhere.
    pub deprecated: bool,
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

/// A value that fills commands, as the panel offers it.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct ParameterView {
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
