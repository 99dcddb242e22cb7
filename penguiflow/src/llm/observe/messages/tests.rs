//! What is told of messages, and what is not.

use super::{input, output};
use crate::llm::chat::media::{Audio, Image};
use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::{Part, Reasoning, Signature, ToolCall, ToolResult};
use crate::llm::chat::usage::Finish;
use crate::llm::observe::capture::Capture;
use serde_json::{Value, json};

fn told(messages: &[ChatMessage], capture: &Capture) -> Value {
    serde_json::from_str(&input(messages, capture).expect("is on")).expect("is JSON")
}

fn messages() -> Vec<ChatMessage> {
    let call = ToolCall::new("c1", "pay", r#"{"pin":"1234"}"#);
    let thought = Reasoning { text: "pin 1234".to_owned(), signature: Some(Signature::new("x", json!("signed"))) };
    vec![
        ChatMessage::system("Pay."),
        ChatMessage::user("1234").with(Image::url("https://example.org/?token=abc")),
        ChatMessage::user(Image::bytes("image/png", vec![1, 2, 3])).with(Audio::bytes("audio/wav", vec![1])),
        ChatMessage::new(Role::Assistant, vec![Part::Reasoning(thought), call.clone().into()]),
        ChatMessage::tool(ToolResult::text(&call, "paid with 1234")),
    ]
}

#[test]
fn each_part_has_the_form_of_the_conventions() {
    assert_eq!(
        told(&messages(), &Capture::text()),
        json!([
            { "role": "system", "parts": [{ "type": "text", "content": "Pay." }] },
            { "role": "user", "parts": [{ "type": "text", "content": "1234" }, { "type": "image" }] },
            { "role": "user", "parts": [
                { "type": "image", "mime_type": "image/png", "bytes": 3 }, { "type": "audio", "mime_type": "audio/wav", "bytes": 1 },
            ] },
            { "role": "assistant", "parts": [
                { "type": "reasoning", "content": "pin 1234" },
                { "type": "tool_call", "id": "c1", "name": "pay", "arguments": { "pin": "1234" } },
            ] },
            { "role": "tool", "parts": [{ "type": "tool_call_response", "id": "c1", "response": "paid with 1234" }] },
        ])
    );
    let answer = output(&ChatMessage::assistant("Paid."), &Finish::Stop, &Capture::text()).expect("is on");
    assert_eq!(
        serde_json::from_str::<Value>(&answer).expect("is JSON"),
        json!([{ "role": "assistant", "parts": [{ "type": "text", "content": "Paid." }], "finish_reason": "stop" }])
    );
}

#[test]
fn each_text_goes_through_the_hands_of_the_redaction() {
    let capture = Capture::text_through(|text| text.replace("1234", "####"));
    let told = input(&messages(), &capture).expect("is on");
    assert!(!told.contains("1234") && told.matches("####").count() == 4, "{told}");
    assert!(!told.contains("signed") && !told.contains("token"), "{told}");
    assert_eq!(input(&messages(), &Capture::off()), None);
    assert_eq!(output(&ChatMessage::assistant("x"), &Finish::Stop, &Capture::default()), None);
}

#[test]
fn long_conversations_are_cut() {
    let many: Vec<ChatMessage> = (0..100).map(|number| ChatMessage::user(number.to_string())).collect();
    let shown = told(&many, &Capture::text());
    assert_eq!(shown.as_array().map(Vec::len), Some(64));
    assert_eq!(shown[63]["parts"][0]["content"], "99");
    let long = told(&[ChatMessage::user("ä".repeat(20_000))], &Capture::text());
    assert_eq!(long[0]["parts"][0]["content"].as_str().map(|text| text.chars().count()), Some(8_001));
}
