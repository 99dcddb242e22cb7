//! Lets traces in, knows those that are in, and waits until they are out. Knows nothing about what they do.

use crate::graph::scope::{Halt, Scope};
use crate::id::TraceId;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, Semaphore, TryAcquireError};

/// Ids end in random bits, so each shard gets its share.
const SHARDS: usize = 16;

pub(crate) struct Admission {
    permits: Semaphore,
    shards: [Mutex<HashMap<TraceId, Traces, KeyedIds>>; SHARDS],
    places: usize,
    aborted: AtomicBool,
    idle: Notify,
}

/// The traces under one id: one, unless the caller chose an id that is in use.
struct Traces {
    first: Arc<Scope>,
    others: Vec<Arc<Scope>>,
}

/// Why a message was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAdmitted {
    Full,
    Closed,
}

impl Admission {
    pub(crate) fn new(in_flight: usize) -> Self {
        let places = in_flight.clamp(1, Semaphore::MAX_PERMITS);
        let ids = KeyedIds(std::hash::RandomState::new().hash_one(in_flight) | 1);
        Admission {
            permits: Semaphore::new(places),
            shards: std::array::from_fn(|_| Mutex::new(HashMap::with_hasher(ids))),
            places,
            aborted: AtomicBool::new(false),
            idle: Notify::new(),
        }
    }

    /// Waits for room. [`Admission::leave`] gives it back.
    pub(crate) async fn room(&self) -> Result<(), NotAdmitted> {
        match self.try_room() {
            Err(NotAdmitted::Full) => {
                let permit = self.permits.acquire().await.map_err(|_| NotAdmitted::Closed)?;
                permit.forget();
                Ok(())
            }
            done => done,
        }
    }

    pub(crate) fn try_room(&self) -> Result<(), NotAdmitted> {
        match self.permits.try_acquire() {
            Ok(permit) => {
                permit.forget();
                Ok(())
            }
            Err(TryAcquireError::NoPermits) => Err(NotAdmitted::Full),
            Err(TryAcquireError::Closed) => Err(NotAdmitted::Closed),
        }
    }

    /// Registers a trace that has room.
    pub(crate) fn enter(&self, scope: &Arc<Scope>) {
        self.shard(scope.id)
            .entry(scope.id)
            .and_modify(|traces| traces.others.push(scope.clone()))
            .or_insert_with(|| Traces { first: scope.clone(), others: Vec::new() });
        // A trace that got its room before the door closed, but came in after everybody was asked to leave.
        if self.aborted.load(Ordering::SeqCst) {
            scope.ask(Halt::Cancelled);
        }
    }

    /// Strikes out a trace that has ended, and makes room.
    pub(crate) fn leave(&self, scope: &Arc<Scope>) {
        self.strike(scope);
        self.permits.add_permits(1);
        if self.permits.is_closed() && self.inside() == 0 {
            self.idle.notify_waiters();
        }
    }

    fn strike(&self, scope: &Arc<Scope>) {
        let mut shard = self.shard(scope.id);
        let Some(traces) = shard.get_mut(&scope.id) else { return };
        match traces.others.iter().position(|other| Arc::ptr_eq(other, scope)) {
            Some(index) => drop(traces.others.swap_remove(index)),
            None => match traces.others.pop() {
                Some(other) => traces.first = other,
                None => drop(shard.remove(&scope.id)),
            },
        }
    }

    /// Asks the traces under `id` to end; false if there is none that was not asked before.
    pub(crate) fn cancel(&self, id: TraceId) -> bool {
        let shard = self.shard(id);
        let Some(traces) = shard.get(&id) else { return false };
        let asked = traces.others.iter().filter(|scope| scope.ask(Halt::Cancelled)).count();
        traces.first.ask(Halt::Cancelled) || asked > 0
    }

    /// Lets nobody in any more.
    pub(crate) fn close(&self) {
        self.permits.close();
    }

    /// Asks all traces to end; gives how many were asked.
    pub(crate) fn abort(&self) -> usize {
        self.close();
        self.aborted.store(true, Ordering::SeqCst);
        let ask = |traces: &Traces| {
            let others = traces.others.iter().filter(|scope| scope.ask(Halt::Cancelled)).count();
            others + usize::from(traces.first.ask(Halt::Cancelled))
        };
        self.shards.iter().map(|shard| lock(shard).values().map(ask).sum::<usize>()).sum()
    }

    /// Waits until nobody is inside. Close the door first.
    pub(crate) async fn idle(&self) {
        loop {
            let mut idle = std::pin::pin!(self.idle.notified());
            idle.as_mut().enable();
            if self.inside() == 0 {
                return;
            }
            idle.await;
        }
    }

    /// How many traces are inside.
    pub(crate) fn inside(&self) -> usize {
        self.places - self.permits.available_permits()
    }

    fn shard(&self, id: TraceId) -> MutexGuard<'_, HashMap<TraceId, Traces, KeyedIds>> {
        lock(&self.shards[(id.as_u128() % SHARDS as u128) as usize])
    }
}

/// Ids are random already, but a caller may choose them: a key that nobody outside knows keeps their buckets apart.
#[derive(Clone, Copy)]
struct KeyedIds(u64);

impl BuildHasher for KeyedIds {
    type Hasher = KeyedId;

    fn build_hasher(&self) -> KeyedId {
        KeyedId { key: self.0, hash: self.0 }
    }
}

struct KeyedId {
    key: u64,
    hash: u64,
}

impl Hasher for KeyedId {
    fn finish(&self) -> u64 {
        self.hash
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, word: u64) {
        // Folded multiplication, as in wyhash: both halves of the product count.
        let product = u128::from(self.hash ^ word).wrapping_mul(u128::from(self.key));
        self.hash = (product as u64) ^ ((product >> 64) as u64);
    }

    fn write_u128(&mut self, id: u128) {
        self.write_u64(id as u64);
        self.write_u64((id >> 64) as u64);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
