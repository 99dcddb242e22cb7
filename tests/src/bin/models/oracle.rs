//! Holds the conversations that a provider's own client holds as well, and prints what was read. Compares nothing.

use crate::Fault;
use penguiflow::Secret;
use penguiflow::llm::{
    Catalog, ChatMessage, ChatRequest, ChatResponse, Finish, Image, LlmClient, Output, OutputSpec, Provider, Retry,
    ToolResult, ToolSpec,
};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conversation {
    name: String,
    system: Option<String>,
    user: String,
    max_tokens: u32,
    temperature: Option<f64>,
    #[serde(default)]
    stream: bool,
    tool: Option<Tool>,
    #[serde(default)]
    results: Vec<String>,
    schema: Option<Value>,
    /// In base64.
    image: Option<Image64>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
    description: String,
    schema: Value,
}

/// A picture, read as our own type reads one.
#[derive(Deserialize)]
#[serde(transparent)]
struct Image64(penguiflow::llm::Bytes);

pub(crate) async fn hold(format: &str, url: &str, file: &str) -> Result<(), Fault> {
    let conversations: Vec<Conversation> = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let (model, base) = match format {
        "openai" => ("gpt-4o-mini", format!("{url}/v1")),
        "anthropic" => ("claude-sonnet-5", url.to_owned()),
        "google" => ("gemini-2.5-flash", format!("{url}/v1beta")),
        other => return Err(format!("no format {other}").into()),
    };
    let provider = Provider::named(format)?
        .with_key(Secret::from(format!("key-of-{format}")))
        .with_base_url(&base)?
        .with_catalog(Catalog::embedded());
    let client = LlmClient::new(provider.model(model)?).with_retry(Retry::none());
    for conversation in conversations {
        converse(&client, format, conversation).await?;
    }
    Ok(())
}

async fn converse(client: &LlmClient, format: &str, it: Conversation) -> Result<(), Fault> {
    let mut request = asked(format, &it);
    for turn in 1.. {
        let asking = client.chat(request.clone());
        let response = if it.stream { asking.stream().finish().await? } else { asking.await? };
        tell(&it.name, turn, &response)?;
        let calls: Vec<_> = response.message.tool_calls().cloned().collect();
        if calls.is_empty() {
            break;
        }
        request.messages.push(response.message);
        for (call, result) in calls.iter().zip(&it.results) {
            request.messages.push(ChatMessage::tool(ToolResult::text(call, result.as_str())));
        }
    }
    Ok(())
}

fn asked(format: &str, it: &Conversation) -> ChatRequest {
    let mut user = ChatMessage::user(it.user.as_str());
    if let Some(Image64(bytes)) = &it.image {
        user = user.with(Image::bytes("image/png", bytes.clone()));
    }
    let system = it.system.as_deref().map(ChatMessage::system);
    let mut request = ChatRequest::new(system.into_iter().chain([user])).with_max_output_tokens(it.max_tokens);
    // Anthropic's newest version takes none.
    request.temperature = it.temperature.filter(|_| format != "anthropic");
    if let Some(tool) = &it.tool {
        request = request.with_tool(ToolSpec::new(tool.name.as_str(), tool.description.as_str(), tool.schema.clone()));
    }
    if let Some(schema) = &it.schema {
        request = request.with_output(Output::Schema(OutputSpec::new("food", schema.clone())));
    }
    request
}

fn tell(name: &str, turn: usize, response: &ChatResponse) -> Result<(), Fault> {
    let calls: Vec<Value> = response
        .message
        .tool_calls()
        .map(|call| Ok(json!({ "name": call.name, "arguments": call.parse::<Value>()? })))
        .collect::<Result<_, serde_json::Error>>()?;
    // What Google calls the end of a message that asks for tools is not written down.
    let finish = if calls.is_empty() { response.finish.clone() } else { Finish::ToolCalls };
    let text = response.text();
    println!("{}", json!({ "name": name, "turn": turn, "text": text, "calls": calls, "finish": finish.to_string() }));
    Ok(())
}
