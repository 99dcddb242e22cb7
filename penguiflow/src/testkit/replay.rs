//! Plays a recorded trace again, without its nodes, and forks it. Knows the recording, and the flow by its handle.

mod player;
mod score;
mod time;

use crate::clock::{Seam, secs};
use crate::error::Ending;
use crate::graph::near::{listed, nearest};
use crate::graph::node::FlowDef;
use crate::graph::run::FlowBody;
use crate::graph::scope::{Halt, Scope};
use crate::message::Message;
use crate::runtime::flow::{FlowBuilder, Is, StartError};
use crate::runtime::trace::Trace;
use crate::stream::Chunk;
use crate::telemetry::recording::Recording;
use crate::testkit::recorder::Recorder;
use crate::testkit::{Record, block_on, whole};
use futures_util::future::{Either, select};
use player::{Fork, Player, Swap};
use score::Score;
use std::any::Any;
use std::fmt;
use std::future::pending;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use time::{Shown, Time};

/// Plays a [`Recording`] again: the flow runs as it is now, and each attempt gives what it gave then, at the time of then, without a
/// node being called. What the flow makes of it – retries, arms, joins, loops, budgets, the ending – is compared with what was recorded,
/// event by event. So a failure of production is looked at offline, and whoever changes a flow sees what he changes.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::Recorder;
/// use penguiflow::testkit::{self, Replay};
///
/// #[node]
/// async fn ask(question: String) -> usize { question.len() } // a model, say
/// #[node]
/// async fn tell(letters: usize) -> String { format!("{letters} letters") }
/// flow! { asking(String) -> String { ask -> tell } }
///
/// // Where it runs.
/// let recorder = Recorder::new();
/// testkit::block_on(7, async |_| {
///     let app = asking::flow().record(&recorder).start().expect("starts");
///     app.call("why?".to_owned()).await
/// })?;
/// let recording = recorder.take_all().remove(0);
///
/// // Elsewhere, later.
/// let record = Replay::of(&recording).run_paused(asking::flow())?;
/// assert_eq!(record.completed().map(String::as_str), Some("4 letters"));
///
/// // What if `ask` had given something else?
/// let other = Replay::of(&recording).fork("tell", 11_usize).run_paused(asking::flow())?;
/// assert_eq!(other.completed().map(String::as_str), Some("11 letters"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// *What is the same*: the events with their places, attempts, arms, costs and texts, the trace id, and the ending. The times, too, where
/// the trace ran in one task; branches in tasks of their own are told in their recorded order, at times between those that are known.
///
/// *What is not played*: waits for permits, rates and places in a queue, which depend on other traces; what a node spawned; flows
/// that a node called, which are in what the node gave. A routing policy is asked again.
///
/// *Memory*: what a replay reads stays in memory until the process ends, because a value may borrow from it as a `&'static str` does.
#[derive(Debug)]
#[must_use = "a replay does nothing until `run`"]
pub struct Replay {
    recording: Recording,
    fork: Option<(String, Other)>,
    limit: Duration,
}

/// The chunks of a trace, and its ending.
type Whole<T> = (Vec<Chunk>, Ending<T>);

/// The other input of a fork.
struct Other(Swap);

/// Why a trace could not be played again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The recording is of another flow.
    #[error("the recording is of the flow `{recorded}`, not of `{given}`")]
    OtherFlow {
        /// The flow that was recorded.
        recorded: String,
        /// The flow that was given.
        given: &'static str,
    },
    /// Something could not be written down when it was recorded, or cannot be read now.
    #[error("{what} cannot be read: {why}")]
    Unreadable {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// A fork names no run of the recording.
    #[error("nothing ran at `{at}`: what ran is {}{}", listed(.runs.iter().map(String::as_str)), meant_of(.runs, .at))]
    NoSuchRun {
        /// What was named: a node, or a place.
        at: String,
        /// The nodes that ran.
        runs: Vec<String>,
    },
    /// The input of a fork is not what its node takes.
    #[error("`{node}` at {place} takes another type than that of the fork's input")]
    OtherInput {
        /// The node.
        node: &'static str,
        /// Its place.
        place: String,
    },
    /// The flow did not do what was recorded.
    #[error("the replay goes another way {0}")]
    Diverged(Diverged),
    /// The flow did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The message was not let in.
    #[error("the message was not let in: {why}")]
    Refused {
        /// Why.
        why: String,
    },
    /// What runs behind a fork did not end in time. It was cancelled.
    #[error("the trace did not end within {limit:?} behind its fork; `within(…)` gives it longer")]
    NoEnding {
        /// The time that it had.
        limit: Duration,
    },
}

/// Where a flow does not do what was recorded: it was changed since, or does not do the same each time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diverged {
    /// How many events were the same.
    pub events: usize,
    /// The event that was recorded next; nothing behind the last one.
    pub expected: Option<String>,
    /// What came instead; nothing where the flow stands still.
    pub got: Option<String>,
}

impl fmt::Display for Diverged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diverged { events, expected, got } = self;
        let expected = expected.as_deref().unwrap_or("nothing more");
        let got = got.as_deref().unwrap_or("nothing");
        write!(f, "behind {events} events: recorded is `{expected}`, and what comes is `{got}`")
    }
}

fn meant_of(runs: &[String], at: &str) -> String {
    nearest(runs.iter().map(String::as_str), at).map_or_else(String::new, |near| format!(": did you mean `{near}`?"))
}

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Other")
    }
}

impl Replay {
    /// How long what stands still, or runs behind a fork, is waited for, if nothing else is said. On virtual time that is over at once.
    pub const LIMIT: Duration = secs(60);

    /// Plays `recording`.
    pub fn of(recording: &Recording) -> Self {
        Replay { recording: recording.clone(), fork: None, limit: Self::LIMIT }
    }

    /// Gives the run `at` another input, and lets all run that begins from there on: its nodes are called. What had begun before is
    /// played to its end, in the time that it took. `at` is the [place](crate::FlowError::place) of the run, or the name of its
    /// node, which means the first run of it.
    ///
    /// Time goes on at the runtime's pace: what calls real services belongs into a runtime with real time, by
    /// [`run`](Replay::run).
    pub fn fork<T: Send + 'static>(self, at: impl Into<String>, input: T) -> Self {
        let swap =
            move |place: &mut dyn Any| place.downcast_mut::<Option<T>>().map(|place| *place = Some(input)).is_some();
        Replay { fork: Some((at.into(), Other(Box::new(swap)))), ..self }
    }

    /// Waits as long as `limit` for what stands still, and for what runs behind a fork.
    pub fn within(self, limit: Duration) -> Self {
        Replay { limit, ..self }
    }

    /// Plays the recording in the current runtime, and tells what happened.
    ///
    /// *Cancel safety*: dropping it cancels the trace.
    ///
    /// # Errors
    /// [`ReplayError`]: where the flow goes another way, `Diverged`.
    pub async fn run<F, S, T>(self, flow: FlowBuilder<F, S>) -> Result<Record<F::Output>, ReplayError>
    where
        S: Is<T>,
        F: FlowBody<T>,
        T: Send + Sync + 'static,
    {
        let Replay { recording, fork, limit } = self;
        let message = message::<F>(&recording)?;
        let time = Time::new(recording.started());
        let score = Score::of(&recording);
        let fork = fork.map(|fork| fork_at(fork, &score)).transpose()?;
        let player = Player::new(score, time.clone(), fork);
        let nodes = flow.listed().iter().map(|listed| listed.name).collect();
        let seam = Seam::seeded(0).with_clock(Shown(time));
        let playing = Arc::new(player.clone());
        let flow = flow.recordable().on(seam.clone()).between(|between| between.player = Some(playing));
        let handle = flow.start()?;
        let recorder = Recorder::default();
        let observation = handle.observe_in_line(recorder.clone());
        let started = seam.now();
        let trace = handle.emit(message).await.map_err(|why| ReplayError::Refused { why: why.to_string() })?;
        let trace_id = trace.id();
        let (chunks, ending) = play(trace, &player, &seam, limit).await?;
        drop(observation);
        if !player.runs() && !player.is_over() {
            return Err(ReplayError::Diverged(player.stands()));
        }
        let (elapsed, events) = (seam.now() - started, recorder.of(trace_id));
        Ok(Record { ending, trace_id, events, chunks, elapsed, flow: F::NAME, nodes })
    }

    /// [`run`](Replay::run) on a runtime of its own with virtual time, for a plain `#[test]`.
    ///
    /// # Errors
    /// As [`run`](Replay::run).
    ///
    /// # Panics
    /// As [`block_on`], inside another runtime.
    pub fn run_paused<F, S, T>(self, flow: FlowBuilder<F, S>) -> Result<Record<F::Output>, ReplayError>
    where
        S: Is<T>,
        F: FlowBody<T>,
        T: Send + Sync + 'static,
    {
        block_on(0, async |_| self.run(flow).await)
    }
}

/// The message that was let in.
fn message<F: FlowDef>(recording: &Recording) -> Result<Message<F::Input>, ReplayError> {
    if recording.flow() != F::NAME {
        return Err(ReplayError::OtherFlow { recorded: recording.flow().to_owned(), given: F::NAME });
    }
    let unreadable = |what: &str, why: String| ReplayError::Unreadable { what: what.to_owned(), why };
    if let Some(fault) = &recording.fault {
        return Err(unreadable("the recording", fault.clone()));
    }
    let what = "what the flow took";
    let codec = F::INPUT_CODEC.ok_or_else(|| unreadable(what, "its type has no written form".to_owned()))?;
    let input = codec.read(&recording.input).map_err(|why| unreadable(what, why.to_string()))?;
    let input = input.downcast::<F::Input>().map_err(|_| unreadable(what, "it is of another type".to_owned()))?;
    let Recording { headers, meta, trace_id, deadline_ns, budget, .. } = recording;
    let mut message = Message::new(*input).with_headers(headers.clone()).with_trace_id(*trace_id);
    for (key, value) in meta.iter() {
        message = message.with_meta(key, value.clone());
    }
    if let Some(budget) = budget {
        message = message.with_budget(*budget);
    }
    Ok(match deadline_ns {
        Some(deadline) => message.with_deadline(Duration::from_nanos(*deadline)),
        None => message,
    })
}

fn fork_at((at, Other(swap)): (String, Other), score: &Score) -> Result<Fork, ReplayError> {
    match score.run(&at) {
        Some(key) => Ok(Fork { at: key, swap: Mutex::new(Some(swap)) }),
        None => Err(ReplayError::NoSuchRun { at, runs: score.runs() }),
    }
}

/// Lets the trace play to its end, and looks after it. Dropped, it cancels the trace.
async fn play<T>(trace: Trace<T>, player: &Player, seam: &Seam, limit: Duration) -> Result<Whole<T>, ReplayError> {
    let scope = trace.scope();
    let asked = async {
        loop {
            scope.ask(player.asked().await);
        }
    };
    let expiry = async {
        player.forked().await;
        // Armed anew: while it was played, its timers stood still.
        if let Some(deadline) = scope.deadline {
            seam.sleep_until(deadline).await;
            scope.ask(Halt::Expired);
        }
        pending().await
    };
    let asks = async {
        match select(pin!(asked), pin!(expiry)).await {
            Either::Left((never, _)) | Either::Right((never, _)) => never,
        }
    };
    match select(pin!(whole(trace)), select(pin!(watch(player, &scope, limit)), pin!(asks))).await {
        Either::Left((ended, _)) => player.fault().map_or(Ok(ended), Err),
        Either::Right((Either::Left((fault, _)) | Either::Right((fault, _)), _)) => Err(fault),
    }
}

/// Waits until the replay has failed, or stands still.
async fn watch(player: &Player, scope: &Scope, limit: Duration) -> ReplayError {
    // Not the time of the replay, which stands still, too.
    let real = Seam::system();
    loop {
        let steps = player.steps();
        match select(pin!(player.failed()), pin!(real.sleep(limit))).await {
            Either::Left((fault, _)) => return fault,
            Either::Right(_) if player.runs() => return ReplayError::NoEnding { limit },
            Either::Right(_) if player.steps() == steps => match player.take_asked(|_| true) {
                // Who has used up the limit then does not come to it now.
                Some(halt) => _ = scope.ask(halt),
                None if player.gives_up() => {}
                None => return ReplayError::Diverged(player.stands()),
            },
            Either::Right(_) => {}
        }
    }
}
