//! A flow with a budget as a node of another flow: its limits count what runs inside, those around it count that as well, and
//! whichever is used up ends the trace.

use crate::kit::{App, Tally, failure, forever, ms_since, nap, now, settle};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Budget, CallError, Chunk, Cost, Limit, OverBudget, Playbook, Shutdown};
use std::sync::{Arc, OnceLock};
use tokio::time::Instant;

#[node]
fn step(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n + 1
}

/// Reserves as many tokens as it is told, and notes what is left then and whose budget it is.
#[node]
fn pay(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, OverBudget> {
    let budget = ctx.budget();
    budget.reserve(Cost::tokens(n))?.settle(Cost::tokens(n));
    tally.call();
    tally.note(format!("{:?} left, {} spent", budget.left().tokens.unwrap_or(0), budget.spent().tokens));
    Ok(n)
}

#[node]
async fn wait(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    ms
}

#[node]
fn sum((a, b): (u64, u64)) -> u64 {
    a + b
}

#[node]
fn total(values: Vec<u64>) -> u64 {
    values.iter().sum()
}

#[node]
fn four_times(n: u64) -> Vec<u64> {
    vec![n; 4]
}

flow! { thrice(u64) -> u64 { budget { hops: 3 } step -> step as b -> step as c } }
flow! { four_steps(u64) -> u64 { budget { hops: 3 } step -> step as b -> step as c -> step as d } }
flow! { paying(u64) -> u64 { budget { tokens: 10 } pay } }
flow! { twice_paying(u64) -> u64 { budget { tokens: 10 } pay -> pay as again } }
flow! { waiting(u64) -> u64 { budget { deadline: "1s" } wait } }

/// Starts `$flow` in a new state, and gives the tally that its nodes count with.
macro_rules! app {
    ($flow:ident) => {{
        let (state, tally) = App::new();
        ($flow::flow().with_state(state).start().expect("starts"), tally)
    }};
}

/// The limit that was used up, if that is how it ended.
fn limit<T>(ended: Result<T, Stop>) -> Option<Limit> {
    match ended {
        Err(Stop::BudgetExceeded(limit)) => Some(limit),
        _ => None,
    }
}

fn hops(n: u64, hops: u64) -> Message<u64> {
    Message::new(n).with_budget(Budget::new().hops(hops))
}

fn tokens(n: u64, tokens: u64) -> Message<u64> {
    Message::new(n).with_budget(Budget::new().tokens(tokens))
}

flow! { around(u64) -> u64 { step -> thrice -> step as b } }
flow! { too_much(u64) -> u64 { step -> four_steps -> step as b } }

/// semantics:20
#[tokio::test(start_paused = true)]
async fn an_inner_budget_counts_what_runs_inside_and_an_outer_one_counts_all() {
    let (app, tally) = app!(around);
    assert_eq!(app.call(0).await.expect("the inner one has enough for what is inside"), 5);
    assert_eq!(app.call(hops(0, 5)).await.expect("has enough"), 5);
    assert_eq!(tally.calls(), 10);
    assert_eq!(limit(app.call(hops(0, 4)).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 14, "all inside, and nothing behind it");
    assert_eq!(limit(app.call(hops(0, 2)).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 16, "an inner budget cannot raise the outer one");
}

/// semantics:20
#[tokio::test(start_paused = true)]
async fn an_inner_budget_that_is_used_up_ends_the_trace_as_a_loop_without_turns_does() {
    let (app, tally) = app!(too_much);
    assert_eq!(limit(app.call(0).await), Some(Limit::Hops));
    assert_eq!(limit(app.call(hops(0, 64)).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 8, "one before it, three inside, none behind");
    let counts = app.counts();
    assert_eq!((counts.budget_exceeded, counts.failed), (2, 0));
}

flow! { deep(u64) -> u64 { budget { tokens: 12 } pay -> paying as a } }
flow! { deeper(u64) -> u64 { budget { tokens: 15 } deep -> pay as b } }

#[tokio::test(start_paused = true)]
async fn what_is_left_is_the_least_of_all_budgets_around_and_what_is_spent_the_innermost() {
    let (app, tally) = app!(deeper);
    assert_eq!(app.call(5).await.expect("has enough"), 5);
    assert_eq!(tally.notes(), ["7 left, 5 spent", "2 left, 5 spent", "0 left, 15 spent"]);
    assert_eq!(limit(app.call(6).await), Some(Limit::Tokens), "15 are less than three times 6");
    assert_eq!(tally.calls(), 5);
    assert_eq!(limit(app.call(tokens(5, 9)).await), Some(Limit::Tokens));
    assert_eq!(tally.calls(), 6);
}

flow! { pair(u64) -> u64 { (paying, paying as b) -> join -> sum } }
flow! { beside(u64) -> u64 { (twice_paying, wait) -> join -> sum } }
flow! { tolerant(u64) -> u64 { (twice_paying, wait) -> first } }
flow! { settled(u64) -> u64 { (twice_paying, wait) -> settle -> both } }

#[node]
fn both((a, b): (Result<u64, penguiflow::BranchError>, Result<u64, penguiflow::BranchError>)) -> u64 {
    a.unwrap_or(0) + b.unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn each_branch_has_a_budget_for_itself_and_none_that_is_used_up_is_an_outcome() {
    let (app, _) = app!(pair);
    assert_eq!(app.call(10).await.expect("10 for each branch"), 20);
    assert_eq!(limit(app.call(tokens(10, 19)).await), Some(Limit::Tokens));
    macro_rules! ends_at_once {
        ($flow:ident) => {{
            let (app, tally) = app!($flow);
            let start = now();
            assert_eq!(limit(app.call(6).await), Some(Limit::Tokens));
            assert_eq!(
                (ms_since(start), tally.finished(), tally.live()),
                (0, 0, 0),
                "nobody waits for the other branch"
            );
        }};
    }
    ends_at_once!(beside);
    ends_at_once!(tolerant);
    ends_at_once!(settled);
}

flow! { spread(u64) -> u64 { parallel(thrice, four_steps) -> join -> sum } }
flow! { spread_pair(u64) -> u64 { parallel(paying, paying as b) -> join -> sum } }
flow! { spread_inside(u64) -> u64 { budget { hops: 3, tokens: 12 } parallel(pay, pay as b) -> join -> sum } }
flow! { holds_spread(u64) -> u64 { spread_inside -> step } }

#[tokio::test(start_paused = true)]
async fn branches_on_other_cores_count_for_the_budget_around_them() {
    let (app, _) = app!(spread_pair);
    assert_eq!(app.call(10).await.expect("10 for each branch"), 20);
    let (app, tally) = app!(spread);
    assert_eq!(limit(app.call(0).await), Some(Limit::Hops));
    assert!(tally.calls() <= 6);
    let (app, tally) = app!(holds_spread);
    assert_eq!(app.call(6).await.expect("both fit"), 13);
    assert_eq!(limit(app.call(7).await), Some(Limit::Tokens));
    assert_eq!(tally.calls(), 4, "two that paid, a step behind them, and one that paid alone");
}

flow! { mapped(u64) -> u64 { four_times -> map(paying, 2) -> total } }
flow! { mapped_apart(u64) -> u64 { four_times -> map(paying, 2, parallel) -> total } }
flow! { mapped_inside(u64) -> u64 { budget { hops: 9, tokens: 30 } four_times -> map(paying, 1) -> total } }

#[tokio::test(start_paused = true)]
async fn each_item_of_a_map_has_a_budget_for_itself() {
    for round in 0..2 {
        let (state, tally) = App::new();
        let app = match round {
            0 => mapped::flow().with_state(state).start().expect("starts").playbook(),
            _ => mapped_apart::flow().with_state(state).start().expect("starts").playbook(),
        };
        assert_eq!(app.call(10).await.expect("10 for each item"), 40);
        assert_eq!(limit(app.call(11).await), Some(Limit::Tokens));
        assert_eq!(tally.calls(), 4);
    }
    let (app, tally) = app!(mapped_inside);
    assert_eq!(app.call(7).await.expect("28 are less than 30"), 28);
    assert_eq!(limit(app.call(8).await), Some(Limit::Tokens));
    assert_eq!(tally.calls(), 4 + 3);
}

#[node]
fn until(n: u64) -> Step<u64, u64> {
    if n >= 9 { Step::Done(n) } else { Step::Again(n) }
}
flow! { looping(u64) -> u64 { repeat(turns = 8) { thrice -> until } } }
flow! { bounded_loop(u64) -> u64 { budget { hops: 6 } repeat(turns = 8) { step -> until } } }
flow! { holds_loop(u64) -> u64 { bounded_loop -> step } }

#[tokio::test(start_paused = true)]
async fn each_turn_of_a_loop_is_a_run_with_a_budget_for_itself() {
    let (app, tally) = app!(looping);
    assert_eq!(app.call(0).await.expect("three steps a turn"), 9);
    assert_eq!(tally.calls(), 9);
    let (app, tally) = app!(holds_loop);
    assert_eq!(app.call(6).await.expect("three turns are six hops"), 10);
    assert_eq!(limit(app.call(5).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 4 + 3);
}

flow! { queued(u64) -> u64 { queue(8, workers = 2) -> twice_paying -> step } }
flow! { queued_wait(u64) -> u64 { queue(8) -> waiting -> step } }

#[tokio::test(start_paused = true)]
async fn a_worker_of_a_queue_holds_to_the_budget_of_the_flow_that_it_runs() {
    let (app, tally) = app!(queued);
    let (enough, not) = tokio::join!(app.call(5), app.call(6));
    assert_eq!((enough.expect("10 are enough"), limit(not)), (6, Some(Limit::Tokens)));
    assert_eq!(app.call(5).await.expect("the worker goes on"), 6);
    assert_eq!(tally.calls(), 3 + 1 + 3);
    let (app, tally) = app!(queued_wait);
    let start = now();
    assert!(matches!(app.call(5_000).await, Err(Stop::DeadlineExceeded)));
    settle().await;
    assert_eq!((ms_since(start), tally.live(), tally.finished()), (1_000, 0, 0));
    assert_eq!(app.call(5).await.expect("the worker goes on"), 6);
}

flow! { timed(u64) -> u64 { wait -> waiting -> wait as after } }
flow! { timed_twice(u64) -> u64 { budget { deadline: "2500ms" } waiting -> waiting as b -> waiting as c } }
flow! { timed_beside(u64) -> u64 { (waiting, wait) -> settle -> both } }

/// semantics:20
#[tokio::test(start_paused = true)]
async fn an_inner_deadline_begins_with_its_run_and_ends_the_trace() {
    let (app, tally) = app!(timed);
    let start = now();
    assert_eq!(app.call(900).await.expect("each run is in time"), 900);
    assert_eq!(ms_since(start), 2_700);
    let start = now();
    assert!(matches!(app.call(1_100).await, Err(Stop::DeadlineExceeded)));
    assert_eq!((ms_since(start), tally.calls(), tally.live()), (2_100, 5, 0));
    assert_eq!(app.counts().deadline_exceeded, 1);
    let (app, _) = app!(timed_twice);
    let start = now();
    assert!(matches!(app.call(900).await, Err(Stop::DeadlineExceeded)));
    assert_eq!(ms_since(start), 2_500, "the outer one comes first");
    let (app, tally) = app!(timed_beside);
    let start = now();
    assert!(matches!(app.call(5_000).await, Err(Stop::DeadlineExceeded)));
    assert_eq!((ms_since(start), tally.finished()), (1_000, 0), "it is no outcome of its branch alone");
}

#[node]
fn look(_: u64, ctx: &Ctx) -> Option<Instant> {
    ctx.deadline()
}
#[node]
fn shown(seen: (Option<Instant>, Option<Instant>)) -> (Option<Instant>, Option<Instant>) {
    seen
}
flow! { looking(u64) -> Option<Instant> { budget { deadline: "1s", hops: 9 } look } }
flow! { both_look(u64) -> (Option<Instant>, Option<Instant>) { (look, looking) -> join -> shown } }

#[tokio::test(start_paused = true)]
async fn a_node_sees_the_first_of_the_deadlines_around_it() {
    let app = both_look::flow().start().expect("starts");
    let at = |ms| Some(now() + millis(ms));
    assert_eq!(app.call(0).await.expect("completes"), (None, at(1_000)));
    let asked = |ms| Message::new(0).with_deadline(millis(ms));
    assert_eq!(app.call(asked(500)).await.expect("completes"), (at(500), at(500)));
    assert_eq!(app.call(asked(5_000)).await.expect("completes"), (at(5_000), at(1_000)));
}

#[node(on_cancel = finish("5s"))]
async fn careful(ms: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    ctx.cancelled().await;
    nap(ms).await;
    tally.note(format!("cancelled: {}", ctx.is_cancelled()));
    inside.finish();
    ms
}
flow! { caring(u64) -> u64 { budget { deadline: "1s" } careful } }
flow! { holds_caring(u64) -> u64 { caring -> step } }

#[tokio::test(start_paused = true)]
async fn a_node_inside_hears_of_the_inner_deadline_and_of_the_cancel_of_its_trace() {
    let (app, tally) = app!(holds_caring);
    let start = now();
    assert!(matches!(app.call(300).await, Err(Stop::DeadlineExceeded)));
    assert_eq!((ms_since(start), tally.finished()), (1_300, 1));
    let trace = app.emit(300).await.expect("has room");
    nap(100).await;
    let start = now();
    assert!(app.cancel(trace.id()));
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((ms_since(start), tally.finished()), (300, 2));
    assert_eq!(tally.notes(), ["cancelled: true", "cancelled: true"]);
}

#[node]
async fn leave_a_task(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> u64 {
    let (tally, ctx_inside) = (tally.clone(), ctx.clone());
    let mut out = ctx.stream("left");
    out.send(ctx.place()).await;
    out.finish().await;
    ctx.spawn(async move {
        let _inside = tally.enter();
        tally.note(format!("{:?}", ctx_inside.budget().left().tokens));
        forever().await;
    });
    n
}
flow! { leaving(u64) -> u64 { budget { tokens: 10, deadline: "1s" } leave_a_task } }
flow! { holds_leaving(u64) -> u64 { leaving -> wait } }

#[tokio::test(start_paused = true)]
async fn streams_and_tasks_of_nodes_inside_belong_to_the_whole_trace() {
    let (app, tally) = app!(holds_leaving);
    let (mut chunks, trace) = app.emit(5_000).await.expect("has room").split();
    let mut read = Vec::new();
    while let Some(Chunk { text, .. }) = chunks.next().await {
        read.push(text);
        nap(2_000).await;
    }
    assert_eq!(read, ["0/0", ""]);
    assert!(matches!(trace.result().await, Ending::Completed(5_000)), "the inner time ended with its run");
    settle().await;
    assert_eq!((tally.notes().as_slice(), tally.live()), (["Some(10)".to_owned()].as_slice(), 0));
}

#[node]
fn burst(n: u64) -> u64 {
    assert!(n < 5, "too many");
    n
}
flow! { bursting(u64) -> u64 { budget { hops: 2, deadline: "1s" } step -> burst } }
flow! { holds_bursting(u64) -> u64 { bursting -> step } }

#[tokio::test(start_paused = true)]
async fn a_panic_inside_is_told_with_its_whole_path() {
    let (app, _) = app!(holds_bursting);
    let error = failure(app.call(7).await.expect_err("panics"));
    assert_eq!((error.path(), error.place(), error.code()), ("holds_bursting › bursting › burst", "0/1", "NODE_PANIC"));
}

#[node]
async fn ask(n: u64, ctx: &Ctx, State(book): State<'_, Playbook<u64, u64>>) -> Result<u64, CallError> {
    ctx.call(book, n).await
}
#[derive(Provides)]
struct Shelf {
    book: Playbook<u64, u64>,
}
flow! { asking(u64) -> u64 { budget { tokens: 12 } ask } }
flow! { holds_asking(u64) -> u64 { asking } }

#[tokio::test(start_paused = true)]
async fn a_call_from_inside_is_bound_by_the_inner_budget_and_tells_whose_was_used_up() {
    let (called, tally) = app!(twice_paying);
    let shelf = || Shelf { book: called.playbook() };
    let app = holds_asking::flow().with_state(shelf()).start().expect("starts");
    assert_eq!(app.call(5).await.expect("has enough"), 5);
    let error = failure(app.call(6).await.expect_err("the callee's own 10 tokens are an error of the call"));
    assert_eq!((error.node(), error.to_string().contains("Token budget exhausted")), ("ask", true));
    let (called, inner) = app!(deeper);
    let app = holds_asking::flow().with_state(Shelf { book: called.playbook() }).start().expect("starts");
    assert_eq!(limit(app.call(5).await), Some(Limit::Tokens), "the 12 tokens of the flow that calls end the trace");
    assert_eq!((tally.calls(), inner.calls()), (3, 2));
    assert_eq!(app.counts().budget_exceeded, 1);
}

#[node]
async fn embed(batch: Vec<u64>, State(tally): State<'_, Tally>) -> Vec<u64> {
    tally.call();
    batch
}
#[node]
async fn check(batch: Vec<u64>, ctx: &Ctx) -> Result<Vec<u64>, OverBudget> {
    let cost = Cost::tokens(batch.iter().sum());
    ctx.budget().reserve(cost)?.settle(cost);
    Ok(batch)
}
flow! { embedding(Vec<u64>) -> Vec<u64> { budget { tokens: 10 } check -> embed } }
flow! { batched(u64) -> u64 { batch(2, "10ms") -> embedding -> step } }

#[tokio::test(start_paused = true)]
async fn a_budgeted_flow_behind_a_batch_has_one_budget_for_the_whole_batch() {
    let (app, tally) = app!(batched);
    let (a, b) = tokio::join!(app.call(4), app.call(6));
    assert_eq!((a.expect("fits"), b.expect("fits")), (5, 7));
    let (a, b) = tokio::join!(app.call(5), app.call(6));
    assert_eq!((limit(a), limit(b)), (Some(Limit::Tokens), Some(Limit::Tokens)));
    assert_eq!(tally.calls(), 1 + 2);
}

flow! { piped(u64) -> u64 { budget { hops: 2 } channels(4) step -> step as b -> step as c } }
flow! { holds_piped(u64) -> u64 { step -> piped } }

#[tokio::test(start_paused = true)]
async fn what_workers_run_inside_a_sub_flow_counts_for_its_budget() {
    let (app, tally) = app!(holds_piped);
    assert_eq!(limit(app.call(0).await), Some(Limit::Hops));
    settle().await;
    assert_eq!((tally.calls(), app.in_flight()), (1 + 2, 0));
}

/// Calls its own flow, one call deeper for each number.
#[node]
async fn climb(n: u64, ctx: &Ctx, State(own): State<'_, Arc<OnceLock<Playbook<u64, u64>>>>) -> Result<u64, CallError> {
    match own.get() {
        Some(own) if n > 0 => Ok(ctx.call(own, n - 1).await? + 1),
        _ => Ok(0),
    }
}
#[derive(Default, Provides)]
struct Mirror {
    own: Arc<OnceLock<Playbook<u64, u64>>>,
}
flow! { climbing(u64) -> u64 { budget { hops: 20 } climb } }
flow! { holds_climbing(u64) -> u64 { queue(2) -> climbing } }

/// semantics:30
#[tokio::test(start_paused = true)]
async fn a_flow_that_calls_itself_from_inside_is_let_past_its_queue_and_stays_as_deep_as_it_may() {
    let mirror = Mirror::default();
    let own = mirror.own.clone();
    let app = holds_climbing::flow().with_state(mirror).start().expect("starts");
    own.set(app.playbook()).expect("is set once");
    let asked = |n| Message::new(n).with_deadline(millis(1_000));
    assert_eq!(app.call(asked(16)).await.expect("16 calls deep"), 16);
    let error = failure(app.call(asked(17)).await.expect_err("is too deep"));
    assert!(error.to_string().contains("16 calls deep"), "{error}");
    let narrow = Message::new(9).with_budget(Budget::new().hops(9)).with_deadline(millis(1_000));
    assert_eq!(limit(app.call(narrow).await), Some(Limit::Hops), "each call is a hop of the trace");
    app.shutdown(Shutdown::Abort).await;
}

#[node(timeout = "10ms", retries = 1, backoff = "1ms")]
async fn forget(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, OverBudget> {
    let budget = ctx.budget();
    let reserved = budget.reserve(Cost::tokens(n))?;
    if ctx.attempt() == 1 {
        nap(1_000).await;
    }
    reserved.settle(Cost::tokens(1));
    tally.note(format!("inside: {} spent, {} in doubt", budget.spent().tokens, budget.in_doubt()));
    Ok(n)
}
#[node]
fn look_back(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> u64 {
    let budget = ctx.budget();
    tally.note(format!("around: {} spent, {} in doubt", budget.spent().tokens, budget.in_doubt()));
    n
}
flow! { forgetting(u64) -> u64 { budget { hops: 1, tokens: 20 } forget } }
flow! { holds_forgetting(u64) -> u64 { budget { tokens: 31 } pay -> forgetting -> look_back } }

/// semantics:36
#[tokio::test(start_paused = true)]
async fn an_attempt_inside_that_nobody_settled_is_in_doubt_in_each_budget_around_it() {
    let (app, tally) = app!(holds_forgetting);
    assert_eq!(app.call(10).await.expect("has enough for two attempts, which are one hop"), 10);
    let noted = ["21 left, 10 spent", "inside: 11 spent, 1 in doubt", "around: 21 spent, 1 in doubt"];
    assert_eq!(tally.notes(), noted);
    assert_eq!(limit(app.call(11).await), Some(Limit::Tokens), "the second attempt was not left any more");
    assert_eq!(tally.calls(), 2);
}

flow! { same_but_free(u64) -> u64 { step -> step as b -> step as c } }
flow! { holds_free(u64) -> u64 { step -> same_but_free -> step as b } }

#[tokio::test]
async fn the_frame_of_a_trace_does_not_grow_by_the_budget_of_a_sub_flow() {
    let (state, _) = App::new();
    let limited = around::flow().with_state(state.clone()).frame_bytes();
    assert_eq!(limited, holds_free::flow().with_state(state).frame_bytes());
}
