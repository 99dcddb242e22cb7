//! What a server of another make is sent and gives, in three formats, by its own journal.

use crate::{Fault, get, must};
use futures_util::StreamExt as _;
use penguiflow::Secret;
use penguiflow::llm::{
    ChatEvent, ChatMessage, ChatRequest, Finish, LlmClient, Provider, ProviderModel, Retry, ToolSpec,
};
use serde_json::{Value, json};

/// The words that the server's table has for this question, with two words twice and letters of several bytes.
const ANSWER: &str = "Krill, and the the same again: krill krill, smörgåsbord 🐧.";

/// A model of each format behind the server.
pub(crate) fn models(url: &str) -> Result<Vec<ProviderModel>, Fault> {
    let rows = [
        ("openai", "gpt-4o-mini", "/v1"),
        ("openai-responses", "gpt-4o-mini", "/v1"),
        ("anthropic", "claude-sonnet-5", ""),
        ("google", "gemini-2.5-flash", "/v1beta"),
    ];
    let model = |(provider, model, path): (&str, &str, &str)| -> Result<ProviderModel, Fault> {
        let provider = Provider::named(provider)?.with_key(Secret::from("test-key"));
        Ok(provider.with_base_url(&format!("{url}{path}"))?.model(model)?)
    };
    rows.into_iter().map(model).collect()
}

pub(crate) async fn check(url: &str) -> Result<(), Fault> {
    for model in models(url)? {
        let client = LlmClient::new(model.clone()).with_retry(Retry::none());
        let name = format!("{model:?}");
        plain(&name, &client).await?;
        journal(&name, url).await?;
        streamed(&name, &client).await?;
        tools(&name, &client).await?;
        println!("{name}: plain, journal, streamed, tools");
    }
    Ok(())
}

fn question() -> ChatRequest {
    ChatRequest::from("What do penguins eat?").with_max_output_tokens(64)
}

async fn plain(name: &str, client: &LlmClient) -> Result<(), Fault> {
    let answer = client.chat(question()).await?;
    must(answer.text() == ANSWER, || format!("{name}: plain: {:?}", answer.text()))?;
    must(answer.finish == Finish::Stop, || format!("{name}: plain: {:?}", answer.finish))
}

/// The server has seen the question, where it belongs, with a key and without any of our own fields.
async fn journal(name: &str, url: &str) -> Result<(), Fault> {
    let host = url.trim_start_matches("http://");
    let journal: Vec<Value> = serde_json::from_str(&get(host, "/__aimock/journal").await?)?;
    let last = journal.last().ok_or("the journal is empty")?;
    let (path, body, headers) = (last["path"].as_str().unwrap_or_default(), &last["body"], &last["headers"]);
    let paths =
        ["/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1beta/models/gemini-2.5-flash:generateContent"];
    must(paths.contains(&path), || format!("{name}: asked {path}"))?;
    let asked = &body["messages"][0];
    must((&asked["role"], &asked["content"]) == (&json!("user"), &json!("What do penguins eat?")), || {
        format!("{name}: {body}")
    })?;
    let keys = ["authorization", "x-goog-api-key"].iter().filter(|key| headers.get(**key).is_some()).count();
    must(keys == 1 && last["response"]["status"] == 200, || format!("{name}: {headers}"))
}

async fn streamed(name: &str, client: &LlmClient) -> Result<(), Fault> {
    let mut stream = client.chat(question()).stream();
    let (mut text, mut pieces, mut ends) = (String::new(), 0, 0);
    while let Some(event) = stream.next().await {
        match event? {
            ChatEvent::Text { text: more, .. } => {
                text.push_str(&more);
                pieces += 1;
            }
            ChatEvent::End(_) => ends += 1,
            _ => {}
        }
    }
    must(text == ANSWER, || format!("{name}: streamed: {text:?}"))?;
    must(pieces > 3 && ends == 1, || format!("{name}: streamed: {pieces} pieces, {ends} ends"))
}

async fn tools(name: &str, client: &LlmClient) -> Result<(), Fault> {
    let schema =
        json!({ "type": "object", "properties": { "city": { "type": "string" }, "days": { "type": "integer" } } });
    let tool = ToolSpec::new("weather", "Tells the weather of a city.", schema);
    let ask =
        || ChatRequest::new([ChatMessage::user("How is the weather in Oslo and in Lima?")]).with_tool(tool.clone());
    let whole = client.chat(ask()).await?;
    let streamed = client.chat(ask()).stream().finish().await?;
    for (how, answer) in [("whole", whole), ("streamed", streamed)] {
        let calls: Vec<_> = answer.message.tool_calls().map(|call| (call.name.as_str(), call.parse().ok())).collect();
        let wanted = [
            ("weather", Some(json!({ "city": "Oslo", "days": 1 }))),
            ("weather", Some(json!({ "city": "Lima", "days": 2 }))),
        ];
        must(calls == wanted, || format!("{name}: tools, {how}: {calls:?}"))?;
    }
    Ok(())
}
