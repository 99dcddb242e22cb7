//! Draws what a flow tells of itself, as Mermaid or DOT text. Knows no running flow.

use crate::graph::topology::FlowInfo;
use std::collections::BTreeMap;

mod dot;
mod look;
mod mermaid;
mod picture;
#[cfg(test)]
mod tests;
mod words;

/// A drawing of a flow, made by [`FlowInfo::drawing`] and read by [`mermaid`](Drawing::mermaid) or [`dot`](Drawing::dot).
///
/// It shows what the flow tells of itself: its budget and deadline; each step with the [policy](crate::Policy) that its
/// attribute wrote, as far as it is not the default; what stands before a step (`queue`, `batch`); the variant of each arm;
/// loops as boxes with their turns, one inside the other as they are written; and on each edge the type that travels there.
///
/// The order is that of the source and nothing else decides it: a drawing changes only where its flow does. No name can break
/// it: steps are called `n0`, `n1`, … after their index in [`FlowInfo::steps`], and every text is escaped.
///
/// ```
/// use penguiflow::prelude::*;
///
/// #[node(retries = 2, timeout = "1s")]
/// async fn fetch(url: String) -> std::io::Result<Vec<u8>> { Ok(url.into_bytes()) }
/// #[node]
/// fn size(page: Vec<u8>) -> usize { page.len() }
///
/// flow! { measure(String) -> usize { budget { deadline: "5s" } fetch -> size } }
///
/// let drawing = measure::flow().info().drawing();
/// let mermaid = drawing.mermaid();
/// assert!(mermaid.starts_with("flowchart TD\n"));
/// assert!(mermaid.contains(r#"subgraph flow["measure<br/>budget { deadline: 5s }"]"#));
/// assert!(mermaid.contains(r#"n1["fetch<br/>retries = 2<br/>timeout = 1s"]"#));
/// assert!(mermaid.contains(r#"n1 -->|"Vec#lt;u8#gt;"| n2"#));
/// assert!(drawing.dot().starts_with("digraph \"measure\" {\n"));
/// ```
///
/// # How to read it
/// | drawn | is |
/// |---|---|
/// | a round end, blue | where messages come in, where the result leaves |
/// | a box | a node; `polish as twin` is an instance |
/// | a box with a double side | a flow |
/// | a box, amber | what decides about a loop: a controller, or the last node of a `repeat` |
/// | a rhombus | a router; the edges behind it are its arms |
/// | a parallelogram | a `map` |
/// | a hexagon | what gathers branches: `join`, `join_k`, `first`, `settle` |
/// | a circle, red | `drop` |
/// | a thick edge | into a branch of `parallel` |
/// | a dotted edge | into a side branch, `tee` |
///
/// Mermaid takes 50,000 characters and 500 edges unless it is told otherwise (its `maxTextSize` and `maxEdges`).
#[derive(Debug, Clone)]
pub struct Drawing<'f> {
    flow: &'f FlowInfo,
    direction: Direction,
    types: bool,
    steps: BTreeMap<usize, Note>,
    edges: BTreeMap<usize, String>,
}

/// Which way a drawing goes from the input to the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Direction {
    /// Down.
    #[default]
    Down,
    /// Up.
    Up,
    /// To the right.
    Right,
    /// To the left.
    Left,
}

/// What is written into the drawing of a step beside what the flow tells: figures of a run, say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note {
    lines: Vec<String>,
    heat: Option<Heat>,
}

/// The colour of a step that has a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Heat {
    /// Grey: nothing happens.
    Idle,
    /// Green: all is well.
    Calm,
    /// Yellow: worth a look.
    Warm,
    /// Red: in trouble.
    Hot,
}

impl FlowInfo {
    /// The flow's drawing.
    pub fn drawing(&self) -> Drawing<'_> {
        let (steps, edges) = (BTreeMap::new(), BTreeMap::new());
        Drawing { flow: self, direction: Direction::Down, types: true, steps, edges }
    }
}

impl Drawing<'_> {
    /// Goes another way than down.
    #[must_use]
    pub fn direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// Leaves out the types on the edges.
    #[must_use]
    pub fn without_types(mut self) -> Self {
        self.types = false;
        self
    }

    /// Writes `note` into the step at this index of [`FlowInfo::steps`], in the place of an earlier one. Where there is no such
    /// step nothing is written.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    /// use penguiflow::{Heat, Note};
    ///
    /// #[node]
    /// fn double(n: u32) -> u32 { 2 * n }
    /// flow! { twice(u32) -> u32 { double } }
    ///
    /// let info = twice::flow().info();
    /// let drawing = info.drawing().with_step_note(1, Note::new().line("12 runs").heat(Heat::Warm));
    /// assert!(drawing.mermaid().contains(r#"n1["double<br/>12 runs"]"#));
    /// ```
    #[must_use]
    pub fn with_step_note(mut self, step: usize, note: Note) -> Self {
        self.steps.insert(step, note);
        self
    }

    /// Writes `note` on the edge at this index of [`FlowInfo::edges`], in the place of an earlier one. Where there is no such edge
    /// nothing is written.
    #[must_use]
    pub fn with_edge_note(mut self, edge: usize, note: impl Into<String>) -> Self {
        self.edges.insert(edge, note.into());
        self
    }

    /// The drawing as a [Mermaid](https://mermaid.js.org) flowchart, as Markdown pages show it.
    pub fn mermaid(&self) -> String {
        mermaid::text(&picture::of(self), self.direction)
    }

    /// The drawing in [DOT](https://graphviz.org/doc/info/lang.html), as Graphviz reads it: `dot -Tsvg`.
    pub fn dot(&self) -> String {
        dot::text(&picture::of(self), self.direction)
    }
}

impl Note {
    /// Says nothing.
    #[must_use]
    pub const fn new() -> Self {
        Note { lines: Vec::new(), heat: None }
    }

    /// One more line.
    #[must_use]
    pub fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// In this colour, instead of that of what the step is.
    #[must_use]
    pub const fn heat(mut self, heat: Heat) -> Self {
        self.heat = Some(heat);
        self
    }
}
