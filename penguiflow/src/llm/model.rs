//! The port to a model. Must not know who asks, nor what is done about failures.

use crate::clock::Seam;
use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::LlmError;
use crate::llm::profile::Profile;
use futures_util::Stream;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// The steps of one answer.
///
/// *Order*: any number of steps, then exactly one [`ChatEvent::End`] or exactly one error, then nothing.
///
/// *Cancel safety*: dropping it drops the request at once, and with it the connection if the request needs one for itself.
pub type ModelStream = Pin<Box<dyn Stream<Item = Result<ChatEvent, LlmError>> + Send>>;

/// A model, or what stands for one.
///
/// It is asked once and answers once: retries, timeouts, limits, budgets and other models are the business of an
/// [`LlmClient`](crate::llm::LlmClient).
///
/// ```
/// use futures_util::stream;
/// use penguiflow::llm::{Call, ChatEvent, ChatRequest, End, Finish, Model, ModelInfo, ModelStream};
/// use std::sync::Arc;
///
/// /// Says yes.
/// struct Yes(ModelInfo);
///
/// impl Model for Yes {
///     fn info(&self) -> &ModelInfo {
///         &self.0
///     }
///     fn stream(&self, _: Arc<ChatRequest>, _: Call) -> ModelStream {
///         let yes = ChatEvent::Text { part: 0, text: "yes".to_owned() };
///         Box::pin(stream::iter([Ok(yes), Ok(ChatEvent::End(End::new(Finish::Stop)))]))
///     }
/// }
/// # let _ = Yes(ModelInfo::new("test", "yes"));
/// ```
pub trait Model: Send + Sync + 'static {
    /// What it is called, and what it can do.
    fn info(&self) -> &ModelInfo;

    /// Asks it. Nothing is sent before the stream is polled.
    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream;
}

impl<M: Model + ?Sized> Model for Arc<M> {
    fn info(&self) -> &ModelInfo {
        (**self).info()
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        (**self).stream(request, call)
    }
}

/// What is known of a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ModelInfo {
    /// Who serves it: `openai`, `anthropic`.
    pub provider: String,
    /// Its name there.
    pub name: String,
    /// What it can do and what it costs.
    pub profile: Arc<Profile>,
    /// What its limits are counted by: calls with the same key of a provider share them. Never the key itself.
    pub account: String,
    /// Where it is reached, `https://api.example.org/v1`, where that is known: for spans.
    pub endpoint: Option<String>,
}

impl ModelInfo {
    /// A model of which nothing else is known.
    #[must_use]
    pub fn new(provider: impl Into<String>, name: impl Into<String>) -> Self {
        let provider = provider.into();
        let account = provider.clone();
        ModelInfo { provider, name: name.into(), profile: Arc::default(), account, endpoint: None }
    }

    /// With what it can do and what it costs.
    #[must_use]
    pub fn with_profile(self, profile: Profile) -> Self {
        ModelInfo { profile: Arc::new(profile), ..self }
    }

    /// With another account than its provider's name.
    #[must_use]
    pub fn with_account(self, account: impl Into<String>) -> Self {
        ModelInfo { account: account.into(), ..self }
    }

    /// With where it is reached. A user or a password in it is nobody else's to read: only its host and port are told.
    #[must_use]
    pub fn with_endpoint(self, url: impl Into<String>) -> Self {
        ModelInfo { endpoint: Some(url.into()), ..self }
    }
}

/// `provider/name`.
impl fmt::Display for ModelInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.name)
    }
}

/// What surrounds one call of a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Call {
    /// Where time comes from.
    pub seam: Seam,
    /// How the answer is to come.
    pub delivery: Delivery,
    /// What a request brings along as its header `traceparent`.
    pub traceparent: Option<String>,
}

impl Call {
    /// A call of its own, step by step.
    #[must_use]
    pub fn new(seam: Seam) -> Self {
        Call { seam, delivery: Delivery::Streamed, traceparent: None }
    }

    /// With another delivery than [`Delivery::Streamed`].
    #[must_use]
    pub fn with_delivery(self, delivery: Delivery) -> Self {
        Call { delivery, ..self }
    }
}

/// How an answer is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// Step by step, as it is written.
    Streamed,
    /// In one piece, once it is written.
    Whole,
}
