//! The smallest and the largest figures that a policy, a message and an option can hold do not panic, hang or overflow.

use crate::kit::{App, Oops, Tally, failure, forever, ms_since, nap, now, secs, settle};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Backoff, ErrorClass, Jitter, NodeError, OnCancel, Options, Policy, Shutdown};
use std::time::Duration;

#[node(retries = 0)]
async fn work(n: u32, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    let inside = tally.enter();
    nap(10).await;
    inside.finish();
    if n == 0 { Err(Oops(0)) } else { Ok(n) }
}

flow! { working(u32) -> u32 { work } }

/// A started flow whose node has the policy that `change` makes.
macro_rules! working {
    ($change:expr) => {{
        let (state, tally) = App::new();
        let app = working::flow().with_state(state).override_policy::<work>($change).start().expect("starts");
        (app, tally)
    }};
}

const AGES: Duration = Duration::MAX;
const YEAR: Duration = secs(365 * 24 * 3_600);

/// core:W-27
#[tokio::test(start_paused = true)]
async fn timeouts_rates_and_graces_as_long_as_can_be_are_as_good_as_none() {
    let (app, tally) = working!(|policy: Policy| {
        policy
            .with_timeout(AGES)
            .with_rate(u32::MAX, AGES)
            .with_concurrency(u32::MAX)
            .with_on_cancel(OnCancel::Finish(AGES))
    });
    assert_eq!(app.call(1).await.expect("completes"), 1);
    let trace = app.emit(1).await.expect("lets it in");
    settle().await;
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.finished(), app.in_flight()), (2, 0), "it was let finish");
}

/// core:W-27, semantics:26: a rate of one start in an age starts one, and the second waits without harm.
#[tokio::test(start_paused = true)]
async fn a_rate_over_an_age_lets_one_start_and_the_next_can_still_be_cancelled() {
    let (app, tally) = working!(|policy: Policy| policy.with_rate(1, AGES));
    assert_eq!(app.call(1).await.expect("completes"), 1);
    let trace = app.emit(1).await.expect("lets it in");
    settle().await;
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.calls(), app.in_flight()), (1, 0));
}

/// core:AC-9.6, core:W-27: beyond a year no delay grows; below zero none shrinks.
#[tokio::test(start_paused = true)]
async fn backoffs_that_overflow_or_make_no_sense_still_wait_and_end() {
    for (backoff, waits) in [
        (Backoff::new().with_base(AGES), YEAR * 2),
        (Backoff::new().with_base(secs(1)).with_factor(f64::MAX), secs(1) + YEAR),
        (Backoff::new().with_base(secs(1)).with_factor(f64::INFINITY).with_cap(secs(9)), secs(1 + 9)),
        (Backoff::new().with_base(secs(1)).with_factor(-3.0), secs(1)),
        (Backoff::new().with_base(secs(1)).with_factor(0.0), secs(1)),
        (Backoff::new().with_base(Duration::ZERO).with_cap(AGES), Duration::ZERO),
        (Backoff::new().with_base(secs(1)).with_cap(Duration::ZERO), Duration::ZERO),
    ] {
        let (app, tally) =
            working!(move |policy: Policy| policy.with_retries(2).with_backoff(backoff).with_jitter(Jitter::None));
        let begun = now();
        assert_eq!(failure(app.call(0).await.expect_err("always fails")).attempt(), 3);
        assert_eq!((ms_since(begun), tally.calls()), ((waits + millis(30)).as_millis(), 3), "{backoff:?}");
    }
}

/// core:W-27, semantics:22
#[tokio::test(start_paused = true)]
async fn a_wait_of_ages_that_the_other_side_asks_for_ends_with_the_deadline() {
    let (state, _) = App::new();
    let app = working::flow()
        .with_state(state)
        .override_policy::<work>(|policy| policy.with_retries(u32::MAX))
        .stub::<work>(|n| Err(NodeError::new(Oops(n)).with_class(ErrorClass::Retry).with_retry_after(Some(AGES))))
        .start()
        .expect("starts");
    let begun = now();
    let stop = app.call(Message::new(1).with_deadline(secs(60))).await.expect_err("is too late");
    assert!(matches!(stop, Stop::DeadlineExceeded), "{stop}");
    assert_eq!(ms_since(begun), 60_000);
}

/// core:AC-9.2: no time at all is still one look at the node.
#[tokio::test(start_paused = true)]
async fn a_timeout_of_nothing_fails_what_waits_and_lets_through_what_does_not() {
    #[node]
    async fn ready(n: u32) -> u32 {
        n
    }
    flow! { at_once(u32) -> u32 { ready } }
    let app = at_once::flow().override_policy::<ready>(|policy| policy.with_timeout(Duration::ZERO)).start();
    assert_eq!(app.expect("starts").call(1).await.expect("is ready at once"), 1);
    let (app, tally) = working!(|policy: Policy| policy.with_timeout(Duration::ZERO));
    let error = failure(app.call(1).await.expect_err("waits"));
    assert_eq!((error.code(), tally.calls(), tally.finished()), ("NODE_TIMEOUT", 1, 0));
}

/// core:W-10, core:AC-11.1
#[tokio::test(start_paused = true)]
async fn deadlines_of_nothing_and_of_ages_hold_for_messages_and_for_flows() {
    let (state, tally) = App::new();
    let options = Options::new().with_deadline(AGES).with_in_flight(0);
    let app = working::flow().with_state(state.clone()).with_options(options).start().expect("starts");
    assert_eq!(app.call(Message::new(1).with_deadline(AGES)).await.expect("completes"), 1);
    assert!(matches!(app.call(Message::new(1).with_deadline(Duration::ZERO)).await, Err(Stop::DeadlineExceeded)));
    assert_eq!(tally.calls(), 1, "who is too late runs nothing");
    let trace = app.try_emit(1).expect("has room for one");
    assert!(app.try_emit(1).is_err(), "0 counts as 1");
    assert!(trace.result().await.is_completed());
    let options = Options::new().with_deadline(Duration::ZERO).with_in_flight(usize::MAX);
    let app = working::flow().with_state(state).with_options(options).start().expect("starts");
    assert!(matches!(app.call(1).await, Err(Stop::DeadlineExceeded)));
    assert_eq!((app.in_flight(), tally.calls()), (0, 2));
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn a_drain_without_grace_is_an_abort_and_one_of_ages_waits_for_the_last_trace() {
    let (app, tally) = working!(|policy: Policy| policy);
    let trace = app.try_emit(1).expect("has room");
    settle().await;
    let drained = app.shutdown(Shutdown::Drain { grace: Duration::ZERO }).await;
    assert_eq!((drained.inside, drained.cancelled, drained.left), (1, 1, 0));
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.live(), tally.finished()), (0, 0));
    let (app, tally) = working!(|policy: Policy| policy);
    let trace = app.try_emit(1).expect("has room");
    let begun = now();
    let drained = app.shutdown(Shutdown::Drain { grace: AGES }).await;
    assert_eq!((ms_since(begun), drained.cancelled, drained.left, tally.finished()), (10, 0, 0, 1));
    assert!(trace.result().await.is_completed());
}

#[derive(Debug)]
struct Brittle;

impl Clone for Brittle {
    fn clone(&self) -> Self {
        panic!("cannot be copied")
    }
}

/// semantics:28: code of the user's that is no node's, as the clone for a branch, fails the trace in the flow's own name.
#[tokio::test(start_paused = true)]
async fn a_panic_between_two_nodes_is_the_flow_s() {
    #[node]
    fn make(n: u32) -> Option<Brittle> {
        (n > 0).then_some(Brittle)
    }
    #[node]
    async fn look(brittle: Option<Brittle>) -> bool {
        brittle.is_some()
    }
    #[node(retries = 1)]
    async fn keeps(brittle: Option<Brittle>) -> Result<bool, Oops> {
        forever().await;
        Ok(brittle.is_some())
    }
    #[node]
    fn both((a, b): (bool, bool)) -> bool {
        a && b
    }
    flow! { copying(u32) -> bool { make -> (look, look as other) -> join -> both } }
    let app = copying::flow().start().expect("starts");
    assert!(!app.call(0).await.expect("has nothing to copy"));
    let error = failure(app.call(1).await.expect_err("panics"));
    assert_eq!((error.path(), error.node(), error.code()), ("copying", "copying", "NODE_PANIC"));
    flow! { keeping(u32) -> bool { make -> keeps } }
    let app = keeping::flow().start().expect("starts");
    let error = failure(app.call(1).await.expect_err("panics"));
    assert_eq!((error.path(), error.attempt(), error.attempts()), ("keeping › keeps", 1, 2), "kept for its node");
    assert_eq!(app.in_flight(), 0);
}
