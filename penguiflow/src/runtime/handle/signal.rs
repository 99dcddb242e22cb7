//! The signals by which a process is told to stop. Knows no flow but the one that waits for them.

use crate::graph::node::FlowDef;
use crate::runtime::handle::Handle;
use crate::runtime::handle::shutdown::Drained;
use futures_util::Stream;
use futures_util::stream::poll_fn;
use std::io;
use std::panic::catch_unwind;
use std::task::Poll;
use std::time::Duration;

impl<F: FlowDef> Handle<F> {
    /// Keeps the flow open until the process gets Ctrl-C or SIGTERM, then drains with `grace`; a second signal aborts what is
    /// still inside. On Windows Ctrl-C alone.
    ///
    /// ```no_run
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn reply_to(text: String) -> String { text }
    /// flow! { replying(String) -> String { reply_to } }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = replying::flow().start()?;
    /// // … hand clones of `app` to whoever takes messages in …
    /// let drained = app.run_until_signal(secs(30)).await?;
    /// println!("{} traces were inside, {} were cancelled", drained.inside, drained.cancelled);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// From the first poll on, for as long as the process lives, these signals no longer end it by themselves.
    ///
    /// *Cancel safety*: dropped before the first signal, it leaves the flow as it is; later, closed.
    ///
    /// # Errors
    /// The system refused, or the tokio runtime serves no signals because it was built without `enable_io` (or `enable_all`).
    pub async fn run_until_signal(&self, grace: Duration) -> io::Result<Drained> {
        let signals = catch_unwind(signals).map_err(|_| io::Error::other(NO_DRIVER))??;
        Ok(self.run_until(signals, grace).await)
    }
}

const NO_DRIVER: &str = "the tokio runtime serves no signals: build it with `.enable_io()` or `.enable_all()`";

#[cfg(unix)]
fn signals() -> io::Result<impl Stream<Item = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(poll_fn(move |task| {
        // Both are asked: each has to know whom to wake.
        match (interrupt.poll_recv(task), terminate.poll_recv(task)) {
            (Poll::Pending, Poll::Pending) => Poll::Pending,
            _ => Poll::Ready(Some(())),
        }
    }))
}

#[cfg(windows)]
fn signals() -> io::Result<impl Stream<Item = ()> + Send> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(poll_fn(move |task| interrupt.poll_recv(task)))
}
