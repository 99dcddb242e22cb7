//! Names, addresses and keys. Unit tests.

mod addresses;
mod deliveries;
mod keys;
mod names;
mod tokens;

use crate::clock::Seam;
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::LlmError;
use crate::llm::model::{Call, Model as _};
use crate::llm::provider::{Provider, ProviderModel};
use crate::llm::transport::{HeaderText, Headers, HttpReply, HttpRequest, Transport};
use futures_util::future::{BoxFuture, FutureExt as _, ready};
use futures_util::stream::{self, StreamExt as _};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Gives these replies, one behind the other, and keeps what was sent.
#[derive(Clone, Default)]
struct Desk {
    replies: Arc<Mutex<Vec<(u16, String)>>>,
    sent: Arc<Mutex<Vec<HttpRequest>>>,
}

impl Desk {
    fn giving(replies: &[(u16, &str)]) -> Self {
        let replies = replies.iter().rev().map(|(status, body)| (*status, (*body).to_owned())).collect();
        Desk { replies: Arc::new(Mutex::new(replies)), sent: Arc::default() }
    }

    fn sent(&self) -> Vec<HttpRequest> {
        self.sent.lock().expect("no test panics inside").clone()
    }

    /// The address and the headers of the last request.
    fn last(&self) -> (String, BTreeMap<String, String>) {
        let last = self.sent().pop().expect("something was sent");
        let text = |text: HeaderText| match text {
            HeaderText::Open(text) => text,
            HeaderText::Secret(secret) => secret.expose().clone(),
        };
        (last.url, last.headers.into_iter().map(|(name, value)| (name, text(value))).collect())
    }
}

impl Transport for Desk {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        self.sent.lock().expect("no test panics inside").push(request);
        let (status, body) = self.replies.lock().expect("no test panics inside").pop().unwrap_or((500, String::new()));
        let body = stream::iter([Ok(body.into_bytes())]).boxed();
        ready(Ok(HttpReply::new(status, Headers::default(), body))).boxed()
    }
}

/// Asks once, and gives the error, if there is one.
fn ask(model: &ProviderModel) -> Option<LlmError> {
    let answer = model.stream(Arc::new(ChatRequest::from("hello")), Call::new(Seam::seeded(1)));
    let heard: Vec<_> = answer.collect().now_or_never().expect("nothing is waited for");
    heard.into_iter().find_map(Result::err)
}

fn vars<'a>(all: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| all.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned())
}

fn named(name: &str) -> Provider {
    Provider::named(name).expect("is known").with_transport(Desk::default())
}
