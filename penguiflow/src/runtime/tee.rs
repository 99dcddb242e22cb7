//! A side branch, and what runs beside it: what each of the two tells the join between them.

use crate::error::{Ending, Stop};
use crate::graph::context::Cx;
use crate::graph::letters::Unseen;
use crate::graph::run::Ran;
use crate::graph::value::M;
use crate::message::Meta;
use crate::runtime::leave::Exit;
use crate::runtime::root::panicked;
use futures_util::FutureExt as _;
use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;

/// The steps of a side branch: what they end with goes nowhere, and an arm of theirs that drops ends nothing else.
pub async fn side<T, Fut: Future<Output = Ran<T>>>(steps: Fut) -> Ran<()> {
    aside(steps.await)
}

/// The same, and a failure of theirs is a dead letter and no failure of the trace. A panic is such a failure, too.
pub async fn best_effort<S, T, Fut>(cx: &Cx<'_, S>, steps: Fut) -> Ran<()>
where
    Fut: Future<Output = Ran<T>>,
{
    let ran = AssertUnwindSafe(steps).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(cx, &*panic)));
    match aside(ran) {
        Err(stop @ Stop::Failed(_)) => {
            let scope = cx.scope;
            cx.env.shared.dead_letter(scope.id, &scope.headers, Unseen::Aside, Ending::from(Err(stop)));
            Ok(nothing())
        }
        other => other,
    }
}

fn aside<T>(ran: Ran<T>) -> Ran<()> {
    match ran {
        Ok(_) | Err(Stop::Dropped { .. }) => Ok(nothing()),
        Err(stop) => Err(stop),
    }
}

fn nothing() -> M<()> {
    M { value: (), meta: Meta::default() }
}

/// What runs beside a side branch. An end that is no failure waits for that branch, so it is passed on as a value.
pub async fn rest<T, E: Waits>(steps: impl Future<Output = Result<M<T>, E>>) -> Ran<Result<M<T>, E>> {
    let end = match steps.await {
        Ok(m) => Ok(m),
        Err(end) => Err(end.waits()?),
    };
    Ok(M { value: end, meta: Meta::default() })
}

/// How the rest has ended, once its side branch has ended as well.
pub fn rested<T, E>(m: M<Result<M<T>, E>>) -> Result<M<T>, E> {
    m.value
}

/// An early end of a block.
pub trait Waits: Sized {
    /// The end, if side branches come to theirs before it; otherwise what ends them, too.
    fn waits(self) -> Result<Self, Stop>;
}

impl Waits for Stop {
    fn waits(self) -> Result<Self, Stop> {
        match self {
            Stop::Dropped { .. } => Ok(self),
            Stop::Failed(_) | Stop::Cancelled | Stop::DeadlineExceeded | Stop::BudgetExceeded(_) => Err(self),
        }
    }
}

impl<T> Waits for Exit<T> {
    fn waits(self) -> Result<Self, Stop> {
        match self {
            Exit::Stop(stop) => stop.waits().map(Exit::Stop),
            Exit::Done(_) => Ok(self),
        }
    }
}

/// The end of a block that has no value.
pub fn never<T, E>(end: Result<M<Infallible>, E>) -> Result<T, E> {
    match end {
        Ok(m) => match m.value {},
        Err(end) => Err(end),
    }
}
