//! What the macros tell about nodes and flows, for listings, drawings and deploy checks. Plain constants.

use crate::message::Budget;
use crate::policy::Policy;
use std::time::Duration;

/// A named node, as its attribute describes it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct NodeInfo {
    /// The name in paths and drawings.
    pub name: &'static str,
    /// The module that the node stands in.
    pub module: &'static str,
    /// The function's documentation.
    pub docs: &'static str,
    /// The policy that the attribute wrote.
    pub policy: Policy,
    /// The JSON Schema of what the node takes, where its type has one.
    pub input: Option<fn() -> schemars::Schema>,
    /// The JSON Schema of what the node returns, where its type has one.
    pub output: Option<fn() -> schemars::Schema>,
}

/// A named flow, as `flow!` describes it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct FlowInfo {
    /// The flow's name.
    pub name: &'static str,
    /// The module that the flow stands in.
    pub module: &'static str,
    /// The flow's documentation.
    pub docs: &'static str,
    /// The drawing, as Mermaid text.
    pub mermaid: &'static str,
    /// Changes when nodes, edges or the types of the header change, and stays when only layout, docs, policies or budgets do.
    pub fingerprint: u64,
    /// The steps, in source order: first the input, last the output. `n3` in the drawing is `steps[3]`.
    pub steps: &'static [StepInfo],
    /// The ways between the steps, those back to the beginning of a loop last.
    pub edges: &'static [EdgeInfo],
    /// The loops, in source order.
    pub loops: &'static [LoopInfo],
    /// What each run may spend, as the flow says by [`budget { … }`](macro@crate::flow#budgets).
    pub budget: Budget,
    /// How long each run may take, as the flow says there.
    pub deadline: Option<Duration>,
    /// Whether one of its nodes, sub-flows included, has an [irreversible](crate::Effect::Irreversible) effect.
    pub irreversible: bool,
    /// The JSON Schema of what the flow takes, where its type has one.
    pub input: Option<fn() -> schemars::Schema>,
    /// The JSON Schema of what the flow gives, where its type has one.
    pub output: Option<fn() -> schemars::Schema>,
}

/// One step of a flow.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct StepInfo {
    /// The step's number in the structural keys of this flow, as in [`FlowError::place`](crate::FlowError::place); none
    /// for the input, the output and `drop`.
    pub place: Option<u32>,
    /// The name in failures: that of the node or its instance, or the word. A node that a `cfg` took out is `absent`.
    pub name: &'static str,
    /// What the step does.
    pub kind: StepKind,
    /// The policy of the node, or of its instance; none for what is no node.
    pub policy: Option<Policy>,
    /// The place of the innermost loop around the step.
    pub around: Option<u32>,
    /// What a message passes on its way into the step.
    pub entry: StepEntry,
    /// The flow that runs as this step, or for each item of it; none for a node.
    pub flow: Option<&'static FlowInfo>,
}

/// What a message passes on its way into a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StepEntry {
    /// Nothing: the trace runs the step itself.
    Straight,
    /// A bounded queue with workers of its own.
    Queue {
        /// How many messages may stand in it.
        capacity: usize,
        /// How many messages the step may run at once.
        workers: usize,
    },
    /// A batch: the step runs once for the messages of many traces of one tenant.
    Batch {
        /// How many messages go at once.
        size: usize,
        /// How long the first of them waits for others.
        linger: Duration,
    },
}

/// What a step does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StepKind {
    /// Where messages come in.
    Input,
    /// Where the result leaves.
    Output,
    /// An arm's `drop`.
    Drop,
    /// A node or a flow.
    Node,
    /// A node with arms.
    Router,
    /// A node for each item of a collection.
    Map {
        /// How many items run at once.
        at_once: usize,
        /// How many items it takes at all.
        limit: usize,
    },
    /// All branches of a fork.
    Join,
    /// The first branch of a fork that succeeds.
    First,
    /// All branches of a fork, with their failures.
    Settle,
    /// The first branches of a fork that succeed.
    JoinK {
        /// How many.
        k: usize,
    },
}

/// A message's way from one step to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EdgeInfo {
    /// The index of the step that a message leaves.
    pub from: usize,
    /// The index of the step that it comes to.
    pub to: usize,
    /// When it takes this way, if not always: a variant, or a loop's `Again`, `Done` and `out of turns`.
    pub label: Option<&'static str>,
}

/// A loop of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoopInfo {
    /// The loop's number in the structural keys of this flow.
    pub place: u32,
    /// How many turns it takes at most.
    pub turns: u32,
    /// The place of the innermost loop around it.
    pub around: Option<u32>,
}

/// A flow's graph, drawn and as data. Written by `flow!`.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "expansions write it")]
pub struct Topology {
    /// The drawing.
    pub mermaid: &'static str,
    /// The number of this shape.
    pub fingerprint: u64,
    /// The steps.
    pub steps: &'static [StepInfo],
    /// The ways between them.
    pub edges: &'static [EdgeInfo],
    /// The loops.
    pub loops: &'static [LoopInfo],
}

/// A step that is no node. Called by what `flow!` writes.
pub const fn step_info(place: Option<u32>, name: &'static str, kind: StepKind, around: Option<u32>) -> StepInfo {
    StepInfo { place, name, kind, policy: None, around, entry: StepEntry::Straight, flow: None }
}

impl StepInfo {
    /// The step behind an entry. Called by what `flow!` writes.
    #[doc(hidden)]
    pub const fn behind(mut self, entry: StepEntry) -> Self {
        self.entry = entry;
        self
    }
}

/// An edge. Called by what `flow!` writes.
pub const fn edge_info(from: usize, to: usize, label: Option<&'static str>) -> EdgeInfo {
    EdgeInfo { from, to, label }
}

/// A loop. Called by what `flow!` writes.
pub const fn loop_info(place: u32, turns: u32, around: Option<u32>) -> LoopInfo {
    LoopInfo { place, turns, around }
}

/// The entry of a node. Called by what `#[node]` writes.
pub const fn node_info(
    name: &'static str,
    module: &'static str,
    docs: &'static str,
    policy: Policy,
    input: Option<fn() -> schemars::Schema>,
    output: Option<fn() -> schemars::Schema>,
) -> NodeInfo {
    NodeInfo { name, module, docs, policy, input, output }
}

/// The entry of a flow. Called by what `flow!` writes.
pub const fn flow_info(
    name: &'static str,
    module: &'static str,
    docs: &'static str,
    irreversible: bool,
    topology: Topology,
    input: Option<fn() -> schemars::Schema>,
    output: Option<fn() -> schemars::Schema>,
) -> FlowInfo {
    let Topology { mermaid, fingerprint, steps, edges, loops } = topology;
    let (budget, deadline) = (Budget::new(), None);
    FlowInfo {
        name,
        module,
        docs,
        mermaid,
        fingerprint,
        steps,
        edges,
        loops,
        budget,
        deadline,
        irreversible,
        input,
        output,
    }
}

impl FlowInfo {
    /// With what the flow says of its runs. Called by what `flow!` writes.
    #[doc(hidden)]
    pub const fn limited(self, budget: Budget, deadline: Option<Duration>) -> Self {
        FlowInfo { budget, deadline, ..self }
    }
}

/// All named nodes that are linked into the program, in no particular order.
///
/// ```
/// use penguiflow::prelude::*;
///
/// /// Counts words.
/// #[node(concurrency = 2)]
/// async fn count_words(text: String) -> usize {
///     text.split_whitespace().count()
/// }
///
/// let counts = penguiflow::nodes().find(|node| node.name == "count_words").expect("is linked in");
/// assert_eq!((counts.docs, counts.policy.concurrency), ("Counts words.", Some(2)));
/// ```
pub fn nodes() -> impl Iterator<Item = &'static NodeInfo> {
    inventory::iter::<NodeInfo>.into_iter()
}

/// All named flows that are linked into the program, in no particular order. A flow that is an expression has no name and
/// is not listed.
///
/// ```
/// use penguiflow::StepKind;
/// use penguiflow::prelude::*;
///
/// #[node]
/// fn split(text: String) -> Vec<String> {
///     text.split(' ').map(str::to_owned).collect()
/// }
/// #[node(timeout = "1s")]
/// async fn measure(word: String) -> usize {
///     word.len()
/// }
///
/// flow! {
///     /// How long the words of a text are.
///     lengths(String) -> Vec<usize> { split -> map(measure, 8) }
/// }
///
/// let lengths = penguiflow::flows().find(|flow| flow.name == "lengths").expect("is linked in");
/// assert_eq!(lengths.docs, "How long the words of a text are.");
/// assert!(lengths.mermaid.contains("n1 --> n2"));
///
/// let map = &lengths.steps[2];
/// assert_eq!((map.name, map.place), ("measure", Some(1)));
/// assert_eq!(map.kind, StepKind::Map { at_once: 8, limit: 10_000 });
/// assert!(map.policy.is_some_and(|policy| policy.timeout.is_some()));
/// let to_the_map = lengths.edges.iter().find(|edge| edge.to == 2).expect("is reached");
/// assert_eq!((to_the_map.from, to_the_map.label), (1, None));
/// ```
pub fn flows() -> impl Iterator<Item = &'static FlowInfo> {
    inventory::iter::<FlowInfo>.into_iter()
}

inventory::collect!(NodeInfo);
inventory::collect!(FlowInfo);
