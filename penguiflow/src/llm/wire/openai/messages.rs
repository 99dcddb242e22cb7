//! Writes the messages of a conversation. Must not know what else is asked.

use crate::llm::chat::media::{Audio, Detail, Image, Source};
use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::{Part, ToolResult};
use crate::llm::error::LlmError;
use crate::llm::profile::Profile;
use crate::llm::wire::checks::{invalid, misplaced, unsupported};
use crate::llm::wire::openai::answer::details::FORMAT;
use crate::llm::wire::openai::form::{Form, Systems, Thinking};
use serde_json::{Value, json};

/// All of them. What a model thought is left out, unless its provider wants it back: no other one may read it.
pub(super) fn all<'a>(
    form: &Form,
    profile: &Profile,
    messages: impl Iterator<Item = &'a ChatMessage> + Clone,
) -> Result<Value, LlmError> {
    let mut written = Vec::new();
    if form.systems == Systems::OneInFront {
        let systems = messages.clone().filter(|message| message.role == Role::System);
        let texts = systems.map(|message| system(message, profile)).collect::<Result<Vec<_>, _>>()?;
        if !texts.is_empty() {
            written.push(json!({"role": "system", "content": texts.join("\n\n")}));
        }
    }
    for message in messages {
        match message.role {
            Role::System if form.systems == Systems::OneInFront => {}
            Role::System => written.push(json!({"role": "system", "content": system(message, profile)?})),
            Role::User => written.push(json!({"role": "user", "content": user(message, profile)?})),
            Role::Assistant => written.push(assistant(form, message)?),
            Role::Tool => {
                for part in &message.parts {
                    written.push(tool(form, part)?);
                }
            }
        }
    }
    Ok(Value::Array(written))
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

/// Alone a text is a string, which every server takes.
fn user(message: &ChatMessage, profile: &Profile) -> Result<Value, LlmError> {
    if let [Part::Text(text)] = message.parts.as_slice() {
        return Ok(json!(text.text));
    }
    let parts = message.parts.iter().map(|part| match part {
        Part::Text(text) => Ok(json!({"type": "text", "text": text.text})),
        Part::Image(image) => {
            let mut it = json!({"url": image_url(image, profile)?});
            match image.detail {
                Detail::Auto => {}
                Detail::Low => it["detail"] = json!("low"),
                Detail::High => it["detail"] = json!("high"),
            }
            Ok(json!({"type": "image_url", "image_url": it}))
        }
        Part::Audio(audio) => {
            let format = audio_format(audio, profile)?;
            Ok(json!({"type": "input_audio", "input_audio": {"data": audio.bytes.to_base64(), "format": format}}))
        }
        Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_) => Err(misplaced(part, Role::User)),
    });
    Ok(Value::Array(parts.collect::<Result<_, _>>()?))
}

fn assistant(form: &Form, message: &ChatMessage) -> Result<Value, LlmError> {
    let mut calls = Vec::new();
    for part in &message.parts {
        match part {
            Part::Text(_) | Part::Reasoning(_) => {}
            Part::ToolCall(call) => {
                let id = form.ids.of(with_id(&call.id, &call.name)?);
                let function = json!({"name": call.name, "arguments": call.arguments_or_empty()});
                calls.push(json!({"id": id, "type": "function", "function": function}));
            }
            Part::Image(_) | Part::Audio(_) | Part::ToolResult(_) => return Err(misplaced(part, Role::Assistant)),
        }
    }
    let text = message.text();
    let mut written = json!({"role": "assistant", "content": text});
    if form.thinking == Thinking::OpenRouter {
        let signed = message.parts.iter().find_map(|part| match part {
            Part::Reasoning(reasoning) => reasoning.signature.as_ref()?.of(FORMAT),
            Part::Text(_) | Part::Image(_) | Part::Audio(_) | Part::ToolCall(_) | Part::ToolResult(_) => None,
        });
        if let Some(details) = signed {
            written["reasoning_details"] = details.clone();
        }
    }
    if !calls.is_empty() {
        if text.is_empty() {
            written["content"] = Value::Null;
        }
        written["tool_calls"] = Value::Array(calls);
        if let Some(field) = form.thoughts {
            let thoughts = message.reasoning();
            if !thoughts.is_empty() {
                written[field] = json!(thoughts);
            }
        }
    }
    Ok(written)
}

fn tool(form: &Form, part: &Part) -> Result<Value, LlmError> {
    let Part::ToolResult(result) = part else { return Err(misplaced(part, Role::Tool)) };
    let id = form.ids.of(with_id(&result.id, &result.name)?);
    Ok(json!({"role": "tool", "tool_call_id": id, "content": result_text(result)?}))
}

/// The words of a result. The formats have no place for whether it is an error, so the words have to say it.
pub(crate) fn result_text(result: &ToolResult) -> Result<String, LlmError> {
    if let Some(other) = result.content.iter().find(|part| part.as_text().is_none()) {
        let (kind, name) = (other.kind(), &result.name);
        return Err(unsupported(format!(
            "the result of `{name}` holds a part `{kind}`, and this format takes words alone"
        )));
    }
    let text = result.to_text();
    let says_so = text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("error"));
    Ok(if result.is_error && !says_so { format!("error: {text}") } else { text })
}

pub(crate) fn with_id<'a>(id: &'a str, tool: &str) -> Result<&'a str, LlmError> {
    if id.is_empty() {
        return Err(invalid("messages", format!("a call of the tool `{tool}` or its result has no id")));
    }
    Ok(id)
}

/// The picture's URL, which may hold the picture itself: <https://www.rfc-editor.org/rfc/rfc2397>.
pub(crate) fn image_url(image: &Image, profile: &Profile) -> Result<String, LlmError> {
    if !profile.images {
        return Err(unsupported("the model looks at no pictures"));
    }
    match &image.source {
        Source::Url(url) => Ok(url.clone()),
        Source::Bytes(bytes) if image.media_type.is_empty() => {
            Err(invalid("messages", format!("a picture of {} bytes has no media type", bytes.len())))
        }
        Source::Bytes(bytes) => Ok(format!("data:{};base64,{}", image.media_type, bytes.to_base64())),
    }
}

/// The word for the sound's format. There are two: <https://platform.openai.com/docs/guides/audio>.
fn audio_format(audio: &Audio, profile: &Profile) -> Result<&'static str, LlmError> {
    if !profile.audio {
        return Err(unsupported("the model does not listen"));
    }
    match audio.media_type.as_str() {
        "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => Ok("wav"),
        "audio/mpeg" | "audio/mp3" => Ok("mp3"),
        other => Err(unsupported(format!("sounds are `audio/wav` or `audio/mpeg`, and not `{other}`"))),
    }
}
