//! Runs a node over the items of a collection, some at once, in order. Knows nothing about the flow around it.

use crate::bug::bug;
use crate::error::{ErrorKind, Stop};
use crate::graph::context::{Cx, Failing};
use crate::graph::edge::{Fits, Gone};
use crate::graph::node::NodeDef;
use crate::graph::run::{Node, Ran};
use crate::graph::scope::{Halt, Scope};
use crate::graph::value::M;
use crate::message::Meta;
use crate::runtime::root::panicked;
use crate::runtime::spawned::spawned;
use crate::runtime::woken::one_of;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use std::future::Future;
use std::mem::take;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

pub(crate) mod concurrent;

/// How many items a map takes unless it says otherwise.
pub const ITEMS_MAX: usize = 10_000;

/// The map check: what arrives is a collection.
#[diagnostic::on_unimplemented(
    message = "`map` runs a node over each item of a collection, but `{Self}` is none",
    label = "`{Self}` is no collection",
    note = "return a `Vec` from the node before"
)]
pub trait Collection {}

#[diagnostic::do_not_recommend]
impl<C: IntoIterator> Collection for C {}

/// What arrives at a map. `items` is that of [`ByItem`] for a collection, and for anything else that of [`NoItem`], which
/// tells so and takes every worker: a single method would be told once for the collection and once for its items.
#[derive(Debug)]
pub struct Mapped<T>(pub M<T>);

/// The items of a collection.
pub trait ByItem {
    /// What the collection holds.
    type Item;

    /// The items in order.
    fn items(self) -> Items<Self::Item>;
}

impl<C: IntoIterator> ByItem for Mapped<C> {
    type Item = C::Item;

    fn items(self) -> Items<C::Item> {
        Items { items: self.0.value.into_iter().collect(), meta: self.0.meta }
    }
}

/// The words for what is no collection.
pub trait NoItem<T> {
    /// Never runs.
    fn items(self) -> Gone
    where
        T: Collection;
}

impl<T> NoItem<T> for &Mapped<T> {
    fn items(self) -> Gone
    where
        T: Collection,
    {
        Gone
    }
}

/// The items of a collection on their way into a map.
#[derive(Debug)]
pub struct Items<T> {
    items: Vec<T>,
    meta: Meta,
}

impl<T> Items<T> {
    /// Takes the edge into the map of the node `W`.
    pub fn each<W: NodeDef>(self) -> Each<W>
    where
        T: Fits<W::In, W>,
    {
        Each { items: self.items.into_iter().map(Fits::fit).collect(), meta: self.meta, apart: false }
    }
}

/// Items that have taken the edge into the map of the node `W`.
pub struct Each<W: NodeDef> {
    items: Vec<W::In>,
    meta: Meta,
    apart: bool,
}

impl Gone {
    /// Takes the edge into the map of the node `W`.
    pub fn each<W: NodeDef>(self) -> Each<W> {
        Each { items: Vec::new(), meta: Meta::default(), apart: false }
    }
}

impl<W: NodeDef> Each<W> {
    /// Each item runs in a task of its own.
    pub fn apart(self) -> Self {
        Each { apart: true, ..self }
    }

    /// Runs the node over each item, at most `at_once` at a time. A failing item drops its siblings.
    pub async fn run<S>(self, cx: &Cx<'_, S>, place: u32, at_once: usize, limit: usize) -> Ran<Vec<W::Out>>
    where
        W: Node<S>,
        S: Send + Sync + 'static,
    {
        self.run_as::<W, S>(cx, place, at_once, limit).await
    }

    /// Runs the node over each item under the name, the policy and the limits of the `as` instance `I`.
    pub async fn run_as<I, S>(self, cx: &Cx<'_, S>, place: u32, at_once: usize, limit: usize) -> Ran<Vec<W::Out>>
    where
        W: Node<S>,
        I: NodeDef<In = W::In, Out = W::Out, Yield = W::Yield>,
        S: Send + Sync + 'static,
    {
        let Each { items, meta, apart } = self;
        if items.len() > limit {
            let kind = ErrorKind::TooManyItems { items: items.len(), limit };
            return Err(Stop::Failed(cx.fail(kind, Failing::once("map", Some(place)))));
        }
        let results = items.iter().map(|_| None).collect();
        let together = at_once.min(items.len());
        let start = |(index, item)| {
            let m = M { value: item, meta: meta.clone() };
            let run: BoxFuture<'_, Ran<W::Out>> = if apart {
                let run = cx.item(place, index).detach();
                Box::pin(spawned(cx, async move { run_item::<W, I, S>(&run.cx(), m).await }))
            } else {
                let run = async move { run_item::<W, I, S>(&cx.item(place, index), m).await };
                Box::pin(one_of(cx, together, run))
            };
            (index, run)
        };
        let starts = items.into_iter().enumerate().map(start);
        let running = Vec::with_capacity(at_once.min(limit));
        let (at_once, scope, irreversible) =
            (at_once.max(1) + usize::from(bug("wide_map")), cx.scope, const { W::IRREVERSIBLE || I::IRREVERSIBLE });
        Mapping { starts, running, results, at_once, scope, irreversible, next: 0, failed: None, halted: None }.await
    }
}

/// Runs one item, in its context.
async fn run_item<W, I, S>(cx: &Cx<'_, S>, m: M<W::In>) -> Ran<W::Out>
where
    W: Node<S>,
    I: NodeDef<In = W::In, Out = W::Out, Yield = W::Yield>,
{
    // The worker is the only step of its item.
    let run = W::run_as::<I>(cx, 0, m);
    match const { W::IRREVERSIBLE || I::IRREVERSIBLE } {
        false => run.await,
        // A panic is this item's failure, and must not drop its siblings half done.
        true => AssertUnwindSafe(run).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(cx, &*panic))),
    }
}

type Running<'a, T> = (usize, BoxFuture<'a, Ran<T>>);

/// How many items may begin or end in one poll: they must not keep a deadline, a cancel or other traces waiting.
const STEPS_PER_BREATH: usize = 64;

/// The items that run and those that wait.
struct Mapping<'a, I, T> {
    starts: I,
    running: Vec<Running<'a, T>>,
    results: Vec<Option<M<T>>>,
    at_once: usize,
    scope: &'a Scope,
    /// Whether an item must not be dropped half done: then a failure waits for those that run.
    irreversible: bool,
    /// Who is asked first at the next poll: behind a breath it goes on where it was, or many items were asked again and again.
    next: usize,
    failed: Option<Stop>,
    halted: Option<Stop>,
}

impl<I, T> Unpin for Mapping<'_, I, T> {}

impl<'a, I: Iterator<Item = Running<'a, T>>, T> Future for Mapping<'a, I, T> {
    type Output = Ran<Vec<T>>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let (mut at, mut steps) = (take(&mut this.next), 0);
        let mut skipped = at > 0;
        loop {
            if steps >= STEPS_PER_BREATH {
                this.next = at;
                task.waker().wake_by_ref();
                return Poll::Pending;
            }
            if at == this.running.len() {
                let room = at < this.at_once && this.halted.is_none() && this.failed.is_none();
                match if room { this.starts.next() } else { None } {
                    Some(run) => {
                        this.running.push(run);
                        steps += 1;
                        continue;
                    }
                    // Those that were asked before the breath may have been woken since.
                    None if skipped => {
                        (at, skipped) = (0, false);
                        continue;
                    }
                    None => break,
                }
            }
            let (index, run) = &mut this.running[at];
            match run.as_mut().poll(task) {
                Poll::Pending => {
                    at += 1;
                    continue;
                }
                Poll::Ready(Ok(m)) => this.results[*index] = Some(m),
                // A sibling may be an attempt that is allowed to finish.
                Poll::Ready(Err(stop @ (Stop::Cancelled | Stop::DeadlineExceeded))) => this.halted = Some(stop),
                Poll::Ready(Err(stop)) if this.irreversible => {
                    this.scope.ask(Halt::Failing);
                    this.failed.get_or_insert(stop);
                }
                Poll::Ready(Err(stop)) => return Poll::Ready(Err(stop)),
            }
            drop(this.running.remove(at));
            steps += 1;
        }
        if !this.running.is_empty() {
            return Poll::Pending;
        }
        match this.failed.take().or_else(|| this.halted.take()) {
            Some(stop) => Poll::Ready(Err(stop)),
            None => Poll::Ready(Ok(gather(&mut this.results))),
        }
    }
}

/// The results in the order of their items.
fn gather<T>(results: &mut Vec<Option<M<T>>>) -> M<Vec<T>> {
    let mut meta = Meta::default();
    let mut value = Vec::with_capacity(results.len());
    for m in results.drain(..).flatten() {
        meta.merge(&m.meta);
        value.push(m.value);
    }
    M { value, meta }
}
