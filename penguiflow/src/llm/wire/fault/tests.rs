//! What replies of errors are taken for. Unit tests.

use super::{Said, without};
use crate::llm::error::{LlmErrorKind, Patience};
use crate::llm::transport::Headers;
use serde_json::json;
use std::time::{Duration, SystemTime};

fn headers(all: &[(&str, &str)]) -> Headers {
    Headers(all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn kind(status: u16, body: &serde_json::Value) -> LlmErrorKind {
    said(status, body).into_error().kind().clone()
}

fn said(status: u16, body: &serde_json::Value) -> Said {
    Said::reply(status, &Headers::default(), body.to_string().as_bytes(), SystemTime::UNIX_EPOCH)
}

fn openai(message: &str, kind: &str, param: Option<&str>, code: Option<&str>) -> serde_json::Value {
    json!({"error": {"message": message, "type": kind, "param": param, "code": code}})
}

#[test]
fn codes_say_more_than_the_status() {
    let body = openai("You exceeded your current quota.", "insufficient_quota", None, Some("insufficient_quota"));
    assert_eq!(kind(429, &body), LlmErrorKind::OutOfCredit);
    let body = openai("Rate limit reached for requests", "requests", None, Some("rate_limit_exceeded"));
    assert_eq!(kind(429, &body), LlmErrorKind::RateLimited { retry_after: None });
    let body = openai("No such model", "invalid_request_error", None, Some("model_not_found"));
    assert_eq!(kind(400, &body), LlmErrorKind::UnknownModel);
    let body = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    assert_eq!(kind(529, &body), LlmErrorKind::Overloaded { retry_after: None });
    let body = json!({"error": {"code": 403, "message": "flagged", "metadata": {"reasons": [], "flagged_input": "…"}}});
    assert_eq!(kind(403, &body), LlmErrorKind::Refused);
    let body = json!({"error": {"code": "content_filter", "message": "filtered", "param": "prompt"}});
    assert_eq!(kind(400, &body), LlmErrorKind::Refused);
}

#[test]
fn a_status_without_a_body_says_what_it_says() {
    let table = [
        (400, LlmErrorKind::InvalidRequest { field: None }),
        (401, LlmErrorKind::Auth),
        (402, LlmErrorKind::OutOfCredit),
        (403, LlmErrorKind::Auth),
        (404, LlmErrorKind::UnknownModel),
        (408, LlmErrorKind::Timeout(Patience::Provider)),
        (409, LlmErrorKind::Overloaded { retry_after: None }),
        (422, LlmErrorKind::InvalidRequest { field: None }),
        (429, LlmErrorKind::RateLimited { retry_after: None }),
        (500, LlmErrorKind::Overloaded { retry_after: None }),
        (503, LlmErrorKind::Overloaded { retry_after: None }),
        (504, LlmErrorKind::Timeout(Patience::Provider)),
        (529, LlmErrorKind::Overloaded { retry_after: None }),
        (302, LlmErrorKind::InvalidRequest { field: None }),
    ];
    for (status, expected) in table {
        let error = Said::reply(status, &Headers::default(), b"", SystemTime::UNIX_EPOCH).into_error();
        assert_eq!((error.kind(), error.status()), (&expected, Some(status)));
    }
}

/// tooling:2.2 weak
#[test]
fn an_unsupported_max_tokens_is_no_long_conversation() {
    let words =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let field = Some("max_tokens".to_owned());
    let body = openai(words, "invalid_request_error", Some("max_tokens"), Some("unsupported_parameter"));
    assert_eq!(kind(400, &body), LlmErrorKind::InvalidRequest { field: field.clone() });
    assert_eq!(
        kind(400, &openai(words, "invalid_request_error", Some("max_tokens"), None)),
        LlmErrorKind::InvalidRequest { field }
    );
    // What names a field is about the field, even where it speaks of the length.
    let words = "max_tokens is too large: 99999. The maximum context length is 8192 tokens.";
    let body = openai(words, "invalid_request_error", Some("max_tokens"), Some("invalid_value"));
    assert_eq!(kind(400, &body), LlmErrorKind::InvalidRequest { field: Some("max_tokens".to_owned()) });
    // A word with "rate" or "server" in it says nothing.
    let body = openai("we could not generate on this server", "invalid_request_error", None, None);
    assert_eq!(kind(400, &body), LlmErrorKind::InvalidRequest { field: None });
}

#[test]
fn a_long_conversation_is_known_with_its_numbers() {
    let long = |limit, asked| LlmErrorKind::ContextLength { limit, asked };
    let table = [
        (
            400,
            openai(
                "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (8000 in the messages).",
                "invalid_request_error",
                Some("messages"),
                Some("context_length_exceeded"),
            ),
            long(Some(8192), Some(9000)),
        ),
        (
            400,
            json!({"object": "error", "type": "BadRequestError", "param": null, "code": 400,
                   "message": "This model's maximum context length is 4096 tokens. However, your messages resulted in 6988 tokens."}),
            long(Some(4096), Some(6988)),
        ),
        (
            400,
            json!({"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 209024 tokens > 200000 maximum"}}),
            long(Some(200_000), Some(209_024)),
        ),
        (
            400,
            json!({"error": {"code": 400, "status": "INVALID_ARGUMENT",
                   "message": "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."}}),
            long(Some(1_048_576), Some(1_200_000)),
        ),
        (
            400,
            json!({"error": {"code": 400, "type": "exceed_context_size_error", "message": "too long", "n_prompt_tokens": 5000, "n_ctx": 4096}}),
            long(Some(4096), Some(5000)),
        ),
        (
            400,
            openai(
                "Your input exceeds the context window of this model.",
                "invalid_request_error",
                Some("input"),
                None,
            ),
            long(None, None),
        ),
    ];
    for (status, body, expected) in table {
        assert_eq!(kind(status, &body), expected, "{body}");
    }
}

#[test]
fn a_refused_temperature_is_a_wrong_field() {
    let field = Some("temperature".to_owned());
    let words = "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.";
    let body = openai(words, "invalid_request_error", Some("temperature"), Some("unsupported_value"));
    assert_eq!(kind(400, &body), LlmErrorKind::InvalidRequest { field: field.clone() });
    let body = json!({"error_code": "BAD_REQUEST", "message": "temperature is not supported by this endpoint"});
    assert_eq!(kind(400, &body), LlmErrorKind::InvalidRequest { field });
}

#[test]
fn the_innermost_error_is_found() {
    let inner = openai("Rate limit reached", "tokens", None, Some("rate_limit_exceeded")).to_string();
    let raw = json!({"error": {"code": 429, "message": "Provider returned error", "metadata": {"provider_name": "x", "raw": inner}}});
    assert_eq!(said(429, &raw).message, "Rate limit reached");
    assert!(said(429, &raw).is("tokens"));
    let wrapped = json!({"error_code": "BAD_REQUEST", "message": format!("upstream said: {}", openai("no such field", "invalid_request_error", Some("seed"), None))});
    let wrapped = said(400, &wrapped);
    assert_eq!((wrapped.message.as_str(), wrapped.field.as_deref()), ("no such field", Some("seed")));
    let fastapi =
        json!({"detail": [{"type": "missing", "loc": ["body", "messages", 0, "role"], "msg": "Field required"}]});
    let fastapi = said(422, &fastapi);
    assert_eq!((fastapi.message.as_str(), fastapi.field.as_deref()), ("Field required", Some("messages.role")));
    assert_eq!(said(400, &json!({"error": "just words"})).message, "just words");
    assert_eq!(said(400, &json!([{"error": {"message": "in a list"}}])).message, "in a list");
    // A schema that a message quotes is no error of its own.
    let quoted = openai("Invalid schema: {\"type\": \"object\"}", "invalid_request_error", None, None);
    assert_eq!(said(400, &quoted).message, "Invalid schema: {\"type\": \"object\"}");
    let deep = (0..40).fold(json!("x"), |inner, _| json!({"error": inner}));
    assert_eq!(said(500, &deep).message, "");
}

#[test]
fn a_page_of_html_is_its_title() {
    let page = b"<html><head><title>502 Bad Gateway</title></head></html>";
    let error = Said::reply(502, &Headers::default(), page, SystemTime::UNIX_EPOCH).into_error();
    assert_eq!((error.message(), error.kind().code()), ("502 Bad Gateway", "overloaded"));
    let page = Said::reply(502, &Headers::default(), b"<!doctype html>", SystemTime::UNIX_EPOCH);
    assert_eq!(page.message, "a page of HTML");
}

/// tooling:2.2 weak
#[test]
fn how_long_to_wait_is_read_in_every_form() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 90);
    let wait = |all: &[(&str, &str)], body: &serde_json::Value| {
        Said::reply(429, &headers(all), body.to_string().as_bytes(), now).into_error().kind().retry_after()
    };
    let (none, millis) = (json!({}), |millis| Some(Duration::from_millis(millis)));
    assert_eq!(wait(&[("retry-after", "20")], &none), millis(20_000));
    assert_eq!(wait(&[("retry-after", "0.5")], &none), millis(500));
    assert_eq!(wait(&[("Retry-After", "2"), ("retry-after-ms", "1850")], &none), millis(1_850));
    for date in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
        assert_eq!(wait(&[("retry-after", date)], &none), millis(90_000), "{date}");
    }
    assert_eq!(wait(&[("retry-after", "Sun, 06 Nov 1993 08:49:37 GMT")], &none), millis(0));
    let out = [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "6m0.5s")];
    assert_eq!(wait(&out, &none), millis(360_500));
    let left = [("x-ratelimit-remaining-requests", "9"), ("x-ratelimit-reset-requests", "6m0s")];
    assert_eq!(wait(&left, &none), None);
    let tokens = openai("slow down", "tokens", None, Some("rate_limit_exceeded"));
    assert_eq!(
        wait(&[("x-ratelimit-remaining-tokens", "9"), ("x-ratelimit-reset-tokens", "17ms")], &tokens),
        millis(17)
    );
    assert_eq!(wait(&[("x-ratelimit-reset", "784111777000")], &none), millis(90_000));
    let google = json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": [{"@type": "x"}, {"retryDelay": "39s"}]}});
    assert_eq!(wait(&[], &google), millis(39_000));
    for nonsense in
        ["", "-1", "soon", "inf", "NaN", "1e400", "99999999999999999999999", "Sun, 99 Nov 1994 08:49:37 GMT"]
    {
        let wait = wait(&[("retry-after", nonsense)], &none);
        assert!(wait.is_none_or(|wait| wait < Duration::MAX), "{nonsense}");
        assert_eq!(wait, None, "{nonsense}");
    }
}

#[test]
fn a_key_that_is_echoed_is_not_shown() {
    for key in
        ["sk-proj-abcDEF0123456789", "sk-abc***********************wxyz", "gsk_0123456789abc", "dapi0123456789abcdef"]
    {
        let body =
            openai(&format!("Incorrect API key provided: {key}. You can find it"), "x", None, Some("invalid_api_key"));
        let error = said(401, &body).into_error();
        assert_eq!(error.message(), "Incorrect API key provided: [redacted]. You can find it");
        assert_eq!(error.kind(), &LlmErrorKind::Auth);
    }
    let words = said(401, &json!({"error": "header Authorization: Bearer 0a1b2c3d4e5f is bad"})).message;
    assert_eq!(words, "header Authorization: Bearer [redacted] is bad");
    let words = said(400, &json!({"error": "sk-learn is a library, dapi is a word, and so is sk-something"})).message;
    assert_eq!(words, "sk-learn is a library, dapi is a word, and so is sk-something");
    assert_eq!(without(b"key=hunter2-hunter2;".to_vec(), "hunter2-hunter2"), b"key=[redacted];");
    assert_eq!(without(b"a".to_vec(), ""), b"a");
}

#[test]
fn words_of_a_stranger_are_short_and_steer_nothing() {
    let message = format!("a\u{1b}[31mred\r\nline\u{202e}x {}", "é".repeat(5_000));
    let shown = said(400, &json!({"error": message})).message;
    assert!(shown.starts_with("a [31mred line x é"), "{shown}");
    assert_eq!(shown.chars().count(), 1_001);
    assert!(shown.ends_with('…'));
}
