//! Remembers the idempotency keys of messages that were let in. Reads no clock.

use crate::id::TraceId;
use crate::message::Key;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The keys of a started flow.
///
/// Those of running traces are as many as there are places; those of ended ones are kept up to a number and a time.
pub(crate) struct Keys {
    ended_max: usize,
    retention: Duration,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    traces: HashMap<Key, TraceId>,
    /// Those whose traces have ended, and when; the oldest first.
    ended: VecDeque<(Instant, Key)>,
}

impl Keys {
    pub(crate) fn new(ended_max: usize, retention: Duration) -> Self {
        Keys { ended_max, retention, known: Mutex::default() }
    }

    /// The trace that was let in under `key`.
    pub(crate) fn find(&self, key: &Key, now: Instant) -> Option<TraceId> {
        self.known(now).traces.get(key).copied()
    }

    /// Lets the trace `id` in under `key`, unless there is another one.
    pub(crate) fn enter(&self, key: &Key, id: TraceId, now: Instant) -> Result<(), TraceId> {
        let mut known = self.known(now);
        if let Some(first) = known.traces.get(key) {
            return Err(*first);
        }
        known.traces.insert(key.clone(), id);
        Ok(())
    }

    /// Takes back what `enter` did: the trace did not come in after all.
    pub(crate) fn forget(&self, key: &Key, now: Instant) {
        self.known(now).traces.remove(key);
    }

    /// The trace under `key` has ended: from now on its key grows old.
    pub(crate) fn end(&self, key: &Key, now: Instant) {
        let mut known = self.known(now);
        known.ended.push_back((now, key.clone()));
        if known.ended.len() > self.ended_max {
            known.drop_oldest();
        }
    }

    /// What is known at `now`.
    fn known(&self, now: Instant) -> MutexGuard<'_, Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        while known.ended.front().is_some_and(|(ended, _)| now.saturating_duration_since(*ended) >= self.retention) {
            known.drop_oldest();
        }
        known
    }
}

impl Known {
    fn drop_oldest(&mut self) {
        if let Some((_, key)) = self.ended.pop_front() {
            self.traces.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests;
