//! Reads a trace as one stream: its chunks, then its ending.

use crate::error::Ending;
use crate::id::TraceId;
use crate::runtime::chunks::Chunks;
use crate::runtime::trace::Trace;
use crate::stream::Chunk;
use futures_util::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// What a trace gives, one after the other: chunks, and at last its one ending.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "a trace gives nothing else")]
pub enum TraceItem<T> {
    /// A chunk of one of its streams.
    Chunk(Chunk),
    /// How it ended. The last item.
    Ending(Ending<T>),
}

/// The chunks of a trace, and behind them its one ending. [`Trace::stream`] gives it.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::TraceItem;
///
/// #[node]
/// async fn answer(question: String, ctx: &Ctx) -> String {
///     ctx.stream("answer").finish_with("because").await;
///     "because".to_owned()
/// }
/// flow! { answering(String) -> String { answer } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = answering::flow().start()?;
/// let mut stream = app.emit("why?".to_owned()).await?.stream();
/// while let Some(item) = stream.next().await {
///     match item {
///         TraceItem::Chunk(chunk) => assert_eq!(chunk.text, "because"),
///         TraceItem::Ending(ending) => assert_eq!(ending.into_result()?, "because"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// It is a [`Stream`] as well. Dropping it cancels the trace, if that has not ended.
#[derive(Debug)]
#[must_use = "dropping it cancels the trace"]
pub struct TraceStream<T> {
    chunks: Chunks,
    /// Until it has given its ending.
    trace: Option<Trace<T>>,
    id: TraceId,
}

impl<T> TraceStream<T> {
    pub(crate) fn new(chunks: Chunks, trace: Trace<T>) -> Self {
        let id = trace.id();
        TraceStream { chunks, trace: Some(trace), id }
    }

    /// The trace's id.
    pub fn id(&self) -> TraceId {
        self.id
    }

    /// The next chunk; behind the last one the ending; then nothing.
    ///
    /// *Cancel safety*: dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<TraceItem<T>> {
        poll_fn(|task| Pin::new(&mut *self).poll_next(task)).await
    }
}

impl<T> Stream for TraceStream<T> {
    type Item = TraceItem<T>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<TraceItem<T>>> {
        if let Some(chunk) = ready!(Pin::new(&mut self.chunks).poll_next(task)) {
            return Poll::Ready(Some(TraceItem::Chunk(chunk)));
        }
        let Some(trace) = &mut self.trace else { return Poll::Ready(None) };
        let ending = ready!(trace.poll_ending(task));
        self.trace = None;
        Poll::Ready(Some(TraceItem::Ending(ending)))
    }
}
