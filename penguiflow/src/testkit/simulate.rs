//! Runs a flow under many seeds and holds what happens against what must always hold. Knows the ways to disturb a flow by their
//! names only.

mod breach;
mod check;
mod drive;
mod listing;
mod plan;
mod shrink;

use crate::graph::node::FlowDef;
use crate::graph::run::FlowBody;
use crate::message::Message;
use crate::runtime::flow::{FlowBuilder, StartError};
use check::check;
use drive::drive;
use plan::Plan;
use shrink::shrink;
use std::fmt;
use std::ops::Range;

/// How a flow is simulated.
///
/// ```
/// use penguiflow::testkit::Simulation;
///
/// let simulation = Simulation::seeds(0..500).with_traces(6);
/// # let _ = simulation;
/// ```
#[derive(Debug, Clone)]
pub struct Simulation {
    seeds: Range<u64>,
    traces: u64,
    repeat: u64,
}

impl Simulation {
    /// One run for each of `seeds`. With `PENGUIFLOW_SEED` in the environment only that one is run, whatever stands here: that is
    /// how a failure is looked at again.
    pub fn seeds(seeds: Range<u64>) -> Self {
        Simulation { seeds, traces: 4, repeat: 16 }
    }

    /// Up to `traces` messages in each run. Default 4; 0 counts as 1.
    #[must_use]
    pub fn with_traces(self, traces: u64) -> Self {
        Simulation { traces: traces.max(1), ..self }
    }

    /// Runs each `nth` seed twice, and holds the two against each other. Default 16; 0 leaves it out.
    #[must_use]
    pub fn with_repeats(self, nth: u64) -> Self {
        Simulation { repeat: nth, ..self }
    }
}

/// What a simulation has seen, so that a test can tell that it has seen something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// Seeds that were run.
    pub runs: u64,
    /// Traces that were let in.
    pub traces: u64,
    /// Attempts that began.
    pub attempts: u64,
    /// Traces that ended with a value.
    pub completed: u64,
    /// Things that were done to them: delays, failures, panics, cancels, limits.
    pub disturbed: u64,
}

impl std::ops::AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        let Seen { runs, traces, attempts, completed, disturbed } = other;
        self.runs += runs;
        self.traces += traces;
        self.attempts += attempts;
        self.completed += completed;
        self.disturbed += disturbed;
    }
}

/// A rule that a flow has broken, with the least that breaks it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Broken {
    /// The flow.
    pub flow: &'static str,
    /// Under which seed.
    pub seed: u64,
    /// The name of the rule.
    pub rule: &'static str,
    /// What broke it.
    pub why: String,
    /// What was done to the flow, as little of it as breaks the rule.
    pub schedule: Vec<String>,
    /// What happened then, one event a line.
    pub events: Vec<String>,
    again: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Broken { flow, seed, rule, why, schedule, events, again } = self;
        writeln!(f, "the flow `{flow}` breaks the rule `{rule}` under seed {seed}: {why}")?;
        writeln!(f, "the least that breaks it:")?;
        schedule.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        writeln!(f, "what happened then:")?;
        events.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        write!(f, "again: {again}")
    }
}

impl std::error::Error for Broken {}

/// Why a simulation did not come to its end.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// A rule was broken.
    #[error(transparent)]
    Broken(#[from] Box<Broken>),
    /// The flow did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The variable `PENGUIFLOW_SEED` names no seed.
    #[error(
        "PENGUIFLOW_SEED is `{text}`, which is no seed: write the number that the broken rule was told with, or unset it"
    )]
    NoSeed {
        /// What it is.
        text: String,
    },
}

/// Runs a flow once for each seed, under virtual time and a scheduler that the seed decides: attempts wait, fail, panic and
/// stall, traces are cancelled, abandoned, late and out of hops, their readers are slow, places are few. Behind each run it
/// checks what must hold for every flow, whatever its nodes do. The chapter on the [test kit](crate::testkit) lists the rules.
///
/// `flow` makes the flow anew for each run and `message` makes a message from a number that the seed gives. Both have to do
/// the same each time: a node that asks the real time or a real service cannot be simulated, so stub it.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::testkit::{Simulation, simulate};
///
/// #[node(retries = 2, timeout = "1s")]
/// async fn search(n: u64) -> Result<u64, std::fmt::Error> { Ok(n + 1) }
/// #[node]
/// async fn look_up(n: u64) -> u64 { n }
/// #[node]
/// async fn both((a, b): (u64, u64)) -> u64 { a + b }
/// flow! { asking(u64) -> u64 { (search, look_up) -> join -> both } }
///
/// let seen = simulate(asking::flow, Message::new, &Simulation::seeds(0..50))?;
/// assert_eq!(seen.runs, 50);
/// # Ok::<(), penguiflow::testkit::SimulationError>(())
/// ```
///
/// # Errors
/// [`Broken`] tells the seed, the least that was done to the flow, and the command that runs it again.
///
/// # Panics
/// Inside another runtime, as [`block_on`](crate::testkit::block_on) does: call it in a plain `#[test]`.
pub fn simulate<F, S>(
    flow: impl Fn() -> FlowBuilder<F, S>,
    message: impl Fn(u64) -> Message<F::Input>,
    simulation: &Simulation,
) -> Result<Seen, SimulationError>
where
    F: FlowBody<S> + FlowDef,
    S: Send + Sync + 'static,
{
    let mut seen = Seen::default();
    let seeds = match std::env::var("PENGUIFLOW_SEED") {
        Err(_) => simulation.seeds.clone(),
        Ok(text) => one(&text).ok_or(SimulationError::NoSeed { text })?,
    };
    for seed in seeds {
        let plan = Plan::new(seed, simulation.traces);
        let history = drive(&flow, &message, &plan)?;
        let mut broken = check(&history).err();
        if broken.is_none() && simulation.repeat > 0 && seed.is_multiple_of(simulation.repeat) {
            let again = drive(&flow, &message, &plan)?;
            broken = history.same(&again).err();
        }
        if let Some(breach) = broken {
            let least = shrink(plan, breach, |plan| {
                let history = drive(&flow, &message, plan)?;
                Ok(check(&history).err().map(|breach| (breach, history)))
            })?;
            return Err(Box::new(least.into_broken(F::NAME, seed, history)).into());
        }
        seen += history.seen();
    }
    Ok(seen)
}

/// The one seed that `text` names.
fn one(text: &str) -> Option<Range<u64>> {
    let seed: u64 = text.trim().parse().ok()?;
    Some(seed..seed.checked_add(1)?)
}

#[cfg(test)]
mod tests {
    use super::one;

    #[test]
    fn a_seed_is_a_number_and_nothing_else_is_taken_for_one() {
        assert_eq!((one("24"), one(" 7\n")), (Some(24..25), Some(7..8)));
        assert_eq!((one("0x18"), one("-1"), one(""), one("18446744073709551615")), (None, None, None, None));
    }
}
