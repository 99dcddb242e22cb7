//! How traces of several processes are linked: by the `traceparent` that one brings and hands on.

use super::otel::{span, spans};
use super::server::{Answer, Server};
use penguiflow::clock::secs;
use penguiflow::prelude::*;
use penguiflow::{Handle, Otel, Playbook};
use std::sync::{Arc, Mutex};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

type Noted = Arc<Mutex<Vec<Option<String>>>>;

#[derive(Provides, Clone, Default)]
struct Notes {
    noted: Noted,
}

#[node]
async fn note(n: u64, ctx: &Ctx, State(noted): State<'_, Noted>) -> u64 {
    noted.lock().expect("no test panics inside").push(ctx.traceparent());
    // What a node spawns has no span of its own.
    let (ctx, apart) = (ctx.clone(), noted.clone());
    let spawned = tokio::spawn(async move { apart.lock().expect("no test panics inside").push(ctx.traceparent()) });
    spawned.await.expect("ends");
    n
}
flow! { noting(u64) -> u64 { note } }
flow! { around(u64) -> u64 { noting } }

#[derive(Provides)]
struct Remote {
    there: Handle<noting>,
}

/// Stands for a request to another process: all it takes along is the text.
#[node]
async fn ask(n: u64, ctx: &Ctx, State(there): State<'_, Handle<noting>>) -> Result<u64, penguiflow::BoxError> {
    let header = ctx.traceparent().ok_or("no context")?;
    Ok(there.call(Message::new(n).with_traceparent(&header)?).await?)
}
flow! { asking(u64) -> u64 { ask } }

#[derive(Provides)]
struct Within {
    there: Playbook<u64, u64>,
}

#[node]
async fn call(n: u64, ctx: &Ctx, State(there): State<'_, Playbook<u64, u64>>) -> Result<u64, penguiflow::CallError> {
    ctx.call(there, n).await
}
flow! { calling(u64) -> u64 { call } }

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn noted(notes: &Notes) -> Vec<Option<String>> {
    std::mem::take(&mut *notes.noted.lock().expect("no test panics inside"))
}

#[tokio::test]
async fn where_nothing_is_exported_a_trace_hands_on_what_it_was_given() {
    let notes = Notes::default();
    let app = around::flow().with_state(notes.clone()).start().expect("starts");
    app.call(Message::new(1).with_traceparent(PARENT).expect("well formed")).await.expect("completes");
    assert_eq!(noted(&notes), [Some(PARENT.to_owned()), Some(PARENT.to_owned())]);
    app.call(1).await.expect("completes");
    assert_eq!(noted(&notes), [None, None]);
    // Beside a key and a budget, which stand in the same place.
    let message = Message::new(1).with_idempotency_key("a").with_budget(penguiflow::Budget::new().hops(9));
    app.call(message.with_traceparent(PARENT).expect("well formed")).await.expect("completes");
    assert_eq!(noted(&notes)[0].as_deref(), Some(PARENT));

    let there = noting::flow().with_state(notes.clone()).start().expect("starts").playbook();
    let app = calling::flow().with_state(Within { there }).start().expect("starts");
    app.call(Message::new(1).with_traceparent(PARENT).expect("well formed")).await.expect("completes");
    assert_eq!(noted(&notes)[0].as_deref(), Some(PARENT), "a call is a part of the trace");
}

#[test]
fn a_malformed_parent_is_refused() {
    let error = Message::new(1).with_traceparent("00-4bf9").expect_err("too short");
    assert_eq!((error.text.as_str(), error.why), ("00-4bf9", "it is too short"));
    assert_eq!(Message::new(1).with_traceparent(PARENT).expect("well formed").traceparent().as_deref(), Some(PARENT));
}

#[tokio::test]
async fn a_trace_is_the_child_of_the_span_that_its_message_names() {
    let server = Server::start(|_, _| Answer::status(200));
    let (telemetry, _scope) = Otel::new(&*server.url).with_sampling(0.0).scoped().expect("a good address");
    let notes = Notes::default();
    let app = noting::flow().with_state(notes.clone()).start().expect("starts");
    // The caller's own span is not the parent, since the message says better.
    let around = tracing::info_span!("around");
    let message = Message::new(1).with_traceparent(PARENT).expect("well formed");
    tracing::Instrument::instrument(app.call(message), around.clone()).await.expect("completes");
    drop(around);
    telemetry.shutdown(secs(10)).await;
    let spans = spans(&server.next());
    let (flow, node) = (span(&spans, "invoke_workflow noting"), span(&spans, "note"));
    assert_eq!(hex(&flow.trace_id), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(hex(&flow.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(node.parent_span_id, flow.span_id);
    assert_eq!(spans.len(), 2, "who is sampled is exported whatever the share; the caller's own span is not");
    let of = |id: &[u8]| Some(format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{}-01", hex(id)));
    assert_eq!(noted(&notes), [of(&node.span_id), of(&flow.span_id)], "the attempt, and in a task apart the trace");
}

#[tokio::test]
async fn flows_of_two_processes_are_one_trace() {
    let server = Server::start(|_, _| Answer::status(200));
    let (telemetry, _scope) = Otel::new(&*server.url).scoped().expect("a good address");
    let notes = Notes::default();
    let there = noting::flow().with_state(notes.clone()).start().expect("starts");
    let app = asking::flow().with_state(Remote { there }).start().expect("starts");
    app.call(1).await.expect("completes");
    telemetry.shutdown(secs(10)).await;
    let spans = spans(&server.next());
    let (here, there) = (span(&spans, "ask"), span(&spans, "invoke_workflow noting"));
    assert_eq!((&there.trace_id, &there.parent_span_id), (&here.trace_id, &here.span_id));
    assert_eq!(spans.len(), 4);
}

#[tokio::test]
async fn a_trace_that_is_not_sampled_says_so_to_others() {
    let server = Server::start(|_, _| Answer::status(200));
    let (telemetry, _scope) = Otel::new(&*server.url).scoped().expect("a good address");
    let notes = Notes::default();
    let app = noting::flow().with_state(notes.clone()).start().expect("starts");
    let unsampled = PARENT.replace("-01", "-00");
    app.call(Message::new(1).with_traceparent(&unsampled).expect("well formed")).await.expect("completes");
    assert_eq!(telemetry.shutdown(secs(10)).await.sent, 0);
    let told = noted(&notes)[0].clone().expect("a context");
    assert!(told.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && told.ends_with("-00"), "{told}");
}
