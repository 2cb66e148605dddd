//! What the front matter of a page says, with the place of every value.
//!
//! Reading it never fails: a value of the wrong type is left out and reported, a broken block yields defaults.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use crate::calendar::Interval;
use crate::parameter::ParameterDeclaration;
pub use crate::value::read::Spanned;

pub(crate) mod block;
pub(crate) mod foreign;
pub mod read;
mod unfilled;

/// The language of a front-matter block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FrontMatterFormat {
    /// No block.
    #[default]
    None,
    /// Between lines of `---`.
    Yaml,
    /// Between lines of `+++`.
    Toml,
}

/// Everything that the front matter of one page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// Which language the block is written in.
    pub dialect: FrontMatterFormat,
    /// The block with both delimiters; empty where there is none.
    pub range: Range<usize>,
    /// The block could not be read at all, so every field is a default.
    pub broken: bool,
    /// The keys of the block in the order of the file, each with the place of key and value.
    pub keys: Vec<Spanned<String>>,

    /// The title for `<title>`, lists and search.
    pub title: Option<Spanned<String>>,
    /// The name in navigation.
    pub nav_title: Option<Spanned<String>>,
    /// One sentence for lists, search and `<meta name="description">`.
    pub summary: Option<Spanned<String>>,
    /// A word of the site's status vocabulary.
    pub status: Option<Spanned<String>>,
    /// The version of the document, as typed.
    pub version: Option<Spanned<String>>,
    /// The day of the document.
    pub date: Option<Spanned<Date>>,
    /// Who wrote it.
    pub authors: Vec<Spanned<String>>,
    /// Who it is for.
    pub audience: Option<Spanned<String>>,
    /// Which model helped to write it.
    pub gpt_model: Option<Spanned<String>>,
    /// Subjects, as typed.
    pub tags: Vec<Spanned<String>>,
    /// The place among its neighbors: light pages first.
    pub weight: Option<i64>,
    /// Former addresses that lead here.
    pub aliases: Vec<Spanned<String>>,
    /// The addresses that another tool publishes the page at, written as aliases are; they lead here where no page and
    /// no alias has them. `/` is the root of the site.
    pub addresses_elsewhere: Vec<Spanned<String>>,
    /// The language of the page's text, as in `<html lang>`.
    pub lang: Option<Spanned<String>>,
    /// `draft: true` keeps the page unpublished.
    pub draft: bool,
    /// The page that replaces this one.
    pub superseded_by: Option<Spanned<String>>,
    /// `search: false` hides the page from search.
    pub hidden_from_search: bool,

    /// The identifier of the agent that the page describes.
    pub agent: Option<Spanned<String>>,
    /// The name of the template that the page follows.
    pub template: Option<Spanned<String>>,
    /// A name of `[owners]`.
    pub owner: Option<Spanned<String>>,
    /// Agents that feed this one.
    pub upstream: Vec<Spanned<String>>,
    /// Agents that this one feeds.
    pub downstream: Vec<Spanned<String>>,
    /// Values that the reader fills in.
    pub parameters: Vec<ParameterDeclaration>,
    /// Globs over the repository whose changes make the page suspect.
    pub watches: Vec<Spanned<String>>,
    /// Alerts that the page answers.
    pub alerts: Vec<AlertDeclaration>,
    /// The severity of the page's alerts that have none of their own, as typed.
    pub severity: Option<Spanned<String>>,
    /// Deep links, each still to be read by its kind.
    pub dashboards: Vec<crate::value::Node>,
    /// Log lines and messages that the page explains.
    pub error_signatures: Vec<ErrorSignature>,
    /// Questions that the page answers, as people ask them.
    pub asks: Vec<Question>,
    /// When and how the page was reviewed.
    pub review: ReviewKeys,
    /// The site's own keys, admitted by `[front_matter] extra`.
    pub extra: BTreeMap<String, crate::value::Node>,
}

impl FrontMatter {
    /// What the page's agent is called, which tools fill in where a template leaves room for it.
    pub fn agent_names(&self) -> Vec<&str> {
        self.agent.iter().chain(&self.nav_title).map(|name| name.value.as_str()).collect()
    }
}

/// The review keys of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewKeys {
    /// The day of the last review.
    pub last_reviewed_on: Option<Spanned<Date>>,
    /// How long a review holds.
    pub review_in: Option<Spanned<Interval>>,
    /// The day by which the next review is due, instead of `review_in`.
    pub review_by: Option<Spanned<Date>>,
    /// Who did the last review.
    pub reviewed_by: Option<Spanned<String>>,
    /// The ledger, in the order of the file.
    pub reviews: Vec<LedgerEntry>,
    /// Whether the page is exempt from reviews.
    pub evergreen: bool,
    /// The owner's chat channel or handle, as GOV.UK's template has it.
    pub owner_slack: Option<Spanned<String>>,
}

/// One review in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The day of the review.
    pub on: Spanned<Date>,
    /// Who did it.
    pub by: Option<String>,
    /// What was done.
    pub how: ReviewKind,
    /// What was found.
    pub note: Option<String>,
}

/// How a page was reviewed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReviewKind {
    /// Somebody read it.
    #[default]
    Read,
    /// Somebody followed it in an exercise.
    Drill,
    /// Somebody followed it in an incident.
    Incident,
}

impl ReviewKind {
    /// As typed in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            ReviewKind::Read => "read",
            ReviewKind::Drill => "drill",
            ReviewKind::Incident => "incident",
        }
    }
}

/// An alert that a page answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertDeclaration {
    /// The alert's name in the alerting system.
    pub name: Spanned<String>,
    /// The anchor of the section that answers it.
    pub section: Option<Spanned<String>>,
    /// As typed: `P1`, `critical`.
    pub severity: Option<String>,
    /// When it fires, in words.
    pub condition: Option<String>,
    /// Where it is sent.
    pub channel: Option<String>,
    /// The labels of the alerts that are meant, where not all of that name are.
    pub labels: BTreeMap<String, String>,
}

/// A question that a page answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The words that somebody types.
    pub text: Spanned<String>,
    /// The anchor of the section that answers it.
    pub section: Option<Spanned<String>>,
}

/// A log line or message that a page explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorSignature {
    /// The literal text.
    pub text: Spanned<String>,
    /// The anchor of the section that explains it.
    pub section: Option<Spanned<String>>,
}
