//! Drives a wire format by hand, for the unit tests of formats. Knows no network.

use crate::llm::chat::assembly::Assembly;
use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::Delivery;
use crate::llm::profile::Profile;
use crate::llm::transport::{HeaderText, Headers};
use crate::llm::wire::frames::Cutter;
use crate::llm::wire::{Ask, Target, Wire};
use crate::secret::Secret;
use serde_json::Value;
use std::sync::Arc;
use std::time::SystemTime;

pub(crate) fn target(model: &str, profile: Profile) -> Target {
    Target {
        provider: "test".to_owned(),
        model: model.to_owned(),
        base_url: "https://models.example".to_owned(),
        profile: Arc::new(profile),
        headers: vec![("x-team".to_owned(), "penguins".to_owned())],
    }
}

/// What is sent.
pub(crate) struct Sent {
    pub(crate) url: String,
    headers: Vec<(String, HeaderText)>,
    pub(crate) body: Value,
}

impl Sent {
    pub(crate) fn open(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|(one, value)| match value {
            HeaderText::Open(text) if one == name => Some(text.as_str()),
            HeaderText::Open(_) | HeaderText::Secret(_) => None,
        })
    }

    pub(crate) fn secret(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|(one, value)| match value {
            HeaderText::Secret(text) if one == name => Some(text.expose().as_str()),
            HeaderText::Open(_) | HeaderText::Secret(_) => None,
        })
    }
}

pub(crate) fn encode(
    wire: &dyn Wire,
    target: &Target,
    request: &ChatRequest,
    delivery: Delivery,
) -> Result<Sent, LlmError> {
    let key = Secret::from("the-key");
    let sent = wire.encode(target, &Ask { request, delivery, key: Some(&key) })?;
    let body = serde_json::from_slice(&sent.body).expect("a body is JSON");
    Ok(Sent { url: sent.url, headers: sent.headers, body })
}

/// The body that is sent for a whole answer.
pub(crate) fn body(wire: &dyn Wire, profile: Profile, request: &ChatRequest) -> Result<Value, LlmError> {
    encode(wire, &target("m-1", profile), request, Delivery::Whole).map(|sent| sent.body)
}

/// An answer, put together.
pub(crate) type Answer = (ChatMessage, End);

/// Reads an answer that came in one piece.
pub(crate) fn read(wire: &dyn Wire, body: &Value) -> Result<Answer, LlmError> {
    Ok(assembled(&wire.read(body.to_string().as_bytes())?))
}

/// Reads a stream as a whole and byte by byte, which must be the same.
pub(crate) fn stream(wire: &dyn Wire, body: &[u8]) -> Result<Answer, LlmError> {
    let (once, bytes) = (steps(wire, [body]), steps(wire, body.chunks(1)));
    match (&once, &bytes) {
        (Ok(once), Ok(bytes)) => assert_eq!(once, bytes),
        (Err(once), Err(bytes)) => assert_eq!(once.kind(), bytes.kind()),
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => panic!("it matters where the body is cut: {error}"),
    }
    Ok(assembled(&once?))
}

/// What a stream tells, step by step.
pub(crate) fn steps<'a>(
    wire: &dyn Wire,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<ChatEvent>, LlmError> {
    let (mut cutter, mut reader) = (Cutter::new(wire.framing()), wire.reader());
    let (mut frames, mut told) = (Vec::new(), Vec::new());
    for piece in pieces {
        cutter.feed(piece, &mut frames)?;
    }
    cutter.close(&mut frames)?;
    for frame in &frames {
        reader.frame(frame, &mut told)?;
        if matches!(told.last(), Some(ChatEvent::End(_))) {
            return Ok(told);
        }
    }
    reader.close(&mut told)?;
    Ok(told)
}

fn assembled(steps: &[ChatEvent]) -> Answer {
    let mut assembly = Assembly::default();
    steps.iter().for_each(|step| assembly.push(step));
    let ends = steps.iter().filter(|step| matches!(step, ChatEvent::End(_))).count();
    assert_eq!(ends, 1, "an answer has one end");
    let end = assembly.end().cloned().expect("an answer has an end");
    (assembly.into_message(), end)
}

/// What an error reply means.
pub(crate) fn fault(wire: &dyn Wire, status: u16, headers: &[(&str, &str)], body: &Value) -> LlmErrorKind {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let error = wire.fault(status, &Headers(headers), body.to_string().as_bytes(), SystemTime::UNIX_EPOCH);
    assert_eq!(error.status(), Some(status));
    error.kind().clone()
}

/// A body of server-sent events, each named after its `type`.
pub(crate) fn sse(events: &[Value]) -> Vec<u8> {
    let text = events.iter().map(|event| match event["type"].as_str() {
        Some(name) => format!("event: {name}\ndata: {event}\n\n"),
        None => format!("data: {event}\n\n"),
    });
    text.collect::<String>().into_bytes()
}

/// A binary message that tells an event.
pub(crate) fn message(event: &str, payload: &str) -> Vec<u8> {
    binary(&[(":message-type", "event"), (":event-type", event), (":content-type", "application/json")], payload)
}

/// A binary message that tells an exception.
pub(crate) fn exception(kind: &str, payload: &str) -> Vec<u8> {
    binary(&[(":message-type", "exception"), (":exception-type", kind)], payload)
}

/// A binary message with these headers, each of the type text. Its checksums are made bit by bit, and not as the code under test does.
pub(crate) fn binary(headers: &[(&str, &str)], payload: &str) -> Vec<u8> {
    let mut written = Vec::new();
    for (name, value) in headers {
        written.push(u8::try_from(name.len()).expect("a name is short"));
        written.extend(name.bytes());
        written.push(7);
        written.extend(u16::try_from(value.len()).expect("a value is short").to_be_bytes());
        written.extend(value.bytes());
    }
    let length = |bytes: usize| u32::try_from(bytes).expect("a message is short").to_be_bytes();
    let mut message = [length(16 + written.len() + payload.len()), length(written.len())].concat();
    message.extend(sum(&message).to_be_bytes());
    message.extend(written.into_iter().chain(payload.bytes()));
    message.extend(sum(&message).to_be_bytes());
    message
}

fn sum(bytes: &[u8]) -> u32 {
    let bits = bytes.iter().flat_map(|byte| (0..8).map(move |bit| u32::from(byte >> bit & 1)));
    !bits.fold(u32::MAX, |sum, bit| (sum >> 1) ^ if (sum ^ bit) & 1 == 1 { 0xEDB8_8320 } else { 0 })
}
