//! What is written and read in OpenAI's responses format. Unit tests.

use super::Responses;
use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::media::{Audio, Detail, Image};
use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::{Part, Reasoning, Signature, ToolCall, ToolResult};
use crate::llm::chat::request::{ChatRequest, Effort, Output, OutputSpec};
use crate::llm::chat::tool::{ToolChoice, ToolSpec};
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::Delivery;
use crate::llm::profile::{Profile, ReasoningStyle};
use crate::llm::wire::frames::Frame;
use crate::llm::wire::{Ask, Target, Wire as _};
use serde_json::{Value, json};
use std::sync::Arc;

fn thinker() -> Profile {
    let reasoning = ReasoningStyle::Effort;
    Profile { images: true, native_schema: true, temperature: false, reasoning, ..Profile::default() }
}

fn body(profile: Profile, request: &ChatRequest) -> Result<Value, LlmError> {
    let target = Target {
        provider: "openai".to_owned(),
        model: "gpt-5".to_owned(),
        base_url: "https://api.openai.com/v1".to_owned(),
        profile: Arc::new(profile),
        headers: Vec::new(),
    };
    let sent = Responses.encode(&target, &Ask { request, delivery: Delivery::Whole, key: None })?;
    assert_eq!(sent.url, "https://api.openai.com/v1/responses");
    Ok(serde_json::from_slice(&sent.body).expect("is JSON"))
}

fn read(events: &[Value]) -> Result<Vec<ChatEvent>, LlmError> {
    let (mut reader, mut told) = (Responses.reader(), Vec::new());
    for event in events {
        let name = event["type"].as_str().expect("has a type").to_owned();
        reader.frame(&Frame { event: name, data: event.to_string() }, &mut told)?;
    }
    Ok(told)
}

fn completed(more: &Value) -> Value {
    let mut response = json!({"id": "resp_1", "model": "gpt-5-2025-08-07", "status": "completed", "error": null, "incomplete_details": null});
    response.as_object_mut().expect("is one").extend(more.as_object().expect("is one").clone());
    json!({"type": "response.completed", "response": response})
}

fn thought() -> Value {
    json!({"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Hm."}], "encrypted_content": "gAAA"})
}

#[test]
fn thoughts_and_calls_go_back_as_items_in_their_order() {
    let call = ToolCall::new("call_1", "weather", "{\"city\":\"Rom\"}");
    let mine = Reasoning { text: "Hm.".to_owned(), signature: Some(Signature::new("openai-responses", thought())) };
    let theirs = Reasoning { text: "Ah.".to_owned(), signature: Some(Signature::new("anthropic", json!("sig"))) };
    let said = vec![Part::Reasoning(mine), Part::Reasoning(theirs), Part::text("Let me see."), call.clone().into()];
    let request = ChatRequest::new([
        ChatMessage::system("Be brief."),
        ChatMessage::user("Weather?").with(Image::url("https://example.org/a.png").with_detail(Detail::High)),
        ChatMessage::new(Role::Assistant, said),
        ChatMessage::tool(ToolResult::text(&call, "sunny").with(Image::bytes("image/png", vec![1]))),
    ]);
    let sent = body(thinker(), &request).expect("is written");
    let expected = json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [
            {"type": "input_text", "text": "Weather?"},
            {"type": "input_image", "image_url": "https://example.org/a.png", "detail": "high"},
        ]},
        thought(),
        {"role": "assistant", "content": "Let me see."},
        {"type": "function_call", "call_id": "call_1", "name": "weather", "arguments": "{\"city\":\"Rom\"}"},
        {"type": "function_call_output", "call_id": "call_1", "output": [
            {"type": "input_text", "text": "sunny"},
            {"type": "input_image", "image_url": "data:image/png;base64,AQ=="},
        ]},
    ]);
    assert_eq!(sent["input"], expected);
    assert_eq!((&sent["store"], &sent["include"]), (&json!(false), &json!(["reasoning.encrypted_content"])));
}

#[test]
fn settings_are_written_as_the_format_calls_them() {
    let tool = ToolSpec::new("f", "does f", json!({"type": "object"}));
    let mut request = ChatRequest::from("hello")
        .with_tool(tool)
        .with_tool_choice(ToolChoice::Named("f".to_owned()))
        .with_parallel_tool_calls(true)
        .with_output(Output::Schema(OutputSpec::new("fish", json!({"type": "object"}))))
        .with_max_output_tokens(9)
        .with_effort(Effort::Low)
        .with_temperature(1.0)
        .with_extra("user", "u");
    let expected = json!({
        "model": "gpt-5", "input": [{"role": "user", "content": "hello"}], "store": false,
        "include": ["reasoning.encrypted_content"],
        "tools": [{"type": "function", "name": "f", "description": "does f", "parameters": {"type": "object"}, "strict": false}],
        "tool_choice": {"type": "function", "name": "f"}, "parallel_tool_calls": true,
        "text": {"format": {"type": "json_schema", "name": "fish", "schema": {"type": "object"}, "strict": true}},
        "max_output_tokens": 9, "reasoning": {"effort": "low"}, "user": "u",
    });
    assert_eq!(body(thinker(), &request).expect("is written"), expected);
    let plain =
        body(Profile { native_schema: true, ..Profile::default() }, &ChatRequest::from("x").with_temperature(0.0));
    let plain = plain.expect("is written");
    assert_eq!((&plain["temperature"], &plain["include"]), (&json!(0.0), &Value::Null));
    let error = body(Profile::default(), &ChatRequest::from("x").with_effort(Effort::High)).expect_err("cannot think");
    assert_eq!(error.kind(), &LlmErrorKind::Unsupported);
    request.seed = Some(1);
    assert_eq!(body(thinker(), &request).expect_err("no seed").message(), "the format has no `seed`");
    assert!(body(thinker(), &ChatRequest::from("x").with_stop("y")).is_err());
    let sound = ChatRequest::new([ChatMessage::new(Role::User, vec![Audio::bytes("audio/wav", vec![1]).into()])]);
    assert_eq!(
        body(Profile { audio: true, ..thinker() }, &sound).expect_err("no sounds").kind(),
        &LlmErrorKind::Unsupported
    );
}

#[test]
fn a_stream_is_read_item_by_item() {
    let told = read(&[
        json!({"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning", "id": "rs_1", "summary": []}}),
        json!({"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "Hm"}),
        json!({"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 1, "delta": "So."}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": thought()}),
        json!({"type": "response.output_item.added", "output_index": 1, "item": {"type": "message", "id": "msg_1", "content": []}}),
        json!({"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": "Let me see."}),
        json!({"type": "response.output_text.done", "output_index": 1, "content_index": 0, "text": "Let me see."}),
        json!({"type": "response.output_item.added", "output_index": 2, "item": {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": ""}}),
        json!({"type": "response.output_item.added", "output_index": 3, "item": {"type": "function_call", "id": "fc_2", "call_id": "call_2", "name": "g", "arguments": ""}}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 3, "delta": "{}"}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 2, "delta": "{\"x\":1}"}),
        json!({"type": "response.output_item.done", "output_index": 2, "item": {"type": "function_call", "arguments": "{\"x\":1}"}}),
        completed(
            &json!({"usage": {"input_tokens": 10, "input_tokens_details": {"cached_tokens": 4}, "output_tokens": 7, "output_tokens_details": {"reasoning_tokens": 3}}}),
        ),
    ]);
    let told = told.expect("is read");
    let (text, signature) = ("Let me see.".to_owned(), Signature::new("openai-responses", thought()));
    let expected = [
        ChatEvent::Reasoning { part: 0, text: "Hm".to_owned() },
        ChatEvent::Reasoning { part: 0, text: "\n\nSo.".to_owned() },
        ChatEvent::Signature { part: 0, signature },
        ChatEvent::Text { part: 1, text },
        ChatEvent::ToolCall { part: 2, id: "call_1".to_owned(), name: "f".to_owned() },
        ChatEvent::ToolCall { part: 3, id: "call_2".to_owned(), name: "g".to_owned() },
        ChatEvent::Arguments { part: 3, json: "{}".to_owned() },
        ChatEvent::Arguments { part: 2, json: "{\"x\":1}".to_owned() },
    ];
    assert_eq!(told[..8], expected);
    let Some(ChatEvent::End(end)) = told.get(8) else { panic!("no end, but {told:?}") };
    assert_eq!(
        (&end.finish, end.usage),
        (&Finish::ToolCalls, Some(Usage::new(10, 7).with_cached(4, 0).with_reasoning(3)))
    );
    assert_eq!((end.model.as_deref(), end.id.as_deref()), (Some("gpt-5-2025-08-07"), Some("resp_1")));
}

#[test]
fn an_item_that_comes_at_once_is_told_once() {
    let call = json!({"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"});
    let told = read(&[
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "function_call", "call_id": "c", "name": "f", "arguments": ""}}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": call}),
        completed(&json!({})),
    ]);
    assert_eq!(told.expect("is read").len(), 3);
    // Thoughts that only the provider reads are a part of their own all the same.
    let hidden = json!({"type": "reasoning", "id": "rs", "summary": [], "encrypted_content": "x"});
    let told =
        read(&[json!({"type": "response.output_item.done", "output_index": 0, "item": hidden}), completed(&json!({}))]);
    assert!(matches!(
        told.expect("is read").as_slice(),
        [ChatEvent::Reasoning { .. }, ChatEvent::Signature { .. }, ChatEvent::End(_)]
    ));
    // What the provider did not keep cannot be asked for.
    let unkept = json!({"type": "reasoning", "id": "rs", "summary": [], "encrypted_content": null});
    let told =
        read(&[json!({"type": "response.output_item.done", "output_index": 0, "item": unkept}), completed(&json!({}))]);
    assert_eq!(told.expect("is read").len(), 1);
}

#[test]
fn ends_are_told_as_what_they_mean() {
    let incomplete =
        |reason: &str| json!({"type": "response.incomplete", "response": {"incomplete_details": {"reason": reason}}});
    let finish = |events: &[Value]| match read(events).expect("is read").last() {
        Some(ChatEvent::End(end)) => end.finish.clone(),
        other => panic!("no end, but {other:?}"),
    };
    assert_eq!(finish(&[completed(&json!({}))]), Finish::Stop);
    assert_eq!(finish(&[incomplete("max_output_tokens")]), Finish::Length);
    assert_eq!(finish(&[incomplete("content_filter")]), Finish::ContentFilter);
    assert_eq!(finish(&[incomplete("moon")]), Finish::Other("moon".to_owned()));
    let refusal = json!({"type": "response.refusal.delta", "output_index": 0, "delta": "No."});
    assert_eq!(finish(&[refusal, completed(&json!({}))]), Finish::Refusal);
    let failed = json!({"type": "response.failed", "response": {"error": {"code": "server_error", "message": "oops"}}});
    assert_eq!(read(&[failed]).expect_err("failed").kind().code(), "overloaded");
    let limited = json!({"type": "error", "code": "rate_limit_exceeded", "message": "slow down", "param": null});
    assert_eq!(read(&[limited]).expect_err("failed").kind().code(), "rate_limited");
    let nested = json!({"type": "error", "error": {"code": "context_length_exceeded", "message": "too long"}});
    assert_eq!(read(&[nested]).expect_err("failed").kind().code(), "context_length");
    for (body, code) in [
        ("{\"output\": [", "transport"),
        ("{}", "content_parse"),
        ("{\"output\": [], \"status\": \"queued\"}", "content_parse"),
        ("{\"error\": {\"code\": \"server_error\", \"message\": \"x\"}}", "overloaded"),
    ] {
        assert_eq!(Responses.read(body.as_bytes()).expect_err("is no answer").kind().code(), code, "{body}");
    }
}
