//! The locks that hand-written synchronisation is built on. A seam: the model tests put locks in their place whose every
//! step a scheduler chooses. Knows nothing else.

pub(crate) use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks `mutex`. A poisoned lock only tells that another thread panicked between two complete states.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
