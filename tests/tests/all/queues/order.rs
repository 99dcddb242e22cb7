//! Who runs when, and how many at once.

use super::{counts, lined, slow, wide};
use crate::kit::{App, Tally, ms_since, nap, now, settle};
use penguiflow::Options;
use penguiflow::prelude::*;
use proptest::prelude::*;
use std::sync::Barrier;

fn numbers(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}

/// semantics:18, core:AC-16.4
#[tokio::test(start_paused = true)]
async fn messages_start_in_the_order_in_which_they_came() {
    let (state, tally) = App::new();
    let app = lined::flow().with_state(state).start().expect("starts");
    let traces: Vec<_> = (0..50).map(|n| app.try_emit((n, 50 - u64::from(n))).expect("has room")).collect();
    for trace in traces {
        assert!(trace.result().await.is_completed());
    }
    assert_eq!((tally.notes(), tally.peak()), (numbers(0..50), 1));
}

/// semantics:18
#[tokio::test(start_paused = true)]
async fn as_many_messages_run_at_once_as_there_are_workers() {
    let (state, tally) = App::new();
    let app = wide::flow().with_state(state).start().expect("starts");
    let begun = now();
    let traces: Vec<_> = (0..9).map(|n| app.try_emit((n, 10)).expect("has room")).collect();
    for trace in traces {
        assert!(trace.result().await.is_completed());
    }
    assert_eq!((tally.notes(), tally.peak(), ms_since(begun)), (numbers(0..9), 3, 30));
}

/// core:W-3: a trace that waits for another attempt holds one worker, and nobody behind the other ones.
#[tokio::test(start_paused = true)]
async fn a_slow_message_holds_up_one_worker_only() {
    let (state, tally) = App::new();
    let app = wide::flow().with_state(state).start().expect("starts");
    let stuck = app.try_emit((99, 10_000)).expect("has room");
    settle().await;
    let begun = now();
    let traces: Vec<_> = (0..4).map(|n| app.try_emit((n, 10)).expect("has room")).collect();
    for trace in traces {
        assert!(trace.result().await.is_completed());
    }
    assert_eq!((ms_since(begun), counts(&app), tally.live()), (20, (0, 0, 1), 1));
    drop(stuck);
}

/// semantics:18: the workers are tasks of their own, so CPU work takes several cores although each trace is one task.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_run_on_two_threads_at_the_same_time() {
    static BOTH: Barrier = Barrier::new(2);
    #[node]
    fn meet(n: u32) -> u32 {
        // Comes back only when two are inside, which one thread alone can never do.
        BOTH.wait();
        n
    }
    let app = flow! { queue(4, workers = 2) -> meet }.start().expect("starts");
    let traces: Vec<_> = (0..6).map(|n| app.try_emit(n).expect("has room")).collect();
    for (n, trace) in (0..).zip(traces) {
        assert_eq!(trace.result().await.into_result().ok(), Some(n));
    }
}

/// semantics:18: ten thousand messages, each once, in their order.
#[tokio::test]
async fn ten_thousand_messages_pass_in_order() {
    #[node]
    fn count(n: u32, State(tally): State<'_, Tally>) -> u32 {
        tally.note(n.to_string());
        n
    }
    flow! { counted(u32) -> u32 { queue(16) -> count } }
    let (state, tally) = App::new();
    let app = counted::flow().with_state(state).with_options(Options::new().with_in_flight(10_000));
    let app = app.start().expect("starts");
    let traces: Vec<_> = (0..10_000).map(|n| app.try_emit(n).expect("has room")).collect();
    let mut sum = 0;
    for trace in traces {
        sum += u64::from(trace.result().await.into_result().expect("completes"));
    }
    assert_eq!((sum, tally.notes() == numbers(0..10_000)), (49_995_000, true));
    assert_eq!(counts(&app), (0, 0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// semantics:18: whoever is cancelled when, the others run once each, in order, never more at once than there are workers.
    #[test]
    fn those_that_stay_run_once_each_and_in_order(
        plan in proptest::collection::vec((0_u64..30, proptest::option::of(0_u64..60)), 1..24)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("builds").block_on(async {
            let (state, tally) = App::new();
            let app = wide::flow().with_state(state).start().expect("starts");
            let begun = now();
            let mut traces = Vec::new();
            for (n, (ms, leaves)) in (0..).zip(&plan) {
                let trace = app.try_emit((n, *ms)).expect("has room");
                traces.push(async move {
                    let Some(leaves) = leaves else { return trace.result().await.into_result().ok() };
                    nap(*leaves).await;
                    trace.cancel();
                    trace.result().await.into_result().ok()
                });
            }
            let ends = futures_util::future::join_all(traces).await;
            for ((n, end), (_, leaves)) in (0..).zip(ends).zip(&plan) {
                assert!(end == Some(n) || (end.is_none() && leaves.is_some()), "{n} ended with {end:?}");
            }
            let ran: Vec<u32> = tally.notes().iter().map(|note| note.parse().expect("a number")).collect();
            assert!(ran.is_sorted_by(|one, other| one < other), "{ran:?}");
            assert!(tally.peak() <= 3 && tally.live() == 0 && ms_since(begun) <= 24 * 30);
            settle().await;
            match ran.is_empty() && app.queues().next().is_none() {
                // Nobody came to it: all were cancelled before their traces ran at all.
                true => assert!(plan.iter().all(|(_, leaves)| *leaves == Some(0)), "{plan:?}"),
                false => assert_eq!(counts(&app), (0, 0, 0)),
            }
        });
    }
}

/// semantics:18
#[tokio::test(start_paused = true)]
async fn who_is_cancelled_before_it_comes_to_the_queue_opens_none() {
    let (state, tally) = App::new();
    let app = wide::flow().with_state(state).start().expect("starts");
    let trace = app.try_emit((0, 0)).expect("has room");
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    settle().await;
    assert_eq!((app.queues().count(), tally.calls()), (0, 0));
    assert_eq!(app.call((1, 0)).await.ok(), Some(1));
    assert_eq!((counts(&app), tally.notes()), ((0, 0, 0), numbers(1..2)));
}

/// semantics:18
#[tokio::test(start_paused = true)]
async fn a_queue_orders_what_a_node_before_it_left_out_of_order() {
    #[node]
    async fn wander((number, ms): (u32, u64)) -> (u32, u64) {
        nap(ms).await;
        (number, 5)
    }
    flow! { wandering((u32, u64)) -> u32 { wander -> queue(8) -> slow } }
    let (state, tally) = App::new();
    let app = wandering::flow().with_state(state).start().expect("starts");
    let traces = [(0, 30), (1, 10), (2, 20)].map(|message| app.try_emit(message).expect("has room"));
    for trace in traces {
        assert!(trace.result().await.is_completed());
    }
    assert_eq!(tally.notes(), ["1", "2", "0"], "the order is that of arrival at the queue");
}
