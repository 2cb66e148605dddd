//! Requests to programming interfaces beside the stores, tried again while the other side is in trouble.

use std::time::Duration;

use futures_util::TryStreamExt;
use object_store::ClientOptions;
use object_store::client::{HttpClient, HttpConnector, HttpRequest, ReqwestConnector};
use tokio::runtime::Runtime;

use super::fault::redacted;
use super::runtime::runtime;
use crate::deploy::store::Fault;

/// How often a request is tried that does the same when it is asked twice.
const TRIES: u32 = 4;

/// What requests go through.
pub struct Wire {
    /// What waits for answers.
    pub(super) runtime: Runtime,
    client: HttpClient,
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// `GET`, `POST`, `PATCH`.
    pub method: &'static str,
    /// Where to.
    pub address: &'a str,
    /// The type of the body.
    pub content_type: &'static str,
    /// What is sent.
    pub body: &'a str,
    /// Whether it does the same when it is asked twice, so that it may be tried again.
    pub is_repeatable: bool,
}

impl Wire {
    /// Opens nothing yet.
    ///
    /// # Errors
    /// This machine cannot make connections at all.
    pub fn new() -> Result<Wire, Fault> {
        let runtime = runtime()?;
        let options =
            ClientOptions::new().with_allow_http(true).with_timeout(Duration::from_secs(30));
        let client = ReqwestConnector::default()
            .connect(&options)
            .map_err(|error| Fault::lasting(redacted(&error.to_string())))?;
        Ok(Wire { runtime, client })
    }

    /// The body of the answer to a request, which `sign` may add headers to.
    ///
    /// # Errors
    /// The other side refuses, is in trouble or does not answer.
    ///
    /// # Panics
    /// Never: methods and types are plain words.
    pub fn send(
        &self,
        sent: Sent<'_>,
        sign: impl Fn(&mut HttpRequest) -> Result<(), String>,
    ) -> Result<Vec<u8>, Fault> {
        let mut last = Fault::passing("no answer");
        for attempt in 0..if sent.is_repeatable { TRIES } else { 1 } {
            if attempt > 0 {
                std::thread::sleep(Duration::from_millis(250 << attempt));
            }
            let mut request = HttpRequest::new(sent.body.to_owned().into());
            *request.method_mut() = sent.method.parse().expect("a method");
            *request.uri_mut() =
                sent.address.parse().map_err(|_| Fault::lasting("its address makes no sense"))?;
            let value = sent.content_type.parse().expect("a plain type");
            request.headers_mut().insert("content-type", value);
            sign(&mut request).map_err(|error| Fault::lasting(redacted(&error)))?;
            let answer = self.runtime.block_on(async {
                let response = self.client.execute(request).await?;
                let status = response.status().as_u16();
                let body: Vec<_> = response.into_body().bytes_stream().try_collect().await?;
                Ok::<_, object_store::client::HttpError>((status, body.concat()))
            });
            last = match answer {
                Ok((200..=299, body)) => return Ok(body),
                Ok((status @ (401 | 403), _)) => {
                    return Err(Fault::denied(format!("refused (status {status})")));
                }
                Ok((status @ (408 | 429 | 500..=599), _)) => {
                    Fault::passing(format!("in trouble (status {status})"))
                }
                Ok((status, body)) => {
                    let said = redacted(&String::from_utf8_lossy(&body));
                    return Err(Fault::lasting(format!("status {status}: {said}")));
                }
                Err(_) => Fault::passing("no answer"),
            };
        }
        Err(last)
    }
}
