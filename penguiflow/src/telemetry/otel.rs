//! Sets up the export of spans to a collector, by one call. Must not know how a flow runs.

mod queue;
mod retry;
mod sender;
mod wire;

use crate::clock::Seam;
use crate::net;
use crate::secret::Secret;
use crate::telemetry::http;
use crate::telemetry::logging::{Logging, LoggingError};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{RetryPolicy, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use queue::Queue;
use reqwest::header::HeaderMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Dispatch, Level, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::registry::Registry;
use wire::Wire;

/// Where spans go: a collector that takes OTLP over HTTP.
///
/// ```no_run
/// use penguiflow::clock::secs;
/// use penguiflow::{Logging, Otel};
///
/// # async fn main_of_yours() -> Result<(), penguiflow::OtelError> {
/// let telemetry = Otel::new("http://127.0.0.1:4318").with_service("support").with_logging(Logging::json()).init()?;
/// // … flows run …
/// telemetry.shutdown(secs(5)).await;
/// # Ok(())
/// # }
/// ```
#[doc = include_str!("../../docs/otel.md")]
#[must_use = "nothing is exported before `init`"]
pub struct Otel {
    endpoint: String,
    service: Option<String>,
    attributes: Vec<(String, String)>,
    headers: Vec<(String, Secret)>,
    ratio: f64,
    level: Level,
    timeout: Duration,
    logging: Option<Logging>,
}

impl Otel {
    /// To the collector at this address; `/v1/traces` is put behind it, unless it ends so.
    pub fn new(endpoint: impl Into<String>) -> Self {
        Otel {
            endpoint: endpoint.into(),
            service: None,
            attributes: Vec::new(),
            headers: Vec::new(),
            ratio: 1.0,
            level: Level::INFO,
            timeout: Duration::from_secs(10),
            logging: None,
        }
    }

    /// Names the program. Otherwise the environment variable `OTEL_SERVICE_NAME` does, or nobody.
    pub fn with_service(self, name: impl Into<String>) -> Self {
        Otel { service: Some(name.into()), ..self }
    }

    /// Tells something else of the program, as `deployment.environment.name`.
    pub fn with_attribute(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push((key.into(), value.into()));
        self
    }

    /// Sends a header with each request, as `authorization`.
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Exports this share of the traces, from 0.0 to 1.0; by default all. A trace whose message has a
    /// [traceparent](crate::Message::with_traceparent) does as that says, whatever the share.
    pub fn with_sampling(self, ratio: f64) -> Self {
        Otel { ratio, ..self }
    }

    /// Exports spans and lines that matter at least so much; by default `INFO`. `RUST_LOG` is for the log lines alone.
    pub fn with_level(self, level: Level) -> Self {
        Otel { level, ..self }
    }

    /// How long one request may take; by default ten seconds.
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Otel { timeout, ..self }
    }

    /// Writes log lines, too.
    pub fn with_logging(self, logging: Logging) -> Self {
        Otel { logging: Some(logging), ..self }
    }

    /// Lets the whole program export, from now on.
    ///
    /// # Errors
    /// When an argument cannot be right, and when the program has a subscriber of `tracing` already. A collector that cannot be
    /// reached is no error: see [`Telemetry::exports`].
    pub fn init(self) -> Result<Telemetry, OtelError> {
        let (dispatch, telemetry) = self.build()?;
        tracing::dispatcher::set_global_default(dispatch).map_err(|_| LoggingError::AlreadySet)?;
        Ok(telemetry)
    }

    /// Lets this thread export until the guard beside the telemetry is dropped: for tests.
    ///
    /// # Errors
    /// As [`init`](Otel::init).
    pub fn scoped(self) -> Result<(Telemetry, ScopedTelemetry), OtelError> {
        let second = Dispatch::new(NoSubscriber::new());
        let (dispatch, telemetry) = self.build()?;
        Ok((telemetry, ScopedTelemetry { _guard: tracing::dispatcher::set_default(&dispatch), _second: second }))
    }

    fn build(self) -> Result<(Dispatch, Telemetry), OtelError> {
        let Otel { endpoint, service, attributes, headers, ratio, level, timeout, logging } = self;
        if !(0.0..=1.0).contains(&ratio) {
            return Err(OtelError::Sampling { ratio });
        }
        let url = http::url(&endpoint, "/v1/traces").map_err(|why| OtelError::Endpoint { endpoint, why })?;
        let mut secret = HeaderMap::new();
        for (name, value) in headers {
            net::put_secret(&mut secret, &name, value.expose()).map_err(|why| OtelError::Header { name, why })?;
        }
        let client =
            http::client(timeout).map_err(|error| OtelError::Client { why: error.without_url().to_string() })?;
        let logging = logging.map(Logging::layer).transpose()?;
        let seam = Seam::system();
        let wire = Wire::new(client, secret, timeout, seam.clone());
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(url.as_str())
            .with_timeout(timeout)
            .with_retry_policy(RetryPolicy::disabled())
            .with_http_client(wire.clone())
            .build()
            .map_err(|error| OtelError::Client { why: error.to_string() })?;
        let attributes = attributes.into_iter().map(|(key, value)| KeyValue::new(key, value));
        let resource = Resource::builder().with_attributes(attributes);
        let resource = service.into_iter().fold(resource, |resource, name| resource.with_service_name(name)).build();
        let queue = Arc::new(Queue::new(seam));
        let processor = sender::start(queue.clone(), exporter, wire, &resource).map_err(OtelError::Thread)?;
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(ratio))))
            .with_span_processor(processor)
            .build();
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("penguiflow"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            // Flows say themselves what has failed: an attempt may, and the flow goes on.
            .with_error_events_to_status(false)
            .with_error_events_to_exceptions(false)
            .with_filter(LevelFilter::from_level(level));
        let subscriber = Registry::default().with(logging).with(layer);
        Ok((dispatch(subscriber), Telemetry { queue }))
    }
}

fn dispatch(subscriber: impl Subscriber + Send + Sync + 'static) -> Dispatch {
    Dispatch::new(subscriber)
}

/// Without the values of headers.
impl fmt::Debug for Otel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Otel")
            .field("endpoint", &self.endpoint)
            .field("service", &self.service)
            .field("ratio", &self.ratio)
            .finish_non_exhaustive()
    }
}

/// The export of spans, while it runs. Keep it until the end of the program; when it is dropped, what waits is sent for five
/// seconds more, if the program lives so long.
#[must_use = "dropping it ends the export: keep it, and call `shutdown` at the end"]
pub struct Telemetry {
    queue: Arc<Queue>,
}

/// How the export goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exports {
    /// How many spans the collector has.
    pub sent: u64,
    /// How many wait.
    pub waiting: usize,
    /// How many were lost: because as many waited as may, because the collector did not want them, or because the end came.
    pub lost: u64,
    /// How many requests have failed.
    pub failures: u64,
    /// Why the last one did.
    pub last_error: Option<String>,
}

impl Telemetry {
    /// How many spans may wait for the collector.
    pub const ROOM: usize = 8_192;

    /// How the export goes.
    pub fn exports(&self) -> Exports {
        self.queue.exports()
    }

    /// Waits until all that has ended before is sent or lost.
    ///
    /// *Cancel safety*: dropping the future changes nothing.
    pub async fn flush(&self) {
        let flushed = self.queue.flush();
        // An error means that the thread has ended, and nothing waits.
        let _ = flushed.await;
    }

    /// Sends what waits, at most as long as `limit`, and ends the export. Traces that still run are not exported: shut their
    /// flows down first.
    ///
    /// *Cancel safety*: once it was polled, the export ends even if the future is dropped.
    pub async fn shutdown(self, limit: Duration) -> Exports {
        self.queue.close(limit);
        self.flush().await;
        self.exports()
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        self.queue.close(Duration::from_secs(5));
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").field("exports", &self.exports()).finish_non_exhaustive()
    }
}

/// Telemetry of one thread, until it is dropped.
#[derive(Debug)]
#[must_use = "dropping it ends the export of this thread"]
pub struct ScopedTelemetry {
    _guard: DefaultGuard,
    // As that of `ScopedLogging`.
    _second: Dispatch,
}

/// Why nothing is exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OtelError {
    /// The address cannot be one.
    #[error("`{endpoint}` is no address of a collector: {why}; write it as http://127.0.0.1:4318")]
    Endpoint {
        /// The address.
        endpoint: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A header cannot be sent.
    #[error("the header `{name}` cannot be sent: {why}")]
    Header {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The share of traces is none.
    #[error("a share of {ratio} of the traces cannot be exported: write one from 0.0 to 1.0")]
    Sampling {
        /// What was written.
        ratio: f64,
    },
    /// The log lines cannot be set up.
    #[error(transparent)]
    Logging(#[from] LoggingError),
    /// No client can be made, for example because the system trusts no certificate.
    #[error("no HTTP client can be made: {why}")]
    Client {
        /// Why not.
        why: String,
    },
    /// The system refuses a thread.
    #[error("the thread that exports cannot be started")]
    Thread(#[source] std::io::Error),
}
