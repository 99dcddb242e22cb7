//! What is counted.

use super::{is_at_rest, step};
use crate::kit::{App, Oops, Tally, nap, secs, settle};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{BadBounds, Cost, Live, OverBudget, Playbook};

#[node(retries = 2, backoff = "100ms", jitter = none)]
async fn shaky(n: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    nap(10).await;
    if tally.call() < 3 { Err(Oops(n as u32)) } else { Ok(n) }
}

#[node]
async fn b(n: u64) -> u64 {
    nap(10).await;
    n
}

#[node(timeout = "50ms")]
async fn slow(ms: u64) -> u64 {
    nap(ms).await;
    ms
}

#[node]
fn sum((x, y): (u64, u64)) -> u64 {
    x + y
}

#[message]
enum Size {
    Small(u64),
    Big(u64),
}

#[router]
fn weigh(n: u64) -> Size {
    if n < 100 { Size::Small(n) } else { Size::Big(n) }
}

#[node]
fn keep(n: u64) -> u64 {
    n
}

flow! { drawn(u64) -> u64 { shaky -> (b, slow) -> join -> sum -> weigh { Small -> keep, Big -> drop } } }

/// The edge between two names: how many have passed.
#[track_caller]
fn passed(live: &Live, from: &str, to: &str) -> Option<u64> {
    let now = live.snapshot();
    let edge = now.edges.iter().find(|edge| now.steps[edge.from].name == from && now.steps[edge.to].name == to);
    edge.unwrap_or_else(|| panic!("no edge {from} -> {to}")).passed
}

#[tokio::test(start_paused = true)]
async fn retries_timeouts_arms_and_joins_are_counted_where_they_happen() {
    let (state, _) = App::new();
    let app = drawn::flow().with_state(state).start().expect("starts");
    let live = Live::of(&app);
    app.call(20).await.expect("completes at the third attempt");
    for _ in 0..2 {
        assert!(matches!(app.call(80).await, Err(Stop::Failed(_))));
    }
    let now = live.snapshot();
    let shaky = step(&now, "shaky");
    assert_eq!((shaky.attempts, shaky.errors, shaky.retries, shaky.completed, shaky.failures), (5, 2, 2, 3, 0));
    let slow = step(&now, "slow");
    assert_eq!((slow.attempts, slow.completed, slow.timeouts, slow.failures), (3, 1, 2, 2));
    assert_eq!((step(&now, "b").completed, step(&now, "join").completed, step(&now, "sum").completed), (3, 1, 1));
    assert_eq!((now.traces.started, now.traces.ended["COMPLETED"], now.traces.ended.len()), (3, 1, 2));
    assert_eq!(
        (passed(&live, "input", "shaky"), passed(&live, "shaky", "b"), passed(&live, "b", "join")),
        (Some(3), Some(3), Some(3))
    );
    assert_eq!((passed(&live, "join", "sum"), passed(&live, "weigh", "keep")), (Some(1), Some(1)));
    assert_eq!(passed(&live, "weigh", "drop"), Some(0));
    let took = step(&now, "shaky").latency.clone().expect("has succeeded");
    assert_eq!((took.count, took.total, took.max), (3, millis(30), millis(10)));
    assert_eq!((took.p50, took.p99, took.mean()), (millis(10), millis(10), millis(10)));
    assert_eq!(now.traces.latency.as_ref().map(|took| took.count), Some(3));
    is_at_rest(&live);
}

#[node(concurrency = 1)]
async fn alone(ms: u64) -> u64 {
    nap(ms).await;
    ms
}
flow! { limited(u64) -> u64 { alone } }
flow! { queued(u64) -> u64 { queue(4) -> b } }
flow! { trying(u64) -> u64 { shaky } }

#[tokio::test(start_paused = true)]
async fn what_runs_and_what_waits_is_told_while_it_does() {
    let app = limited::flow().start().expect("starts");
    let live = Live::of(&app);
    let traces = [
        app.emit(30).await.expect("is let in"),
        app.emit(30).await.expect("is let in"),
        app.emit(5).await.expect("is let in"),
    ];
    settle().await;
    let now = live.snapshot();
    let alone = step(&now, "alone");
    assert_eq!((alone.in_flight, alone.waiting, alone.attempts, now.traces.in_flight), (1, 2, 1, 3));
    assert!(traces[2].cancel());
    settle().await;
    let now = live.snapshot();
    assert_eq!((step(&now, "alone").waiting, step(&now, "alone").dropped, now.traces.in_flight), (1, 1, 2));
    for trace in traces {
        trace.result().await;
    }
    let now = live.snapshot();
    assert_eq!((step(&now, "alone").completed, now.traces.ended["TRACE_CANCELLED"]), (2, 1));
    is_at_rest(&live);
}

#[tokio::test(start_paused = true)]
async fn a_queue_is_shown_with_those_that_stand_in_it() {
    let app = queued::flow().start().expect("starts");
    let live = Live::of(&app);
    assert!(live.snapshot().steps.iter().all(|step| step.queue.is_none()));
    let mut traces = Vec::new();
    for n in 0..4 {
        traces.push(app.emit(n).await.expect("is let in"));
    }
    settle().await;
    let now = live.snapshot();
    let b = step(&now, "b");
    assert_eq!((b.in_flight, b.waiting), (1, 3));
    let queue = b.queue.expect("a message came to it");
    assert_eq!((queue.depth, queue.capacity, queue.workers, queue.running, queue.waiting), (3, 4, 1, 1, 0));
    assert!(traces[3].cancel());
    for trace in traces {
        trace.result().await;
    }
    is_at_rest(&live);
    assert_eq!((step(&live.snapshot(), "b").completed, step(&live.snapshot(), "b").dropped), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_message_between_two_attempts_waits() {
    let (state, _) = App::new();
    let app = trying::flow().with_state(state).start().expect("starts");
    let live = Live::of(&app);
    let trace = app.emit(1).await.expect("is let in");
    nap(50).await;
    let now = live.snapshot();
    let shaky = step(&now, "shaky");
    assert_eq!((shaky.in_flight, shaky.waiting, shaky.attempts, shaky.retries), (0, 1, 1, 1));
    assert!(trace.cancel());
    trace.result().await;
    is_at_rest(&live);
    // At the deadline, too.
    let late = app.call(Message::new(1).with_deadline(millis(50))).await;
    assert!(matches!(late, Err(Stop::DeadlineExceeded)));
    assert_eq!(step(&live.snapshot(), "shaky").dropped, 2);
    is_at_rest(&live);
}

#[node]
fn up_to(n: u64) -> Vec<u64> {
    (1..=n).collect()
}
#[node]
fn total(all: Vec<u64>) -> u64 {
    all.iter().sum()
}
flow! { mapped(u64) -> u64 { up_to -> map(b, 2) -> total } }
flow! { outer(u64) -> u64 { keep -> mapped -> keep as last } }
flow! { inside(u64) -> u64 { b -> sum_up } }
flow! { flows(u64) -> u64 { up_to -> map(inside, 2) -> total } }
#[node]
fn sum_up(n: u64) -> u64 {
    n
}

#[tokio::test(start_paused = true)]
async fn sub_flows_and_items_are_counted_at_their_own_steps_and_summed_around() {
    let app = outer::flow().start().expect("starts");
    let live = Live::of(&app);
    assert_eq!(app.call(3).await.expect("completes"), 6);
    let now = live.snapshot();
    let b = step(&now, "b");
    assert_eq!(
        (b.completed, b.path.as_str(), b.place.as_deref(), b.flow),
        (3, "outer › mapped › b", Some("1/1"), "mapped")
    );
    let around = step(&now, "mapped");
    assert_eq!((around.runs_flow, around.completed, around.attempts, around.latency.is_none()), (true, 5, 5, true));
    assert_eq!(now.steps[b.above.expect("stands in a sub-flow")].name, "mapped");
    assert_eq!(
        (passed(&live, "keep", "mapped"), passed(&live, "mapped", "last"), passed(&live, "b", "total")),
        (Some(1), None, None)
    );
    is_at_rest(&live);
    let app = flows::flow().start().expect("starts");
    let live = Live::of(&app);
    assert_eq!(app.call(3).await.expect("completes"), 6);
    let now = live.snapshot();
    assert_eq!((step(&now, "b").completed, step(&now, "sum_up").completed, step(&now, "inside").completed), (3, 3, 6));
    assert_eq!(step(&now, "b").path, "flows › map › inside › b");
    is_at_rest(&live);
}

#[node]
async fn spend(n: u64, ctx: &Ctx) -> Result<u64, OverBudget> {
    let reserved = ctx.budget().reserve(Cost::tokens(10))?;
    if n > 0 {
        reserved.settle(Cost::tokens(n));
    }
    Ok(n)
}
flow! { spending(u64) -> u64 { spend } }
flow! { around_it(u64) -> u64 { spending } }

#[tokio::test(start_paused = true)]
async fn what_was_settled_and_what_is_in_doubt_is_the_cost() {
    let app = around_it::flow().start().expect("starts");
    let live = Live::of(&app);
    app.call(7).await.expect("completes");
    app.call(0).await.expect("completes");
    let now = live.snapshot();
    assert_eq!(
        (step(&now, "spend").cost, step(&now, "spending").cost, now.cost()),
        (Cost::tokens(17), Cost::tokens(17), Cost::tokens(17))
    );
}

#[tokio::test(start_paused = true)]
async fn throughput_looks_back_over_its_window() {
    let app = queued::flow().start().expect("starts");
    let live = Live::of(&app);
    for n in 0..20 {
        app.call(n).await.expect("completes");
    }
    // A young flow is not compared with seconds in which it was not there.
    nap(3_800).await;
    let now = live.snapshot();
    let window = now.window.as_secs_f64();
    assert_eq!((now.window, step(&now, "b").per_second), (millis(4_000), 20.0 / window));
    nap(20_000).await;
    let now = live.snapshot();
    assert_eq!((now.window, step(&now, "b").per_second, now.traces.per_second), (secs(10), 0.0, 0.0));
    assert_eq!(step(&now, "b").completed, 20);
}

#[node]
fn explode(n: u64) -> u64 {
    assert!(n == 0, "as it was told");
    n
}
#[node]
async fn whole(all: Vec<u64>) -> Vec<u64> {
    nap(5).await;
    assert!(all[0] < 9, "as it was told");
    all
}
flow! { exploding(u64) -> u64 { (explode, b) -> join -> sum } }
flow! { racing(u64) -> u64 { (slow, alone) -> first } }
flow! { batched(u64) -> u64 { batch(2, "10ms") -> whole } }
flow! { teeing(u64) -> u64 { b -> tee(slow) -> keep } }

#[tokio::test(start_paused = true)]
async fn nothing_is_left_behind_by_panics_races_batches_and_dropped_calls() {
    let app = exploding::flow().start().expect("starts");
    let live = Live::of(&app);
    app.call(1).await.expect_err("panics");
    let now = live.snapshot();
    assert_eq!((step(&now, "explode").panics, step(&now, "explode").failures), (1, 1));
    is_at_rest(&live);
    let app = racing::flow().start().expect("starts");
    let live = Live::of(&app);
    let holds = app.emit(40).await.expect("is let in");
    settle().await;
    app.call(5).await.expect("completes");
    holds.result().await;
    is_at_rest(&live);
    assert!(tokio::time::timeout(millis(1), app.call(30)).await.is_err());
    is_at_rest(&live);
    let app = batched::flow().start().expect("starts");
    let live = Live::of(&app);
    let (one, two, three) = tokio::join!(app.call(1), app.call(2), app.call(9));
    assert!(one.is_ok() && two.is_ok() && three.is_err());
    let now = live.snapshot();
    let whole = step(&now, "whole");
    assert_eq!((whole.attempts, whole.completed, whole.panics, now.traces.started), (2, 1, 1, 3));
    is_at_rest(&live);
    let app = teeing::flow().start().expect("starts");
    let live = Live::of(&app);
    app.call(1).await.expect("completes");
    settle().await;
    is_at_rest(&live);
}

#[derive(Provides)]
struct Shelf {
    inner: Playbook<u64, u64>,
}
#[node]
async fn ask(ms: u64, ctx: &Ctx, State(inner): State<'_, Playbook<u64, u64>>) -> Result<u64, penguiflow::CallError> {
    ctx.call(inner, ms).await
}
flow! { asking(u64) -> u64 { keep -> ask } }

#[tokio::test(start_paused = true)]
async fn a_called_flow_is_counted_at_its_own_steps_and_not_at_those_of_the_caller() {
    let inner = limited::flow().start().expect("starts");
    let theirs = Live::of(&inner);
    let app = asking::flow().with_state(Shelf { inner: inner.playbook() }).start().expect("starts");
    let ours = Live::of(&app);
    let (one, two) = tokio::join!(app.call(5), app.call(5));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!((step(&theirs.snapshot(), "alone").completed, theirs.snapshot().traces.started), (2, 2));
    assert_eq!((step(&ours.snapshot(), "keep").completed, step(&ours.snapshot(), "ask").completed), (2, 2));
    is_at_rest(&ours);
    is_at_rest(&theirs);
}

#[tokio::test(start_paused = true)]
async fn who_is_added_while_a_trace_runs_does_not_see_it() {
    let app = limited::flow().start().expect("starts");
    let before = app.emit(30).await.expect("is let in");
    settle().await;
    let live = Live::of(&app);
    before.result().await;
    let now = live.snapshot();
    assert_eq!((now.traces.started, now.traces.ended.len(), step(&now, "alone").completed), (0, 0, 0));
    let also = live.clone();
    drop(live);
    app.call(1).await.expect("completes");
    assert_eq!(also.snapshot().traces.started, 1);
    // It keeps nothing running, and still shows what it saw.
    drop(app);
    assert_eq!((also.snapshot().traces.started, also.flow()), (1, "limited"));
}

#[tokio::test(start_paused = true)]
async fn bounds_count_what_is_exactly_as_long_as_they_are() {
    let app = limited::flow().start().expect("starts");
    let live = Live::with_bounds(&app, &[millis(5), millis(10)]).expect("ascend");
    for ms in [4, 5, 10, 11] {
        app.call(ms).await.expect("completes");
    }
    let took = step(&live.snapshot(), "alone").latency.clone().expect("has run");
    assert_eq!((took.at_most, took.count), (vec![(millis(5), 2), (millis(10), 3)], 4));
    let zero = Live::with_bounds(&app, &[millis(0)]).map(|_| ());
    assert_eq!(zero, Err(BadBounds::Order { index: 0, bound: millis(0) }));
    let many: Vec<_> = (1..=65).map(millis).collect();
    let many = Live::with_bounds(&app, &many).map(|_| ()).expect_err("are too many");
    assert_eq!(many.to_string(), "65 bounds are more than the 64 that a histogram may have");
}
