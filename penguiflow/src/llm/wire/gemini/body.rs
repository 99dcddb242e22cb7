//! Writes the body of a request to Gemini. Must not know how it is sent.

use crate::llm::chat::media::{Image, Source};
use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::{Part, Reasoning, Signature, Text, ToolCall, ToolResult};
use crate::llm::chat::request::{ChatRequest, Effort, Output};
use crate::llm::chat::tool::ToolChoice;
use crate::llm::error::LlmError;
use crate::llm::profile::{Profile, ReasoningStyle};
use crate::llm::wire::Target;
use crate::llm::wire::checks::{misplaced, unsupported};
use crate::llm::wire::gemini::FORMAT;
use crate::llm::wire::gemini::schema::plain;
use crate::llm::wire::turns::{self, Speaker, Turn, arguments, described};
use serde_json::{Map, Value, json};

/// Stands for the signature of a call that another model made, where the API wants one. By the
/// [page on signatures](https://ai.google.dev/gemini-api/docs/thought-signatures).
const FOREIGN: &str = "skip_thought_signature_validator";

/// The body of a request.
pub(crate) fn write(target: &Target, request: &ChatRequest) -> Result<Value, LlmError> {
    let profile = &*target.profile;
    let sorted = turns::sort(request, profile)?;
    let mut body = Map::new();
    let mut system = Vec::new();
    for message in sorted.system {
        system.extend(parts(message)?);
    }
    if !system.is_empty() {
        body.insert("systemInstruction".to_owned(), json!({ "parts": system }));
    }
    let mut contents = Vec::new();
    for turn in &sorted.turns {
        contents.extend(write_turn(turn, profile)?);
    }
    body.insert("contents".to_owned(), contents.into());
    write_tools(request, &mut body)?;
    let config = write_config(target, request)?;
    if !config.is_empty() {
        body.insert("generationConfig".to_owned(), config.into());
    }
    Ok(turns::with_extra(body, &request.extra))
}

/// A turn, if anything of it is left.
fn write_turn(turn: &Turn<'_>, profile: &Profile) -> Result<Option<Value>, LlmError> {
    let mut written = Vec::new();
    for message in &turn.messages {
        written.extend(parts(message)?);
    }
    let role = match turn.speaker {
        Speaker::User => "user",
        Speaker::Model => "model",
    };
    // Models that are told by a word how long to think refuse calls of theirs without a signature; the first one of a turn has it.
    let wants = matches!(profile.reasoning, ReasoningStyle::Effort | ReasoningStyle::Adaptive);
    let call = written.iter_mut().find(|part| part.get("functionCall").is_some());
    if let Some(call) = call.filter(|call| wants && call.get("thoughtSignature").is_none()) {
        call["thoughtSignature"] = FOREIGN.into();
    }
    Ok((!written.is_empty()).then(|| json!({ "role": role, "parts": written })))
}

fn parts(message: &ChatMessage) -> Result<Vec<Value>, LlmError> {
    let mut written = Vec::new();
    for part in &message.parts {
        let part = match (part, message.role) {
            (Part::Text(text), _) => write_text(text),
            (Part::Image(image), Role::User) => Some(write_image(image)),
            (Part::Audio(audio), Role::User) => {
                Some(json!({ "inlineData": { "mimeType": audio.media_type, "data": audio.bytes.to_base64() } }))
            }
            (Part::ToolCall(call), Role::Assistant) => Some(write_call(call)),
            (Part::ToolResult(result), Role::User | Role::Tool) => Some(write_result(result)?),
            (Part::Reasoning(reasoning), Role::Assistant) => write_reasoning(reasoning),
            (Part::Image(_) | Part::Audio(_), Role::System) => {
                return Err(unsupported("a system message of Gemini's holds nothing but words"));
            }
            (Part::Image(_) | Part::Audio(_) | Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_), role) => {
                return Err(misplaced(part, role));
            }
        };
        written.extend(part);
    }
    Ok(written)
}

fn ours(signature: Option<&Signature>) -> Option<&Value> {
    signature.and_then(|signature| signature.of(FORMAT))
}

/// The part with its signature.
fn signed(mut part: Value, signature: Option<&Signature>) -> Value {
    if let Some(signature @ Value::String(_)) = ours(signature) {
        part["thoughtSignature"] = signature.clone();
    }
    part
}

fn write_text(text: &Text) -> Option<Value> {
    match ours(text.signature.as_ref()) {
        // One that was not known when it came.
        Some(Value::Object(kept)) => kept.get("part").filter(|part| part.is_object()).cloned(),
        Some(_) => Some(signed(json!({ "text": text.text }), text.signature.as_ref())),
        None => (!text.text.is_empty()).then(|| json!({ "text": text.text })),
    }
}

/// Thoughts that another model had, or that nobody signed, are left out.
fn write_reasoning(reasoning: &Reasoning) -> Option<Value> {
    let signature = reasoning.signature.as_ref();
    ours(signature)?;
    Some(signed(json!({ "text": reasoning.text, "thought": true }), signature))
}

fn write_call(call: &ToolCall) -> Value {
    let mut written = json!({ "name": call.name, "args": arguments(call) });
    if let Some(id) = given(&call.id) {
        written["id"] = id.into();
    }
    signed(json!({ "functionCall": written }), call.signature.as_ref())
}

/// The id, unless it is one that an [`Assembly`](crate::llm::Assembly) made up.
fn given(id: &str) -> Option<&str> {
    let made_up = id.strip_prefix("call_").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    (!made_up && !id.is_empty()).then_some(id)
}

fn write_image(image: &Image) -> Value {
    match &image.source {
        Source::Bytes(bytes) => {
            json!({ "inlineData": { "mimeType": image.media_type, "data": bytes.to_base64() } })
        }
        Source::Url(url) if image.media_type.is_empty() => json!({ "fileData": { "fileUri": url } }),
        Source::Url(url) => json!({ "fileData": { "fileUri": url, "mimeType": image.media_type } }),
    }
}

/// The words stand under `output` or `error`, as they are: a number in them could be one that JSON's readers round.
fn write_result(result: &ToolResult) -> Result<Value, LlmError> {
    let mut media = Vec::new();
    for part in &result.content {
        match part {
            Part::Text(_) => {}
            Part::Image(Image { source: Source::Bytes(bytes), media_type, .. }) => {
                media.push(json!({ "inlineData": { "mimeType": media_type, "data": bytes.to_base64() } }));
            }
            Part::Image(_) => return Err(unsupported("Gemini fetches no pictures for the result of a tool")),
            Part::Audio(audio) => {
                media.push(json!({ "inlineData": { "mimeType": audio.media_type, "data": audio.bytes.to_base64() } }));
            }
            Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_) => return Err(misplaced(part, Role::Tool)),
        }
    }
    let field = if result.is_error { "error" } else { "output" };
    let mut written = json!({ "name": result.name, "response": { (field): result.to_text() } });
    if let Some(id) = given(&result.id) {
        written["id"] = id.into();
    }
    if !media.is_empty() {
        written["parts"] = media.into();
    }
    Ok(json!({ "functionResponse": written }))
}

fn write_tools(request: &ChatRequest, body: &mut Map<String, Value>) -> Result<(), LlmError> {
    if request.tools.is_empty() {
        return Ok(());
    }
    if request.parallel_tool_calls == Some(false) && request.tool_choice != ToolChoice::None {
        return Err(unsupported("Gemini cannot be told to call one tool at a time"));
    }
    let tools = request.tools.iter().map(|tool| {
        json!({ "name": tool.name, "description": tool.description, "parametersJsonSchema": plain(&tool.schema) })
    });
    body.insert("tools".to_owned(), json!([{ "functionDeclarations": tools.collect::<Vec<_>>() }]));
    let calling = match &request.tool_choice {
        ToolChoice::Auto => return Ok(()),
        ToolChoice::None => json!({ "mode": "NONE" }),
        ToolChoice::Required => json!({ "mode": "ANY" }),
        ToolChoice::Named(name) => json!({ "mode": "ANY", "allowedFunctionNames": [name] }),
    };
    body.insert("toolConfig".to_owned(), json!({ "functionCallingConfig": calling }));
    Ok(())
}

fn write_config(target: &Target, request: &ChatRequest) -> Result<Map<String, Value>, LlmError> {
    let (mut config, profile) = (Map::new(), &*target.profile);
    let mut put = |name: &str, value: Option<Value>| config.extend(value.map(|value| (name.to_owned(), value)));
    put("maxOutputTokens", request.max_output_tokens.map(Value::from));
    if profile.temperature {
        put("temperature", request.temperature.map(Value::from));
        put("topP", request.top_p.map(Value::from));
        put("topK", request.top_k.map(Value::from));
    }
    put("seed", request.seed.map(Value::from));
    put("stopSequences", (!request.stop.is_empty()).then(|| json!(request.stop)));
    if let Some(effort) = request.effort {
        put("thinkingConfig", write_thinking(target, effort)?);
    }
    match &request.output {
        Output::Text => {}
        Output::Json => put("responseMimeType", Some("application/json".into())),
        Output::Schema(spec) => {
            put("responseMimeType", Some("application/json".into()));
            put("responseJsonSchema", Some(plain(&described(spec))));
        }
    }
    Ok(config)
}

/// How long it thinks, as the page on [thinking](https://ai.google.dev/gemini-api/docs/thinking) has it: by a word from the third generation on,
/// and by a budget before.
fn write_thinking(target: &Target, effort: Effort) -> Result<Option<Value>, LlmError> {
    let level = |word: &str| json!({ "thinkingLevel": word, "includeThoughts": effort != Effort::Off });
    let budget =
        |tokens: u32| json!({ "thinkingBudget": tokens, "includeThoughts": effort != Effort::Off && tokens > 0 });
    // The large ones cannot do without: 128 tokens and `low` are the least that they take.
    let always = target.model.contains("-pro");
    let (least, none) = if always { ("low", 128) } else { ("minimal", 0) };
    Ok(Some(match (target.profile.reasoning, effort) {
        (ReasoningStyle::None, Effort::Off) => return Ok(None),
        (ReasoningStyle::None | ReasoningStyle::Template, _) => {
            return Err(unsupported("the model cannot be told how long to think"));
        }
        (_, Effort::Tokens(tokens)) => budget(tokens),
        (ReasoningStyle::Budget, Effort::Off) => budget(none),
        (ReasoningStyle::Budget, Effort::Minimal) => budget(1024),
        (ReasoningStyle::Budget, Effort::Low) => budget(4096),
        (ReasoningStyle::Budget, Effort::Medium) => budget(16_384),
        // The most that all of that generation take.
        (ReasoningStyle::Budget, Effort::High) => budget(24_576),
        (ReasoningStyle::Effort | ReasoningStyle::Adaptive, Effort::Off | Effort::Minimal) => level(least),
        (ReasoningStyle::Effort | ReasoningStyle::Adaptive, Effort::Low) => level("low"),
        (ReasoningStyle::Effort | ReasoningStyle::Adaptive, Effort::Medium) => level("medium"),
        (ReasoningStyle::Effort | ReasoningStyle::Adaptive, Effort::High) => level("high"),
    }))
}
