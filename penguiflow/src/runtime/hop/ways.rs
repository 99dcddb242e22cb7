//! What a hop does where its node is not ready at once or fails: permits, timers, retries, grace. Compiled once for all
//! nodes, because what is generic over a node is compiled again for each. Knows no message.

use crate::clock::Seam;
use crate::error::{ErrorKind, FlowError, NodeError, Stop};
use crate::graph::context::Failing;
use crate::graph::scope::Scope;
use crate::graph::table::Slot;
use crate::policy::Policy;
use crate::runtime::hop::rarely::Rarely;
use crate::runtime::hop::wait::Waits;
use crate::runtime::retry::next_delay;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::OwnedSemaphorePermit;

/// How far a hop is.
pub(super) struct Progress {
    pub(super) place: u32,
    pub(super) attempt: u32,
    pub(super) phase: Phase,
    /// What only hops that wait for a permit or a timer need.
    waits: Rarely<Waits>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The first attempt has its input, and the hop was not counted yet.
    Gate,
    /// The attempt has its input.
    Start,
    /// The attempt has its future, which nobody has polled: nobody can have asked the trace to end in between.
    Fresh,
    Running,
    Backoff,
    Done,
}

/// What the straight way saw before it ended.
pub(super) enum Seen {
    Nothing,
    Pending,
    Failed(NodeError),
}

/// The attempts of one node run, without their types.
pub(super) trait Attempt {
    /// Calls the node's function, or its stub, for an attempt at a place.
    fn begin(
        self: Pin<&mut Self>,
        slot: Option<&Slot>,
        permit: &mut Option<OwnedSemaphorePermit>,
        at: (u32, u32),
    ) -> Result<(), NodeError>;
    /// Polls what the function returned, and holds on to the value.
    fn poll_node(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<(), NodeError>>;
    /// Puts the input in place for another attempt.
    fn again(self: Pin<&mut Self>);
    /// Drops what the attempt holds.
    fn end(self: Pin<&mut Self>);
    /// The failure that ends the trace.
    fn fail(&self, kind: ErrorKind, at: Failing) -> FlowError;
}

/// What the ways need to know of the node and of its run.
pub(super) struct Facts<'f> {
    pub(super) node: &'static str,
    pub(super) policy: &'f Policy,
    pub(super) slot: Option<&'f Slot>,
    /// Whether the input is kept for another attempt.
    pub(super) keeps: bool,
    pub(super) scope: &'f Scope,
    pub(super) seam: &'f Seam,
}

impl Progress {
    #[inline]
    pub(super) fn new(place: u32, phase: Phase) -> Self {
        Progress { place, attempt: 1, phase, waits: Rarely::never() }
    }

    /// Goes on where the straight way ended. When it is ready with `Ok`, the attempt has its value.
    pub(super) fn go_on(
        &mut self,
        mut attempt: Pin<&mut dyn Attempt>,
        facts: &Facts<'_>,
        seen: Seen,
        task: &mut Context<'_>,
    ) -> Poll<Result<(), Stop>> {
        let mut result = match seen {
            Seen::Nothing => None,
            Seen::Failed(error) => Some(Err(error)),
            Seen::Pending => Some(Err(ready!(self.poll_timeout(facts, task)))),
        };
        loop {
            if let Some(result) = result.take()
                && let Some(ended) = self.after(result, attempt.as_mut(), facts)
            {
                return Poll::Ready(ended);
            }
            if self.phase == Phase::Gate {
                // A trace that has no hop left is asked to end here.
                facts.scope.enters_hop();
                self.phase = Phase::Start;
            }
            if let Some(halt) = facts.scope.halt()
                && self.halts(facts, task)
            {
                self.phase = Phase::Done;
                attempt.end();
                return Poll::Ready(Err(halt.into()));
            }
            match self.phase {
                Phase::Gate | Phase::Start => result = ready!(self.start(attempt.as_mut(), facts, task)).err().map(Err),
                Phase::Fresh | Phase::Running => {
                    result = Some(match attempt.as_mut().poll_node(task) {
                        Poll::Ready(result) => result,
                        Poll::Pending => Err(ready!(self.poll_timeout(facts, task))),
                    });
                }
                Phase::Backoff => {
                    ready!(self.waits.get_or_insert_default().poll_backoff(task));
                    attempt.as_mut().again();
                    self.phase = Phase::Start;
                }
                Phase::Done => return Poll::Pending,
            }
        }
    }

    /// The node is not ready: its time runs.
    fn poll_timeout(&mut self, facts: &Facts<'_>, task: &mut Context<'_>) -> Poll<NodeError> {
        Waits::poll_timeout(&mut self.waits, facts.policy, facts.seam, task)
    }

    /// Whether a trace that was asked to end ends here now: at once, or after the grace of a running attempt.
    fn halts(&mut self, facts: &Facts<'_>, task: &mut Context<'_>) -> bool {
        match (self.phase, facts.policy.grace()) {
            (Phase::Running, Some(grace)) => self.waits.get_or_insert_default().grace_is_over(grace, facts.seam, task),
            _ => true,
        }
    }

    /// Waits for what the attempt needs, then lets it begin.
    fn start(
        &mut self,
        attempt: Pin<&mut dyn Attempt>,
        facts: &Facts<'_>,
        task: &mut Context<'_>,
    ) -> Poll<Result<(), NodeError>> {
        if let Some(slot) = facts.slot {
            ready!(self.waits.get_or_insert_default().poll_entry(slot, facts.seam, task));
        }
        let mut none = None;
        let permit = self.waits.as_mut().map_or(&mut none, |waits| waits.permit());
        attempt.begin(facts.slot, permit, (self.place, self.attempt))?;
        self.phase = Phase::Running;
        Poll::Ready(Ok(()))
    }

    /// What follows an attempt: its value, the failure, or nothing yet because another attempt follows.
    fn after(
        &mut self,
        result: Result<(), NodeError>,
        mut attempt: Pin<&mut dyn Attempt>,
        facts: &Facts<'_>,
    ) -> Option<Result<(), Stop>> {
        self.phase = Phase::Done;
        let halt = facts.scope.halt();
        if result.is_err() || halt.is_some() {
            attempt.as_mut().end();
        }
        if let Some(waits) = self.waits.as_mut() {
            waits.leave();
        }
        let error = match (result, halt) {
            (Ok(()), None) => return Some(Ok(())),
            // The attempt was let finish; the trace ends as it was asked to.
            (_, Some(halt)) => return Some(Err(halt.into())),
            (Err(error), None) => error,
        };
        let jitter = || facts.seam.jitter();
        match next_delay(facts.policy, self.attempt, error.class, error.retry_after, jitter) {
            Some(delay) if facts.keeps => {
                self.attempt += 1;
                self.waits.get_or_insert_default().back_off(delay, facts.seam);
                self.phase = Phase::Backoff;
                None
            }
            _ => {
                let (place, attempts) = (Some(self.place), facts.policy.attempts());
                let at = Failing { node: facts.node, place, attempt: self.attempt, attempts };
                Some(Err(Stop::Failed(attempt.fail(error.kind, at))))
            }
        }
    }
}
