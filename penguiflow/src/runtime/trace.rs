//! The handle of one emitted message.

use crate::error::{Ending, Stop};
use crate::graph::scope::{Halt, Scope};
use crate::id::TraceId;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// One emitted message until its one ending. Dropping it cancels the trace; [`detach`](Trace::detach) lets it go on.
#[must_use = "dropping a trace cancels it: await `result()`, or call `detach()`"]
pub struct Trace<T> {
    scope: Arc<Scope>,
    task: Option<JoinHandle<Result<T, Stop>>>,
}

impl<T> Trace<T> {
    pub(crate) fn new(scope: Arc<Scope>, task: JoinHandle<Result<T, Stop>>) -> Self {
        Trace { scope, task: Some(task) }
    }

    /// The trace's id, also for [`Handle::cancel`](crate::Handle::cancel).
    pub fn id(&self) -> TraceId {
        self.scope.id
    }

    /// Asks the trace to end as [`Ending::Cancelled`]; false if it was asked before.
    pub fn cancel(&self) -> bool {
        self.scope.ask(Halt::Cancelled)
    }

    /// Waits for the ending.
    ///
    /// *Cancel safety*: dropping the future drops the trace, which cancels it.
    pub async fn result(mut self) -> Ending<T> {
        let ending = match &mut self.task {
            // The task is aborted only by a runtime that shuts down; panics end inside it.
            Some(task) => task.await.map_or(Ending::Cancelled, Ending::from),
            None => Ending::Cancelled,
        };
        self.task = None;
        ending
    }

    /// Lets the trace go on without a handle, and gives its id.
    pub fn detach(mut self) -> TraceId {
        self.task = None;
        self.scope.id
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
