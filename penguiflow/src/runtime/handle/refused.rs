//! Why a message was not let in. Gives the message back.

use crate::id::TraceId;
use crate::message::Message;
use crate::runtime::desk::NoRoom;
use std::fmt;

/// A message that was not let in, given back. Nothing of it ran, and it is counted nowhere.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::{Options, Refused};
///
/// #[node]
/// async fn never_ends(n: u32) -> u32 { std::future::pending::<()>().await; n }
/// flow! { endless(u32) -> u32 { never_ends } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = endless::flow().with_options(Options::new().with_in_flight(1)).start()?;
/// let _inside = app.try_emit(1)?;
/// match app.try_emit(Message::new(2).with_tenant("acme")) {
///     Err(Refused::Full(message)) => assert_eq!(message.headers().tenant(), Some("acme")),
///     other => panic!("{other:?}"),
/// }
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
pub enum Refused<T> {
    /// All places are taken: try again later, or wait with `emit` or `post`.
    Full(Message<T>),
    /// The flow was shut down.
    Closed(Message<T>),
    /// There was no room until the instant that the message brought along
    /// ([`with_deadline_at`](crate::Message::with_deadline_at)).
    TooLate(Message<T>),
    /// Nobody reads the endings of what is posted: open [`Handle::outputs`](crate::Handle::outputs) first.
    NoReader(Message<T>),
    /// A message with the same [idempotency key](crate::Message::with_idempotency_key) was let in before.
    Duplicate {
        /// The message that was not.
        message: Box<Message<T>>,
        /// The trace of the first one. It may have ended.
        trace_id: TraceId,
    },
}

impl<T> Refused<T> {
    /// The message.
    pub fn into_message(self) -> Message<T> {
        match self {
            Refused::Full(message)
            | Refused::Closed(message)
            | Refused::TooLate(message)
            | Refused::NoReader(message) => message,
            Refused::Duplicate { message, .. } => *message,
        }
    }

    #[cold]
    pub(super) fn duplicate(message: Message<T>, trace_id: TraceId) -> Self {
        Refused::Duplicate { message: Box::new(message), trace_id }
    }

    pub(super) fn new(why: NoRoom, message: Message<T>) -> Self {
        match why {
            NoRoom::Full => Refused::Full(message),
            NoRoom::Closed => Refused::Closed(message),
            NoRoom::TooLate => Refused::TooLate(message),
        }
    }
}

impl<T> fmt::Display for Refused<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Refused::Full(_) => "the flow has no room for another trace now",
            Refused::Closed(_) => "the flow was shut down",
            Refused::TooLate(_) => "the flow had no room until the message's deadline",
            Refused::NoReader(_) => "nobody reads the flow's outputs: open `outputs()` before posting",
            Refused::Duplicate { trace_id, .. } => {
                return write!(f, "a message with the same key was let in before, as trace {trace_id}");
            }
        };
        f.write_str(words)
    }
}

impl<T> fmt::Debug for Refused<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Refused::Full(_) => "Refused::Full(..)",
            Refused::Closed(_) => "Refused::Closed(..)",
            Refused::TooLate(_) => "Refused::TooLate(..)",
            Refused::NoReader(_) => "Refused::NoReader(..)",
            Refused::Duplicate { trace_id, .. } => return write!(f, "Refused::Duplicate({trace_id}, ..)"),
        };
        f.write_str(words)
    }
}

impl<T> std::error::Error for Refused<T> {}
