//! Counts what happens at one step, by the events that are told of it. Reads no clock, takes no lock.

use crate::event::{EventKind, FlowEvent};
use crate::id::TraceId;
use crate::message::Cost;
use crate::place::Place;
use crate::telemetry::live::Live;
use crate::telemetry::live::histogram::Histogram;
use crate::telemetry::live::rate::{Rate, second};
use std::collections::HashSet;
use std::time::Duration;

/// What has happened at a step.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) counts: Counts,
    /// Which messages wait. A message may be told to wait twice in a row, and to be dropped where it did not wait.
    waits: HashSet<(TraceId, Place)>,
    pub(super) uncounted_waits: u64,
    pub(super) completions: Rate,
    pub(super) troubles: Rate,
    pub(super) failures: Rate,
    pub(super) latency: Latencies,
    /// How often the router has chosen each arm.
    pub(super) arms: Vec<(&'static str, u64, Rate)>,
}

/// Plain numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) in_flight: u64,
    pub(super) attempts: u64,
    pub(super) completed: u64,
    pub(super) errors: u64,
    pub(super) timeouts: u64,
    pub(super) panics: u64,
    pub(super) cancelled: u64,
    pub(super) retries: u64,
    pub(super) failures: u64,
    pub(super) dropped: u64,
    pub(super) cost: Cost,
}

/// Latencies, for quantiles and for a metrics system.
#[derive(Debug, Default)]
pub(super) struct Latencies {
    pub(super) all: Histogram,
    /// How many are at most each bound, and above the one before. From the first latency on.
    pub(super) under: Vec<u64>,
}

impl Latencies {
    pub(super) fn add(&mut self, latency: Duration, bounds: &[Duration]) {
        self.all.add(latency);
        self.under.resize(bounds.len(), 0);
        // Above all bounds it is counted by the number of all.
        if let Some(under) = self.under.get_mut(bounds.partition_point(|bound| *bound < latency)) {
            *under += 1;
        }
    }
}

impl Step {
    pub(super) fn hear(&mut self, event: &FlowEvent, bounds: &[Duration]) {
        if event.ends_attempt() {
            self.counts.in_flight = self.counts.in_flight.saturating_sub(1);
        }
        match &event.kind {
            EventKind::NodeStart => {
                self.goes_on(event);
                self.counts.in_flight += 1;
                self.counts.attempts += 1;
            }
            EventKind::NodeSuccess { latency } => {
                self.complete(event);
                self.latency.add(*latency, bounds);
            }
            EventKind::JoinComplete { .. } => self.complete(event),
            EventKind::NodeError { .. } => {
                self.counts.errors += 1;
                self.troubles.add(second(event.at));
            }
            EventKind::NodeTimeout { .. } => {
                self.counts.timeouts += 1;
                self.troubles.add(second(event.at));
            }
            EventKind::NodeRetry { .. } => {
                self.counts.retries += 1;
                self.waits(event);
            }
            EventKind::NodeFailed { .. } => {
                self.counts.panics += u64::from(event.ends_attempt());
                self.fail(event);
            }
            EventKind::JoinStarved { .. } => self.fail(event),
            EventKind::NodeTraceCancelled { .. } | EventKind::NodeCancelled { .. } => self.counts.cancelled += 1,
            EventKind::TraceCancelDrop { .. } | EventKind::DeadlineSkip { .. } => {
                self.goes_on(event);
                self.counts.dropped += 1;
            }
            EventKind::PermitEnter | EventKind::QueueEnter { .. } => self.waits(event),
            EventKind::PermitWait { .. } | EventKind::QueueWait { .. } => self.goes_on(event),
            EventKind::RouteChosen { arm } => self.choose(arm, event),
            EventKind::BudgetSettled { actual, .. } => self.counts.cost = sum(self.counts.cost, *actual),
            EventKind::BudgetInDoubt { cost } => self.counts.cost = sum(self.counts.cost, *cost),
            EventKind::Emit { .. }
            | EventKind::Ending { .. }
            | EventKind::TraceCancelStart
            | EventKind::TraceCancelFinish
            | EventKind::Dropped { .. }
            | EventKind::Chunk { .. }
            | EventKind::BudgetReserved { .. }
            | EventKind::ModelCall(_)
            | EventKind::RemoteCallStart(_)
            | EventKind::RemoteStreamEvent(_)
            | EventKind::RemoteCallSuccess(_)
            | EventKind::RemoteCallError(_)
            | EventKind::RemoteCallCancelled(_)
            | EventKind::RemoteCancelError(_) => {}
        }
    }

    /// How many messages wait.
    pub(super) fn waiting(&self) -> u64 {
        self.waits.len() as u64
    }

    fn complete(&mut self, event: &FlowEvent) {
        self.counts.completed += 1;
        self.completions.add(second(event.at));
    }

    fn fail(&mut self, event: &FlowEvent) {
        self.counts.failures += 1;
        self.failures.add(second(event.at));
    }

    fn waits(&mut self, event: &FlowEvent) {
        let who = (event.trace_id, event.place.clone());
        if self.waits.len() < Live::WAITS_MAX || self.waits.contains(&who) {
            self.waits.insert(who);
        } else {
            self.uncounted_waits += 1;
        }
    }

    fn goes_on(&mut self, event: &FlowEvent) {
        if !self.waits.is_empty() {
            self.waits.remove(&(event.trace_id, event.place.clone()));
        }
    }

    fn choose(&mut self, chosen: &'static str, event: &FlowEvent) {
        let at = self.arms.iter().position(|(arm, ..)| *arm == chosen).unwrap_or_else(|| {
            self.arms.push((chosen, 0, Rate::default()));
            self.arms.len() - 1
        });
        let (_, count, rate) = &mut self.arms[at];
        *count += 1;
        rate.add(second(event.at));
    }
}

pub(super) fn sum(one: Cost, other: Cost) -> Cost {
    Cost::tokens(one.tokens.saturating_add(other.tokens)).and_usd(one.usd + other.usd)
}
