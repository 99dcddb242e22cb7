//! The batch's side: the task that waits until a batch goes, runs the node for it, and answers each of those who wait.

use super::{Member, Part, PartOf as _, Place, Work, gather::Batch};
use crate::error::shared::OfMany;
use crate::error::{ErrorKind, Stop};
use crate::graph::context::{Cx, Detached, Failing};
use crate::graph::run::Ran;
use crate::graph::scope::Halt;
use crate::graph::value::M;
use crate::message::Meta;
use crate::runtime::root::{panicked, poll_seeing};
use futures_util::FutureExt as _;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::time::Instant;

type Members<W, S> = Vec<Arc<Member<W, S>>>;

/// Whoever leads a batch from its first item to its last answer. If it is dropped on the way, nobody else will answer.
pub(super) struct Lead<W: Work<S>, S> {
    batches: Arc<Place<W, S>>,
    batch: Arc<Batch<Arc<Member<W, S>>>>,
    since: Instant,
    /// Those for whom the node runs.
    members: Members<W, S>,
}

impl<W: Work<S>, S> Drop for Lead<W, S> {
    fn drop(&mut self) {
        self.members.extend(self.batches.gather.seal(&self.batch));
        self.members.iter().for_each(|member| member.slot.answer(Err(Stop::Cancelled)));
    }
}

impl<W: Work<S>, S: Send + Sync + 'static> Lead<W, S> {
    pub(super) fn new(batches: Arc<Place<W, S>>, batch: Arc<Batch<Arc<Member<W, S>>>>, since: Instant) -> Self {
        Lead { batches, batch, since, members: Vec::new() }
    }

    /// Leads the batch, which runs in `run`.
    pub(super) async fn run(mut self, run: Detached<S>) {
        let cx = run.cx();
        self.gathered(&cx).await;
        let (mut items, mut metas) = (Vec::new(), Vec::new());
        for member in self.batches.gather.seal(&self.batch) {
            // Who was taken back meanwhile is not in the batch any more.
            if let Some(M { value, meta }) = member.slot.begin() {
                items.push(value);
                metas.push(meta);
                self.members.push(member);
            }
        }
        if items.is_empty() {
            return;
        }
        let ran = self.node(&cx, items).await;
        run.end();
        match ran {
            Ok(m) => self.hand_out(m, metas),
            Err(stop) => self.tell(&cx, stop),
        }
    }

    /// Waits until the batch goes: it is full, its time is up, or nobody is in it.
    async fn gathered(&self, cx: &Cx<'_, S>) {
        let due = crate::clock::later(self.since, self.batches.linger);
        let mut timer = pin!(cx.seam().sleep_until(due));
        poll_fn(|task| match self.batch.poll_sealed(task) {
            true => Poll::Ready(()),
            false => timer.as_mut().poll(task),
        })
        .await;
    }

    /// Runs the node, until nobody waits for it any more.
    async fn node(&self, cx: &Cx<'_, S>, items: Vec<W::Item>) -> Ran<Vec<W::Each>> {
        let run = async {
            let mut seen = cx.scope.halt();
            let mut work = pin!(W::work(cx, self.batches.place, M::new(items, Meta::default())));
            poll_fn(|task| {
                if self.batch.poll_left(task) {
                    // The node itself decides whether it is dropped now or may finish.
                    cx.scope.ask(Halt::Cancelled);
                }
                poll_seeing(cx.scope, &mut seen, work.as_mut(), task)
            })
            .await
        };
        AssertUnwindSafe(run).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(cx, &*panic)))
    }

    /// Gives each its part, with its own meta; what the node added to that is added to each.
    fn hand_out(&self, M { value: results, meta: added }: M<Vec<W::Each>>, metas: Vec<Meta>) {
        let (expected, got) = (self.members.len(), results.len());
        let failed = |member: &Member<W, S>, kind| {
            let cx = member.run.cx();
            Stop::Failed(cx.fail(kind, Failing::once(W::NAME, Some(self.batches.place))))
        };
        if expected != got {
            for member in &self.members {
                member.slot.answer(Err(failed(member, ErrorKind::BatchShape { expected, got })));
            }
            return;
        }
        for ((member, each), mut meta) in self.members.iter().zip(results).zip(metas) {
            meta.merge(&added);
            let part: Result<Part<W, S>, _> = W::Parts::part(each);
            member.slot.answer(match part {
                Ok(value) => Ok(M { value, meta }),
                Err(source) => Err(failed(member, ErrorKind::Node(source))),
            });
        }
    }

    /// Tells each why there is no result, as a failure of its own trace.
    fn tell(&self, batch: &Cx<'_, S>, stop: Stop) {
        let of_many = OfMany::from(stop);
        let step = self.batches.place;
        for member in &self.members {
            let cx = member.run.cx();
            member.slot.answer(Err(of_many.stop(|kind, error| cx.fail_beside(kind, error, step, batch))));
        }
    }
}
