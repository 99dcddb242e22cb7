//! How a call and its trace end one another: cancel, deadlines, shutdown, places, depth, and a dropped future.

use crate::kit::{App, Tally, failure, forever, ms_since, nap, now, settle};
use futures_util::future::{Either, select};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{CallError, Handle, Options, Playbook, Shutdown};
use std::sync::{Arc, OnceLock};

type Book = Playbook<u32, u32>;

#[derive(Provides)]
struct Shelf {
    book: Book,
    tally: Tally,
}

impl Shelf {
    fn of(book: impl Into<Book>) -> (Shelf, Tally) {
        let tally = Tally::default();
        (Shelf { book: book.into(), tally: tally.clone() }, tally)
    }
}

/// Takes `n` milliseconds, and for ever from 1,000 on.
#[node]
async fn work(n: u32, State(tally): State<'_, Tally>) -> u32 {
    let inside = tally.enter();
    if n < 1000 {
        nap(n.into()).await
    } else {
        forever().await
    }
    inside.finish();
    n
}
flow! { working(u32) -> u32 { work } }

fn working(options: Options) -> (Handle<working>, Tally) {
    let (app, tally) = App::new();
    (working::flow().with_state(app).with_options(options).start().expect("starts"), tally)
}

#[node]
async fn ask(n: u32, ctx: &Ctx, State(book): State<'_, Book>) -> Result<u32, CallError> {
    ctx.call(book, n).await
}
flow! { asking(u32) -> u32 { ask } }

fn asking(book: impl Into<Book>) -> Handle<asking> {
    asking::flow().with_state(Shelf::of(book).0).start().expect("starts")
}

/// Notes what came back and goes on.
#[node(on_cancel = finish("1s"))]
async fn tell(n: u32, ctx: &Ctx, State(book): State<'_, Book>, State(tally): State<'_, Tally>) -> u32 {
    let ended = ctx.call(book, n).await;
    tally.note(format!("{ended:?}"));
    n
}
flow! { telling(u32) -> u32 { tell } }

// === cancel, from outside ===

#[tokio::test(start_paused = true)]
async fn a_cancel_of_the_trace_ends_its_call() {
    let (callee, tally) = working(Options::new());
    let caller = asking(callee.clone());
    let trace = caller.emit(1000).await.expect("lets it in");
    settle().await;
    assert_eq!((tally.live(), callee.in_flight()), (1, 1));
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.live(), tally.finished(), callee.in_flight(), caller.in_flight()), (0, 0, 0, 0));
    assert_eq!(callee.counts().cancelled, 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_of_a_node_that_may_finish_ends_by_the_cancel_as_well() {
    let (callee, tally) = working(Options::new());
    let (shelf, told) = Shelf::of(callee);
    let caller = telling::flow().with_state(shelf).start().expect("starts");
    let trace = caller.emit(1000).await.expect("lets it in");
    settle().await;
    let start = now();
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((told.notes(), tally.live(), ms_since(start)), (vec!["Err(Cancelled)".to_owned()], 0, 0));
}

#[node(on_cancel = finish("1s"))]
async fn ask_too_late(n: u32, ctx: &Ctx, State(book): State<'_, Book>, State(tally): State<'_, Tally>) -> u32 {
    ctx.cancelled().await;
    tally.note(format!("{:?}", ctx.call(book, n).await));
    n
}
flow! { asking_too_late(u32) -> u32 { ask_too_late } }

#[tokio::test(start_paused = true)]
async fn a_trace_that_is_cancelled_already_calls_nobody() {
    let (callee, tally) = working(Options::new());
    let (shelf, told) = Shelf::of(callee.clone());
    let caller = asking_too_late::flow().with_state(shelf).start().expect("starts");
    let trace = caller.emit(1).await.expect("lets it in");
    settle().await;
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((told.notes(), tally.calls(), callee.in_flight()), (vec!["Err(Cancelled)".to_owned()], 0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_caller_leaves_nothing_of_its_call() {
    let (callee, tally) = working(Options::new());
    let caller = asking(callee.clone());
    let call = tokio::spawn({
        let caller = caller.clone();
        async move { caller.call(1000).await }
    });
    settle().await;
    assert_eq!(tally.live(), 1);
    call.abort();
    settle().await;
    assert_eq!((tally.live(), callee.in_flight(), caller.in_flight()), (0, 0, 0));
}

#[node]
async fn spawn_within(n: u32, ctx: &Ctx, State(tally): State<'_, Tally>) -> u32 {
    let inside = tally.enter();
    ctx.spawn(async move {
        forever().await;
        inside.finish();
    });
    forever().await;
    n
}
flow! { spawning(u32) -> u32 { spawn_within } }

#[node]
async fn give_up(n: u32, ctx: &Ctx, State(book): State<'_, Book>, State(tally): State<'_, Tally>) -> u32 {
    let (call, nap) = (Box::pin(ctx.call(book, n)), Box::pin(nap(10)));
    let Either::Right((_, call)) = select(call, nap).await else { unreachable!("the callee never ends") };
    drop(call);
    settle().await;
    tally.note(format!("{book:?}"));
    n
}
flow! { giving_up(u32) -> u32 { give_up } }

#[tokio::test(start_paused = true)]
async fn a_dropped_call_leaves_nothing_and_its_trace_goes_on() {
    let (app, tally) = App::new();
    let callee = spawning::flow().with_state(app).start().expect("starts");
    let (shelf, told) = Shelf::of(callee.clone());
    let caller = giving_up::flow().with_state(shelf).start().expect("starts");
    assert_eq!(caller.call(5).await.expect("goes on"), 5);
    assert_eq!(told.notes(), [r#"Playbook { flow: "spawning", in_flight: 0, .. }"#]);
    assert_eq!((tally.calls(), tally.live(), tally.finished(), callee.counts().cancelled), (1, 0, 0, 1));
}

#[node]
async fn ask_from_a_task(n: u32, ctx: &Ctx, State(book): State<'_, Book>) -> Result<u32, CallError> {
    let (ctx, book) = (ctx.clone(), book.clone());
    let task = tokio::spawn(async move { ctx.call(&book, n).await });
    task.await.expect("no panic")
}
flow! { asking_from_a_task(u32) -> u32 { ask_from_a_task } }

#[tokio::test(start_paused = true)]
async fn a_call_from_a_task_of_the_users_own_ends_with_the_trace() {
    let (callee, tally) = working(Options::new());
    let caller = asking_from_a_task::flow().with_state(Shelf::of(callee.clone()).0).start().expect("starts");
    let trace = caller.emit(1000).await.expect("lets it in");
    settle().await;
    assert_eq!(tally.live(), 1);
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    settle().await;
    assert_eq!((tally.live(), callee.in_flight()), (0, 0));
}

#[derive(Clone, Default)]
struct Kept(Arc<OnceLock<Ctx>>);

#[derive(Provides)]
struct Keeper {
    kept: Kept,
}

#[node]
async fn keep_ctx(n: u32, ctx: &Ctx, State(kept): State<'_, Kept>) -> u32 {
    assert!(kept.0.set(ctx.clone()).is_ok());
    n
}
flow! { keeping(u32) -> u32 { keep_ctx } }

#[tokio::test(start_paused = true)]
async fn a_trace_that_has_ended_calls_nobody() {
    let (callee, tally) = working(Options::new());
    let kept = Kept::default();
    let caller = keeping::flow().with_state(Keeper { kept: kept.clone() }).start().expect("starts");
    assert_eq!(caller.call(1).await.expect("answers"), 1);
    let ctx = kept.0.get().expect("was kept");
    let late = ctx.call(&callee, 1).await;
    assert!(matches!(late, Err(CallError::Cancelled)), "{late:?}");
    assert_eq!((tally.finished(), callee.in_flight()), (0, 0));
}

// === cancel, from inside ===

#[tokio::test(start_paused = true)]
async fn an_abort_or_a_cancel_of_the_callee_ends_the_call_alone() {
    let (callee, tally) = working(Options::new());
    let (shelf, told) = Shelf::of(callee.clone());
    let caller = telling::flow().with_state(shelf).start().expect("starts");
    let trace = caller.emit(1000).await.expect("lets it in");
    settle().await;
    assert!(callee.cancel(trace.id()));
    assert_eq!(trace.result().await.into_result().expect("goes on"), 1000);
    let trace = caller.emit(1001).await.expect("lets it in");
    settle().await;
    let drained = callee.shutdown(Shutdown::Abort).await;
    assert_eq!((drained.inside, drained.cancelled, drained.left), (1, 1, 0));
    assert_eq!(trace.result().await.into_result().expect("goes on"), 1001);
    assert_eq!(told.notes(), ["Err(Cancelled)", "Err(Cancelled)"]);
    assert_eq!((tally.calls(), tally.live()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_callee_that_was_shut_down_says_so() {
    let (callee, tally) = working(Options::new());
    let caller = asking(callee.clone());
    callee.shutdown(Shutdown::Abort).await;
    let error = failure(caller.call(1).await.expect_err("fails"));
    assert_eq!(error.to_string(), "asking › ask, after 0 ms: the flow `working` was shut down");
    assert_eq!(tally.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_draining_callee_waits_for_the_calls_inside() {
    let (callee, tally) = working(Options::new());
    let caller = asking(callee.clone());
    let trace = caller.emit(500).await.expect("lets it in");
    settle().await;
    let start = now();
    let drained = callee.shutdown(Shutdown::Drain { grace: secs(5) }).await;
    assert_eq!((drained.inside, drained.cancelled, ms_since(start)), (1, 0, 500));
    assert_eq!(trace.result().await.into_result().expect("answers"), 500);
    assert_eq!(tally.finished(), 1);
}

// === deadlines ===

#[tokio::test(start_paused = true)]
async fn the_deadline_of_the_trace_ends_its_call() {
    let (callee, tally) = working(Options::new());
    let caller = asking(callee.clone());
    let start = now();
    let ended = caller.call(Message::new(1000).with_deadline(millis(40))).await;
    assert!(matches!(ended, Err(Stop::DeadlineExceeded)), "{ended:?}");
    assert_eq!((ms_since(start), tally.live(), callee.in_flight()), (40, 0, 0));
}

#[node]
async fn ask_briefly(n: u32, ctx: &Ctx, State(book): State<'_, Book>) -> u32 {
    let asked = ctx.call(book, Message::new(n).with_deadline(millis(30))).await;
    assert!(matches!(asked, Err(CallError::DeadlineExceeded)), "{asked:?}");
    let asked = ctx.call(book, Message::new(n).with_deadline(millis(0))).await;
    assert!(matches!(asked, Err(CallError::DeadlineExceeded)), "{asked:?}");
    n
}
flow! { asking_briefly(u32) -> u32 { ask_briefly } }

#[tokio::test(start_paused = true)]
async fn a_call_may_have_less_time_than_its_trace_and_the_node_goes_on() {
    let (callee, tally) = working(Options::new());
    let caller = asking_briefly::flow().with_state(Shelf::of(callee).0).start().expect("starts");
    let start = now();
    let ended = caller.call(Message::new(1000).with_deadline(secs(9))).await;
    assert_eq!((ended.expect("goes on"), ms_since(start), tally.calls(), tally.live()), (1000, 30, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn the_callees_own_limit_of_time_holds_for_calls() {
    let (callee, tally) = working(Options::new().with_deadline(millis(20)));
    let (shelf, told) = Shelf::of(callee);
    let caller = telling::flow().with_state(shelf).start().expect("starts");
    let start = now();
    assert_eq!(caller.call(1000).await.expect("goes on"), 1000);
    assert_eq!((told.notes(), ms_since(start), tally.live()), (vec!["Err(DeadlineExceeded)".to_owned()], 20, 0));
}

// === places ===

#[tokio::test(start_paused = true)]
async fn calls_wait_for_the_callees_places() {
    let (callee, tally) = working(Options::new().with_in_flight(1));
    let caller = asking(callee.clone());
    let start = now();
    let (a, b) = tokio::join!(caller.call(100), caller.call(100));
    assert_eq!((a.expect("answers"), b.expect("answers"), ms_since(start)), (100, 100, 200));
    assert_eq!((tally.calls(), tally.peak()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_place_ends_with_the_trace_and_with_the_callee() {
    let (callee, tally) = working(Options::new().with_in_flight(1));
    let (shelf, told) = Shelf::of(callee.clone());
    let caller = telling::flow().with_state(shelf).start().expect("starts");
    let first = caller.emit(1000).await.expect("lets it in");
    settle().await;
    let cancelled = caller.emit(1).await.expect("lets it in");
    let late = caller.emit(Message::new(2).with_deadline(millis(10))).await.expect("lets it in");
    let closed = caller.emit(3).await.expect("lets it in");
    settle().await;
    cancelled.cancel();
    assert!(matches!(cancelled.result().await, Ending::Cancelled));
    assert!(matches!(late.result().await, Ending::DeadlineExceeded));
    callee.shutdown(Shutdown::Abort).await;
    assert!(closed.result().await.is_completed());
    assert!(first.result().await.is_completed());
    let mut notes = told.notes();
    notes.sort();
    let words = ["Err(Cancelled)", "Err(Cancelled)", "Err(Closed { flow: \"working\" })", "Err(DeadlineExceeded)"];
    assert_eq!((notes.as_slice(), tally.calls()), (words.map(str::to_owned).as_slice(), 1));
}

// === flows that call themselves and one another ===

#[derive(Clone, Default)]
struct Later(Arc<OnceLock<Book>>);

#[derive(Provides)]
struct Mutual {
    next: Later,
    tally: Tally,
}

#[node]
async fn sum_to(
    n: u32,
    ctx: &Ctx,
    State(next): State<'_, Later>,
    State(tally): State<'_, Tally>,
) -> Result<u32, CallError> {
    tally.note(ctx.place());
    let book = next.0.get().expect("is set before the first message");
    Ok(if n == 0 { 0 } else { n + ctx.call(book, n - 1).await? })
}
flow! { summing(u32) -> u32 { sum_to } }
flow! { adding(u32) -> u32 { sum_to } }

fn mutual() -> (Mutual, Later, Tally) {
    let (next, tally) = (Later::default(), Tally::default());
    (Mutual { next: next.clone(), tally: tally.clone() }, next, tally)
}

#[tokio::test(start_paused = true)]
async fn a_flow_calls_itself_within_its_only_place() {
    let (state, next, tally) = mutual();
    let app = summing::flow().with_state(state).with_options(Options::new().with_in_flight(1)).start().expect("starts");
    assert!(next.0.set(app.playbook()).is_ok());
    let answer = app.call(Message::new(4).with_deadline(secs(1))).await;
    assert_eq!(answer.expect("does not wait for itself"), 10);
    assert_eq!(tally.notes(), ["0", "0(0)/0", "0(0)/0(0)/0", "0(0)/0(0)/0(0)/0", "0(0)/0(0)/0(0)/0(0)/0"]);
    assert_eq!((app.in_flight(), app.counts().completed), (0, 1));
    app.shutdown(Shutdown::Abort).await;
}

#[tokio::test(start_paused = true)]
async fn flows_that_call_one_another_end_by_the_limit_of_depth() {
    let ((a_state, a_next, a), (b_state, b_next, b)) = (mutual(), mutual());
    let one = Options::new().with_in_flight(1);
    let summing = summing::flow().with_state(a_state).with_options(one.clone()).start().expect("starts");
    let adding = adding::flow().with_state(b_state).with_options(one).start().expect("starts");
    assert!(a_next.0.set(adding.playbook()).is_ok() && b_next.0.set(summing.playbook()).is_ok());
    assert_eq!(summing.call(16).await.expect("is just not too deep"), 16 * 17 / 2);
    assert_eq!((a.notes().len(), b.notes().len()), (9, 8));
    let error = failure(summing.call(1_000).await.expect_err("is too deep"));
    let words = "the flow `adding` lets itself be called 16 calls deep, and this one is deeper";
    assert!(error.to_string().ends_with(words), "{error}");
    assert_eq!((error.path().matches("sum_to").count(), a.notes().len(), b.notes().len()), (17, 18, 16));
    assert_eq!((summing.in_flight(), adding.in_flight()), (0, 0));
    summing.shutdown(Shutdown::Abort).await;
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_depth_is_the_callees_and_can_be_nothing() {
    let (callee, tally) = working(Options::new().with_call_depth(0));
    let (shelf, told) = Shelf::of(callee.clone());
    let caller = telling::flow().with_state(shelf).start().expect("starts");
    assert_eq!(caller.call(1).await.expect("goes on"), 1);
    assert_eq!(told.notes(), [r#"Err(TooDeep { flow: "working", limit: 0 })"#]);
    assert_eq!(callee.call(1).await.expect("is no call from inside"), 1);
    assert_eq!((tally.calls(), Options::new().call_depth), (1, 16));
}

// === the last of handles and playbooks ===

#[tokio::test(start_paused = true)]
async fn a_playbook_keeps_its_flow_alive_and_the_last_one_aborts_it() {
    let (callee, tally) = working(Options::new());
    let book = callee.playbook();
    drop(callee);
    assert_eq!(book.call(1).await.expect("still runs"), 1);
    let last = Arc::new(OnceLock::from(book.clone()));
    let running = tokio::spawn(async move { book.call(1000).await });
    settle().await;
    assert_eq!((tally.live(), last.get().map(Playbook::in_flight)), (1, Some(1)));
    running.abort();
    settle().await;
    assert_eq!((tally.live(), last.get().map(Playbook::in_flight)), (0, Some(0)));
}
