//! The bounded channel of the house: a line that is served in the order of arrival, by a fixed number of workers. Whoever
//! stands in it may leave it again. Knows neither what travels nor what is done with it.

use crate::sync::{Mutex, MutexGuard, lock};
use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::time::Instant;

/// A line before `workers` workers. The first `capacity` of those in it stand inside, the others wait before it: they are
/// let in, in their order, as soon as somebody is taken or leaves. A worker never waits for room, so no circle of full
/// lines can stand still, and who is not polled any more keeps nobody else waiting.
pub(crate) struct Floe<T> {
    capacity: usize,
    state: Mutex<State<T>>,
}

struct State<T> {
    line: VecDeque<Standing<T>>,
    next: u64,
    /// The wakers of workers that found nobody, by their number.
    idle: Box<[Option<Waker>]>,
    /// How many workers are there.
    staff: usize,
    busy: usize,
    closed: bool,
}

struct Standing<T> {
    ticket: Ticket,
    since: Instant,
    item: T,
}

/// Who stands in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// How a line looks at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) inside: usize,
    pub(crate) before: usize,
    pub(crate) busy: usize,
    /// How long the first one has waited.
    pub(crate) longest: Duration,
}

impl<T> Floe<T> {
    pub(crate) fn new(capacity: usize, workers: usize) -> Self {
        let (line, idle) = (VecDeque::new(), vec![None; workers].into());
        let state = State { line, next: 0, idle, staff: workers, busy: 0, closed: false };
        Floe { capacity, state: Mutex::new(state) }
    }

    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Puts `item` at the end of the line. Gives it back when the line is closed.
    pub(crate) fn put(&self, item: T, since: Instant) -> Result<Ticket, T> {
        let mut state = self.state();
        if state.closed {
            return Err(item);
        }
        let ticket = Ticket(state.next);
        state.next += 1;
        state.line.push_back(Standing { ticket, since, item });
        let idle = state.idle.iter_mut().find_map(Option::take);
        drop(state);
        if let Some(idle) = idle {
            idle.wake();
        }
        Ok(ticket)
    }

    /// Takes whoever has `ticket` out of the line, if it still stands there.
    pub(crate) fn remove(&self, ticket: Ticket) -> Option<T> {
        let mut state = self.state();
        let at = state.line.binary_search_by_key(&ticket, |standing| standing.ticket).ok()?;
        state.line.remove(at).map(|standing| standing.item)
    }

    /// Takes the first in the line for the worker `worker`, who is busy until [`Floe::done`]. Ready with nothing when the
    /// line is closed.
    pub(crate) fn poll_take(&self, worker: usize, task: &mut Context<'_>) -> Poll<Option<T>> {
        let mut state = self.state();
        // Whoever comes here without having been called is not idle any more, and must not be called instead of one who is.
        let before = state.idle.get_mut(worker).and_then(Option::take);
        let taken = match state.line.pop_front() {
            Some(standing) => {
                state.busy += 1;
                Poll::Ready(Some(standing.item))
            }
            None if state.closed => Poll::Ready(None),
            None => {
                if let Some(idle) = state.idle.get_mut(worker) {
                    *idle = Some(task.waker().clone());
                }
                Poll::Pending
            }
        };
        drop(state);
        drop(before);
        taken
    }

    /// A worker is free again.
    pub(crate) fn done(&self) {
        self.state().busy -= 1;
    }

    /// A worker is gone for good. Behind the last one nobody would ever be served: the line closes, and those in it are
    /// given back.
    #[must_use = "who stands in the line waits for an answer"]
    pub(crate) fn quit(&self) -> Vec<T> {
        let mut state = self.state();
        state.staff -= 1;
        if state.staff > 0 { Vec::new() } else { state.close() }
    }

    /// Lets nobody in any more, tells the workers so, and gives back those who stand in the line.
    #[must_use = "who stands in the line waits for an answer"]
    pub(crate) fn close(&self) -> Vec<T> {
        let mut state = self.state();
        let left = state.close();
        let idle: Vec<Waker> = state.idle.iter_mut().filter_map(Option::take).collect();
        drop(state);
        idle.into_iter().for_each(Waker::wake);
        left
    }

    pub(crate) fn look(&self, now: Instant) -> Look {
        let state = self.state();
        let inside = state.line.len().min(self.capacity);
        let longest = state.line.front().map_or(Duration::ZERO, |first| now.saturating_duration_since(first.since));
        Look { inside, before: state.line.len() - inside, busy: state.busy, longest }
    }

    /// How many stand in it, also those before it.
    pub(crate) fn len(&self) -> usize {
        self.state().line.len()
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        lock(&self.state)
    }
}

impl<T> State<T> {
    fn close(&mut self) -> Vec<T> {
        self.closed = true;
        self.line.drain(..).map(|standing| standing.item).collect()
    }
}
