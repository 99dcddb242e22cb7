//! Blocking calls whose attempt is over: they keep their permit, whatever comes after, and end without harm.

use crate::kit::{App, Tally, failure, settle};
use penguiflow::clock::secs;
use penguiflow::prelude::*;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

type Words = Mutex<Receiver<&'static str>>;

#[derive(Provides)]
struct Hall {
    tally: Arc<Tally>,
    arrivals: Arc<Mutex<Sender<u32>>>,
    words: Arc<Words>,
}

/// A state, its tally, where attempts tell that they are on their threads, and what tells each how to end.
fn hall() -> (Hall, Tally, Receiver<u32>, Sender<&'static str>) {
    let ((arrive, arrivals), (say, words)) = (channel(), channel());
    let (_, tally) = App::new();
    let (arrive, words) = (Arc::new(Mutex::new(arrive)), Arc::new(Mutex::new(words)));
    (Hall { tally: Arc::new(tally.clone()), arrivals: arrive, words }, tally, arrivals, say)
}

#[node(blocking, concurrency = 1, timeout = "1s", retries = 1, backoff = ("1ms", 1, "1ms"), jitter = none)]
fn listen(
    _: u32,
    ctx: &Ctx,
    State(tally): State<'_, Arc<Tally>>,
    State(arrivals): State<'_, Arc<Mutex<Sender<u32>>>>,
    State(words): State<'_, Arc<Words>>,
) -> Result<u32, crate::kit::Oops> {
    let inside = tally.enter();
    arrivals.lock().expect("no panic inside").send(ctx.attempt()).expect("the test listens");
    let word = words.lock().expect("no panic inside").recv().expect("the test speaks");
    inside.finish();
    assert!(word != "panic", "as told");
    Ok(ctx.attempt())
}

flow! { listening(u32) -> u32 { listen } }

/// Waits, on the test's own thread, until `done` holds.
fn until(done: impl Fn() -> bool) {
    while !done() {
        std::thread::yield_now();
    }
}

/// The attempt that comes next to its thread.
async fn next(arrivals: &Receiver<u32>) -> u32 {
    loop {
        match arrivals.try_recv() {
            Ok(attempt) => return attempt,
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// semantics:29, semantics:26: so two attempts of one trace never run at once where one is allowed.
#[tokio::test(start_paused = true)]
async fn the_retry_of_a_blocking_call_that_timed_out_waits_until_the_first_has_left_its_thread() {
    let (state, tally, arrivals, say) = hall();
    let app = listening::flow().with_state(state).start().expect("starts");
    let trace = app.emit(1).await.expect("lets it in");
    assert_eq!(next(&arrivals).await, 1);
    for _ in 0..3 {
        tokio::time::advance(secs(1)).await;
        settle().await;
    }
    assert_eq!((app.orphans(), app.in_flight(), tally.live()), (1, 1, 1), "timed out, and still running");
    assert!(arrivals.try_recv().is_err(), "the second attempt waits for the permit");
    say.send("go").expect("it listens");
    assert_eq!(next(&arrivals).await, 2);
    assert_eq!(app.orphans(), 0);
    say.send("go").expect("it listens");
    assert_eq!(trace.result().await.into_result().expect("completes"), 2);
    assert_eq!((tally.calls(), tally.peak(), tally.finished(), app.orphans()), (2, 1, 2, 0));
}

/// semantics:29, semantics:28
#[tokio::test(start_paused = true)]
async fn an_orphan_that_panics_is_counted_out_gives_its_permit_back_and_harms_nobody() {
    let (state, tally, arrivals, say) = hall();
    let app = listening::flow().with_state(state).start().expect("starts");
    let trace = app.emit(1).await.expect("lets it in");
    assert_eq!(next(&arrivals).await, 1);
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((app.orphans(), app.in_flight()), (1, 0));
    say.send("panic").expect("it listens");
    until(|| app.orphans() == 0);
    say.send("go").expect("somebody will listen");
    assert_eq!(app.call(1).await.expect("completes"), 1);
    say.send("panic").expect("somebody will listen");
    let error = failure(app.call(1).await.expect_err("panics"));
    assert_eq!((error.code(), error.attempt(), error.node()), ("NODE_PANIC", 1, "listen"));
    assert_eq!((tally.calls(), tally.live(), app.orphans()), (3, 0, 0));
}
