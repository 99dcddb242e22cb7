//! Runs a flow once as a plan says, and keeps all that happened. Judges nothing.

use crate::clock::{Seam, millis, secs};
use crate::error::{ErrorClass, NodeError};
use crate::event::{EventKind, FlowEvent, Observer};
use crate::graph::node::FlowDef;
use crate::graph::run::FlowBody;
use crate::graph::topology::FlowInfo;
use crate::graph::watch::At;
use crate::graph::watch::interpose::{Before, Interpose};
use crate::id::TraceId;
use crate::message::{Budget, Message};
use crate::policy::Policy;
use crate::runtime::flow::{FlowBuilder, StartError};
use crate::runtime::handle::Handle;
use crate::runtime::trace::Trace;
use crate::runtime::trace::whole::TraceItem;
use crate::stream::Chunk;
use crate::testkit::block_on;
use crate::testkit::fault::Hit;
use crate::testkit::record::line;
use crate::testkit::recorder::Recorder;
use crate::testkit::simulate::Seen;
use crate::testkit::simulate::breach::Breach;
use crate::testkit::simulate::plan::{About, Act, ActEnd, Cancel, Plan, Reader, whose};
use futures_util::future::{Either, join_all, select};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::Notify;

/// How long a run may take. It is virtual time: where a run has not ended then, nothing was left that could wake it.
const LIMIT: Duration = secs(1_000 * 24 * 60 * 60);

/// What happened in one run.
pub(super) struct History {
    pub(super) info: &'static FlowInfo,
    /// The nodes by their names, under the policy in force; nothing where two nodes of one name differ.
    pub(super) policies: HashMap<&'static str, Option<Policy>>,
    pub(super) events: Vec<FlowEvent>,
    pub(super) acts: HashMap<About, Act>,
    pub(super) ends: Vec<End>,
    pub(super) hops: Vec<Option<u64>>,
    pub(super) left: Left,
    begun: SystemTime,
}

/// How a message came out of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct End {
    /// How it ended for whoever held it; nothing where nobody held it then.
    pub(super) code: Option<&'static str>,
    /// The chunks that were read, where somebody read to the end.
    pub(super) chunks: Option<Vec<Chunk>>,
    pub(super) never: bool,
}

/// What is left behind a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) in_flight: usize,
    pub(super) running: u64,
    pub(super) admitted: u64,
    pub(super) queued: usize,
    pub(super) tasks: usize,
}

impl History {
    pub(super) fn lines(&self) -> Vec<String> {
        let at = |event: &FlowEvent| event.at.duration_since(self.begun).unwrap_or_default();
        let one = |event: &FlowEvent| format!("{:>8.1?} {} {}", at(event), whose(number(event.trace_id)), line(event));
        self.events.iter().map(one).collect()
    }

    pub(super) fn seen(&self) -> Seen {
        let count = |is: fn(&EventKind) -> bool| self.events.iter().filter(|event| is(&event.kind)).count() as u64;
        Seen {
            runs: 1,
            traces: count(|kind| matches!(kind, EventKind::Emit { .. })),
            attempts: count(|kind| matches!(kind, EventKind::NodeStart)),
            completed: count(|kind| matches!(kind, EventKind::Ending { code: "COMPLETED", .. })),
            disturbed: self.acts.len() as u64,
        }
    }

    /// Holds two runs of one plan against each other.
    pub(super) fn same(&self, other: &History) -> Result<(), Breach> {
        let (one, two) = (self.lines(), other.lines());
        let differs = one.iter().zip(&two).find(|(one, two)| one != two);
        match differs {
            Some((one, two)) => Err(Breach::new("same seed, same events", format!("once `{one}`, then `{two}`"))),
            None if one.len() != two.len() || self.ends != other.ends => {
                Err(Breach::new("same seed, same events", format!("{} events, then {}", one.len(), two.len())))
            }
            None => Ok(()),
        }
    }
}

/// The number of a trace of the plan; the highest there is for a batch.
pub(super) fn number(id: TraceId) -> u64 {
    u64::try_from(id.as_u128() - 1).unwrap_or(u64::MAX)
}

fn id(trace: u64) -> TraceId {
    TraceId::from_u128(u128::from(trace) + 1)
}

/// Does to each attempt what the plan says.
struct Chaos {
    plan: Plan,
    seam: Seam,
    acts: Mutex<HashMap<About, Act>>,
}

impl Interpose for Chaos {
    fn before(&self, at: &At) -> Option<Before> {
        let about = About::Attempt(number(at.trace_id), at.place.to_string(), at.node, at.attempt);
        let act = self.plan.act(&about)?;
        lock(&self.acts).insert(about, act);
        let hit = match act.end {
            ActEnd::Runs => None,
            ActEnd::Fails => Some(Hit::simulated(at, "SIMULATED".into(), ErrorClass::Retry, None)),
            ActEnd::FailsForGood => Some(Hit::simulated(at, "SIMULATED".into(), ErrorClass::Fatal, None)),
            ActEnd::Panics => Some(Hit::panic(at)),
        };
        Some(Box::pin(disturb(self.seam.clone(), act, hit)))
    }
}

async fn disturb(seam: Seam, act: Act, hit: Option<Hit>) -> Result<(), NodeError> {
    for _ in 0..act.yields {
        tokio::task::yield_now().await;
    }
    if act.wait > 0 {
        seam.sleep(millis(act.wait)).await;
    }
    hit.map_or(Ok(()), Hit::strike)
}

/// Tells when a trace has come to one of its events.
struct Trip {
    after: Mutex<HashMap<TraceId, (u64, Arc<Notify>)>>,
}

impl Observer for Trip {
    fn on_event(&self, event: &FlowEvent) {
        if let Some((left, notify)) = lock(&self.after).get_mut(&event.trace_id) {
            *left = left.saturating_sub(1);
            if *left == 0 {
                notify.notify_one();
            }
        }
    }
}

/// Runs a flow as `plan` says.
pub(super) fn drive<F, S>(
    flow: &impl Fn() -> FlowBuilder<F, S>,
    message: &impl Fn(u64) -> Message<F::Input>,
    plan: &Plan,
) -> Result<History, StartError>
where
    F: FlowBody<S> + FlowDef,
    S: Send + Sync + 'static,
{
    block_on(plan.seed(), async |seam| {
        let chaos = Arc::new(Chaos { plan: plan.clone(), seam: seam.clone(), acts: Mutex::default() });
        let flow = flow().on(seam.clone()).squeezed(plan.in_flight(), plan.lag()).interposed(chaos.clone());
        let listed = flow.listed();
        let (begun, handle) = (seam.wall(), flow.start()?);
        let mut policies = HashMap::new();
        for one in &listed {
            let policy = handle.desk().shared.nodes.policy_of(one.id);
            let known = policies.entry(one.name).or_insert(policy);
            if *known != policy {
                *known = None;
            }
        }
        let recorder = Recorder::default();
        let trip = Arc::new(Trip { after: Mutex::default() });
        let observations = [handle.observe_in_line(recorder.clone()), handle.observe_in_line(trip.clone())];
        let run = Run { plan, seam: &seam, handle: &handle, trip: &trip };
        let ends = join_all((0..plan.traces).map(|trace| run.one(trace, message))).await;
        // A trace that nobody holds any more may finish an attempt.
        let grace = policies.values().flatten().filter_map(Policy::grace).max().unwrap_or_default();
        seam.sleep(grace).await;
        let left = what_is_left(handle, &seam).await;
        drop(observations);
        let hops = (0..plan.traces).map(|trace| plan.hops(trace)).collect();
        let (events, acts) = (recorder.events().clone(), lock(&chaos.acts).clone());
        Ok(History { info: F::INFO, policies, events, acts, ends, hops, left, begun })
    })
}

async fn settle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

async fn what_is_left<F: FlowDef>(handle: Handle<F>, seam: &Seam) -> Left {
    settle().await;
    let counts = handle.counts();
    let (in_flight, running, admitted) = (handle.in_flight(), counts.running, counts.admitted());
    let queued = handle.queues().map(|queue| queue.waiting).sum();
    drop(handle);
    settle().await;
    seam.sleep(millis(1)).await;
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    Left { in_flight, running, admitted, queued, tasks }
}

struct Run<'r, F: FlowDef> {
    plan: &'r Plan,
    seam: &'r Seam,
    handle: &'r Handle<F>,
    trip: &'r Trip,
}

impl<F: FlowDef> Run<'_, F> {
    /// Runs one message.
    async fn one(&self, trace: u64, message: &impl Fn(u64) -> Message<F::Input>) -> End {
        self.seam.sleep(millis(self.plan.begin(trace))).await;
        let number = self.plan.seed().wrapping_mul(31).wrapping_add(trace);
        let mut message = message(number).with_trace_id(id(trace));
        if let Some(ms) = self.plan.deadline(trace) {
            message = message.with_deadline(millis(ms));
        }
        if let Some(hops) = self.plan.hops(trace) {
            message = message.with_budget(Budget::new().hops(hops));
        }
        let notify = Arc::new(Notify::new());
        let (dropped, behind) = match self.plan.cancel(trace) {
            Cancel::Never => (false, 0),
            Cancel::Behind(events) => (false, events),
            Cancel::Dropped(events) => (true, events),
        };
        if behind > 0 {
            lock(&self.trip.after).insert(id(trace), (behind, notify.clone()));
        }
        let cancel = async {
            notify.notified().await;
            if !dropped {
                self.handle.cancel(id(trace));
                std::future::pending::<()>().await;
            }
        };
        let whole = async {
            match self.handle.emit(message).await {
                Ok(emitted) => self.read(emitted, self.plan.reader(trace)).await,
                Err(_) => End::default(),
            }
        };
        let whole = async {
            match select(pin!(whole), pin!(self.seam.sleep(LIMIT))).await {
                Either::Left((end, _)) => end,
                Either::Right(_) => End { never: true, ..End::default() },
            }
        };
        match select(pin!(whole), pin!(cancel)).await {
            Either::Left((end, _)) => end,
            Either::Right(_) => End::default(),
        }
    }

    async fn read(&self, trace: Trace<F::Output>, reader: Reader) -> End {
        let Reader::Chunks(ms) = reader else {
            return End { code: Some(trace.result().await.code()), ..End::default() };
        };
        let (mut stream, mut chunks) = (trace.stream(), Vec::new());
        loop {
            match stream.next().await {
                Some(TraceItem::Chunk(chunk)) => {
                    chunks.push(chunk);
                    self.seam.sleep(millis(ms)).await;
                }
                Some(TraceItem::Ending(ending)) => {
                    return End { code: Some(ending.code()), chunks: Some(chunks), never: false };
                }
                None => return End::default(),
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
