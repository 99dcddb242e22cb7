//! The ways between the steps of a flow, and its loops. Plain constants.

/// A message's way from one step to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EdgeInfo {
    /// The index of the step that a message leaves.
    pub from: usize,
    /// The index of the step that it comes to.
    pub to: usize,
    /// When it takes this way.
    pub when: EdgeKind,
    /// What runs beside what it leads to.
    pub lane: Lane,
}

/// When a message takes a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EdgeKind {
    /// Whenever it leaves the step.
    Always,
    /// When the router gives this variant. An arm that a `cfg` took out has no way.
    Arm(&'static str),
    /// When the last node of a loop returned `Step::Again`: back to the beginning.
    Again,
    /// When the last node of a loop returned `Step::Done`.
    Done,
    /// When the loop had no turn left.
    OutOfTurns,
}

/// What runs beside what a way leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lane {
    /// The other branches, if it leads into one, all in one task.
    Same,
    /// The other branches of a `parallel`, each in a task of its own.
    Parallel,
    /// The rest of the flow: it leads into a `tee`, whose failure is a failure of the trace.
    Side,
    /// The rest of the flow: it leads into a `tee(…, best_effort)`.
    BestEffort,
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

/// An edge. Called by what `flow!` writes.
pub const fn edge_info(from: usize, to: usize, when: EdgeKind) -> EdgeInfo {
    EdgeInfo { from, to, when, lane: Lane::Same }
}

/// A loop. Called by what `flow!` writes.
pub const fn loop_info(place: u32, turns: u32, around: Option<u32>) -> LoopInfo {
    LoopInfo { place, turns, around }
}

impl EdgeInfo {
    /// Beside something else. Called by what `flow!` writes.
    #[doc(hidden)]
    pub const fn beside(mut self, lane: Lane) -> Self {
        self.lane = lane;
        self
    }
}

impl EdgeKind {
    /// What a drawing writes on the way: the variant, or `Again`, `Done` and `out of turns` of a loop.
    pub const fn label(self) -> Option<&'static str> {
        match self {
            EdgeKind::Always => None,
            EdgeKind::Arm(variant) => Some(variant),
            EdgeKind::Again => Some("Again"),
            EdgeKind::Done => Some("Done"),
            EdgeKind::OutOfTurns => Some("out of turns"),
        }
    }
}
