//! How long a call waits, and for what. Must not know what is done about it.

use crate::clock::{Seam, later};
use crate::llm::error::Patience;
use futures_util::future::{Either, select};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::Instant;

/// How long a call may take.
///
/// ```
/// use penguiflow::clock::secs;
/// use penguiflow::llm::Timeouts;
///
/// let timeouts = Timeouts::default().with_total(secs(30)).with_chunk(secs(5));
/// assert_eq!(timeouts.attempt, secs(360));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// For the whole call, with all attempts and the waits between them; 10 minutes. The trace's deadline comes first where it is nearer.
    pub total: Duration,
    /// For one attempt, until its answer is complete; 6 minutes.
    pub attempt: Duration,
    /// For the next piece of a streamed answer, the first one included; 90 seconds.
    pub chunk: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let secs = Duration::from_secs;
        Timeouts { total: secs(600), attempt: secs(360), chunk: secs(90) }
    }
}

impl Timeouts {
    /// With another one for the whole call.
    #[must_use]
    pub fn with_total(self, total: Duration) -> Self {
        Timeouts { total, ..self }
    }

    /// With another one for one attempt.
    #[must_use]
    pub fn with_attempt(self, attempt: Duration) -> Self {
        Timeouts { attempt, ..self }
    }

    /// With another one for the next piece of a streamed answer.
    #[must_use]
    pub fn with_chunk(self, chunk: Duration) -> Self {
        Timeouts { chunk, ..self }
    }
}

/// When waiting ends, and whose patience that is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Until {
    pub(super) at: Instant,
    pub(super) patience: Patience,
}

impl Until {
    pub(super) fn after(wait: Duration, patience: Patience, seam: &Seam) -> Self {
        Until { at: later(seam.now(), wait), patience }
    }

    pub(super) fn sooner(self, other: Until) -> Self {
        if other.at < self.at { other } else { self }
    }
}

/// What `future` gives, or whose patience came to its end before that. It is asked for `until` once it has to wait.
pub(super) async fn before<F: Future>(
    until: impl FnOnce() -> Until,
    seam: &Seam,
    future: F,
) -> Result<F::Output, Patience> {
    let mut future = pin!(future);
    // What is there at once is taken, also when time is up. Most pieces of an answer are: they read no clock and arm no timer.
    if let Poll::Ready(output) = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await {
        return Ok(output);
    }
    let until = until();
    match select(future, pin!(seam.sleep_until(until.at))).await {
        Either::Left((output, _)) => Ok(output),
        Either::Right(_) => Err(until.patience),
    }
}
