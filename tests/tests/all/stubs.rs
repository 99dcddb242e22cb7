//! A stub stands in for the function of its node, under everything else that the node says.

use crate::kit::{App, Oops, Tally, failure, forever, ms_since, nap, now, secs, settle};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{ErrorClass, ErrorKind, NodeError, Policy};

#[node(retries = 2, backoff = ("1s", 1, "1s"), jitter = none, timeout = "10s", concurrency = 1)]
async fn fetch(n: u32, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    tally.call();
    Ok(n)
}

#[node]
fn items(n: u32) -> Vec<u32> {
    (0..n).collect()
}

#[node]
fn sum(list: Vec<u32>) -> u32 {
    list.iter().sum()
}

#[node]
fn both((a, b): (u32, u32)) -> u32 {
    a + b
}

flow! { single(u32) -> u32 { fetch } }
flow! { nested(u32) -> u32 { items -> map(single, 2) -> sum } }

/// A stub that counts its calls, and gives ten times what it takes.
fn tenfold(calls: &Tally) -> impl Fn(u32) -> Result<u32, NodeError> + Send + Sync + 'static {
    let calls = calls.clone();
    move |n| {
        calls.call();
        Ok(n * 10)
    }
}

fn tallies() -> (App, Tally, Tally) {
    let (state, real) = App::new();
    (state, real, App::new().1)
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn a_stub_is_called_once_for_each_run_of_its_node_in_maps_and_sub_flows_too() {
    let (state, real, stubbed) = tallies();
    let app = nested::flow().with_state(state).stub::<fetch>(tenfold(&stubbed)).start().expect("starts");
    assert_eq!(app.call(4).await.expect("completes"), 60);
    assert_eq!((real.calls(), stubbed.calls()), (0, 4));
}

/// semantics:34, semantics:2: an instance has its own policy, and the function of its node.
#[tokio::test(start_paused = true)]
async fn a_stub_stands_in_for_the_instances_of_its_node_as_well() {
    flow! { twice(u32) -> u32 { (fetch, fetch(retries = 0) as once) -> join -> both } }
    flow! { renamed(u32) -> u32 { fetch(timeout = "1s") as quick } }
    let (state, real, stubbed) = tallies();
    let app = twice::flow().with_state(state).stub::<fetch>(tenfold(&stubbed)).start().expect("starts");
    assert_eq!(app.call(1).await.expect("completes"), 20);
    assert_eq!((real.calls(), stubbed.calls()), (0, 2));

    let (state, real, _) = tallies();
    let hangs = |_| async {
        forever().await;
        Ok(0)
    };
    let app = renamed::flow().with_state(state).stub_async::<fetch, _>(hangs).start().expect("starts");
    let begun = now();
    let error = failure(app.call(1).await.expect_err("hangs"));
    assert_eq!((error.code(), error.node(), error.attempts()), ("NODE_TIMEOUT", "quick", 3));
    assert_eq!((ms_since(begun), real.calls()), (3 * 1_000 + 2 * 1_000, 0));
}

/// semantics:34, semantics:22
#[tokio::test(start_paused = true)]
async fn what_a_stub_fails_with_is_retried_by_its_class_and_its_own_wait() {
    let (state, real, stubbed) = tallies();
    let seen = stubbed.clone();
    let app = single::flow()
        .with_state(state)
        .stub::<fetch>(move |n| {
            let error = NodeError::new(Oops(n));
            match (n, seen.call()) {
                (0, _) => Err(error.with_class(ErrorClass::Fatal)),
                (1, 2) => Err(error.with_retry_after(Some(secs(60)))),
                (1, 3) => Ok(n),
                _ => Err(error),
            }
        })
        .start()
        .expect("starts");
    let error = failure(app.call(0).await.expect_err("is fatal"));
    assert_eq!((error.attempt(), error.attempts(), stubbed.calls()), (1, 3, 1));
    let ErrorKind::Node(source) = error.into_kind() else { panic!("another kind") };
    assert_eq!(*source.downcast::<Oops>().expect("the very error"), Oops(0));
    let begun = now();
    assert_eq!(app.call(1).await.expect("recovers"), 1);
    assert_eq!((ms_since(begun), stubbed.calls()), (60_000, 3));
    let begun = now();
    let error = failure(app.call(2).await.expect_err("always fails"));
    assert_eq!((error.attempt(), ms_since(begun), stubbed.calls(), real.calls()), (3, 2_000, 6, 0));
}

/// semantics:34, semantics:27, core:AC-12.4
#[tokio::test(start_paused = true)]
async fn a_stub_that_hangs_runs_into_the_timeout_the_deadline_or_a_cancel_of_its_node() {
    let (state, _, stubbed) = tallies();
    let seen = stubbed.clone();
    let app = single::flow()
        .with_state(state)
        .stub_async::<fetch, _>(move |n| {
            let inside = seen.enter();
            async move {
                forever().await;
                inside.finish();
                Ok(n)
            }
        })
        .start()
        .expect("starts");
    let begun = now();
    let error = failure(app.call(1).await.expect_err("hangs"));
    assert_eq!((error.code(), error.attempt(), ms_since(begun)), ("NODE_TIMEOUT", 3, 3 * 10_000 + 2 * 1_000));
    let begun = now();
    let stop = app.call(Message::new(1).with_deadline(secs(5))).await.expect_err("is too late");
    assert!(matches!(stop, Stop::DeadlineExceeded), "{stop}");
    assert_eq!(ms_since(begun), 5_000);
    let trace = app.emit(1).await.expect("lets it in");
    settle().await;
    assert_eq!(stubbed.live(), 1);
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((stubbed.calls(), stubbed.live(), stubbed.finished(), app.in_flight()), (5, 0, 0, 0));
}

/// semantics:34, semantics:26
#[tokio::test(start_paused = true)]
async fn a_stub_holds_the_permit_of_its_node() {
    let (state, _, stubbed) = tallies();
    let seen = stubbed.clone();
    let app = nested::flow()
        .with_state(state)
        .stub_async::<fetch, _>(move |n| {
            let inside = seen.enter();
            async move {
                nap(10).await;
                inside.finish();
                Ok(n)
            }
        })
        .start()
        .expect("starts");
    let begun = now();
    assert_eq!(app.call(4).await.expect("completes"), 6);
    assert_eq!((ms_since(begun), stubbed.peak(), stubbed.finished()), (40, 1, 4));
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn overrides_and_stubs_of_one_node_hold_together_in_either_order_and_the_later_stub_wins() {
    let change = |policy: Policy| policy.with_retries(0).with_timeout(millis(20));
    let fails = |n| Err(NodeError::new(Oops(n)));
    let builder = || single::flow().with_state(App::new().0);
    for app in [
        builder().override_policy::<fetch>(change).stub::<fetch>(fails).start(),
        builder().stub::<fetch>(fails).override_policy::<fetch>(change).start(),
        builder().stub::<fetch>(Ok).stub::<fetch>(fails).override_policy::<fetch>(change).start(),
    ] {
        let error = failure(app.expect("starts").call(7).await.expect_err("fails"));
        assert_eq!((error.attempt(), error.attempts(), error.to_string().ends_with("oops 7")), (1, 1, true));
    }
}

#[message]
enum Way {
    Left(u32),
    Right,
}

#[router]
fn choose(n: u32) -> Way {
    if n == 0 { Way::Right } else { Way::Left(n) }
}

#[router]
fn is_big(n: &u32) -> bool {
    *n > 100
}

#[controller(turns = 3)]
fn count_down(n: u32) -> Step<u32, u32> {
    if n == 0 { Step::Done(0) } else { Step::Again(n - 1) }
}

#[node]
fn keep(n: u32) -> u32 {
    n
}

#[node]
fn stamp(m: Message<u32>) -> Message<u32> {
    m.with_meta("by", "the node")
}

#[node]
fn by_whom(m: Message<u32>) -> String {
    m.meta().get("by").map_or_else(|| "nobody".to_owned(), ToString::to_string)
}

/// semantics:34, semantics:13, semantics:17
#[tokio::test(start_paused = true)]
async fn routers_controllers_and_nodes_over_envelopes_can_be_stubbed() {
    flow! { ways(u32) -> u32 { choose { Left -> keep, Right -> count_down } } }
    let app = ways::flow().stub::<choose>(|n| Ok(if n == 5 { Way::Right } else { Way::Left(n + 1) })).start();
    let app = app.expect("starts");
    assert_eq!(app.call(0).await.expect("goes left"), 1);
    assert!(matches!(app.call(5).await, Err(Stop::BudgetExceeded(_))));
    let app = ways::flow().stub::<count_down>(|n| Ok(Step::Done(n + 100))).start().expect("starts");
    assert_eq!(app.call(0).await.expect("is done at once"), 100);
    let app = ways::flow().stub::<count_down>(|n| Ok(Step::Again(n))).start().expect("starts");
    assert!(matches!(app.call(0).await, Err(Stop::BudgetExceeded(_))), "the turns are still counted");

    flow! { sizes(u32) -> u32 { is_big { true -> drop, false -> keep } } }
    let app = sizes::flow().stub::<is_big>(|n| Ok((n == 1, n))).start().expect("starts");
    assert!(matches!(app.call(1).await, Err(Stop::Dropped { .. })));
    assert_eq!(app.call(1_000).await.expect("is small"), 1_000);

    flow! { stamped(u32) -> String { stamp -> by_whom } }
    let app = stamped::flow().start().expect("starts");
    assert_eq!(app.call(Message::new(1).with_meta("by", "the caller")).await.expect("completes"), "\"the node\"");
    let app = stamped::flow().stub::<stamp>(Ok).start().expect("starts");
    let message = Message::new(1).with_meta("by", "the caller");
    assert_eq!(app.call(message).await.expect("completes"), "\"the caller\"", "the meta goes on as it came");
}
