//! The client: asks a model, and others in its place, within limits of time and money. Knows no provider.

pub(crate) mod asking;
pub(crate) mod chain;
pub(crate) mod drive;
pub(crate) mod generating;
pub(crate) mod patience;
mod purse;
pub(crate) mod retry;
mod steps;

use crate::clock::Seam;
use crate::llm::chat::request::ChatRequest;
use crate::llm::client::asking::Asking;
use crate::llm::client::chain::Fallback;
use crate::llm::client::drive::Chain;
use crate::llm::client::generating::Generating;
use crate::llm::client::patience::Timeouts;
use crate::llm::client::retry::Retry;
use crate::llm::model::{Model, ModelInfo};
use crate::llm::observe::capture::Capture;
use crate::llm::pace::Pacing;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;

/// Asks models, and does what is to be done about time, money and failures. Cheap to clone.
///
/// ```
/// use penguiflow::llm::{EchoModel, LlmClient};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), penguiflow::llm::LlmError> {
/// let client = LlmClient::new(EchoModel::default());
/// let answer = client.chat("What do penguins eat?").await?;
/// assert_eq!(answer.text(), "What do penguins eat?");
/// # Ok(())
/// # }
/// ```
///
/// - *Retries*: [`Retry`] says how often and how long apart. This is the only place that asks again.
/// - *Other models*: those of [`or`](LlmClient::or) stand in, in their order, for one that is rate limited, broken, or cannot do
///   what is asked; [`Fallback`] says for how long. The first one is asked again as soon as it may be.
/// - *Limits*: [`Pacing`] has those of each account, shared by all clients of the process.
/// - *Time*: [`Timeouts`], and the trace's deadline.
/// - *Money*: a call that works [within](Asking::within) a trace sets aside what it costs at most before it is sent.
/// - *Sight*: each call is a span, in which each attempt that failed is a line of the level `DEBUG`, and, within a trace, an event for
///   the flow's observers; see [`Observed`](crate::llm::Observed).
#[derive(Clone)]
pub struct LlmClient {
    chain: Arc<Chain>,
}

impl LlmClient {
    /// A client of this model.
    #[must_use]
    pub fn new(model: impl Model) -> Self {
        let models: Vec<Arc<dyn Model>> = vec![Arc::new(model)];
        let (retry, timeouts, fallback) = (Retry::default(), Timeouts::default(), Fallback::default());
        let (pacing, seam, learned, capture) = (Pacing::process(), Seam::system(), Arc::default(), Capture::off());
        let chain = Chain { models, retry, timeouts, fallback, pacing, seam, learned, capture };
        LlmClient { chain: Arc::new(chain) }
    }

    /// With another model that stands in where those before it cannot answer.
    #[must_use]
    pub fn or(self, model: impl Model) -> Self {
        self.with(|chain| chain.models.push(Arc::new(model)))
    }

    /// With other retries.
    #[must_use]
    pub fn with_retry(self, retry: Retry) -> Self {
        self.with(|chain| chain.retry = retry)
    }

    /// With other timeouts.
    #[must_use]
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        self.with(|chain| chain.timeouts = timeouts)
    }

    /// With other rules for when models stand in.
    #[must_use]
    pub fn with_fallback(self, fallback: Fallback) -> Self {
        self.with(|chain| chain.fallback = fallback)
    }

    /// With other limits than those of the process.
    #[must_use]
    pub fn with_pacing(self, pacing: Pacing) -> Self {
        self.with(|chain| chain.pacing = pacing)
    }

    /// With another source of time and randomness, for calls that work for no trace; those of a trace have its own.
    #[must_use]
    pub fn with_seam(self, seam: Seam) -> Self {
        self.with(|chain| chain.seam = seam)
    }

    /// Tells spans what is said as well, which they are not told by default.
    #[must_use]
    pub fn with_capture(self, capture: Capture) -> Self {
        self.with(|chain| chain.capture = capture)
    }

    /// The models, in the order in which they are asked.
    pub fn models(&self) -> impl Iterator<Item = &ModelInfo> {
        self.chain.models.iter().map(|model| model.info())
    }

    /// Asks for the next message of a conversation: await it for the whole answer, or have it [step by step](Asking::stream).
    pub fn chat(&self, request: impl Into<ChatRequest>) -> Asking {
        Asking::new(self.chain.clone(), request.into())
    }

    /// Asks for a value of a type: await it for the value, or have it [while it is written](Generating::stream).
    ///
    /// ```
    /// use penguiflow::llm::{LlmClient, ScriptedModel, ScriptedReply};
    /// use serde_json::json;
    ///
    /// #[derive(Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
    /// struct Food {
    ///     name: String,
    ///     grams: Option<u32>,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), penguiflow::llm::LlmError> {
    /// let model = ScriptedModel::new([ScriptedReply::call("structured_output", &json!({ "name": "krill" }))]);
    /// let food = LlmClient::new(model).generate::<Food>("What do penguins eat?").await?;
    /// assert_eq!(food.value, Food { name: "krill".to_owned(), grams: None });
    /// # Ok(())
    /// # }
    /// ```
    pub fn generate<T>(&self, request: impl Into<ChatRequest>) -> Generating<T>
    where
        T: DeserializeOwned + JsonSchema + Send + 'static,
    {
        Generating::new(self.chain.clone(), request.into())
    }

    fn with(mut self, change: impl FnOnce(&mut Chain)) -> Self {
        change(Arc::make_mut(&mut self.chain));
        self
    }
}

impl fmt::Debug for LlmClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let models: Vec<String> = self.models().map(ToString::to_string).collect();
        f.debug_struct("LlmClient").field("models", &models).finish_non_exhaustive()
    }
}
