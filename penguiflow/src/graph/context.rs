//! What a hop knows of its run: the trace, the state, the way down from the root. And what of that a node may see.

use crate::clock::Seam;
use crate::error::{ErrorKind, FlowError, Spot};
use crate::graph::channels::Channels;
use crate::graph::scope::{PanicSpot, Scope};
use crate::graph::state::Provides;
use crate::graph::table::{Env, NodeTable, Shared};
use crate::graph::way::{Frame, Level, Way};
use crate::graph::writer::StreamWriter;
use crate::id::TraceId;
use crate::message::Headers;
use crate::stream::StreamId;
use std::fmt::Write as _;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// What a hop knows of its run. One for each flow, loop turn and map item on the way down, on the stack of its parent.
pub struct Cx<'a, S> {
    pub(crate) scope: &'a Arc<Scope>,
    pub(crate) env: &'a Arc<Env<S>>,
    pub(crate) frame: Frame<'a>,
}

/// What a hop in a task of its own knows of its run.
pub struct Detached<S> {
    scope: Arc<Scope>,
    env: Arc<Env<S>>,
    way: Way,
}

impl<S> Detached<S> {
    /// The context of the steps that run in the task.
    pub fn cx(&self) -> Cx<'_, S> {
        Cx { scope: &self.scope, env: &self.env, frame: self.way.frame() }
    }
}

/// The hop that fails.
#[derive(Clone, Copy)]
pub(crate) struct Failing {
    pub(crate) node: &'static str,
    /// Nothing for a join, which stands between steps.
    pub(crate) place: Option<u32>,
    pub(crate) attempt: u32,
    pub(crate) attempts: u32,
}

impl Failing {
    /// A step that is no node, or a node that is tried once.
    pub(crate) fn once(node: &'static str, place: Option<u32>) -> Self {
        Failing { node, place, attempt: 1, attempts: 1 }
    }
}

impl<'a, S> Cx<'a, S> {
    /// The context of a sub-flow's steps.
    pub fn sub(&'a self, place: u32, flow: &'static str) -> Cx<'a, S> {
        self.below(Level::Sub { place, flow })
    }

    /// The context of one turn of a loop.
    pub fn turn(&'a self, place: u32, turn: u32) -> Cx<'a, S> {
        self.below(Level::Turn { place, turn })
    }

    pub(crate) fn item(&'a self, place: u32, index: usize) -> Cx<'a, S> {
        self.below(Level::Item { place, index })
    }

    fn below(&'a self, level: Level) -> Cx<'a, S> {
        Cx { scope: self.scope, env: self.env, frame: Frame::Below { above: &self.frame, level } }
    }

    /// The same run, for a task that may not borrow from this one.
    pub fn detach(&self) -> Detached<S> {
        Detached { scope: self.scope.clone(), env: self.env.clone(), way: self.frame.way() }
    }

    #[inline]
    pub(crate) fn nodes(&self) -> &'a NodeTable {
        &self.env.shared.nodes
    }

    pub(crate) fn seam(&self) -> &'a Seam {
        &self.env.shared.seam
    }

    pub(crate) fn channels(&self) -> &'a Channels {
        &self.env.shared.channels
    }

    /// Lends a part of the flow's state to a node.
    #[inline]
    pub fn provide<T>(&self) -> &'a T
    where
        S: Provides<T>,
    {
        self.env.state.provide()
    }

    /// The context that a node's function sees.
    pub fn for_node(&self, node: &'static str, place: u32, attempt: u32) -> Ctx {
        let (scope, shared) = (self.scope.clone(), self.env.shared.clone());
        Ctx { scope, shared, way: self.frame.way(), node, place, attempt, streams: OnceLock::new() }
    }

    #[cold]
    pub(crate) fn fail(&self, kind: ErrorKind, at: Failing) -> FlowError {
        let Failing { node, place, attempt, attempts } = at;
        let (path, place) = (self.path(node), self.place(place));
        let (elapsed, trace_id) = (self.scope.elapsed(self.seam()), self.scope.id);
        FlowError::new(kind, Spot { path, place, node, attempt, attempts, elapsed, trace_id })
    }

    #[cold]
    pub(crate) fn note_panic(&self, at: Failing) {
        let Failing { node, place, attempt, attempts } = at;
        let spot = || PanicSpot { path: self.path(node), place: self.place(place), node, attempt, attempts };
        self.scope.note_panic(spot);
    }

    /// The structural key of a hop: `4/7[3]/0` is step 0 of what map item 3 of step 7 runs in the sub-flow at step 4, and
    /// `5:2` is step 5 in turn 2.
    #[cold]
    fn place(&self, step: Option<u32>) -> String {
        let mut key = self.frame.key();
        if let Some(step) = step {
            let _ = write!(key, "{step}");
        }
        key
    }

    /// `support › map[3] › search`.
    #[cold]
    pub(crate) fn path(&self, node: &str) -> String {
        let mut path = self.frame.path();
        path.push_str(" › ");
        path.push_str(node);
        path
    }
}

/// What a node may know of the trace that it works for. Cheap to clone.
///
/// ```
/// use penguiflow::prelude::*;
///
/// #[node]
/// async fn greet(name: String, ctx: &Ctx) -> String {
///     format!("hello {name}, attempt {} for {:?}", ctx.attempt(), ctx.headers().tenant())
/// }
/// ```
pub struct Ctx {
    scope: Arc<Scope>,
    shared: Arc<Shared>,
    way: Way,
    node: &'static str,
    place: u32,
    attempt: u32,
    /// How many streams were opened by the context and by its clones.
    streams: OnceLock<Arc<AtomicU32>>,
}

/// Clones count their streams together.
impl Clone for Ctx {
    fn clone(&self) -> Self {
        let Ctx { scope, shared, way, node, place, attempt, .. } = self;
        let streams = OnceLock::from(self.streams().clone());
        let (scope, shared, way) = (scope.clone(), shared.clone(), way.clone());
        Ctx { scope, shared, way, node, place: *place, attempt: *attempt, streams }
    }
}

impl Ctx {
    /// The trace's id.
    pub fn trace_id(&self) -> TraceId {
        self.scope.id
    }

    /// The trace's headers.
    pub fn headers(&self) -> &Headers {
        &self.scope.headers
    }

    /// The [idempotency key](crate::Message::with_idempotency_key) of the trace's message, to be handed on to what the node
    /// calls. It is the same in each attempt and at each node: where a node asks the same service for several things, make
    /// several keys of it, say with [`place`](Ctx::place).
    pub fn idempotency_key(&self) -> Option<&str> {
        self.scope.key().map(|key| &*key.key)
    }

    /// The node's name.
    pub fn node(&self) -> &'static str {
        self.node
    }

    /// This attempt's number, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Where in its flow the node runs: the structural key of the run, as in [`FlowError::place`](crate::FlowError::place).
    /// The same in each attempt, and in each trace that takes the same way.
    ///
    /// `4/7[3]/0` is step 0 of what map item 3 of step 7 runs in the sub-flow at step 4, and `5:2/5` is step 5 in turn 2 of
    /// its loop.
    pub fn place(&self) -> String {
        let mut key = self.way.frame().key();
        // Writing to a `String` cannot fail.
        let _ = write!(key, "{}", self.place);
        key
    }

    /// When the trace has to be done, if it has a deadline.
    pub fn deadline(&self) -> Option<Instant> {
        self.scope.deadline
    }

    /// How much time is left until the deadline.
    pub fn time_left(&self) -> Option<Duration> {
        self.scope.deadline.map(|deadline| deadline.saturating_duration_since(self.shared.seam.now()))
    }

    /// Whether the trace was cancelled or is out of time. For long computations between two await points, and for nodes
    /// with `on_cancel = finish(…)`; any other node is dropped at its next await point.
    pub fn is_cancelled(&self) -> bool {
        self.scope.halt().is_some()
    }

    /// Waits until the trace is cancelled or out of time.
    ///
    /// *Cancel safety*: may be dropped and called again.
    pub async fn cancelled(&self) {
        self.scope.halted().await;
    }

    /// Opens a stream of chunks to the one who reads the trace; `name` tells that reader what it is, say `"answer"`.
    ///
    /// A node run may open several; their [ids](StreamId::id) are numbered in the order of opening. Opening tells the reader
    /// nothing yet.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn greet(name: String, ctx: &Ctx) -> String {
    ///     let mut out = ctx.stream("greeting");
    ///     out.send("hello ").await;
    ///     out.finish_with(name.as_str()).await;
    ///     format!("hello {name}")
    /// }
    /// ```
    pub fn stream(&self, name: impl Into<Box<str>>) -> StreamWriter {
        let index = self.streams().fetch_add(1, Ordering::Relaxed);
        let id = format!("{}#{index}", self.place());
        StreamWriter::new(self.scope.clone(), self.shared.clone(), StreamId::of_attempt(id, name, self.attempt))
    }

    fn streams(&self) -> &Arc<AtomicU32> {
        self.streams.get_or_init(Arc::default)
    }

    /// Runs a task beside the node. It is aborted when the trace ends, however the trace ends.
    ///
    /// # Panics
    /// Outside a tokio runtime, like `tokio::spawn`; a node always runs inside one.
    pub fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let handle = tokio::spawn(task);
        self.scope.adopt(handle.abort_handle());
        handle
    }
}

impl std::fmt::Debug for Ctx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ctx")
            .field("trace_id", &self.scope.id)
            .field("node", &self.node)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}
