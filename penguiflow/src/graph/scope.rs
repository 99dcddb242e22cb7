//! What one trace owns: its identity, its deadline, its cancel signal, its tasks. One allocation, freed with the trace.
//! Knows nothing about nodes.

pub(crate) mod life;
mod part;
pub(crate) mod signal;
mod spend;
mod told;

use crate::bug::bug;
use crate::clock::Seam;
use crate::error::{Limit, Stop};
use crate::event::EventKind;
use crate::graph::ledger::Ledger;
use crate::graph::scope::life::{DETACHED, ENDED, HAS_CALLS, HAS_STREAMS, HAS_TASKS, KEYED, Life, Tied, UNREAD};
pub(crate) use crate::graph::scope::signal::Halt;
use crate::graph::scope::signal::Signal;
use crate::graph::stream::Streams;
use crate::graph::watch::{At, Watch, spans};
use crate::id::TraceId;
use crate::message::{Deadline, Envelope, Headers, Key, Message, Meta, Traceparent};
use crate::place::Way;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{ThreadId, current};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tracing::Span;

impl Halt {
    /// The name of how a trace ends that has to end so.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Halt::Failing => "BRANCH_FAILED",
            halt => Stop::from(halt).code(),
        }
    }
}

impl Halt {
    /// What a trace is asked that is to end so; a failure ends it by itself.
    pub(crate) fn to_end(stop: &Stop) -> Self {
        match stop {
            Stop::DeadlineExceeded => Halt::Expired,
            Stop::BudgetExceeded(Limit::Hops | Limit::Turns) => Halt::OutOfHops,
            Stop::BudgetExceeded(Limit::Tokens) => Halt::OutOfTokens,
            Stop::BudgetExceeded(Limit::Usd) => Halt::OutOfMoney,
            Stop::Cancelled | Stop::Failed(_) | Stop::Dropped { .. } => Halt::Cancelled,
        }
    }
}

impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        match halt {
            // What a branch stops with beside the failing one; its join tells the failure instead.
            Halt::Cancelled | Halt::Failing => Stop::Cancelled,
            Halt::Expired => Stop::DeadlineExceeded,
            Halt::OutOfHops => Stop::BudgetExceeded(Limit::Hops),
            Halt::OutOfTokens => Stop::BudgetExceeded(Limit::Tokens),
            Halt::OutOfMoney => Stop::BudgetExceeded(Limit::Usd),
        }
    }
}

/// What one trace owns.
pub(crate) struct Scope {
    pub(crate) id: TraceId,
    pub(crate) headers: Headers,
    pub(crate) started: Instant,
    pub(crate) deadline: Option<Instant>,
    signal: Signal,
    life: Life,
    /// How many chunks may be unread; 0 for a trace that nobody can read.
    lag: u32,
    rare: OnceLock<Box<Rare>>,
    /// For a flow that a node of another trace's flow has called, and for a sub-flow with limits of its own.
    caller: Option<Box<Caller>>,
    /// For a scope with a budget of its own.
    ledger: Option<Box<Ledger>>,
    /// Who observes it.
    watch: Option<Arc<Watch>>,
    /// Its span, where somebody wants one, until it has ended.
    span: Option<Box<Mutex<Option<Span>>>>,
}

/// Who called a flow from inside a trace, or runs a sub-flow that has limits of its own.
struct Caller {
    scope: Arc<Scope>,
    /// The flow that called; nothing for a sub-flow, which is a part of the same run.
    flow: Option<FlowKey>,
    /// How many calls deep it is, from 1.
    depth: u32,
}

/// Tells started flows apart, as long as they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlowKey(usize);

impl FlowKey {
    /// The key of a flow by what its traces share.
    pub(crate) fn of<T>(shared: &Arc<T>) -> Self {
        FlowKey(Arc::as_ptr(shared).addr())
    }
}

/// What most traces never need.
#[derive(Default)]
struct Rare {
    halted: Notify,
    /// What the trace's nodes spawned.
    tasks: Tied<AbortHandle>,
    /// The flows that the trace's nodes call now.
    calls: Mutex<Vec<Arc<Scope>>>,
    streams: OnceLock<Streams>,
    /// The nodes whose code panicked, each until its border asks: branches in tasks of their own may unwind at once, each on
    /// its thread.
    panicked: Mutex<Vec<(ThreadId, PanicSpot)>>,
    /// The attempts whose code panicked, where they are watched: they are told as failed and not as dropped.
    unwound: Mutex<Vec<At>>,
    key: Option<Key>,
    /// The span of whoever sent the message.
    traceparent: Option<Traceparent>,
}

impl Rare {
    fn ask_calls(&self, halt: Halt) {
        for call in lock(&self.calls).iter() {
            call.ask(halt);
        }
    }
}

/// The node whose code panicked.
pub(crate) struct PanicSpot {
    pub(crate) path: String,
    pub(crate) place: String,
    pub(crate) node: &'static str,
    pub(crate) attempt: u32,
    pub(crate) attempts: u32,
    /// How observers are told of it, if there are some.
    pub(crate) told: Option<At>,
}

impl Scope {
    #[inline]
    pub(crate) fn new(id: TraceId, headers: Headers, started: Instant, deadline: Option<Instant>) -> Self {
        Scope {
            id,
            headers,
            started,
            deadline,
            signal: Signal::default(),
            life: Life::default(),
            lag: 0,
            rare: OnceLock::new(),
            caller: None,
            ledger: None,
            watch: None,
            span: None,
        }
    }

    /// What a call from inside a trace owns. What a trace has but once stays the caller's: this is the one place that says
    /// what a call inherits.
    pub(crate) fn called(caller: &Arc<Scope>, flow: FlowKey, deadline: Option<Instant>) -> Self {
        let Scope { id, ref headers, started, .. } = **caller;
        let signal = if caller.signal.counts() { Signal::counting() } else { Signal::default() };
        let caller = Caller { scope: caller.clone(), flow: Some(flow), depth: caller.depth() + 1 };
        Scope { signal, caller: Some(Box::new(caller)), ..Scope::new(id, headers.clone(), started, deadline) }
    }

    /// How many calls deep the scope is; 0 for a trace.
    pub(crate) fn depth(&self) -> u32 {
        self.caller.as_ref().map_or(0, |caller| caller.depth)
    }

    /// Whether a call on the way here was made from `flow`.
    pub(crate) fn comes_from(&self, flow: FlowKey) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.flow == Some(flow) || caller.scope.comes_from(flow))
    }

    /// The flows that calls on the way here were made from, the innermost first.
    pub(crate) fn callers(&self) -> impl Iterator<Item = FlowKey> {
        std::iter::successors(self.caller.as_deref(), |of| of.scope.caller.as_deref()).filter_map(|caller| caller.flow)
    }

    /// The scope of the trace itself.
    fn trace(&self) -> &Scope {
        self.caller.as_ref().map_or(self, |caller| caller.scope.trace())
    }

    /// Lets `watch` observe it. Each of its hops then passes the gate, and is told.
    #[cold]
    pub(crate) fn watched(self, watch: Arc<Watch>) -> Self {
        let span = || {
            let span = spans::of_trace(watch.flow, self.id, &self.headers);
            if let Some(traceparent) = self.rare.get().and_then(|rare| rare.traceparent) {
                spans::set_parent(&span, traceparent);
            }
            Box::new(Mutex::new(Some(span)))
        };
        let span = spans::are_wanted().then(span);
        Scope { watch: Some(watch), span, signal: Signal::counting(), ..self }
    }

    /// The span of the trace, or of the call, where somebody wants one. Who polls its steps in a task of their own enters it.
    #[inline]
    pub(crate) fn span(&self) -> Option<Span> {
        let span = self.whole().span.as_ref()?;
        lock(span).clone()
    }

    /// Ends the span, although who holds the trace may hold it for longer.
    pub(crate) fn close_span(&self) -> Option<Span> {
        let span = self.span.as_ref()?;
        lock(span).take()
    }

    /// Who observes it, if somebody does.
    #[inline]
    pub(crate) fn tap(&self) -> Option<&Watch> {
        self.watch.as_deref()
    }

    /// Keeps up to `lag` chunks for somebody who reads them.
    pub(crate) fn with_reader(self, lag: u32) -> Self {
        Scope { lag, ..self }
    }

    /// Remembers the idempotency key of the message.
    #[cold]
    pub(crate) fn with_key(mut self, key: Key) -> Self {
        let mut rare = self.rare.take().unwrap_or_default();
        rare.key = Some(key);
        Scope { life: Life::of(KEYED), rare: OnceLock::from(rare), ..self }
    }

    /// Remembers the span of whoever sent the message.
    #[cold]
    pub(crate) fn with_traceparent(mut self, traceparent: Traceparent) -> Self {
        let mut rare = self.rare.take().unwrap_or_default();
        rare.traceparent = Some(traceparent);
        Scope { rare: OnceLock::from(rare), ..self }
    }

    /// The span of whoever sent the message of the trace.
    pub(crate) fn traceparent(&self) -> Option<Traceparent> {
        self.trace().rare.get()?.traceparent
    }

    /// The idempotency key of the message.
    #[inline]
    pub(crate) fn key(&self) -> Option<&Key> {
        if self.life.words() & KEYED == 0 {
            return None;
        }
        self.rare().key.as_ref()
    }

    /// The idempotency key under which the scope runs: its own, or else that of the trace or the call around it.
    pub(crate) fn key_around(&self) -> Option<&Key> {
        self.key().or_else(|| self.caller.as_ref()?.scope.key_around())
    }

    fn rare(&self) -> &Rare {
        self.rare.get_or_init(Box::default)
    }

    /// Whether the trace has to end. The gate of every hop: one load.
    #[inline]
    pub(crate) fn halt(&self) -> Option<Halt> {
        self.whole().signal.halt()
    }

    /// Asks the trace to end; false if it has ended, or was asked so before.
    pub(crate) fn ask(&self, halt: Halt) -> bool {
        let whole = self.whole();
        if whole.life.words() & ENDED != 0 {
            return false;
        }
        let missed = bug("missed_cancel") && halt == Halt::Cancelled;
        let first = missed || whole.signal.ask(halt, || whole.rare.get().map(|rare| &rare.halted));
        if let Some(rare) = whole.rare.get() {
            rare.ask_calls(halt);
        }
        if first
            && halt == Halt::Cancelled
            && whole.caller.is_none()
            && let Some(watch) = whole.tap()
        {
            watch.tell_of(whole.id, Way::Root(watch.flow), EventKind::TraceCancelStart);
        }
        first
    }

    /// Registers who polls the trace. Look at [`Scope::halt`] again afterwards, or a wake-up may be lost.
    pub(crate) fn watch(&self, waker: &std::task::Waker) {
        self.signal.watch(waker);
    }

    /// Waits until the trace is asked to end.
    pub(crate) async fn halted(&self) {
        let whole = self.whole();
        whole.signal.halted(&whole.rare().halted).await;
    }

    /// An envelope of this trace around `payload`.
    pub(crate) fn message<T>(&self, payload: T, meta: Meta) -> Message<T> {
        let deadline = self.deadline.map(Deadline::At);
        let headers = self.headers.clone();
        let envelope = Envelope { headers, meta, trace_id: Some(self.id), deadline, asked: None };
        Message::from_parts(payload, envelope)
    }

    /// The time since the trace was admitted.
    pub(crate) fn elapsed(&self, seam: &Seam) -> Duration {
        seam.now().saturating_duration_since(self.started)
    }

    /// Ties a task to the trace; one that comes after the ending is aborted at once.
    pub(crate) fn adopt(&self, task: AbortHandle) {
        let whole = self.whole();
        whole.rare().tasks.tie(&whole.life, task, AbortHandle::is_finished, |task| task.abort());
    }

    /// Ties a call to the trace: what the trace is asked, and that it ends, the call is told.
    pub(crate) fn begin_call(self: &Arc<Self>) {
        let Some(Caller { scope, .. }) = self.caller.as_deref() else { return };
        let scope = scope.whole();
        let mut calls = lock(&scope.rare().calls);
        calls.push(self.clone());
        drop(calls);
        let ended = scope.life.leave(HAS_CALLS) & ENDED != 0;
        let asked = scope.signal.look();
        if let Some(halt) = asked.or(ended.then_some(Halt::Cancelled)) {
            self.ask(halt);
        }
    }

    /// Unties it.
    pub(crate) fn end_call(self: &Arc<Self>) {
        if let Some(caller) = &self.caller {
            lock(&caller.scope.whole().rare().calls).retain(|call| !Arc::ptr_eq(call, self));
        }
    }

    /// Whether somebody may read what the trace's nodes write.
    pub(crate) fn has_reader(&self) -> bool {
        let trace = self.trace();
        trace.lag > 0 && trace.life.words() & (UNREAD | ENDED) == 0
    }

    /// The streams of a trace that somebody may read.
    pub(crate) fn streams(&self) -> &Streams {
        let trace = self.trace();
        let streams = &trace.rare().streams;
        if let Some(streams) = streams.get() {
            return streams;
        }
        let streams = streams.get_or_init(|| Streams::new(trace.lag as usize));
        // Who ends the trace or reads no more leaves a word in the same place: either sees the other's.
        let life = trace.life.leave(HAS_STREAMS);
        if life & UNREAD != 0 {
            streams.close();
        }
        if life & ENDED != 0 {
            streams.end();
        }
        streams
    }

    /// Nobody reads the trace's chunks any more.
    pub(crate) fn close_reader(&self) {
        if self.lag > 0 && self.life.leave(UNREAD) & HAS_STREAMS != 0 {
            self.streams().close();
        }
    }

    /// Nobody waits for the ending any more.
    pub(crate) fn detach(&self) {
        self.life.leave(DETACHED);
    }

    pub(crate) fn is_detached(&self) -> bool {
        self.life.words() & DETACHED != 0
    }

    /// Ends what the trace's nodes spawned and wrote. Most do neither, so no lock is touched for them.
    pub(crate) fn end(self: &Arc<Self>) {
        let life = self.life.end(Arc::strong_count(self) == 1);
        if life & HAS_TASKS != 0 {
            self.rare().tasks.end(|task| task.abort());
        }
        if life & HAS_CALLS != 0 {
            self.rare().ask_calls(Halt::Cancelled);
        }
        if life & HAS_STREAMS != 0 {
            self.streams().end();
        }
    }

    /// Notes the innermost node that is unwinding; outer ones come later and do not overwrite it.
    pub(crate) fn note_panic(&self, spot: impl FnOnce() -> PanicSpot) {
        let (rare, spot) = (self.whole().rare(), spot());
        // Of nodes that called one another the innermost comes first, and the others are dropped with it.
        if let Some(at) = &spot.told {
            lock(&rare.unwound).push(at.clone());
        }
        let (mut panicked, here) = (lock(&rare.panicked), current().id());
        if !panicked.iter().any(|(thread, _)| *thread == here) {
            panicked.push((here, spot));
        }
    }

    /// Whether the code of this attempt has panicked.
    pub(crate) fn has_unwound(&self, at: &At) -> bool {
        self.whole().rare.get().is_some_and(|rare| lock(&rare.unwound).contains(at))
    }

    /// The innermost node that has just unwound on this thread. Ask before anything else is polled.
    pub(crate) fn take_panic(&self) -> Option<PanicSpot> {
        let (mut panicked, here) = (lock(&self.whole().rare.get()?.panicked), current().id());
        let index = panicked.iter().position(|(thread, _)| *thread == here)?;
        Some(panicked.swap_remove(index).1)
    }
}

/// A poisoned lock only tells that another thread panicked between two complete states.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
