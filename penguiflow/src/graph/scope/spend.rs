//! What a trace spends, up to the trace around a call. Which limit was used up is asked of the scope whose limit it is, so that
//! an inner budget ends the call and an outer one the trace.

use crate::error::Limit;
use crate::graph::ledger::Ledger;
use crate::graph::scope::signal::Signal;
use crate::graph::scope::{Halt, Scope};
use crate::message::{Budget, Cost};

impl Scope {
    /// Limits what the scope may spend, beside what limits the scope around it.
    #[cold]
    pub(crate) fn with_budget(self, budget: &Budget) -> Self {
        Scope { ledger: Some(Box::new(Ledger::new(budget))), signal: Signal::counting(), ..self }
    }

    /// The gate before a node run: counts the hop where hops count; false if the trace has to end. Where nothing is set and
    /// nothing asked, one load.
    #[inline]
    pub(crate) fn enters_hop(&self) -> bool {
        self.is_quiet() || self.counts_hop()
    }

    /// Whether nothing is counted, and nobody asked the trace to end: one load.
    #[inline]
    pub(crate) fn is_quiet(&self) -> bool {
        self.signal.is_quiet()
    }

    /// Counts a hop; false if the trace has to end.
    #[cold]
    #[inline(never)]
    pub(crate) fn counts_hop(&self) -> bool {
        if self.halt().is_some() {
            return false;
        }
        for scope in self.outwards() {
            let Some(ledger) = &scope.ledger else { continue };
            if let Err(limit) = ledger.hop() {
                scope.ask(halt(limit));
                return false;
            }
        }
        true
    }

    /// Sets `cost` aside in each budget around, or in none.
    pub(crate) fn reserve(&self, cost: Cost) -> Result<(), Limit> {
        for (taken, scope) in self.outwards().enumerate() {
            let Some(ledger) = &scope.ledger else { continue };
            if let Err(limit) = ledger.reserve(cost) {
                let inner = self.outwards().take(taken).filter_map(Scope::ledger);
                inner.for_each(|ledger| ledger.settle(cost, Cost::default()));
                scope.ask(halt(limit));
                return Err(limit);
            }
        }
        Ok(())
    }

    pub(crate) fn settle(&self, reserved: Cost, actual: Cost) {
        self.ledgers().for_each(|ledger| ledger.settle(reserved, actual));
    }

    /// A reservation was dropped unsettled.
    pub(crate) fn doubt(&self) {
        self.ledgers().for_each(Ledger::doubt);
    }

    /// The least that is left in any budget around.
    pub(crate) fn left(&self) -> Budget {
        self.ledgers().map(Ledger::left).fold(Budget::new(), Budget::min)
    }

    /// The innermost budget's ledger.
    pub(crate) fn nearest_ledger(&self) -> Option<&Ledger> {
        self.ledgers().next()
    }

    fn ledger(&self) -> Option<&Ledger> {
        self.ledger.as_deref()
    }

    fn ledgers(&self) -> impl Iterator<Item = &Ledger> {
        self.outwards().filter_map(Scope::ledger)
    }

    /// The scope, and those of the calls and of the trace around it.
    fn outwards(&self) -> impl Iterator<Item = &Scope> {
        std::iter::successors(Some(self), |scope| scope.caller.as_ref().map(|caller| &*caller.scope))
    }
}

/// Turns belong to a loop and are no part of a budget; a ledger does not tell them.
fn halt(limit: Limit) -> Halt {
    match limit {
        Limit::Turns | Limit::Hops => Halt::OutOfHops,
        Limit::Tokens => Halt::OutOfTokens,
        Limit::Usd => Halt::OutOfMoney,
    }
}
