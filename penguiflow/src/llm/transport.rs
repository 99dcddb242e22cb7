//! The port to the network: one request, one reply. Must not know what is in them.

use crate::llm::error::LlmError;
use crate::secret::Secret;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use std::pin::Pin;
use std::sync::Arc;

/// The body of a reply, piece by piece, cut anywhere.
pub type Body = Pin<Box<dyn Stream<Item = Result<Vec<u8>, LlmError>> + Send>>;

/// Sends requests. What a test or a cassette puts in the place of the network.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request, and gives the reply's head as soon as it is there.
    ///
    /// *Cancel safety*: dropping the future or the body drops the request.
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        (**self).send(request)
    }
}

/// A `POST` of JSON. Where no header says otherwise, its `content-type` is `application/json`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HttpRequest {
    /// Where to.
    pub url: String,
    /// The headers that are sent beside those of every request.
    pub headers: Vec<(String, HeaderText)>,
    /// The body, as it is sent.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// A request that sends this JSON.
    #[must_use]
    pub fn json(url: impl Into<String>, body: &serde_json::Value) -> Self {
        HttpRequest { url: url.into(), headers: Vec::new(), body: body.to_string().into_bytes() }
    }

    /// With a header that anybody may see.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), HeaderText::Open(value.into())));
        self
    }

    /// With a header that nobody may see.
    #[must_use]
    pub fn with_secret(mut self, name: impl Into<String>, value: Secret) -> Self {
        self.headers.push((name.into(), HeaderText::Secret(value)));
        self
    }
}

/// The value of a header.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum HeaderText {
    /// Anybody may see it.
    Open(String),
    /// It is sent, and never shown or recorded.
    Secret(Secret),
}

/// The head of a reply, and the way to its body.
#[non_exhaustive]
pub struct HttpReply {
    /// Its status.
    pub status: u16,
    /// Its headers, their names in small letters.
    pub headers: Headers,
    /// Its body.
    pub body: Body,
}

impl HttpReply {
    /// A reply.
    #[must_use]
    pub fn new(status: u16, headers: Headers, body: Body) -> Self {
        HttpReply { status, headers, body }
    }
}

/// The headers of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// The first value of that name, which is written in small letters.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
