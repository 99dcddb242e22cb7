//! The front desk of a started flow: takes messages, gives endings, shuts down.

use crate::clock::Seam;
use crate::error::Stop;
use crate::graph::context::{Cx, Frame};
use crate::graph::node::FlowDef;
use crate::graph::run::FlowBody;
use crate::graph::scope::{Halt, Scope};
use crate::graph::table::Env;
use crate::graph::value::M;
use crate::id::TraceId;
use crate::message::{Deadline, Envelope, Message};
use crate::runtime::admission::Admission;
use crate::runtime::admission::places::NoPlace;
use crate::runtime::root::Root;
use crate::runtime::trace::Trace;
use futures_util::future::{Either, select};
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// A started flow. Cheap to clone; dropping the last clone aborts what still runs.
pub struct Handle<F, S = ()> {
    door: Arc<Door<S>>,
    flow: PhantomData<fn() -> F>,
}

/// What the handles share. The traces hold on to what is inside only, so that the last handle can end them.
struct Door<S> {
    started: Arc<Started<S>>,
}

/// What the traces of a started flow share.
pub(crate) struct Started<S> {
    pub(crate) env: Env<S>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) admission: Admission,
    pub(crate) runtime: tokio::runtime::Handle,
}

impl<S> Drop for Door<S> {
    fn drop(&mut self) {
        self.started.admission.abort();
    }
}

impl<F, S> Clone for Handle<F, S> {
    fn clone(&self) -> Self {
        Handle { door: self.door.clone(), flow: PhantomData }
    }
}

impl<F: FlowDef, S> fmt::Debug for Handle<F, S> {
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

impl<F, S> Handle<F, S>
where
    F: FlowBody<S>,
    S: Send + Sync + 'static,
{
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
            if started.admission.try_room().is_err() {
                started.room_until(message.deadline()).await?;
            }
            let (m, inside) = Inside::open(started, message);
            run::<F, S, _>(inside, m).await
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
        match self.door.started.admission.room().await {
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
        match self.door.started.admission.try_room() {
            Ok(()) => Ok(self.spawn(message.into())),
            Err(why) => Err(Refused::new(why, message.into())),
        }
    }

    fn spawn(&self, message: Message<F::Input>) -> Trace<F::Output> {
        let (m, inside) = Inside::open(self.door.started.clone(), message);
        let scope = inside.scope.clone();
        Trace::new(scope, self.door.started.runtime.spawn(run::<F, S, _>(inside, m)))
    }

    /// Asks the trace `id` to end as [`Ending::Cancelled`](crate::Ending::Cancelled); false if there is none, or if it was asked before.
    pub fn cancel(&self, id: TraceId) -> bool {
        self.door.started.admission.cancel(id)
    }

    /// Shuts the flow down, for all clones of the handle.
    ///
    /// *Cancel safety*: dropping the future leaves the flow closed; call it again to go on waiting.
    pub async fn shutdown(&self, how: Shutdown) -> Drained {
        let Started { admission, env: Env { shared, .. }, .. } = &*self.door.started;
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
        Drained { inside, cancelled, left: admission.inside(), orphans: shared.nodes.orphan_count() }
    }
}

/// How long a shutdown waits for traces that were asked to end: longer than the grace of an irreversible node.
const LEAVE_MAX: Duration = Duration::from_secs(35);

/// Whether everybody is outside before `wait` is over.
async fn idle_within(admission: &Admission, seam: &Seam, wait: Duration) -> bool {
    let (idle, timer) = (pin!(admission.idle()), pin!(seam.sleep(wait)));
    matches!(select(idle, timer).await, Either::Left(_))
}

impl<F, S> Handle<F, S> {
    pub(crate) fn new(started: Started<S>) -> Self {
        Handle { door: Arc::new(Door { started: Arc::new(started) }), flow: PhantomData }
    }

    /// How many traces run now.
    pub fn in_flight(&self) -> usize {
        self.door.started.admission.inside()
    }

    /// How many blocking calls still run although their trace has ended.
    pub fn orphans(&self) -> usize {
        self.door.started.env.shared.nodes.orphan_count()
    }
}

impl<S> Started<S> {
    /// Waits for room, at most until the instant that the message brings along.
    async fn room_until(&self, deadline: Option<Deadline>) -> Result<(), Stop> {
        let room = match deadline {
            Some(Deadline::At(instant)) => {
                let (room, timer) = (pin!(self.admission.room()), pin!(self.env.shared.seam.sleep_until(instant)));
                match select(room, timer).await {
                    Either::Left((room, _)) => room,
                    Either::Right(_) => return Err(Stop::DeadlineExceeded),
                }
            }
            Some(Deadline::In(_)) | None => self.admission.room().await,
        };
        room.map_err(|_| Stop::Cancelled)
    }
}

/// A trace while it is inside: however it ends, it leaves. In place it borrows what its flow shares, in a task it owns it.
struct Inside<S, Held: Deref<Target = Started<S>>> {
    started: Held,
    scope: Arc<Scope>,
    /// Whether the trace came to its end; otherwise whoever polled it has dropped it.
    done: bool,
}

impl<S, Held: Deref<Target = Started<S>>> Inside<S, Held> {
    /// Lets in a message that has room.
    #[inline]
    fn open<T>(started: Held, message: Message<T>) -> (M<T>, Self) {
        let (value, Envelope { headers, meta, trace_id, deadline }) = message.into_parts();
        let seam = &started.env.shared.seam;
        let now = seam.now();
        let asked = deadline.map(|deadline| deadline.instant(now));
        let limit = started.deadline.map(|limit| crate::clock::later(now, limit));
        let deadline = [asked, limit].into_iter().flatten().min();
        let id = trace_id.unwrap_or_else(|| seam.trace_id_at(now));
        let scope = Arc::new(Scope::new(id, headers, now, deadline));
        started.admission.enter(&scope);
        (M { value, meta }, Inside { started, scope, done: false })
    }

    fn finish(&mut self) {
        self.done = true;
    }
}

impl<S, Held: Deref<Target = Started<S>>> Drop for Inside<S, Held> {
    fn drop(&mut self) {
        if !self.done {
            // What outlives the trace, a blocking call or a task of the user's, learns that nobody waits for it.
            self.scope.ask(Halt::Cancelled);
        }
        self.started.admission.leave(&self.scope);
    }
}

/// Runs a trace to its end.
#[expect(clippy::manual_async_fn, reason = "an `async fn` keeps its arguments twice, and each trace holds on to that")]
fn run<F, S, Held>(mut inside: Inside<S, Held>, m: M<F::Input>) -> impl Future<Output = Result<F::Output, Stop>>
where
    F: FlowBody<S>,
    Held: Deref<Target = Started<S>>,
{
    async move {
        let scope = &inside.scope;
        let ran = if scope.deadline.is_some_and(|deadline| deadline <= scope.started) {
            Err(Stop::DeadlineExceeded)
        } else {
            let cx = Cx { scope, env: &inside.started.env, frame: Frame::Root(F::NAME) };
            Root::new(&cx, F::body(&cx, m)).await.map(|m| m.value)
        };
        inside.finish();
        ran
    }
}

/// The bytes of the future that runs a trace of the flow `F`.
pub(crate) fn frame_bytes<F: FlowBody<S>, S>() -> usize {
    fn returned<A, B, Fut>(_: impl FnOnce(A, B) -> Fut) -> usize {
        size_of::<Fut>()
    }
    returned(run::<F, S, &Started<S>>)
}
