//! What a stream is made of: chunks, and the pieces that become chunks. Must not know who sends or reads them.

use crate::message::Meta;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod piece;
mod stream_id;

pub use piece::{Next, Piece};
pub use stream_id::StreamId;

/// One piece of a stream, as its reader gets it.
///
/// Chunks of one stream are numbered 0, 1, 2 … without a gap, and the last one says `done`; a stream that its writer left
/// unfinished ends with a chunk that says `aborted` as well. A node that is tried again writes the same stream from 0 as
/// another [attempt](StreamId::attempt), which is another [`StreamId`].
///
/// ```
/// use penguiflow::stream::Chunk;
///
/// let chunk = Chunk::new("answer", 0, "warm");
/// assert!(!chunk.done && !chunk.aborted && chunk.meta.is_empty());
/// let written = r#"{"stream_id":"answer","seq":0,"text":"warm","done":false,"meta":{}}"#;
/// assert_eq!(serde_json::to_string(&chunk)?, written);
/// assert_eq!(serde_json::from_str::<Chunk>(r#"{"stream_id":"answer","seq":0,"text":"warm"}"#)?, chunk);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Its written form is what `stream_id`, `seq`, `text`, `done` and `meta` show above, and where they say something,
/// `name` (the stream has another name than its id), `attempt` (from 2 on) and `aborted` (if so).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chunk {
    /// Which stream it belongs to.
    pub stream: StreamId,
    /// Its number in the stream, from 0.
    pub seq: u64,
    /// The text; empty where only the end is told.
    pub text: String,
    /// Whether it is the stream's last one.
    pub done: bool,
    /// Whether the stream was left unfinished: the node failed, was dropped, or left its writer without finishing it. Then
    /// it is `done` as well.
    pub aborted: bool,
    /// Free entries of this chunk. The message's own meta is not among them.
    pub meta: Meta,
}

impl Chunk {
    /// A chunk that is not the last one.
    #[must_use]
    pub fn new(stream: impl Into<StreamId>, seq: u64, text: impl Into<String>) -> Self {
        let (stream, text) = (stream.into(), text.into());
        Chunk { stream, seq, text, done: false, aborted: false, meta: Meta::default() }
    }

    /// What tells that the stream was left unfinished before `seq`.
    pub(crate) fn unfinished(stream: StreamId, seq: u64) -> Self {
        Chunk { done: true, aborted: true, ..Chunk::new(stream, seq, "") }
    }

    /// Writes the chunk as one line of JSON with the entries of `extra` beside its own: a message of a WebSocket.
    ///
    /// No line break is left in it, and what is not ASCII stays as it is. An entry that is called like a field of the chunk
    /// is left out.
    ///
    /// ```
    /// use penguiflow::Meta;
    /// use penguiflow::stream::Chunk;
    ///
    /// let extra = Meta::from_iter([("session", "s-1"), ("text", "no")]);
    /// let message = Chunk::new("answer", 7, "ça\nva").to_ws_json(&extra);
    /// assert_eq!(message, r#"{"stream_id":"answer","seq":7,"text":"ça\nva","done":false,"meta":{},"session":"s-1"}"#);
    /// ```
    #[must_use]
    pub fn to_ws_json(&self, extra: &Meta) -> String {
        let extra = Extra(extra);
        // Text, numbers and maps by text: nothing in it that JSON cannot write.
        serde_json::to_string(&Wide { chunk: self, extra }).unwrap_or_default()
    }
}

/// The written form.
#[derive(Serialize)]
struct Written<'a> {
    stream_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "is_first")]
    attempt: u32,
    seq: u64,
    text: &'a str,
    done: bool,
    #[serde(skip_serializing_if = "is_not")]
    aborted: bool,
    meta: &'a Meta,
}

/// What is read; other fields are somebody else's.
#[derive(Deserialize)]
struct Read {
    stream_id: String,
    name: Option<String>,
    #[serde(default = "first")]
    attempt: u32,
    seq: u64,
    text: String,
    #[serde(default)]
    done: bool,
    #[serde(default)]
    aborted: bool,
    #[serde(default)]
    meta: Meta,
}

/// The fields of both.
const FIELDS: [&str; 8] = ["stream_id", "name", "attempt", "seq", "text", "done", "aborted", "meta"];

impl Serialize for Chunk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Chunk { stream, seq, text, done, aborted, meta } = self;
        let (stream_id, attempt) = (stream.id(), stream.attempt());
        let name = Some(stream.name()).filter(|name| *name != stream_id);
        Written { stream_id, name, attempt, seq: *seq, text, done: *done, aborted: *aborted, meta }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Chunk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { stream_id, name, attempt, seq, text, done, aborted, meta } = Read::deserialize(deserializer)?;
        let name = name.unwrap_or_else(|| stream_id.clone());
        let stream = StreamId::of_attempt(stream_id, name, attempt);
        Ok(Chunk { stream, seq, text, done: done || aborted, aborted, meta })
    }
}

/// A chunk with entries beside its own.
#[derive(Serialize)]
struct Wide<'a> {
    #[serde(flatten)]
    chunk: &'a Chunk,
    #[serde(flatten)]
    extra: Extra<'a>,
}

struct Extra<'a>(&'a Meta);

impl Serialize for Extra<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().filter(|(key, _)| !FIELDS.contains(key)))
    }
}

fn first() -> u32 {
    1
}

fn is_first(attempt: &u32) -> bool {
    *attempt == first()
}

fn is_not(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests;
