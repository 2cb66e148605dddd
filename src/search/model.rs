//! What search knows of a page.

use crate::files::FilePath;
use crate::freshness::{Schedule, State};

/// The number of the published format; a client leaves any other alone.
pub(super) const FORMAT: u32 = 6;

/// The filters that compare texts, by their names in a query and in the published index.
pub const FACETS: [&str; 3] = ["owner", "tag", "status"];

/// All that search knows of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedPage {
    /// The page's file.
    pub path: FilePath,
    /// Its address from the site root, as published: `agents/contentgen/`.
    pub url: String,
    /// The code of the language that the page is written in, as in `<html lang>`.
    pub language: String,
    /// The page's title.
    pub title: String,
    /// Where the page stands, outermost first, joined by ` › `; without the page itself.
    pub breadcrumb: String,
    /// The owner's identifier, for `owner:`.
    pub owner: Option<String>,
    /// The page's tags, for `tag:`; also found as words.
    pub tags: Vec<String>,
    /// The status as written, for `status:`.
    pub status: Option<String>,
    /// Whether and when the page owes a review.
    pub review: Schedule,
    /// The runbook's identifier, found as words.
    pub agent: Option<String>,
    /// The alerts that this page answers.
    pub alerts: Vec<SearchAlert>,
    /// Literal messages and questions that lead to the page, each with the anchor of its section.
    pub error_signatures: Vec<(String, Option<String>)>,
    /// Whether the page is ranked after all others.
    pub deprecated: bool,
    /// The page's text, in order. What stands before the first heading is a section without an anchor.
    pub sections: Vec<SearchSection>,
}

impl IndexedPage {
    /// What the page has of each of [`FACETS`].
    pub(super) fn facets(&self) -> [Vec<String>; FACETS.len()] {
        [
            self.owner.iter().cloned().collect(),
            self.tags.clone(),
            self.status.iter().cloned().collect(),
        ]
    }
}

/// An alert as search shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchAlert {
    /// The alert's name.
    pub name: String,
    /// The anchor of the section that answers it; without one, the page as a whole does.
    pub anchor: Option<String>,
    /// How severe it is, as shown: `P1`.
    pub severity: Option<String>,
    /// When it fires.
    pub condition: Option<String>,
}

/// One section's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchSection {
    /// The heading's anchor.
    pub anchor: Option<String>,
    /// The heading's text.
    pub heading: String,
    /// The prose, one paragraph, item or row a line.
    pub text: String,
    /// The code blocks, as many lines as they have.
    pub code: String,
}

/// When a review is due, as published: nothing, a day, or the state that has none.
pub(super) fn review_json(review: Schedule) -> serde_json::Value {
    match review {
        Schedule::NotOwed => serde_json::Value::Null,
        Schedule::Evergreen => State::Evergreen.name().into(),
        Schedule::NeverReviewed => State::NeverReviewed.name().into(),
        Schedule::Due(due) => due.on.to_string().into(),
    }
}

/// From when a review is due soon, as published: a day or nothing.
pub(super) fn soon_json(review: Schedule) -> serde_json::Value {
    review.due().map(|due| due.soon.to_string()).into()
}

/// Whether a watched file changed since the last review.
pub(super) fn is_suspect(review: Schedule) -> bool {
    review.due().is_some_and(|due| due.suspect)
}
