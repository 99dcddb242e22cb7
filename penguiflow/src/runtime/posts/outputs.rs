//! Reads the endings of posted traces. Holds nothing itself.

use crate::error::{Ending, Stop};
use crate::id::TraceId;
use crate::message::{Headers, Message, Meta};
use crate::runtime::posts::Posts;
use futures_util::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// How one posted message ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Output<T> {
    /// The id that `post` gave.
    pub trace_id: TraceId,
    /// The headers of the message.
    pub headers: Headers,
    /// The meta that the last node left. Empty where there is no value.
    pub meta: Meta,
    /// The one ending.
    pub ending: Ending<T>,
}

impl<T> Output<T> {
    /// The value in its envelope, to be sent on, or why there is none.
    ///
    /// # Errors
    /// [`Stop`]: the trace ended without a value.
    pub fn into_message(self) -> Result<Message<T>, Stop> {
        let Output { trace_id, headers, meta, ending } = self;
        let mut message = Message::new(ending.into_result()?).with_trace_id(trace_id);
        *message.meta_mut() = meta;
        Ok(message.with_headers(headers))
    }
}

/// The endings of what was [posted](crate::Handle::post), each once. [`Handle::outputs`](crate::Handle::outputs) gives it.
///
/// ```
/// use penguiflow::prelude::*;
///
/// #[node]
/// async fn double_up(n: u32) -> u32 { n * 2 }
/// flow! { doubling(u32) -> u32 { double_up } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = doubling::flow().start()?;
/// let mut outputs = app.outputs()?.in_order();
/// let reader = tokio::spawn(async move {
///     let mut read = Vec::new();
///     while let Some(output) = outputs.next().await {
///         match output.ending {
///             Ending::Completed(value) => read.push(value),
///             other => println!("{} ended as {other:?}", output.trace_id),
///         }
///     }
///     read
/// });
/// for n in 1..=3 {
///     app.post(n).await?;
/// }
/// app.shutdown(penguiflow::Shutdown::Drain { grace: secs(30) }).await;
/// assert_eq!(reader.await?, [2, 4, 6]);
/// # Ok(())
/// # }
/// ```
///
/// It is a [`Stream`] as well. It ends when nobody can post any more, because the flow was shut down or its last handle was
/// dropped, and all endings were read. It keeps no flow alive: it is no handle.
///
/// *Order*: as the traces end, or with [`in_order`](Outputs::in_order) as they were let in.
///
/// *Limits*: a posted trace keeps its place ([`Options::in_flight`](crate::Options::in_flight)) until its ending was read
/// here. So no more than that many endings wait, and a reader that is slow holds back who posts, and who calls or emits as
/// well. After a shutdown that did not wait longer they wait without a place.
///
/// Dropping it lets the posted traces go on. Endings that were not read, and those of traces that end while there is no
/// reader, are [dead letters](crate::Handle::dead_letters). A later reader gets the endings of traces that still run then.
#[must_use = "dropping it makes dead letters of what was posted"]
pub struct Outputs<T> {
    posts: Arc<Posts<T>>,
}

impl<T> Outputs<T> {
    pub(crate) fn open(posts: &Arc<Posts<T>>) -> Result<Self, OutputsTaken> {
        if posts.open() { Ok(Outputs { posts: posts.clone() }) } else { Err(OutputsTaken) }
    }

    /// The same endings in the order in which their traces were let in.
    ///
    /// Endings of later traces wait for an earlier one that still runs, and keep their places meanwhile: one that is stuck
    /// fills the flow, but not the memory. A deadline ends it.
    pub fn in_order(self) -> Self {
        self.posts.by_admission();
        self
    }

    /// The next ending, or nothing when nobody can post any more and all were read.
    ///
    /// *Cancel safety*: dropping the future loses no ending.
    pub async fn next(&mut self) -> Option<Output<T>> {
        poll_fn(|task| self.posts.poll(task)).await
    }
}

impl<T> Stream for Outputs<T> {
    type Item = Output<T>;

    fn poll_next(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Output<T>>> {
        self.posts.poll(task)
    }
}

impl<T> Drop for Outputs<T> {
    fn drop(&mut self) {
        self.posts.leave();
    }
}

impl<T> fmt::Debug for Outputs<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outputs").field("unread", &self.posts.unread()).finish_non_exhaustive()
    }
}

/// The outputs of the flow are read by somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the flow's outputs have a reader already: share that one, or drop it first")]
#[non_exhaustive]
pub struct OutputsTaken;
