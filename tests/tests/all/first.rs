//! `first`: the first success of a fork; failures are tolerated while there is a branch left.

use crate::kit::{App, Oops, Tally, failure, ms_since, nap, now};
use penguiflow::prelude::*;
use penguiflow::{ErrorKind, Shutdown, Stop};

/// Waits as long as its mirror says, then fails, panics or answers with its number.
async fn ask(number: u32, (waits, ends): ([u64; 3], [char; 3]), tally: &Tally) -> Result<u32, Oops> {
    let inside = tally.enter();
    let index = number as usize - 1;
    nap(waits[index]).await;
    match ends[index] {
        'f' => Err(Oops(number)),
        'p' => panic!("mirror {number} is broken"),
        _ => {
            inside.finish();
            Ok(number)
        }
    }
}

type Plan = ([u64; 3], [char; 3]);

#[node]
async fn one(plan: Plan, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    ask(1, plan, tally).await
}

#[node]
async fn two(plan: Plan, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    ask(2, plan, tally).await
}

#[node]
async fn three(plan: Plan, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    ask(3, plan, tally).await
}

#[node]
fn answer(number: u32) -> String {
    format!("mirror {number}")
}

flow! { fastest(Plan) -> String { (one, two, three) -> first -> answer } }

async fn run(plan: Plan) -> (Result<String, Stop>, u128, Tally) {
    let (state, tally) = App::new();
    let app = fastest::flow().with_state(state).start().expect("starts");
    let begin = now();
    let ended = app.call(plan).await;
    (ended, ms_since(begin), tally)
}

/// semantics:10
#[tokio::test(start_paused = true)]
async fn the_first_success_goes_on_and_the_other_branches_are_dropped() {
    let (ended, at, tally) = run(([30, 10, 20], ['v', 'v', 'v'])).await;
    assert_eq!((ended.ok().as_deref(), at), (Some("mirror 2"), 10));
    assert_eq!((tally.calls(), tally.live(), tally.finished()), (3, 0, 1));
}

/// semantics:10
#[tokio::test(start_paused = true)]
async fn of_several_at_once_the_first_in_branch_order_wins() {
    let (ended, at, _) = run(([20, 10, 10], ['v', 'v', 'v'])).await;
    assert_eq!((ended.ok().as_deref(), at), (Some("mirror 2"), 10));
}

/// semantics:10
#[tokio::test(start_paused = true)]
async fn failures_and_panics_are_tolerated_while_a_branch_is_left() {
    let (ended, at, tally) = run(([10, 20, 30], ['f', 'p', 'v'])).await;
    assert_eq!((ended.ok().as_deref(), at), (Some("mirror 3"), 30));
    assert_eq!((tally.calls(), tally.live()), (3, 0));
}

/// semantics:10
#[tokio::test(start_paused = true)]
async fn when_all_have_failed_the_trace_fails_with_each_source_in_branch_order() {
    let (ended, at, _) = run(([30, 20, 10], ['f', 'p', 'f'])).await;
    let error = failure(ended.expect_err("nobody answered"));
    assert_eq!((error.node(), error.code(), at), ("first", "JOIN_STARVED", 30));
    let ErrorKind::JoinStarved { needed: 1, errors } = error.kind() else { panic!("{error}") };
    let told: Vec<(&str, &str)> = errors.iter().map(|error| (error.node(), error.code())).collect();
    assert_eq!(told, [("one", "NODE_EXCEPTION"), ("two", "NODE_PANIC"), ("three", "NODE_EXCEPTION")]);
    assert!(error.to_string().contains("needed 1 branch, but 3 failed"), "{error}");
}

/// semantics:10, core:W-20
#[tokio::test(start_paused = true)]
async fn a_cancel_and_a_deadline_end_the_trace_and_are_no_failures_to_tolerate() {
    let (state, tally) = App::new();
    let app = fastest::flow().with_state(state).start().expect("starts");
    let plan = ([1_000; 3], ['v'; 3]);
    let trace = app.try_emit(plan).expect("has room");
    let late = app.try_emit(Message::new(plan).with_deadline(millis(50))).expect("has room");
    nap(10).await;
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert!(matches!(late.result().await, Ending::DeadlineExceeded));
    assert_eq!((tally.calls(), tally.live()), (6, 0));
    assert_eq!(app.shutdown(Shutdown::Abort).await.left, 0);
}
