//! The recording of a trace that runs. Knows no other trace.

use crate::error::NodeError;
use crate::event::{EventKind, FlowEvent};
use crate::graph::codec::Codec;
use crate::graph::watch::At;
use crate::graph::watch::tape::{Entry, Gave};
use crate::message::Budget;
use crate::stream::Piece;
use crate::telemetry::recording::Recorder;
use crate::telemetry::recording::written::{Failed, Noted, Recording, Wrote, nanos};
use serde_json::Value;
use std::any::Any;
use std::time::SystemTime;

/// The recording of a trace that runs.
pub(super) struct Draft {
    flow: &'static str,
    started: SystemTime,
    recording: Recording,
    /// What was told of attempts whose events have not come yet.
    ahead: Vec<(At, Ahead)>,
    bytes: usize,
}

enum Ahead {
    Erred(Failed, bool),
    Wrote(Piece),
}

/// What a value is written as, or why it cannot be; `what` says whose it is.
pub(super) fn written(codec: Option<Codec>, value: &dyn Any, what: impl Fn() -> String) -> Result<Value, String> {
    match codec.and_then(|codec| codec.write(value)) {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(format!("{} could not be written down: {error}", what())),
        // `start` has refused a flow with such a type; a stub gives what its node would.
        None => Err(format!("there is no way to write down {}", what())),
    }
}

impl Draft {
    pub(super) fn new(entry: &Entry<'_>) -> Self {
        let Entry { flow, trace_id, headers, deadline, budget, started, codec, payload, meta } = entry;
        let mut recording = Recording::new(flow, *trace_id, *started);
        match written(*codec, *payload, || "what the flow took".to_owned()) {
            Ok(input) => recording.input = input,
            Err(fault) => recording.fault = Some(fault),
        }
        recording.meta = (*meta).clone();
        recording.headers = (*headers).clone();
        recording.deadline_ns = deadline.map(nanos);
        recording.budget = Some(*budget).filter(Budget::is_limited);
        let bytes = size(&recording.input);
        Draft { flow, started: *started, recording, ahead: Vec::new(), bytes }
    }

    /// An attempt gave a value; its event may stand there already.
    pub(super) fn gave(&mut self, at: &At, written: Result<Value, String>, gave: &Gave<'_>) {
        let place = at.place.to_string();
        let event = self
            .recording
            .events
            .iter_mut()
            .rev()
            .find(|event| event.attempt == at.attempt && event.place == place && event.event == "node_success");
        match (event, written) {
            (Some(event), Ok(value)) => {
                self.bytes += size(&value);
                event.gave = Some(value);
                event.meta = (!gave.meta.is_empty()).then(|| gave.meta.clone());
                event.waited = gave.waited;
            }
            (_, Err(fault)) => self.fault(fault),
            (None, Ok(_)) => {}
        }
    }

    pub(super) fn erred(&mut self, at: &At, error: &NodeError, halt: Option<&'static str>, waited: bool) {
        self.ahead.push((at.clone(), Ahead::Erred(Failed::of(error, halt), waited)));
    }

    pub(super) fn wrote(&mut self, at: &At, piece: &Piece) {
        self.bytes += piece.text.len();
        self.ahead.push((at.clone(), Ahead::Wrote(piece.clone())));
    }

    /// What observers are told. What happens inside a flow that a node has called is the node's own.
    pub(super) fn hear(&mut self, event: &FlowEvent) {
        let FlowEvent { at, node, attempt, kind, .. } = event;
        let place = event.place.to_string();
        if event.flow != self.flow || place.contains('(') || self.is_too_large() {
            return;
        }
        let mut noted = Noted {
            at_ns: self.since(*at, kind),
            event: kind.name().to_owned(),
            node: (*node).to_owned(),
            place,
            attempt: *attempt,
            latency_ns: event.latency().map(nanos),
            details: event.details().unwrap_or_default(),
            ..Noted::default()
        };
        noted.error = event.error().map(|error| match self.ahead_of(event) {
            Some(Ahead::Erred(failed, waited)) => {
                noted.waited = waited;
                failed
            }
            _ => Failed { code: error.code.to_owned(), message: error.message.to_string(), ..Failed::default() },
        });
        if let EventKind::Chunk { stream, .. } = kind
            && let Some(Ahead::Wrote(Piece { text, meta })) = self.ahead_of(event)
        {
            noted.wrote = Some(Wrote { stream: stream.id().to_owned(), text, meta });
        }
        self.recording.events.push(noted);
    }

    /// When it happened: a trace begins with its first event.
    fn since(&self, at: SystemTime, kind: &EventKind) -> u64 {
        let first = matches!(kind, EventKind::Emit { .. });
        if first { 0 } else { nanos(at.duration_since(self.started).unwrap_or_default()) }
    }

    /// What was told of the event before it came.
    fn ahead_of(&mut self, event: &FlowEvent) -> Option<Ahead> {
        let is_it = |(at, ahead): &(At, Ahead)| {
            let fits = matches!(
                (ahead, &event.kind),
                (Ahead::Erred(..), EventKind::NodeError { .. } | EventKind::NodeTimeout { .. })
                    | (Ahead::Wrote(_), EventKind::Chunk { .. })
            );
            fits && at.attempt == event.attempt && at.place == event.place
        };
        let index = self.ahead.iter().position(is_it)?;
        Some(self.ahead.remove(index).1)
    }

    fn fault(&mut self, fault: String) {
        self.recording.fault.get_or_insert(fault);
    }

    fn is_too_large(&self) -> bool {
        self.bytes > Recorder::BYTES || self.recording.events.len() >= Recorder::EVENTS
    }

    /// The recording of the trace, which has ended so; nothing if it has grown too large.
    pub(super) fn end(mut self, code: &str) -> Option<Recording> {
        self.recording.ending = code.to_owned();
        Some(self.recording)
            .filter(|_| self.bytes <= Recorder::BYTES)
            .filter(|recording| recording.events.last().is_some_and(|event| event.event == "ending"))
    }
}

/// How many bytes a value takes, about.
fn size(value: &Value) -> usize {
    let inside = match value {
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(size).sum(),
        Value::Object(entries) => entries.iter().map(|(key, value)| key.len() + size(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    size_of::<Value>() + inside
}
