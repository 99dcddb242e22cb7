//! What stands behind the handles of a started flow: its admission, its environment, and its traces from admission to
//! ending. Behind the trait `Started` a flow's body and its state are erased: who holds a handle names neither.

use crate::bug::bug;
use crate::error::{ErrorKind, FlowError, Spot, Stop};
use crate::graph::call::{Call, CallError};
use crate::graph::context::Cx;
use crate::graph::letters::Unseen;
use crate::graph::node::FlowDef;
use crate::graph::run::FlowBody;
use crate::graph::scope::{Halt, Scope};
use crate::graph::table::{Env, Shared};
use crate::graph::value::M;
use crate::id::TraceId;
use crate::message::{Asked, Budget, Deadline, Envelope, Message};
use crate::place::{Frame, Way};
use crate::runtime::admission::Admission;
use crate::runtime::admission::counts::End;
use crate::runtime::admission::places::NoPlace;
use crate::runtime::keys::Keys;
use crate::runtime::posts::{Posted, Posts};
use crate::runtime::root::Root;
use crate::runtime::trace::Trace;
use futures_util::future::{BoxFuture, Either, select};
use pin_project_lite::pin_project;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

mod told;
mod within;

/// What the traces of a started flow share, apart from its state.
pub(crate) struct Desk {
    pub(crate) flow: &'static str,
    pub(crate) deadline: Option<Duration>,
    /// What each of its traces may spend.
    pub(crate) budget: Option<Budget>,
    /// How many chunks of a trace may be unread.
    pub(crate) chunk_lag: u32,
    /// How many calls deep its traces may come from others.
    pub(crate) call_depth: u32,
    pub(crate) admission: Arc<Admission>,
    pub(crate) keys: Keys,
    pub(crate) runtime: tokio::runtime::Handle,
    pub(crate) shared: Arc<Shared>,
}

/// A started flow from `I` to `O`, whatever it runs over.
pub(crate) trait Started<I, O>: Send + Sync {
    fn desk(&self) -> &Desk;
    /// Runs a message that has room, in place.
    fn call(&self, message: Message<I>) -> BoxFuture<'_, Result<O, Stop>>;
    /// Runs a message as a part of the trace that calls, once there is room.
    fn call_within(&self, call: Call, message: Message<I>) -> BoxFuture<'_, Result<O, CallError>>;
    /// Runs a message that has room, in a task of its own.
    fn emit(self: Arc<Self>, message: Message<I>) -> Trace<O>;
    /// The traces whose endings go to one reader.
    fn posts(&self) -> &Arc<Posts<O>>;
    /// Runs a message that has room, in a task of its own, for that reader.
    fn post(self: Arc<Self>, message: Message<I>, posted: Posted<O>);
}

/// A started flow with its state.
pub(crate) struct Running<F: FlowDef, S> {
    env: Arc<Env<S>>,
    desk: Desk,
    posts: Arc<Posts<F::Output>>,
    flow: PhantomData<fn() -> F>,
}

impl<F: FlowDef, S> Running<F, S> {
    pub(crate) fn new(state: S, desk: Desk) -> Self {
        let env = Arc::new(Env { state, shared: desk.shared.clone() });
        let posts = Arc::new(Posts::new(desk.admission.clone(), desk.shared.clone()));
        Running { env, desk, posts, flow: PhantomData }
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
        let (m, inside) = Inside::open(self, message, For::Caller);
        Box::pin(run(inside, m, M::into_value))
    }

    fn call_within(&self, call: Call, message: Message<F::Input>) -> BoxFuture<'_, Result<F::Output, CallError>> {
        within::within(self, call, message)
    }

    fn emit(self: Arc<Self>, message: Message<F::Input>) -> Trace<F::Output> {
        let runtime = self.desk.runtime.clone();
        let (m, inside) = Inside::open(self, message, For::Trace);
        let scope = inside.scope.clone();
        Trace::new(scope, runtime.spawn(InTask { run: run(inside, m, |m| m), posted: None }))
    }

    fn posts(&self) -> &Arc<Posts<F::Output>> {
        &self.posts
    }

    fn post(self: Arc<Self>, message: Message<F::Input>, posted: Posted<F::Output>) {
        let runtime = self.desk.runtime.clone();
        let (m, inside) = Inside::open(self, message, For::Outputs);
        runtime.spawn(InTask { run: run(inside, m, |m| m), posted: Some(Box::new(posted)) });
    }
}

impl Desk {
    /// Waits for room, at most until the instant that the message brings along.
    #[inline]
    pub(crate) async fn room_until(&self, deadline: Option<Deadline>) -> Result<(), NoRoom> {
        match self.try_room() {
            Err(NoRoom::Full) => self.wait_for_room(deadline).await,
            done => done,
        }
    }

    /// [`Desk::room_until`] where there is none. Boxed, so that nobody who need not wait holds its frame, and no flow compiles
    /// it again.
    #[cold]
    #[inline(never)]
    pub(crate) fn wait_for_room(&self, deadline: Option<Deadline>) -> BoxFuture<'_, Result<(), NoRoom>> {
        Box::pin(async move {
            let Some(Deadline::At(instant)) = deadline else { return Ok(self.admission.room().await?) };
            let timer = self.timer(instant);
            match select(pin!(self.admission.room()), pin!(timer)).await {
                Either::Left((room, _)) => Ok(room?),
                Either::Right(_) => Err(NoRoom::TooLate),
            }
        })
    }

    pub(crate) fn try_room(&self) -> Result<(), NoRoom> {
        Ok(self.admission.try_room()?)
    }

    /// The trace that was let in under the message's idempotency key.
    #[inline]
    pub(crate) fn first<T>(&self, message: &Message<T>) -> Result<(), TraceId> {
        match message.idempotency_key() {
            Some(_) => self.first_keyed(message),
            None => Ok(()),
        }
    }

    #[cold]
    fn first_keyed<T>(&self, message: &Message<T>) -> Result<(), TraceId> {
        let first = message.key().and_then(|key| self.keys.find(&key, self.shared.seam.now()));
        first.map_or(Ok(()), Err)
    }

    /// Lets a message that has room in under its idempotency key. If another one was, that one's trace is told, and the room
    /// is given back.
    #[inline]
    pub(crate) fn claim<T>(&self, message: &mut Message<T>) -> Result<(), TraceId> {
        match message.idempotency_key() {
            Some(_) => self.claim_keyed(message),
            None => Ok(()),
        }
    }

    #[cold]
    fn claim_keyed<T>(&self, message: &mut Message<T>) -> Result<(), TraceId> {
        let Some(key) = message.key() else { return Ok(()) };
        let now = self.shared.seam.now();
        let id = message.trace_id().unwrap_or_else(|| self.shared.seam.trace_id_at(now));
        match self.keys.enter(&key, id, now) {
            Ok(()) => message.set_trace_id(Some(id)),
            Err(first) => {
                self.admission.make_room();
                return Err(first);
            }
        }
        Ok(())
    }

    /// Takes back what [`Desk::claim`] did.
    #[cold]
    pub(crate) fn unclaim<T>(&self, message: &Message<T>) {
        if let Some(key) = message.key() {
            self.keys.forget(&key, self.shared.seam.now());
        }
    }

    /// How a call ends whose idempotency key was let in before, as trace `first`.
    #[cold]
    pub(crate) fn duplicate(&self, first: TraceId) -> Stop {
        let (path, place, node) = (self.flow.to_owned(), String::new(), self.flow);
        let spot = Spot { path, place, node, attempt: 1, attempts: 1, elapsed: Duration::ZERO, trace_id: first };
        Stop::Failed(FlowError::new(ErrorKind::Duplicate { first }, spot))
    }

    /// From now on the key of a scope that has ended grows old.
    #[inline]
    fn end_key(&self, scope: &Scope) {
        if let Some(key) = scope.key() {
            self.keys.end(key, self.shared.seam.now());
        }
    }

    /// A timer that may be polled where there is no runtime.
    fn timer(&self, instant: Instant) -> Sleep {
        let _inside = tokio::runtime::Handle::try_current().is_err().then(|| self.runtime.enter());
        self.shared.seam.sleep_until(instant)
    }

    /// When a trace that begins now has to be over.
    fn limit(&self, now: Instant) -> Option<Instant> {
        self.deadline.map(|limit| crate::clock::later(now, limit))
    }

    /// What a run may spend: the less of what the message asks for and of what the flow allows.
    #[inline]
    fn budget_of(&self, asked: Option<&Asked>) -> Option<Budget> {
        match (asked.and_then(|asked| asked.budget), self.budget) {
            (Some(asked), Some(own)) => Some(asked.min(own)),
            (asked, own) => asked.or(own),
        }
    }

    /// The scope of a new trace.
    fn scope(&self, envelope: Envelope, ending: For) -> Scope {
        let key = envelope.key();
        let Envelope { headers, trace_id, deadline, asked: rare, .. } = envelope;
        let now = self.shared.seam.now();
        let asked = deadline.map(|deadline| deadline.instant(now));
        let deadline = [asked, self.limit(now)].into_iter().flatten().min();
        let id = trace_id.unwrap_or_else(|| self.shared.seam.trace_id_at(now));
        let mut scope = Scope::new(id, headers, now, deadline);
        if let Some(key) = key {
            scope = scope.with_key(key);
        }
        if let Some(budget) = self.budget_of(rare.as_deref()) {
            scope = scope.with_budget(&budget);
        }
        if let Some(traceparent) = rare.and_then(|asked| asked.traceparent) {
            scope = scope.with_traceparent(traceparent);
        }
        match ending {
            For::Caller | For::Outputs => scope,
            For::Trace => scope.with_reader(self.chunk_lag),
        }
    }
}

/// Why a message was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoRoom {
    Full,
    Closed,
    /// Its instant came before its turn.
    TooLate,
}

impl From<NoPlace> for NoRoom {
    fn from(why: NoPlace) -> Self {
        match why {
            NoPlace::Full => NoRoom::Full,
            NoPlace::Closed => NoRoom::Closed,
        }
    }
}

/// Who gets the ending of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// Who polls it.
    Caller,
    /// Who holds its handle, and may read its chunks.
    Trace,
    /// The reader of the outputs, who gives its place back, too.
    Outputs,
}

/// A trace while it is inside: however it ends, it leaves. In place it borrows what its flow shares, in a task it owns it.
struct Inside<F: FlowDef, S, Held: Deref<Target = Running<F, S>>> {
    running: Held,
    scope: Arc<Scope>,
    ending: For,
    /// How the trace came to its end; nothing if whoever polled it has dropped it.
    end: Option<End>,
}

impl<F: FlowDef, S, Held: Deref<Target = Running<F, S>>> Inside<F, S, Held> {
    /// Lets in a message that has room.
    #[inline]
    fn open(running: Held, message: Message<F::Input>, ending: For) -> (M<F::Input>, Self) {
        let (value, mut envelope) = message.into_parts();
        let meta = std::mem::take(&mut envelope.meta);
        let scope = running.desk.scope(envelope, ending);
        let scope = Arc::new(running.desk.shared.observed(scope));
        told::taped(&scope, F::INPUT_CODEC, &value, &meta);
        told::let_in(&scope, || Way::Root(F::NAME));
        running.desk.admission.enter(&scope);
        (M { value, meta }, Inside { running, scope, ending, end: None })
    }

    /// Notes how the trace came to its end. Nobody sees that of a trace that was detached.
    #[inline]
    fn finish<T>(&mut self, ran: &mut Result<T, Stop>) {
        self.end = Some(End::of(ran));
        told::ended(&self.scope, || Way::Root(F::NAME), ran);
        if let Err(stop) = ran
            && self.scope.is_detached()
        {
            self.bury(std::mem::replace(stop, Stop::Cancelled));
        }
    }

    #[cold]
    fn bury(&self, stop: Stop) {
        let Scope { id, headers, .. } = &*self.scope;
        self.running.desk.shared.dead_letter(*id, headers, Unseen::Detached, Err(stop).into());
    }
}

impl<F: FlowDef, S, Held: Deref<Target = Running<F, S>>> Drop for Inside<F, S, Held> {
    fn drop(&mut self) {
        let admission = &self.running.desk.admission;
        let end = self.end.unwrap_or_else(|| {
            // What outlives the trace, a blocking call or a task of the user's, learns that nobody waits for it.
            self.scope.ask(Halt::Cancelled);
            told::ended::<()>(&self.scope, || Way::Root(F::NAME), &Err(Stop::Cancelled));
            if self.scope.is_detached() {
                self.bury(Stop::Cancelled);
            }
            End::Cancelled
        });
        admission.leave(&self.scope, end);
        self.running.desk.end_key(&self.scope);
        match self.ending {
            For::Caller | For::Trace if bug("leaked_place") && end == End::Failed => {}
            For::Caller | For::Trace => admission.make_room(),
            For::Outputs => {}
        }
    }
}

/// Runs a trace to its end.
#[expect(clippy::manual_async_fn, reason = "an `async fn` keeps its arguments twice, and each trace holds on to that")]
fn run<F, S, Held, T, Take>(
    mut inside: Inside<F, S, Held>,
    m: M<F::Input>,
    take: Take,
) -> impl Future<Output = Result<T, Stop>> + use<F, S, Held, T, Take>
where
    F: FlowBody<S>,
    Held: Deref<Target = Running<F, S>>,
    Take: FnOnce(M<F::Output>) -> T,
{
    async move {
        let scope = &inside.scope;
        let mut ran = if scope.deadline.is_some_and(|deadline| deadline <= scope.started) {
            Err(Stop::DeadlineExceeded)
        } else {
            let cx = Cx { scope, env: &inside.running.env, frame: Frame::Root(F::NAME) };
            Root::new(&cx, F::body(&cx, m)).await.map(take)
        };
        inside.finish(&mut ran);
        ran
    }
}

pin_project! {
    /// A trace in a task of its own. One kind of task, whoever gets the ending: tokio's part is compiled for each kind.
    struct InTask<Run, O> {
        #[pin]
        run: Run,
        // For the reader of the outputs; nothing if the task's handle gives it.
        posted: Option<Box<Posted<O>>>,
    }
}

impl<O, Run: Future<Output = Result<M<O>, Stop>>> Future for InTask<Run, O> {
    type Output = Result<O, Stop>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let ran = ready!(this.run.poll(task));
        Poll::Ready(match this.posted.take() {
            None => ran.map(M::into_value),
            Some(posted) => {
                posted.end(ran);
                Err(Stop::Cancelled)
            }
        })
    }
}

/// The bytes of the future that runs a trace of the flow `F`.
pub(crate) fn frame_bytes<F: FlowBody<S>, S>() -> usize {
    fn returned<A, B, C, Fut>(_: impl FnOnce(A, B, C) -> Fut, _: C) -> usize {
        size_of::<Fut>()
    }
    returned(run::<F, S, &Running<F, S>, _, _>, M::into_value)
}
