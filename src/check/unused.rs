//! Pages and files that nothing leads to.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Location, site as mistakes};
use crate::files::FilePath;
use crate::resolve::{ClaimsByAlert, PageId, Site, Structure, Target};

/// Files beside the pages that no page shows or links to.
pub(super) fn unused_assets(site: &Site) -> Vec<Diagnostic> {
    if site.assets.is_empty() {
        return Vec::new();
    }
    let used: BTreeSet<&str> = site
        .pages
        .iter()
        .flat_map(|page| page.links.iter())
        .filter_map(|link| match &link.target {
            Target::Address(address) => Some(address.as_str()),
            _ => None,
        })
        .collect();
    site.assets
        .iter()
        .filter(|asset| !used.contains(asset.as_str()))
        .filter_map(|asset| FilePath::new(&format!("{}/{asset}", site.config.content)))
        .map(|path| mistakes::unused_asset(Location::file(&path)))
        .collect()
}

/// Of pages without a link to them those that neither navigation nor an alert leads to.
pub(super) fn orphans(
    site: &Structure,
    alerts: &ClaimsByAlert,
    unlinked: &[PageId],
) -> Vec<Arc<Diagnostic>> {
    let in_navigation: BTreeSet<PageId> = site
        .sections
        .values()
        .flat_map(|section| section.pages.iter().copied().chain(section.page))
        .collect();
    let by_alert: BTreeSet<PageId> = alerts.values().flatten().map(|claim| claim.page).collect();
    unlinked
        .iter()
        .filter(|id| !in_navigation.contains(id) && !by_alert.contains(id))
        .map(|id| Arc::new(mistakes::orphan_page(site.page(*id).location())))
        .collect()
}
