//! A network that has one answer, in pieces, and gives it at once. Must not know what is in it.

use crate::answers::Format;
use crate::measure::now;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream;
use penguiflow::Secret;
use penguiflow::llm::{Headers, HttpReply, HttpRequest, LlmClient, LlmError, Provider, Transport};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// As much as a read of a socket gives.
const PIECE: usize = 16 * 1024;

/// One answer.
#[derive(Clone)]
pub struct Canned {
    kind: &'static str,
    body: Arc<Vec<u8>>,
    /// When the last piece was taken.
    last: Arc<Mutex<Option<Instant>>>,
}

impl Canned {
    /// A stream of events.
    pub fn streamed(body: &str) -> Canned {
        Canned::new("text/event-stream", body)
    }

    /// An answer in one piece.
    pub fn whole(body: &str) -> Canned {
        Canned::new("application/json", body)
    }

    fn new(kind: &'static str, body: &str) -> Canned {
        Canned { kind, body: Arc::new(body.as_bytes().to_vec()), last: Arc::default() }
    }

    /// When the last piece of the answer was taken.
    pub fn last(&self) -> Instant {
        self.last.lock().expect("nobody has panicked").expect("was read")
    }

    /// A client of a model that answers so.
    pub fn client(&self, format: Format) -> LlmClient {
        let key = Secret::new("key".to_owned());
        let (provider, model) = match format {
            Format::OpenAi => ("openai", "gpt-4o-mini"),
            Format::Anthropic => ("anthropic", "claude-sonnet-4-5"),
            Format::Gemini => ("google", "gemini-2.5-flash"),
        };
        let provider = Provider::named(provider).expect("is known").with_key(key).with_transport(self.clone());
        LlmClient::new(provider.model(model).expect("is known"))
    }
}

impl Transport for Canned {
    fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        let Canned { kind, body, last } = self.clone();
        let pieces = stream::unfold(0, move |at| {
            let piece = body.get(at..body.len().min(at + PIECE)).filter(|piece| !piece.is_empty()).map(<[u8]>::to_vec);
            if at + PIECE >= body.len() && piece.is_some() {
                *last.lock().expect("nobody has panicked") = Some(now());
            }
            async move { piece.map(|piece| (Ok(piece), at + PIECE)) }
        });
        let headers = Headers(vec![("content-type".to_owned(), kind.to_owned())]);
        Box::pin(async move { Ok(HttpReply::new(200, headers, pieces.boxed())) })
    }
}
