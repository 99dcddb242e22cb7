//! Reads an answer, whole or event by event, into steps. Must not know how it came.

use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::part::Signature;
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::wire::fault::Said;
use crate::llm::wire::openai::count;
use crate::llm::wire::responses::FORMAT;
use serde_json::{Value, json};

/// How long a reason of the provider's own may be.
const REASON_CHARS_MAX: usize = 100;

/// What was told so far.
#[derive(Debug, Default)]
pub(super) struct Steps {
    items: Vec<Item>,
    refused: bool,
    calls: bool,
}

/// One item of the output; each is one part of the message.
#[derive(Debug)]
struct Item {
    index: u64,
    /// Whether it told anything but its beginning.
    told: bool,
    /// The summary that is being written.
    summary: u64,
}

impl Steps {
    /// Reads a complete answer.
    pub(super) fn whole(&mut self, value: &Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        if let Some(error) = value.get("error").filter(|error| !error.is_null()) {
            return Err(Said::value(error).into_error());
        }
        let output = value.get("output").and_then(Value::as_array);
        let output = output.ok_or_else(|| broken("the answer has no output"))?;
        for (index, item) in (0..).zip(output) {
            self.begun(index, item, told);
            self.written(index, item, told);
        }
        let status = value.get("status").and_then(Value::as_str).unwrap_or("completed");
        self.over(status, value, told)
    }

    /// Reads the next event of one. What is not known, or only sums up, tells nothing.
    pub(super) fn event(&mut self, value: &Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let null = &Value::Null;
        let index = value.get("output_index").and_then(Value::as_u64).unwrap_or(0);
        let delta = value.get("delta").and_then(Value::as_str).unwrap_or_default();
        let (item, response) = (value.get("item").unwrap_or(null), value.get("response").unwrap_or(null));
        match value.get("type").and_then(Value::as_str).unwrap_or_default() {
            "response.output_item.added" => self.begun(index, item, told),
            "response.output_text.delta" => self.say(index, delta, told),
            "response.refusal.delta" => {
                self.refused = true;
                self.say(index, delta, told);
            }
            "response.function_call_arguments.delta" => self.arguments(index, delta, told),
            "response.reasoning_summary_text.delta" => {
                let summary = value.get("summary_index").and_then(Value::as_u64).unwrap_or(0);
                self.think(index, summary, delta, told);
            }
            "response.reasoning_text.delta" => self.think(index, 0, delta, told),
            "response.output_item.done" => self.done(index, item, told),
            "response.completed" => return self.over("completed", response, told),
            "response.incomplete" => return self.over("incomplete", response, told),
            "response.failed" => return self.over("failed", response, told),
            "error" => return Err(Said::value(value.get("error").unwrap_or(value)).into_error()),
            _ => {}
        }
        Ok(())
    }

    fn begun(&mut self, index: u64, item: &Value, told: &mut Vec<ChatEvent>) {
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        if kind(item) == "function_call" {
            let part = self.part(index);
            self.calls = true;
            told.push(ChatEvent::ToolCall { part, id: text("call_id"), name: text("name") });
        }
    }

    /// The item is complete. What was not told in pieces is told now.
    fn done(&mut self, index: u64, item: &Value, told: &mut Vec<ChatEvent>) {
        let tells_all = self.item(index).told;
        match kind(item) {
            "function_call" if !tells_all => self.written(index, item, told),
            "reasoning" => self.sign(index, item, told),
            _ => {}
        }
    }

    /// Tells all of an item at once.
    fn written(&mut self, index: u64, item: &Value, told: &mut Vec<ChatEvent>) {
        let list = |name: &str| item.get(name).and_then(Value::as_array).into_iter().flatten();
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        match kind(item) {
            "message" => {
                for content in list("content") {
                    self.refused |= kind(content) == "refusal";
                    self.say(index, &text(content, "text"), told);
                    self.say(index, &text(content, "refusal"), told);
                }
            }
            "reasoning" => {
                for (number, summary) in (0..).zip(list("summary")) {
                    self.think(index, number, &text(summary, "text"), told);
                }
                list("content").for_each(|content| self.think(index, 0, &text(content, "text"), told));
                self.sign(index, item, told);
            }
            "function_call" => self.arguments(index, &text(item, "arguments"), told),
            _ => {}
        }
    }

    fn say(&mut self, index: u64, text: &str, told: &mut Vec<ChatEvent>) {
        if !text.is_empty() {
            let part = self.tells(index);
            told.push(ChatEvent::Text { part, text: text.to_owned() });
        }
    }

    fn arguments(&mut self, index: u64, json: &str, told: &mut Vec<ChatEvent>) {
        if !json.is_empty() {
            let part = self.tells(index);
            told.push(ChatEvent::Arguments { part, json: json.to_owned() });
        }
    }

    /// Summaries are paragraphs.
    fn think(&mut self, index: u64, summary: u64, text: &str, told: &mut Vec<ChatEvent>) {
        if text.is_empty() {
            return;
        }
        let part = self.tells(index);
        let item = self.item(index);
        let between = if item.summary < summary { "\n\n" } else { "" };
        item.summary = summary;
        told.push(ChatEvent::Reasoning { part, text: format!("{between}{text}") });
    }

    /// Keeps what the provider wants back: without the thoughts that only it can read it would ask for something that it did not store.
    fn sign(&mut self, index: u64, item: &Value, told: &mut Vec<ChatEvent>) {
        let field = |name: &str| item.get(name).cloned().unwrap_or(Value::Null);
        if !item.get("encrypted_content").is_some_and(Value::is_string) {
            return;
        }
        let mut kept = json!({"type": "reasoning", "summary": [], "encrypted_content": field("encrypted_content")});
        for name in ["id", "summary"] {
            if let Some(value) = item.get(name).filter(|value| !value.is_null()) {
                kept[name] = value.clone();
            }
        }
        let part = self.part(index);
        // A part of nothing but a signature would be taken for words.
        if !self.item(index).told {
            told.push(ChatEvent::Reasoning { part, text: String::new() });
        }
        told.push(ChatEvent::Signature { part, signature: Signature::new(FORMAT, kept) });
    }

    fn over(&mut self, status: &str, response: &Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let text = |pointer: &str| response.pointer(pointer).and_then(Value::as_str);
        let finish = match (status, text("/incomplete_details/reason")) {
            ("completed", _) if self.refused => Finish::Refusal,
            ("completed", _) if self.calls => Finish::ToolCalls,
            ("completed", _) => Finish::Stop,
            ("incomplete", Some("max_output_tokens" | "max_tokens")) => Finish::Length,
            ("incomplete", Some("content_filter")) => Finish::ContentFilter,
            ("incomplete", Some(other)) => Finish::Other(other.chars().take(REASON_CHARS_MAX).collect()),
            ("failed", _) => {
                let said = Said::value(response.get("error").unwrap_or(&Value::Null));
                return Err(said.into_error());
            }
            (other, _) => return Err(broken(&format!("the answer's status is {other:?}"))),
        };
        let (model, id) = (text("/model").map(str::to_owned), text("/id").map(str::to_owned));
        let usage = response.get("usage").and_then(usage);
        told.push(ChatEvent::End(End { usage, model, id, ..End::new(finish) }));
        Ok(())
    }

    fn tells(&mut self, index: u64) -> u32 {
        self.item(index).told = true;
        self.part(index)
    }

    fn part(&mut self, index: u64) -> u32 {
        self.item(index);
        let at = self.items.iter().position(|item| item.index == index).unwrap_or(0);
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn item(&mut self, index: u64) -> &mut Item {
        let at = match self.items.iter().position(|item| item.index == index) {
            Some(at) => at,
            None => {
                self.items.push(Item { index, told: false, summary: 0 });
                self.items.len() - 1
            }
        };
        &mut self.items[at]
    }
}

fn kind(value: &Value) -> &str {
    value.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn usage(value: &Value) -> Option<Usage> {
    let (input, output) = (count(value, "/input_tokens")?, count(value, "/output_tokens").unwrap_or(0));
    let cached = count(value, "/input_tokens_details/cached_tokens").unwrap_or(0);
    let reasoning = count(value, "/output_tokens_details/reasoning_tokens").unwrap_or(0);
    let told = input > 0 || output > 0;
    told.then(|| Usage::new(input, output).with_cached(cached, 0).with_reasoning(reasoning))
}

fn broken(why: &str) -> LlmError {
    let why: String = why.chars().take(REASON_CHARS_MAX * 2).collect();
    LlmError::new(LlmErrorKind::ContentParse, why)
}
