//! A name that meets itself on one path.

use crate::diag::Diags;
use crate::flow::graph::{Graph, Ix};
use crate::flow::topo::Directed;

/// Tells each mention that closes a cycle. One that is reached only through another such mention is part of that mistake.
pub(super) fn check(graph: &mut Graph, diags: &mut Diags) {
    let ways = Directed::new(graph.vertices.len(), graph.edges.iter().map(|edge| (edge.from, edge.to)));
    let told = |ix: Ix| graph.vertices[ix].broken;
    let names: Vec<(Ix, String)> =
        graph.hops().filter(|(ix, _)| !told(*ix)).map(|(ix, hop)| (ix, hop.name())).collect();
    let mut closing: Vec<Ix> = Vec::new();
    for (position, (ix, name)) in names.iter().enumerate() {
        let open = |at: Ix| !closing.contains(&at);
        let mut earlier = names[..position].iter().rev().filter(|(before, other)| other == name && open(*before));
        let Some(way) = earlier.find_map(|(before, _)| ways.way(*before, *ix, open)) else {
            continue;
        };
        closing.push(*ix);
        let members: Vec<String> = way.iter().map(|&at| graph.name(at)).collect();
        let vertex = &mut graph.vertices[*ix];
        vertex.broken = true;
        let text = format!(
            "`{name}` is reached from itself: {}; write `repeat(turns = n) {{ … }}` for a loop, or `{name} as other` for a \
             second instance",
            members.join(" -> ")
        );
        let span = vertex.span;
        diags.error(span, text);
    }
}
