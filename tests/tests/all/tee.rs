//! `tee`: a side branch that runs beside what follows, and is awaited before the end.

use crate::kit::{App, Oops, Tally, failure, ms_since, nap, now};
use futures_util::FutureExt as _;
use penguiflow::prelude::*;
use penguiflow::{Limit, Stop, Unseen};

/// How long the side branch takes, how long the rest, and how the side branch ends.
type Plan = (u64, u64, char);

#[node]
fn begin(plan: Plan) -> Plan {
    plan
}

#[node]
async fn log((ms, _, end): Plan, State(tally): State<'_, Tally>) -> Result<String, Oops> {
    let inside = tally.enter();
    nap(ms).await;
    match end {
        'f' => Err(Oops(1)),
        'p' => panic!("the log is full"),
        _ => {
            inside.finish();
            tally.note("logged");
            Ok("nobody reads this".to_owned())
        }
    }
}

#[node]
async fn work((_, ms, _): Plan, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    tally.note("worked");
    ms
}

flow! { teed(Plan) -> u64 { begin -> tee(log) -> work } }
flow! { tolerant(Plan) -> u64 { begin -> tee(log, best_effort) -> work } }
flow! { at_the_end(Plan) -> u64 { work_alone -> tee(keep) } }

#[node]
fn work_alone((_, ms, _): Plan) -> u64 {
    ms
}

#[node]
async fn keep(ms: u64, State(tally): State<'_, Tally>) {
    nap(ms).await;
    tally.note("kept");
}

/// semantics:11
#[tokio::test(start_paused = true)]
async fn the_side_branch_runs_beside_the_rest_and_its_output_is_dropped() {
    let (state, tally) = App::new();
    let app = teed::flow().with_state(state).start().expect("starts");
    let begun = now();
    assert_eq!(app.call((10, 30, 'v')).await.ok(), Some(30));
    assert_eq!((ms_since(begun), tally.notes(), tally.live()), (30, vec!["logged".to_owned(), "worked".to_owned()], 0));
}

/// semantics:11
#[tokio::test(start_paused = true)]
async fn the_ending_waits_for_a_side_branch_that_is_slower() {
    let (state, tally) = App::new();
    let app = teed::flow().with_state(state.clone()).start().expect("starts");
    let begun = now();
    assert_eq!(app.call((50, 30, 'v')).await.ok(), Some(30));
    assert_eq!((ms_since(begun), tally.finished()), (50, 2));
    let last = at_the_end::flow().with_state(state).start().expect("starts");
    assert_eq!(last.call((0, 20, 'v')).await.ok(), Some(20));
    assert_eq!((ms_since(begun), tally.notes().last().map(String::as_str)), (70, Some("kept")));
}

/// semantics:11
#[tokio::test(start_paused = true)]
async fn a_failure_of_the_side_branch_fails_the_trace_at_once() {
    for (end, code) in [('f', "NODE_EXCEPTION"), ('p', "NODE_PANIC")] {
        let (state, tally) = App::new();
        let app = teed::flow().with_state(state).start().expect("starts");
        let begun = now();
        let error = failure(app.call((10, 1_000, end)).await.expect_err("fails"));
        assert_eq!((error.path(), error.code(), ms_since(begun)), ("teed › log", code, 10));
        assert_eq!((tally.calls(), tally.live(), tally.finished()), (2, 0, 0));
    }
}

/// semantics:11
#[tokio::test(start_paused = true)]
async fn by_best_effort_a_failure_is_a_dead_letter_and_the_trace_goes_on() {
    for (end, code) in [('f', "NODE_EXCEPTION"), ('p', "NODE_PANIC")] {
        let (state, tally) = App::new();
        let app = tolerant::flow().with_state(state).start().expect("starts");
        let mut letters = app.dead_letters().expect("nobody else reads");
        assert_eq!(app.call((10, 30, end)).await.ok(), Some(30));
        let letter = letters.next().now_or_never().flatten().expect("has come");
        assert_eq!((letter.unseen, letter.code()), (Unseen::Aside, code));
        assert_eq!(letter.error().map(|error| error.path()), Some("tolerant › log"));
        assert_eq!((app.counts().dead_letters, tally.finished(), tally.live()), (1, 1, 0));
    }
}

/// semantics:11
#[tokio::test(start_paused = true)]
async fn a_cancel_and_a_deadline_end_side_branch_and_rest_also_by_best_effort() {
    let (state, tally) = App::new();
    let app = tolerant::flow().with_state(state).start().expect("starts");
    let trace = app.try_emit((1_000, 1_000, 'v')).expect("has room");
    let late = app.try_emit(Message::new((1_000, 5, 'v')).with_deadline(millis(50))).expect("has room");
    nap(20).await;
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert!(matches!(late.result().await, Ending::DeadlineExceeded));
    assert_eq!((tally.live(), app.counts().dead_letters), (0, 0));
}

#[message(no_schema)]
enum Way {
    Out(u64),
    Gone,
    On(u64),
}

#[router]
fn choose((_, ms, end): Plan) -> Way {
    match end {
        'o' => Way::Out(ms),
        'g' => Way::Gone,
        _ => Way::On(ms),
    }
}

#[node]
fn add(ms: u64) -> u64 {
    ms + 1
}

flow! { leaving(Plan) -> u64 { begin -> tee(log) -> choose { Out -> done, Gone -> drop, On -> add } -> add as more } }
flow! { leaving_all(Plan) -> u64 { begin -> tee(log) -> choose { Out -> done, Gone -> drop, On -> done } } }

/// semantics:11, semantics:14
#[tokio::test(start_paused = true)]
async fn an_arm_that_leaves_waits_for_the_side_branch_too() {
    let (state, tally) = App::new();
    let app = leaving::flow().with_state(state.clone()).start().expect("starts");
    let all = leaving_all::flow().with_state(state).start().expect("starts");
    let begun = now();
    assert_eq!(app.call((10, 7, 'o')).await.ok(), Some(7));
    assert_eq!(app.call((10, 7, 'v')).await.ok(), Some(9));
    assert_eq!(all.call((10, 7, 'v')).await.ok(), Some(7));
    assert!(matches!(app.call((10, 7, 'g')).await, Err(Stop::Dropped { at }) if &*at == "choose.Gone"));
    assert_eq!((ms_since(begun), tally.calls(), tally.finished()), (40, 4, 4));
}

#[node]
async fn judge((side, ms, end): Plan) -> Step<Plan, u64> {
    if ms > 2 { Step::Done(ms) } else { Step::Again((side, ms + 1, end)) }
}

flow! { turning(Plan) -> u64 { repeat(turns = 3) { begin -> tee(log) -> judge } } }
flow! { branching(Plan) -> (u64, Plan) { (tee(log) -> work, begin) -> join } }

/// semantics:11, semantics:17
#[tokio::test(start_paused = true)]
async fn a_side_branch_in_a_loop_or_a_branch_is_awaited_where_that_ends() {
    let (state, tally) = App::new();
    let app = turning::flow().with_state(state.clone()).start().expect("starts");
    let begun = now();
    assert_eq!(app.call((10, 1, 'v')).await.ok(), Some(3));
    assert_eq!((ms_since(begun), tally.finished()), (30, 3));
    assert!(matches!(app.call((10, 0, 'v')).await, Err(Stop::BudgetExceeded(Limit::Turns))));
    let branching = branching::flow().with_state(state).start().expect("starts");
    assert_eq!(branching.call((10, 1, 'v')).await.ok(), Some((1, (10, 1, 'v'))));
}

#[node(effect = irreversible)]
async fn pay((ms, _, _): Plan, State(tally): State<'_, Tally>) {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
}

#[node]
async fn stumble((_, ms, _): Plan) -> Result<u64, Oops> {
    nap(ms).await;
    Err(Oops(2))
}

flow! { paying(Plan) -> u64 { begin -> tee(pay) -> stumble } }

/// semantics:29, semantics:11
#[tokio::test(start_paused = true)]
async fn an_irreversible_side_branch_finishes_when_the_rest_fails() {
    let (state, tally) = App::new();
    let app = paying::flow().with_state(state).start().expect("starts");
    let begun = now();
    let error = failure(app.call((50, 10, 'v')).await.expect_err("fails"));
    assert_eq!((error.node(), ms_since(begun), tally.finished()), ("stumble", 50, 1));
}
