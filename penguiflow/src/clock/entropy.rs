//! Draws random numbers that a seed repeats. Must not be used where an attacker gains by guessing: keys, tokens, nonces.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

/// A fast random source for ids and jitter, shared between threads without a lock.
///
/// SplitMix64 (Guy L. Steele Jr., Doug Lea, Christine H. Flood: *Fast Splittable Pseudorandom Number Generators*,
/// OOPSLA 2014; output function by David Stafford, variant 13): a counter that advances by the golden ratio, each
/// value scrambled. One atomic add a number, period 2⁶⁴, every number once in a period.
///
/// Not cryptographic: two numbers in a row reveal the rest.
///
/// ```
/// use penguiflow::clock::Entropy;
///
/// let (one, other) = (Entropy::seeded(42), Entropy::seeded(42));
/// assert_eq!(one.next_u64(), other.next_u64());
/// assert!((0.0..1.0).contains(&one.unit_f64()));
/// ```
#[derive(Debug)]
pub struct Entropy {
    counter: AtomicU64,
}

const GOLDEN_RATIO: u64 = 0x9e37_79b9_7f4a_7c15;

impl Entropy {
    /// Seeds from the operating system.
    #[must_use]
    pub fn from_os() -> Self {
        // The keys of std's hash maps come from the operating system; an empty hash is a function of the keys alone.
        Self::seeded(RandomState::new().hash_one(()))
    }

    /// Seeds with a number: the same seed gives the same sequence, on every platform.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self { counter: AtomicU64::new(seed) }
    }

    /// Draws 64 random bits.
    #[must_use]
    pub fn next_u64(&self) -> u64 {
        // Relaxed: each caller needs a value of its own, in no order towards other memory.
        let mut z = self.counter.fetch_add(GOLDEN_RATIO, Ordering::Relaxed).wrapping_add(GOLDEN_RATIO);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Draws a number in `[0, 1)`, uniform over the multiples of 2⁻⁵³.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit the mantissa exactly")]
    pub fn unit_f64(&self) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 53) as f64;
        (self.next_u64() >> 11) as f64 * STEP
    }
}

#[cfg(test)]
mod tests;
