//! penguiflow: the client with its retries, timeouts, pacing and spans, over the network.

use crate::Ask;
use crate::answers::Format;
use futures_util::StreamExt as _;
use penguiflow::Secret;
use penguiflow::llm::{ChatEvent, LlmClient, Provider};
use std::sync::Arc;

fn client(format: Format, url: &str) -> Arc<LlmClient> {
    let key = Secret::new("key".to_owned());
    let provider = match format {
        Format::OpenAi => Provider::compatible("local", &format!("{url}/v1")).expect("is a URL"),
        Format::Anthropic => Provider::named("anthropic").and_then(|one| one.with_base_url(url)).expect("is a URL"),
        Format::Gemini => unreachable!("nobody asks it"),
    };
    Arc::new(LlmClient::new(provider.with_key(key).model("a-model").expect("opens")))
}

pub fn whole(format: Format, url: &str) -> Ask {
    let client = client(format, url);
    Box::new(move || {
        let client = client.clone();
        Box::pin(async move { client.chat("What do penguins eat?").await.expect("answers").text().len() })
    })
}

pub fn streamed(format: Format, url: &str) -> Ask {
    let client = client(format, url);
    Box::new(move || {
        let client = client.clone();
        Box::pin(async move {
            let (mut answer, mut heard) = (client.chat("What do penguins eat?").stream(), 0);
            while let Some(event) = answer.next().await {
                if let ChatEvent::Text { text, .. } = event.expect("answers") {
                    heard += text.len();
                }
            }
            let answer = answer.finish().await.expect("is whole");
            assert_eq!(answer.text().len(), heard);
            heard
        })
    })
}
