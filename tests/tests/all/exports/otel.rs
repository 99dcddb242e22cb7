//! What a collector is sent, and what becomes of spans when it is not there.

use super::server::{Answer, Request, Server};
use crate::kit::{App, Oops};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::Span;
use penguiflow::clock::{millis, secs};
use penguiflow::prelude::*;
use penguiflow::{BranchError, Exports, Logging, Otel, OtelError, Secret, Telemetry};
use prost::Message as _;
use std::net::TcpListener;

#[node]
fn clean(n: u64) -> u64 {
    n
}
#[node]
async fn look(n: u64) -> u64 {
    tokio::task::yield_now().await;
    n
}
#[node(retries = 1, backoff = "1ms", jitter = none)]
async fn tries(n: u64, ctx: &Ctx) -> Result<u64, Oops> {
    if ctx.attempt() == 1 { Err(Oops(1)) } else { Ok(n) }
}
#[node]
fn sum((a, b): (u64, u64)) -> u64 {
    a + b
}
#[node]
async fn fails(n: u64) -> Result<u64, Oops> {
    Err(Oops(n as u32))
}
#[node]
fn settled((a, b): (Result<u64, BranchError>, Result<u64, BranchError>)) -> u64 {
    a.unwrap_or(0) + b.unwrap_or(0)
}

flow! { inner(u64) -> u64 { look } }
flow! { outer(u64) -> u64 { clean -> (tries, inner) -> join -> sum } }
flow! { failing(u64) -> u64 { fails } }
flow! { lenient(u64) -> u64 { (look, fails) -> settle -> settled } }
flow! { short(u64) -> u64 { clean } }

/// The spans of a request.
pub(super) fn spans(request: &Request) -> Vec<Span> {
    let request = ExportTraceServiceRequest::decode(&*request.body).expect("OTLP");
    let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
    scopes.flat_map(|scope| scope.spans).collect()
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> &'a str {
    let value = attributes.iter().find(|attribute| attribute.key == key);
    match value.and_then(|attribute| attribute.value.as_ref()?.value.as_ref()) {
        Some(Value::StringValue(text)) => text,
        _ => "",
    }
}

#[track_caller]
pub(super) fn span<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let names: Vec<_> = spans.iter().map(|span| &span.name).collect();
    spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("no span {name}: {names:?}"))
}

const FINE: i32 = 1;
const FAILED: i32 = 2;

fn status(span: &Span) -> i32 {
    span.status.as_ref().map_or(0, |status| status.code)
}

fn collector() -> Server {
    Server::start(|_, _| Answer::status(200))
}

async fn run(telemetry: Telemetry) -> Exports {
    let (state, _) = App::new();
    let app = outer::flow().with_state(state).start().expect("starts");
    let message = penguiflow::Message::new(1).with_tenant("acme");
    assert_eq!(app.call(message).await.expect("completes"), 2);
    telemetry.shutdown(secs(10)).await
}

#[track_caller]
fn done(exports: &Exports) -> (u64, usize, u64, u64) {
    (exports.sent, exports.waiting, exports.lost, exports.failures)
}

// === what a collector is sent ===

#[tokio::test]
async fn spans_have_the_right_parents_names_attributes_and_status() {
    let server = collector();
    let otel = Otel::new(&*server.url).with_service("support").with_attribute("deployment.environment.name", "test");
    let (telemetry, _scope) = otel.with_header("authorization", "Bearer hunter2").scoped().expect("a good address");
    assert_eq!(done(&run(telemetry).await), (7, 0, 0, 0));
    let request = server.next();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v1/traces"));
    assert_eq!(request.headers["authorization"], "Bearer hunter2");
    let all = ExportTraceServiceRequest::decode(&*request.body).expect("OTLP");
    let resource = &all.resource_spans[0].resource.as_ref().expect("a resource").attributes;
    assert_eq!((text(resource, "service.name"), text(resource, "deployment.environment.name")), ("support", "test"));

    let spans = spans(&request);
    let flow = span(&spans, "invoke_workflow outer");
    assert!(flow.parent_span_id.is_empty());
    assert!(spans.iter().all(|span| span.trace_id == flow.trace_id));
    let sub = span(&spans, "invoke_workflow inner");
    for (child, parent) in
        [(span(&spans, "clean"), flow), (sub, flow), (span(&spans, "look"), sub), (span(&spans, "sum"), flow)]
    {
        assert_eq!(child.parent_span_id, parent.span_id, "{}", child.name);
        assert_ne!(status(child), FAILED, "{}", child.name);
    }
    for span in [flow, sub] {
        assert_eq!(text(&span.attributes, "gen_ai.operation.name"), "invoke_workflow");
    }
    let told = ["gen_ai.agent.name", "gen_ai.workflow.name", "flow", "tenant", "ending"];
    assert_eq!(told.map(|key| text(&flow.attributes, key)), ["outer", "outer", "outer", "acme", "COMPLETED"]);
    assert_eq!(status(flow), FINE);

    // The first attempt has failed, the second has not, and so the flow has not.
    let tries: Vec<_> = spans.iter().filter(|span| span.name == "tries").collect();
    assert_eq!((status(tries[0]), status(tries[1])), (FAILED, 0));
    assert_eq!(text(&tries[0].attributes, "error.type"), "NODE_EXCEPTION");
    assert!(tries.iter().all(|span| span.parent_span_id == flow.span_id));
    let events: Vec<_> = tries[0].events.iter().map(|event| text(&event.attributes, "event")).collect();
    assert_eq!(events, ["node_error"]);
    let events: Vec<_> = flow.events.iter().map(|event| text(&event.attributes, "event")).collect();
    assert_eq!(events, ["node_retry", "ending"]);
}

#[tokio::test]
async fn a_flow_that_fails_is_marked_and_one_that_bears_a_failure_is_not() {
    let server = collector();
    let (telemetry, _scope) = Otel::new(&*server.url).scoped().expect("a good address");
    failing::flow().start().expect("starts").call(3).await.expect_err("fails");
    assert_eq!(lenient::flow().start().expect("starts").call(3).await.expect("completes"), 3);
    telemetry.shutdown(secs(10)).await;
    let spans = spans(&server.next());
    let code = |name: &str| status(span(&spans, name));
    assert_eq!((code("invoke_workflow failing"), code("invoke_workflow lenient")), (FAILED, FINE));
    assert_eq!(text(&span(&spans, "invoke_workflow failing").attributes, "error.type"), "NODE_EXCEPTION");
}

#[tokio::test]
async fn log_lines_are_written_beside() {
    let server = collector();
    let out = Out::default();
    let logging = Logging::json().with_writer(out.clone());
    let (telemetry, _scope) = Otel::new(&*server.url).with_logging(logging).scoped().expect("a good address");
    assert_eq!(run(telemetry).await.sent, 7);
    let text = String::from_utf8(out.0.lock().expect("no test panics inside").clone()).expect("UTF-8");
    assert!(text.contains("\"event\":\"node_success\"") && !text.contains("otel.name"), "{text}");
}

#[derive(Clone, Default)]
struct Out(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no test panics inside").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_has_ended_is_sent_before_a_flush_is_done_and_shutdown_sends_the_rest() {
    let server = collector();
    let (telemetry, _scope) = Otel::new(&*server.url).scoped().expect("a good address");
    let app = short::flow().start().expect("starts");
    app.call(1).await.expect("completes");
    telemetry.flush().await;
    assert_eq!(done(&telemetry.exports()), (2, 0, 0, 0));
    assert_eq!(server.all().len(), 1);
    app.call(1).await.expect("completes");
    assert_eq!(done(&telemetry.shutdown(secs(10)).await), (4, 0, 0, 0));
}

#[tokio::test]
async fn a_share_of_nothing_sends_nothing() {
    let server = collector();
    let (telemetry, _scope) = Otel::new(&*server.url).with_sampling(0.0).scoped().expect("a good address");
    assert_eq!(done(&run(telemetry).await), (0, 0, 0, 0));
    assert!(server.all().is_empty());
}

// === a collector that is not there, slow, or busy ===

#[tokio::test]
async fn a_collector_that_is_down_harms_no_flow_and_is_told() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
    let (telemetry, _scope) = Otel::new(format!("http://{nobody}")).scoped().expect("a good address");
    let (state, _) = App::new();
    let app = outer::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(1).await.expect("completes"), 2);
    let exports = telemetry.shutdown(millis(300)).await;
    assert_eq!((exports.sent, exports.waiting, exports.lost), (0, 0, 7));
    assert!(exports.failures > 0);
    let error = exports.last_error.expect("the last error");
    assert!(error.starts_with("the collector cannot be reached: ") && error.contains("refused"), "{error}");
}

#[tokio::test]
async fn a_collector_that_is_busy_is_asked_again_and_one_that_refuses_is_not() {
    let busy = Server::start(|number, _| match number {
        0 => Answer { headers: "retry-after: 0\r\n", ..Answer::status(429) },
        1 => Answer { headers: "retry-after: 0\r\n", ..Answer::status(503) },
        _ => Answer::status(200),
    });
    let (telemetry, scope) = Otel::new(&*busy.url).scoped().expect("a good address");
    let exports = run(telemetry).await;
    assert_eq!(done(&exports), (7, 0, 0, 2));
    assert_eq!(exports.last_error.as_deref(), Some("the collector answers 503 Service Unavailable"));
    let bodies: Vec<_> = busy.all().into_iter().map(|request| request.body).collect();
    assert!(bodies.len() == 3 && bodies[0] == bodies[2], "the same spans each time");
    drop(scope);

    let refuses = Server::start(|_, _| Answer::status(401));
    let (telemetry, _scope) = Otel::new(&*refuses.url).scoped().expect("a good address");
    assert_eq!(done(&run(telemetry).await), (0, 0, 7, 1));
}

#[tokio::test]
async fn a_collector_that_never_answers_keeps_neither_flows_nor_the_end_waiting() {
    let stuck = Server::start(|_, _| Answer::status(0));
    let (telemetry, _scope) = Otel::new(&*stuck.url).with_timeout(secs(3_600)).scoped().expect("a good address");
    let app = short::flow().start().expect("starts");
    let traces = Telemetry::ROOM;
    for _ in 0..traces {
        app.call(1).await.expect("completes");
    }
    stuck.next();
    let exports = telemetry.exports();
    assert_eq!((exports.waiting, exports.lost), (Telemetry::ROOM, traces as u64), "two spans a trace");
    assert_eq!(exports.sent, 0);
}

#[tokio::test]
async fn the_end_is_bounded_although_an_answer_is_late() {
    let stuck = Server::start(|_, _| Answer::status(0));
    let (telemetry, _scope) = Otel::new(&*stuck.url).with_timeout(secs(3_600)).scoped().expect("a good address");
    let app = short::flow().start().expect("starts");
    app.call(1).await.expect("completes");
    let exports = telemetry.shutdown(millis(100)).await;
    assert_eq!((exports.sent, exports.waiting, exports.lost), (0, 0, 2));
    let error = exports.last_error.expect("the last error");
    assert!(error.starts_with("the collector did not answer within "), "{error}");
}

// === arguments ===

#[test]
fn what_cannot_be_right_is_told_before_anything_is_sent() {
    let told = |otel: Otel| otel.scoped().err().map(|error| error.to_string()).unwrap_or_default();
    let address = "is no address of a collector";
    assert!(told(Otel::new("collector")).contains(address));
    assert!(told(Otel::new("ftp://collector")).contains(address));
    assert!(told(Otel::new("http://a").with_sampling(1.5)).starts_with("a share of 1.5 of the traces"));
    assert!(told(Otel::new("http://a").with_sampling(f64::NAN)).starts_with("a share of NaN"));
    let error = Otel::new("http://a").with_header("a b", "hunter2").scoped().expect_err("no name");
    assert!(matches!(&error, OtelError::Header { name, .. } if name == "a b"));
    let logging = Logging::json().with_filter("a=huge");
    assert!(told(Otel::new("http://a").with_logging(logging)).contains("`a=huge` is no filter"));
}

#[test]
fn a_header_is_shown_by_nobody() {
    let otel = Otel::new("http://a").with_header("authorization", Secret::from("hunter2"));
    assert!(!format!("{otel:?}").contains("hunter2"));
    let error = Otel::new("http://a").with_header("authorization", "hunter2\n").scoped().expect_err("a line break");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
