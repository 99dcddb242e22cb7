//! `settle`: every outcome of a fork. A failure of a branch is a value; an ending of the trace is not.

use crate::kit::{App, Oops, Tally, ms_since, nap, now};
use penguiflow::prelude::*;
use penguiflow::{BranchError, Limit, Stop};
use std::error::Error as _;

#[node]
async fn steady(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let _inside = tally.enter();
    nap(ms).await;
    ms
}

#[node(retries = 1, jitter = none, backoff = ("10ms", 1.0))]
async fn failing(ms: u64, State(tally): State<'_, Tally>) -> Result<String, Oops> {
    let _inside = tally.enter();
    nap(ms).await;
    Err(Oops(7))
}

#[node]
async fn panicking(_: u64, State(tally): State<'_, Tally>) -> u8 {
    tally.call();
    panic!("not today");
}

#[node(timeout = "5ms")]
async fn slow(_: u64, State(tally): State<'_, Tally>) -> bool {
    let _inside = tally.enter();
    nap(1_000).await;
    true
}

type Outcomes =
    (Result<u64, BranchError>, Result<String, BranchError>, Result<u8, BranchError>, Result<bool, BranchError>);

#[node]
fn tell((a, b, c, d): Outcomes) -> Vec<String> {
    let told = |error: BranchError| format!("{} {}", error.failure().node(), error.failure().code());
    let a = a.map_or_else(told, |ms| ms.to_string());
    vec![
        a,
        b.map_or_else(told, |_| String::new()),
        c.map_or_else(told, |_| String::new()),
        d.map_or_else(told, |_| String::new()),
    ]
}

flow! { settled(u64) -> Vec<String> { (steady, failing, panicking, slow) -> settle -> tell } }

/// semantics:10
#[tokio::test(start_paused = true)]
async fn each_outcome_comes_in_branch_order_panics_and_timeouts_included() {
    let (state, tally) = App::new();
    let app = settled::flow().with_state(state).start().expect("starts");
    let begin = now();
    let told = app.call(30).await.expect("settles");
    assert_eq!(told, ["30", "failing NODE_EXCEPTION", "panicking NODE_PANIC", "slow NODE_TIMEOUT"]);
    // The branch with a retry is the last: 30 ms, 10 ms, 30 ms.
    assert_eq!((ms_since(begin), tally.calls(), tally.live()), (70, 5, 0));
}

#[node]
fn first_failure((a, b): (Result<u64, BranchError>, Result<String, BranchError>)) -> Result<u64, BranchError> {
    b?;
    a
}

flow! { passed_on(u64) -> u64 { (steady, failing) -> settle -> first_failure } }

/// semantics:10, core:AC-17.2
#[tokio::test(start_paused = true)]
async fn a_branch_s_failure_that_is_passed_on_fails_the_trace_with_its_whole_path() {
    let app = passed_on::flow().with_state(App::new().0).start().expect("starts");
    let Err(Stop::Failed(error)) = app.call(5).await else { panic!("must fail") };
    assert_eq!(error.node(), "first_failure");
    let branch = error.source().expect("has one").downcast_ref::<BranchError>().expect("is the branch's");
    assert_eq!((branch.failure().path(), branch.failure().attempt()), ("passed_on › failing", 2));
    assert_eq!(branch.source().and_then(|error| error.downcast_ref()), Some(&Oops(7)));
    assert_eq!(branch.to_string(), branch.clone().to_string());
}

/// semantics:10
#[tokio::test(start_paused = true)]
async fn a_cancel_and_a_deadline_are_no_outcomes() {
    let (state, tally) = App::new();
    let app = settled::flow().with_state(state).start().expect("starts");
    let trace = app.try_emit(1_000).expect("has room");
    let late = app.try_emit(Message::new(1_000).with_deadline(millis(50))).expect("has room");
    nap(20).await;
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert!(matches!(late.result().await, Ending::DeadlineExceeded));
    assert_eq!(tally.live(), 0);
}

#[controller(turns = 2)]
fn endless(ms: u64) -> Step<u64, u64> {
    Step::Again(ms)
}

#[node]
fn both((a, b): (Result<u64, BranchError>, Result<u64, BranchError>)) -> bool {
    a.is_ok() && b.is_ok()
}

flow! { over_budget(u64) -> bool { (steady, endless) -> settle -> both } }

/// semantics:10, semantics:17
#[tokio::test(start_paused = true)]
async fn a_branch_that_ends_the_trace_drops_the_others() {
    let (state, tally) = App::new();
    let app = over_budget::flow().with_state(state).start().expect("starts");
    assert!(matches!(app.call(1_000).await, Err(Stop::BudgetExceeded(Limit::Turns))));
    assert_eq!((tally.calls(), tally.live(), tally.finished()), (1, 0, 0));
}

#[node(effect = irreversible)]
async fn pay(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    ms
}

flow! { paid(u64) -> bool { (pay, endless) -> settle -> both } }

/// semantics:29, semantics:10
#[tokio::test(start_paused = true)]
async fn an_irreversible_branch_finishes_before_the_trace_ends() {
    let (state, tally) = App::new();
    let app = paid::flow().with_state(state).start().expect("starts");
    assert!(matches!(app.call(1_000).await, Err(Stop::BudgetExceeded(Limit::Turns))));
    assert_eq!((tally.calls(), tally.live(), tally.finished()), (1, 0, 1));
}
