//! Checks of the whole graph. Each tells every mistake of its kind and marks what is broken; none stops another.

pub(crate) mod cycle;
pub(crate) mod names;
pub(crate) mod output;

use crate::diag::Diags;
use crate::flow::graph::Graph;

/// Tells what is wrong with `graph`.
pub(crate) fn check(graph: &mut Graph, diags: &mut Diags) {
    names::not_inside_itself(graph, diags);
    names::instances(graph, diags);
    names::policies(graph, diags);
    cycle::check(graph, diags);
    output::has_a_type(graph, diags);
}
