//! Says what an error of Gemini's means: by its `google.rpc.Status`, and not by its words. Source: the
//! [codes](https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto), their
//! [details](https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto), and
//! [what Gemini means by them](https://ai.google.dev/gemini-api/docs/troubleshooting).

use crate::llm::error::{LlmError, LlmErrorKind, Patience};
use crate::llm::transport::Headers;
use crate::llm::wire::fault::Said;
use serde_json::Value;
use std::time::SystemTime;

/// How long the name of a field may be.
const FIELD_CHARS_MAX: usize = 100;

/// The error that a reply stands for.
pub(crate) fn reply(status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> LlmError {
    of(Said::reply(status, headers, body, now), &serde_json::from_slice(body).unwrap_or_default())
}

/// The error that stands in a stream in the place of a chunk.
pub(crate) fn inside(chunk: &Value) -> LlmError {
    of(Said::value(chunk), chunk)
}

fn of(said: Said, body: &Value) -> LlmError {
    // A stream that was asked for without `alt=sse` is an array, also where it fails.
    let error = body.get(0).unwrap_or(body).get("error");
    let status = error.and_then(|error| error.get("status")).and_then(Value::as_str);
    let details = error.and_then(|error| error.get("details")).and_then(Value::as_array);
    let details = details.map_or(&[][..], Vec::as_slice);
    let reason =
        |wanted: &str| details.iter().any(|detail| detail.get("reason").is_some_and(|reason| reason == wanted));
    let retry_after = said.retry_after;
    let kind = match status {
        Some("INVALID_ARGUMENT") if reason("API_KEY_INVALID") || reason("API_KEY_EXPIRED") => LlmErrorKind::Auth,
        Some("UNAUTHENTICATED" | "PERMISSION_DENIED") => LlmErrorKind::Auth,
        // It has no code of its own for a conversation that is too long: `said` knows the sentence that it has.
        Some("INVALID_ARGUMENT" | "OUT_OF_RANGE") => {
            let field = details.iter().find_map(field);
            let said = Said { field: field.or(said.field.clone()), status: said.status.or(Some(400)), ..said };
            return said.into_error();
        }
        Some("FAILED_PRECONDITION") => LlmErrorKind::InvalidRequest { field: None },
        Some("UNIMPLEMENTED") => LlmErrorKind::Unsupported,
        Some("NOT_FOUND") => LlmErrorKind::UnknownModel,
        Some("RESOURCE_EXHAUSTED") => LlmErrorKind::RateLimited { retry_after },
        Some("UNAVAILABLE" | "INTERNAL" | "ABORTED" | "UNKNOWN" | "DATA_LOSS") => {
            LlmErrorKind::Overloaded { retry_after }
        }
        Some("DEADLINE_EXCEEDED") => LlmErrorKind::Timeout(Patience::Provider),
        Some(_) | None => return said.into_error(),
    };
    said.of_kind(kind)
}

/// The first field that a `google.rpc.BadRequest` names.
fn field(detail: &Value) -> Option<String> {
    let violations = detail.get("fieldViolations")?.as_array()?;
    let field = violations.iter().find_map(|violation| violation.get("field")?.as_str())?;
    Some(field.chars().filter(|c| !c.is_control()).take(FIELD_CHARS_MAX).collect())
}
