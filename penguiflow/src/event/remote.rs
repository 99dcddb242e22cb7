//! What is told of a call of a remote agent. Knows no transport.

use std::sync::Arc;
use std::time::Duration;

/// A call of a remote agent, as far as it is known when the event is told.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct RemoteCall {
    /// The skill that is asked for. `remote_skill`
    pub skill: Arc<str>,
    /// The kind of transport. `remote_transport`
    pub transport: &'static str,
    /// Whether the answer is streamed. `remote_streaming`
    pub streaming: bool,
    /// How long the request is, in bytes. `remote_request_bytes`
    pub request_bytes: u64,
    /// Where the agent is. `remote_agent_url`
    pub agent_url: Option<Arc<str>>,
    /// The agent's own name of the conversation. `remote_context_id`
    pub context_id: Option<Arc<str>>,
    /// The agent's own name of the task. `remote_task_id`
    pub task_id: Option<Arc<str>>,
    /// The time since the call began; for a cancel, since that was asked for.
    pub latency: Duration,
    /// Which part of the answer it is, from 0. `remote_stream_seq`
    pub stream_seq: Option<u64>,
    /// How long the part is, in bytes. `remote_chunk_bytes`
    pub chunk_bytes: Option<u64>,
    /// Whether it is the last part. `remote_chunk_done`
    pub chunk_done: Option<bool>,
    /// How long the answer is, in bytes. `remote_response_bytes`
    pub response_bytes: Option<u64>,
    /// How many parts the answer had. `remote_stream_events`
    pub stream_events: Option<u64>,
    /// Why it was cancelled. `remote_cancel_reason`
    pub cancel_reason: Option<Arc<str>>,
    /// What went wrong. `remote_error`
    pub error: Option<Arc<str>>,
}
