//! Makes the step of a listing from the node that stands there. Knows no drawing.

use crate::graph::node::NodeDef;
use crate::graph::topology::{StepInfo, StepKind, step_info};
use crate::graph::type_name::TypeName;

/// The step at which the node `N` stands. Called by what `flow!` writes.
pub const fn step_of<N: NodeDef>(place: u32, kind: StepKind, around: Option<u32>) -> StepInfo {
    let step = step_info(Some(place), N::NAME, kind, around);
    // A flow tells the types of its header.
    let (input, output) = match N::FLOW {
        Some(flow) => (flow.input, flow.output),
        None => (N::INPUT, N::OUTPUT),
    };
    let (takes, gives) = (Some(TypeName::of::<N::In>()), Some(TypeName::of::<N::Out>()));
    let step = StepInfo { takes, gives, input, output, waits: N::WAITS, ..step };
    StepInfo { policy: Some(N::POLICY), node: Some(N::NODE), flow: N::FLOW, turns: N::TURNS, ..step }
}
