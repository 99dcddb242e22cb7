//! A transport that records what goes over the network, and plays it again. Must not know a provider's format.

mod diff;
pub(crate) mod error;
mod mode;
mod play;
mod record;
mod redact;
mod tape;

use crate::clock::Seam;
use crate::llm::cassette::error::CassetteError;
use crate::llm::cassette::mode::{Mode, SWITCH, chosen};
use crate::llm::cassette::play::Deck;
use crate::llm::cassette::record::Recording;
use crate::llm::error::LlmError;
use crate::llm::transport::{HttpReply, HttpRequest, Transport};
use crate::secret::Secret;
use futures_util::future::{BoxFuture, FutureExt as _};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Stands between a model and the network: records each exchange into a file once, and plays them from there in each test run, without
/// a key and without a cost.
///
/// ```
/// use futures_util::future::{BoxFuture, FutureExt};
/// use futures_util::stream::{self, StreamExt};
/// use penguiflow::llm::{Cassette, Headers, HttpReply, HttpRequest, LlmError, Transport};
/// use serde_json::json;
///
/// /// In the place of the network.
/// struct Server;
/// impl Transport for Server {
///     fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
///         let body = stream::iter([Ok(b"{\"answer\":\"krill\"}".to_vec())]).boxed();
///         async { Ok(HttpReply::new(200, Headers::default(), body)) }.boxed()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let file = std::env::temp_dir().join(format!("cassette-{}.json", std::process::id()));
/// let ask = || HttpRequest::json("https://example.org/chat", &json!({ "question": "What do penguins eat?" }))
///     .with_secret("authorization", "Bearer sk-123456".into());
///
/// let recording = Cassette::record(&file, Server)?;
/// let reply = recording.send(ask()).await?;
/// assert_eq!(reply.body.count().await, 1); // the exchange is written down once its body was read
/// assert!(!std::fs::read_to_string(&file)?.contains("sk-123456"));
///
/// let replayed = Cassette::replay(&file)?;
/// let reply = replayed.send(ask()).await?;
/// assert_eq!(reply.status, 200);
/// replayed.assert_all_used();
/// # std::fs::remove_file(file)?;
/// # Ok(())
/// # }
/// ```
///
/// # What is written
/// Readable JSON, one object for each exchange: the URL, the headers and the body of the request, the body as JSON; the status, the headers and
/// the pieces of the reply, cut as they came, each with the milliseconds before it. What is text stands as text, other bytes
/// as base64. The file is written anew at the end of each exchange: into one beside it that then takes its place, so there is never
/// half a file. An exchange ends when its body was read to the end, when it breaks, or when the caller drops it before that; the two
/// latter are recorded as they were, and replayed so: what came, then an error of the kind
/// [`Transport`](crate::llm::LlmErrorKind::Transport) or the one that it broke with.
///
/// # What is not written
/// A [secret](crate::llm::HeaderText::Secret) never is. Wherever its text stands in the URL, the body or the reply, `[redacted]` is
/// written, also where it is cut in two, written for a URL or escaped for JSON. The same for headers that name a key, a token, a cookie
/// or an organisation, and for secrets of fewer than four bytes in their headers alone. `traceparent` is left out. What else is in a
/// prompt or an answer **is written**: look a cassette through before it is shared, and name more with
/// [`redacting`](Cassette::redacting).
///
/// # What is compared
/// The method, the URL and the body, as JSON where it is some: the order of its keys does not matter. Headers are not compared, so a
/// replay needs no key, or any; where a key stands in the URL, it needs one of four bytes or more. A request that was not recorded so is an error of the kind
/// [`InvalidRequest`](crate::llm::LlmErrorKind::InvalidRequest) whose source is a [`CassetteError`]; it shows what differs.
///
/// *Limits*: a reply has at most 64 MiB, and a file 256 MiB.
///
/// *Blocking*: the file is written by the task that reads the body. This is for tests and for tracking down a fault, not for production.
///
/// *Cancel safety*: a request that is dropped is recorded as cut.
#[derive(Clone)]
#[must_use = "it is used in the place of a transport"]
pub struct Cassette {
    side: Side,
    seam: Seam,
    waiting: bool,
    by_order: bool,
    secrets: Arc<[Secret]>,
}

#[derive(Clone)]
enum Side {
    Record { inner: Arc<dyn Transport>, recording: Arc<Recording> },
    Replay(Arc<Deck>),
}

impl Cassette {
    /// Sends requests by `inner`, and writes each exchange into the file at `path`, which begins anew.
    ///
    /// # Errors
    /// [`CassetteError::Write`] where the folder cannot be made or written to. When an exchange cannot be written later on, its body ends with
    /// an error, and so does each request behind it.
    pub fn record(path: impl AsRef<Path>, inner: impl Transport) -> Result<Self, CassetteError> {
        let recording = Arc::new(Recording::new(path.as_ref())?);
        Ok(Self::of(Side::Record { inner: Arc::new(inner), recording }))
    }

    /// Answers from the file at `path`: each request has to be the next one that was recorded. No network is touched.
    ///
    /// # Errors
    /// [`CassetteError`] where there is no such file, or it is no cassette.
    pub fn replay(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        Ok(Self::of(Side::Replay(Arc::new(Deck::new(path.as_ref())?))))
    }

    /// Replays the file at `path` if there is one, else records it by `inner`.
    ///
    /// The environment may say otherwise: with `PENGUIFLOW_CASSETTES=record` it is recorded anew, with `PENGUIFLOW_CASSETTES=replay` a
    /// missing file is an error. Let CI say `replay`: so no test of it ever touches the network because somebody forgot to add a
    /// file.
    ///
    /// # Errors
    /// As [`record`](Cassette::record) and [`replay`](Cassette::replay), and [`CassetteError::Mode`] where the variable says something else.
    pub fn auto(path: impl AsRef<Path>, inner: impl Transport) -> Result<Self, CassetteError> {
        match chosen(std::env::var_os(SWITCH).as_deref(), path.as_ref().exists())? {
            Mode::Record => Self::record(path, inner),
            Mode::Replay => Self::replay(path),
        }
    }

    fn of(side: Side) -> Self {
        Cassette { side, seam: Seam::system(), waiting: true, by_order: true, secrets: Arc::default() }
    }

    /// Replays for each request the first recorded one that is the same and was not played yet, in whatever order they come: for
    /// requests of branches that run side by side. Recording does not change.
    pub fn best_match(self) -> Self {
        Cassette { by_order: false, ..self }
    }

    /// Replays each piece at once. Without this, a piece comes as late as it came: in no time where tokio's clock is paused.
    pub fn without_waiting(self) -> Self {
        Cassette { waiting: false, ..self }
    }

    /// Takes the time from this seam, where it is not the system's.
    pub fn on(self, seam: Seam) -> Self {
        Cassette { seam, ..self }
    }

    /// Treats this text as a secret, too, wherever it stands.
    pub fn redacting(mut self, secret: impl Into<Secret>) -> Self {
        self.secrets = self.secrets.iter().cloned().chain([secret.into()]).collect();
        self
    }

    /// Whether it records.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        matches!(self.side, Side::Record { .. })
    }

    /// How many exchanges are in it: those that are written down, or those of the file.
    #[must_use]
    pub fn exchanges(&self) -> usize {
        match &self.side {
            Side::Record { recording, .. } => recording.written(),
            Side::Replay(deck) => deck.len(),
        }
    }

    /// Tells whether all that ended so far is in the file.
    ///
    /// # Errors
    /// [`CassetteError::Write`] where an exchange could not be written: also one that was cut, whose caller can be told nothing.
    pub fn check(&self) -> Result<(), CassetteError> {
        match &self.side {
            Side::Record { recording, .. } => recording.check(),
            Side::Replay(_) => Ok(()),
        }
    }

    /// Asserts that each recorded exchange was played, or, while it records, that each could be written.
    ///
    /// # Panics
    /// Where that is not so, with the requests that nobody sent.
    #[track_caller]
    pub fn assert_all_used(&self) {
        let failed = self.check().err();
        assert!(failed.is_none(), "{}", failed.map_or_else(String::new, |error| error.to_string()));
        if let Side::Replay(deck) = &self.side {
            let left = deck.unused();
            assert!(left.is_empty(), "{}: not all of it was asked for:\n{}", deck.path().display(), left.join("\n"));
        }
    }
}

impl Transport for Cassette {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        let Cassette { seam, waiting, by_order, secrets, .. } = self.clone();
        match self.side.clone() {
            Side::Record { inner, recording } => record::send(recording, inner, request, secrets, seam).boxed(),
            Side::Replay(deck) => async move {
                let exchange = deck.take(&request, &secrets, by_order)?;
                play::play(exchange, seam, waiting, deck.path()).await
            }
            .boxed(),
        }
    }
}

impl fmt::Debug for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match &self.side {
            Side::Record { recording, .. } => recording.path(),
            Side::Replay(deck) => deck.path(),
        };
        let (recording, exchanges) = (self.is_recording(), self.exchanges());
        let mut shown = f.debug_struct("Cassette");
        shown.field("path", &path).field("recording", &recording).field("exchanges", &exchanges).finish_non_exhaustive()
    }
}
