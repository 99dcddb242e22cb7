//! Writes messages as OpenTelemetry's conventions have them:
//! <https://github.com/open-telemetry/semantic-conventions/blob/main/docs/gen-ai/gen-ai-input-messages.json>. Must not know where they go.

use crate::llm::chat::media::Source;
use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::Part;
use crate::llm::chat::usage::Finish;
use crate::llm::observe::capture::Capture;
use serde_json::{Value, json};

/// How many messages are told, the latest ones.
const MESSAGES_MAX: usize = 64;
/// How much of a text is told, in letters.
const LETTERS_MAX: usize = 8_000;

/// What was said to the model; nothing where it may not be told.
pub(super) fn input(messages: &[ChatMessage], capture: &Capture) -> Option<String> {
    capture.is_on().then(|| {
        let told = messages.iter().skip(messages.len().saturating_sub(MESSAGES_MAX));
        told.map(|message| written(message, capture)).collect::<Value>().to_string()
    })
}

/// What the model said; nothing where it may not be told.
pub(super) fn output(message: &ChatMessage, finish: &Finish, capture: &Capture) -> Option<String> {
    capture.is_on().then(|| {
        let mut answer = written(message, capture);
        answer["finish_reason"] = finish.to_string().into();
        Value::from(vec![answer]).to_string()
    })
}

fn written(message: &ChatMessage, capture: &Capture) -> Value {
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    };
    json!({ "role": role, "parts": message.parts.iter().map(|part| part_of(part, capture)).collect::<Vec<_>>() })
}

fn part_of(part: &Part, capture: &Capture) -> Value {
    match part {
        Part::Text(text) => json!({ "type": "text", "content": shown(&text.text, capture) }),
        Part::Reasoning(thought) => json!({ "type": "reasoning", "content": shown(&thought.text, capture) }),
        Part::ToolCall(call) => {
            let text = shown(call.arguments_or_empty(), capture);
            let arguments = serde_json::from_str(&text).unwrap_or(Value::String(text));
            json!({ "type": "tool_call", "id": call.id, "name": call.name, "arguments": arguments })
        }
        Part::ToolResult(result) => {
            json!({ "type": "tool_call_response", "id": result.id, "response": shown(&result.to_text(), capture) })
        }
        Part::Image(image) => match &image.source {
            Source::Bytes(bytes) => json!({ "type": "image", "mime_type": image.media_type, "bytes": bytes.len() }),
            // Its URL may be signed, and so a key.
            Source::Url(_) => json!({ "type": "image" }),
        },
        Part::Audio(audio) => json!({ "type": "audio", "mime_type": audio.media_type, "bytes": audio.bytes.len() }),
    }
}

fn shown(text: &str, capture: &Capture) -> String {
    let mut told = capture.of(text).unwrap_or_default();
    if let Some((end, _)) = told.char_indices().nth(LETTERS_MAX) {
        told.truncate(end);
        told.push('…');
    }
    told
}

#[cfg(test)]
mod tests;
