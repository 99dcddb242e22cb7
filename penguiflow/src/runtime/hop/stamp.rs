//! When an attempt began, small enough for the gap that each hop's frame has anyway. Knows no clock.

use std::time::Duration;

/// A time since the trace was let in, to the nanosecond, up to two years.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stamp([u8; 7]);

impl Stamp {
    pub(super) fn new(since: Duration) -> Self {
        const MAX: u64 = (1 << 56) - 1;
        let nanos = u64::try_from(since.as_nanos()).map_or(MAX, |nanos| nanos.min(MAX));
        let [kept @ .., _] = nanos.to_le_bytes();
        Stamp(kept)
    }

    pub(super) fn since(self) -> Duration {
        let [a, b, c, d, e, f, g] = self.0;
        Duration::from_nanos(u64::from_le_bytes([a, b, c, d, e, f, g, 0]))
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;
    use std::time::Duration;

    #[test]
    fn a_stamp_keeps_a_time_to_the_nanosecond_and_stays_at_its_end() {
        for since in [Duration::ZERO, Duration::from_nanos(1), Duration::new(86_400 * 400, 999_999_999)] {
            assert_eq!(Stamp::new(since).since(), since);
        }
        assert_eq!(Stamp::new(Duration::MAX).since(), Duration::from_nanos((1 << 56) - 1));
        assert_eq!(align_of::<Stamp>(), 1);
    }
}
