//! Decides what is done about a failed attempt. Pure: no clock, no tasks, no draws.

use crate::llm::error::{LlmErrorKind, Patience};
use std::time::Duration;

/// How often a model is asked again, and how long in between.
///
/// The wait before the n-th retry is drawn between nothing and `initial · factor^(n-1)`, at most `most`: *full jitter*, as
/// [the AWS Architecture Blog](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/) describes it. Where the provider says how
/// long to wait, it is at least that long.
///
/// ```
/// use penguiflow::llm::Retry;
/// use std::time::Duration;
///
/// assert_eq!(Retry::default().retries, 3);
/// assert_eq!(Retry::default().longest(2), Duration::from_secs(2));
/// assert_eq!(Retry::none().retries, 0);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Retry {
    /// How often a model is asked again; 3.
    pub retries: u32,
    /// The longest first wait; 1 s.
    pub initial: Duration,
    /// What each wait is longer than the one before it; 2.
    pub factor: f64,
    /// The longest wait; 30 s.
    pub most: Duration,
    /// The longest wait that a provider is granted; 60 s. Where it asks for more, it is not asked again.
    pub retry_after_max: Duration,
    /// Whether an answer that broke off after some of it was handed on is begun anew, behind a
    /// [`Restart`](crate::llm::ChatEvent::Restart). Not by default: whoever reads the stream has to know what to do about it.
    pub restarts: bool,
}

impl Default for Retry {
    fn default() -> Self {
        let (initial, most) = (Duration::from_secs(1), Duration::from_secs(30));
        Retry { retries: 3, initial, factor: 2.0, most, retry_after_max: Duration::from_secs(60), restarts: false }
    }
}

impl Retry {
    /// A model is asked once.
    #[must_use]
    pub fn none() -> Self {
        Retry { retries: 0, ..Retry::default() }
    }

    /// A model is asked again so often.
    #[must_use]
    pub fn times(retries: u32) -> Self {
        Retry { retries, ..Retry::default() }
    }

    /// With another first wait, and another longest one.
    #[must_use]
    pub fn with_waits(self, initial: Duration, most: Duration) -> Self {
        Retry { initial, most, ..self }
    }

    /// With another longest wait that a provider is granted.
    #[must_use]
    pub fn with_retry_after_max(self, retry_after_max: Duration) -> Self {
        Retry { retry_after_max, ..self }
    }

    /// Begins broken answers anew, also where some of them was handed on.
    #[must_use]
    pub fn with_restarts(self) -> Self {
        Retry { restarts: true, ..self }
    }

    /// The longest wait before the retry of that number, from 1.
    #[must_use]
    pub fn longest(&self, retry: u32) -> Duration {
        let exponent = i32::try_from(retry.saturating_sub(1)).unwrap_or(i32::MAX);
        let grown = self.initial.as_secs_f64() * self.factor.max(1.0).powi(exponent);
        Duration::try_from_secs_f64(grown).unwrap_or(self.most).min(self.most)
    }
}

/// What is done about a failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// The same model is asked again after that long.
    Again(Duration),
    /// Another model is asked, and this one is left alone for that long.
    Next(Option<Duration>),
    /// Nobody is asked again.
    GiveUp,
}

/// What is known when a model has failed.
pub(crate) struct Failed<'a> {
    pub(crate) kind: &'a LlmErrorKind,
    /// How often this model was asked, the failed attempt included.
    pub(crate) tries: u32,
    /// Whether there is another model.
    pub(crate) has_next: bool,
    /// Whether some of the answer was handed on.
    pub(crate) handed_on: bool,
    /// In `[0, 1)`.
    pub(crate) draw: f64,
}

/// Where another model stands in, this one is left alone for as long as its provider asks, or else for `cooldown`.
pub(crate) fn decide(retry: &Retry, cooldown: Duration, failed: &Failed<'_>) -> Verdict {
    if failed.handed_on && !retry.restarts {
        return Verdict::GiveUp;
    }
    let asked = failed.kind.retry_after();
    let cooled = Some(asked.unwrap_or(cooldown));
    match failed.kind {
        // Its neighbour can answer at once.
        LlmErrorKind::RateLimited { .. } if failed.has_next => Verdict::Next(cooled),
        LlmErrorKind::RateLimited { .. }
        | LlmErrorKind::Overloaded { .. }
        | LlmErrorKind::Transport
        | LlmErrorKind::Timeout(Patience::Attempt | Patience::Chunk | Patience::Provider) => {
            let patient = asked.is_none_or(|wait| wait <= retry.retry_after_max);
            if failed.tries <= retry.retries && patient {
                let wait = retry.longest(failed.tries).mul_f64(failed.draw.clamp(0.0, 1.0));
                Verdict::Again(asked.unwrap_or_default().max(wait))
            } else if failed.has_next {
                Verdict::Next(cooled)
            } else {
                Verdict::GiveUp
            }
        }
        // So it will be for a while.
        LlmErrorKind::Auth | LlmErrorKind::OutOfCredit | LlmErrorKind::UnknownModel if failed.has_next => {
            Verdict::Next(cooled)
        }
        // It is this request that the model cannot do.
        LlmErrorKind::ContextLength { .. } | LlmErrorKind::Unsupported if failed.has_next => Verdict::Next(None),
        LlmErrorKind::Auth
        | LlmErrorKind::OutOfCredit
        | LlmErrorKind::UnknownModel
        | LlmErrorKind::ContextLength { .. }
        | LlmErrorKind::Unsupported
        | LlmErrorKind::Refused
        | LlmErrorKind::InvalidRequest { .. }
        | LlmErrorKind::ContentParse
        | LlmErrorKind::TooLarge
        | LlmErrorKind::Cancelled
        | LlmErrorKind::OverBudget(_)
        | LlmErrorKind::Unpriced
        | LlmErrorKind::Timeout(Patience::Total) => Verdict::GiveUp,
    }
}

#[cfg(test)]
mod tests;
