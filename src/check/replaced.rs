//! Files of the author that stand where Guidepost would publish what is known only once all pages were read: the
//! addresses of alerts, and the files of the theme. Everything else of that kind is said where the site is joined.

use std::collections::BTreeSet;

use super::alerts::{Claims, alert_address};
use crate::diagnostic::{Diagnostic, Location, links as mistakes};
use crate::files::FilePath;
use crate::resolve::Site;

/// The files that stand where the address of an alert would lead on to its runbook.
pub(super) fn replaced_alerts(site: &Site, claims: &Claims) -> Vec<Diagnostic> {
    let assets = assets_below(site, "alerts");
    if assets.is_empty() {
        return Vec::new();
    }
    let files = claims.alerts.keys().map(|name| alert_address(&site.config, name).file());
    let taken: BTreeSet<FilePath> = files.filter(|file| assets.contains(file)).collect();
    taken.iter().filter_map(|file| replaced(site, file)).collect()
}

/// The files that stand where one of the theme's would.
pub fn replaced_theme<'f>(
    site: &Site,
    theme: impl Iterator<Item = &'f FilePath>,
) -> Vec<Diagnostic> {
    let assets = assets_below(site, "theme");
    theme.filter(|file| assets.contains(file)).filter_map(|file| replaced(site, file)).collect()
}

fn assets_below<'s>(site: &'s Site, folder: &str) -> BTreeSet<&'s FilePath> {
    site.assets.iter().filter(|asset| asset.under(folder).is_some()).collect()
}

fn replaced(site: &Site, file: &FilePath) -> Option<Diagnostic> {
    let source = FilePath::new(&format!("{}/{file}", site.config.content))?;
    Some(mistakes::generated_file_replaced(Location::file(&source), file.as_str()))
}
