//! One message of a conversation with a model. Must not know how a provider writes it.

use crate::llm::chat::part::{Part, ToolCall, ToolResult};
use serde::{Deserialize, Serialize};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Whoever set the conversation up.
    System,
    /// Who asks.
    User,
    /// The model.
    Assistant,
    /// A tool that the model asked for.
    Tool,
}

/// How long what was read so far is worth keeping at the provider, where one can say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cache {
    /// For minutes; Anthropic's is five.
    Short,
    /// For an hour.
    Hour,
}

/// One message of a conversation.
///
/// ```
/// use penguiflow::llm::{ChatMessage, Image};
///
/// let question = ChatMessage::user("What is on it?").with(Image::url("https://example.org/scan.png"));
/// assert_eq!(question.text(), "What is on it?");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatMessage {
    /// Who speaks.
    pub role: Role,
    /// What is said, in its order.
    pub parts: Vec<Part>,
    /// Whether the conversation up to the end of this message is worth keeping at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<Cache>,
}

impl ChatMessage {
    /// A message of these parts.
    #[must_use]
    pub fn new(role: Role, parts: Vec<Part>) -> Self {
        ChatMessage { role, parts, cache: None }
    }

    /// What the model is to be and to do.
    #[must_use]
    pub fn system(text: impl Into<Part>) -> Self {
        Self::new(Role::System, vec![text.into()])
    }

    /// What is asked.
    #[must_use]
    pub fn user(text: impl Into<Part>) -> Self {
        Self::new(Role::User, vec![text.into()])
    }

    /// What the model said, or is to have said.
    #[must_use]
    pub fn assistant(text: impl Into<Part>) -> Self {
        Self::new(Role::Assistant, vec![text.into()])
    }

    /// What a tool gave.
    #[must_use]
    pub fn tool(result: ToolResult) -> Self {
        Self::new(Role::Tool, vec![Part::ToolResult(result)])
    }

    /// And this behind it.
    #[must_use]
    pub fn with(mut self, part: impl Into<Part>) -> Self {
        self.parts.push(part.into());
        self
    }

    /// Says that the conversation up to here will be sent again, so that the provider may keep what it read of it.
    #[must_use]
    pub fn with_cache(self, cache: Cache) -> Self {
        ChatMessage { cache: Some(cache), ..self }
    }

    /// All its words, one text behind the other.
    #[must_use]
    pub fn text(&self) -> String {
        self.parts.iter().filter_map(Part::as_text).collect()
    }

    /// What the model thought, as far as the provider shows it.
    #[must_use]
    pub fn reasoning(&self) -> String {
        let thoughts = self.parts.iter().filter_map(|part| match part {
            Part::Reasoning(reasoning) => Some(reasoning.text.as_str()),
            Part::Text(_) | Part::Image(_) | Part::Audio(_) | Part::ToolCall(_) | Part::ToolResult(_) => None,
        });
        thoughts.collect()
    }

    /// The tools that the model asks for, in its order.
    pub fn tool_calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.parts.iter().filter_map(|part| match part {
            Part::ToolCall(call) => Some(call),
            Part::Text(_) | Part::Image(_) | Part::Audio(_) | Part::ToolResult(_) | Part::Reasoning(_) => None,
        })
    }

    /// The one tool that the model asks for.
    ///
    /// # Errors
    /// [`NotOneCall`] if it asks for none, for several, or for another one than `name`.
    pub fn only_call(&self, name: &str) -> Result<&ToolCall, NotOneCall> {
        let mut calls = self.tool_calls();
        let first = calls.next().ok_or_else(|| NotOneCall::None { wanted: name.to_owned() })?;
        match calls.count() {
            0 if first.name == name => Ok(first),
            0 => Err(NotOneCall::Other { wanted: name.to_owned(), got: first.name.clone() }),
            more => Err(NotOneCall::Several { wanted: name.to_owned(), calls: more + 1 }),
        }
    }
}

/// A model was to ask for one tool, and did not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotOneCall {
    /// It asked for none.
    #[error("the model was to call `{wanted}`, and called no tool")]
    None {
        /// The tool.
        wanted: String,
    },
    /// It asked for several.
    #[error("the model was to call `{wanted}` once, and made {calls} calls")]
    Several {
        /// The tool.
        wanted: String,
        /// How many calls there are.
        calls: usize,
    },
    /// It asked for another one.
    #[error("the model was to call `{wanted}`, and called `{got}`")]
    Other {
        /// The tool.
        wanted: String,
        /// The one that it asked for.
        got: String,
    },
}
