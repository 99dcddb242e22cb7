//! Makes figures of events. Pure: no clock, no network.

use crate::event::{EventKind, FlowEvent};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// A figure as the server takes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Figure {
    pub(super) key: String,
    pub(super) value: f64,
    /// Milliseconds since 1970.
    pub(super) timestamp: u64,
    /// Which of its key it is, from 0.
    pub(super) step: u64,
}

/// What was counted so far.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// How many figures each key has.
    steps: BTreeMap<String, u64>,
    counts: BTreeMap<String, u64>,
}

impl Figures {
    /// The figures of an event.
    pub(super) fn of(&mut self, event: &FlowEvent) -> Vec<Figure> {
        let (at, node) = (event.at, name(event.node));
        let mut figures = Vec::new();
        let mut timed = |figures: &mut Vec<Figure>, what: &str, latency: &Duration| {
            figures.push(self.next(format!("{node}/{what}"), millis(*latency), at));
        };
        match &event.kind {
            EventKind::NodeSuccess { latency } => timed(&mut figures, "latency_ms", latency),
            EventKind::QueueWait { latency, .. } => timed(&mut figures, "queue_wait_ms", latency),
            EventKind::PermitWait { latency } => timed(&mut figures, "permit_wait_ms", latency),
            EventKind::NodeError { latency, .. } => {
                timed(&mut figures, "latency_ms", latency);
                figures.push(self.count(format!("{node}/errors"), at));
            }
            EventKind::NodeTimeout { latency, .. } => {
                timed(&mut figures, "latency_ms", latency);
                figures.push(self.count(format!("{node}/timeouts"), at));
            }
            EventKind::NodeRetry { .. } => figures.push(self.count(format!("{node}/retries"), at)),
            EventKind::NodeFailed { .. } => figures.push(self.count(format!("{node}/failures"), at)),
            EventKind::Ending { code, latency, spent, .. } => {
                figures.push(self.next("trace/latency_ms".to_owned(), millis(*latency), at));
                figures.push(self.count(format!("traces/{code}"), at));
                if let Some(spent) = spent {
                    figures.push(self.next("trace/tokens".to_owned(), spent.tokens as f64, at));
                    // Money is exact; a figure of MLflow is a float.
                    let usd = spent.usd.to_string().trim_start_matches('$').parse().unwrap_or(f64::NAN);
                    figures.push(self.next("trace/usd".to_owned(), usd, at));
                }
            }
            _ => {}
        }
        figures
    }

    /// A figure behind the others of its key.
    pub(super) fn next(&mut self, key: String, value: f64, at: SystemTime) -> Figure {
        let next = self.steps.entry(key.clone()).or_default();
        let step = *next;
        *next += 1;
        Figure { key, value, timestamp: stamp(at), step }
    }

    /// How often something has happened, with this time.
    fn count(&mut self, key: String, at: SystemTime) -> Figure {
        let count = self.counts.entry(key.clone()).or_default();
        *count += 1;
        let value = *count as f64;
        self.next(key, value, at)
    }
}

/// A name of an instance may have characters that the server refuses.
fn name(node: &str) -> String {
    node.chars().map(|letter| if letter.is_alphanumeric() || "_-. ".contains(letter) { letter } else { '_' }).collect()
}

pub(super) fn stamp(at: SystemTime) -> u64 {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
    u64::try_from(since).unwrap_or(u64::MAX)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
