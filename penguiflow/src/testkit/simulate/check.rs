//! What must hold of every run of every flow, whatever its nodes do. Reads events, and never the runtime.

mod attempts;
mod order;
mod traces;

use crate::event::FlowEvent;
use crate::policy::Policy;
use crate::testkit::simulate::breach::Breach;
use crate::testkit::simulate::drive::History;

/// Holds a run against all rules; the first one that does not hold is told.
pub(super) fn check(history: &History) -> Result<(), Breach> {
    traces::come_to_an_end(history)?;
    attempts::are_paired(history)?;
    attempts::keep_their_policy(history)?;
    order::holds(history)?;
    traces::end_in_time(history)?;
    traces::keep_their_budget(history)?;
    traces::have_whole_streams(history)?;
    traces::leave_nothing(history)
}

impl History {
    /// The policy of the node at which `event` happened.
    fn policy(&self, event: &FlowEvent) -> Option<Policy> {
        self.policies.get(event.node).copied().flatten()
    }
}

/// Breaks a rule, unless `holds`.
fn rule(name: &'static str, holds: bool, why: impl FnOnce() -> String) -> Result<(), Breach> {
    if holds { Ok(()) } else { Err(Breach::new(name, why())) }
}
