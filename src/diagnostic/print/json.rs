//! `{"findings": […], "summary": {…}, "alerts": {…}}`, for programs.

use serde::Serialize;

use super::Positions;
use crate::diagnostic::{AlertsRead, Counts, Finding};
use crate::files::Files;

#[derive(Serialize)]
struct FindingsDocument<'a> {
    findings: Vec<FindingRow<'a>>,
    summary: Summary,
    alerts: &'a AlertsRead,
}

#[derive(Serialize)]
struct FindingRow<'a> {
    rule: &'static str,
    level: &'static str,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: &'a str,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Summary {
    pages: usize,
    errors: usize,
    warnings: usize,
}

/// The findings of a site with so many pages and what was read of its alert rules, as one JSON value with a line break
/// behind it.
///
/// # Panics
/// Never: the value holds nothing that JSON cannot.
pub fn json(findings: &[Finding], files: &Files, pages: usize, alerts: &AlertsRead) -> String {
    let Counts { errors, warnings } = Counts::of(findings);
    let mut positions = Positions::new(files);
    let whole = FindingsDocument {
        findings: findings.iter().map(|finding| row(finding, &mut positions)).collect(),
        summary: Summary { pages, errors, warnings },
        alerts,
    };
    let mut out = serde_json::to_string_pretty(&whole).expect("texts and numbers are JSON");
    out.push('\n');
    out
}

fn row<'a>(finding: &'a Finding, positions: &mut Positions<'_>) -> FindingRow<'a> {
    let diagnostic = &finding.diagnostic;
    let (start, end) = positions.of(&diagnostic.at);
    FindingRow {
        rule: diagnostic.rule.name(),
        level: finding.level.name(),
        file: diagnostic.at.path.as_str(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
    }
}
