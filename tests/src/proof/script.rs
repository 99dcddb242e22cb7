//! Says what each node does with each value: how long it takes, whether it fails. Pure: the nodes ask it, and so does the
//! interpreter.

use serde::{Deserialize, Serialize};

/// A sequence of numbers that looks random and is the same for the same seed (SplitMix64, Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The sequence of `seed`.
    pub const fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// The next number.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub const fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// One number of several.
pub fn mixed(parts: &[u64]) -> u64 {
    parts.iter().fold(parts.len() as u64, |so_far, part| Dice::new(so_far ^ part.rotate_left(17)).roll())
}

/// What the nodes do with one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Two scripts of one seed do the same.
    pub seed: u64,
    /// How many attempts in a hundred fail.
    pub failing: u64,
    /// How many attempts in a hundred panic.
    pub panicking: u64,
    /// How many attempts in a hundred take time.
    pub waiting: u64,
}

/// One attempt of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// How long it takes, in milliseconds: a multiple of 100.
    pub wait: u64,
    /// How it ends.
    pub end: ActEnd,
}

/// How an attempt ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActEnd {
    /// With a value.
    Value,
    /// With an error.
    Failure,
    /// With a panic.
    Panic,
}

impl Script {
    /// What attempt `attempt` of the node `node` does with `value`.
    pub fn act(&self, node: u32, value: u64, attempt: u32) -> Act {
        let mut dice = Dice::new(mixed(&[self.seed, u64::from(node), value, u64::from(attempt)]));
        let wait = if dice.chance(self.waiting) { 100 * (1 + dice.below(4)) } else { 0 };
        let end = match dice.below(100) {
            n if n < self.failing => ActEnd::Failure,
            n if n < self.failing + self.panicking => ActEnd::Panic,
            _ => ActEnd::Value,
        };
        Act { wait, end }
    }

    /// How long the late node `index` takes, in milliseconds: an even number, which no other one of them takes.
    pub fn late(index: u32) -> u64 {
        2 * u64::from(index + 1)
    }

    /// Which of `choices` ways the node `node` takes with `value`.
    pub fn choice(&self, node: u32, value: u64, choices: u64) -> u64 {
        mixed(&[self.seed, !u64::from(node), value]) % choices
    }

    /// The value that the node `node` makes of `value`.
    pub fn value(node: u32, value: u64) -> u64 {
        mixed(&[u64::from(node), value])
    }

    /// The one value that a node acts on which takes several.
    pub fn values(values: &[u64]) -> u64 {
        mixed(values)
    }

    /// The one value that a node acts on which takes outcomes; nothing where no branch has a value.
    pub fn outcomes(values: &[Option<u64>]) -> Option<u64> {
        let parts: Vec<u64> =
            values.iter().flat_map(|value| [u64::from(value.is_some()), value.unwrap_or(0)]).collect();
        values.iter().any(Option::is_some).then(|| mixed(&parts))
    }

    /// The values that the node `node` makes of one.
    pub fn spread(&self, node: u32, value: u64) -> Vec<u64> {
        let count = 1 + self.choice(node, value, 5);
        (0..count).map(|index| mixed(&[u64::from(node), value, index])).collect()
    }
}
