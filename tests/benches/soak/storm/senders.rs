//! Sends to one flow in every way there is, gives up in every way, reads slowly, and counts what comes of it. Must not know the flow.

use super::ears::Ears;
use super::flows::{IN_FLIGHT, Load};
use crate::kit::{Tally, nap, nap_until, now};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use penguiflow::__private::FlowDef;
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Budget, Counts, Handle, Observation, Outputs};
use penguiflow_tests::proof::script::{Dice, mixed};
use std::ops::Add;
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Each with more at once than the flow has places for.
const SENDERS: u64 = 2;
const AT_ONCE: usize = IN_FLIGHT;

/// What one part of the storm is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Orders {
    pub(super) part: u32,
    pub(super) observed: bool,
    pub(super) until: Instant,
}

/// Endings, by what they were.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) completed: u64,
    pub(super) failed: u64,
    pub(super) cancelled: u64,
    pub(super) late: u64,
    pub(super) over_budget: u64,
    pub(super) dropped: u64,
}

impl Seen {
    /// One ending, by its code.
    pub(super) fn count(&mut self, code: &str) {
        *match code {
            "COMPLETED" => &mut self.completed,
            "TRACE_CANCELLED" => &mut self.cancelled,
            "DEADLINE_EXCEEDED" => &mut self.late,
            "DROPPED" => &mut self.dropped,
            budget if budget.ends_with("_BUDGET_EXHAUSTED") => &mut self.over_budget,
            _ => &mut self.failed,
        } += 1;
    }

    /// What a flow has counted since `before`.
    fn since(before: &Counts, after: &Counts) -> Seen {
        Seen {
            completed: after.completed - before.completed,
            failed: after.failed - before.failed,
            cancelled: after.cancelled - before.cancelled,
            late: after.deadline_exceeded - before.deadline_exceeded,
            over_budget: after.budget_exceeded - before.budget_exceeded,
            dropped: after.dropped - before.dropped,
        }
    }

    fn parts(&self) -> [u64; 6] {
        [self.completed, self.failed, self.cancelled, self.late, self.over_budget, self.dropped]
    }

    fn all(&self) -> u64 {
        self.parts().iter().sum()
    }
}

impl Add for Seen {
    type Output = Seen;

    fn add(self, other: Seen) -> Seen {
        Seen {
            completed: self.completed + other.completed,
            failed: self.failed + other.failed,
            cancelled: self.cancelled + other.cancelled,
            late: self.late + other.late,
            over_budget: self.over_budget + other.over_budget,
            dropped: self.dropped + other.dropped,
        }
    }
}

/// What became of what was sent.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) let_in: u64,
    pub(super) seen: Seen,
    /// Traces whose ending nobody waited for.
    unseen: u64,
    /// Calls that were given up: they may have been let in, or not.
    given_up: u64,
    posted: u64,
    pub(super) faults: Vec<String>,
    /// They hear until all is calm: attempts in tasks of their own end behind their traces.
    ears: Option<(Arc<Ears>, Observation)>,
}

impl Told {
    fn ending(code: &'static str) -> Told {
        let mut seen = Seen::default();
        seen.count(code);
        Told { let_in: 1, seen, ..Told::default() }
    }

    fn unseen() -> Told {
        Told { let_in: 1, unseen: 1, ..Told::default() }
    }

    fn and(mut self, other: Told) -> Told {
        self.faults.extend(other.faults);
        Told {
            let_in: self.let_in + other.let_in,
            seen: self.seen + other.seen,
            unseen: self.unseen + other.unseen,
            given_up: self.given_up + other.given_up,
            posted: self.posted + other.posted,
            ..self
        }
    }

    /// Where it is not what the flow has counted, once all is calm.
    pub(super) fn against(&mut self, before: &Counts, after: &Counts) -> Vec<String> {
        let (counted, mut faults) = (Seen::since(before, after), Vec::new());
        let beyond = counted.all().checked_sub(self.let_in);
        if beyond.is_none_or(|beyond| beyond > self.given_up) {
            let Told { let_in, given_up, .. } = self;
            faults.push(format!("{let_in} were let in, and up to {given_up} more; {} have ended", counted.all()));
        }
        if self.seen.all() + self.unseen != self.let_in {
            faults.push(format!(
                "{} were let in; {} endings came back, {} were not awaited",
                self.let_in,
                self.seen.all(),
                self.unseen
            ));
        }
        if self.seen.parts().iter().zip(counted.parts()).any(|(seen, counted)| *seen > counted) {
            faults.push(format!("{:?} came back, {counted:?} were counted", self.seen));
        }
        if (after.running, after.unread) != (0, 0) {
            faults.push(format!("{} run and {} are unread", after.running, after.unread));
        }
        faults.extend(self.ears.take().iter().flat_map(|(ears, _)| ears.judge(counted)));
        faults
    }
}

/// Sends until the part is over, and waits for what was sent.
pub(super) async fn storm<F>(app: Handle<F>, orders: Orders, payloads: Tally) -> Told
where
    F: FlowDef<Input = Load, Output = Load>,
{
    let ears = orders.observed.then(Arc::<Ears>::default);
    let ears = ears.map(|ears| (ears.clone(), app.observe_in_line(ears)));
    let seed = |number| {
        F::NAME.bytes().fold(mixed(&[u64::from(orders.part), number]), |so_far, byte| mixed(&[so_far, byte.into()]))
    };
    let outputs = app.outputs().expect("nobody else reads");
    let (tell, posted) = oneshot::channel();
    let reader = tokio::spawn(read(outputs, posted, Dice::new(seed(0))));
    let send = |number| tokio::spawn(send(app.clone(), Dice::new(seed(number)), orders.until, payloads.clone()));
    let senders: Vec<_> = (1..=SENDERS).map(send).collect();
    let mut told = Told { ears, ..Told::default() };
    for sender in senders {
        told = told.and(counted(sender, orders.until).await);
    }
    let _ = tell.send(told.posted);
    told = told.and(counted(reader, orders.until).await);
    told
}

/// What a task has counted, unless it waits for what never comes.
async fn counted(mut task: JoinHandle<Told>, until: Instant) -> Told {
    tokio::select! {
        told = &mut task => told.expect("counts"),
        () = nap_until(until, super::CALM.as_millis() as u64) => {
            task.abort();
            Told { faults: vec!["what was sent does not come to its end".to_owned()], ..Told::default() }
        }
    }
}

/// Reads endings, slowly, until it has read as many as were posted.
async fn read(mut outputs: Outputs<Load>, mut posted: oneshot::Receiver<u64>, mut dice: Dice) -> Told {
    let (mut told, mut read, mut due) = (Told::default(), 0, None);
    while due != Some(read) {
        tokio::select! {
            all = &mut posted, if due.is_none() => due = all.ok(),
            Some(output) = outputs.next() => {
                read += 1;
                told.seen.count(output.ending.code());
                if dice.chance(10) {
                    nap(dice.below(3)).await;
                }
            }
        }
    }
    told
}

async fn send<F>(app: Handle<F>, mut dice: Dice, until: Instant, payloads: Tally) -> Told
where
    F: FlowDef<Input = Load, Output = Load>,
{
    let (mut told, mut running) = (Told::default(), FuturesUnordered::new());
    loop {
        while running.len() < AT_ONCE && now() < until {
            let message = message(&mut dice, &payloads);
            running.push(one(&app, message, Dice::new(dice.roll())));
        }
        match running.next().await {
            Some(one) => told = told.and(one),
            None => return told,
        }
    }
}

fn message(dice: &mut Dice, payloads: &Tally) -> Message<Load> {
    let load = Load { seed: dice.roll(), house: None, life: payloads.enter() };
    let mut message = Message::new(load).with_tenant(if dice.chance(50) { "acme" } else { "polar" });
    if dice.chance(10) {
        message = message.with_deadline(millis(dice.below(12)));
    }
    if dice.chance(4) {
        message = message.with_budget(Budget::new().hops(dice.below(5)));
    }
    message
}

/// One message in one of the ways.
async fn one<F>(app: &Handle<F>, message: Message<Load>, mut dice: Dice) -> Told
where
    F: FlowDef<Input = Load, Output = Load>,
{
    let way = dice.below(100);
    match way {
        0..8 => return Told::ending(code(app.call(message).await)),
        8..16 => {
            return tokio::select! {
                result = app.call(message) => Told::ending(code(result)),
                () = nap(dice.below(6)) => Told { given_up: 1, ..Told::default() },
            };
        }
        16..26 => {
            return match app.post(message).await {
                // Its ending comes to who reads.
                Ok(_) => Told { let_in: 1, posted: 1, ..Told::default() },
                Err(_) => Told::default(),
            };
        }
        _ => {}
    }
    // Not let in: its time was up before.
    let Ok(trace) = app.emit(message).await else { return Told::default() };
    match way {
        26..38 => {
            nap(dice.below(5)).await;
            trace.cancel();
            Told::ending(trace.result().await.code())
        }
        38..44 => {
            nap(dice.below(5)).await;
            drop(trace);
            Told::unseen()
        }
        44..48 => {
            let id = trace.detach();
            nap(dice.below(5)).await;
            app.cancel(id);
            Told::unseen()
        }
        48..64 => {
            let (mut chunks, trace) = trace.split();
            while let Some(_chunk) = chunks.next().await {
                nap(dice.below(3)).await;
                if dice.chance(10) {
                    break;
                }
            }
            drop(chunks);
            Told::ending(trace.result().await.code())
        }
        _ => Told::ending(trace.result().await.code()),
    }
}

fn code(result: Result<Load, penguiflow::Stop>) -> &'static str {
    result.err().map_or("COMPLETED", |stop| stop.code())
}
