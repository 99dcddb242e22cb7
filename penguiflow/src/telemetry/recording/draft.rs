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
    /// Whether it has grown too large. Nothing is kept then.
    is_lost: bool,
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
        let mut draft = Draft { flow, started: *started, recording, ahead: Vec::new(), bytes: 0, is_lost: false };
        draft.grow(bytes);
        draft
    }

    /// An attempt gave a value; its event may stand there already.
    pub(super) fn gave(&mut self, at: &At, written: Result<Value, String>, gave: &Gave<'_>) {
        let (place, mut bytes) = (at.place.to_string(), 0);
        let event = self
            .recording
            .events
            .iter_mut()
            .rev()
            .find(|event| event.attempt == at.attempt && event.place == place && event.event == "node_success");
        match (event, written) {
            (Some(event), Ok(value)) => {
                bytes = size(&value);
                event.gave = Some(value);
                event.meta = (!gave.meta.is_empty()).then(|| gave.meta.clone());
                event.waited = gave.waited;
            }
            (_, Err(fault)) => _ = self.recording.fault.get_or_insert(fault),
            (None, Ok(_)) => {}
        }
        self.grow(bytes);
    }

    pub(super) fn erred(&mut self, at: &At, error: &NodeError, halt: Option<&'static str>, waited: bool) {
        self.keep_ahead(at, Ahead::Erred(Failed::of(error, halt), waited), 0);
    }

    pub(super) fn wrote(&mut self, at: &At, piece: &Piece) {
        self.keep_ahead(at, Ahead::Wrote(piece.clone()), piece.text.len());
    }

    /// Keeps what belongs to an event that is about to be told.
    fn keep_ahead(&mut self, at: &At, ahead: Ahead, bytes: usize) {
        if !self.is_lost && !is_called(&at.place.to_string()) {
            self.ahead.push((at.clone(), ahead));
            self.grow(bytes);
        }
    }

    /// What observers are told.
    pub(super) fn hear(&mut self, event: &FlowEvent) {
        let mut noted = Noted::of(event, self.since(event.at, &event.kind));
        if self.is_lost || event.flow != self.flow || is_called(&noted.place) {
            return;
        }
        match self.ahead_of(event) {
            Some(Ahead::Erred(failed, waited)) => (noted.error, noted.waited) = (Some(failed), waited),
            Some(Ahead::Wrote(Piece { text, meta })) => {
                if let EventKind::Chunk { stream, .. } = &event.kind {
                    noted.wrote = Some(Wrote { stream: stream.id().to_owned(), text, meta });
                }
            }
            None => {}
        }
        self.recording.events.push(noted);
        self.grow(0);
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

    /// Counts what has come; gives all up where that is too much.
    fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
        if self.bytes > Recorder::BYTES || self.recording.events.len() > Recorder::EVENTS {
            (self.is_lost, self.recording.events, self.ahead) = (true, Vec::new(), Vec::new());
        }
    }

    /// The recording of the trace, which has ended so; nothing if it has grown too large.
    pub(super) fn end(mut self, code: &str) -> Option<Recording> {
        self.recording.ending = code.to_owned();
        Some(self.recording).filter(|_| !self.is_lost)
    }
}

/// Whether a place lies in a flow that a node has called: what happens there is that node's own.
fn is_called(place: &str) -> bool {
    place.contains('(')
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

#[cfg(test)]
mod tests {
    use super::Draft;
    use crate::graph::watch::At;
    use crate::graph::watch::tape::Entry;
    use crate::id::TraceId;
    use crate::message::{Budget, Headers, Meta};
    use crate::place::{Place, Way};
    use crate::stream::Piece;
    use crate::telemetry::recording::Recorder;
    use std::time::SystemTime;

    #[test]
    fn a_recording_that_is_too_large_keeps_nothing_and_grows_no_more() {
        let (trace_id, headers, meta) = (TraceId::from_u128(1), Headers::default(), Meta::default());
        let (flow, started, budget) = ("flow", SystemTime::UNIX_EPOCH, Budget::new());
        let entry = Entry {
            flow,
            trace_id,
            headers: &headers,
            deadline: None,
            budget,
            started,
            codec: None,
            payload: &(),
            meta: &meta,
        };
        let mut draft = Draft::new(&entry);
        let at = At { trace_id, place: Place::new(Way::Root(flow), Some(0)), node: "node", attempt: 1 };
        draft.wrote(&at, &Piece::new("krill"));
        assert_eq!(draft.ahead.len(), 1);
        let much = Piece::new("x".repeat(Recorder::BYTES));
        (0..3).for_each(|_| draft.wrote(&at, &much));
        assert!(draft.ahead.is_empty(), "what waits for its event is given up, too");
        assert!(draft.end("COMPLETED").is_none());
    }
}
