//! Waits between two attempts to send, cut short when what is sent comes to its end. Knows no network.

use std::sync::{Condvar, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the wait before the last attempts is at most, so that a peer that is down does not use up all that is left.
const SOON: Duration = Duration::from_millis(100);

/// Waits for `pause`, or a little once the end has come, of which `left` tells how much time it leaves. False when there is none.
pub(super) fn pause<S>(
    more: &Condvar,
    state: MutexGuard<'_, S>,
    pause: Duration,
    left: impl Fn(&S) -> Option<Duration>,
) -> bool {
    let paused = more.wait_timeout_while(state, pause, |state| left(state).is_none());
    let state = paused.unwrap_or_else(PoisonError::into_inner).0;
    match left(&state) {
        None => true,
        Some(Duration::ZERO) => false,
        Some(left) => {
            drop(more.wait_timeout_while(state, left.min(SOON), |_| true));
            true
        }
    }
}
