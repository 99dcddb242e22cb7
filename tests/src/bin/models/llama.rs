//! A real model, however small: what it is asked, what it answers, what it counts, and that it stops when it is told to.

mod generations;

use crate::{Fault, get, must};
use futures_util::StreamExt as _;
use penguiflow::clock::{Seam, millis, secs};
use penguiflow::llm::{ChatEvent, ChatMessage, ChatRequest, LlmClient, Provider, Retry, ToolChoice, ToolSpec, Usage};
use serde_json::{Value, json};

pub(crate) async fn check(url: &str, generations: usize) -> Result<(), Fault> {
    let server = Server { host: url.trim_start_matches("http://").to_owned() };
    let openai = client(Provider::named("llama-server")?.with_base_url(&format!("{url}/v1"))?)?;
    usage(&server, &openai).await?;
    streamed(&server, &openai).await?;
    tool_call(&openai).await?;
    cancelled(&server, &openai).await?;
    let key = || penguiflow::Secret::from("none-is-asked-for");
    let others = [
        Provider::named("anthropic")?.with_key(key()).with_base_url(url)?,
        Provider::named("openai-responses")?.with_key(key()).with_base_url(&format!("{url}/v1"))?,
    ];
    for provider in others {
        let client = client(provider)?;
        usage(&server, &client).await?;
        streamed(&server, &client).await?;
    }
    generations::check(&openai, generations).await
}

fn client(provider: Provider) -> Result<LlmClient, Fault> {
    Ok(LlmClient::new(provider.model("smollm2")?).with_retry(Retry::none()))
}

fn question(most: u32) -> ChatRequest {
    let messages = [ChatMessage::system("You are a helpful zoologist."), ChatMessage::user("What do penguins eat?")];
    ChatRequest::new(messages).with_max_output_tokens(most)
}

/// What was read and written is what the server has counted.
async fn usage(server: &Server, client: &LlmClient) -> Result<(), Fault> {
    let before = server.counted().await?;
    let answer = client.chat(question(24)).await?;
    same_usage(server, before, answer.usage).await?;
    must(!answer.text().trim().is_empty(), || "it said nothing".to_owned())?;
    println!("{client:?}: {:?}, {:?}", answer.text(), answer.usage);
    Ok(())
}

async fn streamed(server: &Server, client: &LlmClient) -> Result<(), Fault> {
    let before = server.counted().await?;
    let mut stream = client.chat(question(24)).stream();
    let (mut text, mut pieces) = (String::new(), 0);
    while let Some(event) = stream.next().await {
        if let ChatEvent::Text { text: more, .. } = event? {
            text.push_str(&more);
            pieces += 1;
        }
    }
    let answer = stream.finish().await?;
    must(answer.text() == text && pieces > 5, || format!("{pieces} pieces: {text:?}"))?;
    same_usage(server, before, answer.usage).await?;
    println!("{client:?}: {pieces} pieces");
    Ok(())
}

async fn same_usage(server: &Server, before: (u64, u64), usage: Usage) -> Result<(), Fault> {
    let after = server.counted().await?;
    let counted = (after.0 - before.0, after.1 - before.1);
    must((usage.input, usage.output) == counted && !usage.estimated, || {
        format!("usage is {usage:?}, and the server counted {counted:?}")
    })
}

/// So small a model asks for a tool only when its answer is begun for it. What it asks for is nobody's business here.
async fn tool_call(client: &LlmClient) -> Result<(), Fault> {
    let schema = json!({ "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] });
    let messages = [ChatMessage::user("How is the weather in Oslo?"), ChatMessage::assistant("<tool_call>\n")];
    let request = ChatRequest::new(messages).with_max_output_tokens(128).with_temperature(0.0);
    let request = request.with_tool(ToolSpec::new("weather", "Tells the weather of a city.", schema));
    let request = request.with_tool_choice(ToolChoice::Required);
    for streamed in [false, true] {
        let asking = client.chat(request.clone());
        let answer = if streamed { asking.stream().finish().await? } else { asking.await? };
        let calls: Vec<_> = answer.message.tool_calls().collect();
        must(!calls.is_empty() && calls[0].parse::<Value>()?.is_object(), || format!("{:?}", answer.message))?;
        println!("{client:?}: calls {} with {}", calls[0].name, calls[0].arguments);
    }
    Ok(())
}

/// When the answer is dropped in the middle, the server stops writing it.
async fn cancelled(server: &Server, client: &LlmClient) -> Result<(), Fault> {
    let before = server.counted().await?;
    let long = ChatRequest::from("Tell a long story of a penguin.").with_max_output_tokens(4_000);
    let mut stream = client.chat(long.with_extra("ignore_eos", true)).stream();
    for _ in 0..8 {
        stream.next().await.ok_or("it ended too soon")??;
    }
    must(server.figure("requests_processing").await? == 1, || "it does not write".to_owned())?;
    drop(stream);
    let clock = Seam::system();
    let dropped = clock.now();
    while server.figure("requests_processing").await? > 0 {
        must(clock.now() - dropped < secs(3), || "it still writes three seconds after it was told to stop".to_owned())?;
        clock.sleep(millis(20)).await;
    }
    let written = server.counted().await?.1 - before.1;
    must(written < 1_000, || format!("it has written {written} tokens"))?;
    println!("{client:?}: stopped {:?} after it was dropped, with {written} tokens written", clock.now() - dropped);
    Ok(())
}

/// The server's own figures.
struct Server {
    host: String,
}

impl Server {
    /// How many tokens it has read and written.
    async fn counted(&self) -> Result<(u64, u64), Fault> {
        let read = self.figure("prompt_tokens_total").await? + self.figure("prompt_tokens_cached_total").await?;
        Ok((read, self.figure("tokens_predicted_total").await?))
    }

    async fn figure(&self, name: &str) -> Result<u64, Fault> {
        let reply = get(&self.host, "/metrics").await?;
        let prefix = format!("llamacpp:{name} ");
        let value = reply.lines().find_map(|line| line.strip_prefix(&prefix)).ok_or_else(|| format!("no {name}"))?;
        Ok(value.trim().parse()?)
    }
}
