//! Who may write down what goes into a trace and what comes out of its nodes. The one place where that one is erased. Knows no
//! file and no format.

use crate::error::NodeError;
use crate::event::FlowEvent;
use crate::graph::codec::Codec;
use crate::graph::watch::At;
use crate::id::TraceId;
use crate::message::{Budget, Headers, Meta};
use crate::stream::Piece;
use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Hears all that a replay of a trace needs. Called in the task of the trace, which waits for it.
pub(crate) trait Taping: Send + Sync + 'static {
    /// A trace was let in.
    fn let_in(&self, entry: &Entry<'_>);
    /// An attempt gave this value, beside its event.
    fn gave(&self, at: &At, gave: &Gave<'_>);
    /// An attempt failed, before its event. `halt` names why the trace has to end, if it has, and `waited` whether the attempt was not ready
    /// at once.
    fn erred(&self, at: &At, error: &NodeError, halt: Option<&'static str>, waited: bool);
    /// An attempt has written a chunk, before its event.
    fn wrote(&self, at: &At, piece: &Piece);
    /// What observers are told.
    fn hear(&self, event: &FlowEvent);
}

/// What is let in.
#[allow(dead_code, reason = "only the recorder, behind its feature, asks")]
pub(crate) struct Entry<'a> {
    pub(crate) flow: &'static str,
    pub(crate) trace_id: TraceId,
    pub(crate) headers: &'a Headers,
    /// How much time the trace has.
    pub(crate) deadline: Option<Duration>,
    /// What it may spend.
    pub(crate) budget: Budget,
    /// When the trace began, by its flow's wall clock.
    pub(crate) started: SystemTime,
    pub(crate) codec: Option<Codec>,
    pub(crate) payload: &'a dyn Any,
    pub(crate) meta: &'a Meta,
}

/// What an attempt gives.
#[allow(dead_code, reason = "only the recorder, behind its feature, asks")]
pub(crate) struct Gave<'a> {
    pub(crate) codec: Option<Codec>,
    pub(crate) value: &'a dyn Any,
    pub(crate) meta: &'a Meta,
    /// Whether the attempt was not ready at once.
    pub(crate) waited: bool,
}

/// Who writes a started flow's traces down.
pub(crate) type Tape = Arc<dyn Taping>;
