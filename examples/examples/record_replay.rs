//! Cassettes: what goes over the network is recorded once, and played in each test from then on, without a network, a key or a cost. A
//! request that changed is told with what changed. In the place of the network stands a transport that answers by itself.

use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::{self, StreamExt as _};
use penguiflow::llm::{
    Cassette, Headers, HttpReply, HttpRequest, LlmClient, LlmError, Provider, ProviderModel, Retry, Transport,
};
use penguiflow::{BoxError, Secret};
use std::io::Write;
use std::path::PathBuf;

/// Speaks OpenAI's format, and knows one answer.
struct Network;

impl Transport for Network {
    fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        let answer = r#"{"id":"c-1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Krill."},
            "finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}"#;
        let body = stream::iter([Ok(answer.as_bytes().to_vec())]).boxed();
        async { Ok(HttpReply::new(200, Headers::default(), body)) }.boxed()
    }
}

fn model(key: &str, cassette: Cassette) -> Result<ProviderModel, LlmError> {
    let provider = Provider::compatible("local", "https://models.example/v1")?.with_key(Secret::from(key));
    provider.with_transport(cassette).model("m")
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let file = tempfile();
    let recording = Cassette::record(&file, Network)?;
    let client = LlmClient::new(model("sk-of-the-team", recording)?);
    writeln!(out, "recorded: {}", client.chat("What do penguins eat?").await?.text())?;

    let written = std::fs::read_to_string(&file)?;
    writeln!(out, "the key is in the file: {}", written.contains("sk-of-the-team"))?;

    // In a test: `Cassette::auto` replays what is there, and records what is not.
    let replayed = Cassette::replay(&file)?;
    let client = LlmClient::new(model("any", replayed.clone())?).with_retry(Retry::none());
    let answer = client.chat("What do penguins eat?").await?;
    writeln!(out, "replayed: {} {} tokens were read", answer.text(), answer.usage.input)?;
    replayed.assert_all_used();

    let client = LlmClient::new(model("any", Cassette::replay(&file)?)?).with_retry(Retry::none());
    if let Err(error) = client.chat("What do seals eat?").await {
        let told = error.to_string().replace(&file.display().to_string(), "chat.json");
        writeln!(out, "changed: {told}")?;
    }
    std::fs::remove_file(file)?;
    Ok(())
}

fn tempfile() -> PathBuf {
    std::env::temp_dir().join(format!("penguiflow-record-replay-{}.json", std::process::id()))
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
