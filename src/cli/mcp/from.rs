//! A published site, read to be asked: from a folder, or over HTTP from an address. Only what it published is read.
#![expect(clippy::disallowed_methods, reason = "the command line reads folders")]

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, anyhow, bail};
use jiff::civil::Date;

use crate::build::{Cache, Options, judge, search_index};
use crate::files::{FilePath, Files, MANIFEST};
use crate::mcp::Library;
use crate::mcp::published::{first_files, other_files, sources, unpacked};
use crate::memo::Mode;

#[cfg(feature = "deploy")]
mod web;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// The site as it was published.
///
/// # Errors
/// It cannot be reached, or says nothing of itself.
pub(super) fn library(from: &str, today: Date) -> anyhow::Result<Library> {
    let mut files = read(from, &first_files())?;
    let others = other_files(&files).map_err(|why| anyhow!("{from} cannot be asked: {why}"))?;
    for (path, bytes) in read(from, &others)?.iter() {
        files.insert(path.clone(), bytes.to_vec());
    }
    let files = unpacked(&files);
    let sources = sources(&files).map_err(|why| anyhow!("{from} cannot be asked: {why}"))?;
    let options = Options { today, content: None, base_url: None, drafts: false };
    let mut cache = Cache::new(Mode::Once);
    let judged = judge(&sources, &options, &mut cache, |_| {}).map_err(|findings| {
        let said = findings.first().map(|one| one.diagnostic.message.clone());
        anyhow!("{from} cannot be asked: {}", said.unwrap_or_default())
    })?;
    let index = search_index(&judged, &mut cache);
    Ok(Library::of_published(judged, index, files, today))
}

/// By what a site shows that it was built again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PublishedStamp {
    /// Of a folder: when its list of files was written, and its length.
    Written(SystemTime, u64),
    /// Of an address: what the host says of the version of a file.
    Version(String),
}

/// How long what was seen of a site is taken to hold: a host is not asked as often as a disk.
pub(super) fn holds(from: &str) -> Duration {
    if is_address(from) { Duration::from_mins(1) } else { Duration::from_millis(250) }
}

/// Looks whether a site was built again; nothing where that cannot be told.
///
/// # Errors
/// The host does not answer.
pub(super) fn stamp(from: &str) -> anyhow::Result<Option<PublishedStamp>> {
    if is_address(from) {
        return version(from).map(|version| version.map(PublishedStamp::Version));
    }
    let facts = fs::metadata(Path::new(from).join(MANIFEST)).ok();
    let written = facts.and_then(|facts| Some((facts.modified().ok()?, facts.len())));
    Ok(written.map(|(modified, length)| PublishedStamp::Written(modified, length)))
}

#[cfg(feature = "deploy")]
fn version(from: &str) -> anyhow::Result<Option<String>> {
    use crate::deploy::bucket::runtime::runtime;

    let runtime = runtime().map_err(|fault| anyhow!(fault.message))?;
    let address = web::address(from, &first_files()[0]);
    runtime.block_on(async { web::version(&web::client()?, &address).await })
}

#[cfg(not(feature = "deploy"))]
fn version(from: &str) -> anyhow::Result<Option<String>> {
    bail!("{from} cannot be reached: this program was built without the feature `deploy`")
}

/// The files of these paths that there are.
fn read(from: &str, paths: &[String]) -> anyhow::Result<Files> {
    let found = if is_address(from) { over_http(from, paths)? } else { of_folder(from, paths)? };
    let file = |(path, bytes): (String, Vec<u8>)| Some((FilePath::new(&path)?, bytes.into()));
    Ok(found.into_iter().filter_map(file).collect())
}

fn is_address(from: &str) -> bool {
    from.starts_with("http://") || from.starts_with("https://")
}

fn of_folder(from: &str, paths: &[String]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let folder = Path::new(from);
    if !folder.is_dir() {
        bail!("there is no folder {from}");
    }
    let mut found = Vec::new();
    for path in paths {
        let file = folder.join(path);
        match fs::metadata(&file) {
            Ok(facts) if facts.len() > LARGEST => bail!("{} is too large", file.display()),
            Ok(_) => {
                let bytes = fs::read(&file);
                found.push((
                    path.clone(),
                    bytes.with_context(|| format!("cannot read {}", file.display()))?,
                ));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", file.display()));
            }
        }
    }
    Ok(found)
}

#[cfg(feature = "deploy")]
fn over_http(from: &str, paths: &[String]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    use crate::deploy::bucket::runtime::runtime;

    let runtime = runtime().map_err(|fault| anyhow!(fault.message))?;
    runtime.block_on(async { web::read(&web::client()?, from, paths, std::thread::sleep).await })
}

#[cfg(not(feature = "deploy"))]
fn over_http(from: &str, _: &[String]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    bail!("{from} cannot be reached: this program was built without the feature `deploy`")
}
