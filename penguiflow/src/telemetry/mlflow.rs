//! Keeps a run of an MLflow server for what flows do, by one call. Must not know how a flow runs.

mod book;
mod figures;
mod rest;
mod scribe;

use crate::clock::Seam;
use crate::event::{FlowEvent, Observer};
use crate::net;
use crate::secret::Secret;
use crate::telemetry::http;
use crate::telemetry::otel::Otel;
use book::{Book, Status};
use reqwest::header::HeaderMap;
use rest::Rest;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A run of an experiment on an MLflow server, before it begins.
///
/// ```no_run
/// use penguiflow::clock::secs;
/// use penguiflow::prelude::*;
/// use penguiflow::Mlflow;
///
/// #[node]
/// async fn shout(text: String) -> String { text.to_uppercase() }
/// flow! { shouting(String) -> String { shout } }
///
/// # async fn main_of_yours() -> Result<(), Box<dyn std::error::Error>> {
/// let run = Mlflow::new("http://127.0.0.1:5000", "shouting").with_param("style", "loud").start()?;
/// let app = shouting::flow().start()?;
/// let observation = app.observe(run.observer());
/// app.call("hello".to_owned()).await?;
/// observation.flush(secs(5));
/// run.finish(secs(5)).await?;
/// # Ok(())
/// # }
/// ```
#[doc = include_str!("../../docs/mlflow.md")]
#[must_use = "no run begins before `start`"]
pub struct Mlflow {
    url: String,
    experiment: String,
    token: Option<Secret>,
    name: Option<String>,
    params: Vec<(String, String)>,
    tags: Vec<(String, String)>,
    timeout: Duration,
}

impl Mlflow {
    /// A run of `experiment`, which is made if it is not there, on the server at this address.
    pub fn new(url: impl Into<String>, experiment: impl Into<String>) -> Self {
        Mlflow {
            url: url.into(),
            experiment: experiment.into(),
            token: None,
            name: None,
            params: Vec::new(),
            tags: Vec::new(),
            timeout: Duration::from_secs(10),
        }
    }

    /// Sends this with each request, as a bearer token.
    pub fn with_token(self, token: impl Into<Secret>) -> Self {
        Mlflow { token: Some(token.into()), ..self }
    }

    /// Names the run. Otherwise the server does.
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Mlflow { name: Some(name.into()), ..self }
    }

    /// Notes what the run was done with.
    pub fn with_param(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((key.into(), value.into()));
        self
    }

    /// Marks the run.
    pub fn with_tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.push((key.into(), value.into()));
        self
    }

    /// How long one request may take; by default ten seconds.
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Mlflow { timeout, ..self }
    }

    /// Begins the run. The server is asked on a thread of its own, again and again while it is down, so that this does not wait.
    ///
    /// # Errors
    /// When an argument cannot be right, or the system refuses a thread.
    pub fn start(self) -> Result<MlflowRun, MlflowError> {
        let seam = Seam::system();
        let (rest, begin) = self.rest(&seam)?;
        let book = Arc::new(Book::new(seam));
        scribe::start(book.clone(), rest, begin)?;
        Ok(MlflowRun { book })
    }

    /// Where the spans of the same experiment go: the server takes them by OTLP, and shows them as its traces. The server is
    /// asked for the number of the experiment.
    ///
    /// ```no_run
    /// # async fn main_of_yours() -> Result<(), Box<dyn std::error::Error>> {
    /// let mlflow = penguiflow::Mlflow::new("http://127.0.0.1:5000", "shouting");
    /// let telemetry = mlflow.traces().await?.with_service("shouting").init()?;
    /// # drop(telemetry);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// *Cancel safety*: dropping the future changes nothing.
    ///
    /// # Errors
    /// When an argument cannot be right, and when the server does not answer.
    pub async fn traces(&self) -> Result<Otel, MlflowError> {
        let (rest, begin) = self.rest(&Seam::system())?;
        let experiment = scribe::experiment(rest, begin.experiment).await?;
        let otel = Otel::new(&*self.url).with_header("x-mlflow-experiment-id", experiment).with_timeout(self.timeout);
        Ok(match &self.token {
            None => otel,
            Some(token) => otel.with_header("authorization", bearer(token)),
        })
    }

    fn rest(&self, seam: &Seam) -> Result<(Rest, scribe::Begin), MlflowError> {
        let address = |why| MlflowError::Address { url: self.url.clone(), why };
        let url = http::url(&self.url, "/api/2.0/mlflow/").map_err(address)?;
        if self.experiment.is_empty() {
            return Err(MlflowError::Experiment);
        }
        let mut headers = HeaderMap::new();
        if let Some(token) = &self.token {
            net::put_secret(&mut headers, "authorization", bearer(token).expose()).map_err(|_| MlflowError::Token)?;
        }
        let client =
            http::client(self.timeout).map_err(|error| MlflowError::Client { why: error.without_url().to_string() })?;
        let begin = scribe::Begin {
            experiment: self.experiment.clone(),
            name: self.name.clone(),
            params: self.params.clone(),
            tags: self.tags.clone(),
            at: seam.wall(),
        };
        Ok((Rest::new(client, url, headers, self.timeout), begin))
    }
}

fn bearer(token: &Secret) -> Secret {
    Secret::new(format!("Bearer {}", token.expose()))
}

/// Without the token.
impl fmt::Debug for Mlflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mlflow").field("url", &self.url).field("experiment", &self.experiment).finish_non_exhaustive()
    }
}

/// A run that has begun. When it is dropped without an end, it ends as killed, if the program lives for that.
#[must_use = "dropping it ends the run as killed: call `finish` or `fail` at the end"]
pub struct MlflowRun {
    book: Arc<Book>,
}

/// Notes what happens in flows in a run: for [`Handle::observe`](crate::Handle::observe).
#[derive(Clone)]
pub struct MlflowObserver {
    book: Arc<Book>,
}

/// How a run goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MlflowReport {
    /// The run's name for the server, once that knows it.
    pub run_id: Option<String>,
    /// How many figures the server has.
    pub sent: u64,
    /// How many wait.
    pub waiting: usize,
    /// How many figures and tags were lost: because as many waited as may, because the server did not want them, or because the end came.
    pub lost: u64,
    /// How many requests have failed.
    pub failures: u64,
    /// Why the last one did.
    pub last_error: Option<String>,
    /// Whether the server knows that the run has ended.
    pub ended: bool,
}

impl MlflowRun {
    /// How many figures may wait for the server.
    pub const ROOM: usize = 10_000;

    /// How many tags may wait for it.
    pub const TAGS: usize = 1_000;

    /// Who notes what happens in flows in this run. One run may have several.
    pub fn observer(&self) -> MlflowObserver {
        MlflowObserver { book: self.book.clone() }
    }

    /// Notes a figure of your own.
    pub fn log(&self, key: impl Into<String>, value: f64) {
        self.book.log(key.into(), value);
    }

    /// Marks the run. A tag that waits takes a later value of the same key; up to [`MlflowRun::TAGS`] wait, and those beyond
    /// are lost, and counted.
    pub fn set_tag(&self, key: impl Into<String>, value: impl Into<String>) {
        self.book.tag(key.into(), value.into());
    }

    /// How the run goes.
    pub fn report(&self) -> MlflowReport {
        self.book.report()
    }

    /// Sends what waits, and ends the run as finished, at most `limit` from now. Let observers
    /// [hear everything](crate::Observation::flush) before.
    ///
    /// *Cancel safety*: once it was polled, the run ends even if the future is dropped.
    ///
    /// # Errors
    /// When the server could not be told that the run has ended: it shows the run as running for ever.
    pub async fn finish(self, limit: Duration) -> Result<MlflowReport, MlflowError> {
        self.end(Status::Finished, limit).await
    }

    /// The same for a run that has failed.
    ///
    /// # Errors
    /// As [`finish`](MlflowRun::finish).
    pub async fn fail(self, limit: Duration) -> Result<MlflowReport, MlflowError> {
        self.end(Status::Failed, limit).await
    }

    async fn end(self, status: Status, limit: Duration) -> Result<MlflowReport, MlflowError> {
        // An error means that the thread has ended already.
        let _ = self.book.close(status, limit).await;
        let report = self.report();
        if report.ended { Ok(report) } else { Err(MlflowError::NotEnded { report: Box::new(report) }) }
    }
}

impl Drop for MlflowRun {
    fn drop(&mut self) {
        drop(self.book.close(Status::Killed, Duration::from_secs(5)));
    }
}

impl Observer for MlflowObserver {
    fn on_event(&self, event: &FlowEvent) {
        self.book.hear(event);
    }
}

impl fmt::Debug for MlflowRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MlflowRun").field("report", &self.report()).finish_non_exhaustive()
    }
}

impl fmt::Debug for MlflowObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MlflowObserver").finish_non_exhaustive()
    }
}

/// Why a run cannot begin, or has no end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MlflowError {
    /// The address cannot be one.
    #[error("`{url}` is no address of an MLflow server: {why}; write it as http://127.0.0.1:5000")]
    Address {
        /// The address.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The experiment has no name.
    #[error("an experiment has a name: give one to `Mlflow::new`")]
    Experiment,
    /// The token cannot be sent.
    #[error("the token cannot be sent: it has characters that no header may have")]
    Token,
    /// No client can be made, for example because the system trusts no certificate.
    #[error("no HTTP client can be made: {why}")]
    Client {
        /// Why not.
        why: String,
    },
    /// The server did not tell the number of the experiment.
    #[error("the MLflow server does not tell its number of the experiment: {why}")]
    Unanswered {
        /// Why not.
        why: String,
    },
    /// The server does not know that the run has ended.
    #[error("the MLflow server does not know that the run has ended: {}", .report.last_error.as_deref().unwrap_or("the time was up"))]
    NotEnded {
        /// How the run went.
        report: Box<MlflowReport>,
    },
    /// The system refuses a thread.
    #[error("the thread that talks to the MLflow server cannot be started")]
    Thread(#[from] std::io::Error),
}
