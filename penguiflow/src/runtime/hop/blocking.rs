//! Runs a plain function on tokio's blocking threads, and counts the calls that outlive their trace.

use crate::runtime::hop::At;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

/// Calls `call` on a blocking thread. A call that is on its thread already runs to its end and keeps the node's permit;
/// dropping the future only discards its result.
pub fn blocking<S, T: Send + 'static>(at: At<'_, '_, S>, call: impl FnOnce() -> T + Send + 'static) -> Blocking<T> {
    let phase = Arc::new(AtomicU8::new(CALLED));
    let orphans = at.cx.nodes().orphans().clone();
    let on_thread = OnThread { phase: phase.clone(), orphans: orphans.clone(), _permit: at.permit.take() };
    let handle = tokio::task::spawn_blocking(move || {
        let _on_thread = on_thread;
        call()
    });
    Blocking { handle, phase, orphans }
}

const CALLED: u8 = 0;
const ABANDONED: u8 = 1;
const RETURNED: u8 = 2;

/// A call on a blocking thread.
#[must_use = "a blocking call's result is lost unless awaited"]
pub struct Blocking<T> {
    handle: JoinHandle<T>,
    phase: Arc<AtomicU8>,
    orphans: Arc<AtomicUsize>,
}

impl<T> Future for Blocking<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<T> {
        match ready!(Pin::new(&mut self.handle).poll(task)) {
            Ok(value) => Poll::Ready(value),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Only `drop` below aborts, so this is a runtime that shuts down: nobody is left to answer.
                Err(_) => Poll::Pending,
            },
        }
    }
}

impl<T> Drop for Blocking<T> {
    fn drop(&mut self) {
        // A call that waits for a thread is taken back; one that runs is abandoned.
        self.handle.abort();
        if self.phase.swap(ABANDONED, Ordering::AcqRel) == CALLED {
            self.orphans.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Lives as long as the call.
struct OnThread {
    phase: Arc<AtomicU8>,
    orphans: Arc<AtomicUsize>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Drop for OnThread {
    fn drop(&mut self) {
        if self.phase.swap(RETURNED, Ordering::AcqRel) == ABANDONED {
            self.orphans.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
