//! A review is written into the front matter of a page: text to text, every other byte kept.
//!
//! The result is read once more before it is handed out, so an edit that would change anything
//! but review keys is refused. Writes no file.

use std::fmt;

use jiff::civil::Date;

use super::front_matter::block::{Editor, FrontMatterEdit, with_new_block, written, yaml_list};
use super::front_matter::{FrontMatterFormat, ReviewKind};
use crate::calendar::parse_date;
use crate::value::{Entry, Node};

/// Appends a review to the ledger of a page and brings `last_reviewed_on`, `reviewed_by` and a `review_by` that
/// has come up to date where the page has them.
///
/// # Errors
///
/// Says why a page cannot be edited safely.
pub fn record_review(text: &str, review: &NewReview) -> Result<String, Refusal> {
    let Some(editor) = Editor::find(text).map_err(|_| Refusal::Broken)? else {
        let fields = fields(review, |text| written(FrontMatterFormat::Yaml, text));
        return Ok(with_new_block(text, &[yaml_list("reviews", &fields)]));
    };
    let mut edits = value_edits(&editor, review);
    let fields = fields(review, |text| editor.written(text));
    edits.push(editor.append("reviews", &fields).ok_or(Refusal::Unusual)?);
    let edited = editor.apply(edits);
    if is_kept(&editor.root, &edited, review) { Ok(edited) } else { Err(Refusal::Unusual) }
}

/// A review to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReview {
    /// Its day.
    pub on: Date,
    /// Who did it.
    pub by: Option<String>,
    /// What was done.
    pub how: ReviewKind,
    /// What was found.
    pub note: Option<String>,
    /// When the next review is due, for pages that name the day in `review_by`.
    pub next: Date,
}

/// Why a page was left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The front matter cannot be read.
    Broken,
    /// The front matter is written in a way that cannot be edited in place.
    Unusual,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Refusal::Broken => "its front matter cannot be read; `guidepost check` says where",
            Refusal::Unusual => "its front matter is written in a way that cannot be edited safely; add the review by hand",
        })
    }
}

const REVIEW_KEYS: [&str; 4] = ["last_reviewed_on", "reviewed_by", "review_by", "reviews"];

/// The review as keys and values, in the language that `written` writes.
fn fields(review: &NewReview, written: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let mut fields = vec![("on", review.on.to_string())];
    fields.extend(review.by.as_ref().map(|by| ("by", written(by))));
    fields.push(("how", written(review.how.name())));
    fields.extend(review.note.as_ref().map(|note| ("note", written(note))));
    fields
}

/// The replaced values of keys that the page has.
fn value_edits(editor: &Editor<'_>, review: &NewReview) -> Vec<FrontMatterEdit> {
    let has_come = |entry: &Entry| {
        let day = entry.value.scalar_text().and_then(|day| parse_date(&day));
        day.is_some_and(|day| day < review.next)
    };
    let on = Some(review.on.to_string());
    let next = Some(review.next.to_string());
    let values =
        [("last_reviewed_on", on), ("reviewed_by", review.by.clone()), ("review_by", next)];
    let edits = values.into_iter().filter_map(|(key, value)| {
        let entry = editor.root.entry(key).filter(|entry| key != "review_by" || has_come(entry))?;
        Some(editor.replace(entry, &editor.written_like(&entry.value, &value?)))
    });
    edits.collect()
}

/// Whether the edited text still says what the old one said, and the review besides.
fn is_kept(before: &Node, edited: &str, review: &NewReview) -> bool {
    let Ok(Some(Editor { root, .. })) = Editor::find(edited) else { return false };
    let others = |node: &Node| -> Vec<(String, String)> {
        let entries =
            node.entries().iter().filter(|entry| !REVIEW_KEYS.contains(&entry.key.as_str()));
        entries.map(|entry| (entry.key.clone(), said(&entry.value))).collect()
    };
    let ledger = |node: &Node| -> Vec<String> {
        let ledger = node.get("reviews").map(|ledger| ledger.items().iter().map(said).collect());
        ledger.unwrap_or_default()
    };
    let (old, new) = (ledger(before), ledger(&root));
    let last = root.get("reviews").and_then(|ledger| ledger.items().last());
    let day = last.and_then(|last| last.get("on")).and_then(Node::scalar_text);
    others(&root) == others(before)
        && new.len() == old.len() + 1
        && new.starts_with(&old)
        && day.as_deref() == Some(&review.on.to_string())
}

/// What a value says, whatever its place in the file.
fn said(node: &Node) -> String {
    let entries =
        node.entries().iter().map(|entry| format!("{}={}", entry.key, said(&entry.value)));
    let items = node.items().iter().map(said);
    let scalar = node.scalar_text().unwrap_or_default();
    format!("{}:{scalar:?}{:?}", node.kind(), entries.chain(items).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::{NewReview, Refusal, record_review};
    use crate::calendar::parse_date;
    use crate::parse::front_matter::ReviewKind;

    fn review(by: Option<&str>, note: Option<&str>) -> NewReview {
        let day = |text| parse_date(text).expect("a day");
        NewReview {
            on: day("2026-08-20"),
            by: by.map(str::to_owned),
            how: ReviewKind::Drill,
            note: note.map(str::to_owned),
            next: day("2026-11-20"),
        }
    }

    fn check(text: &str, expected: &str) {
        let edited = record_review(text, &review(Some("dana"), None));
        assert_eq!(edited.as_deref(), Ok(expected), "{text}");
    }

    #[test]
    fn a_ledger_begins_at_the_end_of_the_block_and_nothing_else_changes() {
        check(
            "---\ntitle:   'Kept'  # as typed\ndate: \"2025-01-01\"\n---\n\nText\n",
            "---\ntitle:   'Kept'  # as typed\ndate: \"2025-01-01\"\nreviews:\n  - on: 2026-08-20\n    by: dana\n    how: drill\n---\n\nText\n",
        );
    }

    #[test]
    fn values_are_replaced_in_their_own_quotes_and_comments_stay() {
        check(
            "---\nlast_reviewed_on: \"2026-01-01\" # weekly\nreviewed_by: 'lee'\nreviews:\n- on: 2026-01-01\n  note: >\n    long\n    note\n# end\ntags: [a]\n---\n",
            "---\nlast_reviewed_on: \"2026-08-20\" # weekly\nreviewed_by: 'dana'\nreviews:\n- on: 2026-01-01\n  note: >\n    long\n    note\n- on: 2026-08-20\n  by: dana\n  how: drill\n# end\ntags: [a]\n---\n",
        );
    }

    #[test]
    fn line_ends_of_windows_stay() {
        check(
            "---\r\nlast_reviewed_on: 2026-01-01\r\n---\r\nText\r\n",
            "---\r\nlast_reviewed_on: 2026-08-20\r\nreviews:\r\n  - on: 2026-08-20\r\n    by: dana\r\n    how: drill\r\n---\r\nText\r\n",
        );
    }

    #[test]
    fn a_ledger_between_brackets_stays_between_brackets() {
        check(
            "---\nreviews: [{on: 2026-01-01}]\n---\n",
            "---\nreviews: [{on: 2026-01-01}, {on: 2026-08-20, by: dana, how: drill}]\n---\n",
        );
        check(
            "---\nreviews: []\n---\n",
            "---\nreviews: [{on: 2026-08-20, by: dana, how: drill}]\n---\n",
        );
        check(
            "---\nreviews:\n    - {on: 2026-01-01, how: read}   # first\n---\n",
            "---\nreviews:\n    - {on: 2026-01-01, how: read}   # first\n    - {on: 2026-08-20, by: dana, how: drill}\n---\n",
        );
    }

    #[test]
    fn an_empty_or_malformed_date_is_replaced() {
        check(
            "---\nlast_reviewed_on:\nreviews:\n---\n",
            "---\nlast_reviewed_on: 2026-08-20\nreviews:\n  - on: 2026-08-20\n    by: dana\n    how: drill\n---\n",
        );
        check(
            "---\nlast_reviewed_on: 2025-04-8\nreviews: []\n---\n",
            "---\nlast_reviewed_on: 2026-08-20\nreviews: [{on: 2026-08-20, by: dana, how: drill}]\n---\n",
        );
    }

    #[test]
    fn a_due_date_that_has_come_moves_on() {
        check(
            "---\nreview_by: 2026-08-01\nreviews: []\n---\n",
            "---\nreview_by: 2026-11-20\nreviews: [{on: 2026-08-20, by: dana, how: drill}]\n---\n",
        );
        check(
            "---\nreview_by: 2027-01-01\nreviews: []\n---\n",
            "---\nreview_by: 2027-01-01\nreviews: [{on: 2026-08-20, by: dana, how: drill}]\n---\n",
        );
    }

    #[test]
    fn a_page_without_front_matter_gets_it() {
        check(
            "\u{feff}# Title\n",
            "\u{feff}---\nreviews:\n  - on: 2026-08-20\n    by: dana\n    how: drill\n---\n\n# Title\n",
        );
    }

    #[test]
    fn toml_gets_a_table() {
        check(
            "+++\ntitle = 'Kept'\nlast_reviewed_on = 2026-01-01\n[extra]\na = 1\n+++\nText\n",
            "+++\ntitle = 'Kept'\nlast_reviewed_on = 2026-08-20\n[extra]\na = 1\n\n[[reviews]]\non = 2026-08-20\nby = \"dana\"\nhow = \"drill\"\n+++\nText\n",
        );
    }

    #[test]
    fn names_and_notes_that_mean_something_in_yaml_are_quoted() {
        let text = "---\ntitle: a\n---\n";
        let edited =
            record_review(text, &review(Some("@dana"), Some("slow: step 3, 'retry'\nand 4")));
        let edited = edited.expect("an edited page");
        assert!(edited.contains("    by: '@dana'\n"), "{edited}");
        assert!(edited.contains("    note: \"slow: step 3, 'retry'\\nand 4\"\n"), "{edited}");
    }

    #[test]
    fn what_cannot_be_edited_in_place_is_refused() {
        for text in ["---\na: [\n---\n", "---\na: b\n\nText\n"] {
            assert_eq!(record_review(text, &review(None, None)), Err(Refusal::Broken), "{text}");
        }
        for text in [
            "---\n{title: a}\n---\n",
            "---\nreviews: yesterday\n---\n",
            "---\nreviews: &all\n  - on: 2026-01-01\nold: *all\n---\n",
        ] {
            assert_eq!(record_review(text, &review(None, None)), Err(Refusal::Unusual), "{text}");
        }
    }
}
