//! What an operator sees of the calls of models: spans, events, figures.

mod seen;

use crate::kit::{App, Oops, nap};
use futures_util::StreamExt as _;
use penguiflow::clock::{Seam, millis, secs};
use penguiflow::llm::{
    Call, Capture, ChatMessage, ChatRequest, Delivery, EchoModel, Effort, Faulty, Finish, LlmClient, LlmError,
    LlmErrorKind, Model, ModelFault, ModelInfo, Observed, Pacing, Price, Profile, ScriptedModel, ScriptedReply, Usage,
};
use penguiflow::prelude::*;
use penguiflow::{EventKind, FlowEvent, Live, Money, Observer, Prometheus, TraceId};
use seen::Seen;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// $0.50 and $2 for a million tokens.
fn info() -> ModelInfo {
    let price = Price::per_million("0.5".parse().expect("it goes well"), "2".parse().expect("it goes well"))
        .with_cached("0.1".parse().expect("it goes well"));
    let mut profile = Profile::default();
    profile.price = Some(price);
    ModelInfo::new("google", "gemini-9").with_profile(profile).with_endpoint("https://ada:hunter2@api.example.org/v1")
}

fn scripted(replies: impl IntoIterator<Item = ScriptedReply>) -> ScriptedModel {
    ScriptedModel::new(replies).repeating_last().with_info(info())
}

async fn ask(model: &impl Model, request: ChatRequest, delivery: Delivery) -> Result<String, LlmError> {
    let mut steps = model.stream(Arc::new(request), Call::new(Seam::seeded(7)).with_delivery(delivery));
    let mut said = String::new();
    while let Some(step) = steps.next().await {
        said.push_str(step?.as_text().unwrap_or_default());
    }
    Ok(said)
}

fn krill() -> ScriptedReply {
    let usage = Usage::new(1_000, 100).with_cached(400, 50).with_reasoning(30);
    let reply = ScriptedReply::wait(millis(250)).with("Krill, ").then_wait(secs(1)).with("fish.");
    reply.with_usage(usage).with_model("gemini-9-002").with_id("resp-1")
}

// === spans ===

#[tokio::test(start_paused = true)]
async fn a_span_has_the_names_of_the_conventions_and_what_comes_late() {
    let (seen, _guard) = Seen::begin();
    let model = Observed::new(scripted([krill()]));
    let request = ChatRequest::from("What do penguins eat?")
        .with_max_output_tokens(64)
        .with_temperature(0.5)
        .with_seed(7)
        .with_stop("END")
        .with_effort(Effort::Low);
    assert_eq!(ask(&model, request, Delivery::Streamed).await.expect("it goes well"), "Krill, fish.");
    let span = seen.only("model_call");
    let fields: Vec<(&str, &str)> = span.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    // With the feature `otel`, lists go past `tracing` to the collector.
    let plain: Vec<_> =
        fields.into_iter().filter(|(key, _)| !key.ends_with("_reasons") && !key.ends_with("_sequences")).collect();
    assert_eq!(
        plain,
        [
            ("attempts", "1"),
            ("finish", "stop"),
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.output.type", "text"),
            ("gen_ai.provider.name", "gcp.gemini"),
            ("gen_ai.request.max_tokens", "64"),
            ("gen_ai.request.model", "gemini-9"),
            ("gen_ai.request.reasoning.level", "low"),
            ("gen_ai.request.seed", "7"),
            ("gen_ai.request.stream", "true"),
            ("gen_ai.request.temperature", "0.5"),
            ("gen_ai.response.id", "resp-1"),
            ("gen_ai.response.model", "gemini-9-002"),
            ("gen_ai.response.time_to_first_chunk", "0.25"),
            ("gen_ai.usage.cache_creation.input_tokens", "50"),
            ("gen_ai.usage.cache_read.input_tokens", "400"),
            ("gen_ai.usage.cache_write.input_tokens", "50"),
            ("gen_ai.usage.input_tokens", "1000"),
            ("gen_ai.usage.output_tokens", "100"),
            ("gen_ai.usage.reasoning.output_tokens", "30"),
            ("model", "google/gemini-9"),
            ("otel.kind", "client"),
            ("otel.name", "chat gemini-9"),
            // 550 + 50 at $0.5, 400 at $0.1, 100 at $2, for a million.
            ("penguiflow.cost.usd", "0.00054"),
            ("penguiflow.model", "google/gemini-9"),
            ("server.address", "api.example.org"),
            ("server.port", "443"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_of_what_is_said_is_told_unless_it_is_asked_for() {
    let (seen, _guard) = Seen::begin();
    let conversation = ChatRequest::new([ChatMessage::system("You are Ada."), ChatMessage::user("My pin is 1234.")]);
    let model = scripted([ScriptedReply::from("Your pin is 1234.")]);
    ask(&Observed::new(model.clone()), conversation.clone(), Delivery::Streamed).await.expect("it goes well");
    let failing = Faulty::new(model.clone()).fail_each(1, ModelFault::error(LlmErrorKind::Refused));
    ask(&Observed::new(failing), conversation.clone(), Delivery::Streamed).await.expect_err("it fails");
    let told = seen.text();
    for word in ["1234", "Ada", "pin", "hunter2", "simulated failure"] {
        assert!(!told.contains(word), "`{word}` stands in\n{told}");
    }
    let told_all = Observed::new(model.clone()).with_capture(Capture::text());
    ask(&told_all, conversation.clone(), Delivery::Whole).await.expect("it goes well");
    let span = seen.last("model_call");
    assert_eq!(
        span["gen_ai.input.messages"],
        r#"[{"parts":[{"content":"You are Ada.","type":"text"}],"role":"system"},{"parts":[{"content":"My pin is 1234.","type":"text"}],"role":"user"}]"#
    );
    assert_eq!(
        span["gen_ai.output.messages"],
        r#"[{"finish_reason":"stop","parts":[{"content":"Your pin is 1234.","type":"text"}],"role":"assistant"}]"#
    );
    let redacted = Observed::new(model).with_capture(Capture::text_through(|text| text.replace("1234", "####")));
    ask(&redacted, conversation, Delivery::Whole).await.expect("it goes well");
    let span = seen.last("model_call");
    let said = format!("{}{}", span["gen_ai.input.messages"], span["gen_ai.output.messages"]);
    assert!(said.contains("####") && !said.contains("1234"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_has_its_code_and_a_dropped_call_says_that_it_was_cancelled() {
    let (seen, _guard) = Seen::begin();
    let error =
        LlmError::new(LlmErrorKind::RateLimited { retry_after: None }, "slow down, Ada").with_request_id("req-7");
    let model = Observed::new(scripted([ScriptedReply::from("Kri").then_fail(error)]));
    ask(&model, "x".into(), Delivery::Streamed).await.expect_err("it fails");
    let span = seen.last("model_call");
    assert_eq!((span["error.type"].as_str(), span["otel.status_code"].as_str()), ("rate_limited", "ERROR"));
    assert_eq!((span["penguiflow.request.id"].as_str(), span["attempts"].as_str()), ("req-7", "1"));
    assert!(!span.contains_key("penguiflow.cost.usd"), "what it cost is not known");

    let model = Observed::new(Faulty::new(EchoModel::default()).fail_each(1, ModelFault::stall().after(1)));
    let stalled = tokio::time::timeout(secs(1), ask(&model, "a b".into(), Delivery::Streamed)).await;
    assert!(stalled.is_err());
    let span = seen.last("model_call");
    assert_eq!((span["error.type"].as_str(), span.contains_key("otel.status_code")), ("cancelled", false));
    assert_eq!(span["gen_ai.response.time_to_first_chunk"], "0.0");

    let endless = Observed::new(ScriptedModel::new([ScriptedReply::events([])]));
    assert_eq!(ask(&endless, "x".into(), Delivery::Streamed).await.expect("it goes well"), "");
    assert_eq!(seen.last("model_call")["error.type"], "content_parse");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_polled_is_no_call() {
    let (seen, _guard) = Seen::begin();
    drop(Observed::new(scripted([krill()])).stream(Arc::new("x".into()), Call::new(Seam::seeded(1))));
    assert_eq!(seen.text(), "");
}

/// A client of these models tells each attempt that failed in a line of its own, inside the span of the call.
#[tokio::test(start_paused = true)]
async fn an_attempt_that_failed_is_a_line_in_the_span_of_the_call_without_the_providers_words() {
    let failed = |kind| ScriptedReply::fail(LlmError::new(kind, "the pin is 1234"));
    let limited = LlmErrorKind::RateLimited { retry_after: Some(secs(2)) };
    let first = ScriptedModel::new([failed(LlmErrorKind::Transport), failed(limited)]).with_info(info());
    let client =
        LlmClient::new(first).or(ScriptedModel::new([krill()])).with_pacing(Pacing::new()).with_seam(Seam::seeded(7));
    let (seen, _guard) = Seen::begin();
    assert_eq!(client.chat("x").await.unwrap().attempts, 3);
    assert_eq!(seen.lines("model_retry"), ["model_call"; 2]);
    assert_eq!(seen.only("model_call")["attempts"], "3");
    assert!(!seen.text().contains("1234"), "{}", seen.text());
}

// === events ===

/// The models of a flow under test.
#[derive(Clone, Provides)]
struct Models {
    model: ScriptedModel,
}

#[node(retries = 1, backoff = "1ms", jitter = none)]
async fn answer(question: String, ctx: &Ctx, State(model): State<'_, ScriptedModel>) -> Result<String, LlmError> {
    ask(&Observed::new(model.clone()).told_to(ctx), question.into(), Delivery::Streamed).await
}
#[node]
async fn shorten(text: String, ctx: &Ctx, State(model): State<'_, ScriptedModel>) -> Result<String, LlmError> {
    ask(&Observed::new(model.clone()).told_to(ctx), text.into(), Delivery::Whole).await
}
flow! { answering(String) -> String { answer -> shorten } }
flow! { short(String) -> String { shorten } }

/// Keeps the calls of models that it hears of.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<FlowEvent>>>);

impl Observer for Heard {
    fn on_event(&self, event: &FlowEvent) {
        self.0.lock().expect("no test panics inside").push(event.clone());
    }
}

impl Heard {
    fn calls(&self) -> Vec<FlowEvent> {
        let all = self.0.lock().expect("no test panics inside");
        all.iter().filter(|event| matches!(event.kind, EventKind::ModelCall(_))).cloned().collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_told_at_its_node_with_all_its_figures() {
    let failed = LlmError::new(LlmErrorKind::Overloaded { retry_after: None }, "busy");
    let model = ScriptedModel::new([failed.into(), krill(), krill()]).with_info(info());
    let app = answering::flow().with_state(Models { model }).start().expect("it goes well");
    let heard = Heard::default();
    let _observation = app.observe_in_line(heard.clone());
    app.call("What do penguins eat?".to_owned()).await.expect("it goes well");

    let calls = heard.calls();
    let told: Vec<String> = calls.iter().map(|event| format!("{event} {}", event.level())).collect();
    assert_eq!(
        told,
        [
            "model_call: answering › answer WARN",
            "model_call: answering › answer, attempt 2 INFO",
            "model_call: answering › shorten INFO"
        ]
    );
    let mut payload = calls[1].to_payload();
    ["ts", "trace_id"].iter().for_each(|key| drop(payload[*key].take()));
    assert_eq!(
        payload,
        serde_json::json!({
            "ts": null, "event": "model_call", "flow": "answering", "trace_id": null, "node_name": "answer", "node_id": "0",
            "path": "answering › answer", "attempt": 2, "latency_ms": 1250.0,
            "model_provider": "google", "model_name": "gemini-9", "model_answered": "gemini-9-002", "model_attempts": 1,
            "model_input_tokens": 1000, "model_output_tokens": 100, "model_cached_tokens": 400,
            "model_cache_written_tokens": 50, "model_reasoning_tokens": 30, "model_usage_estimated": false,
            "model_cost_usd": "$0.00054", "model_finish": "stop", "model_first_token_ms": 250.0,
        })
    );
    let samples: HashMap<String, f64> = calls[1].metric_samples().into_iter().collect();
    assert_eq!((samples["model_output_tokens"], samples["latency_ms"]), (100.0, 1_250.0));
    let EventKind::ModelCall(first) = &calls[0].kind else { panic!("{:?}", calls[0]) };
    assert_eq!((first.outcome(), first.usage, first.cost), ("overloaded", None, None));
}

/// Sums up what each tenant, flow and node has cost: a fold over events.
#[derive(Default)]
struct Costs {
    tenants: HashMap<TraceId, String>,
    sums: BTreeMap<(String, &'static str, &'static str), Money>,
}

impl Costs {
    fn hear(&mut self, event: &FlowEvent) {
        match &event.kind {
            EventKind::Emit { headers, .. } => {
                self.tenants.insert(event.trace_id, headers.tenant().unwrap_or_default().to_owned());
            }
            EventKind::ModelCall(call) => {
                let of = (self.tenants[&event.trace_id].clone(), event.flow, event.node);
                let sum = self.sums.entry(of).or_default();
                *sum = *sum + call.cost.unwrap_or_default();
            }
            _ => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_tenant_a_flow_and_a_node_cost_is_a_sum_over_events() {
    let state = Models { model: scripted([krill()]) };
    let (one, two) = (
        answering::flow().with_state(state.clone()).start().expect("it goes well"),
        short::flow().with_state(state).start().expect("it goes well"),
    );
    let heard = Heard::default();
    let _observations = (one.observe_in_line(heard.clone()), two.observe_in_line(heard.clone()));
    for tenant in ["acme", "acme", "zoo"] {
        one.call(Message::new("krill?".to_owned()).with_tenant(tenant)).await.expect("it goes well");
    }
    two.call(Message::new("krill?".to_owned()).with_tenant("zoo")).await.expect("it goes well");
    let mut costs = Costs::default();
    heard.0.lock().expect("no test panics inside").iter().for_each(|event| costs.hear(event));
    let told: Vec<String> =
        costs.sums.iter().map(|((tenant, flow, node), cost)| format!("{tenant} {flow} {node} {cost}")).collect();
    assert_eq!(
        told,
        [
            "acme answering answer $0.00108",
            "acme answering shorten $0.00108",
            "zoo answering answer $0.00054",
            "zoo answering shorten $0.00054",
            "zoo short shorten $0.00054",
        ]
    );
}

#[node(timeout = "100ms")]
async fn hurried(question: String, ctx: &Ctx, State(model): State<'_, ScriptedModel>) -> Result<String, LlmError> {
    ask(&Observed::new(model.clone()).told_to(ctx), question.into(), Delivery::Streamed).await
}
flow! { hurrying(String) -> String { hurried } }

#[tokio::test(start_paused = true)]
async fn a_call_that_its_node_has_no_time_for_is_told_as_cancelled_before_the_node_ends() {
    let app = hurrying::flow().with_state(Models { model: scripted([krill()]) }).start().expect("it goes well");
    let heard = Heard::default();
    let _observation = app.observe_in_line(heard.clone());
    app.call("krill?".to_owned()).await.expect_err("it fails");
    let told: Vec<&str> = heard.0.lock().expect("no test panics inside").iter().map(FlowEvent::name).collect();
    assert_eq!(told, ["emit", "node_start", "model_call", "node_timeout", "node_failed", "ending"]);
    let EventKind::ModelCall(call) = &heard.calls()[0].kind else { panic!("no call") };
    assert_eq!((call.outcome(), call.latency, call.attempts), ("cancelled", millis(100), 1));
}

#[tokio::test(start_paused = true)]
async fn the_span_of_a_call_lies_in_that_of_its_node_and_the_line_of_its_event_in_it() {
    let app = short::flow().with_state(Models { model: scripted([krill()]) }).start().expect("it goes well");
    let (seen, _guard) = Seen::begin();
    app.call("krill?".to_owned()).await.expect("it goes well");
    assert_eq!(seen.parents("model_call"), ["node"]);
    assert_eq!(seen.lines("model_call"), ["model_call"]);
}

// === figures ===

#[tokio::test(start_paused = true)]
async fn a_live_board_and_a_scrape_count_calls_by_provider_and_model() {
    let failed = LlmError::new(LlmErrorKind::Overloaded { retry_after: None }, "busy");
    let unknown = ScriptedReply::events([penguiflow::llm::ChatEvent::End(penguiflow::llm::End::new(Finish::Stop))]);
    let model = ScriptedModel::new([failed.into(), krill(), krill(), krill(), unknown]).with_info(info());
    let app = answering::flow().with_state(Models { model }).start().expect("it goes well");
    let live = Live::with_bounds(&app, &[millis(300), secs(2)]).expect("it goes well");
    let metrics = Prometheus::new().with_flow(&live);
    assert!(!metrics.render().contains("penguiflow_llm_"), "no model was called");
    app.call("krill?".to_owned()).await.expect("it goes well");
    app.call("krill?".to_owned()).await.expect("it goes well");

    let now = live.snapshot();
    let [model] = &now.models[..] else { panic!("{:?}", now.models) };
    let calls: Vec<(&str, u64)> = model.calls.iter().map(|(outcome, count)| (&**outcome, *count)).collect();
    assert_eq!(calls, [("completed", 4), ("overloaded", 1)]);
    assert_eq!((model.attempts, model.usage.input, model.usage.output), (5, 3_000, 300));
    assert_eq!((model.cost.to_string().as_str(), model.unpriced), ("$0.00162", 2));
    let written = serde_json::to_value(&now).expect("it goes well");
    assert_eq!(written["models"][0]["cached_tokens"], 1_200);
    assert_eq!(written["models"][0]["first_token"]["count"], 3);

    let page = metrics.render();
    let labels = r#"flow="answering",provider="google",model="gemini-9""#;
    for line in [
        format!(r#"penguiflow_llm_requests_total{{{labels},outcome="completed"}} 4"#),
        format!(r#"penguiflow_llm_requests_total{{{labels},outcome="overloaded"}} 1"#),
        format!(r#"penguiflow_llm_tokens_total{{{labels},direction="input"}} 3000"#),
        format!(r#"penguiflow_llm_tokens_total{{{labels},direction="output"}} 300"#),
        format!(r#"penguiflow_llm_cache_tokens_total{{{labels},direction="read"}} 1200"#),
        format!(r#"penguiflow_llm_cache_tokens_total{{{labels},direction="write"}} 150"#),
        format!("penguiflow_llm_reasoning_tokens_total{{{labels}}} 90"),
        format!("penguiflow_llm_attempts_total{{{labels}}} 5"),
        format!("penguiflow_llm_cost_dollars_total{{{labels}}} 0.00162"),
        format!("penguiflow_llm_unpriced_total{{{labels}}} 2"),
        format!(r#"penguiflow_llm_latency_seconds_bucket{{{labels},le="0.3"}} 2"#),
        format!(r#"penguiflow_llm_latency_seconds_bucket{{{labels},le="2"}} 5"#),
        format!("penguiflow_llm_first_token_seconds_count{{{labels}}} 3"),
    ] {
        assert!(page.lines().any(|one| one == line), "`{line}` does not stand in\n{page}");
    }
    let mut labels = page.lines().filter(|line| line.starts_with("penguiflow_llm_"));
    assert!(labels.all(|line| !line.contains("tenant") && !line.contains("trace_id")), "{page}");
}

#[node]
async fn ask_any(name: String, ctx: &Ctx) -> Result<String, LlmError> {
    let model = EchoModel::default().with_info(ModelInfo::new("acme", name.as_str()));
    ask(&Observed::new(model).told_to(ctx), name.into(), Delivery::Whole).await
}
flow! { asking_any(String) -> String { ask_any } }

#[tokio::test(start_paused = true)]
async fn ever_more_names_of_models_do_not_become_ever_more_series() {
    let app = asking_any::flow().start().expect("it goes well");
    let live = Live::of(&app);
    for number in 0..200 {
        app.call(format!("model-{number}")).await.expect("it goes well");
    }
    let models = live.snapshot().models;
    assert_eq!(models.len(), Live::MODELS_MAX + 1);
    let other = models.iter().find(|model| &*model.provider == "other").expect("it goes well");
    assert_eq!((&*other.model, other.calls["completed"]), ("other", 200 - Live::MODELS_MAX as u64));
}

// === replays ===

#[node]
async fn think(n: u64, ctx: &Ctx) -> u64 {
    let model = scripted([krill()]);
    let said = ask(&Observed::new(model).told_to(ctx), "krill?".into(), Delivery::Streamed).await;
    nap(n).await;
    said.map_or(0, |said| said.len() as u64)
}
#[node(retries = 1, timeout = "2s", backoff = "1ms", jitter = none)]
async fn flaky(n: u64, ctx: &Ctx) -> Result<u64, Oops> {
    let model = match ctx.attempt() {
        1 => ScriptedModel::new([ScriptedReply::from("a b").with_pace(secs(30))]),
        _ => scripted([krill()]),
    };
    ask(&Observed::new(model).told_to(ctx), "krill?".into(), Delivery::Streamed).await.map_err(|_| Oops(1))?;
    Ok(n)
}
flow! { thinking(u64) -> u64 { think -> flaky } }

/// Records one trace of `$flow` that is driven so, plays it again, and gives the events of both that tell of models.
macro_rules! told_again {
    ($flow:ident, |$app:ident| $drive:expr) => {{
        let recorder = penguiflow::Recorder::new();
        penguiflow::testkit::block_on(7, async |seam| {
            let options = penguiflow::Options::new().with_seam(seam);
            let flow = $flow::flow().with_state(App::new().0).with_options(options);
            let $app = flow.record(&recorder).start().expect("it goes well");
            $drive;
        });
        let recording = recorder.take_all().remove(0);
        let again = penguiflow::Recorder::new();
        let flow = $flow::flow().with_state(App::new().0).record(&again);
        let record = penguiflow::testkit::Replay::of(&recording).run_paused(flow).unwrap_or_else(|why| panic!("{why}"));
        let told = record.events.iter().filter(|event| event.name() == "model_call");
        let told: Vec<String> = told.map(|event| format!("{event}")).collect();
        (told, recording, again.take_all().remove(0))
    }};
}

#[test]
fn a_replay_tells_the_calls_that_were_recorded_and_makes_none() {
    let (told, recording, again) =
        told_again!(thinking, |app| assert_eq!(app.call(5).await.expect("it goes well"), 12));
    let calls = ["think", "flaky", "flaky, attempt 2"].map(|node| format!("model_call: thinking › {node}"));
    assert_eq!(told, calls);
    assert_eq!(again.to_string(), recording.to_string());
    assert_eq!(again, recording);
}

#[node]
async fn stalls(n: u64, ctx: &Ctx) -> u64 {
    let model = Faulty::new(EchoModel::default()).fail_each(1, ModelFault::stall());
    let _ = ask(&Observed::new(model).told_to(ctx), "krill?".into(), Delivery::Streamed).await;
    n
}
#[node]
async fn gives_up(n: u64) -> Result<u64, Oops> {
    nap(n).await;
    Err(Oops(7))
}
#[node]
fn sum((a, b): (u64, u64)) -> u64 {
    a + b
}
flow! { forked(u64) -> u64 { (stalls, gives_up) -> join -> sum } }
flow! { stalling(u64) -> u64 { stalls } }

fn lines(recording: &penguiflow::Recording) -> Vec<String> {
    let mut lines: Vec<String> = recording.to_string().lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn a_call_that_was_dropped_with_its_attempt_is_told_again_when_that_is_dropped() {
    let (told, recording, again) = told_again!(forked, |app| assert!(app.call(20).await.is_err()));
    assert_eq!(told, ["model_call: forked › stalls"]);
    // What is dropped at one moment is told in another order by a played attempt, which a replay does not compare.
    assert_eq!(lines(&again), lines(&recording));
    let (told, recording, again) = told_again!(stalling, |app| {
        assert!(app.call(Message::new(1).with_deadline(secs(5))).await.is_err());
    });
    assert_eq!(told, ["model_call: stalling › stalls"]);
    assert_eq!(lines(&again), lines(&recording));
}

#[node]
async fn leaves(n: u64, ctx: &Ctx) -> u64 {
    let told = ctx.clone();
    ctx.spawn(async move {
        let _ = ask(&Observed::new(scripted([krill()])).told_to(&told), "krill?".into(), Delivery::Whole).await;
    });
    n
}
#[node]
async fn rests(n: u64) -> u64 {
    nap(5_000).await;
    n
}
flow! { leaving(u64) -> u64 { leaves -> rests } }

#[test]
fn a_call_that_a_task_makes_behind_its_node_is_not_played_and_keeps_no_replay_from_its_end() {
    let (told, recording, _) = told_again!(leaving, |app| assert_eq!(app.call(3).await.expect("it goes well"), 3));
    assert!(recording.to_string().contains("model_call"), "{recording}");
    assert_eq!(told, [""; 0]);
}
