//! The span of a call, with the names of OpenTelemetry's conventions for generative AI:
//! <https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md>. Must not know who collects.

use crate::graph::watch::spans::{fail, record_list};
use crate::llm::chat::event::End;
use crate::llm::chat::request::{ChatRequest, Effort, Output};
use crate::llm::chat::usage::Usage;
use crate::llm::error::LlmError;
use crate::llm::model::{Call, Delivery, ModelInfo};
use crate::money::Money;
use std::time::Duration;
use tracing::Span;
use tracing::field::Empty;

/// The span of a call that begins, inside the one where it is asked.
pub(super) fn of_call(info: &ModelInfo, request: &ChatRequest, call: &Call) -> Span {
    let server = info.endpoint.as_deref().and_then(server);
    let span = tracing::info_span!(
        target: "penguiflow::llm",
        "model_call",
        model = %info,
        finish = Empty,
        attempts = Empty,
        otel.name = %format_args!("chat {}", info.name),
        otel.kind = "client",
        otel.status_code = Empty,
        error.type = Empty,
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = provider(&info.provider),
        gen_ai.request.model = info.name,
        gen_ai.request.stream = (call.delivery == Delivery::Streamed).then_some(true),
        gen_ai.request.max_tokens = request.max_output_tokens.map(i64::from),
        gen_ai.request.temperature = request.temperature,
        gen_ai.request.top_p = request.top_p,
        gen_ai.request.top_k = request.top_k.map(i64::from),
        gen_ai.request.seed = request.seed,
        gen_ai.request.stop_sequences = Empty,
        gen_ai.request.reasoning.level = request.effort.and_then(level),
        gen_ai.output.type = output(&request.output),
        gen_ai.response.model = Empty,
        gen_ai.response.id = Empty,
        gen_ai.response.finish_reasons = Empty,
        gen_ai.response.time_to_first_chunk = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gen_ai.usage.cache_read.input_tokens = Empty,
        gen_ai.usage.cache_write.input_tokens = Empty,
        gen_ai.usage.cache_creation.input_tokens = Empty,
        gen_ai.usage.reasoning.output_tokens = Empty,
        gen_ai.input.messages = Empty,
        gen_ai.output.messages = Empty,
        server.address = server.map(|(address, _)| address),
        server.port = server.map(|(_, port)| i64::from(port)),
        penguiflow.model = Empty,
        penguiflow.cost.usd = Empty,
        penguiflow.usage.estimated = Empty,
        penguiflow.request.id = Empty,
    );
    if !request.stop.is_empty() {
        let stop: Vec<&str> = request.stop.iter().map(String::as_str).collect();
        record_list(&span, "gen_ai.request.stop_sequences", &stop);
    }
    span
}

/// What the call took.
pub(super) fn took(span: &Span, attempts: u32, first: Option<Duration>, usage: Option<Usage>, cost: Option<Money>) {
    span.record("attempts", i64::from(attempts));
    first.iter().for_each(|first| {
        span.record("gen_ai.response.time_to_first_chunk", first.as_secs_f64());
    });
    if let Some(usage) = usage {
        span.record("gen_ai.usage.input_tokens", int(usage.input));
        span.record("gen_ai.usage.output_tokens", int(usage.output));
        let parts = [
            ("gen_ai.usage.cache_read.input_tokens", usage.cached),
            ("gen_ai.usage.cache_write.input_tokens", usage.cache_written),
            // Its name until 2026, which most collectors know.
            ("gen_ai.usage.cache_creation.input_tokens", usage.cache_written),
            ("gen_ai.usage.reasoning.output_tokens", usage.reasoning),
        ];
        parts.iter().filter(|(_, tokens)| *tokens > 0).for_each(|(field, tokens)| {
            span.record(*field, int(*tokens));
        });
        if usage.estimated {
            span.record("penguiflow.usage.estimated", true);
        }
    }
    cost.iter().for_each(|cost| {
        // As a text: a sum of floats is not what was paid.
        span.record("penguiflow.cost.usd", cost.to_string().trim_start_matches('$'));
    });
}

/// OpenTelemetry's integers have a sign: its layer writes those without one as texts.
fn int(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

/// The model has answered.
pub(super) fn answered(span: &Span, end: &End, by: &str) {
    let finish = end.finish.to_string();
    span.record("finish", finish.as_str());
    record_list(span, "gen_ai.response.finish_reasons", &[&finish]);
    end.model.iter().for_each(|model| {
        span.record("gen_ai.response.model", model.as_str());
    });
    end.id.iter().for_each(|id| {
        span.record("gen_ai.response.id", id.as_str());
    });
    span.record("penguiflow.model", by);
}

/// The call has failed. What the provider said of it is not told: it may quote the prompt.
pub(super) fn failed(span: &Span, error: &LlmError) {
    fail(span, error.kind().code());
    error.request_id().iter().for_each(|id| {
        span.record("penguiflow.request.id", *id);
    });
}

/// An attempt has failed, and the call goes on: a line of its own, since nothing of it is left once the call succeeds.
pub(super) fn goes_on(info: &ModelInfo, error: &LlmError, attempt: u32, wait: Duration) {
    tracing::debug!(
        target: "penguiflow::llm",
        event = "model_retry",
        model = %info,
        error.type = error.kind().code(),
        attempt,
        wait_ms = int(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        "an attempt has failed, and the call goes on"
    );
}

/// Nobody wanted the answer any more.
pub(super) fn dropped(span: &Span) {
    span.record("error.type", "cancelled");
}

/// The conventions' name for a provider, where they have another one than everybody.
fn provider(name: &str) -> &str {
    match name {
        "google" | "gemini" => "gcp.gemini",
        "vertex" | "vertexai" => "gcp.vertex_ai",
        "bedrock" => "aws.bedrock",
        "azure" => "azure.ai.openai",
        "mistral" => "mistral_ai",
        "xai" | "x-ai" => "x_ai",
        "moonshot" => "moonshot_ai",
        other => other,
    }
}

fn level(effort: Effort) -> Option<&'static str> {
    match effort {
        Effort::Off => Some("none"),
        Effort::Minimal => Some("minimal"),
        Effort::Low => Some("low"),
        Effort::Medium => Some("medium"),
        Effort::High => Some("high"),
        Effort::Tokens(_) => None,
    }
}

fn output(output: &Output) -> &'static str {
    match output {
        Output::Text => "text",
        Output::Json | Output::Schema(_) => "json",
    }
}

/// The host and the port of a URL, and nothing else of it: a user and a password are secrets.
fn server(url: &str) -> Option<(&str, u16)> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let usual = if scheme.eq_ignore_ascii_case("http") { 80 } else { 443 };
    let (host, port) = match place.rsplit_once(':') {
        // The colons of `[::1]` are its own.
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (place, usual),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (!host.is_empty()).then_some((host, port))
}

#[cfg(test)]
mod tests;
