//! Names a stream of a trace. Must not know what flows through it.

use std::fmt;
use std::sync::Arc;

/// Which stream of its trace a chunk belongs to. Cheap to clone; equal for the chunks of one writer and for no others, so it
/// makes a good key of a map that keeps streams apart.
///
/// ```
/// use penguiflow::stream::{Chunk, StreamId};
/// use std::collections::HashMap;
///
/// fn collect(chunks: impl IntoIterator<Item = Chunk>) -> HashMap<StreamId, String> {
///     let mut texts = HashMap::<_, String>::new();
///     for chunk in chunks {
///         texts.entry(chunk.stream).or_default().push_str(&chunk.text);
///     }
///     texts
/// }
/// let texts = collect([Chunk::new("a", 0, "pen"), Chunk::new("b", 0, "krill"), Chunk::new("a", 1, "guin")]);
/// assert_eq!(texts[&StreamId::new("a")], "penguin");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StreamId(Arc<Names>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Names {
    id: Box<str>,
    name: Box<str>,
    attempt: u32,
}

impl StreamId {
    /// A stream by the id `id`, in the first attempt, and without another name. For programs that read chunks which others
    /// wrote; a node gets its own by [`Ctx::stream`](crate::Ctx::stream).
    #[must_use]
    pub fn new(id: impl Into<Box<str>>) -> Self {
        let id = id.into();
        StreamId::of_attempt(id.clone(), id, 1)
    }

    pub(crate) fn of_attempt(id: impl Into<Box<str>>, name: impl Into<Box<str>>, attempt: u32) -> Self {
        StreamId(Arc::new(Names { id: id.into(), name: name.into(), attempt }))
    }

    /// The id: the [place](crate::Ctx::place) of the node that writes, then `#`, then the number of the writer in that node
    /// run, from 0. `2[1]/0#0` is the first stream that map item 1 of step 2 opens. The same in each trace and in each
    /// attempt that takes the same way.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// What the node calls the stream.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The attempt of the node that writes, from 1. What a later attempt writes stands instead of what an earlier one wrote.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }
}

/// The id, and from the second attempt on the attempt: `5#0`, `5#0~2`.
impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.attempt {
            1 => f.write_str(&self.0.id),
            attempt => write!(f, "{}~{attempt}", self.0.id),
        }
    }
}

impl From<&str> for StreamId {
    fn from(id: &str) -> Self {
        StreamId::new(id)
    }
}

impl From<String> for StreamId {
    fn from(id: String) -> Self {
        StreamId::new(id)
    }
}
