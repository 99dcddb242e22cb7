//! Ten thousand seeds over all flows, each of which has to hold.

use crate::flows;
use crate::proof::flows::{BATCHES, FLOWS, LINES, WEBS};
use crate::proof::run::Flows;
use penguiflow::testkit::{Seen, Simulation, SimulationError};

/// How many seeds each kind of flows is run under, together.
fn seeds_of(of: u64) -> u64 {
    std::env::var("SIMULATE_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(of)
}

/// Shares `seeds` among the flows, so that no two run under the same one.
pub(crate) fn under_seeds(flows: Flows, seeds: u64) -> Result<Seen, SimulationError> {
    let (mut seen, each) = (Seen::default(), seeds.div_ceil(flows.len() as u64));
    for (number, flow) in (0..).zip(flows) {
        seen += (flow.simulate)(&Simulation::seeds(number * each..(number + 1) * each))?;
    }
    Ok(seen)
}

#[track_caller]
fn hold(flows: Flows, seeds: u64) {
    let seeds = seeds_of(seeds);
    let seen = under_seeds(flows, seeds).unwrap_or_else(|why| panic!("{why}"));
    assert!(seen.runs >= seeds || std::env::var_os("PENGUIFLOW_SEED").is_some(), "{seen:?}");
    assert!(seen.attempts > seen.traces && seen.disturbed > seen.runs && seen.completed > 0, "{seen:?}");
}

/// One ending for each trace, one call of each node but for its retries, and nothing left, whatever is done to a flow.
#[test]
fn drawn_flows_hold_under_every_seed() {
    hold(FLOWS, 4_000);
}

#[test]
fn drawn_lines_hold_under_every_seed() {
    hold(LINES, 1_000);
}

#[test]
fn drawn_batches_hold_under_every_seed() {
    hold(BATCHES, 600);
}

#[test]
fn drawn_webs_hold_under_every_seed() {
    hold(WEBS, 1_600);
}

#[test]
fn flows_with_limits_hold_under_every_seed() {
    hold(flows::FLOWS, 3_000);
}

/// What is recorded of each trace is played again to the same events, whatever was done to it.
#[test]
fn what_was_recorded_under_a_seed_is_played_again() {
    let replays = |flows: Flows| -> u64 {
        let each = (seeds_of(740) / 74).max(1);
        (0..).zip(flows).map(|(number, flow)| (flow.replay)(number * each..(number + 1) * each)).sum()
    };
    let all = replays(FLOWS) + replays(LINES) + replays(WEBS) + replays(flows::FLOWS);
    assert!(all > 1_000, "{all}");
}
