//! What a flow without a header ends with: its type is taken from its last step.

use crate::diag::Diags;
use crate::flow::graph::{Arm, ArmEnd, Graph, Item, Seq};

/// Tells if no step has the type of the flow's result: an arm that is nothing but `done` ends with what is inside its
/// variant, and only the router's enum knows that.
pub(super) fn has_a_type(graph: &Graph, diags: &mut Diags) {
    if graph.header().is_some() || is_known(&graph.body) {
        return;
    }
    if let Some(Item::Route(route)) = graph.body.last() {
        let text = "the type of this flow's result is known to the router's enum only: put a node before `done`, or write \
                    the flow's types, `support(Question) -> Answer { … }`";
        diags.error(graph.vertices[route.router].span, text);
    }
}

fn is_known(seq: &Seq) -> bool {
    match seq.last() {
        Some(Item::Route(route)) => {
            let mut ends = route.arms.iter().filter(|arm| !matches!(arm.end, ArmEnd::Drop(_)));
            ends.clone().next().is_none() || ends.any(|arm| arm.cfgs.is_empty() && ends_known(arm))
        }
        Some(Item::Fork(fork)) => fork.branches.iter().all(is_known),
        Some(Item::Tee(_) | Item::Hop(_) | Item::Loop(_) | Item::Lost(_)) => true,
        None => false,
    }
}

fn ends_known(arm: &Arm) -> bool {
    is_known(&arm.body)
}
