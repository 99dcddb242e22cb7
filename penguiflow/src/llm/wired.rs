//! A model that is reached over a transport by a wire format. Must not know a format, nor what is done about failures.

use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::key::KeySource;
use crate::llm::model::{Call, Delivery, Model, ModelInfo, ModelStream};
use crate::llm::transport::{Body, HttpReply, Transport};
use crate::llm::wire::fault::without;
use crate::llm::wire::frames::{Cutter, Frame};
use crate::llm::wire::{Ask, Reader, Target, Wire};
use crate::secret::Secret;
use futures_util::stream::{self, StreamExt as _};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

/// How much of an error's body is read.
const FAULT_BYTES_MAX: usize = 64 * 1024;
/// How long an answer may be, in bytes as it comes over the wire.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A model behind a transport. Clones share all.
#[derive(Clone)]
pub(crate) struct Wired {
    info: ModelInfo,
    parts: Arc<Parts>,
}

struct Parts {
    name: String,
    target: Target,
    wire: Arc<dyn Wire>,
    key: Option<Arc<dyn KeySource>>,
    transport: Arc<dyn Transport>,
}

impl Wired {
    pub(crate) fn new(
        info: ModelInfo,
        target: Target,
        wire: Arc<dyn Wire>,
        key: Option<Arc<dyn KeySource>>,
        transport: Arc<dyn Transport>,
    ) -> Self {
        let name = format!("{}/{}", target.provider, target.model);
        let parts = Parts { name, target, wire, key, transport };
        Wired { info, parts: Arc::new(parts) }
    }
}

impl Model for Wired {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        let parts = self.parts.clone();
        let name = parts.name.clone();
        let events = stream::once(async move { ask(parts, &request, &call).await }).flat_map(|asked| match asked {
            Ok(Asked::Whole(events)) => stream::iter(events.into_iter().map(Ok)).boxed(),
            Ok(Asked::Streamed(mut answer)) => stream::poll_fn(move |cx| answer.poll(cx)).boxed(),
            Err(error) => stream::iter([Err(error)]).boxed(),
        });
        Box::pin(events.map(move |event| event.map_err(|error| error.of(name.as_str()))))
    }
}

enum Asked {
    Whole(Vec<ChatEvent>),
    Streamed(Box<Answer>),
}

async fn ask(parts: Arc<Parts>, request: &ChatRequest, call: &Call) -> Result<Asked, LlmError> {
    let key = match &parts.key {
        Some(source) => Some(source.key().await?),
        None => None,
    };
    let streams = parts.target.profile.streaming && call.delivery == Delivery::Streamed;
    let delivery = if streams { Delivery::Streamed } else { Delivery::Whole };
    let mut sent = parts.wire.encode(&parts.target, &Ask { request, delivery, key: key.as_ref() })?;
    if let Some(traceparent) = &call.traceparent {
        sent = sent.with_header("traceparent", traceparent.as_str());
    }
    let reply = parts.transport.send(sent).await?;
    let id = ["x-request-id", "request-id", "x-amzn-requestid"]
        .iter()
        .find_map(|name| reply.headers.get(name))
        .map(str::to_owned);
    if !(200..300).contains(&reply.status) {
        let error = fault(&*parts.wire, reply, key.as_ref(), call.seam.wall()).await;
        return Err(named(error, id.as_deref()));
    }
    // Servers are met that do not stream, and answer in one piece whatever was asked for.
    let json = reply.headers.get("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    match if json { Delivery::Whole } else { delivery } {
        Delivery::Whole => {
            let read = collect(reply.body, ANSWER_BYTES_MAX).await.and_then(|body| parts.wire.read(&body));
            read.map(Asked::Whole).map_err(|error| named(error, id.as_deref()))
        }
        Delivery::Streamed => {
            let cutter = Cutter::new(parts.wire.framing());
            let (frames, told, next) = (Vec::new(), Vec::new(), Vec::new());
            let (body, reader, request_id) = (reply.body, parts.wire.reader(), id);
            let answer =
                Answer { body, cutter, reader, frames, told, next, failed: None, bytes: 0, over: false, request_id };
            Ok(Asked::Streamed(Box::new(answer)))
        }
    }
}

async fn fault(wire: &dyn Wire, reply: HttpReply, key: Option<&Secret>, now: SystemTime) -> LlmError {
    // What can be read of it is better than nothing.
    let mut body = Vec::new();
    let mut pieces = reply.body;
    while let Some(Ok(piece)) = pieces.next().await {
        body.extend_from_slice(&piece);
        if body.len() >= FAULT_BYTES_MAX {
            body.truncate(FAULT_BYTES_MAX);
            break;
        }
    }
    // Providers are met that say which key it was.
    if let Some(key) = key {
        body = without(body, key.expose());
    }
    wire.fault(reply.status, &reply.headers, &body, now)
}

async fn collect(mut body: Body, most: usize) -> Result<Vec<u8>, LlmError> {
    let mut all = Vec::new();
    while let Some(piece) = body.next().await {
        all.extend_from_slice(&piece?);
        if all.len() > most {
            return Err(too_large(most));
        }
    }
    Ok(all)
}

fn too_large(most: usize) -> LlmError {
    LlmError::new(LlmErrorKind::TooLarge, format!("it has more than {most} bytes"))
}

/// A streamed answer on its way.
struct Answer {
    body: Body,
    cutter: Cutter,
    reader: Box<dyn Reader>,
    frames: Vec<Frame>,
    told: Vec<ChatEvent>,
    /// What is told next, the next one last.
    next: Vec<ChatEvent>,
    failed: Option<LlmError>,
    bytes: usize,
    over: bool,
    request_id: Option<String>,
}

impl Answer {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<ChatEvent, LlmError>>> {
        loop {
            if self.over {
                return Poll::Ready(None);
            }
            if let Some(event) = self.next.pop() {
                self.over = is_end(&event);
                return Poll::Ready(Some(Ok(event)));
            }
            // What was told before the error is heard before it.
            if let Some(error) = self.failed.take() {
                self.over = true;
                return Poll::Ready(Some(Err(named(error, self.request_id.as_deref()))));
            }
            let piece = ready!(self.body.poll_next_unpin(cx));
            self.failed = self.read(piece).err();
            self.told.reverse();
            std::mem::swap(&mut self.told, &mut self.next);
        }
    }

    fn read(&mut self, piece: Option<Result<Vec<u8>, LlmError>>) -> Result<(), LlmError> {
        let Some(piece) = piece else { return self.close() };
        let piece = piece?;
        self.bytes = self.bytes.saturating_add(piece.len());
        if self.bytes > ANSWER_BYTES_MAX {
            return Err(too_large(ANSWER_BYTES_MAX));
        }
        let cut = self.cutter.feed(&piece, &mut self.frames);
        // What stands before a broken frame counts, wherever the network has cut.
        self.frames()?;
        cut
    }

    fn close(&mut self) -> Result<(), LlmError> {
        // What nothing ended may be half of it: that it cannot be read says no more than that it broke off.
        let read = self.cutter.close(&mut self.frames).and_then(|()| self.frames());
        match read {
            Err(error) if *error.kind() == LlmErrorKind::ContentParse => return Err(cut_off(self.bytes)),
            read => read?,
        }
        if !self.ended() {
            self.reader.close(&mut self.told)?;
        }
        if self.ended() { Ok(()) } else { Err(cut_off(self.bytes)) }
    }

    fn frames(&mut self) -> Result<(), LlmError> {
        let Answer { frames, reader, told, .. } = self;
        for frame in frames.drain(..) {
            // Nothing counts behind the end.
            if told.last().is_some_and(is_end) {
                break;
            }
            reader.frame(&frame, told)?;
        }
        Ok(())
    }

    fn ended(&self) -> bool {
        self.told.iter().any(is_end)
    }
}

fn is_end(event: &ChatEvent) -> bool {
    matches!(event, ChatEvent::End(_))
}

/// What a [`Reader`] says of a body that is over before its format's end.
pub(crate) fn cut_off(bytes: usize) -> LlmError {
    LlmError::new(LlmErrorKind::Transport, format!("the answer broke off after {bytes} bytes"))
}

fn named(error: LlmError, request_id: Option<&str>) -> LlmError {
    match request_id {
        Some(id) if error.request_id().is_none() => error.with_request_id(id),
        _ => error,
    }
}
