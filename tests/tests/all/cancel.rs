//! A cancel ends every wait of its trace at once, and touches no other trace.

use crate::kit::{App, Inside, Oops, Tally, failure, forever, ms_since, nap, now, secs, settle};
use penguiflow::clock::Seam;
use penguiflow::prelude::*;
use penguiflow::{Options, Shutdown};

#[node]
async fn begin(n: u64) -> u64 {
    n
}

#[node]
async fn wait(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    ms
}

#[node]
fn after(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note("after");
    n
}

flow! { inner(u64) -> u64 { begin -> wait -> after } }
flow! { outer(u64) -> u64 { inner -> begin } }

/// core:AC-12.1, core:AC-12.5, core:W-2
#[tokio::test(start_paused = true)]
async fn a_cancel_ends_one_trace_inside_its_node_and_no_other() {
    let (state, tally) = App::new();
    let app = inner::flow().with_state(state).start().expect("starts");
    let (one, other) = (app.emit(1_000).await.expect("lets it in"), app.emit(1_000).await.expect("lets it in"));
    nap(10).await;
    let begun = now();
    assert!(app.cancel(one.id()));
    assert!(!app.cancel(one.id()) && !one.cancel(), "a second cancel changes nothing");
    assert!(matches!(one.result().await, Ending::Cancelled));
    assert_eq!((ms_since(begun), tally.live(), app.in_flight()), (0, 1, 1));
    assert!(other.result().await.is_completed());
    assert_eq!((tally.calls(), tally.finished(), tally.notes().len()), (2, 1, 1));
}

/// core:AC-12.3
#[tokio::test(start_paused = true)]
async fn cancelling_an_unknown_or_ended_trace_says_that_there_was_none() {
    let (state, _) = App::new();
    let app = inner::flow().with_state(state).start().expect("starts");
    assert!(!app.cancel(Seam::seeded(9).trace_id()));
    let trace = app.emit(5).await.expect("lets it in");
    let id = trace.id();
    assert!(trace.result().await.is_completed());
    assert!(!app.cancel(id));
}

/// core:AC-12.2
#[tokio::test(start_paused = true)]
async fn a_cancel_reaches_a_node_of_a_sub_flow_and_a_later_trace_runs() {
    let (state, tally) = App::new();
    let app = outer::flow().with_state(state).start().expect("starts");
    let trace = app.emit(60_000).await.expect("lets it in");
    settle().await;
    assert_eq!(tally.live(), 1);
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.live(), tally.notes().len()), (0, 0));
    assert_eq!(app.call(7).await.expect("runs"), 7);
}

#[node(retries = 3, backoff = ("1h", 1, "1h"), jitter = none)]
async fn failing(n: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.call();
    Err(Oops(n as u32))
}

/// core:AC-12.4, core:W-4
#[tokio::test(start_paused = true)]
async fn a_trace_that_waits_for_its_retry_is_cancelled_at_once() {
    flow! { retrying(u64) -> u64 { failing } }
    let (state, tally) = App::new();
    let app = retrying::flow().with_state(state).start().expect("starts");
    let trace = app.emit(1).await.expect("lets it in");
    nap(5).await;
    let begun = now();
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((ms_since(begun), tally.calls(), app.in_flight()), (0, 1, 0));
}

#[node(concurrency = 1)]
async fn narrow(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let _inside = tally.enter();
    nap(ms).await;
    ms
}

/// core:W-4
#[tokio::test(start_paused = true)]
async fn a_trace_that_waits_for_a_permit_is_cancelled_at_once_and_takes_none() {
    flow! { queueing(u64) -> u64 { narrow } }
    let (state, tally) = App::new();
    let app = queueing::flow().with_state(state).start().expect("starts");
    let (first, second, third) = (app.emit(100).await, app.emit(100).await, app.emit(100).await);
    let second = second.expect("lets it in");
    nap(10).await;
    let begun = now();
    assert!(second.cancel());
    assert!(matches!(second.result().await, Ending::Cancelled));
    assert_eq!(ms_since(begun), 0);
    assert!(first.expect("lets it in").result().await.is_completed());
    assert!(third.expect("lets it in").result().await.is_completed());
    assert_eq!((tally.calls(), ms_since(begun)), (2, 190));
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn dropping_a_trace_cancels_it_and_detaching_lets_it_go_on() {
    let (state, tally) = App::new();
    let app = inner::flow().with_state(state).start().expect("starts");
    let (dropped, kept) = (app.emit(1_000).await.expect("lets it in"), app.emit(1_000).await.expect("lets it in"));
    settle().await;
    drop(dropped);
    let _id = kept.detach();
    settle().await;
    assert_eq!((tally.live(), app.in_flight()), (1, 1));
    nap(1_001).await;
    assert_eq!((tally.finished(), app.in_flight(), tally.notes().len()), (1, 0, 1));
}

/// core:W-26
#[tokio::test(start_paused = true)]
async fn giving_up_the_wait_for_a_result_ends_that_trace_and_leaves_the_others_their_results() {
    let (state, tally) = App::new();
    let app = inner::flow().with_state(state).start().expect("starts");
    let (slow, quick) = (app.emit(5_000).await.expect("lets it in"), app.emit(2_000).await.expect("lets it in"));
    let given_up = tokio::time::timeout(secs(1), slow.result()).await;
    assert!(given_up.is_err());
    settle().await;
    assert_eq!(app.in_flight(), 1, "nothing waits in the background");
    assert_eq!(quick.result().await.into_result().expect("is its own"), 2_000);
    assert_eq!((tally.calls(), tally.finished()), (2, 1));
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn dropping_the_future_of_a_call_leaves_nothing_running() {
    let (state, tally) = App::new();
    let app = inner::flow().with_state(state).start().expect("starts");
    let given_up = tokio::time::timeout(secs(1), app.call(60_000)).await;
    assert!(given_up.is_err());
    assert_eq!((tally.calls(), tally.live(), tally.finished(), app.in_flight()), (1, 0, 0, 0));
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn dropping_the_last_handle_aborts_what_runs() {
    let (state, tally) = App::new();
    let app = inner::flow().with_state(state).start().expect("starts");
    let twin = app.clone();
    let trace = app.emit(60_000).await.expect("lets it in");
    settle().await;
    drop(app);
    settle().await;
    assert_eq!(tally.live(), 1, "a clone is left");
    drop(twin);
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.live(), tally.finished()), (0, 0));
}

/// core:W-28, semantics:33
#[tokio::test(start_paused = true)]
async fn one_of_ten_thousand_cancelled_touches_no_other() {
    let (state, tally) = App::new();
    let options = Options::new().with_in_flight(10_000);
    let app = inner::flow().with_state(state).with_options(options).start().expect("starts");
    let mut traces = Vec::new();
    for _ in 0..10_000 {
        traces.push(app.emit(1_000).await.expect("lets it in"));
    }
    nap(500).await;
    assert_eq!((app.in_flight(), tally.live()), (10_000, 10_000));
    let one = traces.swap_remove(5_000);
    assert!(app.cancel(one.id()));
    assert!(matches!(one.result().await, Ending::Cancelled));
    assert_eq!((app.in_flight(), tally.live()), (9_999, 9_999));
    for trace in traces {
        assert!(trace.result().await.is_completed());
    }
    assert_eq!((tally.calls(), tally.finished(), tally.live(), app.in_flight()), (10_000, 9_999, 0, 0));
}

// === what may finish ===

#[node(on_cancel = finish("5s"))]
async fn thorough(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    ms
}

#[node(effect = irreversible)]
async fn pay(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    ms
}

#[node]
fn sum(list: Vec<u64>) -> u64 {
    list.iter().sum()
}

#[node]
fn pair((a, b): (u64, u64)) -> u64 {
    a + b
}

#[node]
fn copies(ms: u64) -> Vec<u64> {
    vec![ms; 6]
}

flow! { careful(u64) -> u64 { thorough -> after } }
flow! { paying(u64) -> u64 { pay -> after } }
flow! { forked(u64) -> u64 { (thorough, wait) -> join -> pair -> after } }
flow! { mapped(u64) -> u64 { copies -> map(thorough, 2) -> sum -> after } }

/// Emits `$ms`, cancels after a second, and gives the tally and how long the trace took to end from there.
macro_rules! cancelled {
    ($flow:ident, $ms:expr) => {{
        let (state, tally) = App::new();
        let app = $flow::flow().with_state(state).start().expect("starts");
        let trace = app.emit($ms).await.expect("lets it in");
        nap(1_000).await;
        let begun = now();
        assert!(trace.cancel());
        assert!(matches!(trace.result().await, Ending::Cancelled));
        assert_eq!((tally.live(), tally.notes().len(), app.in_flight()), (0, 0, 0));
        (tally, ms_since(begun))
    }};
}

/// semantics:29
#[tokio::test(start_paused = true)]
async fn an_attempt_that_may_finish_runs_to_its_end_within_its_grace_and_the_trace_is_cancelled_all_the_same() {
    let (tally, took) = cancelled!(careful, 4_000);
    assert_eq!((tally.finished(), took), (1, 3_000));
}

/// semantics:29
#[tokio::test(start_paused = true)]
async fn an_attempt_that_outlasts_its_grace_is_cut() {
    let (tally, took) = cancelled!(careful, 60_000);
    assert_eq!((tally.finished(), took), (0, 5_000));
}

/// semantics:29
#[tokio::test(start_paused = true)]
async fn an_irreversible_attempt_finishes_without_being_told_to() {
    let (tally, took) = cancelled!(paying, 20_000);
    assert_eq!((tally.finished(), took), (1, 19_000));
}

/// semantics:29
#[tokio::test(start_paused = true)]
async fn in_a_fork_the_attempt_that_may_finish_does_and_its_sibling_is_dropped_at_once() {
    let (tally, took) = cancelled!(forked, 4_000);
    assert_eq!((tally.calls(), tally.finished(), took), (2, 1, 3_000));
}

/// semantics:29
#[tokio::test(start_paused = true)]
async fn in_a_map_the_items_that_run_may_finish_and_no_further_one_starts() {
    let (tally, took) = cancelled!(mapped, 4_000);
    assert_eq!((tally.calls(), tally.finished(), took), (2, 2, 3_000));
}

/// semantics:29: a deadline leaves the same grace.
#[tokio::test(start_paused = true)]
async fn an_attempt_that_may_finish_does_so_after_a_deadline_too() {
    let (state, tally) = App::new();
    let app = careful::flow().with_state(state).start().expect("starts");
    let begun = now();
    let stop = app.call(Message::new(4_000).with_deadline(secs(1))).await.expect_err("runs out of time");
    assert!(matches!(stop, Stop::DeadlineExceeded), "{stop}");
    assert_eq!((tally.finished(), ms_since(begun), tally.notes().len()), (1, 4_000, 0));
}

/// semantics:29: what waits for its retry is no running attempt.
#[tokio::test(start_paused = true)]
async fn a_backoff_of_a_node_that_may_finish_is_cancelled_at_once() {
    #[node(on_cancel = finish("1h"), retries = 1, backoff = ("1h", 1, "1h"), jitter = none)]
    async fn stubborn(n: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
        tally.call();
        Err(Oops(n as u32))
    }
    flow! { stubborn_flow(u64) -> u64 { stubborn -> after } }
    let (tally, took) = cancelled!(stubborn_flow, 1);
    assert_eq!((tally.calls(), took), (1, 0));
}

/// semantics:29, semantics:34: a stub stands for the node, its grace included.
#[tokio::test(start_paused = true)]
async fn a_stub_of_an_attempt_that_may_finish_finishes() {
    let (state, tally) = App::new();
    let seen = tally.clone();
    let app = careful::flow()
        .with_state(state)
        .stub_async::<thorough, _>(move |ms| {
            let inside = seen.enter();
            async move {
                nap(ms).await;
                inside.finish();
                Ok(ms)
            }
        })
        .start()
        .expect("starts");
    let trace = app.emit(4_000).await.expect("lets it in");
    nap(1_000).await;
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.finished(), tally.live()), (1, 0));
}

// === what the context knows ===

#[node]
async fn spawns(ms: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    let held: Inside = tally.enter();
    drop(ctx.spawn(async move {
        let _held = held;
        forever().await;
    }));
    nap(ms).await;
    if ms == 13 { Err(Oops(13)) } else { Ok(ms) }
}

/// semantics:30
#[tokio::test(start_paused = true)]
async fn a_task_of_the_context_ends_with_its_trace_however_that_ends() {
    flow! { spawning(u64) -> u64 { spawns } }
    let (state, tally) = App::new();
    let app = spawning::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(5).await.expect("completes"), 5);
    settle().await;
    assert_eq!((tally.calls(), tally.live()), (1, 0), "after a value");
    failure(app.call(13).await.expect_err("fails"));
    settle().await;
    assert_eq!((tally.calls(), tally.live()), (2, 0), "after a failure");
    let trace = app.emit(60_000).await.expect("lets it in");
    settle().await;
    assert_eq!(tally.live(), 1);
    drop(trace);
    settle().await;
    assert_eq!((tally.calls(), tally.live()), (3, 0), "after a cancel");
    assert!(tokio::time::timeout(secs(1), app.call(60_000)).await.is_err());
    settle().await;
    assert_eq!((tally.calls(), tally.live()), (4, 0), "after a call that was given up");
}

/// semantics:30
#[tokio::test(start_paused = true)]
async fn a_node_can_wait_for_the_cancel_and_see_that_it_came() {
    #[node(on_cancel = finish("5s"))]
    async fn polite(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> u64 {
        assert!(!ctx.is_cancelled());
        ctx.cancelled().await;
        assert!(ctx.is_cancelled());
        tally.note("says good-bye");
        n
    }
    flow! { parting(u64) -> u64 { polite } }
    let (state, tally) = App::new();
    let app = parting::flow().with_state(state).start().expect("starts");
    let trace = app.emit(1).await.expect("lets it in");
    nap(1_000).await;
    let drained = app.shutdown(Shutdown::Abort).await;
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.notes(), drained.cancelled), (vec!["says good-bye".to_owned()], 1));
}
