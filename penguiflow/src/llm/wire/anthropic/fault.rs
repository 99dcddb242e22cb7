//! Says what an error of Anthropic's messages means: by its type, and by its words where several things share a type. Source: the
//! [list of errors](https://platform.claude.com/docs/en/api/errors).

use crate::llm::error::{LlmError, LlmErrorKind, Patience};
use crate::llm::wire::fault::Said;

/// The error that a reply or a step of a stream stands for.
pub(crate) fn of(mut said: Said) -> LlmError {
    let invalid = said.is("invalid_request_error");
    if invalid && said.field.is_none() {
        said.field = field(&said.message);
    }
    let kind = if said.is("timeout_error") {
        Some(LlmErrorKind::Timeout(Patience::Provider))
    } else if said.is("not_found_error") {
        Some(LlmErrorKind::UnknownModel)
    } else if invalid && is_about_money(&said.message) {
        Some(LlmErrorKind::OutOfCredit)
    } else if invalid {
        beyond_context(&said.message)
    } else {
        None
    };
    match kind {
        Some(kind) => said.of_kind(kind),
        None => said.into_error(),
    }
}

/// Both come as a request that is invalid.
fn is_about_money(message: &str) -> bool {
    message.contains("credit balance is too low") || message.contains("reached your specified API usage limits")
}

/// ``input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000``.
fn beyond_context(message: &str) -> Option<LlmErrorKind> {
    let (_, sum) = message.split_once("exceed context limit: ")?;
    let (asked, limit) = sum.split_once('>')?;
    let asked = asked.split('+').map(|part| part.trim().parse::<u64>().ok()).try_fold(0_u64, |all, part| {
        let part = part?;
        all.checked_add(part)
    });
    let limit: String = limit.trim().chars().take_while(char::is_ascii_digit).collect();
    Some(LlmErrorKind::ContextLength { limit: limit.parse().ok(), asked })
}

/// The API names a field before its first colon: `messages.0.content: …`.
fn field(message: &str) -> Option<String> {
    let (field, _) = message.split_once(':')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    (!field.is_empty() && field.chars().all(is_name)).then(|| field.to_owned())
}
