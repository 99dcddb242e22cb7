//! Handles outlive runtimes and travel to threads that have none; nobody is left inside.

use crate::kit::{App, Tally};
use penguiflow::prelude::*;
use penguiflow::{Handle, Options, Refused};
use tokio::runtime::Runtime;

#[node]
async fn wait(n: u32, State(tally): State<'_, Tally>) -> u32 {
    let inside = tally.enter();
    if n == 0 {
        crate::kit::forever().await;
    }
    tokio::task::yield_now().await;
    inside.finish();
    n
}

flow! { waiting(u32) -> u32 { wait } }

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime")
}

fn started(runtime: &Runtime, in_flight: usize) -> (Handle<waiting>, Tally) {
    let (state, tally) = App::new();
    let options = Options::new().with_in_flight(in_flight);
    let start = || waiting::flow().with_state(state).with_options(options).start();
    (runtime.block_on(async { start() }).expect("starts"), tally)
}

/// semantics:32: a message may come from a thread that no runtime knows.
#[test]
fn a_thread_without_a_runtime_can_emit_into_the_runtime_that_the_flow_was_started_in() {
    let runtime = runtime();
    let (app, tally) = started(&runtime, 1);
    let trace = app.try_emit(0).expect("has room");
    assert!(matches!(app.try_emit(1), Err(Refused::Full(_))));
    assert!(trace.cancel());
    assert!(matches!(runtime.block_on(trace.result()), Ending::Cancelled));
    assert_eq!(app.in_flight(), 0);
    let trace = app.try_emit(7).expect("has room");
    assert_eq!(runtime.block_on(trace.result()).into_result().expect("completes"), 7);
    assert_eq!((tally.live(), tally.finished()), (0, 1));
}

/// core:AC-6.4, semantics:33
#[test]
fn a_runtime_that_goes_away_takes_its_traces_along_and_they_end_as_cancelled() {
    let runtime = runtime();
    let (app, tally) = started(&runtime, 2);
    let (inside, detached) = (app.try_emit(0).expect("has room"), app.try_emit(0).expect("has room"));
    let id = detached.detach();
    drop(runtime);
    assert_eq!((app.in_flight(), tally.live(), app.cancel(id), inside.cancel()), (0, 0, false, false));
    let late = app.try_emit(7).expect("has room");
    let other = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    assert!(matches!(other.block_on(inside.result()), Ending::Cancelled));
    assert!(matches!(other.block_on(late.result()), Ending::Cancelled), "nobody is left who could run it");
    assert_eq!((app.in_flight(), tally.finished()), (0, 0));
    assert_eq!(other.block_on(app.call(7)).expect("is polled in place"), 7);
}
