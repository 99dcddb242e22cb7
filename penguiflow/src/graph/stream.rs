//! The unread chunks of one trace: how many there may be, which streams are begun, who waits. Must not know any node.

use crate::bug::bug;
use crate::stream::{Chunk, Piece, StreamId};
use futures_util::future::{Either, select};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::sync::{Semaphore, TryAcquireError};

/// What all writers of a trace put into, and its one reader takes from.
///
/// A chunk takes a place of `room` before it is put, and the reader gives the place back when it takes the chunk. What tells
/// that a stream was left unfinished takes none, because who is dropped cannot wait: at most one for each stream that is
/// begun, and beginning one takes a place.
pub(crate) struct Streams {
    room: Semaphore,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    unread: VecDeque<Chunk>,
    /// Who waits for a chunk.
    reader: Option<Waker>,
    phase: Phase,
    /// The streams that are begun and not done.
    begun: Vec<Option<Begun>>,
    /// The places in `begun` that are free.
    free: Vec<usize>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    /// The trace has ended: what is unread may still be read.
    Ended,
    /// Nobody reads any more.
    Unread,
}

struct Begun {
    stream: StreamId,
    next: u64,
}

/// How far a writer is with its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The reader has heard nothing of it.
    Fresh,
    /// The reader has heard of it, and waits for its end. Its place among those that are begun.
    Begun(usize),
    /// It is done, or was given up.
    Over,
}

/// Whether there is room for a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Given,
    /// Nobody reads any more, or the trace has ended.
    Unread,
    /// The trace was asked to end while the reader had too much before it.
    Halted,
}

impl Streams {
    /// Lets `lag` chunks be unread.
    pub(crate) fn new(lag: usize) -> Self {
        Streams { room: Semaphore::new(lag), state: Mutex::default() }
    }

    /// Takes a place for one chunk, or waits for one in the order of coming, until `halted`.
    ///
    /// *Cancel safety*: dropping the future takes no place.
    pub(crate) async fn room(&self, halted: impl Future<Output = ()>) -> Room {
        match self.room.try_acquire() {
            Ok(place) => {
                place.forget();
                return Room::Given;
            }
            Err(TryAcquireError::Closed) => return Room::Unread,
            Err(TryAcquireError::NoPermits) => {}
        }
        let (place, halted) = (pin!(self.room.acquire()), pin!(halted));
        match select(place, halted).await {
            Either::Left((Ok(place), _)) => {
                place.forget();
                Room::Given
            }
            Either::Left((Err(_), _)) => Room::Unread,
            Either::Right(_) => Room::Halted,
        }
    }

    /// Puts a chunk that has its place; false if nobody will read it.
    pub(crate) fn put(&self, progress: &mut Progress, stream: &StreamId, piece: Piece, done: bool) -> bool {
        let mut state = self.state();
        if state.phase != Phase::Open {
            return false;
        }
        let Some(slot) = state.slot(progress, stream) else { return false };
        let Some(begun) = &mut state.begun[slot] else { return false };
        let Piece { text, meta } = piece;
        let chunk = Chunk { done, meta, ..Chunk::new(stream.clone(), begun.next, text) };
        begun.next += 1;
        if done {
            state.strike(slot);
            *progress = Progress::Over;
        }
        if !bug("lost_chunk") || chunk.seq != 1 {
            state.unread.push_back(chunk);
        }
        wake(state);
        true
    }

    /// Tells the reader that a stream was left unfinished, if it has heard of it at all.
    pub(crate) fn abort(&self, progress: &mut Progress) {
        let Progress::Begun(slot) = std::mem::replace(progress, Progress::Over) else { return };
        let mut state = self.state();
        // Otherwise the ending has told it, or nobody listens.
        if state.phase == Phase::Open {
            state.abort(slot);
            wake(state);
        }
    }

    /// The trace has ended: tells it to the reader, stream by stream. What comes later is read by nobody.
    pub(crate) fn end(&self) {
        self.room.close();
        let mut state = self.state();
        if state.phase == Phase::Open {
            state.phase = Phase::Ended;
            (0..state.begun.len()).for_each(|slot| state.abort(slot));
            wake(state);
        }
    }

    /// Nobody reads any more: forgets what is unread, and lets no writer wait.
    pub(crate) fn close(&self) {
        self.room.close();
        let mut state = self.state();
        let forgotten = std::mem::replace(&mut *state, State { phase: Phase::Unread, ..State::default() });
        drop(state);
        if let Some(waker) = forgotten.reader {
            waker.wake();
        }
    }

    /// Whether somebody may read what is put.
    pub(crate) fn is_open(&self) -> bool {
        self.state().phase == Phase::Open
    }

    /// Takes the oldest unread chunk; ready without one when the trace has ended.
    ///
    /// *Cancel safety*: a chunk is taken only when this is ready.
    pub(crate) fn poll_next(&self, task: &mut Context<'_>) -> Poll<Option<Chunk>> {
        let mut state = self.state();
        match (state.unread.pop_front(), state.phase) {
            (Some(chunk), _) => {
                drop(state);
                if !chunk.aborted {
                    self.room.add_permits(1);
                }
                Poll::Ready(Some(chunk))
            }
            (None, Phase::Open) => {
                match &mut state.reader {
                    Some(waker) => waker.clone_from(task.waker()),
                    none => *none = Some(task.waker().clone()),
                }
                Poll::Pending
            }
            (None, Phase::Ended | Phase::Unread) => Poll::Ready(None),
        }
    }

    /// A poisoned lock only tells that another thread panicked between two complete states.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The place of a stream among those that are begun, which its first chunk gives it.
    fn slot(&mut self, progress: &mut Progress, stream: &StreamId) -> Option<usize> {
        match *progress {
            Progress::Begun(slot) => Some(slot),
            Progress::Over => None,
            Progress::Fresh => {
                let begun = Some(Begun { stream: stream.clone(), next: 0 });
                let slot = self.free.pop().unwrap_or(self.begun.len());
                if slot == self.begun.len() {
                    self.begun.push(begun)
                } else {
                    self.begun[slot] = begun
                }
                *progress = Progress::Begun(slot);
                Some(slot)
            }
        }
    }

    fn strike(&mut self, slot: usize) -> Option<Begun> {
        let begun = self.begun[slot].take()?;
        self.free.push(slot);
        Some(begun)
    }

    fn abort(&mut self, slot: usize) {
        if let Some(Begun { stream, next }) = self.strike(slot)
            && !bug("unfinished_stream")
        {
            self.unread.push_back(Chunk::unfinished(stream, next));
        }
    }
}

/// Wakes the reader, outside the lock.
fn wake(mut state: MutexGuard<'_, State>) {
    let reader = state.reader.take();
    drop(state);
    if let Some(waker) = reader {
        waker.wake();
    }
}

#[cfg(test)]
mod tests;
