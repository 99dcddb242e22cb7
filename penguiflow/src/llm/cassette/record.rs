//! Records exchanges as they happen. Must not know how they are played.

use crate::clock::Seam;
use crate::llm::cassette::error::CassetteError;
use crate::llm::cassette::redact::Redactor;
use crate::llm::cassette::tape::{Asked, Chunk, Content, Ended, Exchange, Replied, probe, write};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::transport::{Body, Headers, HttpReply, HttpRequest, Transport};
use crate::secret::Secret;
use futures_util::stream::{self, StreamExt as _};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::runtime::Handle;
use tokio::time::Instant;

/// How long a reply may be.
const REPLY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The file that is being recorded.
pub(super) struct Recording {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// In the order in which they began; nothing where one still runs.
    exchanges: Vec<Option<Exchange>>,
    /// Why nothing more is written.
    failed: Option<(io::ErrorKind, String)>,
}

impl Recording {
    pub(super) fn new(path: &Path) -> Result<Self, CassetteError> {
        probe(path).map_err(|source| CassetteError::Write { path: path.to_owned(), source })?;
        Ok(Recording { path: path.to_owned(), state: Mutex::default() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn written(&self) -> usize {
        self.lock().exchanges.iter().flatten().count()
    }

    pub(super) fn check(&self) -> Result<(), CassetteError> {
        match &self.lock().failed {
            None => Ok(()),
            Some((kind, why)) => Err(self.cannot(io::Error::new(*kind, why.clone()))),
        }
    }

    fn begin(&self) -> usize {
        let mut state = self.lock();
        state.exchanges.push(None);
        state.exchanges.len() - 1
    }

    fn end(&self, number: usize, exchange: Exchange) -> Result<(), CassetteError> {
        let mut state = self.lock();
        if let Some(place) = state.exchanges.get_mut(number) {
            *place = Some(exchange);
        }
        let all: Vec<&Exchange> = state.exchanges.iter().flatten().collect();
        let written = write(&self.path, &all);
        if let Err(error) = &written {
            state.failed = Some((error.kind(), error.to_string()));
        }
        written.map_err(|source| self.cannot(source))
    }

    fn cannot(&self, source: io::Error) -> CassetteError {
        CassetteError::Write { path: self.path.clone(), source }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends a request by `inner`, and records what comes of it.
pub(super) async fn send(
    recording: Arc<Recording>,
    inner: Arc<dyn Transport>,
    request: HttpRequest,
    secrets: Arc<[Secret]>,
    seam: Seam,
) -> Result<HttpReply, LlmError> {
    recording.check()?;
    let mut taking = Taking::new(recording, &request, &secrets, seam);
    match inner.send(request).await {
        Ok(HttpReply { status, headers, body, .. }) => {
            taking.head(status, &headers, body);
            Ok(HttpReply::new(status, headers, taking.listen()))
        }
        Err(error) => {
            let ended = taking.failed(&error);
            // That nothing was written is told to whoever asks next: this failure is the answer here.
            let _ = taking.end(ended);
            Err(error)
        }
    }
}

/// One exchange that is being recorded. Dropped before its end, it is recorded as cut.
struct Taking {
    recording: Arc<Recording>,
    number: usize,
    redactor: Redactor,
    asked: Asked,
    seam: Seam,
    latest: Instant,
    wait_ms: u64,
    head: Option<(u16, Headers)>,
    body: Option<Body>,
    pieces: Vec<(u64, Vec<u8>)>,
    bytes: usize,
    open: bool,
}

impl Taking {
    fn new(recording: Arc<Recording>, request: &HttpRequest, secrets: &[Secret], seam: Seam) -> Self {
        let redactor = Redactor::new(request, secrets);
        let asked = Asked::of(request, &redactor);
        let (number, latest) = (recording.begin(), seam.now());
        let (wait_ms, head, body, pieces) = (0, None, None, Vec::new());
        Taking { recording, number, redactor, asked, seam, latest, wait_ms, head, body, pieces, bytes: 0, open: true }
    }

    fn head(&mut self, status: u16, headers: &Headers, body: Body) {
        self.wait_ms = self.lap();
        self.body = Some(body);
        headers.0.iter().for_each(|(name, value)| self.redactor.know_header(name, value));
        self.head = Some((status, headers.clone()));
    }

    /// The milliseconds since what was before.
    fn lap(&mut self) -> u64 {
        let now = self.seam.now();
        let gap = now.saturating_duration_since(self.latest);
        self.latest = now;
        u64::try_from(gap.as_millis()).unwrap_or(u64::MAX)
    }

    /// The body, of which each piece is kept.
    fn listen(self) -> Body {
        Box::pin(stream::unfold(Some(self), |taking| async move {
            let mut taking = taking?;
            let next = match &mut taking.body {
                Some(body) => body.next().await,
                None => None,
            };
            match next {
                Some(Ok(piece)) => {
                    taking.bytes = taking.bytes.saturating_add(piece.len());
                    if taking.bytes > REPLY_BYTES_MAX {
                        // Nobody wants to read what is there of it, and a file of that size is no cassette.
                        taking.pieces.clear();
                        let most = format!("a recorded reply has at most {REPLY_BYTES_MAX} bytes");
                        let error = LlmError::new(LlmErrorKind::TooLarge, most);
                        let ended = taking.failed(&error);
                        let _ = taking.end(ended);
                        return Some((Err(error), None));
                    }
                    let gap = taking.lap();
                    taking.pieces.push((gap, piece.clone()));
                    Some((Ok(piece), Some(taking)))
                }
                Some(Err(error)) => {
                    let ended = taking.failed(&error);
                    let _ = taking.end(ended);
                    Some((Err(error), None))
                }
                None => taking.end(Ended::Complete).err().map(|error| (Err(LlmError::from(error)), None)),
            }
        }))
    }

    fn failed(&mut self, error: &LlmError) -> Ended {
        if self.head.is_none() {
            self.wait_ms = self.lap();
        }
        Ended::Failed { kind: error.kind().code().to_owned(), message: self.redactor.text(error.message()) }
    }

    fn end(&mut self, end: Ended) -> Result<(), CassetteError> {
        if !std::mem::replace(&mut self.open, false) {
            return Ok(());
        }
        let Taking { redactor, wait_ms, .. } = self;
        let (status, headers) = self.head.take().unzip();
        let headers = headers.unwrap_or_default().0;
        let headers = headers.iter().map(|(name, value)| format!("{name}: {}", redactor.header(name, value)));
        let pieces: Vec<&[u8]> = self.pieces.iter().map(|(_, piece)| piece.as_slice()).collect();
        let chunks = self
            .pieces
            .iter()
            .zip(redactor.pieces(&pieces))
            .map(|((gap_ms, _), piece)| Chunk { gap_ms: *gap_ms, bytes: Content::of(piece) });
        let (headers, chunks) = (headers.collect(), chunks.collect());
        let reply = Replied { wait_ms: *wait_ms, status, headers, chunks, end };
        self.recording.end(self.number, Exchange { request: self.asked.clone(), reply })
    }
}

impl Drop for Taking {
    fn drop(&mut self) {
        if self.open {
            if self.head.is_none() {
                self.wait_ms = self.lap();
            }
            // Who has read the last event of a stream does not wait for the end of its body: that is no cut.
            let ended = if self.body.as_mut().is_some_and(is_over) { Ended::Complete } else { Ended::Cut };
            // `Cassette::check` tells.
            let _ = self.end(ended);
        }
    }
}

/// Whether nothing follows, as far as that is known at once. Outside of a runtime nothing is known.
fn is_over(body: &mut Body) -> bool {
    let mut nobody = Context::from_waker(Waker::noop());
    let asks = Handle::try_current().is_ok() && !std::thread::panicking();
    asks && matches!(body.poll_next_unpin(&mut nobody), Poll::Ready(None))
}
