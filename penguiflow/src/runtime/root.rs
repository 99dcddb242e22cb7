//! Polls the body of one trace: the one place where a cancel or a deadline wakes it, and where a panic ends.

use crate::clock::Seam;
use crate::error::{ErrorKind, FlowError, Spot, Stop};
use crate::event::{EventKind, Failure};
use crate::graph::context::Cx;
use crate::graph::run::Ran;
use crate::graph::scope::{Halt, PanicSpot, Scope};
use pin_project_lite::pin_project;
use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::time::{Instant, Sleep};
use tracing::Span;

pin_project! {
    /// The body of a trace under its cancel signal, its deadline and its panic border.
    pub(crate) struct Root<'a, S, Fut> {
        cx: &'a Cx<'a, S>,
        deadline: Timer,
        #[pin]
        body: Fut,
    }
}

/// The deadline's timer. It fires once: a timer that is over is ready at each poll, and would wake its own task for ever.
pub(crate) enum Timer {
    Unarmed,
    Armed(Pin<Box<Sleep>>),
    Over,
}

impl Timer {
    /// Lets the time run, until `deadline`; false if it runs already or is over.
    pub(crate) fn arm(&mut self, deadline: Instant, seam: &Seam) -> bool {
        let unarmed = matches!(self, Timer::Unarmed);
        if unarmed {
            *self = Timer::Armed(Box::pin(seam.sleep_until(deadline)));
        }
        unarmed
    }

    /// Asks the trace to end when its time is up.
    pub(crate) fn poll(&mut self, scope: &Scope, task: &mut Context<'_>) {
        if let Timer::Armed(timer) = self
            && timer.as_mut().poll(task).is_ready()
        {
            *self = Timer::Over;
            scope.ask(Halt::Expired);
        }
    }
}

impl<'a, S, Fut> Root<'a, S, Fut> {
    #[inline]
    pub(crate) fn new(cx: &'a Cx<'a, S>, body: Fut) -> Self {
        Root { cx, deadline: Timer::Unarmed, body }
    }
}

impl<S, T, Fut: Future<Output = Ran<T>>> Future for Root<'_, S, Fut> {
    type Output = Ran<T>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Ran<T>> {
        let mut this = self.project();
        let (cx, scope) = (*this.cx, this.cx.scope);
        this.deadline.poll(scope, task);
        loop {
            let seen = scope.halt();
            let polled = match scope.span() {
                None => catch_unwind(AssertUnwindSafe(|| this.body.as_mut().poll(task))),
                Some(span) => span.in_scope(|| catch_unwind(AssertUnwindSafe(|| this.body.as_mut().poll(task)))),
            };
            match polled {
                Ok(Poll::Ready(ran)) => return Poll::Ready(ran),
                Ok(Poll::Pending) => {}
                Err(panic) => return Poll::Ready(Err(panicked(cx, &*panic))),
            }
            scope.watch(task.waker());
            if let Some(deadline) = scope.deadline
                && this.deadline.arm(deadline, cx.seam())
            {
                this.deadline.poll(scope, task);
            }
            if scope.halt() == seen {
                return Poll::Pending;
            }
        }
    }
}

/// Polls what a task of its own does for a trace, as its root polls the body: again, if the trace was asked to end while it
/// was polled and so may not have seen it. Read `seen` before the work is made.
pub(crate) fn poll_seeing<Fut: Future>(
    scope: &Scope,
    seen: &mut Option<Halt>,
    mut work: Pin<&mut Fut>,
    task: &mut Context<'_>,
) -> Poll<Fut::Output> {
    let span = scope.span();
    let _entered = span.as_ref().map(Span::enter);
    loop {
        let polled = work.as_mut().poll(task);
        let halt = scope.halt();
        if polled.is_ready() || halt == *seen {
            return polled;
        }
        *seen = halt;
    }
}

/// The failure that a caught panic becomes. The hop that unwound first has left its name.
#[cold]
pub(crate) fn panicked<S>(cx: &Cx<'_, S>, panic: &(dyn Any + Send)) -> Stop {
    let (scope, flow) = (cx.scope, cx.frame.flow());
    let text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).into(),
        (None, Some(text)) => text.as_str().into(),
        (None, None) => "a panic without a text".into(),
    };
    let nowhere =
        || PanicSpot { path: flow.into(), place: String::new(), node: flow, attempt: 1, attempts: 1, told: None };
    let PanicSpot { path, place, node, attempt, attempts, told } = scope.take_panic().unwrap_or_else(nowhere);
    let (elapsed, trace_id) = (scope.elapsed(cx.seam()), scope.id);
    let spot = Spot { path, place, node, attempt, attempts, elapsed, trace_id };
    let error = FlowError::new(ErrorKind::Panic(text), spot);
    if let (Some(watch), Some(at)) = (scope.tap(), told) {
        watch.tell(at, EventKind::NodeFailed { latency: None, error: Failure::of(&error) });
    }
    Stop::Failed(error)
}
