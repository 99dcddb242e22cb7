//! A flow by its name is a node: it inherits everything of its trace.

use crate::kit::{App, Oops, Tally, failure, nap, secs};
use penguiflow::prelude::*;

#[node]
fn plus(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> u64 {
    tally.note(format!("{} {:?} {}", ctx.trace_id(), ctx.headers().tenant(), ctx.deadline().is_some()));
    n + 1
}

#[node]
fn odd(n: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.call();
    if n >= 100 { Err(Oops(n as u32)) } else { Ok(n) }
}

#[node(concurrency = 1)]
async fn narrow(n: u64, State(tally): State<'_, Tally>) -> u64 {
    let _inside = tally.enter();
    nap(10).await;
    n
}

#[node]
fn sum((a, b): (u64, u64)) -> u64 {
    a + b
}

flow! { one(u64) -> u64 { plus -> odd } }
flow! { two(u64) -> u64 { one -> plus } }
flow! { three(u64) -> u64 { two -> plus } }
flow! { four(u64) -> u64 { three -> plus } }
flow! { five(u64) -> u64 { four -> plus } }

/// semantics:20
#[tokio::test(start_paused = true)]
async fn flows_nest_five_deep_and_inherit_id_headers_and_deadline() {
    let (state, tally) = App::new();
    let app = five::flow().with_state(state).start().expect("starts");
    let message = Message::new(0).with_tenant("acme").with_deadline(secs(5));
    let trace = app.emit(message).await.expect("lets it in");
    let seen = format!("{} Some(\"acme\") true", trace.id());
    assert_eq!(trace.result().await.into_result().expect("completes"), 5);
    assert_eq!(tally.notes(), vec![seen; 5]);
}

/// core:W-18, semantics:35
#[tokio::test(start_paused = true)]
async fn a_sub_flow_that_fails_fails_its_caller_at_once_and_tells_the_whole_path() {
    let (state, tally) = App::new();
    let app = five::flow().with_state(state).start().expect("starts");
    let error = failure(app.call(99).await.expect_err("fails"));
    assert_eq!(error.path(), "five › four › three › two › one › odd");
    assert_eq!((tally.calls(), tally.notes().len(), app.in_flight()), (1, 1, 0));
}

/// semantics:20
#[tokio::test(start_paused = true)]
async fn one_flow_in_two_places_runs_in_both_and_its_places_differ() {
    flow! { doubled(u64) -> u64 { (one, one as other) -> join -> sum } }
    let (state, tally) = App::new();
    let app = doubled::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!(app.call(1).await.expect("completes"), 4);
    assert_eq!(tally.calls(), 2);
    let error = failure(app.call(99).await.expect_err("fails"));
    assert_eq!(error.path(), "doubled › one › odd");
    flow! { behind(u64) -> u64 { plus -> one as other } }
    let app = behind::flow().with_state(state).start().expect("starts");
    assert_eq!(failure(app.call(99).await.expect_err("fails")).path(), "behind › other › odd");
    assert_ne!(error.place(), "");
}

flow! { thin(u64) -> u64 { narrow } }

/// semantics:26, semantics:20: limits and overrides reach the nodes of a sub-flow, also of one under another name.
#[tokio::test(start_paused = true)]
async fn a_node_s_limit_is_shared_by_all_its_places_sub_flows_and_instances_of_flows_included() {
    flow! { mixed(u64) -> u64 { (thin as renamed, narrow) -> join -> sum } }
    flow! { renamed_only(u64) -> u64 { thin as renamed } }
    let (state, tally) = App::new();
    let app = mixed::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!(app.call(1).await.expect("completes"), 2);
    assert_eq!((tally.calls(), tally.peak()), (2, 1));

    let app = renamed_only::flow().with_state(state.clone()).start().expect("starts");
    let (one, other) = tokio::join!(app.call(1), app.call(2));
    assert_eq!((one.ok(), other.ok(), tally.peak()), (Some(1), Some(2), 1));

    let change = |policy: penguiflow::Policy| policy.with_concurrency(2);
    let app = renamed_only::flow().with_state(state).override_policy::<narrow>(change).start().expect("starts");
    let (one, other) = tokio::join!(app.call(1), app.call(2));
    assert_eq!((one.ok(), other.ok(), tally.peak()), (Some(1), Some(2), 2));
}

/// semantics:21
#[tokio::test(start_paused = true)]
async fn a_flow_can_be_written_as_an_expression_and_takes_its_types_from_its_ends() {
    let (state, _) = App::new();
    let app = flow! { one -> (plus, odd) -> join -> sum }.with_state(state).start().expect("starts");
    assert_eq!(app.call(1).await.expect("completes"), 3 + 2);
}
