//! The front desk of a started flow: takes messages, gives endings, shuts down.

use crate::clock::Seam;
use crate::error::Stop;
use crate::graph::channels::QueueInfo;
use crate::graph::node::FlowDef;
use crate::graph::table::Shared;
use crate::id::TraceId;
use crate::message::Message;
use crate::runtime::admission::Admission;
use crate::runtime::admission::places::NoPlace;
use crate::runtime::desk::{Desk, Started};
use crate::runtime::trace::Trace;
use futures_util::future::{Either, select};
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// A started flow. Cheap to clone; dropping the last clone aborts what still runs.
///
/// It names its flow and not its state, so a struct or a function that holds one is `Handle<support>`, whatever the flow
/// runs over.
pub struct Handle<F: FlowDef> {
    door: Arc<Door<F::Input, F::Output>>,
}

/// What the handles share. The traces hold on to what is inside only, so that the last handle can end them.
struct Door<I, O> {
    started: Arc<dyn Started<I, O>>,
}

impl<I, O> Drop for Door<I, O> {
    fn drop(&mut self) {
        self.started.desk().admission.abort();
    }
}

impl<F: FlowDef> Clone for Handle<F> {
    fn clone(&self) -> Self {
        Handle { door: self.door.clone() }
    }
}

impl<F: FlowDef> fmt::Debug for Handle<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("flow", &F::NAME).field("in_flight", &self.in_flight()).finish_non_exhaustive()
    }
}

/// A message that was not let in, given back.
#[non_exhaustive]
pub enum Refused<T> {
    /// All places are taken: try again later, or wait with `emit`.
    Full(Message<T>),
    /// The flow was shut down.
    Closed(Message<T>),
}

impl<T> Refused<T> {
    /// The message.
    pub fn into_message(self) -> Message<T> {
        match self {
            Refused::Full(message) | Refused::Closed(message) => message,
        }
    }

    fn new(why: NoPlace, message: Message<T>) -> Self {
        match why {
            NoPlace::Full => Refused::Full(message),
            NoPlace::Closed => Refused::Closed(message),
        }
    }
}

impl<T> fmt::Display for Refused<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refused::Full(_) => "the flow has no room for another trace now",
            Refused::Closed(_) => "the flow was shut down",
        })
    }
}

impl<T> fmt::Debug for Refused<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refused::Full(_) => "Refused::Full(..)",
            Refused::Closed(_) => "Refused::Closed(..)",
        })
    }
}

impl<T> std::error::Error for Refused<T> {}

/// How a flow is shut down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shutdown {
    /// Lets nobody in, waits up to `grace` for those inside, then aborts the rest.
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
    /// Traces that were inside when the shutdown began.
    pub inside: usize,
    /// Traces that were cancelled by it.
    pub cancelled: usize,
    /// Traces that nobody polls any more, so that they never left: `call` futures that are neither awaited nor dropped.
    pub left: usize,
    /// Blocking calls that still run on their threads.
    pub orphans: usize,
}

impl<F: FlowDef> Handle<F> {
    pub(crate) fn new(started: Arc<dyn Started<F::Input, F::Output>>) -> Self {
        Handle { door: Arc::new(Door { started }) }
    }

    /// Runs a message to its end, in place: polled by the caller, without a task of its own. Waits for room first.
    ///
    /// *Cancel safety*: dropping the future drops the run; nothing of it is left.
    ///
    /// # Errors
    /// [`Stop`]: why there is no value. A flow that was shut down ends every call as [`Stop::Cancelled`].
    // Not an `async fn`: that it is `Send` must not have to be proved from the flow's body, or `tokio::spawn` refuses it
    // (rust-lang/rust#100013).
    #[allow(clippy::manual_async_fn, reason = "an `async fn` would not promise `Send`")]
    pub fn call(
        &self,
        message: impl Into<Message<F::Input>> + Send,
    ) -> impl Future<Output = Result<F::Output, Stop>> + Send {
        async move {
            let (started, message) = (&*self.door.started, message.into());
            if started.desk().admission.try_room().is_err() {
                started.desk().room_until(message.deadline()).await?;
            }
            started.call(message).await
        }
    }

    /// Starts a message in a task of its own, once there is room. The task runs in the runtime that the flow was started
    /// in, wherever this is called from.
    ///
    /// *Cancel safety*: dropping the future before it is ready drops the message; it never ran.
    ///
    /// # Errors
    /// [`Refused::Closed`] gives the message back when the flow was shut down.
    pub async fn emit(
        &self,
        message: impl Into<Message<F::Input>> + Send,
    ) -> Result<Trace<F::Output>, Refused<F::Input>> {
        match self.desk().admission.room().await {
            Ok(()) => Ok(self.spawn(message.into())),
            Err(why) => Err(Refused::new(why, message.into())),
        }
    }

    /// Starts a message in a task of its own, if there is room now. The task runs in the runtime that the flow was started
    /// in: this may be called from a thread that no runtime knows.
    ///
    /// # Errors
    /// [`Refused`] gives the message back.
    pub fn try_emit(&self, message: impl Into<Message<F::Input>>) -> Result<Trace<F::Output>, Refused<F::Input>> {
        match self.desk().admission.try_room() {
            Ok(()) => Ok(self.spawn(message.into())),
            Err(why) => Err(Refused::new(why, message.into())),
        }
    }

    fn spawn(&self, message: Message<F::Input>) -> Trace<F::Output> {
        self.door.started.clone().emit(message)
    }

    /// Asks the trace `id` to end as [`Ending::Cancelled`](crate::Ending::Cancelled); false if there is none, or if it was asked before.
    pub fn cancel(&self, id: TraceId) -> bool {
        self.desk().admission.cancel(id)
    }

    /// Shuts the flow down, for all clones of the handle.
    ///
    /// *Cancel safety*: dropping the future leaves the flow closed; call it again to go on waiting.
    pub async fn shutdown(&self, how: Shutdown) -> Drained {
        let Desk { admission, shared, .. } = self.desk();
        admission.close();
        let inside = admission.inside();
        let cancelled = match how {
            Shutdown::Abort => admission.abort(),
            Shutdown::Drain { grace } => match idle_within(admission, &shared.seam, grace).await {
                true => 0,
                false => admission.abort(),
            },
        };
        // A trace that runs in a task ends by itself once asked; one that is polled in place may never be polled again.
        idle_within(admission, &shared.seam, LEAVE_MAX).await;
        shared.channels.close();
        Drained { inside, cancelled, left: admission.inside(), orphans: shared.nodes.orphan_count() }
    }
    /// How many traces run now.
    pub fn in_flight(&self) -> usize {
        self.desk().admission.inside()
    }

    /// The [queues](QueueInfo) of the flow and its sub-flows as they look now, in the order of their places. One that no
    /// message has come to yet is not there, and after a shutdown none is.
    pub fn queues(&self) -> impl Iterator<Item = QueueInfo> {
        let Shared { channels, seam, .. } = &*self.desk().shared;
        channels.queues(seam.now()).into_iter()
    }

    /// How many blocking calls still run although their trace has ended.
    pub fn orphans(&self) -> usize {
        self.desk().shared.nodes.orphan_count()
    }

    /// How many chunks of streams were discarded since the start, because nobody read them: those of `call`, of traces whose
    /// `result()` was awaited, and those that came after their reader or their trace had gone.
    pub fn discarded_chunks(&self) -> u64 {
        self.desk().shared.discarded()
    }

    fn desk(&self) -> &Desk {
        self.door.started.desk()
    }
}

/// How long a shutdown waits for traces that were asked to end: longer than the grace of an irreversible node.
const LEAVE_MAX: Duration = Duration::from_secs(35);

/// Whether everybody is outside before `wait` is over.
async fn idle_within(admission: &Admission, seam: &Seam, wait: Duration) -> bool {
    let (idle, timer) = (pin!(admission.idle()), pin!(seam.sleep(wait)));
    matches!(select(idle, timer).await, Either::Left(_))
}
