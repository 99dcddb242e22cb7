//! Writes one stream of a node run. Must not know who reads it, nor where.

use crate::event::EventKind;
use crate::graph::scope::Scope;
use crate::graph::stream::{Progress, Room};
use crate::graph::table::Shared;
use crate::graph::watch::At;
use crate::graph::watch::tape::Tape;
use crate::stream::{Next, Piece, StreamId};
use futures_util::{Stream, StreamExt as _};
use std::fmt;
use std::pin::pin;
use std::sync::Arc;

/// Writes one stream of a node run. [`Ctx::stream`](crate::Ctx::stream) opens it.
///
/// ```
/// use penguiflow::prelude::*;
///
/// #[node]
/// async fn answer(question: String, ctx: &Ctx) -> String {
///     let mut out = ctx.stream("answer");
///     for word in question.split_inclusive(' ') {
///         out.send(word).await;
///     }
///     out.finish().await;
///     question.to_uppercase()
/// }
/// flow! { answering(String) -> String { answer } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = answering::flow().start()?;
/// let (mut chunks, trace) = app.emit("penguins huddle".to_owned()).await?.split();
/// let mut told = Vec::new();
/// while let Some(chunk) = chunks.next().await {
///     told.push((chunk.seq, chunk.text, chunk.done));
/// }
/// assert_eq!(told, [(0, "penguins ".into(), false), (1, "huddle".into(), false), (2, "".into(), true)]);
/// assert_eq!(trace.result().await.into_result()?, "PENGUINS HUDDLE");
/// # Ok(())
/// # }
/// ```
///
/// A writer that is dropped unfinished tells its reader so: its last chunk is [`aborted`](crate::stream::Chunk::aborted). The
/// same holds for a node that fails, that is dropped, or whose trace ends. One that has sent nothing is never heard of.
///
/// *Backpressure*: at most [`Options::chunk_lag`](crate::Options::chunk_lag) chunks of a trace are unread. Beyond that each
/// sending waits, first come, first served, until the reader reads, is dropped, or the trace ends.
///
/// *Without a reader* – a message that was sent by `call`, a trace whose `result()` is awaited, a reader that was dropped –
/// chunks are discarded at once, and [counted](crate::Handle::discarded_chunks). A node need not know.
#[must_use = "a writer that is dropped unfinished tells its reader that the stream was aborted"]
pub struct StreamWriter {
    scope: Arc<Scope>,
    shared: Arc<Shared>,
    stream: StreamId,
    /// The node run, as observers are told of it.
    at: Option<Box<At>>,
    progress: Progress,
    /// Whether the trace had a reader when the stream was opened; later it gets none.
    read: bool,
}

impl StreamWriter {
    pub(crate) fn new(scope: Arc<Scope>, shared: Arc<Shared>, stream: StreamId, at: Option<Box<At>>) -> Self {
        let read = scope.has_reader();
        StreamWriter { scope, shared, stream, at, progress: Progress::Fresh, read }
    }

    /// The stream: its id, its name, its attempt.
    pub fn id(&self) -> &StreamId {
        &self.stream
    }

    /// Whether somebody may still read what is sent: for a node that has nothing but the stream to do.
    pub fn has_reader(&self) -> bool {
        self.read && self.scope.streams().is_open()
    }

    /// Sends a chunk once there is room for it.
    ///
    /// *Cancel safety*: a sending that is dropped before it is ready has sent nothing, and takes no number.
    pub async fn send(&mut self, piece: impl Into<Piece>) {
        self.put(piece.into(), false).await;
    }

    /// Sends the last chunk, without a text.
    ///
    /// *Cancel safety*: if it is dropped before it is ready, the stream ends as aborted.
    pub async fn finish(self) {
        self.finish_with(Piece::default()).await;
    }

    /// Sends this as the last chunk.
    ///
    /// *Cancel safety*: if it is dropped before it is ready, the stream ends as aborted.
    pub async fn finish_with(mut self, last: impl Into<Piece>) {
        self.put(last.into(), true).await;
    }

    /// Sends what `adapter` makes of each event of `source`, and ends the stream: by the event of which the adapter makes
    /// [`Next::Last`], or behind the last event by a chunk that has no text and the entries of `end`.
    ///
    /// ```
    /// use futures_util::stream;
    /// use penguiflow::prelude::*;
    /// use penguiflow::stream::Piece;
    ///
    /// #[node]
    /// async fn count(to: u32, ctx: &Ctx) -> u32 {
    ///     let numbers = stream::iter(1..=to);
    ///     ctx.stream("numbers").forward(numbers, |n| n.to_string(), Piece::default().with_meta("model", "abacus")).await;
    ///     to
    /// }
    /// ```
    ///
    /// *Cancel safety*: if it is dropped before it is ready, the stream ends as aborted.
    pub async fn forward<E, N: Into<Next>>(
        self,
        source: impl Stream<Item = E>,
        mut adapter: impl FnMut(E) -> N,
        end: impl Into<Piece>,
    ) {
        let source = source.map(|event| Ok::<_, std::convert::Infallible>(adapter(event)));
        match self.try_forward(source, |next| next, end).await {
            Ok(()) => {}
            Err(never) => match never {},
        }
    }

    /// [`forward`](Self::forward) for a source that may fail: then the stream ends as aborted.
    ///
    /// # Errors
    /// The source's own.
    pub async fn try_forward<E, N: Into<Next>, X>(
        mut self,
        source: impl Stream<Item = Result<E, X>>,
        mut adapter: impl FnMut(E) -> N,
        end: impl Into<Piece>,
    ) -> Result<(), X> {
        let (mut source, end) = (pin!(source), end.into());
        while let Some(event) = source.next().await {
            match adapter(event?).into() {
                Next::More(piece) => self.send(piece).await,
                Next::Last(piece) => {
                    self.finish_with(piece).await;
                    return Ok(());
                }
            }
        }
        self.finish_with(end).await;
        Ok(())
    }

    async fn put(&mut self, piece: Piece, done: bool) {
        // A writer that always finds room must not keep others from running, nor a cancel from being seen.
        tokio::task::consume_budget().await;
        if !self.read || self.progress == Progress::Over {
            return self.shared.count_discarded();
        }
        let streams = self.scope.streams();
        match streams.room(self.scope.halted()).await {
            Room::Given => {
                let bytes = piece.text.len();
                let taped = self.tape().map(|_| piece.clone());
                if streams.put(&mut self.progress, &self.stream, piece, done) {
                    self.tell(taped, bytes, done);
                    return;
                }
            }
            Room::Unread => self.progress = Progress::Over,
            // A stream with a gap would look whole.
            Room::Halted => streams.abort(&mut self.progress),
        }
        self.shared.count_discarded();
    }

    fn tape(&self) -> Option<&Tape> {
        self.scope.tap()?.between.tape.as_ref()
    }

    fn tell(&self, taped: Option<Piece>, bytes: usize, done: bool) {
        if let (Some(watch), Some(at)) = (self.scope.tap(), &self.at) {
            if let (Some(tape), Some(piece)) = (self.tape(), taped) {
                tape.wrote(at, &piece);
            }
            watch.tell((**at).clone(), EventKind::Chunk { stream: self.stream.clone(), bytes, done });
        }
    }
}

impl Drop for StreamWriter {
    fn drop(&mut self) {
        if let Progress::Begun(_) = self.progress {
            self.scope.streams().abort(&mut self.progress);
        }
    }
}

impl fmt::Debug for StreamWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamWriter").field("stream", &self.stream).finish_non_exhaustive()
    }
}
