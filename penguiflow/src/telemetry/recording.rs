//! Records traces, so that a replay can play them again. Knows who stands between the hops and the nodes, and not how a flow runs.

mod draft;
pub(crate) mod written;

use crate::error::NodeError;
use crate::event::{EventKind, FlowEvent};
use crate::graph::node::FlowDef;
use crate::graph::watch::At;
use crate::graph::watch::tape::{Entry, Gave, Taping};
use crate::id::TraceId;
use crate::runtime::flow::FlowBuilder;
use crate::stream::Piece;
use draft::Draft;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
pub use written::Recording;

/// Records the traces of a flow: what each was let in with, what each attempt gave, and all that observers are told, in its order.
/// `testkit::Replay` plays a [`Recording`] again. Cheap to clone; clones are one recorder.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::{Recorder, Recording};
///
/// #[node]
/// async fn measure(text: String) -> usize { text.len() }
/// flow! { measuring(String) -> usize { measure } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let recorder = Recorder::new().only(|ending| ending != "COMPLETED").keep(20);
/// let app = measuring::flow().record(&recorder).start()?;
/// app.call("krill".to_owned()).await?;
/// assert!(recorder.take_all().is_empty(), "nothing has failed");
///
/// let recorder = Recorder::new();
/// let app = measuring::flow().record(&recorder).start()?;
/// app.call("krill".to_owned()).await?;
/// let written = serde_json::to_string(&recorder.take_all())?; // to a file, say
/// let read: Vec<Recording> = serde_json::from_str(&written)?;
/// assert_eq!((read[0].flow(), read[0].ending()), ("measuring", "COMPLETED"));
/// # Ok(())
/// # }
/// ```
///
/// *What it takes*: what a flow takes and what its nodes return has to be [`Serialize`](serde::Serialize) and
/// [`Deserialize`](serde::Deserialize), as all types with `#[message]` are; else
/// [`start`](crate::FlowBuilder::start) fails and names what is not. A [`Secret`](crate::Secret) is not, so that none is recorded. A
/// flow with a `batch` is not recorded, and of a flow that a node [calls](crate::Ctx::call) what the node makes of it.
///
/// *What it costs*: each value is written down in the task of its trace, which is off its straight way, as where somebody observes.
///
/// *Limits*: [`keep`](Recorder::keep) traces that have ended, the newest; of one trace [`Recorder::EVENTS`] events and
/// [`Recorder::BYTES`] bytes. What is beyond is [counted](Recorder::lost). A recording holds what users have sent: store it as you
/// would store that.
#[derive(Clone)]
#[must_use = "a recorder hears nothing until `FlowBuilder::record`"]
pub struct Recorder {
    kept: usize,
    wanted: Option<Wanted>,
    state: Arc<Mutex<State>>,
}

/// Whether the recording of a trace that ended so is kept.
type Wanted = Arc<dyn Fn(&str) -> bool + Send + Sync>;

#[derive(Default)]
struct State {
    running: HashMap<TraceId, Draft>,
    ended: VecDeque<Recording>,
    lost: u64,
}

impl Recorder {
    /// How many traces are kept, if nothing else is said.
    pub const KEPT: usize = 100;
    /// How many events of one trace are recorded. A trace with more is lost.
    pub const EVENTS: usize = 100_000;
    /// How many bytes what one trace's nodes gave may take, about. A trace with more is lost.
    pub const BYTES: usize = 16 * 1024 * 1024;

    /// Keeps the newest 100 traces, however they have ended.
    pub fn new() -> Self {
        Recorder { kept: Self::KEPT, wanted: None, state: Arc::default() }
    }

    /// Keeps the newest `traces` that have ended; 0 counts as 1.
    pub fn keep(self, traces: usize) -> Self {
        Recorder { kept: traces.max(1), ..self }
    }

    /// Keeps only traces of whose [`Ending::code`](crate::Ending::code) `wanted` says so: `|ending| ending != "COMPLETED"`.
    pub fn only(self, wanted: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Recorder { wanted: Some(Arc::new(wanted)), ..self }
    }

    /// Takes the recording of a trace that has ended, if it is there.
    pub fn take(&self, trace: TraceId) -> Option<Recording> {
        let mut state = self.lock();
        let index = state.ended.iter().position(|recording| recording.trace_id() == trace)?;
        state.ended.remove(index)
    }

    /// Takes all recordings, the oldest first.
    pub fn take_all(&self) -> Vec<Recording> {
        self.lock().ended.drain(..).collect()
    }

    /// How many wanted recordings are gone: because newer ones came, or because they grew too large.
    pub fn lost(&self) -> u64 {
        self.lock().lost
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is recorded of a trace. One that is not recorded, as one that grew too large, has nothing to change.
    fn draft(&self, trace: TraceId, change: impl FnOnce(&mut Draft)) {
        if let Some(draft) = self.lock().running.get_mut(&trace) {
            change(draft);
        }
    }

    /// The trace has ended so.
    fn end(&self, trace: TraceId, code: &'static str) {
        // The user's own code, without the lock.
        let wanted = self.wanted.as_ref().is_none_or(|wanted| wanted(code));
        let mut state = self.lock();
        let Some(draft) = state.running.remove(&trace).filter(|_| wanted) else { return };
        match draft.end(code) {
            Some(recording) => state.ended.push_back(recording),
            None => state.lost += 1,
        }
        if state.ended.len() > self.kept {
            state.ended.pop_front();
            state.lost += 1;
        }
    }
}

impl Default for Recorder {
    fn default() -> Self {
        Recorder::new()
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        let (running, ended, lost) = (state.running.len(), state.ended.len(), state.lost);
        f.debug_struct("Recorder").field("running", &running).field("ended", &ended).field("lost", &lost).finish()
    }
}

impl<F: FlowDef, S> FlowBuilder<F, S> {
    /// Lets `recorder` record the flow's traces, from their beginning on.
    ///
    /// # Errors
    /// `start` tells of what there is no way to write down, and of a `batch`.
    pub fn record(self, recorder: &Recorder) -> Self {
        self.taped(Arc::new(recorder.clone()))
    }
}

impl Taping for Recorder {
    fn let_in(&self, entry: &Entry<'_>) {
        let draft = Draft::new(entry);
        self.lock().running.insert(entry.trace_id, draft);
    }

    fn gave(&self, at: &At, gave: &Gave<'_>) {
        let written = draft::written(gave.codec, gave.value, || format!("what `{}` at {} returned", at.node, at.place));
        self.draft(at.trace_id, |draft| draft.gave(at, written, gave));
    }

    fn erred(&self, at: &At, error: &NodeError, halt: Option<&'static str>, waited: bool) {
        self.draft(at.trace_id, |draft| draft.erred(at, error, halt, waited));
    }

    fn wrote(&self, at: &At, piece: &Piece) {
        self.draft(at.trace_id, |draft| draft.wrote(at, piece));
    }

    fn hear(&self, event: &FlowEvent) {
        self.draft(event.trace_id, |draft| draft.hear(event));
        if let EventKind::Ending { code, .. } = event.kind {
            self.end(event.trace_id, code);
        }
    }
}
