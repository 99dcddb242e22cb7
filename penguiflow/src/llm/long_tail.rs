//! Providers that have no format of our own here, by the crate `genai`. Must not know what is done about failures.

mod asked;
mod fault;
mod heard;
mod rows;

use crate::error::BoxError;
use crate::llm::catalog::Catalog;
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::key::KeySource;
use crate::llm::long_tail::rows::Row;
use crate::llm::model::{Call, Model, ModelInfo, ModelStream};
use crate::llm::provider::{account, address};
use crate::net;
use crate::secret::Secret;
use futures_util::stream::{self, StreamExt as _};
use genai::resolver::{AuthData, Endpoint};
use genai::{Client, ModelIden, ServiceTarget};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// A provider out of the long tail: Cohere, Fireworks, GitHub Models and others, as [`names`](LongTail::names) lists them.
///
/// They are reached by the crate [genai](https://docs.rs/genai), behind the same [`Model`] as those of a
/// [`Provider`](crate::llm::Provider). What it does not tell is not told: tools that the model asks for come in one piece at the end of a stream, and
/// usage is estimated where the provider's is lost on the way. Signatures and cache hints are not passed on.
///
/// ```
/// use penguiflow::llm::{LongTail, Model};
/// use penguiflow::Secret;
///
/// # fn main() -> Result<(), penguiflow::llm::LlmError> {
/// let model = LongTail::named("cohere")?.with_key(Secret::from("…")).model("command-a-03-2025")?;
/// assert_eq!(model.info().to_string(), "cohere/command-a-03-2025");
/// # Ok(())
/// # }
/// ```
///
/// # Where a key goes
/// To the provider's own address, or to the one that is [given](LongTail::with_base_url) with it. Redirects are not followed.
#[derive(Clone)]
pub struct LongTail {
    row: &'static Row,
    key: Option<Arc<dyn KeySource>>,
    base_url: Option<String>,
    catalog: Option<Catalog>,
}

impl LongTail {
    /// The provider of that name.
    ///
    /// # Errors
    /// [`UnknownModel`](LlmErrorKind::UnknownModel) where there is none; it says which one may be meant.
    pub fn named(name: &str) -> Result<Self, LlmError> {
        let row = rows::ALL.iter().find(|row| row.name == name);
        let row = row.ok_or_else(|| LlmError::new(LlmErrorKind::UnknownModel, rows::unknown(name)))?;
        Ok(LongTail { row, key: None, base_url: None, catalog: None })
    }

    /// The names of all that there are.
    pub fn names() -> impl Iterator<Item = &'static str> {
        rows::ALL.iter().map(|row| row.name)
    }

    /// With this key.
    #[must_use]
    pub fn with_key(self, key: impl KeySource) -> Self {
        LongTail { key: Some(Arc::new(key)), ..self }
    }

    /// With the key that the provider's variable of the environment holds, `COHERE_API_KEY` and its like, unless one is given.
    #[must_use]
    pub fn from_env(self) -> Self {
        let held = std::env::var(self.row.key_var).ok().filter(|key| !key.trim().is_empty());
        match (&self.key, held) {
            // A key of the environment goes to the provider's own address alone.
            (None, Some(key)) if self.base_url.is_none() => self.with_key(Secret::new(key.trim().to_owned())),
            _ => self,
        }
    }

    /// At another address than the provider's own.
    ///
    /// # Errors
    /// [`InvalidRequest`](LlmErrorKind::InvalidRequest) where it is no base URL, or of `http` and on another machine.
    pub fn with_base_url(self, base_url: &str) -> Result<Self, LlmError> {
        let base = address::checked(base_url, address::Plain::Loopback)?;
        Ok(LongTail { base_url: Some(base), ..self })
    }

    /// With what this catalogue knows of its models, in the place of the [embedded](Catalog::embedded) one.
    #[must_use]
    pub fn with_catalog(self, catalog: Catalog) -> Self {
        LongTail { catalog: Some(catalog), ..self }
    }

    /// The model of that name. Nothing is sent, so that it exists is not known yet.
    ///
    /// # Errors
    /// [`Auth`](LlmErrorKind::Auth) where there is no key.
    pub fn model(&self, name: &str) -> Result<LongTailModel, LlmError> {
        let Row { name: provider, key_var, base_url, .. } = *self.row;
        let Some(key) = self.key.clone() else {
            let message = format!("no key: it is set by `{key_var}` or given");
            return Err(LlmError::new(LlmErrorKind::Auth, message).of(format!("{provider}/{name}")).unsent());
        };
        let base_url = self.base_url.clone().unwrap_or_else(|| base_url.to_owned());
        let made = client();
        let client =
            made.map_err(|error| LlmError::new(LlmErrorKind::Unsupported, "no HTTP client").with_source(error))?;
        let profile = self.catalog.clone().unwrap_or_else(Catalog::embedded).profile(provider, name).profile;
        let account = account::of(provider, &base_url, Some(&*key));
        let info = ModelInfo {
            profile,
            ..ModelInfo::new(provider, name).with_account(account).with_endpoint(base_url.as_str())
        };
        let parts = Parts { row: self.row, name: name.to_owned(), base_url, key, client };
        Ok(LongTailModel { info, parts: Arc::new(parts) })
    }
}

fn client() -> Result<Client, BoxError> {
    let http = net::client().connect_timeout(CONNECT).build()?;
    Ok(Client::builder().with_reqwest(http).build()?)
}

/// Without its key.
impl fmt::Debug for LongTail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LongTail")
            .field("name", &self.row.name)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// A model of the [long tail](LongTail). Clones are the same model.
#[derive(Clone)]
pub struct LongTailModel {
    info: ModelInfo,
    parts: Arc<Parts>,
}

struct Parts {
    row: &'static Row,
    name: String,
    /// With a `/` at its end, as genai wants it.
    base_url: String,
    key: Arc<dyn KeySource>,
    client: Client,
}

impl Model for LongTailModel {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        let (parts, profile, name) = (self.parts.clone(), self.info.profile.clone(), self.info.to_string());
        let events = stream::once(async move {
            let (asked, options) = asked::write(&request, &profile, call.traceparent.as_deref())?;
            let key = parts.key.key().await?;
            let said = |error: genai::Error| fault::of(&error, &key, call.seam.wall());
            let target = ServiceTarget {
                endpoint: Endpoint::from_owned(format!("{}/", parts.base_url.trim_end_matches('/'))),
                auth: AuthData::from_single(key.expose().as_str()),
                model: ModelIden::new(parts.row.kind, parts.name.as_str()),
            };
            let answer = parts.client.exec_chat_stream(target, asked, Some(&options)).await.map_err(said)?;
            Ok(heard::events(answer.stream, key, call.seam))
        });
        let events = events.flat_map(|begun: Result<ModelStream, LlmError>| match begun {
            Ok(events) => events,
            Err(error) => stream::iter([Err(error)]).boxed(),
        });
        Box::pin(events.map(move |event| event.map_err(|error| error.of(name.as_str()))))
    }
}

/// Without its key.
impl fmt::Debug for LongTailModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LongTailModel").field(&self.info.to_string()).finish()
    }
}

#[cfg(test)]
mod tests;
