//! Draws flows from a seed. What it draws compiles; it decides nothing about what comes out.

use crate::proof::script::Dice;
use crate::proof::{Arm, ArmEnd, FLOWS, Flow, Gather, Kind, LINES, Line, Node, Step, VARIANTS, Worker};
use std::collections::BTreeMap;

/// The same flows each time.
pub fn flows() -> Vec<Flow> {
    let mut flows = Vec::new();
    for number in 0..FLOWS {
        let flow = Draft::new(number, &flows).flow();
        flows.push(flow);
    }
    flows
}

/// Whether one of the forks of the flow `number` runs its branches in tasks: their order is the runtime's, and what comes of it
/// is known on a virtual clock only.
pub fn runs_in_tasks(number: usize) -> bool {
    number % 4 == 3
}

/// The same lines each time: the first third by `channels`, the second by queues of one worker, the rest with more workers.
pub fn lines() -> Vec<Line> {
    (0..LINES).map(line).collect()
}

fn line(number: usize) -> Line {
    let mut dice = Dice::new(5_000 + number as u64);
    let channels = (number * 3 < LINES).then(|| 1 + dice.below(3));
    let workers_max = if number * 3 < 2 * LINES { 1 } else { 3 };
    let mut station = |index| {
        let kind = [Kind::Plain, Kind::Plain, Kind::Quick, Kind::Again][dice.below(4) as usize];
        let queue = channels.is_none().then(|| (1 + dice.below(3), 1 + dice.below(workers_max)));
        (queue, Node { kind, index })
    };
    let stations = (0..3 + number as u32 % 4).map(&mut station).collect();
    Line { name: format!("line_{number}"), channels, stations }
}

/// How deep forms stand in forms.
const DEPTH_MAX: u32 = 2;

struct Draft<'f> {
    number: usize,
    earlier: &'f [Flow],
    dice: Dice,
    /// How many nodes of each kind were used.
    used: BTreeMap<Kind, u32>,
    flows_used: Vec<usize>,
    /// How many steps may still be drawn.
    steps: u32,
    /// Whether the next fork runs its branches in tasks: in each fourth flow one does.
    parallel: bool,
}

/// What surrounds a step.
#[derive(Clone, Copy)]
struct Around {
    depth: u32,
    /// Whether it stands in a fork, which `done` cannot leave.
    in_fork: bool,
    /// Whether it stands in a loop's body, whose last node comes behind all of it.
    in_loop: bool,
}

impl<'f> Draft<'f> {
    fn new(number: usize, earlier: &'f [Flow]) -> Self {
        let dice = Dice::new(1_000 + number as u64);
        let (used, flows_used) = (BTreeMap::new(), Vec::new());
        Draft { number, earlier, dice, used, flows_used, steps: 6 + number as u32 / 3, parallel: runs_in_tasks(number) }
    }

    fn flow(mut self) -> Flow {
        let around = Around { depth: 0, in_fork: false, in_loop: false };
        let mut body = Vec::new();
        // The first step is called when the trace begins, so that a test can tell when that was.
        body.push(Step::Node(self.node(Kind::Plain).unwrap_or(Node { kind: Kind::Plain, index: 0 })));
        if self.parallel {
            body.extend(self.fork(Around { depth: 1, ..around }));
        }
        while self.steps > 0 {
            body.extend(self.step(around));
        }
        Flow { name: format!("flow_{}", self.number), body }
    }

    /// A node that was not used yet in this flow.
    fn node(&mut self, kind: Kind) -> Option<Node> {
        let count = Kind::ALL.iter().find(|(known, _)| *known == kind).map_or(0, |(_, count)| *count);
        let used = self.used.entry(kind).or_default();
        (*used < count).then(|| {
            *used += 1;
            Node { kind, index: *used - 1 }
        })
    }

    fn seq(&mut self, around: Around) -> Vec<Step> {
        let length = 1 + self.dice.below(3);
        (0..length).filter_map(|_| self.step(around)).collect()
    }

    /// A step, unless there are no nodes left for what the dice say.
    fn step(&mut self, around: Around) -> Option<Step> {
        self.steps = self.steps.saturating_sub(1);
        let inner = Around { depth: around.depth + 1, ..around };
        let choice = self.dice.below(if around.depth < DEPTH_MAX { 14 } else { 4 });
        let step = match choice {
            0..=1 => Step::Node(self.node(Kind::Plain)?),
            2 => Step::Node(self.node(if self.dice.clone().chance(50) { Kind::Quick } else { Kind::Again })?),
            3 => Step::Node(self.node(Kind::Hasty)?),
            4..=6 => self.fork(inner)?,
            7..=8 => self.route(inner)?,
            9 => self.map()?,
            10 => self.repeat(inner)?,
            11..=12 => self.tee(inner)?,
            _ => Step::Flow(self.other_flow()?),
        };
        Some(step)
    }

    /// An earlier flow, each at most once. One with tasks of its own runs alone.
    fn other_flow(&mut self) -> Option<usize> {
        let known = self.earlier.len();
        let number = (known > 0).then(|| self.dice.below(known as u64) as usize)?;
        let new = !self.flows_used.contains(&number) && !runs_in_tasks(number);
        new.then(|| self.flows_used.push(number))?;
        Some(number)
    }

    fn fork(&mut self, around: Around) -> Option<Step> {
        let count = 2 + self.dice.below(3) as usize;
        let (gather, kind) = match (count, self.dice.below(5)) {
            (2, 0..=1) => (Gather::All, Kind::Pair),
            (3, 0..=2) => (Gather::All, Kind::Triple),
            (2, 2) => (Gather::Settle, Kind::Outcome),
            (_, 3) => (Gather::First, Kind::Plain),
            _ => (Gather::FirstK(1 + self.dice.below(count as u64) as usize), Kind::List),
        };
        let merge = self.node(kind)?;
        // Tasks run in an order of their own: what happens in them happens in moments that they do not share.
        let parallel = self.parallel && around.depth == 1;
        self.parallel &= !parallel;
        let mut branches = Vec::new();
        for _ in 0..count {
            let late = if parallel { self.node(Kind::Late).map(Step::Node) } else { None };
            let mut branch: Vec<Step> = late.into_iter().collect();
            branch.extend(self.seq(Around { in_fork: true, in_loop: false, ..around }));
            if branch.is_empty() {
                branch.push(Step::Node(self.node(Kind::Plain)?));
            }
            branches.push(branch);
        }
        Some(Step::Fork { parallel, branches, gather, merge })
    }

    fn route(&mut self, around: Around) -> Option<Step> {
        let router = self.node(Kind::Way)?;
        let mut arms = Vec::new();
        for _ in VARIANTS {
            let end = match self.dice.below(10) {
                0 => ArmEnd::Drop,
                1 if !around.in_fork => ArmEnd::Done,
                _ => ArmEnd::On,
            };
            arms.push(Arm { body: self.seq(Around { in_loop: false, ..around }), end });
        }
        // The flow needs a way on; an arm without a step is a node of its own.
        arms[0].end = ArmEnd::On;
        for arm in &mut arms {
            if arm.body.is_empty() {
                arm.body.push(Step::Node(self.node(Kind::Plain)?));
            }
        }
        Some(Step::Route { router, arms })
    }

    fn tee(&mut self, around: Around) -> Option<Step> {
        if around.in_loop {
            return None;
        }
        let mut side = self.seq(Around { in_fork: true, ..around });
        if side.is_empty() {
            side.push(Step::Node(self.node(Kind::Plain)?));
        }
        Some(Step::Tee { side, best_effort: self.dice.chance(50) })
    }

    fn map(&mut self) -> Option<Step> {
        let (spread, merge) = (self.node(Kind::Spread)?, self.node(Kind::List)?);
        let worker = match self.dice.below(3) {
            0 => self.other_flow().map(Worker::Flow),
            1 => self.node(Kind::Again).map(Worker::Node),
            _ => self.node(Kind::Plain).map(Worker::Node),
        };
        let at_once = 1 + self.dice.below(4) as usize;
        Some(Step::Map { spread, worker: worker?, at_once, merge })
    }

    fn repeat(&mut self, around: Around) -> Option<Step> {
        let last = self.node(Kind::Turn)?;
        let body = self.seq(Around { in_loop: true, ..around });
        let otherwise = if self.dice.chance(50) { self.node(Kind::Plain) } else { None };
        Some(Step::Repeat { turns: 1 + self.dice.below(4) as u32, body, last, otherwise })
    }
}
