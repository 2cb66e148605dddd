//! Which reports on the site there is something to say in: the pages that stand in the top bar and that search finds.

use super::{PageReport, Report};
use crate::resolve::Structure;

/// The reports that a site has, by their names in [`crate::words`] and addresses, in the order of the top bar.
pub fn reports(site: &Structure, report: &Report) -> Vec<&'static str> {
    let some = |is_shown: fn(&PageReport) -> bool| report.pages.iter().any(|page| is_shown(page));
    let reports = [
        ("alerts", !report.alerts.is_empty()),
        ("dashboards", some(|page| !page.dashboards.is_empty())),
        ("freshness", some(|page| page.freshness.owes())),
        ("coverage", some(|page| page.conformance.is_some())),
        ("owners", !site.config.owners.is_empty()),
    ];
    reports.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name).collect()
}
