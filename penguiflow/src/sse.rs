//! Writes server-sent events, as the WHATWG HTML standard reads them. Must not know where they go.

use crate::message::Meta;
use crate::stream::Chunk;
use std::fmt;
use std::time::Duration;

/// Writes a chunk as one event.
///
/// ```
/// use penguiflow::sse;
/// use penguiflow::stream::Chunk;
///
/// let chunk = Chunk::new("2#0", 7, "two\nlines");
/// let frame = "event: chunk\nid: 2#0.7\ndata: {\"stream_id\":\"2#0\",\"seq\":7,\"text\":\"two\\nlines\",\"done\":false,\"meta\":{}}\n\n";
/// assert_eq!(sse::encode(&chunk), frame);
/// ```
///
/// | field | what it is |
/// |---|---|
/// | `event` | `chunk`, and `done` for the last one of a stream, also of one that was left unfinished |
/// | `id` | the stream and the number, `2#0.7`; `2#0~3.7` in attempt 3. No two chunks of a trace share one |
/// | `data` | the chunk as one line of JSON, as [`Chunk::to_ws_json`] writes it: so line breaks of any kind survive, and meta is told apart from text |
///
/// For another event name or a `retry`, start with [`Event::of`].
#[must_use]
pub fn encode(chunk: &Chunk) -> String {
    Event::of(chunk).to_string()
}

/// Writes a comment, which clients skip: a ping that keeps the connection open.
///
/// ```
/// assert_eq!(penguiflow::sse::comment("ping"), ": ping\n\n");
/// ```
#[must_use]
pub fn comment(text: &str) -> String {
    let mut frame = String::new();
    lines(text).for_each(|line| push(&mut frame, "", line));
    frame.push('\n');
    frame
}

/// One event. Its `Display` is what goes over the wire, with the empty line behind it.
///
/// ```
/// use penguiflow::clock::secs;
/// use penguiflow::sse::Event;
///
/// let event = Event::new("a poem\r\nof two lines").with_event("poem")?.with_retry(secs(3));
/// assert_eq!(event.to_string(), "event: poem\nretry: 3000\ndata: a poem\ndata: of two lines\n\n");
/// # Ok::<(), penguiflow::sse::FieldError>(())
/// ```
///
/// Each line of the data gets a `data:` of its own, so none can end the event. A client joins them with `\n`, whatever they
/// were separated by: where that matters, send JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    event: Option<String>,
    id: Option<String>,
    retry: Option<Duration>,
    data: String,
}

impl Event {
    /// An event of this data, without a name and an id.
    #[must_use]
    pub fn new(data: impl Into<String>) -> Self {
        Event { event: None, id: None, retry: None, data: data.into() }
    }

    /// A chunk as an event, see [`encode`]. Control characters in the id of its stream, which no stream of a flow has, are
    /// left out.
    #[must_use]
    pub fn of(chunk: &Chunk) -> Self {
        let name = if chunk.done { "done" } else { "chunk" };
        let id = format!("{}.{}", chunk.stream, chunk.seq).replace(char::is_control, "");
        let data = chunk.to_ws_json(&Meta::default());
        Event { event: Some(name.to_owned()), id: Some(id), retry: None, data }
    }

    /// Names the event: what a client listens for. Without a name it is a `message`.
    ///
    /// # Errors
    /// [`FieldError`] for a name with a line break or a NUL in it.
    pub fn with_event(mut self, name: impl Into<String>) -> Result<Self, FieldError> {
        self.event = Some(on_one_line("event", name.into())?);
        Ok(self)
    }

    /// Gives the event an id: what a client that connects again tells as the last one it has seen.
    ///
    /// # Errors
    /// [`FieldError`] for an id with a line break or a NUL in it.
    pub fn with_id(mut self, id: impl Into<String>) -> Result<Self, FieldError> {
        self.id = Some(on_one_line("id", id.into())?);
        Ok(self)
    }

    /// Tells the client how long to wait before it connects again, in whole milliseconds.
    #[must_use]
    pub fn with_retry(mut self, retry: Duration) -> Self {
        self.retry = Some(retry);
        self
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut frame = String::with_capacity(self.data.len() + 64);
        let fields = [("event", &self.event), ("id", &self.id)];
        fields.into_iter().for_each(|(name, value)| value.iter().for_each(|value| push(&mut frame, name, value)));
        self.retry.iter().for_each(|retry| push(&mut frame, "retry", &retry.as_millis().to_string()));
        lines(&self.data).for_each(|line| push(&mut frame, "data", line));
        frame.push('\n');
        f.write_str(&frame)
    }
}

/// A field of an event that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the `{field}` of a server-sent event stands on one line and has no NUL, but this one is {value:?}")]
#[non_exhaustive]
pub struct FieldError {
    /// The field, `event` or `id`.
    pub field: &'static str,
    /// What it was to be.
    pub value: String,
}

fn on_one_line(field: &'static str, value: String) -> Result<String, FieldError> {
    if value.contains(['\n', '\r', '\0']) { Err(FieldError { field, value }) } else { Ok(value) }
}

/// Writes one line. A client takes one space behind the colon away, so a value that begins with one keeps it.
fn push(frame: &mut String, field: &str, value: &str) {
    [field, ": ", value, "\n"].iter().for_each(|part| frame.push_str(part));
}

/// The lines of a text. `\r\n`, `\n` and `\r` end one; unlike with `str::lines`, an empty one behind the last break counts.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(['\r', '\n']) else { return rest.take() };
        let wide = if text[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[at + wide..]);
        Some(&text[..at])
    })
}
