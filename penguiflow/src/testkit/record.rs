//! What happened to one message, and what may be asserted of it. Runs nothing.

use crate::error::Ending;
use crate::event::{EventKind, FlowEvent};
use crate::graph::near::listed;
use crate::id::TraceId;
use crate::stream::Chunk;
use crate::testkit::meant;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// All that happened to one message.
///
/// What asserts panics, and shows what was expected beside what was there.
#[derive(Debug)]
#[non_exhaustive]
pub struct Record<O> {
    /// How it ended.
    pub ending: Ending<O>,
    /// Its trace.
    pub trace_id: TraceId,
    /// What observers were told of it, in order; the last one is the ending. Batches that ran meanwhile stand among them, under
    /// ids of their own.
    pub events: Vec<FlowEvent>,
    /// The chunks that its nodes wrote.
    pub chunks: Vec<Chunk>,
    /// How long it took, with its wait for room, by the flow's clock.
    pub elapsed: Duration,
    pub(super) flow: &'static str,
    pub(super) nodes: Arc<[&'static str]>,
}

impl<O> Record<O> {
    /// The value, if it ended with one.
    pub fn completed(&self) -> Option<&O> {
        match &self.ending {
            Ending::Completed(value) => Some(value),
            _ => None,
        }
    }

    /// The attempts in the order in which they began: `search`, and `search~2` for the second attempt of it. None is left out,
    /// so a node that ran twice stands there twice.
    pub fn nodes(&self) -> Vec<String> {
        self.of(|event| match (&event.kind, event.attempt) {
            (EventKind::NodeStart, 0 | 1) => Some(event.node.to_owned()),
            (EventKind::NodeStart, attempt) => Some(format!("{}~{attempt}", event.node)),
            _ => None,
        })
    }

    /// The arms that its routers took, in order: `triage.Good`.
    pub fn routes(&self) -> Vec<String> {
        self.of(|event| match event.kind {
            EventKind::RouteChosen { arm } => Some(format!("{}.{arm}", event.node)),
            _ => None,
        })
    }

    /// How many attempts of `node` began.
    ///
    /// # Panics
    /// Where the flow has no such node: nothing would ever be counted.
    #[track_caller]
    pub fn calls(&self, node: &str) -> usize {
        self.count(node, |event| matches!(event.kind, EventKind::NodeStart))
    }

    /// How many attempts of `node` gave an error, took too long or panicked.
    ///
    /// # Panics
    /// Where the flow has no such node.
    #[track_caller]
    pub fn failures(&self, node: &str) -> usize {
        self.count(node, |event| match event.kind {
            // What ends an attempt as a failure of its node is a panic.
            EventKind::NodeError { .. } | EventKind::NodeTimeout { .. } | EventKind::NodeFailed { .. } => {
                event.ends_attempt()
            }
            _ => false,
        })
    }

    /// Asserts that exactly these attempts began, in this order: see [`nodes`](Record::nodes).
    ///
    /// # Panics
    /// Where they did not, with both lists.
    #[track_caller]
    pub fn assert_nodes<'n>(&self, expected: impl IntoIterator<Item = &'n str>) {
        self.assert_same("attempts", &self.nodes(), expected.into_iter().collect());
    }

    /// Asserts that exactly these arms were taken, in this order: see [`routes`](Record::routes).
    ///
    /// # Panics
    /// Where they were not, with both lists.
    #[track_caller]
    pub fn assert_routes<'n>(&self, expected: impl IntoIterator<Item = &'n str>) {
        self.assert_same("arms", &self.routes(), expected.into_iter().collect());
    }

    /// Asserts what holds for every trace: it has one ending, which comes last; each attempt that began came to one end, and
    /// none began twice.
    ///
    /// # Panics
    /// Where it does not hold: that is a fault of the framework.
    #[track_caller]
    pub fn assert_balanced(&self) {
        let endings = self.events.iter().filter(|event| matches!(event.kind, EventKind::Ending { .. })).count();
        let last = self.events.iter().rfind(|event| event.trace_id == self.trace_id);
        let is_last = last.is_some_and(|event| matches!(event.kind, EventKind::Ending { .. }));
        assert!(endings == 1 && is_last, "{endings} endings, or one that is not the last event:\n{self}");
        let starts = self.of(|event| matches!(event.kind, EventKind::NodeStart).then(|| run(event)));
        let ends = self.of(|event| event.ends_attempt().then(|| run(event)));
        for start in &starts {
            let count = |all: &[String]| all.iter().filter(|one| *one == start).count();
            assert!(count(&starts) == 1, "{start} began {} times:\n{self}", count(&starts));
            assert!(count(&ends) == 1, "{start} began once and ended {} times:\n{self}", count(&ends));
        }
        assert!(starts.len() == ends.len(), "{} attempts began and {} ended:\n{self}", starts.len(), ends.len());
    }

    fn of(&self, pick: impl Fn(&FlowEvent) -> Option<String>) -> Vec<String> {
        self.events.iter().filter_map(pick).collect()
    }

    #[track_caller]
    fn count(&self, node: &str, is: impl Fn(&FlowEvent) -> bool) -> usize {
        let Record { flow, nodes, .. } = self;
        let all = || listed(nodes.iter().copied());
        assert!(
            nodes.contains(&node),
            "`{node}` is no node of the flow `{flow}`, which has {}{}",
            all(),
            meant(nodes, node)
        );
        self.events.iter().filter(|event| event.node == node && is(event)).count()
    }

    #[track_caller]
    fn assert_same(&self, what: &str, there: &[String], expected: Vec<&str>) {
        assert!(!self.events.is_empty(), "nothing was recorded of the trace {}", self.trace_id);
        assert!(
            there == expected,
            "other {what} than expected\n  expected: {expected:?}\n     there: {there:?}\n{self}"
        );
    }
}

/// All events, one a line.
impl<O> fmt::Display for Record<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the flow `{}`, {:?}:", self.flow, self.elapsed)?;
        self.events.iter().try_for_each(|event| writeln!(f, "  {}", line(event)))
    }
}

/// Which attempt of which run of which node.
pub(super) fn run(event: &FlowEvent) -> String {
    let FlowEvent { place, node, attempt, .. } = event;
    format!("`{node}` at {place}, attempt {attempt},")
}

/// An event on one line.
pub(super) fn line(event: &FlowEvent) -> String {
    let FlowEvent { place, node, attempt, kind, .. } = event;
    let at = match attempt {
        0 | 1 => format!("{node} {place}"),
        _ => format!("{node}~{attempt} {place}"),
    };
    let more = match kind {
        EventKind::Ending { code, latency, .. } => format!(" {code} after {latency:?}"),
        EventKind::RouteChosen { arm } => format!(" {arm}"),
        EventKind::NodeRetry { wait, error } => format!(" in {wait:?}, because of {error}"),
        EventKind::NodeTraceCancelled { why, .. } | EventKind::TraceCancelDrop { why } => format!(" {why}"),
        _ => event.error().map_or_else(String::new, |error| format!(" {error}")),
    };
    format!("{} {at}{more}", event.name()).trim_end().to_owned()
}
