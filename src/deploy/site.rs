//! The folder of a built site becomes what a deploy publishes: each file with its hash, and the addresses in use.
//!
//! Only what the folder's manifest lists is taken, whole and as it was built.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::addresses::{Addresses, addresses};
use super::manifest::{Manifest, PublishedFile, body_key, content_digest, headers_digest};
use super::store::{Fault, ListedObject, Store};
use crate::emit::{BuildRecord, written};
use crate::files::Bytes;
use crate::memo::parallel;
use crate::served::{Audience, FileKind, Headers, headers, kind};

/// What is to be published.
#[derive(Debug)]
pub struct BuiltSite {
    /// Every file, without tags.
    pub files: BTreeMap<String, PublishedFile>,
    /// The addresses that alerts use.
    pub addresses: Addresses,
    /// What was said of the site when it was built; nothing of one that is taken from the store.
    pub record: Option<BuildRecord>,
    /// Who may keep a copy.
    pub audience: Audience,
    /// The generation that the site was before, if it is one to go back to.
    pub rolled_back_to: Option<u64>,
    origin: Origin,
}

/// Where the content of the files is.
#[derive(Debug)]
enum Origin {
    Folder(PathBuf),
    /// In the store, under what each content was kept.
    Store,
}

/// Reads the folder of a built site.
///
/// # Errors
/// It holds no site of Guidepost's, not all of it, or cannot be read.
pub fn site(folder: &Path, audience: Audience) -> anyhow::Result<BuiltSite> {
    let (record, paths) = written(folder)?;
    let read = parallel(&paths, |path| read(folder, path, audience));
    let mut files = BTreeMap::new();
    let mut redirects = BTreeSet::new();
    for (path, read) in paths.iter().zip(read) {
        let (file, is_redirect) = read?;
        if is_redirect {
            redirects.insert(path.clone());
        }
        files.insert(path.clone(), file);
    }
    anyhow::ensure!(
        files.contains_key("index.html"),
        "`{}` holds no site: it has no `index.html`",
        folder.display()
    );
    let alerts = disk(&folder.join("api/alerts.json")).ok();
    Ok(BuiltSite {
        files,
        addresses: addresses(alerts.as_deref(), redirects),
        record: Some(record),
        audience,
        rolled_back_to: None,
        origin: Origin::Folder(folder.to_owned()),
    })
}

/// The site that was published as an earlier generation.
///
/// # Errors
/// Files of it are no longer there: these.
pub fn former(
    former: &Manifest,
    current: &Manifest,
    listing: &BTreeMap<String, ListedObject>,
    audience: Audience,
) -> Result<BuiltSite, Vec<String>> {
    let is_there = |path: &String, file: &PublishedFile| {
        let stands = current.files.get(path).is_some_and(|held| held.content == file.content);
        let waits = file.kind == FileKind::Hashed && listing.contains_key(path);
        stands || waits || listing.contains_key(&body_key(&file.content))
    };
    let missing: Vec<String> = former
        .files
        .iter()
        .filter(|(path, file)| !is_there(path, file))
        .map(|(path, _)| path.clone())
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let plain = |(path, file): (&String, &PublishedFile)| {
        let headers = headers_digest(&headers(path, audience));
        (path.clone(), PublishedFile { tag: None, headers, ..file.clone() })
    };
    Ok(BuiltSite {
        files: former.files.iter().map(plain).collect(),
        addresses: former.addresses.clone(),
        record: None,
        audience,
        rolled_back_to: Some(former.generation),
        origin: Origin::Store,
    })
}

impl BuiltSite {
    /// The same without what only pages need that are opened from a disk: the second copy of the search index.
    #[must_use]
    pub fn for_servers(mut self) -> BuiltSite {
        self.files.retain(|path, _| !is_for_disks(path));
        self
    }

    /// The headers of a file.
    pub fn headers(&self, path: &str) -> Headers {
        headers(path, self.audience)
    }

    /// The content of a file, as it was when the site was read.
    ///
    /// # Errors
    /// It cannot be read, or has changed.
    pub fn content<S: Store + ?Sized>(&self, path: &str, store: &S) -> Result<Bytes, Fault> {
        let expected = &self.files[path].content;
        let bytes = match &self.origin {
            Origin::Folder(folder) => disk(&folder.join(path))
                .map_err(|error| Fault::lasting(format!("cannot read `{path}`: {error}")))?,
            Origin::Store => {
                let kept = store.read(&body_key(expected))?;
                let held = if kept.is_some() { kept } else { store.read(path)? };
                held.map(|held| held.bytes).unwrap_or_default()
            }
        };
        if content_digest(&bytes) != *expected {
            return Err(Fault::lasting(format!("`{path}` has changed since the deploy began"))
                .with_help("deploy again, when nothing writes to the folder"));
        }
        Ok(bytes.into())
    }
}

fn is_for_disks(path: &str) -> bool {
    path == "search/offline.js" || path.starts_with("search/shards/offline/")
}

/// A file, and whether it is a page that leads on from a former address.
fn read(folder: &Path, path: &str, audience: Audience) -> anyhow::Result<(PublishedFile, bool)> {
    let bytes = disk(&folder.join(path))
        .with_context(|| format!("`{path}` is missing in `{}`; build again", folder.display()))?;
    let is_redirect = path.ends_with(".html") && leads_on(&bytes);
    let file = PublishedFile {
        content: content_digest(&bytes),
        headers: headers_digest(&headers(path, audience)),
        tag: None,
        size: bytes.len() as u64,
        kind: kind(path),
    };
    Ok((file, is_redirect))
}

/// Whether a page sends its readers on without being asked, as redirects do for those without scripts.
fn leads_on(page: &[u8]) -> bool {
    // In the head, which is short in such pages.
    let head = &page[..page.len().min(4096)];
    let mark = b"http-equiv=\"refresh\"";
    head.windows(mark.len()).any(|window| window == mark)
}

#[expect(clippy::disallowed_methods, reason = "a deploy reads the site that it publishes")]
fn disk(path: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

#[cfg(test)]
mod tests {
    use super::is_for_disks;

    #[test]
    fn what_only_a_disk_needs_is_the_copy_of_the_search_index() {
        for (path, expected) in [
            ("search/offline.js", true),
            ("search/shards/offline/t0.018ad6.js", true),
            ("search/shards/t/a0.018ad6.bin", false),
            ("search/manifest.bin", false),
            ("offline/index.html", false),
        ] {
            assert_eq!(is_for_disks(path), expected, "{path}");
        }
    }
}
