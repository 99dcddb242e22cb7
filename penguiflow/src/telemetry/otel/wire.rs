//! Sends one request of the exporter, and remembers how it went. Knows no span.

use crate::clock::Seam;
use crate::telemetry::otel::retry::Fault;
use futures_util::future::BoxFuture;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::Client;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long an answer may be, in bytes: it says no more than which spans were refused.
const ANSWER_MAX: usize = 64 * 1024;

/// Clones share what they remember.
#[derive(Clone)]
pub(super) struct Wire(Arc<Inner>);

struct Inner {
    client: Client,
    headers: HeaderMap,
    timeout: Duration,
    seam: Seam,
    last: Mutex<Last>,
}

/// The request that runs, or the last one.
struct Last {
    timeout: Duration,
    fault: Fault,
    why: Option<String>,
}

impl Wire {
    pub(super) fn new(client: Client, headers: HeaderMap, timeout: Duration, seam: Seam) -> Self {
        let last = Mutex::new(Last { timeout, fault: Fault::Silent, why: None });
        Wire(Arc::new(Inner { client, headers, timeout, seam, last }))
    }

    /// A request begins, which may take no longer than is left.
    pub(super) fn begin(&self, left: Option<Duration>) {
        let timeout = left.map_or(self.0.timeout, |left| left.min(self.0.timeout));
        *self.0.last() = Last { timeout, fault: Fault::Silent, why: None };
    }

    pub(super) fn fault(&self) -> Fault {
        self.0.last().fault
    }

    /// What went wrong, in words.
    pub(super) fn why(&self) -> Option<String> {
        self.0.last().why.take()
    }
}

impl Inner {
    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let mut request = reqwest::Request::try_from(request)?;
        request.headers_mut().extend(self.headers.clone());
        *request.timeout_mut() = Some(self.last().timeout);
        let began = self.seam.now();
        let mut answer = self.client.execute(request).await.map_err(|error| {
            let took = self.seam.now().saturating_duration_since(began);
            self.last().why = Some(words(&error.without_url(), took));
            "the request has failed"
        })?;
        let status = answer.status();
        if !status.is_success() {
            let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            let mut last = self.last();
            last.fault = Fault::Status { code: status.as_u16(), retry_after: retry_after.map(Duration::from_secs) };
            last.why = Some(format!("the collector answers {status}"));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if bytes.len() + chunk.len() > ANSWER_MAX {
                break;
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Response::builder().status(status).body(bytes.into())?)
    }
}

/// The client tells what it did and leaves what went wrong to the causes.
fn words(error: &reqwest::Error, took: Duration) -> String {
    if error.is_timeout() {
        return format!("the collector did not answer within {took:.1?}");
    }
    let mut innermost: &dyn Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    format!("the collector cannot be reached: {innermost}")
}

impl HttpClient for Wire {
    // What the trait's attribute makes of an `async fn`.
    fn send_bytes<'life, 'out>(
        &'life self,
        request: Request<Bytes>,
    ) -> BoxFuture<'out, Result<Response<Bytes>, HttpError>>
    where
        'life: 'out,
        Self: 'out,
    {
        Box::pin(self.0.send(request))
    }
}

/// Without what is sent.
impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}
