//! Goes through a request and adds up what it has. Must not know a tokenizer.

use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::part::{Part, Signature};
use crate::llm::chat::request::{ChatRequest, Output};
use crate::llm::profile::Profile;
use serde::Serialize;
use std::io;

/// What each thing may have beside its words.
struct Around {
    request: u64,
    message: u64,
    part: u64,
    call: u64,
    tool: u64,
    any_tool: u64,
    schema: u64,
}

const AT_MOST: Around = Around { request: 64, message: 16, part: 8, call: 16, tool: 64, any_tool: 1_024, schema: 512 };
const ABOUT: Around = Around { request: 3, message: 4, part: 0, call: 8, tool: 12, any_tool: 64, schema: 16 };

/// What a picture is taken for whose size in tokens is not known.
const IMAGE: u64 = 1_000;
/// How many bytes of sound are taken for a token.
const SOUND_BYTES: u64 = 250;

/// How many tokens a text has at most.
pub(super) fn bytes(text: &str) -> u64 {
    wide(text.len())
}

pub(super) fn at_most(request: &ChatRequest, profile: &Profile, text: impl Fn(&str) -> u64) -> Option<u64> {
    let image = profile.image_tokens;
    Sum { around: AT_MOST, text, json: |bytes: u64| bytes, image, sound: |_: u64| None }.of(request)
}

pub(super) fn about(request: &ChatRequest, profile: &Profile, text: impl Fn(&str) -> u64) -> u64 {
    let image = Some(profile.image_tokens.unwrap_or(IMAGE));
    let json = |bytes: u64| bytes.div_ceil(4);
    let sum = Sum { around: ABOUT, text, json, image, sound: |bytes: u64| Some(bytes.div_ceil(SOUND_BYTES)) };
    sum.of(request).unwrap_or(u64::MAX)
}

struct Sum<T, J, S> {
    around: Around,
    /// What words have.
    text: T,
    /// What so many bytes of JSON have.
    json: J,
    /// What a picture has.
    image: Option<u64>,
    /// What so many bytes of sound have.
    sound: S,
}

impl<T: Fn(&str) -> u64, J: Fn(u64) -> u64, S: Fn(u64) -> Option<u64>> Sum<T, J, S> {
    fn of(&self, request: &ChatRequest) -> Option<u64> {
        let ChatRequest { messages, tools, output, extra, stop, .. } = request;
        let mut sum = self.around.request;
        for message in messages {
            sum = sum.saturating_add(self.message(message)?);
        }
        for tool in tools {
            let told = (self.text)(&tool.name).saturating_add((self.text)(&tool.description));
            let schema = self.written(&tool.schema);
            sum = sum.saturating_add(self.around.tool).saturating_add(told).saturating_add(schema);
        }
        if !tools.is_empty() {
            sum = sum.saturating_add(self.around.any_tool);
        }
        if let Output::Schema(spec) = output {
            let told = (self.text)(&spec.name).saturating_add(spec.description.as_deref().map_or(0, &self.text));
            sum =
                sum.saturating_add(self.around.schema).saturating_add(told).saturating_add(self.written(&spec.schema));
        }
        if !extra.is_empty() {
            sum = sum.saturating_add(self.written(extra));
        }
        // Stop words are compared and not read; a provider that does read them has them in here.
        Some(stop.iter().fold(sum, |sum, stop| sum.saturating_add((self.text)(stop))))
    }

    fn message(&self, message: &ChatMessage) -> Option<u64> {
        message.parts.iter().try_fold(self.around.message, |sum, part| Some(sum.saturating_add(self.part(part)?)))
    }

    fn part(&self, part: &Part) -> Option<u64> {
        let text = &self.text;
        let sum = match part {
            Part::Text(words) => {
                self.around.part.saturating_add(text(&words.text)).saturating_add(self.signature(&words.signature))
            }
            Part::Reasoning(thoughts) => self
                .around
                .part
                .saturating_add(text(&thoughts.text))
                .saturating_add(self.signature(&thoughts.signature)),
            Part::Image(_) => self.around.part.saturating_add(self.image?),
            Part::Audio(sound) => self.around.part.saturating_add((self.sound)(wide(sound.bytes.len()))?),
            Part::ToolCall(call) => {
                let named = text(&call.id).saturating_add(text(&call.name));
                let asked = (self.json)(wide(call.arguments_or_empty().len()));
                let sum = self.around.call.saturating_add(named).saturating_add(asked);
                sum.saturating_add(self.signature(&call.signature))
            }
            Part::ToolResult(result) => {
                let named = text(&result.id).saturating_add(text(&result.name));
                let mut sum = self.around.call.saturating_add(named);
                for part in &result.content {
                    sum = sum.saturating_add(self.part(part)?);
                }
                sum
            }
        };
        Some(sum)
    }

    fn signature(&self, signature: &Option<Signature>) -> u64 {
        signature.as_ref().map_or(0, |signature| self.written(&signature.value))
    }

    fn written(&self, value: &impl Serialize) -> u64 {
        let mut length = Length(0);
        // What cannot be written is not sent either; a length has no other way to fail.
        let _ = serde_json::to_writer(&mut length, value);
        (self.json)(length.0)
    }
}

/// Counts what is written, and keeps none of it.
struct Length(u64);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(wide(bytes.len()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
