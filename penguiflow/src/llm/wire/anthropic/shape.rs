//! What the JSON of Anthropic's messages looks like, as far as it is read. Must not know what is made of it.

use crate::llm::chat::usage::Usage;
use crate::llm::wire::plain::{Object, Word};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Message {
    pub(super) id: Option<String>,
    pub(super) model: Option<String>,
    #[serde(default)]
    pub(super) content: Vec<Value>,
    pub(super) stop_reason: Option<String>,
    pub(super) usage: Option<Counts>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Event {
    MessageStart {
        message: Message,
    },
    ContentBlockStart {
        index: u32,
        content_block: Value,
    },
    ContentBlockDelta {
        index: u32,
        delta: Delta,
    },
    ContentBlockStop {
        index: u32,
    },
    MessageDelta {
        delta: Stopped,
        usage: Option<Counts>,
    },
    MessageStop,
    Error {
        error: Value,
    },
    /// `ping`, and what newer versions say.
    #[serde(other)]
    Other,
}

/// A step that most of a stream is: a piece of words, of thoughts, or of the arguments of a call.
#[derive(Deserialize)]
pub(super) struct Plain<'a> {
    #[serde(borrow, rename = "type")]
    kind: Word<'a>,
    index: u32,
    #[serde(borrow)]
    delta: Object<PlainDelta<'a>>,
}

#[derive(Deserialize)]
struct PlainDelta<'a> {
    #[serde(borrow, rename = "type")]
    kind: Word<'a>,
    text: Option<String>,
    thinking: Option<String>,
    partial_json: Option<String>,
}

impl Plain<'_> {
    /// The block and what is new in it; nothing where it is any other step.
    pub(super) fn read(data: &str) -> Option<(u32, Delta)> {
        let Object(Plain { kind, index, delta: Object(delta) }) =
            serde_json::from_str::<Object<Plain<'_>>>(data).ok()?;
        let delta = match (&*kind.0, &*delta.kind.0) {
            ("content_block_delta", "text_delta") => Delta::Text { text: delta.text? },
            ("content_block_delta", "thinking_delta") => Delta::Thinking { thinking: delta.thinking? },
            ("content_block_delta", "input_json_delta") => Delta::InputJson { partial_json: delta.partial_json? },
            _ => return None,
        };
        Some((index, delta))
    }
}

#[derive(Deserialize)]
pub(super) struct Stopped {
    pub(super) stop_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Begun {
    Text {
        text: String,
    },
    Thinking {
        #[serde(default)]
        thinking: String,
        #[serde(default)]
        signature: String,
    },
    RedactedThinking {
        data: String,
    },
    ToolUse {
        id: String,
        name: String,
        #[serde(default)]
        input: Value,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
pub(super) enum Delta {
    #[serde(rename = "text_delta")]
    Text { text: String },
    #[serde(rename = "thinking_delta")]
    Thinking { thinking: String },
    #[serde(rename = "signature_delta")]
    Signature { signature: String },
    #[serde(rename = "input_json_delta")]
    InputJson { partial_json: String },
    #[serde(other)]
    Other,
}

/// What was counted so far. Each number that comes stands for the one before it.
#[derive(Default, Deserialize)]
pub(super) struct Counts {
    pub(super) input_tokens: Option<u64>,
    pub(super) output_tokens: Option<u64>,
    pub(super) cache_read_input_tokens: Option<u64>,
    pub(super) cache_creation_input_tokens: Option<u64>,
    pub(super) cache_creation: Option<Created>,
    pub(super) output_tokens_details: Option<Thoughts>,
}

/// How long what was put into the cache is kept.
#[derive(Deserialize)]
pub(super) struct Created {
    pub(super) ephemeral_1h_input_tokens: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Thoughts {
    pub(super) thinking_tokens: Option<u64>,
}

impl Counts {
    pub(super) fn add(&mut self, newer: Counts) {
        self.input_tokens = newer.input_tokens.or(self.input_tokens);
        self.output_tokens = newer.output_tokens.or(self.output_tokens);
        self.cache_read_input_tokens = newer.cache_read_input_tokens.or(self.cache_read_input_tokens);
        self.cache_creation_input_tokens = newer.cache_creation_input_tokens.or(self.cache_creation_input_tokens);
        self.cache_creation = newer.cache_creation.or(self.cache_creation.take());
        self.output_tokens_details = newer.output_tokens_details.or(self.output_tokens_details.take());
    }

    /// `input_tokens` are those that no cache was asked for; ours are all.
    pub(super) fn total(&self) -> Option<Usage> {
        let (input, output) = (self.input_tokens?, self.output_tokens?);
        let read = self.cache_read_input_tokens.unwrap_or_default();
        let written = self.cache_creation_input_tokens.unwrap_or_default();
        let hour =
            self.cache_creation.as_ref().and_then(|created| created.ephemeral_1h_input_tokens).unwrap_or_default();
        let thoughts = self.output_tokens_details.as_ref().and_then(|details| details.thinking_tokens);
        let all = input.saturating_add(read).saturating_add(written);
        let usage = Usage::new(all, output).with_cached(read, written).with_cached_for_an_hour(hour);
        Some(usage.with_reasoning(thoughts.unwrap_or_default()))
    }
}
