//! Reads what the nodes of a trace stream. Knows no node and no ending.

use crate::graph::scope::Scope;
use crate::stream::Chunk;
use futures_util::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The chunks that the nodes of one trace [stream](crate::Ctx::stream), in the order of their sending.
/// [`Trace::split`](crate::Trace::split) gives it.
///
/// ```
/// use penguiflow::prelude::*;
///
/// #[node]
/// async fn spell(word: String, ctx: &Ctx) -> usize {
///     let mut out = ctx.stream("letters");
///     for letter in word.chars() {
///         out.send(letter.to_string()).await;
///     }
///     out.finish().await;
///     word.len()
/// }
/// flow! { spelling(Vec<String>) -> Vec<usize> { map(spell, 2) } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = spelling::flow().start()?;
/// let (mut chunks, trace) = app.emit(vec!["ab".to_owned(), "c".to_owned()]).await?.split();
/// let mut read = Vec::new();
/// while let Some(chunk) = chunks.next().await {
///     read.push(format!("{} {}", chunk.stream, chunk.text));
/// }
/// assert_eq!(read, ["0[0]/0#0 a", "0[0]/0#0 b", "0[0]/0#0 ", "0[1]/0#0 c", "0[1]/0#0 "]);
/// assert_eq!(trace.result().await.into_result()?, [2, 1]);
/// # Ok(())
/// # }
/// ```
///
/// It is a [`Stream`] as well. It ends when the trace has ended, however that was: streams that were not finished by then end
/// as [`aborted`](Chunk::aborted) first. Branches, map items and sub-flows write here, too, each under its own
/// [`StreamId`](crate::StreamId); other traces never do.
///
/// *Limits*: [`Options::chunk_lag`](crate::Options::chunk_lag) chunks wait here at most, 64 by default; beyond that the writers
/// wait. Ends of streams that were aborted count beside them, one for each stream that has begun.
///
/// Dropping it lets the trace go on: its writers discard what they send.
#[must_use = "dropping the reader discards the trace's chunks"]
pub struct Chunks {
    /// Nothing where another one reads.
    scope: Option<Arc<Scope>>,
}

impl Chunks {
    pub(crate) fn new(scope: Option<Arc<Scope>>) -> Self {
        Chunks { scope }
    }

    /// The next chunk, or nothing when the trace has ended and all were read.
    ///
    /// *Cancel safety*: dropping the future loses no chunk.
    pub async fn next(&mut self) -> Option<Chunk> {
        poll_fn(|task| self.poll(task)).await
    }

    fn poll(&mut self, task: &mut Context<'_>) -> Poll<Option<Chunk>> {
        match &self.scope {
            Some(scope) => scope.streams().poll_next(task),
            None => Poll::Ready(None),
        }
    }
}

impl Stream for Chunks {
    type Item = Chunk;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Chunk>> {
        self.poll(task)
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        if let Some(scope) = &self.scope {
            scope.close_reader();
        }
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("trace_id", &self.scope.as_ref().map(|scope| scope.id)).finish_non_exhaustive()
    }
}
