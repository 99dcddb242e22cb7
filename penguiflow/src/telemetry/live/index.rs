//! Numbers the steps of a flow and its sub-flows, and finds the number by a place. Knows no event.

use crate::graph::topology::ways::{EdgeInfo, EdgeKind};
use crate::graph::topology::{FlowInfo, StepEntry, StepInfo, StepKind};

/// All steps of a started flow, those of a sub-flow behind the step that runs it.
#[derive(Debug)]
pub(crate) struct Index {
    pub(super) info: &'static FlowInfo,
    pub(super) steps: Vec<Known>,
    pub(super) edges: Vec<Way>,
    /// The numberings, that of the started flow first.
    flows: Vec<Vec<Option<Entry>>>,
}

/// A step.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) info: &'static StepInfo,
    /// The flow that it stands in.
    pub(super) flow: &'static FlowInfo,
    /// Its index in [`FlowInfo::steps`].
    pub(super) at: usize,
    /// The step around it that runs its flow.
    pub(super) above: Option<usize>,
    pub(super) place: Option<String>,
    pub(super) path: String,
}

/// An edge, and who knows how many messages take it.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) info: &'static EdgeInfo,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) counted: Counted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// The traces that were let in.
    Emitted,
    /// What the step it comes from has completed.
    Completed,
    /// How often the router has chosen this arm.
    Arm(&'static str),
    /// Nobody.
    Not,
}

/// What a number leads to.
#[derive(Debug, Clone, Copy)]
struct Entry {
    step: usize,
    /// The numbering below.
    below: Option<usize>,
}

/// Where a flow stands.
struct Around {
    above: Option<usize>,
    places: Vec<u32>,
    path: String,
}

impl Index {
    pub(super) fn new(info: &'static FlowInfo) -> Self {
        let mut index = Index { info, steps: Vec::new(), edges: Vec::new(), flows: Vec::new() };
        index.add(info, &Around { above: None, places: Vec::new(), path: info.name.to_owned() });
        index
    }

    /// The step at these numbers; none for what the flow does not tell of.
    pub(super) fn step(&self, numbers: impl Iterator<Item = u32>) -> Option<usize> {
        let (mut flow, mut found) = (Some(0), None);
        for number in numbers {
            let entry = (*self.flows.get(flow?)?.get(number as usize)?)?;
            (flow, found) = (entry.below, Some(entry.step));
        }
        found
    }

    /// Adds the steps of a flow; gives its numbering.
    fn add(&mut self, flow: &'static FlowInfo, around: &Around) -> usize {
        let numbering = self.flows.len();
        self.flows.push(Vec::new());
        let mut rows = Vec::new();
        for (at, info) in flow.steps.iter().enumerate() {
            let step = self.steps.len();
            rows.push(step);
            let places: Vec<u32> = around.places.iter().copied().chain(info.place).collect();
            let place = info.place.map(|_| places.iter().map(u32::to_string).collect::<Vec<_>>().join("/"));
            let path = format!("{} › {}", around.path, info.name);
            self.steps.push(Known { info, flow, at, above: around.above, place, path });
            let Some(number) = info.place else { continue };
            let below = self.add_below(step, info, places, around);
            self.enter(numbering, number, Entry { step, below });
        }
        for info in flow.edges {
            let (Some(&from), Some(&to)) = (rows.get(info.from), rows.get(info.to)) else { continue };
            let counted = counted(info, self.steps[from].info, around.above.is_none());
            self.edges.push(Way { info, from, to, counted });
        }
        numbering
    }

    /// Adds what runs inside a step; gives the numbering there.
    fn add_below(&mut self, step: usize, info: &'static StepInfo, places: Vec<u32>, around: &Around) -> Option<usize> {
        let map = matches!(info.kind, StepKind::Map { .. });
        let path = if map {
            format!("{} › map › {}", around.path, info.name)
        } else {
            format!("{} › {}", around.path, info.name)
        };
        match (map, info.flow) {
            (false, None) => None,
            (false, Some(flow)) => Some(self.add(flow, &Around { above: Some(step), places, path })),
            // The worker is the only step of its item, so what is told of step 0 there is told of the map.
            (true, worker) => {
                let item = self.flows.len();
                self.flows.push(Vec::new());
                let places = places.into_iter().chain([0]).collect();
                let below = worker.map(|flow| self.add(flow, &Around { above: Some(step), places, path }));
                self.enter(item, 0, Entry { step, below });
                Some(item)
            }
        }
    }

    fn enter(&mut self, numbering: usize, number: u32, entry: Entry) {
        let flow = &mut self.flows[numbering];
        let at = number as usize;
        flow.resize(flow.len().max(at + 1), None);
        flow[at] = Some(entry);
    }
}

/// Who counts the messages on an edge. Sub-flows, maps and batches have no event for a message that leaves them, and loops none for a turn.
fn counted(edge: &EdgeInfo, from: &StepInfo, outermost: bool) -> Counted {
    match (edge.when, from.kind) {
        (EdgeKind::Arm(arm), _) => Counted::Arm(arm),
        (EdgeKind::Again | EdgeKind::Done | EdgeKind::OutOfTurns, _) => Counted::Not,
        (EdgeKind::Always, StepKind::Input) if outermost => Counted::Emitted,
        (EdgeKind::Always, StepKind::Node) if from.flow.is_none() && !matches!(from.entry, StepEntry::Batch { .. }) => {
            Counted::Completed
        }
        (EdgeKind::Always, StepKind::Join | StepKind::First | StepKind::Settle | StepKind::JoinK { .. }) => {
            Counted::Completed
        }
        (EdgeKind::Always, _) => Counted::Not,
    }
}
