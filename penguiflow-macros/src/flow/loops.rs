//! Tells which loops a graph has, what stands in them, and which ways lead back to their beginnings.

use crate::flow::graph::{Graph, Item, Ix, Loop, Seq};

/// The loops of one graph, in source order.
pub(crate) struct Loops {
    pub(crate) all: Vec<Turning>,
    /// For each vertex the place of the innermost loop around it.
    pub(crate) around: Vec<Option<u32>>,
    /// The ways from a loop's last node back to its first ones.
    pub(crate) again: Vec<(Ix, Ix)>,
}

/// One loop, apart from what it runs.
pub(crate) struct Turning {
    pub(crate) place: u32,
    pub(crate) turns: usize,
    /// The place of the innermost loop around it.
    pub(crate) around: Option<u32>,
}

impl Loops {
    /// The loops of `graph`.
    pub(crate) fn of(graph: &Graph) -> Self {
        let mut loops = Loops { all: Vec::new(), around: vec![None; graph.vertices.len()], again: Vec::new() };
        loops.seq(&graph.body, None);
        loops
    }

    fn seq(&mut self, seq: &Seq, around: Option<u32>) {
        for item in &seq.items {
            match item {
                Item::Hop(ix) => self.around[*ix] = around,
                Item::Fork(fork) => {
                    fork.branches.iter().for_each(|branch| self.seq(branch, around));
                    fork.gather.into_iter().for_each(|gather| self.around[gather] = around);
                }
                Item::Route(route) => {
                    self.around[route.router] = around;
                    route.arms.iter().for_each(|arm| self.seq(&arm.body, around));
                    let drops = route.arms.iter().filter_map(|arm| arm.end.vertex());
                    drops.for_each(|ix| self.around[ix] = around);
                }
                Item::Loop(turns) => self.turns(turns, around),
                Item::Tee(tee) => {
                    self.seq(&tee.side, around);
                    self.seq(&tee.rest, around);
                }
                Item::Weave(weave) => weave.stretches.iter().for_each(|stretch| {
                    stretch.gather().into_iter().for_each(|gather| self.around[gather] = around);
                    self.seq(&stretch.body, around);
                }),
                Item::Lost(_) => {}
            }
        }
    }

    fn turns(&mut self, turns: &Loop, around: Option<u32>) {
        self.all.push(Turning { place: turns.place, turns: turns.turns.value, around });
        self.seq(&turns.body, Some(turns.place));
        if let Some(last) = turns.last {
            self.again.extend(turns.body.heads().into_iter().map(|head| (last, head)));
        }
        turns.otherwise.iter().for_each(|otherwise| self.seq(otherwise, around));
    }
}
