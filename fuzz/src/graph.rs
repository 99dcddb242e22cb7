//! What holds of every graph that `flow!` accepts. Must not know how it is printed.

use crate::diag::Diags;
use crate::flow;
use crate::flow::graph::{ArmEnd, Feed, Graph, Item, Ix, Kind, Seq, Weave};
use proc_macro2::TokenStream;
use std::collections::BTreeSet;

/// Reads `input` once more, and checks its graph if nothing was told of it.
pub(crate) fn check(input: TokenStream, told: bool) {
    let mut diags = Diags::default();
    let graph = flow::graph(input, &mut diags);
    if told || !diags.is_empty() {
        return;
    }
    edges(&graph);
    let mut met = Vec::new();
    seq(&graph.body, &mut met);
    let places: Vec<Option<u32>> = graph.vertices.iter().map(|vertex| vertex.place()).collect();
    for (ix, vertex) in graph.vertices.iter().enumerate() {
        assert!(!vertex.broken, "broken, and nobody was told: {}", graph.name(ix));
        let times = met.iter().filter(|met| **met == ix).count();
        let expected = usize::from(!matches!(vertex.kind, Kind::Input | Kind::Output));
        assert_eq!(times, expected, "how often `{}` stands in the body", graph.name(ix));
        let same = |other: &&Option<u32>| other.is_some() && **other == places[ix];
        assert!(places.iter().filter(same).count() <= 1, "two vertices at place {:?}", places[ix]);
    }
}

/// All lead on, and from the input to everything.
fn edges(graph: &Graph) {
    let last = graph.vertices.len() - 1;
    assert!(matches!(graph.vertices[0].kind, Kind::Input) && matches!(graph.vertices[last].kind, Kind::Output));
    let mut reached = BTreeSet::from([0]);
    for ix in 0..=last {
        for edge in graph.edges.iter().filter(|edge| edge.from == ix) {
            assert!(edge.from < edge.to && edge.to <= last, "`{}` leads back", graph.name(ix));
            if reached.contains(&ix) {
                reached.insert(edge.to);
            }
        }
    }
    let missed: Vec<String> = (0..=last).filter(|ix| !reached.contains(ix)).map(|ix| graph.name(ix)).collect();
    assert!(missed.is_empty(), "nothing leads to {missed:?}");
}

/// Notes the vertices of `items`.
fn seq(items: &Seq, met: &mut Vec<Ix>) {
    for item in &items.items {
        match item {
            Item::Hop(ix) => met.push(*ix),
            Item::Fork(fork) => {
                fork.branches.iter().for_each(|branch| seq(branch, met));
                let Some(gather) = fork.gather else { panic!("a fork that nothing gathers") };
                met.push(gather);
            }
            Item::Route(route) => {
                met.push(route.router);
                for arm in &route.arms {
                    seq(&arm.body, met);
                    met.extend(arm.end.vertex());
                    assert!(!matches!(arm.end, ArmEnd::Lost), "an arm that leads nowhere");
                }
            }
            Item::Loop(turns) => {
                seq(&turns.body, met);
                assert!(turns.last.is_some_and(|last| met.contains(&last)), "a loop that nobody ends");
                turns.otherwise.iter().for_each(|otherwise| seq(otherwise, met));
            }
            Item::Tee(tee) => {
                seq(&tee.side, met);
                seq(&tee.rest, met);
            }
            Item::Weave(woven) => weave(woven, met),
            Item::Lost(_) => panic!("something is lost, and nobody was told"),
        }
    }
}

/// Each stretch is fed by those before it, and some stretch ends the flow.
fn weave(woven: &Weave, met: &mut Vec<Ix>) {
    assert!(!woven.told && !woven.exits.is_empty(), "a flow without an end");
    for (at, stretch) in woven.stretches.iter().enumerate() {
        assert!(!matches!(stretch.feed, Feed::Lost), "a stretch that nothing feeds");
        assert!(stretch.fed_by().iter().all(|from| *from < at), "a stretch that is fed from behind");
        met.extend(stretch.gather());
        seq(&stretch.body, met);
    }
}
