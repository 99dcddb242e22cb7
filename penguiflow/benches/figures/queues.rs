//! When queues, pipelines, batches and parallel branches pay: what the trip to another task costs, and what it brings where a
//! node works.

use crate::channels;
use crate::flows::*;
use crate::measure::{Id, Lab, now};
use crate::message;
use crate::table::{Row, Unit};
use penguiflow::prelude::*;
use std::hint::black_box;
use std::rc::Rc;
use tokio::runtime::{Builder, Runtime};

/// Messages that are on their way at once, where nodes work long.
const FEW: usize = 16;
/// The same where they do not.
const MANY: usize = 64;

/// Works on a core for about `us` microseconds: each step waits for the one before.
fn spin(mut p: P, us: u32) -> P {
    const STEPS_PER_US: u32 = 1_700;
    for _ in 0..us * STEPS_PER_US {
        p.a = black_box(p.a.wrapping_add(p.b).rotate_left(7));
    }
    p
}

macro_rules! working {
    ($($name:ident)+) => {
        $(#[node]
        async fn $name(p: P) -> P {
            spin(p, 500)
        })+
    };
}

working! { w0 w1 w2 w3 }

#[node]
async fn four((a, b, c, d): (P, P, P, P)) -> P {
    P { a: a.a ^ b.a ^ c.a ^ d.a, b: a.b }
}

/// A call that costs 50 µs, and 1 µs for each item.
#[node]
async fn one_call(p: P) -> P {
    spin(p, 51)
}

#[node]
async fn call_for_all(items: Vec<P>) -> Vec<P> {
    spin(message(), 50);
    items.into_iter().map(|p| spin(p, 1)).collect()
}

flow! { pub queued1(P) -> P { queue(16) -> a0 } }
flow! { pub queued4(P) -> P { channels(16) a0 -> a1 -> a2 -> a3 } }
flow! { straight(P) -> P { w0 -> w1 -> w2 -> w3 } }
flow! { piped(P) -> P { channels(64) w0 -> w1 -> w2 -> w3 } }
flow! { in_turn(P) -> P { (w0, w1, w2, w3) -> join -> four } }
flow! { apart(P) -> P { parallel(w0, w1, w2, w3) -> join -> four } }
flow! { one_by_one(P) -> P { one_call } }
flow! { in_batches(P) -> P { batch(32, "1ms") -> call_for_all } }

/// All works, to be read after the lab has run.
pub struct Works {
    queued: [Id; 2],
    wired: [Id; 2],
    cores: [Id; 2],
    /// One after the other, in parallel, and in parallel by hand.
    branches: [Id; 3],
    batched: [Id; 2],
}

macro_rules! call {
    ($lab:ident, $runtime:expr, $flow:ident) => {{
        let app = $runtime.block_on(async { $flow::flow().start() }).expect("starts");
        $lab.time($runtime, async move || app.call(message()).await)
    }};
}

/// Many calls, all polled in one task; the time until all have ended. Long, so that it takes part in few rounds.
macro_rules! calls {
    ($lab:ident, $runtime:expr, $flow:ident, $at_once:expr) => {{
        let runtime: Rc<Runtime> = $runtime.clone();
        let app = runtime.block_on(async { $flow::flow().start() }).expect("starts");
        $lab.time_part(move || {
            runtime.block_on(async {
                let start = now();
                let calls = (0..$at_once).map(|_| app.call(message()));
                assert!(futures_util::future::join_all(calls).await.iter().all(Result::is_ok));
                start.elapsed()
            })
        })
    }};
}

/// Adds all works.
pub fn works(lab: &mut Lab, runtime: &Rc<Runtime>) -> Works {
    let cores = Rc::new(Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("a runtime"));
    let wired =
        |lab: &mut Lab, pipeline: channels::Pipeline| lab.time(runtime, async move || pipeline.pass(message()).await);
    let (four, sixteen) = runtime.block_on(async { (channels::four(), channels::sixteen()) });
    Works {
        queued: [call!(lab, runtime, queued1), call!(lab, runtime, queued4)],
        wired: [wired(lab, four), wired(lab, sixteen)],
        cores: [calls!(lab, cores, straight, FEW), calls!(lab, cores, piped, FEW)],
        branches: [calls!(lab, cores, in_turn, 1), calls!(lab, cores, apart, 1), spawned(lab, &cores)],
        batched: [calls!(lab, runtime, one_by_one, MANY), calls!(lab, runtime, in_batches, MANY)],
    }
}

/// Four tasks of 500 µs each, written by hand.
fn spawned(lab: &mut Lab, cores: &Rc<Runtime>) -> Id {
    let cores = cores.clone();
    lab.time_part(move || {
        cores.block_on(async {
            let start = now();
            let tasks = (0..4).map(|_| tokio::spawn(async { spin(message(), 500) }));
            assert!(futures_util::future::join_all(tasks).await.iter().all(Result::is_ok));
            start.elapsed()
        })
    })
}

/// The rows of what the lab has measured.
pub fn rows(lab: &Lab, works: &Works) -> Vec<Row> {
    let slope = |[short, long]: [Id; 2], hops: f64| (lab.nanos(long) - lab.nanos(short)) / hops;
    let ms = |name: &str, id| Row::new(name, Unit::Ms, lab.nanos(id) / 1e6);
    vec![
        Row::new("hop through a queue, one message at a time", Unit::Ns, slope(works.queued, 3.0))
            .channels(slope(works.wired, 12.0)),
        ms("16 calls in one task, 4 nodes of 500 µs, 2 cores", works.cores[0]),
        ms("the same with `channels(64)`", works.cores[1]),
        ms("a fork of 4 nodes of 500 µs, 2 cores", works.branches[0]),
        ms("the same with `parallel`", works.branches[1]).by_hand(lab.nanos(works.branches[2]) / 1e6),
        ms("64 calls of a service, 50 µs and 1 µs an item", works.batched[0]),
        ms("the same with `batch(32, \"1ms\")`", works.batched[1]),
    ]
}
