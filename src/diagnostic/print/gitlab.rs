//! GitLab's code quality report, which merge requests show beside the change.
//!
//! Format: GitLab documentation, "Code Quality", code quality report format.

use serde_json::{Value, json};

use super::{Identities, Positions, in_repository};
use crate::diagnostic::{Finding, Level};
use crate::files::Files;

/// The findings as one JSON list with a line break behind it; `prefix` is the site folder inside the repository, with
/// a trailing slash.
pub fn gitlab(findings: &[Finding], files: &Files, prefix: &str) -> String {
    let (mut positions, mut identities) = (Positions::new(files), Identities::default());
    let entries = findings.iter().map(|finding| {
        let diagnostic = &finding.diagnostic;
        let (start, end) = positions.of(&diagnostic.at);
        json!({
            "description": diagnostic.message,
            "check_name": diagnostic.rule.name(),
            "fingerprint": identities.next(finding),
            "severity": if finding.level == Level::Error { "major" } else { "minor" },
            "location": {
                "path": in_repository(prefix, &diagnostic.at.path),
                "lines": {"begin": start.line, "end": end.line},
            },
        })
    });
    format!("{:#}\n", Value::Array(entries.collect()))
}
