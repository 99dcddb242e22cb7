//! A loop has a bound, and its turns are counted by the runtime.

use crate::kit::{App, Oops, Tally, failure, nap, settle};
use penguiflow::Limit;
use penguiflow::prelude::*;

#[message]
struct Work {
    facts: u32,
    wanted: u32,
}

fn work(wanted: u32) -> Work {
    Work { facts: 0, wanted }
}

/// Writes its state in place.
#[controller(turns = 4)]
async fn in_place(mut w: Work, State(tally): State<'_, Tally>) -> Step<Work, String> {
    let _inside = tally.enter();
    nap(10).await;
    w.facts += 1;
    if w.facts >= w.wanted { Step::Done(format!("done@{}", w.facts)) } else { Step::Again(w) }
}

/// Makes a new state.
#[controller(turns = 4)]
fn anew(w: Work, State(tally): State<'_, Tally>) -> Step<Work, String> {
    tally.call();
    let w = Work { facts: w.facts + 1, ..w };
    if w.facts >= w.wanted { Step::Done(format!("done@{}", w.facts)) } else { Step::Again(w) }
}

#[node]
fn report(text: String, State(tally): State<'_, Tally>) -> String {
    tally.note("report");
    text
}

flow! { placing(Work) -> String { in_place -> report } }
flow! { renewing(Work) -> String { anew -> report } }

/// core:AC-10.1, core:AC-10.6, core:W-1
#[tokio::test(start_paused = true)]
async fn a_controller_that_is_done_after_its_second_turn_gives_one_result_and_runs_once_a_turn() {
    let (state, tally) = App::new();
    let app = placing::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(work(2)).await.expect("is done"), "done@2");
    settle().await;
    assert_eq!((tally.calls(), tally.notes().len(), tally.live(), app.in_flight()), (2, 1, 0, 0));
    assert_eq!(app.call(work(1)).await.expect("the node is free"), "done@1");
    assert_eq!((tally.calls(), tally.notes().len()), (3, 2));
}

/// core:AC-10.2, semantics:17
#[tokio::test(start_paused = true)]
async fn a_loop_that_never_says_it_is_done_ends_with_its_turns() {
    let (state, tally) = App::new();
    let app = placing::flow().with_state(state).start().expect("starts");
    let stop = app.call(work(9)).await.expect_err("is never done");
    assert!(matches!(stop, Stop::BudgetExceeded(Limit::Turns)), "{stop}");
    assert_eq!((tally.calls(), tally.notes().len()), (4, 0));
    let trace = app.emit(work(9)).await.expect("lets it in");
    assert!(matches!(trace.result().await, Ending::BudgetExceeded(Limit::Turns)));
}

/// semantics:17
#[tokio::test(start_paused = true)]
async fn done_on_the_last_turn_wins() {
    let (state, tally) = App::new();
    let app = placing::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(work(4)).await.expect("is done in time"), "done@4");
    assert_eq!(tally.calls(), 4);
}

/// core:AC-10.7
#[tokio::test(start_paused = true)]
async fn turns_are_counted_the_same_however_the_node_writes_its_state() {
    for wanted in 1..=5 {
        let ((one, placed), (other, renewed)) = (App::new(), App::new());
        let placing = placing::flow().with_state(one).start().expect("starts");
        let renewing = renewing::flow().with_state(other).start().expect("starts");
        let (first, second) = (placing.call(work(wanted)).await.ok(), renewing.call(work(wanted)).await.ok());
        assert_eq!((first.as_ref(), placed.calls()), (second.as_ref(), renewed.calls()), "{wanted} turns");
        assert_eq!(first.is_some(), wanted <= 4);
    }
}

// === repeat ===

#[node]
fn plan(w: Work, State(tally): State<'_, Tally>) -> Work {
    tally.note("plan");
    w
}

#[node]
fn act(w: Work, State(tally): State<'_, Tally>) -> Result<Step<Work, String>, Oops> {
    tally.note("act");
    match w.wanted {
        100 => Err(Oops(w.facts)),
        wanted if w.facts + 1 >= wanted => Ok(Step::Done(format!("acted {}", w.facts + 1))),
        _ => Ok(Step::Again(Work { facts: w.facts + 1, ..w })),
    }
}

#[node]
fn wrap_up(w: Work) -> String {
    format!("gave up at {}", w.facts)
}

flow! { bounded(Work) -> String { repeat(turns = 3) { plan -> act } else wrap_up } }
flow! { strict(Work) -> String { repeat(turns = 3) { plan -> act } -> report } }

/// semantics:17
#[tokio::test(start_paused = true)]
async fn out_of_turns_a_loop_goes_on_by_its_else_with_the_last_state_or_ends_as_such() {
    let (state, tally) = App::new();
    let app = bounded::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!(app.call(work(2)).await.expect("is done"), "acted 2");
    assert_eq!(tally.notes(), ["plan", "act", "plan", "act"]);
    assert_eq!(app.call(work(3)).await.expect("is done on the last turn"), "acted 3");
    assert_eq!(app.call(work(9)).await.expect("wraps up"), "gave up at 3");
    assert_eq!(tally.notes().len(), 4 + 6 + 6);
    let app = strict::flow().with_state(state).start().expect("starts");
    let stop = app.call(work(9)).await.expect_err("is never done");
    assert!(matches!(stop, Stop::BudgetExceeded(Limit::Turns)), "{stop}");
}

/// semantics:35
#[tokio::test(start_paused = true)]
async fn a_failure_in_a_loop_tells_its_turn() {
    let (state, _) = App::new();
    let app = strict::flow().with_state(state).start().expect("starts");
    let error = failure(app.call(work(100)).await.expect_err("fails"));
    assert_eq!(error.path(), "strict › turn 0 › act");
}
