//! Writes what live flows look like as the text that Prometheus scrapes. Counts nothing itself, and serves nothing.

mod models;
mod text;

use crate::graph::topology::StepKind;
use crate::runtime::observe::{Lag, Observation};
use crate::telemetry::live::Live;
use crate::telemetry::live::topology::{Latency, LiveQueue, LiveStep, LiveTopology};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use text::{Kind, Page};

/// What started flows do, for [Prometheus](https://prometheus.io): as text that your own HTTP server gives to whoever scrapes it.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::{Live, Prometheus};
///
/// #[node]
/// async fn shout(text: String) -> String { text.to_uppercase() }
/// flow! { shouting(String) -> String { shout } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = shouting::flow().start()?;
/// let metrics = Prometheus::new().with_flow(&Live::of(&app));
/// app.call("krill".to_owned()).await?;
///
/// // In the handler of `/metrics`, with `Prometheus::CONTENT_TYPE`:
/// let text = metrics.render();
/// assert!(text.contains(r#"penguiflow_traces_total{flow="shouting",code="COMPLETED"} 1"#));
/// let attempts = r#"penguiflow_node_attempts_total{flow="shouting",node="shout",place="0",outcome="completed"} 1"#;
/// assert!(text.contains(attempts));
/// # Ok(())
/// # }
/// ```
#[doc = include_str!("../../docs/prometheus.md")]
#[derive(Clone, Default)]
#[must_use = "nothing is written before `render`"]
pub struct Prometheus {
    flows: Vec<(String, Live)>,
    observers: Vec<(String, Arc<Observation>)>,
}

impl Prometheus {
    /// The type of what [`render`](Prometheus::render) gives: the text format, version
    /// [0.0.4](https://prometheus.io/docs/instrumenting/exposition_formats/).
    pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells of this flow under its own name.
    pub fn with_flow(self, live: &Live) -> Self {
        self.with_flow_named(live.flow(), live)
    }

    /// Tells of this flow under another name, where one flow was started several times. Of two under the same name the later one
    /// is told of.
    ///
    /// ```
    /// # use penguiflow::prelude::*;
    /// # use penguiflow::{Live, Prometheus};
    /// # #[node]
    /// # async fn shout(text: String) -> String { text.to_uppercase() }
    /// # flow! { shouting(String) -> String { shout } }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (north, south) = (shouting::flow().start()?, shouting::flow().start()?);
    /// let metrics = Prometheus::new().with_flow_named("north", &Live::of(&north));
    /// let metrics = metrics.with_flow_named("south", &Live::of(&south));
    /// assert!(metrics.render().contains(r#"penguiflow_traces_in_flight{flow="south"} 0"#));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_flow_named(mut self, name: impl Into<String>, live: &Live) -> Self {
        put(&mut self.flows, name.into(), live.clone());
        self
    }

    /// Tells how an observer of a flow keeps up. Of two under the same name the later one is told of.
    ///
    /// ```
    /// # use penguiflow::prelude::*;
    /// # use penguiflow::{FlowEvent, Observer, Prometheus};
    /// # use std::sync::Arc;
    /// # #[node]
    /// # async fn shout(text: String) -> String { text.to_uppercase() }
    /// # flow! { shouting(String) -> String { shout } }
    /// # struct Audit;
    /// # impl Observer for Audit { fn on_event(&self, _: &FlowEvent) {} }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let app = shouting::flow().start()?;
    /// let observation = Arc::new(app.observe(Audit));
    /// let metrics = Prometheus::new().with_observer("audit", &observation);
    /// assert!(metrics.render().contains(r#"penguiflow_observer_lost_total{observer="audit"} 0"#));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_observer(mut self, name: impl Into<String>, observation: &Arc<Observation>) -> Self {
        put(&mut self.observers, name.into(), observation.clone());
        self
    }

    /// How everything looks now. Takes a [snapshot](Live::snapshot) of each flow: for a scrape every few seconds.
    #[must_use]
    pub fn render(&self) -> String {
        let shown =
            |(name, live): &(String, Live)| Shown { name: name.clone(), live: live.clone(), now: live.snapshot() };
        let flows: Vec<Shown> = self.flows.iter().map(shown).collect();
        let mut page = Page::default();
        traces(&mut page, &flows);
        attempts(&mut page, &flows);
        nodes(&mut page, &flows);
        queues(&mut page, &flows);
        models::models(&mut page, &flows);
        self.lags(&mut page);
        page.text()
    }

    fn lags(&self, page: &mut Page) {
        let lags: Vec<(&str, Lag)> = self.observers.iter().map(|(name, seen)| (name.as_str(), seen.lag())).collect();
        let mut family = |name, kind, help, read: fn(&Lag) -> u64| {
            page.family(name, kind, help);
            lags.iter().for_each(|(name, lag)| page.sample(&[("observer", name)], read(lag)));
        };
        family("penguiflow_observer_waiting", Kind::Gauge, "Events that wait for an observer.", |lag| {
            lag.waiting as u64
        });
        family("penguiflow_observer_lost_total", Kind::Counter, "Events that an observer has lost.", |lag| lag.lost);
        family("penguiflow_observer_panics_total", Kind::Counter, "Panics of an observer.", |lag| lag.panics);
    }
}

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flows: Vec<&String> = self.flows.iter().map(|(name, _)| name).collect();
        let observers: Vec<&String> = self.observers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Prometheus").field("flows", &flows).field("observers", &observers).finish()
    }
}

fn put<T>(all: &mut Vec<(String, T)>, name: String, value: T) {
    match all.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => all.push((name, value)),
    }
}

/// A flow, as it is told of.
struct Shown {
    name: String,
    live: Live,
    now: LiveTopology,
}

impl Shown {
    /// What runs, and is no flow: that has its own nodes.
    fn nodes(&self) -> impl Iterator<Item = &LiveStep> {
        let is_node = |kind| matches!(kind, StepKind::Node | StepKind::Router | StepKind::Map { .. });
        self.now.steps.iter().filter(move |step| is_node(step.kind) && !step.runs_flow)
    }

    /// What gathers branches.
    fn joins(&self) -> impl Iterator<Item = &LiveStep> {
        let gathers =
            |kind| matches!(kind, StepKind::Join | StepKind::First | StepKind::Settle | StepKind::JoinK { .. });
        self.now.steps.iter().filter(move |step| gathers(step.kind))
    }

    fn labels<'a>(&'a self, step: &'a LiveStep) -> [(&'static str, &'a str); 3] {
        [("flow", &self.name), ("node", step.name), ("place", step.place.as_deref().unwrap_or_default())]
    }
}

fn traces(page: &mut Page, flows: &[Shown]) {
    let name = "penguiflow_traces_started_total";
    page.family(name, Kind::Counter, "Traces that were let in.");
    flows.iter().for_each(|flow| page.sample(&[("flow", &flow.name)], flow.now.traces.started));
    page.family("penguiflow_traces_total", Kind::Counter, "Traces that have ended, by how.");
    for flow in flows {
        for (code, count) in &flow.now.traces.ended {
            page.sample(&[("flow", &flow.name), ("code", code)], *count);
        }
    }
    page.family("penguiflow_traces_in_flight", Kind::Gauge, "Traces that run.");
    flows.iter().for_each(|flow| page.sample(&[("flow", &flow.name)], flow.now.traces.in_flight));
    let help = "Time of a trace from being let in to its end.";
    page.family("penguiflow_trace_latency_seconds", Kind::Histogram, help);
    for flow in flows {
        histogram(page, &[("flow", &flow.name)], flow.live.bounds(), flow.now.traces.latency.as_ref());
    }
    let help = "Waits that were not counted, because too many wait at their step.";
    page.family("penguiflow_uncounted_waits_total", Kind::Counter, help);
    flows.iter().for_each(|flow| page.sample(&[("flow", &flow.name)], flow.now.uncounted_waits));
}

fn attempts(page: &mut Page, flows: &[Shown]) {
    page.family("penguiflow_node_attempts_total", Kind::Counter, "Attempts of a node that have ended, by how.");
    for flow in flows {
        for step in flow.nodes() {
            let outcomes = [
                ("completed", step.completed),
                ("error", step.errors),
                ("timeout", step.timeouts),
                ("panic", step.panics),
                ("cancelled", step.cancelled),
            ];
            for (outcome, count) in outcomes {
                let [flow, node, place] = flow.labels(step);
                page.sample(&[flow, node, place, ("outcome", outcome)], count);
            }
        }
    }
    page.family("penguiflow_joins_total", Kind::Counter, "Forks whose branches have met, or of which too many failed.");
    for flow in flows {
        for step in flow.joins() {
            for (outcome, count) in [("complete", step.completed), ("starved", step.failures)] {
                let [flow, node, place] = flow.labels(step);
                page.sample(&[flow, node, place, ("outcome", outcome)], count);
            }
        }
    }
}

fn nodes(page: &mut Page, flows: &[Shown]) {
    let mut family = |name, kind, help, read: fn(&LiveStep) -> String| {
        page.family(name, kind, help);
        for flow in flows {
            flow.nodes().for_each(|step| page.sample(&flow.labels(step), read(step)));
        }
    };
    let (counter, gauge) = (Kind::Counter, Kind::Gauge);
    family("penguiflow_node_retries_total", counter, "Attempts that follow another one.", |step| {
        step.retries.to_string()
    });
    let help = "Messages that a node has failed for, without another attempt.";
    family("penguiflow_node_failures_total", counter, help, |step| step.failures.to_string());
    let help = "Messages that were dropped before a node or between two attempts, because their trace had to end.";
    family("penguiflow_node_dropped_total", counter, help, |step| step.dropped.to_string());
    let help = "Tokens that a node has spent, or may have.";
    family("penguiflow_node_tokens_total", counter, help, |step| step.cost.tokens.to_string());
    let help = "Dollars that a node has spent, or may have.";
    // Money is written as it is, `$0.35`, and not by way of a float.
    let dollars = |step: &LiveStep| step.cost.usd.to_string().trim_start_matches('$').to_owned();
    family("penguiflow_node_cost_dollars_total", counter, help, dollars);
    family("penguiflow_node_in_flight", gauge, "Attempts that run.", |step| step.in_flight.to_string());
    let help = "Messages that wait for a node: in its queue, for its permit, between two attempts.";
    family("penguiflow_node_waiting", gauge, help, |step| step.waiting.to_string());
    page.family("penguiflow_node_latency_seconds", Kind::Histogram, "Time of attempts that gave a value.");
    for flow in flows {
        for step in flow.nodes() {
            histogram(page, &flow.labels(step), flow.live.bounds(), step.latency.as_ref());
        }
    }
}

fn queues(page: &mut Page, flows: &[Shown]) {
    let mut family = |name, help, read: fn(&LiveQueue) -> usize| {
        page.family(name, Kind::Gauge, help);
        for flow in flows {
            for step in &flow.now.steps {
                if let Some(queue) = &step.queue {
                    page.sample(&flow.labels(step), read(queue));
                }
            }
        }
    };
    family("penguiflow_queue_depth", "Messages that stand in a queue.", |queue| queue.depth);
    family("penguiflow_queue_capacity", "Messages that may stand in a queue.", |queue| queue.capacity);
    family("penguiflow_queue_waiting", "Traces that wait for room in a queue.", |queue| queue.waiting);
    family("penguiflow_queue_running", "Messages of a queue that its node runs.", |queue| queue.running);
}

/// A histogram with all its buckets, also where nothing was counted yet.
fn histogram(page: &mut Page, labels: &[(&str, &str)], bounds: &[Duration], took: Option<&Latency>) {
    for (at, bound) in bounds.iter().enumerate() {
        let count = took.and_then(|took| took.at_most.get(at)).map_or(0, |(_, count)| *count);
        let le = bound.as_secs_f64().to_string();
        let labels: Vec<(&str, &str)> = labels.iter().copied().chain([("le", le.as_str())]).collect();
        page.sample_of("_bucket", &labels, count);
    }
    let count = took.map_or(0, |took| took.count);
    let all: Vec<(&str, &str)> = labels.iter().copied().chain([("le", "+Inf")]).collect();
    page.sample_of("_bucket", &all, count);
    page.sample_of("_sum", labels, took.map_or(Duration::ZERO, |took| took.total).as_secs_f64());
    page.sample_of("_count", labels, count);
}
