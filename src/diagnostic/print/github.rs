//! Workflow commands that GitHub Actions shows as annotations beside the line.
//!
//! Format: "Workflow commands for GitHub Actions", setting an error or warning message.

use super::{Positions, in_repository};
use crate::diagnostic::{Finding, Level};
use crate::files::Files;

/// One annotation for each finding; `prefix` is the site folder inside the repository, with a trailing slash.
pub fn github(findings: &[Finding], files: &Files, prefix: &str) -> String {
    let mut positions = Positions::new(files);
    findings.iter().map(|finding| annotation(finding, &mut positions, prefix)).collect()
}

fn annotation(finding: &Finding, positions: &mut Positions<'_>, prefix: &str) -> String {
    let diagnostic = &finding.diagnostic;
    let (start, end) = positions.of(&diagnostic.at);
    let command = if finding.level == Level::Error { "error" } else { "warning" };
    let file = in_repository(prefix, &diagnostic.at.path);
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    format!(
        "::{command} file={},line={},endLine={},col={},endColumn={},title={}::{}\n",
        property(&file),
        start.line,
        end.line,
        start.column,
        end.column,
        property(diagnostic.rule.name()),
        data(&message)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
