//! Flows that hold permits, places, slots, tasks, budgets and streams, and nodes that do what the seed of their message says. Sends nothing.

use super::house::{Guests, House, Room, full};
use super::senders::{Orders, Told, storm};
use crate::kit::{Inside, Oops, Tally, nap};
use futures_util::future::BoxFuture;
use penguiflow::__private::FlowDef;
use penguiflow::prelude::*;
use penguiflow::{BranchError, Cost, Counts, Handle, Options};
use penguiflow_tests::proof::script::{Dice, mixed};
use std::sync::Arc;

/// How many traces each flow lets in.
pub(super) const IN_FLIGHT: usize = 32;

/// What travels.
#[derive(Debug, Clone)]
pub(super) struct Load {
    pub(super) seed: u64,
    /// Where nodes do nothing but meet.
    pub(super) house: Option<Arc<House>>,
    #[expect(dead_code, reason = "lives as long as the load does")]
    pub(super) life: Inside,
}

/// What a node does before it gives its load on.
async fn act(load: &Load, ctx: &Ctx) -> Result<(), Oops> {
    if let Some(house) = &load.house {
        house.enter(ctx.node()).await;
        return Ok(());
    }
    let name = ctx.node().bytes().fold(0, |so_far, byte| mixed(&[so_far, u64::from(byte)]));
    let mut dice = Dice::new(mixed(&[load.seed, name, u64::from(ctx.attempt())]));
    match dice.below(100) {
        0..8 => return Err(Oops(1)),
        8..11 => panic!("as its seed says"),
        11..25 => nap(1 + dice.below(6)).await,
        25..40 => tokio::task::yield_now().await,
        40..42 => {
            nap(1).await;
            panic!("as its seed says, later");
        }
        _ => {}
    }
    Ok(())
}

macro_rules! nodes {
    ($($name:ident $keys:tt)*) => { $(
        #[node $keys]
        async fn $name(load: Load, ctx: &Ctx) -> Result<Load, Oops> {
            act(&load, ctx).await?;
            Ok(load)
        }
    )* };
}

nodes! {
    begin ()
    few (concurrency = 8, retries = 2, backoff = ("1ms", 2.0))
    single (concurrency = 1, timeout = "20ms")
    hurried (timeout = "3ms", retries = 1, backoff = ("1ms", 1.0))
    worked (retries = 1, backoff = ("1ms", 1.0))
    middle ()
    patient (on_cancel = finish("3ms"))
    tail ()
}

#[node(retries = 1, backoff = ("1ms", 1.0))]
async fn tell(load: Load, ctx: &Ctx) -> Result<Load, Oops> {
    let mut out = ctx.stream("words");
    for word in 0..load.seed % 9 {
        out.send(word.to_string()).await;
    }
    act(&load, ctx).await?;
    // Sometimes left unfinished.
    if !load.seed.is_multiple_of(4) {
        out.finish().await;
    }
    Ok(load)
}

/// What one run of `pay` may cost.
const COST_MAX: u64 = 40;

#[node(retries = 1, backoff = ("1ms", 1.0))]
async fn pay(load: Load, ctx: &Ctx) -> Result<Load, penguiflow::BoxError> {
    let reserved = ctx.budget().reserve(Cost::tokens(COST_MAX))?;
    act(&load, ctx).await?;
    // Sometimes left in doubt.
    if load.house.is_some() || !load.seed.is_multiple_of(5) {
        reserved.settle(Cost::tokens(load.seed % COST_MAX));
    }
    Ok(load)
}

#[node]
async fn beside(load: Load, ctx: &Ctx) -> Result<Load, Oops> {
    let mine = load.clone();
    ctx.spawn(async move {
        std::future::pending::<()>().await;
        drop(mine);
    });
    act(&load, ctx).await?;
    Ok(load)
}

/// The node behind a `batch`.
pub(super) const BATCHED: &str = "together";

/// Fails for all of them, or for none.
#[node(retries = 1, backoff = ("1ms", 1.0))]
async fn together(loads: Vec<Load>, ctx: &Ctx) -> Result<Vec<Load>, Oops> {
    if let Some(first) = loads.first() {
        act(first, ctx).await?;
    }
    Ok(loads)
}

#[node]
async fn pair((a, _): (Load, Load)) -> Load {
    a
}

#[node]
async fn either((a, b): (Result<Load, BranchError>, Result<Load, BranchError>)) -> Result<Load, Oops> {
    a.or(b).map_err(|_| Oops(2))
}

#[node]
async fn spread(load: Load, ctx: &Ctx) -> Result<Vec<Load>, Oops> {
    act(&load, ctx).await?;
    Ok(vec![load.clone(); 1 + (load.seed % 5) as usize])
}

#[node]
async fn one(loads: Vec<Load>) -> Result<Load, Oops> {
    loads.into_iter().next().ok_or(Oops(3))
}

#[message(no_schema, no_serde)]
enum Way {
    Small,
    Big(Load),
    Nowhere,
    Away,
}

#[router]
async fn way(load: Load) -> Way {
    match load.seed % 8 {
        0..4 => Way::Small,
        4..6 => Way::Big(load),
        6 => Way::Nowhere,
        _ => Way::Away,
    }
}

/// Sometimes turns longer than it may.
#[controller(turns = 6)]
async fn again(load: Load) -> Step<Load, Load> {
    match load.seed % 11 {
        0 => Step::Done(load),
        _ => Step::Again(Load { seed: load.seed / 3, ..load }),
    }
}

flow! { limits(Load) -> Load { begin -> few -> hurried -> single -> tail } }
flow! { lines(Load) -> Load { begin -> queue(16, workers = 4) -> worked -> queue(2) -> middle -> tail } }
flow! { pipes(Load) -> Load { channels(4) begin -> middle -> few -> tail } }
flow! { talking(Load) -> Load { begin -> (tell, tell as retell) -> join -> pair } }
flow! { inner(Load) -> Load { budget { tokens: 60 } pay -> few } }
flow! { paying(Load) -> Load { budget { hops: 60, tokens: 90 } begin -> (pay as deposit, inner) -> join -> pair -> tee(pay as tip) } }
flow! { races(Load) -> Load { begin -> (few, hurried, single) -> join_k(2) -> one } }
flow! { winners(Load) -> Load { begin -> (patient, few) -> first -> tee(tail, best_effort) } }
flow! { settling(Load) -> Load { begin -> (patient, hurried) -> settle -> either -> patient as more_patient } }
flow! { mapping(Load) -> Load { spread -> map(few, 2) -> one -> spread as respread -> map(hurried, 3, parallel) -> one as other } }
flow! { spawning(Load) -> Load { begin -> parallel(beside, few) -> join -> pair } }
flow! { batching(Load) -> Load { begin -> batch(8, "1ms") -> together -> tail } }
flow! { routing(Load) -> Load { begin -> way { Small -> few, Big -> hurried -> single, Nowhere -> done, Away -> drop } -> again -> tail } }

/// A started flow, whatever its name.
pub(super) struct Site {
    name: &'static str,
    pub(super) storm: Box<dyn Fn(Orders, Tally) -> BoxFuture<'static, Told>>,
    pub(super) house: Box<dyn Fn(Guests) -> BoxFuture<'static, Result<(), String>>>,
    pub(super) counts: Box<dyn Fn() -> Counts>,
    pub(super) in_flight: Box<dyn Fn() -> usize>,
}

impl Site {
    fn new<F: FlowDef<Input = Load, Output = Load>>(app: Handle<F>, rooms: &'static [Room]) -> Self {
        let (one, two, three, four) = (app.clone(), app.clone(), app.clone(), app);
        Site {
            name: F::NAME,
            storm: Box::new(move |orders, payloads| Box::pin(storm(one.clone(), orders, payloads))),
            house: Box::new(move |guests| Box::pin(full(two.clone(), guests, rooms))),
            counts: Box::new(move || three.counts()),
            in_flight: Box::new(move || four.in_flight()),
        }
    }

    /// A fault of this flow.
    pub(super) fn says(&self, fault: &str) -> String {
        format!("`{}`: {fault}", self.name)
    }
}

macro_rules! sites {
    ($($flow:ident: $($node:ident $places:literal $(behind $slots:literal)?),*;)*) => {
        /// Starts all flows, in the runtime that this is called in.
        pub(super) fn start() -> Vec<Site> {
            let options = || Options::new().with_in_flight(IN_FLIGHT).with_chunk_lag(4).with_dead_letters(8);
            vec![$({
                const ROOMS: &[Room] = &[$(Room {
                    node: stringify!($node),
                    places: $places,
                    slots: 0 $(+ $slots)?,
                }),*];
                Site::new($flow::flow().with_options(options()).start().expect("starts"), ROOMS)
            }),*]
        }
    };
}

// The nodes that all traces come to, and how many may be in each at once; first the one that lets all of them in.
sites! {
    limits: begin 32, few 8, single 1;
    lines: begin 32, worked 4 behind 16, middle 1 behind 2;
    pipes: begin 1 behind 4, middle 1 behind 4, few 1 behind 4;
    talking: begin 32, tell 32;
    paying: begin 32, deposit 32;
    races: begin 32;
    winners: begin 32;
    settling: begin 32, patient 32;
    mapping: spread 32;
    spawning: begin 32, few 8;
    batching: begin 32;
    routing: begin 32, tail 32;
}
