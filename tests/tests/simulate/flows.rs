//! Flows that use what the drawn ones do not: permits, timeouts, streams, budgets, grace, tasks of their own, side branches.

use crate::kit::{Oops, nap};
use crate::proof::run::{Flows, simulated};
use penguiflow::prelude::*;
use penguiflow::{Cost, OverBudget};

#[node]
async fn begin(n: u64) -> u64 {
    n
}

#[node(concurrency = 2, retries = 2, backoff = ("20ms", 2.0), jitter = none)]
async fn few(n: u64) -> Result<u64, Oops> {
    Ok(n)
}

#[node(concurrency = 1, timeout = "10ms", retries = 1, backoff = ("5ms", 1.0))]
async fn one_by_one(n: u64) -> Result<u64, Oops> {
    nap(n % 7).await;
    Ok(n)
}

#[node(timeout = "15ms", retries = 3, backoff = ("10ms", 2.0))]
async fn hurried(n: u64) -> Result<u64, Oops> {
    Ok(n)
}

#[node(rate = "2/10ms")]
async fn paced(n: u64) -> u64 {
    n
}

#[node(on_cancel = finish("30ms"))]
async fn patient(n: u64) -> u64 {
    nap(n % 50).await;
    n
}

#[node]
async fn pair((a, b): (u64, u64)) -> u64 {
    a.wrapping_add(b)
}

#[node]
async fn total(all: Vec<u64>) -> u64 {
    all.into_iter().fold(0, u64::wrapping_add)
}

#[node]
async fn spread(n: u64) -> Vec<u64> {
    (0..n % 6).collect()
}

#[node(retries = 1, backoff = ("5ms", 1.0))]
async fn tell(n: u64, ctx: &Ctx) -> Result<u64, Oops> {
    let mut out = ctx.stream("words");
    for word in 0..n % 5 {
        out.send(word.to_string()).await;
        nap(n % 3).await;
    }
    if n.is_multiple_of(11) {
        return Err(Oops(11));
    }
    // Sometimes left unfinished.
    if !n.is_multiple_of(4) {
        out.finish().await;
    }
    Ok(n)
}

#[node(retries = 1, backoff = ("5ms", 1.0))]
async fn pay(n: u64, ctx: &Ctx) -> Result<u64, OverBudget> {
    let reserved = ctx.budget().reserve(Cost::tokens(10))?;
    nap(n % 4).await;
    if !n.is_multiple_of(5) {
        reserved.settle(Cost::tokens(n % 13));
    }
    Ok(n)
}

#[node]
async fn beside(n: u64, ctx: &Ctx) -> u64 {
    ctx.spawn(std::future::pending::<()>());
    n
}

/// Halves a number until it is small.
#[controller(turns = 8)]
async fn halve(n: u64) -> Result<Step<u64, u64>, Oops> {
    nap(n % 3).await;
    Ok(if n > 9 { Step::Again(n / 2) } else { Step::Done(n) })
}

/// Where a number goes.
#[message]
enum Way {
    Small,
    Big(u64),
    Nowhere,
}

#[router]
async fn way(n: &u64) -> Way {
    match n % 3 {
        0 => Way::Small,
        1 => Way::Big(n / 2),
        _ => Way::Nowhere,
    }
}

flow! { limits(u64) -> u64 { begin -> few -> one_by_one -> hurried -> paced } }
flow! { races(u64) -> u64 { begin -> (few, hurried, one_by_one) -> join_k(2) -> total } }
flow! { winners(u64) -> u64 { begin -> (few, patient) -> first } }
flow! { talking(u64) -> u64 { begin -> (tell, tell as retell) -> join -> pair } }
flow! { paying(u64) -> u64 { budget { tokens: 1_000 } begin -> (pay, pay as repay) -> join -> pair -> tee(pay as tip) } }
flow! { waiting(u64) -> u64 { begin -> (patient, few) -> join -> pair -> patient as more_patient } }
flow! { mapping(u64) -> u64 { spread -> map(few, 2) -> total -> spread as again -> map(hurried, 3, parallel) -> total as sum } }
flow! { spawning(u64) -> u64 { begin -> parallel(beside, few) -> join -> pair } }
flow! { queueing(u64) -> u64 { begin -> queue(2, workers = 1) -> few -> queue(1, workers = 2) -> hurried } }
flow! { routing(u64) -> u64 { begin -> way { Small -> few, Big -> hurried -> one_by_one, Nowhere -> done } -> paced } }
flow! { turning(u64) -> u64 { begin -> halve -> (few, halve as halved) -> join -> pair } }

/// Simulates each of them.
pub(crate) const FLOWS: Flows = &[
    simulated!(limits::flow(), Message::new),
    simulated!(races::flow(), Message::new),
    simulated!(winners::flow(), Message::new),
    simulated!(talking::flow(), Message::new),
    simulated!(paying::flow(), Message::new),
    simulated!(waiting::flow(), Message::new),
    simulated!(mapping::flow(), Message::new),
    simulated!(spawning::flow(), Message::new),
    simulated!(queueing::flow(), Message::new),
    simulated!(routing::flow(), Message::new),
    simulated!(turning::flow(), |n| Message::new(n % 100)),
];
