//! Names that two pages claim, that lead to one address, or to one that no system can write.

use std::collections::BTreeMap;

use super::alerts;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Location, links, site as mistakes};
use crate::resolve::{Address, AlertClaim, ClaimsByAlert, Structure};

/// What is wrong with the names of alerts and owners.
pub(super) fn names(site: &Structure, alerts: &ClaimsByAlert) -> Vec<Diagnostic> {
    let mut found = duplicate_alerts(site, alerts);
    found.extend(alerts_at_one_address(site, alerts));
    found.extend(names_of_site_file(&site.config));
    found
}

/// With how many claims of the same name one is compared.
const MOST_COMPARED: usize = 100;

fn duplicate_alerts(site: &Structure, alerts: &ClaimsByAlert) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, claims) in alerts {
        for (place, claim) in claims.iter().enumerate() {
            // Labels may tell them apart.
            let same = |other: &&AlertClaim| !alerts::exclude(&other.labels, &claim.labels);
            let mut before = claims[..place].iter().take(MOST_COMPARED);
            if let Some(first) = before.find(same) {
                let first = &site.page(first.page).document.path;
                found.push(mistakes::duplicate_alert(claim.at.clone(), name, first));
            }
        }
    }
    let by_page =
        alerts.iter().flat_map(|(name, claims)| claims.iter().map(move |claim| (name, claim)));
    let claims: Vec<(&String, &AlertClaim)> =
        by_page.filter(|(name, _)| name.contains('*')).collect();
    let names: Vec<&str> = claims.iter().map(|(name, _)| name.as_str()).collect();
    for (second, first) in alerts::overlapping(&names, site.config.alerts.case_sensitive) {
        let ((other, first), (name, second)) = (claims[first], claims[second]);
        if first.page != second.page && other != name {
            let page = &site.page(first.page).document.path;
            found.push(mistakes::overlapping_alerts(second.at.clone(), name, other, page));
        }
    }
    found
}

/// Alerts whose names differ in nothing that an address keeps, so that the last one stands where both should.
fn alerts_at_one_address(site: &Structure, alerts: &ClaimsByAlert) -> Vec<Diagnostic> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for (name, claims) in alerts {
        let address = alerts::alert_address(&site.config, name);
        if let Some(why) = address.too_long() {
            let at = claims.iter().map(|claim| claim.at.clone());
            found.extend(at.map(|at| links::name_too_long(at, &why)));
            continue;
        }
        let address = address.as_str().to_owned();
        if let Some(other) = taken.insert(address, name) {
            let at = claims.iter().map(|claim| claim.at.clone());
            found.extend(at.map(|at| mistakes::alert_at_taken_address(at, name, other)));
        }
    }
    found
}

/// What is said of names in site.toml that make an address which no system can write.
fn names_of_site_file(config: &Config) -> Vec<Diagnostic> {
    let owners = config.owners.keys().map(|owner| Address::of_owner(owner, config.address_style));
    let former = config.alerts.aliases.keys().map(|name| alerts::alert_address(config, name));
    let at = || Location::file(&config::path());
    let why = owners.chain(former).filter_map(|address| address.too_long());
    why.map(|why| links::name_too_long(at(), &why)).collect()
}
