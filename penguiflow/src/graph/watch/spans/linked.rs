//! Links spans to those of other processes by what OpenTelemetry's layer knows of them.

use crate::message::Traceparent;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use opentelemetry::{Array, Context, StringValue, Value};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Makes the span, which has not begun, a child of one of another process.
pub(crate) fn set_parent(span: &Span, parent: Traceparent) {
    let Traceparent { trace_id, span_id, flags } = parent;
    let (trace_id, span_id) = (TraceId::from_bytes(trace_id.to_be_bytes()), SpanId::from_bytes(span_id.to_be_bytes()));
    let parent = SpanContext::new(trace_id, span_id, TraceFlags::new(flags), true, TraceState::default());
    // Fails where nobody exports spans: then there is nothing to be linked.
    let _ = span.set_parent(Context::new().with_remote_span_context(parent));
}

/// What a child of the span in another process is told.
pub(crate) fn traceparent(span: &Span) -> Option<Traceparent> {
    let context = span.context();
    let span = context.span();
    let context = span.span_context();
    context.is_valid().then(|| Traceparent {
        trace_id: u128::from_be_bytes(context.trace_id().to_bytes()),
        span_id: u64::from_be_bytes(context.span_id().to_bytes()),
        flags: context.trace_flags().to_u8(),
    })
}

/// Records a list of texts, which `tracing` itself cannot hold.
pub(super) fn record_texts(span: &Span, field: &'static str, texts: &[&str]) {
    let texts = texts.iter().map(|text| StringValue::from((*text).to_owned())).collect();
    span.set_attribute(field, Value::Array(Array::String(texts)));
}
