//! Runs one node once per message: gate, permit, attempt, retry. A hand-written future, because an `async fn` per node
//! costs three to five times as much. Knows nothing about what comes before or after the node.

use crate::error::{ErrorKind, NodeError};
use crate::graph::context::{Ctx, Cx};
use crate::graph::node::{Keep, NodeDef};
use crate::graph::run::Ran;
use crate::graph::value::M;
use crate::message::{Headers, Message, Meta};
use crate::runtime::hop::attempt::{Stage, StageProj};
use crate::runtime::hop::ways::{Known, Phase, Progress, Seen};
use pin_project_lite::pin_project;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::OwnedSemaphorePermit;
use tracing::span::Entered;

mod attempt;
pub(crate) mod blocking;
mod played;
mod rarely;
mod stamp;
mod stands;
mod told;
mod wait;
mod ways;

/// Builds the hop of the node `I`: `accept` checks the input, `make` calls the node's function, `settle` reads its result.
#[inline]
pub fn hop<'a, I, S, Accept, Make, Fut, Settle>(
    cx: &'a Cx<'a, S>,
    place: u32,
    m: M<I::In>,
    accept: Accept,
    mut make: Make,
    settle: Settle,
) -> impl Future<Output = Ran<I::Yield>> + Send + use<'a, I, S, Accept, Make, Fut, Settle>
where
    I: NodeDef,
    S: Send + Sync,
    Accept: FnMut(&I::In) -> Result<(), NodeError> + Send,
    Make: for<'p> FnMut(At<'a, 'p, S>, I::In) -> Fut + Send,
    // rustc shows the next line, whole, to whoever writes a node that stays on its thread.
    Fut: Future + Send, // take `Arc` for `Rc`, and drop what is not `Send` before the `.await`: a `{ … }` around it does
    Settle: for<'p> FnMut(Fut::Output, Back<'p>) -> Result<I::Yield, NodeError> + Send,
{
    let M { value: input, meta } = m;
    let mut keep = None;
    // Most nodes wait for nothing before they start: their future is made here, so that the input moves once.
    let waits_for_nothing = cx.scope.is_quiet() && !cx.nodes().concerns::<I>();
    // A check that fails has to be told by `poll`, and is not to be made twice.
    let checks = const { I::POLICY.validate.checks_input() };
    let mark = PanicMark::<I, S> { cx, place, attempt: 1, node: PhantomData };
    let (phase, stage) = if waits_for_nothing && !checks {
        keep = Some(I::Keep::keep(&input));
        let at = At { cx, meta: &meta, permit: None, node: I::NAME, place, attempt: 1 };
        (Phase::Fresh, Stage::Running { fut: make(at, input) })
    } else {
        (Phase::Gate, Stage::Start { input: Some(input) })
    };
    std::mem::forget(mark);
    Hop::<I, _, _, _, _, _> { progress: Progress::new(place, phase), cx, meta, keep, stage, accept, make, settle }
}

/// Where an attempt runs: what a node's parameters are made of.
pub struct At<'a, 'p, S> {
    /// The run.
    pub cx: &'a Cx<'a, S>,
    meta: &'p Meta,
    /// The node's permit, where it has one.
    permit: Option<&'p mut Option<OwnedSemaphorePermit>>,
    node: &'static str,
    place: u32,
    attempt: u32,
}

impl<S> At<'_, '_, S> {
    /// The node's `&Ctx`.
    pub fn ctx(&self) -> Ctx {
        self.cx.for_node(self.node, self.place, self.attempt, self.meta.clone())
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
    #[project = HopProj]
    #[must_use = "a hop does nothing unless awaited"]
    pub struct Hop<'a, I: NodeDef, S, Accept, Make, Fut, Settle> {
        progress: Progress,
        cx: &'a Cx<'a, S>,
        meta: Meta,
        keep: Option<I::Keep>,
        #[pin]
        stage: Stage<I::In, Fut>,
        accept: Accept,
        make: Make,
        settle: Settle,
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

    // The one place where the node's own code stands: each copy of it would be compiled again.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let Hop { progress: Progress { place, attempt, phase, .. }, cx, .. } = &*self;
        let mut mark = PanicMark::<I, S> { cx, place: *place, attempt: *attempt, node: PhantomData };
        // The straight way: the node is ready at its first poll and succeeds.
        let straight = *phase == Phase::Fresh;
        let mut ended = if straight { None } else { self.as_mut().other_ways(Seen::Nothing, task) };
        let ended = loop {
            if let Some(ended) = ended {
                break ended;
            }
            let HopProj { progress, cx, meta, stage, settle, .. } = self.as_mut().project();
            progress.phase = Phase::Running;
            // Another attempt may have begun since the mark was made.
            mark.attempt = progress.attempt;
            let seen = match stage.project() {
                StageProj::Running { fut } => {
                    match poll_in(if straight { None } else { progress.enter() }, fut, task) {
                        Poll::Ready(out) => match settle(out, Back { meta: &mut *meta, headers: &cx.scope.headers }) {
                            Ok(value) => {
                                match if straight {
                                    None
                                } else {
                                    progress.ends_well(Known::of::<I>(), cx.site(), &value, meta)
                                } {
                                    None => {
                                        std::mem::forget(mark);
                                        return Poll::Ready(Ok(M { value, meta: std::mem::take(meta) }));
                                    }
                                    Some(halt) => Seen::TooLate(halt),
                                }
                            }
                            Err(error) => progress.erred(error),
                        },
                        Poll::Pending => Seen::Pending,
                    }
                }
                StageProj::Start { .. } => Seen::Pending,
            };
            ended = self.as_mut().other_ways(seen, task);
        };
        std::mem::forget(mark);
        // Taken apart, so that the straight way's value need not lie where the other ways put theirs.
        match ended {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(M { value, meta })) => Poll::Ready(Ok(M { value, meta })),
            Poll::Ready(Err(stop)) => Poll::Ready(Err(stop)),
        }
    }
}

/// Polls the node's future in its span.
#[inline]
fn poll_in<Fut: Future>(entered: Option<Entered<'_>>, fut: Pin<&mut Fut>, task: &mut Context<'_>) -> Poll<Fut::Output> {
    let polled = fut.poll(task);
    drop(entered);
    polled
}

/// Tells the trace which node unwinds. Forgotten when the node returns, so that it costs nothing.
struct PanicMark<'a, I: NodeDef, S> {
    cx: &'a Cx<'a, S>,
    place: u32,
    attempt: u32,
    node: PhantomData<I>,
}

impl<I: NodeDef, S> Drop for PanicMark<'_, I, S> {
    // Inlined, so that nothing has to lie in memory for it while the node runs.
    #[inline]
    fn drop(&mut self) {
        Known::of::<I>().note_panic(self.cx.site(), self.place, self.attempt);
    }
}
