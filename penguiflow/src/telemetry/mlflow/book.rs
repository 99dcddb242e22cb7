//! Keeps what is to be told to the server. Who notes something never waits for it. Knows no network.

use crate::clock::Seam;
use crate::event::FlowEvent;
use crate::telemetry::mlflow::figures::{Figure, Figures};
use crate::telemetry::mlflow::{MlflowReport, MlflowRun};
use crate::telemetry::pause;
use std::collections::VecDeque;
use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// How many figures the server takes at once.
const BATCH_MAX: usize = 1_000;

/// How long the first figure of a batch waits for others.
const LINGER: Duration = Duration::from_secs(1);

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Finished,
    Failed,
    Killed,
}

impl Status {
    /// The server's word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Status::Finished => "FINISHED",
            Status::Failed => "FAILED",
            Status::Killed => "KILLED",
        }
    }
}

/// What waits for the server, and how the run goes.
pub(super) struct Book {
    seam: Seam,
    state: Mutex<State>,
    /// Wakes the thread that tells the server.
    more: Condvar,
}

#[derive(Default)]
struct State {
    figures: Figures,
    waiting: Vec<Figure>,
    tags: VecDeque<(String, String)>,
    flow: Option<&'static str>,
    taken: usize,
    report: MlflowReport,
    /// How the run ends, and when that has to be told.
    end: Option<(Status, Instant)>,
    over: bool,
    waits: Vec<oneshot::Sender<()>>,
}

/// What is told next.
pub(super) enum Next {
    Figures(Vec<Figure>),
    Tag(String, String),
    End(Status),
}

impl Book {
    pub(super) fn new(seam: Seam) -> Self {
        Book { seam, state: Mutex::default(), more: Condvar::new() }
    }

    pub(super) fn wall(&self) -> SystemTime {
        self.seam.wall()
    }

    pub(super) fn hear(&self, event: &FlowEvent) {
        let mut state = self.lock();
        if state.flow.is_none() {
            state.flow = Some(event.flow);
            state.mark("penguiflow.flow".to_owned(), event.flow.to_owned());
        }
        for figure in state.figures.of(event) {
            state.put(figure);
        }
        self.wake(state);
    }

    pub(super) fn log(&self, key: String, value: f64) {
        let at = self.wall();
        let mut state = self.lock();
        let figure = state.figures.next(key, value, at);
        state.put(figure);
        self.wake(state);
    }

    pub(super) fn tag(&self, key: String, value: String) {
        let mut state = self.lock();
        state.mark(key, value);
        self.wake(state);
    }

    fn wake(&self, state: MutexGuard<'_, State>) {
        drop(state);
        self.more.notify_one();
    }

    /// Waits for something to be told.
    pub(super) fn next(&self) -> Next {
        let mut state = self.lock();
        loop {
            if let Some((key, value)) = state.tags.pop_front() {
                return Next::Tag(key, value);
            }
            if !state.waiting.is_empty() {
                let gathers = |state: &mut State| state.waiting.len() < BATCH_MAX && state.end.is_none();
                let gathered = self.more.wait_timeout_while(state, LINGER, gathers);
                state = gathered.unwrap_or_else(PoisonError::into_inner).0;
                let size = state.waiting.len().min(BATCH_MAX);
                let batch: Vec<Figure> = state.waiting.drain(..size).collect();
                state.taken = batch.len();
                return Next::Figures(batch);
            }
            if let Some((status, _)) = state.end {
                return Next::End(status);
            }
            state = self.more.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits before the server is asked again; cut short when the run ends. False once its time is up.
    pub(super) fn pause(&self, pause: Duration) -> bool {
        pause::pause(&self.more, self.lock(), pause, |state| state.left(&self.seam))
    }

    /// The time that is left, once the run ends.
    pub(super) fn left(&self) -> Option<Duration> {
        self.lock().left(&self.seam)
    }

    pub(super) fn began(&self, run_id: String) {
        self.lock().report.run_id = Some(run_id);
    }

    /// The figures that were taken have arrived.
    pub(super) fn sent(&self) {
        let mut state = self.lock();
        state.report.sent += mem::take(&mut state.taken) as u64;
    }

    /// They have not.
    pub(super) fn lost(&self) {
        let mut state = self.lock();
        state.report.lost += mem::take(&mut state.taken) as u64;
    }

    /// A request has failed; true if none had before.
    pub(super) fn failed(&self, why: &str) -> bool {
        let mut state = self.lock();
        state.report.failures += 1;
        state.report.last_error.replace(why.to_owned()).is_none()
    }

    /// Nothing is told any more; `ended` if the server knows the run's end.
    pub(super) fn over(&self, ended: bool) {
        let mut state = self.lock();
        state.over = true;
        state.report.ended = ended;
        state.report.lost += (mem::take(&mut state.waiting).len() + mem::take(&mut state.taken)) as u64;
        for wait in mem::take(&mut state.waits) {
            // Whoever waited may have gone.
            let _ = wait.send(());
        }
    }

    /// Ends the run, at most `limit` from now; done when that was told, or cannot be.
    pub(super) fn close(&self, status: Status, limit: Duration) -> oneshot::Receiver<()> {
        let until = crate::clock::later(self.seam.now(), limit);
        let (done, told) = oneshot::channel();
        let mut state = self.lock();
        if !state.over {
            state.end.get_or_insert((status, until));
            state.waits.push(done);
        }
        self.wake(state);
        told
    }

    pub(super) fn report(&self) -> MlflowReport {
        let state = self.lock();
        MlflowReport { waiting: state.waiting.len() + state.taken, ..state.report.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn put(&mut self, figure: Figure) {
        if self.over || self.waiting.len() + self.taken >= MlflowRun::ROOM {
            self.report.lost += 1;
        } else {
            self.waiting.push(figure);
        }
    }

    /// The last value of a tag stands for it.
    fn mark(&mut self, key: String, value: String) {
        let full = self.over || self.tags.len() >= MlflowRun::TAGS;
        match self.tags.iter_mut().find(|(known, _)| *known == key) {
            Some((_, waits)) => *waits = value,
            None if full => self.report.lost += 1,
            None => self.tags.push_back((key, value)),
        }
    }

    fn left(&self, seam: &Seam) -> Option<Duration> {
        self.end.map(|(_, until)| until.saturating_duration_since(seam.now()))
    }
}
