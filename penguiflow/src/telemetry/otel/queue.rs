//! Keeps spans until they are sent. Who puts one never waits for the collector. Knows no network.

use crate::clock::Seam;
use crate::telemetry::otel::{Exports, Telemetry};
use crate::telemetry::pause;
use opentelemetry_sdk::trace::SpanData;
use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// How many spans go into one request.
const BATCH_MAX: usize = 512;

/// How long the first span of a batch waits for others.
const LINGER: Duration = Duration::from_secs(1);

/// What waits for the collector, and how the export goes.
pub(super) struct Queue {
    seam: Seam,
    state: Mutex<State>,
    /// Wakes the thread that sends.
    more: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<SpanData>,
    /// How many were taken and are neither sent nor lost.
    taken: usize,
    exports: Exports,
    /// When the export has to be over, once it was closed.
    until: Option<Instant>,
    ended: bool,
    /// Those who wait until nothing waits.
    flushes: Vec<oneshot::Sender<()>>,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("exports", &self.exports()).finish_non_exhaustive()
    }
}

impl Queue {
    pub(super) fn new(seam: Seam) -> Self {
        Queue { seam, state: Mutex::default(), more: Condvar::new() }
    }

    pub(super) fn put(&self, span: SpanData) {
        let mut state = self.lock();
        if state.ended || state.waiting.len() + state.taken >= Telemetry::ROOM {
            state.exports.lost += 1;
            return;
        }
        state.waiting.push(span);
        // The thread wakes for the first one, and before its time when a batch is full.
        if matches!(state.waiting.len(), 1 | BATCH_MAX) {
            drop(state);
            self.more.notify_one();
        }
    }

    /// Waits for a batch; nothing behind the last one.
    pub(super) fn take(&self) -> Option<Vec<SpanData>> {
        let mut state = self.lock();
        loop {
            if state.waiting.is_empty() {
                for flush in mem::take(&mut state.flushes) {
                    // Whoever waited may have gone.
                    let _ = flush.send(());
                }
                if state.until.is_some() {
                    state.ended = true;
                    return None;
                }
                state = self.more.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let gathers = |state: &mut State| {
                state.waiting.len() < BATCH_MAX && state.until.is_none() && state.flushes.is_empty()
            };
            let gathered = self.more.wait_timeout_while(state, LINGER, gathers);
            state = gathered.unwrap_or_else(PoisonError::into_inner).0;
            let size = state.waiting.len().min(BATCH_MAX);
            let batch: Vec<SpanData> = state.waiting.drain(..size).collect();
            state.taken = batch.len();
            return Some(batch);
        }
    }

    /// Waits before a batch is sent again; cut short when the export is closed. False once its time is up.
    pub(super) fn pause(&self, pause: Duration) -> bool {
        pause::pause(&self.more, self.lock(), pause, |state| state.left(&self.seam))
    }

    pub(super) fn sent(&self) {
        let mut state = self.lock();
        state.exports.sent += mem::take(&mut state.taken) as u64;
    }

    pub(super) fn lost(&self) {
        let mut state = self.lock();
        state.exports.lost += mem::take(&mut state.taken) as u64;
    }

    /// A request has failed; true if none had before.
    pub(super) fn failed(&self, why: String) -> bool {
        let mut state = self.lock();
        state.exports.failures += 1;
        state.exports.last_error.replace(why).is_none()
    }

    /// The time that is left, once the export was closed.
    pub(super) fn left(&self) -> Option<Duration> {
        self.lock().left(&self.seam)
    }

    /// Done when nothing waits any more.
    pub(super) fn flush(&self) -> oneshot::Receiver<()> {
        let (done, flushed) = oneshot::channel();
        let mut state = self.lock();
        // After the end the sender is dropped, which tells the same.
        if !state.ended {
            state.flushes.push(done);
            drop(state);
            self.more.notify_one();
        }
        flushed
    }

    /// Ends the export, at most `limit` from now.
    pub(super) fn close(&self, limit: Duration) {
        let until = crate::clock::later(self.seam.now(), limit);
        let mut state = self.lock();
        state.until.get_or_insert(until);
        drop(state);
        self.more.notify_one();
    }

    pub(super) fn exports(&self) -> Exports {
        let state = self.lock();
        Exports { waiting: state.waiting.len() + state.taken, ..state.exports.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn left(&self, seam: &Seam) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(seam.now()))
    }
}
