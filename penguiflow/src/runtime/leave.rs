//! The ways out of a flow's body before its last step: an arm that drops, an arm that is done.

use crate::error::Stop;
use crate::graph::run::Ran;
use crate::graph::value::M;
use std::future::Future;

/// Why a block of a flow with a `done` arm ended early.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "expansions match on it")]
pub enum Exit<T> {
    /// Without a value.
    Stop(Stop),
    /// With the flow's value.
    Done(M<T>),
}

impl<T> From<Stop> for Exit<T> {
    fn from(stop: Stop) -> Self {
        Exit::Stop(stop)
    }
}

/// Turns the early exit of a `done` arm into the flow's value.
pub async fn leave<T>(body: impl Future<Output = Result<M<T>, Exit<T>>>) -> Ran<T> {
    match body.await {
        Ok(m) | Err(Exit::Done(m)) => Ok(m),
        Err(Exit::Stop(stop)) => Err(stop),
    }
}

/// What an arm that drops ends the trace with.
#[cold]
pub fn dropped(router: &str, arm: &str) -> Stop {
    Stop::Dropped { at: format!("{router}.{arm}").into() }
}
