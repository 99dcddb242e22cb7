//! What the JSON of Converse looks like, as far as it is read. Must not know what is made of it.

use crate::llm::chat::usage::Usage;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    pub(super) output: Written,
    pub(super) stop_reason: String,
    pub(super) usage: Option<Counts>,
}

#[derive(Deserialize)]
pub(super) struct Written {
    pub(super) message: Message,
}

#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(default)]
    pub(super) content: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Content {
    pub(super) text: Option<String>,
    pub(super) tool_use: Option<Call>,
    pub(super) reasoning_content: Option<Reasoned>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reasoned {
    pub(super) reasoning_text: Option<Thought>,
    pub(super) redacted_content: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Call {
    pub(super) tool_use_id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) input: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Started {
    pub(super) content_block_index: u32,
    pub(super) start: Start,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Start {
    pub(super) tool_use: Option<Call>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changed {
    pub(super) content_block_index: u32,
    pub(super) delta: Delta,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Delta {
    pub(super) text: Option<String>,
    pub(super) tool_use: Option<Input>,
    pub(super) reasoning_content: Option<Thought>,
}

#[derive(Deserialize)]
pub(super) struct Input {
    pub(super) input: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Thought {
    pub(super) text: Option<String>,
    pub(super) signature: Option<String>,
    pub(super) redacted_content: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stopped {
    pub(super) content_block_index: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MessageStopped {
    pub(super) stop_reason: String,
}

#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) usage: Option<Counts>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Counts {
    pub(super) input_tokens: u64,
    pub(super) output_tokens: u64,
    pub(super) cache_read_input_tokens: Option<u64>,
    pub(super) cache_write_input_tokens: Option<u64>,
}

impl Counts {
    /// `inputTokens` are those beside the cache (<https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html>); ours are all.
    pub(super) fn total(&self) -> Usage {
        let (read, written) =
            (self.cache_read_input_tokens.unwrap_or_default(), self.cache_write_input_tokens.unwrap_or_default());
        let all = self.input_tokens.saturating_add(read).saturating_add(written);
        Usage::new(all, self.output_tokens).with_cached(read, written)
    }
}
