//! Looks at every answer of a store on its way: what time it is there, and whether it asks for fewer requests.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use jiff::{SignedDuration, Timestamp};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};

/// What was seen in answers.
#[derive(Clone, Debug, Default)]
pub struct AnswerWatch(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// How many seconds the store's clock is ahead of ours.
    ahead: AtomicI64,
    throttled: AtomicUsize,
}

impl AnswerWatch {
    /// What time it is at the store.
    #[expect(clippy::disallowed_methods, reason = "a deploy knows the time")]
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.checked_add(self.skew()).unwrap_or(now)
    }

    /// How far the store's clock is ahead of ours, as far as its answers said.
    pub fn skew(&self) -> SignedDuration {
        SignedDuration::from_secs(self.0.ahead.load(Ordering::Relaxed))
    }

    /// How many answers asked for fewer requests.
    pub fn throttled(&self) -> usize {
        self.0.throttled.load(Ordering::Relaxed)
    }
}

impl Seen {
    #[expect(clippy::disallowed_methods, reason = "a deploy knows the time")]
    fn look(&self, response: &HttpResponse) {
        if matches!(response.status().as_u16(), 429 | 503) {
            self.throttled.fetch_add(1, Ordering::Relaxed);
        }
        let date = response.headers().get("date").and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        if let Some(date) = date {
            let ahead = date.timestamp().duration_since(Timestamp::now()).as_secs();
            self.ahead.store(ahead, Ordering::Relaxed);
        }
    }
}

impl HttpConnector for AnswerWatch {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let inner = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Watched { inner, seen: Arc::clone(&self.0) }))
    }
}

#[derive(Debug)]
struct Watched {
    inner: HttpClient,
    seen: Arc<Seen>,
}

impl HttpService for Watched {
    fn call<'service, 'future>(
        &'service self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'future>>
    where
        'service: 'future,
        Self: 'future,
    {
        Box::pin(async move {
            let response = self.inner.execute(request).await?;
            self.seen.look(&response);
            Ok(response)
        })
    }
}
