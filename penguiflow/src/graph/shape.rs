//! How the steps of a flow nest: one after the other, beside one another, or one instead of another. Plain constants; what a
//! step is stands in the topology.

/// One thing in a sequence.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "expansions write it")]
pub enum Part {
    /// A node or a map, by the number of its step.
    Step(usize),
    /// Branches, or a side branch and what runs beside it: what follows waits for all of them.
    Fork(&'static [&'static [Part]]),
    /// A router, by the number of its step, and its arms.
    Route(usize, &'static [Way]),
    /// A loop: its turns, one of them, and what runs when it is out of turns.
    Loop(u32, &'static [Part], &'static [Part]),
    /// Chains that do not nest, each stretch behind those that feed it.
    Weave(&'static [Strand]),
}

/// An arm, and whether a message leaves the flow behind it.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "expansions write it")]
pub struct Way(pub &'static [Part], pub bool);

/// The numbers of the stretches that feed a stretch, and the stretch.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "expansions write it")]
pub struct Strand(pub &'static [usize], pub &'static [Part]);
