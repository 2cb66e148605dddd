//! Where the runbook link of an alert rule leads, as far as that can be told without the network.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use percent_encoding::percent_decode_str;

use super::claims::Claims;
use super::pattern::{COMPUTED, Pattern};
use super::rule::RunbookLink;
use crate::diagnostic::nearest;

/// Where a runbook link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkedRunbook {
    /// To a page here.
    Page {
        /// The page's address, from the root.
        page: String,
        /// The anchor in the link.
        anchor: Option<String>,
    },
    /// To another site, as far as can be told without asking it.
    Elsewhere(String),
}

/// Where a runbook link leads.
pub(super) enum LinkDestination<'a> {
    /// To a page of the site.
    Page {
        /// The page's address.
        page: &'a str,
        /// The page's anchors.
        anchors: &'a [String],
        /// The anchor in the link.
        anchor: Option<String>,
    },
    /// To an address of the site that holds no page; the path is the one below the site's root.
    Nowhere(String),
    /// To another site.
    Elsewhere,
    /// To a page that may or may not be on a site whose address is not known.
    Unknown,
    /// To an address that only the alerting tool can compute.
    Computed,
}

/// The claims, arranged for looking things up.
pub(super) struct ClaimIndex<'a> {
    pub(super) claims: &'a Claims,
    addresses: HashMap<String, (&'a str, &'a [String])>,
    by_last_part: BTreeMap<String, &'a str>,
}

impl<'a> ClaimIndex<'a> {
    pub(super) fn new(claims: &'a Claims) -> ClaimIndex<'a> {
        let mut site =
            ClaimIndex { claims, addresses: HashMap::new(), by_last_part: BTreeMap::new() };
        for (address, anchors) in &claims.addresses {
            let key = site.path_key(address);
            if !last_part(&key).is_empty() {
                site.by_last_part.entry(last_part(&key).to_string()).or_insert(address);
            }
            site.addresses.insert(key, (address, anchors));
        }
        for claim in claims.alerts.values().flatten() {
            let key = site.path_key(&claim.url);
            site.by_last_part.entry(last_part(&key).to_string()).or_insert(&claim.url);
            site.addresses.entry(key).or_insert((&claim.url, &[]));
        }
        for computed in &claims.computed {
            let key = site.path_key(&computed.url);
            site.addresses.entry(key).or_insert((&computed.url, &[]));
        }
        site
    }

    fn folded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.claims.case_sensitive { text.into() } else { text.to_lowercase().into() }
    }

    /// An address such that all spellings of one page are equal.
    pub(super) fn path_key(&self, path: &str) -> String {
        let path = percent_decode_str(path).decode_utf8_lossy();
        let path = path.trim_matches('/');
        let path = ["index.html", ".html", ".htm"]
            .iter()
            .find_map(|ending| path.strip_suffix(ending))
            .unwrap_or(path);
        self.folded(path.trim_end_matches('/')).into_owned()
    }

    /// Follows a link, as far as it can be followed without the network.
    pub(super) fn destination(&self, link: &RunbookLink) -> LinkDestination<'a> {
        let (address, anchor) = match link.url.split_once('#') {
            Some((address, anchor)) => (address, Some(anchor)),
            None => (link.url.as_str(), None),
        };
        let address = address.split('?').next().unwrap_or_default();
        let base = self.claims.base_url.as_deref().map(host_and_path);
        let path = match (is_absolute(address), base) {
            (false, _) => address,
            (true, Some((host, folder))) => {
                let (their_host, path) = host_and_path(address);
                let below = path.strip_prefix(folder.trim_end_matches('/')).unwrap_or("-");
                let same_host = their_host.eq_ignore_ascii_case(host);
                if same_host && their_host.contains(COMPUTED) || their_host.is_empty() {
                    return LinkDestination::Computed;
                }
                if !same_host || !(below.is_empty() || below.starts_with('/')) {
                    let computed = their_host.contains(COMPUTED);
                    return if computed {
                        LinkDestination::Computed
                    } else {
                        LinkDestination::Elsewhere
                    };
                }
                below
            }
            (true, None) => return self.suffix_destination(host_and_path(address).1, anchor),
        };
        if let Some(rest) = path.strip_prefix(COMPUTED) {
            return self.below_computed(path, rest, anchor);
        }
        if path.contains(COMPUTED) {
            return self.computed_page(path, anchor);
        }
        self.page(path, anchor).unwrap_or_else(|| LinkDestination::Nowhere(path.to_string()))
    }

    /// Where a link leads, if it can be followed to the end.
    pub(super) fn linked(&self, link: &RunbookLink) -> Option<LinkedRunbook> {
        match self.destination(link) {
            LinkDestination::Page { page, anchor, .. } => {
                Some(LinkedRunbook::Page { page: page.to_string(), anchor })
            }
            LinkDestination::Elsewhere | LinkDestination::Unknown if link.named => {
                let is_web = link.url.starts_with("https://") || link.url.starts_with("http://");
                let whole = is_web && !link.url.contains(COMPUTED);
                whole.then(|| LinkedRunbook::Elsewhere(link.url.clone()))
            }
            _ => None,
        }
    }

    /// A page of the site at the end of an address whose host may or may not be the site's.
    fn suffix_destination(&self, path: &str, anchor: Option<&str>) -> LinkDestination<'a> {
        if path.contains(COMPUTED) {
            return LinkDestination::Computed;
        }
        let starts = path.match_indices('/').map(|(start, _)| start);
        let mut suffixes = starts.map(|start| &path[start..]).filter(|suffix| suffix.len() > 1);
        suffixes.find_map(|suffix| self.page(suffix, anchor)).unwrap_or(LinkDestination::Unknown)
    }

    /// The page at a path with holes: the one that can be there, if there is just one. Holes alone lead anywhere.
    fn computed_page(&self, path: &str, anchor: Option<&str>) -> LinkDestination<'a> {
        let key = self.path_key(path).replace(COMPUTED, "*");
        let pattern = Pattern::claimed(&key);
        if !pattern.has_constant() {
            return LinkDestination::Computed;
        }
        let mut matching =
            self.addresses.keys().filter(|key| pattern.captures(key, true).is_some());
        match (matching.next(), matching.next()) {
            (Some(only), None) => self.page(only, anchor).unwrap_or(LinkDestination::Computed),
            (Some(_), Some(_)) => LinkDestination::Computed,
            (None, _) => LinkDestination::Nowhere(path.to_string()),
        }
    }

    /// A page below an address of which the beginning is computed, which may be any site's. That it is this one's is
    /// believed where the rest leads to a page here, or into a folder that there is here.
    fn below_computed(&self, path: &str, rest: &str, anchor: Option<&str>) -> LinkDestination<'a> {
        let starts = rest.match_indices('/').map(|(start, _)| &rest[start..]);
        for below in starts.filter(|below| below.len() > 1) {
            let found = if below.contains(COMPUTED) {
                Some(self.computed_page(below, anchor))
            } else {
                self.page(below, anchor)
            };
            if let Some(page @ (LinkDestination::Page { .. } | LinkDestination::Computed)) = found {
                return page;
            }
        }
        let base = self.claims.base_url.as_deref().map_or("", |base| host_and_path(base).1);
        let below = rest.strip_prefix(base.trim_end_matches('/')).unwrap_or(rest);
        let folder = below.trim_start_matches('/').split_once('/').map(|(folder, _)| folder);
        let folder = folder.map(|folder| format!("{}/", self.folded(folder)));
        let is_here = folder.is_some_and(|folder| {
            folder.len() > 1 && self.addresses.keys().any(|key| key.starts_with(&folder))
        });
        if is_here { LinkDestination::Nowhere(path.to_string()) } else { LinkDestination::Computed }
    }

    fn page(&self, path: &str, anchor: Option<&str>) -> Option<LinkDestination<'a>> {
        let (page, anchors) = *self.addresses.get(&self.path_key(path))?;
        let anchor = anchor
            .filter(|anchor| {
                !anchor.is_empty() && !anchor.contains(COMPUTED) && !anchor.starts_with(":~:")
            })
            .map(|anchor| percent_decode_str(anchor).decode_utf8_lossy().into_owned());
        Some(LinkDestination::Page { page, anchors, anchor })
    }

    /// The address whose last part is nearest to that of a path.
    pub(super) fn nearest_page(&self, path: &str) -> Option<&'a str> {
        let wanted = self.path_key(path);
        let name = nearest(last_part(&wanted), self.by_last_part.keys().map(String::as_str))?;
        self.by_last_part.get(name).copied()
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn is_absolute(address: &str) -> bool {
    address.starts_with("//") || address.contains("://")
}

/// Host and path of an absolute address; how it is fetched makes no difference.
fn host_and_path(address: &str) -> (&str, &str) {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    match rest.find('/') {
        Some(slash) => (&rest[..slash], &rest[slash..]),
        None => (rest, ""),
    }
}
