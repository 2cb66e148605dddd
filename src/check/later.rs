//! Findings of what is only looked for when somebody asks, such as what the search leads to.

use std::sync::Arc;

use jiff::civil::Date;

use super::level::level_of;
use super::suppression;
use crate::diagnostic::{Diagnostic, Finding, Level};
use crate::resolve::Site;

/// Gives mistakes that were found after the judgement the levels that the site wants, in the order of files and places,
/// and leaves out what pages silence. Who has `asked` hears of those too that the site allows.
pub fn later(site: &Site, found: Vec<Diagnostic>, today: Date, asked: bool) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        found.into_iter().filter_map(|found| finding(site, found, today, asked)).collect();
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings
}

fn finding(site: &Site, found: Diagnostic, today: Date, asked: bool) -> Option<Finding> {
    let path = found.at.path.clone();
    let index = site.pages.binary_search_by(|page| page.document.path.cmp(&path));
    let page = index.ok().map(|index| &site.pages[index]);
    let level = match level_of(&site.config, page.map(|page| &**page), found.rule, &path) {
        Level::Allow if asked => Level::Warning,
        level => level,
    };
    if level == Level::Allow {
        return None;
    }
    let rule = found.rule;
    let left = match page {
        Some(page) => suppression::suppress(&path, &page.document.suppressions, vec![found], today),
        None => vec![found],
    };
    let diagnostic = left.into_iter().find(|left| left.rule == rule)?;
    Some(Finding { level, diagnostic: Arc::new(diagnostic) })
}
