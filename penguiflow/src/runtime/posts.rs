//! Holds the endings of posted traces until their one reader takes them. Decides what goes where; runs nothing.

use crate::error::{Ending, Stop};
use crate::graph::letters::Unseen;
use crate::graph::table::Shared;
use crate::graph::value::M;
use crate::id::TraceId;
use crate::message::{Headers, Meta};
use crate::runtime::admission::Admission;
use crate::runtime::posts::outputs::Output;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

pub(crate) mod outputs;

/// The posted traces of a started flow.
///
/// Their number is bounded by the flow's places: a trace keeps its place until its ending was taken.
pub(crate) struct Posts<T> {
    admission: Arc<Admission>,
    shared: Arc<Shared>,
    state: Mutex<State<T>>,
}

struct State<T> {
    /// The number of the next trace, in the order of admission.
    next: u64,
    traces: BTreeMap<u64, Slot<T>>,
    /// Those that have ended, in that order, for a reader that takes them so.
    ended: VecDeque<u64>,
    reader: Option<Order>,
    waker: Option<Waker>,
    /// Nobody posts any more.
    closed: bool,
    /// Endings keep no place any more, because nobody waits for one.
    places_freed: bool,
}

enum Slot<T> {
    Runs,
    Ended(Box<(Output<T>, Option<Seat>)>),
}

/// In which order a reader takes endings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Ended,
    Admitted,
}

/// The place of a trace, given back when it is dropped.
struct Seat(Arc<Admission>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.make_room();
    }
}

impl<T> Posts<T> {
    pub(crate) fn new(admission: Arc<Admission>, shared: Arc<Shared>) -> Self {
        let state = State {
            next: 0,
            traces: BTreeMap::new(),
            ended: VecDeque::new(),
            reader: None,
            waker: None,
            closed: false,
            places_freed: false,
        };
        Posts { admission, shared, state: Mutex::new(state) }
    }

    pub(crate) fn has_reader(&self) -> bool {
        self.state().reader.is_some()
    }

    /// Nobody posts any more: the reader ends behind the last trace.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        let waker = state.waker.take();
        drop(state);
        waker.into_iter().for_each(Waker::wake);
    }

    /// Gives the places of ended traces back, now and from now on. Close first, or nothing bounds what waits here.
    pub(crate) fn free_places(&self) {
        let mut state = self.state();
        state.places_freed = true;
        let seats: Vec<Seat> = state.traces.values_mut().filter_map(Slot::take_seat).collect();
        drop(state);
        drop(seats);
    }

    /// How many endings wait for their reader.
    pub(crate) fn unread(&self) -> usize {
        self.state().traces.values().filter(|slot| matches!(slot, Slot::Ended(_))).count()
    }

    /// Takes the place of the reader; false if there is one.
    fn open(&self) -> bool {
        let mut state = self.state();
        let free = state.reader.is_none();
        if free {
            state.reader = Some(Order::Ended);
        }
        free
    }

    /// From now on the reader takes endings in the order of admission.
    fn by_admission(&self) {
        let mut state = self.state();
        state.reader = Some(Order::Admitted);
        state.ended.clear();
    }

    /// Leaves the place of the reader. What was not read goes to nobody.
    fn leave(&self) {
        let mut state = self.state();
        (state.reader, state.waker) = (None, None);
        state.ended.clear();
        let all = std::mem::take(&mut state.traces);
        let (unread, running) = all.into_iter().partition(|(_, slot)| matches!(slot, Slot::Ended(_)));
        state.traces = running;
        drop(state);
        for slot in unread.into_values() {
            if let Slot::Ended(unread) = slot {
                let (output, seat) = *unread;
                self.bury(output);
                drop(seat);
            }
        }
    }

    fn poll(&self, task: &mut Context<'_>) -> Poll<Option<Output<T>>> {
        let mut state = self.state();
        if let Some((output, seat)) = state.take() {
            // The place goes to somebody who waits, and must not find the lock taken.
            drop(state);
            drop(seat);
            return Poll::Ready(Some(output));
        }
        if state.closed && state.traces.is_empty() {
            return Poll::Ready(None);
        }
        state.waker = Some(task.waker().clone());
        Poll::Pending
    }

    /// Notes an ending that nobody will see.
    fn bury(&self, output: Output<T>) {
        let Output { trace_id, headers, ending, .. } = output;
        let ending = ending.into_result().map(drop).into();
        self.shared.dead_letter(trace_id, &headers, Unseen::Unread, ending);
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    /// The next ending in the reader's order, with its place.
    fn take(&mut self) -> Option<(Output<T>, Option<Seat>)> {
        let next = match self.reader? {
            Order::Ended => self.ended.pop_front()?,
            Order::Admitted => self.head()?,
        };
        match self.traces.remove(&next)? {
            Slot::Ended(ended) => Some(*ended),
            Slot::Runs => None,
        }
    }

    /// The oldest trace, if it has ended.
    fn head(&self) -> Option<u64> {
        let (number, slot) = self.traces.first_key_value()?;
        matches!(slot, Slot::Ended(_)).then_some(*number)
    }
}

impl<T> Slot<T> {
    fn take_seat(&mut self) -> Option<Seat> {
        match self {
            Slot::Runs => None,
            Slot::Ended(ended) => ended.1.take(),
        }
    }
}

/// Why a trace that has room was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotPosted {
    NoReader,
    /// The flow was shut down meanwhile.
    Closed,
}

/// A posted trace that runs. However it ends, its ending is handed in, once.
pub(crate) struct Posted<T> {
    posts: Arc<Posts<T>>,
    number: u64,
    trace_id: TraceId,
    headers: Headers,
    seat: Option<Seat>,
}

impl<T> Posted<T> {
    /// Registers a trace that has room. Where nobody would read its ending, the room is given back.
    pub(crate) fn register(posts: &Arc<Posts<T>>, trace_id: TraceId, headers: &Headers) -> Result<Self, NotPosted> {
        // Before the lock, so that it is given back behind it.
        let seat = Seat(posts.admission.clone());
        let mut state = posts.state();
        if state.closed {
            // The reader may have seen the end already.
            return Err(NotPosted::Closed);
        }
        if state.reader.is_none() {
            return Err(NotPosted::NoReader);
        }
        let number = state.next;
        state.next += 1;
        state.traces.insert(number, Slot::Runs);
        drop(state);
        Ok(Posted { posts: posts.clone(), number, trace_id, headers: headers.clone(), seat: Some(seat) })
    }

    /// Hands the ending in.
    pub(crate) fn end(mut self, ran: Result<M<T>, Stop>) {
        self.hand_in(ran);
    }

    fn hand_in(&mut self, ran: Result<M<T>, Stop>) {
        // Given back at the end, unless it goes along with the ending: who gets it must not find the lock taken.
        let mut seat = self.seat.take();
        if seat.is_none() {
            return;
        }
        let (ending, meta) = match ran {
            Ok(M { value, meta }) => (Ending::Completed(value), meta),
            Err(stop) => (Err(stop).into(), Meta::default()),
        };
        let output = Output { trace_id: self.trace_id, headers: std::mem::take(&mut self.headers), meta, ending };
        let mut state = self.posts.state();
        let Some(order) = state.reader else {
            state.traces.remove(&self.number);
            drop(state);
            self.posts.bury(output);
            return;
        };
        let kept = if state.places_freed { None } else { seat.take() };
        state.traces.insert(self.number, Slot::Ended(Box::new((output, kept))));
        if order == Order::Ended {
            state.ended.push_back(self.number);
        }
        let readable = order == Order::Ended || state.head().is_some();
        let waker = if readable { state.waker.take() } else { None };
        drop(state);
        waker.into_iter().for_each(Waker::wake);
    }
}

impl<T> Drop for Posted<T> {
    fn drop(&mut self) {
        // Its task was dropped by a runtime that went away.
        self.hand_in(Err(Stop::Cancelled));
    }
}

#[cfg(test)]
mod tests;
