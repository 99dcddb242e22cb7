//! What is asked of a model. Must not know which one.

use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::tool::{ToolChoice, ToolSpec};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is asked of a model: the conversation so far, and how it is to go on.
///
/// ```
/// use penguiflow::llm::{ChatMessage, ChatRequest};
///
/// let request = ChatRequest::new([ChatMessage::system("Answer in one word."), ChatMessage::user("What do penguins eat?")])
///     .with_max_output_tokens(16)
///     .with_temperature(0.0);
/// assert_eq!(request.messages.len(), 2);
/// ```
///
/// What is not set is left out of what is sent, so the provider's own defaults hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatRequest {
    /// The conversation, oldest first.
    pub messages: Vec<ChatMessage>,
    /// The tools that the model may ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<ToolSpec>,
    /// Whether it has to.
    #[serde(default)]
    pub tool_choice: ToolChoice,
    /// Whether it may ask for several tools in one message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// The form of the answer.
    #[serde(default)]
    pub output: Output,
    /// How many tokens the answer may have at most, thoughts included.
    ///
    /// Anthropic wants a number: where there is none here, it is what the model can write at most, or 8192 where that is not known. Where
    /// thoughts have a budget of their own and the number leaves nothing for words, it is put on top of the budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// How freely it draws among likely words; 0 takes the likeliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// It draws among the likeliest words that together are that likely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// It draws among so many of the likeliest words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_k: Option<u32>,
    /// What it draws with, for answers that are much the same again, where a provider has this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// Where it stops writing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// How long it may think.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Fields of the provider's own that are put into the request's body as they are. One that the body has already is replaced.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

impl ChatRequest {
    /// Asks for the next message of a conversation.
    #[must_use]
    pub fn new(messages: impl IntoIterator<Item = ChatMessage>) -> Self {
        ChatRequest { messages: messages.into_iter().collect(), ..ChatRequest::default() }
    }

    /// With one more message.
    #[must_use]
    pub fn with(mut self, message: ChatMessage) -> Self {
        self.messages.push(message);
        self
    }

    /// With one more tool.
    #[must_use]
    pub fn with_tool(mut self, tool: ToolSpec) -> Self {
        self.tools.push(tool);
        self
    }

    /// Says whether the model has to ask for a tool.
    #[must_use]
    pub fn with_tool_choice(self, tool_choice: ToolChoice) -> Self {
        ChatRequest { tool_choice, ..self }
    }

    /// Says whether it may ask for several tools in one message.
    #[must_use]
    pub fn with_parallel_tool_calls(self, parallel: bool) -> Self {
        ChatRequest { parallel_tool_calls: Some(parallel), ..self }
    }

    /// Says what form the answer is to have.
    #[must_use]
    pub fn with_output(self, output: Output) -> Self {
        ChatRequest { output, ..self }
    }

    /// At most so many tokens for the answer.
    #[must_use]
    pub fn with_max_output_tokens(self, tokens: u32) -> Self {
        ChatRequest { max_output_tokens: Some(tokens), ..self }
    }

    /// Says how freely it draws among likely words.
    #[must_use]
    pub fn with_temperature(self, temperature: f64) -> Self {
        ChatRequest { temperature: Some(temperature), ..self }
    }

    /// Says what it draws with.
    #[must_use]
    pub fn with_seed(self, seed: i64) -> Self {
        ChatRequest { seed: Some(seed), ..self }
    }

    /// Says where it stops writing.
    #[must_use]
    pub fn with_stop(mut self, stop: impl Into<String>) -> Self {
        self.stop.push(stop.into());
        self
    }

    /// Says how long it may think.
    #[must_use]
    pub fn with_effort(self, effort: Effort) -> Self {
        ChatRequest { effort: Some(effort), ..self }
    }

    /// Puts a field of the provider's own into the request's body.
    #[must_use]
    pub fn with_extra(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(field.into(), value.into());
        self
    }
}

impl From<&str> for ChatRequest {
    fn from(question: &str) -> Self {
        ChatRequest::new([ChatMessage::user(question)])
    }
}

impl From<String> for ChatRequest {
    fn from(question: String) -> Self {
        ChatRequest::new([ChatMessage::user(question)])
    }
}

/// The form of an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Output {
    /// Words.
    #[default]
    Text,
    /// A JSON object, of whatever fields.
    Json,
    /// A JSON value of this schema.
    Schema(OutputSpec),
}

/// The JSON that an answer is to be. [`generate`](crate::llm::LlmClient::generate) makes one of a type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OutputSpec {
    /// Its name, for the model.
    pub name: String,
    /// What it is, for the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its JSON schema, in the dialect of the provider: see [`llm::dialect`](crate::llm::dialect).
    pub schema: Value,
    /// Whether the provider is to let the model write nothing else.
    pub strict: bool,
}

impl OutputSpec {
    /// A value of that schema, and nothing else.
    #[must_use]
    pub fn new(name: impl Into<String>, schema: Value) -> Self {
        OutputSpec { name: name.into(), description: None, schema, strict: true }
    }
}

/// How long a model may think before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effort {
    /// Not at all, where the model can do without.
    Off,
    /// Hardly.
    Minimal,
    /// A little.
    Low,
    /// As usual.
    Medium,
    /// Long.
    High,
    /// For at most so many tokens.
    Tokens(u32),
}
