//! Reads answers of Anthropic's messages, as a [stream](https://platform.claude.com/docs/en/build-with-claude/streaming) or in one piece. Must not
//! know what was asked.

use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::part::Signature;
use crate::llm::chat::usage::Finish;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::wire::Reader;
use crate::llm::wire::anthropic::shape::{Begun, Counts, Delta, Event, Message, Plain};
use crate::llm::wire::anthropic::{FORMAT, fault};
use crate::llm::wire::fault::Said;
use crate::llm::wire::frames::Frame;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Reads an answer that came in one piece: each block as a stream would have begun and ended it.
pub(crate) fn read(body: &[u8]) -> Result<Vec<ChatEvent>, LlmError> {
    let message: Message = serde_json::from_slice(body).map_err(unreadable)?;
    let (mut reader, mut told) = (AnthropicReader::default(), Vec::new());
    reader.usage.add(message.usage.unwrap_or_default());
    reader.stop_reason = message.stop_reason;
    (reader.model, reader.id) = (message.model, message.id);
    for (part, block) in (0..).zip(message.content) {
        reader.begin(part, block, &mut told)?;
        reader.finish(part, &mut told)?;
    }
    told.push(reader.end());
    Ok(told)
}

/// Reads one stream.
#[derive(Default)]
pub(crate) struct AnthropicReader {
    open: BTreeMap<u32, Block>,
    usage: Counts,
    stop_reason: Option<String>,
    model: Option<String>,
    id: Option<String>,
}

/// A block whose end has not come.
enum Block {
    /// Words and thoughts are told as they come.
    Told,
    /// A call, with the arguments that it began with, until others come.
    Call { input: Option<Value> },
    /// One that we do not know, with the input that came behind its beginning.
    Unknown { block: Value, input: String },
}

impl Reader for AnthropicReader {
    fn frame(&mut self, frame: &Frame, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        // The others are not worth a second look at all of these.
        if matches!(frame.event.as_str(), "" | "content_block_delta")
            && let Some((index, delta)) = Plain::read(&frame.data)
        {
            return self.delta(index, delta, told);
        }
        match serde_json::from_str(&frame.data).map_err(unreadable)? {
            Event::MessageStart { message } => {
                self.usage.add(message.usage.unwrap_or_default());
                (self.model, self.id) = (message.model, message.id);
            }
            Event::ContentBlockStart { index, content_block } => self.begin(index, content_block, told)?,
            Event::ContentBlockDelta { index, delta } => self.delta(index, delta, told)?,
            Event::ContentBlockStop { index } => self.finish(index, told)?,
            Event::MessageDelta { delta, usage } => {
                self.stop_reason = delta.stop_reason.or(self.stop_reason.take());
                self.usage.add(usage.unwrap_or_default());
            }
            Event::MessageStop => told.push(self.end()),
            Event::Error { error } => return Err(fault::of(Said::value(&error))),
            Event::Other => {}
        }
        Ok(())
    }

    fn close(&mut self, _: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        Err(LlmError::new(LlmErrorKind::Transport, "the answer broke off before its `message_stop`"))
    }
}

impl AnthropicReader {
    fn begin(&mut self, part: u32, block: Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let open = match serde_json::from_value(block.clone()).map_err(unreadable)? {
            Begun::Text { text } => {
                if !text.is_empty() {
                    told.push(ChatEvent::Text { part, text });
                }
                Block::Told
            }
            // Told even where it is empty, so that a signature finds thoughts to stand with.
            Begun::Thinking { thinking, signature } => {
                told.push(ChatEvent::Reasoning { part, text: thinking });
                if !signature.is_empty() {
                    told.push(signed(part, json!({ "signature": signature })));
                }
                Block::Told
            }
            Begun::RedactedThinking { data } => {
                told.push(ChatEvent::Reasoning { part, text: String::new() });
                told.push(signed(part, json!({ "data": data })));
                Block::Told
            }
            Begun::ToolUse { id, name, input } => {
                told.push(ChatEvent::ToolCall { part, id, name });
                Block::Call { input: Some(input) }
            }
            Begun::Other => Block::Unknown { block, input: String::new() },
        };
        self.open.insert(part, open);
        Ok(())
    }

    fn delta(&mut self, part: u32, delta: Delta, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        match (delta, self.open.get_mut(&part)) {
            (Delta::Text { text }, _) => told.push(ChatEvent::Text { part, text }),
            (Delta::Thinking { thinking }, _) => told.push(ChatEvent::Reasoning { part, text: thinking }),
            (Delta::Signature { signature }, _) => told.push(signed(part, json!({ "signature": signature }))),
            (Delta::InputJson { partial_json }, Some(Block::Call { input })) => {
                if !partial_json.is_empty() {
                    // What comes piece by piece stands for what the block began with.
                    *input = None;
                    told.push(ChatEvent::Arguments { part, json: partial_json });
                }
            }
            (Delta::InputJson { partial_json }, Some(Block::Unknown { input, .. })) => input.push_str(&partial_json),
            (Delta::InputJson { .. }, Some(Block::Told) | None) => {
                let why = format!("arguments come for block {part}, which is no call");
                return Err(LlmError::new(LlmErrorKind::ContentParse, why));
            }
            // Sources of words, and what is not known.
            (Delta::Other, _) => {}
        }
        Ok(())
    }

    fn finish(&mut self, part: u32, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        match self.open.remove(&part) {
            Some(Block::Call { input: Some(input) }) => {
                let json = if input.is_null() { "{}".to_owned() } else { input.to_string() };
                told.push(ChatEvent::Arguments { part, json });
            }
            Some(Block::Unknown { mut block, input }) => {
                if !input.is_empty() {
                    let input: Value = serde_json::from_str(&input).map_err(unreadable)?;
                    if let Some(fields) = block.as_object_mut() {
                        fields.insert("input".to_owned(), input);
                    }
                }
                told.push(signed(part, json!({ "block": block })));
            }
            Some(Block::Told | Block::Call { input: None }) | None => {}
        }
        Ok(())
    }

    fn end(&mut self) -> ChatEvent {
        let finish = match self.stop_reason.take().as_deref() {
            Some("end_turn" | "stop_sequence") => Finish::Stop,
            Some("tool_use") => Finish::ToolCalls,
            Some("max_tokens" | "model_context_window_exceeded") => Finish::Length,
            Some("refusal") => Finish::Refusal,
            Some(other) => Finish::Other(other.to_owned()),
            None => Finish::Other("unknown".to_owned()),
        };
        let mut end = End::new(finish);
        (end.usage, end.model, end.id) = (self.usage.total(), self.model.take(), self.id.take());
        ChatEvent::End(end)
    }
}

fn signed(part: u32, value: Value) -> ChatEvent {
    ChatEvent::Signature { part, signature: Signature::new(FORMAT, value) }
}

fn unreadable(error: serde_json::Error) -> LlmError {
    LlmError::new(LlmErrorKind::ContentParse, "it is not what Anthropic's messages say").with_source(error)
}
