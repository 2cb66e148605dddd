//! What hosts of static sites want to be told, beside the site itself: files at its root for those that read such
//! files, and settings to include for servers and caches.
//!
//! The site is served well without any of it. With it, what never changes is kept for good and everything else asked
//! for again, every answer carries the headers that a page cannot say of itself, former addresses lead on at once, and
//! pages travel compressed. Pure: what is published goes in, files come out. What a host does with a site is
//! [`emulated`], so that it can be tried without the host.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{FilePath, Files};
use crate::resolve::{PageId, PlacedPage, Site};

use subject::HostedSite;

pub use compressed::Compressed;
pub use subject::SETTINGS;

mod azure;
mod cloudfront;
mod compressed;
pub mod crawl;
pub mod emulated;
mod root_files;
mod servers;
mod subject;
mod unchanging;

/// The files for the hosts that site.toml names; none that would take the place of what is `published`.
pub fn hosting(site: &Site, published: &BTreeSet<&str>) -> Files {
    let page = |id: PageId| -> &PlacedPage { site.structure.page(id) };
    let redirects = site.redirects.iter().map(|(from, id)| (from, &page(*id).address)).collect();
    files(&HostedSite { config: &site.config, redirects, published })
}

fn files(subject: &HostedSite<'_>) -> Files {
    let mut files = BTreeMap::new();
    files.extend(root_files::root_files(subject));
    files.extend(azure::azure(subject));
    files.extend(cloudfront::cloudfront(subject));
    files.extend(servers::servers(subject));
    files
        .into_iter()
        .filter_map(|(path, text)| Some((FilePath::new(&path)?, text.into_bytes())))
        .filter(|(path, _)| is_free(path.as_str(), subject.published))
        .map(|(path, bytes)| (path, bytes.into()))
        .collect()
}

/// Whether a path is neither that of something published, nor a folder of it, nor below it.
fn is_free(path: &str, published: &BTreeSet<&str>) -> bool {
    let inside = format!("{path}/");
    let is_folder =
        published.range(inside.as_str()..).next().is_some_and(|next| next.starts_with(&inside));
    let mut folders = path.match_indices('/').map(|(end, _)| &path[..end]);
    !is_folder && !published.contains(path) && !folders.any(|folder| published.contains(folder))
}

#[cfg(test)]
mod tests;
