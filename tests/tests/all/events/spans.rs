//! What a subscriber of `tracing` sees: a span for each trace, sub-flow and attempt, one inside the other, and a line for each
//! event in the span where it happens.

use crate::kit::{App, Oops, nap, settle};
use penguiflow::prelude::*;
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};

/// Notes what it is told: `open flow:answering in -`, `line node_start in node:greet`, `close node:greet`.
#[derive(Clone, Default)]
struct Seen(Arc<Notes>);

type Listens = (DefaultGuard, Dispatch);

#[derive(Default)]
struct Notes {
    next: AtomicU64,
    spans: Mutex<HashMap<u64, Open>>,
    stack: Mutex<Vec<u64>>,
    notes: Mutex<Vec<String>>,
}

struct Open {
    name: String,
    count: usize,
}

#[derive(Default)]
struct Fields(HashMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl Fields {
    fn of(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl Seen {
    /// From now on, on this thread.
    fn begin() -> (Self, Listens) {
        let seen = Seen::default();
        // While there is one subscriber only, `tracing` asks whichever thread comes first at a line whether anybody wants it,
        // and keeps the answer for all.
        let second = Dispatch::new(NoSubscriber::new());
        (seen.clone(), (tracing::subscriber::set_default(seen), second))
    }

    fn note(&self, text: String) {
        self.0.notes.lock().expect("no test panics inside").push(text);
    }

    fn notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.notes.lock().expect("no test panics inside"))
    }

    fn name(&self, id: u64) -> String {
        self.0.spans.lock().expect("no test panics inside").get(&id).map_or("gone".to_owned(), |open| open.name.clone())
    }

    fn inside(&self) -> String {
        let top = self.0.stack.lock().expect("no test panics inside").last().copied();
        top.map_or("-".to_owned(), |id| self.name(id))
    }

    fn open(&self) -> usize {
        self.0.spans.lock().expect("no test panics inside").len()
    }
}

impl Subscriber for Seen {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "penguiflow" && *metadata.level() <= Level::DEBUG
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let kind = attributes.metadata().name();
        let what = if kind == "node" { fields.of("node") } else { fields.of("flow") };
        let name = format!("{kind}:{what}");
        self.note(format!("open {name} in {}", self.inside()));
        let id = self.0.next.fetch_add(1, SeqCst) + 1;
        self.0.spans.lock().expect("no test panics inside").insert(id, Open { name, count: 1 });
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        let mut all: Vec<_> = fields.0.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        all.sort();
        self.note(format!("record {} in {}", all.join(" "), self.name(span.into_u64())));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let exception = fields.of("exception");
        let exception = if exception.is_empty() { String::new() } else { format!(" ({exception})") };
        self.note(format!("line {}{exception} in {}", fields.of("event"), self.inside()));
    }

    fn enter(&self, span: &Id) {
        self.0.stack.lock().expect("no test panics inside").push(span.into_u64());
    }

    fn exit(&self, _: &Id) {
        self.0.stack.lock().expect("no test panics inside").pop();
    }

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(open) = self.0.spans.lock().expect("no test panics inside").get_mut(&id.into_u64()) {
            open.count += 1;
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut spans = self.0.spans.lock().expect("no test panics inside");
        let Some(open) = spans.get_mut(&id.into_u64()) else { return false };
        open.count -= 1;
        if open.count > 0 {
            return false;
        }
        let name = spans.remove(&id.into_u64()).map(|open| open.name).unwrap_or_default();
        drop(spans);
        self.note(format!("close {name}"));
        true
    }
}

#[node]
fn greet(n: u64) -> u64 {
    tracing::debug!(target: "penguiflow", event = "mine");
    n
}

#[node]
async fn wait(ms: u64) -> u64 {
    nap(ms).await;
    tracing::debug!(target: "penguiflow", event = "mine");
    ms
}

flow! { inner(u64) -> u64 { wait } }
flow! { outer(u64) -> u64 { greet -> inner } }

#[tokio::test(start_paused = true)]
async fn spans_lie_inside_one_another_and_a_node_s_own_lines_in_its_attempt() {
    let app = outer::flow().start().expect("starts");
    let (seen, _guard) = Seen::begin();
    assert_eq!(app.call(5).await.expect("completes"), 5);
    let notes = [
        "open flow:outer in -",
        "line emit in -",
        "open node:greet in flow:outer",
        "line node_start in node:greet",
        "line mine in node:greet",
        "line node_success in node:greet",
        "close node:greet",
        "open sub_flow:inner in flow:outer",
        "open node:wait in sub_flow:inner",
        "line node_start in node:wait",
        "line mine in node:wait",
        "line node_success in node:wait",
        "close node:wait",
        "close sub_flow:inner",
        "record ending=COMPLETED in flow:outer",
        "line ending in flow:outer",
        "close flow:outer",
    ];
    assert_eq!(seen.notes(), notes);
    assert_eq!(seen.open(), 0);
}

#[node(retries = 1, backoff = "10ms", jitter = none)]
async fn fails(n: u64) -> Result<u64, Oops> {
    Err(Oops(n as u32))
}
flow! { failing(u64) -> u64 { fails } }

/// core:AC-18.3, core:AC-17.4
#[tokio::test(start_paused = true)]
async fn each_attempt_has_a_span_that_says_how_it_failed() {
    let (state, _) = App::new();
    let app = failing::flow().with_state(state).start().expect("starts");
    let (seen, _guard) = Seen::begin();
    app.call(7).await.expect_err("fails");
    let notes = [
        "open flow:failing in -",
        "line emit in -",
        "open node:fails in flow:failing",
        "line node_start in node:fails",
        "line node_error (oops 7) in node:fails",
        "record otel.status_code=ERROR in node:fails",
        "record error.type=NODE_EXCEPTION in node:fails",
        "close node:fails",
        "line node_retry (oops 7) in flow:failing",
        "open node:fails in flow:failing",
        "line node_start in node:fails",
        "line node_error (oops 7) in node:fails",
        "record otel.status_code=ERROR in node:fails",
        "record error.type=NODE_EXCEPTION in node:fails",
        "close node:fails",
        "line node_failed (oops 7) in flow:failing",
        "record ending=NODE_EXCEPTION in flow:failing",
        "record otel.status_code=ERROR in flow:failing",
        "record error.type=NODE_EXCEPTION in flow:failing",
        "line ending (oops 7) in flow:failing",
        "close flow:failing",
    ];
    assert_eq!(seen.notes(), notes);
}

#[node]
fn sum((a, b): (u64, u64)) -> u64 {
    a + b
}
flow! { queued(u64) -> u64 { queue(4) -> wait } }
flow! { apart(u64) -> u64 { parallel(wait, wait as other) -> join -> sum } }

#[tokio::test(start_paused = true)]
async fn workers_and_branches_in_tasks_of_their_own_work_in_the_span_of_the_trace() {
    let (seen, _guard) = Seen::begin();
    let app = queued::flow().start().expect("starts");
    app.call(5).await.expect("completes");
    settle().await;
    assert!(seen.notes().contains(&"open node:wait in flow:queued".to_owned()));
    let app = apart::flow().start().expect("starts");
    app.call(5).await.expect("completes");
    settle().await;
    let notes = seen.notes();
    let opened = notes.iter().filter(|note| note.starts_with("open node:") && note.ends_with("in flow:apart"));
    assert_eq!(opened.count(), 3, "{notes:?}");
    assert_eq!(seen.open(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_span_of_a_trace_ends_with_it_although_its_handle_is_kept() {
    let (seen, _guard) = Seen::begin();
    let app = outer::flow().start().expect("starts");
    let trace = app.emit(1_000).await.expect("is let in");
    settle().await;
    assert_eq!(seen.open(), 3);
    trace.cancel();
    settle().await;
    assert_eq!(seen.open(), 0, "{:?}", seen.notes());
    drop(trace);
}
