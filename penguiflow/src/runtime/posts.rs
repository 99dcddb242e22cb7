//! Holds the endings of posted traces until their one reader takes them. Decides what goes where; runs nothing.

use crate::error::{Ending, Stop};
use crate::graph::letters::Unseen;
use crate::graph::table::Shared;
use crate::graph::value::M;
use crate::id::TraceId;
use crate::message::{Headers, Meta};
use crate::runtime::admission::Admission;
use crate::runtime::posts::outputs::Output;
use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

pub(crate) mod outputs;

/// The posted traces of a started flow.
///
/// Their number is bounded by the flow's places: a trace keeps its place until its ending was taken.
pub(crate) struct Posts<T> {
    tray: Tray,
    /// Take the type from an ending and give it back. Only here is it known what an ending must be for that.
    erase: fn(Output<T>) -> Box<dyn Unread>,
    restore: fn(Box<dyn Unread>) -> Option<Output<T>>,
}

/// The posted traces of a flow, whatever it gives: compiled once for all flows.
pub(crate) struct Tray {
    admission: Arc<Admission>,
    shared: Arc<Shared>,
    state: Box<dyn Traces>,
}

/// The state behind its lock. Erased, so that a flow does not compile how it is dropped.
trait Traces: Send + Sync {
    fn state(&self) -> MutexGuard<'_, State>;
}

impl Traces for Mutex<State> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct State {
    /// The number of the next trace, in the order of admission.
    next: u64,
    traces: BTreeMap<u64, Slot>,
    /// Those that have ended, in that order, for a reader that takes them so.
    ended: VecDeque<u64>,
    reader: Option<Order>,
    waker: Option<Waker>,
    /// Nobody posts any more.
    closed: bool,
    /// Endings keep no place any more, because nobody waits for one.
    places_freed: bool,
}

enum Slot {
    Runs,
    Ended(Box<dyn Unread>, Option<Seat>),
}

/// An ending that waits for its reader: an `Output` of what the flow gives.
trait Unread: Any + Send {
    /// What is told of it if nobody will read it.
    fn letter(self: Box<Self>) -> (TraceId, Headers, Ending<()>);
}

impl<T: Send + 'static> Unread for Output<T> {
    fn letter(self: Box<Self>) -> (TraceId, Headers, Ending<()>) {
        let Output { trace_id, headers, ending, .. } = *self;
        (trace_id, headers, ending.into_result().map(drop).into())
    }
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

impl<T: Send + 'static> Posts<T> {
    pub(crate) fn new(admission: Arc<Admission>, shared: Arc<Shared>) -> Self {
        let restore = |unread: Box<dyn Unread>| (unread as Box<dyn Any>).downcast().ok().map(|output| *output);
        Posts { tray: Tray::new(admission, shared), erase: |output| Box::new(output), restore }
    }
}

impl<T> Posts<T> {
    fn poll(&self, task: &mut Context<'_>) -> Poll<Option<Output<T>>> {
        self.tray.poll(task).map(|unread| unread.and_then(self.restore))
    }
}

impl<T> Deref for Posts<T> {
    type Target = Tray;

    fn deref(&self) -> &Tray {
        &self.tray
    }
}

impl Tray {
    fn new(admission: Arc<Admission>, shared: Arc<Shared>) -> Self {
        let state = State {
            next: 0,
            traces: BTreeMap::new(),
            ended: VecDeque::new(),
            reader: None,
            waker: None,
            closed: false,
            places_freed: false,
        };
        Tray { admission, shared, state: Box::new(Mutex::new(state)) }
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
        self.state().traces.values().filter(|slot| matches!(slot, Slot::Ended(..))).count()
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
        let (unread, running) = all.into_iter().partition(|(_, slot)| matches!(slot, Slot::Ended(..)));
        state.traces = running;
        drop(state);
        for slot in unread.into_values() {
            if let Slot::Ended(unread, seat) = slot {
                self.bury(unread);
                drop(seat);
            }
        }
    }

    fn poll(&self, task: &mut Context<'_>) -> Poll<Option<Box<dyn Unread>>> {
        let mut state = self.state();
        if let Some((unread, seat)) = state.take() {
            // The place goes to somebody who waits, and must not find the lock taken.
            drop(state);
            drop(seat);
            return Poll::Ready(Some(unread));
        }
        if state.closed && state.traces.is_empty() {
            return Poll::Ready(None);
        }
        state.waker = Some(task.waker().clone());
        Poll::Pending
    }

    /// The number of a trace that is let in now, and its place. Where nobody would read its ending, the room is given back.
    fn enter(&self) -> Result<(u64, Seat), NotPosted> {
        // Before the lock, so that it is given back behind it.
        let seat = Seat(self.admission.clone());
        let mut state = self.state();
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
        Ok((number, seat))
    }

    /// Takes the ending of a trace. Its place is given back at the end, unless it goes along with the ending: who gets it must
    /// not find the lock taken.
    fn hand_in(&self, number: u64, unread: Box<dyn Unread>, seat: Seat) {
        let mut seat = Some(seat);
        let mut state = self.state();
        let Some(order) = state.reader else {
            state.traces.remove(&number);
            drop(state);
            self.bury(unread);
            return;
        };
        let kept = if state.places_freed { None } else { seat.take() };
        state.traces.insert(number, Slot::Ended(unread, kept));
        if order == Order::Ended {
            state.ended.push_back(number);
        }
        let readable = order == Order::Ended || state.head().is_some();
        let waker = if readable { state.waker.take() } else { None };
        drop(state);
        waker.into_iter().for_each(Waker::wake);
    }

    /// Notes an ending that nobody will see.
    fn bury(&self, unread: Box<dyn Unread>) {
        let (trace_id, headers, ending) = unread.letter();
        self.shared.dead_letter(trace_id, &headers, Unseen::Unread, ending);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.state()
    }
}

impl State {
    /// The next ending in the reader's order, with its place.
    fn take(&mut self) -> Option<(Box<dyn Unread>, Option<Seat>)> {
        let next = match self.reader? {
            Order::Ended => self.ended.pop_front()?,
            Order::Admitted => self.head()?,
        };
        match self.traces.remove(&next)? {
            Slot::Ended(unread, seat) => Some((unread, seat)),
            Slot::Runs => None,
        }
    }

    /// The oldest trace, if it has ended.
    fn head(&self) -> Option<u64> {
        let (number, slot) = self.traces.first_key_value()?;
        matches!(slot, Slot::Ended(..)).then_some(*number)
    }
}

impl Slot {
    fn take_seat(&mut self) -> Option<Seat> {
        match self {
            Slot::Runs => None,
            Slot::Ended(_, seat) => seat.take(),
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
        let (number, seat) = posts.enter()?;
        Ok(Posted { posts: posts.clone(), number, trace_id, headers: headers.clone(), seat: Some(seat) })
    }

    /// Hands the ending in.
    pub(crate) fn end(mut self, ran: Result<M<T>, Stop>) {
        self.hand_in(ran);
    }

    fn hand_in(&mut self, ran: Result<M<T>, Stop>) {
        let Some(seat) = self.seat.take() else { return };
        let (ending, meta) = match ran {
            Ok(M { value, meta }) => (Ending::Completed(value), meta),
            Err(stop) => (Err(stop).into(), Meta::default()),
        };
        let output = Output { trace_id: self.trace_id, headers: std::mem::take(&mut self.headers), meta, ending };
        self.posts.hand_in(self.number, (self.posts.erase)(output), seat);
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
