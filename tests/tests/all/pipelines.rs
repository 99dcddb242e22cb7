//! `channels(n)`: a queue with one worker before each node, so that a flow is a pipeline.

use crate::kit::{App, Tally, ms_since, nap, now, settle};
use penguiflow::prelude::*;

#[node]
async fn one((number, ms): (u32, u64), State(tally): State<'_, Tally>) -> (u32, u64) {
    tally.note(format!("one {number}"));
    nap(ms).await;
    (number, ms)
}

#[node]
async fn two((number, ms): (u32, u64), State(tally): State<'_, Tally>) -> (u32, u64) {
    let _inside = tally.enter();
    tally.note(format!("two {number}"));
    nap(ms).await;
    (number, ms)
}

#[node]
async fn three((number, ms): (u32, u64), State(tally): State<'_, Tally>) -> u32 {
    tally.note(format!("three {number}"));
    nap(ms).await;
    number
}

flow! { piped((u32, u64)) -> u32 { channels(4) one -> two -> three } }

fn notes_of(tally: &Tally, node: &str) -> Vec<String> {
    let own = tally.notes().into_iter().filter(|note| note.starts_with(node));
    own.map(|note| note.replace(node, "").trim().to_owned()).collect()
}

/// semantics:18
#[tokio::test(start_paused = true)]
async fn each_node_of_a_pipeline_runs_one_message_at_a_time_while_the_others_run_the_next() {
    let (state, tally) = App::new();
    let app = piped::flow().with_state(state).start().expect("starts");
    let begun = now();
    let traces: Vec<_> = (0..5).map(|n| app.try_emit((n, 10)).expect("has room")).collect();
    for (n, trace) in (0..).zip(traces) {
        assert_eq!(trace.result().await.into_result().ok(), Some(n));
        assert_eq!(ms_since(begun), 30 + 10 * u128::from(n), "one comes out each 10 ms");
    }
    assert_eq!((tally.peak(), app.queues().count()), (1, 3));
}

/// semantics:18, core:AC-16.4
#[tokio::test(start_paused = true)]
async fn messages_pass_a_pipeline_in_the_order_in_which_they_came_in() {
    let (state, tally) = App::new();
    let app = piped::flow().with_state(state).start().expect("starts");
    let traces: Vec<_> = (0..30).map(|n| app.try_emit((n, u64::from(n * 7 % 13))).expect("has room")).collect();
    for trace in traces {
        assert!(trace.result().await.is_completed());
    }
    let order: Vec<String> = (0..30).map(|n| n.to_string()).collect();
    for node in ["one", "two", "three"] {
        assert_eq!(notes_of(&tally, node), order, "{node}");
    }
}

/// semantics:18: no circle of full channels, because no worker waits for room.
#[tokio::test(start_paused = true)]
async fn a_loop_over_full_channels_does_not_stand_still() {
    #[node]
    async fn act(n: u32) -> u32 {
        nap(1).await;
        n
    }
    #[node]
    async fn judge(n: u32) -> Step<u32, u32> {
        nap(1).await;
        if n == 0 { Step::Done(1) } else { Step::Again(n - 1) }
    }
    flow! { judged(u32) -> u32 { channels(1) repeat(turns = 20) { act -> judge } } }
    let app = judged::flow().start().expect("starts");
    let traces: Vec<_> = (0..40).map(|n| app.try_emit(n % 10).expect("has room")).collect();
    let mut sum = 0;
    for trace in traces {
        sum += trace.result().await.into_result().expect("completes");
    }
    assert_eq!(sum, 40);
}

/// semantics:18: what a node says itself goes before what the flow says of all; a map has its own width.
#[tokio::test(start_paused = true)]
async fn a_queue_of_its_own_goes_before_channels() {
    #[node]
    fn several((_, ms): (u32, u64)) -> Vec<(u32, u64)> {
        vec![(0, ms); 4]
    }
    #[node]
    fn last(list: Vec<u32>) -> u32 {
        list.len() as u32
    }
    flow! {
        mixed((u32, u64)) -> u32 { channels(4) queue(9, workers = 2) -> two -> several -> map(three, 4) -> last }
    }
    let (state, tally) = App::new();
    let app = mixed::flow().with_state(state).start().expect("starts");
    let begun = now();
    let (left, right) = tokio::join!(app.call((0, 10)), app.call((1, 10)));
    assert_eq!((left.ok(), right.ok(), ms_since(begun), tally.peak()), (Some(4), Some(4), 20, 2));
    let queues: Vec<_> = app.queues().map(|queue| (queue.node, queue.capacity, queue.workers)).collect();
    assert_eq!(queues, [("two", 9, 2), ("several", 4, 1), ("last", 4, 1)]);
}

/// semantics:18
#[tokio::test(start_paused = true)]
async fn a_pipeline_leaves_no_task_behind() {
    let before = crate::queues::tasks();
    let (state, _) = App::new();
    let app = piped::flow().with_state(state).start().expect("starts");
    let traces: Vec<_> = (0..9).map(|n| app.try_emit((n, 10)).expect("has room")).collect();
    nap(25).await;
    drop((app, traces));
    settle().await;
    assert_eq!(crate::queues::tasks(), before);
}
