//! Says in one byte whether a trace has ended and what it has to end. Who ends it and who ties something to it leave their
//! words in the same place, so that one of the two sees the other's. Knows nothing about what is tied.

use crate::sync::{AtomicU8, Mutex, Ordering, lock};
use std::sync::atomic::fence;

pub(crate) const HAS_TASKS: u8 = 1;
pub(crate) const ENDED: u8 = 2;
pub(crate) const HAS_STREAMS: u8 = 4;
/// Nobody reads the trace's chunks any more.
pub(crate) const UNREAD: u8 = 8;
pub(crate) const HAS_CALLS: u8 = 16;
/// Nobody waits for the ending.
pub(crate) const DETACHED: u8 = 32;
/// The trace's message has an idempotency key.
pub(crate) const KEYED: u8 = 64;

/// The words that were left.
#[derive(Default)]
pub(crate) struct Life(AtomicU8);

impl Life {
    /// With these words from the beginning.
    pub(crate) fn of(words: u8) -> Self {
        Life(AtomicU8::new(words))
    }

    /// All words that were left.
    pub(crate) fn words(&self) -> u8 {
        self.0.load(Ordering::SeqCst)
    }

    /// Leaves `word`; gives those that were there.
    pub(crate) fn leave(&self, word: u8) -> u8 {
        self.0.fetch_or(word, Ordering::SeqCst)
    }

    /// Leaves the word that the trace has ended; gives those that were there. Who is `alone` need not: nobody else is left
    /// who could tie something to the trace.
    #[inline]
    pub(crate) fn end(&self, alone: bool) -> u8 {
        if !alone {
            return self.leave(ENDED);
        }
        // Shows what those did who have gone.
        fence(Ordering::Acquire);
        self.0.load(Ordering::Relaxed)
    }
}

/// What is tied to a trace, and ends with it.
pub(crate) struct Tied<T>(Mutex<Vec<T>>);

impl<T> Default for Tied<T> {
    fn default() -> Self {
        Tied(Mutex::new(Vec::new()))
    }
}

impl<T> Tied<T> {
    /// Ties `task`, and drops those that are over by themselves. One that comes behind the ending is ended at once.
    pub(crate) fn tie(&self, life: &Life, task: T, is_over: impl Fn(&T) -> bool, end: impl Fn(T)) {
        let mut tasks = lock(&self.0);
        tasks.retain(|task| !is_over(task));
        tasks.push(task);
        if life.leave(HAS_TASKS) & ENDED != 0 {
            tasks.drain(..).for_each(end);
        }
    }

    /// Ends all.
    pub(crate) fn end(&self, end: impl Fn(T)) {
        lock(&self.0).drain(..).for_each(end);
    }
}
