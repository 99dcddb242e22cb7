//! What a model tells while it writes. Must not know who listens.

use crate::llm::chat::part::Signature;
use crate::llm::chat::usage::{Finish, Usage};
use serde::{Deserialize, Serialize};

/// One step of an answer. Each belongs to a part of the message, by its number in it: steps of one part come in their order, and
/// parts may be written at the same time.
///
/// *Order*: an answer is any number of these, then exactly one [`End`](ChatEvent::End), or exactly one error and no end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChatEvent {
    /// More words.
    Text {
        /// The part.
        part: u32,
        /// The words.
        text: String,
    },
    /// More thoughts.
    Reasoning {
        /// The part.
        part: u32,
        /// The thoughts.
        text: String,
    },
    /// The model begins to ask for a tool.
    ToolCall {
        /// The part.
        part: u32,
        /// What its result is known by; empty where the provider gives none.
        id: String,
        /// The tool.
        name: String,
    },
    /// More of a tool's arguments.
    Arguments {
        /// The part.
        part: u32,
        /// A piece of their JSON.
        json: String,
    },
    /// What the provider wants back with the part.
    Signature {
        /// The part.
        part: u32,
        /// What came.
        signature: Signature,
    },
    /// What came so far is not part of the answer: it begins anew. Only where the caller asked for
    /// [restarts](crate::llm::Retry::restarts).
    Restart,
    /// The answer is complete.
    End(End),
}

impl ChatEvent {
    /// The words, if it is a step of words.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            ChatEvent::Text { text, .. } => Some(text),
            ChatEvent::Reasoning { .. }
            | ChatEvent::ToolCall { .. }
            | ChatEvent::Arguments { .. }
            | ChatEvent::Signature { .. }
            | ChatEvent::Restart
            | ChatEvent::End(_) => None,
        }
    }
}

/// How an answer ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct End {
    /// Why the model stopped.
    pub finish: Finish,
    /// What it used, where the provider tells.
    pub usage: Option<Usage>,
    /// The model that answered, where the provider tells: often a dated name of the one that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The provider's own name for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl End {
    /// An end for that reason.
    #[must_use]
    pub fn new(finish: Finish) -> Self {
        End { finish, usage: None, model: None, id: None }
    }

    /// With what it used.
    #[must_use]
    pub fn with_usage(self, usage: Usage) -> Self {
        End { usage: Some(usage), ..self }
    }
}
