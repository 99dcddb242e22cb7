//! `batch(32, "10ms")`: a node that runs once for the messages of many traces. This file is the traces' side: how a message
//! gets into a batch, and how its answer comes back.

mod gather;
mod parts;
mod run;

use crate::error::Stop;
use crate::graph::channels::{Channel, QueueInfo};
use crate::graph::context::{Cx, Detached};
use crate::graph::edge::{Gone, unreachable};
use crate::graph::node::NodeDef;
use crate::graph::run::{Node, Ran};
use crate::graph::scope::Scope;
use crate::graph::value::M;
use crate::message::Headers;
use crate::runtime::asked::Returned;
use crate::runtime::slot::Slot;
use gather::{Gather, Joined, Tenant};
pub use parts::{FitsItem, PartOf, TakesBatch};
use run::Lead;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;

impl<T> M<T> {
    /// Takes the edge into a batch of the node `N`.
    pub fn into_batch<N: TakesBatch>(self) -> IntoBatch<N>
    where
        T: FitsItem<N::Item, N>,
    {
        IntoBatch { m: M { value: self.value.fit_item(), meta: self.meta } }
    }
}

/// A value that has taken the edge into a batch of the node `N`.
pub struct IntoBatch<N: TakesBatch> {
    m: M<N::Item>,
}

impl Gone {
    /// Takes the edge into a batch of the node `N`.
    pub fn into_batch<N: TakesBatch>(self) -> IntoBatch<N> {
        unreachable()
    }
}

/// The same, with the size of the batch. `RESULTS` is whether the node gives a `Result` for each item.
pub struct Batched<N: TakesBatch, const RESULTS: bool> {
    m: M<N::Item>,
    size: Size,
}

#[derive(Clone, Copy)]
struct Size {
    items: usize,
    /// How long the first item waits for others.
    linger: Duration,
}

impl<N: TakesBatch> IntoBatch<N> {
    /// Says how many items go at once, and how long the first one waits for the others.
    pub fn batched<const RESULTS: bool>(self, items: usize, linger: Duration) -> Batched<N, RESULTS> {
        Batched { m: self.m, size: Size { items: items.max(1), linger } }
    }
}

/// What an item of the node `N` comes back as.
type ValueOf<N, const RESULTS: bool> = <Returned<RESULTS> as PartOf<<N as TakesBatch>::Each>>::Value;

impl<N: TakesBatch, const RESULTS: bool> Batched<N, RESULTS>
where
    Returned<RESULTS>: PartOf<N::Each>,
{
    /// Runs the node for the whole batch, and gives what comes back for this item.
    pub fn run<'a, S>(
        self,
        cx: &'a Cx<'a, S>,
        place: u32,
    ) -> impl Future<Output = Ran<ValueOf<N, RESULTS>>> + Send + use<'a, N, S, RESULTS>
    where
        N: Node<S>,
        S: Send + Sync + 'static,
    {
        pass::<Batches<N, N, RESULTS>, S>(cx, place, self.size, self.m)
    }

    /// Runs the node under the name, the policy and the limits of the `as` instance `I`.
    pub fn run_as<'a, I, S>(
        self,
        cx: &'a Cx<'a, S>,
        place: u32,
    ) -> impl Future<Output = Ran<ValueOf<N, RESULTS>>> + Send + use<'a, N, I, S, RESULTS>
    where
        N: Node<S>,
        I: NodeDef<In = N::In, Out = N::Out, Yield = N::Yield>,
        S: Send + Sync + 'static,
    {
        pass::<Batches<N, I, RESULTS>, S>(cx, place, self.size, self.m)
    }
}

/// What is done with a batch.
trait Work<S>: 'static {
    const NAME: &'static str;
    /// Whether the node may finish when nobody waits for it any more; then the traces wait for that.
    const FINISHES: bool;
    type Item: Send + 'static;
    type Each: Send + 'static;
    type Parts: PartOf<Self::Each>;

    fn work<'a>(
        cx: &'a Cx<'a, S>,
        place: u32,
        m: M<Vec<Self::Item>>,
    ) -> impl Future<Output = Ran<Vec<Self::Each>>> + Send + 'a
    where
        S: 'a;
}

/// Runs the node `N` as `I`.
struct Batches<N, I, const RESULTS: bool>(PhantomData<(N, I)>);

impl<S, N, I, const RESULTS: bool> Work<S> for Batches<N, I, RESULTS>
where
    N: TakesBatch + Node<S>,
    I: NodeDef<In = N::In, Out = N::Out, Yield = N::Yield>,
    Returned<RESULTS>: PartOf<N::Each>,
{
    const NAME: &'static str = I::NAME;
    const FINISHES: bool = N::IRREVERSIBLE || I::IRREVERSIBLE || I::POLICY.grace().is_some();
    type Item = N::Item;
    type Each = N::Each;
    type Parts = Returned<RESULTS>;

    fn work<'a>(cx: &'a Cx<'a, S>, place: u32, m: M<N::In>) -> impl Future<Output = Ran<N::Out>> + Send + 'a
    where
        S: 'a,
    {
        N::run_as::<I>(cx, place, m)
    }
}

/// What one item comes back as.
type Part<W, S> = <<W as Work<S>>::Parts as PartOf<<W as Work<S>>::Each>>::Value;

/// One message on its way through a batch and back.
struct Member<W: Work<S>, S> {
    run: Detached<S>,
    slot: Slot<M<W::Item>, Ran<Part<W, S>>>,
}

/// The batches of one place.
struct Place<W: Work<S>, S> {
    gather: Gather<Arc<Member<W, S>>>,
    place: u32,
    linger: Duration,
    runtime: tokio::runtime::Handle,
}

/// A batch is no queue, and is over as soon as nobody waits for it.
impl<W: Work<S>, S: Send + Sync + 'static> Channel for Place<W, S> {
    fn info(&self, _: Instant) -> Option<QueueInfo> {
        None
    }

    fn close(&self) {}
}

/// Puts a message into a batch and waits for what comes back for it.
///
/// *Cancel safety*: dropping the future takes a message out of a batch that still gathers. One that runs goes on for those
/// who stay, and is dropped when nobody does.
#[expect(clippy::manual_async_fn, reason = "an `async fn` keeps its arguments twice, and one of them is the message")]
fn pass<'a, W, S>(
    cx: &'a Cx<'a, S>,
    place: u32,
    size: Size,
    m: M<W::Item>,
) -> impl Future<Output = Ran<Part<W, S>>> + Send + use<'a, W, S>
where
    W: Work<S>,
    S: Send + Sync + 'static,
{
    async move {
        if !cx.scope.enters_hop()
            && let Some(halt) = cx.scope.halt()
        {
            return Err(halt.into());
        }
        let mut asked = ask::<W, S>(cx, place, size, m)?;
        poll_fn(|task| asked.poll(cx.scope, task)).await
    }
}

/// Puts the message into a batch. The first one in it brings the task that waits for the others and runs the node.
fn ask<W, S>(cx: &Cx<'_, S>, place: u32, size: Size, m: M<W::Item>) -> Result<Asked<W, S>, Stop>
where
    W: Work<S>,
    S: Send + Sync + 'static,
{
    let open = |key: &[u32]| {
        cx.channels().at(key, |runtime| {
            let (gather, runtime) = (Gather::new(size.items), runtime.clone());
            Arc::new(Place::<W, S> { gather, place, linger: size.linger, runtime })
        })
    };
    let batches = cx.frame.at(place, open).ok_or(Stop::Cancelled)?;
    let member = Arc::new(Member { run: cx.detach(), slot: Slot::new(m) });
    let tenant: Tenant = cx.scope.headers.tenant().map(Into::into);
    let joined = batches.gather.join(tenant, member.clone());
    if joined.is_first {
        let run = cx.detach_into(cx.env.shared.observed(scope(cx, joined.batch.tenant())));
        let lead = Lead::new(batches.clone(), joined.batch.clone(), cx.seam().now());
        batches.runtime.spawn(lead.run(run));
    }
    Ok(Asked { batches, member, joined, stays: true })
}

/// What a batch runs in: no trace's scope, because it may outlive each. It shares nothing but the tenant with them.
fn scope<S>(cx: &Cx<'_, S>, tenant: Option<&Arc<str>>) -> Scope {
    let now = cx.seam().now();
    let headers = tenant.map_or_else(Headers::default, |tenant| Headers::default().with_tenant(tenant.clone()));
    Scope::new(cx.seam().trace_id_at(now), headers, now, None)
}

/// A message that was put into a batch. Dropping it gives the answer up.
struct Asked<W: Work<S>, S> {
    batches: Arc<Place<W, S>>,
    member: Arc<Member<W, S>>,
    joined: Joined<Arc<Member<W, S>>>,
    stays: bool,
}

impl<W: Work<S>, S> Asked<W, S> {
    fn poll(&mut self, scope: &Scope, task: &mut Context<'_>) -> Poll<Ran<Part<W, S>>> {
        if let Poll::Ready(answer) = self.member.slot.poll_answer(task) {
            return Poll::Ready(answer);
        }
        let Some(halt) = scope.halt() else { return Poll::Pending };
        let waits = self.member.slot.take_back().is_some();
        self.leave();
        if W::FINISHES && !waits { Poll::Pending } else { Poll::Ready(Err(halt.into())) }
    }

    fn leave(&mut self) {
        if std::mem::take(&mut self.stays) {
            self.batches.gather.leave(&self.joined.batch, self.joined.ticket);
        }
    }
}

impl<W: Work<S>, S> Drop for Asked<W, S> {
    fn drop(&mut self) {
        self.member.slot.abandon();
        self.leave();
    }
}

#[cfg(test)]
mod tests;
