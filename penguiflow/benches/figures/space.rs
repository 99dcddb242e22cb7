//! What a trace takes: allocations, bytes, frames. Counted, not timed, so one run is enough.

use crate::budgets::{limited4, with_limited_sub};
use crate::flows::*;
use crate::heap::{Used, used};
use crate::queues::{queued1, queued4};
use crate::table::{Row, Unit};
use crate::{by_hand, message};
use penguiflow::Options;
use std::sync::Arc;
use tokio::runtime::Runtime;

const TIMES: usize = 1_000;
const WAITING: usize = 10_000;

/// The allocations of one run of `work`, once everything is warm.
fn allocations(runtime: &Runtime, work: impl AsyncFn()) -> f64 {
    runtime.block_on(async {
        work().await;
        work().await;
    });
    let run = || {
        runtime.block_on(async {
            for _ in 0..TIMES {
                work().await;
            }
        })
    };
    used(run).1.per(TIMES).allocations
}

macro_rules! call {
    ($runtime:ident, $flow:ident) => {{
        let app = $runtime.block_on(async { $flow::flow().start() }).expect("starts");
        allocations($runtime, async || drop(app.call(message()).await))
    }};
}

/// Allocations of a trace.
pub fn allocation_rows(runtime: &Runtime) -> Vec<Row> {
    let four = call!(runtime, chain4);
    let app = runtime.block_on(async { chain4::flow().start() }).expect("starts");
    let spawned = allocations(runtime, async || {
        let trace = app.emit(message()).await.expect("lets it in");
        drop(trace.result().await);
    });
    let task = allocations(runtime, async || drop(tokio::spawn(by_hand::four(Arc::default(), message())).await));
    let in_place = allocations(runtime, async || drop(by_hand::four(Arc::default(), message()).await));
    let row = |name, value| Row::new(name, Unit::Count, value);
    vec![
        row("allocations per hop", (call!(runtime, chain64) - four) / 60.0).aims_at(0.0, 0.0).by_hand(0.0),
        row("allocations per trace, in place", four).aims_at(1.0, 3.0).by_hand(in_place),
        row("allocations per trace, spawned", spawned).aims_at(2.0, 4.0).by_hand(task),
        row("allocations per trace, chains that do not nest", call!(runtime, bridge)),
        row("allocations per hop through a queue", (call!(runtime, queued4) - call!(runtime, queued1)) / 3.0),
        row("allocations per sub-flow call", call!(runtime, with_sub) - four).aims_at(1.0, 2.0).by_hand(0.0),
        row("allocations of a budget", call!(runtime, limited4) - four),
        row("allocations per call of a sub-flow with a budget", call!(runtime, with_limited_sub) - four),
    ]
}

/// Bytes of traces and of frames.
pub fn byte_rows(runtime: &Runtime) -> Vec<Row> {
    let options = Options::new().with_in_flight(WAITING);
    let app = runtime.block_on(async { parked4::flow().with_options(options).start() }).expect("starts");
    let mut traces = Vec::with_capacity(WAITING);
    let emit = async || {
        for _ in 0..WAITING {
            traces.push(app.emit(message()).await.expect("lets it in"));
        }
        tokio::task::yield_now().await;
    };
    let trace = waiting(runtime, emit);
    let mut tasks = Vec::with_capacity(WAITING);
    let spawn = async || {
        for _ in 0..WAITING {
            tasks.push(tokio::spawn(by_hand::parked(Arc::default(), message())));
        }
        tokio::task::yield_now().await;
    };
    let task = waiting(runtime, spawn);
    tasks.iter().for_each(|task| task.abort());
    let largest = size_of_val(&wide([0; 128])) as f64;
    let row = |name, value: usize| Row::new(name, Unit::Bytes, value as f64);
    let frame = |value: usize| value as f64;
    vec![
        Row::new("live bytes per waiting trace, 4 hops", Unit::Bytes, trace.live)
            .aims_at(800.0, 1500.0)
            .by_hand(task.live),
        row("run future, 64 nodes, 16-byte messages", chain64::flow().frame_bytes())
            .aims_at(160.0, 512.0)
            .by_hand(frame(size_of_val(&by_hand::sixty_four(Arc::default(), message())))),
        row("run future, 4 nodes, 16-byte messages", chain4::flow().frame_bytes())
            .by_hand(frame(size_of_val(&by_hand::four(Arc::default(), message())))),
        Row::new(
            "run future, nested 5 deep, to its largest node",
            Unit::Times,
            frame(nested5::flow().frame_bytes()) / largest,
        )
        .aims_at(2.0, 4.0),
    ]
}

/// What each of the waiting ones holds.
fn waiting(runtime: &Runtime, start: impl AsyncFnOnce()) -> Used {
    used(|| runtime.block_on(start())).1.per(WAITING)
}
