//! Counts the calls of models by the events that are told of them. Reads no clock, takes no lock.

use crate::event::{ModelCall, ModelUsage};
use crate::money::Money;
use crate::telemetry::live::Live;
use crate::telemetry::live::step::Latencies;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What stands for all models beyond those that are kept apart.
const OTHER: &str = "other";

/// What was called in a started flow.
#[derive(Debug, Default)]
pub(super) struct Models {
    /// By provider and model.
    pub(super) all: BTreeMap<(Arc<str>, Arc<str>), Calls>,
}

/// The calls of one model.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// How many have ended with each outcome.
    pub(super) outcomes: BTreeMap<Arc<str>, u64>,
    pub(super) attempts: u64,
    pub(super) usage: ModelUsage,
    pub(super) cost: Money,
    pub(super) unpriced: u64,
    pub(super) latency: Latencies,
    pub(super) first_token: Latencies,
}

impl Models {
    pub(super) fn hear(&mut self, call: &ModelCall, bounds: &[Duration]) {
        let mut of = (call.provider.clone(), call.model.clone());
        // Names may come from a message: they must not become ever more series.
        if self.all.len() >= Live::MODELS_MAX && !self.all.contains_key(&of) {
            of = (OTHER.into(), OTHER.into());
        }
        self.all.entry(of).or_default().hear(call, bounds);
    }
}

impl Calls {
    fn hear(&mut self, call: &ModelCall, bounds: &[Duration]) {
        match self.outcomes.get_mut(call.outcome()) {
            Some(count) => *count += 1,
            None => drop(self.outcomes.insert(call.outcome().into(), 1)),
        }
        self.attempts += u64::from(call.attempts);
        if let Some(more) = call.usage {
            let sum = &mut self.usage;
            sum.input = sum.input.saturating_add(more.input);
            sum.output = sum.output.saturating_add(more.output);
            sum.cached = sum.cached.saturating_add(more.cached);
            sum.cache_written = sum.cache_written.saturating_add(more.cache_written);
            sum.reasoning = sum.reasoning.saturating_add(more.reasoning);
            sum.estimated |= more.estimated;
        }
        match call.cost {
            Some(cost) => self.cost = self.cost + cost,
            None => self.unpriced += 1,
        }
        self.latency.add(call.latency, bounds);
        call.first_token.into_iter().for_each(|first| self.first_token.add(first, bounds));
    }
}
