//! That limits hold, fairly. Unit tests, on virtual time.

use super::{PaceLimits, Pacing};
use crate::clock::{Seam, millis, secs};
use std::sync::{Arc, Mutex};

fn paused(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime for tests").block_on(test);
}

#[test]
fn so_many_requests_are_under_way_at_once_and_who_waits_longest_is_next() {
    paused(async {
        let (pacing, seam) = (Pacing::new(), Seam::seeded(1));
        pacing.limit("openai", PaceLimits::new().concurrency(2));
        let order = Arc::new(Mutex::new(Vec::new()));
        let start = seam.now();
        let tasks: Vec<_> = (0..6)
            .map(|index| {
                let (pacing, seam, order) = (pacing.clone(), seam.clone(), order.clone());
                tokio::spawn(async move {
                    let turn = pacing.turn("openai#1", 1, &seam).await;
                    order.lock().expect("nobody panicked").push((index, (seam.now() - start).as_secs()));
                    seam.sleep(secs(1)).await;
                    drop(turn);
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("nobody panicked");
        }
        assert_eq!(*order.lock().expect("nobody panicked"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2)]);
    });
}

#[test]
fn so_many_requests_go_out_in_a_minute() {
    paused(async {
        let (pacing, seam) = (Pacing::new(), Seam::seeded(1));
        pacing.limit("openai", PaceLimits::new().requests_per_minute(60));
        let start = seam.now();
        for _ in 0..60 {
            pacing.turn("openai", 1, &seam).await.used(1);
        }
        assert_eq!(seam.now() - start, secs(0));
        for _ in 0..30 {
            pacing.turn("openai", 1, &seam).await.used(1);
        }
        let took = seam.now() - start;
        assert!(took >= secs(30) && took <= secs(30) + millis(100), "{took:?}");
    });
}

#[test]
fn tokens_that_were_not_used_are_given_back_and_those_beyond_are_owed() {
    paused(async {
        let (pacing, seam) = (Pacing::new(), Seam::seeded(1));
        pacing.limit("openai", PaceLimits::new().tokens_per_minute(600));
        let start = seam.now();
        pacing.turn("openai", 600, &seam).await.used(100);
        pacing.turn("openai", 500, &seam).await.used(800);
        assert_eq!(seam.now() - start, secs(0));
        // 300 are owed, and 100 are asked for: at 10 a second.
        pacing.turn("openai", 100, &seam).await.used(100);
        let took = seam.now() - start;
        assert!(took >= secs(40) && took <= secs(40) + millis(100), "{took:?}");
        // More than a minute's worth waits for a full minute's.
        pacing.turn("openai", 10_000, &seam).await.used(600);
        let took = seam.now() - start;
        assert!(took >= secs(100) && took <= secs(100) + millis(200), "{took:?}");
    });
}

#[test]
fn who_stops_waiting_takes_nothing_along() {
    paused(async {
        let (pacing, seam) = (Pacing::new(), Seam::seeded(1));
        pacing.limit("openai", PaceLimits::new().concurrency(1).requests_per_minute(60));
        let first = pacing.turn("openai", 1, &seam).await;
        let waiting = tokio::spawn({
            let (pacing, seam) = (pacing.clone(), seam.clone());
            async move { pacing.turn("openai", 1, &seam).await.used(1) }
        });
        tokio::task::yield_now().await;
        waiting.abort();
        assert!(waiting.await.expect_err("it was aborted").is_cancelled());
        drop(first);
        let start = seam.now();
        for _ in 0..59 {
            pacing.turn("openai", 1, &seam).await.used(1);
        }
        assert_eq!(seam.now() - start, secs(0));
    });
}

#[test]
fn accounts_are_limited_apart_and_a_model_that_cools_is_seen_by_all() {
    paused(async {
        let (pacing, seam) = (Pacing::new(), Seam::seeded(1));
        pacing.limit("openai#2", PaceLimits::new().concurrency(7));
        assert_eq!((pacing.limits("openai#1"), pacing.limits("openai#2").concurrency), (PaceLimits::new(), Some(7)));
        let other = pacing.clone();
        pacing.cool("openai#1", "gpt-4o", secs(10), &seam);
        pacing.cool("openai#1", "gpt-4o", secs(5), &seam);
        assert_eq!(other.cooling("openai#1", "gpt-4o", &seam), Some(seam.now() + secs(10)));
        assert_eq!(other.cooling("openai#2", "gpt-4o", &seam), None);
        tokio::time::advance(secs(10)).await;
        assert_eq!(other.cooling("openai#1", "gpt-4o", &seam), None);
    });
}
