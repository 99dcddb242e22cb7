//! One node run as far as its types matter: the input, the function's future, the value. Small, because it is compiled
//! for each node. Decides nothing.

use crate::error::{ErrorKind, FlowError, NodeError};
use crate::graph::context::{Cx, Failing};
use crate::graph::node::{Keep, NodeDef};
use crate::graph::table::{Slot, StubFuture};
use crate::message::Meta;
use crate::runtime::hop::ways::Attempt;
use crate::runtime::hop::{At, Back};
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::OwnedSemaphorePermit;

pin_project! {
    /// The attempts of one node run.
    #[project = AttemptsProj]
    pub(super) struct Attempts<'a, I: NodeDef, S, Accept, Make, Fut, Settle> {
        pub(super) cx: &'a Cx<'a, S>,
        pub(super) meta: Meta,
        pub(super) keep: Option<I::Keep>,
        #[pin]
        pub(super) stage: Stage<I::In, I::Yield, Fut>,
        pub(super) accept: Accept,
        pub(super) make: Make,
        pub(super) settle: Settle,
    }
}

pin_project! {
    #[project = StageProj]
    pub(super) enum Stage<In, Out, Fut> {
        Start { input: Option<In> },
        Running { #[pin] fut: Fut },
        Stubbed { stub: StubFuture<Out> },
        Ended { value: Option<Out> },
    }
}

impl<'a, I, S, Accept, Make, Fut, Settle> Attempts<'a, I, S, Accept, Make, Fut, Settle>
where
    I: NodeDef,
{
    /// The value that the last attempt ended with.
    pub(super) fn take_value(self: Pin<&mut Self>) -> Option<I::Yield> {
        match self.project().stage.project() {
            StageProj::Ended { value } => value.take(),
            _ => None,
        }
    }
}

impl<'a, I, S, Accept, Make, Fut, Settle> Attempt for Attempts<'a, I, S, Accept, Make, Fut, Settle>
where
    I: NodeDef,
    Accept: FnMut(&I::In) -> Result<(), NodeError>,
    Make: for<'p> FnMut(At<'a, 'p, S>, I::In) -> Fut,
    Fut: Future,
    Settle: for<'p> FnMut(Fut::Output, Back<'p>) -> Result<I::Yield, NodeError>,
{
    fn begin(
        self: Pin<&mut Self>,
        slot: Option<&Slot>,
        permit: &mut Option<OwnedSemaphorePermit>,
        (place, attempt): (u32, u32),
    ) -> Result<(), NodeError> {
        let mut this = self.project();
        let StageProj::Start { input } = this.stage.as_mut().project() else { return Ok(()) };
        let Some(input) = input.take() else { return Ok(()) };
        (this.accept)(&input)?;
        if this.keep.is_none() {
            *this.keep = Some(I::Keep::keep(&input));
        }
        if let Some(stub) = slot.and_then(Slot::stub::<I>) {
            this.stage.set(Stage::Stubbed { stub: (stub.0)(input) });
            return Ok(());
        }
        let at = At { cx: this.cx, meta: this.meta, permit, node: I::NAME, place, attempt };
        let fut = (this.make)(at, input);
        this.stage.set(Stage::Running { fut });
        Ok(())
    }

    fn poll_node(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let mut this = self.project();
        let result = match this.stage.as_mut().project() {
            StageProj::Running { fut } => {
                let out = ready!(fut.poll(task));
                (this.settle)(out, Back { meta: this.meta, headers: &this.cx.scope.headers })
            }
            StageProj::Stubbed { stub } => ready!(stub.as_mut().poll(task)),
            StageProj::Start { .. } | StageProj::Ended { .. } => return Poll::Pending,
        };
        let value = match result {
            Ok(value) => value,
            Err(error) => return Poll::Ready(Err(error)),
        };
        this.stage.set(Stage::Ended { value: Some(value) });
        Poll::Ready(Ok(()))
    }

    fn again(self: Pin<&mut Self>) {
        let mut this = self.project();
        let input = this.keep.as_ref().and_then(Keep::again);
        this.stage.set(Stage::Start { input });
    }

    fn end(self: Pin<&mut Self>) {
        self.project().stage.set(Stage::Ended { value: None });
    }

    fn fail(&self, kind: ErrorKind, at: Failing) -> FlowError {
        self.cx.fail(kind, at)
    }
}
