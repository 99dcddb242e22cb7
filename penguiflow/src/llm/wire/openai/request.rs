//! Writes the body of a request. Must not know where it goes.

use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::request::{ChatRequest, Output};
use crate::llm::chat::tool::{ToolChoice, ToolSpec};
use crate::llm::error::LlmError;
use crate::llm::model::Delivery;
use crate::llm::wire::checks::{check, unsupported};
use crate::llm::wire::openai::fields::{limit_field, put, put_some};
use crate::llm::wire::openai::form::{Address, Form, StreamedSchemas, StreamedUsage};
use crate::llm::wire::openai::{effort, messages};
use crate::llm::wire::{Ask, Target};
use serde_json::{Map, Value, json};

/// The whole body. A temperature is left out where the profile says that the model draws as it likes.
pub(super) fn body(form: &Form, target: &Target, ask: &Ask<'_>) -> Result<Value, LlmError> {
    let (request, profile) = (ask.request, &*target.profile);
    check(request, profile)?;
    let mut body = Map::new();
    match form.address {
        Address::Path(_) => put(&mut body, "model", target.model.as_str()),
        // The address names it.
        Address::Deployment { .. } | Address::Endpoint => {}
    }
    let streamed = ask.delivery == Delivery::Streamed;
    let told = told_schema(form, &request.output, streamed);
    let all = told.iter().chain(&request.messages);
    put(&mut body, "messages", messages::all(form, profile, all)?);
    tools(form, request, &mut body);
    if told.is_none() {
        output(&request.output, &mut body);
    }
    if let Some(tokens) = request.max_output_tokens {
        put(&mut body, limit_field(profile.limit_field), tokens);
    }
    if profile.temperature {
        put_some(&mut body, "temperature", request.temperature);
        put_some(&mut body, "top_p", request.top_p);
    }
    if let Some(top_k) = request.top_k {
        let field = form.top_k.ok_or_else(|| unsupported("the format has no `top_k`"))?;
        put(&mut body, field, top_k);
    }
    put_some(&mut body, form.seed, request.seed);
    if !request.stop.is_empty() {
        put(&mut body, "stop", json!(request.stop));
    }
    if let Some(asked) = request.effort {
        effort::put(form, target, asked, &mut body)?;
    }
    if streamed {
        put(&mut body, "stream", true);
        if form.usage == StreamedUsage::Asked {
            put(&mut body, "stream_options", json!({"include_usage": true}));
        }
    }
    body.extend(request.extra.clone());
    Ok(Value::Object(body))
}

fn tools(form: &Form, request: &ChatRequest, body: &mut Map<String, Value>) {
    if request.tools.is_empty() {
        return;
    }
    let tools = request.tools.iter().map(|ToolSpec { name, description, schema, .. }| {
        json!({"type": "function", "function": {"name": name, "description": description, "parameters": schema}})
    });
    put(body, "tools", tools.collect::<Value>());
    match &request.tool_choice {
        ToolChoice::Auto => {}
        ToolChoice::None => put(body, "tool_choice", "none"),
        ToolChoice::Required => put(body, "tool_choice", form.any_tool),
        ToolChoice::Named(name) => {
            put(body, "tool_choice", json!({"type": "function", "function": {"name": name}}));
        }
    }
    put_some(body, "parallel_tool_calls", request.parallel_tool_calls);
}

fn output(output: &Output, body: &mut Map<String, Value>) {
    match output {
        Output::Text => {}
        Output::Json => put(body, "response_format", json!({"type": "json_object"})),
        Output::Schema(spec) => {
            let mut schema = json!({"name": spec.name, "schema": spec.schema, "strict": spec.strict});
            if let Some(description) = &spec.description {
                schema["description"] = json!(description);
            }
            put(body, "response_format", json!({"type": "json_schema", "json_schema": schema}));
        }
    }
}

/// What is said in the place of a schema that a stream cannot be held to.
fn told_schema(form: &Form, output: &Output, streamed: bool) -> Option<ChatMessage> {
    match output {
        Output::Schema(spec) if streamed && form.schemas == StreamedSchemas::Told => {
            let text =
                format!("Answer with one JSON value of this JSON schema, and with nothing else:\n{}", spec.schema);
            Some(ChatMessage::new(Role::System, vec![text.into()]))
        }
        Output::Text | Output::Json | Output::Schema(_) => None,
    }
}
