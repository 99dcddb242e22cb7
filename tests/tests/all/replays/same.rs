//! A replay does what was recorded, and calls no node.

use crate::kit::{Oops, Tally, nap};
use crate::replays::{recorded, replayed};
use penguiflow::clock::{millis, secs};
use penguiflow::prelude::*;
use penguiflow::{Budget, Cost, OverBudget, Piece};

#[node]
async fn add(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    nap(n).await;
    n + 1
}

#[node(retries = 3, timeout = "40ms", backoff = ("2ms", 2, "9ms"))]
async fn flaky(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.call();
    match ctx.attempt() {
        1 => Err(Oops(1)),
        2 => {
            nap(1_000).await;
            Ok(0)
        }
        _ => Ok(n * 10),
    }
}

#[node]
fn mark(message: Message<u64>, State(tally): State<'_, Tally>) -> Message<u64> {
    tally.call();
    let n = *message.payload();
    message.with_meta("seen", n).map(|n| n + 100)
}

#[node]
async fn speak(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, OverBudget> {
    tally.call();
    let mut out = ctx.stream("answer");
    let (first, second) = (ctx.budget().reserve(Cost::tokens(10))?, ctx.budget().reserve(Cost::tokens(5))?);
    out.send("pen").await;
    nap(3).await;
    second.settle(Cost::tokens(4));
    out.send(Piece::new("guin").with_meta("logprob", -0.5)).await;
    drop(first);
    out.finish().await;
    Ok(n)
}

#[node]
fn sum(values: Vec<u64>, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    values.iter().sum()
}

#[node]
fn pair((a, b): (u64, u64), State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    a * 1_000 + b
}

#[node]
fn spread(n: u64, State(tally): State<'_, Tally>) -> Vec<u64> {
    tally.call();
    (0..n).collect()
}

#[node]
fn pass(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n
}

#[node]
async fn fail(n: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.call();
    nap(5).await;
    Err(Oops(n as u32))
}

#[node]
async fn burst(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    nap(2).await;
    panic!("burst at {n}")
}

#[message]
enum Size {
    Small(u64),
    Big(u64),
    Huge,
}

#[router]
fn size(n: u64, State(tally): State<'_, Tally>) -> Size {
    tally.call();
    match n {
        0..10 => Size::Small(n),
        10..100 => Size::Big(n),
        _ => Size::Huge,
    }
}

#[router]
fn looked(n: &u64, State(tally): State<'_, Tally>) -> Size {
    tally.call();
    if *n < 50 { Size::Small(*n) } else { Size::Huge }
}

#[controller(turns = 9)]
async fn halve(n: u64, State(tally): State<'_, Tally>) -> Step<u64, u64> {
    tally.call();
    nap(1).await;
    if n > 3 { Step::Again(n / 2) } else { Step::Done(n) }
}

#[node(on_cancel = finish("1h"))]
async fn slow(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    nap(200).await;
    n
}

flow! { chain(u64) -> u64 { add -> flaky -> mark -> speak -> add as last } }

#[test]
fn a_chain_with_retries_chunks_budgets_and_meta_is_played_as_it_ran() {
    let recording = recorded!(chain, |app| {
        let message = Message::new(7).with_tenant("acme").with_budget(Budget::new().tokens(100)).with_deadline(secs(9));
        let trace = app.emit(message.with_meta("from", "test")).await.expect("let in");
        let chunks: Vec<_> = futures_util::StreamExt::collect(trace.stream()).await;
        assert_eq!(chunks.len(), 4, "three chunks and the ending: {chunks:?}");
    });
    assert!(recording.to_string().contains("node_timeout flaky 1 attempt 2"), "{recording}");
    let record = replayed!(chain, &recording);
    assert_eq!(record.completed(), Some(&181));
    assert_eq!(record.chunks.iter().map(|chunk| &*chunk.text).collect::<String>(), "penguin");
    assert_eq!((record.calls("flaky"), record.trace_id), (3, recording.trace_id()));
}

flow! { forked(u64) -> u64 { pass -> (add, flaky -> pass as then) -> join -> pair } }
flow! { raced(u64) -> u64 { pass -> (slow, flaky) -> first -> pass as then } }
flow! { some(u64) -> u64 { pass -> (fail, add, pass as other, slow) -> join_k(2) -> sum } }
flow! { items(u64) -> u64 { spread -> map(add, 3) -> sum } }
flow! { routed(u64) -> u64 { size { Small -> pass, Big -> halve, Huge -> drop } } }
flow! { seen(u64) -> u64 { looked { Small -> pass, Big -> add, Huge -> add as more } } }
flow! { inner(u64) -> u64 { add -> flaky } }
flow! { outer(u64) -> u64 { pass -> inner -> tee(add as side) -> halve } }
flow! { lined(u64) -> u64 { pass -> queue(4, workers = 1) -> add -> pass as then } }
flow! { beside(u64) -> u64 { pass -> parallel(add, flaky) -> join -> pair } }

#[test]
fn every_form_of_a_flow_is_played_as_it_ran() {
    macro_rules! each {
        ($($flow:ident: $($n:literal),+;)+) => {
            $($({
                let recording = recorded!($flow, |app| {
                    let _ = app.call($n).await;
                });
                replayed!($flow, &recording);
            })+)+
        };
    }
    each! {
        forked: 3, 30; raced: 1; some: 4; items: 0, 1, 7; routed: 5, 99, 1_000; seen: 3, 70;
        outer: 2; lined: 3; beside: 5;
    }
}

flow! { failing(u64) -> u64 { pass -> (fail, add) -> join -> pair } }
flow! { bursting(u64) -> u64 { pass -> (burst, slow) -> join -> pair } }
flow! { starving(u64) -> u64 { pass -> (fail, fail as too, add) -> join_k(2) -> sum } }

#[test]
fn a_failure_a_panic_and_a_starved_join_are_played_as_they_were() {
    macro_rules! each {
        ($($flow:ident: $code:literal;)+) => {
            $({
                let recording = recorded!($flow, |app| {
                    app.call(1).await.expect_err("fails");
                });
                assert_eq!(recording.ending(), $code);
                replayed!($flow, &recording);
            })+
        };
    }
    each! { failing: "NODE_EXCEPTION"; bursting: "NODE_PANIC"; starving: "JOIN_STARVED"; }
}

flow! { waiting(u64) -> u64 { pass -> (add, slow, flaky) -> join_k(3) -> sum } }
flow! { paying(u64) -> u64 { speak -> speak as twice -> pass } }

#[test]
fn a_cancel_a_deadline_and_a_budget_end_a_replay_where_they_ended_the_trace() {
    let cancelled = recorded!(waiting, |app| {
        let trace = app.emit(60).await.expect("let in");
        nap(20).await;
        trace.cancel();
        let _ = trace.result().await;
    });
    assert_eq!(cancelled.ending(), "TRACE_CANCELLED");
    replayed!(waiting, &cancelled);

    let late = recorded!(waiting, |app| {
        let _ = app.call(Message::new(900).with_deadline(millis(120))).await;
    });
    assert_eq!(late.ending(), "DEADLINE_EXCEEDED");
    replayed!(waiting, &late);

    let poor = recorded!(paying, |app| {
        let _ = app.call(Message::new(1).with_budget(Budget::new().tokens(20))).await;
    });
    assert_eq!(poor.ending(), "TOKEN_BUDGET_EXHAUSTED", "{poor}");
    replayed!(paying, &poor);

    let short = recorded!(chain, |app| {
        let _ = app.call(Message::new(1).with_budget(Budget::new().hops(2))).await;
    });
    assert_eq!(short.ending(), "HOP_BUDGET_EXHAUSTED", "{short}");
    replayed!(chain, &short);
}

/// On several threads the order of branches is that of the recording, whatever it was.
#[test]
fn what_ran_on_several_threads_is_played_in_its_order() {
    for _ in 0..20 {
        let recorder = penguiflow::Recorder::new();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let app = beside::flow().with_state(crate::kit::App::new().0).record(&recorder).start().expect("starts");
            app.call(3).await.expect("completes");
        });
        let recording = recorder.take_all().remove(0);
        let (state, tally) = crate::kit::App::new();
        let record = penguiflow::testkit::Replay::of(&recording).run_paused(beside::flow().with_state(state));
        let record = record.unwrap_or_else(|why| panic!("{why}\n{recording}"));
        assert_eq!((record.completed(), tally.calls()), (Some(&4_030), 0));
    }
}
