//! Writes a request as genai takes it. What it cannot say is an error, and never left out in silence.

use crate::llm::chat::media::Source;
use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::{Part, ToolCall, ToolResult};
use crate::llm::chat::request::{ChatRequest, Effort, Output};
use crate::llm::chat::tool::ToolChoice;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::profile::Profile;
use genai::chat as theirs;
use serde_json::Value;

type Written = (theirs::ChatRequest, theirs::ChatOptions);

pub(super) fn write(request: &ChatRequest, profile: &Profile, traceparent: Option<&str>) -> Result<Written, LlmError> {
    let messages =
        request.messages.iter().map(|message| of_message(message, profile)).collect::<Result<Vec<_>, _>>()?;
    let mut asked = theirs::ChatRequest::from_messages(messages);
    if !request.tools.is_empty() {
        let tool = |tool: &crate::llm::chat::tool::ToolSpec| {
            let written = theirs::Tool::new(tool.name.as_str()).with_description(tool.description.as_str());
            written.with_schema(tool.schema.clone())
        };
        asked = asked.with_tools(request.tools.iter().map(tool));
    }
    Ok((asked, options(request, profile, traceparent)?))
}

fn of_message(message: &ChatMessage, profile: &Profile) -> Result<theirs::ChatMessage, LlmError> {
    let parts = message.parts.iter().map(|part| of_part(part, profile)).collect::<Result<Vec<_>, _>>()?;
    let content = theirs::MessageContent::from_parts(parts);
    Ok(match message.role {
        Role::System => theirs::ChatMessage::system(content),
        Role::User => theirs::ChatMessage::user(content),
        Role::Assistant => theirs::ChatMessage::assistant(content),
        Role::Tool => theirs::ChatMessage::tool(content),
    })
}

fn of_part(part: &Part, profile: &Profile) -> Result<theirs::ContentPart, LlmError> {
    Ok(match part {
        Part::Text(text) => theirs::ContentPart::from_text(text.text.as_str()),
        Part::Image(_) if !profile.images => return Err(unsupported("takes no pictures")),
        Part::Image(image) => match &image.source {
            Source::Bytes(bytes) => {
                theirs::ContentPart::from_binary_base64(image.media_type.as_str(), bytes.to_base64(), None)
            }
            Source::Url(url) => theirs::ContentPart::from_binary_url(image.media_type.as_str(), url.as_str(), None),
        },
        Part::Audio(_) => return Err(unsupported("takes no sounds by this adapter")),
        Part::ToolCall(call) => theirs::ContentPart::ToolCall(of_call(call)?),
        Part::ToolResult(result) => theirs::ContentPart::ToolResponse(of_result(result)?),
        Part::Reasoning(reasoning) => theirs::ContentPart::ReasoningContent(reasoning.text.clone()),
    })
}

fn of_call(call: &ToolCall) -> Result<theirs::ToolCall, LlmError> {
    let fn_arguments: Value = call.parse().map_err(|error| {
        let kind = LlmErrorKind::InvalidRequest { field: Some("arguments".to_owned()) };
        LlmError::new(kind, format!("the arguments of the call `{}` are no JSON", call.id)).with_source(error).unsent()
    })?;
    let (call_id, fn_name) = (call.id.clone(), call.name.clone());
    Ok(theirs::ToolCall { call_id, fn_name, fn_arguments, thought_signatures: None })
}

fn of_result(result: &ToolResult) -> Result<theirs::ToolResponse, LlmError> {
    if result.content.iter().any(|part| part.as_text().is_none()) {
        return Err(unsupported("takes words alone as the result of a tool by this adapter"));
    }
    let text = if result.is_error { format!("error: {}", result.to_text()) } else { result.to_text() };
    Ok(theirs::ToolResponse::new(result.id.as_str(), text).with_fn_name(result.name.as_str()))
}

fn options(
    request: &ChatRequest,
    profile: &Profile,
    traceparent: Option<&str>,
) -> Result<theirs::ChatOptions, LlmError> {
    let mut options = theirs::ChatOptions::default()
        .with_capture_usage(true)
        .with_capture_content(true)
        .with_capture_tool_calls(true)
        .with_stop_sequences(request.stop.clone());
    options.max_tokens = request.max_output_tokens;
    if profile.temperature {
        (options.temperature, options.top_p) = (request.temperature, request.top_p);
    }
    if request.top_k.is_some() {
        return Err(unsupported("takes no `top_k` by this adapter: put it into `extra`, as the provider calls it"));
    }
    if let Some(seed) = request.seed {
        let seed = u64::try_from(seed).map_err(|_| unsupported("takes no seed below zero by this adapter"))?;
        options = options.with_seed(seed);
    }
    if let Some(effort) = request.effort {
        options = options.with_reasoning_effort(match effort {
            Effort::Off => theirs::ReasoningEffort::Zero,
            Effort::Minimal => theirs::ReasoningEffort::Minimal,
            Effort::Low => theirs::ReasoningEffort::Low,
            Effort::Medium => theirs::ReasoningEffort::Medium,
            Effort::High => theirs::ReasoningEffort::High,
            Effort::Tokens(tokens) => theirs::ReasoningEffort::Budget(tokens),
        });
    }
    if !request.tools.is_empty() {
        options = options.with_tool_choice(match &request.tool_choice {
            ToolChoice::Auto => theirs::ToolChoice::Auto,
            ToolChoice::None => theirs::ToolChoice::None,
            ToolChoice::Required => theirs::ToolChoice::Required,
            ToolChoice::Named(name) => theirs::ToolChoice::tool(name.as_str()),
        });
    }
    if request.parallel_tool_calls == Some(false) {
        return Err(unsupported("cannot be kept from asking for several tools by this adapter"));
    }
    match &request.output {
        Output::Text => {}
        Output::Json => options = options.with_response_format(theirs::ChatResponseFormat::JsonMode),
        Output::Schema(_) if !profile.native_schema => return Err(unsupported("is not held to a schema")),
        Output::Schema(spec) => {
            let written = theirs::JsonSpec::new(spec.name.as_str(), spec.schema.clone());
            options = options.with_response_format(theirs::ChatResponseFormat::JsonSpec(written));
        }
    }
    if !request.extra.is_empty() {
        options = options.with_extra_body(Value::Object(request.extra.clone()));
    }
    if let Some(traceparent) = traceparent {
        options = options.with_extra_headers(vec![("traceparent".to_owned(), traceparent.to_owned())]);
    }
    Ok(options)
}

fn unsupported(what: &str) -> LlmError {
    LlmError::new(LlmErrorKind::Unsupported, format!("the model {what}")).unsent()
}
