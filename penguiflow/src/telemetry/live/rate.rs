//! Counts what happens second by second, as far back as a window reaches. Reads no clock: it is told the second.

use std::time::SystemTime;

/// More than the window has seconds, as a power of two.
const SECONDS: usize = 16;

/// How often something has happened in each of the last seconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Rate {
    counts: [u32; SECONDS],
    newest: u64,
}

/// The second of an event.
pub(super) fn second(at: SystemTime) -> u64 {
    at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn slot(second: u64) -> usize {
    (second % SECONDS as u64) as usize
}

impl Rate {
    /// Once more. What is older than all that is kept is forgotten.
    pub(super) fn add(&mut self, second: u64) {
        if second > self.newest {
            for passed in 1..=(second - self.newest).min(SECONDS as u64) {
                self.counts[slot(self.newest + passed)] = 0;
            }
            self.newest = second;
        }
        if self.keeps(second) {
            self.counts[slot(second)] = self.counts[slot(second)].saturating_add(1);
        }
    }

    /// How often in the last `seconds` until `now`, which is one of them.
    pub(super) fn within(&self, now: u64, seconds: u64) -> u64 {
        let from = now.saturating_sub(seconds.saturating_sub(1));
        (from..=now).filter(|second| self.keeps(*second)).map(|second| u64::from(self.counts[slot(second)])).sum()
    }

    fn keeps(&self, second: u64) -> bool {
        second <= self.newest && self.newest - second < SECONDS as u64
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn a_rate_counts_the_seconds_of_its_window_and_no_other() {
        let mut rate = Rate::default();
        for second in [100, 100, 103, 109, 110] {
            rate.add(second);
        }
        let within = |rate: &Rate, now| rate.within(now, 10);
        assert_eq!((within(&rate, 109), within(&rate, 110), within(&rate, 119), within(&rate, 120)), (4, 3, 1, 0));
        // A second that comes late, and one that comes too late.
        rate.add(108);
        rate.add(90);
        assert_eq!(within(&rate, 110), 4);
        // A long time later nothing of before is left.
        rate.add(10_000);
        assert_eq!((within(&rate, 10_000), within(&rate, 110)), (1, 0));
    }
}
