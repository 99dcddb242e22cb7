//! Counts what a trace spends against its budget. Knows no trace: who is refused decides what becomes of it.

use crate::bug::bug;
use crate::error::Limit;
use crate::message::{Budget, Cost};
use crate::money::Money;
use std::sync::atomic::{AtomicU64, Ordering};

/// What was spent of one budget, with what is reserved.
pub(crate) struct Ledger {
    hops: Account,
    tokens: Account,
    picos: Account,
    in_doubt: AtomicU64,
}

/// One limit, and what was taken of it. Each count stands for itself, and is read by nobody as a sign for something else: so all
/// orders are relaxed.
struct Account {
    limit: Option<u64>,
    taken: AtomicU64,
}

impl Account {
    fn new(limit: Option<u64>) -> Self {
        Account { limit, taken: AtomicU64::new(0) }
    }

    fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Takes `amount`, if it is left. Nothing is always left.
    fn take(&self, amount: u64) -> bool {
        let limit = self.limit.unwrap_or(u64::MAX);
        let next = |taken: u64| match taken.checked_add(amount) {
            Some(sum) if sum <= limit => Some(sum),
            // A count without a limit that has reached its end stays there.
            _ => self.limit.is_none().then_some(u64::MAX),
        };
        amount == 0 || self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok()
    }

    /// Puts `actual` where `reserved` was.
    fn settle(&self, reserved: u64, actual: u64) {
        let next = |taken: u64| Some(taken.saturating_sub(reserved).saturating_add(actual));
        // It always has a next value.
        let _ = self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
    }

    fn is_overspent(&self) -> bool {
        self.limit.is_some_and(|limit| self.taken() > limit)
    }

    fn left(&self) -> Option<u64> {
        self.limit.map(|limit| limit.saturating_sub(self.taken()))
    }
}

impl Ledger {
    pub(crate) fn new(budget: &Budget) -> Self {
        let Budget { hops, tokens, usd } = *budget;
        Ledger {
            hops: Account::new(hops),
            tokens: Account::new(tokens),
            picos: Account::new(usd.map(Money::picos)),
            in_doubt: AtomicU64::new(0),
        }
    }

    /// The gate: counts a hop, and tells the first limit that refuses it.
    pub(crate) fn hop(&self) -> Result<(), Limit> {
        if !self.hops.take(1) && !bug("uncounted_hop") {
            return Err(Limit::Hops);
        }
        match () {
            () if self.tokens.is_overspent() => Err(Limit::Tokens),
            () if self.picos.is_overspent() => Err(Limit::Usd),
            () => Ok(()),
        }
    }

    /// Takes all of `cost`, or nothing.
    pub(crate) fn reserve(&self, cost: Cost) -> Result<(), Limit> {
        if self.tokens.is_overspent() || !self.tokens.take(cost.tokens) {
            return Err(Limit::Tokens);
        }
        if self.picos.is_overspent() || !self.picos.take(cost.usd.picos()) {
            self.tokens.settle(cost.tokens, 0);
            return Err(Limit::Usd);
        }
        Ok(())
    }

    pub(crate) fn settle(&self, reserved: Cost, actual: Cost) {
        self.tokens.settle(reserved.tokens, actual.tokens);
        self.picos.settle(reserved.usd.picos(), actual.usd.picos());
    }

    /// A reservation stays as it is, since nobody said what it came to.
    pub(crate) fn doubt(&self) {
        self.in_doubt.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn in_doubt(&self) -> u64 {
        self.in_doubt.load(Ordering::Relaxed)
    }

    pub(crate) fn spent(&self) -> Cost {
        Cost::tokens(self.tokens.taken()).and_usd(Money::from_picos(self.picos.taken()))
    }

    pub(crate) fn left(&self) -> Budget {
        let mut left = Budget::new();
        left.hops = self.hops.left();
        left.tokens = self.tokens.left();
        left.usd = self.picos.left().map(Money::from_picos);
        left
    }
}

#[cfg(test)]
mod tests;
