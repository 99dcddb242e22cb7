//! `queue(64, workers = 4)`: a node behind a bounded channel. Workers in tasks of their own run it, and answer into the
//! frame of the trace. Knows nothing about what stands before or behind the node.

mod told;

use crate::error::Stop;
use crate::graph::channels::{Channel, QueueInfo};
use crate::graph::context::{Cx, Detached};
use crate::graph::edge::To;
use crate::graph::node::NodeDef;
use crate::graph::run::{Node, Ran};
use crate::graph::scope::{FlowKey, Scope};
use crate::graph::value::M;
use crate::runtime::floe::{Floe, Look, Ticket};
use crate::runtime::root::{panicked, poll_seeing};
use crate::runtime::slot::Slot;
use futures_util::FutureExt as _;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::task::coop::consume_budget;
use tokio::time::Instant;
use told::Behind;

/// A value that has taken the edge into the node `N`, and stands before its queue.
pub struct Queued<N: NodeDef> {
    m: M<N::In>,
    size: Size,
}

#[derive(Clone, Copy)]
struct Size {
    capacity: usize,
    workers: usize,
}

impl<N: NodeDef> To<N> {
    /// Puts a queue before the node.
    pub fn queued(self, capacity: usize, workers: usize) -> Queued<N> {
        Queued { m: self.m, size: Size { capacity: capacity.max(1), workers: workers.max(1) } }
    }
}

impl<N: NodeDef> Queued<N> {
    /// Runs the node.
    pub fn run<'a, S>(self, cx: &'a Cx<'a, S>, place: u32) -> impl Future<Output = Ran<N::Out>> + Send + use<'a, N, S>
    where
        N: Node<S>,
        S: Send + Sync + 'static,
    {
        pass::<Runs<N, N>, S>(cx, place, self.size, self.m)
    }

    /// Runs the node under the name, the policy and the limits of the `as` instance `I`.
    pub fn run_as<'a, I, S>(
        self,
        cx: &'a Cx<'a, S>,
        place: u32,
    ) -> impl Future<Output = Ran<N::Out>> + Send + use<'a, N, I, S>
    where
        N: Node<S>,
        I: NodeDef<In = N::In, Out = N::Out, Yield = N::Yield>,
        S: Send + Sync + 'static,
    {
        pass::<Runs<N, I>, S>(cx, place, self.size, self.m)
    }

    /// Runs the router and chooses the arm. `A` holds the arms as the flow writes them.
    pub fn route<'a, A, S>(
        self,
        cx: &'a Cx<'a, S>,
        place: u32,
    ) -> impl Future<Output = Result<N::Arms<A>, Stop>> + Send + use<'a, N, A, S>
    where
        N: Node<S>,
        N::Arms<A>: Send + 'static,
        A: 'static,
        S: Send + Sync + 'static,
    {
        pass::<Routes<N, N, A>, S>(cx, place, self.size, self.m)
    }

    /// Runs the router as the instance `I` and chooses the arm.
    pub fn route_as<'a, I, A, S>(
        self,
        cx: &'a Cx<'a, S>,
        place: u32,
    ) -> impl Future<Output = Result<N::Arms<A>, Stop>> + Send + use<'a, N, I, A, S>
    where
        N: Node<S>,
        I: NodeDef<In = N::In, Out = N::Out, Yield = N::Yield>,
        N::Arms<A>: Send + 'static,
        A: 'static,
        S: Send + Sync + 'static,
    {
        pass::<Routes<N, I, A>, S>(cx, place, self.size, self.m)
    }
}

/// What the workers of a queue do with a message.
trait Work<S>: 'static {
    const NAME: &'static str;
    type In: Send + 'static;
    type Out: Send + 'static;

    fn work<'a>(
        cx: &'a Cx<'a, S>,
        place: u32,
        m: M<Self::In>,
    ) -> impl Future<Output = Result<Self::Out, Stop>> + Send + 'a
    where
        S: 'a;
}

/// Runs the node `N` as `I`.
struct Runs<N, I>(PhantomData<(N, I)>);

impl<S, N, I> Work<S> for Runs<N, I>
where
    N: Node<S>,
    I: NodeDef<In = N::In, Out = N::Out, Yield = N::Yield>,
{
    const NAME: &'static str = I::NAME;
    type In = N::In;
    type Out = M<N::Out>;

    fn work<'a>(cx: &'a Cx<'a, S>, place: u32, m: M<N::In>) -> impl Future<Output = Ran<N::Out>> + Send + 'a
    where
        S: 'a,
    {
        N::run_as::<I>(cx, place, m)
    }
}

/// Runs the router `N` as `I`, and chooses between the arms `A`.
struct Routes<N, I, A>(PhantomData<(N, I, A)>);

impl<S, N, I, A> Work<S> for Routes<N, I, A>
where
    N: Node<S>,
    I: NodeDef<In = N::In, Out = N::Out, Yield = N::Yield>,
    N::Arms<A>: Send + 'static,
    A: 'static,
{
    const NAME: &'static str = I::NAME;
    type In = N::In;
    type Out = N::Arms<A>;

    fn work<'a>(
        cx: &'a Cx<'a, S>,
        place: u32,
        m: M<N::In>,
    ) -> impl Future<Output = Result<N::Arms<A>, Stop>> + Send + 'a
    where
        S: 'a,
    {
        N::route_as::<I, A>(cx, place, m)
    }
}

/// One message on its way through a queue and back.
struct Job<W: Work<S>, S> {
    run: Detached<S>,
    /// When it came into the queue.
    since: Instant,
    slot: Slot<M<W::In>, Result<W::Out, Stop>>,
}

/// The queue of one place.
struct Queue<W: Work<S>, S> {
    flow: &'static str,
    place: u32,
    key: Box<[u32]>,
    workers: usize,
    line: Floe<Arc<Job<W, S>>>,
}

impl<W: Work<S>, S: Send + Sync + 'static> Channel for Queue<W, S> {
    fn info(&self, now: Instant) -> Option<QueueInfo> {
        let Look { inside, before, busy, longest } = self.line.look(now);
        let place: Vec<String> = self.key.iter().map(u32::to_string).collect();
        Some(QueueInfo {
            flow: self.flow,
            node: W::NAME,
            place: place.join("/"),
            capacity: self.line.capacity(),
            workers: self.workers,
            depth: inside,
            waiting: before,
            running: busy,
            longest_wait: longest,
        })
    }

    fn close(&self) {
        give_up(self.line.close());
    }
}

/// Tells those who waited that nobody will serve them.
impl<W: Work<S>, S> Queue<W, S> {
    fn behind(&self) -> Behind {
        Behind { node: W::NAME, place: self.place, capacity: self.line.capacity() }
    }

    fn depth(&self) -> usize {
        self.line.len()
    }
}

fn give_up<W: Work<S>, S>(jobs: Vec<Arc<Job<W, S>>>) {
    jobs.iter().for_each(|job| job.slot.answer(Err(Stop::Cancelled)));
}

// === the trace's side ===

/// Sends a message through the queue of its place and waits for the answer.
///
/// *Cancel safety*: dropping the future takes a message that waits out of the line, and lets the worker drop the node of one
/// that is run.
#[expect(clippy::manual_async_fn, reason = "an `async fn` keeps its arguments twice, and one of them is the message")]
fn pass<'a, W, S>(
    cx: &'a Cx<'a, S>,
    place: u32,
    size: Size,
    m: M<W::In>,
) -> impl Future<Output = Result<W::Out, Stop>> + Send + use<'a, W, S>
where
    W: Work<S>,
    S: Send + Sync + 'static,
{
    async move {
        if let Some(halt) = cx.scope.halt() {
            return Err(halt.into());
        }
        if cx.scope.depth() > 0 && is_run_by_a_worker_of(cx, place) {
            return Box::pin(W::work(cx, place, m)).await;
        }
        let mut asked = ask::<W, S>(cx, place, size, m)?;
        poll_fn(|task| asked.poll(cx.scope, task)).await
    }
}

/// Whether a node behind the queue at `place` has called the flow that the queue stands in: then its worker waits for this
/// very message, and runs it past the line.
#[cold]
fn is_run_by_a_worker_of<S>(cx: &Cx<'_, S>, place: u32) -> bool {
    let flow = FlowKey::of(&cx.env.shared);
    let mut callers = cx.scope.callers().zip(cx.frame.callers());
    cx.frame.at(place, |queue| callers.any(|(caller, place)| caller == flow && place.starts_with(queue)))
}

/// Puts the message into the line.
fn ask<W, S>(cx: &Cx<'_, S>, place: u32, size: Size, m: M<W::In>) -> Result<Asked<W, S>, Stop>
where
    W: Work<S>,
    S: Send + Sync + 'static,
{
    let open = |key: &[u32]| {
        cx.channels().at(key, |runtime| {
            let line = Floe::new(size.capacity, size.workers);
            let queue = Queue { flow: cx.frame.flow(), place, key: key.into(), workers: size.workers, line };
            let queue = Arc::new(queue);
            for number in 0..size.workers {
                runtime.spawn(worker::<W, S>(Post { queue: queue.clone(), number }));
            }
            queue
        })
    };
    let queue = cx.frame.at(place, open).ok_or(Stop::Cancelled)?;
    let since = cx.seam().now();
    let job = Arc::new(Job { run: cx.detach(), since, slot: Slot::new(m) });
    let ticket = queue.line.put(job.clone(), since).map_err(|_| Stop::Cancelled)?;
    queue.behind().entered(cx.site(), || queue.depth());
    Ok(Asked { queue, job, ticket, waits: true })
}

/// A message that was put into a line. Dropping it gives the answer up.
struct Asked<W: Work<S>, S> {
    queue: Arc<Queue<W, S>>,
    job: Arc<Job<W, S>>,
    ticket: Ticket,
    /// Whether the answer is still to come.
    waits: bool,
}

impl<W: Work<S>, S> Asked<W, S> {
    fn poll(&mut self, scope: &Scope, task: &mut Context<'_>) -> Poll<Result<W::Out, Stop>> {
        if let Poll::Ready(answer) = self.job.slot.poll_answer(task) {
            self.waits = false;
            return Poll::Ready(answer);
        }
        let Some(halt) = scope.halt() else { return Poll::Pending };
        if self.job.slot.take_back().is_some() {
            self.leave();
            return Poll::Ready(Err(halt.into()));
        }
        // The node itself decides whether it is dropped now or may finish; the answer tells.
        self.job.slot.nudge();
        Poll::Pending
    }
}

impl<W: Work<S>, S> Asked<W, S> {
    /// Takes back what nobody has begun.
    fn leave(&self) {
        self.queue.line.remove(self.ticket);
        self.queue.behind().left(self.job.run.cx().site());
    }
}

impl<W: Work<S>, S> Drop for Asked<W, S> {
    fn drop(&mut self) {
        if self.waits && self.job.slot.abandon() {
            self.leave();
        }
    }
}

// === the workers' side ===

/// A worker's place in its queue, given up however its task ends.
struct Post<W: Work<S>, S> {
    queue: Arc<Queue<W, S>>,
    number: usize,
}

impl<W: Work<S>, S> Drop for Post<W, S> {
    fn drop(&mut self) {
        give_up(self.queue.line.quit());
    }
}

/// Serves the line until it is closed.
async fn worker<W, S>(post: Post<W, S>)
where
    W: Work<S>,
    S: Send + Sync + 'static,
{
    let queue = &*post.queue;
    while let Some(job) = poll_fn(|task| queue.line.poll_take(post.number, task)).await {
        let mut busy = Busy { queue, job: Some(&job) };
        serve(&job, queue).await;
        busy.job = None;
        drop(busy);
        // A line that is never empty must not keep the other tasks of the thread waiting.
        consume_budget().await;
    }
}

/// A worker at a job. If it is dropped there, nobody else will answer.
struct Busy<'a, W: Work<S>, S> {
    queue: &'a Queue<W, S>,
    /// The job, until it is served.
    job: Option<&'a Job<W, S>>,
}

impl<W: Work<S>, S> Drop for Busy<'_, W, S> {
    fn drop(&mut self) {
        self.queue.line.done();
        if let Some(job) = self.job {
            job.slot.answer(Err(Stop::Cancelled));
        }
    }
}

/// Runs the node for one message, unless nobody waits for it any more.
async fn serve<W, S>(job: &Job<W, S>, queue: &Queue<W, S>)
where
    W: Work<S>,
    S: Send + Sync + 'static,
{
    let Some(m) = job.slot.begin() else { return };
    let (cx, place) = (job.run.cx(), queue.place);
    queue.behind().taken(cx.site(), job.since, || queue.depth());
    let run = async {
        let mut seen = cx.scope.halt();
        let mut work = pin!(W::work(&cx, place, m));
        poll_fn(|task| match job.slot.poll_over(task) {
            true => Poll::Ready(None),
            false => poll_seeing(cx.scope, &mut seen, work.as_mut(), task).map(Some),
        })
        .await
    };
    match AssertUnwindSafe(run).catch_unwind().await {
        Ok(Some(answer)) => job.slot.answer(answer),
        Ok(None) => {}
        Err(panic) => job.slot.answer(Err(panicked(&cx, &*panic))),
    }
}
