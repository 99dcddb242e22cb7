//! Google's Gemini, as the [reference](https://ai.google.dev/api/generate-content) has it. Pure: it writes bytes and reads bytes.
//!
//! What the format wants otherwise than we have it:
//!
//! - System messages are the `systemInstruction`, all of them in their order, also those from the middle of the conversation.
//! - Schemas go as `parametersJsonSchema` and `responseJsonSchema`. These know no `nullable`, so that becomes a type beside `null`.
//! - A [signature](https://ai.google.dev/gemini-api/docs/thought-signatures) goes back on the part that it came on; parts with one are never
//!   joined with others. Thoughts without one stay away.
//! - Calls have an id where the API gave one. Ids that we made up are not sent.
//! - Several calls in one message cannot be forbidden, so a request that forbids them is an error.
//! - What is worth keeping, and how closely a picture is looked at, cannot be said: Gemini keeps what it likes.
//! - Each chunk of a stream tells what is new: text is taken as it comes, and nothing is compared with what came before, which could lose a word
//!   that is said twice.
//! - A stream has no mark for its end: it is over where the body is, if a reason to finish has come.
//! - Parts that we do not know, such as code that the provider ran, come as signed parts of no words, and go back as they came.

mod body;
mod fault;
mod reader;
mod schema;
mod shape;

use crate::llm::chat::event::ChatEvent;
use crate::llm::error::LlmError;
use crate::llm::model::Delivery;
use crate::llm::transport::{Headers, HttpRequest};
use crate::llm::wire::frames::Framing;
use crate::llm::wire::gemini::reader::GeminiReader;
use crate::llm::wire::path::segment;
use crate::llm::wire::{Ask, Reader, Target, Wire};
use std::time::SystemTime;

/// As signatures name it.
const FORMAT: &str = "gemini";

/// Google's Gemini.
pub(crate) struct Gemini;

impl Wire for Gemini {
    fn framing(&self) -> Framing {
        Framing::Sse
    }

    fn encode(&self, target: &Target, ask: &Ask<'_>) -> Result<HttpRequest, LlmError> {
        let method = match ask.delivery {
            Delivery::Streamed => "streamGenerateContent?alt=sse",
            Delivery::Whole => "generateContent",
        };
        let model = match target.model.split_once('/') {
            Some((kind @ ("models" | "tunedModels"), name)) => format!("{kind}/{}", segment(name)),
            _ => format!("models/{}", segment(&target.model)),
        };
        let url = format!("{}/v1beta/{model}:{method}", target.base_url);
        let mut request = HttpRequest::json(url, &body::write(target, ask.request)?);
        for (name, value) in &target.headers {
            request = request.with_header(name, value);
        }
        Ok(match ask.key {
            Some(key) => request.with_secret("x-goog-api-key", key.clone()),
            None => request,
        })
    }

    fn read(&self, body: &[u8]) -> Result<Vec<ChatEvent>, LlmError> {
        reader::read(body)
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(GeminiReader::default())
    }

    fn fault(&self, status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> LlmError {
        fault::reply(status, headers, body, now)
    }
}

#[cfg(test)]
mod tests;
