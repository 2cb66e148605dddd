//! `file:line:column: error[rule]: message`, a line a finding.

use super::positions;
use crate::diagnostic::Finding;
use crate::files::Files;
use crate::text::single_spaced;

/// One line for each finding.
pub fn short(findings: &[Finding], files: &Files) -> String {
    let mut out = String::new();
    for finding in findings {
        out.push_str(&line(finding, files));
        out.push('\n');
    }
    out
}

/// The line for one finding.
pub fn line(finding: &Finding, files: &Files) -> String {
    let diagnostic = &finding.diagnostic;
    let (start, _) = positions(files, &diagnostic.at);
    format!(
        "{}:{}:{}: {}[{}]: {}",
        diagnostic.at.path,
        start.line,
        start.column,
        finding.level.name(),
        diagnostic.rule.name(),
        single_spaced(&diagnostic.message)
    )
}
