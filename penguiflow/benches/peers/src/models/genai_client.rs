//! genai: its client, told where the server is, with the answer kept at the end of a stream, as penguiflow keeps it.

use crate::Ask;
use crate::answers::Format;
use futures_util::StreamExt as _;
use genai::adapter::AdapterKind;
use genai::chat::{ChatMessage, ChatOptions, ChatRequest, ChatStreamEvent};
use genai::resolver::{AuthData, Endpoint};
use genai::{Client, ModelIden, ServiceTarget};
use std::sync::Arc;

struct Asked {
    client: Client,
    target: ServiceTarget,
    options: ChatOptions,
}

fn asked(format: Format, url: &str) -> Arc<Asked> {
    let kind = match format {
        Format::OpenAi => AdapterKind::OpenAI,
        Format::Anthropic => AdapterKind::Anthropic,
        Format::Gemini => unreachable!("nobody asks it"),
    };
    // As penguiflow's: no proxy and no certificates for what is on this machine.
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().expect("a client");
    let client = Client::builder().with_reqwest(http).build().expect("a client");
    let target = ServiceTarget {
        endpoint: Endpoint::from_owned(format!("{url}/v1/")),
        auth: AuthData::from_single("key"),
        model: ModelIden::new(kind, "a-model"),
    };
    let options = ChatOptions::default().with_capture_content(true).with_capture_usage(true);
    Arc::new(Asked { client, target, options })
}

fn request() -> ChatRequest {
    ChatRequest::new(vec![ChatMessage::user("What do penguins eat?")])
}

pub fn whole(format: Format, url: &str) -> Ask {
    let asked = asked(format, url);
    Box::new(move || {
        let asked = asked.clone();
        Box::pin(async move {
            let answer = asked.client.exec_chat(asked.target.clone(), request(), Some(&asked.options)).await;
            answer.expect("answers").first_text().map_or(0, str::len)
        })
    })
}

pub fn streamed(format: Format, url: &str) -> Ask {
    let asked = asked(format, url);
    Box::new(move || {
        let asked = asked.clone();
        Box::pin(async move {
            let answer = asked.client.exec_chat_stream(asked.target.clone(), request(), Some(&asked.options)).await;
            let (mut steps, mut heard, mut kept) = (answer.expect("answers").stream, 0, 0);
            while let Some(step) = steps.next().await {
                match step.expect("answers") {
                    ChatStreamEvent::Chunk(chunk) => heard += chunk.content.len(),
                    ChatStreamEvent::End(end) => kept = end.captured_first_text().map_or(0, str::len),
                    _ => {}
                }
            }
            assert_eq!(kept, heard);
            heard
        })
    })
}
