//! What a writer is given: text with its entries, before it has a number. Must not know to which stream it goes.

use crate::message::Meta;
use serde_json::Value;
use std::sync::Arc;

/// What becomes one chunk: text, and free entries beside it.
///
/// ```
/// use penguiflow::stream::Piece;
///
/// let piece = Piece::new("warm").with_meta("logprob", -0.2);
/// assert_eq!((piece.text(), piece.meta().len()), ("warm", 1));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    pub(crate) text: String,
    pub(crate) meta: Meta,
}

impl Piece {
    /// A text without entries.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Piece { text: text.into(), meta: Meta::default() }
    }

    /// No text, only entries: what comes with the end of a stream.
    #[must_use]
    pub fn of_meta(meta: Meta) -> Self {
        Piece { text: String::new(), meta }
    }

    /// Adds an entry; one of the same key is replaced.
    #[must_use]
    pub fn with_meta(mut self, key: impl Into<Arc<str>>, value: impl Into<Value>) -> Self {
        self.meta.insert(key, value);
        self
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The entries.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Piece::new(text)
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Piece::new(text)
    }
}

/// What an adapter of [`forward`](crate::StreamWriter::forward) makes of an event of its source. Text and pieces turn into
/// `More`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a stream goes on or ends")]
pub enum Next {
    /// A piece, and the source goes on.
    More(Piece),
    /// The last piece. The source is not asked again.
    Last(Piece),
}

impl<P: Into<Piece>> From<P> for Next {
    fn from(piece: P) -> Self {
        Next::More(piece.into())
    }
}
