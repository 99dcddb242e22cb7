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
        let members: Vec<&str> = members.iter().map(String::as_str).collect();
        let vertex = &mut graph.vertices[*ix];
        vertex.broken = true;
        diags.error(vertex.span, is_reached_from_itself(name, &members));
    }
}

/// What is said of `name` where the way over `members` leads back to it.
pub(crate) fn is_reached_from_itself(name: &str, members: &[&str]) -> String {
    format!(
        "`{name}` is reached from itself: {}; write `repeat(turns = n) {{ … }}` for a loop, or `{name} as other` for a second \
         instance",
        members.join(" -> ")
    )
}
