//! How a started flow looks at one moment, as values. Knows no event; what decides a colour stands here.

pub(crate) mod models;

use crate::event::of_cost;
use crate::graph::channels::QueueInfo;
use crate::graph::draw::Heat;
use crate::graph::topology::{FlowInfo, StepKind};
use crate::message::Cost;
use crate::telemetry::live::Live;
use crate::telemetry::live::board::Board;
use crate::telemetry::live::index::{Counted, Known, Way};
use crate::telemetry::live::rate::{Rate, second};
use crate::telemetry::live::step::{Latencies, sum};
use crate::telemetry::live::topology::models::LiveModel;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// How a started flow looks at one moment: what [`Live::snapshot`] gives. As JSON it has the names of these fields; a duration is
/// written in milliseconds under its name and `_ms`, `at` and `window` in seconds as `at_s` and `window_s`.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LiveTopology {
    /// The started flow.
    pub flow: &'static str,
    /// When, by the flow's own [clock](crate::clock::Seam).
    #[serde(rename = "at_s", serialize_with = "since_1970")]
    pub at: SystemTime,
    /// What `per_second` looks back at: [`Live::WINDOW`], or since the watching began where that is less.
    #[serde(rename = "window_s", serialize_with = "seconds")]
    pub window: Duration,
    /// The traces as a whole.
    pub traces: LiveTraces,
    /// The steps, as in [`FlowInfo::steps`]; behind one that runs a flow those of that flow.
    pub steps: Vec<LiveStep>,
    /// The ways between them.
    pub edges: Vec<LiveEdge>,
    /// The models that nodes have called, by their names.
    pub models: Vec<LiveModel>,
    /// How many waits were not counted, because as many waited at their step as are kept apart ([`Live::WAITS_MAX`]).
    pub uncounted_waits: u64,
    /// How the watching keeps up: how often it has panicked, which should be never.
    pub panics: u64,
    #[serde(skip)]
    pub(super) info: &'static FlowInfo,
}

/// The traces of a started flow, as a whole. Calls from inside other traces are counted with them.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LiveTraces {
    /// How many run.
    pub in_flight: u64,
    /// How many were let in.
    pub started: u64,
    /// How many have ended, by [`Ending::code`](crate::Ending::code).
    pub ended: BTreeMap<&'static str, u64>,
    /// How many ended a second, over [`LiveTopology::window`].
    pub per_second: f64,
    /// How long they took from being let in to the end.
    pub latency: Option<Latency>,
}

/// A step, as it looks at one moment.
///
/// All counts are since the watching began. Each attempt that began runs or has come to one end: `attempts` is `in_flight + completed +
/// errors + timeouts + panics + cancelled`, but for a `join` and the like: there `completed` counts how often its branches have met,
/// and `failures` how often too many of them failed. A step that runs a flow has the sums of the nodes in it, and no latency.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LiveStep {
    /// The name in failures: [`StepInfo::name`](crate::StepInfo::name).
    pub name: &'static str,
    /// The flow that it stands in.
    pub flow: &'static str,
    /// Its index in the [`FlowInfo::steps`] of that flow.
    pub index: usize,
    /// The step that runs that flow, as an index in [`LiveTopology::steps`]; none in the started flow itself.
    pub above: Option<usize>,
    /// What the step does.
    #[serde(skip)]
    pub kind: StepKind,
    /// Whether it runs a flow, and so has the sums of the steps in it.
    pub runs_flow: bool,
    /// Its place, `4/7`, without the indices of items and turns; none for the input, the output and `drop`.
    pub place: Option<String>,
    /// The names on the way to it, `support › find › search`.
    pub path: String,
    /// How many attempts run.
    pub in_flight: u64,
    /// How many messages wait: in the queue before it, for its `concurrency` or `rate`, or between two attempts.
    pub waiting: u64,
    /// How many attempts have begun.
    pub attempts: u64,
    /// How many have given a value.
    pub completed: u64,
    /// How many have given an error.
    pub errors: u64,
    /// How many took longer than their timeout.
    pub timeouts: u64,
    /// How many have panicked.
    pub panics: u64,
    /// How many were dropped, because their trace had to end or nobody needed their value any more.
    pub cancelled: u64,
    /// How many attempts followed another one of the same message.
    pub retries: u64,
    /// How many messages it has failed for, without another attempt.
    pub failures: u64,
    /// How many messages were dropped before it or between two attempts, because their trace had to end.
    pub dropped: u64,
    /// How many values it gave a second, over [`LiveTopology::window`].
    pub per_second: f64,
    /// How long the attempts took that gave a value.
    pub latency: Option<Latency>,
    /// What it has spent: what was settled, and what is in doubt.
    #[serde(serialize_with = "written_cost")]
    pub cost: Cost,
    /// The queue before it, once a message has come to it.
    pub queue: Option<LiveQueue>,
    /// The colour in a drawing.
    ///
    /// | | in the last [`Live::WINDOW`] |
    /// |---|---|
    /// | [`Hot`](Heat::Hot) | it has failed for a message |
    /// | [`Warm`](Heat::Warm) | an attempt gave an error or took too long; or more messages wait at it now than it runs; or its queue is full |
    /// | [`Calm`](Heat::Calm) | it runs now, or has given a value |
    /// | [`Idle`](Heat::Idle) | nothing of all that |
    ///
    /// A step that runs a flow has the worst of the steps in it.
    #[serde(serialize_with = "of_heat")]
    pub heat: Heat,
}

/// The queue before a step, as it looks at one moment: see [`QueueInfo`](crate::QueueInfo).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LiveQueue {
    /// How many messages may stand in it.
    pub capacity: usize,
    /// How many messages the step may run at once.
    pub workers: usize,
    /// How many messages stand in it.
    pub depth: usize,
    /// How many traces wait for room in it.
    pub waiting: usize,
    /// How many messages the step runs for it.
    pub running: usize,
}

/// A way between two steps, as it looks at one moment.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LiveEdge {
    /// The step that a message leaves, as an index in [`LiveTopology::steps`].
    pub from: usize,
    /// The step that it comes to.
    pub to: usize,
    /// The variant of an arm, or the word of a loop: [`EdgeKind::label`](crate::EdgeKind::label).
    pub label: Option<&'static str>,
    /// How many messages have left the step this way. Not known where no event tells it: of the ways of a loop, and those out of a
    /// sub-flow, a `map` or a `batch`, and out of a sub-flow's own input.
    pub passed: Option<u64>,
    /// How many a second, over [`LiveTopology::window`].
    pub per_second: Option<f64>,
}

/// How long something took.
///
/// The quantiles come from a histogram that keeps no single latency: each is never less than the exact one, and at most 1/32 more,
/// up to 73 minutes; what took longer is told as `max`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Latency {
    /// How many there are.
    pub count: u64,
    /// All together.
    pub total: Duration,
    /// Half of them took at most this.
    pub p50: Duration,
    /// 95 of 100 took at most this.
    pub p95: Duration,
    /// 99 of 100 took at most this.
    pub p99: Duration,
    /// The longest. Exact.
    pub max: Duration,
    /// How many took at most each of the bounds of [`Live::with_bounds`]. Exact. As JSON pairs, `[5.0, 12]`.
    pub at_most: Vec<(Duration, u64)>,
}

impl Latency {
    /// The mean.
    pub fn mean(&self) -> Duration {
        self.total.checked_div(u32::try_from(self.count).unwrap_or(u32::MAX)).unwrap_or_default()
    }

    fn of(latencies: &Latencies, bounds: &[Duration]) -> Option<Latency> {
        let all = &latencies.all;
        let mut so_far = 0;
        let mut at_most = |(bound, under): (&Duration, &u64)| {
            so_far += under;
            (*bound, so_far)
        };
        let at = |per_mille| all.quantile(per_mille);
        (all.count() > 0).then(|| Latency {
            count: all.count(),
            total: all.total(),
            p50: at(500),
            p95: at(950),
            p99: at(990),
            max: all.max(),
            at_most: bounds.iter().zip(&latencies.under).map(&mut at_most).collect(),
        })
    }
}

impl LiveTopology {
    /// The steps of that name, in whatever flow: `now.named("search").next()`.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a LiveStep> {
        self.steps.iter().filter(move |step| step.name == name)
    }

    /// What all steps have spent.
    pub fn cost(&self) -> Cost {
        self.steps.iter().filter(|step| step.above.is_none()).fold(Cost::default(), |all, step| sum(all, step.cost))
    }
}

/// The moment of a snapshot, and how far it looks back.
#[derive(Clone, Copy)]
struct Moment {
    second: u64,
    window: Duration,
}

impl Moment {
    fn new(since: SystemTime, at: SystemTime) -> Self {
        let window = at.duration_since(since).unwrap_or_default().clamp(Duration::from_secs(1), Live::WINDOW);
        Moment { second: second(at), window }
    }

    fn count(self, rate: &Rate) -> u64 {
        rate.within(self.second, Live::WINDOW.as_secs())
    }

    fn per_second(self, rate: &Rate) -> f64 {
        self.count(rate) as f64 / self.window.as_secs_f64()
    }
}

/// How the flow of `board` looks `at` a moment, watched `since` another one.
pub(super) fn taken(
    board: &Board,
    queues: Vec<QueueInfo>,
    (since, at): (SystemTime, SystemTime),
    panics: u64,
) -> LiveTopology {
    let moment = Moment::new(since, at);
    let queues: BTreeMap<String, LiveQueue> = queues.into_iter().map(queue).collect();
    let mut uncounted_waits = 0;
    let mut steps: Vec<LiveStep> = Vec::with_capacity(board.index.steps.len());
    for (number, known) in board.index.steps.iter().enumerate() {
        let queue = known.place.as_ref().and_then(|place| queues.get(place)).copied();
        steps.push(step(board, (number, known), queue, moment, &mut uncounted_waits));
    }
    // Behind the step that runs it stands what it runs: from the last one up, all that is inside is complete.
    for number in (0..steps.len()).rev() {
        if let Some(above) = steps[number].above {
            let inside = steps[number].clone();
            steps[above].take_in(&inside);
        }
    }
    LiveTopology {
        flow: board.index.info.name,
        at,
        window: moment.window,
        traces: traces(board, moment),
        edges: edges(board, moment),
        models: models::taken(&board.models(), &board.bounds),
        steps,
        uncounted_waits,
        panics,
        info: board.index.info,
    }
}

fn queue(info: QueueInfo) -> (String, LiveQueue) {
    let QueueInfo { place, capacity, workers, depth, waiting, running, .. } = info;
    (place, LiveQueue { capacity, workers, depth, waiting, running })
}

fn traces(board: &Board, moment: Moment) -> LiveTraces {
    let traces = board.traces();
    LiveTraces {
        in_flight: traces.in_flight,
        started: traces.started,
        ended: traces.ended.iter().copied().collect(),
        per_second: moment.per_second(&traces.endings),
        latency: Latency::of(&traces.latency, &board.bounds),
    }
}

fn step(
    board: &Board,
    (number, known): (usize, &Known),
    queue: Option<LiveQueue>,
    moment: Moment,
    uncounted_waits: &mut u64,
) -> LiveStep {
    let state = board.step(number);
    *uncounted_waits += state.uncounted_waits;
    let (counts, waiting) = (state.counts, state.waiting());
    let is_crowded = waiting > counts.in_flight || queue.is_some_and(|queue| queue.depth == queue.capacity);
    let heat = if moment.count(&state.failures) > 0 {
        Heat::Hot
    } else if moment.count(&state.troubles) > 0 || is_crowded {
        Heat::Warm
    } else if moment.count(&state.completions) > 0 || counts.in_flight > 0 {
        Heat::Calm
    } else {
        Heat::Idle
    };
    LiveStep {
        name: known.info.name,
        flow: known.flow.name,
        index: known.at,
        above: known.above,
        kind: known.info.kind,
        runs_flow: known.info.flow.is_some(),
        place: known.place.clone(),
        path: known.path.clone(),
        in_flight: counts.in_flight,
        waiting,
        attempts: counts.attempts,
        completed: counts.completed,
        errors: counts.errors,
        timeouts: counts.timeouts,
        panics: counts.panics,
        cancelled: counts.cancelled,
        retries: counts.retries,
        failures: counts.failures,
        dropped: counts.dropped,
        per_second: moment.per_second(&state.completions),
        latency: Latency::of(&state.latency, &board.bounds),
        cost: counts.cost,
        queue,
        heat,
    }
}

fn edges(board: &Board, moment: Moment) -> Vec<LiveEdge> {
    let edge = |way: &Way| {
        let counted = match way.counted {
            Counted::Emitted => {
                let traces = board.traces();
                Some((traces.started, moment.per_second(&traces.beginnings)))
            }
            Counted::Completed => {
                let step = board.step(way.from);
                Some((step.counts.completed, moment.per_second(&step.completions)))
            }
            Counted::Arm(arm) => {
                let step = board.step(way.from);
                let known = step.arms.iter().find(|(known, ..)| *known == arm);
                Some(known.map_or((0, 0.0), |(_, count, rate)| (*count, moment.per_second(rate))))
            }
            Counted::Not => None,
        };
        let (passed, per_second) = counted.unzip();
        LiveEdge { from: way.from, to: way.to, label: way.info.when.label(), passed, per_second }
    };
    board.index.edges.iter().map(edge).collect()
}

impl LiveStep {
    /// Adds what stands inside.
    fn take_in(&mut self, inside: &LiveStep) {
        self.in_flight += inside.in_flight;
        self.waiting += inside.waiting;
        // What has completed without an attempt is a join.
        if inside.attempts > 0 {
            self.completed += inside.completed;
            self.per_second += inside.per_second;
        }
        self.attempts += inside.attempts;
        self.errors += inside.errors;
        self.timeouts += inside.timeouts;
        self.panics += inside.panics;
        self.cancelled += inside.cancelled;
        self.retries += inside.retries;
        self.failures += inside.failures;
        self.dropped += inside.dropped;
        self.cost = sum(self.cost, inside.cost);
        if rank(inside.heat) > rank(self.heat) {
            self.heat = inside.heat;
        }
    }
}

fn rank(heat: Heat) -> u8 {
    match heat {
        Heat::Idle => 0,
        Heat::Calm => 1,
        Heat::Warm => 2,
        Heat::Hot => 3,
    }
}

// === as JSON ===

impl Serialize for Latency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Latency { count, total, p50, p95, p99, max, at_most } = self;
        let mut latency = serializer.serialize_struct("Latency", 8)?;
        latency.serialize_field("count", count)?;
        latency.serialize_field("total_ms", &millis(*total))?;
        latency.serialize_field("mean_ms", &millis(self.mean()))?;
        latency.serialize_field("p50_ms", &millis(*p50))?;
        latency.serialize_field("p95_ms", &millis(*p95))?;
        latency.serialize_field("p99_ms", &millis(*p99))?;
        latency.serialize_field("max_ms", &millis(*max))?;
        let at_most: Vec<(f64, u64)> = at_most.iter().map(|(bound, count)| (millis(*bound), *count)).collect();
        latency.serialize_field("at_most", &at_most)?;
        latency.end()
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn since_1970<S: Serializer>(at: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    seconds(&at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default(), serializer)
}

fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    time.as_secs_f64().serialize(serializer)
}

fn written_cost<S: Serializer>(cost: &Cost, serializer: S) -> Result<S::Ok, S::Error> {
    of_cost(*cost).serialize(serializer)
}

fn of_heat<S: Serializer>(heat: &Heat, serializer: S) -> Result<S::Ok, S::Error> {
    let name = match heat {
        Heat::Idle => "idle",
        Heat::Calm => "calm",
        Heat::Warm => "warm",
        Heat::Hot => "hot",
    };
    serializer.serialize_str(name)
}
