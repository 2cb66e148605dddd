//! A published site, read to be asked: from a folder, or over HTTP from an address. Only what it published is read.
#![expect(clippy::disallowed_methods, reason = "the command line reads folders")]

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, anyhow, bail};
use jiff::civil::Date;

use crate::build::{Cache, Options, judge, search_index};
use crate::files::{FilePath, Files, MANIFEST};
use crate::mcp::Library;
use crate::mcp::published::{first_files, other_files, sources, unpacked};
use crate::memo::Mode;

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

/// By what a folder shows that it was built again.
pub(super) fn stamp(from: &str) -> Option<(SystemTime, u64)> {
    let facts = fs::metadata(Path::new(from).join(MANIFEST)).ok()?;
    Some((facts.modified().ok()?, facts.len()))
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
    use std::time::Duration;

    use futures_util::stream::{StreamExt, TryStreamExt, iter};

    use crate::deploy::bucket::runtime::runtime;
    use crate::resolve::Address;

    /// How many requests are open at a time.
    const OPEN: usize = 16;

    let runtime = runtime().map_err(|fault| anyhow!(fault.message))?;
    let base = from.trim_end_matches("index.html").trim_end_matches('/');
    runtime.block_on(async {
        let client = reqwest::Client::builder().timeout(Duration::from_mins(1)).build()?;
        let get = |path: String| {
            let client = client.clone();
            async move {
                let address = format!("{base}/{}", Address::of_file(&path).encoded());
                let said = || format!("cannot read {address}");
                let answer = client.get(&address).send().await.with_context(said)?;
                if matches!(answer.status().as_u16(), 403 | 404 | 410) {
                    return Ok(None);
                }
                let answer = answer.error_for_status().with_context(said)?;
                if answer.content_length().is_some_and(|length| length > LARGEST) {
                    bail!("{address} is too large");
                }
                let bytes = answer.bytes().await.with_context(said)?;
                Ok(Some((path, bytes.to_vec())))
            }
        };
        let answers = iter(paths.to_vec()).map(get).buffered(OPEN);
        let found: Vec<Option<(String, Vec<u8>)>> = answers.try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    })
}

#[cfg(not(feature = "deploy"))]
fn over_http(from: &str, _: &[String]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    bail!("{from} cannot be reached: this program was built without the feature `deploy`")
}
