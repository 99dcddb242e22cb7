//! Virtual time, and ids that never run backward.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use uuid::{Uuid, Variant};

use super::{Clock, Entropy, Seam, SystemClock, later, millis, secs};

/// Shows each of its readings, then goes on showing the last one.
struct Readings(Vec<Duration>, AtomicU64);

impl Readings {
    fn of(since_1970: impl Into<Vec<Duration>>) -> Self {
        Self(since_1970.into(), AtomicU64::new(0))
    }
}

impl Clock for Readings {
    fn wall_at(&self, _: Instant) -> SystemTime {
        let turn = self.1.fetch_add(1, Ordering::Relaxed) as usize;
        SystemTime::UNIX_EPOCH + self.0[turn.min(self.0.len() - 1)]
    }
}

#[test]
fn an_id_is_a_uuid_of_version_7_with_the_wall_time_in_it() {
    let at = Duration::new(1_700_000_000, 123_500_000);
    let id = Seam::seeded(1).with_clock(Readings::of([at])).trace_id();

    let uuid = Uuid::from_u128(id.as_u128());
    assert_eq!(uuid.get_version_num(), 7);
    assert_eq!(uuid.get_variant(), Variant::RFC4122);
    assert_eq!(id.as_u128() >> 80, 1_700_000_000_123, "milliseconds stand first");
    assert_eq!(id.as_u128() >> 64 & 0xfff, 2048, "half a millisecond is 2048 ticks");
}

#[test]
fn ids_of_one_instant_ascend_past_the_counter_of_a_millisecond() {
    let seam = Seam::seeded(1).with_clock(Readings::of([secs(5)]));
    let ids: Vec<_> = (0..10_000).map(|_| seam.trace_id()).collect();
    assert!(ids.is_sorted_by(|one, next| one < next));
    let uuids = ids.iter().map(|id| Uuid::from_u128(id.as_u128()));
    assert!(uuids.into_iter().all(|uuid| uuid.get_version_num() == 7));
}

#[test]
fn ids_ascend_while_the_wall_clock_goes_back() {
    let seam = Seam::seeded(1).with_clock(Readings::of([secs(100), secs(40), secs(99), secs(101)]));
    let ids: Vec<_> = (0..4).map(|_| seam.trace_id()).collect();
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
    assert_eq!(ids[3].as_u128() >> 80, 101_000, "the clock is followed again once it has caught up");
}

#[test]
fn a_wall_clock_before_1970_still_gives_ids() {
    struct Ancient;
    impl Clock for Ancient {
        fn wall_at(&self, _: Instant) -> SystemTime {
            SystemTime::UNIX_EPOCH - secs(1)
        }
    }
    let seam = Seam::seeded(1).with_clock(Ancient);
    assert!(seam.trace_id() < seam.trace_id());
}

#[test]
fn threads_that_share_a_seam_get_ascending_ids_and_never_the_same() {
    let seam = Seam::seeded(1).with_clock(Readings::of([secs(5)]));
    let mut all: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let seam = seam.clone();
                scope.spawn(move || (0..2_000).map(|_| seam.trace_id()).collect::<Vec<_>>())
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| {
                let ids = thread.join().expect("no panic");
                assert!(ids.is_sorted_by(|one, next| one < next));
                ids
            })
            .collect()
    });
    // The time stamps alone tell them apart: the counter is one for all threads.
    all.iter_mut().for_each(|id| *id = crate::id::TraceId::from_u128(id.as_u128() >> 64));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 8_000);
}

#[test]
fn another_clock_keeps_the_random_sequence_and_the_order_of_ids() {
    let seam = Seam::seeded(1).with_clock(Readings::of([secs(100)]));
    let before = seam.trace_id();
    let replaced = seam.clone().with_clock(Readings::of([secs(1)]));
    assert!(replaced.trace_id() > before);

    let sequence = Entropy::seeded(1);
    let _two_ids = (sequence.next_u64(), sequence.next_u64());
    assert_eq!(replaced.jitter().to_bits(), sequence.unit_f64().to_bits());
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_ids_and_jitter_on_virtual_time() {
    async fn draw(seed: u64) -> Vec<String> {
        let seam = Seam::seeded(seed);
        let mut drawn = Vec::new();
        for _ in 0..3 {
            drawn.push(format!("{} {} {:?}", seam.trace_id(), seam.jitter(), seam.wall()));
            seam.sleep(millis(1_500)).await;
        }
        drawn
    }
    assert_eq!(draw(11).await, draw(11).await);
    assert_ne!(draw(11).await, draw(12).await);
}

#[tokio::test(start_paused = true)]
async fn wall_time_follows_virtual_time() {
    let seam = Seam::system();
    let (now, wall) = (seam.now(), seam.wall());
    seam.sleep(secs(3_600)).await;
    assert_eq!(seam.now() - now, secs(3_600));
    assert_eq!(seam.wall().duration_since(wall).ok(), Some(secs(3_600)));
}

#[tokio::test(start_paused = true)]
async fn sleep_until_ends_at_its_instant_and_at_once_for_a_past_one() {
    let seam = Seam::system();
    let start = seam.now();
    seam.sleep_until(start + secs(7)).await;
    assert_eq!(seam.now() - start, secs(7));
    seam.sleep_until(start).await;
    assert_eq!(seam.now() - start, secs(7));
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_end_is_armed_and_does_not_overflow() {
    let seam = Seam::system();
    let outcome = tokio::time::timeout(secs(86_400), seam.sleep(Duration::MAX)).await;
    assert!(outcome.is_err(), "a day is shorter than the longest wait");
    assert!(later(seam.now(), Duration::MAX) - seam.now() >= secs(86_400 * 365 * 29));
}

#[test]
fn a_wall_clock_at_the_end_of_time_stands_still_instead_of_overflowing() {
    let latest = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(i64::MAX as u64)).expect("fits");
    #[allow(clippy::disallowed_methods, reason = "the seam itself is tested")]
    let clock = SystemClock { started: Instant::now() - secs(1), wall_started: latest };
    assert_eq!(clock.wall_at(clock.now()), latest);
}
