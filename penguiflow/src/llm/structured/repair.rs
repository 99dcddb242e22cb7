//! Goes on with a conversation in which an answer was not the value, in a way that every provider takes. Must not know what was wrong.

use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::{Part, ToolCall, ToolResult};
use crate::llm::chat::request::ChatRequest;
use crate::llm::lenient;
use serde_json::Value;

/// How much of arguments that are no object is told back, in letters.
const QUOTED_LETTERS_MAX: usize = 4_000;

/// Appends what the model said and what is wrong with it. Each call of a tool gets its result, since no provider takes a call without one.
pub(super) fn append(request: &mut ChatRequest, answer: &ChatMessage, feedback: &str, by_tool: bool) {
    let is_empty = |part: &Part| matches!(part, Part::Text(text) if text.text.is_empty() && text.signature.is_none());
    let parts: Vec<Part> = answer.parts.iter().filter(|part| !is_empty(part)).cloned().collect();
    // Thoughts alone are no message to any provider.
    let says_something = parts.iter().any(|part| !matches!(part, Part::Reasoning(_)));
    let mut said = ChatMessage::new(Role::Assistant, parts);
    let mut results = Vec::new();
    for part in &mut said.parts {
        if let Part::ToolCall(call) = part {
            let quoted = as_object(call);
            results.push(ChatMessage::tool(ToolResult::error(call, format!("{feedback}{quoted}"))));
        }
    }
    let answered = !results.is_empty();
    if says_something {
        request.messages.push(said);
    }
    request.messages.append(&mut results);
    if !(answered && by_tool) {
        request.messages.push(ChatMessage::user(feedback));
    }
}

/// Brings arguments into a form that goes back to any provider: several of them take an object only. What is lost is told in words.
fn as_object(call: &mut ToolCall) -> String {
    if serde_json::from_str::<Value>(call.arguments_or_empty()).is_ok_and(|value| value.is_object()) {
        return String::new();
    }
    let written = std::mem::take(&mut call.arguments);
    let found = lenient::best(&written).unwrap_or_default();
    match found.into_iter().find(|found| found.value.is_object() && found.how.is_whole()) {
        Some(found) => {
            call.arguments = found.value.to_string();
            String::new()
        }
        None => {
            call.arguments = "{}".to_owned();
            let quoted: String = written.chars().take(QUOTED_LETTERS_MAX).collect();
            format!("\nThe arguments were: {quoted}")
        }
    }
}
