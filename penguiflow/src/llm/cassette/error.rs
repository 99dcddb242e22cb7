//! Why a cassette cannot be used. Must not know how it is written.

use crate::llm::error::{LlmError, LlmErrorKind};
use std::fmt;
use std::io;
use std::path::PathBuf;

/// How it is recorded again, in the words of each error.
const AGAIN: &str =
    "to record it again, run with PENGUIFLOW_CASSETTES=record and a key, if it is opened by `Cassette::auto`";

/// Why a [`Cassette`](crate::llm::Cassette) cannot be used, or has no answer.
///
/// A request that has none fails with an [`LlmError`] whose source is this:
///
/// ```
/// use penguiflow::llm::{CassetteError, LlmError};
/// use std::error::Error;
///
/// fn what_changed(error: &LlmError) -> Vec<String> {
///     match error.source().and_then(|source| source.downcast_ref()) {
///         Some(CassetteError::Changed { differences, .. }) => differences.iter().map(|one| one.path.clone()).collect(),
///         _ => Vec::new(),
///     }
/// }
/// # let missing = CassetteError::Missing { path: "chat.json".into() };
/// # assert!(what_changed(&missing.into()).is_empty());
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CassetteError {
    /// There is no file to replay.
    #[error("cassette {} is not there: {AGAIN}", .path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file could not be read.
    #[error("cassette {} could not be read: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file could not be written. What stood there before still stands there.
    #[error("cassette {} could not be written: {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{} is no cassette: {source}", .path.display())]
    NotCassette {
        /// The file.
        path: PathBuf,
        /// What serde says of it.
        source: serde_json::Error,
    },
    /// The file was written by another version of the format.
    #[error("cassette {} has version {found} of the format, and this build reads {known}: {AGAIN}", .path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The one that is known here.
        known: u64,
    },
    /// The environment says neither to record nor to replay.
    #[error("PENGUIFLOW_CASSETTES is `{found}`: write `record` or `replay`, or leave it out")]
    Mode {
        /// What it says.
        found: String,
    },
    /// The request is not the one that was recorded.
    #[error(
        "cassette {}: request {number} of {of} is not the one that was recorded\n{}{AGAIN}", .path.display(), lines(.differences)
    )]
    Changed {
        /// The file.
        path: PathBuf,
        /// The exchange that it was compared with, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// What differs; the first twenty.
        differences: Vec<Difference>,
    },
    /// All exchanges were played, or all that are the same as the request.
    #[error("cassette {}: all that fits of its {of} exchanges was played already, and {url} is asked once more: {AGAIN}", .path.display())]
    UsedUp {
        /// The file.
        path: PathBuf,
        /// How many exchanges there are.
        of: usize,
        /// Where the request goes.
        url: String,
    },
}

/// One thing in which a request differs from the recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Where: `url`, or a path into the body, `body.messages[0].content`.
    pub path: String,
    /// What was recorded; nothing where it is new. Shortened.
    pub recorded: Option<String>,
    /// What was asked; nothing where it is gone. Shortened.
    pub asked: Option<String>,
}

/// Three lines: where, what was recorded, what was asked.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { path, recorded, asked } = self;
        let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "(nothing)".to_owned());
        write!(f, "  {path}\n    recorded: {}\n    asked:    {}", shown(recorded), shown(asked))
    }
}

fn lines(differences: &[Difference]) -> String {
    differences.iter().map(|difference| format!("{difference}\n")).collect()
}

/// No kind that another attempt or another model would be tried for: the test or its cassette is wrong.
impl From<CassetteError> for LlmError {
    fn from(error: CassetteError) -> Self {
        let message = error.to_string();
        LlmError::new(LlmErrorKind::InvalidRequest { field: None }, message).with_source(error)
    }
}
