//! `parallel`: branches and items in tasks of their own, which end with their trace.

use crate::kit::{App, Oops, Tally, failure, ms_since, nap, now, secs, settle};
use penguiflow::prelude::*;
use penguiflow::{BranchError, Shutdown, Stop};
use std::sync::Barrier;
use std::thread::ThreadId;
use tokio::runtime::Handle as Runtime;

type Plan = ([u64; 2], [char; 2]);

async fn ask(index: usize, (waits, ends): Plan, tally: &Tally, ctx: &Ctx) -> Result<String, Oops> {
    let inside = tally.enter();
    nap(waits[index]).await;
    match ends[index] {
        'f' => Err(Oops(1)),
        'p' => panic!("broken"),
        _ => {
            inside.finish();
            Ok(format!("{} {}", ctx.place(), ctx.headers().tenant().unwrap_or("nobody")))
        }
    }
}

#[node]
async fn left(plan: Plan, State(tally): State<'_, Tally>, ctx: &Ctx) -> Result<String, Oops> {
    ask(0, plan, tally, ctx).await
}

#[node]
async fn right(plan: Plan, State(tally): State<'_, Tally>, ctx: &Ctx) -> Result<String, Oops> {
    ask(1, plan, tally, ctx).await
}

#[node]
fn both((left, right): (String, String)) -> String {
    format!("{left}, {right}")
}

flow! { apart(Plan) -> String { parallel(left, right) -> join -> both } }

fn tasks() -> usize {
    Runtime::current().metrics().num_alive_tasks()
}

/// semantics:7, semantics:8
#[tokio::test(start_paused = true)]
async fn the_branches_run_beside_one_another_with_place_and_headers_of_their_trace() {
    let (state, tally) = App::new();
    let app = apart::flow().with_state(state).start().expect("starts");
    let begun = now();
    let message = Message::new(([20, 30], ['v', 'v'])).with_tenant("acme");
    assert_eq!(app.call(message).await.ok().as_deref(), Some("0 acme, 1 acme"));
    settle().await;
    assert_eq!((ms_since(begun), tally.calls(), tally.finished(), tasks()), (30, 2, 2, 0));
}

/// semantics:7, semantics:28
#[tokio::test(start_paused = true)]
async fn a_failure_or_a_panic_aborts_the_sibling_and_fails_the_trace_with_its_place() {
    for (end, code) in [('f', "NODE_EXCEPTION"), ('p', "NODE_PANIC")] {
        let (state, tally) = App::new();
        let app = apart::flow().with_state(state).start().expect("starts");
        let begun = now();
        let error = failure(app.call(([1_000, 10], ['v', end])).await.expect_err("fails"));
        settle().await;
        assert_eq!((error.path(), error.place(), error.code()), ("apart › right", "1", code));
        assert_eq!((ms_since(begun), tally.live(), tally.finished(), tasks()), (10, 0, 0, 0));
    }
}

/// semantics:7, core:W-4
#[tokio::test(start_paused = true)]
async fn a_cancel_a_deadline_and_a_drop_leave_no_task_behind() {
    let (state, tally) = App::new();
    let app = apart::flow().with_state(state).start().expect("starts");
    let plan = ([1_000, 2_000], ['v', 'v']);
    let trace = app.try_emit(plan).expect("has room");
    let late = app.try_emit(Message::new(plan).with_deadline(millis(50))).expect("has room");
    let dropped = app.try_emit(plan).expect("has room");
    nap(20).await;
    assert_eq!((tally.live(), tasks()), (6, 9));
    trace.cancel();
    drop(dropped);
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert!(matches!(late.result().await, Ending::DeadlineExceeded));
    settle().await;
    assert_eq!((tally.calls(), tally.live(), tally.finished(), tasks()), (6, 0, 0, 0));
}

#[node(effect = irreversible)]
async fn pay((waits, _): Plan, State(tally): State<'_, Tally>) -> String {
    let inside = tally.enter();
    nap(waits[0]).await;
    inside.finish();
    "paid".to_owned()
}

flow! { paying(Plan) -> String { parallel(pay, right) -> join -> both } }

/// semantics:29, semantics:7
#[tokio::test(start_paused = true)]
async fn an_irreversible_branch_finishes_when_its_sibling_fails_or_the_trace_is_cancelled() {
    let (state, tally) = App::new();
    let app = paying::flow().with_state(state).start().expect("starts");
    let begun = now();
    let error = failure(app.call(([50, 10], ['v', 'f'])).await.expect_err("fails"));
    assert_eq!((error.node(), ms_since(begun), tally.finished()), ("right", 50, 1));
    let trace = app.try_emit(([50, 10], ['v', 'v'])).expect("has room");
    nap(5).await;
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((ms_since(begun), tally.finished(), tally.live()), (100, 2, 0));
}

#[node]
fn told((left, right): (Result<String, BranchError>, Result<String, BranchError>)) -> String {
    format!("{} {}", left.is_ok(), right.is_ok())
}

flow! { settled(Plan) -> String { parallel(left, right) -> settle -> told } }
flow! { raced(Plan) -> String { parallel(left, right) -> first } }

/// semantics:7, semantics:10
#[tokio::test(start_paused = true)]
async fn each_word_that_gathers_gathers_parallel_branches() {
    let (state, tally) = App::new();
    let app = settled::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!(app.call(([20, 10], ['p', 'v'])).await.ok().as_deref(), Some("false true"));
    let app = raced::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(([1_000, 10], ['v', 'v'])).await.ok().as_deref(), Some("1 nobody"));
    settle().await;
    assert_eq!((tally.live(), tasks()), (0, 0));
}

#[node]
async fn item(ms: u64, State(tally): State<'_, Tally>, ctx: &Ctx) -> Result<String, Oops> {
    let inside = tally.enter();
    nap(ms).await;
    if ms == 13 {
        return Err(Oops(13));
    }
    inside.finish();
    Ok(ctx.place())
}

flow! { mapped(Vec<u64>) -> Vec<String> { map(item, 2, parallel, limit = 10) } }

/// semantics:16
#[tokio::test(start_paused = true)]
async fn the_items_of_a_parallel_map_keep_their_order_their_width_and_their_limit() {
    let (state, tally) = App::new();
    let app = mapped::flow().with_state(state).start().expect("starts");
    let begun = now();
    let places = app.call(vec![30, 10, 20]).await.expect("maps");
    assert_eq!(
        (places, ms_since(begun), tally.peak()),
        (["0[0]/0", "0[1]/0", "0[2]/0"].map(str::to_owned).to_vec(), 30, 2)
    );
    assert_eq!(failure(app.call(vec![1; 11]).await.expect_err("too many")).code(), "TOO_MANY_ITEMS");
    let error = failure(app.call(vec![1_000, 13, 5]).await.expect_err("fails"));
    settle().await;
    assert_eq!((error.path(), error.place(), tally.live(), tasks()), ("mapped › map[1] › item", "0[1]/0", 0, 0));
}

#[derive(Provides)]
struct Meeting {
    barrier: Barrier,
}

/// Blocks its thread until another one does so, too.
#[node]
fn meet(_: (), State(barrier): State<'_, Barrier>) -> ThreadId {
    barrier.wait();
    std::thread::current().id()
}

flow! { meeting(()) -> (ThreadId, ThreadId) { parallel(meet as one, meet as other) -> join } }

/// semantics:7
#[test]
fn two_branches_that_each_keep_a_core_busy_run_on_two() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("a runtime");
    let (one, other) = runtime.block_on(async {
        let app = meeting::flow().with_state(Meeting { barrier: Barrier::new(2) }).start().expect("starts");
        app.call(()).await.expect("they meet")
    });
    assert_ne!(one, other);
}

/// semantics:7, semantics:33
#[tokio::test(start_paused = true)]
async fn an_abort_ends_parallel_branches_and_a_flow_that_is_gone_keeps_no_task() {
    let (state, tally) = App::new();
    let app = apart::flow().with_state(state).start().expect("starts");
    let trace = app.try_emit(([1_000, 1_000], ['v', 'v'])).expect("has room");
    nap(5).await;
    let drained = app.shutdown(Shutdown::Drain { grace: secs(0) }).await;
    assert_eq!((drained.cancelled, drained.left), (1, 0));
    assert!(matches!(trace.result().await.into_result(), Err(Stop::Cancelled)));
    drop(app);
    settle().await;
    assert_eq!((tally.live(), tasks()), (0, 0));
}
