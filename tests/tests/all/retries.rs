//! A failed attempt runs again as its policy says, and never otherwise.

use crate::kit::{App, Oops, Tally, failure, ms_since, nap, now};
use penguiflow::clock::{Seam, millis};
use penguiflow::prelude::*;
use penguiflow::{Backoff, ErrorKind, Jitter, Options, Policy};
use std::time::Duration;

#[node(retries = 2, backoff = ("10ms", 2, "1s"), jitter = none)]
async fn flaky(fails: u32, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    tally.call();
    if ctx.attempt() <= fails { Err(Oops(ctx.attempt())) } else { Ok(ctx.attempt()) }
}

flow! { trying(u32) -> u32 { flaky } }

/// core:AC-9.1
#[tokio::test(start_paused = true)]
async fn a_node_that_fails_once_succeeds_in_its_second_attempt_which_knows_its_number() {
    let (state, tally) = App::new();
    let app = trying::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(1).await.expect("recovers"), 2);
    assert_eq!(tally.calls(), 2);
}

/// core:AC-9.4, core:AC-17.2
#[tokio::test(start_paused = true)]
async fn a_node_that_always_fails_is_called_once_and_as_often_again_as_retries_allow() {
    let (state, tally) = App::new();
    let app = trying::flow().with_state(state).start().expect("starts");
    let error = failure(app.call(9).await.expect_err("always fails"));
    assert_eq!(tally.calls(), 3);
    assert_eq!((error.code(), error.attempt(), error.attempts()), ("NODE_EXCEPTION", 3, 3));
    assert_eq!(error.elapsed(), millis(10 + 20));
    let ErrorKind::Node(source) = error.into_kind() else { panic!("the node's own error is lost") };
    assert_eq!(*source.downcast::<Oops>().expect("the very error"), Oops(3));
}

/// core:AC-3.5
#[tokio::test(start_paused = true)]
async fn a_node_without_a_policy_runs_once_without_a_limit() {
    #[node]
    async fn plain(ms: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
        tally.call();
        nap(ms).await;
        Err(Oops(1))
    }
    flow! { bare(u64) -> u64 { plain } }

    let policy = Policy::new();
    assert_eq!((policy.retries, policy.timeout, policy.concurrency, policy.rate), (0, None, None, None));
    let (state, tally) = App::new();
    let app = bare::flow().with_state(state).start().expect("starts");
    let error = failure(app.call(1_000_000_000).await.expect_err("fails in the end"));
    assert_eq!((tally.calls(), error.elapsed()), (1, millis(1_000_000_000)));
}

// === delays ===

#[node(retries = 5, backoff = ("10ms", 3, "100ms"), jitter = none)]
async fn hopeless(_: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.call();
    Err(Oops(0))
}

flow! { losing(u64) -> u64 { hopeless } }

/// The times between the attempts of one trace, in milliseconds, under `change`.
async fn delays(seam: Seam, change: impl FnOnce(Policy) -> Policy + Send + 'static) -> Vec<u128> {
    let (state, tally) = App::new();
    let times = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let begun = now();
    let seen = times.clone();
    let app = losing::flow()
        .with_state(state)
        .with_options(Options::new().with_seam(seam))
        .override_policy::<hopeless>(change)
        .stub_async::<hopeless, _>(move |_| {
            seen.lock().expect("no panic inside").push(ms_since(begun));
            std::future::ready(Err(Oops(0).into()))
        })
        .start()
        .expect("starts");
    app.call(0).await.expect_err("always fails");
    assert_eq!(tally.calls(), 0, "the stub runs in the place of the function");
    let times = times.lock().expect("no panic inside").clone();
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// semantics:26, core:AC-9.6
#[tokio::test(start_paused = true)]
async fn without_jitter_delays_follow_the_formula_and_its_cap_exactly() {
    assert_eq!(delays(Seam::seeded(1), |policy| policy).await, [10, 30, 90, 100, 100]);
}

/// core:AC-9.6
#[tokio::test(start_paused = true)]
async fn a_cap_below_the_base_holds_from_the_first_retry() {
    let backoff = Backoff::new().with_base(millis(100)).with_cap(millis(30));
    let change = move |policy: Policy| policy.with_backoff(backoff).with_jitter(Jitter::None);
    assert_eq!(delays(Seam::seeded(1), change).await, [30; 5]);
}

/// semantics:26
#[tokio::test(start_paused = true)]
async fn with_full_jitter_each_delay_is_a_random_share_of_the_formula_drawn_from_the_seam() {
    let full = |policy: Policy| policy.with_backoff(Backoff::new().with_base(millis(1_000))).with_retries(5);
    let twin = Seam::seeded(7);
    let found = delays(Seam::seeded(7), full).await;
    let _id = twin.trace_id();
    let share = |retry| {
        let ms = 1_000.0 * 2f64.powi(retry) * twin.jitter();
        ms.ceil() as u128
    };
    let expected: Vec<u128> = (0..5).map(share).collect();
    let near = found.iter().zip(&expected).all(|(found, expected)| found.abs_diff(*expected) <= 1);
    assert!(found.len() == 5 && near, "{found:?}, but the seam's draws give {expected:?}");
    assert_ne!(found, delays(Seam::seeded(8), full).await, "another seed draws otherwise");
}

// === classes ===

#[derive(Debug)]
struct Asks {
    fatal: bool,
    after: Option<Duration>,
}

impl std::fmt::Display for Asks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("asks")
    }
}

impl std::error::Error for Asks {}

impl Classify for Asks {
    fn class(&self) -> ErrorClass {
        if self.fatal { ErrorClass::Fatal } else { ErrorClass::Retry }
    }

    fn retry_after(&self) -> Option<Duration> {
        self.after
    }
}

#[node(retries = 3, backoff = ("10ms", 1, "10ms"), jitter = none)]
async fn remote(after_ms: u64, State(tally): State<'_, Tally>) -> Result<usize, Asks> {
    match tally.call() {
        1 if after_ms == 0 => Err(Asks { fatal: true, after: None }),
        1 => Err(Asks { fatal: false, after: Some(millis(after_ms)) }),
        call => Ok(call),
    }
}

flow! { asking(u64) -> usize { remote } }

/// semantics:22, core:W-14
#[tokio::test(start_paused = true)]
async fn an_error_that_calls_itself_fatal_is_not_retried() {
    let (state, tally) = App::new();
    let app = asking::flow().with_state(state).start().expect("starts");
    let error = failure(app.call(0).await.expect_err("is fatal"));
    assert_eq!((tally.calls(), error.attempt(), error.attempts()), (1, 1, 4));
    assert_eq!(error.elapsed(), Duration::ZERO);
}

/// semantics:22
#[tokio::test(start_paused = true)]
async fn a_retry_waits_as_long_as_the_error_asks_where_that_is_longer_than_the_backoff() {
    for (asked, waited) in [(700, 700), (3, 10)] {
        let (state, tally) = App::new();
        let app = asking::flow().with_state(state).start().expect("starts");
        let begun = now();
        assert_eq!(app.call(asked).await.expect("recovers"), 2);
        assert_eq!((ms_since(begun), tally.calls()), (waited, 2));
    }
}

/// core:W-14: a timeout that the node's own code met is the node's error, not a timeout of the policy.
#[tokio::test(start_paused = true)]
async fn a_timeout_of_the_node_s_own_is_an_error_like_any_other() {
    #[node]
    async fn waits(ms: u64) -> Result<u64, tokio::time::error::Elapsed> {
        tokio::time::timeout(millis(ms), std::future::pending()).await
    }
    flow! { inner(u64) -> u64 { waits } }

    let app = inner::flow().start().expect("starts");
    let error = failure(app.call(5).await.expect_err("runs out of its own time"));
    assert_eq!(error.code(), "NODE_EXCEPTION");
}

// === what a retry repeats, and what it keeps waiting ===

#[node]
fn before(n: u32, State(tally): State<'_, Tally>) -> Vec<u32> {
    tally.note("before");
    vec![n]
}

#[node(retries = 2, backoff = ("1ms", 1, "1ms"), jitter = none)]
async fn spoils(mut list: Vec<u32>, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<Vec<u32>, Oops> {
    tally.note(format!("{list:?}"));
    list.push(ctx.attempt());
    if ctx.attempt() < 3 { Err(Oops(0)) } else { Ok(list) }
}

flow! { spoiling(u32) -> Vec<u32> { before -> spoils } }

/// core:W-13, core:W-14
#[tokio::test(start_paused = true)]
async fn each_attempt_gets_the_input_as_it_came_and_repeats_no_node_before_it() {
    let (state, tally) = App::new();
    let app = spoiling::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(7).await.expect("recovers"), [7, 3]);
    assert_eq!(tally.notes(), ["before", "[7]", "[7]", "[7]"]);
}

#[node(retries = 1, backoff = ("60s", 1, "60s"), jitter = none, concurrency = 1)]
async fn single(fails: bool, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    let _inside = tally.enter();
    nap(10).await;
    if fails && ctx.attempt() == 1 { Err(Oops(0)) } else { Ok(ctx.attempt()) }
}

flow! { one_by_one(bool) -> u32 { single } }

/// semantics:26, core:W-3
#[tokio::test(start_paused = true)]
async fn a_trace_that_waits_for_its_retry_holds_no_permit_and_delays_no_other_trace() {
    let (state, tally) = App::new();
    let app = one_by_one::flow().with_state(state).start().expect("starts");
    let begun = now();
    let failing = app.emit(true).await.expect("lets it in");
    let other = app.emit(false).await.expect("lets it in");
    assert_eq!(other.result().await.into_result().expect("is not delayed"), 1);
    assert_eq!(ms_since(begun), 20, "one attempt after the other, and no backoff between");
    assert_eq!(failing.result().await.into_result().expect("recovers"), 2);
    assert_eq!((ms_since(begun), tally.peak()), (10 + 60_000 + 10, 1));
}
