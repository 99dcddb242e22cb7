//! Writes the body of a request. Must not know where it goes.

use crate::llm::chat::media::Detail;
use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::{Part, ToolResult};
use crate::llm::chat::request::{ChatRequest, Effort, Output};
use crate::llm::chat::tool::{ToolChoice, ToolSpec};
use crate::llm::error::LlmError;
use crate::llm::model::Delivery;
use crate::llm::profile::{Profile, ReasoningStyle};
use crate::llm::wire::checks::{check, misplaced, unsupported};
use crate::llm::wire::openai::{image_url, result_text, with_id, word};
use crate::llm::wire::responses::FORMAT;
use crate::llm::wire::{Ask, Target};
use serde_json::{Map, Value, json};

/// The whole body. A temperature is left out where the profile says that the model draws as it likes.
pub(super) fn body(target: &Target, ask: &Ask<'_>) -> Result<Value, LlmError> {
    let (request, profile) = (ask.request, &*target.profile);
    check(request, profile)?;
    has_fields(request)?;
    let mut body = Map::new();
    let mut put = |field: &str, value: Value| body.insert(field.to_owned(), value);
    put("model", json!(target.model));
    put("input", input(request, profile)?);
    put("store", json!(false));
    if profile.reasoning != ReasoningStyle::None {
        // Models that do not think refuse the question.
        put("include", json!(["reasoning.encrypted_content"]));
    }
    if !request.tools.is_empty() {
        put("tools", tools(request));
        if let Some(choice) = choice(&request.tool_choice) {
            put("tool_choice", choice);
        }
        if let Some(parallel) = request.parallel_tool_calls {
            put("parallel_tool_calls", json!(parallel));
        }
    }
    if let Some(format) = format(&request.output) {
        put("text", json!({"format": format}));
    }
    if let Some(tokens) = request.max_output_tokens {
        put("max_output_tokens", json!(tokens));
    }
    if profile.temperature {
        request.temperature.map(|temperature| put("temperature", json!(temperature)));
        request.top_p.map(|top_p| put("top_p", json!(top_p)));
    }
    match request.effort {
        None => {}
        Some(effort) if profile.reasoning == ReasoningStyle::Effort => {
            put("reasoning", json!({"effort": word(effort)?}));
        }
        Some(Effort::Off) => {}
        Some(_) => return Err(unsupported("the model cannot be told how long to think")),
    }
    if ask.delivery == Delivery::Streamed {
        put("stream", json!(true));
    }
    body.extend(request.extra.clone());
    Ok(Value::Object(body))
}

fn has_fields(request: &ChatRequest) -> Result<(), LlmError> {
    let asked =
        [("seed", request.seed.is_some()), ("stop", !request.stop.is_empty()), ("top_k", request.top_k.is_some())];
    match asked.iter().find(|(_, asked)| *asked) {
        Some((field, _)) => Err(unsupported(format!("the format has no `{field}`"))),
        None => Ok(()),
    }
}

fn tools(request: &ChatRequest) -> Value {
    let tools = request.tools.iter().map(|ToolSpec { name, description, schema, .. }| {
        // Left out, it would be strict, and most schemas refused.
        json!({"type": "function", "name": name, "description": description, "parameters": schema, "strict": false})
    });
    tools.collect()
}

fn choice(choice: &ToolChoice) -> Option<Value> {
    match choice {
        ToolChoice::Auto => None,
        ToolChoice::None => Some(json!("none")),
        ToolChoice::Required => Some(json!("required")),
        ToolChoice::Named(name) => Some(json!({"type": "function", "name": name})),
    }
}

fn format(output: &Output) -> Option<Value> {
    match output {
        Output::Text => None,
        Output::Json => Some(json!({"type": "json_object"})),
        Output::Schema(spec) => {
            let mut format =
                json!({"type": "json_schema", "name": spec.name, "schema": spec.schema, "strict": spec.strict});
            if let Some(description) = &spec.description {
                format["description"] = json!(description);
            }
            Some(format)
        }
    }
}

fn input(request: &ChatRequest, profile: &Profile) -> Result<Value, LlmError> {
    let mut items = Vec::new();
    for message in &request.messages {
        match message.role {
            Role::System => items.push(json!({"role": "system", "content": system(message, profile)?})),
            Role::User => items.push(json!({"role": "user", "content": user(message, profile)?})),
            Role::Assistant => assistant(message, &mut items)?,
            Role::Tool => {
                for part in &message.parts {
                    let Part::ToolResult(result) = part else { return Err(misplaced(part, Role::Tool)) };
                    items.push(tool(result, profile)?);
                }
            }
        }
    }
    Ok(Value::Array(items))
}

fn system(message: &ChatMessage, profile: &Profile) -> Result<String, LlmError> {
    if !profile.system {
        return Err(unsupported("the model takes no system messages"));
    }
    match message.parts.iter().find(|part| part.as_text().is_none()) {
        Some(part) => Err(misplaced(part, Role::System)),
        None => Ok(message.text()),
    }
}

fn user(message: &ChatMessage, profile: &Profile) -> Result<Value, LlmError> {
    if let [Part::Text(text)] = message.parts.as_slice() {
        return Ok(json!(text.text));
    }
    let parts = message.parts.iter().map(|part| content(part, profile, Role::User));
    Ok(Value::Array(parts.collect::<Result<_, _>>()?))
}

/// A part of what somebody says to the model.
fn content(part: &Part, profile: &Profile, role: Role) -> Result<Value, LlmError> {
    match part {
        Part::Text(text) => Ok(json!({"type": "input_text", "text": text.text})),
        Part::Image(image) => {
            let mut content = json!({"type": "input_image", "image_url": image_url(image, profile)?});
            match image.detail {
                Detail::Auto => {}
                Detail::Low => content["detail"] = json!("low"),
                Detail::High => content["detail"] = json!("high"),
            }
            Ok(content)
        }
        Part::Audio(_) => Err(unsupported("the format has no sounds")),
        Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_) => Err(misplaced(part, role)),
    }
}

/// One item for each part, in their order: thoughts have to stand before what came of them.
fn assistant(message: &ChatMessage, items: &mut Vec<Value>) -> Result<(), LlmError> {
    for part in &message.parts {
        match part {
            Part::Text(text) if text.text.is_empty() => {}
            Part::Text(text) => items.push(json!({"role": "assistant", "content": text.text})),
            Part::ToolCall(call) => {
                let id = with_id(&call.id, &call.name)?;
                let arguments = call.arguments_or_empty();
                items.push(json!({"type": "function_call", "call_id": id, "name": call.name, "arguments": arguments}));
            }
            // Thoughts of another provider's are nobody else's to read.
            Part::Reasoning(reasoning) => {
                items.extend(reasoning.signature.as_ref().and_then(|signature| signature.of(FORMAT)).cloned());
            }
            Part::Image(_) | Part::Audio(_) | Part::ToolResult(_) => return Err(misplaced(part, Role::Assistant)),
        }
    }
    Ok(())
}

fn tool(result: &ToolResult, profile: &Profile) -> Result<Value, LlmError> {
    let id = with_id(&result.id, &result.name)?;
    let output = if result.content.iter().all(|part| part.as_text().is_some()) {
        json!(result_text(result)?)
    } else {
        let parts = result.content.iter().map(|part| content(part, profile, Role::Tool));
        Value::Array(parts.collect::<Result<_, _>>()?)
    };
    Ok(json!({"type": "function_call_output", "call_id": id, "output": output}))
}
