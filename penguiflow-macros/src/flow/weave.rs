//! Chains that do not nest, as elements and the arrows between them. Knows names and steps, of graphs
//! only what a stretch begins with, and no types.

mod checks;
mod guards;
mod names;
mod stretches;
mod walk;

use crate::diag::Diags;
use crate::flow::syntax::{Chain, Gather, Mention, Path, Step, Tee};
use proc_macro2::{Ident, Span};
pub(crate) use stretches::Stretch;

/// An element by its number, in the order in which they were met.
type Ix = usize;

/// The stretches that `chains` are together. Names in heads of chains are kept in `strays`, for an editor.
pub(crate) fn stretches(chains: &[Chain], strays: &mut Vec<Path>, diags: &mut Diags) -> Weave {
    let mut web = walk::walk(chains, strays, diags);
    checks::check(&mut web, diags);
    stretches::cut(web)
}

/// Straight pieces of a flow, each behind those that feed it.
pub(crate) struct Weave {
    pub(crate) stretches: Vec<Stretch>,
    /// The stretches that a message leaves the flow from. Only one of them has it.
    pub(crate) exits: Vec<usize>,
    /// Whether a mistake was told: then what feeds what is unknown.
    pub(crate) told: bool,
}

/// All elements and arrows of a flow.
struct Web {
    elements: Vec<Element>,
    arrows: Vec<Arrow>,
    told: bool,
}

/// A piece that a message passes as a whole.
struct Element {
    what: What,
    span: Span,
    /// What it is called in messages; a node also in other chains.
    name: String,
    /// Whether it runs in a task of its own.
    apart: bool,
}

/// What an element is.
enum What {
    /// Where messages come in.
    Begin,
    /// Steps with one way in and one way out.
    Steps(Vec<Step>),
    /// A router whose arms lead to elements of their own.
    Router(Box<(Mention, Option<Step>)>),
    /// An arm of the router before it, by its number among those that go on.
    Arm(usize),
    /// An arm's `done`.
    Done(Ident),
    Gather(Gather),
    Side(Tee),
}

/// A way from one element to the next.
struct Arrow {
    from: Ix,
    to: Ix,
    /// Where it was written.
    chain: usize,
    /// The mention that it leads to.
    span: Span,
    /// It closes a cycle, which was told.
    closes: bool,
}

impl Web {
    /// The ways into `to`, without those that close a cycle.
    fn into(&self, to: Ix) -> impl Iterator<Item = &Arrow> {
        self.arrows.iter().filter(move |arrow| arrow.to == to && !arrow.closes)
    }

    /// The ways out of `from`, without those that close a cycle.
    fn out_of(&self, from: Ix) -> impl Iterator<Item = &Arrow> {
        self.arrows.iter().filter(move |arrow| arrow.from == from && !arrow.closes)
    }

    /// The elements, each behind those that lead to it; of several the one that was written first.
    fn order(&self) -> Vec<Ix> {
        let mut order: Vec<Ix> = Vec::new();
        let mut waiting: Vec<Ix> = (0..self.elements.len()).collect();
        while let Some(next) = waiting.iter().position(|&ix| self.into(ix).all(|arrow| order.contains(&arrow.from))) {
            order.push(waiting.remove(next));
        }
        order
    }
}
