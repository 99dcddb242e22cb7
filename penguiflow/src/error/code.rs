//! Constant names of endings, for dashboards and for other processes. What an ending says to people stands beside it.

use crate::error::{Ending, Limit, Stop};

impl<T> Ending<T> {
    /// A constant name of the ending, for dashboards and for other processes: that of a failure is
    /// [`FlowError::code`](crate::FlowError::code), that of a used up limit [`Limit::code`].
    ///
    /// | ending | code |
    /// |---|---|
    /// | `Completed` | `COMPLETED` |
    /// | `Failed` | `NODE_EXCEPTION`, `NODE_TIMEOUT`, … |
    /// | `Cancelled` | `TRACE_CANCELLED` |
    /// | `DeadlineExceeded` | `DEADLINE_EXCEEDED` |
    /// | `BudgetExceeded` | `TURN_BUDGET_EXHAUSTED`, `HOP_BUDGET_EXHAUSTED`, `TOKEN_BUDGET_EXHAUSTED`, `MONEY_BUDGET_EXHAUSTED` |
    /// | `Dropped` | `DROPPED` |
    ///
    /// ```
    /// use penguiflow::prelude::*;
    /// use penguiflow::Limit;
    ///
    /// assert_eq!(Ending::Completed(7).code(), "COMPLETED");
    /// assert_eq!(Ending::<u32>::BudgetExceeded(Limit::Tokens).code(), "TOKEN_BUDGET_EXHAUSTED");
    /// ```
    pub fn code(&self) -> &'static str {
        match self {
            Ending::Completed(_) => "COMPLETED",
            Ending::Failed(error) => error.code(),
            Ending::Cancelled => CANCELLED,
            Ending::DeadlineExceeded => DEADLINE_EXCEEDED,
            Ending::BudgetExceeded(limit) => limit.code(),
            Ending::Dropped { .. } => DROPPED,
        }
    }
}

impl Stop {
    /// A constant name of what it is, the same as [`Ending::code`].
    pub fn code(&self) -> &'static str {
        match self {
            Stop::Failed(error) => error.code(),
            Stop::Cancelled => CANCELLED,
            Stop::DeadlineExceeded => DEADLINE_EXCEEDED,
            Stop::BudgetExceeded(limit) => limit.code(),
            Stop::Dropped { .. } => DROPPED,
        }
    }
}

impl Limit {
    /// A constant name of the limit that was used up.
    pub fn code(&self) -> &'static str {
        match self {
            Limit::Turns => "TURN_BUDGET_EXHAUSTED",
            Limit::Hops => "HOP_BUDGET_EXHAUSTED",
            Limit::Tokens => "TOKEN_BUDGET_EXHAUSTED",
            Limit::Usd => "MONEY_BUDGET_EXHAUSTED",
        }
    }
}

const CANCELLED: &str = "TRACE_CANCELLED";
const DEADLINE_EXCEEDED: &str = "DEADLINE_EXCEEDED";
const DROPPED: &str = "DROPPED";
