//! How much a call used, and how it ended. Must not know prices.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How many tokens a call used, as the provider counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens that were read, also those from a cache.
    pub input: u64,
    /// Tokens that were written, also thoughts.
    pub output: u64,
    /// Those of [`input`](Usage::input) that came from the provider's cache.
    #[serde(default)]
    pub cached: u64,
    /// Those of [`input`](Usage::input) that were put into the provider's cache.
    #[serde(default)]
    pub cache_written: u64,
    /// Those of [`cache_written`](Usage::cache_written) that are kept for an hour, where that has a price of its own.
    #[serde(default)]
    pub cache_written_hour: u64,
    /// Those of [`output`](Usage::output) that were thoughts.
    #[serde(default)]
    pub reasoning: u64,
    /// Whether this is our estimate, because the provider told nothing.
    #[serde(default)]
    pub estimated: bool,
}

impl Usage {
    /// So many tokens read and written.
    #[must_use]
    pub const fn new(input: u64, output: u64) -> Self {
        Usage { input, output, cached: 0, cache_written: 0, cache_written_hour: 0, reasoning: 0, estimated: false }
    }

    /// With so many of the read ones from the provider's cache, and so many put into it.
    #[must_use]
    pub const fn with_cached(self, cached: u64, cache_written: u64) -> Self {
        Usage { cached, cache_written, ..self }
    }

    /// With so many of those that were put into the cache for an hour.
    #[must_use]
    pub const fn with_cached_for_an_hour(self, cache_written_hour: u64) -> Self {
        Usage { cache_written_hour, ..self }
    }

    /// With so many thoughts among the written ones.
    #[must_use]
    pub const fn with_reasoning(self, reasoning: u64) -> Self {
        Usage { reasoning, ..self }
    }

    /// As an estimate.
    #[must_use]
    pub const fn as_estimate(self) -> Self {
        Usage { estimated: true, ..self }
    }

    /// All tokens.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }
}

/// An estimate anywhere makes the sum one.
impl std::ops::Add for Usage {
    type Output = Usage;

    fn add(self, other: Usage) -> Usage {
        Usage {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
            cached: self.cached.saturating_add(other.cached),
            cache_written: self.cache_written.saturating_add(other.cache_written),
            cache_written_hour: self.cache_written_hour.saturating_add(other.cache_written_hour),
            reasoning: self.reasoning.saturating_add(other.reasoning),
            estimated: self.estimated || other.estimated,
        }
    }
}

/// Why a model stopped writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finish {
    /// It had said all, or came to a stop word.
    Stop,
    /// It asks for tools.
    ToolCalls,
    /// It came to the limit of tokens: the answer is cut off.
    Length,
    /// It will not answer.
    Refusal,
    /// The provider took the answer away.
    ContentFilter,
    /// What else the provider says.
    Other(String),
}

impl fmt::Display for Finish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Finish::Stop => "stop",
            Finish::ToolCalls => "tool_calls",
            Finish::Length => "length",
            Finish::Refusal => "refusal",
            Finish::ContentFilter => "content_filter",
            Finish::Other(word) => word,
        })
    }
}
