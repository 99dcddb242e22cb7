//! A timeout limits each attempt, never more than the time that is left.

use crate::kit::{App, Tally, failure, ms_since, nap, now, secs};
use penguiflow::ErrorKind;
use penguiflow::clock::millis;
use penguiflow::prelude::*;

#[node(retries = 1, backoff = ("10ms", 1, "10ms"), jitter = none, timeout = "50ms")]
async fn slow((first, later): (u64, u64), ctx: &Ctx, State(tally): State<'_, Tally>) -> u32 {
    let inside = tally.enter();
    nap(if ctx.attempt() == 1 { first } else { later }).await;
    inside.finish();
    ctx.attempt()
}

#[node]
fn behind(n: u32, State(tally): State<'_, Tally>) -> u32 {
    tally.note("behind");
    n
}

flow! { limited((u64, u64)) -> u32 { slow -> behind } }

/// core:AC-9.2, core:AC-17.3
#[tokio::test(start_paused = true)]
async fn a_node_that_is_always_too_slow_is_tried_as_often_as_allowed_and_then_fails_the_trace() {
    let (state, tally) = App::new();
    let app = limited::flow().with_state(state).start().expect("starts");
    let begun = now();
    let error = failure(app.call((80, 80)).await.expect_err("is always too slow"));
    assert_eq!(ms_since(begun), 50 + 10 + 50);
    assert_eq!((tally.calls(), tally.finished(), tally.live(), tally.notes().len()), (2, 0, 0, 0));
    assert_eq!((error.code(), error.attempt(), error.attempts()), ("NODE_TIMEOUT", 2, 2));
    assert!(matches!(error.kind(), ErrorKind::Timeout(limit) if *limit == millis(50)));
    assert_eq!(
        error.to_string(),
        "limited › slow, attempt 2 of 2, after 110 ms: took longer than its timeout of 50 ms"
    );
    assert_eq!(error.to_payload()["metadata"]["timeout_s"], 0.05);
}

/// core:AC-9.3, semantics:27
#[tokio::test(start_paused = true)]
async fn each_attempt_has_the_whole_timeout_so_a_second_one_in_time_delivers() {
    let (state, tally) = App::new();
    let app = limited::flow().with_state(state).start().expect("starts");
    let begun = now();
    assert_eq!(app.call((80, 49)).await.expect("is in time at last"), 2);
    assert_eq!((ms_since(begun), tally.calls(), tally.finished()), (50 + 10 + 49, 2, 1));
    assert_eq!(tally.notes(), ["behind"]);
}

/// semantics:27, semantics:34
#[tokio::test(start_paused = true)]
async fn a_timeout_holds_where_the_node_is_stubbed_and_where_it_was_overridden() {
    let (state, tally) = App::new();
    let app = limited::flow()
        .with_state(state)
        .stub_async::<slow, _>(|(first, _)| async move {
            nap(first).await;
            Ok(7)
        })
        .override_policy::<slow>(|policy| policy.with_retries(0).with_timeout(secs(3)))
        .start()
        .expect("starts");
    let begun = now();
    assert_eq!(app.call((2_999, 0)).await.expect("is in time"), 7);
    assert_eq!(ms_since(begun), 2_999);
    let begun = now();
    let error = failure(app.call((3_001, 0)).await.expect_err("is too slow"));
    assert_eq!((error.code(), error.attempts(), ms_since(begun), tally.calls()), ("NODE_TIMEOUT", 1, 3_000, 0));
}

/// semantics:27
#[tokio::test(start_paused = true)]
async fn whichever_of_timeout_and_deadline_comes_first_ends_the_attempt() {
    let (state, _) = App::new();
    let app = limited::flow()
        .with_state(state)
        .override_policy::<slow>(|policy| policy.with_retries(0).with_timeout(millis(500)))
        .start()
        .expect("starts");
    let begun = now();
    let stop = app.call(Message::new((9_000, 0)).with_deadline(millis(400))).await.expect_err("is too slow");
    assert!(matches!(stop, Stop::DeadlineExceeded) && ms_since(begun) == 400, "{stop}");
    let begun = now();
    let error = failure(app.call(Message::new((9_000, 0)).with_deadline(millis(600))).await.expect_err("is too slow"));
    assert_eq!((error.code(), ms_since(begun)), ("NODE_TIMEOUT", 500));
}

#[node(on_cancel = finish("60s"))]
async fn thorough(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    ms
}

/// semantics:27: cancelled comes before expired, whichever was first.
#[tokio::test(start_paused = true)]
async fn a_trace_that_is_both_cancelled_and_out_of_time_ends_as_cancelled() {
    flow! { careful(u64) -> u64 { thorough } }
    for (cancel, deadline) in [(100, 200), (200, 100)] {
        let (state, tally) = App::new();
        let app = careful::flow().with_state(state).start().expect("starts");
        let message = Message::new(1_000).with_deadline(millis(deadline));
        let trace = app.emit(message).await.expect("lets it in");
        nap(cancel).await;
        assert!(trace.cancel());
        assert!(matches!(trace.result().await, Ending::Cancelled), "cancelled after {cancel} ms");
        assert_eq!(tally.finished(), 1);
    }
}
