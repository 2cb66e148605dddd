//! A page that owes a review, as it is listed.

use serde::{Serialize, Serializer};

use crate::check::freshness::is_bulk;
use crate::freshness::State;

/// A page that owes a review, as of today.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ReviewRow {
    #[serde(serialize_with = "by_name")]
    pub(super) state: State,
    pub(super) due: Option<String>,
    pub(super) due_soon_from: Option<String>,
    pub(super) days_left: Option<i32>,
    pub(super) last_reviewed_on: Option<String>,
    pub(super) dated: Option<String>,
    /// Whether the last review changed nothing but the date, how many pages it dated so, and whether who made it also
    /// wrote the text; nothing where git does not say.
    pub(super) date_only: Option<bool>,
    pub(super) dated_together: Option<usize>,
    pub(super) reviewed_by_author: Option<bool>,
    pub(super) owner: Option<String>,
    pub(super) title: String,
    pub(super) file: String,
    /// Where it is published, if the site has a base address.
    pub(super) url: Option<String>,
    /// How often its alerts fired, where that is known.
    pub(super) fired: Option<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn by_name<S: Serializer>(state: &State, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(state.name())
}

impl ReviewRow {
    /// Whether somebody should do something about it now.
    pub(super) fn wants_review(&self) -> bool {
        matches!(
            self.state,
            State::Overdue | State::NeverReviewed | State::Suspect | State::DueSoon
        )
    }

    /// What is to be said of how it was reviewed last.
    pub(super) fn note(&self) -> Option<String> {
        let dates = match self.dated_together.filter(|together| is_bulk(*together)) {
            Some(together) => Some(format!("dates of {together} pages at once")),
            None => (self.date_only == Some(true)).then(|| "date only".to_owned()),
        };
        let by_author =
            (self.reviewed_by_author == Some(true)).then(|| "by the page's author".to_owned());
        let notes: Vec<String> = dates.into_iter().chain(by_author).collect();
        (!notes.is_empty()).then(|| notes.join(", "))
    }

    /// "overdue since 2026-08-01, 19 days", "due on 2026-08-01".
    pub(super) fn words(&self) -> String {
        let due = self.due.as_deref().unwrap_or_default();
        let late = self.days_left.map_or(0, i32::unsigned_abs);
        let days = if late == 1 { "day" } else { "days" };
        let mut words = match self.state {
            State::Overdue => format!("overdue since {due}, {late} {days}"),
            State::Suspect => "a watched file changed since the last review".to_owned(),
            State::NeverReviewed => "never reviewed".to_owned(),
            _ => format!("due on {due}"),
        };
        match self.fired {
            Some(1) => words.push_str("; its alerts fired once"),
            Some(fired) if fired > 0 => {
                words.push_str(&format!("; its alerts fired {fired} times"));
            }
            _ => {}
        }
        if let Some(note) = self.note() {
            words.push_str(&format!("; last reviewed: {note}"));
        }
        words
    }
}
