//! What a simulation says where a rule is broken: the seed, the least that breaks it, and the command.

use penguiflow::prelude::*;
use penguiflow::testkit::{Broken, Simulation, SimulationError, simulate};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

static CALLS: AtomicU64 = AtomicU64::new(0);

/// A node that does not do the same each time.
#[node]
async fn moody(n: u64) -> Result<u64, std::fmt::Error> {
    if CALLS.fetch_add(1, SeqCst).is_multiple_of(2) { Ok(n) } else { Err(std::fmt::Error) }
}

#[node]
async fn pass(n: u64) -> u64 {
    n
}

flow! { swaying(u64) -> u64 { pass -> moody } }

/// Never ends, once the simulation lets it run.
#[node]
async fn stuck(n: u64) -> u64 {
    if n.is_multiple_of(2) { std::future::pending().await } else { n }
}

flow! { hanging(u64) -> u64 { pass -> (stuck, pass as passed) -> join -> last } }

#[node]
async fn last((a, _): (u64, u64)) -> u64 {
    a
}

fn broken(ended: Result<penguiflow::testkit::Seen, SimulationError>) -> Broken {
    match ended {
        Err(SimulationError::Broken(broken)) => *broken,
        other => panic!("holds: {other:?}"),
    }
}

#[test]
fn a_flow_that_does_not_do_the_same_each_time_is_found() {
    let simulation = Simulation::seeds(0..4).with_traces(1).with_repeats(1);
    let broken = broken(simulate(swaying::flow, Message::new, &simulation));
    assert_eq!((broken.flow, broken.rule), ("swaying", "same seed, same events"));
}

#[test]
fn what_is_broken_is_told_with_its_seed_the_least_that_breaks_it_and_the_command() {
    let broken = broken(simulate(hanging::flow, Message::new, &Simulation::seeds(0..64)));
    assert_eq!((broken.flow, broken.rule), ("hanging", "every trace ends"));
    assert_eq!(broken.schedule, ["one message"], "nothing that is done to it is needed");
    assert!(broken.events.iter().any(|line| line.contains("node_start stuck")), "{broken}");
    let again =
        format!("PENGUIFLOW_SEED={} cargo test -p {} words::what_is_broken", broken.seed, env!("CARGO_PKG_NAME"));
    assert!(broken.to_string().contains(&again), "{broken}");
}
