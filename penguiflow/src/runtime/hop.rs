//! Runs one node once per message: gate, permit, attempt, retry. A hand-written future, because an `async fn` per node
//! costs three to five times as much. Knows nothing about what comes before or after the node.

use crate::error::{ErrorKind, NodeError, Stop};
use crate::graph::context::{Ctx, Cx, Failing};
use crate::graph::node::{Keep, NodeDef};
use crate::graph::run::Ran;
use crate::graph::table::{NodeTable, Slot, StubFuture};
use crate::graph::value::M;
use crate::message::{Headers, Message, Meta};
use crate::policy::Policy;
use crate::runtime::hop::rarely::Rarely;
use crate::runtime::hop::wait::Waits;
use crate::runtime::retry::next_delay;
use pin_project_lite::pin_project;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::OwnedSemaphorePermit;

pub(crate) mod blocking;
mod rarely;
mod wait;

/// Builds the hop of the node `I`: `accept` checks the input, `make` calls the node's function, `settle` reads its result.
#[inline]
pub fn hop<'a, I, S, Accept, Make, Fut, Settle>(
    cx: &'a Cx<'a, S>,
    place: u32,
    m: M<I::In>,
    accept: Accept,
    mut make: Make,
    settle: Settle,
) -> Hop<'a, I, S, Accept, Make, Fut, Settle>
where
    I: NodeDef,
    Accept: FnMut(&I::In) -> Result<(), NodeError>,
    Make: for<'p> FnMut(At<'a, 'p, S>, I::In) -> Fut,
    Fut: Future,
    Settle: for<'p> FnMut(Fut::Output, Back<'p>) -> Result<I::Yield, NodeError>,
{
    let M { value: input, meta } = m;
    let mut keep = None;
    // Most nodes wait for nothing before they start: their future is made here, so that the input moves once.
    let waits_for_nothing = cx.scope.halt().is_none() && !cx.nodes().concerns::<I>();
    // A check that fails has to be told by `poll`, and is not to be made twice.
    let checks = const { I::POLICY.validate.checks_input() };
    let mark = PanicMark::<I, S> { cx, place, attempt: 1, node: PhantomData };
    let stage = if waits_for_nothing && !checks {
        keep = Some(I::Keep::keep(&input));
        let at = At { cx, meta: &meta, permit: &mut None, node: I::NAME, attempt: 1 };
        let fut = make(at, input);
        Stage::Running { fut }
    } else {
        Stage::Start { input: Some(input) }
    };
    std::mem::forget(mark);
    let fresh = matches!(stage, Stage::Running { .. });
    Hop { cx, attempt: 1, place, fresh, meta, keep, stage, waits: Rarely::never(), accept, make, settle }
}

/// Where an attempt runs: what a node's parameters are made of.
pub struct At<'a, 'p, S> {
    /// The run.
    pub cx: &'a Cx<'a, S>,
    meta: &'p Meta,
    permit: &'p mut Option<OwnedSemaphorePermit>,
    node: &'static str,
    attempt: u32,
}

impl<S> At<'_, '_, S> {
    /// The node's `&Ctx`.
    pub fn ctx(&self) -> Ctx {
        self.cx.for_node(self.node, self.attempt)
    }

    /// The node's `Message<T>`.
    pub fn message<T>(&self, payload: T) -> Message<T> {
        self.cx.scope.message(payload, self.meta.clone())
    }
}

/// Where a result goes: what a returned `Message<T>` is taken apart into.
pub struct Back<'p> {
    meta: &'p mut Meta,
    headers: &'p Headers,
}

impl Back<'_> {
    /// Takes a returned envelope apart: its meta travels on, its headers must be the trace's.
    pub fn open<T>(self, message: Message<T>) -> Result<T, NodeError> {
        let (payload, envelope) = message.into_parts();
        if envelope.headers != *self.headers {
            return Err(NodeError::fatal(ErrorKind::HeadersChanged));
        }
        *self.meta = envelope.meta;
        Ok(payload)
    }
}

pin_project! {
    /// One node run of one message.
    #[must_use = "a hop does nothing unless awaited"]
    pub struct Hop<'a, I: NodeDef, S, Accept, Make, Fut, Settle> {
        cx: &'a Cx<'a, S>,
        place: u32,
        attempt: u32,
        // The node's future was made and not yet polled: nobody can have asked the trace to end in between.
        fresh: bool,
        meta: Meta,
        keep: Option<I::Keep>,
        #[pin]
        stage: Stage<I::In, I::Yield, Fut>,
        // What only hops that wait for a permit or a timer need.
        waits: Rarely<Waits>,
        accept: Accept,
        make: Make,
        settle: Settle,
    }
}

pin_project! {
    #[project = StageProj]
    enum Stage<In, Out, Fut> {
        Start { input: Option<In> },
        Running { #[pin] fut: Fut },
        Stubbed { stub: StubFuture<Out> },
        Backoff,
        Done,
    }
}

impl<'a, I, S, Accept, Make, Fut, Settle> Future for Hop<'a, I, S, Accept, Make, Fut, Settle>
where
    I: NodeDef,
    Accept: FnMut(&I::In) -> Result<(), NodeError>,
    Make: for<'p> FnMut(At<'a, 'p, S>, I::In) -> Fut,
    Fut: Future,
    Settle: for<'p> FnMut(Fut::Output, Back<'p>) -> Result<I::Yield, NodeError>,
{
    type Output = Ran<I::Yield>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let cx = self.cx;
        let mark = PanicMark::<I, S> { cx, place: self.place, attempt: self.attempt, node: PhantomData };
        let this = self.as_mut().project();
        let mut seen = Seen::Nothing;
        // The straight way: the node is ready at its first poll and succeeds.
        if std::mem::take(this.fresh)
            && let StageProj::Running { fut } = this.stage.project()
        {
            match fut.poll(task) {
                Poll::Ready(out) => match (this.settle)(out, Back { meta: this.meta, headers: &cx.scope.headers }) {
                    Ok(value) => {
                        std::mem::forget(mark);
                        return Poll::Ready(Ok(M { value, meta: std::mem::take(this.meta) }));
                    }
                    Err(error) => seen = Seen::Failed(error),
                },
                Poll::Pending => seen = Seen::Pending,
            }
        }
        let ran = self.other_ways(seen, task);
        std::mem::forget(mark);
        // Taken apart, so that the straight way's value need not lie where the other ways put theirs.
        match ran {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(M { value, meta })) => Poll::Ready(Ok(M { value, meta })),
            Poll::Ready(Err(stop)) => Poll::Ready(Err(stop)),
        }
    }
}

/// What the straight way saw before it ended.
enum Seen {
    Nothing,
    Pending,
    Failed(NodeError),
}

impl<'a, I, S, Accept, Make, Fut, Settle> Hop<'a, I, S, Accept, Make, Fut, Settle>
where
    I: NodeDef,
    Accept: FnMut(&I::In) -> Result<(), NodeError>,
    Make: for<'p> FnMut(At<'a, 'p, S>, I::In) -> Fut,
    Fut: Future,
    Settle: for<'p> FnMut(Fut::Output, Back<'p>) -> Result<I::Yield, NodeError>,
{
    /// Goes on where the straight way ended.
    #[cold]
    #[inline(never)]
    fn other_ways(mut self: Pin<&mut Self>, seen: Seen, task: &mut Context<'_>) -> Poll<Ran<I::Yield>> {
        let error = match seen {
            Seen::Nothing => None,
            Seen::Failed(error) => Some(error),
            // The node is not ready: its time runs.
            Seen::Pending => {
                let this = self.as_mut().project();
                Some(ready!(Waits::poll_timeout(this.waits, policy::<I>(this.cx.nodes()), this.cx.seam(), task)))
            }
        };
        self.go_on(error.map(Err), task)
    }

    /// Every other way: permits, stubs, timers, retries, grace. `result` is what the running attempt just ended with.
    fn go_on(
        mut self: Pin<&mut Self>,
        mut result: Option<Result<I::Yield, NodeError>>,
        task: &mut Context<'_>,
    ) -> Poll<Ran<I::Yield>> {
        let cx = self.cx;
        let slot = cx.nodes().slot::<I>();
        let policy = policy::<I>(cx.nodes());
        loop {
            if let Some(result) = result.take()
                && let Some(ran) = self.as_mut().after(result, policy)
            {
                return Poll::Ready(ran);
            }
            if let Some(halt) = cx.scope.halt()
                && self.as_mut().halts(policy, task)
            {
                self.project().stage.set(Stage::Done);
                return Poll::Ready(Err(halt.into()));
            }
            let this = self.as_mut().project();
            match this.stage.project() {
                StageProj::Start { .. } => result = ready!(self.as_mut().start(slot, task)).err().map(Err),
                StageProj::Running { fut } => match fut.poll(task) {
                    Poll::Ready(out) => {
                        result = Some((this.settle)(out, Back { meta: this.meta, headers: &cx.scope.headers }));
                    }
                    Poll::Pending => {
                        result = Some(Err(ready!(Waits::poll_timeout(this.waits, policy, cx.seam(), task))))
                    }
                },
                StageProj::Stubbed { stub } => match stub.as_mut().poll(task) {
                    Poll::Ready(stubbed) => result = Some(stubbed),
                    Poll::Pending => {
                        result = Some(Err(ready!(Waits::poll_timeout(this.waits, policy, cx.seam(), task))))
                    }
                },
                StageProj::Backoff => {
                    ready!(this.waits.get_or_insert_default().poll_backoff(task));
                    let input = this.keep.as_ref().and_then(Keep::again);
                    self.as_mut().project().stage.set(Stage::Start { input });
                }
                StageProj::Done => return Poll::Pending,
            }
        }
    }

    /// Whether a trace that was asked to end ends here now: at once, or after the grace of a running attempt.
    #[cold]
    fn halts(self: Pin<&mut Self>, policy: &Policy, task: &mut Context<'_>) -> bool {
        let this = self.project();
        match (this.stage.project(), policy.grace()) {
            (StageProj::Running { .. } | StageProj::Stubbed { .. }, Some(grace)) => {
                this.waits.get_or_insert_default().grace_is_over(grace, this.cx.seam(), task)
            }
            _ => true,
        }
    }

    /// Waits for what the attempt needs, then calls the node's function.
    #[inline]
    fn start(self: Pin<&mut Self>, slot: Option<&Slot>, task: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let mut this = self.project();
        if let Some(slot) = slot {
            ready!(this.waits.get_or_insert_default().poll_entry(slot, this.cx.seam(), task));
        }
        let StageProj::Start { input } = this.stage.as_mut().project() else { return Poll::Ready(Ok(())) };
        let Some(input) = input.take() else { return Poll::Ready(Ok(())) };
        (this.accept)(&input)?;
        if this.keep.is_none() {
            *this.keep = Some(I::Keep::keep(&input));
        }
        if let Some(stub) = slot.and_then(Slot::stub::<I>) {
            this.stage.set(Stage::Stubbed { stub: (stub.0)(input) });
            return Poll::Ready(Ok(()));
        }
        let mut none = None;
        let permit = this.waits.as_mut().map_or(&mut none, |waits| waits.permit());
        let at = At { cx: this.cx, meta: this.meta, permit, node: I::NAME, attempt: *this.attempt };
        let fut = (this.make)(at, input);
        this.stage.set(Stage::Running { fut });
        Poll::Ready(Ok(()))
    }

    /// What follows an attempt: the value, the failure, or nothing yet because another attempt follows.
    #[inline]
    fn after(self: Pin<&mut Self>, result: Result<I::Yield, NodeError>, policy: &Policy) -> Option<Ran<I::Yield>> {
        let mut this = self.project();
        this.stage.set(Stage::Done);
        if let Some(waits) = this.waits.as_mut() {
            waits.leave();
        }
        let error = match (result, this.cx.scope.halt()) {
            (Ok(value), None) => return Some(Ok(M { value, meta: std::mem::take(this.meta) })),
            // The attempt was let finish; the trace ends as it was asked to.
            (_, Some(halt)) => return Some(Err(halt.into())),
            (Err(error), None) => error,
        };
        let seam = this.cx.seam();
        match next_delay(policy, *this.attempt, error.class, error.retry_after, || seam.jitter()) {
            Some(delay) if I::Keep::KEEPS => {
                *this.attempt += 1;
                this.waits.get_or_insert_default().back_off(delay, seam);
                this.stage.set(Stage::Backoff);
                None
            }
            _ => {
                let (attempt, attempts) = (*this.attempt, policy.attempts());
                Some(Err(Stop::Failed(
                    this.cx.fail(error.kind, Failing { node: I::NAME, place: Some(*this.place), attempt, attempts }),
                )))
            }
        }
    }
}

/// The policy in force: the node's own, or the one that replaced it before the start.
fn policy<I: NodeDef>(nodes: &NodeTable) -> &Policy {
    nodes.slot::<I>().map_or(const { &I::POLICY }, |slot| &slot.policy)
}

/// Tells the trace which node unwinds. Forgotten when the node returns, so that it costs nothing.
struct PanicMark<'a, I: NodeDef, S> {
    cx: &'a Cx<'a, S>,
    place: u32,
    attempt: u32,
    node: PhantomData<I>,
}

impl<I: NodeDef, S> Drop for PanicMark<'_, I, S> {
    #[cold]
    fn drop(&mut self) {
        let (place, attempt, attempts) = (Some(self.place), self.attempt, policy::<I>(self.cx.nodes()).attempts());
        self.cx.note_panic(Failing { node: I::NAME, place, attempt, attempts });
    }
}
