//! OpenAI's responses API. Must not know what chat completions look like.
//!
//! <https://platform.openai.com/docs/api-reference/responses>. Nothing is stored there: thoughts travel with the conversation, in a form that only
//! the provider reads (<https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items>). The format has neither `seed` nor `stop`
//! nor `top_k`, and no sounds. A summary of the thoughts comes where `extra` asks for one: `{"reasoning": {"summary": "auto"}}`, which takes the
//! place of an effort.

mod answer;
mod body;

use crate::llm::chat::event::ChatEvent;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::transport::{Headers, HttpRequest};
use crate::llm::wire::fault::Said;
use crate::llm::wire::frames::{Frame, Framing};
use crate::llm::wire::openai::cut_or_unreadable;
use crate::llm::wire::responses::answer::Steps;
use crate::llm::wire::{Ask, Reader, Target, Wire};
use crate::secret::Secret;
use serde_json::Value;
use std::time::SystemTime;

/// As signatures name it.
const FORMAT: &str = "openai-responses";

/// OpenAI's responses.
#[derive(Debug)]
pub(crate) struct Responses;

impl Wire for Responses {
    fn framing(&self) -> Framing {
        Framing::Sse
    }

    fn encode(&self, target: &Target, ask: &Ask<'_>) -> Result<HttpRequest, LlmError> {
        let mut request = HttpRequest::json(format!("{}/responses", target.base_url), &body::body(target, ask)?);
        if let Some(key) = ask.key {
            request = request.with_secret("authorization", Secret::new(format!("Bearer {}", key.expose())));
        }
        Ok(target.headers.iter().fold(request, |request, (name, value)| request.with_header(name, value)))
    }

    fn read(&self, body: &[u8]) -> Result<Vec<ChatEvent>, LlmError> {
        let value: Value = serde_json::from_slice(body).map_err(cut_or_unreadable)?;
        let (mut steps, mut told) = (Steps::default(), Vec::new());
        steps.whole(&value, &mut told)?;
        Ok(told)
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Streamed(Steps::default()))
    }

    fn fault(&self, status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> LlmError {
        Said::reply(status, headers, body, now).into_error()
    }
}

/// A stream of events, whose end is `response.completed` or one of its siblings:
/// <https://platform.openai.com/docs/api-reference/responses-streaming>.
struct Streamed(Steps);

impl Reader for Streamed {
    fn frame(&mut self, frame: &Frame, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let value: Value = serde_json::from_str(&frame.data)
            .map_err(|error| LlmError::new(LlmErrorKind::ContentParse, "what came is no JSON").with_source(error))?;
        self.0.event(&value, told)
    }

    fn close(&mut self, _: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
