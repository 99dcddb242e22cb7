//! What a provider's format is: how a request is written and an answer is read. Pure: no network, no clock, no tasks.

pub(crate) mod anthropic;
pub(crate) mod checks;
pub(crate) mod converse;
#[cfg(test)]
pub(crate) mod driver;
pub(crate) mod fault;
pub(crate) mod frames;
pub(crate) mod gemini;
pub(crate) mod ids;
pub(crate) mod openai;
pub(crate) mod path;
pub(crate) mod plain;
pub(crate) mod responses;
pub(crate) mod thinking;
pub(crate) mod turns;

use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::LlmError;
use crate::llm::model::Delivery;
use crate::llm::profile::Profile;
use crate::llm::transport::{Headers, HttpRequest};
use crate::llm::wire::frames::{Frame, Framing};
use crate::secret::Secret;
use std::time::SystemTime;

/// A wire format. One for each of OpenAI's chat, OpenAI's responses, Anthropic's messages, Gemini, Converse.
pub(crate) trait Wire: Send + Sync + 'static {
    /// How the body of a streamed answer is cut.
    fn framing(&self) -> Framing;

    /// Writes the request. What the format cannot say is an error, and never left out in silence.
    fn encode(&self, target: &Target, ask: &Ask<'_>) -> Result<HttpRequest, LlmError>;

    /// Reads an answer that came in one piece: the same steps that its stream would have told, with the end.
    fn read(&self, body: &[u8]) -> Result<Vec<ChatEvent>, LlmError>;

    /// Reads an answer that comes in frames.
    fn reader(&self) -> Box<dyn Reader>;

    /// Says what a reply of an error status means, that came at `now`.
    fn fault(&self, status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> LlmError;
}

/// Reads one streamed answer.
pub(crate) trait Reader: Send {
    /// Takes the next frame, and says what it tells. After the [end](ChatEvent::End) nothing more is asked of it.
    fn frame(&mut self, frame: &Frame, told: &mut Vec<ChatEvent>) -> Result<(), LlmError>;

    /// The body is over, and there was no end yet. A format whose end is the end of the body tells it here; where nothing is told,
    /// the answer has broken off, which is an error of the kind [`Transport`](crate::llm::error::LlmErrorKind::Transport).
    fn close(&mut self, told: &mut Vec<ChatEvent>) -> Result<(), LlmError>;
}

/// What is asked, by whom.
pub(crate) struct Ask<'a> {
    pub(crate) request: &'a ChatRequest,
    pub(crate) delivery: Delivery,
    pub(crate) key: Option<&'a Secret>,
}

/// Where a model is, and what it can do.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// As errors name it.
    pub(crate) provider: String,
    /// Its name at the provider.
    pub(crate) model: String,
    /// Without a `/` at the end.
    pub(crate) base_url: String,
    pub(crate) profile: std::sync::Arc<Profile>,
    /// Headers of the provider's own, that anybody may see.
    pub(crate) headers: Vec<(String, String)>,
}
