//! What drawn flows run with: a token, and a log that keeps nothing. Knows no interpreter: what must come out is not asked here.

use penguiflow::prelude::*;
use penguiflow::testkit::{Seen, Simulation, SimulationError};
use penguiflow_tests::proof::script::Script;

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
#[derive(Debug, Clone)]
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

/// Simulates each flow, by its number.
pub(crate) type Flows = &'static [fn(&Simulation) -> Result<Seen, SimulationError>];

/// Simulates the flow `$flow`.
macro_rules! driven {
    ($flow:ident) => {
        |simulation| {
            use $crate::proof::run::{App, Log, Token};
            let flow = || $flow::flow().with_state(App { log: Log });
            penguiflow::testkit::simulate(flow, |number| Token::new(number).into(), simulation)
        }
    };
}
pub(crate) use driven;
