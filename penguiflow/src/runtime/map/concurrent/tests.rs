//! The bound, the order, and what a failure leaves behind.

use super::map_concurrent;
use crate::clock::{Seam, millis};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Counts who is inside, and how many were inside at most.
#[derive(Default)]
struct Inside {
    now: AtomicUsize,
    peak: AtomicUsize,
    started: AtomicUsize,
}

struct Leaves<'a>(&'a Inside);

impl Inside {
    fn enter(&self) -> Leaves<'_> {
        self.started.fetch_add(1, Relaxed);
        self.peak.fetch_max(self.now.fetch_add(1, Relaxed) + 1, Relaxed);
        Leaves(self)
    }
}

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn results_keep_the_order_of_their_items_whoever_is_first() {
    let seam = Seam::seeded(1);
    let inside = Inside::default();
    let squares = map_concurrent(0..4u64, 2, |n| {
        let (seam, inside) = (&seam, &inside);
        async move {
            let _inside = inside.enter();
            seam.sleep(millis(10 * (4 - n))).await;
            Ok::<_, ()>(n * n)
        }
    });
    assert_eq!(squares.await, Ok(vec![0, 1, 4, 9]));
    assert_eq!(inside.peak.load(Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_drops_what_runs_and_starts_nothing_more() {
    let seam = Seam::seeded(1);
    let inside = Inside::default();
    let began = seam.now();
    let failed = map_concurrent(0..100u64, 3, |n| {
        let (seam, inside) = (&seam, &inside);
        async move {
            let _inside = inside.enter();
            seam.sleep(millis(if n == 1 { 5 } else { 1_000 })).await;
            if n == 1 { Err("no") } else { Ok(n) }
        }
    });
    assert_eq!(failed.await, Err("no"));
    assert_eq!(seam.now() - began, millis(5));
    assert_eq!((inside.now.load(Relaxed), inside.started.load(Relaxed)), (0, 3));
}

#[tokio::test]
async fn nothing_in_gives_nothing_out_and_a_limit_of_zero_counts_as_one() {
    assert_eq!(map_concurrent([], 0, async |n: u8| Ok::<_, ()>(n)).await, Ok(vec![]));
    assert_eq!(map_concurrent([7], 0, async |n: u8| Ok::<_, ()>(n)).await, Ok(vec![7]));
}
