//! How a trace ends without a value, and what a failure tells. Decides nothing about retries.

pub(crate) mod branch;
mod code;
pub(crate) mod shared;

use crate::id::TraceId;
use crate::validate::Violations;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// Any error that may leave a node.
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// The one ending of a trace.
#[derive(Debug)]
#[non_exhaustive]
pub enum Ending<T> {
    /// The flow's last node returned this.
    Completed(T),
    /// A node failed, panicked or ran out of time, and nothing tolerated it.
    Failed(FlowError),
    /// Somebody cancelled the trace, dropped its handle, or shut the flow down.
    Cancelled,
    /// The trace's deadline passed.
    DeadlineExceeded,
    /// A limit of the trace or of a loop was used up.
    BudgetExceeded(Limit),
    /// An arm of a router ended the trace.
    Dropped {
        /// The router and the arm, `triage.Spam`.
        at: Box<str>,
    },
}

impl<T> Ending<T> {
    /// The value, or why there is none.
    pub fn into_result(self) -> Result<T, Stop> {
        match self {
            Ending::Completed(value) => Ok(value),
            Ending::Failed(error) => Err(Stop::Failed(error)),
            Ending::Cancelled => Err(Stop::Cancelled),
            Ending::DeadlineExceeded => Err(Stop::DeadlineExceeded),
            Ending::BudgetExceeded(limit) => Err(Stop::BudgetExceeded(limit)),
            Ending::Dropped { at } => Err(Stop::Dropped { at }),
        }
    }

    /// Whether the trace ended with a value.
    pub fn is_completed(&self) -> bool {
        matches!(self, Ending::Completed(_))
    }
}

impl<T> From<Result<T, Stop>> for Ending<T> {
    fn from(result: Result<T, Stop>) -> Self {
        match result {
            Ok(value) => Ending::Completed(value),
            Err(Stop::Failed(error)) => Ending::Failed(error),
            Err(Stop::Cancelled) => Ending::Cancelled,
            Err(Stop::DeadlineExceeded) => Ending::DeadlineExceeded,
            Err(Stop::BudgetExceeded(limit)) => Ending::BudgetExceeded(limit),
            Err(Stop::Dropped { at }) => Ending::Dropped { at },
        }
    }
}

/// Why a trace ended without a value: every [`Ending`] but `Completed`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Stop {
    /// A node failed, panicked or ran out of time, and nothing tolerated it.
    Failed(FlowError),
    /// Somebody cancelled the trace, dropped its handle, or shut the flow down.
    Cancelled,
    /// The trace's deadline passed.
    DeadlineExceeded,
    /// A limit of the trace or of a loop was used up.
    BudgetExceeded(Limit),
    /// An arm of a router ended the trace.
    Dropped {
        /// The router and the arm, `triage.Spam`.
        at: Box<str>,
    },
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Failed(error) => error.fmt(f),
            Stop::Cancelled => f.write_str("the trace was cancelled"),
            Stop::DeadlineExceeded => f.write_str("Deadline exceeded"),
            Stop::BudgetExceeded(limit) => limit.fmt(f),
            Stop::Dropped { at } => write!(f, "dropped at {at}"),
        }
    }
}

impl StdError for Stop {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Stop::Failed(error) => error.source(),
            Stop::Cancelled | Stop::DeadlineExceeded | Stop::BudgetExceeded(_) | Stop::Dropped { .. } => None,
        }
    }
}

impl From<FlowError> for Stop {
    fn from(error: FlowError) -> Self {
        Stop::Failed(error)
    }
}

/// Which limit was used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// The turns of a loop.
    Turns,
    /// How many nodes a trace may run.
    Hops,
    /// How many tokens a trace may use.
    Tokens,
    /// How much money a trace may spend.
    Usd,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Turns => f.write_str("out of turns: the loop was still asking for another one"),
            Limit::Hops => f.write_str("Hop budget exhausted"),
            Limit::Tokens => f.write_str("Token budget exhausted"),
            Limit::Usd => f.write_str("Money budget exhausted"),
        }
    }
}

/// What a retry may do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorClass {
    /// Another attempt may succeed. The default where a node has retries.
    Retry,
    /// Another attempt would fail as well.
    Fatal,
}

/// Tells a node's retry policy what an error means. An error type without this is retried as long as retries are left.
///
/// ```
/// use penguiflow::{Classify, ErrorClass};
/// use std::time::Duration;
///
/// struct HttpError { status: u16, retry_after: Option<Duration> }
///
/// impl Classify for HttpError {
///     fn class(&self) -> ErrorClass {
///         if self.status == 429 || self.status >= 500 { ErrorClass::Retry } else { ErrorClass::Fatal }
///     }
///     fn retry_after(&self) -> Option<Duration> {
///         self.retry_after
///     }
/// }
/// # assert_eq!(HttpError { status: 404, retry_after: None }.class(), ErrorClass::Fatal);
/// ```
pub trait Classify {
    /// Whether another attempt may help.
    fn class(&self) -> ErrorClass;

    /// How long the other side asked to wait. Honoured even where it is longer than the backoff.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

/// One attempt's error with what it says about retrying. What a stub fails with; `?` and `into()` make one of any error.
///
/// ```
/// use penguiflow::{ErrorClass, NodeError};
///
/// let down: NodeError = std::io::Error::other("down").into();
/// let wrong = NodeError::new("no such page").with_class(ErrorClass::Fatal);
/// # let _ = (down, wrong);
/// ```
#[derive(Debug)]
pub struct NodeError {
    pub(crate) kind: ErrorKind,
    pub(crate) class: ErrorClass,
    pub(crate) retry_after: Option<Duration>,
}

impl NodeError {
    /// An error that another attempt may help.
    pub fn new(source: impl Into<BoxError>) -> Self {
        NodeError { kind: ErrorKind::Node(source.into()), class: ErrorClass::Retry, retry_after: None }
    }

    /// The same error in another class.
    pub fn with_class(mut self, class: ErrorClass) -> Self {
        self.class = class;
        self
    }

    /// The same error with the wait that the other side asked for.
    pub fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    pub(crate) fn fatal(kind: ErrorKind) -> Self {
        NodeError { kind, class: ErrorClass::Fatal, retry_after: None }
    }
}

// Not an `Error` itself: it would then be two ways to box the same error, and this conversion would be refused.
impl<E: StdError + Send + Sync + 'static> From<E> for NodeError {
    fn from(source: E) -> Self {
        NodeError::new(source)
    }
}

/// What went wrong inside a [`FlowError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The node returned this error.
    Node(BoxError),
    /// An attempt took longer than its timeout.
    Timeout(Duration),
    /// The node's code panicked with this text.
    Panic(Box<str>),
    /// A message violates its own rules.
    Invalid(Violations),
    /// Too few branches succeeded.
    JoinStarved {
        /// How many were needed.
        needed: usize,
        /// What the branches failed with, in branch order.
        errors: Vec<FlowError>,
    },
    /// A map was given more items than its limit.
    TooManyItems {
        /// How many there were.
        items: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A node that takes batches returned another number of results than it was given items.
    BatchShape {
        /// How many items there were.
        expected: usize,
        /// How many results came back.
        got: usize,
    },
    /// A node returned a message with other headers than its trace has.
    HeadersChanged,
    /// A message with the same [idempotency key](crate::Message::with_idempotency_key) was let in before. This one was not,
    /// and no node ran for it.
    Duplicate {
        /// The trace that was let in.
        first: TraceId,
    },
}

/// A failure with the path to where it happened.
///
/// Prints as `support › map[3] › search, attempt 2 of 3, after 2.1 s: connection refused` and keeps the node's own error as
/// [`source`](StdError::source).
pub struct FlowError {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    path: String,
    place: String,
    node: &'static str,
    attempt: u32,
    attempts: u32,
    elapsed: Duration,
    trace_id: TraceId,
}

/// Where and when an attempt failed.
pub(crate) struct Spot {
    pub(crate) path: String,
    pub(crate) place: String,
    pub(crate) node: &'static str,
    pub(crate) attempt: u32,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) trace_id: TraceId,
}

impl FlowError {
    pub(crate) fn new(kind: ErrorKind, spot: Spot) -> Self {
        let Spot { path, place, node, attempt, attempts, elapsed, trace_id } = spot;
        FlowError { inner: Box::new(Inner { kind, path, place, node, attempt, attempts, elapsed, trace_id }) }
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.inner.kind
    }

    /// Gives the error's kind, and with it the node's own error, back by value.
    pub fn into_kind(self) -> ErrorKind {
        self.inner.kind
    }

    /// The way to the node, from the flow down: `support › map[3] › search`.
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    /// The structural key of the hop, the same for every trace and in whichever order branches finish: the numbers of the
    /// steps from the flow down, with the index of a map's item in brackets and a loop's turn behind a colon. `4/7[3]/0` is
    /// step 0 of what item 3 of the map at step 7 runs in the sub-flow at step 4; `5:2/6` is step 6 in turn 2 of the loop
    /// at step 5; `2(1)/0` is step 0 of what the second [`call`](crate::Ctx::call) of step 2 runs.
    pub fn place(&self) -> &str {
        &self.inner.place
    }

    /// The node's name.
    pub fn node(&self) -> &'static str {
        self.inner.node
    }

    /// The last attempt's number, from 1.
    pub fn attempt(&self) -> u32 {
        self.inner.attempt
    }

    /// How many attempts the policy allowed.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The time since the trace was admitted.
    pub fn elapsed(&self) -> Duration {
        self.inner.elapsed
    }

    /// The trace that failed.
    pub fn trace_id(&self) -> TraceId {
        self.inner.trace_id
    }

    /// A constant name of the kind, for dashboards.
    pub fn code(&self) -> &'static str {
        self.inner.kind.code()
    }

    /// The failure as JSON, for logs, stores and other processes: `code`, `message`, `node_name`, `path`, `place`,
    /// `trace_id`, and `metadata` with `attempt` and `attempts` (from 1), `elapsed_ms`, and for a timeout `timeout_s`.
    ///
    /// `message` is the text of the failure alone, without its path. A [`Secret`](crate::Secret) in a node's error stays
    /// hidden, as it does in print.
    pub fn to_payload(&self) -> serde_json::Value {
        let Inner { kind, path, place, node, attempt, attempts, elapsed, trace_id } = &*self.inner;
        let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let mut metadata = serde_json::json!({ "attempt": attempt, "attempts": attempts, "elapsed_ms": elapsed_ms });
        if let ErrorKind::Timeout(limit) = kind {
            metadata["timeout_s"] = limit.as_secs_f64().into();
        }
        serde_json::json!({
            "code": self.code(),
            "message": kind.to_string(),
            "node_name": node,
            "path": path,
            "place": place,
            "trace_id": trace_id.to_string(),
            "metadata": metadata,
        })
    }
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, path, attempt, attempts, elapsed, .. } = &*self.inner;
        write!(f, "{path}")?;
        if *attempts > 1 {
            write!(f, ", attempt {attempt} of {attempts}")?;
        }
        write!(f, ", after {}: {kind}", Seconds(*elapsed))
    }
}

/// `2.1 s`, or `340 ms` below one second.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            ms if ms < 1_000 => write!(f, "{ms} ms"),
            _ => write!(f, "{:.1} s", self.0.as_secs_f64()),
        }
    }
}

impl ErrorKind {
    /// As [`FlowError::code`].
    pub(crate) fn code(&self) -> &'static str {
        match self {
            ErrorKind::Node(_) => "NODE_EXCEPTION",
            ErrorKind::Timeout(_) => "NODE_TIMEOUT",
            ErrorKind::Panic(_) => "NODE_PANIC",
            ErrorKind::Invalid(_) => "MESSAGE_INVALID",
            ErrorKind::JoinStarved { .. } => "JOIN_STARVED",
            ErrorKind::TooManyItems { .. } => "TOO_MANY_ITEMS",
            ErrorKind::BatchShape { .. } => "BATCH_SHAPE",
            ErrorKind::HeadersChanged => "HEADERS_CHANGED",
            ErrorKind::Duplicate { .. } => "DUPLICATE",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::Node(source) => source.fmt(f),
            ErrorKind::Timeout(limit) => write!(f, "took longer than its timeout of {}", Seconds(*limit)),
            ErrorKind::Panic(text) => write!(f, "panicked: {text}"),
            ErrorKind::Invalid(violations) => write!(f, "invalid message: {violations}"),
            ErrorKind::JoinStarved { needed, errors } => {
                let branches = if *needed == 1 { "branch" } else { "branches" };
                write!(f, "the join needed {needed} {branches}, but {} failed", errors.len())?;
                errors.iter().try_for_each(|error| write!(f, "; {error}"))
            }
            ErrorKind::TooManyItems { items, limit } => write!(f, "{items} items, but the limit of the map is {limit}"),
            ErrorKind::BatchShape { expected, got } => write!(f, "returned {got} results for a batch of {expected}"),
            ErrorKind::HeadersChanged => f.write_str("returned a message with other headers than its trace has"),
            ErrorKind::Duplicate { first } => {
                write!(f, "a message with the same key was let in before, as trace {first}")
            }
        }
    }
}

impl fmt::Debug for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, path, attempt, attempts, elapsed, trace_id, .. } = &*self.inner;
        f.debug_struct("FlowError")
            .field("path", path)
            .field("kind", kind)
            .field("attempt", attempt)
            .field("attempts", attempts)
            .field("elapsed", elapsed)
            .field("trace_id", trace_id)
            .finish()
    }
}

impl StdError for FlowError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.inner.kind {
            ErrorKind::Node(source) => Some(shared::own(&**source)),
            ErrorKind::Invalid(violations) => Some(violations),
            ErrorKind::JoinStarved { errors, .. } => errors.first().map(|error| error as _),
            ErrorKind::Timeout(_)
            | ErrorKind::Panic(_)
            | ErrorKind::TooManyItems { .. }
            | ErrorKind::BatchShape { .. }
            | ErrorKind::HeadersChanged
            | ErrorKind::Duplicate { .. } => None,
        }
    }
}
