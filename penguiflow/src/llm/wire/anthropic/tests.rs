//! What is written to Anthropic's messages, and what their answers are taken for. Unit tests.

use super::Anthropic;
use crate::llm::chat::media::{Audio, Image};
use crate::llm::chat::message::{Cache, ChatMessage};
use crate::llm::chat::part::{Part, Reasoning, Signature, ToolCall, ToolResult};
use crate::llm::chat::request::{ChatRequest, Effort, Output, OutputSpec};
use crate::llm::chat::tool::{ToolChoice, ToolSpec};
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::{LlmErrorKind, Patience};
use crate::llm::model::Delivery;
use crate::llm::profile::{Profile, ReasoningStyle};
use crate::llm::wire::anthropic::shape::{Delta, Plain};
use crate::llm::wire::driver::{body, encode, fault, read, sse, stream, target};
use serde_json::{Value, json};
use std::time::Duration;

/// Of a model that sees and listens.
fn plain() -> Profile {
    Profile { images: true, audio: true, ..Profile::default() }
}

fn thinking(reasoning: ReasoningStyle, output_tokens: u64) -> Profile {
    Profile { reasoning, output_tokens: Some(output_tokens), ..plain() }
}

fn look() -> ToolSpec {
    ToolSpec::new("look", "Looks.", json!({ "type": "object", "properties": {} }))
}

fn written(request: &ChatRequest) -> Value {
    body(&Anthropic, plain(), request).expect("it can be written")
}

fn refused(profile: Profile, request: &ChatRequest) -> LlmErrorKind {
    body(&Anthropic, profile, request).expect_err("it cannot be written").kind().clone()
}

#[test]
fn a_request_goes_to_the_messages_with_the_key_in_its_header_alone() {
    let sent = encode(&Anthropic, &target("claude-x", plain()), &"Hi".into(), Delivery::Streamed).expect("it can");
    assert_eq!(sent.url, "https://models.example/v1/messages");
    assert_eq!(sent.secret("authorization"), Some("Bearer the-key"));
    assert_eq!((sent.open("anthropic-version"), sent.open("x-team")), (Some("2026-10-21"), Some("penguins")));
    let text = json!([{ "type": "text", "text": "Hi" }]);
    let messages = json!([{ "role": "user", "content": text }]);
    let expected = json!({ "model": "claude-x", "max_tokens": 8192, "stream": true, "messages": messages });
    assert_eq!(sent.body, expected);
}

#[test]
fn a_temperature_asks_for_the_version_that_knows_one() {
    let version = |profile: Profile| {
        let request = ChatRequest::from("Hi").with_temperature(0.5);
        let sent = encode(&Anthropic, &target("claude-x", profile), &request, Delivery::Whole).expect("it can");
        (sent.open("anthropic-version").map(str::to_owned), sent.body.get("temperature").cloned())
    };
    assert_eq!(version(plain()), (Some("2023-06-01".to_owned()), Some(json!(0.5))));
    let newest = Profile { temperature: false, ..plain() };
    assert_eq!(version(newest), (Some("2026-10-21".to_owned()), None));
}

/// tooling:2.4 weak
#[test]
fn every_system_message_is_sent_in_its_order() {
    let request = ChatRequest::new([
        ChatMessage::system("one"),
        ChatMessage::user("a"),
        ChatMessage::system("two").with_cache(Cache::Hour),
        ChatMessage::user("b"),
    ]);
    let body = written(&request);
    let cache = json!({ "type": "ephemeral", "ttl": "1h" });
    let two = json!({ "type": "text", "text": "two", "cache_control": cache });
    assert_eq!(body["system"], json!([{ "type": "text", "text": "one" }, two]));
    assert_eq!(body["messages"].as_array().map(Vec::len), Some(1));
}

/// tooling:2.4 weak
#[test]
fn results_of_one_turn_are_one_message_and_stand_first() {
    let (one, two) = (ToolCall::new("t1", "look", ""), ToolCall::new("t2", "look", r#"{"at": 1}"#));
    let picture = Image::bytes("image/png", vec![1, 2, 3]);
    let request = ChatRequest::new([
        ChatMessage::user("a"),
        ChatMessage::assistant("b").with(one.clone()).with(two.clone()),
        ChatMessage::user("hurry"),
        ChatMessage::tool(ToolResult::text(&one, "x").with(picture)),
        ChatMessage::tool(ToolResult::error(&two, "no")),
    ]);
    let body = written(&request);
    let calls = json!([
        { "type": "text", "text": "b" },
        { "type": "tool_use", "id": "t1", "name": "look", "input": {} },
        { "type": "tool_use", "id": "t2", "name": "look", "input": { "at": 1 } },
    ]);
    assert_eq!(body["messages"][1], json!({ "role": "assistant", "content": calls }));
    let source = json!({ "type": "base64", "media_type": "image/png", "data": "AQID" });
    let content = json!([{ "type": "text", "text": "x" }, { "type": "image", "source": source }]);
    let results = json!([
        { "type": "tool_result", "tool_use_id": "t1", "content": content },
        { "type": "tool_result", "tool_use_id": "t2", "content": [{ "type": "text", "text": "no" }], "is_error": true },
        { "type": "text", "text": "hurry" },
    ]);
    assert_eq!(body["messages"][2], json!({ "role": "user", "content": results }));
    assert_eq!(body["messages"].as_array().map(Vec::len), Some(3));
}

#[test]
fn words_and_thoughts_of_nobody_are_no_message() {
    let foreign = Reasoning { text: "hm".to_owned(), signature: Some(Signature::new("gemini", json!("s"))) };
    let unsigned = Reasoning { text: "hm".to_owned(), signature: None };
    let request = ChatRequest::new([
        ChatMessage::user("a").with(""),
        ChatMessage::assistant("").with(Part::Reasoning(foreign)).with(Part::Reasoning(unsigned)),
        ChatMessage::user("b"),
    ]);
    let user = |text: &str| json!({ "role": "user", "content": [{ "type": "text", "text": text }] });
    assert_eq!(written(&request)["messages"], json!([user("a"), user("b")]));
}

#[test]
fn tools_and_their_choice() {
    let of = |choice: ToolChoice, parallel: Option<bool>| {
        let request = ChatRequest::from("Hi").with_tool(look()).with_tool_choice(choice);
        written(&ChatRequest { parallel_tool_calls: parallel, ..request })
    };
    let body = of(ToolChoice::Auto, None);
    let schema = json!({ "type": "object", "properties": {} });
    assert_eq!(body["tools"], json!([{ "name": "look", "description": "Looks.", "input_schema": schema }]));
    assert_eq!(body["tool_choice"], Value::Null);
    let alone = json!({ "type": "auto", "disable_parallel_tool_use": true });
    assert_eq!(of(ToolChoice::Auto, Some(false))["tool_choice"], alone);
    assert_eq!(of(ToolChoice::None, Some(false))["tool_choice"], json!({ "type": "none" }));
    assert_eq!(of(ToolChoice::Required, Some(true))["tool_choice"], json!({ "type": "any" }));
    let named = json!({ "type": "tool", "name": "look", "disable_parallel_tool_use": true });
    assert_eq!(of(ToolChoice::Named("look".to_owned()), Some(false))["tool_choice"], named);
    let none = ChatRequest::from("Hi").with_tool_choice(ToolChoice::Required);
    assert_eq!(refused(plain(), &none).code(), "invalid_request");
}

#[test]
fn pictures_are_sent_and_sounds_are_an_error() {
    let request = ChatRequest::new([ChatMessage::user("a").with(Image::url("https://example.org/a.png"))]);
    let source = json!({ "type": "url", "url": "https://example.org/a.png" });
    assert_eq!(written(&request)["messages"][0]["content"][1], json!({ "type": "image", "source": source }));
    let sound = ChatRequest::new([ChatMessage::user("a").with(Audio::bytes("audio/wav", vec![1]))]);
    assert_eq!(refused(plain(), &sound), LlmErrorKind::Unsupported);
    let call = ToolCall::new("t", "look", "");
    let sound = ToolResult::text(&call, "x").with(Audio::bytes("audio/wav", vec![1]));
    assert_eq!(refused(plain(), &ChatRequest::new([ChatMessage::tool(sound)])), LlmErrorKind::Unsupported);
    let misplaced = ChatRequest::new([ChatMessage::user("a").with(call)]);
    let field = Some("messages".to_owned());
    assert_eq!(refused(plain(), &misplaced), LlmErrorKind::InvalidRequest { field });
}

/// tooling:2.4 weak
#[test]
fn effort_is_a_budget_below_the_length_of_the_answer() {
    let of = |effort: Effort, asked: Option<u32>, most: u64| {
        let request = ChatRequest { max_output_tokens: asked, ..ChatRequest::from("Hi") };
        let request = request.with_effort(effort).with_temperature(0.5);
        let body = body(&Anthropic, thinking(ReasoningStyle::Budget, most), &request)?;
        assert_eq!(body["thinking"].is_null(), body["temperature"] == 0.5);
        Ok::<_, crate::llm::error::LlmError>((body["thinking"]["budget_tokens"].as_u64(), body["max_tokens"].as_u64()))
    };
    let said = |effort, asked, most| of(effort, asked, most).expect("it can be written");
    assert_eq!(said(Effort::Off, None, 64_000), (None, Some(64_000)));
    assert_eq!(said(Effort::Minimal, Some(2_000), 64_000), (Some(1_024), Some(2_000)));
    assert_eq!(said(Effort::Low, Some(100), 64_000), (Some(4_096), Some(4_196)));
    assert_eq!(said(Effort::Medium, None, 64_000), (Some(16_384), Some(64_000)));
    assert_eq!(said(Effort::High, None, 32_000), (Some(27_904), Some(32_000)));
    assert_eq!(said(Effort::Tokens(5_000), Some(4_000), 8_192), (Some(5_000), Some(8_192)));
    let failed = |effort, most| of(effort, None, most).expect_err("it does not fit").to_string();
    assert!(failed(Effort::Tokens(9_000), 8_192).contains("thoughts of 9000 tokens leave nothing of the 8192 tokens"));
    assert!(failed(Effort::Low, 4_096).contains("too few to think"));
    assert!(failed(Effort::Tokens(100), 8_192).contains("at least 1024 tokens"));
}

#[test]
fn effort_is_a_word_where_the_model_decides() {
    let of = |effort| {
        let request = ChatRequest::from("Hi").with_effort(effort).with_max_output_tokens(100);
        body(&Anthropic, thinking(ReasoningStyle::Adaptive, 64_000), &request)
    };
    let high = of(Effort::High).expect("it can be written");
    assert_eq!(high["thinking"], json!({ "type": "adaptive", "display": "summarized" }));
    assert_eq!((&high["output_config"], &high["max_tokens"]), (&json!({ "effort": "high" }), &json!(100)));
    let off = of(Effort::Off).expect("it can be written");
    assert_eq!((&off["thinking"], &off["output_config"]), (&json!({ "type": "disabled" }), &Value::Null));
    assert_eq!(of(Effort::Tokens(2_000)).expect_err("it cannot").kind(), &LlmErrorKind::Unsupported);
    let word = ChatRequest::from("Hi").with_effort(Effort::Medium);
    let word = body(&Anthropic, thinking(ReasoningStyle::Effort, 64_000), &word).expect("it can be written");
    assert_eq!((&word["thinking"], &word["output_config"]), (&Value::Null, &json!({ "effort": "medium" })));
    assert_eq!(refused(plain(), &ChatRequest::from("Hi").with_effort(Effort::Low)), LlmErrorKind::Unsupported);
    let forced = ChatRequest::from("Hi").with_effort(Effort::Low).with_tool(look());
    let forced = forced.with_tool_choice(ToolChoice::Required);
    assert_eq!(refused(thinking(ReasoningStyle::Adaptive, 64_000), &forced), LlmErrorKind::Unsupported);
}

#[test]
fn a_schema_is_sent_where_the_model_is_held_to_it_and_else_refused() {
    let schema = json!({ "type": "object", "properties": {}, "additionalProperties": false });
    let request = ChatRequest::from("Hi").with_output(Output::Schema(OutputSpec::new("x", schema.clone())));
    let native = Profile { native_schema: true, ..plain() };
    let body = body(&Anthropic, native.clone(), &request).expect("it can be written");
    assert_eq!(body["output_config"], json!({ "format": { "type": "json_schema", "schema": schema } }));
    assert_eq!(refused(plain(), &request), LlmErrorKind::Unsupported);
    assert_eq!(refused(native, &ChatRequest::from("Hi").with_output(Output::Json)), LlmErrorKind::Unsupported);
}

#[test]
fn four_places_are_cached_at_most_and_no_thought_is_marked() {
    let thought =
        Reasoning { text: "hm".to_owned(), signature: Some(Signature::new("anthropic", json!({ "signature": "s" }))) };
    let mut messages: Vec<ChatMessage> = (0..4)
        .flat_map(|n| [ChatMessage::user(format!("{n}")).with_cache(Cache::Short), ChatMessage::assistant("ok")])
        .collect();
    let last = ChatMessage::assistant("said").with(Part::Reasoning(thought)).with_cache(Cache::Short);
    messages.push(ChatMessage::user("q"));
    messages.push(last);
    let body = written(&ChatRequest::new(messages));
    let marked: Vec<bool> = body["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|message| message["content"][0]["cache_control"] == json!({ "type": "ephemeral" }))
        .collect();
    assert_eq!(marked, [false, false, true, false, true, false, true, false, false, true]);
    let thought = &body["messages"][9]["content"][1];
    assert_eq!(thought, &json!({ "type": "thinking", "thinking": "hm", "signature": "s" }));
}

#[test]
fn fields_of_the_provider_replace_ours_and_settings_are_sent() {
    let request = ChatRequest { top_k: Some(5), top_p: Some(0.5), ..ChatRequest::from("Hi") }
        .with_temperature(0.25)
        .with_stop("END")
        .with_seed(7)
        .with_extra("max_tokens", 9)
        .with_extra("service_tier", "auto");
    let body = written(&request);
    assert_eq!((&body["max_tokens"], &body["service_tier"]), (&json!(9), &json!("auto")));
    assert_eq!((&body["top_k"], &body["top_p"], &body["temperature"]), (&json!(5), &json!(0.5), &json!(0.25)));
    assert_eq!((&body["stop_sequences"], &body["seed"]), (&json!(["END"]), &Value::Null));
}

fn started() -> Value {
    let usage = json!({
        "input_tokens": 10, "cache_read_input_tokens": 100, "cache_creation_input_tokens": null, "output_tokens": 1,
    });
    json!({ "type": "message_start", "message": {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x-1", "content": [], "usage": usage,
    } })
}

fn begun(index: u32, block: Value) -> Value {
    json!({ "type": "content_block_start", "index": index, "content_block": block })
}

fn delta(index: u32, delta: Value) -> Value {
    json!({ "type": "content_block_delta", "index": index, "delta": delta })
}

fn over(index: u32) -> Value {
    json!({ "type": "content_block_stop", "index": index })
}

fn stopped(reason: &str) -> [Value; 2] {
    let usage = json!({ "output_tokens": 42, "output_tokens_details": { "thinking_tokens": 30 } });
    let delta = json!({ "stop_reason": reason, "stop_sequence": null });
    [json!({ "type": "message_delta", "delta": delta, "usage": usage }), json!({ "type": "message_stop" })]
}

/// tooling:2.4 weak
#[test]
fn thoughts_come_with_their_signatures_and_go_back_as_they_came() {
    let mut events = vec![
        started(),
        json!({ "type": "ping" }),
        begun(0, json!({ "type": "thinking", "thinking": "", "signature": "" })),
        delta(0, json!({ "type": "thinking_delta", "thinking": "so " })),
        delta(0, json!({ "type": "thinking_delta", "thinking": "so " })),
        delta(0, json!({ "type": "signature_delta", "signature": "Eq0=" })),
        over(0),
        begun(1, json!({ "type": "redacted_thinking", "data": "EmwK" })),
        over(1),
        begun(2, json!({ "type": "thinking", "thinking": "" })),
        delta(2, json!({ "type": "signature_delta", "signature": "omitted" })),
        over(2),
        begun(3, json!({ "type": "tool_use", "id": "toolu_1", "name": "look", "input": {} })),
        delta(3, json!({ "type": "input_json_delta", "partial_json": "" })),
        over(3),
        begun(4, json!({ "type": "tool_use", "id": "toolu_2", "name": "look", "input": {} })),
        delta(4, json!({ "type": "input_json_delta", "partial_json": "{\"at\":" })),
        delta(4, json!({ "type": "input_json_delta", "partial_json": " 1}" })),
        over(4),
    ];
    events.extend(stopped("tool_use"));
    let (message, end) = stream(&Anthropic, &sse(&events)).expect("it can be read");
    assert_eq!(message.reasoning(), "so so ");
    let calls: Vec<_> = message.tool_calls().map(|call| (call.id.as_str(), call.arguments.as_str())).collect();
    assert_eq!(calls, [("toolu_1", "{}"), ("toolu_2", "{\"at\": 1}")]);
    assert_eq!(end.finish, Finish::ToolCalls);
    let usage = Usage::new(110, 42).with_cached(100, 0).with_reasoning(30);
    assert_eq!((end.usage, end.model.as_deref(), end.id.as_deref()), (Some(usage), Some("claude-x-1"), Some("msg_1")));

    let request = ChatRequest::new([ChatMessage::user("a"), message]);
    let content = json!([
        { "type": "thinking", "thinking": "so so ", "signature": "Eq0=" },
        { "type": "redacted_thinking", "data": "EmwK" },
        { "type": "thinking", "thinking": "", "signature": "omitted" },
        { "type": "tool_use", "id": "toolu_1", "name": "look", "input": {} },
        { "type": "tool_use", "id": "toolu_2", "name": "look", "input": { "at": 1 } },
    ]);
    assert_eq!(written(&request)["messages"][1]["content"], content);
}

#[test]
fn an_answer_in_one_piece_is_read_as_its_stream_would_be() {
    let content = json!([
        { "type": "thinking", "thinking": "hm", "signature": "s" },
        { "type": "text", "text": "Krill" },
        { "type": "tool_use", "id": "t", "name": "look", "input": { "at": [1, 2.5] } },
    ]);
    let kept = json!({ "ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": 2 });
    let usage =
        json!({ "input_tokens": 1, "output_tokens": 2, "cache_creation_input_tokens": 3, "cache_creation": kept });
    let whole = json!({ "type": "message", "id": "msg_1", "model": "claude-x-1", "role": "assistant",
        "content": content, "stop_reason": "end_turn", "usage": usage });
    let (message, end) = read(&Anthropic, &whole).expect("it can be read");
    assert_eq!((message.text().as_str(), message.reasoning().as_str()), ("Krill", "hm"));
    assert_eq!(message.only_call("look").expect("one call").arguments, r#"{"at":[1,2.5]}"#);
    assert_eq!(
        (end.finish, end.usage),
        (Finish::Stop, Some(Usage::new(4, 2).with_cached(0, 3).with_cached_for_an_hour(2)))
    );
    assert_eq!(written(&ChatRequest::new([message]))["messages"][0]["content"], content);
}

#[test]
fn blocks_of_the_providers_own_tools_go_back_as_they_came() {
    let result = json!({ "type": "web_search_tool_result", "tool_use_id": "srv_1", "content": [] });
    let mut events = vec![
        started(),
        begun(0, json!({ "type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {} })),
        delta(0, json!({ "type": "input_json_delta", "partial_json": "{\"query\": \"krill\"}" })),
        over(0),
        begun(1, result.clone()),
        over(1),
        begun(2, json!({ "type": "text", "text": "" })),
        delta(2, json!({ "type": "text_delta", "text": "found" })),
        delta(2, json!({ "type": "citations_delta", "citation": {} })),
        over(2),
    ];
    events.extend(stopped("pause_turn"));
    let (message, end) = stream(&Anthropic, &sse(&events)).expect("it can be read");
    assert_eq!((message.text().as_str(), end.finish), ("found", Finish::Other("pause_turn".to_owned())));
    let query = json!({ "query": "krill" });
    let asked = json!({ "type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": query });
    let content = json!([asked, result, { "type": "text", "text": "found" }]);
    assert_eq!(written(&ChatRequest::new([message]))["messages"][0]["content"], content);
}

#[test]
fn why_it_stopped() {
    for (reason, finish) in [
        ("end_turn", Finish::Stop),
        ("stop_sequence", Finish::Stop),
        ("max_tokens", Finish::Length),
        ("model_context_window_exceeded", Finish::Length),
        ("refusal", Finish::Refusal),
    ] {
        let mut events = vec![started()];
        events.extend(stopped(reason));
        assert_eq!(stream(&Anthropic, &sse(&events)).expect("it can be read").1.finish, finish);
    }
}

#[test]
fn an_error_inside_a_stream_is_one_and_a_missing_end_too() {
    let overloaded = json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } });
    let error = stream(&Anthropic, &sse(&[started(), overloaded])).expect_err("it is an error");
    assert_eq!(error.kind(), &LlmErrorKind::Overloaded { retry_after: None });
    let [delta, _] = stopped("end_turn");
    let error = stream(&Anthropic, &sse(&[started(), delta])).expect_err("it has no end");
    assert_eq!(error.kind(), &LlmErrorKind::Transport);
    let lost = delta_without_call();
    assert_eq!(stream(&Anthropic, &sse(&lost)).expect_err("no call").kind(), &LlmErrorKind::ContentParse);
    assert_eq!(stream(&Anthropic, b"data: {\n\n").expect_err("no JSON").kind(), &LlmErrorKind::ContentParse);
}

fn delta_without_call() -> [Value; 2] {
    [started(), delta(0, json!({ "type": "input_json_delta", "partial_json": "{" }))]
}

#[test]
fn errors_mean_what_their_types_say() {
    let of = |status: u16, kind: &str, message: &str| {
        let error = json!({ "type": kind, "message": message });
        let body = json!({ "type": "error", "error": error, "request_id": "req_1" });
        fault(&Anthropic, status, &[("retry-after", "7")], &body)
    };
    let wait = Some(Duration::from_secs(7));
    let field = Some("messages.1.content".to_owned());
    for (status, kind, message, expected) in [
        (401, "authentication_error", "invalid x-api-key", LlmErrorKind::Auth),
        (403, "permission_error", "no", LlmErrorKind::Auth),
        (402, "billing_error", "no", LlmErrorKind::OutOfCredit),
        (400, "invalid_request_error", "Your credit balance is too low to access the API.", LlmErrorKind::OutOfCredit),
        (404, "not_found_error", "model: claude-y", LlmErrorKind::UnknownModel),
        (429, "rate_limit_error", "slow", LlmErrorKind::RateLimited { retry_after: wait }),
        (500, "api_error", "Internal server error", LlmErrorKind::Overloaded { retry_after: wait }),
        (504, "timeout_error", "late", LlmErrorKind::Timeout(Patience::Provider)),
        (529, "overloaded_error", "Overloaded", LlmErrorKind::Overloaded { retry_after: wait }),
        (413, "request_too_large", "Request exceeds the maximum size", LlmErrorKind::InvalidRequest { field: None }),
        (400, "invalid_request_error", "messages.1.content: is empty", LlmErrorKind::InvalidRequest { field }),
    ] {
        assert_eq!(of(status, kind, message), expected, "{message}");
    }
    let long = "prompt is too long: 208310 tokens > 200000 maximum";
    let expected = LlmErrorKind::ContextLength { limit: Some(200_000), asked: Some(208_310) };
    assert_eq!(of(400, "invalid_request_error", long), expected);
    let long = "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease";
    let expected = LlmErrorKind::ContextLength { limit: Some(200_000), asked: Some(209_573) };
    assert_eq!(of(400, "invalid_request_error", long), expected);
}

#[test]
fn pieces_of_a_block_are_plain_and_nothing_else_is() {
    let read = |event: Value| Plain::read(&event.to_string());
    let delta = |delta: Value| json!({ "type": "content_block_delta", "index": 3, "delta": delta });
    let text = read(delta(json!({ "type": "text_delta", "text": "kri\nll" })));
    assert!(matches!(text, Some((3, Delta::Text { text })) if text == "kri\nll"));
    let thought = read(delta(json!({ "type": "thinking_delta", "thinking": "hm", "new": [1] })));
    assert!(matches!(thought, Some((3, Delta::Thinking { thinking })) if thinking == "hm"));
    let json = read(delta(json!({ "type": "input_json_delta", "partial_json": "{\"" })));
    assert!(matches!(json, Some((3, Delta::InputJson { partial_json })) if partial_json == "{\""));
    let others = [
        delta(json!({ "type": "text_delta" })),
        delta(json!({ "type": "text_delta", "thinking": "hm" })),
        delta(json!({ "type": "signature_delta", "signature": "s" })),
        delta(json!(["text_delta", "krill", null, null])),
        json!({ "type": "content_block_stop", "index": 3 }),
        json!({ "type": "message_delta", "index": 3, "delta": { "type": "text_delta", "text": "a" } }),
        json!(["content_block_delta", 3, { "type": "text_delta", "text": "a" }]),
    ];
    for other in others {
        assert!(read(other.clone()).is_none(), "{other}");
    }
}
