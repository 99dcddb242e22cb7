//! penguiflow: `call` runs a message in the caller's own future, `emit` in a task. A hop is an await in straight code: a gate that
//! is read, the node's own future, the decision about another attempt.

use crate::case::{ATTEMPTS, CHUNK, Case, Gate, MANY, P};
use crate::{Bench, Entries};
use penguiflow::prelude::*;
use penguiflow::{Backoff, Options, Provides};
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;

#[node]
async fn hop(p: P) -> P {
    p.step()
}

#[node]
async fn sum((a, b, c, d, e, f, g, h): (P, P, P, P, P, P, P, P)) -> P {
    P::sum([a, b, c, d, e, f, g, h])
}

#[controller(turns = 2000)]
async fn turn(p: P) -> Step<P, P> {
    p.turn().map_or(Step::Done(p), Step::Again)
}

#[node]
async fn tell(p: P, ctx: &Ctx) -> P {
    let mut out = ctx.stream("words");
    for _ in 1..p.b {
        out.send(CHUNK).await;
    }
    out.finish_with(CHUNK).await;
    p
}

#[derive(Debug)]
struct Failed;

impl Display for Failed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("it failed")
    }
}

impl std::error::Error for Failed {}

#[node(retries = 3, jitter = none)]
async fn flaky(p: P, ctx: &Ctx) -> Result<P, Failed> {
    let attempt = u64::from(ctx.attempt());
    if attempt < ATTEMPTS { Err(Failed) } else { Ok(P { b: attempt, ..p.step() }) }
}

#[derive(Provides)]
struct App {
    gate: Arc<Gate>,
}

#[node]
async fn wait(p: P, State(gate): State<'_, Arc<Gate>>) -> P {
    gate.pass().await;
    p.step()
}

flow! { chain4(P) -> P { hop -> hop as h1 -> hop as h2 -> hop as h3 } }
flow! {
    chain16(P) -> P {
        hop -> hop as h1 -> hop as h2 -> hop as h3 -> hop as h4 -> hop as h5 -> hop as h6 -> hop as h7
        -> hop as h8 -> hop as h9 -> hop as ha -> hop as hb -> hop as hc -> hop as hd -> hop as he -> hop as hf
    }
}
flow! {
    fan8(P) -> P {
        (hop, hop as h1, hop as h2, hop as h3, hop as h4, hop as h5, hop as h6, hop as h7) -> join -> sum
    }
}
flow! { looped(P) -> P { turn } }
flow! { told(P) -> P { tell } }
flow! { retried(P) -> P { flaky } }
flow! { waiting(P) -> P { wait } }

macro_rules! call {
    ($bench:ident, $flow:expr, $case:expr) => {{
        let app = $bench.runtime.block_on(async { $flow.start() }).expect("starts");
        $bench.enter($case, async move || app.call($case.asked()).await.expect("completes"))
    }};
}

/// Enters the rounds.
pub fn enter(bench: &mut Bench) -> Entries {
    let at_once = |policy: penguiflow::Policy| policy.with_backoff(Backoff::new().with_base(Duration::ZERO));
    Entries::from([
        Some(call!(bench, chain4::flow(), Case::Chain4)),
        Some(call!(bench, chain16::flow(), Case::Chain16)),
        Some(call!(bench, fan8::flow(), Case::Fan8)),
        Some(call!(bench, looped::flow(), Case::Loop)),
        Some(stream(bench)),
        Some(call!(bench, retried::flow().override_policy::<flaky>(at_once), Case::Retry)),
        Some(flight(bench)),
    ])
}

fn stream(bench: &mut Bench) -> crate::measure::Id {
    let app = bench.runtime.block_on(async { told::flow().start() }).expect("starts");
    bench.enter(Case::Stream, async move || {
        let (mut chunks, trace) = app.emit(Case::Stream.asked()).await.expect("lets it in").split();
        let mut read = P { a: 0, b: 0 };
        while let Some(chunk) = chunks.next().await {
            read = P { a: read.a + chunk.text.len() as u64, b: read.b + 1 };
        }
        assert!(matches!(trace.result().await, Ending::Completed(_)));
        read
    })
}

fn flight(bench: &mut Bench) -> crate::measure::Id {
    let gate = Arc::new(Gate::default());
    let options = Options::new().with_in_flight(MANY as usize);
    let flow = waiting::flow().with_state(App { gate: gate.clone() }).with_options(options);
    let app = bench.runtime.block_on(async { flow.start() }).expect("starts");
    bench.enter_long(Case::Flight, async move || {
        let mut traces = Vec::with_capacity(MANY as usize);
        for _ in 0..MANY {
            traces.push(app.emit(Case::Flight.asked()).await.expect("lets it in"));
        }
        gate.open_for(MANY).await;
        let mut ended = Vec::with_capacity(MANY as usize);
        for trace in traces {
            match trace.result().await {
                Ending::Completed(p) => ended.push(p),
                other => panic!("completes, and not {other:?}"),
            }
        }
        P::sum(ended)
    })
}
