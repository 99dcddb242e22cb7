//! Amazon Bedrock's Converse, as the [reference](https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html) has it. Pure: it
//! writes bytes and reads bytes.
//!
//! It takes a [key of Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html) and signs nothing: requests signed with an access
//! key (SigV4) are not written here.
//!
//! What the format wants otherwise than we have it:
//!
//! - All system messages stand in `system`, in their order, also those from the middle of the conversation.
//! - What the tools of one turn gave is one message, with the results before everything else.
//! - Thoughts go back with the signature they came with; others stay away.
//! - A model that thinks takes no temperature and no `top_p`; they are left out. There is no `seed`.
//! - There is no `top_k`, and no word against tools or against several calls in one message. A request that needs one of these is an error; many
//!   models take them in `additionalModelRequestFields`, which is one of the request's [`extra`](crate::llm::ChatRequest::extra) fields.
//! - Ids of calls are letters, digits, `_` and `-`, and none comes twice; those that another model gave are written so.
//! - Pictures are here or in S3: any other URL is an error. How closely one is looked at cannot be said.

mod body;
mod fault;
mod reader;
mod shape;

use crate::llm::chat::event::ChatEvent;
use crate::llm::error::LlmError;
use crate::llm::model::Delivery;
use crate::llm::transport::{Headers, HttpRequest};
use crate::llm::wire::converse::reader::ConverseReader;
use crate::llm::wire::frames::Framing;
use crate::llm::wire::path::segment;
use crate::llm::wire::{Ask, Reader, Target, Wire};
use crate::secret::Secret;
use std::time::SystemTime;

/// As signatures name it.
const FORMAT: &str = "converse";

/// Bedrock's Converse.
pub(crate) struct Converse;

impl Wire for Converse {
    fn framing(&self) -> Framing {
        Framing::EventStream
    }

    fn encode(&self, target: &Target, ask: &Ask<'_>) -> Result<HttpRequest, LlmError> {
        let (method, accept) = match ask.delivery {
            Delivery::Streamed => ("converse-stream", "application/vnd.amazon.eventstream"),
            Delivery::Whole => ("converse", "application/json"),
        };
        let url = format!("{}/model/{}/{method}", target.base_url, segment(&target.model));
        let mut request = HttpRequest::json(url, &body::write(target, ask.request)?).with_header("accept", accept);
        for (name, value) in &target.headers {
            request = request.with_header(name, value);
        }
        Ok(match ask.key {
            Some(key) => request.with_secret("authorization", Secret::from(format!("Bearer {}", key.expose()))),
            None => request,
        })
    }

    fn read(&self, body: &[u8]) -> Result<Vec<ChatEvent>, LlmError> {
        reader::read(body)
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(ConverseReader::default())
    }

    fn fault(&self, status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> LlmError {
        fault::reply(status, headers, body, now)
    }
}

#[cfg(test)]
mod tests;
