//! Says what an error of genai means. Its words may quote the request, and are not told.

use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::transport::Headers;
use crate::llm::wire::fault::{Said, without};
use crate::secret::Secret;
use genai::Error;
use genai::webc;
use std::time::SystemTime;

pub(super) fn of(error: &Error, key: &Secret, now: SystemTime) -> LlmError {
    match error {
        Error::HttpError { status, body, headers, .. } => replied(status.as_u16(), headers, body, key, now),
        Error::WebModelCall { webc_error, .. } | Error::WebAdapterCall { webc_error, .. } => {
            of_web(webc_error, key, now)
        }
        // A reply of an error status is told as the first piece of the stream.
        Error::WebStream { error, .. } => match error.downcast_ref::<Error>() {
            Some(Error::HttpError { status, body, headers, .. }) => replied(status.as_u16(), headers, body, key, now),
            _ => LlmError::new(LlmErrorKind::Transport, "the answer broke off"),
        },
        Error::ChatResponse { body, .. } => Said::value(body).into_error(),
        Error::StreamParse { .. }
        | Error::ChatResponseGeneration { .. }
        | Error::NoChatResponse { .. }
        | Error::InvalidJsonResponseElement { .. }
        | Error::JsonValueExt(_)
        | Error::SerdeJson(_) => LlmError::new(LlmErrorKind::ContentParse, "it is not what the provider's format says"),
        Error::RequiresApiKey { .. } | Error::NoAuthResolver { .. } | Error::NoAuthData { .. } => {
            LlmError::new(LlmErrorKind::Auth, "no key").unsent()
        }
        Error::MessageRoleNotSupported { .. }
        | Error::MessageContentTypeNotSupported { .. }
        | Error::AdapterNotSupported { .. } => {
            LlmError::new(LlmErrorKind::Unsupported, "the adapter cannot write this request").unsent()
        }
        _ => LlmError::new(LlmErrorKind::InvalidRequest { field: None }, "the adapter refuses this request").unsent(),
    }
}

fn of_web(error: &webc::Error, key: &Secret, now: SystemTime) -> LlmError {
    match error {
        webc::Error::ResponseFailedStatus { status, body, headers } => {
            replied(status.as_u16(), headers, body, key, now)
        }
        webc::Error::ResponseFailedNotJson { .. }
        | webc::Error::ResponseFailedInvalidJson { .. }
        | webc::Error::JsonValueExt(_) => LlmError::new(LlmErrorKind::ContentParse, "what came is no JSON"),
        webc::Error::Reqwest(error) if error.is_connect() => {
            LlmError::new(LlmErrorKind::Transport, "the connection could not be made").unsent()
        }
        webc::Error::Reqwest(_) => LlmError::new(LlmErrorKind::Transport, "the connection broke"),
    }
}

fn replied(status: u16, headers: &reqwest::header::HeaderMap, body: &str, key: &Secret, now: SystemTime) -> LlmError {
    let headers = headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let body = without(body.as_bytes().to_vec(), key.expose());
    Said::reply(status, &Headers(headers.collect()), &body, now).into_error()
}
