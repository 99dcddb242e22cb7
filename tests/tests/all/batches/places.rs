//! One gathering of batches for each place and started flow, wherever a batch may stand.

use super::{in_threes, tenfold, values};
use crate::kit::{App, Oops, Tally, failure, nap};
use penguiflow::StepEntry;
use penguiflow::prelude::*;

#[node]
fn items(n: u32) -> Vec<u32> {
    (0..n).collect()
}

#[node]
fn sum(list: Vec<u32>) -> u32 {
    list.iter().sum()
}

/// semantics:19: the items of a map share batches with those of other traces.
#[tokio::test(start_paused = true)]
async fn items_of_a_map_share_batches() {
    flow! { mapped(u32) -> u32 { items -> map(in_threes, 16) -> sum } }
    let (state, tally) = App::new();
    let app = mapped::flow().with_state(state).start().expect("starts");
    let (one, two) = tokio::join!(app.call(4), app.call(5));
    assert_eq!((one.ok(), two.ok()), (Some(60), Some(100)));
    assert_eq!(tally.notes(), ["[0, 1, 2]", "[3, 0, 1]", "[2, 3, 4]"]);
}

/// semantics:19: ten thousand items in a hundred batches.
#[tokio::test(start_paused = true)]
async fn ten_thousand_items_pass_in_a_hundred_batches() {
    flow! { hundreds(u32) -> u32 { batch(100, "10ms") -> tenfold } }
    flow! { many(u32) -> u32 { items -> map(hundreds, 100) -> sum } }
    let (state, tally) = App::new();
    let app = many::flow().with_state(state).start().expect("starts");
    assert_eq!((app.call(10_000).await.ok(), tally.calls()), (Some(499_950_000), 100));
}

/// semantics:19: two places are two gatherings, and a sub-flow may stand behind one; a failure inside it is told with each
/// trace's own way.
#[tokio::test(start_paused = true)]
async fn a_flow_takes_batches_as_a_node_does() {
    #[node]
    fn refuse(list: Vec<u32>) -> Result<Vec<u32>, Oops> {
        if list.contains(&6) { Err(Oops(6)) } else { Ok(list) }
    }
    flow! { inner(Vec<u32>) -> Vec<u32> { tenfold -> refuse } }
    flow! { worker(u32) -> u32 { batch(2, "10ms") -> inner as bulk } }
    flow! { outer(u32) -> u32 { items -> map(worker, 4) -> sum } }
    #[node]
    fn six(_: u32) -> u32 {
        6
    }
    flow! { failing(u32) -> u32 { batch(2, "10ms") -> refuse } }
    let (state, tally) = App::new();
    let app = outer::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!((app.call(4).await.ok(), tally.notes().len()), (Some(60), 2));
    let app = flow! { six -> failing -> items -> map(in_threes, 2) -> sum }.with_state(state).start().expect("starts");
    let (one, other) = tokio::join!(app.call(1), app.call(2));
    for end in [one, other] {
        let error = failure(end.expect_err("fails"));
        assert_eq!((error.path(), error.place()), ("flow › failing › refuse", "1/0"));
    }
}

/// semantics:19: the way of a failure inside a batched flow is the trace's own down to the batch.
#[tokio::test(start_paused = true)]
async fn a_failure_inside_a_batched_flow_has_each_trace_s_own_way() {
    #[node]
    fn split(n: u32) -> Vec<u32> {
        vec![n, n + 1]
    }
    #[node]
    fn fail(list: Vec<u32>) -> Result<Vec<u32>, Oops> {
        Err(Oops(list.len() as u32))
    }
    flow! { bulk(Vec<u32>) -> Vec<u32> { fail } }
    flow! { each(u32) -> u32 { batch(4, "10ms") -> bulk } }
    flow! { split_up(u32) -> u32 { split -> map(each, 4) -> sum } }
    let app = split_up::flow().start().expect("starts");
    let (one, other) = tokio::join!(app.call(1), app.call(5));
    for end in [one, other] {
        let error = failure(end.expect_err("fails"));
        assert_eq!(error.to_string(), "split_up › map[0] › each › bulk › fail, after 0 ms: oops 4");
        assert_eq!(error.place(), "1[0]/0/0/0");
    }
}

/// semantics:19: in the turns of a loop, and with a value that is a `Step`.
#[tokio::test(start_paused = true)]
async fn turns_of_a_loop_share_batches() {
    #[node]
    async fn less(list: Vec<u32>, State(tally): State<'_, Tally>) -> Vec<Step<u32, u32>> {
        tally.note(format!("{list:?}"));
        nap(1).await;
        list.into_iter().map(|n| if n == 0 { Step::Done(7) } else { Step::Again(n - 1) }).collect()
    }
    flow! { looped(u32) -> u32 { repeat(turns = 8) { batch(2, "10ms") -> less } } }
    let (state, tally) = App::new();
    let app = looped::flow().with_state(state).start().expect("starts");
    let traces = [1, 2].map(|n| app.try_emit(n).expect("has room"));
    assert_eq!(values(traces).await, [Some(7), Some(7)]);
    assert_eq!(tally.notes(), ["[1, 2]", "[0, 1]", "[0]"]);
}

/// semantics:19: what `channels` says is said of the nodes that say nothing themselves.
#[tokio::test(start_paused = true)]
async fn a_batch_goes_before_channels_and_its_instance_has_a_policy() {
    let flow = flow! {
        channels(8) items -> sum -> batch(2, "10ms") -> tenfold(timeout = "1ms") as hasty
    };
    let (state, _) = App::new();
    let app = flow.with_state(state).start().expect("starts");
    let error = failure(app.call(3).await.expect_err("takes 5 ms"));
    assert_eq!((error.node(), error.code()), ("hasty", "NODE_TIMEOUT"));
    assert_eq!(app.queues().map(|queue| queue.node).collect::<Vec<_>>(), ["items", "sum"]);
}

/// semantics:38
#[test]
fn a_batch_is_drawn_and_listed() {
    let info = penguiflow::flows().find(|flow| flow.name == "in_threes").expect("is linked in");
    assert!(info.drawing().mermaid().contains("n0 -->|\"batch(3, 10ms)\"| n1"), "{}", info.drawing().mermaid());
    assert_eq!(info.steps[1].entry, StepEntry::Batch { size: 3, linger: penguiflow::clock::millis(10) });
}
