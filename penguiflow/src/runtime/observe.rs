//! Adds observers to a started flow, and takes them away.

mod pump;

use crate::event::Observer;
use crate::graph::node::FlowDef;
use crate::graph::table::Shared;
use crate::graph::watch::Watcher;
use crate::runtime::handle::Handle;
use pump::{Backlog, Pump};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// An observer that listens to a started flow. Dropping it takes the observer away; [`forever`](Observation::forever) leaves it
/// there as long as the flow runs.
#[must_use = "dropping it takes the observer away: keep it, or call `forever()`"]
pub struct Observation {
    shared: Weak<Shared>,
    watcher: Arc<Watcher>,
    /// For one with a thread of its own.
    backlog: Option<Arc<Backlog>>,
    stays: bool,
}

/// How an observer keeps up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lag {
    /// How many events wait for it.
    pub waiting: usize,
    /// How many were lost, because as many waited as may.
    pub lost: u64,
    /// How often it has panicked.
    pub panics: u64,
}

impl Observation {
    /// How many events may wait for an observer.
    pub const ROOM: usize = 8_192;

    /// How the observer keeps up.
    pub fn lag(&self) -> Lag {
        let panics = self.watcher.panics();
        match &self.backlog {
            None => Lag { panics, ..Lag::default() },
            Some(backlog) => backlog.lag(panics),
        }
    }

    /// Waits, on this thread, until the observer has heard all that was told before, at most as long as `limit`; false if it
    /// has not. In line it always has. For the end of a program, whose end does not wait for its threads.
    pub fn flush(&self, limit: Duration) -> bool {
        self.backlog.as_ref().is_none_or(|backlog| backlog.flush(limit))
    }

    /// What the flow's runs share, as long as there is one.
    pub(crate) fn shared(&self) -> Option<Arc<Shared>> {
        self.shared.upgrade()
    }

    /// Leaves the observer there as long as the flow runs.
    pub fn forever(mut self) {
        self.stays = true;
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        if !self.stays
            && let Some(shared) = self.shared.upgrade()
        {
            shared.tap.remove(&self.watcher);
        }
    }
}

impl std::fmt::Debug for Observation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Observation").field("lag", &self.lag()).finish_non_exhaustive()
    }
}

impl<F: FlowDef> Handle<F> {
    /// Lets `observer` hear, on a thread of its own, what happens in the traces that are let in from now on. Up to
    /// [`Observation::ROOM`] events wait for it; those beyond are lost, and counted in [`Observation::lag`].
    ///
    /// What is told before the flow has ended is heard, unless the program ends first: [`Observation::flush`] waits for it.
    pub fn observe(&self, observer: impl Observer) -> Observation {
        let (pump, backlog) = Pump::start(observer, Observation::ROOM);
        self.add(pump, Some(backlog))
    }

    /// Lets `observer` hear, in the tasks of the traces themselves, what happens in those that are let in from now on. A trace
    /// goes on when it has heard: it should do no more than note something in memory. It may call this handle.
    pub fn observe_in_line(&self, observer: impl Observer) -> Observation {
        self.add(observer, None)
    }

    fn add(&self, observer: impl Observer, backlog: Option<Arc<Backlog>>) -> Observation {
        let shared = &self.desk().shared;
        let watcher = shared.tap.add(Box::new(observer));
        Observation { shared: Arc::downgrade(shared), watcher, backlog, stays: false }
    }
}
