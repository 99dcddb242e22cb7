//! A stream of the steps of something that is run by futures, each of which gives it back. Must not know what it is.
//!
//! Most steps are there when they are asked for. Those cost no future, which would be made, moved and dropped for each.

use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What is run.
pub(super) trait Run: Sized {
    /// What it tells.
    type Step;

    /// The next step, if it is there at once. Otherwise nothing is changed, or kept for [`next`](Run::next).
    fn at_hand(&mut self, cx: &mut Context<'_>) -> Option<Self::Step>;

    /// Waits for the next step; gives nothing behind the last one.
    fn next(self: Box<Self>) -> BoxFuture<'static, Option<(Self::Step, Box<Self>)>>;
}

/// The steps.
pub(super) enum Steps<R, S> {
    Idle(Box<R>),
    Waits(BoxFuture<'static, Option<(S, Box<R>)>>),
    Over,
}

impl<R: Run> Stream for Steps<R, R::Step> {
    type Item = R::Step;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<R::Step>> {
        let this = self.get_mut();
        if let Steps::Idle(run) = this
            && let Some(step) = run.at_hand(cx)
        {
            return Poll::Ready(Some(step));
        }
        let mut waits = match std::mem::replace(this, Steps::Over) {
            Steps::Idle(run) => run.next(),
            Steps::Waits(waits) => waits,
            Steps::Over => return Poll::Ready(None),
        };
        match waits.poll_unpin(cx) {
            Poll::Pending => {
                *this = Steps::Waits(waits);
                Poll::Pending
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some((step, run))) => {
                *this = Steps::Idle(run);
                Poll::Ready(Some(step))
            }
        }
    }
}
