//! Hands events to an observer on a thread of its own. Who tells an event never waits and wakes nobody while the thread is busy.

use crate::event::{FlowEvent, Observer};
use crate::runtime::observe::Lag;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long the thread looks for further events before it sleeps: until then nobody has to wake it.
const LINGER: Duration = Duration::from_millis(1);

/// The tellers' end. When it is dropped, the thread ends behind the last event.
pub(super) struct Pump(Arc<Backlog>);

/// What waits for an observer.
#[derive(Default)]
pub(super) struct Backlog {
    room: u64,
    state: Mutex<State>,
    /// How many of those told were heard. Beside the lock: who hears must not keep those waiting who tell.
    heard: AtomicU64,
    panics: AtomicU64,
    /// Wakes the thread.
    more: Condvar,
    /// Wakes those who flush.
    done: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<FlowEvent>,
    told: u64,
    lost: u64,
    sleeps: bool,
    closed: bool,
}

impl Pump {
    /// Starts the thread. Without one, which the system may refuse, all events are lost, and counted.
    pub(super) fn start(observer: impl Observer, room: usize) -> (Pump, Arc<Backlog>) {
        let backlog = Arc::new(Backlog { room: room as u64, ..Backlog::default() });
        let theirs = backlog.clone();
        let started = thread::Builder::new().name("penguiflow-observer".into()).spawn(move || theirs.serve(&observer));
        if started.is_err() {
            backlog.lock().closed = true;
        }
        (Pump(backlog.clone()), backlog)
    }
}

impl Observer for Pump {
    fn on_event(&self, event: &FlowEvent) {
        self.0.put(event);
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.more.notify_one();
    }
}

impl Backlog {
    fn put(&self, event: &FlowEvent) {
        let mut state = self.lock();
        if state.closed || self.unheard(&state) >= self.room {
            state.lost += 1;
            return;
        }
        state.waiting.push(event.clone());
        state.told += 1;
        let sleeps = std::mem::take(&mut state.sleeps);
        drop(state);
        if sleeps {
            self.more.notify_one();
        }
    }

    /// The thread.
    fn serve(&self, observer: &impl Observer) {
        let mut batch = Vec::new();
        while self.take(&mut batch) {
            for event in batch.drain(..) {
                // What an observer leaves half done is its own: it was told so.
                if catch_unwind(AssertUnwindSafe(|| observer.on_event(&event))).is_err() {
                    self.panics.fetch_add(1, Ordering::Relaxed);
                }
                // Who sees that it was heard sees what the observer did.
                self.heard.fetch_add(1, Ordering::Release);
            }
            // Under the lock: who flushes has looked and waits, or looks again.
            let _state = self.lock();
            self.done.notify_all();
        }
    }

    /// Waits for events and takes all there are; false behind the last one.
    fn take(&self, batch: &mut Vec<FlowEvent>) -> bool {
        let mut state = self.lock();
        let mut lingered = false;
        while state.waiting.is_empty() {
            if state.closed {
                return false;
            }
            if !lingered {
                lingered = true;
                let waited = self.more.wait_timeout(state, LINGER);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            state.sleeps = true;
            state = self.more.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleeps = false;
        }
        std::mem::swap(batch, &mut state.waiting);
        true
    }

    pub(super) fn lag(&self, panics: u64) -> Lag {
        let state = self.lock();
        let waiting = usize::try_from(self.unheard(&state)).unwrap_or(usize::MAX);
        Lag { waiting, lost: state.lost, panics: panics + self.panics.load(Ordering::Relaxed) }
    }

    pub(super) fn flush(&self, limit: Duration) -> bool {
        let state = self.lock();
        let told = state.told;
        let hears = |_: &mut State| self.heard.load(Ordering::Acquire) < told;
        let waited = self.done.wait_timeout_while(state, limit, hears);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    fn unheard(&self, state: &State) -> u64 {
        state.told - self.heard.load(Ordering::Acquire)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
