//! A call of a started flow from inside a node: what it inherits, what comes back, and the port behind which the runtime
//! stands. Must not know how a flow runs.

use crate::error::{BoxError, Classify, ErrorClass, ErrorKind, FlowError, Limit, Stop};
use crate::graph::scope::{FlowKey, Halt, Scope};
use crate::message::{Deadline, Envelope, Headers, Message, Meta};
use crate::place::{Level, Way};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use tokio::time::Instant;

/// What [`Ctx::call`](crate::Ctx::call) runs: a [`Handle`](crate::Handle) or a [`Playbook`](crate::Playbook).
pub trait Callee: Send + Sync {
    /// The payload that it takes.
    type Input: Send + 'static;
    /// The payload that it ends with.
    type Output: Send + 'static;

    #[doc(hidden)]
    fn run_within(&self, call: Call, message: Message<Self::Input>) -> BoxFuture<'_, Result<Self::Output, CallError>>;
}

/// Why a call gave no value.
///
/// Everything that ends inside the callee comes back as one of these, and the node that called decides what becomes of it. What
/// ends the caller's own trace, its cancel and its deadline, is told to nobody: it ends the callee and drops the node.
///
/// A node may handle it, or return it by `?`. A [`Failed`](CallError::Failed) that is returned as it is becomes the failure of
/// the trace, with the whole path and its own source; any other one, or one inside an error of your own, becomes the source of
/// a failure of the node. Retries: `Failed` counts as worth another attempt, unless it is a panic, an invalid message or one
/// whose idempotency key was let in before, and so does `DeadlineExceeded`; the others do not.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// A node of the callee failed, panicked or ran out of time.
    #[error(transparent)]
    Failed(FlowError),
    /// An arm of a router of the callee ended the call.
    #[error("the call was dropped at {at}")]
    Dropped {
        /// The router and the arm, `triage.Spam`.
        at: Box<str>,
    },
    /// A limit was used up inside the callee.
    #[error("{0}")]
    BudgetExceeded(Limit),
    /// The callee's own deadline passed, or that of the message.
    #[error("the call took longer than its deadline")]
    DeadlineExceeded,
    /// The call was cancelled: through the callee, by `cancel` or an abort, or because its trace has to end.
    #[error("the call was cancelled")]
    Cancelled,
    /// The callee was shut down.
    #[error("the flow `{flow}` was shut down")]
    Closed {
        /// The callee.
        flow: &'static str,
    },
    /// Flows call one another too deeply: see [`Options::call_depth`](crate::Options::call_depth).
    #[error("the flow `{flow}` lets itself be called {limit} calls deep, and this one is deeper")]
    TooDeep {
        /// The callee.
        flow: &'static str,
        /// Its limit.
        limit: u32,
    },
    /// The message has headers or a trace id, and they are not those of the trace that calls.
    #[error("the message brings headers or a trace id that are not those of the calling trace")]
    OtherTrace,
}

impl CallError {
    /// A constant name of what it is, for dashboards: where the call's ending is told, the same as [`Stop::code`].
    pub fn code(&self) -> &'static str {
        match self {
            CallError::Failed(error) => error.code(),
            CallError::Dropped { .. } => "DROPPED",
            CallError::BudgetExceeded(limit) => limit.code(),
            CallError::DeadlineExceeded => "DEADLINE_EXCEEDED",
            CallError::Cancelled => "TRACE_CANCELLED",
            CallError::Closed { .. } => "FLOW_CLOSED",
            CallError::TooDeep { .. } => "CALL_TOO_DEEP",
            CallError::OtherTrace => "OTHER_TRACE",
        }
    }
}

impl Classify for CallError {
    fn class(&self) -> ErrorClass {
        match self {
            CallError::Failed(error) => match error.kind() {
                ErrorKind::Panic(_) | ErrorKind::Invalid(_) | ErrorKind::Duplicate { .. } => ErrorClass::Fatal,
                _ => ErrorClass::Retry,
            },
            CallError::DeadlineExceeded => ErrorClass::Retry,
            CallError::Dropped { .. }
            | CallError::BudgetExceeded(_)
            | CallError::Cancelled
            | CallError::Closed { .. }
            | CallError::TooDeep { .. }
            | CallError::OtherTrace => ErrorClass::Fatal,
        }
    }
}

impl From<Stop> for CallError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Failed(error) => CallError::Failed(error),
            Stop::Cancelled => CallError::Cancelled,
            Stop::DeadlineExceeded => CallError::DeadlineExceeded,
            Stop::BudgetExceeded(limit) => CallError::BudgetExceeded(limit),
            Stop::Dropped { at } => CallError::Dropped { at },
        }
    }
}

/// What a node's error becomes: the failure inside the callee, if it is that, as it is.
#[cold]
pub(crate) fn failure_of(error: BoxError) -> Result<FlowError, BoxError> {
    match error.downcast::<CallError>() {
        Ok(error) => match *error {
            CallError::Failed(failure) => Ok(failure),
            other => Err(other.into()),
        },
        Err(error) => Err(error),
    }
}

/// One call on its way into its callee.
pub struct Call {
    pub(crate) scope: Arc<Scope>,
    /// The flow that calls.
    pub(crate) flow: FlowKey,
    pub(crate) way: Way,
    pub(crate) node: &'static str,
    pub(crate) place: u32,
    pub(crate) attempt: u32,
    /// Which call of its node run it is, from 0.
    pub(crate) number: u32,
    pub(crate) meta: Meta,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("node", &self.node).field("number", &self.number).finish_non_exhaustive()
    }
}

impl Call {
    /// Whether the call may be made at all.
    pub(crate) fn check(&self, callee: &'static str, depth_max: u32, envelope: &Envelope) -> Result<(), CallError> {
        if let Some(halt) = self.scope.halt() {
            return Err(Stop::from(halt).into());
        }
        if self.scope.depth() >= depth_max {
            return Err(CallError::TooDeep { flow: callee, limit: depth_max });
        }
        let Envelope { headers, trace_id, .. } = envelope;
        let same = (*headers == Headers::default() || *headers == self.scope.headers)
            && trace_id.is_none_or(|id| id == self.scope.id);
        if same { Ok(()) } else { Err(CallError::OtherTrace) }
    }

    /// Whether the trace is inside `flow` already, so that it has its place there.
    pub(crate) fn comes_from(&self, flow: FlowKey) -> bool {
        self.flow == flow || self.scope.comes_from(flow)
    }

    /// Waits until the trace has to end, and tells how.
    pub(crate) async fn halted(&self) -> CallError {
        self.scope.halted().await;
        self.scope.halt().map_or(CallError::Cancelled, |halt: Halt| Stop::from(halt).into())
    }

    /// When the call has to be over: with the trace, and with what the message and the callee ask for.
    pub(crate) fn deadline(&self, asked: Option<Deadline>, limit: Option<Instant>, now: Instant) -> Option<Instant> {
        let asked = asked.map(|deadline| deadline.instant(now));
        [self.scope.deadline, asked, limit].into_iter().flatten().min()
    }

    /// The meta that goes in: the node's, and over it what the message brings.
    pub(crate) fn meta(&self, mut own: Meta) -> Meta {
        own.merge(&self.meta);
        own
    }

    /// The way into the callee.
    pub(crate) fn way_into(&self, callee: &'static str) -> Way {
        let Call { node, place, attempt, number, .. } = *self;
        let by = Level::By { place, node };
        let call = Level::Call { number, flow: callee };
        // What a later attempt does inside is told apart from what an earlier one did.
        if attempt > 1 { self.way.below(&[by, Level::Attempt(attempt), call]) } else { self.way.below(&[by, call]) }
    }
}
