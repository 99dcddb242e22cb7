//! `queue(n, workers = w)`: a bounded channel before a node, with workers that run nothing else.

mod calls;
mod ends;
mod order;
mod places;

use crate::kit::{App, Tally, nap, settle};
use penguiflow::prelude::*;
use penguiflow::{Handle, QueueInfo};

/// Takes as long as its message says, and notes the number of the message when it starts.
#[node]
pub(crate) async fn slow((number, ms): (u32, u64), State(tally): State<'_, Tally>) -> u32 {
    let inside = tally.enter();
    tally.note(number.to_string());
    nap(ms).await;
    inside.finish();
    number
}

flow! { narrow((u32, u64)) -> u32 { queue(1) -> slow } }
flow! { lined((u32, u64)) -> u32 { queue(64) -> slow } }
flow! { wide((u32, u64)) -> u32 { queue(64, workers = 3) -> slow } }

/// The only queue of a started flow.
#[track_caller]
pub(crate) fn look<F: penguiflow::__private::FlowDef>(app: &Handle<F>) -> QueueInfo {
    let mut queues = app.queues();
    let queue = queues.next().expect("a message came to it");
    assert_eq!(queues.next(), None);
    queue
}

/// How many stand in the queue, wait for room in it, and run.
#[track_caller]
pub(crate) fn counts<F: penguiflow::__private::FlowDef>(app: &Handle<F>) -> (usize, usize, usize) {
    let QueueInfo { depth, waiting, running, .. } = look(app);
    (depth, waiting, running)
}

/// The tasks that are alive in the runtime of the test, this one not counted.
pub(crate) fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// semantics:18: what is beyond the capacity waits before the queue, and comes in as soon as there is room.
#[tokio::test(start_paused = true)]
async fn a_full_queue_lets_the_others_wait_before_it() {
    let (state, tally) = App::new();
    let app = narrow::flow().with_state(state).start().expect("starts");
    assert_eq!(app.queues().count(), 0, "nothing came yet");
    let traces: Vec<_> = (0..5).map(|n| app.try_emit((n, 10)).expect("has room")).collect();
    settle().await;
    assert_eq!((counts(&app), tally.live()), ((1, 3, 1), 1));
    nap(15).await;
    assert_eq!((counts(&app), tally.live()), ((1, 2, 1), 1));
    for (n, trace) in (0..).zip(traces) {
        assert_eq!(trace.result().await.into_result().ok(), Some(n));
    }
    assert_eq!((counts(&app), tally.calls(), tally.peak()), ((0, 0, 0), 5, 1));
}

/// semantics:18
#[tokio::test(start_paused = true)]
async fn a_queue_tells_where_it_stands_and_how_long_its_first_has_waited() {
    let (state, _) = App::new();
    let app = wide::flow().with_state(state).start().expect("starts");
    let traces: Vec<_> = (0..4).map(|n| app.try_emit((n, 100)).expect("has room")).collect();
    nap(30).await;
    let queue = look(&app);
    assert_eq!((queue.flow, queue.node, queue.place.as_str()), ("wide", "slow", "0"));
    assert_eq!((queue.capacity, queue.workers, queue.depth, queue.running), (64, 3, 1, 3));
    assert_eq!(queue.longest_wait, penguiflow::clock::millis(30));
    drop(traces);
    settle().await;
    assert_eq!(counts(&app), (0, 0, 0));
}

/// semantics:18: the policy of the node is that of the node, whoever runs it.
#[tokio::test(start_paused = true)]
async fn a_node_behind_a_queue_keeps_its_retries_its_timeout_and_its_path() {
    #[node(retries = 2, backoff = "10ms", jitter = none, timeout = "50ms")]
    async fn shaky(n: u32, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u32, crate::kit::Oops> {
        tally.note(format!("{} {}", ctx.place(), ctx.attempt()));
        match (n, ctx.attempt()) {
            (0, 1) => crate::kit::forever().await,
            (0, 2) => return Err(crate::kit::Oops(2)),
            (0, _) => {}
            _ => return Err(crate::kit::Oops(9)),
        }
        Ok(7)
    }
    #[node]
    fn same(n: u32) -> u32 {
        n
    }
    flow! { tried(u32) -> u32 { same -> queue(8, workers = 2) -> shaky } }
    let (state, tally) = App::new();
    let app = tried::flow().with_state(state).start().expect("starts");
    let begun = crate::kit::now();
    assert_eq!(app.call(0).await.ok(), Some(7));
    assert_eq!((crate::kit::ms_since(begun), tally.notes()), (80, ["1 1", "1 2", "1 3"].map(String::from).to_vec()));
    let error = crate::kit::failure(app.call(1).await.expect_err("fails"));
    assert_eq!(error.to_string(), "tried › shaky, attempt 3 of 3, after 30 ms: oops 9");
    assert_eq!((error.place(), error.attempt()), ("1", 3));
}

/// semantics:18, semantics:24: headers, meta and deadline are those of the trace.
#[tokio::test(start_paused = true)]
async fn the_envelope_passes_through_a_queue() {
    #[node]
    fn mark(mut message: Message<u32>) -> Message<u32> {
        message.meta_mut().insert("marked", true);
        message
    }
    #[node]
    fn tell(message: Message<u32>, ctx: &Ctx) -> String {
        let marked = message.meta().get("marked").is_some();
        format!("{:?} {marked} {}", ctx.headers().tenant(), ctx.deadline().is_some())
    }
    let app = flow! { mark -> queue(1) -> tell }.start().expect("starts");
    let message = Message::new(1).with_tenant("acme").with_deadline(crate::kit::secs(5));
    assert_eq!(app.call(message).await.ok().as_deref(), Some("Some(\"acme\") true true"));
}
