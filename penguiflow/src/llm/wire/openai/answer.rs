//! Reads an answer, whole or chunk by chunk, into steps. Must not know how it came.

mod calls;
pub(super) mod details;

use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::part::Signature;
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::wire::fault::Said;
use crate::llm::wire::openai::answer::calls::{Calls, Piece};
use crate::llm::wire::openai::answer::details::Details;
use crate::llm::wire::openai::plain::{Chunk, Delta, Function};
use crate::llm::wire::openai::think::{self, Think};
use crate::llm::wire::openai::usage::usage;
use crate::llm::wire::plain::{Object, Word};
use serde_json::Value;
use std::borrow::Cow;

/// How long a reason of a provider's own may be.
const REASON_CHARS_MAX: usize = 100;

/// What was told so far.
#[derive(Debug)]
pub(super) struct Steps {
    think: Option<Think>,
    /// The part that words or thoughts are added to.
    open: Option<(Kind, u32)>,
    /// The first part of thoughts.
    thoughts: Option<u32>,
    parts: u32,
    calls: Calls,
    details: Details,
    refused: bool,
    finish: Option<Finish>,
    usage: Option<Usage>,
    model: Option<String>,
    id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Reasoning,
}

impl Steps {
    pub(super) fn new(think_tags: bool) -> Self {
        Steps {
            think: think_tags.then(Think::default),
            open: None,
            thoughts: None,
            parts: 0,
            calls: Calls::default(),
            details: Details::default(),
            refused: false,
            finish: None,
            usage: None,
            model: None,
            id: None,
        }
    }

    /// Reads a complete answer.
    pub(super) fn whole(&mut self, value: &Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        self.failed(value)?;
        let choice = choice(value).ok_or_else(|| broken("the answer has no choices"))?;
        self.head(value);
        self.delta(choice.get("message").unwrap_or(&Value::Null), told)?;
        self.end_of(choice)?;
        self.finish.get_or_insert_with(|| Finish::Other("none".to_owned()));
        self.done(told)
    }

    /// Reads the next chunk of one.
    pub(super) fn chunk(&mut self, value: &Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        if !value.is_object() {
            return Err(broken("a chunk is no object"));
        }
        self.failed(value)?;
        self.head(value);
        // The chunk with the usage has no choice, and others only tell what a filter thinks.
        let Some(choice) = choice(value) else { return Ok(()) };
        if let Some(delta) = choice.get("delta").filter(|delta| delta.is_object()) {
            self.delta(delta, told)?;
        }
        self.end_of(choice)
    }

    /// Reads the next chunk, which has a piece of the answer in it and nothing else.
    pub(super) fn plain(&mut self, chunk: Chunk<'_>, told: &mut Vec<ChatEvent>) {
        let (model, id) = (chunk.model.as_ref(), chunk.id.as_ref());
        self.named(model.map(|model| &*model.0), id.map(|id| &*id.0));
        let Delta { content, reasoning_content, reasoning, tool_calls, .. } = chunk.into_delta();
        let is_some = |word: &Word<'_>| !word.0.is_empty();
        if let Some(Word(thought)) = reasoning_content.filter(is_some).or(reasoning) {
            self.say(Kind::Reasoning, thought, told);
        }
        if let Some(Word(text)) = content {
            self.written(text, told);
        }
        for Object(call) in tool_calls.into_iter().flatten() {
            self.open = None;
            let Object(Function { name, arguments }) = call.function;
            let text = |word: Option<Word<'_>>| word.map(|word| word.0.into_owned()).unwrap_or_default();
            let piece = Piece { index: call.index, id: &text(call.id), name: &text(name), arguments: text(arguments) };
            self.calls.feed(piece, &mut self.parts, told);
        }
    }

    /// Whether nothing can be missing: the reason of the end is known, and what was used, which comes behind it.
    pub(super) fn is_complete(&self) -> bool {
        self.finish.is_some() && self.usage.is_some()
    }

    /// The server says that this was all.
    pub(super) fn done(&mut self, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let Some(finish) = self.finish.clone() else {
            return Err(LlmError::new(LlmErrorKind::Transport, "the answer is over, and does not say why it ended"));
        };
        let mut pieces = Vec::new();
        if let Some(think) = &mut self.think {
            think.close(&mut pieces);
        }
        self.pieces(pieces, told);
        self.calls.finish()?;
        if let Some(value) = self.details.take() {
            let part = match self.thoughts {
                Some(part) => part,
                None => self.part(Kind::Reasoning),
            };
            told.push(ChatEvent::Signature { part, signature: Signature::new(details::FORMAT, value) });
        }
        let finish = match finish {
            _ if self.refused => Finish::Refusal,
            // OpenAI itself says `stop` where one certain tool had to be called.
            Finish::Stop if !self.calls.is_empty() => Finish::ToolCalls,
            finish => finish,
        };
        let (usage, model, id) = (self.usage, self.model.take(), self.id.take());
        told.push(ChatEvent::End(End { usage, model, id, ..End::new(finish) }));
        Ok(())
    }

    /// An error in the place of an answer, which some send with a status of success.
    fn failed(&self, value: &Value) -> Result<(), LlmError> {
        let is_error = value.get("object").is_some_and(|object| object == "error");
        let inside = choice(value).and_then(|choice| choice.get("error"));
        let error = value.get("error").or(inside).filter(|error| !error.is_null());
        match error {
            Some(error) => Err(Said::value(error).into_error()),
            None if is_error => Err(Said::value(value).into_error()),
            None => Ok(()),
        }
    }

    fn head(&mut self, value: &Value) {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        self.named(text("model"), text("id"));
        // Groq's stands apart: <https://console.groq.com/docs/text-chat>.
        let told = ["/usage", "/x_groq/usage"].iter().find_map(|at| usage(value.pointer(at)?));
        self.usage = told.or(self.usage);
    }

    /// The first that is told counts.
    fn named(&mut self, model: Option<&str>, id: Option<&str>) {
        if let Some(model) = model.filter(|model| !model.is_empty()) {
            self.model.get_or_insert_with(|| model.to_owned());
        }
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            self.id.get_or_insert_with(|| id.to_owned());
        }
    }

    fn delta(&mut self, delta: &Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let text = |name: &str| delta.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if let Some(thought) = text("reasoning_content").or_else(|| text("reasoning")) {
            self.say(Kind::Reasoning, thought.into(), told);
        }
        if let Some(all) = delta.get("reasoning_details").and_then(Value::as_array) {
            self.details.feed(all);
        }
        self.content(delta.get("content").unwrap_or(&Value::Null), told)?;
        if let Some(refusal) = text("refusal") {
            self.refused = true;
            self.say(Kind::Text, refusal.into(), told);
        }
        for call in delta.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
            self.open = None;
            self.calls.feed_value(call, &mut self.parts, told);
        }
        Ok(())
    }

    /// A string, or a list of parts: Mistral and Databricks write thoughts so.
    fn content(&mut self, content: &Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        match content {
            Value::Null => Ok(()),
            Value::String(text) => {
                self.written(text.into(), told);
                Ok(())
            }
            Value::Array(parts) => {
                for part in parts {
                    let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
                    let inner = |name: &str| part.get(name).and_then(Value::as_array).into_iter().flatten();
                    let words = |part: &Value| part.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
                    match kind {
                        "text" => self.written(words(part).into(), told),
                        "thinking" => {
                            inner("thinking").for_each(|part| self.say(Kind::Reasoning, words(part).into(), told))
                        }
                        "reasoning" => {
                            inner("summary").for_each(|part| self.say(Kind::Reasoning, words(part).into(), told))
                        }
                        // A picture or a reference, which nobody asked for.
                        _ => {}
                    }
                }
                Ok(())
            }
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                Err(broken("the content is neither text nor a list"))
            }
        }
    }

    fn written(&mut self, text: Cow<'_, str>, told: &mut Vec<ChatEvent>) {
        match &mut self.think {
            None => self.say(Kind::Text, text, told),
            Some(think) => {
                let mut pieces = Vec::new();
                think.feed(&text, &mut pieces);
                self.pieces(pieces, told);
            }
        }
    }

    fn pieces(&mut self, pieces: Vec<think::Piece>, told: &mut Vec<ChatEvent>) {
        for piece in pieces {
            match piece {
                think::Piece::Text(text) => self.say(Kind::Text, text.into(), told),
                think::Piece::Thought(text) => self.say(Kind::Reasoning, text.into(), told),
            }
        }
    }

    fn say(&mut self, kind: Kind, text: Cow<'_, str>, told: &mut Vec<ChatEvent>) {
        if text.is_empty() {
            return;
        }
        let (part, text) = (self.part(kind), text.into_owned());
        told.push(match kind {
            Kind::Text => ChatEvent::Text { part, text },
            Kind::Reasoning => ChatEvent::Reasoning { part, text },
        });
    }

    fn part(&mut self, kind: Kind) -> u32 {
        match self.open {
            Some((open, part)) if open == kind => part,
            _ => {
                let part = self.parts;
                self.parts += 1;
                self.open = Some((kind, part));
                if kind == Kind::Reasoning {
                    self.thoughts.get_or_insert(part);
                }
                part
            }
        }
    }

    fn end_of(&mut self, choice: &Value) -> Result<(), LlmError> {
        let Some(reason) = choice.get("finish_reason").and_then(Value::as_str).filter(|reason| !reason.is_empty())
        else {
            return Ok(());
        };
        self.finish = Some(match reason {
            // `eos` is Together's.
            "stop" | "eos" => Finish::Stop,
            "tool_calls" | "function_call" => Finish::ToolCalls,
            // `model_length` is Mistral's.
            "length" | "max_tokens" | "model_length" => Finish::Length,
            "content_filter" => Finish::ContentFilter,
            "refusal" => Finish::Refusal,
            // OpenRouter's and Mistral's, and DeepSeek's: the provider broke down in the middle.
            "error" | "insufficient_system_resource" => {
                let why = format!("the provider stopped in the middle of the answer: {reason}");
                return Err(LlmError::new(LlmErrorKind::Overloaded { retry_after: None }, why));
            }
            other => Finish::Other(other.chars().take(REASON_CHARS_MAX).collect()),
        });
        Ok(())
    }
}

/// The first of the answers; we never ask for more than one.
fn choice(value: &Value) -> Option<&Value> {
    let first = |choice: &&Value| choice.get("index").and_then(Value::as_u64).unwrap_or(0) == 0;
    value.get("choices")?.as_array()?.iter().find(first)
}

fn broken(why: &str) -> LlmError {
    LlmError::new(LlmErrorKind::ContentParse, why)
}
