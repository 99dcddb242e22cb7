//! Makes the step of a listing from the node that stands there. Knows no drawing.

use crate::graph::node::NodeDef;
use crate::graph::topology::{StepInfo, StepKind, step_info};

/// The step at which the node `N` stands. Called by what `flow!` writes.
pub const fn step_of<N: NodeDef>(place: u32, kind: StepKind, around: Option<u32>) -> StepInfo {
    let step = step_info(Some(place), N::NAME, kind, around);
    StepInfo { policy: Some(N::POLICY), flow: N::FLOW, ..step }
}
