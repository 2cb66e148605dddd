//! A review is written into the front matter of a page: text to text, every other byte kept.
//!
//! Values are replaced and lines inserted in place, in the style that the author used; nothing is parsed and
//! printed again. The result is read once more before it is handed out, so an edit that would change anything
//! but review keys is refused. Writes no file.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;

use super::front_matter::{Dialect, FrontMatter, ReviewKind};
use crate::calendar::parse_date;
use crate::value::{Entry, Node, json, toml, yaml};

/// Appends a review to the ledger of a page and brings `last_reviewed_on`, `reviewed_by` and a `review_by` that
/// has come up to date where the page has them.
///
/// # Errors
///
/// Says why a page cannot be edited safely.
pub fn record_review(
    text: &str,
    meta: &FrontMatter,
    review: &NewReview,
) -> Result<String, Refusal> {
    if meta.broken {
        return Err(Refusal::Broken);
    }
    if meta.dialect == Dialect::None {
        return Ok(with_new_block(text, review));
    }
    let block = Block::read(text, meta).ok_or(Refusal::Broken)?;
    let mut edits = block.value_edits(review);
    edits.push(block.ledger_edit(review).ok_or(Refusal::Unusual)?);
    let edited = apply(text, edits);
    if block.is_kept_in(&edited, review) { Ok(edited) } else { Err(Refusal::Unusual) }
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

/// A front-matter block with the place of each value.
struct Block<'t> {
    text: &'t str,
    dialect: Dialect,
    root: Node,
    /// Where the first line behind the opening delimiter begins.
    start: usize,
    /// Where the closing delimiter's line begins.
    end: usize,
    line_end: &'static str,
}

impl<'t> Block<'t> {
    fn read(text: &'t str, meta: &FrontMatter) -> Option<Block<'t>> {
        let block = text.get(meta.range.clone())?;
        let start = meta.range.start + block.find('\n')? + 1;
        let end = meta.range.start + block.trim_end().rfind('\n')? + 1;
        let root = parse(text.get(start..end)?, start, meta.dialect)?;
        Some(Block { text, dialect: meta.dialect, root, start, end, line_end: line_end(block) })
    }

    /// The replaced values of keys that the page has.
    fn value_edits(&self, review: &NewReview) -> Vec<(Range<usize>, String)> {
        let mut edits = Vec::new();
        if let Some(entry) = self.root.entry("last_reviewed_on") {
            edits.push(self.replace(entry, &review.on.to_string()));
        }
        if let (Some(entry), Some(by)) = (self.root.entry("reviewed_by"), &review.by) {
            edits.push(self.replace(entry, by));
        }
        let has_come = |entry: &&Entry| {
            let day = entry.value.scalar_text().and_then(|day| parse_date(&day));
            day.is_some_and(|day| day < review.next)
        };
        if let Some(entry) = self.root.entry("review_by").filter(has_come) {
            edits.push(self.replace(entry, &review.next.to_string()));
        }
        edits
    }

    /// The new value in the place of the old, quoted as the old one was.
    fn replace(&self, entry: &Entry, value: &str) -> (Range<usize>, String) {
        let range = entry.value.range.clone();
        let typed = &self.text[range.clone()];
        let is_date = parse_date(value).is_some();
        let quoted = match typed.chars().next() {
            None => {
                let colon = self.text[entry.key_range.end..].find([':', '=']).unwrap_or(0);
                let at = entry.key_range.end + colon + 1;
                return (at..at, format!(" {}", self.scalar(value)));
            }
            Some('\'') if !value.contains('\'') => format!("'{value}'"),
            Some('"') => json::quote(value),
            _ if is_date => value.to_owned(),
            _ => self.scalar(value),
        };
        (range, quoted)
    }

    fn scalar(&self, value: &str) -> String {
        match self.dialect {
            _ if parse_date(value).is_some() => value.to_owned(),
            Dialect::Toml => json::quote(value),
            _ => yaml::quote(value),
        }
    }

    /// The review as keys and values, in the block's language.
    fn fields(&self, review: &NewReview) -> Vec<(&'static str, String)> {
        let mut fields = vec![("on", review.on.to_string())];
        fields.extend(review.by.as_ref().map(|by| ("by", self.scalar(by))));
        fields.push(("how", self.scalar(review.how.name())));
        fields.extend(review.note.as_ref().map(|note| ("note", self.scalar(note))));
        fields
    }

    /// The inserted ledger entry; `None` where the ledger is no list.
    fn ledger_edit(&self, review: &NewReview) -> Option<(Range<usize>, String)> {
        let fields = self.fields(review);
        let eol = self.line_end;
        let Some(ledger) = self.root.entry("reviews") else { return self.new_ledger(&fields) };
        if self.dialect == Dialect::Toml
            && !self.text[ledger.key_range.end..].trim_start().starts_with('=')
        {
            return Some((self.end..self.end, toml_table(&fields, eol)));
        }
        let range = &ledger.value.range;
        if self.text[range.clone()].starts_with('[') {
            return Some(self.in_brackets(&ledger.value, &fields));
        }
        if ledger.value.is_null() {
            let indent = self.column(ledger.key_range.start);
            let at = self.line_end_after(ledger.key_range.end);
            return Some((
                at..at,
                format!("{eol}{}", yaml_item(&fields, &format!("{indent}  - "), eol)),
            ));
        }
        let last = ledger.value.items().last()?;
        let prefix = &self.text[self.line_start(last.range.start)..last.range.start];
        if !prefix.trim_start().starts_with('-') || prefix.trim().len() != 1 {
            return None;
        }
        let typed = self.text[last.range.clone()].trim_end();
        let at = self.line_end_after(last.range.start + typed.len());
        let item = if typed.starts_with('{') {
            format!("{prefix}{}", self.inline(&fields))
        } else {
            yaml_item(&fields, prefix, eol)
        };
        Some((at..at, format!("{eol}{item}")))
    }

    /// A ledger at the end of a block that has none; `None` where the block is no list of keys a line.
    fn new_ledger(&self, fields: &[(&'static str, String)]) -> Option<(Range<usize>, String)> {
        let eol = self.line_end;
        if self.dialect == Dialect::Toml {
            return Some((self.end..self.end, toml_table(fields, eol)));
        }
        if self.text[self.root.range.clone()].starts_with('{') {
            return None;
        }
        let indent =
            self.root.entries().first().map_or("", |entry| self.column(entry.key_range.start));
        let item = yaml_item(fields, &format!("{indent}  - "), eol);
        Some((self.end..self.end, format!("{indent}reviews:{eol}{item}{eol}")))
    }

    fn in_brackets(
        &self,
        ledger: &Node,
        fields: &[(&'static str, String)],
    ) -> (Range<usize>, String) {
        let item = self.inline(fields);
        match ledger.items().last() {
            Some(last) => (last.range.end..last.range.end, format!(", {item}")),
            None => (ledger.range.clone(), format!("[{item}]")),
        }
    }

    /// The review between braces.
    fn inline(&self, fields: &[(&'static str, String)]) -> String {
        let sign = if self.dialect == Dialect::Toml { " =" } else { ":" };
        let fields: Vec<String> =
            fields.iter().map(|(key, value)| format!("{key}{sign} {}", in_braces(value))).collect();
        format!("{{{}}}", fields.join(", "))
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    fn line_end_after(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.trim_end_matches('\r').len()
    }

    /// What stands before a key in its line.
    fn column(&self, key: usize) -> &'t str {
        &self.text[self.line_start(key)..key]
    }

    /// Whether the edited text still says what the old one said, and the review besides.
    fn is_kept_in(&self, edited: &str, review: &NewReview) -> bool {
        let end = edited.len() - (self.text.len() - self.end);
        let block = edited.get(self.start..end);
        let Some(root) = block.and_then(|block| parse(block, self.start, self.dialect)) else {
            return false;
        };
        let others = |node: &Node| -> Vec<(String, String)> {
            let entries =
                node.entries().iter().filter(|entry| !REVIEW_KEYS.contains(&entry.key.as_str()));
            entries.map(|entry| (entry.key.clone(), said(&entry.value))).collect()
        };
        let ledger = |node: &Node| -> Vec<String> {
            node.get("reviews")
                .map(|ledger| ledger.items().iter().map(said).collect())
                .unwrap_or_default()
        };
        let (before, after) = (ledger(&self.root), ledger(&root));
        let new = root.get("reviews").and_then(|ledger| ledger.items().last());
        let day = new.and_then(|new| new.get("on")).and_then(Node::scalar_text);
        others(&root) == others(&self.root)
            && after.len() == before.len() + 1
            && after.starts_with(&before)
            && day.as_deref() == Some(&review.on.to_string())
    }
}

/// What a value says, whatever its place in the file.
fn said(node: &Node) -> String {
    let entries =
        node.entries().iter().map(|entry| format!("{}={}", entry.key, said(&entry.value)));
    let items = node.items().iter().map(said);
    let scalar = node.scalar_text().unwrap_or_default();
    format!("{}:{scalar:?}{:?}", node.kind(), entries.chain(items).collect::<Vec<_>>())
}

fn parse(block: &str, offset: usize, dialect: Dialect) -> Option<Node> {
    match dialect {
        Dialect::Toml => toml::parse(block, offset).ok(),
        _ => yaml::parse(block, offset).ok(),
    }
}

fn line_end(text: &str) -> &'static str {
    let first = text.find('\n').unwrap_or(0);
    if text[..first].ends_with('\r') { "\r\n" } else { "\n" }
}

fn yaml_item(fields: &[(&'static str, String)], prefix: &str, eol: &str) -> String {
    let below = format!("{eol}{}", " ".repeat(prefix.chars().count()));
    let lines: Vec<String> = fields.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{prefix}{}", lines.join(&below))
}

fn toml_table(fields: &[(&'static str, String)], eol: &str) -> String {
    let lines: Vec<String> =
        fields.iter().map(|(key, value)| format!("{key} = {value}{eol}")).collect();
    format!("{eol}[[reviews]]{eol}{}", lines.concat())
}

/// A plain value that holds what ends a value between braces is quoted.
fn in_braces(value: &str) -> String {
    let is_quoted = value.starts_with(['"', '\'']);
    if !is_quoted && value.contains([',', '[', ']', '{', '}']) {
        json::quote(value)
    } else {
        value.to_owned()
    }
}

fn with_new_block(text: &str, review: &NewReview) -> String {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let eol = line_end(text);
    let root = Node { value: crate::value::Value::Null, range: 0..0, tag: None };
    let block = Block { text: "", dialect: Dialect::Yaml, root, start: 0, end: 0, line_end: eol };
    let item = yaml_item(&block.fields(review), "  - ", eol);
    format!("{}---{eol}reviews:{eol}{item}{eol}---{eol}{eol}{}", &text[..start], &text[start..])
}

fn apply(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len() + 160);
    let mut done = 0;
    for (range, new) in edits {
        out.push_str(&text[done..range.start]);
        out.push_str(&new);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::{NewReview, Refusal, record_review};
    use crate::calendar::parse_date;
    use crate::parse::front_matter::{Dialect, FrontMatter, ReviewKind};

    fn meta(text: &str) -> FrontMatter {
        let (dialect, delimiter) = match text.trim_start_matches('\u{feff}') {
            text if text.starts_with("---") => (Dialect::Yaml, "---"),
            text if text.starts_with("+++") => (Dialect::Toml, "+++"),
            _ => return FrontMatter::default(),
        };
        let start = text.find(delimiter).expect("it was found before");
        let close = start
            + 3
            + text[start + 3..].find(&format!("\n{delimiter}")).expect("the test closes its block");
        let end = text[close + 1..].find('\n').map_or(text.len(), |end| close + 1 + end + 1);
        FrontMatter { dialect, range: start..end, ..FrontMatter::default() }
    }

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
        let edited = record_review(text, &meta(text), &review(Some("dana"), None));
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
        let edited = record_review(
            text,
            &meta(text),
            &review(Some("@dana"), Some("slow: step 3, 'retry'\nand 4")),
        );
        let edited = edited.expect("an edited page");
        assert!(edited.contains("    by: '@dana'\n"), "{edited}");
        assert!(edited.contains("    note: \"slow: step 3, 'retry'\\nand 4\"\n"), "{edited}");
    }

    #[test]
    fn what_cannot_be_edited_in_place_is_refused() {
        let broken = FrontMatter { broken: true, ..meta("---\na: [\n---\n") };
        assert_eq!(
            record_review("---\na: [\n---\n", &broken, &review(None, None)),
            Err(Refusal::Broken)
        );
        for text in [
            "---\n{title: a}\n---\n",
            "---\nreviews: yesterday\n---\n",
            "---\nreviews: &all\n  - on: 2026-01-01\nold: *all\n---\n",
        ] {
            assert_eq!(
                record_review(text, &meta(text), &review(None, None)),
                Err(Refusal::Unusual),
                "{text}"
            );
        }
    }
}
