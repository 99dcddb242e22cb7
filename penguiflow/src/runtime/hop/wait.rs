//! What a hop waits for, its turn, its permit, its timers, and what it failed with. Boxed by the hop, because most hops need nothing of it, and the
//! same for all nodes, because what is generic over a node is compiled once for each.

use crate::bug::bug;
use crate::clock::Seam;
use crate::error::{ErrorClass, ErrorKind, FlowError, NodeError};
use crate::graph::stub::{StubFuture, Stubbed};
use crate::graph::table::Slot;
use crate::graph::watch::interpose::Before;
use crate::policy::Policy;
use crate::runtime::hop::stands::Stands;
use futures_util::future::BoxFuture;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::{AcquireError, OwnedSemaphorePermit};
use tokio::time::Sleep;
use tracing::Span;

#[derive(Default)]
pub(super) struct Waits {
    /// What a test has put before the attempt.
    before: Option<Before>,
    /// What runs in the place of the node. Dropped before the permit, as the node's own future is.
    stub: Option<StubFuture>,
    /// What the stub gave.
    pub(super) stubbed: Option<Stubbed>,
    /// What the attempt failed with.
    pub(super) error: Option<NodeError>,
    /// What the last attempt failed with, told of the trace.
    pub(super) failure: Option<FlowError>,
    /// Where the hop stands, for those who watch it.
    pub(super) stands: Option<Stands>,
    /// Whether the attempt that is over was waited for.
    pub(super) waited: bool,
    /// The span of the attempt.
    pub(super) span: Option<Span>,
    entry: Entry,
    permit: Option<OwnedSemaphorePermit>,
    timeout: Option<Pin<Box<Sleep>>>,
    backoff: Option<Pin<Box<Sleep>>>,
    grace: Option<Pin<Box<Sleep>>>,
}

/// How far an attempt is with what it needs to start. The rate comes first: who waits for its turn holds no permit.
#[derive(Default)]
enum Entry {
    #[default]
    Outside,
    Waiting(BoxFuture<'static, ()>),
    InTurn,
    Queued(BoxFuture<'static, Result<OwnedSemaphorePermit, AcquireError>>),
    Inside,
}

impl Waits {
    /// Waits for the node's rate and for its permit.
    pub(super) fn poll_entry(&mut self, slot: &Slot, seam: &Seam, task: &mut Context<'_>) -> Poll<()> {
        loop {
            self.entry = match &mut self.entry {
                Entry::Outside => match &slot.rate {
                    Some(rate) => Entry::Waiting(Box::pin(rate.turn(seam.clone()))),
                    None => Entry::InTurn,
                },
                Entry::Waiting(turn) => {
                    ready!(turn.as_mut().poll(task));
                    Entry::InTurn
                }
                Entry::InTurn => match &slot.permits {
                    Some(permits) => match permits.clone().try_acquire_owned() {
                        Ok(permit) => {
                            self.permit = Some(permit);
                            Entry::Inside
                        }
                        Err(_) => Entry::Queued(Box::pin(permits.clone().acquire_owned())),
                    },
                    None => Entry::Inside,
                },
                Entry::Queued(queued) => {
                    // Nobody closes a node's semaphore, so there is always a permit in the end.
                    self.permit = ready!(queued.as_mut().poll(task)).ok();
                    Entry::Inside
                }
                Entry::Inside => return Poll::Ready(()),
            };
        }
    }

    /// The permit of the attempt that runs, to be moved to where it must be held longer.
    pub(super) fn permit(&mut self) -> &mut Option<OwnedSemaphorePermit> {
        &mut self.permit
    }

    pub(super) fn put_stub(&mut self, stub: StubFuture) {
        self.stub = Some(stub);
    }

    /// Polls the stub, if one runs, and drops it when it is ready.
    pub(super) fn poll_stub(&mut self, task: &mut Context<'_>) -> Option<Poll<Result<Stubbed, NodeError>>> {
        let polled = self.stub.as_mut()?.as_mut().poll(task);
        if polled.is_ready() {
            self.stub = None;
        }
        Some(polled)
    }

    pub(super) fn put_before(&mut self, before: Before) {
        self.before = Some(before);
    }

    /// Polls what was put before the attempt, if something was, and drops it when it is ready.
    pub(super) fn poll_before(&mut self, task: &mut Context<'_>) -> Option<Poll<Result<(), NodeError>>> {
        let polled = self.before.as_mut()?.as_mut().poll(task);
        if polled.is_ready() {
            self.before = None;
        }
        Some(polled)
    }

    /// The attempt is over: others may start.
    pub(super) fn leave(&mut self) {
        self.before = None;
        self.stub = None;
        self.entry = Entry::Outside;
        if bug("leaked_permit") {
            std::mem::forget(self.permit.take());
        }
        self.permit = None;
        self.timeout = None;
    }

    /// Ready with an error when an attempt that is not ready has used up its time. Arms the timer when it is asked first.
    pub(super) fn poll_timeout(
        this: &mut Option<Box<Self>>,
        policy: &Policy,
        seam: &Seam,
        task: &mut Context<'_>,
    ) -> Poll<NodeError> {
        let Some(limit) = policy.timeout.filter(|_| !bug("ignored_timeout")) else { return Poll::Pending };
        let timer = this.get_or_insert_default().timeout.get_or_insert_with(|| Box::pin(seam.sleep(limit)));
        let error = |()| NodeError { kind: ErrorKind::Timeout(limit), class: ErrorClass::Retry, retry_after: None };
        timer.as_mut().poll(task).map(error)
    }

    /// Whether an attempt that may finish after a cancel has used up its grace.
    pub(super) fn grace_is_over(&mut self, grace: Duration, seam: &Seam, task: &mut Context<'_>) -> bool {
        let timer = self.grace.get_or_insert_with(|| Box::pin(seam.sleep(grace)));
        timer.as_mut().poll(task).is_ready()
    }

    pub(super) fn back_off(&mut self, delay: Duration, seam: &Seam) {
        self.backoff = (!delay.is_zero() && !bug("skipped_backoff")).then(|| Box::pin(seam.sleep(delay)));
    }

    pub(super) fn poll_backoff(&mut self, task: &mut Context<'_>) -> Poll<()> {
        if let Some(timer) = &mut self.backoff {
            ready!(timer.as_mut().poll(task));
            self.backoff = None;
        }
        Poll::Ready(())
    }
}
