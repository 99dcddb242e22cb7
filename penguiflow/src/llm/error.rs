//! How the call of a model fails. Must not know which bytes told it.

use crate::error::{BoxError, Classify, ErrorClass, Limit};
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LlmErrorKind {
    /// It took too long.
    Timeout(Patience),
    /// The provider wants fewer requests or fewer tokens in this time.
    RateLimited {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The provider has too much to do, or is broken.
    Overloaded {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The key is missing, wrong, or not allowed to do this.
    Auth,
    /// The account has no money left. Waiting does not help.
    OutOfCredit,
    /// The conversation is longer than the model can read.
    ContextLength {
        /// How many tokens it can read.
        limit: Option<u64>,
        /// How many there were.
        asked: Option<u64>,
    },
    /// The model or its provider will not answer this.
    Refused,
    /// The request is wrong: asking again would fail again.
    InvalidRequest {
        /// The field that is wrong, where the provider tells.
        field: Option<String>,
    },
    /// There is no such model, or not for this key.
    UnknownModel,
    /// The model, as far as it is known, cannot do what the request asks for.
    Unsupported,
    /// What the provider sent is not what its format says, or the answer is not the value that was asked for.
    ContentParse,
    /// The answer is larger than the [limit](crate::llm::Timeouts).
    TooLarge,
    /// Whoever asked does not want the answer any more.
    Cancelled,
    /// The connection could not be made, or broke.
    Transport,
    /// The trace's budget has not as much left as the call may cost.
    OverBudget(Limit),
    /// A budget is set, and what the call costs at most cannot be told.
    Unpriced,
}

/// Which patience came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Patience {
    /// That for the whole call, with all its attempts.
    Total,
    /// That for one attempt.
    Attempt,
    /// That for the next piece of an answer.
    Chunk,
    /// The provider's own.
    Provider,
}

impl LlmErrorKind {
    /// A constant name, for figures and logs: also the `error.type` of spans.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            LlmErrorKind::Timeout(_) => "timeout",
            LlmErrorKind::RateLimited { .. } => "rate_limited",
            LlmErrorKind::Overloaded { .. } => "overloaded",
            LlmErrorKind::Auth => "auth",
            LlmErrorKind::OutOfCredit => "out_of_credit",
            LlmErrorKind::ContextLength { .. } => "context_length",
            LlmErrorKind::Refused => "refused",
            LlmErrorKind::InvalidRequest { .. } => "invalid_request",
            LlmErrorKind::UnknownModel => "unknown_model",
            LlmErrorKind::Unsupported => "unsupported",
            LlmErrorKind::ContentParse => "content_parse",
            LlmErrorKind::TooLarge => "too_large",
            LlmErrorKind::Cancelled => "cancelled",
            LlmErrorKind::Transport => "transport",
            LlmErrorKind::OverBudget(_) => "over_budget",
            LlmErrorKind::Unpriced => "unpriced",
        }
    }

    /// Whether the same request may succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            LlmErrorKind::Timeout(patience) => *patience != Patience::Total,
            LlmErrorKind::RateLimited { .. } | LlmErrorKind::Overloaded { .. } | LlmErrorKind::Transport => true,
            LlmErrorKind::Auth
            | LlmErrorKind::OutOfCredit
            | LlmErrorKind::ContextLength { .. }
            | LlmErrorKind::Refused
            | LlmErrorKind::InvalidRequest { .. }
            | LlmErrorKind::UnknownModel
            | LlmErrorKind::Unsupported
            | LlmErrorKind::ContentParse
            | LlmErrorKind::TooLarge
            | LlmErrorKind::Cancelled
            | LlmErrorKind::OverBudget(_)
            | LlmErrorKind::Unpriced => false,
        }
    }

    /// How long the provider asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            LlmErrorKind::RateLimited { retry_after } | LlmErrorKind::Overloaded { retry_after } => *retry_after,
            _ => None,
        }
    }

    fn words(&self) -> &'static str {
        match self {
            LlmErrorKind::Timeout(Patience::Total) => "took longer than the whole call may",
            LlmErrorKind::Timeout(Patience::Attempt) => "took longer than an attempt may",
            LlmErrorKind::Timeout(Patience::Chunk) => "told nothing for longer than it may",
            LlmErrorKind::Timeout(Patience::Provider) => "timed out at the provider",
            LlmErrorKind::RateLimited { .. } => "rate limited",
            LlmErrorKind::Overloaded { .. } => "overloaded",
            LlmErrorKind::Auth => "the key was not accepted",
            LlmErrorKind::OutOfCredit => "the account has no credit left",
            LlmErrorKind::ContextLength { .. } => "the conversation is longer than the model can read",
            LlmErrorKind::Refused => "refused",
            LlmErrorKind::InvalidRequest { .. } => "invalid request",
            LlmErrorKind::UnknownModel => "unknown model",
            LlmErrorKind::Unsupported => "not supported",
            LlmErrorKind::ContentParse => "the answer could not be read",
            LlmErrorKind::TooLarge => "the answer is too large",
            LlmErrorKind::Cancelled => "cancelled",
            LlmErrorKind::Transport => "the connection failed",
            LlmErrorKind::OverBudget(_) => "over budget",
            LlmErrorKind::Unpriced => "the cost of the call is not known",
        }
    }
}

/// A call of a model that failed.
///
/// Prints as `openai/gpt-4o: rate limited (429, request req_1), asks to wait 3 s: slow down`. A key is never part of it.
///
/// ```
/// use penguiflow::llm::{LlmError, LlmErrorKind};
///
/// let error = LlmError::new(LlmErrorKind::Auth, "no key").of("openai/gpt-4o").with_status(401);
/// assert_eq!(error.to_string(), "openai/gpt-4o: the key was not accepted (401): no key");
/// ```
///
/// A node that returns it with `?` is retried only where the [kind](LlmErrorKind::is_transient) says that this may help, and not before
/// the provider wants it: it implements [`Classify`].
pub struct LlmError {
    inner: Box<Inner>,
}

struct Inner {
    kind: LlmErrorKind,
    message: String,
    model: Option<String>,
    status: Option<u16>,
    request_id: Option<String>,
    content: Option<String>,
    source: Option<BoxError>,
    unsent: bool,
}

impl LlmError {
    /// A failure of that kind; the message says what a person would want to know, and no secret.
    #[must_use]
    pub fn new(kind: LlmErrorKind, message: impl Into<String>) -> Self {
        let (message, model, status, request_id) = (message.into(), None, None, None);
        let (content, source, unsent) = (None, None, false);
        LlmError { inner: Box::new(Inner { kind, message, model, status, request_id, content, source, unsent }) }
    }

    /// Says which model it was, as `provider/model`, unless it is known already.
    #[must_use]
    pub fn of(mut self, model: impl Into<String>) -> Self {
        self.inner.model.get_or_insert_with(|| model.into());
        self
    }

    /// With the status of the HTTP reply.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.inner.status = Some(status);
        self
    }

    /// With the provider's name for the request, which its support asks for.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.inner.request_id = Some(id.into());
        self
    }

    /// With what the model wrote.
    #[must_use]
    pub fn with_content(mut self, content: impl Into<String>) -> Self {
        self.inner.content = Some(content.into());
        self
    }

    /// Says that nothing was sent, so that nothing can have been charged.
    #[must_use]
    pub fn unsent(mut self) -> Self {
        self.inner.unsent = true;
        self
    }

    /// With what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &LlmErrorKind {
        &self.inner.kind
    }

    /// What the provider said about it, or we.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The model, as `provider/model`.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.inner.model.as_deref()
    }

    /// The status of the HTTP reply.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.inner.status
    }

    /// The provider's name for the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// What the model wrote, where that is what could not be read. It is no part of the printed error.
    #[must_use]
    pub fn content(&self) -> Option<&str> {
        self.inner.content.as_deref()
    }

    /// Whether it is certain that the provider charges nothing for it: nothing was sent, or it said no before it began.
    #[must_use]
    pub fn is_free(&self) -> bool {
        match self.inner.kind {
            LlmErrorKind::RateLimited { .. }
            | LlmErrorKind::Auth
            | LlmErrorKind::OutOfCredit
            | LlmErrorKind::ContextLength { .. }
            | LlmErrorKind::InvalidRequest { .. }
            | LlmErrorKind::UnknownModel
            | LlmErrorKind::Unsupported
            | LlmErrorKind::OverBudget(_)
            | LlmErrorKind::Unpriced => true,
            // A status is said instead of an answer.
            LlmErrorKind::Overloaded { .. } => self.inner.unsent || self.inner.status.is_some(),
            LlmErrorKind::Timeout(_)
            | LlmErrorKind::Refused
            | LlmErrorKind::ContentParse
            | LlmErrorKind::TooLarge
            | LlmErrorKind::Cancelled
            | LlmErrorKind::Transport => self.inner.unsent,
        }
    }

    /// As [`LlmErrorKind::is_transient`].
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.inner.kind.is_transient()
    }
}

impl fmt::Display for LlmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, message, model, status, request_id, .. } = &*self.inner;
        model.iter().try_for_each(|model| write!(f, "{model}: "))?;
        f.write_str(kind.words())?;
        match (status, request_id) {
            (Some(status), Some(id)) => write!(f, " ({status}, request {id})")?,
            (Some(status), None) => write!(f, " ({status})")?,
            (None, Some(id)) => write!(f, " (request {id})")?,
            (None, None) => {}
        }
        if let LlmErrorKind::ContextLength { limit, asked } = kind {
            asked.iter().try_for_each(|asked| write!(f, ", {asked} tokens"))?;
            limit.iter().try_for_each(|limit| write!(f, ", of at most {limit}"))?;
        }
        if let Some(wait) = kind.retry_after() {
            write!(f, ", asks to wait {} s", wait.as_secs_f64())?;
        }
        if message.is_empty() { Ok(()) } else { write!(f, ": {message}") }
    }
}

impl fmt::Debug for LlmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, message, model, status, request_id, source, .. } = &*self.inner;
        f.debug_struct("LlmError")
            .field("kind", kind)
            .field("message", message)
            .field("model", model)
            .field("status", status)
            .field("request_id", request_id)
            .field("source", source)
            .finish_non_exhaustive()
    }
}

impl StdError for LlmError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_ref().map(|source| &**source as _)
    }
}

impl Classify for LlmError {
    fn class(&self) -> ErrorClass {
        if self.is_transient() { ErrorClass::Retry } else { ErrorClass::Fatal }
    }

    fn retry_after(&self) -> Option<Duration> {
        self.inner.kind.retry_after()
    }
}
