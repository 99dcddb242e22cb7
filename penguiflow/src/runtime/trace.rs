//! The handle of one emitted message.

use crate::error::{Ending, Stop};
use crate::graph::scope::{Halt, Scope};
use crate::id::TraceId;
use crate::runtime::chunks::Chunks;
use crate::runtime::trace::whole::TraceStream;
use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::task::JoinHandle;

pub(crate) mod whole;

/// One emitted message until its one ending. Dropping it cancels the trace; [`detach`](Trace::detach) lets it go on.
#[must_use = "dropping a trace cancels it: await `result()`, or call `detach()`"]
pub struct Trace<T> {
    scope: Arc<Scope>,
    task: Option<JoinHandle<Result<T, Stop>>>,
    /// Whether its chunks are read by nobody else.
    reads: bool,
}

impl<T> Trace<T> {
    pub(crate) fn new(scope: Arc<Scope>, task: JoinHandle<Result<T, Stop>>) -> Self {
        Trace { scope, task: Some(task), reads: true }
    }

    /// The trace's id, also for [`Handle::cancel`](crate::Handle::cancel).
    pub fn id(&self) -> TraceId {
        self.scope.id
    }

    /// What the trace owns, apart from its handle.
    #[allow(dead_code, reason = "only a replay, behind its feature, looks after a trace so")]
    pub(crate) fn scope(&self) -> Arc<Scope> {
        self.scope.clone()
    }

    /// Asks the trace to end as [`Ending::Cancelled`]; false if it was asked before.
    pub fn cancel(&self) -> bool {
        self.scope.ask(Halt::Cancelled)
    }

    /// Waits for the ending. Chunks of the trace's streams are discarded, unless [`split`](Trace::split) has given them a
    /// reader.
    ///
    /// *Cancel safety*: dropping the future drops the trace, which cancels it.
    pub async fn result(mut self) -> Ending<T> {
        self.close_reader();
        poll_fn(|task| self.poll_ending(task)).await
    }

    /// Splits off the reader of the trace's chunks. A trace that was split before has none left: what it gives then ends at
    /// once.
    ///
    /// Read both, or drop the reader: while nobody reads, the trace's writers wait once [`Options::chunk_lag`] chunks are
    /// unread, and the ending waits for them.
    ///
    /// [`Options::chunk_lag`]: crate::Options::chunk_lag
    pub fn split(mut self) -> (Chunks, Trace<T>) {
        let scope = std::mem::take(&mut self.reads).then(|| self.scope.clone());
        (Chunks::new(scope), self)
    }

    /// The trace's chunks, and behind them its ending, as one stream.
    pub fn stream(self) -> TraceStream<T> {
        let (chunks, trace) = self.split();
        TraceStream::new(chunks, trace)
    }

    /// Lets the trace go on without a handle, and gives its id. If it ends without a value after that, the ending is a
    /// [dead letter](crate::Handle::dead_letters). Chunks of its streams are discarded, unless
    /// [`split`](Trace::split) has given them a reader.
    pub fn detach(mut self) -> TraceId {
        self.close_reader();
        self.scope.detach();
        self.task = None;
        self.scope.id
    }

    /// The ending; once it was given, the trace counts as cancelled.
    pub(super) fn poll_ending(&mut self, context: &mut Context<'_>) -> Poll<Ending<T>> {
        let Some(task) = &mut self.task else { return Poll::Ready(Ending::Cancelled) };
        // The task is aborted only by a runtime that shuts down; panics end inside it.
        let ending = ready!(Pin::new(task).poll(context)).map_or(Ending::Cancelled, Ending::from);
        self.task = None;
        Poll::Ready(ending)
    }

    fn close_reader(&self) {
        if self.reads {
            self.scope.close_reader();
        }
    }
}

impl<T> Drop for Trace<T> {
    fn drop(&mut self) {
        if self.task.is_some() {
            self.scope.ask(Halt::Cancelled);
        }
    }
}

impl<T> std::fmt::Debug for Trace<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trace").field("id", &self.scope.id).finish_non_exhaustive()
    }
}
