//! Puts a recorder or a replay between a flow's hops and its nodes. Knows no recording.

use crate::graph::node::{FlowDef, Listing};
use crate::graph::topology::{FlowInfo, StepEntry};
use crate::graph::watch::between::Between;
use crate::graph::watch::tape::Tape;
use crate::runtime::flow::{FlowBuilder, StartError};

impl<F: FlowDef, S> FlowBuilder<F, S> {
    /// Lets `tape` hear all that a replay needs. Where something cannot be written down, `start` fails.
    pub(crate) fn taped(mut self, tape: Tape) -> Self {
        self.between.tape = Some(tape);
        self.recordable()
    }

    /// Lets `start` fail where something of the flow cannot be written down.
    pub(crate) fn recordable(mut self) -> Self {
        self.changes.push(Box::new(|_| is_recordable::<F>()));
        self
    }

    /// Changes who stands between the hops and the nodes.
    #[allow(dead_code, reason = "only a replay, behind another feature, does")]
    pub(crate) fn between(mut self, change: impl FnOnce(&mut Between)) -> Self {
        change(&mut self.between);
        self
    }
}

/// Whether all of `F` can be recorded.
fn is_recordable<F: FlowDef>() -> Result<(), StartError> {
    let mut listing = Listing::default();
    F::list(&mut listing);
    let uncoded = listing.nodes.iter().filter(|node| !node.is_coded);
    let mut what: Vec<String> = uncoded.map(|node| format!("what `{}` returns", node.name)).collect();
    if F::INPUT_CODEC.is_none() {
        what.insert(0, "what the flow takes".to_owned());
    }
    if !what.is_empty() {
        return Err(StartError::NotRecordable { flow: F::NAME, what: what.join(", ") });
    }
    batch_in(F::INFO).map_or(Ok(()), |node| Err(StartError::RecordsNoBatch { flow: F::NAME, node }))
}

/// A node that takes batches, if the flow has one.
fn batch_in(info: &'static FlowInfo) -> Option<&'static str> {
    info.steps.iter().find_map(|step| match (step.entry, step.flow) {
        (StepEntry::Batch { .. }, _) => Some(step.name),
        (_, Some(flow)) => batch_in(flow),
        (_, None) => None,
    })
}
