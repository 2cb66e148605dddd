//! Files of a published site over HTTP: what fails for a moment is tried again, what is not there is nothing, and a page
//! that a host shows instead of a file is not taken for it.

use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use futures_util::stream::{StreamExt, iter};
use reqwest::header::{CONTENT_TYPE, ETAG, LAST_MODIFIED};
use reqwest::{Client, Response, StatusCode};

use crate::resolve::Address;

use super::LARGEST;

/// How many requests are open at a time.
const OPEN: usize = 16;

/// How often a request is made that fails for a moment.
const TRIES: u32 = 3;

/// How long a host may say nothing at all.
const SILENCE: Duration = Duration::from_secs(20);

pub(super) fn client() -> anyhow::Result<Client> {
    let client = Client::builder().connect_timeout(Duration::from_secs(10)).read_timeout(SILENCE);
    Ok(client.build()?)
}

/// The address of a file of the site at an address, whether that names a folder or its index.
pub(super) fn address(from: &str, path: &str) -> String {
    let from = from.split(['?', '#']).next().unwrap_or_default();
    let base = from.trim_end_matches("index.html").trim_end_matches('/');
    format!("{base}/{}", Address::of_file(path).encoded())
}

/// The files of these paths that there are. What fails for a moment is asked for again, after the others.
pub(super) async fn read(
    client: &Client,
    from: &str,
    paths: &[String],
    rest: impl Fn(Duration),
) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut wanted = paths.to_vec();
    for tried in 1..=TRIES {
        let get = |path: String| async move {
            let answer = once(client, &address(from, &path)).await;
            (path, answer)
        };
        let answers: Vec<(String, HttpRead)> = iter(wanted).map(get).buffered(OPEN).collect().await;
        wanted = Vec::new();
        for (path, answer) in answers {
            match answer {
                Ok(bytes) => found.extend(bytes.map(|bytes| (path, bytes))),
                Err(HttpFault::Passing(_)) if tried < TRIES => wanted.push(path),
                Err(HttpFault::Passing(error)) => {
                    return Err(error).with_context(|| format!("tried {TRIES} times"));
                }
                Err(HttpFault::Lasting(error)) => return Err(error),
            }
        }
        if wanted.is_empty() {
            break;
        }
        rest(Duration::from_millis(200) * tried);
    }
    Ok(found)
}

/// What the host says of the version of a file; nothing if it says nothing.
pub(super) async fn version(client: &Client, address: &str) -> anyhow::Result<Option<String>> {
    let asked = client.head(address).timeout(Duration::from_secs(5)).send().await;
    let answer = asked.with_context(|| format!("cannot read {address}"))?;
    let answer = answer.error_for_status().with_context(|| format!("cannot read {address}"))?;
    let says = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
    Ok(says(ETAG).or_else(|| says(LAST_MODIFIED)).map(str::to_owned))
}

/// The bytes of a file, if there are some.
type HttpRead = Result<Option<Vec<u8>>, HttpFault>;

/// Why a file was not read.
enum HttpFault {
    /// It may be read the next time.
    Passing(anyhow::Error),
    Lasting(anyhow::Error),
}

async fn once(client: &Client, address: &str) -> HttpRead {
    let failed = |error: reqwest::Error| {
        HttpFault::Passing(anyhow!(error.without_url()).context(format!("cannot read {address}")))
    };
    let answer = client.get(address).send().await.map_err(failed)?;
    let status = answer.status();
    if matches!(status.as_u16(), 403 | 404 | 410) {
        return Ok(None);
    }
    if !status.is_success() {
        let error = anyhow!("cannot read {address}: the host answers {status}");
        let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        return Err(if passes { HttpFault::Passing(error) } else { HttpFault::Lasting(error) });
    }
    // Some hosts answer with their start page or a login whatever is asked for.
    if is_page(&answer) {
        return Ok(None);
    }
    body(answer, address).await.map_err(HttpFault::Lasting)?.map_err(failed).map(Some)
}

fn is_page(answer: &Response) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
}

/// The whole body, or what cut it off.
async fn body(
    mut answer: Response,
    address: &str,
) -> anyhow::Result<Result<Vec<u8>, reqwest::Error>> {
    let mut bytes = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(Ok(bytes)),
            Err(error) => return Ok(Err(error)),
        }
        if bytes.len() as u64 > LARGEST {
            bail!("{address} is too large");
        }
    }
}
