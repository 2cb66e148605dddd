//! The addresses that alerts use, and which of them a new site would take away.
//!
//! Alert rules of running systems hold addresses for years. What the site's own list of alerts (`api/alerts.json`)
//! names, and every redirect that `aliases` made, has to answer after a deploy too.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diagnostic::nearest;

/// The addresses that alerts use, relative to the site's root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// Where alerts lead, by the name of the alert.
    #[serde(default)]
    pub alerts: BTreeMap<String, AlertPlace>,
    /// Former addresses that lead on, as keys of files.
    #[serde(default)]
    pub redirects: BTreeSet<String>,
}

/// Where an alert leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPlace {
    /// The alert's own address.
    pub url: String,
    /// The address of the page that answers it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub page: String,
}

/// An address that would no longer answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// The address, from the site's root.
    pub address: String,
    /// The alert that uses it; none for a former address of a page.
    pub alert: Option<String>,
    /// The address of the page that most likely answers now.
    pub successor: Option<String>,
}

/// What the site's list of alerts says, and the redirects; nothing of a list that cannot be read.
pub fn addresses(alerts: Option<&[u8]>, redirects: BTreeSet<String>) -> Addresses {
    let document: Value =
        alerts.and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
    let rows = document["alerts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |row: &Value, key: &str| {
        row[key].as_str().map(|text| text.trim_start_matches('/').to_owned())
    };
    let alerts = rows
        .iter()
        .filter_map(|row| {
            let (name, url) = (row["name"].as_str()?.to_owned(), text(row, "url")?);
            Some((name, AlertPlace { url, page: text(row, "page").unwrap_or_default() }))
        })
        .collect();
    Addresses { alerts, redirects }
}

/// The addresses in use that none of the new site's files answers, in their order.
pub fn lost(old: &Addresses, new: &Addresses, answers: &dyn Fn(&str) -> bool) -> Vec<Lost> {
    let mut lost: BTreeMap<String, Lost> = BTreeMap::new();
    let mut report = |address: &str, alert: Option<&String>, successor: Option<String>| {
        let entry = Lost { address: address.to_owned(), alert: alert.cloned(), successor };
        lost.entry(address.to_owned()).or_insert(entry);
    };
    for (name, alert) in &old.alerts {
        let is_page_left = !alert.page.is_empty() && answers(&key(&alert.page));
        if !answers(&key(&alert.url)) {
            let successor = is_page_left.then(|| alert.page.clone());
            let successor = successor.or_else(|| similar(name, new)).or_else(|| answer(name, new));
            report(&alert.url, Some(name), successor);
        }
        if !alert.page.is_empty() && !is_page_left {
            report(&alert.page, Some(name), answer(name, new));
        }
    }
    for key in old.redirects.iter().filter(|key| !answers(key)) {
        report(&address(key), None, None);
    }
    lost.into_values().collect()
}

/// The page that answers an alert on the new site.
fn answer(name: &str, new: &Addresses) -> Option<String> {
    new.alerts.get(name).map(|alert| alert.page.clone()).filter(|page| !page.is_empty())
}

/// The page that answers an alert with a similar name.
fn similar(name: &str, new: &Addresses) -> Option<String> {
    nearest(name, new.alerts.keys().map(String::as_str)).and_then(|name| answer(name, new))
}

/// The key of the file that answers at an address.
pub fn key(address: &str) -> String {
    let path = address.split(['#', '?']).next().unwrap_or_default().trim_start_matches('/');
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.into_owned()
    }
}

/// The address that a page's file answers at.
fn address(key: &str) -> String {
    match key.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.to_owned(),
        _ => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Addresses, addresses, key, lost};

    fn site(alerts: &[(&str, &str)]) -> Addresses {
        let rows: Vec<_> = alerts
            .iter()
            .map(|(name, page)| {
                serde_json::json!({"name": name, "url": format!("/alerts/{name}/"), "page": page})
            })
            .collect();
        let json = serde_json::json!({ "alerts": rows }).to_string();
        addresses(Some(json.as_bytes()), BTreeSet::new())
    }

    fn check(old: &Addresses, new: &Addresses, files: &[&str], expected: &[(&str, Option<&str>)]) {
        let found = lost(old, new, &|key| files.contains(&key));
        let found: Vec<(&str, Option<&str>)> =
            found.iter().map(|lost| (lost.address.as_str(), lost.successor.as_deref())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_alert_that_no_longer_answers_is_lost() {
        let old = site(&[("DiskFull", "/db/disk/"), ("Slow", "/web/slow/")]);
        let new = site(&[("Slow", "/web/slow/")]);
        let files = ["alerts/Slow/index.html", "web/slow/index.html", "db/disk/index.html"];
        check(&old, &new, &files, &[("alerts/DiskFull/", Some("db/disk/"))]);
        check(
            &old,
            &old,
            &["alerts/DiskFull/index.html"],
            &[
                ("alerts/Slow/", Some("web/slow/")),
                ("db/disk/", Some("db/disk/")),
                ("web/slow/", Some("web/slow/")),
            ],
        );
    }

    #[test]
    fn a_page_that_an_alert_leads_to_may_move_if_its_old_address_leads_on() {
        let old = site(&[("DiskFull", "/db/disk/")]);
        let new = site(&[("DiskFull", "/storage/disk/")]);
        let files = ["alerts/DiskFull/index.html", "storage/disk/index.html"];
        check(&old, &new, &files, &[("db/disk/", Some("storage/disk/"))]);
        let files = [files[0], files[1], "db/disk/index.html"];
        check(&old, &new, &files, &[]);
    }

    #[test]
    fn a_former_address_is_lost_too() {
        let redirects = BTreeSet::from(["old/index.html".to_owned(), "older.html".to_owned()]);
        let old = Addresses { redirects, ..Addresses::default() };
        let new = Addresses::default();
        check(&old, &new, &["old/index.html"], &[("older.html", None)]);
        check(&old, &new, &[], &[("old/", None), ("older.html", None)]);
    }

    #[test]
    fn nothing_is_known_of_a_list_that_is_none() {
        for text in ["", "{", "null", "{\"alerts\": 3}", "{\"alerts\": [{\"name\": 1}, 2]}"] {
            assert_eq!(addresses(Some(text.as_bytes()), BTreeSet::new()), Addresses::default());
        }
    }

    #[test]
    fn an_address_is_answered_by_the_file_that_a_host_serves_there() {
        assert_eq!(key("/alerts/A%20b/?x=1#y"), "alerts/A b/index.html");
        assert_eq!(key("alerts/A.html"), "alerts/A.html");
        assert_eq!(key("/"), "index.html");
    }
}
