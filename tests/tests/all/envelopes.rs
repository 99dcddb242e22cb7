//! The envelope: headers, id, meta, deadline. What a node sees of it, and what travels on.

use crate::kit::{App, Oops, Tally, failure, secs};
use penguiflow::clock::Seam;
use penguiflow::message::Deadline;
use penguiflow::prelude::*;
use penguiflow::{ErrorKind, Meta, Options};

/// core:AC-2.1
#[test]
fn a_message_that_was_given_nothing_but_a_tenant_has_no_topic_and_priority_0() {
    let message = Message::new(()).with_tenant("acme");
    let headers = message.headers();
    assert_eq!((headers.tenant(), headers.topic(), headers.priority()), (Some("acme"), None, 0));
}

/// core:AC-2.3
#[test]
fn what_is_written_into_one_message_s_meta_is_not_seen_in_another_s() {
    let (mut one, other) = (Message::new(1), Message::new(2));
    let copy = one.clone();
    one.meta_mut().insert("cost", 7);
    assert_eq!((one.meta().len(), other.meta().len(), copy.meta().len()), (1, 0, 0));
}

/// core:AC-2.4
#[test]
fn a_message_with_another_payload_keeps_tenant_topic_and_priority() {
    let message = Message::new(1).with_tenant("acme").with_topic("billing").with_priority(-3).with_payload("one");
    let headers = message.headers();
    assert_eq!((headers.tenant(), headers.topic(), headers.priority()), (Some("acme"), Some("billing"), -3));
}

#[node]
fn who(m: Message<u32>, ctx: &Ctx, State(tally): State<'_, Tally>) -> Message<u32> {
    assert_eq!(m.trace_id(), Some(ctx.trace_id()));
    assert_eq!(m.headers(), ctx.headers());
    tally.note(ctx.trace_id().to_string());
    tally.note(format!("{:?} {:?}", ctx.headers().tenant(), m.deadline().is_some()));
    m
}

flow! { looking(u32) -> u32 { who -> who as again } }

/// core:AC-2.2, semantics:37: a tenant is optional.
#[tokio::test(start_paused = true)]
async fn two_messages_get_ids_that_differ_and_ascend_and_have_no_deadline_of_their_own() {
    let (state, tally) = App::new();
    let app = looking::flow().with_state(state).start().expect("starts");
    let one = app.emit(1).await.expect("lets it in");
    let other = app.emit(Message::new(2).with_tenant("acme")).await.expect("lets it in");
    let (first, second) = (one.id(), other.id());
    assert!(first < second, "{first} is not before {second}");
    assert!(one.result().await.is_completed() && other.result().await.is_completed());
    let (first, second) = (first.to_string(), second.to_string());
    assert_eq!(first.as_bytes()[14], b'7', "version 7: {first}");
    let none = "None false".to_owned();
    let acme = "Some(\"acme\") false".to_owned();
    let (one, other) = ([&first, &none], [&second, &acme]);
    assert_eq!(tally.notes().iter().collect::<Vec<_>>(), [one, one, other, other].concat());
}

/// core:AC-2.2
#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_ids_in_order() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let (state, _) = App::new();
        let options = Options::new().with_seam(Seam::seeded(3));
        let app = looking::flow().with_state(state).with_options(options).start().expect("starts");
        let ids: Vec<_> = (0..1_000).map(|n| app.try_emit(n).expect("has room").detach()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "ids ascend");
        runs.push(ids);
        app.shutdown(penguiflow::Shutdown::Drain { grace: secs(1) }).await;
    }
    assert_eq!(runs[0], runs[1]);
}

/// semantics:24: an id of the caller's own is the trace's, even if another trace has it; a cancel means both.
#[tokio::test(start_paused = true)]
async fn two_traces_under_one_id_both_run_and_are_cancelled_together() {
    #[node]
    async fn hold(n: u32) -> u32 {
        crate::kit::nap(1_000).await;
        n
    }
    flow! { holding(u32) -> u32 { hold } }
    let app = holding::flow().start().expect("starts");
    let id = Seam::seeded(1).trace_id();
    let message = |n| Message::new(n).with_trace_id(id);
    let (one, other) = (app.emit(message(1)).await, app.emit(message(2)).await);
    let (one, other) = (one.expect("lets it in"), other.expect("lets it in"));
    assert_eq!((one.id(), other.id(), app.in_flight()), (id, id, 2));
    assert_eq!(one.result().await.into_result().expect("completes"), 1);
    assert_eq!(other.result().await.into_result().expect("completes"), 2);
    let (one, other) = (app.emit(message(1)).await, app.emit(message(2)).await);
    assert!(app.cancel(id) && !app.cancel(id));
    for trace in [one, other] {
        assert!(matches!(trace.expect("lets it in").result().await, Ending::Cancelled));
    }
    assert_eq!(app.in_flight(), 0);
}

// === meta ===

#[node]
fn cost(m: Message<u32>) -> Message<u32> {
    m.with_meta("cost_ms", 87)
}

#[node]
fn plain(n: u32) -> u32 {
    n
}

#[node]
fn model(m: Message<u32>) -> Message<u32> {
    m.with_meta("model", "small").map(|n| n + 1)
}

#[node]
fn all_meta(m: Message<u32>) -> (u32, Meta) {
    let meta = m.meta().clone();
    (m.into_payload(), meta)
}

/// core:AC-2.6, semantics:24
#[tokio::test(start_paused = true)]
async fn what_nodes_in_a_row_add_to_the_meta_all_arrives_also_through_a_node_that_sees_no_envelope() {
    flow! { tracing_cost(u32) -> (u32, Meta) { cost -> plain -> model -> all_meta } }
    let app = tracing_cost::flow().start().expect("starts");
    let (n, meta) = app.call(Message::new(1).with_meta("user", "ada")).await.expect("completes");
    let expected =
        Meta::from_iter([("cost_ms", serde_json::Value::from(87)), ("model", "small".into()), ("user", "ada".into())]);
    assert_eq!((n, meta), (2, expected));
}

#[node]
fn left(m: Message<u32>, State(tally): State<'_, Tally>) -> Message<u32> {
    tally.note(format!("left {}", m.meta().len()));
    m.with_meta("side", "left").with_meta("left", true)
}

#[node]
async fn right(m: Message<u32>, State(tally): State<'_, Tally>) -> Message<u32> {
    crate::kit::nap(5).await;
    tally.note(format!("right {}", m.meta().len()));
    m.with_meta("side", "right").with_meta("right", true)
}

#[node]
fn both(m: Message<(u32, u32)>) -> Meta {
    m.meta().clone()
}

#[node]
fn any(m: Message<Vec<u32>>) -> Meta {
    m.meta().clone()
}

/// core:W-13, semantics:24
#[tokio::test(start_paused = true)]
async fn a_branch_s_meta_is_its_own_and_at_a_join_the_union_is_made_where_the_earlier_branch_wins() {
    flow! { joining(u32) -> Meta { (left, right) -> join -> both } }
    flow! { reversed(u32) -> Meta { (right, left) -> join -> both } }
    flow! { picking(u32) -> Meta { (right, left) -> join_k(1) -> any } }
    let entries = |side: &str, more: &[&str]| {
        let mut meta = Meta::from_iter([("side", side), ("user", "ada")]);
        more.iter().for_each(|key| {
            meta.insert(*key, true);
        });
        meta
    };
    let message = || Message::new(1).with_meta("user", "ada");
    let (state, tally) = App::new();
    let app = joining::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!(app.call(message()).await.expect("completes"), entries("left", &["left", "right"]));
    assert_eq!(tally.notes(), ["left 1", "right 1"], "no branch sees what a sibling wrote");
    let app = reversed::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!(app.call(message()).await.expect("completes"), entries("right", &["left", "right"]));
    let app = picking::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(message()).await.expect("completes"), entries("left", &["left"]), "who lost adds nothing");
}

#[node(retries = 1, backoff = ("1ms", 1, "1ms"), jitter = none)]
fn forgets(mut m: Message<u32>, ctx: &Ctx) -> Result<Message<u32>, Oops> {
    assert_eq!(m.meta().len(), 0);
    m.meta_mut().insert("attempt", ctx.attempt());
    if ctx.attempt() == 1 { Err(Oops(1)) } else { Ok(m) }
}

/// core:W-13
#[tokio::test(start_paused = true)]
async fn a_failed_attempt_leaves_nothing_in_the_meta_of_the_next() {
    flow! { forgetting(u32) -> (u32, Meta) { forgets -> all_meta } }
    let app = forgetting::flow().start().expect("starts");
    let (_, meta) = app.call(1).await.expect("recovers");
    assert_eq!(meta, Meta::from_iter([("attempt", 2)]));
}

/// semantics:24
#[tokio::test(start_paused = true)]
async fn a_node_that_returns_other_headers_than_its_trace_has_fails() {
    #[node]
    fn moves(m: Message<u32>) -> Message<u32> {
        m.with_tenant("another")
    }
    flow! { moving(u32) -> u32 { moves } }
    let app = moving::flow().start().expect("starts");
    let error = failure(app.call(Message::new(1).with_tenant("acme")).await.expect_err("changes the tenant"));
    assert!(matches!(error.kind(), ErrorKind::HeadersChanged), "{error}");
    assert_eq!((error.code(), error.node()), ("HEADERS_CHANGED", "moves"));
}

/// semantics:24
#[tokio::test(start_paused = true)]
async fn a_node_sees_the_deadline_of_its_trace_as_an_instant() {
    #[node]
    fn until(m: Message<u32>, ctx: &Ctx) -> bool {
        m.deadline() == ctx.deadline().map(Deadline::At) && m.deadline().is_some()
    }
    flow! { asking(u32) -> bool { until } }
    let app = asking::flow().start().expect("starts");
    assert!(app.call(Message::new(1).with_deadline(secs(5))).await.expect("completes"));
    assert!(!app.call(1).await.expect("completes"));
}
