//! Says what an error reply means, whoever sent it. Must not know a provider's format beyond how it reports errors.

mod clean;
mod dig;
mod wait;

use crate::llm::error::{LlmError, LlmErrorKind, Patience};
use crate::llm::transport::Headers;
use crate::llm::wire::fault::clean::shown;
use serde_json::Value;
use std::time::{Duration, SystemTime};

pub(crate) use crate::llm::wire::fault::clean::without;

/// What an error reply says of itself, as far as it could be found in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Said {
    /// The reply's status; for an error inside a stream the number that it gives as its code, if it does.
    pub(crate) status: Option<u16>,
    /// Names for what went wrong, in small letters, the innermost first: codes and types.
    pub(crate) codes: Vec<String>,
    /// The field that is wrong.
    pub(crate) field: Option<String>,
    /// Words for people: no control characters, no keys, not too long.
    pub(crate) message: String,
    /// How many tokens the model reads, and how many there were, where fields say so.
    pub(crate) tokens: (Option<u64>, Option<u64>),
    pub(crate) retry_after: Option<Duration>,
}

impl Said {
    /// Reads a reply of an error status.
    pub(crate) fn reply(status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> Self {
        let mut said = match serde_json::from_slice::<Value>(body) {
            Ok(value) => Said::value(&value),
            Err(_) => Said { message: shown(&dig::words(&String::from_utf8_lossy(body))), ..Said::default() },
        };
        said.status = Some(status);
        if (300..400).contains(&status) {
            "it answers with a redirect, and none is followed".clone_into(&mut said.message);
        }
        let tokens = said.is("tokens");
        said.retry_after = wait::asked(headers, tokens, now).or(said.retry_after);
        said
    }

    /// Reads what a stream tells as an error in the place of a step.
    pub(crate) fn value(value: &Value) -> Self {
        dig::dig(value)
    }

    /// Whether one of its codes has that name.
    pub(crate) fn is(&self, code: &str) -> bool {
        self.codes.iter().any(|one| one == code)
    }

    /// The error, of the kind that codes and status stand for.
    pub(crate) fn into_error(self) -> LlmError {
        let kind = self.kind();
        self.of_kind(kind)
    }

    /// The error, of a kind that somebody else knows better.
    pub(crate) fn of_kind(self, kind: LlmErrorKind) -> LlmError {
        let error = LlmError::new(kind, self.message);
        match self.status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }

    /// What it means. Codes say more than the status: a full account is a 429 as well. Words count where nothing else tells.
    fn kind(&self) -> LlmErrorKind {
        let known = self.codes.iter().find_map(|code| meaning(code));
        match known {
            Some(Meaning::Kind(kind)) => kind(self),
            Some(Meaning::Field) => self.invalid(),
            None => match self.status {
                None | Some(400 | 413 | 422 | 500) if is_about_context(&self.message) => context_length(self),
                None => overloaded(self),
                Some(status) => self.by_status(status),
            },
        }
    }

    /// <https://www.rfc-editor.org/rfc/rfc9110#name-status-codes>; 529 is Anthropic's.
    fn by_status(&self, status: u16) -> LlmErrorKind {
        match status {
            401 | 403 => LlmErrorKind::Auth,
            402 => LlmErrorKind::OutOfCredit,
            404 => LlmErrorKind::UnknownModel,
            408 | 504 => LlmErrorKind::Timeout(Patience::Provider),
            429 => rate_limited(self),
            // Two requests were in each other's way: providers ask for another attempt.
            409 => overloaded(self),
            501 | 505 => self.invalid(),
            500.. => overloaded(self),
            _ => self.invalid(),
        }
    }

    fn invalid(&self) -> LlmErrorKind {
        let field = self.field.clone().or_else(|| refuses_temperature(&self.message).then(|| "temperature".to_owned()));
        LlmErrorKind::InvalidRequest { field }
    }
}

enum Meaning {
    /// One of a certain kind.
    Kind(fn(&Said) -> LlmErrorKind),
    /// A field is wrong, whatever else its words speak of.
    Field,
}

fn rate_limited(said: &Said) -> LlmErrorKind {
    LlmErrorKind::RateLimited { retry_after: said.retry_after }
}

fn overloaded(said: &Said) -> LlmErrorKind {
    LlmErrorKind::Overloaded { retry_after: said.retry_after }
}

fn context_length(said: &Said) -> LlmErrorKind {
    let (limit, asked) = said.tokens;
    LlmErrorKind::ContextLength {
        limit: limit.or_else(|| number_behind(&said.message, LIMITS)),
        asked: asked.or_else(|| number_behind(&said.message, ASKED)),
    }
}

/// What a code or a type means by itself. Those that only repeat the status, such as `invalid_request_error`, are not here.
fn meaning(code: &str) -> Option<Meaning> {
    Some(match code {
        "insufficient_quota"
        | "billing_hard_limit_reached"
        | "billing_not_active"
        | "billing_error"
        | "credit_balance_exhausted"
        | "insufficient_balance" => Meaning::Kind(|_| LlmErrorKind::OutOfCredit),
        "context_length_exceeded" | "context_window_exceeded" | "exceed_context_size_error" => {
            Meaning::Kind(context_length)
        }
        "rate_limit_exceeded" | "rate_limit_error" | "resource_exhausted" | "throttlingexception" => {
            Meaning::Kind(rate_limited)
        }
        "invalid_api_key" | "authentication_error" | "permission_error" | "unauthenticated" | "permission_denied" => {
            Meaning::Kind(|_| LlmErrorKind::Auth)
        }
        "model_not_found" | "deploymentnotfound" | "unknown_model" => Meaning::Kind(|_| LlmErrorKind::UnknownModel),
        "content_filter" | "content_policy_violation" | "invalid_prompt" | "moderation" => {
            Meaning::Kind(|_| LlmErrorKind::Refused)
        }
        "overloaded_error" | "server_is_overloaded" | "engine_overloaded" | "unavailable" | "slow_down" => {
            Meaning::Kind(overloaded)
        }
        "deadline_exceeded" => Meaning::Kind(|_| LlmErrorKind::Timeout(Patience::Provider)),
        "unsupported_parameter"
        | "unsupported_value"
        | "unknown_parameter"
        | "missing_required_parameter"
        | "invalid_value"
        | "invalid_type"
        | "invalid_json_schema" => Meaning::Field,
        _ => return None,
    })
}

/// How servers speak of a conversation that is too long, in small letters. None of these is a name of a field.
const CONTEXT: &[&str] = &[
    "maximum context length",
    "context length exceeded",
    "exceeds the context length",
    "exceeds the context window",
    "exceeds the available context size",
    "prompt is too long",
    "input is too long for requested model",
    "exceeds the maximum number of tokens",
];

const LIMITS: &[&str] =
    &["maximum context length is", "maximum context length of", "tokens >", "maximum number of tokens allowed"];

const ASKED: &[&str] = &["you requested", "resulted in", "input token count", "prompt is too long:", "request has"];

fn is_about_context(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    CONTEXT.iter().any(|words| message.contains(words))
}

fn refuses_temperature(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let refuses =
        ["does not support", "doesn't support", "not supported", "unsupported", "only the default", "deprecated"];
    message.contains("temperature") && refuses.iter().any(|words| message.contains(words))
}

/// The number that stands behind the first of these words that one stands behind.
fn number_behind(message: &str, words: &[&str]) -> Option<u64> {
    let message = message.to_ascii_lowercase();
    words.iter().find_map(|words| {
        let (_, behind) = message.split_once(words)?;
        let behind = behind.trim_start_matches([' ', '(', ':', '`', '"', '*']);
        let digits: String = behind.chars().take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '_')).collect();
        digits.replace([',', '_'], "").parse().ok()
    })
}

#[cfg(test)]
mod tests;
