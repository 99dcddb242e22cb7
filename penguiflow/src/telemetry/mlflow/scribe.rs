//! Tells the server what is in the book, on a thread of its own. Knows no event.

use crate::telemetry::mlflow::MlflowError;
use crate::telemetry::mlflow::book::{Book, Next, Status};
use crate::telemetry::mlflow::figures::stamp;
use crate::telemetry::mlflow::rest::{Fault, Rest};
use serde_json::json;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// How many parameters the server takes at once.
const PARAMS_MAX: usize = 100;

/// What a run begins with.
pub(super) struct Begin {
    pub(super) experiment: String,
    pub(super) name: Option<String>,
    pub(super) params: Vec<(String, String)>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) at: SystemTime,
}

/// The thread's tools.
struct Scribe {
    book: Arc<Book>,
    rest: Rest,
    runtime: Runtime,
}

/// Starts the thread.
pub(super) fn start(book: Arc<Book>, rest: Rest, begin: Begin) -> io::Result<()> {
    // A runtime of its own: that of the flows may be busy, paused or gone.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let scribe = Scribe { book, rest, runtime };
    thread::Builder::new().name("penguiflow-mlflow".into()).spawn(move || scribe.serve(&begin)).map(drop)
}

/// Asks for the id of an experiment, once.
pub(super) async fn experiment(rest: Rest, name: String) -> Result<String, MlflowError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (told, answer) = oneshot::channel();
    let ask = move || {
        // Whoever asked may have gone.
        let _ = told.send(runtime.block_on(rest.experiment(&name, None)));
    };
    thread::Builder::new().name("penguiflow-mlflow".into()).spawn(ask)?;
    let answer = answer.await.unwrap_or_else(|_| Ok(String::new()));
    answer.map_err(|fault| MlflowError::Unanswered { why: fault.why })
}

impl Scribe {
    fn serve(&self, begin: &Begin) {
        let ended = match self.begin(begin) {
            None => false,
            Some(run) => self.keep(&run),
        };
        self.book.over(ended);
        if !ended {
            let error = self.book.report().last_error.unwrap_or_default();
            tracing::error!(target: "penguiflow::mlflow", error, "the MLflow server does not know how the run has ended");
        }
    }

    /// Begins the run; nothing if that cannot be.
    fn begin(&self, begin: &Begin) -> Option<String> {
        let Begin { experiment, name, params, tags, at } = begin;
        let experiment = self.insist(|left| self.runtime.block_on(self.rest.experiment(experiment, left)))?;
        let tags: Vec<_> = tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        let run = json!({ "experiment_id": experiment, "run_name": name, "start_time": stamp(*at), "tags": tags });
        let run = self.insist(|left| self.runtime.block_on(self.rest.begin(&run, left)))?;
        self.book.began(run.clone());
        for params in params.chunks(PARAMS_MAX) {
            self.insist(|left| self.runtime.block_on(self.rest.params(&run, params, left)));
        }
        Some(run)
    }

    /// Tells what there is until the run's end; false if the server does not know that.
    fn keep(&self, run: &str) -> bool {
        loop {
            match self.book.next() {
                Next::Tag(key, value) => {
                    let tag = (key, value);
                    self.insist(|left| self.runtime.block_on(self.rest.tag(run, &tag, left)));
                }
                Next::Figures(figures) => {
                    match self.insist(|left| self.runtime.block_on(self.rest.figures(run, &figures, left))) {
                        Some(()) => self.book.sent(),
                        None => self.book.lost(),
                    }
                }
                Next::End(status) => return self.end(run, status),
            }
        }
    }

    fn end(&self, run: &str, status: Status) -> bool {
        let at = stamp(self.book.wall());
        self.insist(|left| self.runtime.block_on(self.rest.end(run, status.word(), at, left))).is_some()
    }

    /// Asks until there is an answer, with pauses that double up to thirty seconds; nothing if the server does not want it, or
    /// the time is up.
    fn insist<T>(&self, ask: impl Fn(Option<Duration>) -> Result<T, Fault>) -> Option<T> {
        for attempt in 0_u32.. {
            let left = self.book.left();
            if left == Some(Duration::ZERO) {
                return None;
            }
            let fault = match ask(left) {
                Ok(answer) => return Some(answer),
                Err(fault) => fault,
            };
            if self.book.failed(&fault.why) {
                tracing::warn!(target: "penguiflow::mlflow", error = fault.why, "the MLflow server was not told; told once");
            }
            let pause = Duration::from_secs(30.min(1 << attempt.min(5)));
            if !fault.passes || !self.book.pause(pause) {
                return None;
            }
        }
        None
    }
}
