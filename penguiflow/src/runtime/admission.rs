//! Lets traces in, knows those that are in, and waits until they are out. Knows nothing about what they do.

use crate::graph::scope::{Halt, Scope};
use crate::id::TraceId;
use crate::runtime::admission::counts::{Counts, End, Ends};
use crate::runtime::admission::places::{NoPlace, Places};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) mod counts;
pub(crate) mod places;

/// Ids end in random bits, so each shard gets its share.
const SHARDS: usize = 16;

pub(crate) struct Admission {
    places: Places,
    shards: [Mutex<Shard>; SHARDS],
    aborted: AtomicBool,
}

/// The traces whose ids fall into one part of all ids.
struct Shard {
    traces: HashMap<TraceId, Arc<Scope>, KeyedIds>,
    /// Those under an id that is in use: callers may choose ids.
    twins: Vec<Arc<Scope>>,
    /// How those that have left ended.
    ends: Ends,
}

impl Admission {
    pub(crate) fn new(in_flight: usize) -> Self {
        let ids = KeyedIds(std::hash::RandomState::new().hash_one(in_flight) | 1);
        let shard = |_| {
            let (traces, twins) = (HashMap::with_hasher(ids), Vec::new());
            Mutex::new(Shard { traces, twins, ends: Ends::default() })
        };
        Admission {
            places: Places::new(in_flight),
            shards: std::array::from_fn(shard),
            aborted: AtomicBool::new(false),
        }
    }

    /// Waits for room. [`Admission::make_room`] gives it back.
    #[inline]
    pub(crate) async fn room(&self) -> Result<(), NoPlace> {
        match self.try_room() {
            Err(NoPlace::Full) => self.places.take().await,
            done => done,
        }
    }

    #[inline]
    pub(crate) fn try_room(&self) -> Result<(), NoPlace> {
        self.places.try_take()
    }

    /// Registers a trace that has room.
    pub(crate) fn enter(&self, scope: &Arc<Scope>) {
        let mut shard = self.shard(scope.id);
        match shard.traces.entry(scope.id) {
            Entry::Vacant(entry) => drop(entry.insert(scope.clone())),
            Entry::Occupied(_) => shard.twins.push(scope.clone()),
        }
        drop(shard);
        // A trace that got its room before the door closed, but came in after everybody was asked to leave.
        if self.aborted.load(Ordering::SeqCst) {
            scope.ask(Halt::Cancelled);
        }
    }

    /// Strikes out a trace that has ended. Its place is still taken.
    pub(crate) fn leave(&self, scope: &Arc<Scope>, end: End) {
        self.strike(scope, end);
        scope.end();
    }

    /// Gives the place of a trace back.
    pub(crate) fn make_room(&self) {
        self.places.give();
    }

    fn strike(&self, scope: &Arc<Scope>, end: End) {
        let mut shard = self.shard(scope.id);
        let Shard { traces, twins, ends } = &mut *shard;
        ends.count(end);
        if let Some(index) = twins.iter().position(|twin| Arc::ptr_eq(twin, scope)) {
            twins.swap_remove(index);
            return;
        }
        traces.remove(&scope.id);
        if let Some(index) = twins.iter().position(|twin| twin.id == scope.id) {
            traces.insert(scope.id, twins.swap_remove(index));
        }
    }

    /// Asks the traces under `id` to end; false if there is none that was not asked before.
    pub(crate) fn cancel(&self, id: TraceId) -> bool {
        let shard = self.shard(id);
        let first = shard.traces.get(&id).cloned();
        let twins: Vec<_> = shard.twins.iter().filter(|twin| twin.id == id).cloned().collect();
        // Behind the lock: an observer of the trace hears of it, and may look in here.
        drop(shard);
        first.into_iter().chain(twins).filter(|scope| scope.ask(Halt::Cancelled)).count() > 0
    }

    /// Lets nobody in any more.
    pub(crate) fn close(&self) {
        self.places.close();
    }

    /// Asks all traces to end; gives how many were asked.
    pub(crate) fn abort(&self) -> usize {
        self.close();
        self.aborted.store(true, Ordering::SeqCst);
        let asked = |shard: &Mutex<Shard>| {
            let inside = lock(shard);
            let scopes: Vec<_> = inside.traces.values().chain(&inside.twins).cloned().collect();
            drop(inside);
            scopes.iter().filter(|scope| scope.ask(Halt::Cancelled)).count()
        };
        self.shards.iter().map(asked).sum()
    }

    /// Waits until nobody is inside. Close the door first.
    pub(crate) async fn idle(&self) {
        self.places.idle().await;
    }

    /// How many traces have not ended, and how those ended that have.
    pub(crate) fn counts(&self) -> Counts {
        let mut all = Counts::default();
        for shard in &self.shards {
            let shard = lock(shard);
            shard.ends.add_to(&mut all);
            all.running += (shard.traces.len() + shard.twins.len()) as u64;
        }
        all
    }

    /// How many places are taken.
    pub(crate) fn inside(&self) -> usize {
        self.places.taken()
    }

    fn shard(&self, id: TraceId) -> MutexGuard<'_, Shard> {
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

#[cfg(test)]
mod tests;
