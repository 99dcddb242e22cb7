//! Writes the body of a request to Converse. Must not know how it is sent.

use crate::llm::chat::media::{Audio, Image, Source};
use crate::llm::chat::message::{Cache, ChatMessage, Role};
use crate::llm::chat::part::{Part, Reasoning, Signature, Text, ToolResult};
use crate::llm::chat::request::{ChatRequest, Output};
use crate::llm::chat::tool::ToolChoice;
use crate::llm::error::LlmError;
use crate::llm::wire::Target;
use crate::llm::wire::checks::{misplaced, unsupported};
use crate::llm::wire::converse::FORMAT;
use crate::llm::wire::ids::Ids;
use crate::llm::wire::thinking::{self, Thinking};
use crate::llm::wire::turns::{self, Marks, Speaker, Turn, arguments};
use serde_json::{Map, Value, json};

/// The body of a request.
pub(crate) fn write(target: &Target, request: &ChatRequest) -> Result<Value, LlmError> {
    let thinking = thinking::decide(&target.profile, request.effort, request.max_output_tokens)?;
    let sorted = turns::sort(request, &target.profile)?;
    let (mut marks, mut ids) = (Marks::of(&request.messages), Ids::default());
    let (mut system, mut messages) = (Vec::new(), Vec::new());
    for message in sorted.system {
        system.extend(mark(marks.next(message), blocks(message, &mut ids)?));
    }
    for turn in &sorted.turns {
        messages.extend(write_turn(turn, &mut marks, &mut ids)?);
    }
    let mut body = Map::new();
    let mut put = |name: &str, value: Option<Value>| body.extend(value.map(|value| (name.to_owned(), value)));
    put("system", (!system.is_empty()).then(|| system.into()));
    put("messages", Some(messages.into()));
    put("toolConfig", write_tools(request, &thinking)?);
    put("inferenceConfig", write_config(target, request, &thinking)?);
    put("outputConfig", write_output(request, &thinking)?);
    put("additionalModelRequestFields", thinking.thinking.map(|thinking| json!({ "thinking": thinking })));
    Ok(turns::with_extra(body, &request.extra))
}

/// A turn, if anything of it is left.
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
    content.sort_by_key(|block| block.get("toolResult").is_none());
    Ok((!content.is_empty()).then(|| json!({ "role": role, "content": content })))
}

/// Puts the place to cache up to behind the blocks.
fn mark(cache: Option<Cache>, mut blocks: Vec<Value>) -> Vec<Value> {
    let point = match cache {
        None => return blocks,
        Some(Cache::Short) => json!({ "type": "default" }),
        Some(Cache::Hour) => json!({ "type": "default", "ttl": "1h" }),
    };
    if !blocks.is_empty() {
        blocks.push(json!({ "cachePoint": point }));
    }
    blocks
}

/// The blocks of a message. Empty words are refused by the API, and say nothing.
fn blocks(message: &ChatMessage, ids: &mut Ids) -> Result<Vec<Value>, LlmError> {
    let mut blocks = Vec::new();
    for part in &message.parts {
        let block = match (part, message.role) {
            (Part::Text(Text { text, signature }), _) => {
                let kept = ours(signature.as_ref()).and_then(|value| value.get("block"));
                blocks.extend(kept.filter(|block| block.is_object()).cloned());
                (!text.is_empty()).then(|| json!({ "text": text }))
            }
            (Part::Image(image), Role::User) => Some(write_image(image)?),
            (Part::Audio(audio), Role::User) => Some(write_audio(audio)?),
            (Part::ToolResult(result), Role::User | Role::Tool) => Some(write_result(result, ids)?),
            (Part::ToolCall(call), Role::Assistant) => {
                let call = json!({ "toolUseId": ids.call(&call.id)?, "name": call.name, "input": arguments(call) });
                Some(json!({ "toolUse": call }))
            }
            (Part::Reasoning(reasoning), Role::Assistant) => write_reasoning(reasoning),
            (Part::Image(_) | Part::Audio(_), Role::System) => {
                return Err(unsupported("a system message of Converse holds nothing but words"));
            }
            (Part::Image(_) | Part::Audio(_) | Part::ToolResult(_) | Part::ToolCall(_) | Part::Reasoning(_), role) => {
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

/// Thoughts that another model had, or that nobody signed, are left out.
fn write_reasoning(reasoning: &Reasoning) -> Option<Value> {
    let signed = ours(reasoning.signature.as_ref())?;
    if let Some(redacted) = signed.get("redactedContent") {
        return Some(json!({ "reasoningContent": { "redactedContent": redacted } }));
    }
    let text = json!({ "text": reasoning.text, "signature": signed.get("signature")? });
    Some(json!({ "reasoningContent": { "reasoningText": text } }))
}

/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ImageBlock.html>
fn write_image(image: &Image) -> Result<Value, LlmError> {
    let source = match &image.source {
        Source::Bytes(bytes) => json!({ "bytes": bytes.to_base64() }),
        Source::Url(url) if url.starts_with("s3://") => json!({ "s3Location": { "uri": url } }),
        Source::Url(_) => {
            return Err(unsupported("Converse fetches pictures from S3 alone: send the bytes of this one"));
        }
    };
    let format = match image.media_type.as_str() {
        "image/png" => "png",
        "image/jpeg" | "image/jpg" => "jpeg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        other => return Err(unsupported(format!("Converse takes no pictures of the type `{other}`"))),
    };
    Ok(json!({ "image": { "format": format, "source": source } }))
}

/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_AudioBlock.html>
fn write_audio(audio: &Audio) -> Result<Value, LlmError> {
    let format = match audio.media_type.as_str() {
        "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/flac" => "flac",
        "audio/ogg" => "ogg",
        "audio/aac" => "aac",
        "audio/opus" => "opus",
        "audio/mp4" => "mp4",
        "audio/webm" => "webm",
        other => return Err(unsupported(format!("Converse takes no sounds of the type `{other}`"))),
    };
    Ok(json!({ "audio": { "format": format, "source": { "bytes": audio.bytes.to_base64() } } }))
}

fn write_result(result: &ToolResult, ids: &Ids) -> Result<Value, LlmError> {
    let mut content = Vec::new();
    for part in &result.content {
        match part {
            Part::Text(text) if text.text.is_empty() => {}
            Part::Text(text) => content.push(json!({ "text": text.text })),
            Part::Image(image) => content.push(write_image(image)?),
            Part::Audio(_) => return Err(unsupported("the result of a tool holds no sounds in Converse")),
            Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_) => return Err(misplaced(part, Role::Tool)),
        }
    }
    let mut written = json!({ "toolUseId": ids.result(&result.id)?, "content": content });
    if result.is_error {
        written["status"] = "error".into();
    }
    Ok(json!({ "toolResult": written }))
}

fn write_tools(request: &ChatRequest, thinking: &Thinking) -> Result<Option<Value>, LlmError> {
    let choice = match &request.tool_choice {
        ToolChoice::Auto => None,
        ToolChoice::None => return without_tools(request),
        ToolChoice::Required => Some(json!({ "any": {} })),
        ToolChoice::Named(name) => Some(json!({ "tool": { "name": name } })),
    };
    if choice.is_some() && thinking.thinks {
        let why = "a model of Anthropic's cannot be made to call a tool while it thinks: turn its effort off, or let it choose";
        return Err(unsupported(why));
    }
    if request.tools.is_empty() {
        return Ok(None);
    }
    if request.parallel_tool_calls == Some(false) {
        return Err(unsupported("Converse cannot be told to call one tool at a time"));
    }
    let tools = request.tools.iter().map(|tool| {
        let mut written = json!({ "name": tool.name, "inputSchema": { "json": tool.schema } });
        if !tool.description.is_empty() {
            written["description"] = tool.description.clone().into();
        }
        json!({ "toolSpec": written })
    });
    let mut config = json!({ "tools": tools.collect::<Vec<_>>() });
    if let Some(choice) = choice {
        config["toolChoice"] = choice;
    }
    Ok(Some(config))
}

/// There is no word against tools. Where none was called they are not named, and where one was the API wants them named.
fn without_tools(request: &ChatRequest) -> Result<Option<Value>, LlmError> {
    let is_about_tools = |part: &Part| matches!(part, Part::ToolCall(_) | Part::ToolResult(_));
    if request.messages.iter().flat_map(|message| &message.parts).any(is_about_tools) && !request.tools.is_empty() {
        return Err(unsupported("Converse cannot keep a model from calling tools once some were called"));
    }
    Ok(None)
}

fn write_config(target: &Target, request: &ChatRequest, thinking: &Thinking) -> Result<Option<Value>, LlmError> {
    if request.top_k.is_some() {
        return Err(unsupported("Converse has no `top_k`; many models take it in `additionalModelRequestFields`"));
    }
    let mut config = Map::new();
    let mut put = |name: &str, value: Option<Value>| config.extend(value.map(|value| (name.to_owned(), value)));
    // Every model has a length of its own, unless it is told how long to think.
    let needs_length = request.max_output_tokens.is_some() || thinking.thinks;
    put("maxTokens", needs_length.then(|| thinking.max_tokens.into()));
    if !thinking.thinks && target.profile.temperature {
        put("temperature", request.temperature.map(Value::from));
        put("topP", request.top_p.map(Value::from));
    }
    put("stopSequences", (!request.stop.is_empty()).then(|| json!(request.stop)));
    Ok((!config.is_empty()).then(|| config.into()))
}

/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_OutputConfig.html>
fn write_output(request: &ChatRequest, thinking: &Thinking) -> Result<Option<Value>, LlmError> {
    let mut config = Map::new();
    config.extend(thinking.effort.map(|effort| ("effort".to_owned(), effort.into())));
    match &request.output {
        Output::Text => {}
        Output::Json => {
            return Err(unsupported("Converse has no JSON without a schema: ask for a schema, or for words"));
        }
        Output::Schema(spec) => {
            let mut schema = json!({ "schema": spec.schema.to_string(), "name": spec.name });
            if let Some(description) = &spec.description {
                schema["description"] = description.clone().into();
            }
            let format = json!({ "type": "json_schema", "structure": { "jsonSchema": schema } });
            config.insert("textFormat".to_owned(), format);
        }
    }
    Ok((!config.is_empty()).then(|| config.into()))
}
