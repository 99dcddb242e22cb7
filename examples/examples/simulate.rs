//! Simulation: one flow under many seeds. Each seed decides which attempts wait, fail, panic or stall, which traces are cancelled,
//! late or short of hops, and in which order all of it comes; behind each run the rules are checked that hold for every flow.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use penguiflow::testkit::{Simulation, SimulationError, simulate};
use std::io::Write;

#[node]
async fn clean(words: u64) -> u64 {
    words
}

#[node(retries = 2, timeout = "1s", concurrency = 2)]
async fn search(words: u64) -> Result<u64, std::io::Error> {
    Ok(words * 10)
}

#[node]
async fn look_up(words: u64) -> u64 {
    words + 1
}

#[node]
async fn rank((found, known): (u64, u64)) -> u64 {
    found.max(known)
}

flow! { pub(crate) asking(u64) -> u64 { clean -> (search, look_up) -> join -> rank } }

/// A node that waits for an answer that may never come: the flow is fine, the node is not.
#[node]
async fn ask(words: u64) -> u64 {
    if words.is_multiple_of(3) { std::future::pending().await } else { words }
}

flow! { trusting(u64) -> u64 { clean -> ask } }

fn report(out: &mut impl Write) -> Result<(), BoxError> {
    let seen = simulate(asking::flow, Message::new, &Simulation::seeds(0..200))?;
    writeln!(out, "asking: {} runs hold, with {} messages and {} attempts", seen.runs, seen.traces, seen.attempts)?;
    if let Err(SimulationError::Broken(broken)) = simulate(trusting::flow, Message::new, &Simulation::seeds(0..200)) {
        writeln!(out, "{}: {}, under seed {}", broken.flow, broken.why, broken.seed)?;
        writeln!(out, "the least that breaks it: {}", broken.schedule.join(", "))?;
    }
    Ok(())
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    // A simulation has a runtime of its own, so it runs on a thread of its own here.
    let text = tokio::task::spawn_blocking(|| {
        let mut text = Vec::new();
        report(&mut text).map(|()| text)
    });
    out.write_all(&text.await??)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
