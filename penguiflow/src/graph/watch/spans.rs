//! The spans and the lines of traces, for whoever subscribes to `tracing`. What they are called is promised in `docs/events.md`
//! of the crate.

#[cfg(feature = "otel")]
mod linked;
#[cfg(not(feature = "otel"))]
mod unlinked;

use crate::event::FlowEvent;
use crate::graph::watch::At;
use crate::id::TraceId;
use crate::message::Headers;
#[cfg(feature = "otel")]
use linked::record_texts;
#[cfg(feature = "otel")]
pub(crate) use linked::{set_parent, traceparent};
use tracing::field::Empty;
use tracing::{Level, Span};
#[cfg(not(feature = "otel"))]
use unlinked::record_texts;
#[cfg(not(feature = "otel"))]
pub(crate) use unlinked::{set_parent, traceparent};

/// The target of all spans and lines.
const TARGET: &str = "penguiflow";

/// Whether somebody wants the spans of a trace that begins now. Where nobody subscribes, one load.
#[inline]
pub(crate) fn are_wanted() -> bool {
    tracing::enabled!(target: TARGET, Level::INFO)
}

/// The span of a trace, or of a call from inside one, which lies inside the span of whoever let it in.
pub(crate) fn of_trace(flow: &'static str, id: TraceId, headers: &Headers) -> Span {
    tracing::info_span!(
        target: TARGET,
        "flow",
        flow,
        trace_id = %id,
        tenant = headers.tenant(),
        topic = headers.topic(),
        ending = Empty,
        otel.name = %format_args!("invoke_workflow {flow}"),
        otel.status_code = Empty,
        error.type = Empty,
        gen_ai.operation.name = "invoke_workflow",
        gen_ai.agent.name = flow,
        gen_ai.workflow.name = flow,
    )
}

/// The span of a sub-flow, inside that of the flow around it.
pub(crate) fn of_sub_flow(flow: &'static str, place: &impl std::fmt::Display) -> Span {
    tracing::info_span!(
        target: TARGET,
        "sub_flow",
        flow,
        %place,
        otel.name = %format_args!("invoke_workflow {flow}"),
        otel.status_code = Empty,
        error.type = Empty,
        gen_ai.operation.name = "invoke_workflow",
        gen_ai.agent.name = flow,
        gen_ai.workflow.name = flow,
    )
}

/// The span of one attempt of a node, inside that of its flow.
pub(crate) fn of_attempt(at: &At) -> Span {
    let At { place, node, attempt, .. } = at;
    tracing::info_span!(
        target: TARGET,
        "node",
        node,
        %place,
        attempt,
        otel.name = node,
        otel.status_code = Empty,
        error.type = Empty,
    )
}

/// Marks the span of what has failed.
pub(crate) fn fail(span: &Span, code: &str) {
    span.record("otel.status_code", "ERROR");
    span.record("error.type", code);
}

/// Marks the span of a flow that has completed: a collector would take one in which a branch has failed, which the flow bears,
/// for failed.
pub(crate) fn succeed(span: &Span) {
    span.record("otel.status_code", "OK");
}

/// Records a list of texts, which `tracing` itself cannot hold.
#[allow(dead_code, reason = "only models, behind their feature, have lists")]
pub(crate) fn record_list(span: &Span, field: &'static str, texts: &[&str]) {
    record_texts(span, field, texts);
}

/// Writes the line of an event, in the span where it happens.
pub(super) fn log(event: &FlowEvent) {
    macro_rules! line {
        ($level:expr) => {
            tracing::event!(
                target: TARGET,
                $level,
                event = event.name(),
                flow = event.flow,
                trace_id = %event.trace_id,
                node = (!event.node.is_empty()).then_some(event.node),
                place = (!event.node.is_empty()).then(|| tracing::field::display(&event.place)),
                attempt = (event.attempt > 0).then_some(event.attempt),
                latency_ms = event.latency().map(|latency| latency.as_secs_f64() * 1_000.0),
                code = event.error().map(|error| error.code),
                exception = event.error().map(|error| &*error.message),
                details = event.details().map(tracing::field::display),
                "{event}"
            )
        };
    }
    match event.level() {
        Level::ERROR => line!(Level::ERROR),
        Level::WARN => line!(Level::WARN),
        Level::INFO => line!(Level::INFO),
        Level::DEBUG => line!(Level::DEBUG),
        Level::TRACE => line!(Level::TRACE),
    }
}
