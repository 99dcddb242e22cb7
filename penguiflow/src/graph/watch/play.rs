//! Who may stand in for all nodes of a trace, and decide about its order: a replay. The one place where that one is erased. Knows
//! no recording.

use crate::error::Stop;
use crate::event::FlowEvent;
use crate::graph::codec::Codec;
use crate::graph::stub::StubFuture;
use crate::graph::watch::At;
use crate::message::Meta;
use std::any::Any;
use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

/// Plays the nodes of a trace.
pub(crate) trait Playing: Send + Sync + 'static {
    /// Whether the attempt may begin now. Who has to wait is woken.
    fn cue(&self, at: &At, task: &mut Context<'_>) -> Cue;
    /// Puts another input, an `Option` of it, in the place of that of an attempt, if it has to begin with another one.
    fn swap(&self, at: &At, input: &mut dyn Any);
    /// What the attempt does instead of running; nothing for one that runs.
    fn part(&self, stage: Stage, codec: Option<Codec>) -> Option<StubFuture>;
    /// The meta that the attempt left to the next node.
    fn meta(&self, at: &At) -> Option<Meta>;
    /// How long the attempt has waited behind the one before.
    fn wait(&self, at: &At) -> Option<Duration>;
    /// Whether an attempt that was asked to finish, and is played, ends here; nothing for one that runs.
    fn lets_go(&self, at: &At) -> Option<bool>;
    /// What observers are told.
    fn hear(&self, event: &FlowEvent);
}

/// What is to be done before an attempt begins.
#[allow(dead_code, reason = "only a replay, behind its feature, says so")]
pub(crate) enum Cue {
    /// It is played: it needs no permit, and no turn.
    Play,
    /// It runs as in any other trace.
    Run,
    Wait,
    /// The trace has to end so.
    Halt(Stop),
}

/// Where an attempt is played.
#[allow(dead_code, reason = "only a replay, behind its feature, asks")]
pub(crate) struct Stage {
    pub(crate) at: At,
    /// What its trace owns and what its flow shares, of which this room knows nothing: an `Arc<Scope>` and an `Arc<Shared>`.
    pub(crate) inside: Box<dyn Any + Send>,
}

/// Who plays the nodes of a started flow.
pub(crate) type Player = Arc<dyn Playing>;
