//! Counts the turns of a loop. Runs nothing itself: the loop stands in the flow's own code.

use crate::graph::value::M;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::task::coop::poll_proceed;

/// What the last node of a loop returns: another turn with this state, or the loop's value.
///
/// ```
/// use penguiflow::prelude::*;
///
/// #[controller(turns = 8)]
/// async fn halve(n: u32) -> Step<u32, String> {
///     if n > 1 { Step::Again(n / 2) } else { Step::Done(format!("down to {n}")) }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::exhaustive_enums, reason = "a loop goes on or it does not")]
pub enum Step<In, Out> {
    /// Another turn, with this state.
    Again(In),
    /// The loop's value.
    Done(Out),
}

/// The loop check: its last node returns `Step` over the loop's own state.
#[diagnostic::on_unimplemented(
    message = "a loop's last node returns `Step<{In}, …>`, but `{N}` returns `{Self}`",
    label = "returns `{Self}`, not `Step<{In}, …>`",
    note = "return `Step::Again({In})` for another turn and `Step::Done(…)` for the loop's value"
)]
pub trait StepOf<In, N: ?Sized> {
    /// The loop's value.
    type Done;

    /// The step.
    fn step(self) -> Step<In, Self::Done>;
}

impl<In, Done, N: ?Sized> StepOf<In, N> for Step<In, Done> {
    type Done = Done;

    fn step(self) -> Step<In, Done> {
        self
    }
}

/// The state of a loop between two turns.
#[derive(Debug)]
pub struct Turns<In> {
    state: Option<M<In>>,
    turn: u32,
    limit: u32,
}

/// What follows a turn.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "expansions match on it")]
pub enum Turned<In, Done> {
    /// Another turn.
    Again,
    /// The loop's value.
    Done(M<Done>),
    /// The limit is reached, and the loop asks for another turn with this state.
    Out(M<In>),
}

impl<In> Turns<In> {
    /// A loop of at most `limit` turns that starts with `state`.
    pub fn new(state: M<In>, limit: u32) -> Self {
        Turns { state: Some(state), turn: 0, limit }
    }

    /// This turn's number, from 0.
    pub fn turn(&self) -> u32 {
        self.turn
    }

    /// The state that this turn starts with.
    pub fn take(&mut self) -> M<In> {
        match self.state.take() {
            Some(state) => state,
            None => unreachable!("a turn that asks for another one leaves its state"),
        }
    }

    /// Takes what the last node of the loop returned.
    pub fn after<N, X>(&mut self, m: M<X>) -> Turned<In, X::Done>
    where
        X: StepOf<In, N>,
    {
        let M { value, meta } = m;
        match value.step() {
            Step::Done(value) => Turned::Done(M { value, meta }),
            Step::Again(value) if self.turn + 1 < self.limit => {
                self.turn += 1;
                self.state = Some(M { value, meta });
                Turned::Again
            }
            Step::Again(value) => Turned::Out(M { value, meta }),
        }
    }

    /// Lets others run in a loop that never waits, so that a deadline or a cancel can reach it.
    #[inline]
    pub fn breathe(&self) -> Breath {
        Breath { due: self.turn.is_multiple_of(TURNS_PER_BREATH) }
    }
}

/// A chance for others, where one is due.
#[derive(Debug)]
#[must_use = "nobody else gets a chance unless it is awaited"]
pub struct Breath {
    due: bool,
}

impl Future for Breath {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        if self.due { poll_proceed(task).map(|budget| budget.made_progress()) } else { Poll::Ready(()) }
    }
}

/// A turn of trivial nodes takes some nanoseconds, asking tokio whether to yield takes as long.
const TURNS_PER_BREATH: u32 = 16;
