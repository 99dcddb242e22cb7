//! Calling a flow from threads that no runtime knows, and being refused on those that one does.

use crate::kit::{App, Oops, Tally, nap};
use penguiflow::prelude::*;
use penguiflow::{CallBlockingError, Handle, Shutdown};
use tokio::runtime::{Builder, Runtime};

#[node]
async fn work(ms: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    if ms % 2 == 1 { Err(Oops(1)) } else { Ok(ms) }
}

flow! { working(u64) -> u64 { work } }

fn workers() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime")
}

fn started(runtime: &Runtime) -> (Handle<working>, Tally) {
    let (state, tally) = App::new();
    let app = runtime.block_on(async { working::flow().with_state(state).start() });
    (app.expect("starts"), tally)
}

/// semantics:34
#[test]
fn a_thread_without_a_runtime_gets_the_value_or_the_reason() {
    let runtime = workers();
    let (app, tally) = started(&runtime);
    assert_eq!(app.call_blocking(2).expect("completes"), 2);
    let error = app.call_blocking(Message::new(3).with_tenant("acme")).expect_err("fails");
    assert!(matches!(&error, CallBlockingError::Stopped(Stop::Failed(failed)) if failed.node() == "work"), "{error}");
    assert!(std::error::Error::source(&error).is_some_and(|source| source.is::<Oops>()));
    runtime.block_on(app.shutdown(Shutdown::Abort));
    assert!(matches!(app.call_blocking(2), Err(CallBlockingError::Stopped(Stop::Cancelled))));
    assert_eq!((tally.calls(), tally.finished(), app.in_flight()), (2, 2, 0));
}

/// semantics:34: a runtime of one thread serves other threads while it runs.
#[test]
fn several_threads_can_call_into_a_runtime_of_one_thread_that_runs() {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let (app, tally) = started(&runtime);
    let (done, all_done) = tokio::sync::oneshot::channel::<()>();
    let callers: Vec<_> = (1..=4)
        .map(|n| {
            let app = app.clone();
            std::thread::spawn(move || app.call_blocking(n * 2).expect("completes"))
        })
        .collect();
    let joined = std::thread::spawn(move || {
        let gave: Vec<u64> = callers.into_iter().map(|caller| caller.join().expect("no panic")).collect();
        drop(done);
        gave
    });
    assert!(runtime.block_on(all_done).is_err());
    assert_eq!((joined.join().expect("no panic"), tally.calls()), (vec![2, 4, 6, 8], 4));
}

/// semantics:34: no deadlock and no panic, but the message and what to write instead.
#[test]
fn a_thread_of_a_runtime_is_refused_and_told_what_to_write() {
    let one = Builder::new_current_thread().enable_time().build().expect("a runtime");
    for runtime in [one, workers()] {
        let (app, tally) = started(&runtime);
        let refused = [
            runtime.block_on(async { app.call_blocking(Message::new(2).with_tenant("acme")) }),
            runtime.block_on(async {
                let app = app.clone();
                tokio::spawn(async move { app.call_blocking(Message::new(2).with_tenant("acme")) })
                    .await
                    .expect("no panic")
            }),
        ];
        for refused in refused {
            let error = refused.expect_err("is refused");
            assert!(error.to_string().contains("write `app.call(…).await`"), "{error}");
            assert_eq!(format!("{error:?}"), "InsideRuntime(..)");
            let CallBlockingError::InsideRuntime(message) = error else { panic!("{error}") };
            assert_eq!((message.headers().tenant(), *message.payload()), (Some("acme"), 2));
        }
        assert_eq!((tally.calls(), app.counts().admitted()), (0, 0));
    }
}

/// semantics:34: the way that the refusal offers works.
#[test]
fn inside_spawn_blocking_the_way_that_the_refusal_offers_works() {
    let runtime = workers();
    let (app, tally) = started(&runtime);
    let gave = runtime.block_on(async {
        let blocking = tokio::task::spawn_blocking(move || {
            assert!(matches!(app.call_blocking(2), Err(CallBlockingError::InsideRuntime(_))));
            tokio::runtime::Handle::current().block_on(app.call(2))
        });
        blocking.await.expect("no panic")
    });
    assert_eq!((gave.expect("completes"), tally.calls()), (2, 1));
}
