//! How an event is written down: its name, its level, its fields. The names are those of the reference system where it has the
//! event; those that it lacks are named in the same way.

use crate::event::{EventKind, Failure, FlowEvent, ModelCall, ModelUsage, RemoteCall};
use crate::message::Cost;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::fmt;
use std::time::{Duration, SystemTime};
use tracing::Level;

impl EventKind {
    /// The name for logs and other processes, `node_success`.
    pub fn name(&self) -> &'static str {
        match self {
            EventKind::Emit { .. } => "emit",
            EventKind::Ending { .. } => "ending",
            EventKind::TraceCancelStart => "trace_cancel_start",
            EventKind::TraceCancelFinish => "trace_cancel_finish",
            EventKind::TraceCancelDrop { .. } => "trace_cancel_drop",
            EventKind::DeadlineSkip { .. } => "deadline_skip",
            EventKind::NodeStart => "node_start",
            EventKind::NodeSuccess { .. } => "node_success",
            EventKind::NodeError { .. } => "node_error",
            EventKind::NodeTimeout { .. } => "node_timeout",
            EventKind::NodeRetry { .. } => "node_retry",
            EventKind::NodeFailed { .. } => "node_failed",
            EventKind::NodeTraceCancelled { .. } => "node_trace_cancelled",
            EventKind::NodeCancelled { .. } => "node_cancelled",
            EventKind::PermitEnter => "permit_enter",
            EventKind::PermitWait { .. } => "permit_wait",
            EventKind::QueueEnter { .. } => "queue_enter",
            EventKind::QueueWait { .. } => "queue_wait",
            EventKind::RouteChosen { .. } => "route_chosen",
            EventKind::Dropped { .. } => "dropped",
            EventKind::JoinComplete { .. } => "join_complete",
            EventKind::JoinStarved { .. } => "join_starved",
            EventKind::Chunk { .. } => "chunk",
            EventKind::BudgetReserved { .. } => "budget_reserved",
            EventKind::BudgetSettled { .. } => "budget_settled",
            EventKind::BudgetInDoubt { .. } => "budget_in_doubt",
            EventKind::ModelCall(_) => "model_call",
            EventKind::RemoteCallStart(_) => "remote_call_start",
            EventKind::RemoteStreamEvent(_) => "remote_stream_event",
            EventKind::RemoteCallSuccess(_) => "remote_call_success",
            EventKind::RemoteCallError(_) => "remote_call_error",
            EventKind::RemoteCallCancelled(_) => "remote_call_cancelled",
            EventKind::RemoteCancelError(_) => "remote_cancel_error",
        }
    }

    /// How much it matters: errors, warnings, what happened, and what only helps to find a mistake.
    pub fn level(&self) -> Level {
        match self {
            EventKind::NodeError { .. }
            | EventKind::NodeFailed { .. }
            | EventKind::JoinStarved { .. }
            | EventKind::RemoteCallError(_)
            | EventKind::RemoteCancelError(_) => Level::ERROR,
            EventKind::Ending { error: Some(_), .. } => Level::ERROR,
            EventKind::NodeTimeout { .. } | EventKind::BudgetInDoubt { .. } => Level::WARN,
            // What it means for the node, the node tells itself.
            EventKind::ModelCall(call) if call.error.as_deref().is_some_and(|code| code != "cancelled") => Level::WARN,
            EventKind::Emit { .. }
            | EventKind::Ending { error: None, .. }
            | EventKind::TraceCancelStart
            | EventKind::TraceCancelFinish
            | EventKind::TraceCancelDrop { .. }
            | EventKind::DeadlineSkip { .. }
            | EventKind::NodeSuccess { .. }
            | EventKind::NodeRetry { .. }
            | EventKind::NodeTraceCancelled { .. }
            | EventKind::Dropped { .. }
            | EventKind::ModelCall(_)
            | EventKind::RemoteCallSuccess(_)
            | EventKind::RemoteCallCancelled(_) => Level::INFO,
            EventKind::NodeStart
            | EventKind::NodeCancelled { .. }
            | EventKind::PermitEnter
            | EventKind::PermitWait { .. }
            | EventKind::QueueEnter { .. }
            | EventKind::QueueWait { .. }
            | EventKind::RouteChosen { .. }
            | EventKind::JoinComplete { .. }
            | EventKind::Chunk { .. }
            | EventKind::BudgetReserved { .. }
            | EventKind::BudgetSettled { .. }
            | EventKind::RemoteCallStart(_)
            | EventKind::RemoteStreamEvent(_) => Level::DEBUG,
        }
    }

    /// The fields of this event alone.
    fn fields(&self) -> Value {
        let why = |why: &str| json!({ "reason": why });
        match self {
            EventKind::Emit { headers, deadline } => {
                json!({ "headers": headers, "deadline_s": deadline.map(|deadline| deadline.as_secs_f64()) })
            }
            EventKind::Ending { code, error, spent, .. } => {
                let mut fields = failed(error.as_ref());
                fields["code"] = (*code).into();
                fields["spent"] = spent.map_or(Value::Null, of_cost);
                fields
            }
            EventKind::TraceCancelDrop { why: code } | EventKind::NodeTraceCancelled { why: code, .. } => why(code),
            EventKind::DeadlineSkip { deadline } => json!({ "deadline_s": deadline.as_secs_f64() }),
            EventKind::NodeError { error, .. } | EventKind::NodeTimeout { error, .. } => failed(Some(error)),
            EventKind::NodeFailed { error, .. } => failed(Some(error)),
            EventKind::NodeRetry { wait, error } => {
                let mut fields = failed(Some(error));
                fields["sleep_s"] = wait.as_secs_f64().into();
                fields
            }
            EventKind::QueueEnter { depth, capacity } | EventKind::QueueWait { depth, capacity, .. } => {
                json!({ "q_depth_in": depth, "q_depth_out": 0, "q_depth_total": depth, "queue_maxsize": capacity })
            }
            EventKind::RouteChosen { arm } => json!({ "arm": arm }),
            EventKind::Dropped { at } => json!({ "dropped_at": at }),
            EventKind::JoinComplete { branches } => json!({ "branches": branches }),
            EventKind::JoinStarved { needed, failed } => json!({ "needed": needed, "failed": failed }),
            EventKind::Chunk { stream, bytes, done } => {
                json!({ "stream": stream.name(), "bytes": bytes, "done": done })
            }
            EventKind::BudgetReserved { cost } | EventKind::BudgetInDoubt { cost } => json!({ "cost": of_cost(*cost) }),
            EventKind::BudgetSettled { reserved, actual } => {
                json!({ "reserved": of_cost(*reserved), "actual": of_cost(*actual) })
            }
            EventKind::ModelCall(call) => model(call),
            EventKind::RemoteCallStart(call) | EventKind::RemoteStreamEvent(call) => remote(call, None),
            EventKind::RemoteCallSuccess(call) => remote(call, Some("success")),
            EventKind::RemoteCallError(call) => remote(call, Some("error")),
            EventKind::RemoteCallCancelled(call) => remote(call, Some("cancelled")),
            EventKind::RemoteCancelError(call) => remote(call, Some("cancel_error")),
            EventKind::TraceCancelStart
            | EventKind::TraceCancelFinish
            | EventKind::NodeStart
            | EventKind::NodeSuccess { .. }
            | EventKind::NodeCancelled { .. }
            | EventKind::PermitEnter
            | EventKind::PermitWait { .. } => json!({}),
        }
    }
}

fn failed(error: Option<&Failure>) -> Value {
    let Some(Failure { code, message, payload }) = error else { return json!({}) };
    match payload {
        None => json!({ "code": code, "exception": &**message }),
        Some(payload) => json!({ "code": code, "exception": &**message, "flow_error": &**payload }),
    }
}

/// A cost as it is written in events, and wherever figures of them are.
pub(crate) fn of_cost(cost: Cost) -> Value {
    json!({ "tokens": cost.tokens, "usd": cost.usd.to_string() })
}

fn model(call: &ModelCall) -> Value {
    let ModelCall { provider, model, answered, usage, cost, finish, first_token, attempts, error, .. } = call;
    let mut fields = json!({
        "model_provider": &**provider, "model_name": &**model, "model_attempts": attempts,
        "model_cost_usd": cost.map(|cost| cost.to_string()),
    });
    let texts = [
        ("model_answered", answered.as_deref()),
        ("model_finish", finish.as_deref()),
        ("model_error", error.as_deref()),
    ];
    texts.iter().for_each(|(key, text)| text.iter().for_each(|text| fields[*key] = (*text).into()));
    first_token.iter().for_each(|first| fields["model_first_token_ms"] = millis(*first).into());
    if let Some(usage) = usage {
        let numbers = [
            ("model_input_tokens", usage.input),
            ("model_output_tokens", usage.output),
            ("model_cached_tokens", usage.cached),
            ("model_cache_written_tokens", usage.cache_written),
            ("model_reasoning_tokens", usage.reasoning),
        ];
        numbers.iter().for_each(|(key, number)| fields[*key] = (*number).into());
        fields["model_usage_estimated"] = usage.estimated.into();
    }
    fields
}

impl ModelCall {
    /// What [`FlowEvent::details`] has written of a call, read again.
    #[allow(dead_code, reason = "only a replay, behind its feature, reads")]
    pub(crate) fn of_details(details: &Value, latency: Duration) -> Self {
        let text = |key: &str| details.get(key).and_then(Value::as_str);
        let number = |key: &str| details.get(key).and_then(Value::as_u64);
        let usage = number("model_input_tokens").map(|input| ModelUsage {
            input,
            output: number("model_output_tokens").unwrap_or_default(),
            cached: number("model_cached_tokens").unwrap_or_default(),
            cache_written: number("model_cache_written_tokens").unwrap_or_default(),
            reasoning: number("model_reasoning_tokens").unwrap_or_default(),
            estimated: details.get("model_usage_estimated").and_then(Value::as_bool).unwrap_or_default(),
        });
        let first = details.get("model_first_token_ms").and_then(Value::as_f64);
        ModelCall {
            provider: text("model_provider").unwrap_or_default().into(),
            model: text("model_name").unwrap_or_default().into(),
            answered: text("model_answered").map(Into::into),
            usage,
            cost: text("model_cost_usd").and_then(|cost| cost.parse().ok()),
            finish: text("model_finish").map(Into::into),
            latency,
            first_token: first.and_then(|first| Duration::try_from_secs_f64(first / 1_000.0).ok()),
            attempts: number("model_attempts").and_then(|attempts| attempts.try_into().ok()).unwrap_or_default(),
            error: text("model_error").map(Into::into),
        }
    }
}

fn remote(call: &RemoteCall, status: Option<&str>) -> Value {
    let mut fields = json!({
        "remote_skill": &*call.skill, "remote_transport": call.transport, "remote_streaming": call.streaming,
        "remote_request_bytes": call.request_bytes,
    });
    let texts = [
        ("remote_agent_url", call.agent_url.as_deref()),
        ("remote_context_id", call.context_id.as_deref()),
        ("remote_task_id", call.task_id.as_deref()),
        ("remote_cancel_reason", call.cancel_reason.as_deref()),
        ("remote_error", call.error.as_deref()),
        ("remote_status", status),
    ];
    let numbers = [
        ("remote_stream_seq", call.stream_seq),
        ("remote_chunk_bytes", call.chunk_bytes),
        ("remote_response_bytes", call.response_bytes),
        ("remote_stream_events", call.stream_events),
    ];
    texts.iter().for_each(|(key, text)| text.iter().for_each(|text| fields[*key] = (*text).into()));
    numbers.iter().for_each(|(key, number)| number.iter().for_each(|number| fields[*key] = (*number).into()));
    call.chunk_done.iter().for_each(|done| fields["remote_chunk_done"] = (*done).into());
    fields
}

impl FlowEvent {
    /// The name for logs and other processes: that of its [kind](EventKind::name).
    pub fn name(&self) -> &'static str {
        self.kind.name()
    }

    /// How much it matters: [`EventKind::level`].
    pub fn level(&self) -> Level {
        self.kind.level()
    }

    /// The event as JSON, for logs and stores.
    ///
    /// | key | what | unit |
    /// |---|---|---|
    /// | `ts` | when | seconds since 1970 |
    /// | `event` | [`name`](FlowEvent::name) | |
    /// | `flow`, `trace_id` | of which trace | |
    /// | `node_name`, `node_id` | the node and its place; null for the trace as a whole | |
    /// | `path` | [`path`](FlowEvent::path) | |
    /// | `attempt` | from 1; 0 where there is none | |
    /// | `latency_ms` | [`latency`](FlowEvent::latency), or null | milliseconds |
    ///
    /// Beside them the fields of the event itself: `exception`, `code` and `flow_error` of a failure, `sleep_s` of a retry,
    /// `deadline_s`, `reason` of a cancel, `arm` of a route, `q_depth_in`, `q_depth_out`, `q_depth_total` and `queue_maxsize` of a
    /// queue, `cost` of a budget, `model_…` of the call of a model, `remote_…` of a remote call.
    pub fn to_payload(&self) -> Value {
        let FlowEvent { at, flow, trace_id, place, node, attempt, kind } = self;
        let ts = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let named = !node.is_empty();
        let mut payload = json!({
            "ts": ts,
            "event": kind.name(),
            "flow": flow,
            "trace_id": trace_id.to_string(),
            "node_name": named.then_some(node),
            "node_id": named.then(|| place.to_string()),
            "path": self.path(),
            "attempt": attempt,
            "latency_ms": self.latency().map(millis),
        });
        if let (Value::Object(payload), Value::Object(fields)) = (&mut payload, kind.fields()) {
            payload.extend(fields);
        }
        payload
    }

    /// The fields of the event alone, without those of a failure; nothing where there are none.
    pub(crate) fn details(&self) -> Option<Value> {
        let mut fields = self.kind.fields();
        let map = fields.as_object_mut()?;
        let failed = self.error().is_some();
        let told = |key: &str| matches!(key, "exception" | "flow_error") || (failed && key == "code");
        map.retain(|key, value| !value.is_null() && !told(key));
        (!map.is_empty()).then_some(fields)
    }

    /// The numbers of the event, for a metrics system: `attempt`, `latency_ms`, and all others of
    /// [`to_payload`](FlowEvent::to_payload) but its time.
    pub fn metric_samples(&self) -> Vec<(String, f64)> {
        let fields = self.flat(|key, value| Some((key.to_owned(), value.as_f64()?)));
        fields.into_iter().filter(|(key, _)| key != "ts").collect()
    }

    /// The texts of the event, for a metrics system: `event`, `flow`, `node_name`, `trace_id`, and all others of
    /// [`to_payload`](FlowEvent::to_payload), with those of a failure as `flow_error_code` and the like.
    ///
    /// A trace id as a label makes a series of each trace: leave it out where labels are counted.
    pub fn tag_values(&self) -> Vec<(String, String)> {
        self.flat(|key, value| Some((key.to_owned(), value.as_str()?.to_owned())))
    }

    /// What `read` takes of the scalars of the payload, those inside an object under `outer_inner`.
    fn flat<T>(&self, read: impl Fn(&str, &Value) -> Option<T>) -> Vec<T> {
        fn add<T>(
            into: &mut Vec<T>,
            before: &str,
            map: &Map<String, Value>,
            read: &impl Fn(&str, &Value) -> Option<T>,
        ) {
            for (key, value) in map {
                let key = if before.is_empty() { key.clone() } else { format!("{before}_{key}") };
                match value {
                    Value::Object(inner) => add(into, &key, inner, read),
                    value => into.extend(read(&key, value)),
                }
            }
        }
        let mut all = Vec::new();
        if let Value::Object(payload) = self.to_payload() {
            add(&mut all, "", &payload, &read);
        }
        all
    }
}

/// For people: `node_retry: support › search, attempt 2: NODE_EXCEPTION: connection refused`
impl fmt::Display for FlowEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name(), self.path())?;
        if self.attempt > 1 {
            write!(f, ", attempt {}", self.attempt)?;
        }
        self.error().map_or(Ok(()), |error| write!(f, ": {error}"))
    }
}

/// As [`to_payload`](FlowEvent::to_payload).
impl Serialize for FlowEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_payload().serialize(serializer)
    }
}

fn millis(latency: Duration) -> f64 {
    latency.as_secs_f64() * 1_000.0
}
