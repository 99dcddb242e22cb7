//! A failure tells where it happened, however deep: under forks, maps, loops, arms and flows in flows.

use crate::kit::{Oops, failure, nap};
use penguiflow::prelude::*;
use penguiflow::{ErrorKind, FlowError, Jitter};

/// What the worker does, and on which item, turn or branch.
#[message]
#[derive(Copy, PartialEq, Eq)]
enum Act {
    Pass,
    Fail,
    Panic,
    PanicLater,
    PanicAgain,
}

#[node(retries = 0)]
async fn work(act: Act, ctx: &Ctx) -> Result<Act, Oops> {
    match act {
        Act::Pass => return Ok(act),
        Act::Fail => return Err(Oops(1)),
        Act::Panic => panic!("at once"),
        Act::PanicLater => nap(1).await,
        Act::PanicAgain if ctx.attempt() == 1 => return Err(Oops(1)),
        Act::PanicAgain => {}
    }
    panic!("in attempt {}", ctx.attempt())
}

#[node]
fn spread(act: Act) -> Vec<Act> {
    vec![Act::Pass, Act::Pass, act, Act::Pass]
}

#[node]
fn begin(act: Act) -> Act {
    act
}

#[node]
fn last(list: Vec<Act>) -> Act {
    list.last().copied().unwrap_or(Act::Pass)
}

#[node]
fn turn(act: Act, ctx: &Ctx) -> Step<Act, Act> {
    if ctx.node() == "turn" { Step::Again(act) } else { Step::Done(act) }
}

#[node]
fn both((_, act): (Act, Act)) -> Act {
    act
}

#[router]
fn way(_: &Act) -> bool {
    true
}

flow! { straight(Act) -> Act { begin -> work } }
flow! { mapped(Act) -> Act { spread -> map(straight, 2) -> last } }
flow! { forked(Act) -> Act { begin -> (begin as idle, begin as busy -> work) -> join -> both } }
flow! { tolerant(Act) -> Act { (begin, begin as busy -> straight) -> join_k(2) -> last } }
flow! { routed(Act) -> Act { begin -> way { true -> mapped, false -> drop } -> begin as end } }
flow! { turning(Act) -> Act { begin -> repeat(turns = 3) { guard -> turn } else begin as end } }
flow! { deep(Act) -> Act { begin -> routed -> forked } }

/// Lets the first two turns pass, and does what it is told to in the third.
#[node]
async fn guard(m: Message<Act>, ctx: &Ctx) -> Result<Message<Act>, Oops> {
    let turn = m.meta().get("turn").and_then(serde_json::Value::as_u64).unwrap_or_default();
    if turn == 2 {
        work(*m.payload(), ctx).await?;
    }
    Ok(m.with_meta("turn", turn + 1))
}

/// The failure of `$act` in `$flow`, called and emitted: both tell the same.
macro_rules! fails {
    ($flow:ident, $act:expr) => {{
        let app = $flow::flow().start().expect("starts");
        let called = failure(app.call($act).await.expect_err("fails"));
        let emitted = app.emit($act).await.expect("lets it in").result().await;
        let emitted = failure(emitted.into_result().expect_err("fails"));
        assert_eq!((called.path(), called.place()), (emitted.path(), emitted.place()));
        assert_eq!(app.in_flight(), 0);
        called
    }};
}

fn place(error: &FlowError) -> (&str, &str, &'static str, &'static str) {
    (error.path(), error.place(), error.node(), error.code())
}

/// semantics:35, semantics:28: the key of a place is the same for an error, a panic and a panic behind an await.
#[tokio::test(start_paused = true)]
async fn failures_and_panics_tell_the_same_path_and_place_through_flows_maps_forks_and_arms() {
    for (act, code) in [(Act::Fail, "NODE_EXCEPTION"), (Act::Panic, "NODE_PANIC"), (Act::PanicLater, "NODE_PANIC")] {
        assert_eq!(place(&fails!(straight, act)), ("straight › work", "1", "work", code));
        let error = fails!(mapped, act);
        assert_eq!(place(&error), ("mapped › map[2] › straight › work", "1[2]/0/1", "work", code));
        assert_eq!(place(&fails!(forked, act)), ("forked › work", "3", "work", code));
        let error = fails!(deep, act);
        let path = "deep › routed › mapped › map[2] › straight › work";
        assert_eq!(place(&error), (path, "1/2/1[2]/0/1", "work", code));
        let error = fails!(turning, act);
        assert_eq!(place(&error), ("turning › turn 2 › guard", "1:2/2", "guard", code));
    }
}

/// semantics:9, semantics:28: what a join tolerated until it starved keeps its own places.
#[tokio::test(start_paused = true)]
async fn a_starved_join_keeps_the_path_and_place_of_each_branch_that_failed_or_panicked() {
    for (act, code, said) in
        [(Act::Fail, "NODE_EXCEPTION", "oops 1"), (Act::PanicLater, "NODE_PANIC", "panicked: in attempt 1")]
    {
        let error = fails!(tolerant, act);
        assert_eq!((error.path(), error.place(), error.code()), ("tolerant › join_k", "3", "JOIN_STARVED"));
        let text = error.to_string();
        let ErrorKind::JoinStarved { needed: 2, errors } = error.into_kind() else { panic!("another kind") };
        let [branch] = &*errors else { panic!("one branch failed") };
        assert_eq!(place(branch), ("tolerant › straight › work", "2/1", "work", code));
        assert_eq!(branch.kind().to_string(), said);
        assert!(text.contains("the join needed 2 branches, but 1 failed; tolerant › straight › work"), "{text}");
    }
    let app = tolerant::flow().start().expect("starts");
    assert_eq!(app.call(Act::Pass).await.expect("completes"), Act::Pass);
}

/// semantics:28, semantics:34: the attempt that panicked is counted by the policy in force.
#[tokio::test(start_paused = true)]
async fn a_panic_in_a_later_attempt_tells_the_number_of_attempts_that_were_allowed() {
    let app = mapped::flow()
        .override_policy::<work>(|policy| policy.with_retries(4).with_jitter(Jitter::None))
        .start()
        .expect("starts");
    let error = failure(app.call(Act::PanicAgain).await.expect_err("panics"));
    assert_eq!((error.attempt(), error.attempts()), (2, 5));
    let text = "mapped › map[2] › straight › work, attempt 2 of 5, after 500 ms: panicked: in attempt 2";
    assert_eq!(error.to_string(), text);
}
