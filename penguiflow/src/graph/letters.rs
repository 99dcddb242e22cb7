//! Keeps what ended with nobody there to see it, for one reader who may ask for it. Knows no flow and no payload.

use crate::error::{Ending, FlowError, Stop};
use crate::id::TraceId;
use crate::message::Headers;
use futures_util::Stream;
use serde_json::{Value, json};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::SystemTime;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// An ending that nobody was there to see.
///
/// It never holds a payload. What a node put into its own error stands in it, as it would in a log;
/// a [`Secret`](crate::Secret) stays hidden there.
#[derive(Debug)]
#[non_exhaustive]
pub struct DeadLetter {
    /// The trace.
    pub trace_id: TraceId,
    /// Tenant, topic and priority of its message.
    pub headers: Headers,
    /// Why nobody saw it.
    pub unseen: Unseen,
    /// How it ended. The error of a failure knows its [path](FlowError::path) and its [place](FlowError::place).
    pub ending: Ending<()>,
    /// When it went to nobody.
    pub at: SystemTime,
}

/// Why nobody saw an ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unseen {
    /// The trace was [posted](crate::Handle::post), and its ending was not read from [`Outputs`](crate::Outputs) before
    /// these were dropped, or came while there were none. Completed ones are among them: their value is lost.
    Unread,
    /// The trace was [detached](crate::Trace::detach) before it ended, and has no value.
    Detached,
    /// A side branch failed whose failure does not touch its trace.
    Aside,
}

impl fmt::Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unseen::Unread => "unread",
            Unseen::Detached => "detached",
            Unseen::Aside => "aside",
        })
    }
}

impl DeadLetter {
    /// The failure, if it is one.
    pub fn error(&self) -> Option<&FlowError> {
        match &self.ending {
            Ending::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// A constant name of the ending, for dashboards: [`Ending::code`].
    pub fn code(&self) -> &'static str {
        self.ending.code()
    }

    /// The letter as JSON, for logs and stores: `trace_id`, `headers`, `unseen`, `code`, `message`, and for a failure `error`,
    /// which is [`FlowError::to_payload`].
    pub fn to_payload(&self) -> Value {
        let DeadLetter { trace_id, headers, unseen, .. } = self;
        let (trace_id, unseen) = (trace_id.to_string(), unseen.to_string());
        let mut payload = json!({
            "trace_id": trace_id, "headers": headers, "unseen": unseen, "code": self.code(), "message": self.words(),
        });
        if let Some(error) = self.error() {
            payload["error"] = error.to_payload();
        }
        payload
    }

    fn words(&self) -> String {
        match &self.ending {
            Ending::Completed(()) => "completed".to_owned(),
            Ending::Failed(error) => error.to_string(),
            Ending::Cancelled => Stop::Cancelled.to_string(),
            Ending::DeadlineExceeded => Stop::DeadlineExceeded.to_string(),
            Ending::BudgetExceeded(limit) => limit.to_string(),
            Ending::Dropped { at } => format!("dropped at {at}"),
        }
    }
}

/// `0190a6e7-…, unread: support › search, after 2.1 s: connection refused`
impl fmt::Display for DeadLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.trace_id, self.unseen, self.words())
    }
}

/// The dead letters of a started flow.
pub(crate) struct Letters {
    room: usize,
    count: AtomicU64,
    lost: AtomicU64,
    reader: Mutex<Reader>,
}

enum Reader {
    None,
    Reads(Sender<DeadLetter>),
    /// No letter is expected any more.
    Closed,
}

impl Letters {
    /// Keeps up to `room` unread letters.
    pub(crate) fn new(room: usize) -> Self {
        let room = room.clamp(1, Semaphore::MAX_PERMITS);
        Letters { room, count: AtomicU64::new(0), lost: AtomicU64::new(0), reader: Mutex::new(Reader::None) }
    }

    /// Keeps a letter, if somebody reads and there is room, and counts it in any case.
    pub(crate) fn put(&self, letter: DeadLetter) {
        self.count.fetch_add(1, Ordering::Relaxed);
        let kept = match &*self.reader() {
            Reader::Reads(sender) => sender.try_send(letter).map_err(|why| why.into_inner()),
            Reader::None | Reader::Closed => Err(letter),
        };
        // What the letter holds is dropped here, behind the lock: an error is code of the user's.
        if kept.is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The reader ends behind the letters that it has.
    pub(crate) fn close(&self) {
        *self.reader() = Reader::Closed;
    }

    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    fn reader(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What ended with nobody there to see it: [dead letters](DeadLetter). [`Handle::dead_letters`](crate::Handle::dead_letters)
/// gives it.
///
/// ```
/// use penguiflow::prelude::*;
///
/// #[node]
/// async fn file_away(name: String) -> Result<String, std::io::Error> { Err(std::io::Error::other(name)) }
/// flow! { filing(String) -> String { file_away } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = filing::flow().start()?;
/// let mut letters = app.dead_letters()?;
/// let id = app.emit("no such drawer".to_owned()).await?.detach();
/// let letter = letters.next().await.expect("the flow is open");
/// assert_eq!((letter.trace_id, letter.code()), (id, "NODE_EXCEPTION"));
/// assert_eq!(letter.error().map(|error| error.node()), Some("file_away"));
/// # Ok(())
/// # }
/// ```
///
/// It is a [`Stream`] as well. It ends behind the last letter of a flow that was shut down, or whose last handle and last
/// trace have gone; it is no handle itself.
///
/// *Limits*: [`Options::dead_letters`](crate::Options::dead_letters) letters wait here at most, 1,024 by default. A letter that
/// finds no room, or no reader, is [lost](DeadLetters::lost), and nobody waits for it. All are counted
/// ([`Counts::dead_letters`](crate::Counts::dead_letters)), whether somebody reads or not.
#[must_use = "dropping it loses the letters that it holds"]
pub struct DeadLetters {
    letters: Arc<Letters>,
    inbox: Receiver<DeadLetter>,
}

impl DeadLetters {
    pub(crate) fn open(letters: &Arc<Letters>) -> Result<Self, DeadLettersTaken> {
        let (sender, inbox) = channel(letters.room);
        let mut reader = letters.reader();
        match *reader {
            Reader::None => *reader = Reader::Reads(sender),
            Reader::Reads(_) => return Err(DeadLettersTaken),
            // Its sender is dropped, so that it ends at once.
            Reader::Closed => {}
        }
        drop(reader);
        Ok(DeadLetters { letters: letters.clone(), inbox })
    }

    /// The next letter, or nothing when no further one is expected and all were read.
    ///
    /// *Cancel safety*: dropping the future loses no letter.
    pub async fn next(&mut self) -> Option<DeadLetter> {
        poll_fn(|task| self.inbox.poll_recv(task)).await
    }

    /// How many letters were lost since the flow was started: they came while nobody read, found no room, or were dropped
    /// with their reader.
    pub fn lost(&self) -> u64 {
        self.letters.lost.load(Ordering::Relaxed)
    }
}

impl Stream for DeadLetters {
    type Item = DeadLetter;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<DeadLetter>> {
        self.inbox.poll_recv(task)
    }
}

impl Drop for DeadLetters {
    fn drop(&mut self) {
        let mut reader = self.letters.reader();
        if let Reader::Reads(_) = *reader {
            *reader = Reader::None;
        }
        drop(reader);
        self.letters.lost.fetch_add(self.inbox.len() as u64, Ordering::Relaxed);
    }
}

impl fmt::Debug for DeadLetters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetters")
            .field("unread", &self.inbox.len())
            .field("lost", &self.lost())
            .finish_non_exhaustive()
    }
}

/// The dead letters of the flow are read by somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the flow's dead letters have a reader already: share that one, or drop it first")]
#[non_exhaustive]
pub struct DeadLettersTaken;
