//! What drawn flows run with: a token, and a log that keeps nothing. Knows no interpreter: what must come out is not asked here.

use crate::proof::nodes::Fork;
use penguiflow::prelude::*;
use penguiflow::testkit::{Seen, Simulation, SimulationError};
use penguiflow_tests::proof::script::Script;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::Range;

/// The state of drawn flows.
#[derive(Debug, Provides)]
pub(crate) struct App {
    pub(crate) log: Log,
}

/// Keeps nothing.
#[derive(Debug)]
pub(crate) struct Log;

impl Log {
    pub(crate) fn note(&self, _: u32, _: &Token, _: u32) {}

    pub(crate) fn note_silent(&self) {}
}

/// What travels through drawn flows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) script: Script,
    pub(crate) value: u64,
}

impl Token {
    /// A token whose nodes neither fail nor wait: what goes wrong is the simulation's.
    pub(crate) fn new(number: u64) -> Self {
        Token { script: Script { seed: number, failing: 0, panicking: 0, waiting: 0 }, value: number }
    }

    /// The same message's token with another value.
    pub(crate) fn with(&self, value: u64) -> Token {
        Token { value, ..self.clone() }
    }
}

/// Written by hand, because the enum stands where tokens are not written down.
impl Serialize for Fork {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Fork::A => ('a', None),
            Fork::B(token) => ('b', Some(token)),
            Fork::C => ('c', None),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fork {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Deserialize::deserialize(deserializer)? {
            ('a', None) => Fork::A,
            (_, Some(token)) => Fork::B(token),
            (_, None) => Fork::C,
        })
    }
}

/// What is done to a flow.
pub(crate) struct Driven {
    /// Runs it under seeds.
    pub(crate) simulate: fn(&Simulation) -> Result<Seen, SimulationError>,
    /// The same, and plays each trace again that is recorded. Gives how many these are.
    pub(crate) replay: fn(Range<u64>) -> u64,
}

/// Each flow, by its number.
pub(crate) type Flows = &'static [Driven];

/// Simulates the flow `$flow`, made anew each time, with messages from `$message`.
macro_rules! simulated {
    ($flow:expr, $message:expr) => {
        $crate::proof::run::Driven {
            simulate: |simulation| penguiflow::testkit::simulate(|| $flow, $message, simulation),
            replay: |seeds| {
                let recorder = penguiflow::Recorder::new();
                let mut replays = 0;
                for seed in seeds {
                    let simulation = penguiflow::testkit::Simulation::seeds(seed..seed + 1).with_repeats(0);
                    let seen = penguiflow::testkit::simulate(|| $flow.record(&recorder), $message, &simulation);
                    seen.unwrap_or_else(|why| panic!("{why}"));
                    for recording in recorder.take_all() {
                        let record = penguiflow::testkit::Replay::of(&recording).run_paused($flow);
                        let record = record.unwrap_or_else(|why| panic!("seed {seed}: {why}\n{recording}"));
                        assert_eq!(record.ending.code(), recording.ending(), "seed {seed}: {recording}");
                        replays += 1;
                    }
                }
                replays
            },
        }
    };
}

/// Simulates the drawn flow `$flow`.
macro_rules! driven {
    ($flow:ident) => {
        $crate::proof::run::simulated!(
            $flow::flow().with_state($crate::proof::run::App { log: $crate::proof::run::Log }),
            |number| penguiflow::Message::new($crate::proof::run::Token::new(number))
        )
    };
}
pub(crate) use {driven, simulated};
