//! Hears what is told of a started flow and notes it at the step that it is told of. No lock is shared by two steps.

use crate::event::{EventKind, FlowEvent, Observer};
use crate::graph::topology::FlowInfo;
use crate::telemetry::live::index::Index;
use crate::telemetry::live::models::Models;
use crate::telemetry::live::rate::{Rate, second};
use crate::telemetry::live::step::{Latencies, Step};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) struct Board {
    pub(crate) index: Index,
    pub(super) bounds: Box<[Duration]>,
    steps: Box<[Mutex<Step>]>,
    traces: Mutex<Traces>,
    models: Mutex<Models>,
}

/// What has happened to traces as a whole.
#[derive(Debug, Default)]
pub(super) struct Traces {
    pub(super) in_flight: u64,
    pub(super) started: u64,
    /// How many have ended with each code.
    pub(super) ended: Vec<(&'static str, u64)>,
    pub(super) beginnings: Rate,
    pub(super) endings: Rate,
    pub(super) latency: Latencies,
}

impl Board {
    pub(super) fn new(info: &'static FlowInfo, bounds: &[Duration]) -> Self {
        let index = Index::new(info);
        let steps = index.steps.iter().map(|_| Mutex::default()).collect();
        Board { index, bounds: bounds.into(), steps, traces: Mutex::default(), models: Mutex::default() }
    }

    /// What has happened at the step of this number.
    pub(super) fn step(&self, step: usize) -> MutexGuard<'_, Step> {
        self.steps[step].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The models that were called.
    pub(super) fn models(&self) -> MutexGuard<'_, Models> {
        self.models.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn traces(&self) -> MutexGuard<'_, Traces> {
        self.traces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Board {
    fn on_event(&self, event: &FlowEvent) {
        match &event.kind {
            EventKind::Emit { .. } => {
                let mut traces = self.traces();
                traces.in_flight += 1;
                traces.started += 1;
                traces.beginnings.add(second(event.at));
            }
            EventKind::Ending { code, latency, .. } => self.traces().end(code, event, *latency, &self.bounds),
            EventKind::ModelCall(call) => self.models().hear(call, &self.bounds),
            _ => {
                if let Some(step) = self.index.step(event.place.numbers()) {
                    self.step(step).hear(event, &self.bounds);
                }
            }
        }
    }
}

impl Traces {
    fn end(&mut self, code: &'static str, event: &FlowEvent, latency: Duration, bounds: &[Duration]) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.endings.add(second(event.at));
        self.latency.add(latency, bounds);
        match self.ended.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => *count += 1,
            None => self.ended.push((code, 1)),
        }
    }
}
