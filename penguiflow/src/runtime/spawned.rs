//! Steps of a trace in a task of their own, so that several cores run them. The trace waits for them in its own frame; when
//! it stops waiting, they are aborted.

use crate::error::Stop;
use crate::graph::context::Cx;
use crate::graph::run::Ran;
use crate::graph::scope::Scope;
use crate::graph::value::M;
use crate::runtime::root::panicked;
use crate::runtime::slot::Slot;
use futures_util::FutureExt as _;
use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::task::AbortHandle;
use tracing::{Instrument as _, Span};

/// What a task tells: what its steps ended with, or what they panicked with.
type Answer<T> = Result<Result<M<T>, Stop>, Box<dyn Any + Send>>;

/// Runs `steps` in a task of their own.
///
/// *Cancel safety*: dropping the future aborts the task.
#[allow(clippy::manual_async_fn, reason = "an `async fn` would not promise `Send`")]
pub fn spawned<'a, S, T, Fut>(cx: &'a Cx<'a, S>, steps: Fut) -> impl Future<Output = Ran<T>> + Send + use<'a, S, T, Fut>
where
    S: Send + Sync,
    T: Send + 'static,
    Fut: Future<Output = Ran<T>> + Send + 'static,
{
    async move {
        if let Some(halt) = cx.scope.halt() {
            return Err(halt.into());
        }
        let (slot, span) = (Arc::new(Slot::new(())), cx.scope.span().unwrap_or_else(Span::none));
        let task = cx.channels().runtime().spawn(work(slot.clone(), steps.instrument(span))).abort_handle();
        let apart = Apart { slot, task };
        let answer = poll_fn(|task| apart.poll(cx.scope, task)).await;
        answer.unwrap_or_else(|panic| Err(panicked(cx, &*panic)))
    }
}

/// A task that the trace waits for.
struct Apart<T> {
    slot: Arc<Slot<(), Answer<T>>>,
    task: AbortHandle,
}

impl<T> Apart<T> {
    fn poll(&self, scope: &Scope, task: &mut Context<'_>) -> Poll<Answer<T>> {
        let polled = self.slot.poll_answer(task);
        if polled.is_pending() && scope.halt().is_some() {
            // The steps decide themselves whether they stop now or may finish.
            self.slot.nudge();
        }
        polled
    }
}

impl<T> Drop for Apart<T> {
    fn drop(&mut self) {
        self.slot.abandon();
        self.task.abort();
    }
}

async fn work<T, Fut: Future<Output = Ran<T>>>(slot: Arc<Slot<(), Answer<T>>>, steps: Fut) {
    // A task that is aborted, by the trace or with its runtime, leaves no one waiting.
    let last = Last(&slot);
    if slot.begin().is_none() {
        return;
    }
    let run = async {
        let mut steps = pin!(steps);
        poll_fn(|task| match slot.poll_over(task) {
            true => Poll::Ready(None),
            false => steps.as_mut().poll(task).map(Some),
        })
        .await
    };
    match AssertUnwindSafe(run).catch_unwind().await {
        Ok(Some(ran)) => slot.answer(Ok(ran)),
        Ok(None) => {}
        Err(panic) => slot.answer(Err(panic)),
    }
    drop(last);
}

/// Answers for a task that is dropped before its steps have ended.
struct Last<'s, T>(&'s Slot<(), Answer<T>>);

impl<T> Drop for Last<'_, T> {
    fn drop(&mut self) {
        self.0.answer(Ok(Err(Stop::Cancelled)));
    }
}
