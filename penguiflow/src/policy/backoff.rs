//! The delays that a policy's backoff gives, before they are spread at random. Pure, and known while a flow compiles.

use crate::policy::{Backoff, Policy};
use std::time::Duration;

/// The longest delay that a formula can give: beyond it the arithmetic of timers ends.
pub(crate) const DELAY_MAX: Duration = Duration::from_secs(365 * 24 * 3600);

/// So many delays are added one by one; the formula has reached its cap by then, or grows too slowly for anyone to care.
const ADDED_MAX: u32 = 256;

/// `min(cap, base · factor^retry)`, retry from 0.
pub(crate) const fn delay(backoff: &Backoff, retry: u32) -> Duration {
    let cap = match backoff.cap {
        Some(cap) if cap.as_nanos() < DELAY_MAX.as_nanos() => cap,
        Some(_) | None => DELAY_MAX,
    };
    let factor = if backoff.factor > 0.0 { backoff.factor } else { 0.0 };
    let seconds = backoff.base.as_secs_f64() * power(factor, retry);
    // What is no number is no delay below the cap, either.
    if seconds < DELAY_MAX.as_secs_f64() {
        let whole = seconds as u64;
        // Rounded, as `Duration::from_secs_f64` does, which is no constant.
        let nanos = ((seconds - whole as f64) * 1e9 + 0.5) as u64;
        let delay = Duration::from_secs(whole).saturating_add(Duration::from_nanos(nanos));
        if delay.as_nanos() < cap.as_nanos() {
            return delay;
        }
    }
    cap
}

/// The most nanoseconds that all delays of `policy` together can be, if nobody asks to wait longer.
pub(crate) const fn delays_max(policy: &Policy) -> u128 {
    let mut sum = 0;
    let mut retry = 0;
    while retry < policy.retries && retry < ADDED_MAX {
        sum += delay(&policy.backoff, retry).as_nanos();
        retry += 1;
    }
    // Of what is not added one by one, each is at most the longest that the formula can give from there on.
    let longest = if policy.backoff.factor > 1.0 { u32::MAX } else { retry };
    sum + delay(&policy.backoff, longest).as_nanos() * (policy.retries - retry) as u128
}

/// `factor^exponent` by squaring: `powi` and `powf` are no constants.
const fn power(factor: f64, exponent: u32) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, factor, exponent);
    while rest > 0 {
        if rest % 2 == 1 {
            result *= square;
        }
        square *= square;
        rest /= 2;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{DELAY_MAX, delay, delays_max};
    use crate::policy::{Backoff, Policy};
    use std::time::Duration;

    #[test]
    fn all_delays_together_are_those_of_each_retry() {
        let policy = |retries, factor| {
            let backoff = Backoff::new().with_factor(factor).with_cap(Duration::from_secs(3));
            Policy::new().with_retries(retries).with_backoff(backoff)
        };
        let ms = |policy| delays_max(&policy) / 1_000_000;
        assert_eq!(ms(policy(0, 2.0)), 0);
        assert_eq!(ms(policy(4, 2.0)), 500 + 1_000 + 2_000 + 3_000);
        assert_eq!(ms(policy(1_000, 1.0)), 500 * 1_000);
        assert_eq!(ms(policy(1_000, 2.0)), 500 + 1_000 + 2_000 + 3_000 * 997);
        assert_eq!(ms(policy(3, 0.0)), 500);
    }

    #[test]
    fn no_delay_is_longer_than_the_longest() {
        let steep = Backoff::new().with_factor(f64::INFINITY);
        assert_eq!([delay(&steep, 0), delay(&steep, 1)], [Duration::from_millis(500), DELAY_MAX]);
        let nothing = Backoff::new().with_base(Duration::ZERO).with_factor(f64::INFINITY);
        assert_eq!(delay(&nothing, 1), DELAY_MAX, "what is no number is the longest");
        let huge = Policy::new().with_retries(u32::MAX).with_backoff(steep);
        assert!(delays_max(&huge) > u128::from(u32::MAX - 2) * DELAY_MAX.as_nanos());
    }
}
