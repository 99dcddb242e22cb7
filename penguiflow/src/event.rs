//! What happens in a started flow, as values, and who may listen. Knows no flow: who tells an event stands above.

mod model_call;
mod observer;
mod remote;
mod wire;

use crate::id::TraceId;
use crate::message::{Cost, Headers};
use crate::place::Place;
use crate::stream::StreamId;
pub use model_call::{ModelCall, ModelUsage};
pub use observer::Observer;
pub use remote::RemoteCall;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
pub(crate) use wire::of_cost;

/// One thing that happened to a trace.
///
/// It holds no payload. What a node wrote into its own error stands in it, as it would in a log; a
/// [`Secret`](crate::Secret) stays hidden there.
///
/// *Order*: events of one trace that happen one after the other are told in that order. Those of branches that run on several
/// threads are told as they come.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::{EventKind, FlowEvent, Observer};
/// use std::sync::{Arc, Mutex};
///
/// #[node]
/// async fn shout(text: String) -> String { text.to_uppercase() }
/// flow! { shouting(String) -> String { shout } }
///
/// /// Notes the nodes that succeed.
/// #[derive(Default)]
/// struct Succeeded(Mutex<Vec<&'static str>>);
///
/// impl Observer for Succeeded {
///     fn on_event(&self, event: &FlowEvent) {
///         if let EventKind::NodeSuccess { .. } = event.kind {
///             self.0.lock().unwrap().push(event.node);
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = shouting::flow().start()?;
/// let succeeded = Arc::new(Succeeded::default());
/// let observation = app.observe_in_line(succeeded.clone());
/// app.call("hello".to_owned()).await?;
/// assert_eq!(*succeeded.0.lock().unwrap(), ["shout"]);
/// # drop(observation);
/// # Ok(())
/// # }
/// ```
#[doc = include_str!("../docs/events.md")]
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FlowEvent {
    /// When it happened, by the flow's own [clock](crate::clock::Seam).
    pub at: SystemTime,
    /// The started flow.
    pub flow: &'static str,
    /// The trace. Of a batch, which serves many, an id of its own.
    pub trace_id: TraceId,
    /// Where it happened; empty for what happens to the trace as a whole.
    pub place: Place,
    /// The node, its instance or the joining word; empty for what happens to the trace as a whole.
    pub node: &'static str,
    /// The attempt, from 1; 0 where there is none, as where a trace is told that the batch it stood in has failed.
    pub attempt: u32,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. [`FlowEvent::name`] gives each its name for logs and other processes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum EventKind {
    /// A trace was let in. `emit`
    Emit {
        /// Whose message it is.
        headers: Headers,
        /// How much time it has.
        deadline: Option<Duration>,
    },
    /// A trace has ended. The last event of it, but for attempts in tasks of their own (`parallel`, `queue`): another thread may be
    /// in the middle of one, and what it tells of that one comes a moment later. `ending`
    Ending {
        /// How: [`Ending::code`](crate::Ending::code).
        code: &'static str,
        /// The time since it was let in.
        latency: Duration,
        /// What it failed with.
        error: Option<Failure>,
        /// What it has spent, where that was counted.
        spent: Option<Cost>,
    },
    /// A trace was asked to end before it was done. `trace_cancel_start`
    TraceCancelStart,
    /// A trace that was asked so has ended. `trace_cancel_finish`
    TraceCancelFinish,
    /// A message stood before a node, in a wait or between two attempts, when its trace had to end. `trace_cancel_drop`
    TraceCancelDrop {
        /// Why: [`Stop::code`](crate::Stop::code), `BRANCH_FAILED` beside a failure that waits for this branch, or `NOT_NEEDED`
        /// where the trace goes on without the branch.
        why: &'static str,
    },
    /// A message stood before a node when its trace's time was up. `deadline_skip`
    DeadlineSkip {
        /// How much time the trace had.
        deadline: Duration,
    },
    /// An attempt begins. `node_start`
    NodeStart,
    /// An attempt gave a value. `node_success`
    NodeSuccess {
        /// How long it took.
        latency: Duration,
    },
    /// An attempt gave an error, or what it took or gave is invalid. `node_error`
    NodeError {
        /// How long it took.
        latency: Duration,
        /// The error.
        error: Failure,
    },
    /// An attempt took longer than its timeout. `node_timeout`
    NodeTimeout {
        /// How long it took.
        latency: Duration,
        /// The error.
        error: Failure,
    },
    /// Another attempt follows. The event's `attempt` is that one. `node_retry`
    NodeRetry {
        /// How long that waits.
        wait: Duration,
        /// What the attempt before failed with.
        error: Failure,
    },
    /// No attempt follows: the node has failed, or has panicked. `node_failed`
    NodeFailed {
        /// How long the last attempt took; nothing where that is not known, as of one that panicked.
        latency: Option<Duration>,
        /// What it failed with, with the whole [`FlowError::to_payload`](crate::FlowError::to_payload).
        error: Failure,
    },
    /// An attempt was dropped because its trace had to end. `node_trace_cancelled`
    NodeTraceCancelled {
        /// How long it took.
        latency: Duration,
        /// Why: [`Stop::code`](crate::Stop::code), or `BRANCH_FAILED` beside a failure that waits for this branch.
        why: &'static str,
    },
    /// An attempt was dropped because nobody needs its value any more: a branch beside it has failed, or was first.
    /// `node_cancelled`
    NodeCancelled {
        /// How long it took.
        latency: Duration,
    },
    /// An attempt waits for its node's `concurrency` or `rate`. `permit_enter`
    PermitEnter,
    /// It has what it waited for. `permit_wait`
    PermitWait {
        /// How long it waited.
        latency: Duration,
    },
    /// A message waits in the queue before its node. `queue_enter`
    QueueEnter {
        /// How many messages wait there, with this one.
        depth: usize,
        /// How many may stand in the queue.
        capacity: usize,
    },
    /// A worker has taken the message. `queue_wait`
    QueueWait {
        /// How long it waited.
        latency: Duration,
        /// How many messages wait there still.
        depth: usize,
        /// How many may stand in the queue.
        capacity: usize,
    },
    /// A router has chosen. `route_chosen`
    RouteChosen {
        /// The arm.
        arm: &'static str,
    },
    /// An arm has ended the trace. `dropped`
    Dropped {
        /// The router and the arm, `triage.Spam`.
        at: Box<str>,
    },
    /// The branches of a fork have met. `join_complete`
    JoinComplete {
        /// How many branches there are.
        branches: usize,
    },
    /// Too many branches of a fork have failed. `join_starved`
    JoinStarved {
        /// How many values were needed.
        needed: usize,
        /// How many branches have failed.
        failed: usize,
    },
    /// A chunk of a stream was sent to who reads the trace. `chunk`
    Chunk {
        /// The stream.
        stream: StreamId,
        /// How long its text is, in bytes.
        bytes: usize,
        /// Whether it is the last one of its stream.
        done: bool,
    },
    /// A node has set a cost aside. `budget_reserved`
    BudgetReserved {
        /// The cost.
        cost: Cost,
    },
    /// A reservation was charged. `budget_settled`
    BudgetSettled {
        /// What was set aside.
        reserved: Cost,
        /// What it came to.
        actual: Cost,
    },
    /// A reservation was dropped unsettled, and was charged in full. `budget_in_doubt`
    BudgetInDoubt {
        /// What was set aside.
        cost: Cost,
    },
    /// A model was called by a node, and the call is over. `model_call`
    ModelCall(Arc<ModelCall>),
    /// A call of a remote agent begins. `remote_call_start`
    RemoteCallStart(Arc<RemoteCall>),
    /// It has sent a part of its answer. `remote_stream_event`
    RemoteStreamEvent(Arc<RemoteCall>),
    /// It has succeeded. `remote_call_success`
    RemoteCallSuccess(Arc<RemoteCall>),
    /// It has failed. `remote_call_error`
    RemoteCallError(Arc<RemoteCall>),
    /// It was cancelled there, too. `remote_call_cancelled`
    RemoteCallCancelled(Arc<RemoteCall>),
    /// It could not be cancelled there. `remote_cancel_error`
    RemoteCancelError(Arc<RemoteCall>),
}

/// What a node or a trace failed with, as it is told to observers. Cheap to clone.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Failure {
    /// A constant name of what it is: [`FlowError::code`](crate::FlowError::code).
    pub code: &'static str,
    /// What it says.
    pub message: Arc<str>,
    /// The whole failure, once there is no attempt left: [`FlowError::to_payload`](crate::FlowError::to_payload).
    pub payload: Option<Arc<serde_json::Value>>,
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: String) -> Self {
        Failure { code, message: message.into(), payload: None }
    }

    pub(crate) fn of(error: &crate::error::FlowError) -> Self {
        let message = error.kind().to_string().into();
        Failure { code: error.code(), message, payload: Some(Arc::new(error.to_payload())) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl FlowEvent {
    /// How long the step took, or waited, where the event tells that.
    pub fn latency(&self) -> Option<Duration> {
        use EventKind as Kind;
        match &self.kind {
            Kind::Ending { latency, .. }
            | Kind::NodeSuccess { latency }
            | Kind::NodeError { latency, .. }
            | Kind::NodeTimeout { latency, .. }
            | Kind::NodeTraceCancelled { latency, .. }
            | Kind::NodeCancelled { latency }
            | Kind::PermitWait { latency }
            | Kind::QueueWait { latency, .. } => Some(*latency),
            Kind::NodeFailed { latency, .. } => *latency,
            Kind::ModelCall(call) => Some(call.latency),
            Kind::RemoteStreamEvent(call)
            | Kind::RemoteCallSuccess(call)
            | Kind::RemoteCallError(call)
            | Kind::RemoteCallCancelled(call)
            | Kind::RemoteCancelError(call) => Some(call.latency),
            Kind::Emit { .. }
            | Kind::TraceCancelStart
            | Kind::TraceCancelFinish
            | Kind::TraceCancelDrop { .. }
            | Kind::DeadlineSkip { .. }
            | Kind::NodeStart
            | Kind::NodeRetry { .. }
            | Kind::PermitEnter
            | Kind::QueueEnter { .. }
            | Kind::RouteChosen { .. }
            | Kind::Dropped { .. }
            | Kind::JoinComplete { .. }
            | Kind::JoinStarved { .. }
            | Kind::Chunk { .. }
            | Kind::BudgetReserved { .. }
            | Kind::BudgetSettled { .. }
            | Kind::BudgetInDoubt { .. }
            | Kind::RemoteCallStart(_) => None,
        }
    }

    /// Whether an attempt of a node ends with it. Each [`NodeStart`](EventKind::NodeStart) has exactly one such event behind it, so
    /// that both together count what runs.
    pub fn ends_attempt(&self) -> bool {
        match &self.kind {
            EventKind::NodeSuccess { .. }
            | EventKind::NodeError { .. }
            | EventKind::NodeTimeout { .. }
            | EventKind::NodeTraceCancelled { .. }
            | EventKind::NodeCancelled { .. } => true,
            // A failure stands behind the error of its last attempt, but where that panicked.
            EventKind::NodeFailed { error, .. } => error.code == "NODE_PANIC" && self.attempt > 0,
            _ => false,
        }
    }

    /// What failed, where the event tells that.
    pub fn error(&self) -> Option<&Failure> {
        match &self.kind {
            EventKind::Ending { error, .. } => error.as_ref(),
            EventKind::NodeError { error, .. }
            | EventKind::NodeTimeout { error, .. }
            | EventKind::NodeRetry { error, .. }
            | EventKind::NodeFailed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// The names on the way to the node and the node, `support › map[3] › search`; the flow alone for what happens to the
    /// trace as a whole.
    pub fn path(&self) -> String {
        let mut path = self.place.path();
        if !self.node.is_empty() {
            path.push_str(" › ");
            path.push_str(self.node);
        }
        path
    }
}
