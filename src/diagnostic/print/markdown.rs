//! Markdown for the summary of a CI run and for a comment on a change: the counts, then the worst findings.

use super::{Positions, in_repository};
use crate::diagnostic::{Counts, Finding, Level};
use crate::files::Files;
use crate::text::{push_markdown, single_spaced};

/// How many findings are listed: comments and summaries have a limit, and nobody reads more in one.
const MOST: usize = 50;

/// What is said besides the findings.
#[derive(Clone, Debug, Default)]
pub struct Said<'a> {
    /// How many pages were checked.
    pub pages: usize,
    /// How many findings stood before, by the baseline; `None` where nothing was compared.
    pub accepted: Option<usize>,
    /// Further lines, a paragraph each.
    pub lines: &'a [String],
}

/// The findings, errors first; `prefix` is the site folder inside the repository, with a trailing slash.
pub fn markdown(findings: &[Finding], files: &Files, prefix: &str, said: &Said<'_>) -> String {
    let new = if said.accepted.is_some() { " new" } else { "" };
    let pages = if said.pages == 1 { "page" } else { "pages" };
    let mut out = match findings.len() {
        0 => format!("### Guidepost: no{new} findings\n\n"),
        _ => format!("### Guidepost:{new} {}\n\n", Counts::of(findings)),
    };
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    if !sorted.is_empty() {
        out.push_str("| | Place | Rule | What |\n| --- | --- | --- | --- |\n");
    }
    // Positions are found fastest in the order of the files, which sorting by level keeps within each level.
    let mut positions = Positions::new(files);
    for finding in sorted.iter().take(MOST) {
        let diagnostic = &finding.diagnostic;
        let (start, _) = positions.of(&diagnostic.at);
        let mark = if finding.level == Level::Error { "❌" } else { "⚠️" };
        let path = in_repository(prefix, &diagnostic.at.path);
        let what = match &diagnostic.help {
            Some(help) => format!("{}. {help}", diagnostic.message.trim_end_matches('.')),
            None => diagnostic.message.clone(),
        };
        let rule = diagnostic.rule.name();
        let (place, what) = (code(&format!("{path}:{}", start.line)), cell(&what));
        out.push_str(&format!("| {mark} | {place} | `{rule}` | {what} |\n"));
    }
    if !sorted.is_empty() {
        out.push('\n');
    }
    if sorted.len() > MOST {
        out.push_str(&format!("{} more are in the log.\n\n", sorted.len() - MOST));
    }
    match said.accepted {
        Some(1) => out.push_str("1 finding stood before and is not shown.\n\n"),
        Some(accepted) if accepted > 0 => {
            out.push_str(&format!("{accepted} findings stood before and are not shown.\n\n"));
        }
        _ => {}
    }
    for line in said.lines {
        out.push_str(&format!("{}\n\n", cell(line)));
    }
    out.push_str(&format!("{} {pages} checked.\n", said.pages));
    out
}

/// A text in a cell: nothing of it is markup but its code spans, and names call nobody.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for (number, piece) in single_spaced(text).split('`').enumerate() {
        if number > 0 {
            out.push('`');
        }
        if number % 2 == 0 {
            push_markdown(&mut out, piece);
        } else {
            out.push_str(&piece.replace('|', "\\|"));
        }
    }
    out
}

/// A text as a code span, whatever it holds.
fn code(text: &str) -> String {
    let text = single_spaced(text).replace('|', "\\|");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}
