//! What the tests of the runtime count with: calls, live runs, payloads, virtual time. Knows no flow.

use penguiflow::clock::{Seam, millis};
use penguiflow::{FlowError, Provides, Stop};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// Counts what happens; clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    calls: AtomicUsize,
    live: AtomicUsize,
    peak: AtomicUsize,
    finished: AtomicUsize,
    notes: Mutex<Vec<String>>,
}

impl Tally {
    /// Counts a call, and that it is live until the guard is dropped.
    pub(crate) fn enter(&self) -> Inside {
        self.0.calls.fetch_add(1, SeqCst);
        let live = self.0.live.fetch_add(1, SeqCst) + 1;
        self.0.peak.fetch_max(live, SeqCst);
        Inside(self.clone())
    }

    /// Counts a call; gives its number, from 1.
    pub(crate) fn call(&self) -> usize {
        self.enter().0.calls()
    }

    pub(crate) fn calls(&self) -> usize {
        self.0.calls.load(SeqCst)
    }

    pub(crate) fn live(&self) -> usize {
        self.0.live.load(SeqCst)
    }

    pub(crate) fn peak(&self) -> usize {
        self.0.peak.load(SeqCst)
    }

    /// How many calls came to their own end.
    pub(crate) fn finished(&self) -> usize {
        self.0.finished.load(SeqCst)
    }

    pub(crate) fn note(&self, text: impl Into<String>) {
        self.0.notes.lock().expect("no test panics inside").push(text.into());
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        self.0.notes.lock().expect("no test panics inside").clone()
    }
}

/// A call, or a payload, that is live.
#[derive(Debug)]
pub(crate) struct Inside(Tally);

impl Inside {
    /// The call came to its own end.
    pub(crate) fn finish(self) {
        self.0.0.finished.fetch_add(1, SeqCst);
    }
}

impl Clone for Inside {
    fn clone(&self) -> Self {
        self.0.enter()
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.0.live.fetch_sub(1, SeqCst);
    }
}

/// The state of the flows under test.
#[derive(Clone, Debug, Default, Provides)]
pub(crate) struct App {
    pub(crate) tally: Tally,
}

impl App {
    /// A state, and the tally that its nodes count with.
    pub(crate) fn new() -> (Self, Tally) {
        let app = App::default();
        let tally = app.tally.clone();
        (app, tally)
    }
}

/// An error that says nothing about retrying.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Oops(pub(crate) u32);

impl std::fmt::Display for Oops {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "oops {}", self.0)
    }
}

impl std::error::Error for Oops {}

/// Waits `ms` milliseconds of virtual time.
pub(crate) async fn nap(ms: u64) {
    Seam::seeded(0).sleep(millis(ms)).await;
}

/// Waits until `ms` milliseconds of virtual time after `start`.
pub(crate) async fn nap_until(start: Instant, ms: u64) {
    Seam::seeded(0).sleep_until(start + millis(ms)).await;
}

/// Never returns.
pub(crate) async fn forever() {
    std::future::pending::<()>().await;
}

/// Lets every other task run until it waits.
pub(crate) async fn settle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

/// The virtual time now.
pub(crate) fn now() -> Instant {
    Seam::seeded(0).now()
}

/// The virtual milliseconds since `start`.
pub(crate) fn ms_since(start: Instant) -> u128 {
    (now() - start).as_millis()
}

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// The failure in `stop`; any other way to end is a fault of the test.
#[track_caller]
pub(crate) fn failure(stop: Stop) -> FlowError {
    match stop {
        Stop::Failed(error) => error,
        other => panic!("not a failure: {other}"),
    }
}
