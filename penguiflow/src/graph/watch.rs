//! Tells those who observe a started flow what happens in it. The one place where an observer is erased.

pub(crate) mod between;
pub(crate) mod interpose;
pub(crate) mod play;
pub(crate) mod spans;
pub(crate) mod tape;

use crate::clock::Seam;
use crate::event::{EventKind, FlowEvent, Observer};
use crate::graph::watch::between::Between;
use crate::id::TraceId;
use crate::place::{Place, Way};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Who observes a started flow. Where nobody does, a trace costs one load more and a hop nothing.
pub(crate) struct Tap {
    /// Whether `watch` holds somebody.
    watched: AtomicBool,
    watch: Mutex<Arc<Watch>>,
}

/// Those who observe a trace from its beginning.
pub(crate) struct Watch {
    pub(crate) flow: &'static str,
    pub(crate) seam: Seam,
    pub(crate) between: Between,
    watchers: Box<[Arc<Watcher>]>,
}

/// One who observes.
pub(crate) struct Watcher {
    observer: Box<dyn Observer>,
    /// Whether it was removed.
    gone: AtomicBool,
    panics: AtomicU64,
}

/// Where in a trace something happens.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) trace_id: TraceId,
    pub(crate) place: Place,
    pub(crate) node: &'static str,
    pub(crate) attempt: u32,
}

impl Tap {
    pub(crate) fn new(flow: &'static str, seam: Seam, between: Between) -> Self {
        let watched = AtomicBool::new(between.is_anybody());
        let watch = Arc::new(Watch { flow, seam, between, watchers: Box::default() });
        Tap { watched, watch: Mutex::new(watch) }
    }

    /// Those who observe a trace that begins now.
    #[inline]
    pub(crate) fn watch(&self) -> Option<Arc<Watch>> {
        // Relaxed: who is added while a trace begins may miss it.
        (self.watched.load(Ordering::Relaxed) || spans::are_wanted()).then(|| self.lock().clone())
    }

    pub(crate) fn add(&self, observer: Box<dyn Observer>) -> Arc<Watcher> {
        let watcher = Arc::new(Watcher { observer, gone: AtomicBool::new(false), panics: AtomicU64::new(0) });
        self.change(|watchers| watchers.push(watcher.clone()));
        watcher
    }

    pub(crate) fn remove(&self, watcher: &Arc<Watcher>) {
        watcher.gone.store(true, Ordering::Release);
        self.change(|watchers| watchers.retain(|other| !Arc::ptr_eq(other, watcher)));
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Arc<Watcher>>)) {
        let mut watch = self.lock();
        let mut watchers = watch.watchers.to_vec();
        change(&mut watchers);
        self.watched.store(!watchers.is_empty() || watch.between.is_anybody(), Ordering::Relaxed);
        let (flow, seam, between) = (watch.flow, watch.seam.clone(), watch.between.clone());
        let next = Watch { flow, seam, between, watchers: watchers.into() };
        let before = std::mem::replace(&mut *watch, Arc::new(next));
        drop(watch);
        // Behind the lock: an observer that goes with it is code of the user's.
        drop(before);
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Watch>> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// Tells all observers. Whatever they do, the trace goes on.
    #[cold]
    pub(crate) fn tell(&self, at: At, kind: EventKind) {
        self.tell_then(self.seam.now(), at, kind);
    }

    /// Tells what happened at `now`, for one who has read the clock already.
    #[cold]
    pub(crate) fn tell_then(&self, now: Instant, at: At, kind: EventKind) {
        let At { trace_id, place, node, attempt } = at;
        let event = FlowEvent { at: self.seam.wall_at(now), flow: self.flow, trace_id, place, node, attempt, kind };
        spans::log(&event);
        let Between { tape, player, .. } = &self.between;
        player.iter().for_each(|player| player.hear(&event));
        tape.iter().for_each(|tape| tape.hear(&event));
        self.watchers.iter().for_each(|watcher| watcher.hear(&event));
    }

    /// Tells what happens to a trace as a whole.
    #[cold]
    pub(crate) fn tell_of(&self, trace_id: TraceId, way: Way, kind: EventKind) {
        self.tell(At { trace_id, place: Place::new(way, None), node: "", attempt: 0 }, kind);
    }

    /// The time since `since`.
    pub(crate) fn since(&self, since: Instant) -> Duration {
        self.seam.now().saturating_duration_since(since)
    }
}

impl Watcher {
    pub(crate) fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    fn hear(&self, event: &FlowEvent) {
        if self.gone.load(Ordering::Acquire) {
            return;
        }
        // What an observer leaves half done is its own: it was told so.
        if catch_unwind(AssertUnwindSafe(|| self.observer.on_event(event))).is_err() {
            self.panics.fetch_add(1, Ordering::Relaxed);
        }
    }
}
