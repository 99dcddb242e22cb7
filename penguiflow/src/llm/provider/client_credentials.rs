//! Gets tokens from an OAuth server for a client that has a secret, and keeps one while it is good. Must not know what it is for.

use crate::clock::{Seam, later};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::key::KeySource;
use crate::llm::network;
use crate::llm::transport::{HttpRequest, Transport};
use crate::llm::wire::fault::Said;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use serde::Deserialize;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long before its end a token is not used any more, so that it does not end under way.
const MARGIN: Duration = Duration::from_secs(60);
/// How much of a reply is read.
const REPLY_BYTES_MAX: usize = 64 * 1024;
/// How long a token is good where the server does not say.
const LIFETIME_S: u64 = 300;

/// A [`KeySource`] that gets its keys from an OAuth server: those of a Databricks service principal, for one.
///
/// A token is asked for when the first request needs one, kept, and asked for again a minute before it ends; requests that come
/// meanwhile wait for the same answer. It is the [client credentials grant](https://www.rfc-editor.org/rfc/rfc6749#section-4.4) with the
/// client's secret as HTTP Basic.
///
/// ```
/// use penguiflow::Secret;
/// use penguiflow::llm::ClientCredentials;
/// # fn transport() -> impl penguiflow::llm::Transport { Nowhere }
/// # struct Nowhere;
/// # impl penguiflow::llm::Transport for Nowhere {
/// #     fn send(
/// #         &self,
/// #         _: penguiflow::llm::HttpRequest,
/// #     ) -> futures_util::future::BoxFuture<'static, Result<penguiflow::llm::HttpReply, penguiflow::llm::LlmError>> {
/// #         Box::pin(std::future::pending())
/// #     }
/// # }
///
/// let url = "https://acme.cloud.databricks.com/oidc/v1/token";
/// let key = ClientCredentials::new(url, "client", Secret::new("secret".to_owned()), transport()).with_scope("all-apis");
/// # let _ = key;
/// ```
///
/// *Cancel safety*: a request that is dropped while it waits leaves the others waiting; the next of them asks.
pub struct ClientCredentials {
    url: String,
    client: String,
    secret: Secret,
    scope: String,
    seam: Seam,
    transport: Arc<dyn Transport>,
    kept: Mutex<Option<Token>>,
}

struct Token {
    text: Secret,
    ends: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<f64>,
}

impl ClientCredentials {
    /// Asks the server at `url`, for all that the client may do.
    #[must_use]
    pub fn new(url: impl Into<String>, client: impl Into<String>, secret: Secret, transport: impl Transport) -> Self {
        Self::over(url.into(), client.into(), secret, Arc::new(transport))
    }

    /// As [`ClientCredentials::new`], over the network: with the feature `llm-http`.
    ///
    /// # Errors
    /// [`Unsupported`](LlmErrorKind::Unsupported) without the feature.
    pub fn over_http(url: impl Into<String>, client: impl Into<String>, secret: Secret) -> Result<Self, LlmError> {
        Ok(Self::over(url.into(), client.into(), secret, network::transport()?))
    }

    pub(super) fn over(url: String, client: String, secret: Secret, transport: Arc<dyn Transport>) -> Self {
        let (scope, seam, kept) = ("all-apis".to_owned(), Seam::system(), Mutex::new(None));
        ClientCredentials { url, client, secret, scope, seam, transport, kept }
    }

    /// With another scope than `all-apis`.
    #[must_use]
    pub fn with_scope(self, scope: impl Into<String>) -> Self {
        ClientCredentials { scope: scope.into(), ..self }
    }

    /// With another clock than the system's.
    #[must_use]
    pub fn with_seam(self, seam: Seam) -> Self {
        ClientCredentials { seam, ..self }
    }

    async fn token(&self) -> Result<Secret, LlmError> {
        // Held while the server is asked, so that it is asked once.
        let mut kept = self.kept.lock().await;
        match &*kept {
            Some(token) if self.seam.now() < token.ends => Ok(token.text.clone()),
            _ => {
                let token = self.ask().await?;
                let text = token.text.clone();
                *kept = Some(token);
                Ok(text)
            }
        }
    }

    async fn ask(&self) -> Result<Token, LlmError> {
        let asked = self.seam.now();
        let basic = STANDARD.encode(format!("{}:{}", form(&self.client), form(self.secret.expose())));
        let body = format!("grant_type=client_credentials&scope={}", form(&self.scope)).into_bytes();
        let request = HttpRequest { url: self.url.clone(), headers: Vec::new(), body }
            .with_header("content-type", "application/x-www-form-urlencoded")
            .with_secret("authorization", Secret::new(format!("Basic {basic}")));
        let mut reply = self.transport.send(request).await?;
        let mut body = Vec::new();
        while let Some(piece) = reply.body.next().await {
            body.extend_from_slice(&piece?);
            if body.len() > REPLY_BYTES_MAX {
                return Err(LlmError::new(LlmErrorKind::Auth, "the OAuth server's reply is too long"));
            }
        }
        if !(200..300).contains(&reply.status) {
            let said = Said::reply(reply.status, &reply.headers, &body, self.seam.wall());
            // Whatever it is about a client, it is about who asks: <https://www.rfc-editor.org/rfc/rfc6749#section-5.2>.
            let error = said.clone().into_error();
            return Err(if error.is_transient() { error } else { said.of_kind(LlmErrorKind::Auth) });
        }
        let granted: Granted = serde_json::from_slice(&body)
            .map_err(|_| LlmError::new(LlmErrorKind::Auth, "the OAuth server's reply holds no token"))?;
        let lifetime = granted.expires_in.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let lifetime = lifetime.unwrap_or(Duration::from_secs(LIFETIME_S));
        Ok(Token { text: Secret::new(granted.access_token), ends: later(asked, lifetime.saturating_sub(MARGIN)) })
    }
}

impl KeySource for ClientCredentials {
    fn key(&self) -> BoxFuture<'_, Result<Secret, LlmError>> {
        self.token().boxed()
    }

    fn mark(&self) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        self.client.hash(&mut hasher);
        Some(hasher.finish())
    }
}

/// Without the secret and the token.
impl std::fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("url", &self.url)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// As forms are written: <https://url.spec.whatwg.org/#application/x-www-form-urlencoded>.
fn form(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}
