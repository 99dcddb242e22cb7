//! A node behind a queue that calls its own flow: it holds the worker that the call would wait for.

use super::counts;
use crate::kit::{Tally, secs, settle};
use penguiflow::prelude::*;
use penguiflow::{CallError, Playbook, Shutdown};
use std::sync::{Arc, OnceLock};

#[derive(Clone, Default)]
struct Again(Arc<OnceLock<Playbook<u32, u32>>>);

#[derive(Provides)]
struct Own {
    again: Again,
    tally: Tally,
}

#[node]
async fn climb(
    n: u32,
    ctx: &Ctx,
    State(again): State<'_, Again>,
    State(tally): State<'_, Tally>,
) -> Result<u32, CallError> {
    let _inside = tally.enter();
    let book = again.0.get().expect("is set before the first message");
    Ok(if n == 0 { 0 } else { n + ctx.call(book, n - 1).await? })
}

flow! { climbing(u32) -> u32 { queue(1) -> climb } }
flow! { rungs(u32) -> u32 { climb } }
flow! { laddered(u32) -> u32 { queue(1) -> rungs } }

fn own() -> (Own, Again, Tally) {
    let (again, tally) = (Again::default(), Tally::default());
    (Own { again: again.clone(), tally: tally.clone() }, again, tally)
}

/// semantics:18: never a worker that waits on its own queue.
#[tokio::test(start_paused = true)]
async fn a_node_that_calls_its_own_flow_is_let_past_the_queue_that_it_stands_behind() {
    let (state, again, tally) = own();
    let app = climbing::flow().with_state(state).start().expect("starts");
    assert!(again.0.set(app.playbook()).is_ok());
    let traces = [5, 5].map(|n| app.try_emit(Message::new(n).with_deadline(secs(1))).expect("has room"));
    for trace in traces {
        assert_eq!(trace.result().await.into_result().expect("does not wait for itself"), 15);
    }
    assert_eq!((tally.calls(), tally.peak()), (12, 6), "the second trace comes behind the first one");
    assert_eq!(counts(&app), (0, 0, 0));
    app.shutdown(Shutdown::Abort).await;
}

/// semantics:18: nor one that waits for what a node of the sub-flow behind its queue calls.
#[tokio::test(start_paused = true)]
async fn so_is_a_node_in_a_flow_behind_the_queue() {
    let (state, again, tally) = own();
    let app = laddered::flow().with_state(state).start().expect("starts");
    assert!(again.0.set(app.playbook()).is_ok());
    assert_eq!(app.call(Message::new(3).with_deadline(secs(1))).await.expect("does not wait for itself"), 6);
    assert_eq!((tally.calls(), counts(&app)), (4, (0, 0, 0)));
    app.shutdown(Shutdown::Abort).await;
    settle().await;
}

/// semantics:18: one that stands before the queue waits there like anybody else.
#[tokio::test(start_paused = true)]
async fn a_node_before_the_queue_waits_in_it_as_everybody_does() {
    #[node]
    async fn pass(n: u32) -> u32 {
        n
    }
    flow! { waiting(u32) -> u32 { climb -> queue(1) -> pass } }
    let (state, again, _) = own();
    let app = waiting::flow().with_state(state).start().expect("starts");
    assert!(again.0.set(app.playbook()).is_ok());
    assert_eq!(app.call(Message::new(3).with_deadline(secs(1))).await.expect("completes"), 6);
    assert_eq!(app.queues().map(|queue| (queue.node, queue.place)).collect::<Vec<_>>(), [("pass", "1".to_owned())]);
    app.shutdown(Shutdown::Abort).await;
}
