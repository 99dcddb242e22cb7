//! Flows whose chains do not nest: stations that feed each other, drawn from seeds, and the chains that a user would write.

use crate::proof::script::Dice;
use crate::proof::{Gather, Kind, Node, VARIANTS};
use std::collections::BTreeMap;

mod interpret;

pub use interpret::{Outcomes, interpret};

/// How many webs are drawn.
pub const WEBS: usize = 16;

/// A flow of stations; each stands behind those that feed it, and the last one is its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Web {
    /// Its name.
    pub name: String,
    /// Its stations.
    pub stations: Vec<Station>,
}

/// A node, and what feeds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// The node.
    pub node: Node,
    /// What feeds it.
    pub feed: Feed,
    /// Of a router: for each variant whether a station stands behind it; otherwise the arm drops.
    pub arms: [bool; VARIANTS.len()],
}

/// What feeds a station, by the numbers of others.
#[derive(Debug, Clone, PartialEq)]
pub enum Feed {
    /// The message that comes in.
    Begin,
    /// What another one gives.
    One(usize),
    /// What a word makes of several.
    Gather(Gather, Vec<usize>),
    /// An arm of a router.
    Arm(usize, usize),
    /// The one of them that a message passes.
    Either(Vec<usize>),
}

impl Feed {
    /// The stations that it names.
    pub fn from(&self) -> &[usize] {
        match self {
            Feed::Begin => &[],
            Feed::One(from) | Feed::Arm(from, _) => std::slice::from_ref(from),
            Feed::Gather(_, from) | Feed::Either(from) => from,
        }
    }
}

/// The same webs each time. In the first half all branches are waited for, so that the first failure ends all.
pub fn webs() -> Vec<Web> {
    (0..WEBS).map(|number| Draft::new(number).web(number)).collect()
}

struct Draft {
    dice: Dice,
    tolerant: bool,
    stations: Vec<Station>,
    /// Stations that each message passes: others may go on from them.
    sure: Vec<usize>,
    used: BTreeMap<Kind, u32>,
}

impl Draft {
    fn new(number: usize) -> Self {
        let dice = Dice::new(9_000 + number as u64);
        Draft { dice, tolerant: number * 2 >= WEBS, stations: Vec::new(), sure: Vec::new(), used: BTreeMap::new() }
    }

    fn web(mut self, number: usize) -> Web {
        self.station(Kind::Plain, Feed::Begin, true);
        for _ in 0..5 + number % 5 {
            match self.dice.below(6) {
                0..=1 => self.straight(),
                2..=3 => self.gathered(),
                4 => self.routed(),
                _ => {
                    // Two go on from one: what makes a web of it.
                    self.straight();
                    self.straight();
                }
            }
        }
        while let [first, second, ..] = self.ends()[..] {
            self.gather(vec![first, second]);
        }
        Web { name: format!("web_{number}"), stations: self.stations }
    }

    /// The stations that nothing reads so far.
    fn ends(&self) -> Vec<usize> {
        let read = |at: &usize| self.stations.iter().any(|station| station.feed.from().contains(at));
        self.sure.iter().copied().filter(|at| !read(at)).collect()
    }

    fn station(&mut self, kind: Kind, feed: Feed, is_sure: bool) -> usize {
        assert!(self.has(kind), "there are no more nodes of the kind {kind:?}");
        let used = self.used.entry(kind).or_default();
        let index = *used;
        *used += 1;
        self.stations.push(Station { node: Node { kind, index }, feed, arms: [false; VARIANTS.len()] });
        let at = self.stations.len() - 1;
        if is_sure {
            self.sure.push(at);
        }
        at
    }

    /// Whether there are nodes of this kind left.
    fn has(&self, kind: Kind) -> bool {
        let used = self.used.get(&kind).copied().unwrap_or_default();
        Kind::ALL.iter().any(|(known, count)| *known == kind && used < *count)
    }

    fn any(&mut self) -> usize {
        let at = self.dice.below(self.sure.len() as u64) as usize;
        self.sure[at]
    }

    fn kind(&mut self) -> Kind {
        let drawn = [Kind::Plain, Kind::Quick, Kind::Again, Kind::Hasty][self.dice.below(4) as usize];
        if self.has(drawn) { drawn } else { Kind::Plain }
    }

    fn straight(&mut self) {
        let (kind, from) = (self.kind(), self.any());
        self.station(kind, Feed::One(from), true);
    }

    fn gathered(&mut self) {
        let mut from: Vec<usize> = (0..2 + self.dice.below(2)).map(|_| self.any()).collect();
        from.sort_unstable();
        from.dedup();
        if from.len() > 1 {
            self.gather(from);
        }
    }

    fn gather(&mut self, from: Vec<usize>) {
        let count = from.len();
        let (gather, kind) = match (count, self.dice.below(5)) {
            (2, 0) if self.tolerant && self.has(Kind::Outcome) => (Gather::Settle, Kind::Outcome),
            (_, 1) if self.tolerant => (Gather::First, Kind::Plain),
            (_, 2..=3) if self.tolerant && self.has(Kind::List) => {
                (Gather::FirstK(1 + self.dice.below(count as u64) as usize), Kind::List)
            }
            (2, _) => (Gather::All, Kind::Pair),
            (_, _) => (Gather::All, Kind::Triple),
        };
        self.station(kind, Feed::Gather(gather, from), true);
    }

    /// A router whose arms lead into chains of their own, some of which meet before the others.
    fn routed(&mut self) {
        let from = self.any();
        let router = self.station(Kind::Way, Feed::One(from), false);
        let mut ends = Vec::new();
        for arm in 0..VARIANTS.len() {
            if arm > 0 && self.dice.chance(15) {
                continue;
            }
            self.stations[router].arms[arm] = true;
            let kind = self.kind();
            let mut end = self.station(kind, Feed::Arm(router, arm), false);
            if self.dice.chance(50) {
                let kind = self.kind();
                end = self.station(kind, Feed::One(end), false);
            }
            ends.push(end);
        }
        if ends.len() == 3 && self.dice.chance(50) {
            let two = ends.split_off(1);
            ends.push(self.station(Kind::Plain, Feed::Either(two), false));
        }
        let feed = if let [one] = ends[..] { Feed::One(one) } else { Feed::Either(ends) };
        self.station(Kind::Plain, feed, true);
    }
}

impl Web {
    /// Its chains.
    pub fn chains(&self) -> Vec<String> {
        let name = |at: usize| self.stations[at].node.to_string();
        let names = |from: &[usize]| from.iter().map(|&at| name(at)).collect::<Vec<_>>().join(", ");
        let mut chains = Vec::new();
        for (at, station) in self.stations.iter().enumerate() {
            let node = format!("{}{}", name(at), self.arms(at));
            match &station.feed {
                Feed::Begin => chains.push(node),
                Feed::One(from) => chains.push(format!("{} -> {node}", name(*from))),
                Feed::Gather(gather, from) => chains.push(format!("({}) -> {} -> {node}", names(from), gather.word())),
                Feed::Either(from) => chains.extend(from.iter().map(|&from| format!("{} -> {node}", name(from)))),
                // It stands between the router's braces.
                Feed::Arm(..) => {}
            }
        }
        chains
    }

    fn arms(&self, router: usize) -> String {
        if !self.stations[router].arms.contains(&true) {
            return String::new();
        }
        let arms = VARIANTS.iter().enumerate().map(|(arm, variant)| {
            let behind = self.stations.iter().find(|station| station.feed == Feed::Arm(router, arm));
            let end = behind.map_or_else(|| "drop".to_owned(), |station| station.node.to_string());
            format!("{variant} -> {end}")
        });
        format!(" {{ {} }}", arms.collect::<Vec<_>>().join(", "))
    }
}
