//! The time of a replay: that of the recording, and from a fork on that of the runtime. Knows no event.

use crate::clock::{Clock, Seam, later};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// How late a timer is that never fires.
const NEVER: Duration = Duration::MAX;

/// Shows the time of what is played.
pub(super) struct Time {
    real: Seam,
    began: Instant,
    started: SystemTime,
    shown_ns: AtomicU64,
    /// The runtime's time, when the replay began to run.
    runs_since: OnceLock<Instant>,
}

impl Time {
    /// The time of a trace that was let in at `started`.
    pub(super) fn new(started: SystemTime) -> Arc<Self> {
        let real = Seam::system();
        let began = real.now();
        Arc::new(Time { real, began, started, shown_ns: AtomicU64::new(0), runs_since: OnceLock::new() })
    }

    /// Shows what the recording's clock showed so long after the beginning.
    pub(super) fn show(&self, ns: u64) {
        self.shown_ns.store(ns, Ordering::Relaxed);
    }

    /// Goes on at the runtime's pace.
    pub(super) fn run(&self) {
        self.runs_since.get_or_init(|| self.real.now());
    }

    fn shown(&self) -> Instant {
        later(self.began, Duration::from_nanos(self.shown_ns.load(Ordering::Relaxed)))
    }
}

/// The clock of the flow that is played.
pub(super) struct Shown(pub(super) Arc<Time>);

impl Clock for Shown {
    fn now(&self) -> Instant {
        let Shown(time) = self;
        let ran = time.runs_since.get().map(|since| time.real.now().saturating_duration_since(*since));
        later(time.shown(), ran.unwrap_or_default())
    }

    fn timer_at(&self, deadline: Instant) -> Instant {
        let Shown(time) = self;
        match time.runs_since.get() {
            // What a timer has brought about is played.
            None => later(time.real.now(), NEVER),
            Some(since) => later(*since, deadline.saturating_duration_since(time.shown())),
        }
    }

    fn wall_at(&self, now: Instant) -> SystemTime {
        let Time { started, began, .. } = *self.0;
        started.checked_add(now.saturating_duration_since(began)).unwrap_or(started)
    }
}
