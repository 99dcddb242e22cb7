//! A blocking call that is on its thread runs to its end: it keeps its permit, and is counted when nobody waits for it.

use crate::kit::{App, Tally, settle};
use penguiflow::Shutdown;
use penguiflow::prelude::*;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Doors that blocking calls wait at, each for one word.
#[derive(Clone)]
struct Doors {
    entered: Arc<Mutex<Sender<u32>>>,
    open: Arc<Mutex<Receiver<()>>>,
}

#[derive(Provides)]
struct Hall {
    tally: Arc<Tally>,
    doors: Arc<Doors>,
}

/// A state, its tally, where calls tell that they are on their threads, and what lets one of them out.
fn hall() -> (Hall, Tally, Receiver<u32>, Sender<()>) {
    let ((entered, arrivals), (opener, open)) = (channel(), channel());
    let doors = Doors { entered: Arc::new(Mutex::new(entered)), open: Arc::new(Mutex::new(open)) };
    let (_, tally) = App::new();
    (Hall { tally: Arc::new(tally.clone()), doors: Arc::new(doors) }, tally, arrivals, opener)
}

#[node(blocking, concurrency = 1)]
fn wait_at_door(n: u32, State(tally): State<'_, Arc<Tally>>, State(doors): State<'_, Arc<Doors>>) -> u32 {
    let inside = tally.enter();
    doors.entered.lock().expect("no panic inside").send(n).expect("the test listens");
    doors.open.lock().expect("no panic inside").recv().expect("the test opens");
    inside.finish();
    n
}

#[node(blocking)]
fn wait_unlimited(n: u32, State(tally): State<'_, Arc<Tally>>, State(doors): State<'_, Arc<Doors>>) -> u32 {
    wait_at_door(n, State(tally), State(doors))
}

flow! { waiting(u32) -> u32 { wait_at_door } }
flow! { crowded(u32) -> u32 { wait_unlimited } }

fn runtime(threads: usize) -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).max_blocking_threads(threads).enable_time().build().expect("a runtime")
}

/// Waits, on the test's own thread, until `done` holds.
fn until(done: impl Fn() -> bool) {
    while !done() {
        std::thread::yield_now();
    }
}

const SOON: Duration = Duration::from_secs(30);

/// semantics:29
#[test]
fn a_call_on_its_thread_outlives_its_trace_keeps_its_permit_and_is_counted_until_it_ends() {
    let (state, tally, arrivals, opener) = hall();
    let runtime = runtime(4);
    let (app, first, second) = runtime.block_on(async {
        let app = waiting::flow().with_state(state).start().expect("starts");
        let first = app.emit(1).await.expect("lets it in");
        let second = app.emit(2).await.expect("lets it in");
        (app, first, second)
    });
    assert_eq!(arrivals.recv_timeout(SOON).expect("one is on its thread"), 1);
    assert_eq!(app.orphans(), 0, "somebody waits for it");
    assert!(first.cancel());
    assert!(matches!(runtime.block_on(first.result()), Ending::Cancelled));
    assert_eq!((app.orphans(), tally.live(), tally.finished()), (1, 1, 0));
    runtime.block_on(settle());
    assert!(arrivals.try_recv().is_err(), "the orphan keeps its permit, so the second call waits");
    opener.send(()).expect("the call listens");
    assert_eq!(arrivals.recv_timeout(SOON).expect("the second is on its thread"), 2);
    until(|| app.orphans() == 0);
    opener.send(()).expect("the call listens");
    assert_eq!(runtime.block_on(second.result()).into_result().expect("completes"), 2);
    assert_eq!((tally.calls(), tally.finished(), tally.live(), tally.peak()), (2, 2, 0, 1));
}

/// semantics:29
#[test]
fn a_call_that_still_waits_for_a_thread_is_taken_back_and_is_no_orphan() {
    let (state, tally, arrivals, opener) = hall();
    let runtime = runtime(1);
    let (app, first, second) = runtime.block_on(async {
        let app = crowded::flow().with_state(state).start().expect("starts");
        let first = app.emit(1).await.expect("lets it in");
        settle().await;
        let second = app.emit(2).await.expect("lets it in");
        settle().await;
        (app, first, second)
    });
    assert_eq!(arrivals.recv_timeout(SOON).expect("one is on the only thread"), 1);
    assert!(second.cancel());
    assert!(matches!(runtime.block_on(second.result()), Ending::Cancelled));
    assert_eq!((app.orphans(), app.in_flight()), (0, 1));
    opener.send(()).expect("the call listens");
    assert_eq!(runtime.block_on(first.result()).into_result().expect("completes"), 1);
    drop(opener);
    assert_eq!((tally.calls(), app.in_flight(), app.orphans()), (1, 0, 0), "the second call never ran");
}

/// semantics:33
#[test]
fn a_shutdown_tells_how_many_blocking_calls_still_run() {
    let (state, tally, arrivals, opener) = hall();
    let runtime = runtime(4);
    let (app, trace) = runtime.block_on(async {
        let app = waiting::flow().with_state(state).start().expect("starts");
        let trace = app.emit(1).await.expect("lets it in");
        (app, trace)
    });
    assert_eq!(arrivals.recv_timeout(SOON).expect("one is on its thread"), 1);
    let drained = runtime.block_on(app.shutdown(Shutdown::Abort));
    assert_eq!((drained.inside, drained.cancelled, drained.left, drained.orphans), (1, 1, 0, 1));
    assert!(matches!(runtime.block_on(trace.result()), Ending::Cancelled));
    opener.send(()).expect("the call listens");
    until(|| app.orphans() == 0);
    assert_eq!((tally.finished(), tally.live()), (1, 0));
}
