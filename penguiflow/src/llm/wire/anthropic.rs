//! Anthropic's messages API, as the [reference](https://platform.claude.com/docs/en/api/messages) has it. Pure: it writes bytes and reads bytes.
//!
//! What the format wants otherwise than we have it:
//!
//! - `max_tokens` has to be there. It is the request's own, or what the model can write at most, or 8192 where that is not known.
//! - All system messages stand in `system`, in their order, also those from the middle of the conversation.
//! - What the tools of one turn gave is one message, with the results before everything else.
//! - Thoughts go back with the signature they came with, and thoughts without one of this format stay away: the API would refuse them.
//! - A temperature, `top_p` and `top_k` are of an older version of the API, which is asked for where one of them is sent.
//! - While it thinks, it takes no temperature, `top_p` or `top_k`; they are left out. There is no `seed`.
//! - At most four places can be [cached](https://platform.claude.com/docs/en/build-with-claude/prompt-caching); of more, the last four count.
//! - Ids of calls are letters, digits, `_` and `-`, and none comes twice; those that another model gave are written so.
//! - How closely a picture is looked at cannot be said.
//! - Blocks that we do not know, such as those of the provider's own tools, come as signed parts of no words, and go back as they came.

mod body;
mod fault;
mod reader;
mod shape;

use crate::llm::chat::event::ChatEvent;
use crate::llm::error::LlmError;
use crate::llm::model::Delivery;
use crate::llm::transport::{Headers, HttpRequest};
use crate::llm::wire::anthropic::reader::AnthropicReader;
use crate::llm::wire::fault::Said;
use crate::llm::wire::frames::Framing;
use crate::llm::wire::{Ask, Reader, Target, Wire};
use crate::secret::Secret;
use std::time::SystemTime;

/// As signatures name it.
const FORMAT: &str = "anthropic";
/// The [version](https://platform.claude.com/docs/en/api/versioning) of the API that is written here.
const VERSION: &str = "2026-10-21";
/// The one before it, which is the last that knows how to draw words otherwise than by default.
const VERSION_OF_DRAWING: &str = "2023-06-01";

/// Anthropic's messages.
pub(crate) struct Anthropic;

impl Wire for Anthropic {
    fn framing(&self) -> Framing {
        Framing::Sse
    }

    fn encode(&self, target: &Target, ask: &Ask<'_>) -> Result<HttpRequest, LlmError> {
        let streamed = ask.delivery == Delivery::Streamed;
        let body = body::write(target, ask.request, streamed)?;
        let mut request = HttpRequest::json(format!("{}/v1/messages", target.base_url), &body);
        // A header of the target's own wins, so that another version can be asked for.
        if !target.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("anthropic-version")) {
            let draws = ["temperature", "top_p", "top_k"].iter().any(|field| body.get(field).is_some());
            request = request.with_header("anthropic-version", if draws { VERSION_OF_DRAWING } else { VERSION });
        }
        for (name, value) in &target.headers {
            request = request.with_header(name, value);
        }
        Ok(match ask.key {
            Some(key) => request.with_secret("authorization", Secret::new(format!("Bearer {}", key.expose()))),
            None => request,
        })
    }

    fn read(&self, body: &[u8]) -> Result<Vec<ChatEvent>, LlmError> {
        reader::read(body)
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(AnthropicReader::default())
    }

    fn fault(&self, status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> LlmError {
        fault::of(Said::reply(status, headers, body, now))
    }
}

#[cfg(test)]
mod tests;
