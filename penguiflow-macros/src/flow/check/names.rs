//! What nodes are called: instances, policies, and a flow's own name.

use crate::diag::Diags;
use crate::flow::graph::{Graph, Ix};
use std::collections::{BTreeMap, BTreeSet};

/// A flow that contains itself would never end. (Two flows that contain each other are rustc's: it knows both.)
pub(super) fn not_inside_itself(graph: &mut Graph, diags: &mut Diags) {
    let Some(name) = graph.header().map(|header| header.owner.name.to_string()) else {
        return;
    };
    let itself = |text: &str| text == name || text.strip_prefix("self::") == Some(&name);
    let found: Vec<Ix> = graph.hops().filter(|(_, hop)| itself(&hop.path.text)).map(|(ix, _)| ix).collect();
    for ix in found {
        let vertex = &mut graph.vertices[ix];
        vertex.broken = true;
        let text = format!(
            "the flow `{name}` contains itself: write `repeat(turns = n) {{ … }}` for a loop, or call it from a node by \
             `ctx.call`"
        );
        diags.error(vertex.span, text);
    }
}

/// An instance needs a name that nothing else in the flow has.
pub(super) fn instances(graph: &mut Graph, diags: &mut Diags) {
    let nodes: BTreeSet<&str> = graph.hops().map(|(_, hop)| hop.path.text.as_str()).collect();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut broken = Vec::new();
    for (ix, hop) in graph.hops() {
        let Some(alias) = &hop.alias else { continue };
        let name = alias.to_string();
        if nodes.contains(name.as_str()) {
            let text =
                format!("`{name}` is a node of this flow: give the instance of `{}` another name", hop.path.text);
            diags.error(alias.span(), text);
            broken.push(ix);
        } else if let Some(other) = taken.get(&name) {
            let text = format!("`{name}` is an instance of `{other}` already: give this one another name");
            diags.error(alias.span(), text);
            broken.push(ix);
        } else {
            taken.insert(name, &hop.path.text);
        }
    }
    for ix in broken {
        graph.vertices[ix].broken = true;
    }
}

/// One name, one node, one policy: a policy of its own needs a name of its own.
pub(super) fn policies(graph: &Graph, diags: &mut Diags) {
    for (_, hop) in graph.hops() {
        if let (Some(policy), None) = (&hop.policy, &hop.alias) {
            let name = &hop.path.text;
            let text = format!(
                "`{name}` has the policy of its `#[node]`: an instance with another one has a name, `{name}({}) as other`",
                policy.text
            );
            diags.error(policy.span, text);
        }
    }
}
