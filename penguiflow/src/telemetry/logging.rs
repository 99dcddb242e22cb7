//! Sets up log lines, as JSON or for people, by one call. Must not know who writes them.

mod fields;
mod filter;
mod lines;
mod stamp;
mod text;

use crate::clock::Seam;
use filter::Filter;
use lines::{Format, Lines};
use std::fmt;
use std::io::{self, Write};
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Dispatch, Level, Subscriber};
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Log lines of this program: what its flows do, and what its nodes write by `tracing`.
///
/// ```
/// use penguiflow::Logging;
///
/// # fn main() -> Result<(), penguiflow::LoggingError> {
/// Logging::json().init()?;
/// tracing::info!(answer = 42, "ready");
/// // {"timestamp":"2026-11-22T10:00:00.000000Z","level":"INFO","target":"support","message":"ready","answer":42}
/// # Ok(())
/// # }
/// ```
#[doc = include_str!("../../docs/logging.md")]
#[must_use = "nothing is logged before `init`"]
pub struct Logging {
    format: Format,
    filter: Filter,
    out: Lines,
}

impl Logging {
    /// One JSON object a line, for programs.
    pub fn json() -> Self {
        Logging::new(Format::Json { indent: false })
    }

    /// One line for people: time, level, target, message, and the fields behind it.
    pub fn human() -> Self {
        Logging::new(Format::Human)
    }

    fn new(format: Format) -> Self {
        Logging { format, filter: Filter::default(), out: Lines::new(Seam::system(), io::stderr()) }
    }

    /// Writes what matters at least so much, where the environment variable `RUST_LOG` does not say otherwise; by default
    /// `INFO`. A level comes of a word or a number, too: `"debug".parse()?`, `"4".parse()?`.
    pub fn with_level(self, level: Level) -> Self {
        Logging { filter: Filter::Level(level), ..self }
    }

    /// Writes what these directives let through, where `RUST_LOG` does not say otherwise. They are written as there:
    /// `penguiflow=debug,info`.
    pub fn with_filter(self, directives: impl Into<String>) -> Self {
        Logging { filter: Filter::Directives(directives.into()), ..self }
    }

    /// Writes to `out`, and not to the standard error stream. Each line comes in one piece. What cannot be written is lost.
    pub fn with_writer(self, out: impl Write + Send + 'static) -> Self {
        Logging { out: Lines::new(Seam::system(), out), ..self }
    }

    /// Stamps the lines by the clock of `seam`, and not by the system's.
    pub fn with_seam(mut self, seam: Seam) -> Self {
        self.out.stamp_by(seam);
        self
    }

    /// Writes JSON over several lines, for reading it by eye.
    pub fn with_indent(mut self) -> Self {
        if let Format::Json { indent } = &mut self.format {
            *indent = true;
        }
        self
    }

    /// Lets the whole program log so, from now on.
    ///
    /// # Errors
    /// When the program logs already, and when `RUST_LOG` or the filter cannot be read; then nothing has changed.
    pub fn init(self) -> Result<(), LoggingError> {
        Registry::default().with(self.layer()?).try_init().map_err(|_| LoggingError::AlreadySet)
    }

    /// Lets this thread log so until the guard is dropped: for tests.
    ///
    /// ```
    /// use penguiflow::Logging;
    ///
    /// let guard = Logging::human().scoped()?;
    /// tracing::info!("only here");
    /// drop(guard);
    /// # Ok::<(), penguiflow::LoggingError>(())
    /// ```
    ///
    /// # Errors
    /// When `RUST_LOG` or the filter cannot be read.
    pub fn scoped(self) -> Result<ScopedLogging, LoggingError> {
        let second = Dispatch::new(NoSubscriber::new());
        let guard = Registry::default().with(self.layer()?).set_default();
        Ok(ScopedLogging { _guard: guard, _second: second })
    }

    pub(super) fn layer<S>(self) -> Result<impl Layer<S>, LoggingError>
    where
        S: Subscriber + for<'lookup> LookupSpan<'lookup>,
    {
        let Logging { format, filter, out } = self;
        Ok(out.in_format(format).with_filter(filter.read()?))
    }
}

/// Logging of one thread, until it is dropped.
#[derive(Debug)]
#[must_use = "dropping it ends the logging"]
pub struct ScopedLogging {
    _guard: DefaultGuard,
    // While there is one subscriber only, `tracing` asks whichever thread comes first at a line whether anybody wants it, and
    // keeps the answer for all threads.
    _second: Dispatch,
}

impl fmt::Debug for Logging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logging").field("format", &self.format).field("filter", &self.filter).finish_non_exhaustive()
    }
}

/// Why nothing is logged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoggingError {
    /// Something in this program logs already.
    #[error("the program has a subscriber of `tracing` already: call `init` once, at the start of `main`")]
    AlreadySet,
    /// What is to be logged cannot be read.
    #[error(
        "{from}: `{directive}` is no filter: {why}; write a level or target=level, with commas between, as in `penguiflow=debug,info`"
    )]
    Filter {
        /// Where it was written.
        from: &'static str,
        /// The part that cannot be read.
        directive: String,
        /// What is wrong with it.
        why: String,
    },
}
