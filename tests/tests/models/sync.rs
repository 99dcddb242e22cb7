//! What the pieces under test lock and wait with: the scheduler's own locks and atomics, and on top of them as much of
//! tokio's and futures' as the pieces use, by what those promise.

pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize};
pub(crate) use shuttle::sync::{Mutex, MutexGuard};
pub(crate) use std::sync::atomic::Ordering;

use std::collections::{HashSet, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::PoisonError;
use std::task::{Context, Poll, Waker};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `futures_util::task::AtomicWaker`: who registered last is woken, once.
#[derive(Default)]
pub(crate) struct AtomicWaker(Mutex<Option<Waker>>);

impl AtomicWaker {
    pub(crate) fn register(&self, waker: &Waker) {
        *lock(&self.0) = Some(waker.clone());
    }

    pub(crate) fn wake(&self) {
        let waker = lock(&self.0).take();
        waker.into_iter().for_each(Waker::wake);
    }
}

/// `tokio::sync::Notify`, as far as waking all goes: who asked to be notified before is.
#[derive(Default)]
pub(crate) struct Notify(Mutex<(usize, Vec<Waker>)>);

pub(crate) struct Notified<'a> {
    notify: &'a Notify,
    /// How often all were woken when this was made.
    since: usize,
}

impl Notify {
    pub(crate) fn new() -> Self {
        Notify::default()
    }

    pub(crate) fn notified(&self) -> Notified<'_> {
        Notified { notify: self, since: lock(&self.0).0 }
    }

    pub(crate) fn notify_waiters(&self) {
        let mut state = lock(&self.0);
        state.0 += 1;
        let waiting = std::mem::take(&mut state.1);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl Notified<'_> {
    pub(crate) fn enable(self: Pin<&mut Self>) -> bool {
        lock(&self.notify.0).0 > self.since
    }
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        let mut state = lock(&self.notify.0);
        if state.0 > self.since {
            return Poll::Ready(());
        }
        state.1.push(task.waker().clone());
        Poll::Pending
    }
}

/// `tokio::sync::Semaphore`: permits go to those who wait, in their order; who is dropped passes its permit on.
pub(crate) struct Semaphore(Mutex<Permits>);

#[derive(Default)]
struct Permits {
    free: usize,
    next: usize,
    waiting: VecDeque<(usize, Waker)>,
    granted: HashSet<usize>,
    closed: bool,
}

pub(crate) struct Closed;

pub(crate) struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    pub(crate) const MAX_PERMITS: usize = usize::MAX >> 3;

    pub(crate) fn new(free: usize) -> Self {
        Semaphore(Mutex::new(Permits { free, ..Permits::default() }))
    }

    pub(crate) async fn acquire(&self) -> Result<Permit<'_>, Closed> {
        let mut turn = Turn { semaphore: self, number: None };
        poll_fn(|task| turn.poll(task)).await
    }

    pub(crate) fn add_permits(&self, count: usize) {
        let mut permits = lock(&self.0);
        let mut woken = Vec::new();
        for _ in 0..count {
            match permits.waiting.pop_front() {
                Some((number, waker)) => {
                    permits.granted.insert(number);
                    woken.push(waker);
                }
                None => permits.free += 1,
            }
        }
        drop(permits);
        woken.into_iter().for_each(Waker::wake);
    }

    pub(crate) fn available_permits(&self) -> usize {
        lock(&self.0).free
    }

    pub(crate) fn forget_permits(&self, count: usize) -> usize {
        let mut permits = lock(&self.0);
        let forgotten = permits.free.min(count);
        permits.free -= forgotten;
        forgotten
    }

    pub(crate) fn close(&self) {
        let mut permits = lock(&self.0);
        permits.closed = true;
        let waiting = std::mem::take(&mut permits.waiting);
        drop(permits);
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
    }
}

impl Permit<'_> {
    pub(crate) fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

/// One who waits for a permit.
struct Turn<'a> {
    semaphore: &'a Semaphore,
    number: Option<usize>,
}

impl<'a> Turn<'a> {
    fn poll(&mut self, task: &mut Context<'_>) -> Poll<Result<Permit<'a>, Closed>> {
        let mut permits = lock(&self.semaphore.0);
        let number = match self.number {
            Some(number) if permits.granted.remove(&number) => {
                self.number = None;
                return Poll::Ready(Ok(Permit(self.semaphore)));
            }
            Some(number) => number,
            None if permits.free > 0 && !permits.closed => {
                permits.free -= 1;
                return Poll::Ready(Ok(Permit(self.semaphore)));
            }
            None => {
                permits.next += 1;
                permits.next
            }
        };
        if permits.closed {
            self.number = None;
            return Poll::Ready(Err(Closed));
        }
        self.number = Some(number);
        permits.waiting.retain(|(waiting, _)| *waiting != number);
        let at = permits.waiting.partition_point(|(waiting, _)| *waiting < number);
        permits.waiting.insert(at, (number, task.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let mut permits = lock(&self.semaphore.0);
        permits.waiting.retain(|(waiting, _)| *waiting != number);
        let granted = permits.granted.remove(&number);
        drop(permits);
        if granted {
            self.semaphore.add_permits(1);
        }
    }
}
