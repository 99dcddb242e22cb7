//! Counts tokens. Knows no provider's API.

use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::request::ChatRequest;
use crate::llm::chat::usage::Usage;
use crate::llm::profile::Profile;

/// How many tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tokens {
    /// So many.
    pub(crate) count: u64,
}

pub(crate) fn bound(request: &ChatRequest, _: &Profile) -> Option<u64> {
    Some(request.messages.iter().map(|m| m.text().len() as u64 + 8).sum())
}

pub(crate) fn estimate_request(request: &ChatRequest) -> Tokens {
    Tokens { count: request.messages.iter().map(|m| m.text().len() as u64 / 4 + 4).sum() }
}

pub(crate) fn estimate_usage(request: &ChatRequest, message: &ChatMessage) -> Usage {
    Usage::new(estimate_request(request).count, message.text().len() as u64 / 4 + 1).as_estimate()
}
