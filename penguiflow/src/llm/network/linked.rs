//! Sends requests over the network. Must not know what is in them.

use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::transport::{Body, HeaderText, Headers, HttpReply, HttpRequest, Transport};
use crate::net;
use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::{self, StreamExt as _};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Response, Url};
use std::error::Error as StdError;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// Who asks.
const USER_AGENT: &str = concat!("penguiflow/", env!("CARGO_PKG_VERSION"));

pub(crate) fn transport() -> Result<Arc<dyn Transport>, LlmError> {
    Ok(Arc::new(HttpTransport::new()?))
}

/// Sends requests over the network, by HTTP/1.1 or HTTP/2, encrypted by rustls.
///
/// Connections are kept and used again, by all who hold a clone. A connection may take 10 seconds to be made; for all else the timeouts of
/// the [`LlmClient`](crate::llm::LlmClient) hold. Redirects are not followed, and nothing is sent twice. Proxies that the environment names
/// (`HTTPS_PROXY`, `NO_PROXY`) are used, but not for `http` on this very machine: what is not encrypted does not leave it.
///
/// # Errors
/// All are of the kind [`Transport`](LlmErrorKind::Transport); the message tells what broke, and names no more of the address than the
/// host.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: Client,
    /// For `http` on this machine: no proxy, and no certificates.
    local: Client,
}

impl HttpTransport {
    /// With connections of its own.
    ///
    /// # Errors
    /// [`Transport`](LlmErrorKind::Transport) where the machine's certificates cannot be read.
    pub fn new() -> Result<Self, LlmError> {
        let client = || net::client().connect_timeout(CONNECT).user_agent(USER_AGENT);
        let failed = |error| failed("the client could not be made", error);
        let local = client().no_proxy().tls_certs_only([]).build().map_err(failed)?;
        Ok(HttpTransport { client: client().build().map_err(failed)?, local })
    }

    fn client(&self, url: &Url) -> &Client {
        let host = url.host_str().unwrap_or_default();
        let is_local = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(ip) => ip.is_loopback(),
            Err(_) => host == "localhost" || host.ends_with(".localhost"),
        };
        if is_local && url.scheme() == "http" { &self.local } else { &self.client }
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        let this = self.clone();
        async move {
            let (url, headers) = (url(&request)?, headers(&request)?);
            let client = this.client(&url);
            let sent = client.post(url).headers(headers).body(request.body).send().await;
            sent.map(reply).map_err(|error| failed(words(&error), error))
        }
        .boxed()
    }
}

fn url(request: &HttpRequest) -> Result<Url, LlmError> {
    let wrong = || LlmError::new(LlmErrorKind::InvalidRequest { field: Some("base_url".to_owned()) }, "it is no URL");
    Url::parse(&request.url).map_err(|_| wrong())
}

fn headers(request: &HttpRequest) -> Result<HeaderMap, LlmError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, text) in &request.headers {
        let put = match text {
            HeaderText::Open(text) => net::put(&mut headers, name, text, false),
            HeaderText::Secret(text) => net::put_secret(&mut headers, name, text.expose()),
        };
        put.map_err(|why| {
            let kind = LlmErrorKind::InvalidRequest { field: Some("headers".to_owned()) };
            LlmError::new(kind, format!("the header {name:?} cannot be sent: {why}"))
        })?;
    }
    Ok(headers)
}

fn reply(response: Response) -> HttpReply {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let status = response.status().as_u16();
    let body: Body = stream::unfold(Some(response), |response| async move {
        let mut response = response?;
        match response.chunk().await {
            Ok(None) => None,
            Ok(Some(bytes)) => Some((Ok(bytes.to_vec()), Some(response))),
            Err(error) => Some((Err(failed("the answer broke off", error)), None)),
        }
    })
    .boxed();
    HttpReply::new(status, Headers(headers), body)
}

/// What broke. The words of the libraries behind it name addresses, and stay in the source, without the URL.
fn words(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "the connection took too long to be made"
    } else if is_tls(error) {
        "no encrypted connection could be made"
    } else if error.is_connect() {
        "no connection could be made"
    } else {
        "the connection broke before there was an answer"
    }
}

fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(one) = cause {
        if one.is::<rustls::Error>() {
            return true;
        }
        // Whose source is that of what it holds, and not what it holds.
        cause = match one.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => one.source(),
        };
    }
    false
}

fn failed(what: &str, error: reqwest::Error) -> LlmError {
    let host = error.url().and_then(Url::host_str).map(|host| format!(" ({host})")).unwrap_or_default();
    LlmError::new(LlmErrorKind::Transport, format!("{what}{host}")).with_source(error.without_url())
}
