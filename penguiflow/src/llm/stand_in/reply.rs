//! What a scripted model answers to one call. Must not know who asks, nor how it is told.

use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::part::{Part, ToolCall};
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::LlmError;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// What a [`ScriptedModel`](crate::llm::ScriptedModel) answers to one call: parts, in their order, with waits between them.
///
/// A text is one as it stands, and so is an error, a part or a message.
///
/// ```
/// use penguiflow::clock::secs;
/// use penguiflow::llm::{Finish, LlmError, LlmErrorKind, ScriptedReply, Usage};
/// use serde_json::json;
///
/// let words = ScriptedReply::from("Krill.");
/// let late = ScriptedReply::wait(secs(3)).with("Krill.").with_usage(Usage::new(12, 2));
/// let tool = ScriptedReply::from("Let me see.").with_call("weather", &json!({ "city": "Oslo" }));
/// let cut = ScriptedReply::from("Krill, fi").with_finish(Finish::Length);
/// let broken = ScriptedReply::from("Kri").then_fail(LlmError::new(LlmErrorKind::Transport, "connection reset"));
/// # let _ = (words, late, tool, cut, broken);
/// ```
///
/// Unless told otherwise it ends with [`Finish::ToolCalls`] if it asks for a tool, else with [`Finish::Stop`], and what it used is an
/// estimate from the number of letters.
#[derive(Clone, Debug, Default)]
#[must_use = "it is said by a `ScriptedModel` that has it"]
pub struct ScriptedReply {
    pub(super) steps: Vec<Step>,
    /// Whether nothing is added to them, no end either.
    pub(super) raw: bool,
    /// How long each piece waits.
    pub(super) pace: Duration,
    pub(super) finish: Option<Finish>,
    pub(super) usage: Option<Usage>,
    pub(super) model: Option<String>,
    pub(super) id: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Wait(Duration),
    Part(Part),
    Event(ChatEvent),
    Fail(Arc<LlmError>),
}

impl ScriptedReply {
    /// An answer that begins after a wait, by the clock of the [call](crate::llm::Call).
    pub fn wait(wait: Duration) -> Self {
        Self::default().then_wait(wait)
    }

    /// Asks for a tool with these arguments.
    pub fn call(tool: impl Into<String>, arguments: &Value) -> Self {
        Self::default().with_call(tool, arguments)
    }

    /// A value as the text of its JSON.
    pub fn json(value: &Value) -> Self {
        Self::from(value.to_string())
    }

    /// These steps as they are, with nothing added: also what no provider would send, such as an answer without an end.
    pub fn events(events: impl IntoIterator<Item = ChatEvent>) -> Self {
        ScriptedReply { steps: events.into_iter().map(Step::Event).collect(), raw: true, ..Self::default() }
    }

    /// Fails.
    pub fn fail(error: LlmError) -> Self {
        Self::default().then_fail(error)
    }

    /// And this part behind it. A picture or a tool's result is nothing that a model says: the call then fails with a
    /// word about it.
    pub fn with(mut self, part: impl Into<Part>) -> Self {
        self.steps.push(Step::Part(part.into()));
        self
    }

    /// And asks for a tool. The call's id is its part's number, `call_0`.
    pub fn with_call(self, tool: impl Into<String>, arguments: &Value) -> Self {
        self.with(ToolCall::new("", tool, arguments.to_string()))
    }

    /// Waits before it goes on.
    pub fn then_wait(mut self, wait: Duration) -> Self {
        self.steps.push(Step::Wait(wait));
        self
    }

    /// Fails behind what it said. What follows is not said.
    pub fn then_fail(mut self, error: LlmError) -> Self {
        self.steps.push(Step::Fail(Arc::new(error)));
        self
    }

    /// Waits so long before each piece.
    pub fn with_pace(self, pace: Duration) -> Self {
        ScriptedReply { pace, ..self }
    }

    /// Stops for that reason.
    pub fn with_finish(self, finish: Finish) -> Self {
        ScriptedReply { finish: Some(finish), ..self }
    }

    /// Says that it used that.
    pub fn with_usage(self, usage: Usage) -> Self {
        ScriptedReply { usage: Some(usage), ..self }
    }

    /// Says that this model answered, as providers do with dated names.
    pub fn with_model(self, model: impl Into<String>) -> Self {
        ScriptedReply { model: Some(model.into()), ..self }
    }

    /// With the provider's name for the answer.
    pub fn with_id(self, id: impl Into<String>) -> Self {
        ScriptedReply { id: Some(id.into()), ..self }
    }
}

impl From<&str> for ScriptedReply {
    fn from(text: &str) -> Self {
        Self::default().with(text)
    }
}

impl From<String> for ScriptedReply {
    fn from(text: String) -> Self {
        Self::default().with(text)
    }
}

impl From<Part> for ScriptedReply {
    fn from(part: Part) -> Self {
        Self::default().with(part)
    }
}

impl From<ToolCall> for ScriptedReply {
    fn from(call: ToolCall) -> Self {
        Self::default().with(call)
    }
}

impl From<LlmError> for ScriptedReply {
    fn from(error: LlmError) -> Self {
        Self::fail(error)
    }
}

/// With all its parts.
impl From<ChatMessage> for ScriptedReply {
    fn from(message: ChatMessage) -> Self {
        message.parts.into_iter().fold(Self::default(), Self::with)
    }
}
