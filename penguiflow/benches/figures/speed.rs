//! What a message costs in time: each figure beside hand-written code for the same work.

use crate::flows::*;
use crate::measure::{Id, Lab, now};
use crate::table::{Row, Unit};
use crate::{by_hand, channels, message, message_with};
use penguiflow::clock::secs;
use penguiflow::{Backoff, Options};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

const MANY: usize = 10_000;
const TURNS: u64 = 1_000;
const CHUNKS: u64 = 1_000;
/// What the workers of the multi-thread runtime have before them at once.
const BATCH: usize = 64;

/// All works of the lab, to be read after it has run.
pub struct Works {
    call: [Id; 5],
    hand: [Id; 3],
    emit: [Id; 2],
    spawn: [Id; 2],
    wired: [Id; 3],
    fan: [Id; 2],
    web: [Id; 2],
    looped: [Id; 3],
    guarded: [Id; 4],
    timed: [Id; 2],
    flaky: [Id; 2],
    streamed: [Id; 2],
    cancel: [Id; 2],
    shared: [Id; 2],
}

macro_rules! call {
    ($lab:ident, $runtime:ident, $builder:expr, $message:expr) => {{
        let app = $runtime.block_on(async { $builder.start() }).expect("starts");
        $lab.time($runtime, async move || app.call($message).await)
    }};
    ($lab:ident, $runtime:ident, $flow:ident) => {
        call!($lab, $runtime, $flow::flow(), message())
    };
}

macro_rules! emit {
    ($lab:ident, $runtime:ident, $flow:ident) => {{
        let app = $runtime.block_on(async { $flow::flow().start() }).expect("starts");
        $lab.time($runtime, async move || app.emit(message()).await.expect("lets it in").result().await)
    }};
}

macro_rules! hand {
    ($lab:ident, $runtime:ident, $name:ident($($more:expr),*)) => {
        $lab.time($runtime, async || by_hand::$name(Arc::default(), $($more),*).await)
    };
}

macro_rules! spawn {
    ($lab:ident, $runtime:ident, $name:ident) => {
        $lab.time($runtime, async || tokio::spawn(by_hand::$name(Arc::default(), message())).await)
    };
}

macro_rules! wired {
    ($lab:ident, $runtime:ident, $name:ident) => {{
        let pipeline = $runtime.block_on(async { channels::$name() });
        $lab.time($runtime, async move || pipeline.pass(message()).await)
    }};
}

/// Adds all works.
pub fn works(lab: &mut Lab, runtime: &Rc<Runtime>) -> Works {
    let timed = || Options::new().with_deadline(secs(3600));
    let at_once = |policy: penguiflow::Policy| policy.with_backoff(Backoff::new().with_base(Duration::ZERO));
    let hops = 1_023;
    Works {
        call: [
            call!(lab, runtime, chain1),
            call!(lab, runtime, chain4),
            call!(lab, runtime, chain16),
            call!(lab, runtime, chain64),
            call!(lab, runtime, chain1024),
        ],
        hand: [
            hand!(lab, runtime, four(message())),
            hand!(lab, runtime, sixteen(message())),
            hand!(lab, runtime, sixty_four(message())),
        ],
        emit: [emit!(lab, runtime, chain4), emit!(lab, runtime, chain16)],
        spawn: [spawn!(lab, runtime, four), spawn!(lab, runtime, sixteen)],
        wired: [wired!(lab, runtime, four), wired!(lab, runtime, sixteen), wired!(lab, runtime, fan8)],
        fan: [call!(lab, runtime, fan8), hand!(lab, runtime, fan8(message()))],
        web: [call!(lab, runtime, bridge), call!(lab, runtime, nested)],
        looped: [
            call!(lab, runtime, looped::flow(), message_with(TURNS - 1)),
            call!(lab, runtime, looped::flow(), message_with(hops)),
            hand!(lab, runtime, looped(message_with(TURNS - 1))),
        ],
        guarded: [
            call!(lab, runtime, guarded4),
            call!(lab, runtime, guarded16),
            hand!(lab, runtime, guarded_chain(message(), 4)),
            hand!(lab, runtime, guarded_chain(message(), 16)),
        ],
        timed: [
            call!(lab, runtime, chain4::flow().with_options(timed()), message()),
            call!(lab, runtime, chain64::flow().with_options(timed()), message()),
        ],
        flaky: [
            call!(lab, runtime, flaky1::flow().override_policy::<flaky>(at_once), message()),
            hand!(lab, runtime, flaky(message())),
        ],
        streamed: streamed(lab, runtime),
        cancel: [lab.time_part(cancel(runtime.clone())), lab.time_part(abort(runtime.clone()))],
        shared: shared(lab),
    }
}

/// Streams chunks from a task to the one who reads them.
fn streamed(lab: &mut Lab, runtime: &Rc<Runtime>) -> [Id; 2] {
    let app = runtime.block_on(async { told::flow().start() }).expect("starts");
    let stream = async move || {
        let (mut chunks, trace) = app.emit(message_with(CHUNKS)).await.expect("lets it in").split();
        let mut read = 0;
        while let Some(chunk) = chunks.next().await {
            read += chunk.text.len();
        }
        assert_eq!(read as u64, 8 * CHUNKS);
        trace.result().await
    };
    let channel = async || {
        let (sender, mut chunks) = tokio::sync::mpsc::channel(Options::CHUNK_LAG);
        let task = tokio::spawn(by_hand::tell(sender, message_with(CHUNKS)));
        let mut read = 0;
        while let Some((_, text)) = chunks.recv().await {
            read += text.len();
        }
        assert_eq!(read as u64, 8 * CHUNKS);
        task.await
    };
    [lab.time(runtime, stream), lab.time(runtime, channel)]
}

/// Cancels many waiting traces by their ids; the time until all of them are gone.
fn cancel(runtime: Rc<Runtime>) -> impl FnMut() -> Duration {
    move || {
        runtime.block_on(async {
            let options = Options::new().with_in_flight(MANY);
            let app = parked4::flow().with_options(options).start().expect("starts");
            let mut traces = Vec::with_capacity(MANY);
            for _ in 0..MANY {
                traces.push(app.emit(message()).await.expect("lets it in"));
            }
            tokio::task::yield_now().await;
            let start = now();
            assert!(traces.iter().all(|trace| app.cancel(trace.id())));
            for trace in traces {
                drop(trace.result().await);
            }
            assert_eq!(app.in_flight(), 0);
            start.elapsed()
        })
    }
}

/// The same for tasks.
fn abort(runtime: Rc<Runtime>) -> impl FnMut() -> Duration {
    move || {
        runtime.block_on(async {
            let tasks: Vec<_> = (0..MANY).map(|_| tokio::spawn(by_hand::parked(Arc::default(), message()))).collect();
            tokio::task::yield_now().await;
            let start = now();
            tasks.iter().for_each(|task| task.abort());
            for task in tasks {
                drop(task.await);
            }
            start.elapsed()
        })
    }
}

/// Emits on a runtime with two workers, many before the first is fetched.
fn shared(lab: &mut Lab) -> [Id; 2] {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("a runtime");
    let runtime = Rc::new(runtime);
    let app = runtime.block_on(async { chain4::flow().start() }).expect("starts");
    let emit = async move || {
        let mut traces = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            traces.push(app.emit(message()).await.expect("lets it in"));
        }
        for trace in traces {
            drop(trace.result().await);
        }
    };
    let spawn = async || {
        let spawn = |_| tokio::spawn(by_hand::four(Arc::default(), message()));
        let tasks: Vec<_> = (0..BATCH).map(spawn).collect();
        for task in tasks {
            drop(task.await);
        }
    };
    [lab.time(&runtime, emit), lab.time(&runtime, spawn)]
}

/// The rows of what the lab has measured.
pub fn rows(lab: &Lab, works: &Works) -> Vec<Row> {
    let ns = |id| lab.nanos(id);
    let slope = |short, long, hops: f64| (ns(long) - ns(short)) / hops;
    let row = |name, value| Row::new(name, Unit::Ns, value);
    let [call1, call4, call16, call64, call1024] = works.call;
    let [hand4, hand16, hand64] = works.hand;
    let [guarded4, guarded16, by_hand4, by_hand16] = works.guarded;
    let turns = TURNS as f64;
    let fused = slope(call4, call64, 60.0);
    let mut rows = vec![
        row("fused hop", fused).aims_at(12.0, 25.0).by_hand(slope(hand4, hand64, 60.0)),
        row("hop with timeout and 3 retries", slope(guarded4, guarded16, 12.0))
            .aims_at(25.0, 40.0)
            .by_hand(slope(by_hand4, by_hand16, 12.0)),
        row("`call`, 4 hops", ns(call4)).aims_at(200.0, 350.0).by_hand(ns(hand4)).channels(ns(works.wired[0])),
        row("`call`, 16 hops", ns(call16)).aims_at(320.0, 550.0).by_hand(ns(hand16)).channels(ns(works.wired[1])),
        row("emit and fetch, 4 hops", ns(works.emit[0])).aims_at(450.0, 800.0).by_hand(ns(works.spawn[0])),
        row("emit and fetch, 16 hops", ns(works.emit[1])).aims_at(600.0, 1_000.0).by_hand(ns(works.spawn[1])),
        row("emit and fetch, 4 hops, 2 workers, 64 at once", ns(works.shared[0]) / BATCH as f64)
            .by_hand(ns(works.shared[1]) / BATCH as f64),
        row("fan-out 8 and join", ns(works.fan[0]))
            .aims_at(400.0, 700.0)
            .by_hand(ns(works.fan[1]))
            .channels(ns(works.wired[2])),
        row("`call`, 6 nodes in chains that do not nest", ns(works.web[0])),
        row("`call`, 6 nodes in forks that do", ns(works.web[1])),
        row("loop of 1,000, per turn", ns(works.looped[0]) / turns)
            .aims_at(8.0, 20.0)
            .by_hand(ns(works.looped[2]) / turns),
        row("stream chunk, producer to consumer", ns(works.streamed[0]) / CHUNKS as f64)
            .aims_at(150.0, 220.0)
            .by_hand(ns(works.streamed[1]) / CHUNKS as f64),
        row("two failures, then success", ns(works.flaky[0])).by_hand(ns(works.flaky[1])),
        row("a deadline set, added per hop", slope(works.timed[0], works.timed[1], 60.0) - fused).aims_at(1.0, 5.0),
        Row::new("cancel 10,000 waiting traces, all dropped", Unit::Ms, ns(works.cancel[0]) / 1e6)
            .aims_at(5.0, 20.0)
            .by_hand(ns(works.cancel[1]) / 1e6),
    ];
    rows.extend(flatness([
        ("in a chain of 4", slope(call1, call4, 3.0)),
        ("in a chain of 64", slope(call1, call64, 63.0)),
        ("in 16 sub-flows of 64", slope(call1, call1024, 1_023.0)),
        ("in a loop of 1,024", slope(call1, works.looped[1], 1_023.0)),
    ]));
    rows
}

/// Whether a hop costs the same wherever it stands.
fn flatness(hops: [(&str, f64); 4]) -> impl Iterator<Item = Row> {
    let costs = hops.map(|(_, nanos)| nanos.max(0.1));
    let spread = costs.iter().copied().fold(0.0, f64::max) / costs.iter().copied().fold(f64::MAX, f64::min);
    let each = hops.into_iter().map(|(wherever, nanos)| Row::new(format!("cost per hop {wherever}"), Unit::Ns, nanos));
    let spread = Row::new("the dearest of these four to the cheapest", Unit::Times, spread).aims_at(1.0, 1.5);
    each.chain([spread])
}
