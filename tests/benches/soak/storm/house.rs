//! Fills a flow to the last place, to see that none was lost and none was added. Must not know what went before.

use super::flows::{IN_FLIGHT, Load};
use crate::kit::{Tally, nap, now};
use penguiflow::__private::FlowDef;
use penguiflow::{Handle, Refused};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long something may take that needs no time.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many come that find no place.
const BEYOND: usize = 3;

/// A node in which so many traces may be at once.
pub(super) struct Room {
    pub(super) node: &'static str,
    pub(super) places: usize,
    /// The slots of the queue before it.
    pub(super) slots: usize,
}

/// Where the traces of one filling meet.
#[derive(Debug)]
pub(super) struct House {
    node: &'static str,
    inside: AtomicUsize,
    door: Semaphore,
}

impl House {
    fn new(node: &'static str) -> Arc<House> {
        Arc::new(House { node, inside: AtomicUsize::new(0), door: Semaphore::new(0) })
    }

    /// Stays, if this is the node to meet in, until the door opens.
    pub(super) async fn enter(&self, node: &str) {
        if node == self.node {
            self.inside.fetch_add(1, SeqCst);
            drop(self.door.acquire().await);
            self.inside.fetch_sub(1, SeqCst);
        }
    }

    fn inside(&self) -> usize {
        self.inside.load(SeqCst)
    }
}

/// Who comes.
#[derive(Debug, Clone)]
pub(super) struct Guests {
    pub(super) payloads: Tally,
}

impl Guests {
    /// One whose nodes do nothing but meet. Its seed takes the way through all rooms, and has one item in each map.
    fn load(&self, house: &Arc<House>) -> Load {
        Load { seed: 0, house: Some(house.clone()), life: self.payloads.enter() }
    }
}

/// Fills each room of a flow, one after the other.
pub(super) async fn full<F>(app: Handle<F>, guests: Guests, rooms: &'static [Room]) -> Result<(), String>
where
    F: FlowDef<Input = Load, Output = Load>,
{
    for room in rooms {
        fill(&app, &guests, room).await.map_err(|why| format!("{}: {why}", room.node))?;
    }
    Ok(())
}

async fn fill<F>(app: &Handle<F>, guests: &Guests, room: &Room) -> Result<(), String>
where
    F: FlowDef<Input = Load, Output = Load>,
{
    let Room { node, places, slots } = *room;
    let house = House::new(node);
    let all = (places + slots + BEYOND).min(IN_FLIGHT);
    let beyond = all - slots - places;
    let mut traces = Vec::with_capacity(all);
    for number in 0..all {
        match app.try_emit(guests.load(&house)) {
            Ok(trace) => traces.push(trace),
            Err(why) => return Err(format!("has no place for trace {number} of {all}: {why}")),
        }
    }
    let waiting = || app.queues().find(|queue| queue.node == node).map(|queue| (queue.depth, queue.waiting));
    let queued = || slots == 0 || waiting() == Some((slots, beyond));
    if !until(|| house.inside() == places && queued()).await {
        return Err(format!("{} of {places} are in, {:?} of {slots} wait", house.inside(), waiting()));
    }
    if all == IN_FLIGHT && !matches!(app.try_emit(guests.load(&house)), Err(Refused::Full(_))) {
        return Err(format!("lets in more than {IN_FLIGHT}"));
    }
    nap(2).await;
    if house.inside() != places || !queued() {
        return Err(format!("{} of {places} are in, {:?} of {slots} wait", house.inside(), waiting()));
    }
    house.door.close();
    let mut ended = Vec::new();
    for trace in traces {
        let ending = tokio::select! {
            ending = trace.result() => ending,
            () = nap(PATIENCE.as_millis() as u64) => return Err(format!("does not go on behind {} of {all}", ended.len())),
        };
        if !ending.is_completed() {
            return Err(format!("a trace without a fault ends as {}", ending.code()));
        }
        ended.push(ending);
    }
    Ok(())
}

async fn until(done: impl Fn() -> bool) -> bool {
    let limit = now() + PATIENCE;
    while !done() {
        if now() > limit {
            return false;
        }
        nap(1).await;
    }
    true
}
