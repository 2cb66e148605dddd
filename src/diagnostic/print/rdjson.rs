//! Reviewdog's format, which comments on pull requests of many hosts.
//!
//! Format: "Reviewdog Diagnostic Format" (`rdjson`); its columns count bytes, from 1.

use serde_json::{Value, json};

use super::{Positions, in_repository};
use crate::diagnostic::{Finding, Level};
use crate::files::Files;

/// The findings as one JSON value with a line break behind it; `prefix` is the site folder inside the repository, with
/// a trailing slash.
pub fn rdjson(findings: &[Finding], files: &Files, prefix: &str) -> String {
    let mut positions = Positions::new(files);
    let diagnostics = findings.iter().map(|finding| {
        let diagnostic = &finding.diagnostic;
        let (start, end) = positions.of(&diagnostic.at);
        let (first, last) = positions.byte_columns(&diagnostic.at);
        let mut message = diagnostic.message.clone();
        if let Some(help) = &diagnostic.help {
            message.push_str("\nhelp: ");
            message.push_str(help);
        }
        json!({
            "message": message,
            "location": {
                "path": in_repository(prefix, &diagnostic.at.path),
                "range": {
                    "start": {"line": start.line, "column": first},
                    "end": {"line": end.line, "column": last},
                },
            },
            "severity": if finding.level == Level::Error { "ERROR" } else { "WARNING" },
            "code": {"value": diagnostic.rule.name()},
        })
    });
    let diagnostics: Vec<Value> = diagnostics.collect();
    let source = json!({"name": "guidepost", "url": env!("CARGO_PKG_REPOSITORY")});
    format!("{:#}\n", json!({"source": source, "diagnostics": diagnostics}))
}
