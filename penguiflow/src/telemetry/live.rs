//! Watches a started flow and tells how it looks now, by one call. Must not know how a flow runs.

mod board;
mod drawing;
mod histogram;
mod index;
mod models;
mod rate;
mod step;
pub(crate) mod topology;

use crate::clock::Seam;
use crate::graph::node::FlowDef;
use crate::runtime::handle::Handle;
use crate::runtime::observe::Observation;
use board::Board;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use topology::LiveTopology;

/// A started flow that is watched, so that it can be shown as it is now: see [`snapshot`](Live::snapshot).
///
/// Cheap to clone; when the last clone is dropped, nobody watches any more. It does not keep the flow running.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::Live;
///
/// #[node]
/// async fn clean(text: String) -> String { text.trim().to_owned() }
/// #[node(retries = 2)]
/// async fn shout(text: String) -> std::io::Result<String> { Ok(text.to_uppercase()) }
/// flow! { shouting(String) -> String { clean -> shout } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = shouting::flow().start()?;
/// let live = Live::of(&app);
/// app.call(" krill ".to_owned()).await?;
///
/// let now = live.snapshot();
/// assert_eq!((now.traces.started, now.traces.in_flight), (1, 0));
/// let shout = now.steps.iter().find(|step| step.name == "shout").ok_or("is a step")?;
/// assert_eq!((shout.completed, shout.retries, shout.in_flight), (1, 0, 0));
/// assert!(now.drawing().mermaid().contains("1 done"));
/// assert_eq!(serde_json::to_value(&now)?["steps"][2]["name"], "shout");
/// # Ok(())
/// # }
/// ```
#[doc = include_str!("../../docs/live.md")]
#[derive(Clone)]
#[must_use = "dropping the last clone ends the watching"]
pub struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    board: Arc<Board>,
    observation: Observation,
    seam: Seam,
    since: SystemTime,
}

/// Why bounds cannot be those of a histogram.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadBounds {
    /// A bound is not above the one before, or not above zero.
    #[error(
        "bound {index} is {bound:?}, which is not above the one before: write them ascending, the first above zero"
    )]
    Order {
        /// Which one, from 0.
        index: usize,
        /// The bound.
        bound: Duration,
    },
    /// There are too many of them.
    #[error("{count} bounds are more than the {} that a histogram may have", Live::BOUNDS_MAX)]
    Count {
        /// How many.
        count: usize,
    },
}

impl Live {
    /// How far throughput and colours look back.
    pub const WINDOW: Duration = Duration::from_secs(10);

    /// How many messages are kept apart as waiting at one step. Those beyond are counted in
    /// [`LiveTopology::uncounted_waits`] and nowhere else.
    pub const WAITS_MAX: usize = 65_536;

    /// How many models are kept apart. Those beyond are counted together, as the model `other` of the provider `other`.
    pub const MODELS_MAX: usize = 64;

    /// How many bounds a histogram may have.
    pub const BOUNDS_MAX: usize = 64;

    /// The bounds of the histograms that a metrics system reads, unless others are given: those that its makers
    /// [recommend](https://prometheus.io/docs/practices/histograms/), from 5 ms to 10 s.
    pub const BOUNDS: [Duration; 11] = [
        Duration::from_millis(5),
        Duration::from_millis(10),
        Duration::from_millis(25),
        Duration::from_millis(50),
        Duration::from_millis(100),
        Duration::from_millis(250),
        Duration::from_millis(500),
        Duration::from_secs(1),
        Duration::from_millis(2_500),
        Duration::from_secs(5),
        Duration::from_secs(10),
    ];

    /// Watches a started flow from now on: the traces that are let in after this.
    pub fn of<F: FlowDef>(app: &Handle<F>) -> Self {
        Self::watch(app, &Self::BOUNDS)
    }

    /// The same, counting for a metrics system how many latencies are at most each of `bounds`. The quantiles of a
    /// [snapshot](Live::snapshot) know nothing of them.
    ///
    /// ```
    /// use penguiflow::clock::{millis, secs};
    /// use penguiflow::prelude::*;
    /// use penguiflow::{BadBounds, Live};
    ///
    /// #[node]
    /// async fn think(question: String) -> String { question }
    /// flow! { thinking(String) -> String { think } }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = thinking::flow().start()?;
    /// let live = Live::with_bounds(&app, &[millis(500), secs(5), secs(60)])?;
    /// # drop(live);
    /// let twice = Live::with_bounds(&app, &[secs(5), secs(5)]);
    /// assert!(matches!(twice, Err(BadBounds::Order { index: 1, .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the bounds do not ascend from above zero, or are more than [`BOUNDS_MAX`](Live::BOUNDS_MAX).
    pub fn with_bounds<F: FlowDef>(app: &Handle<F>, bounds: &[Duration]) -> Result<Self, BadBounds> {
        if bounds.len() > Self::BOUNDS_MAX {
            return Err(BadBounds::Count { count: bounds.len() });
        }
        let mut before = Duration::ZERO;
        for (index, bound) in bounds.iter().copied().enumerate() {
            if bound <= before {
                return Err(BadBounds::Order { index, bound });
            }
            before = bound;
        }
        Ok(Self::watch(app, bounds))
    }

    fn watch<F: FlowDef>(app: &Handle<F>, bounds: &[Duration]) -> Self {
        let board = Arc::new(Board::new(app.info(), bounds));
        let seam = app.desk().shared.seam.clone();
        let since = seam.wall();
        let observation = app.observe_in_line(board.clone());
        Live { inner: Arc::new(Inner { board, observation, seam, since }) }
    }

    /// How the flow looks now. Takes the lock of each step once, one after the other, so that a message that moves meanwhile may be
    /// seen at two steps or at none; and, of the flow's queues, that of each queue. For dashboards, not for each message.
    pub fn snapshot(&self) -> LiveTopology {
        let Inner { board, observation, seam, since } = &*self.inner;
        let queues = observation.shared().map(|shared| shared.channels.queues(shared.seam.now()));
        topology::taken(board, queues.unwrap_or_default(), (*since, seam.wall()), observation.lag().panics)
    }

    /// The bounds that latencies are counted by.
    pub fn bounds(&self) -> &[Duration] {
        &self.inner.board.bounds
    }

    /// The started flow.
    pub fn flow(&self) -> &'static str {
        self.inner.board.index.info.name
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("flow", &self.flow()).finish_non_exhaustive()
    }
}
