//! One node run off its straight way, as far as its types matter: the input, the function's future, a stub's value. Small,
//! because it is compiled for each node. Decides nothing.

use crate::error::NodeError;
use crate::graph::node::{Keep, NodeDef};
use crate::graph::run::Ran;
use crate::graph::value::M;
use crate::runtime::hop::ways::{Facts, Known, Next, Seen};
use crate::runtime::hop::{At, Back, Hop, HopProj};
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tracing::Span;

pin_project! {
    #[project = StageProj]
    pub(super) enum Stage<In, Fut> {
        /// No attempt runs. Nothing of the input is left once its future was made.
        Start { input: Option<In> },
        Running { #[pin] fut: Fut },
    }
}

impl<'a, I, S, Accept, Make, Fut, Settle> Hop<'a, I, S, Accept, Make, Fut, Settle>
where
    I: NodeDef,
    Accept: FnMut(&I::In) -> Result<(), NodeError>,
    Make: for<'p> FnMut(At<'a, 'p, S>, I::In) -> Fut,
    Fut: Future,
    Settle: for<'p> FnMut(Fut::Output, Back<'p>) -> Result<I::Yield, NodeError>,
{
    /// Goes on where the straight way ended. Gives nothing where the node's future is to be polled now.
    #[cold]
    #[inline(never)]
    pub(super) fn other_ways(
        self: Pin<&mut Self>,
        mut seen: Seen,
        task: &mut Context<'_>,
    ) -> Option<Poll<Ran<I::Yield>>> {
        let HopProj { progress, cx, meta, keep, mut stage, accept, make, .. } = self.project();
        let facts = Facts { known: Known::of::<I>(), site: cx.site() };
        loop {
            // The mark of whoever polls the hop may be that of an attempt before.
            let _mark = Unwinding { facts: &facts, place: progress.place, attempt: progress.attempt };
            let next = progress.go_on(&facts, seen, task);
            if next.ends_attempt() {
                // What a test failed before it began still has its input.
                let unused = match stage.as_mut().project() {
                    StageProj::Start { input } => input.take(),
                    StageProj::Running { .. } => None,
                };
                let input = match next {
                    Next::Failed => unused,
                    Next::Again => unused.or_else(|| keep.as_ref().and_then(Keep::again)),
                    _ => None,
                };
                stage.set(Stage::Start { input });
            }
            seen = match next {
                Next::Begin => {
                    let mut input = match stage.as_mut().project() {
                        StageProj::Start { input } => input.take(),
                        StageProj::Running { .. } => None,
                    };
                    let is_played = progress.plays(&facts, &mut input);
                    if !is_played && let Some(Err(error)) = input.as_ref().map(&mut *accept) {
                        progress.erred(error)
                    } else {
                        if let (None, Some(input)) = (&keep, &input) {
                            *keep = Some(I::Keep::keep(input));
                        }
                        if !is_played
                            && !progress.is_stubbed(&facts, &mut input)
                            && let Some(input) = input
                        {
                            // A plain function runs here.
                            let span = progress.span();
                            let _entered = span.as_ref().map(Span::enter);
                            let (place, attempt, permit) = (progress.place, progress.attempt, progress.permit());
                            let at = At { cx, meta, permit, node: I::NAME, place, attempt };
                            let fut = make(at, input);
                            stage.set(Stage::Running { fut });
                        }
                        Seen::Nothing
                    }
                }
                Next::Again => Seen::Nothing,
                Next::Failed => Seen::Failed,
                Next::Poll => return None,
                Next::Wait => return Some(Poll::Pending),
                Next::Over(halt) => return Some(Poll::Ready(Err(progress.stop(halt)))),
                Next::Stubbed => {
                    let mut value = None;
                    progress.take_stubbed(&mut value);
                    let Some(value) = value else { return Some(Poll::Pending) };
                    progress.replay_meta(&facts, meta);
                    progress.tape_value(&facts, &value, meta);
                    return Some(Poll::Ready(Ok(M { value, meta: std::mem::take(meta) })));
                }
            };
        }
    }
}

/// Tells the trace which attempt unwinds, off the straight way.
struct Unwinding<'a> {
    facts: &'a Facts<'a>,
    place: u32,
    attempt: u32,
}

impl Drop for Unwinding<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.facts.known.note_panic(self.facts.site, self.place, self.attempt);
        }
    }
}
