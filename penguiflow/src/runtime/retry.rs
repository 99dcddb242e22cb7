//! Decides whether a failed attempt runs again, and when. Pure: no clock, no tasks.

use crate::bug::bug;
use crate::error::ErrorClass;
use crate::policy::backoff::{DELAY_MAX, delay};
use crate::policy::{Jitter, Policy};
use std::time::Duration;

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

#[cfg(test)]
mod tests;
