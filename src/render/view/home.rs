//! What the home page shows.

use serde::Serialize;

use super::frame::{Day, DueDay, Frame};
use super::rows::{AlertRow, PageRow};
use crate::freshness::State;

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
