//! What hand-written synchronisation is built on. A seam: the model tests put others in their place, at whose every step a
//! scheduler chooses who goes on. Knows nothing else.

pub(crate) use futures_util::task::AtomicWaker;
pub(crate) use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
pub(crate) use std::sync::{Mutex, MutexGuard, PoisonError};
pub(crate) use tokio::sync::{Notify, Semaphore};

/// Locks `mutex`. A poisoned lock only tells that another thread panicked between two complete states.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
