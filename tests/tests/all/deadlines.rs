//! A deadline ends every wait of its trace, as one typed ending.

use crate::kit::{App, Oops, Tally, forever, ms_since, nap, now, secs, settle};
use penguiflow::Options;
use penguiflow::clock::millis;
use penguiflow::prelude::*;

#[node]
async fn begin(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note("begin");
    n
}

#[node]
async fn wait(n: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(n).await;
    inside.finish();
    n
}

#[node]
async fn last(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note("last");
    n
}

#[node]
fn three((a, b, c): (u64, u64, u64)) -> u64 {
    a + b + c
}

#[node]
fn sum(list: Vec<u64>) -> u64 {
    list.iter().sum()
}

flow! { straight(u64) -> u64 { begin -> wait -> last } }
flow! { outer(u64) -> u64 { straight -> last } }
flow! { forked(u64) -> u64 { (wait, wait as b, wait as c) -> join -> three } }
flow! { tolerant(u64) -> u64 { (wait, wait as b, last) -> join_k(2) -> sum } }

/// Calls `$flow` with `$message` in a new state, and expects the deadline; gives the state's tally and the time it took.
macro_rules! expires {
    ($flow:expr, $message:expr) => {{
        let (state, tally) = App::new();
        let app = $flow.with_state(state).start().expect("starts");
        let begun = now();
        let stop = app.call($message).await.expect_err("runs out of time");
        assert!(matches!(stop, Stop::DeadlineExceeded), "{stop}");
        assert_eq!((app.in_flight(), tally.live()), (0, 0), "something is left");
        (tally, ms_since(begun))
    }};
}

/// core:AC-11.1, core:AC-11.2
#[tokio::test(start_paused = true)]
async fn a_message_that_is_too_late_runs_no_node() {
    tokio::time::advance(secs(1)).await;
    let past = now() - millis(1);
    for late in [Message::new(5).with_deadline_at(past), Message::new(5).with_deadline(millis(0))] {
        let (tally, took) = expires!(straight::flow(), late);
        assert_eq!((tally.notes().len(), tally.calls(), took), (0, 0, 0));
    }
    assert_eq!(Stop::DeadlineExceeded.to_string(), "Deadline exceeded");
}

/// core:W-10
#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_running_node_and_nothing_behind_it_runs() {
    let (tally, took) = expires!(straight::flow(), Message::new(60_000).with_deadline(secs(2)));
    assert_eq!((tally.notes(), tally.calls(), took), (vec!["begin".to_owned()], 1, 2_000));
}

/// semantics:20
#[tokio::test(start_paused = true)]
async fn a_deadline_reaches_into_a_sub_flow() {
    let (tally, took) = expires!(outer::flow(), Message::new(60_000).with_deadline(secs(2)));
    assert_eq!((tally.notes(), took), (vec!["begin".to_owned()], 2_000));
}

/// core:W-10: three branches that run out of time are one ending, not three answers, and a join that tolerates failures
/// does not take the deadline for one.
#[tokio::test(start_paused = true)]
async fn a_deadline_ends_all_branches_of_a_fork_as_one_ending() {
    let (tally, took) = expires!(forked::flow(), Message::new(60_000).with_deadline(secs(2)));
    assert_eq!((tally.calls(), tally.finished(), took), (3, 0, 2_000));
    let (tally, took) = expires!(tolerant::flow(), Message::new(60_000).with_deadline(secs(2)));
    assert_eq!((tally.finished(), took), (0, 2_000));
}

#[node(retries = 3, backoff = ("1h", 1, "1h"), jitter = none)]
async fn failing(n: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.call();
    Err(Oops(n as u32))
}

/// core:W-10
#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_backoff() {
    flow! { retrying(u64) -> u64 { failing } }
    let (tally, took) = expires!(retrying::flow(), Message::new(1).with_deadline(secs(2)));
    assert_eq!((tally.calls(), took), (1, 2_000));
}

#[node(concurrency = 1)]
async fn narrow(_: u64, State(tally): State<'_, Tally>) -> u64 {
    let _inside = tally.enter();
    forever().await;
    0
}

#[node(rate = "1/h")]
async fn rare(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n
}

/// core:W-10
#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_wait_for_a_permit_and_a_wait_for_a_turn() {
    flow! { narrow_flow(u64) -> u64 { narrow } }
    flow! { rare_flow(u64) -> u64 { rare } }
    let (state, tally) = App::new();
    let app = narrow_flow::flow().with_state(state).start().expect("starts");
    let holder = app.emit(0).await.expect("lets it in");
    settle().await;
    let begun = now();
    let stop = app.call(Message::new(0).with_deadline(secs(2))).await.expect_err("waits for the permit");
    assert!(matches!(stop, Stop::DeadlineExceeded) && ms_since(begun) == 2_000, "{stop}");
    assert_eq!((tally.calls(), tally.live()), (1, 1));
    drop(holder);

    let (state, tally) = App::new();
    let app = rare_flow::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(1).await.expect("is the first of the hour"), 1);
    let begun = now();
    let stop = app.call(Message::new(1).with_deadline(secs(2))).await.expect_err("waits for its turn");
    assert!(matches!(stop, Stop::DeadlineExceeded) && ms_since(begun) == 2_000, "{stop}");
    assert_eq!(tally.calls(), 1);
}

#[node]
fn many(n: u64) -> Vec<u64> {
    vec![60_000; n as usize]
}

/// core:W-10
#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_map_and_starts_no_item_more() {
    flow! { mapped(u64) -> u64 { many -> map(wait, 4) -> sum } }
    let (tally, took) = expires!(mapped::flow(), Message::new(100).with_deadline(secs(2)));
    assert_eq!((tally.calls(), tally.finished(), took), (4, 0, 2_000));
}

// === code that never waits, on a runtime with one thread ===

#[node]
fn spin(n: u64, State(tally): State<'_, Tally>) -> Step<u64, u64> {
    tally.call();
    Step::Again(n + 1)
}

#[node]
fn busy(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n
}

/// core:AC-10.3
#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_loop_that_never_waits_even_with_one_thread() {
    flow! { spinning(u64) -> u64 { repeat(turns = 1000000) { spin } } }
    let (state, tally) = App::new();
    let app = spinning::flow().with_state(state).start().expect("starts");
    let trace = app.emit(Message::new(0).with_deadline(secs(2))).await.expect("lets it in");
    settle().await;
    assert!(tally.calls() > 0 && app.in_flight() == 1, "the loop lets others run");
    tokio::time::advance(secs(3)).await;
    assert!(matches!(trace.result().await, Ending::DeadlineExceeded));
    assert!(tally.calls() < 1_000_000, "{} turns", tally.calls());
}

/// semantics:16
#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_map_whose_items_never_wait_even_with_one_thread() {
    flow! { mapping(u64) -> u64 { many -> map(busy, 1) -> sum } }
    let (state, tally) = App::new();
    let app = mapping::flow().with_state(state).start().expect("starts");
    let trace = app.emit(Message::new(10_000).with_deadline(secs(2))).await.expect("lets it in");
    tokio::task::yield_now().await;
    assert!(tally.calls() > 0 && app.in_flight() == 1, "the map lets others run");
    tokio::time::advance(secs(3)).await;
    assert!(matches!(trace.result().await, Ending::DeadlineExceeded));
    assert!(tally.calls() < 10_000, "{} items", tally.calls());
}

/// core:AC-10.3
#[tokio::test(start_paused = true)]
async fn a_deadline_that_passes_during_a_turn_ends_the_loop_as_a_deadline() {
    #[controller(turns = 100)]
    async fn slow_turn(n: u64, State(tally): State<'_, Tally>) -> Step<u64, u64> {
        tally.call();
        nap(300).await;
        Step::Again(n)
    }
    flow! { turning(u64) -> u64 { slow_turn } }
    let (tally, took) = expires!(turning::flow(), Message::new(0).with_deadline(secs(1)));
    assert_eq!((tally.calls(), took), (4, 1_000));
}

// === which deadline ===

/// semantics:34: the shorter of the message's deadline and the flow's holds.
#[tokio::test(start_paused = true)]
async fn a_message_may_ask_for_less_time_than_the_flow_gives_but_not_for_more() {
    let (state, _) = App::new();
    let options = Options::new().with_deadline(secs(10));
    let app = straight::flow().with_state(state).with_options(options).start().expect("starts");
    for (asked, took) in [(Some(secs(3)), 3_000), (Some(secs(60)), 10_000), (None, 10_000)] {
        let message = Message::new(600_000);
        let message = asked.into_iter().fold(message, Message::with_deadline);
        let begun = now();
        let stop = app.call(message).await.expect_err("runs out of time");
        assert!(matches!(stop, Stop::DeadlineExceeded), "{stop}");
        assert_eq!(ms_since(begun), took);
    }
}

/// semantics:33: the time that a message waits for room is not the trace's.
#[tokio::test(start_paused = true)]
async fn a_deadline_in_some_time_begins_when_the_trace_is_let_in() {
    let (state, _) = App::new();
    let app =
        straight::flow().with_state(state).with_options(Options::new().with_in_flight(1)).start().expect("starts");
    let (first, second) = tokio::join!(app.call(5_000), app.call(Message::new(900).with_deadline(secs(1))));
    assert_eq!((first.expect("is in time"), second.expect("is in time, once inside")), (5_000, 900));
}

/// core:W-10: an absolute deadline also ends the wait for room.
#[tokio::test(start_paused = true)]
async fn a_deadline_at_an_instant_ends_the_wait_for_room_of_a_call() {
    let (state, tally) = App::new();
    let app =
        straight::flow().with_state(state).with_options(Options::new().with_in_flight(1)).start().expect("starts");
    let holder = app.emit(60_000).await.expect("lets it in");
    let begun = now();
    let stop = app.call(Message::new(1).with_deadline_at(begun + secs(1))).await.expect_err("never gets in");
    assert!(matches!(stop, Stop::DeadlineExceeded), "{stop}");
    assert_eq!((ms_since(begun), tally.notes().len()), (1_000, 1));
    drop(holder);
}

/// semantics:30
#[tokio::test(start_paused = true)]
async fn a_node_knows_how_much_time_is_left() {
    #[node]
    async fn left(ms: u64, ctx: &Ctx) -> Option<u64> {
        nap(ms).await;
        ctx.time_left().map(|left| left.as_millis() as u64)
    }
    flow! { asking(u64) -> Option<u64> { left } }
    let app = asking::flow().start().expect("starts");
    assert_eq!(app.call(Message::new(300).with_deadline(secs(1))).await.expect("is in time"), Some(700));
    assert_eq!(app.call(300).await.expect("has no deadline"), None);
}
