//! The front desk of a started flow: takes messages and gives endings.

use crate::error::Stop;
use crate::graph::channels::QueueInfo;
use crate::graph::letters::{DeadLetters, DeadLettersTaken};
use crate::graph::node::FlowDef;
use crate::graph::table::Shared;
use crate::graph::topology::FlowInfo;
use crate::id::TraceId;
use crate::message::Message;
use crate::runtime::admission::counts::Counts;
use crate::runtime::desk::{Desk, NoRoom, Started};
use crate::runtime::handle::refused::Refused;
use crate::runtime::trace::Trace;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

pub(crate) mod blocking;
mod post;
pub(crate) mod refused;
#[cfg(feature = "tower")]
pub(crate) mod service;
pub(crate) mod shutdown;
#[cfg(feature = "signal")]
mod signal;
mod until;

/// A started flow. Cheap to clone; dropping the last clone aborts what still runs.
///
/// | way in | who runs the message | who gets its one ending | no room |
/// |---|---|---|---|
/// | [`call`](Handle::call) | the caller, in place | the caller | waits |
/// | [`emit`](Handle::emit) | a task | the [`Trace`] that it gives | waits |
/// | [`try_emit`](Handle::try_emit) | a task | the [`Trace`] that it gives | gives the message back |
/// | [`post`](Handle::post) | a task | the reader of [`outputs`](Handle::outputs) | waits |
/// | [`try_post`](Handle::try_post) | a task | the reader of [`outputs`](Handle::outputs) | gives the message back |
///
/// All ways in share the same places ([`Options::in_flight`](crate::Options::in_flight)), and who waits for one is served in
/// the order of coming, whatever the message's [priority](crate::Headers::priority).
///
/// It names its flow and not its state, so a struct or a function that holds one is `Handle<support>`, whatever the flow
/// runs over.
pub struct Handle<F: FlowDef> {
    door: Arc<Door<F::Input, F::Output>>,
}

/// What the handles share. The traces hold on to what is inside only, so that the last handle can end them.
pub(crate) struct Door<I, O> {
    started: Arc<dyn Started<I, O>>,
}

impl<I, O> Door<I, O> {
    pub(crate) fn started(&self) -> &dyn Started<I, O> {
        &*self.started
    }
}

impl<I: Send + 'static, O: Send + 'static> Door<I, O> {
    // Not an `async fn`: that it is `Send` must not have to be proved from the flow's body, or `tokio::spawn` refuses it
    // (rust-lang/rust#100013).
    #[allow(clippy::manual_async_fn, reason = "an `async fn` would not promise `Send`")]
    pub(crate) fn call(&self, message: Message<I>) -> impl Future<Output = Result<O, Stop>> + Send {
        async move {
            let (desk, mut message) = (self.started.desk(), message);
            desk.first(&message).map_err(|first| desk.duplicate(first))?;
            if desk.admission.try_room().is_err() {
                desk.wait_for_room(message.deadline()).await.map_err(|why| match why {
                    NoRoom::TooLate => Stop::DeadlineExceeded,
                    NoRoom::Full | NoRoom::Closed => Stop::Cancelled,
                })?;
            }
            desk.claim(&mut message).map_err(|first| desk.duplicate(first))?;
            self.started.call(message).await
        }
    }
}

impl<I, O> Drop for Door<I, O> {
    fn drop(&mut self) {
        self.started.posts().close();
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

impl<F: FlowDef> Handle<F> {
    pub(crate) fn new(started: Arc<dyn Started<F::Input, F::Output>>) -> Self {
        Handle { door: Arc::new(Door { started }) }
    }

    /// Runs a message to its end, in place: polled by the caller, without a task of its own. Waits for room first.
    ///
    /// *Cancel safety*: dropping the future drops the run; nothing of it is left.
    ///
    /// # Errors
    /// [`Stop`]: why there is no value. A flow that was shut down ends every call as [`Stop::Cancelled`]; a message whose
    /// [idempotency key](Message::with_idempotency_key) was let in before fails with [`ErrorKind::Duplicate`](crate::ErrorKind::Duplicate).
    pub fn call(
        &self,
        message: impl Into<Message<F::Input>> + Send,
    ) -> impl Future<Output = Result<F::Output, Stop>> + Send {
        self.door.call(message.into())
    }

    /// Starts a message in a task of its own, once there is room. The task runs in the runtime that the flow was started
    /// in, wherever this is called from.
    ///
    /// *Cancel safety*: dropping the future before it is ready drops the message; it never ran.
    ///
    /// # Errors
    /// [`Refused`] gives the message back: [`Closed`](Refused::Closed) when the flow was shut down, and
    /// [`TooLate`](Refused::TooLate) when there was no room until the instant that the message brought along. A deadline
    /// that is a duration begins with the admission, so waiting for room does not use it up.
    pub async fn emit(
        &self,
        message: impl Into<Message<F::Input>> + Send,
    ) -> Result<Trace<F::Output>, Refused<F::Input>> {
        let message = message.into();
        if let Err(trace_id) = self.desk().first(&message) {
            return Err(Refused::duplicate(message, trace_id));
        }
        match self.desk().room_until(message.deadline()).await {
            Ok(()) => self.spawn(message),
            Err(why) => Err(Refused::new(why, message)),
        }
    }

    /// Starts a message in a task of its own, if there is room now. The task runs in the runtime that the flow was started
    /// in: this may be called from a thread that no runtime knows.
    ///
    /// # Errors
    /// [`Refused`] gives the message back.
    pub fn try_emit(&self, message: impl Into<Message<F::Input>>) -> Result<Trace<F::Output>, Refused<F::Input>> {
        let message = message.into();
        if let Err(trace_id) = self.desk().first(&message) {
            return Err(Refused::duplicate(message, trace_id));
        }
        match self.desk().try_room() {
            Ok(()) => self.spawn(message),
            Err(why) => Err(Refused::new(why, message)),
        }
    }

    /// Starts a message that has room.
    fn spawn(&self, mut message: Message<F::Input>) -> Result<Trace<F::Output>, Refused<F::Input>> {
        match self.desk().claim(&mut message) {
            Ok(()) => Ok(self.door.started.clone().emit(message)),
            Err(trace_id) => Err(Refused::duplicate(message, trace_id)),
        }
    }

    /// Asks the trace `id` to end as [`Ending::Cancelled`](crate::Ending::Cancelled); false if there is none, or if it was asked before.
    pub fn cancel(&self, id: TraceId) -> bool {
        self.desk().admission.cancel(id)
    }

    /// What became of the messages since the start. Costs a lock for each of 16 shards, so it is for dashboards and not for
    /// each message.
    pub fn counts(&self) -> Counts {
        let mut counts = self.desk().admission.counts();
        counts.unread = self.posts().unread() as u64;
        counts.dead_letters = self.desk().shared.letters.count();
        counts
    }

    /// Opens the one reader of what ends with nobody there to see it. Letters from before are lost, and counted. It can be
    /// opened again once it was dropped.
    ///
    /// # Errors
    /// [`DeadLettersTaken`] while another one is open.
    pub fn dead_letters(&self) -> Result<DeadLetters, DeadLettersTaken> {
        DeadLetters::open(&self.desk().shared.letters)
    }

    /// What the flow tells of itself: its steps and the ways between them, its budget, its docs. A flow that is an
    /// expression tells as much as one with a name, but for what only a header says.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn clean(text: String) -> String { text.trim().to_owned() }
    /// #[node(retries = 2)]
    /// async fn fetch(url: String) -> std::io::Result<Vec<u8>> { Ok(url.into_bytes()) }
    /// flow! { load(String) -> Vec<u8> { clean -> fetch } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = flow! { clean -> load }.start()?;
    /// assert_eq!((app.info().name, app.info().steps[1].name), ("flow", "clean"));
    ///
    /// let load = app.info().steps[2].flow.ok_or("is a flow")?;
    /// assert_eq!((load.name, load.steps[2].name), ("load", "fetch"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn info(&self) -> &'static FlowInfo {
        F::INFO
    }

    /// How many places are taken: traces that run now, and posted ones whose ending was not read yet.
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

    pub(crate) fn door(&self) -> &Arc<Door<F::Input, F::Output>> {
        &self.door
    }

    pub(crate) fn desk(&self) -> &Desk {
        self.door.started.desk()
    }

    fn started(&self) -> &Arc<dyn Started<F::Input, F::Output>> {
        &self.door.started
    }
}
