//! What the JSON of Gemini looks like, as far as it is read. Must not know what is made of it.

use crate::llm::chat::usage::Usage;
use crate::llm::wire::plain::{Object, Word, absent};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Chunk {
    #[serde(default)]
    pub(super) candidates: Vec<Candidate>,
    pub(super) prompt_feedback: Option<Feedback>,
    pub(super) usage_metadata: Option<Counts>,
    pub(super) model_version: Option<String>,
    pub(super) response_id: Option<String>,
    /// Whether it tells an error, whatever that is.
    #[serde(default, rename = "error", deserialize_with = "present")]
    pub(super) is_error: bool,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Candidate {
    pub(super) content: Option<Content>,
    pub(super) finish_reason: Option<String>,
    pub(super) finish_message: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Content {
    #[serde(default)]
    pub(super) parts: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Feedback {
    pub(super) block_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Part {
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) thought: bool,
    pub(super) thought_signature: Option<String>,
    pub(super) function_call: Option<Call>,
}

/// Without its arguments, which are read for themselves.
#[derive(Deserialize)]
pub(super) struct Call {
    pub(super) id: Option<String>,
    pub(super) name: String,
}

/// A chunk that most of a stream is: words and thoughts, and nothing of its end.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plain<'a> {
    candidates: [Object<PlainCandidate>; 1],
    pub(super) usage_metadata: Option<Counts>,
    #[serde(borrow)]
    pub(super) model_version: Option<Word<'a>>,
    #[serde(borrow)]
    pub(super) response_id: Option<Word<'a>>,
    #[serde(default, rename = "error", deserialize_with = "absent")]
    _error: (),
    /// This may be `null`, as may the reason of an end.
    #[serde(default, rename = "promptFeedback")]
    _prompt_feedback: (),
}

#[derive(Deserialize)]
struct PlainCandidate {
    content: Object<PlainContent>,
    #[serde(default, rename = "finishReason")]
    _finish_reason: (),
}

#[derive(Deserialize)]
struct PlainContent {
    parts: Vec<Object<PlainPart>>,
}

/// What else is in a part is another's to read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlainPart {
    pub(super) text: String,
    #[serde(default)]
    pub(super) thought: bool,
}

impl<'a> Plain<'a> {
    /// Nothing where it says anything else.
    pub(super) fn read(data: &'a str) -> Option<Self> {
        serde_json::from_str::<Object<Plain<'a>>>(data).ok().map(|chunk| chunk.0)
    }

    pub(super) fn into_parts(self) -> impl Iterator<Item = PlainPart> {
        let [Object(candidate)] = self.candidates;
        candidate.content.0.parts.into_iter().map(|part| part.0)
    }
}

/// What was counted so far. Each number that comes stands for the one before it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Counts {
    pub(super) prompt_token_count: Option<u64>,
    pub(super) tool_use_prompt_token_count: Option<u64>,
    pub(super) candidates_token_count: Option<u64>,
    pub(super) thoughts_token_count: Option<u64>,
    pub(super) cached_content_token_count: Option<u64>,
}

impl Counts {
    pub(super) fn add(&mut self, newer: Counts) {
        self.prompt_token_count = newer.prompt_token_count.or(self.prompt_token_count);
        self.tool_use_prompt_token_count = newer.tool_use_prompt_token_count.or(self.tool_use_prompt_token_count);
        self.candidates_token_count = newer.candidates_token_count.or(self.candidates_token_count);
        self.thoughts_token_count = newer.thoughts_token_count.or(self.thoughts_token_count);
        self.cached_content_token_count = newer.cached_content_token_count.or(self.cached_content_token_count);
    }

    /// The prompt has what was cached in it; the candidates have no thoughts in them.
    pub(super) fn total(&self) -> Option<Usage> {
        let read = self.prompt_token_count?.saturating_add(self.tool_use_prompt_token_count.unwrap_or_default());
        let thoughts = self.thoughts_token_count.unwrap_or_default();
        let written = self.candidates_token_count.unwrap_or_default().saturating_add(thoughts);
        let cached = self.cached_content_token_count.unwrap_or_default();
        Some(Usage::new(read, written).with_cached(cached, 0).with_reasoning(thoughts))
    }
}
