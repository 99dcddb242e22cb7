//! What Prometheus scrapes: the text is read back by a reader of its own, which refuses what the format forbids, and each
//! figure is compared with what has happened.

mod page;

use crate::kit::{App, Oops, Tally, nap, settle};
use page::Page;
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Cost, FlowEvent, Live, Money, Observer, Prometheus};
use std::sync::Arc;

#[node(retries = 1, backoff = "10ms", jitter = none)]
async fn shaky(n: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    nap(n).await;
    if tally.call() == 1 { Err(Oops(1)) } else { Ok(n) }
}
#[node(timeout = "50ms")]
async fn slow(ms: u64) -> u64 {
    nap(ms).await;
    ms
}
#[node]
async fn pay(n: u64, ctx: &Ctx) -> u64 {
    if let Ok(reserved) = ctx.budget().reserve(Cost::tokens(10)) {
        reserved.settle(Cost::tokens(7).and_usd(Money::from_picos(350_000_000_000)));
    }
    n
}
#[node]
fn sum((x, y): (u64, u64)) -> u64 {
    x + y
}
#[node]
async fn step(n: u64) -> u64 {
    nap(n).await;
    n
}

flow! { paying(u64) -> u64 { pay } }
flow! { answering(u64) -> u64 { shaky -> (slow, paying) -> join -> sum } }
flow! { queued(u64) -> u64 { queue(4) -> step } }

#[tokio::test(start_paused = true)]
async fn every_figure_of_a_flow_is_told_under_its_labels() {
    let (state, _) = App::new();
    let app = answering::flow().with_state(state).start().expect("starts");
    let live = Live::with_bounds(&app, &[millis(10), millis(20), millis(40)]).expect("ascend");
    let metrics = Prometheus::new().with_flow(&live);
    for ms in [10, 20, 60] {
        let _ = app.call(ms).await;
    }
    let page = Page::read(&metrics.render());
    let flow = |family: &str| page.value(family, &[("flow", "answering")]);
    assert_eq!((flow("penguiflow_traces_started_total"), flow("penguiflow_traces_in_flight")), (3.0, 0.0));
    let ended = |code| page.value("penguiflow_traces_total", &[("flow", "answering"), ("code", code)]);
    assert_eq!((ended("COMPLETED"), ended("NODE_TIMEOUT")), (2.0, 1.0));
    let node =
        |family: &str, node, place| page.value(family, &[("flow", "answering"), ("node", node), ("place", place)]);
    assert_eq!(
        (node("penguiflow_node_retries_total", "shaky", "0"), node("penguiflow_node_failures_total", "slow", "1")),
        (1.0, 1.0)
    );
    assert_eq!(node("penguiflow_node_tokens_total", "pay", "2/0"), 21.0);
    assert_eq!(node("penguiflow_node_cost_dollars_total", "pay", "2/0"), 1.05);
    assert_eq!(
        (node("penguiflow_node_in_flight", "slow", "1"), node("penguiflow_node_waiting", "slow", "1")),
        (0.0, 0.0)
    );
    let attempts = |name, place, outcome| {
        let labels = [("flow", "answering"), ("node", name), ("place", place), ("outcome", outcome)];
        page.value("penguiflow_node_attempts_total", &labels)
    };
    assert_eq!((attempts("shaky", "0", "completed"), attempts("shaky", "0", "error")), (3.0, 1.0));
    assert_eq!((attempts("slow", "1", "timeout"), attempts("slow", "1", "panic")), (1.0, 0.0));
    let joins = |outcome| {
        page.value(
            "penguiflow_joins_total",
            &[("flow", "answering"), ("node", "join"), ("place", "3"), ("outcome", outcome)],
        )
    };
    // A `join` fails with its branch.
    assert_eq!((joins("complete"), joins("starved")), (2.0, 0.0));
    let bucket = |le| {
        let labels = [("flow", "answering"), ("node", "slow"), ("place", "1"), ("le", le)];
        page.value("penguiflow_node_latency_seconds_bucket", &labels)
    };
    assert_eq!(["0.01", "0.02", "0.04", "+Inf"].map(bucket), [1.0, 2.0, 2.0, 2.0]);
    assert_eq!(node("penguiflow_node_latency_seconds_sum", "slow", "1"), 0.03);
    assert_eq!(flow("penguiflow_trace_latency_seconds_count"), 3.0);
}

#[tokio::test(start_paused = true)]
async fn a_queue_is_told_once_there_is_one() {
    let app = queued::flow().start().expect("starts");
    let metrics = Prometheus::new().with_flow(&Live::of(&app));
    assert!(!metrics.render().contains("penguiflow_queue_depth"), "a family without a sample has no head");
    let mut traces = Vec::new();
    for _ in 0..3 {
        traces.push(app.emit(10).await.expect("is let in"));
    }
    settle().await;
    let page = Page::read(&metrics.render());
    let queue = |what: &str| {
        let labels = [("flow", "queued"), ("node", "step"), ("place", "0")];
        page.value(&format!("penguiflow_{what}"), &labels)
    };
    assert_eq!(
        (queue("queue_depth"), queue("queue_capacity"), queue("queue_running"), queue("queue_waiting")),
        (2.0, 4.0, 1.0, 0.0)
    );
    assert_eq!((queue("node_waiting"), queue("node_in_flight")), (2.0, 1.0));
}

#[tokio::test(start_paused = true)]
async fn several_flows_share_each_family_and_no_trace_becomes_a_label() {
    let (one, two) = (queued::flow().start().expect("starts"), queued::flow().start().expect("starts"));
    let (first, second) = (Live::of(&one), Live::of(&two));
    let metrics =
        Prometheus::new().with_flow(&first).with_flow_named("other", &second).with_flow_named("third", &first);
    let metrics = metrics.with_flow_named("third", &second);
    let trace = one.emit(Message::new(5).with_tenant("acme")).await.expect("is let in");
    let id = trace.id().to_string();
    trace.result().await;
    // A reader would refuse a family in two pieces, and a series that stands there twice.
    let text = metrics.render();
    let page = Page::read(&text);
    let started = |flow| page.value("penguiflow_traces_started_total", &[("flow", flow)]);
    assert_eq!((started("queued"), started("other"), started("third")), (1.0, 0.0, 0.0));
    assert!(!text.contains(&id) && !text.contains("acme"), "{text}");
    // Only figures differ between two scrapes.
    two.call(1).await.expect("completes");
    two.call(2).await.expect("completes");
    let later = Page::read(&metrics.render());
    let before: Vec<_> = page.series().collect();
    assert!(
        later.series().filter(|series| before.contains(series)).eq(before.iter().cloned()),
        "the order is always the same"
    );
}

/// Panics at each event.
struct Broken;

impl Observer for Broken {
    fn on_event(&self, _: &FlowEvent) {
        panic!("as it was told");
    }
}

#[tokio::test(start_paused = true)]
async fn no_name_can_break_the_text_and_observers_tell_how_they_keep_up() {
    let app = queued::flow().start().expect("starts");
    let hostile = "a\"} 1\n# TYPE x gauge\\n{größer \u{1F427}";
    let broken = Arc::new(app.observe_in_line(Broken));
    let metrics = Prometheus::new().with_flow_named(hostile, &Live::of(&app)).with_observer(hostile, &broken);
    app.call(1).await.expect("completes whatever an observer does");
    let page = Page::read(&metrics.render());
    assert_eq!(page.value("penguiflow_traces_started_total", &[("flow", hostile)]), 1.0);
    let panics = broken.lag().panics as f64;
    assert!(panics > 0.0);
    assert_eq!(page.value("penguiflow_observer_panics_total", &[("observer", hostile)]), panics);
    assert_eq!(page.value("penguiflow_observer_lost_total", &[("observer", hostile)]), 0.0);
    assert_eq!(Prometheus::new().render(), "");
    assert_eq!(Prometheus::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
}
