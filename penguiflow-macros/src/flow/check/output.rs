//! What a flow without a header ends with: its type is taken from its last step.

use crate::diag::Diags;
use crate::flow::graph::{Arm, ArmEnd, Feed, Graph, Item, Seq, Weave};

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
        Some(Item::Weave(weave)) => weave.told || weave.exits.iter().any(|&exit| brings(weave, exit)),
        Some(Item::Tee(_) | Item::Hop(_) | Item::Loop(_) | Item::Lost(_)) => true,
        None => false,
    }
}

/// Whether the type is known that the stretch `at` ends with.
fn brings(weave: &Weave, at: usize) -> bool {
    let stretch = &weave.stretches[at];
    match &stretch.feed {
        _ if !stretch.body.items.is_empty() => is_known(&stretch.body),
        Feed::Gather(_, from) => from.iter().all(|&from| brings(weave, from)),
        Feed::One(_) | Feed::Either(_) => stretch.fed_by().iter().any(|&from| brings(weave, from)),
        Feed::Begin | Feed::Arm(..) | Feed::Lost => false,
    }
}

fn ends_known(arm: &Arm) -> bool {
    is_known(&arm.body)
}
