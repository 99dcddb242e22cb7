//! Flows that are drawn from seeds, and what must come out of each. Knows what the forms mean, and nothing of the framework.

use std::fmt;

pub mod batches;
pub mod draw;
pub mod interpret;
pub mod print;
pub mod script;
pub mod web;

/// How many flows are drawn.
pub const FLOWS: usize = 40;
/// How many lines are drawn.
pub const LINES: usize = 8;

/// A flow from one token to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Its name.
    pub name: String,
    /// Its steps.
    pub body: Vec<Step>,
}

/// A flow of nodes behind queues.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// The capacity of the queues that `channels` puts before its nodes.
    pub channels: Option<u64>,
    /// Its nodes, with the capacity and the workers of the queue before each.
    pub stations: Vec<(Option<(u64, u64)>, Node)>,
}

impl Line {
    /// Whether each node runs one message at a time, so that none overtakes another one.
    pub fn keeps_order(&self) -> bool {
        self.stations.iter().all(|(queue, _)| queue.map_or(self.channels.is_some(), |(_, workers)| workers == 1))
    }
}

/// One step, from one token to another.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A node.
    Node(Node),
    /// Branches, the word that gathers them, and the node that makes one token of what was gathered.
    Fork {
        /// Whether each branch is a task of its own.
        parallel: bool,
        /// The branches.
        branches: Vec<Vec<Step>>,
        /// The word.
        gather: Gather,
        /// The node behind it.
        merge: Node,
    },
    /// A router and its arms, in the order of their variants.
    Route {
        /// The router.
        router: Node,
        /// The arms.
        arms: Vec<Arm>,
    },
    /// A node that makes several tokens of one, a map over them, and the node that makes one token of its results.
    Map {
        /// The node before it.
        spread: Node,
        /// What is run for each.
        worker: Worker,
        /// How many run at once.
        at_once: usize,
        /// The node behind it.
        merge: Node,
    },
    /// A loop.
    Repeat {
        /// Its bound.
        turns: u32,
        /// The steps before the one that decides.
        body: Vec<Step>,
        /// The node that decides.
        last: Node,
        /// What goes on where turns ran out.
        otherwise: Option<Node>,
    },
    /// A side branch, beside all that follows it.
    Tee {
        /// The side branch.
        side: Vec<Step>,
        /// Whether a failure of it is none of the trace.
        best_effort: bool,
    },
    /// Another flow, by its number.
    Flow(usize),
}

/// What a map runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Worker {
    /// A node.
    Node(Node),
    /// A flow, by its number.
    Flow(usize),
}

/// A word that gathers branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gather {
    /// `join`.
    All,
    /// `join_k(k)`.
    FirstK(usize),
    /// `first`.
    First,
    /// `settle`.
    Settle,
}

impl Gather {
    /// As a user writes it.
    pub fn word(self) -> String {
        match self {
            Gather::All => "join".to_owned(),
            Gather::First => "first".to_owned(),
            Gather::Settle => "settle".to_owned(),
            Gather::FirstK(k) => format!("join_k({k})"),
        }
    }
}

/// What happens to one variant of a router.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// The steps.
    pub body: Vec<Step>,
    /// Where they lead.
    pub end: ArmEnd,
}

/// Where an arm leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArmEnd {
    /// On behind the router's braces.
    On,
    /// `drop`.
    Drop,
    /// `done`.
    Done,
}

/// The variants of the enum that routers return. The first is a unit, the second has a payload, the third is a unit.
pub const VARIANTS: [&str; 3] = ["A", "B", "C"];

/// One of the nodes that the generated flows are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// What it is like.
    pub kind: Kind,
    /// Its number among its kind.
    pub index: u32,
}

/// What a node is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Fails the trace with its first failure.
    Plain,
    /// A plain function, which neither waits nor fails.
    Quick,
    /// `retries = 2`, with a growing backoff.
    Again,
    /// `timeout = "25ms"`, with one retry.
    Hasty,
    /// Takes a pair.
    Pair,
    /// Takes three.
    Triple,
    /// Takes any number.
    List,
    /// Takes two outcomes.
    Outcome,
    /// A router.
    Way,
    /// Decides about another turn.
    Turn,
    /// Makes up to five tokens of one.
    Spread,
    /// Takes the tokens of several traces.
    Crowd,
    /// Takes a little longer than the one before it: what stands behind it falls on moments of its own.
    Late,
}

impl Kind {
    /// All, with how many nodes there are of each.
    pub const ALL: [(Kind, u32); 13] = [
        (Kind::Plain, 24),
        (Kind::Quick, 8),
        (Kind::Again, 8),
        (Kind::Hasty, 8),
        (Kind::Pair, 8),
        (Kind::Triple, 6),
        (Kind::List, 10),
        (Kind::Outcome, 6),
        (Kind::Way, 6),
        (Kind::Turn, 6),
        (Kind::Spread, 6),
        (Kind::Crowd, 2),
        (Kind::Late, 4),
    ];

    const fn name(self) -> &'static str {
        match self {
            Kind::Plain => "plain",
            Kind::Quick => "quick",
            Kind::Again => "again",
            Kind::Hasty => "hasty",
            Kind::Pair => "pair",
            Kind::Triple => "triple",
            Kind::List => "list",
            Kind::Outcome => "outcome",
            Kind::Way => "way",
            Kind::Turn => "turn",
            Kind::Spread => "spread",
            Kind::Crowd => "crowd",
            Kind::Late => "late",
        }
    }

    /// The numbers of the nodes of this kind begin here.
    pub const fn base(self) -> u32 {
        self as u32 * 100
    }

    /// How long an attempt may take, in milliseconds.
    pub const fn timeout(self) -> Option<u64> {
        match self {
            Kind::Hasty => Some(250),
            _ => None,
        }
    }

    /// How often a failed attempt is repeated.
    pub const fn retries(self) -> u32 {
        match self {
            Kind::Again => 2,
            Kind::Hasty => 1,
            _ => 0,
        }
    }

    /// How long to wait behind failed attempt `attempt`, in milliseconds.
    pub const fn backoff(self, attempt: u32) -> u64 {
        match self {
            Kind::Again => 100 * 2_u64.pow(attempt - 1),
            _ => 100,
        }
    }
}

impl Node {
    /// Its number among all.
    pub const fn id(self) -> u32 {
        self.kind.base() + self.index
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.kind.name(), self.index)
    }
}
