//! Runs a plain function on tokio's blocking threads, and counts the calls that outlive their trace.

use crate::runtime::hop::At;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

/// Calls `call` on a blocking thread. A call that is on its thread already runs to its end and keeps the node's permit;
/// dropping the future only discards its result. A call that still waits for a thread is taken back.
pub fn blocking<S, T, C>(at: At<'_, '_, S>, call: C) -> Blocking<T, C>
where
    T: Send + 'static,
    C: FnOnce() -> T + Send + 'static,
{
    let orphans = at.cx.nodes().orphans().clone();
    let queued = Queued { call, permit: at.permit.and_then(Option::take) };
    let shared = Arc::new(Shared { phase: Mutex::new(Phase::Queued(queued)), orphans });
    let on_thread = OnThread(shared.clone());
    let handle = tokio::task::spawn_blocking(move || on_thread.0.take().map(|queued| on_thread.run(queued)));
    Blocking { handle, shared }
}

/// A call on a blocking thread.
#[must_use = "a blocking call's result is lost unless awaited"]
pub struct Blocking<T, C> {
    handle: JoinHandle<Option<T>>,
    shared: Arc<Shared<C>>,
}

struct Shared<C> {
    phase: Mutex<Phase<C>>,
    orphans: Arc<AtomicUsize>,
}

/// How far a call is.
enum Phase<C> {
    /// It waits for a thread.
    Queued(Queued<C>),
    /// It is on its thread, and somebody waits for its result.
    Running,
    /// It is on its thread, and nobody waits for its result.
    Orphaned,
    /// It was taken back, or it has returned.
    Over,
}

struct Queued<C> {
    call: C,
    permit: Option<OwnedSemaphorePermit>,
}

impl<C> Shared<C> {
    fn phase(&self) -> MutexGuard<'_, Phase<C>> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the call to its thread, unless it was taken back.
    fn take(&self) -> Option<Queued<C>> {
        let mut phase = self.phase();
        match std::mem::replace(&mut *phase, Phase::Over) {
            Phase::Queued(queued) => {
                *phase = Phase::Running;
                Some(queued)
            }
            Phase::Running | Phase::Orphaned | Phase::Over => None,
        }
    }

    /// Nobody waits for the result any more. Gives back what must be dropped outside the lock.
    fn abandon(&self) -> Option<Queued<C>> {
        let mut phase = self.phase();
        match std::mem::replace(&mut *phase, Phase::Over) {
            Phase::Queued(queued) => return Some(queued),
            Phase::Running => {
                self.orphans.fetch_add(1, Ordering::Relaxed);
                *phase = Phase::Orphaned;
            }
            Phase::Orphaned | Phase::Over => {}
        }
        None
    }
}

/// The thread's end of a call.
struct OnThread<C>(Arc<Shared<C>>);

impl<C> OnThread<C> {
    fn run<T>(&self, Queued { call, permit }: Queued<C>) -> T
    where
        C: FnOnce() -> T,
    {
        let _permit = permit;
        call()
    }
}

impl<C> Drop for OnThread<C> {
    fn drop(&mut self) {
        let before = std::mem::replace(&mut *self.0.phase(), Phase::Over);
        if let Phase::Orphaned = before {
            self.0.orphans.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl<T, C> Future for Blocking<T, C> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<T> {
        match ready!(Pin::new(&mut self.handle).poll(task)) {
            Ok(Some(value)) => Poll::Ready(value),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // The call was taken back, which only `drop` does, or the runtime shuts down: nobody is left to answer.
            Ok(None) | Err(_) => Poll::Pending,
        }
    }
}

impl<T, C> Drop for Blocking<T, C> {
    fn drop(&mut self) {
        self.handle.abort();
        drop(self.shared.abandon());
    }
}
