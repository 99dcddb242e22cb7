//! Reads answers of Converse, as a [stream](https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html) or in one
//! piece. Must not know what was asked.

use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::part::Signature;
use crate::llm::chat::usage::Finish;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::wire::Reader;
use crate::llm::wire::converse::shape::{
    Answer, Call, Changed, Content, Counts, Delta, Input, MessageStopped, Metadata, Reasoned, Started, Stopped, Thought,
};
use crate::llm::wire::converse::{FORMAT, fault};
use crate::llm::wire::frames::{EXCEPTION, Frame};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Reads an answer that came in one piece: each block as a stream would have told it.
pub(crate) fn read(body: &[u8]) -> Result<Vec<ChatEvent>, LlmError> {
    let answer: Answer = serde_json::from_slice(body).map_err(unreadable)?;
    let (mut reader, mut told) = (ConverseReader::default(), Vec::new());
    for (part, block) in (0..).zip(answer.output.message.content) {
        reader.block(part, block, &mut told)?;
        reader.over(part, &mut told);
    }
    reader.usage = answer.usage;
    reader.stop(answer.stop_reason, &mut told)?;
    told.push(reader.end());
    Ok(told)
}

/// Reads one stream.
#[derive(Default)]
pub(crate) struct ConverseReader {
    open: BTreeMap<u32, Block>,
    finish: Option<Finish>,
    usage: Option<Counts>,
}

/// A block whose end has not come.
enum Block {
    /// A call, and whether any of its arguments came.
    Call { has_input: bool },
    /// Thoughts, with what they are signed with so far.
    Thought { signature: String, redacted: Vec<u8> },
}

impl Reader for ConverseReader {
    fn frame(&mut self, frame: &Frame, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        if let Some(name) = frame.event.strip_prefix(EXCEPTION) {
            return Err(fault::inside(name, &frame.data));
        }
        match frame.event.as_str() {
            "contentBlockStart" => {
                let Started { content_block_index: part, start } = payload(frame)?;
                if let Some(call) = start.tool_use {
                    self.call(part, call, told);
                }
            }
            "contentBlockDelta" => {
                let Changed { content_block_index: part, delta } = payload(frame)?;
                self.delta(part, delta, told)?;
            }
            "contentBlockStop" => self.over(payload::<Stopped>(frame)?.content_block_index, told),
            "messageStop" => self.stop(payload::<MessageStopped>(frame)?.stop_reason, told)?,
            "metadata" => {
                self.usage = payload::<Metadata>(frame)?.usage.or(self.usage.take());
                if self.finish.is_some() {
                    told.push(self.end());
                }
            }
            // `messageStart`, and what newer versions say.
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, _: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        Err(LlmError::new(LlmErrorKind::Transport, "the answer broke off before its `metadata`"))
    }
}

impl ConverseReader {
    fn block(&mut self, part: u32, block: Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        match serde_json::from_value(block.clone()).map_err(unreadable)? {
            Content { text: Some(text), .. } => told.push(ChatEvent::Text { part, text }),
            Content { tool_use: Some(call), .. } => self.call(part, call, told),
            Content { reasoning_content: Some(Reasoned { reasoning_text: Some(thought), .. }), .. } => {
                self.thought(part, thought, told)?;
            }
            Content { reasoning_content: Some(Reasoned { redacted_content: Some(redacted), .. }), .. } => {
                self.thought(part, Thought { redacted_content: Some(redacted), ..Thought::default() }, told)?;
            }
            Content { .. } => told.push(signed(part, json!({ "block": block }))),
        }
        Ok(())
    }

    fn call(&mut self, part: u32, call: Call, told: &mut Vec<ChatEvent>) {
        told.push(ChatEvent::ToolCall { part, id: call.tool_use_id, name: call.name });
        let has_input = call.input.is_object();
        if has_input {
            told.push(ChatEvent::Arguments { part, json: call.input.to_string() });
        }
        self.open.insert(part, Block::Call { has_input });
    }

    fn delta(&mut self, part: u32, delta: Delta, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        if let Some(text) = delta.text {
            told.push(ChatEvent::Text { part, text });
        }
        if let Some(thought) = delta.reasoning_content {
            self.thought(part, thought, told)?;
        }
        if let Some(Input { input }) = delta.tool_use {
            match self.open.get_mut(&part) {
                Some(Block::Call { has_input }) => {
                    if !input.is_empty() {
                        *has_input = true;
                        told.push(ChatEvent::Arguments { part, json: input });
                    }
                }
                Some(Block::Thought { .. }) | None => {
                    let why = format!("arguments come for block {part}, which is no call");
                    return Err(LlmError::new(LlmErrorKind::ContentParse, why));
                }
            }
        }
        Ok(())
    }

    fn thought(&mut self, part: u32, thought: Thought, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let begins = !self.open.contains_key(&part);
        let block = self.open.entry(part).or_insert(Block::Thought { signature: String::new(), redacted: Vec::new() });
        let Block::Thought { signature, redacted } = block else {
            let why = format!("thoughts come for block {part}, which is a call");
            return Err(LlmError::new(LlmErrorKind::ContentParse, why));
        };
        // The first one is told even if it is empty, so that a signature finds thoughts to stand with.
        if begins || thought.text.is_some() {
            told.push(ChatEvent::Reasoning { part, text: thought.text.unwrap_or_default() });
        }
        signature.push_str(&thought.signature.unwrap_or_default());
        if let Some(more) = thought.redacted_content {
            let why =
                |error| LlmError::new(LlmErrorKind::ContentParse, "hidden thoughts are no base64").with_source(error);
            redacted.extend(STANDARD.decode(more).map_err(why)?);
        }
        Ok(())
    }

    fn over(&mut self, part: u32, told: &mut Vec<ChatEvent>) {
        match self.open.remove(&part) {
            Some(Block::Call { has_input: false }) => {
                told.push(ChatEvent::Arguments { part, json: "{}".to_owned() });
            }
            Some(Block::Thought { redacted, .. }) if !redacted.is_empty() => {
                told.push(signed(part, json!({ "redactedContent": STANDARD.encode(redacted) })));
            }
            Some(Block::Thought { signature, .. }) if !signature.is_empty() => {
                told.push(signed(part, json!({ "signature": signature })));
            }
            Some(Block::Call { has_input: true } | Block::Thought { .. }) | None => {}
        }
    }

    fn stop(&mut self, reason: String, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let open: Vec<u32> = self.open.keys().copied().collect();
        open.into_iter().for_each(|part| self.over(part, told));
        self.finish = Some(match reason.as_str() {
            "end_turn" | "stop_sequence" => Finish::Stop,
            "tool_use" => Finish::ToolCalls,
            "max_tokens" | "model_context_window_exceeded" => Finish::Length,
            "guardrail_intervened" | "content_filtered" => Finish::ContentFilter,
            "malformed_model_output" | "malformed_tool_use" => {
                let why = format!("the model wrote what its provider cannot read: {reason}");
                return Err(LlmError::new(LlmErrorKind::ContentParse, why));
            }
            _ => Finish::Other(reason),
        });
        Ok(())
    }

    fn end(&mut self) -> ChatEvent {
        let finish = self.finish.take().unwrap_or_else(|| Finish::Other("unknown".to_owned()));
        let mut end = End::new(finish);
        end.usage = self.usage.take().map(|counts| counts.total());
        ChatEvent::End(end)
    }
}

fn signed(part: u32, value: Value) -> ChatEvent {
    ChatEvent::Signature { part, signature: Signature::new(FORMAT, value) }
}

fn payload<T: DeserializeOwned>(frame: &Frame) -> Result<T, LlmError> {
    serde_json::from_str(&frame.data).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> LlmError {
    LlmError::new(LlmErrorKind::ContentParse, "it is not what Converse says").with_source(error)
}
