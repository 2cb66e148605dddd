//! What the home page shows.

use serde::Serialize;

use super::frame::{Day, DueDay, Frame};
use super::rows::{AlertRow, PageRow, SectionRow};
use crate::freshness::State;

/// The home page.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct HomePage {
    /// What stands round it.
    pub frame: Frame,
    /// HTML of the text of `content/index.md`, if it exists.
    pub body: Option<String>,
    /// Where to begin with alerts, if there are any.
    pub alerts: HomeAlerts,
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

/// Where somebody who was woken begins: at alerts, or at sections where nothing tells alerts apart.
#[derive(Serialize, PartialEq, Eq, Clone, Debug, Default)]
pub struct HomeAlerts {
    /// Why these alerts are shown.
    pub shown: ShownAlerts,
    /// The alerts.
    pub rows: Vec<AlertRow>,
    /// The sections with the most alerts, where no alert is shown, in reading order.
    pub sections: Vec<AlertSection>,
    /// How many alerts there are in all, if they are not all shown.
    pub count: Option<usize>,
}

/// Which alerts the home page shows.
#[derive(Serialize, PartialEq, Eq, Clone, Copy, Debug, Default)]
#[serde(rename_all = "lowercase")]
pub enum ShownAlerts {
    /// All of the few there are.
    #[default]
    All,
    /// Those of the worst severities.
    Urgent,
    /// Those of the pages that changed last.
    Changed,
    /// None, but the sections that answer them.
    Sections,
}

/// A section, and how many alerts its runbooks answer.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct AlertSection {
    /// The title of the section's own page, or its folder's name.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// How many alerts.
    pub alerts: usize,
}

/// A section on the home page.
#[derive(Serialize, PartialEq, Eq, Clone, Debug)]
pub struct HomeGroup {
    /// The title of the section's own page, or its folder's name.
    pub title: String,
    /// Its own page.
    pub url: Option<String>,
    /// The sections in it that are shown.
    pub sections: Vec<SectionRow>,
    /// Its pages, or as many as are shown.
    pub pages: Vec<PageRow>,
    /// How many pages neither are shown nor lie in a section that is.
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
