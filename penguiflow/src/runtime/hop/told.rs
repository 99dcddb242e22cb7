//! What observers are told of a hop. Called by hops that are watched, and by no other one; decides nothing.

use crate::error::{ErrorKind, NodeError};
use crate::event::{EventKind, Failure};
use crate::graph::scope::Halt;
use crate::graph::watch::tape::Gave;
use crate::graph::watch::{At, Watch, spans};
use crate::message::Meta;
use crate::runtime::hop::stamp::Stamp;
use crate::runtime::hop::stands::{Does, Stands};
use crate::runtime::hop::wait::Waits;
use crate::runtime::hop::ways::{Facts, Progress};
use std::any::Any;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Span;

impl Facts<'_> {
    pub(super) fn watch(&self) -> Option<&Watch> {
        self.site.scope.tap()
    }
}

impl Progress {
    pub(super) fn at(&self, facts: &Facts<'_>) -> At {
        facts.site.at(facts.known.name(), Some(self.place), self.attempt)
    }

    /// How long the attempt has taken at `now`.
    fn took(&self, facts: &Facts<'_>, now: Instant) -> Duration {
        now.saturating_duration_since(facts.site.scope.started).saturating_sub(self.begun.since())
    }

    /// How long the attempt has taken, if somebody watches.
    pub(super) fn latency(&self, facts: &Facts<'_>) -> Option<Duration> {
        facts.watch().map(|watch| self.took(facts, watch.seam.now()))
    }

    pub(super) fn stands(&mut self, facts: &Facts<'_>, does: Does) -> bool {
        let first = self.waits.as_ref().is_none_or(|waits| waits.stands.is_none());
        if let Some(watch) = facts.watch()
            && first
        {
            // An attempt runs since it began.
            let since = match does {
                Does::Run => facts.site.scope.started + self.begun.since(),
                Does::Wait => watch.seam.now(),
            };
            let stands = Stands::new(facts.site.scope.clone(), self.at(facts), since, does);
            self.waits.get_or_insert_default().stands = Some(stands);
            return true;
        }
        false
    }

    fn goes_on(&mut self) -> Option<Instant> {
        let waits: Option<&mut Box<Waits>> = self.waits.as_mut();
        waits.and_then(|waits| waits.stands.take()).map(Stands::leave)
    }

    /// The attempt is over.
    fn ends_wait(&mut self) {
        let waited = self.goes_on().is_some();
        if let Some(waits) = self.waits.as_mut() {
            waits.waited = waited;
        }
    }

    /// Whether the attempt that is over was waited for.
    fn has_waited(&self) -> bool {
        self.waits.as_ref().is_some_and(|waits| waits.waited)
    }

    /// The attempt waits for its node's permit or rate.
    pub(super) fn tell_waiting(&mut self, facts: &Facts<'_>) {
        if self.stands(facts, Does::Wait)
            && let Some(watch) = facts.watch()
        {
            watch.tell(self.at(facts), EventKind::PermitEnter);
        }
    }

    /// The attempt begins.
    pub(super) fn tell_begun(&mut self, facts: &Facts<'_>) {
        let waited = self.goes_on();
        let Some(watch) = facts.watch() else { return };
        let now = watch.seam.now();
        if let Some(since) = waited {
            let latency = now.saturating_duration_since(since);
            watch.tell_then(now, self.at(facts), EventKind::PermitWait { latency });
        }
        self.begun = Stamp::new(now.saturating_duration_since(facts.site.scope.started));
        let at = self.at(facts);
        if facts.site.scope.span().is_some() {
            self.waits.get_or_insert_default().span = Some(spans::of_attempt(&at));
        }
        self.tell_inside(watch, now, at, EventKind::NodeStart);
    }

    /// The attempt is not ready.
    pub(super) fn note_running(&mut self, facts: &Facts<'_>) {
        self.stands(facts, Does::Run);
    }

    /// The wait between two attempts is over.
    pub(super) fn note_backed_off(&mut self) {
        self.goes_on();
    }

    /// The attempt gave a value that goes on, for those who record it.
    pub(super) fn tape_value(&self, facts: &Facts<'_>, value: &dyn Any, meta: &Meta) {
        if let Some(tape) = facts.watch().and_then(|watch| watch.between.tape.as_ref()) {
            let gave = Gave { codec: facts.known.codec(), value, meta, waited: self.has_waited() };
            tape.gave(&self.at(facts), &gave);
        }
    }

    /// The attempt gave a value that goes on.
    pub(super) fn tell_value(&mut self, facts: &Facts<'_>) {
        self.ends_wait();
        if let Some(watch) = facts.watch() {
            let now = watch.seam.now();
            let kind = EventKind::NodeSuccess { latency: self.took(facts, now) };
            self.tell_inside(watch, now, self.at(facts), kind);
            self.close_span();
        }
    }

    /// The attempt failed.
    pub(super) fn tell_error(&mut self, facts: &Facts<'_>, error: &NodeError) -> Option<Failure> {
        self.ends_wait();
        let watch = facts.watch()?;
        if let Some(tape) = &watch.between.tape {
            tape.erred(&self.at(facts), error, facts.site.scope.halt().map(Halt::code), self.has_waited());
        }
        let failure = Failure::new(error.kind.code(), error.kind.to_string());
        let now = watch.seam.now();
        let (latency, error_of) = (self.took(facts, now), failure.clone());
        let kind = match error.kind {
            ErrorKind::Timeout(_) => EventKind::NodeTimeout { latency, error: error_of },
            _ => EventKind::NodeError { latency, error: error_of },
        };
        self.tell_inside(watch, now, self.at(facts), kind);
        if let Some(span) = self.close_span() {
            spans::fail(&span, failure.code);
        }
        Some(failure)
    }

    /// Another attempt follows, whose number is in place already.
    pub(super) fn tell_retry(&mut self, facts: &Facts<'_>, wait: Duration, failure: Option<Failure>) {
        if let (Some(watch), Some(error)) = (facts.watch(), failure) {
            watch.tell(self.at(facts), EventKind::NodeRetry { wait, error });
            self.stands(facts, Does::Wait);
        }
    }

    /// The hop ends because its trace has to.
    pub(super) fn tell_halted(&mut self, facts: &Facts<'_>, halt: Halt, runs: bool) {
        self.goes_on();
        if let Some(watch) = facts.watch() {
            let now = watch.seam.now();
            let ran = runs.then(|| self.took(facts, now));
            self.tell_inside(watch, now, self.at(facts), facts.site.scope.ended(halt, ran));
            self.close_span();
        }
    }

    /// Tells what happens in the span of the attempt.
    fn tell_inside(&self, watch: &Watch, now: Instant, at: At, kind: EventKind) {
        let _entered = self.enter();
        watch.tell_then(now, at, kind);
    }

    fn close_span(&mut self) -> Option<Span> {
        self.waits.as_mut()?.span.take()
    }
}
