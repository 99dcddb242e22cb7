//! One queue for each place and started flow, wherever a queue may stand.

use super::{slow, tasks};
use crate::kit::{App, Tally, ms_since, nap, now};
use penguiflow::prelude::*;

#[node]
fn items(n: u32) -> Vec<(u32, u64)> {
    (0..n).map(|number| (number, 10)).collect()
}

#[node]
fn sum(list: Vec<u32>) -> u32 {
    list.iter().sum()
}

flow! { one_by_one((u32, u64)) -> u32 { queue(2) -> slow } }
flow! { mapped(u32) -> u32 { items -> map(one_by_one, 8) -> sum } }

fn places(app: &penguiflow::Handle<impl penguiflow::__private::FlowDef>) -> Vec<(&'static str, &'static str, String)> {
    app.queues().map(|queue| (queue.flow, queue.node, queue.place)).collect()
}

/// semantics:18: the items of a map share the queue, of all traces.
#[tokio::test(start_paused = true)]
async fn items_of_a_map_share_one_queue() {
    let (state, tally) = App::new();
    let app = mapped::flow().with_state(state).start().expect("starts");
    let begun = now();
    let (one, two) = tokio::join!(app.call(5), app.call(5));
    assert_eq!((one.ok(), two.ok()), (Some(10), Some(10)));
    assert_eq!((tally.calls(), tally.peak(), ms_since(begun)), (10, 1, 100));
    assert_eq!(places(&app), [("one_by_one", "slow", "1/0/0".to_owned())]);
}

/// semantics:18: so do the turns of a loop.
#[tokio::test(start_paused = true)]
async fn turns_of_a_loop_share_one_queue() {
    #[node]
    async fn less(n: u32, State(tally): State<'_, Tally>) -> Step<u32, u32> {
        let _inside = tally.enter();
        nap(10).await;
        if n == 0 { Step::Done(7) } else { Step::Again(n - 1) }
    }
    flow! { looped(u32) -> u32 { repeat(turns = 8) { queue(4) -> less } } }
    let (state, tally) = App::new();
    let app = looped::flow().with_state(state).start().expect("starts");
    let (one, two) = tokio::join!(app.call(3), app.call(3));
    assert_eq!((one.ok(), two.ok()), (Some(7), Some(7)));
    assert_eq!((tally.calls(), tally.peak()), (8, 1));
    assert_eq!(places(&app), [("looped", "less", "1".to_owned())]);
}

/// semantics:18: two places are two queues, also those of one sub-flow; and a queue before a flow keeps nobody waiting in
/// the queues inside.
#[tokio::test(start_paused = true)]
async fn each_place_of_a_sub_flow_has_its_own_queue() {
    #[node]
    fn twice(n: u32) -> (u32, u64) {
        (n + 1, 10)
    }
    flow! { nested((u32, u64)) -> u32 { queue(1) -> one_by_one -> twice -> queue(1) -> one_by_one as other } }
    let (state, tally) = App::new();
    let app = nested::flow().with_state(state).start().expect("starts");
    let (one, two) = tokio::join!(app.call((1, 10)), app.call((5, 10)));
    assert_eq!((one.ok(), two.ok()), (Some(2), Some(6)));
    assert_eq!((tally.calls(), tally.peak()), (4, 2));
    let expected = [
        ("nested", "one_by_one", "0"),
        ("one_by_one", "slow", "0/0"),
        ("nested", "other", "2"),
        ("other", "slow", "2/0"),
    ];
    assert_eq!(places(&app), expected.map(|(flow, node, place)| (flow, node, place.to_owned())));
    assert_eq!(tasks(), 4);
}

/// semantics:18: two started flows share nothing.
#[tokio::test(start_paused = true)]
async fn each_started_flow_has_its_own_queue() {
    let (state, tally) = App::new();
    let one = one_by_one::flow().with_state(state.clone()).start().expect("starts");
    let other = one_by_one::flow().with_state(state).start().expect("starts");
    let begun = now();
    let ends = tokio::join!(one.call((1, 10)), other.call((2, 10)), one.call((3, 10)), other.call((4, 10)));
    assert!(ends.0.is_ok() && ends.1.is_ok() && ends.2.is_ok() && ends.3.is_ok());
    assert_eq!((tally.peak(), ms_since(begun)), (2, 20));
}

/// semantics:13, semantics:18
#[tokio::test(start_paused = true)]
async fn a_router_behind_a_queue_chooses_its_arm() {
    #[message]
    enum Way {
        Odd(u32),
        Even,
        Huge(String),
    }
    #[router]
    fn by_value(n: u32) -> Way {
        match n {
            100.. => Way::Huge(n.to_string()),
            _ if n % 2 == 1 => Way::Odd(n),
            _ => Way::Even,
        }
    }
    #[router]
    fn by_reference(n: &u32) -> bool {
        *n > 5
    }
    #[node]
    fn show(n: u32) -> String {
        format!("{n}")
    }
    #[node]
    fn shout(n: u32) -> String {
        format!("{n}!")
    }
    flow! {
        routed(u32) -> String {
            queue(4, workers = 2) -> by_value {
                Odd -> show,
                Even -> queue(4) -> by_reference as bigger { true -> shout, false -> drop },
                Huge -> done,
            }
        }
    }
    let app = routed::flow().start().expect("starts");
    let mut ends = Vec::new();
    for n in [3, 8, 2, 400] {
        ends.push(app.call(n).await.map_err(|stop| stop.to_string()));
    }
    assert_eq!(
        ends,
        [Ok("3".to_owned()), Ok("8!".to_owned()), Err("dropped at bigger.false".to_owned()), Ok("400".to_owned())]
    );
    assert_eq!(app.queues().map(|queue| queue.node).collect::<Vec<_>>(), ["by_value", "bigger"]);
}

/// semantics:34: what stands in for a node stands behind its queue.
#[tokio::test(start_paused = true)]
async fn a_stub_stands_behind_the_queue() {
    let (state, tally) = App::new();
    let app = one_by_one::flow().with_state(state).stub::<slow>(|(number, _)| Ok(number + 1)).start().expect("starts");
    assert_eq!((app.call((1, 10)).await.ok(), tally.calls()), (Some(2), 0));
}

/// semantics:38: the drawing and the data tell of queues.
#[test]
fn a_queue_is_drawn_and_listed() {
    use penguiflow::StepEntry;
    let info = penguiflow::flows()
        .find(|flow| (flow.name, flow.module) == ("one_by_one", module_path!()))
        .expect("is linked in");
    assert!(info.drawing().mermaid().contains("n0 -->|\"queue(2)\"| n1"), "{}", info.drawing().mermaid());
    assert_eq!(info.steps[1].entry, StepEntry::Queue { capacity: 2, workers: 1 });
    assert_eq!(info.steps[0].entry, StepEntry::Straight);
}
