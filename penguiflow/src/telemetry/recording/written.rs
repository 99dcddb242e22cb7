//! What a recording is, and how it is written down. Records nothing.

use crate::error::{ErrorClass, ErrorKind, NodeError};
use crate::event::{Failure, FlowEvent};
use crate::id::TraceId;
use crate::message::{Budget, Headers, Meta};
use crate::validate::Violations;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::fmt;
use std::time::{Duration, SystemTime};

/// All that a replay needs of one trace: its message, what its attempts gave and failed with, what happened, in its order, and
/// when. [`Recorder`](crate::Recorder) makes it, `testkit::Replay` plays it, and serde writes it down.
///
/// Its written form says `format: 1`; another one is refused. Times are nanoseconds, `started_ns` since 1970 and `at_ns` since
/// then. *Display* shows one line for each event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    #[serde(deserialize_with = "known_format")]
    format: u32,
    pub(crate) flow: String,
    pub(crate) trace_id: TraceId,
    pub(crate) started_ns: u64,
    pub(crate) ending: String,
    pub(crate) input: Value,
    #[serde(default, skip_serializing_if = "Meta::is_empty")]
    pub(crate) meta: Meta,
    pub(crate) headers: Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deadline_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) budget: Option<Budget>,
    /// What could not be written down, which makes it no use for a replay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fault: Option<String>,
    pub(crate) events: Vec<Noted>,
}

/// The format that is written and read.
const FORMAT: u32 = 1;

/// One event.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Noted {
    pub(crate) at_ns: u64,
    pub(crate) event: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) node: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) place: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) latency_ns: Option<u64>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(crate) details: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Failed>,
    /// What the attempt gave.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "there")]
    pub(crate) gave: Option<Value>,
    /// Whether the attempt that ends with it was not ready at once.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) waited: bool,
    /// What it left in the envelope, where that is something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) meta: Option<Meta>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wrote: Option<Wrote>,
}

/// What a node, or the trace, failed with.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Failed {
    pub(crate) code: String,
    pub(crate) message: String,
    /// Whether another attempt would fail as well.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) fatal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after_ns: Option<u64>,
    /// The limit of a timeout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit_ns: Option<u64>,
    #[serde(default, skip_serializing_if = "Violations::is_empty")]
    pub(crate) violations: Violations,
    /// Why the trace had to end by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) halt: Option<String>,
}

/// A chunk.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Wrote {
    pub(crate) stream: String,
    pub(crate) text: String,
    #[serde(default, skip_serializing_if = "Meta::is_empty")]
    pub(crate) meta: Meta,
}

impl Recording {
    pub(super) fn new(flow: &str, trace_id: TraceId, started: SystemTime) -> Self {
        Recording {
            format: FORMAT,
            flow: flow.to_owned(),
            trace_id,
            started_ns: nanos(started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()),
            ending: String::new(),
            input: Value::Null,
            meta: Meta::default(),
            headers: Headers::default(),
            deadline_ns: None,
            budget: None,
            fault: None,
            events: Vec::new(),
        }
    }

    /// The flow.
    pub fn flow(&self) -> &str {
        &self.flow
    }

    /// The trace.
    pub fn trace_id(&self) -> TraceId {
        self.trace_id
    }

    /// When it began, by its flow's clock.
    pub fn started(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_nanos(self.started_ns)
    }

    /// How it ended: [`Ending::code`](crate::Ending::code).
    pub fn ending(&self) -> &str {
        &self.ending
    }
}

impl Failed {
    pub(super) fn of(error: &NodeError, halt: Option<&'static str>) -> Self {
        let NodeError { kind, class, retry_after } = error;
        let (limit, violations) = match kind {
            ErrorKind::Timeout(limit) => (Some(nanos(*limit)), Violations::new()),
            ErrorKind::Invalid(violations) => (None, violations.clone()),
            _ => (None, Violations::new()),
        };
        Failed {
            code: kind.code().to_owned(),
            message: kind.to_string(),
            fatal: *class == ErrorClass::Fatal,
            retry_after_ns: retry_after.map(nanos),
            limit_ns: limit,
            violations,
            halt: halt.map(str::to_owned),
        }
    }
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the flow `{}`, trace {}, {}:", self.flow, self.trace_id, self.ending)?;
        self.events.iter().try_for_each(|event| writeln!(f, "  {:>12?} {event}", Duration::from_nanos(event.at_ns)))
    }
}

impl Noted {
    /// What observers are told, so long behind the beginning of its trace.
    pub(crate) fn of(event: &FlowEvent, at_ns: u64) -> Self {
        let failed = |error: &Failure| Failed {
            code: error.code.to_owned(),
            message: error.message.to_string(),
            ..Failed::default()
        };
        Noted {
            at_ns,
            event: event.name().to_owned(),
            node: event.node.to_owned(),
            place: event.place.to_string(),
            attempt: event.attempt,
            latency_ns: event.latency().map(nanos),
            details: event.details().unwrap_or_default(),
            error: event.error().map(failed),
            ..Noted::default()
        }
    }
}

/// `node_error search 3 attempt 2: NODE_EXCEPTION: connection refused`
impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Noted { event, node, place, attempt, details, error, .. } = self;
        f.write_str(event)?;
        if !node.is_empty() {
            write!(f, " {node} {place}")?;
        }
        if *attempt > 1 {
            write!(f, " attempt {attempt}")?;
        }
        if !details.is_null() {
            write!(f, " {details}")?;
        }
        error.iter().try_for_each(|Failed { code, message, .. }| write!(f, ": {code}: {message}"))
    }
}

/// Whole nanoseconds, 584 years at most.
pub(crate) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Refuses a format of another build.
fn known_format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        FORMAT => Ok(FORMAT),
        format => Err(serde::de::Error::custom(format_args!(
            "a recording of format {format}, where this build reads format {FORMAT}: record it again"
        ))),
    }
}

/// Reads what is there, be it `null`.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn is_zero(attempt: &u32) -> bool {
    *attempt == 0
}

fn is_false(flag: &bool) -> bool {
    !flag
}
