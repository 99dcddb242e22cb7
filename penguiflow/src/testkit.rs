//! Runs a flow under faults and virtual time, and tells all that happened. Stands beside the layers: nothing imports it.

mod fault;
mod golden;
mod paused;
mod record;
mod recorder;
#[cfg(feature = "recording")]
mod replay;
mod simulate;

use crate::clock::{Seam, secs};
use crate::graph::near::{listed, nearest};
use crate::graph::node::FlowDef;
use crate::graph::run::FlowBody;
use crate::message::Message;
use crate::runtime::flow::{FlowBuilder, Is, StartError};
use crate::runtime::handle::Handle;
use crate::runtime::trace::Trace;
use crate::runtime::trace::whole::TraceItem;
pub use fault::{Fault, Simulated};
use fault::{Faults, Rule};
use futures_util::future::{Either, select};
pub use golden::{GoldenError, golden};
pub use paused::block_on;
pub use record::Record;
use recorder::Recorder;
#[cfg(feature = "recording")]
pub use replay::{Diverged, Replay, ReplayError};
pub use simulate::{Broken, Seen, Simulation, SimulationError, simulate};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// A flow under test that is not started yet: its seed, and what goes wrong in its nodes.
///
/// Faults are told by the names of nodes, as they stand in the flow, and the code stays as it is: permits, timeouts, retries
/// and everything behind them do what they do in production. Where a node is meant to give something else, use
/// [`FlowBuilder::stub`].
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::testkit::{Fault, Testkit};
///
/// #[node]
/// async fn clean(text: String) -> String { text.trim().to_owned() }
/// #[node(retries = 2)]
/// async fn search(text: String) -> Result<usize, std::fmt::Error> { Ok(text.len()) }
/// flow! { searching(String) -> usize { clean -> search } }
///
/// let record = Testkit::new(searching::flow())
///     .fail("search", Fault::error("RATE", 2))
///     .run_paused(" krill ".to_owned())?;
/// record.assert_nodes(["clean", "search", "search~2", "search~3"]);
/// assert_eq!((record.calls("search"), record.failures("search")), (3, 2));
/// assert_eq!(record.completed(), Some(&5));
/// # Ok::<(), penguiflow::testkit::TestkitError>(())
/// ```
#[must_use = "a flow does nothing until `run`"]
pub struct Testkit<F, S = ()> {
    flow: FlowBuilder<F, S>,
    seed: u64,
    limit: Duration,
    rules: Vec<(String, Rule)>,
}

/// A started flow under test.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::testkit::{self, Fault, Testkit};
///
/// #[node]
/// async fn fetch(url: String) -> usize { url.len() }
/// flow! { fetching(String) -> usize { fetch } }
///
/// let (first, second) = testkit::block_on(7, async |seam| {
///     let flow = Testkit::new(fetching::flow()).fail("fetch", Fault::error("DOWN", 1)).start_on(seam)?;
///     Ok::<_, testkit::TestkitError>((flow.run("a".to_owned()).await?, flow.run("b".to_owned()).await?))
/// })?;
/// assert!(first.completed().is_none() && second.completed().is_some());
/// # Ok::<(), testkit::TestkitError>(())
/// ```
pub struct TestFlow<F: FlowDef> {
    handle: Handle<F>,
    seam: Seam,
    limit: Duration,
    nodes: Arc<[&'static str]>,
}

/// Why a test could not be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TestkitError {
    /// A fault names a node that the flow has not.
    #[error("`{node}` is no node of the flow `{flow}`, which has {}{}", listed(.nodes.iter().copied()), meant(.nodes, node))]
    NoSuchNode {
        /// What was named.
        node: String,
        /// The flow.
        flow: &'static str,
        /// The nodes that it has, with those of its sub-flows.
        nodes: Vec<&'static str>,
    },
    /// A fault is to happen no time.
    #[error("a fault of `{node}` happens 0 times: leave it out, or write how often")]
    NoTimes {
        /// The node.
        node: String,
    },
    /// The flow did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The message was not let in.
    #[error("the message was not let in: {why}")]
    Refused {
        /// Why.
        why: String,
    },
    /// The trace did not end in time. It was cancelled.
    #[error(
        "the trace did not end within {limit:?}: something waits for what never comes; `within(…)` gives it longer"
    )]
    NoEnding {
        /// The time that it had.
        limit: Duration,
    },
}

/// The words that offer a name.
fn meant(nodes: &[&'static str], name: &str) -> String {
    nearest(nodes.iter().copied(), name).map_or_else(String::new, |near| format!(": did you mean `{near}`?"))
}

impl<F: FlowDef, S> Testkit<F, S> {
    /// How long a trace may take, if nothing else is said: a hundred days, which are over at once on virtual time.
    pub const LIMIT: Duration = secs(100 * 24 * 60 * 60);

    /// Puts `flow` under test. Its options stay, but for the seam.
    pub fn new(flow: FlowBuilder<F, S>) -> Self {
        Testkit { flow, seed: 0, limit: Self::LIMIT, rules: Vec::new() }
    }

    /// Seeds ids and jitter. Default 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Gives each trace as long as `limit` until its test fails.
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Lets the first attempts of `node` fail as `fault` says. They count as the node's own.
    pub fn fail(self, node: impl Into<String>, fault: Fault) -> Self {
        self.with(node, Rule::Fail(fault))
    }

    /// Lets each attempt of `node` take `delay` longer: its permit is held meanwhile, and its timeout runs.
    pub fn delay(self, node: impl Into<String>, delay: Duration) -> Self {
        self.with(node, Rule::Delay(delay))
    }

    /// Lets the first `times` attempts of `node` panic.
    pub fn panic(self, node: impl Into<String>, times: u32) -> Self {
        self.with(node, Rule::Panic(times))
    }

    fn with(mut self, node: impl Into<String>, rule: Rule) -> Self {
        self.rules.push((node.into(), rule));
        self
    }

    /// Starts the flow in the current runtime.
    ///
    /// # Errors
    /// [`TestkitError`], where a fault names no node or the flow does not start.
    pub fn start<T>(self) -> Result<TestFlow<F>, TestkitError>
    where
        S: Is<T>,
        F: FlowBody<T>,
        T: Send + Sync + 'static,
    {
        let seam = Seam::seeded(self.seed);
        self.start_on(seam)
    }

    /// Starts the flow in the current runtime with the time, the ids and the randomness of `seam`, as [`block_on`] gives it.
    ///
    /// # Errors
    /// As [`start`](Testkit::start).
    pub fn start_on<T>(self, seam: Seam) -> Result<TestFlow<F>, TestkitError>
    where
        S: Is<T>,
        F: FlowBody<T>,
        T: Send + Sync + 'static,
    {
        let Testkit { flow, limit, rules, .. } = self;
        let nodes: Arc<[&'static str]> = flow.listed().iter().map(|listed| listed.name).collect();
        for (node, rule) in &rules {
            if !nodes.contains(&node.as_str()) {
                return Err(TestkitError::NoSuchNode { node: node.clone(), flow: F::NAME, nodes: nodes.to_vec() });
            }
            if rule.times() == Some(0) {
                return Err(TestkitError::NoTimes { node: node.clone() });
            }
        }
        let faults = Arc::new(Faults::new(seam.clone(), rules));
        let handle = flow.on(seam.clone()).interposed(faults).start()?;
        Ok(TestFlow { handle, seam, limit, nodes })
    }

    /// Starts the flow in the current runtime, runs one message through it, and tells what happened.
    ///
    /// # Errors
    /// [`TestkitError`]. That the trace fails is none: it stands in the [`Record`].
    pub async fn run<T>(self, message: impl Into<Message<F::Input>> + Send) -> Result<Record<F::Output>, TestkitError>
    where
        S: Is<T>,
        F: FlowBody<T>,
        T: Send + Sync + 'static,
    {
        self.start()?.run(message).await
    }

    /// [`run`](Testkit::run) on a runtime of its own with virtual time, for a plain `#[test]`: what takes days takes
    /// milliseconds, and the same seed gives the same record.
    ///
    /// # Errors
    /// As [`run`](Testkit::run).
    ///
    /// # Panics
    /// As [`block_on`], inside another runtime.
    pub fn run_paused<T>(self, message: impl Into<Message<F::Input>>) -> Result<Record<F::Output>, TestkitError>
    where
        S: Is<T>,
        F: FlowBody<T>,
        T: Send + Sync + 'static,
    {
        let (seed, message) = (self.seed, message.into());
        block_on(seed, async |seam| self.start_on(seam)?.run(message).await)
    }
}

impl<F: FlowDef> TestFlow<F> {
    /// Runs one message, and tells what happened to it. What a fault has left of its times is shared by all messages.
    ///
    /// *Cancel safety*: dropping it cancels the trace.
    ///
    /// # Errors
    /// [`TestkitError::Refused`] and [`TestkitError::NoEnding`].
    pub async fn run(&self, message: impl Into<Message<F::Input>> + Send) -> Result<Record<F::Output>, TestkitError> {
        let recorder = Recorder::default();
        let observation = self.handle.observe_in_line(recorder.clone());
        let started = self.seam.now();
        let trace = self.handle.emit(message).await.map_err(|why| TestkitError::Refused { why: why.to_string() })?;
        let trace_id = trace.id();
        let (chunks, ending) = match select(pin!(whole(trace)), pin!(self.seam.sleep(self.limit))).await {
            Either::Left((whole, _)) => whole,
            Either::Right(_) => return Err(TestkitError::NoEnding { limit: self.limit }),
        };
        drop(observation);
        let elapsed = self.seam.now() - started;
        let events = recorder.of(trace_id);
        Ok(Record { ending, trace_id, events, chunks, elapsed, flow: F::NAME, nodes: self.nodes.clone() })
    }

    /// The flow's handle, for what a test does beside running messages.
    pub fn handle(&self) -> &Handle<F> {
        &self.handle
    }
}

/// Reads a trace to its end.
async fn whole<T>(trace: Trace<T>) -> (Vec<crate::stream::Chunk>, crate::error::Ending<T>) {
    let (mut stream, mut chunks) = (trace.stream(), Vec::new());
    loop {
        match stream.next().await {
            Some(TraceItem::Chunk(chunk)) => chunks.push(chunk),
            Some(TraceItem::Ending(ending)) => return (chunks, ending),
            // A stream gives its ending before it is over.
            None => return (chunks, crate::error::Ending::Cancelled),
        }
    }
}
