//! What a hop knows of its run: the trace, the state, the way down from the root. And what of that a node may see.

use crate::clock::Seam;
use crate::error::{ErrorKind, FlowError, Spot};
use crate::event::{EventKind, Failure, ModelCall};
use crate::graph::allowance::Allowance;
use crate::graph::call::{Call, CallError, Callee, failure_of};
use crate::graph::channels::Channels;
use crate::graph::scope::{FlowKey, PanicSpot, Scope};
use crate::graph::state::Provides;
use crate::graph::table::{Env, NodeTable, Shared};
use crate::graph::watch::{At, spans};
use crate::graph::writer::StreamWriter;
use crate::id::TraceId;
use crate::message::{Headers, Message, Meta};
use crate::place::{Frame, Level, Place, Way};
use crate::stream::StreamId;
use std::fmt::Write as _;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::Span;

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

    /// Ends what the nodes of a run in a scope of its own have spawned.
    pub(crate) fn end(&self) {
        self.scope.end();
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
    /// How long the attempt took, if somebody watches it.
    pub(crate) latency: Option<Duration>,
}

impl Failing {
    /// A step that is no node, or a node that is tried once.
    pub(crate) fn once(node: &'static str, place: Option<u32>) -> Self {
        Failing { node, place, attempt: 1, attempts: 1, latency: None }
    }
}

impl<'a, S> Cx<'a, S> {
    /// The context of a sub-flow's steps.
    pub fn sub(&'a self, place: u32, flow: &'static str) -> Cx<'a, S> {
        self.below(Level::Sub { place, flow })
    }

    /// The same for a sub-flow that runs in `scope`.
    pub(crate) fn sub_in<'b>(&'b self, scope: &'b Arc<Scope>, place: u32, flow: &'static str) -> Cx<'b, S> {
        Cx { scope, ..self.sub(place, flow) }
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

    /// A run in a scope of its own, at the same place, for a task that serves many traces.
    pub(crate) fn detach_into(&self, scope: Scope) -> Detached<S> {
        Detached { scope: Arc::new(scope), env: self.env.clone(), way: self.frame.way() }
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
    pub fn for_node(&self, node: &'static str, place: u32, attempt: u32, meta: Meta) -> Ctx {
        let (scope, shared) = (self.scope.clone(), self.env.shared.clone());
        Ctx { scope, shared, way: self.frame.way(), node, place, attempt, meta, counts: OnceLock::new() }
    }

    /// Where the run stands, without its state.
    #[inline]
    pub(crate) fn site(&self) -> Site<'_> {
        Site { scope: self.scope, shared: &self.env.shared, frame: &self.frame }
    }

    #[cold]
    pub(crate) fn fail(&self, kind: ErrorKind, at: Failing) -> FlowError {
        self.site().fail(kind, at)
    }

    /// The failure `error` of a run at the same place as one of this run.
    #[cold]
    pub(crate) fn fail_beside(&self, kind: ErrorKind, error: &FlowError, step: u32, other: &Cx<'_, S>) -> FlowError {
        let path = behind(error.path(), other.frame.path(), self.frame.path());
        let place = behind(error.place(), other.frame.key(), self.frame.key());
        let (node, attempt, attempts) = (error.node(), error.attempt(), error.attempts());
        let (elapsed, trace_id) = (self.scope.elapsed(self.seam()), self.scope.id);
        let error = FlowError::new(kind, Spot { path, place, node, attempt, attempts, elapsed, trace_id });
        let told = || EventKind::NodeFailed { latency: None, error: Failure::of(&error) };
        // The attempts were those of the other run.
        self.site().tell((node, Some(step), 0), told);
        error
    }
}

/// Where a run stands. Without the state, so that what is told of a hop is not compiled for each flow again.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) scope: &'a Arc<Scope>,
    pub(crate) shared: &'a Arc<Shared>,
    frame: &'a Frame<'a>,
}

impl<'a> Site<'a> {
    pub(crate) fn nodes(&self) -> &'a NodeTable {
        &self.shared.nodes
    }

    pub(crate) fn seam(&self) -> &'a Seam {
        &self.shared.seam
    }

    #[cold]
    pub(crate) fn fail(&self, kind: ErrorKind, at: Failing) -> FlowError {
        let error = match kind {
            ErrorKind::Node(error) => failure_of(error).unwrap_or_else(|error| self.failed(ErrorKind::Node(error), at)),
            other => self.failed(other, at),
        };
        self.tell_failed(&error, at);
        error
    }

    fn failed(&self, kind: ErrorKind, at: Failing) -> FlowError {
        let Failing { node, place, attempt, attempts, .. } = at;
        let (path, place) = (self.path(node), self.place(place));
        let (elapsed, trace_id) = (self.scope.elapsed(self.seam()), self.scope.id);
        FlowError::new(kind, Spot { path, place, node, attempt, attempts, elapsed, trace_id })
    }

    fn tell_failed(&self, error: &FlowError, at: Failing) {
        let Failing { node, place, attempt, latency, .. } = at;
        match error.kind() {
            ErrorKind::JoinStarved { needed, errors } => {
                self.tell((node, place, 0), || EventKind::JoinStarved { needed: *needed, failed: errors.len() });
            }
            _ => self.tell((node, place, attempt), || EventKind::NodeFailed { latency, error: Failure::of(error) }),
        }
    }

    /// Tells observers, if there are some, what happens at an attempt of a node, or at a word, whose attempt is 0.
    #[inline]
    pub(crate) fn tell(&self, at: (&'static str, Option<u32>, u32), kind: impl FnOnce() -> EventKind) {
        if let Some(watch) = self.scope.tap() {
            watch.tell(self.at(at.0, at.1, at.2), kind());
        }
    }

    /// Where an attempt of `node` stands, as observers are told.
    #[cold]
    pub(crate) fn at(&self, node: &'static str, place: Option<u32>, attempt: u32) -> At {
        At { trace_id: self.scope.id, place: Place::new(self.frame.way(), place), node, attempt }
    }

    #[cold]
    pub(crate) fn note_panic(&self, at: Failing) {
        let Failing { node, place: step, attempt, attempts, .. } = at;
        let told = self.scope.tap().map(|_| self.at(node, step, attempt));
        let (path, place) = (self.path(node), self.place(step));
        self.scope.note_panic(|| PanicSpot { path, place, node, attempt, attempts, told });
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
    fn path(&self, node: &str) -> String {
        let mut path = self.frame.path();
        path.push_str(" › ");
        path.push_str(node);
        path
    }
}

/// `text`, which begins with `there`, beginning with `here` instead.
fn behind(text: &str, there: String, here: String) -> String {
    here + text.strip_prefix(&there).unwrap_or(text)
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
    meta: Meta,
    /// What was opened and called by the context and by its clones.
    counts: OnceLock<Arc<Counts>>,
}

/// What a node run has begun so far.
#[derive(Default)]
struct Counts {
    streams: AtomicU32,
    calls: AtomicU32,
}

/// Clones count their streams and their calls together.
impl Clone for Ctx {
    fn clone(&self) -> Self {
        let Ctx { scope, shared, way, node, place, attempt, meta, .. } = self;
        let counts = OnceLock::from(self.counts().clone());
        let (scope, shared, way, meta) = (scope.clone(), shared.clone(), way.clone(), meta.clone());
        Ctx { scope, shared, way, node, place: *place, attempt: *attempt, meta, counts }
    }
}

impl Ctx {
    /// The trace's id.
    pub fn trace_id(&self) -> TraceId {
        self.scope.id
    }

    /// Where the run's time and randomness come from: a node that waits or draws by it does so in virtual time and by the seed where its
    /// flow is tested so.
    ///
    /// ```
    /// use penguiflow::clock::secs;
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn linger(name: String, ctx: &Ctx) -> String {
    ///     ctx.seam().sleep(secs(1)).await;
    ///     name
    /// }
    /// ```
    pub fn seam(&self) -> &Seam {
        &self.shared.seam
    }

    /// The trace's headers.
    pub fn headers(&self) -> &Headers {
        &self.scope.headers
    }

    /// The [idempotency key](crate::Message::with_idempotency_key) of the trace's message, to be handed on to what the node
    /// calls. It is the same in each attempt and at each node: where a node asks the same service for several things, make
    /// several keys of it, say with [`place`](Ctx::place).
    pub fn idempotency_key(&self) -> Option<&str> {
        self.scope.key_around().map(|key| key.key.as_str())
    }

    /// What a request to another process brings along as its header `traceparent`, so that what is done there is a part of this
    /// trace, as the [W3C](https://www.w3.org/TR/trace-context-2/) has it.
    ///
    /// With the feature `otel`, where spans are exported, it names the span in which this is called: that of the attempt, or one
    /// that the node has opened. Otherwise the trace hands on what its message [brought](crate::Message::with_traceparent), or
    /// nothing.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn ask(question: String, ctx: &Ctx) -> Option<String> { ctx.traceparent() }
    /// flow! { asking(String) -> Option<String> { ask } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// let question = Message::new("why?".to_owned()).with_traceparent(header)?;
    /// assert_eq!(asking::flow().start()?.call(question).await?.as_deref(), Some(header));
    /// # Ok(())
    /// # }
    /// ```
    pub fn traceparent(&self) -> Option<String> {
        let linked = self.scope.span().and_then(|span| {
            // In a task that the node has spawned there may be none.
            spans::traceparent(&Span::current()).or_else(|| spans::traceparent(&span))
        });
        linked.or_else(|| self.scope.traceparent()).map(|traceparent| traceparent.to_string())
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
    /// its loop. `2(1)/0` is step 0 of the flow that step 2 runs by its second [`call`](Ctx::call), and `2~3(1)/0` that of its
    /// third attempt.
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

    /// What the trace may still spend, and the way to reserve some of it before it is spent. A node that takes batches works for
    /// many traces, and nothing is limited for it.
    pub fn budget(&self) -> Allowance {
        Allowance::new(self.scope.clone(), self.at())
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
        let index = self.counts().streams.fetch_add(1, Ordering::Relaxed);
        let id = format!("{}#{index}", self.place());
        let stream = StreamId::of_attempt(id, name, self.attempt);
        StreamWriter::new(self.scope.clone(), self.shared.clone(), stream, self.at())
    }

    /// Tells observers, if there are some, that the node has called a model.
    #[allow(dead_code, reason = "only models, behind their feature, tell")]
    pub(crate) fn tell_model_call(&self, call: impl FnOnce() -> ModelCall) {
        if let (Some(watch), Some(at)) = (self.scope.tap(), self.at()) {
            watch.tell(*at, EventKind::ModelCall(Arc::new(call())));
        }
    }

    /// How observers are told of the node run, if there are some.
    fn at(&self) -> Option<Box<At>> {
        self.scope.tap().map(|_| {
            let Ctx { scope, way, node, place, attempt, .. } = self;
            let place = Place::new(way.clone(), Some(*place));
            Box::new(At { trace_id: scope.id, place, node, attempt: *attempt })
        })
    }

    /// Runs a flow that was started, as a part of this trace, and gives what it ends with. `callee` is a
    /// [`Handle`](crate::Handle) or a [`Playbook`](crate::Playbook), which a node usually finds in its [`State`](crate::State).
    ///
    /// ```
    /// use penguiflow::{CallError, Playbook};
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn find(query: String) -> Vec<String> { vec![format!("{query}-1"), format!("{query}-2")] }
    /// flow! { finding(String) -> Vec<String> { find } }
    ///
    /// #[derive(Provides)]
    /// struct Library { shelf: Playbook<String, Vec<String>> }
    ///
    /// #[node]
    /// async fn look_up(query: String, ctx: &Ctx, State(shelf): State<'_, Playbook<String, Vec<String>>>)
    ///     -> Result<usize, CallError>
    /// {
    ///     Ok(ctx.call(shelf, query).await?.len())
    /// }
    /// flow! { counting(String) -> usize { look_up } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let shelf = finding::flow().start()?.playbook();
    /// let app = counting::flow().with_state(Library { shelf }).start()?;
    /// assert_eq!(app.call("krill".to_owned()).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// *Inherited* are the trace's id, headers, deadline, cancel signal, meta, and its streams: who reads the trace reads what
    /// the callee's nodes write. The message may add meta and may ask for less time; headers and a trace id that are
    /// not the trace's are refused. State, limits, overrides and stubs are the callee's own; what it spends counts for its own
    /// [budget](macro@crate::flow#budgets) and for those around the call.
    ///
    /// *Limits*: the call takes one of the callee's places and waits for it, so the callee's `in_flight`, `cancel` and
    /// `shutdown` see it. A flow that the trace is inside already lets it in without another place: flows may call
    /// themselves and one another, as deep as [`Options::call_depth`](crate::Options::call_depth) allows. Two flows that call
    /// one another and are both called from outside can wait for one another's last places, and a node under `concurrency`
    /// that calls its own flow for its own permit: give those traces a deadline. A node behind a `queue` is let past that
    /// queue when it calls its own flow.
    ///
    /// *Cancel safety*: dropping the future drops the call; nothing of it is left. If the callee has irreversible nodes, give
    /// the calling node `on_cancel = finish(…)`: otherwise its end is theirs.
    ///
    /// # Errors
    /// [`CallError`], which says what comes back as a value and what ends the trace.
    pub fn call<'a, C, M>(
        &self,
        callee: &'a C,
        message: M,
    ) -> impl Future<Output = Result<C::Output, CallError>> + Send + use<'a, C, M>
    where
        C: Callee,
        M: Into<Message<C::Input>>,
    {
        let number = self.counts().calls.fetch_add(1, Ordering::Relaxed);
        let Ctx { node, place, attempt, .. } = *self;
        let (scope, flow, way, meta) =
            (self.scope.clone(), FlowKey::of(&self.shared), self.way.clone(), self.meta.clone());
        callee.run_within(Call { scope, flow, way, node, place, attempt, number, meta }, message.into())
    }

    fn counts(&self) -> &Arc<Counts> {
        self.counts.get_or_init(Arc::default)
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
