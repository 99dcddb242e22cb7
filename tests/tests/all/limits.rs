//! Concurrency and rate hold for a node in one started flow, over all traces and places.

use crate::kit::{App, Oops, Tally, ms_since, nap, now, settle};
use penguiflow::prelude::*;

#[node(concurrency = 2)]
async fn narrow(ms: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    let _inside = tally.enter();
    nap(ms).await;
    if ms == 13 { Err(Oops(13)) } else { Ok(ms) }
}

#[node(rate = "3/s")]
async fn rare(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note(n.to_string());
    n
}

#[node]
fn sum((a, b): (u64, u64)) -> u64 {
    a + b
}

#[node]
fn total(list: Vec<u64>) -> u64 {
    list.iter().sum()
}

#[node]
fn many(ms: u64) -> Vec<u64> {
    vec![ms; 8]
}

flow! { single(u64) -> u64 { narrow } }
flow! { places(u64) -> u64 { (narrow, many -> map(narrow, 8) -> total) -> join -> sum } }
flow! { rated(u64) -> u64 { rare } }

/// semantics:26
#[tokio::test(start_paused = true)]
async fn no_more_attempts_run_at_once_than_a_node_allows_over_all_traces_and_places() {
    let (state, tally) = App::new();
    let app = places::flow().with_state(state).start().expect("starts");
    let begun = now();
    let (one, other) = tokio::join!(app.call(10), app.call(10));
    assert_eq!((one.expect("completes"), other.expect("completes")), (90, 90));
    assert_eq!((tally.calls(), tally.peak(), ms_since(begun)), (18, 2, 90));
}

/// semantics:26
#[tokio::test(start_paused = true)]
async fn each_started_flow_has_its_own_permits() {
    let (state, tally) = App::new();
    let one = single::flow().with_state(state.clone()).start().expect("starts");
    let other = single::flow().with_state(state).start().expect("starts");
    let begun = now();
    let (a, b, c, d) = tokio::join!(one.call(10), one.call(10), other.call(10), other.call(10));
    assert!([a, b, c, d].iter().all(Result::is_ok));
    assert_eq!((tally.peak(), ms_since(begun)), (4, 10));
}

/// semantics:26: however an attempt ends, its permit comes back.
#[tokio::test(start_paused = true)]
async fn permits_come_back_from_failures_cancels_and_calls_that_were_given_up() {
    let (state, tally) = App::new();
    let app = single::flow().with_state(state).start().expect("starts");
    for _ in 0..10 {
        assert!(app.call(13).await.is_err());
        drop(app.emit(1_000).await.expect("lets it in"));
        let trace = app.emit(1_000).await.expect("lets it in");
        settle().await;
        drop(trace);
        assert!(tokio::time::timeout(crate::kit::secs(1), app.call(60_000)).await.is_err());
    }
    settle().await;
    let begun = now();
    let (one, other) = tokio::join!(app.call(10), app.call(10));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!((tally.live(), ms_since(begun)), (0, 10));
}

/// semantics:26
#[tokio::test(start_paused = true)]
async fn no_window_of_a_node_s_rate_sees_more_starts_than_allowed() {
    let (state, tally) = App::new();
    let app = rated::flow().with_state(state).start().expect("starts");
    let begun = now();
    let traces: Vec<_> = (0..8).map(|n| app.try_emit(n).expect("has room")).collect();
    let mut ends = Vec::new();
    for trace in traces {
        assert!(trace.result().await.is_completed());
        ends.push(ms_since(begun));
    }
    assert_eq!(ends, [0, 0, 0, 1_000, 1_000, 1_000, 2_000, 2_000]);
    assert_eq!(tally.notes(), ["0", "1", "2", "3", "4", "5", "6", "7"], "first come, first served");
}

/// semantics:26, core:W-4: who gives up its turn takes none.
#[tokio::test(start_paused = true)]
async fn traces_that_were_cancelled_while_they_waited_for_their_turn_cost_the_others_nothing() {
    let (state, tally) = App::new();
    let app = rated::flow().with_state(state).start().expect("starts");
    let begun = now();
    let mut traces: Vec<_> = (0..300).map(|n| app.try_emit(n).expect("has room")).collect();
    nap(500).await;
    let last = traces.pop().expect("there are many");
    drop(traces.split_off(3));
    assert!(last.result().await.is_completed());
    assert_eq!((ms_since(begun), tally.notes().len()), (1_000, 4));
}

/// core:AC-10.6: a permit of a controller is held for a turn, not for the loop.
#[tokio::test(start_paused = true)]
async fn a_loop_leaves_its_node_to_others_between_two_turns() {
    #[controller(turns = 10, concurrency = 1)]
    async fn turn((id, left): (u32, u32), State(tally): State<'_, Tally>) -> Step<(u32, u32), u32> {
        let _inside = tally.enter();
        tally.note(id.to_string());
        nap(10).await;
        if left == 0 { Step::Done(id) } else { Step::Again((id, left - 1)) }
    }
    flow! { turning((u32, u32)) -> u32 { turn } }
    let (state, tally) = App::new();
    let app = turning::flow().with_state(state).start().expect("starts");
    let (one, other) = tokio::join!(app.call((1, 2)), app.call((2, 2)));
    assert_eq!((one.ok(), other.ok(), tally.peak()), (Some(1), Some(2), 1));
    assert_eq!(tally.notes(), ["1", "2", "1", "2", "1", "2"]);
}
