//! Writes the body of a request to Anthropic's messages. Must not know how it is sent.

use crate::llm::chat::media::{Image, Source};
use crate::llm::chat::message::{Cache, ChatMessage, Role};
use crate::llm::chat::part::{Part, Reasoning, Signature, Text, ToolResult};
use crate::llm::chat::request::{ChatRequest, Output};
use crate::llm::chat::tool::ToolChoice;
use crate::llm::error::LlmError;
use crate::llm::wire::Target;
use crate::llm::wire::anthropic::FORMAT;
use crate::llm::wire::checks::{misplaced, unsupported};
use crate::llm::wire::ids::Ids;
use crate::llm::wire::thinking::{self, Thinking};
use crate::llm::wire::turns::{self, Marks, Speaker, Turn, arguments, described};
use serde_json::{Map, Value, json};

/// The body of a request.
pub(crate) fn write(target: &Target, request: &ChatRequest, streamed: bool) -> Result<Value, LlmError> {
    let thinking = thinking::decide(&target.profile, request.effort, request.max_output_tokens)?;
    let sorted = turns::sort(request, &target.profile)?;
    let (mut marks, mut ids) = (Marks::of(&request.messages), Ids::default());
    let mut body = Map::new();
    body.insert("model".to_owned(), target.model.clone().into());
    body.insert("max_tokens".to_owned(), thinking.max_tokens.into());
    if streamed {
        body.insert("stream".to_owned(), true.into());
    }
    let mut system = Vec::new();
    for message in sorted.system {
        system.extend(mark(marks.next(message), blocks(message, &mut ids)?));
    }
    if !system.is_empty() {
        body.insert("system".to_owned(), system.into());
    }
    let mut messages = Vec::new();
    for turn in &sorted.turns {
        messages.extend(write_turn(turn, &mut marks, &mut ids)?);
    }
    body.insert("messages".to_owned(), messages.into());
    write_tools(request, &thinking, &mut body)?;
    write_output(request, &thinking, &mut body)?;
    if !thinking.thinks && target.profile.temperature {
        body.extend(request.temperature.map(|value| ("temperature".to_owned(), value.into())));
        body.extend(request.top_p.map(|value| ("top_p".to_owned(), value.into())));
        body.extend(request.top_k.map(|value| ("top_k".to_owned(), value.into())));
    }
    if !request.stop.is_empty() {
        body.insert("stop_sequences".to_owned(), json!(request.stop));
    }
    body.extend(thinking.thinking.map(|thinking| ("thinking".to_owned(), thinking)));
    Ok(turns::with_extra(body, &request.extra))
}

/// A turn, if anything of it is left: the API refuses messages of nothing.
fn write_turn(turn: &Turn<'_>, marks: &mut Marks, ids: &mut Ids) -> Result<Option<Value>, LlmError> {
    let mut content = Vec::new();
    for message in &turn.messages {
        content.extend(mark(marks.next(message), blocks(message, ids)?));
    }
    let role = match turn.speaker {
        Speaker::User => "user",
        Speaker::Model => "assistant",
    };
    // The API wants results right behind the calls. The sort is stable.
    content.sort_by_key(|block| block["type"] != "tool_result");
    Ok((!content.is_empty()).then(|| json!({ "role": role, "content": content })))
}

/// The blocks of a message. Empty words are refused by the API, and say nothing.
fn blocks(message: &ChatMessage, ids: &mut Ids) -> Result<Vec<Value>, LlmError> {
    let mut blocks = Vec::new();
    for part in &message.parts {
        let block = match (part, message.role) {
            (Part::Text(Text { text, signature }), _) => {
                let kept = ours(signature.as_ref()).and_then(|value| value.get("block"));
                blocks.extend(kept.filter(|block| block.is_object()).cloned());
                (!text.is_empty()).then(|| json!({ "type": "text", "text": text }))
            }
            (Part::Audio(_), _) => return Err(unsupported("Anthropic's messages hold no sounds")),
            (Part::Image(image), Role::User) => Some(write_image(image)),
            (Part::ToolResult(result), Role::User | Role::Tool) => Some(write_result(result, ids)?),
            (Part::ToolCall(call), Role::Assistant) => Some(
                json!({ "type": "tool_use", "id": ids.call(&call.id)?, "name": call.name, "input": arguments(call) }),
            ),
            (Part::Reasoning(reasoning), Role::Assistant) => write_reasoning(reasoning),
            (Part::Image(_), Role::System | Role::Assistant) => {
                return Err(unsupported("Anthropic takes pictures from the user and from tools alone"));
            }
            (Part::Image(_) | Part::ToolResult(_) | Part::ToolCall(_) | Part::Reasoning(_), role) => {
                return Err(misplaced(part, role));
            }
        };
        blocks.extend(block);
    }
    Ok(blocks)
}

fn ours(signature: Option<&Signature>) -> Option<&Value> {
    signature.and_then(|signature| signature.of(FORMAT))
}

/// Thoughts that another model had, or that nobody signed, are left out: see the head of `anthropic.rs`.
fn write_reasoning(reasoning: &Reasoning) -> Option<Value> {
    let signed = ours(reasoning.signature.as_ref())?;
    if let Some(data) = signed.get("data") {
        return Some(json!({ "type": "redacted_thinking", "data": data }));
    }
    let signature = signed.get("signature")?;
    Some(json!({ "type": "thinking", "thinking": reasoning.text, "signature": signature }))
}

fn write_image(image: &Image) -> Value {
    let source = match &image.source {
        Source::Bytes(bytes) => {
            json!({ "type": "base64", "media_type": image.media_type, "data": bytes.to_base64() })
        }
        Source::Url(url) => json!({ "type": "url", "url": url }),
    };
    json!({ "type": "image", "source": source })
}

fn write_result(result: &ToolResult, ids: &Ids) -> Result<Value, LlmError> {
    let mut content = Vec::new();
    for part in &result.content {
        match part {
            Part::Text(text) if text.text.is_empty() => {}
            Part::Text(text) => content.push(json!({ "type": "text", "text": text.text })),
            Part::Image(image) => content.push(write_image(image)),
            Part::Audio(_) => return Err(unsupported("Anthropic's messages hold no sounds")),
            Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_) => return Err(misplaced(part, Role::Tool)),
        }
    }
    let mut block = json!({ "type": "tool_result", "tool_use_id": ids.result(&result.id)? });
    if !content.is_empty() {
        block["content"] = content.into();
    }
    if result.is_error {
        block["is_error"] = true.into();
    }
    Ok(block)
}

fn write_tools(request: &ChatRequest, thinking: &Thinking, body: &mut Map<String, Value>) -> Result<(), LlmError> {
    let alone = request.parallel_tool_calls == Some(false);
    let mut choice = match &request.tool_choice {
        ToolChoice::Auto if !alone => Value::Null,
        ToolChoice::Auto => json!({ "type": "auto" }),
        ToolChoice::None => json!({ "type": "none" }),
        ToolChoice::Required => json!({ "type": "any" }),
        ToolChoice::Named(name) => json!({ "type": "tool", "name": name }),
    };
    let forced = matches!(request.tool_choice, ToolChoice::Required | ToolChoice::Named(_));
    if forced && thinking.thinks {
        let why = "a model of Anthropic's cannot be made to call a tool while it thinks: turn its effort off, or let it choose";
        return Err(unsupported(why));
    }
    if request.tools.is_empty() {
        return Ok(());
    }
    let tools = request.tools.iter().map(|tool| {
        let mut written = json!({ "name": tool.name, "input_schema": tool.schema });
        if !tool.description.is_empty() {
            written["description"] = tool.description.clone().into();
        }
        written
    });
    body.insert("tools".to_owned(), tools.collect::<Vec<_>>().into());
    if alone && request.tool_choice != ToolChoice::None {
        choice["disable_parallel_tool_use"] = true.into();
    }
    if !choice.is_null() {
        body.insert("tool_choice".to_owned(), choice);
    }
    Ok(())
}

/// `output_config`, as the page on [structured outputs](https://platform.claude.com/docs/en/build-with-claude/structured-outputs) has it.
fn write_output(request: &ChatRequest, thinking: &Thinking, body: &mut Map<String, Value>) -> Result<(), LlmError> {
    let mut config = Map::new();
    config.extend(thinking.effort.map(|effort| ("effort".to_owned(), effort.into())));
    match &request.output {
        Output::Text => {}
        Output::Json => {
            let why = "Anthropic's messages have no JSON without a schema: ask for a schema, or for words";
            return Err(unsupported(why));
        }
        Output::Schema(spec) => {
            config.insert("format".to_owned(), json!({ "type": "json_schema", "schema": described(spec) }));
        }
    }
    if !config.is_empty() {
        body.insert("output_config".to_owned(), config.into());
    }
    Ok(())
}

/// Marks the last block that can be marked, where what a message ends is cached.
fn mark(cache: Option<Cache>, mut blocks: Vec<Value>) -> Vec<Value> {
    let Some(cache) = cache else { return blocks };
    let markable = |block: &&mut Value| block["type"] != "thinking" && block["type"] != "redacted_thinking";
    if let Some(block) = blocks.iter_mut().rev().find(markable) {
        block["cache_control"] = match cache {
            Cache::Short => json!({ "type": "ephemeral" }),
            Cache::Hour => json!({ "type": "ephemeral", "ttl": "1h" }),
        };
    }
    blocks
}
