//! Polls a future of a crowd only when it was woken itself. Knows neither forks nor maps.

use crate::graph::context::Cx;
use crate::graph::scope::{Halt, Scope};
use crate::runtime::woken::bell::Bell;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

mod bell;

/// Up to how many futures are polled together at each wake-up: to ask each of so few costs less than a waker for each.
pub(crate) const TOGETHER_MAX: usize = 16;

pin_project! {
    /// One future of a crowd.
    pub struct Woken<'a, Fut> {
        own: Option<Own<'a>>,
        #[pin]
        inner: Fut,
    }
}

/// One future of a crowd, which the wake-ups of the others leave alone.
pub fn woken<'a, S, Fut>(cx: &Cx<'a, S>, inner: Fut) -> Woken<'a, Fut> {
    Woken { own: Some(Own::new(cx.scope)), inner }
}

/// One of `count` futures, which are a crowd when they are many.
pub(crate) fn one_of<'a, S, Fut>(cx: &Cx<'a, S>, count: usize, inner: Fut) -> Woken<'a, Fut> {
    Woken { own: (count > TOGETHER_MAX).then(|| Own::new(cx.scope)), inner }
}

impl<Fut: Future> Future for Woken<'_, Fut> {
    type Output = Fut::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Fut::Output> {
        let this = self.project();
        let Some(own) = this.own else { return this.inner.poll(task) };
        match own.is_due(task) {
            true => this.inner.poll(&mut Context::from_waker(&own.waker)),
            false => Poll::Pending,
        }
    }
}

/// What a future of a crowd has of its own.
struct Own<'a> {
    bell: Arc<Bell>,
    /// Rings the bell.
    waker: Waker,
    scope: &'a Scope,
    /// What the trace was asked when the future was polled last.
    seen: Option<Halt>,
}

impl<'a> Own<'a> {
    fn new(scope: &'a Scope) -> Self {
        let bell = Arc::new(Bell::new());
        Own { waker: bell.clone().into(), bell, scope, seen: None }
    }

    /// Whether the future has to be polled. A trace that was asked to end wakes its root only, so that concerns everybody.
    fn is_due(&mut self, task: &Context<'_>) -> bool {
        let halt = self.scope.halt();
        let rung = self.bell.was_rung(task.waker());
        let due = rung || halt != self.seen;
        self.seen = halt;
        due
    }
}
