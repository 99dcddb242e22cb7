//! What a node promises and asks for: retries, limits, timeouts, effects. Plain data; decides nothing and waits for nothing.

pub(crate) mod backoff;

use crate::message::Cost;
use crate::money::Money;
use std::time::Duration;

/// The policy of one node, written by its attribute and known at compile time.
///
/// The default runs a node once, without a time limit and without a limit on how many traces run it at once.
/// [`FlowBuilder::override_policy`](crate::FlowBuilder::override_policy) changes limits before a flow starts.
///
/// ```
/// use penguiflow::Policy;
/// use std::time::Duration;
///
/// const POLICY: Policy = Policy::new().with_retries(3).with_timeout(Duration::from_secs(2));
/// assert_eq!(POLICY.attempts(), 4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Policy {
    /// Attempts after the first one. Default 0.
    pub retries: u32,
    /// How long to wait before a retry.
    pub backoff: Backoff,
    /// The limit on one attempt. Default none.
    pub timeout: Option<Duration>,
    /// How many attempts may run at once in one started flow, in all places of the node together. Default no limit.
    pub concurrency: Option<u32>,
    /// How many attempts may start per period in one started flow. Default no limit.
    pub rate: Option<Rate>,
    /// What one attempt costs at most, as its author says: [`FlowInfo::bound`](crate::FlowInfo::bound) adds it up. Nothing holds the node to it;
    /// what does is a [`Budget`](crate::Budget). Default nothing.
    pub cost: Cost,
    /// Which sides are validated. Default none.
    pub validate: Validation,
    /// What running the node does to the world. Default [`Effect::Idempotent`].
    pub effect: Effect,
    /// What becomes of a running attempt when its trace is cancelled. Default [`OnCancel::Drop`].
    pub on_cancel: OnCancel,
}

impl Policy {
    /// The policy of a node whose attribute says nothing.
    pub const fn new() -> Self {
        Policy {
            retries: 0,
            backoff: Backoff::new(),
            timeout: None,
            concurrency: None,
            rate: None,
            cost: Cost::NOTHING,
            validate: Validation::None,
            effect: Effect::Idempotent,
            on_cancel: OnCancel::Drop,
        }
    }

    /// All attempts that the policy allows.
    pub const fn attempts(&self) -> u32 {
        self.retries.saturating_add(1)
    }

    /// Allows `retries` attempts after the first one.
    pub const fn with_retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Sets the delays between attempts.
    pub const fn with_backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Sets how the delay is spread at random.
    pub const fn with_jitter(mut self, jitter: Jitter) -> Self {
        self.backoff.jitter = jitter;
        self
    }

    /// Limits one attempt to `timeout`.
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Lets at most `concurrency` attempts run at once; 0 counts as 1.
    pub const fn with_concurrency(mut self, concurrency: u32) -> Self {
        self.concurrency = Some(if concurrency == 0 { 1 } else { concurrency });
        self
    }

    /// Lets at most `count` attempts start in each `per`.
    pub const fn with_rate(mut self, count: u32, per: Duration) -> Self {
        self.rate = Some(Rate { count: if count == 0 { 1 } else { count }, per });
        self
    }

    /// Says how many tokens one attempt takes at most.
    pub const fn with_tokens(mut self, tokens: u64) -> Self {
        self.cost.tokens = tokens;
        self
    }

    /// Says how much money one attempt takes at most.
    pub const fn with_usd(mut self, usd: Money) -> Self {
        self.cost.usd = usd;
        self
    }

    /// Sets which sides are validated.
    pub const fn with_validation(mut self, validate: Validation) -> Self {
        self.validate = validate;
        self
    }

    /// Declares what running the node does to the world.
    pub const fn with_effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Sets what becomes of a running attempt when its trace is cancelled.
    pub const fn with_on_cancel(mut self, on_cancel: OnCancel) -> Self {
        self.on_cancel = on_cancel;
        self
    }

    /// Whether an attempt needs a permit or a turn before it may start.
    pub(crate) const fn is_limited(&self) -> bool {
        self.concurrency.is_some() || self.rate.is_some()
    }

    /// How long a running attempt may go on after its trace was cancelled.
    pub(crate) const fn grace(&self) -> Option<Duration> {
        match (self.on_cancel, self.effect) {
            (OnCancel::Finish(grace), _) => Some(grace),
            (OnCancel::Drop, Effect::Irreversible) => Some(OnCancel::IRREVERSIBLE_GRACE),
            (OnCancel::Drop, _) => None,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy::new()
    }
}

/// Delays between attempts: `base · factor^n`, at most `cap`, spread by `jitter`.
///
/// The n-th retry (from 0) waits `min(cap, base · factor^n)`; with [`Jitter::Full`] a random part of that, as in
/// "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015). Default: 500 ms, factor 2, no cap, full jitter.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Backoff {
    /// The delay before the first retry.
    pub base: Duration,
    /// The growth per retry.
    pub factor: f64,
    /// The longest delay.
    pub cap: Option<Duration>,
    /// How the delay is spread at random.
    pub jitter: Jitter,
}

impl Backoff {
    /// 500 ms, doubling, uncapped, with full jitter.
    pub const fn new() -> Self {
        Backoff { base: Duration::from_millis(500), factor: 2.0, cap: None, jitter: Jitter::Full }
    }

    /// Sets the delay before the first retry.
    pub const fn with_base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// Sets the growth per retry.
    pub const fn with_factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// Sets the longest delay.
    pub const fn with_cap(mut self, cap: Duration) -> Self {
        self.cap = Some(cap);
        self
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff::new()
    }
}

/// How a delay is spread at random, so that many clients that failed together do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Jitter {
    /// Anything between nothing and the whole delay.
    Full,
    /// The delay as the formula gives it.
    None,
}

/// At most `count` starts in each `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rate {
    /// How many attempts may start in one period.
    pub count: u32,
    /// The length of the period.
    pub per: Duration,
}

/// Which sides of a node are validated through [`Validate`](crate::Validate). A violation is fatal, never retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Validation {
    /// Neither.
    None,
    /// The message that the node takes.
    In,
    /// The message that the node returns.
    Out,
    /// Both.
    Both,
}

impl Validation {
    /// Whether the message that the node takes is validated.
    pub const fn checks_input(self) -> bool {
        matches!(self, Validation::In | Validation::Both)
    }

    /// Whether the message that the node returns is validated.
    pub const fn checks_output(self) -> bool {
        matches!(self, Validation::Out | Validation::Both)
    }
}

/// What running a node does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Nothing: the same input gives the same output.
    Pure,
    /// Running it twice does what running it once does.
    Idempotent,
    /// Idempotent under a key that the other side checks.
    Keyed,
    /// It cannot be undone and must not be repeated: no retries, and no place that may drop it half done.
    Irreversible,
}

/// What becomes of a running attempt when its trace is cancelled or out of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnCancel {
    /// The attempt is dropped at its next await point.
    Drop,
    /// The attempt may go on for this long; the trace ends as cancelled all the same.
    Finish(Duration),
}

impl OnCancel {
    /// How long an [`Effect::Irreversible`] attempt may go on when its node says nothing else.
    pub const IRREVERSIBLE_GRACE: Duration = Duration::from_secs(30);
}
