//! What is told of a call of a model. Knows no model, and none of what was said.

use crate::money::Money;
use std::sync::Arc;
use std::time::Duration;

/// A call of a model that is over, with all its attempts: what it took, and no word of what was said.
///
/// What a tenant, a flow or a node has cost is the sum over these events: each stands at its node, and its trace's
/// [`Emit`](crate::EventKind::Emit) tells the tenant.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ModelCall {
    /// Who serves the model, `openai`. Of several that were tried the last one. `model_provider`
    pub provider: Arc<str>,
    /// Its name there, as it was asked for. `model_name`
    pub model: Arc<str>,
    /// The name that answered, where the provider tells: often a dated one. `model_answered`
    pub answered: Option<Arc<str>>,
    /// What all attempts used together, where that is known.
    pub usage: Option<ModelUsage>,
    /// What all attempts cost together; nothing where the price of one is not known. `model_cost_usd`
    pub cost: Option<Money>,
    /// Why the model stopped, `stop`; nothing where the call has failed. `model_finish`
    pub finish: Option<Arc<str>>,
    /// How long it took, with its waits between attempts.
    pub latency: Duration,
    /// How long the first piece of the answer took. `model_first_token_ms`
    pub first_token: Option<Duration>,
    /// How many times a model was asked. `model_attempts`
    pub attempts: u32,
    /// A constant name of what it failed with, `rate_limited`; `cancelled` where nobody wanted the answer any more. `model_error`
    pub error: Option<Arc<str>>,
}

/// How many tokens the call of a model used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelUsage {
    /// Tokens that were read, also those from a cache. `model_input_tokens`
    pub input: u64,
    /// Tokens that were written, also thoughts. `model_output_tokens`
    pub output: u64,
    /// Those of `input` that came from the provider's cache. `model_cached_tokens`
    pub cached: u64,
    /// Those of `input` that were put into it. `model_cache_written_tokens`
    pub cache_written: u64,
    /// Those of `output` that were thoughts. `model_reasoning_tokens`
    pub reasoning: u64,
    /// Whether some of it is an estimate, because a provider told nothing. `model_usage_estimated`
    pub estimated: bool,
}

impl ModelCall {
    /// How it ended, in one constant word: `completed`, or what it failed with.
    pub fn outcome(&self) -> &str {
        self.error.as_deref().unwrap_or("completed")
    }
}
