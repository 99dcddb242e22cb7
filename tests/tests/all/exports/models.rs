//! What a collector is sent of the call of a model.

use super::otel::{span, spans};
use super::server::{Answer, Server};
use futures_util::StreamExt as _;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use penguiflow::clock::{Seam, secs};
use penguiflow::llm::{
    Call, ChatRequest, Model, ModelInfo, ModelStream, Observed, ScriptedModel, ScriptedReply, Usage,
};
use penguiflow::prelude::*;
use penguiflow::{Otel, Secret};
use std::sync::{Arc, Mutex};

#[node]
async fn think(question: String, ctx: &Ctx) -> String {
    let reply = ScriptedReply::from("Krill.").with_usage(Usage::new(12, 3)).with_model("krill-1-0601");
    let model = Observed::new(ScriptedModel::new([reply])).told_to(ctx);
    let request = ChatRequest::from(question).with_temperature(0.5).with_stop("END").with_stop("STOP");
    let steps = model.stream(Arc::new(request), Call::new(Seam::system()));
    steps.filter_map(async |step| step.ok()?.as_text().map(str::to_owned)).collect().await
}
flow! { thinking(String) -> String { think } }

fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    attributes.iter().find(|one| one.key == key)?.value.as_ref()?.value.as_ref()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let Some(Value::ArrayValue(list)) = value else { panic!("no list: {value:?}") };
    let text = |value: &Option<Value>| match value {
        Some(Value::StringValue(text)) => text.clone(),
        other => panic!("no text: {other:?}"),
    };
    list.values.iter().map(|one| text(&one.value)).collect()
}

#[tokio::test]
async fn a_call_is_a_client_span_of_its_node_with_the_attributes_of_the_conventions_in_their_types() {
    const CLIENT: i32 = 3;
    let server = Server::start(|_, _| Answer::status(200));
    let otel = Otel::new(&*server.url).with_header("authorization", Secret::from("Bearer hunter2"));
    let (telemetry, _scope) = otel.scoped().expect("a good address");
    let app = thinking::flow().start().expect("starts");
    assert_eq!(app.call("What do penguins eat?".to_owned()).await.expect("completes"), "Krill.");
    telemetry.shutdown(secs(10)).await;
    let spans = spans(&server.next());
    let call = span(&spans, "chat scripted");
    assert_eq!((call.parent_span_id.clone(), call.kind), (span(&spans, "think").span_id.clone(), CLIENT));
    let of = |key: &str| value(&call.attributes, key);
    let text = |key: &str| match of(key) {
        Some(Value::StringValue(text)) => text.clone(),
        other => panic!("{key} is no text: {other:?}"),
    };
    assert_eq!(
        (text("gen_ai.operation.name"), text("gen_ai.provider.name")),
        ("chat".to_owned(), "offline".to_owned())
    );
    assert_eq!(
        (text("gen_ai.response.model"), text("penguiflow.cost.usd")),
        ("krill-1-0601".to_owned(), "0.00".to_owned())
    );
    assert_eq!(of("gen_ai.usage.input_tokens"), Some(&Value::IntValue(12)));
    assert_eq!(of("gen_ai.request.temperature"), Some(&Value::DoubleValue(0.5)));
    assert_eq!(of("gen_ai.request.stream"), Some(&Value::BoolValue(true)));
    assert!(matches!(of("gen_ai.response.time_to_first_chunk"), Some(Value::DoubleValue(_))));
    assert_eq!(texts(of("gen_ai.response.finish_reasons")), ["stop"]);
    assert_eq!(texts(of("gen_ai.request.stop_sequences")), ["END", "STOP"]);
    assert_eq!((of("gen_ai.input.messages"), of("gen_ai.request.top_p"), of("error.type")), (None, None, None));
}

/// Notes what a request would bring along.
#[derive(Clone)]
struct Linked(ScriptedModel, Arc<Mutex<Option<String>>>);

impl Model for Linked {
    fn info(&self) -> &ModelInfo {
        self.0.info()
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        *self.1.lock().expect("no test panics inside") = call.traceparent.clone();
        self.0.stream(request, call)
    }
}

#[tokio::test]
async fn a_request_brings_along_the_span_of_its_call() {
    let server = Server::start(|_, _| Answer::status(200));
    let (telemetry, _scope) = Otel::new(&*server.url).scoped().expect("a good address");
    let linked = Linked(ScriptedModel::new(["Krill."]), Arc::default());
    let steps = Observed::new(linked.clone()).stream(Arc::new("x".into()), Call::new(Seam::system()));
    assert!(steps.all(async |step| step.is_ok()).await);
    telemetry.shutdown(secs(10)).await;
    let spans = spans(&server.next());
    let id: String = span(&spans, "chat scripted").span_id.iter().map(|byte| format!("{byte:02x}")).collect();
    let traceparent = linked.1.lock().expect("no test panics inside").clone().expect("a header");
    assert_eq!(traceparent.split('-').nth(2), Some(id.as_str()), "{traceparent}");
}
