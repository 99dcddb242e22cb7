//! Decides when the stretches in front of a gather have what it needs. Puts nothing together.

use crate::error::branch::BranchError;
use crate::error::{FlowError, Stop};
use crate::graph::context::Cx;
use crate::graph::scope::Halt;
use crate::graph::value::M;
use crate::message::Meta;
use crate::runtime::fork::{End, starved};
use crate::runtime::weave::{Fed, State, Stretch};
use std::pin::Pin;

/// A stretch as the gather behind it sees it.
pub trait Source {
    /// How it has ended, if it has.
    fn ended(&self) -> Option<End>;
    /// What it has failed with.
    fn failure(self: Pin<&mut Self>) -> Option<Stop>;
}

impl<Make, Fut, T> Source for Stretch<Make, Fut, M<T>> {
    fn ended(&self) -> Option<End> {
        match self.state {
            State::Ended { end, .. } => Some(end),
            State::Waiting { .. } | State::Running { .. } => None,
        }
    }

    fn failure(self: Pin<&mut Self>) -> Option<Stop> {
        match self.pull() {
            Fed::Failed(stop) => Some(stop),
            Fed::Value(_) | Fed::NotYet => None,
        }
    }
}

/// The stretches in front of a gather, in branch order.
type Sources<'a, 'b> = &'a mut [Pin<&'b mut (dyn Source + Send)>];

/// Whether all stretches have a value; the first failure, in branch order when there are several, is the gather's.
pub fn all(sources: Sources<'_, '_>) -> Fed<()> {
    let mut waiting = false;
    for source in sources {
        match source.ended() {
            Some(End::Value) => {}
            Some(End::Failed) => return source.as_mut().failure().map_or(Fed::NotYet, Fed::Failed),
            // Another ending of the trace ends all.
            Some(End::Over | End::Halted) | None => waiting = true,
        }
    }
    if waiting { Fed::NotYet } else { Fed::Value(()) }
}

/// Whether all stretches have a value or a failure.
pub fn settled(sources: Sources<'_, '_>) -> Fed<()> {
    match sources.iter().all(|source| matches!(source.ended(), Some(End::Value | End::Failed))) {
        true => Fed::Value(()),
        false => Fed::NotYet,
    }
}

/// Whether `k` stretches have a value. Failures are tolerated while `k` can still be reached.
pub fn raced<S>(cx: &Cx<'_, S>, word: &'static str, place: u32, k: usize, sources: Sources<'_, '_>) -> Fed<()> {
    let count = |is: fn(End) -> bool| sources.iter().filter(|source| source.ended().is_some_and(is)).count();
    // A join in another stretch tells the failure for which these were halted.
    let halted = if cx.scope.halt() == Some(Halt::Failing) { count(|end| end == End::Halted) } else { 0 };
    if count(|end| end == End::Value) >= k {
        return Fed::Value(());
    }
    if sources.len() - count(|end| end == End::Failed) - halted >= k {
        return Fed::NotYet;
    }
    let errors: Vec<FlowError> = sources.iter_mut().filter_map(|source| failed(source.as_mut())).collect();
    Fed::Failed(Stop::Failed(starved(cx, (word, place), k, errors)))
}

fn failed(source: Pin<&mut (dyn Source + Send)>) -> Option<FlowError> {
    if source.ended() != Some(End::Failed) {
        return None;
    }
    if let Some(Stop::Failed(error)) = source.failure() { Some(error) } else { None }
}

impl<Make, Fut, T> Stretch<Make, Fut, M<T>> {
    /// How the stretch has settled. Call it when the gather's `settle` is done.
    pub fn outcome(self: Pin<&mut Self>) -> M<Result<T, BranchError>> {
        match self.pull() {
            Fed::Value(M { value, meta }) => M { value: Ok(value), meta },
            Fed::Failed(Stop::Failed(error)) => M { value: Err(BranchError::new(error)), meta: Meta::default() },
            Fed::Failed(_) | Fed::NotYet => {
                unreachable!("a `settle` is done when each of its stretches has a value or a failure")
            }
        }
    }
}
