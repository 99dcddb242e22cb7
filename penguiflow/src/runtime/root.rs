//! Polls the body of one trace: the one place where a cancel or a deadline wakes it, and where a panic ends.

use crate::error::{ErrorKind, FlowError, Spot, Stop};
use crate::graph::run::Ran;
use crate::graph::scope::{Halt, PanicSpot, Scope};
use pin_project_lite::pin_project;
use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::time::Sleep;

pin_project! {
    /// The body of a trace under its cancel signal, its deadline and its panic border.
    pub(crate) struct Root<'a, Fut> {
        scope: &'a Arc<Scope>,
        flow: &'static str,
        deadline: Option<Pin<Box<Sleep>>>,
        #[pin]
        body: Fut,
    }
}

impl<'a, Fut> Root<'a, Fut> {
    pub(crate) fn new(scope: &'a Arc<Scope>, flow: &'static str, body: Fut) -> Self {
        Root { scope, flow, deadline: None, body }
    }
}

impl<T, Fut: Future<Output = Ran<T>>> Future for Root<'_, Fut> {
    type Output = Ran<T>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Ran<T>> {
        let mut this = self.project();
        if let Some(timer) = this.deadline
            && timer.as_mut().poll(task).is_ready()
        {
            this.scope.ask(Halt::Expired);
        }
        loop {
            let seen = this.scope.halt();
            let polled = catch_unwind(AssertUnwindSafe(|| this.body.as_mut().poll(task)));
            match polled {
                Ok(Poll::Ready(ran)) => return Poll::Ready(ran),
                Ok(Poll::Pending) => {}
                Err(panic) => return Poll::Ready(Err(panicked(this.scope, this.flow, &*panic))),
            }
            this.scope.watch(task.waker());
            if let (Some(deadline), None) = (this.scope.deadline, &this.deadline) {
                let mut timer = Box::pin(this.scope.shared.seam.sleep_until(deadline));
                if timer.as_mut().poll(task).is_ready() {
                    this.scope.ask(Halt::Expired);
                }
                *this.deadline = Some(timer);
            }
            if this.scope.halt() == seen {
                return Poll::Pending;
            }
        }
    }
}

/// The failure that a caught panic becomes. The hop that unwound first has left its name.
#[cold]
pub(crate) fn panicked(scope: &Scope, flow: &'static str, panic: &(dyn Any + Send)) -> Stop {
    let text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).into(),
        (None, Some(text)) => text.as_str().into(),
        (None, None) => "a panic without a text".into(),
    };
    let nowhere = || PanicSpot { path: flow.into(), place: String::new(), node: flow, attempt: 1, attempts: 1 };
    let PanicSpot { path, place, node, attempt, attempts } = scope.take_panic().unwrap_or_else(nowhere);
    let (elapsed, trace_id) = (scope.elapsed(), scope.id);
    let spot = Spot { path, place, node, attempt, attempts, elapsed, trace_id };
    Stop::Failed(FlowError::new(ErrorKind::Panic(text), spot))
}
