//! What a hop does where its node is not ready at once or fails: permits, timers, retries, grace. Compiled once for all
//! nodes, because what is generic over a node is compiled again for each. Knows no message, and does nothing with it: it
//! says what is to be done.

use crate::bug::bug;
use crate::error::{NodeError, Stop};
use crate::graph::codec::Codec;
use crate::graph::context::{Failing, Site};
use crate::graph::node::{Keep, NodeDef};
use crate::graph::scope::Halt;
use crate::graph::table::Slot;
use crate::message::Meta;
use crate::policy::Policy;
use crate::runtime::hop::rarely::Rarely;
use crate::runtime::hop::stamp::Stamp;
use crate::runtime::hop::wait::Waits;
use crate::runtime::retry::next_delay;
use std::any::{Any, TypeId};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tracing::Span;
use tracing::span::Entered;

/// How far a hop is.
pub(super) struct Progress {
    pub(super) place: u32,
    pub(super) attempt: u32,
    pub(super) phase: Phase,
    /// When the attempt began, for those who watch it.
    pub(super) begun: Stamp,
    /// What only hops that wait for a permit or a timer need.
    pub(super) waits: Rarely,
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

/// What a node was seen to do.
#[derive(Clone, Copy)]
pub(super) enum Seen {
    Nothing,
    Pending,
    /// It gave an error. Its future is still there.
    Erred,
    /// Its attempt failed, and nothing of it is left.
    Failed,
    /// It gave a value after the trace was asked to end.
    TooLate(Halt),
}

/// What a hop does next. What goes with it is parked in [`Progress`]: nothing that has to be dropped passes through code that
/// is compiled for each node.
#[derive(Clone, Copy)]
pub(super) enum Next {
    /// Calls the node's function, or its stub.
    Begin,
    /// Polls what the function returned.
    Poll,
    /// Nothing: something wakes it.
    Wait,
    /// Drops what the attempt holds, before its permit goes to others. Then the attempt has failed.
    Failed,
    /// Puts the input in place for another attempt.
    Again,
    /// Ends with the value that a stub gave.
    Stubbed,
    /// Ends as the trace was asked to, or with the failure.
    Over(Option<Halt>),
}

impl Next {
    /// Whether nothing of an attempt is to be left.
    pub(super) fn ends_attempt(self) -> bool {
        matches!(self, Next::Failed | Next::Again | Next::Over(_))
    }
}

/// What is known of a node without its run. A constant of the node, so that its code holds no more than a pointer.
pub(super) struct Known {
    name: &'static str,
    /// The policy that the attribute wrote.
    own: Policy,
    // Called, because the id itself is no constant before Rust 1.91.
    id: fn() -> TypeId,
    /// Whether the input is kept for another attempt.
    keeps: bool,
    /// How what it gives is written down.
    codec: Option<Codec>,
}

impl Known {
    #[inline]
    pub(super) fn of<I: NodeDef>() -> &'static Self {
        const { &Known { name: I::NAME, own: I::POLICY, id: TypeId::of::<I>, keeps: I::Keep::KEEPS, codec: I::CODEC } }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn codec(&self) -> Option<Codec> {
        self.codec
    }

    /// Tells the trace that the node unwinds.
    #[cold]
    #[inline(never)]
    pub(super) fn note_panic(&'static self, site: Site<'_>, place: u32, attempt: u32) {
        site.note_panic(Facts { known: self, site }.failing(place, attempt));
    }
}

/// What the ways need to know of the node and of its run.
pub(super) struct Facts<'f> {
    pub(super) known: &'static Known,
    pub(super) site: Site<'f>,
}

impl<'f> Facts<'f> {
    /// Where it has to be looked at.
    fn slot(&self) -> Option<&'f Slot> {
        self.site.nodes().slot_of(self.known.id, &self.known.own)
    }

    /// The policy in force: the node's own, or the one that replaced it before the start.
    fn policy(&self) -> &Policy {
        self.slot().map_or(&self.known.own, |slot| &slot.policy)
    }

    fn failing(&self, place: u32, attempt: u32) -> Failing {
        let attempts = self.policy().attempts();
        Failing { node: self.known.name, place: Some(place), attempt, attempts, latency: None }
    }
}

impl Progress {
    #[inline]
    pub(super) fn new(place: u32, phase: Phase) -> Self {
        Progress { place, attempt: 1, phase, begun: Stamp::default(), waits: Rarely::never() }
    }

    /// Says what the hop does next. What it does is seen by the next call.
    pub(super) fn go_on(&mut self, facts: &Facts<'_>, seen: Seen, task: &mut Context<'_>) -> Next {
        match seen {
            Seen::Nothing => {}
            Seen::Pending => return self.waits_for_node(facts, task),
            Seen::Erred => return Next::Failed,
            Seen::Failed => {
                if let Some(over) = self.after(facts) {
                    return over;
                }
            }
            Seen::TooLate(halt) => return self.is_over(facts, halt),
        }
        let scope = facts.site.scope;
        if self.phase == Phase::Gate {
            if let Err(next) = self.cue(facts, task) {
                return next;
            }
            // A trace that has no hop left is asked to end here.
            scope.enters_hop();
            self.phase = Phase::Start;
        }
        let runs_on = bug("runs_on") && self.phase == Phase::Start;
        if let Some(halt) = scope.halt()
            && !runs_on
            && self.halts(facts, task)
        {
            return self.is_over(facts, halt);
        }
        match self.phase {
            Phase::Gate | Phase::Start => self.start(facts, task),
            Phase::Fresh | Phase::Running => match self.poll_before(facts, task) {
                Some(next) => next,
                None => self.poll_stub(facts, task),
            },
            Phase::Backoff => match self.waits.get_or_insert_default().poll_backoff(task) {
                Poll::Pending => Next::Wait,
                Poll::Ready(()) => {
                    self.note_backed_off();
                    self.phase = Phase::Start;
                    Next::Again
                }
            },
            Phase::Done => Next::Wait,
        }
    }

    /// What follows from the stub that runs, if one does.
    fn poll_stub(&mut self, facts: &Facts<'_>, task: &mut Context<'_>) -> Next {
        match self.waits.as_mut().and_then(|waits| waits.poll_stub(task)) {
            None => Next::Poll,
            Some(Poll::Pending) => self.waits_for_node(facts, task),
            Some(Poll::Ready(Err(error))) => self.fails(error),
            // The attempt was let finish; the trace ends as it was asked to.
            Some(Poll::Ready(Ok(value))) => match facts.site.scope.halt() {
                Some(halt) => self.is_over(facts, halt),
                None => {
                    self.tell_value(facts);
                    self.leave();
                    self.waits.get_or_insert_default().stubbed = Some(value);
                    Next::Stubbed
                }
            },
        }
    }

    /// The node is not ready: its time runs.
    fn waits_for_node(&mut self, facts: &Facts<'_>, task: &mut Context<'_>) -> Next {
        match Waits::poll_timeout(&mut self.waits, facts.policy(), facts.site.seam(), task) {
            Poll::Ready(error) => self.fails(error),
            Poll::Pending => {
                self.note_running(facts);
                Next::Wait
            }
        }
    }

    /// Whether the trace lets a value go on that the node gave off its straight way; if not, why.
    #[cold]
    #[inline(never)]
    pub(super) fn ends_well(
        &mut self,
        known: &'static Known,
        site: Site<'_>,
        value: &dyn Any,
        meta: &Meta,
    ) -> Option<Halt> {
        let halt = site.scope.halt();
        if halt.is_none() {
            let facts = Facts { known, site };
            self.tell_value(&facts);
            self.tape_value(&facts, value, meta);
        }
        halt
    }

    /// Whether a trace that was asked to end ends here now: at once, or after the grace of a running attempt.
    fn halts(&mut self, facts: &Facts<'_>, task: &mut Context<'_>) -> bool {
        match (self.phase, facts.policy().grace()) {
            (Phase::Running, Some(grace)) => self
                .lets_go(facts)
                .unwrap_or_else(|| self.waits.get_or_insert_default().grace_is_over(grace, facts.site.seam(), task)),
            _ => true,
        }
    }

    pub(super) fn is_over(&mut self, facts: &Facts<'_>, halt: Halt) -> Next {
        self.tell_halted(facts, halt, matches!(self.phase, Phase::Fresh | Phase::Running));
        self.phase = Phase::Done;
        Next::Over(Some(halt))
    }

    /// Waits for what the attempt needs, then lets it begin.
    fn start(&mut self, facts: &Facts<'_>, task: &mut Context<'_>) -> Next {
        let played = match self.cue(facts, task) {
            Ok(played) => played,
            Err(next) => return next,
        };
        if !played
            && let Some(slot) = facts.slot()
            && self.waits.get_or_insert_default().poll_entry(slot, facts.site.seam(), task).is_pending()
        {
            self.tell_waiting(facts);
            return Next::Wait;
        }
        self.tell_begun(facts);
        self.phase = Phase::Running;
        self.interpose(facts);
        self.poll_before(facts, task).unwrap_or(Next::Begin)
    }

    /// Lets a test put something before the attempt that begins.
    fn interpose(&mut self, facts: &Facts<'_>) {
        let interposer = facts.watch().and_then(|watch| watch.between.interposer.as_ref());
        if let Some(before) = interposer.and_then(|one| one.before(&self.at(facts))) {
            self.waits.get_or_insert_default().put_before(before);
        }
    }

    /// What follows from what a test has put before the attempt, if it has.
    fn poll_before(&mut self, facts: &Facts<'_>, task: &mut Context<'_>) -> Option<Next> {
        Some(match self.waits.as_mut()?.poll_before(task)? {
            Poll::Pending => self.waits_for_node(facts, task),
            Poll::Ready(Ok(())) => Next::Begin,
            Poll::Ready(Err(error)) => self.fails(error),
        })
    }

    /// Whether a stub takes the input, an `Option` of it.
    #[inline(never)]
    pub(super) fn is_stubbed(&mut self, facts: &Facts<'_>, input: &mut dyn Any) -> bool {
        let stub = facts.slot().and_then(|slot| slot.stub(input));
        stub.map(|stub| self.waits.get_or_insert_default().put_stub(stub)).is_some()
    }

    /// Enters the span of the attempt, if it has one, until what it gives is dropped.
    #[inline]
    pub(super) fn enter(&self) -> Option<Entered<'_>> {
        self.waits.as_ref()?.span.as_ref().map(Span::enter)
    }

    /// The span of the attempt, if it has one.
    pub(super) fn span(&self) -> Option<Span> {
        self.waits.as_ref()?.span.clone()
    }

    /// The permit of the attempt that begins.
    pub(super) fn permit(&mut self) -> Option<&mut Option<OwnedSemaphorePermit>> {
        self.waits.as_mut().map(|waits| waits.permit())
    }

    /// The node gave this error.
    #[cold]
    #[inline(never)]
    pub(super) fn erred(&mut self, error: NodeError) -> Seen {
        self.waits.get_or_insert_default().error = Some(error);
        Seen::Erred
    }

    fn fails(&mut self, error: NodeError) -> Next {
        self.erred(error);
        Next::Failed
    }

    /// Puts what a stub gave into an `Option` of it.
    #[inline(never)]
    pub(super) fn take_stubbed(&mut self, value: &mut dyn Any) {
        if let Some(mut stubbed) = self.waits.as_mut().and_then(|waits| waits.stubbed.take()) {
            stubbed.give(value);
        }
    }

    /// How a hop that is over ends the trace.
    #[inline(never)]
    pub(super) fn stop(&mut self, halt: Option<Halt>) -> Stop {
        let failure = self.waits.as_mut().and_then(|waits| waits.failure.take());
        halt.map(Stop::from).or(failure.map(Stop::Failed)).unwrap_or(Stop::Cancelled)
    }

    fn leave(&mut self) {
        self.phase = Phase::Done;
        if let Some(waits) = self.waits.as_mut() {
            waits.leave();
        }
    }

    /// What follows a failed attempt: the end, or nothing yet because another attempt follows.
    fn after(&mut self, facts: &Facts<'_>) -> Option<Next> {
        self.leave();
        let error = self.waits.get_or_insert_default().error.take()?;
        let told = self.tell_error(facts, &error);
        // The attempt was let finish; the trace ends as it was asked to.
        if let Some(halt) = facts.site.scope.halt() {
            return Some(Next::Over(Some(halt)));
        }
        let NodeError { kind, class, retry_after } = error;
        let jitter = || facts.site.seam().jitter();
        match next_delay(facts.policy(), self.attempt, class, retry_after, jitter) {
            Some(delay) if facts.known.keeps => {
                self.attempt += 1;
                let played = self.played_wait(facts);
                self.tell_retry(facts, played.unwrap_or(delay), told);
                // What is played waits for its cue.
                let delay = if played.is_some() { Duration::ZERO } else { delay };
                self.waits.get_or_insert_default().back_off(delay, facts.site.seam());
                self.phase = Phase::Backoff;
                None
            }
            _ => {
                let failing = Failing { latency: self.latency(facts), ..facts.failing(self.place, self.attempt) };
                self.waits.get_or_insert_default().failure = Some(facts.site.fail(kind, failing));
                Some(Next::Over(None))
            }
        }
    }
}
