//! Mistakes to findings: with the levels that the site wants, without what a page silences, in order.

use std::sync::Arc;

use jiff::civil::Date;

use super::level::level_of;
use super::suppression;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Finding, Level};
use crate::parse::Document;
use crate::resolve::Page;

/// Leaves out what a page silences until a day, and adds what is wrong with how it does so.
pub(super) fn silence(
    document: &Document,
    found: Vec<Arc<Diagnostic>>,
    today: Date,
) -> Vec<Arc<Diagnostic>> {
    let suppressions = &document.suppressions;
    if suppressions.is_empty() {
        return found;
    }
    let found = found.into_iter().map(Arc::unwrap_or_clone).collect();
    let left = suppression::suppress(&document.path, suppressions, found, today);
    left.into_iter().map(Arc::new).collect()
}

/// Gives each mistake of one file the level that the site wants, drops those that it allows, and puts them in order.
pub(super) fn level(
    config: &Config,
    page: Option<&Page>,
    diagnostics: &[Arc<Diagnostic>],
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = diagnostics
        .iter()
        .filter_map(|diagnostic| {
            let level = level_of(config, page, diagnostic.rule, &diagnostic.at.path);
            let is_named = || config.checks.names(diagnostic.rule);
            let level = match level {
                Level::Error if diagnostic.mild && !is_named() => Level::Warning,
                level => level,
            };
            let diagnostic = Arc::clone(diagnostic);
            (level > Level::Allow).then_some(Finding { level, diagnostic })
        })
        .collect();
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup();
    findings
}
