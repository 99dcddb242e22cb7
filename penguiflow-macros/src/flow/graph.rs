//! A flow as a graph: vertices, edges, and on top the nesting of forks, arms and loops. Answers questions only; knows
//! neither how it was written nor what it becomes.

use crate::flow::syntax::{Attr, Budget, Count, EntryKind, Form, Header, Path, Policy, Rule};
use proc_macro2::{Ident, Span};

/// A vertex by its number, in source order; edges go from lower to higher numbers.
pub(crate) type Ix = usize;

/// One flow.
pub(crate) struct Graph {
    pub(crate) form: Form,
    pub(crate) vertices: Vec<Vertex>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) body: Seq,
    /// Names that are no vertex, see [`crate::flow::syntax::Flow::strays`].
    pub(crate) strays: Vec<Path>,
    /// What one run may spend.
    pub(crate) budget: Option<Budget>,
}

/// A point that messages pass.
pub(crate) struct Vertex {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    /// A mistake about it was told: types around it are silent.
    pub(crate) broken: bool,
}

/// What a vertex does with a message.
pub(crate) enum Kind {
    /// Where messages come in.
    Input,
    /// Where a result leaves.
    Output,
    /// An arm's `drop`.
    Drop,
    Node(Hop),
    Map(Hop, Width),
    Gather(Meeting),
}

/// A node at its place. Places number nodes, joins and loops in source order: part of each key under which a run
/// remembers a step.
pub(crate) struct Hop {
    pub(crate) place: u32,
    pub(crate) path: Path,
    pub(crate) policy: Option<Policy>,
    pub(crate) alias: Option<Ident>,
    pub(crate) has_arms: bool,
    /// What is asked about the arm that the router chose.
    pub(crate) asks: Option<Path>,
    /// What a message passes on its way in.
    pub(crate) entry: Option<EntryKind>,
}

/// A word that gathers a fork's branches, at its place.
pub(crate) struct Meeting {
    pub(crate) place: u32,
    pub(crate) word: Ident,
    pub(crate) rule: Rule,
}

/// How many items a map runs at once, how many it takes at all, and whether each runs in a task of its own.
#[derive(Clone, Copy)]
pub(crate) struct Width {
    pub(crate) parallel: bool,
    pub(crate) at_once: Count,
    pub(crate) limit: Option<Count>,
}

/// A message's way from one vertex to the next.
pub(crate) struct Edge {
    pub(crate) from: Ix,
    pub(crate) to: Ix,
    pub(crate) label: Label,
}

/// Under which condition a message takes an edge.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Label {
    Always,
    Arm(String),
    /// The last node of a loop returned `Step::Done`.
    LoopDone,
    /// The loop had no turn left.
    OutOfTurns,
    /// Into a side branch.
    Aside,
}

impl Label {
    /// What a picture writes on the edge.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Label::Always => None,
            Label::Arm(variant) => Some(variant),
            Label::LoopDone => Some("Done"),
            Label::OutOfTurns => Some("out of turns"),
            Label::Aside => Some("aside"),
        }
    }
}

/// What happens one after the other.
#[derive(Default)]
pub(crate) struct Seq {
    pub(crate) items: Vec<Item>,
}

/// One thing in a sequence.
pub(crate) enum Item {
    /// A node without arms, or a map.
    Hop(Ix),
    Fork(Fork),
    Route(Route),
    Loop(Loop),
    Tee(Tee),
    Weave(Weave),
    /// Something that was told to be a mistake; nobody knows what it hands on.
    Lost(Span),
}

/// Branches and the word that gathers them.
pub(crate) struct Fork {
    pub(crate) branches: Vec<Seq>,
    /// Whether each branch runs in a task of its own.
    pub(crate) parallel: bool,
    /// Missing only after a mistake.
    pub(crate) gather: Option<Ix>,
    pub(crate) span: Span,
}

/// A side branch, and what runs beside it to the end of the sequence.
pub(crate) struct Tee {
    pub(crate) side: Seq,
    pub(crate) rest: Seq,
    pub(crate) best_effort: bool,
    pub(crate) span: Span,
}

/// Chains that do not nest: stretches that feed each other, each behind those that feed it.
pub(crate) struct Weave {
    pub(crate) stretches: Vec<Stretch>,
    /// The stretches that a message leaves the flow from; only one of them has it.
    pub(crate) exits: Vec<usize>,
    /// A mistake was told: what feeds what is unknown.
    pub(crate) told: bool,
}

/// A straight piece of a flow.
pub(crate) struct Stretch {
    pub(crate) feed: Feed<Ix>,
    pub(crate) body: Seq,
    /// Of a side branch, whether its failure is none of the flow.
    pub(crate) aside: Option<bool>,
    /// Whether it runs in a task of its own.
    pub(crate) apart: bool,
    /// How many stretches take what it ends with.
    pub(crate) readers: usize,
    pub(crate) span: Span,
}

/// What a stretch begins with, `G` where several ways are gathered.
pub(crate) enum Feed<G> {
    /// The message that comes in.
    Begin,
    One(usize),
    /// What the one of them brings that a message passes.
    Either(Vec<usize>),
    /// What an arm hands on of the router that the stretch ends with.
    Arm(usize, usize),
    Gather(G, Vec<usize>),
    /// Nothing, which was told.
    Lost,
}

/// A router and its arms.
pub(crate) struct Route {
    pub(crate) router: Ix,
    pub(crate) arms: Vec<Arm>,
}

/// One variant and what happens to it.
pub(crate) struct Arm {
    pub(crate) cfgs: Vec<Attr>,
    pub(crate) variant: Ident,
    pub(crate) body: Seq,
    pub(crate) end: ArmEnd,
}

/// Where an arm's last message goes.
#[derive(Clone, Copy)]
pub(crate) enum ArmEnd {
    /// On behind the router's braces.
    GoesOn,
    /// To a stretch of its own; the arm's number among those that do.
    Hands(usize),
    Drop(Ix),
    /// Out of the flow, as its result.
    Done(Span),
    /// Nowhere, which was told.
    Lost,
}

/// A loop with a bound.
pub(crate) struct Loop {
    pub(crate) place: u32,
    pub(crate) turns: Count,
    pub(crate) body: Seq,
    /// The node that decides whether there is another turn; missing only after a mistake.
    pub(crate) last: Option<Ix>,
    pub(crate) otherwise: Option<Seq>,
    pub(crate) span: Span,
}

impl Graph {
    /// The head of a named flow.
    pub(crate) fn header(&self) -> Option<&Header> {
        match &self.form {
            Form::Item(header) => Some(header),
            Form::Headless(_) | Form::Expression => None,
        }
    }

    /// The vertices that are a node at a place, maps included.
    pub(crate) fn hops(&self) -> impl Iterator<Item = (Ix, &Hop)> {
        self.vertices.iter().enumerate().filter_map(|(ix, vertex)| Some((ix, vertex.hop()?)))
    }

    /// What messages and pictures call a vertex.
    pub(crate) fn name(&self, ix: Ix) -> String {
        match &self.vertices[ix].kind {
            Kind::Input => "input".to_owned(),
            Kind::Output => "output".to_owned(),
            Kind::Drop => "drop".to_owned(),
            Kind::Node(hop) | Kind::Map(hop, _) => hop.name(),
            Kind::Gather(gather) => gather.word.to_string(),
        }
    }
}

impl Vertex {
    pub(crate) fn hop(&self) -> Option<&Hop> {
        match &self.kind {
            Kind::Node(hop) | Kind::Map(hop, _) => Some(hop),
            Kind::Input | Kind::Output | Kind::Drop | Kind::Gather(_) => None,
        }
    }

    pub(crate) fn place(&self) -> Option<u32> {
        match &self.kind {
            Kind::Node(hop) | Kind::Map(hop, _) => Some(hop.place),
            Kind::Gather(meeting) => Some(meeting.place),
            Kind::Input | Kind::Output | Kind::Drop => None,
        }
    }
}

impl ArmEnd {
    /// The vertex that the arm ends in, if it has one of its own.
    pub(crate) fn vertex(self) -> Option<Ix> {
        match self {
            ArmEnd::Drop(ix) => Some(ix),
            ArmEnd::GoesOn | ArmEnd::Hands(_) | ArmEnd::Done(_) | ArmEnd::Lost => None,
        }
    }
}

impl Hop {
    /// What makes two hops runs of the same node: the instance's name, or the node's path.
    pub(crate) fn name(&self) -> String {
        self.alias.as_ref().map_or_else(|| self.path.text.clone(), Ident::to_string)
    }
}

impl Item {
    /// The vertices in which the item begins; more than one for a fork.
    pub(crate) fn heads(&self) -> Vec<Ix> {
        match self {
            Item::Hop(ix) => vec![*ix],
            Item::Route(route) => vec![route.router],
            Item::Fork(fork) => fork.branches.iter().flat_map(Seq::heads).collect(),
            Item::Loop(turns) => turns.body.heads(),
            Item::Tee(tee) => [tee.side.heads(), tee.rest.heads()].concat(),
            Item::Weave(weave) => weave.stretches.first().map_or_else(Vec::new, |stretch| stretch.body.heads()),
            Item::Lost(_) => Vec::new(),
        }
    }
}

impl Stretch {
    /// The stretches that feed it.
    pub(crate) fn fed_by(&self) -> &[usize] {
        match &self.feed {
            Feed::Begin | Feed::Lost => &[],
            Feed::One(from) | Feed::Arm(from, _) => std::slice::from_ref(from),
            Feed::Either(from) | Feed::Gather(_, from) => from,
        }
    }

    /// The gather that it begins with.
    pub(crate) fn gather(&self) -> Option<Ix> {
        match self.feed {
            Feed::Gather(ix, _) => Some(ix),
            Feed::Begin | Feed::One(_) | Feed::Either(_) | Feed::Arm(..) | Feed::Lost => None,
        }
    }
}

impl Seq {
    /// What the sequence ends with, inside what runs beside a side branch as well.
    pub(crate) fn last(&self) -> Option<&Item> {
        match self.items.last()? {
            Item::Tee(tee) if !tee.rest.items.is_empty() => tee.rest.last(),
            item => Some(item),
        }
    }

    /// The vertices in which the sequence begins.
    pub(crate) fn heads(&self) -> Vec<Ix> {
        self.items.first().map_or_else(Vec::new, Item::heads)
    }
}
