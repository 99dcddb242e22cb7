//! Decides whether a failed attempt runs again, and when. Pure: no clock, no tasks.

use crate::bug::bug;
use crate::error::ErrorClass;
use crate::policy::{Backoff, Jitter, Policy};
use std::time::Duration;

/// The longest delay that a formula can give: beyond it the arithmetic of timers ends.
const DELAY_MAX: Duration = Duration::from_secs(365 * 24 * 3600);

/// How long to wait before the attempt after `attempt` (from 1), or nothing if this was the last one.
///
/// `random` is in 0..1. A `retry_after` of the other side is honoured where it is longer than the backoff.
pub(crate) fn next_delay(
    policy: &Policy,
    attempt: u32,
    class: ErrorClass,
    retry_after: Option<Duration>,
    random: impl FnOnce() -> f64,
) -> Option<Duration> {
    match class {
        ErrorClass::Fatal if !bug("retried_fatal") => None,
        ErrorClass::Retry if bug("short_retries") && attempt >= policy.retries => None,
        _ if attempt > policy.retries + u32::from(bug("wrong_retry_count")) => None,
        ErrorClass::Retry | ErrorClass::Fatal => {
            let backoff = delay(&policy.backoff, attempt.saturating_sub(1));
            let backoff = match policy.backoff.jitter {
                Jitter::None => backoff,
                Jitter::Full => backoff.mul_f64(random().clamp(0.0, 1.0)),
            };
            Some(backoff.max(retry_after.unwrap_or_default()).min(DELAY_MAX))
        }
    }
}

/// `min(cap, base · factor^retry)`, retry from 0.
fn delay(backoff: &Backoff, retry: u32) -> Duration {
    let cap = backoff.cap.unwrap_or(DELAY_MAX).min(DELAY_MAX);
    let seconds = backoff.base.as_secs_f64() * backoff.factor.max(0.0).powf(f64::from(retry));
    Duration::try_from_secs_f64(seconds).unwrap_or(cap).min(cap)
}

#[cfg(test)]
mod tests;
