//! A complete answer. Must not know how it came.

use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::usage::{Finish, Usage};
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// What a model answered, and what it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatResponse {
    /// What it said. As a part of the next [`ChatRequest`](crate::llm::ChatRequest) it brings its provider's signatures along.
    pub message: ChatMessage,
    /// Why it stopped. Look for [`Finish::Length`]: such an answer is cut off.
    pub finish: Finish,
    /// What the answer used; what failed attempts before it used is not in it.
    pub usage: Usage,
    /// What the answer cost; nothing where the model's price is not known, which is not the same as free.
    pub cost: Option<Money>,
    /// The model that answered, as `provider/model`.
    pub model: String,
    /// The provider's own name for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How many times a model was asked for it, over all models of the chain.
    pub attempts: u32,
}

impl ChatResponse {
    /// All its words.
    #[must_use]
    pub fn text(&self) -> String {
        self.message.text()
    }
}
