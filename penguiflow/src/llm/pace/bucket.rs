//! So much in a minute. Must not know of what.

use crate::clock::{Seam, later};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);

/// A bucket that holds a minute's worth and fills up steadily. It begins full.
pub(super) struct Bucket {
    most: u32,
    /// Whoever waits holds it: tokio's mutex is fair, so the one who waits longest is next.
    level: Mutex<Level>,
    /// What is given back or owed since the level was last looked at.
    corrections: AtomicI64,
}

struct Level {
    /// In millionths, so that no fraction is lost; below nothing where more was used than was taken.
    micros: i128,
    at: Instant,
}

const ONE: i128 = 1_000_000;

impl Bucket {
    pub(super) fn new(most: u32, now: Instant) -> Self {
        let most = most.max(1);
        let level = Level { micros: i128::from(most) * ONE, at: now };
        Bucket { most, level: Mutex::new(level), corrections: AtomicI64::new(0) }
    }

    /// Waits until there is so much, and takes it. More than a minute's worth is taken as a minute's worth.
    ///
    /// *Cancel safety*: dropped while it waits, it has taken nothing.
    pub(super) async fn take(&self, count: u64, seam: &Seam) {
        let wanted = i128::from(count.min(u64::from(self.most))) * ONE;
        let mut level = self.level.lock().await;
        loop {
            self.fill(&mut level, seam.now());
            let missing = wanted - level.micros;
            if missing <= 0 {
                level.micros -= wanted;
                return;
            }
            let nanos =
                missing * i128::try_from(MINUTE.as_nanos()).unwrap_or(i128::MAX) / (i128::from(self.most) * ONE);
            // A timer's resolution is a millisecond.
            let wait = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)).max(Duration::from_millis(1));
            seam.sleep_until(later(seam.now(), wait)).await;
        }
    }

    /// Gives back what was taken and not used, or notes what was used and not taken.
    pub(super) fn correct(&self, taken: u64, used: u64) {
        let taken = i64::try_from(taken.min(u64::from(self.most))).unwrap_or(i64::MAX);
        let used = i64::try_from(used).unwrap_or(i64::MAX);
        // Relaxed: a sum, that publishes nothing else.
        self.corrections.fetch_add(taken.saturating_sub(used), Ordering::Relaxed);
    }

    fn fill(&self, level: &mut Level, now: Instant) {
        let most = i128::from(self.most) * ONE;
        let elapsed = i128::try_from(now.saturating_duration_since(level.at).as_nanos()).unwrap_or(i128::MAX);
        let minute = i128::try_from(MINUTE.as_nanos()).unwrap_or(i128::MAX);
        let filled = elapsed.saturating_mul(most) / minute;
        let corrected = i128::from(self.corrections.swap(0, Ordering::Relaxed)) * ONE;
        level.micros = level.micros.saturating_add(filled).saturating_add(corrected).min(most);
        level.at = now;
    }
}
