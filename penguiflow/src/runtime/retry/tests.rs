//! The delays of the formula, and who gets none.

use super::next_delay;
use crate::error::ErrorClass::{Fatal, Retry};
use crate::policy::{Backoff, Jitter, Policy};
use std::time::Duration;

const MS: fn(u64) -> Duration = Duration::from_millis;

fn policy() -> Policy {
    Policy::new().with_retries(4).with_jitter(Jitter::None)
}

fn delays(policy: &Policy) -> Vec<Option<Duration>> {
    (1..=5).map(|attempt| next_delay(policy, attempt, Retry, None, || 0.5)).collect()
}

#[test]
fn delays_follow_the_formula_exactly_without_jitter() {
    assert_eq!(delays(&policy()), [Some(MS(500)), Some(MS(1000)), Some(MS(2000)), Some(MS(4000)), None]);
}

#[test]
fn the_cap_holds_from_the_first_retry() {
    let capped = policy().with_backoff(Backoff::new().with_cap(MS(300))).with_jitter(Jitter::None);
    assert_eq!(delays(&capped), [Some(MS(300)), Some(MS(300)), Some(MS(300)), Some(MS(300)), None]);
}

#[test]
fn full_jitter_takes_a_random_part_of_the_delay() {
    let spread = policy().with_jitter(Jitter::Full);
    assert_eq!(next_delay(&spread, 2, Retry, None, || 0.25), Some(MS(250)));
    assert_eq!(next_delay(&spread, 2, Retry, None, || 0.0), Some(MS(0)));
}

#[test]
fn retry_after_is_honoured_where_it_is_longer() {
    assert_eq!(next_delay(&policy(), 1, Retry, Some(MS(9000)), || 0.5), Some(MS(9000)));
    assert_eq!(next_delay(&policy(), 1, Retry, Some(MS(10)), || 0.5), Some(MS(500)));
}

#[test]
fn a_fatal_error_is_never_tried_again() {
    assert_eq!(next_delay(&policy(), 1, Fatal, Some(MS(1)), || 0.5), None);
}

#[test]
fn huge_exponents_end_at_the_longest_delay_instead_of_overflowing() {
    let steep = Policy::new().with_retries(1000).with_jitter(Jitter::None);
    let delay = next_delay(&steep, 900, Retry, None, || 0.5);
    assert_eq!(delay, Some(Duration::from_secs(365 * 24 * 3600)));
}
