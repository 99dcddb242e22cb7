//! Forks and the words that gather them: clones, order, failures, what is left behind.

use crate::kit::{App, Inside, Oops, Tally, failure, ms_since, nap, now};
use penguiflow::ErrorKind;
use penguiflow::prelude::*;
use std::fmt::Debug;

/// What a branch is told to do: `(milliseconds, its number if it is to fail)`.
type Orders = [(u64, bool); 4];

/// A payload that counts its copies.
#[derive(Clone, Debug)]
struct Job {
    orders: Orders,
    _held: Inside,
}

/// A branch's result, which counts as live as well.
#[derive(Clone, Debug)]
struct Part {
    branch: usize,
    _held: Inside,
}

async fn work(job: Job, branch: usize, tally: &Tally) -> Result<Part, Oops> {
    let (ms, fails) = job.orders[branch];
    nap(ms).await;
    tally.note(format!("{branch}"));
    assert!(ms != 99, "branch {branch} gives up");
    if fails { Err(Oops(branch as u32)) } else { Ok(Part { branch, _held: tally.enter() }) }
}

macro_rules! branches {
    ($($name:ident $index:literal),*) => {$(
        #[node]
        async fn $name(job: Job, State(tally): State<'_, Tally>) -> Result<Part, Oops> {
            work(job, $index, tally).await
        }
    )*};
}
branches!(b0 0, b1 1, b2 2, b3 3);

#[node]
fn start(orders: Orders, State(tally): State<'_, Tally>) -> Job {
    Job { orders, _held: tally.enter() }
}

#[node]
fn tuple((a, b, c, d): (Part, Part, Part, Part)) -> Vec<usize> {
    [a, b, c, d].iter().map(|part| part.branch).collect()
}

#[node]
fn numbers(parts: Vec<Part>) -> Vec<usize> {
    parts.iter().map(|part| part.branch).collect()
}

flow! { all(Orders) -> Vec<usize> { start -> (b0, b1, b2, b3) -> join -> tuple } }
flow! { two(Orders) -> Vec<usize> { start -> (b0, b1, b2, b3) -> join_k(2) -> numbers } }
flow! { four(Orders) -> Vec<usize> { start -> (b0, b1, b2, b3) -> join_k(4) -> numbers } }

/// What a run of a flow gave, how long it took, and who did its work.
struct Run {
    gave: Result<Vec<usize>, Stop>,
    ms: u128,
    done: Vec<String>,
}

/// Runs `$flow`, and sees that nothing of it is left.
macro_rules! run {
    ($flow:ident, $orders:expr) => {{
        let (state, tally) = App::new();
        let app = $flow::flow().with_state(state).start().expect("starts");
        let begun = now();
        let gave = app.call($orders).await;
        assert_eq!((tally.live(), app.in_flight()), (0, 0), "a payload or a branch is left");
        Run { gave, ms: ms_since(begun), done: tally.notes() }
    }};
}

const fn ok(ms: u64) -> (u64, bool) {
    (ms, false)
}

const fn fails(ms: u64) -> (u64, bool) {
    (ms, true)
}

/// A branch that panics.
const PANICS: (u64, bool) = (99, false);

/// semantics:8, core:AC-16.2, core:AC-7.2, core:W-7
#[tokio::test(start_paused = true)]
async fn a_join_waits_for_all_and_gives_a_tuple_in_branch_order() {
    let run = run!(all, [ok(40), ok(10), ok(30), ok(20)]);
    assert_eq!(run.gave.expect("completes"), [0, 1, 2, 3]);
    assert_eq!((run.ms, run.done), (40, vec!["1".to_owned(), "3".into(), "2".into(), "0".into()]));
}

/// core:AC-16.4: every order of completion of four branches, at once in one flow.
#[tokio::test(start_paused = true)]
async fn whatever_the_order_of_completion_each_join_gets_its_own_branches_in_branch_order() {
    let (state, tally) = App::new();
    let app = all::flow().with_state(state).start().expect("starts");
    let mut traces = Vec::new();
    for order in 0..24u64 {
        let mut left = vec![10, 20, 30, 40];
        let mut rest = order;
        let orders = [4, 3, 2, 1].map(|choices| {
            let at = (rest % choices) as usize;
            rest /= choices;
            ok(left.remove(at))
        });
        traces.push(app.emit(orders).await.expect("lets it in"));
    }
    for trace in traces {
        assert_eq!(trace.result().await.into_result().expect("completes"), [0, 1, 2, 3]);
    }
    assert_eq!((tally.notes().len(), tally.live()), (24 * 4, 0));
}

/// semantics:8
#[tokio::test(start_paused = true)]
async fn the_first_failure_of_a_join_drops_the_siblings_and_ends_the_trace_with_its_place() {
    let run = run!(all, [ok(1_000), fails(20), ok(10), ok(1_000)]);
    let error = failure(run.gave.expect_err("fails"));
    assert_eq!((error.node(), error.path(), run.ms), ("b1", "all › b1", 20));
    assert_eq!(run.done, ["2", "1"], "the siblings that were slower did no work");
}

/// semantics:8
#[tokio::test(start_paused = true)]
async fn of_failures_that_come_at_once_the_first_in_branch_order_ends_the_trace() {
    let run = run!(all, [ok(50), ok(5), fails(20), fails(20)]);
    assert_eq!(failure(run.gave.expect_err("fails")).node(), "b2");
    let run = run!(all, [fails(0), fails(0), fails(0), fails(0)]);
    assert_eq!(failure(run.gave.expect_err("fails")).node(), "b0");
    assert_eq!(run.done, ["0"], "nobody behind it is even polled");
}

/// semantics:9
#[tokio::test(start_paused = true)]
async fn join_k_gives_the_first_k_successes_in_branch_order_and_drops_the_rest() {
    let run = run!(two, [ok(1_000), ok(30), ok(1_000), ok(20)]);
    assert_eq!((run.gave.expect("completes"), run.ms), (vec![1, 3], 30));
    assert_eq!(run.done, ["3", "1"]);
    let run = run!(two, [ok(10), ok(10), ok(10), ok(10)]);
    assert_eq!(run.gave.expect("completes"), [0, 1], "of those that come at once the first in branch order");
}

/// semantics:9
#[tokio::test(start_paused = true)]
async fn join_k_tolerates_failures_and_panics_while_k_can_be_reached() {
    let run = run!(two, [fails(10), ok(200), PANICS, ok(150)]);
    assert_eq!((run.gave.expect("completes"), run.ms), (vec![1, 3], 200));
}

/// semantics:9, semantics:28
#[tokio::test(start_paused = true)]
async fn join_k_starves_as_soon_as_k_cannot_be_reached_and_tells_every_branch_s_error() {
    let run = run!(two, [fails(120), ok(10), PANICS, fails(10)]);
    assert_eq!(run.ms, 120);
    let error = failure(run.gave.expect_err("starves"));
    assert_eq!((error.code(), error.path()), ("JOIN_STARVED", "two › join_k"));
    let ErrorKind::JoinStarved { needed, errors } = error.into_kind() else { panic!("another kind") };
    let told: Vec<_> = errors.iter().map(|error| (error.node(), error.code())).collect();
    assert_eq!(needed, 2);
    assert_eq!(told, [("b0", "NODE_EXCEPTION"), ("b2", "NODE_PANIC"), ("b3", "NODE_EXCEPTION")]);

    let run = run!(four, [ok(1_000), fails(10), ok(1_000), ok(1_000)]);
    failure(run.gave.expect_err("starves"));
    assert_eq!(run.ms, 10, "nobody waits for what cannot be enough");
}

/// semantics:7
#[tokio::test(start_paused = true)]
async fn each_branch_gets_a_clone_and_the_last_one_the_message_itself() {
    let (state, tally) = App::new();
    let app = all::flow().with_state(state).start().expect("starts");
    let trace = app.emit([ok(10); 4]).await.expect("lets it in");
    nap(5).await;
    assert_eq!((tally.calls(), tally.live()), (4, 4), "one message and three clones");
    assert!(trace.result().await.is_completed());
}

/// core:W-20: traces that end before their join can fire leave nothing behind.
#[tokio::test(start_paused = true)]
async fn what_a_join_holds_is_freed_with_its_trace() {
    let (state, tally) = App::new();
    let app = all::flow().with_state(state).start().expect("starts");
    let mut traces = Vec::new();
    for _ in 0..20 {
        traces.push(app.emit([ok(1), ok(60_000), ok(60_000), ok(60_000)]).await.expect("lets it in"));
    }
    nap(10).await;
    assert_eq!(tally.live(), 20 * 4, "one result and three jobs each");
    drop(traces);
    nap(1).await;
    assert_eq!((tally.live(), app.in_flight()), (0, 0));
}

// === twelve branches, nested forks ===

#[node]
fn same(n: u8) -> u8 {
    n
}

type Twelve = (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8);

#[node]
#[allow(clippy::many_single_char_names, reason = "one for each branch")]
fn dozen((a, b, c, d, e, f, g, h, i, j, k, l): Twelve) -> u32 {
    [a, b, c, d, e, f, g, h, i, j, k, l].into_iter().map(u32::from).sum()
}

#[node]
fn triple(((a, b), c): ((u8, u8), u8)) -> u8 {
    a * 100 + b * 10 + c
}

#[node]
fn next(n: u8) -> u8 {
    n + 1
}

/// semantics:8, semantics:2: the same node runs once in each branch.
#[tokio::test(start_paused = true)]
async fn a_join_takes_up_to_twelve_branches_and_forks_nest() {
    flow! { wide(u8) -> u32 {
        (same, same, same, same, same, same, same, same, same, same, same, same) -> join -> dozen
    } }
    flow! { nested(u8) -> u8 { ((same, next -> next as more) -> join, next) -> join -> triple } }
    assert_eq!(wide::flow().start().expect("starts").call(2).await.expect("completes"), 24);
    assert_eq!(nested::flow().start().expect("starts").call(0).await.expect("completes"), 21);
}
