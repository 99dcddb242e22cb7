//! Calls a flow from a thread that no runtime knows.

use crate::error::Stop;
use crate::graph::node::FlowDef;
use crate::message::Message;
use crate::runtime::handle::Handle;
use std::fmt;

impl<F: FlowDef> Handle<F> {
    /// [`call`](Handle::call) for a thread without a runtime: blocks it until the message has ended.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    ///
    /// #[node]
    /// async fn square(n: u32) -> u32 { n * n }
    /// flow! { squaring(u32) -> u32 { square } }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    /// let app = runtime.block_on(async { squaring::flow().start() })?;
    /// assert_eq!(app.call_blocking(7)?, 49);
    ///
    /// let inside = runtime.block_on(async { app.call_blocking(7) });
    /// assert!(matches!(inside, Err(penguiflow::CallBlockingError::InsideRuntime(_))));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// *Limits*: timers and sockets are served by the runtime that the flow was started in, so that one has to be there and
    /// to run: one of several threads always does, a `current_thread` one only while some thread is inside its `block_on`.
    ///
    /// # Errors
    /// [`CallBlockingError::Stopped`] says why there is no value; [`CallBlockingError::InsideRuntime`] gives the message
    /// back on a thread that belongs to a runtime: it would hold up the tasks that it waits for.
    pub fn call_blocking(
        &self,
        message: impl Into<Message<F::Input>> + Send,
    ) -> Result<F::Output, CallBlockingError<F::Input>> {
        let message = message.into();
        if tokio::runtime::Handle::try_current().is_ok() {
            return Err(CallBlockingError::InsideRuntime(message));
        }
        self.desk().runtime.block_on(self.call(message)).map_err(CallBlockingError::Stopped)
    }
}

/// Why [`Handle::call_blocking`] gave no value.
#[non_exhaustive]
pub enum CallBlockingError<T> {
    /// The trace ended without one.
    Stopped(Stop),
    /// The thread belongs to a tokio runtime: await [`Handle::call`] there, and inside `spawn_blocking` hand it to
    /// `tokio::runtime::Handle::current().block_on`. Nothing ran; the message is given back.
    InsideRuntime(Message<T>),
}

impl<T> fmt::Display for CallBlockingError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallBlockingError::Stopped(stop) => stop.fmt(f),
            CallBlockingError::InsideRuntime(_) => f.write_str(
                "this thread belongs to a tokio runtime, which `call_blocking` would hold up: write `app.call(…).await`, or \
                 inside `spawn_blocking` `tokio::runtime::Handle::current().block_on(app.call(…))`",
            ),
        }
    }
}

impl<T> fmt::Debug for CallBlockingError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallBlockingError::Stopped(stop) => f.debug_tuple("Stopped").field(stop).finish(),
            CallBlockingError::InsideRuntime(_) => f.write_str("InsideRuntime(..)"),
        }
    }
}

impl<T> std::error::Error for CallBlockingError<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CallBlockingError::Stopped(stop) => stop.source(),
            CallBlockingError::InsideRuntime(_) => None,
        }
    }
}
