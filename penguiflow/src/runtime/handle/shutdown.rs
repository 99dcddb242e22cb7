//! Shuts a flow down, and tells what it found.

use crate::clock::Seam;
use crate::graph::node::FlowDef;
use crate::runtime::admission::Admission;
use crate::runtime::desk::Desk;
use crate::runtime::handle::Handle;
use futures_util::future::{Either, select};
use std::pin::pin;
use std::time::Duration;

/// How a flow is shut down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shutdown {
    /// Lets nobody in, waits up to `grace` for those inside and for the endings that [`Outputs`](crate::Outputs) has to
    /// deliver, then aborts the rest.
    Drain {
        /// How long to wait.
        grace: Duration,
    },
    /// Cancels all traces at once.
    Abort,
}

/// What a shutdown found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drained {
    /// Traces that were inside when the shutdown began, those included whose ending had not been read from
    /// [`Outputs`](crate::Outputs).
    pub inside: usize,
    /// Traces that were cancelled by it.
    pub cancelled: usize,
    /// Traces that nobody polls any more, so that they never left: `call` futures that are neither awaited nor dropped.
    pub left: usize,
    /// Endings of posted traces that were not read within the grace. [`Outputs`](crate::Outputs) still gives them.
    pub unread: usize,
    /// Blocking calls that still run on their threads.
    pub orphans: usize,
}

impl<F: FlowDef> Handle<F> {
    /// Shuts the flow down, for all clones of the handle.
    ///
    /// From the start of it nobody is let in: who waits for room in `emit` or `post` gets the message back, who waits in
    /// `call` ends as cancelled. [`Outputs`](crate::Outputs) goes on giving the endings of what was posted, and ends behind
    /// the last one.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    /// use penguiflow::Shutdown;
    ///
    /// #[node]
    /// async fn tidy_up(n: u32) -> u32 { n }
    /// flow! { tidying(u32) -> u32 { tidy_up } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = tidying::flow().start()?;
    /// let trace = app.emit(7).await?;
    /// let drained = app.shutdown(Shutdown::Drain { grace: secs(30) }).await;
    /// assert_eq!((drained.inside, drained.cancelled), (1, 0));
    /// assert!(trace.result().await.is_completed());
    /// assert!(app.emit(8).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// *Limits*: after the grace, traces that were asked to end are waited for up to 35 s, which is longer than an
    /// irreversible node may take to finish.
    ///
    /// *Cancel safety*: dropping the future leaves the flow closed; call it again to go on waiting.
    pub async fn shutdown(&self, how: Shutdown) -> Drained {
        let Desk { admission, shared, .. } = self.desk();
        let posts = self.posts();
        let inside = admission.inside();
        admission.close();
        posts.close();
        let abort = || {
            posts.free_places();
            admission.abort()
        };
        let cancelled = match how {
            Shutdown::Abort => abort(),
            Shutdown::Drain { grace } => match idle_within(admission, &shared.seam, grace).await {
                true => 0,
                false => abort(),
            },
        };
        // A trace that runs in a task ends by itself once asked; one that is polled in place may never be polled again.
        idle_within(admission, &shared.seam, LEAVE_MAX).await;
        shared.channels.close();
        shared.letters.close();
        let (left, unread, orphans) = (admission.inside(), posts.unread(), shared.nodes.orphan_count());
        Drained { inside, cancelled, left, unread, orphans }
    }
}

/// How long a shutdown waits for traces that were asked to end: longer than the grace of an irreversible node.
const LEAVE_MAX: Duration = Duration::from_secs(35);

/// Whether everybody is outside before `wait` is over.
async fn idle_within(admission: &Admission, seam: &Seam, wait: Duration) -> bool {
    let (idle, timer) = (pin!(admission.idle()), pin!(seam.sleep(wait)));
    matches!(select(idle, timer).await, Either::Left(_))
}
