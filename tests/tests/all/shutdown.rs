//! Shutting down drains or aborts, and tells what it found.

use crate::kit::{App, Tally, ms_since, nap, now, secs, settle};
use penguiflow::prelude::*;
use penguiflow::{Handle, Shutdown};

#[node]
async fn wait(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    ms
}

#[node]
fn after(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note("after");
    ms
}

flow! { waiting(u64) -> u64 { wait -> after } }

fn started() -> (Handle<waiting>, Tally) {
    let (state, tally) = App::new();
    (waiting::flow().with_state(state).start().expect("starts"), tally)
}

/// core:AC-6.4, core:W-12
#[tokio::test(start_paused = true)]
async fn draining_lets_those_inside_finish_and_returns_when_the_last_one_has() {
    let (app, tally) = started();
    let traces: Vec<_> = [100, 200, 300].map(|ms| app.try_emit(ms).expect("has room")).into();
    let begun = now();
    let drained = app.shutdown(Shutdown::Drain { grace: secs(60) }).await;
    assert_eq!(ms_since(begun), 300);
    assert_eq!((drained.inside, drained.cancelled, drained.left, drained.orphans), (3, 0, 0, 0));
    for trace in traces {
        assert!(trace.result().await.is_completed());
    }
    assert_eq!((tally.finished(), tally.live(), tally.notes().len(), app.in_flight()), (3, 0, 3, 0));
}

/// core:AC-6.2
#[tokio::test(start_paused = true)]
async fn draining_cancels_what_outlasts_its_grace() {
    let (app, tally) = started();
    let (quick, stuck) = (app.try_emit(100).expect("has room"), app.try_emit(1_000_000_000).expect("has room"));
    let begun = now();
    let drained = app.shutdown(Shutdown::Drain { grace: secs(5) }).await;
    assert_eq!(ms_since(begun), 5_000);
    assert_eq!((drained.inside, drained.cancelled, drained.left), (2, 1, 0));
    assert!(quick.result().await.is_completed());
    assert!(matches!(stuck.result().await, Ending::Cancelled));
    assert_eq!((tally.live(), tally.finished(), tally.notes().len(), app.in_flight()), (0, 1, 1, 0));
}

/// core:AC-6.2, core:AC-6.4, core:W-12
#[tokio::test(start_paused = true)]
async fn aborting_cancels_all_at_once_and_leaves_nothing_running() {
    let (app, tally) = started();
    let traces: Vec<_> = (0..100).map(|_| app.try_emit(1_000_000_000).expect("has room")).collect();
    settle().await;
    assert_eq!(tally.live(), 100);
    let begun = now();
    let drained = app.shutdown(Shutdown::Abort).await;
    assert_eq!((ms_since(begun), drained.inside, drained.cancelled, drained.left), (0, 100, 100, 0));
    assert_eq!((tally.live(), tally.finished(), app.in_flight()), (0, 0, 0));
    for trace in traces {
        assert!(matches!(trace.result().await, Ending::Cancelled));
    }
}

/// core:AC-6.3
#[tokio::test(start_paused = true)]
async fn shutting_down_twice_or_from_two_handles_does_no_harm() {
    let (app, tally) = started();
    let trace = app.try_emit(100).expect("has room");
    let twin = app.clone();
    let grace = Shutdown::Drain { grace: secs(5) };
    let (one, other) = tokio::join!(app.shutdown(grace), twin.shutdown(grace));
    assert_eq!((one.cancelled, other.cancelled), (0, 0));
    assert!(trace.result().await.is_completed());
    for how in [Shutdown::Abort, grace] {
        let drained = app.shutdown(how).await;
        assert_eq!((drained.inside, drained.cancelled, drained.left), (0, 0, 0));
    }
    assert_eq!(tally.finished(), 1);
}

/// semantics:33: a call that is neither awaited nor dropped cannot leave; the shutdown ends all the same, and says so.
#[tokio::test(start_paused = true)]
async fn a_call_that_nobody_polls_is_told_as_left() {
    let (app, tally) = started();
    let mut call = Box::pin(app.call(1_000));
    assert!(tokio::time::timeout(secs(0), &mut call).await.is_err());
    let drained = app.shutdown(Shutdown::Abort).await;
    assert_eq!((drained.inside, drained.cancelled, drained.left), (1, 1, 1));
    assert!(matches!(call.await, Err(Stop::Cancelled)));
    assert_eq!((tally.live(), tally.finished(), app.in_flight()), (0, 0, 0));
}

/// core:W-12: a new run knows nothing of an old one.
#[tokio::test(start_paused = true)]
async fn a_flow_that_is_started_again_begins_anew() {
    let (old, tally) = started();
    let trace = old.try_emit(1_000).expect("has room");
    old.shutdown(Shutdown::Abort).await;
    let (new, fresh) = started();
    assert_eq!(new.call(5).await.expect("completes"), 5);
    assert_eq!((fresh.calls(), tally.notes().len(), new.in_flight()), (1, 0, 0));
    assert!(!new.cancel(trace.id()));
}
