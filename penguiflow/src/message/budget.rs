//! What a trace may spend, as its caller said it. Must not count.

use crate::money::Money;
use serde::{Deserialize, Serialize};

/// Limits on what a trace may spend: hops, tokens, money. What is not set is not limited, and not counted. A flow says its own by
/// [`budget { … }`](macro@crate::flow#budgets).
///
/// ```
/// use penguiflow::{Budget, Message, Money};
///
/// let budget = Budget::new().hops(64).tokens(40_000).usd(Money::from_cents(50));
/// let question = Message::new("why?").with_budget(budget);
/// assert_eq!(question.budget(), Some(&budget));
/// ```
///
/// A hop is one run of a node: its retries are the same hop; joins, forks and the call of a sub-flow are none. What would be one
/// hop too many ends the trace before its node is called. Tokens and money are counted by the nodes themselves, which
/// [reserve](crate::Allowance::reserve) them before they spend. The trace then ends as
/// [`Ending::BudgetExceeded`](crate::Ending::BudgetExceeded), with the limit that was used up; where several are, hops
/// come before tokens, and tokens before money; a cancel and the deadline come before all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Budget {
    /// How many nodes may run.
    pub hops: Option<u64>,
    /// How many tokens may be reserved.
    pub tokens: Option<u64>,
    /// How much money may be reserved.
    pub usd: Option<Money>,
}

impl Budget {
    /// Without a limit.
    #[must_use]
    pub const fn new() -> Self {
        Budget { hops: None, tokens: None, usd: None }
    }

    /// At most so many node runs; 0 lets none run.
    #[must_use]
    pub const fn hops(self, hops: u64) -> Self {
        Budget { hops: Some(hops), ..self }
    }

    /// At most so many tokens.
    #[must_use]
    pub const fn tokens(self, tokens: u64) -> Self {
        Budget { tokens: Some(tokens), ..self }
    }

    /// At most so much money.
    #[must_use]
    pub const fn usd(self, usd: Money) -> Self {
        Budget { usd: Some(usd), ..self }
    }

    /// Whether anything is limited.
    #[must_use]
    pub const fn is_limited(&self) -> bool {
        self.hops.is_some() || self.tokens.is_some() || self.usd.is_some()
    }

    /// The narrower limit of each kind.
    #[must_use]
    pub fn min(self, other: Budget) -> Self {
        Budget {
            hops: narrower(self.hops, other.hops),
            tokens: narrower(self.tokens, other.tokens),
            usd: narrower(self.usd, other.usd),
        }
    }
}

fn narrower<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// What something costs, or is expected to: tokens, money, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cost {
    /// How many tokens.
    pub tokens: u64,
    /// How much money.
    pub usd: Money,
}

impl Cost {
    /// Nothing.
    pub const NOTHING: Cost = Cost { tokens: 0, usd: Money::ZERO };

    /// So many tokens.
    #[must_use]
    pub fn tokens(tokens: u64) -> Self {
        Cost { tokens, ..Cost::default() }
    }

    /// So much money.
    #[must_use]
    pub fn usd(usd: Money) -> Self {
        Cost { usd, ..Cost::default() }
    }

    /// And so much money beside it.
    #[must_use]
    pub fn and_usd(self, usd: Money) -> Self {
        Cost { usd, ..self }
    }
}
