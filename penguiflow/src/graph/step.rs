//! Makes the step of a listing from the node that stands there. Knows no drawing.

use crate::graph::node::NodeDef;
use crate::graph::topology::{StepInfo, StepKind, step_info};

/// The step at which the node `N` stands. Called by what `flow!` writes.
pub const fn step_of<N: NodeDef>(place: u32, kind: StepKind, around: Option<u32>) -> StepInfo {
    let step = step_info(Some(place), N::NAME, kind, around);
    // A flow tells the types of its header.
    let (input, output) = match N::FLOW {
        Some(flow) => (flow.input, flow.output),
        None => (N::INPUT, N::OUTPUT),
    };
    let step = StepInfo { input, output, ..step };
    StepInfo { policy: Some(N::POLICY), flow: N::FLOW, turns: N::TURNS, waits: N::WAITS, ..step }
}
