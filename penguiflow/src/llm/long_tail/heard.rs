//! Reads what genai tells of an answer. Must not know who asked.

use crate::clock::Seam;
use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::LlmError;
use crate::llm::long_tail::fault;
use crate::llm::model::ModelStream;
use crate::llm::wired::cut_off;
use crate::secret::Secret;
use futures_util::stream::{self, StreamExt as _};
use genai::chat::{ChatStream, ChatStreamEvent, StopReason, StreamEnd};

/// Thoughts come before words, and words before tools.
const THOUGHTS: u32 = 0;
const WORDS: u32 = 1;
const TOOLS: u32 = 2;

pub(super) fn events(answer: ChatStream, key: Secret, seam: Seam) -> ModelStream {
    let heard = Heard { answer, key, seam, bytes: 0, next: Vec::new(), over: false };
    Box::pin(stream::unfold(heard, Heard::next))
}

struct Heard {
    answer: ChatStream,
    key: Secret,
    seam: Seam,
    bytes: usize,
    /// What is told next, the next one last.
    next: Vec<ChatEvent>,
    over: bool,
}

impl Heard {
    async fn next(mut self) -> Option<(Result<ChatEvent, LlmError>, Self)> {
        loop {
            if let Some(event) = self.next.pop() {
                return Some((Ok(event), self));
            }
            if self.over {
                return None;
            }
            match self.answer.next().await {
                Some(Ok(event)) => self.hear(event),
                Some(Err(error)) => {
                    self.over = true;
                    return Some((Err(fault::of(&error, &self.key, self.seam.wall())), self));
                }
                None => {
                    self.over = true;
                    return Some((Err(cut_off(self.bytes)), self));
                }
            }
        }
    }

    fn hear(&mut self, event: ChatStreamEvent) {
        match event {
            ChatStreamEvent::Chunk(chunk) => self.tell(chunk.content, |text| ChatEvent::Text { part: WORDS, text }),
            ChatStreamEvent::ReasoningChunk(chunk) => {
                self.tell(chunk.content, |text| ChatEvent::Reasoning { part: THOUGHTS, text });
            }
            ChatStreamEvent::End(end) => {
                self.over = true;
                self.next = ended(end);
                self.next.reverse();
            }
            // Tools are told whole, at the end: what comes before is as much as there is of each so far.
            ChatStreamEvent::Start
            | ChatStreamEvent::ThoughtSignatureChunk(_)
            | ChatStreamEvent::ToolCallChunk(_)
            | ChatStreamEvent::Heartbeat => {}
        }
    }

    fn tell(&mut self, text: String, event: impl FnOnce(String) -> ChatEvent) {
        self.bytes = self.bytes.saturating_add(text.len());
        if !text.is_empty() {
            self.next.push(event(text));
        }
    }
}

/// The tools, and the end.
fn ended(end: StreamEnd) -> Vec<ChatEvent> {
    let mut told = Vec::new();
    for (part, call) in (TOOLS..).zip(end.captured_tool_calls().unwrap_or_default()) {
        told.push(ChatEvent::ToolCall { part, id: call.call_id.clone(), name: call.fn_name.clone() });
        // Some adapters hand on the text, and some what it says.
        let json = call.fn_arguments.as_str().map_or_else(|| call.fn_arguments.to_string(), str::to_owned);
        told.push(ChatEvent::Arguments { part, json });
    }
    let finish = match end.captured_stop_reason {
        Some(StopReason::Completed(_) | StopReason::StopSequence(_)) => Finish::Stop,
        Some(StopReason::MaxTokens(_)) => Finish::Length,
        Some(StopReason::ToolCall(_)) => Finish::ToolCalls,
        Some(StopReason::ContentFilter(_)) => Finish::ContentFilter,
        Some(StopReason::Other(word)) => Finish::Other(word),
        None if told.is_empty() => Finish::Stop,
        None => Finish::ToolCalls,
    };
    let mut last = End::new(finish);
    last.usage = end.captured_usage.and_then(usage);
    last.id = end.captured_response_id;
    told.push(ChatEvent::End(last));
    told
}

/// Nothing where it tells neither of what was read nor of what was written.
fn usage(usage: genai::chat::Usage) -> Option<Usage> {
    let count = |tokens: Option<i32>| u64::try_from(tokens.unwrap_or_default()).unwrap_or_default();
    if usage.prompt_tokens.is_none() && usage.completion_tokens.is_none() {
        return None;
    }
    let read = usage.prompt_tokens_details.unwrap_or_default();
    let written = usage.completion_tokens_details.unwrap_or_default();
    let told = Usage::new(count(usage.prompt_tokens), count(usage.completion_tokens));
    let told = told.with_cached(count(read.cached_tokens), count(read.cache_creation_tokens));
    Some(told.with_reasoning(count(written.reasoning_tokens)))
}
