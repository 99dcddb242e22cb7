//! What is told of traces that end before they are done, and of attempts that nobody needs any more.

use super::Heard;
use crate::kit::{App, Oops, forever, nap, secs, settle};
use penguiflow::prelude::*;
use penguiflow::{CallError, EventKind, Playbook, Shutdown};

#[node]
async fn wait(ms: u64) -> u64 {
    nap(ms).await;
    ms
}

#[node(concurrency = 1)]
async fn alone(ms: u64) -> u64 {
    nap(ms).await;
    ms
}

#[node(concurrency = 1)]
async fn longer(ms: u64) -> u64 {
    nap(ms * 2).await;
    ms
}

#[node(retries = 1, backoff = "1h", jitter = none)]
async fn fails(n: u64) -> Result<u64, Oops> {
    Err(Oops(n as u32))
}

#[node]
fn first_of(all: Vec<u64>) -> u64 {
    all[0]
}

flow! { waiting(u64) -> u64 { wait -> wait as again } }
flow! { limited(u64) -> u64 { alone } }
flow! { trying(u64) -> u64 { fails } }
flow! { queued(u64) -> u64 { queue(2) -> wait } }
flow! { racing(u64) -> u64 { (wait, longer) -> first } }

/// The reason of the one event of that name.
fn why(heard: &Heard, name: &str) -> &'static str {
    let all = heard.of(name);
    assert_eq!(all.len(), 1, "{:?}", heard.told());
    match all[0].kind {
        EventKind::TraceCancelDrop { why } | EventKind::NodeTraceCancelled { why, .. } => why,
        ref other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_is_told_where_it_begins_where_it_cuts_and_where_it_is_done() {
    let (app, heard) = (waiting::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    let trace = app.emit(1_000).await.expect("is let in");
    nap(10).await;
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    let told =
        ["emit", "node_start wait", "trace_cancel_start", "node_trace_cancelled wait", "trace_cancel_finish", "ending"];
    assert_eq!(heard.told(), told);
    assert_eq!(why(&heard, "node_trace_cancelled"), "TRACE_CANCELLED");
    assert_eq!(heard.of("node_trace_cancelled")[0].latency(), Some(penguiflow::clock::millis(10)));
}

#[tokio::test(start_paused = true)]
async fn an_observer_may_look_into_the_handle_while_it_cancels() {
    let (app, heard) = (waiting::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    let handle = app.clone();
    let look = move |_: &penguiflow::FlowEvent| {
        let _ = (handle.in_flight(), handle.counts(), handle.queues().count());
    };
    let _looks = app.observe_in_line(super::observers::By(look));
    let trace = app.emit(1_000).await.expect("is let in");
    settle().await;
    assert!(app.cancel(trace.id()));
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!(heard.of("trace_cancel_start").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_waits_when_its_trace_ends_is_told_as_dropped() {
    let heard = Heard::default();
    // In a retry's wait.
    let app = trying::flow().start().expect("starts");
    let observation = app.observe_in_line(heard.clone());
    let trace = app.emit(1).await.expect("is let in");
    settle().await;
    trace.cancel();
    trace.result().await;
    assert_eq!(why(&heard, "trace_cancel_drop"), "TRACE_CANCELLED");
    drop(observation);
    heard.is_balanced();
    heard.clear();
    // Before a permit.
    let app = limited::flow().start().expect("starts");
    let observation = app.observe_in_line(heard.clone());
    let (one, two) = (app.emit(9).await.expect("is let in"), app.emit(9).await.expect("is let in"));
    settle().await;
    two.cancel();
    two.result().await;
    assert!(one.result().await.is_completed());
    assert_eq!(why(&heard, "trace_cancel_drop"), "TRACE_CANCELLED");
    drop(observation);
    heard.is_balanced();
    heard.clear();
    // In a queue.
    let app = queued::flow().start().expect("starts");
    let _observation = app.observe_in_line(heard.clone());
    let (one, two) = (app.emit(9).await.expect("is let in"), app.emit(9).await.expect("is let in"));
    settle().await;
    two.cancel();
    two.result().await;
    assert!(one.result().await.is_completed());
    assert_eq!(why(&heard, "trace_cancel_drop"), "TRACE_CANCELLED");
    heard.is_balanced();
}

#[tokio::test(start_paused = true)]
async fn a_deadline_is_told_at_the_attempt_that_it_cuts_and_at_the_one_that_it_skips() {
    let heard = Heard::default();
    let app = waiting::flow().start().expect("starts");
    let observation = app.observe_in_line(heard.clone());
    let late = |ms| Message::new(ms).with_deadline(secs(1));
    assert!(matches!(app.call(late(5_000)).await, Err(Stop::DeadlineExceeded)));
    assert_eq!(why(&heard, "node_trace_cancelled"), "DEADLINE_EXCEEDED");
    assert!(matches!(heard.of("ending")[0].kind, EventKind::Ending { code: "DEADLINE_EXCEEDED", .. }));
    drop(observation);
    heard.clear();
    let app = limited::flow().start().expect("starts");
    let _observation = app.observe_in_line(heard.clone());
    let (one, two) = tokio::join!(app.call(2_000), app.call(late(1)));
    assert!(one.is_ok() && matches!(two, Err(Stop::DeadlineExceeded)));
    let skipped = &heard.of("deadline_skip")[0];
    assert!(matches!(skipped.kind, EventKind::DeadlineSkip { deadline } if deadline == secs(1)), "{skipped:?}");
    heard.is_balanced();
}

#[tokio::test(start_paused = true)]
async fn a_branch_that_lost_a_race_is_told_as_cancelled_with_how_long_it_ran() {
    let (app, heard) = (racing::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    // One trace holds the permit, so that the other one still waits for it when its race is won.
    let holds = app.emit(10).await.expect("is let in");
    settle().await;
    assert_eq!(app.call(5).await.expect("completes"), 5);
    assert_eq!(why(&heard, "trace_cancel_drop"), "NOT_NEEDED");
    assert!(holds.result().await.is_completed());
    let lost = heard.of("node_cancelled");
    assert_eq!((lost.len(), lost[0].latency()), (1, Some(penguiflow::clock::millis(10))));
    heard.is_balanced();
}

#[tokio::test(start_paused = true)]
async fn a_run_that_its_caller_drops_is_told_to_its_end() {
    let (app, heard) = (waiting::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    let call = app.call(1_000);
    assert!(tokio::time::timeout(secs(0), call).await.is_err());
    let last = heard.told().split_off(2);
    assert_eq!(last, ["node_cancelled wait", "trace_cancel_start", "trace_cancel_finish", "ending"]);
    heard.is_balanced();
}

#[tokio::test(start_paused = true)]
async fn an_abort_and_the_last_handle_are_told_as_cancels() {
    let heard = Heard::default();
    let app = waiting::flow().start().expect("starts");
    let _observation = app.observe_in_line(heard.clone());
    let one = app.emit(1_000).await.expect("is let in");
    settle().await;
    app.shutdown(Shutdown::Abort).await;
    assert!(matches!(one.result().await, Ending::Cancelled));
    assert_eq!(why(&heard, "node_trace_cancelled"), "TRACE_CANCELLED");
    heard.is_balanced();
}

#[derive(Provides)]
struct Shelf {
    inner: Playbook<u64, u64>,
}

#[node]
async fn ask(ms: u64, ctx: &Ctx, State(inner): State<'_, Playbook<u64, u64>>) -> Result<u64, CallError> {
    ctx.call(inner, ms).await
}
flow! { asking(u64) -> u64 { ask } }

#[tokio::test(start_paused = true)]
async fn a_call_is_told_to_those_who_observe_the_called_flow_with_the_trace_of_the_caller() {
    let inner = waiting::flow().start().expect("starts");
    let (theirs, ours) = (Heard::default(), Heard::default());
    inner.observe_in_line(theirs.clone()).forever();
    let app = asking::flow().with_state(Shelf { inner: inner.playbook() }).start().expect("starts");
    app.observe_in_line(ours.clone()).forever();
    assert_eq!(app.call(5).await.expect("completes"), 5);
    assert_eq!(ours.told(), ["emit", "node_start ask", "node_success ask", "ending"]);
    let told = ["emit", "node_start wait", "node_success wait", "node_start again", "node_success again", "ending"];
    assert_eq!(theirs.told(), told);
    let (our, their) = (&ours.events()[1], &theirs.events()[1]);
    assert_eq!((our.trace_id, our.flow, their.flow), (their.trace_id, "asking", "waiting"));
    assert_eq!((their.place.to_string().as_str(), their.path().as_str()), ("0(0)/0", "asking › ask › waiting › wait"));
    theirs.clear();
    let trace = app.emit(1_000).await.expect("is let in");
    settle().await;
    drop(trace);
    settle().await;
    theirs.is_balanced();
    ours.is_balanced();
    assert_eq!(theirs.of("node_trace_cancelled").len(), 1, "{:?}", theirs.told());
}

#[node]
async fn stuck(_: u64) -> u64 {
    forever().await;
    0
}
flow! { apart(u64) -> u64 { wait -> parallel(wait as one, stuck) -> join_k(1) -> first_of } }

#[tokio::test(start_paused = true)]
async fn branches_in_tasks_of_their_own_are_told_as_all_others() {
    let (state, _) = App::new();
    let (app, heard) = (apart::flow().with_state(state).start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    assert_eq!(app.call(5).await.expect("completes"), 5);
    settle().await;
    assert_eq!(heard.of("node_cancelled").len(), 1, "{:?}", heard.told());
    heard.is_balanced();
}
