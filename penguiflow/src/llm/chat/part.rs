//! What a message to or from a model is made of. Must not know how a provider writes it.

use crate::llm::chat::media::{Audio, Image};
use crate::llm::chat::tool::{ToolCall, ToolResult};
use serde::{Deserialize, Serialize};

/// One part of a [`ChatMessage`](crate::llm::ChatMessage).
///
/// ```
/// use penguiflow::llm::Part;
///
/// assert_eq!(Part::text("hello").as_text(), Some("hello"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Words.
    Text(Text),
    /// A picture.
    Image(Image),
    /// A sound.
    Audio(Audio),
    /// The model asks for a tool.
    ToolCall(ToolCall),
    /// What the tool gave.
    ToolResult(ToolResult),
    /// What the model thought.
    Reasoning(Reasoning),
}

impl Part {
    /// A part of words.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Part::Text(Text { text: text.into(), signature: None })
    }

    /// The words, if it is a part of words.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Part::Text(text) => Some(&text.text),
            Part::Image(_) | Part::Audio(_) | Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_) => None,
        }
    }

    /// What it is, for messages to people: `text`, `image`, `tool_call`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Part::Text(_) => "text",
            Part::Image(_) => "image",
            Part::Audio(_) => "audio",
            Part::ToolCall(_) => "tool_call",
            Part::ToolResult(_) => "tool_result",
            Part::Reasoning(_) => "reasoning",
        }
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Part::text(text)
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Part::text(text)
    }
}

impl From<Image> for Part {
    fn from(image: Image) -> Self {
        Part::Image(image)
    }
}

impl From<Audio> for Part {
    fn from(audio: Audio) -> Self {
        Part::Audio(audio)
    }
}

impl From<ToolCall> for Part {
    fn from(call: ToolCall) -> Self {
        Part::ToolCall(call)
    }
}

impl From<ToolResult> for Part {
    fn from(result: ToolResult) -> Self {
        Part::ToolResult(result)
    }
}

/// Words, and what their provider wants back with them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// The words.
    pub text: String,
    /// Handed back to the provider as it came; see [`Signature`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// What the model thought before it answered. Providers show all of it, a summary, or nothing but a [`Signature`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reasoning {
    /// What it thought, as far as the provider shows it.
    pub text: String,
    /// Handed back to the provider as it came; see [`Signature`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// What a provider puts on a part, and asks to see again in the next turn: a proof of what was thought, or the thoughts
/// themselves in a form that only the provider reads.
///
/// It goes back to the provider that made it and to no other one, and is nobody else's to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// The wire format that it belongs to, `anthropic`, `gemini` or `openai-responses`.
    pub format: String,
    /// What came, unread.
    pub value: serde_json::Value,
}

impl Signature {
    /// A signature of the wire format `format`.
    #[must_use]
    pub fn new(format: impl Into<String>, value: serde_json::Value) -> Self {
        Signature { format: format.into(), value }
    }

    /// The value, if it belongs to that wire format.
    #[must_use]
    pub fn of(&self, format: &str) -> Option<&serde_json::Value> {
        (self.format == format).then_some(&self.value)
    }
}
