//! OpenAI's chat completions, and the forms in which other providers serve them. Must not know who these are.
//!
//! <https://platform.openai.com/docs/api-reference/chat>

mod answer;
mod effort;
mod fields;
pub(crate) mod form;
mod messages;
mod plain;
mod request;
mod think;
mod usage;

use crate::llm::chat::event::ChatEvent;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::transport::{Headers, HttpRequest};
use crate::llm::wire::fault::Said;
use crate::llm::wire::frames::{Frame, Framing};
use crate::llm::wire::openai::answer::Steps;
use crate::llm::wire::openai::form::Form;
use crate::llm::wire::openai::plain::Chunk;
use crate::llm::wire::{Ask, Reader, Target, Wire};
use serde_json::Value;
use std::time::SystemTime;

pub(crate) use crate::llm::wire::openai::effort::word;
pub(crate) use crate::llm::wire::openai::messages::{image_url, result_text, with_id};
pub(crate) use crate::llm::wire::openai::usage::count;

/// Chat completions, in one provider's form.
#[derive(Debug)]
pub(crate) struct Chat {
    form: Form,
    /// Whether thoughts stand in `<think>` tags.
    think_tags: bool,
}

impl Chat {
    pub(crate) fn new(form: Form, think_tags: bool) -> Self {
        Chat { form, think_tags }
    }
}

impl Wire for Chat {
    fn framing(&self) -> Framing {
        Framing::Sse
    }

    fn encode(&self, target: &Target, ask: &Ask<'_>) -> Result<HttpRequest, LlmError> {
        let body = request::body(&self.form, target, ask)?;
        let mut request = HttpRequest::json(self.form.address.url(target), &body);
        if let Some(key) = ask.key {
            request = self.form.auth.put(request, key);
        }
        Ok(target.headers.iter().fold(request, |request, (name, value)| request.with_header(name, value)))
    }

    fn read(&self, body: &[u8]) -> Result<Vec<ChatEvent>, LlmError> {
        let value: Value = serde_json::from_slice(body).map_err(cut_or_unreadable)?;
        let (mut steps, mut told) = (Steps::new(self.think_tags), Vec::new());
        steps.whole(&value, &mut told)?;
        Ok(told)
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Streamed(Steps::new(self.think_tags)))
    }

    fn fault(&self, status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> LlmError {
        Said::reply(status, headers, body, now).into_error()
    }
}

/// A stream of chunks, whose end is `[DONE]`: <https://platform.openai.com/docs/api-reference/chat-streaming>.
struct Streamed(Steps);

impl Reader for Streamed {
    fn frame(&mut self, frame: &Frame, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        match frame.data.trim() {
            "[DONE]" => return self.0.done(told),
            // Some servers keep connections open so.
            "" => return Ok(()),
            _ => {}
        }
        if frame.event != "error"
            && let Some(chunk) = Chunk::read(&frame.data)
        {
            self.0.plain(chunk, told);
            return Ok(());
        }
        let value: Value = serde_json::from_str(&frame.data).map_err(unreadable)?;
        if frame.event == "error" {
            return Err(Said::value(&value).into_error());
        }
        self.0.chunk(&value, told)
    }

    fn close(&mut self, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        // Servers are met that leave the last frame out. Where everything was told before it, nothing is missing.
        if self.0.is_complete() { self.0.done(told) } else { Ok(()) }
    }
}

fn unreadable(error: serde_json::Error) -> LlmError {
    LlmError::new(LlmErrorKind::ContentParse, "what came is no JSON").with_source(error)
}

/// Half an answer is one that broke off, and asking again may help.
pub(crate) fn cut_or_unreadable(error: serde_json::Error) -> LlmError {
    match error.is_eof() {
        true => LlmError::new(LlmErrorKind::Transport, "the answer broke off").with_source(error),
        false => unreadable(error),
    }
}

#[cfg(test)]
mod tests;
