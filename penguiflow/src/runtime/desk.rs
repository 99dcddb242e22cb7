//! What stands behind the handles of a started flow: its admission, its environment, and its traces from admission to
//! ending. Behind the trait `Started` a flow's body and its state are erased: who holds a handle names neither.

use crate::error::Stop;
use crate::graph::context::Cx;
use crate::graph::node::FlowDef;
use crate::graph::run::FlowBody;
use crate::graph::scope::{Halt, Scope};
use crate::graph::table::{Env, Shared};
use crate::graph::value::M;
use crate::graph::way::Frame;
use crate::message::{Deadline, Envelope, Message};
use crate::runtime::admission::Admission;
use crate::runtime::root::Root;
use crate::runtime::trace::Trace;
use futures_util::future::{BoxFuture, Either, select};
use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// What the traces of a started flow share, apart from its state.
pub(crate) struct Desk {
    pub(crate) deadline: Option<Duration>,
    /// How many chunks of a trace may be unread.
    pub(crate) chunk_lag: u32,
    pub(crate) admission: Admission,
    pub(crate) runtime: tokio::runtime::Handle,
    pub(crate) shared: Arc<Shared>,
}

/// A started flow from `I` to `O`, whatever it runs over.
pub(crate) trait Started<I, O>: Send + Sync {
    fn desk(&self) -> &Desk;
    /// Runs a message that has room, in place.
    fn call(&self, message: Message<I>) -> BoxFuture<'_, Result<O, Stop>>;
    /// Runs a message that has room, in a task of its own.
    fn emit(self: Arc<Self>, message: Message<I>) -> Trace<O>;
}

/// A started flow with its state.
pub(crate) struct Running<F, S> {
    env: Arc<Env<S>>,
    desk: Desk,
    flow: PhantomData<fn() -> F>,
}

impl<F, S> Running<F, S> {
    pub(crate) fn new(state: S, desk: Desk) -> Self {
        let env = Arc::new(Env { state, shared: desk.shared.clone() });
        Running { env, desk, flow: PhantomData }
    }
}

impl<F, S> Started<F::Input, F::Output> for Running<F, S>
where
    F: FlowDef + FlowBody<S>,
    S: Send + Sync + 'static,
{
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn call(&self, message: Message<F::Input>) -> BoxFuture<'_, Result<F::Output, Stop>> {
        let (m, inside) = Inside::open(self, message, Reader::Nobody);
        Box::pin(run(inside, m))
    }

    fn emit(self: Arc<Self>, message: Message<F::Input>) -> Trace<F::Output> {
        let runtime = self.desk.runtime.clone();
        let (m, inside) = Inside::open(self, message, Reader::Caller);
        let scope = inside.scope.clone();
        Trace::new(scope, runtime.spawn(run(inside, m)))
    }
}

impl Desk {
    /// Waits for room, at most until the instant that the message brings along.
    pub(crate) async fn room_until(&self, deadline: Option<Deadline>) -> Result<(), Stop> {
        let room = match deadline {
            Some(Deadline::At(instant)) => {
                let (room, timer) = (pin!(self.admission.room()), pin!(self.shared.seam.sleep_until(instant)));
                match select(room, timer).await {
                    Either::Left((room, _)) => room,
                    Either::Right(_) => return Err(Stop::DeadlineExceeded),
                }
            }
            Some(Deadline::In(_)) | None => self.admission.room().await,
        };
        room.map_err(|_| Stop::Cancelled)
    }

    /// The scope of a new trace.
    fn scope(&self, envelope: Envelope, reader: Reader) -> Scope {
        let Envelope { headers, trace_id, deadline, .. } = envelope;
        let now = self.shared.seam.now();
        let asked = deadline.map(|deadline| deadline.instant(now));
        let limit = self.deadline.map(|limit| crate::clock::later(now, limit));
        let deadline = [asked, limit].into_iter().flatten().min();
        let id = trace_id.unwrap_or_else(|| self.shared.seam.trace_id_at(now));
        let scope = Scope::new(id, headers, now, deadline);
        match reader {
            Reader::Nobody => scope,
            Reader::Caller => scope.with_reader(self.chunk_lag),
        }
    }
}

/// Who can read the chunks of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Nobody,
    /// Whoever holds its handle.
    Caller,
}

/// A trace while it is inside: however it ends, it leaves. In place it borrows what its flow shares, in a task it owns it.
struct Inside<F, S, Held: Deref<Target = Running<F, S>>> {
    running: Held,
    scope: Arc<Scope>,
    /// Whether the trace came to its end; otherwise whoever polled it has dropped it.
    done: bool,
}

impl<F, S, Held: Deref<Target = Running<F, S>>> Inside<F, S, Held> {
    /// Lets in a message that has room.
    #[inline]
    fn open<T>(running: Held, message: Message<T>, reader: Reader) -> (M<T>, Self) {
        let (value, mut envelope) = message.into_parts();
        let meta = std::mem::take(&mut envelope.meta);
        let scope = Arc::new(running.desk.scope(envelope, reader));
        running.desk.admission.enter(&scope);
        (M { value, meta }, Inside { running, scope, done: false })
    }

    fn finish(&mut self) {
        self.done = true;
    }
}

impl<F, S, Held: Deref<Target = Running<F, S>>> Drop for Inside<F, S, Held> {
    fn drop(&mut self) {
        if !self.done {
            // What outlives the trace, a blocking call or a task of the user's, learns that nobody waits for it.
            self.scope.ask(Halt::Cancelled);
        }
        self.running.desk.admission.leave(&self.scope);
    }
}

/// Runs a trace to its end.
#[expect(clippy::manual_async_fn, reason = "an `async fn` keeps its arguments twice, and each trace holds on to that")]
fn run<F, S, Held>(
    mut inside: Inside<F, S, Held>,
    m: M<F::Input>,
) -> impl Future<Output = Result<F::Output, Stop>> + use<F, S, Held>
where
    F: FlowBody<S>,
    Held: Deref<Target = Running<F, S>>,
{
    async move {
        let scope = &inside.scope;
        let ran = if scope.deadline.is_some_and(|deadline| deadline <= scope.started) {
            Err(Stop::DeadlineExceeded)
        } else {
            let cx = Cx { scope, env: &inside.running.env, frame: Frame::Root(F::NAME) };
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
    returned(run::<F, S, &Running<F, S>>)
}
