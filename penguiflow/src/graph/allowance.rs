//! What a node sees of its trace's budget: it reserves before it spends. Counts nothing itself.

use crate::error::Limit;
use crate::event::EventKind;
use crate::graph::scope::Scope;
use crate::graph::watch::At;
use crate::message::{Budget, Cost};
use std::sync::Arc;

/// What is left for a node to spend. [`Ctx::budget`](crate::Ctx::budget) gives it.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::{Budget, Cost, Limit, OverBudget};
///
/// #[node]
/// async fn summarise(text: String, ctx: &Ctx) -> Result<String, OverBudget> {
///     let reserved = ctx.budget().reserve(Cost::tokens(text.len() as u64))?;
///     let summary: String = text.chars().take(3).collect();
///     reserved.settle(Cost::tokens(summary.len() as u64));
///     Ok(summary)
/// }
/// flow! { summarising(String) -> String { summarise } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = summarising::flow().start()?;
/// let with = |tokens| Message::new("penguins".to_owned()).with_budget(Budget::new().tokens(tokens));
/// assert_eq!(app.call(with(8)).await?, "pen");
/// assert!(matches!(app.call(with(7)).await, Err(Stop::BudgetExceeded(Limit::Tokens))));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Allowance {
    scope: Arc<Scope>,
    /// The node run, as observers are told of it.
    at: Option<Box<At>>,
}

impl Allowance {
    pub(crate) fn new(scope: Arc<Scope>, at: Option<Box<At>>) -> Self {
        Allowance { scope, at }
    }

    /// Sets `cost` aside, before it is spent. Branches that reserve at the same time get no more together than there is.
    ///
    /// # Errors
    /// [`OverBudget`] if not all of it is left, or if more was spent before than there was. That asks the trace to end as
    /// [`Ending::BudgetExceeded`](crate::Ending::BudgetExceeded): return it with `?`. A node that would rather do with
    /// less asks [`left`](Allowance::left) first. Inside a flow that another one has [called](crate::Ctx::call) with a budget of its
    /// own, it is the call that ends, as [`CallError::BudgetExceeded`](crate::CallError::BudgetExceeded).
    pub fn reserve(&self, cost: Cost) -> Result<Reservation, OverBudget> {
        match self.scope.reserve(cost) {
            Ok(()) => {
                tell(&self.scope, self.at.as_deref(), EventKind::BudgetReserved { cost });
                Ok(Reservation { scope: self.scope.clone(), at: self.at.clone(), cost, open: true })
            }
            Err(limit) => Err(OverBudget { limit }),
        }
    }

    /// What is left; `None` where nothing is limited. Another branch may reserve it in between.
    pub fn left(&self) -> Budget {
        self.scope.left()
    }

    /// What was spent and is reserved under the innermost budget that the node works for: that of its sub-flow, of its call, or of
    /// its trace. Nothing where nothing is limited.
    pub fn spent(&self) -> Cost {
        self.scope.nearest_ledger().map(|ledger| ledger.spent()).unwrap_or_default()
    }

    /// How many reservations under that budget were dropped unsettled, and were charged in full for that.
    pub fn in_doubt(&self) -> u64 {
        self.scope.nearest_ledger().map_or(0, |ledger| ledger.in_doubt())
    }
}

impl std::fmt::Debug for Allowance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Allowance").field("left", &self.left()).field("spent", &self.spent()).finish_non_exhaustive()
    }
}

/// A cost that was set aside, and not yet spent.
///
/// *Cancel safety*: dropped without [`settle`](Reservation::settle) – by an error, a timeout, a cancel – it is charged in full:
/// money that may be spent already is not handed back.
#[must_use = "dropped, it is charged in full: call `settle` with what it came to"]
pub struct Reservation {
    scope: Arc<Scope>,
    at: Option<Box<At>>,
    cost: Cost,
    open: bool,
}

impl Reservation {
    /// Charges what it came to. That may be more than was reserved; where it is more than there was, the trace ends before its
    /// next node.
    pub fn settle(mut self, actual: Cost) {
        self.open = false;
        self.scope.settle(self.cost, actual);
        tell(&self.scope, self.at.as_deref(), EventKind::BudgetSettled { reserved: self.cost, actual });
    }

    /// What was set aside.
    pub fn cost(&self) -> Cost {
        self.cost
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.open {
            self.scope.doubt();
            tell(&self.scope, self.at.as_deref(), EventKind::BudgetInDoubt { cost: self.cost });
        }
    }
}

fn tell(scope: &Scope, at: Option<&At>, kind: EventKind) {
    if let (Some(watch), Some(at)) = (scope.tap(), at) {
        watch.tell(at.clone(), kind);
    }
}

impl std::fmt::Debug for Reservation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reservation").field("cost", &self.cost).finish_non_exhaustive()
    }
}

/// A node asked for more than the budget has left. The trace has been asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{limit}")]
#[non_exhaustive]
pub struct OverBudget {
    /// Which limit it was.
    pub limit: Limit,
}
