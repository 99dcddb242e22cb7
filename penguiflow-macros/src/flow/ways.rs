//! Tells of each edge of a graph how it is taken: beside what it leads to something else runs, and under which conditions
//! it is there at all.

use crate::flow::graph::{Edge, Graph, Item, Ix, Label, Route, Seq};
use crate::flow::syntax::Attr;

/// How a message takes one edge.
#[derive(Clone, Default)]
pub(crate) struct Way<'g> {
    pub(crate) lane: Lane,
    /// The conditions of the arm that it leads into; those of arms around it hold where it is reached.
    pub(crate) cfgs: &'g [Attr],
}

/// What runs beside what an edge leads to.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Nothing that the edge would have to tell.
    #[default]
    Same,
    /// The other branches of `parallel`, in tasks of their own.
    Parallel,
    /// The rest of the flow, which a side branch's failure ends.
    Side,
    /// The rest of the flow, whatever becomes of the side branch.
    BestEffort,
}

/// The ways of the edges of `graph`, one for each.
pub(crate) fn ways(graph: &Graph) -> Vec<Way<'_>> {
    let mut begins = Begins { lanes: vec![Lane::Same; graph.vertices.len()], routes: Vec::new() };
    begins.seq(&graph.body);
    graph.edges.iter().map(|edge| begins.way(edge)).collect()
}

/// What begins at each vertex.
struct Begins<'g> {
    lanes: Vec<Lane>,
    routes: Vec<&'g Route>,
}

impl<'g> Begins<'g> {
    fn seq(&mut self, seq: &'g Seq) {
        for item in &seq.items {
            match item {
                Item::Fork(fork) => {
                    for branch in &fork.branches {
                        if fork.parallel {
                            self.begin(branch.heads(), Lane::Parallel);
                        }
                        self.seq(branch);
                    }
                }
                Item::Route(route) => {
                    self.routes.push(route);
                    route.arms.iter().for_each(|arm| self.seq(&arm.body));
                }
                Item::Loop(turns) => {
                    self.seq(&turns.body);
                    turns.otherwise.iter().for_each(|otherwise| self.seq(otherwise));
                }
                Item::Tee(tee) => {
                    self.begin(tee.side.heads(), side(tee.best_effort));
                    self.seq(&tee.side);
                    self.seq(&tee.rest);
                }
                Item::Weave(weave) => {
                    for stretch in &weave.stretches {
                        // What gathers stands before the task, and takes from several.
                        let own = stretch.apart && stretch.gather().is_none();
                        let lane = stretch.aside.map(side).or(own.then_some(Lane::Parallel));
                        if let Some(lane) = lane {
                            self.begin(stretch.body.heads(), lane);
                        }
                        self.seq(&stretch.body);
                    }
                }
                Item::Hop(_) | Item::Lost(_) => {}
            }
        }
    }

    fn begin(&mut self, heads: Vec<Ix>, lane: Lane) {
        for head in heads {
            self.lanes[head] = lane;
        }
    }

    fn way(&self, edge: &Edge) -> Way<'g> {
        let cfgs = match edge.label {
            Label::Arm(arm, _) => self.cfgs(edge.from, arm),
            Label::Always | Label::LoopDone | Label::OutOfTurns | Label::Aside => &[],
        };
        Way { lane: self.lanes[edge.to], cfgs }
    }

    fn cfgs(&self, router: Ix, arm: usize) -> &'g [Attr] {
        let route = self.routes.iter().find(|route| route.router == router);
        route.and_then(|route| route.arms.get(arm)).map_or(&[], |arm| &arm.cfgs)
    }
}

fn side(best_effort: bool) -> Lane {
    if best_effort { Lane::BestEffort } else { Lane::Side }
}
