//! Makes the step of a listing from the node that stands there. Knows no drawing.

use crate::graph::node::NodeDef;
use crate::graph::topology::{StepInfo, StepKind, step_info};
use crate::graph::type_name::TypeName;

/// The step at which the node `N` stands. Called by what `flow!` writes.
pub const fn step_of<N: NodeDef>(place: u32, kind: StepKind, around: Option<u32>) -> StepInfo {
    let step = step_info(Some(place), N::NAME, kind, around);
    let (takes, gives) = (Some(TypeName::of::<N::In>()), Some(TypeName::of::<N::Out>()));
    StepInfo { policy: Some(N::POLICY), node: Some(N::NODE), flow: N::FLOW, turns: N::TURNS, takes, gives, ..step }
}
