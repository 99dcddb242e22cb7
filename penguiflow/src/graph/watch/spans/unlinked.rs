//! Stands for the links of spans to other processes where the feature `otel` is off: spans have no names there.

use crate::message::Traceparent;
use tracing::Span;

/// Nothing: whoever subscribes knows no other process.
pub(crate) fn set_parent(_: &Span, _: Traceparent) {}

/// Nothing: the trace hands on what it was given.
pub(crate) fn traceparent(_: &Span) -> Option<Traceparent> {
    None
}

/// Records a list of texts as JSON: `tracing` has no lists.
pub(super) fn record_texts(span: &Span, field: &'static str, texts: &[&str]) {
    span.record(field, serde_json::Value::from(texts).to_string());
}
