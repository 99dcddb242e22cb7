//! Counts latencies so that their quantiles are known with a bounded error, in bounded memory. Reads no clock.
//!
//! Log-linear, as in [HdrHistogram](https://github.com/HdrHistogram/HdrHistogram): each power of two of nanoseconds is cut into 32 parts of one
//! size, so that a part is never wider than 1/32 of what it holds.

use std::time::Duration;

/// Parts of a power of two, as a power of two.
const PARTS_LOG: u32 = 5;
const PARTS: u64 = 1 << PARTS_LOG;
/// What is as long or longer, 73 minutes, is counted in the last part.
const TOP_LOG: u32 = 42;
const BUCKETS: usize = ((TOP_LOG - PARTS_LOG + 1) * PARTS as u32) as usize;

/// The latencies so far. Its 10 kB are there from the first one on.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    counts: Option<Box<[u64]>>,
    count: u64,
    total: Duration,
    max: Duration,
}

impl Histogram {
    pub(super) fn add(&mut self, latency: Duration) {
        let counts = self.counts.get_or_insert_with(|| vec![0; BUCKETS].into());
        counts[bucket(nanos(latency))] += 1;
        self.count += 1;
        self.total = self.total.saturating_add(latency);
        self.max = self.max.max(latency);
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// All of them in a row.
    pub(super) fn total(&self) -> Duration {
        self.total
    }

    pub(super) fn max(&self) -> Duration {
        self.max
    }

    /// The latency that `per_mille` of a thousand do not exceed: never less than the exact one, and at most 1/32 more.
    pub(super) fn quantile(&self, per_mille: u64) -> Duration {
        let rank = (u128::from(self.count) * u128::from(per_mille)).div_ceil(1_000).max(1);
        let mut seen = 0_u128;
        for (at, count) in self.counts.iter().flatten().enumerate() {
            seen += u128::from(*count);
            if seen >= rank {
                return if at == BUCKETS - 1 { self.max } else { Duration::from_nanos(last_of(at)).min(self.max) };
            }
        }
        Duration::ZERO
    }
}

fn nanos(latency: Duration) -> u64 {
    u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX)
}

/// The part that `nanos` belongs to.
fn bucket(nanos: u64) -> usize {
    let nanos = nanos.min((1 << TOP_LOG) - 1);
    if nanos < PARTS {
        return nanos as usize;
    }
    let shift = nanos.ilog2() - PARTS_LOG;
    (u64::from(shift) * PARTS + (nanos >> shift)) as usize
}

/// The longest of a part.
fn last_of(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < PARTS {
        return bucket;
    }
    let shift = bucket / PARTS - 1;
    let part = bucket - shift * PARTS;
    ((part + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::{BUCKETS, Histogram, TOP_LOG, bucket, last_of};
    use proptest::prelude::*;
    use std::time::Duration;

    #[test]
    fn the_parts_cover_all_latencies_without_a_gap() {
        let mut next = 0;
        for at in 0..BUCKETS {
            let last = last_of(at);
            assert_eq!((bucket(next), bucket(last)), (at, at));
            next = last + 1;
        }
        assert_eq!((next, bucket(u64::MAX)), (1 << TOP_LOG, BUCKETS - 1));
    }

    #[test]
    fn what_is_longer_than_all_parts_is_told_as_the_longest() {
        let mut histogram = Histogram::default();
        assert_eq!((histogram.quantile(500), histogram.count()), (Duration::ZERO, 0));
        histogram.add(Duration::from_secs(100_000));
        histogram.add(Duration::MAX);
        assert_eq!((histogram.quantile(990), histogram.total()), (Duration::MAX, Duration::MAX));
    }

    proptest! {
        /// Against the quantiles of the sorted latencies.
        #[test]
        fn a_quantile_is_at_most_one_part_in_32_too_long(
            mut nanos in proptest::collection::vec((0_u32..42, any::<u64>()), 1..300),
            per_mille in 1_u64..=1_000,
        ) {
            let mut all: Vec<u64> = nanos.drain(..).map(|(log, any)| any & ((1 << log) - 1)).collect();
            let mut histogram = Histogram::default();
            all.iter().for_each(|nanos| histogram.add(Duration::from_nanos(*nanos)));
            all.sort_unstable();
            let exact = all[((all.len() as u64 * per_mille).div_ceil(1_000) - 1) as usize];
            let told = u64::try_from(histogram.quantile(per_mille).as_nanos()).expect("is short");
            prop_assert!(told >= exact && told - exact <= exact / 32, "{told} for {exact}");
        }
    }
}
