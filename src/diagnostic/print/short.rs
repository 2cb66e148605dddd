//! `file:line:column: error[rule]: message`, a line a finding.

use super::Positions;
use crate::diagnostic::Finding;
use crate::files::Files;
use crate::hidden::shown;
use crate::text::single_spaced;

/// One line for each finding.
pub fn short(findings: &[Finding], files: &Files) -> String {
    let mut positions = Positions::new(files);
    let mut out = String::new();
    for finding in findings {
        out.push_str(&line(finding, &mut positions));
        out.push('\n');
    }
    out
}

/// The line for one finding.
fn line(finding: &Finding, positions: &mut Positions<'_>) -> String {
    let diagnostic = &finding.diagnostic;
    let (start, _) = positions.of(&diagnostic.at);
    format!(
        "{}:{}:{}: {}[{}]: {}",
        shown(diagnostic.at.path.as_str()),
        start.line,
        start.column,
        finding.level.name(),
        diagnostic.rule.name(),
        single_spaced(&diagnostic.message)
    )
}
