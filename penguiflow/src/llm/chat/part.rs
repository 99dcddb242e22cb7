//! What a message to or from a model is made of. Must not know how a provider writes it.

use crate::llm::chat::media::{Audio, Image};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// The wire format that it belongs to: `anthropic`, `converse`, `gemini` or `openai-responses`.
    pub format: String,
    /// What came, unread.
    pub value: Value,
}

impl Signature {
    /// A signature of the wire format `format`.
    #[must_use]
    pub fn new(format: impl Into<String>, value: Value) -> Self {
        Signature { format: format.into(), value }
    }

    /// The value, if it belongs to that wire format.
    #[must_use]
    pub fn of(&self, format: &str) -> Option<&Value> {
        (self.format == format).then_some(&self.value)
    }
}

/// A model asks for a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// What its result is known by. Unique in its message; made up where the provider gave none.
    pub id: String,
    /// The tool.
    pub name: String,
    /// Its arguments, as the model wrote them: JSON, if all went well.
    pub arguments: String,
    /// Handed back to the provider as it came; see [`Signature`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

impl ToolCall {
    /// A call of the tool `name`.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        ToolCall { id: id.into(), name: name.into(), arguments: arguments.into(), signature: None }
    }

    /// The arguments as a `T`. No arguments at all are those of an empty object.
    ///
    /// # Errors
    /// What serde says of them. They are read as they stand; [`llm::lenient`](crate::llm::lenient) reads what is nearly JSON.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.arguments_or_empty())
    }

    /// The arguments, with `{}` for none: what providers want to see again.
    #[must_use]
    pub fn arguments_or_empty(&self) -> &str {
        if self.arguments.trim().is_empty() { "{}" } else { &self.arguments }
    }
}

/// What a tool gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolResult {
    /// The [id of the call](ToolCall::id) that it answers.
    pub id: String,
    /// The tool.
    pub name: String,
    /// What it gave: words, and pictures where the provider takes them.
    pub content: Vec<Part>,
    /// Whether the tool failed, and the content says why.
    #[serde(default)]
    pub is_error: bool,
}

impl ToolResult {
    /// The tool gave these words.
    #[must_use]
    pub fn text(call: &ToolCall, text: impl Into<String>) -> Self {
        let (id, name) = (call.id.clone(), call.name.clone());
        ToolResult { id, name, content: vec![Part::text(text)], is_error: false }
    }

    /// The tool gave this value, which goes to the model as JSON.
    #[must_use]
    pub fn json(call: &ToolCall, value: &Value) -> Self {
        Self::text(call, value.to_string())
    }

    /// The tool failed.
    #[must_use]
    pub fn error(call: &ToolCall, text: impl Into<String>) -> Self {
        ToolResult { is_error: true, ..Self::text(call, text) }
    }

    /// And this beside it.
    #[must_use]
    pub fn with(mut self, part: impl Into<Part>) -> Self {
        self.content.push(part.into());
        self
    }

    /// All its words, one text behind the other.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.content.iter().filter_map(Part::as_text).collect()
    }
}
