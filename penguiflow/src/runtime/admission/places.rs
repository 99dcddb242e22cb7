//! Counts places: taking one and giving it back is one atomic step each while nobody waits. Knows nothing about traces.

use crate::sync::{AtomicUsize, Mutex, MutexGuard, Notify, Ordering, Semaphore, lock};

/// Places that are taken and given back. tokio's semaphore alone locks a mutex for each one that is given back.
pub(super) struct Places {
    /// The free places, in units of `ONE`, above the two flags.
    word: AtomicUsize,
    all: usize,
    /// Where those wait who found no place: the first in it is the first to get one.
    queue: Semaphore,
    waiting: Mutex<usize>,
    idle: Notify,
}

/// Nobody gets a place any more.
const CLOSED: usize = 1;
/// Somebody waits: free places belong to the queue.
const QUEUED: usize = 2;
const FLAGS: usize = CLOSED | QUEUED;
const ONE: usize = 4;

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPlace {
    Full,
    Closed,
}

impl Places {
    pub(super) fn new(all: usize) -> Self {
        let all = all.clamp(1, Semaphore::MAX_PERMITS);
        let word = AtomicUsize::new(all * ONE);
        Places { word, all, queue: Semaphore::new(0), waiting: Mutex::new(0), idle: Notify::new() }
    }

    /// Takes a place, if there is one and nobody waits for it.
    #[inline]
    pub(super) fn try_take(&self) -> Result<(), NoPlace> {
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            if word & CLOSED != 0 {
                return Err(NoPlace::Closed);
            }
            if word & QUEUED != 0 || word < ONE {
                return Err(NoPlace::Full);
            }
            match self.word.compare_exchange_weak(word, word - ONE, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(now) => word = now,
            }
        }
    }

    /// Takes a place as soon as there is one, in the order of the calls.
    ///
    /// *Cancel safety*: dropping the future leaves the queue; a place that it was given goes to the next one.
    pub(super) async fn take(&self) -> Result<(), NoPlace> {
        let _queued = Queued::new(self);
        let permit = self.queue.acquire().await.map_err(|_| NoPlace::Closed)?;
        permit.forget();
        Ok(())
    }

    /// Gives a place back.
    #[inline]
    pub(super) fn give(&self) {
        if self.word.fetch_add(ONE, Ordering::AcqRel) & FLAGS != 0 {
            self.given();
        }
    }

    #[cold]
    fn given(&self) {
        let waiting = self.waiting();
        if *waiting > 0 {
            self.hand_over();
        }
        drop(waiting);
        self.tell_when_idle();
    }

    /// Lets nobody in any more; those who wait are told.
    pub(super) fn close(&self) {
        self.word.fetch_or(CLOSED, Ordering::AcqRel);
        self.queue.close();
    }

    /// Waits until all places are free. Close first.
    pub(super) async fn idle(&self) {
        loop {
            let mut idle = std::pin::pin!(self.idle.notified());
            idle.as_mut().enable();
            if self.taken() == 0 {
                return;
            }
            idle.await;
        }
    }

    /// How many places are taken.
    pub(super) fn taken(&self) -> usize {
        let word = self.word.load(Ordering::Acquire);
        if word & QUEUED == 0 {
            return self.all - word / ONE;
        }
        // Nothing moves between the word and the queue meanwhile.
        let _waiting = self.waiting();
        self.all - self.word.load(Ordering::Acquire) / ONE - self.queue.available_permits()
    }

    fn tell_when_idle(&self) {
        if self.word.load(Ordering::Acquire) & CLOSED != 0 && self.taken() == 0 {
            self.idle.notify_waiters();
        }
    }

    /// Moves the free places to the queue. Under the lock, so that nobody sees them in neither.
    fn hand_over(&self) {
        let free = self.word.fetch_and(FLAGS, Ordering::AcqRel) / ONE;
        self.queue.add_permits(free);
    }

    fn waiting(&self) -> MutexGuard<'_, usize> {
        lock(&self.waiting)
    }
}

/// One who waits. The last one to leave takes what the queue has left back to the word.
struct Queued<'a>(&'a Places);

impl<'a> Queued<'a> {
    fn new(places: &'a Places) -> Self {
        let mut waiting = places.waiting();
        *waiting += 1;
        places.word.fetch_or(QUEUED, Ordering::AcqRel);
        places.hand_over();
        Queued(places)
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        let Queued(places) = self;
        let mut waiting = places.waiting();
        *waiting -= 1;
        if *waiting == 0 {
            let free = places.queue.forget_permits(usize::MAX);
            // One step, so that nobody sees the flag gone and the places not yet there.
            places.word.fetch_add((free * ONE).wrapping_sub(QUEUED), Ordering::AcqRel);
        }
        drop(waiting);
        places.tell_when_idle();
    }
}
