//! Puts fields into the body of a request. Must not know which.

use crate::llm::profile::LimitField;
use serde_json::{Map, Value};

pub(super) fn limit_field(field: LimitField) -> &'static str {
    match field {
        LimitField::MaxTokens => "max_tokens",
        LimitField::MaxCompletionTokens => "max_completion_tokens",
    }
}

pub(super) fn put(body: &mut Map<String, Value>, field: &str, value: impl Into<Value>) {
    body.insert(field.to_owned(), value.into());
}

pub(super) fn put_some(body: &mut Map<String, Value>, field: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        put(body, field, value);
    }
}
