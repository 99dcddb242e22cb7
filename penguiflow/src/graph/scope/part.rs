//! What a sub-flow with limits of its own owns: those limits, and nothing else. All that a trace has but once stays with the
//! scope around it, so that using up an inner limit ends what an outer one would end.

use crate::graph::ledger::Ledger;
use crate::graph::scope::signal::Signal;
use crate::graph::scope::{Caller, Scope};
use crate::message::Budget;
use std::sync::Arc;
use tokio::time::Instant;

impl Scope {
    /// The scope of a sub-flow that may spend `budget`, and has to be over at `limit` if the scope around it lasts as long.
    pub(crate) fn part_of(around: &Arc<Scope>, budget: &Budget, limit: Option<Instant>) -> Self {
        let Scope { id, ref headers, started, deadline, ref watch, .. } = **around;
        let deadline = [deadline, limit].into_iter().flatten().min();
        let caller = Caller { scope: around.clone(), flow: None, depth: around.depth() };
        Scope {
            caller: Some(Box::new(caller)),
            ledger: budget.is_limited().then(|| Box::new(Ledger::new(budget))),
            // Never quiet: its nodes ask the scope around it, whether they are counted or not.
            signal: Signal::counting(),
            watch: watch.clone(),
            ..Scope::new(id, headers.clone(), started, deadline)
        }
    }

    /// The scope whose part this is, which may be itself: that of a trace or of a call.
    #[inline]
    pub(super) fn whole(&self) -> &Scope {
        if self.caller.is_none() { self } else { self.whole_around() }
    }

    fn whole_around(&self) -> &Scope {
        match &self.caller {
            Some(caller) if caller.flow.is_none() => caller.scope.whole(),
            Some(_) | None => self,
        }
    }
}
