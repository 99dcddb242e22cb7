//! Before it starts, a flow's policies can be overridden and its nodes stubbed; what cannot run is refused.

use crate::kit::{App, Oops, Tally, failure, ms_since, nap, now};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Effect, Jitter, Options, Policy, StartError, Validation};

#[node(retries = 0)]
async fn search(n: u32, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    let _inside = tally.enter();
    nap(100).await;
    if ctx.attempt() <= n { Err(Oops(n)) } else { Ok(ctx.attempt()) }
}

#[node]
async fn once(n: u32, State(tally): State<'_, Tally>) -> u32 {
    tally.note("once");
    n
}

#[node(effect = irreversible)]
async fn pay(n: u32) -> u32 {
    n
}

#[node]
fn stranger(n: u32) -> u32 {
    n
}

flow! { inner(u32) -> u32 { search } }
flow! { outer(u32) -> u32 { once -> inner -> pay } }

/// semantics:34
#[tokio::test(start_paused = true)]
async fn retries_timeouts_and_limits_can_be_overridden_sub_flows_included() {
    let (state, tally) = App::new();
    let change = |policy: Policy| policy.with_retries(2).with_jitter(Jitter::None).with_timeout(millis(100_000));
    let app = outer::flow().with_state(state).override_policy::<search>(change).start().expect("starts");
    let begun = now();
    assert_eq!(app.call(2).await.expect("recovers"), 3);
    assert_eq!((tally.calls(), ms_since(begun)), (3, 100 + 500 + 100 + 1_000 + 100));

    let (state, _) = App::new();
    let app = outer::flow()
        .with_state(state)
        .override_policy::<search>(|policy| policy.with_timeout(millis(99)))
        .start()
        .expect("starts");
    assert_eq!(failure(app.call(0).await.expect_err("is too slow")).code(), "NODE_TIMEOUT");

    let (state, tally) = App::new();
    let narrow = |mut policy: Policy| {
        policy.concurrency = Some(0);
        policy
    };
    let app = outer::flow().with_state(state).override_policy::<search>(narrow).start().expect("starts");
    let (one, other) = tokio::join!(app.call(0), app.call(0));
    assert_eq!((one.ok(), other.ok(), tally.peak()), (Some(1), Some(1), 1), "0 counts as 1");
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn an_override_holds_for_the_flow_that_it_was_made_for_and_no_other() {
    let (state, tally) = App::new();
    let change = |policy: Policy| policy.with_retries(1).with_jitter(Jitter::None);
    let changed = inner::flow().with_state(state.clone()).override_policy::<search>(change).start().expect("starts");
    let plain = inner::flow().with_state(state).start().expect("starts");
    assert!(plain.call(1).await.is_err());
    assert_eq!(tally.calls(), 1);
    assert_eq!(changed.call(1).await.expect("recovers"), 2);
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn a_stub_stands_in_all_places_of_its_node_and_the_function_is_not_called() {
    flow! { thrice(u32) -> u32 { once -> (search, inner) -> join -> both -> inner as again } }
    #[node]
    fn both((a, b): (u32, u32)) -> u32 {
        a + b
    }
    let (state, tally) = App::new();
    let app = thrice::flow()
        .with_state(state)
        .stub_async::<search, _>(|n| std::future::ready(Ok(n * 10)))
        .start()
        .expect("starts");
    assert_eq!(app.call(1).await.expect("completes"), 200);
    assert_eq!((tally.calls(), tally.notes().len()), (0, 1));
}

/// semantics:34, semantics:28: a stub's failure is the node's, under the node's policy.
#[tokio::test(start_paused = true)]
async fn a_stub_that_fails_is_retried_as_its_node_would_be() {
    let (state, _) = App::new();
    let (_, tally) = App::new();
    let seen = tally.clone();
    let app = inner::flow()
        .with_state(state)
        .override_policy::<search>(|policy| policy.with_retries(2).with_jitter(Jitter::None))
        .stub_async::<search, _>(move |n| {
            seen.call();
            std::future::ready(if n == 0 { Ok(0) } else { Err(Oops(n).into()) })
        })
        .start()
        .expect("starts");
    let error = failure(app.call(1).await.expect_err("always fails"));
    assert_eq!((tally.calls(), error.attempt(), error.node()), (3, 3, "search"));
}

/// What the start of `outer` says to `change` for the node `N`.
macro_rules! refused {
    ($node:ty, $change:expr) => {{
        let (state, _) = App::new();
        outer::flow().with_state(state).override_policy::<$node>($change).start().map(drop).expect_err("is refused")
    }};
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn what_cannot_be_overridden_or_stubbed_is_refused_by_start_in_words() {
    let error = refused!(stranger, |policy: Policy| policy);
    assert_eq!(error, StartError::NoSuchNode { node: "stranger", flow: "outer" });
    assert_eq!(
        error.to_string(),
        "`stranger` is no node of the flow `outer`, so it cannot be overridden or stubbed there"
    );
    let error = refused!(once, |policy: Policy| policy.with_retries(1));
    assert_eq!(error, StartError::NotRetryable { node: "once" });
    let error = refused!(pay, |policy: Policy| policy.with_retries(1));
    assert_eq!(error, StartError::Irreversible { node: "pay" });
    let error = refused!(search, |policy: Policy| policy.with_retries(1).with_effect(Effect::Irreversible));
    assert_eq!(error, StartError::Irreversible { node: "search" });
    let error = refused!(search, |policy: Policy| policy.with_validation(Validation::Both));
    assert_eq!(error, StartError::ValidationIsFixed { node: "search" });
    let (state, _) = App::new();
    let stubbed = outer::flow().with_state(state).stub_async::<stranger, _>(|n| std::future::ready(Ok(n))).start();
    assert_eq!(stubbed.map(drop).expect_err("is refused"), StartError::NoSuchNode { node: "stranger", flow: "outer" });
}

/// semantics:34, core:W-11
#[test]
fn a_flow_does_not_start_without_a_runtime_or_a_timer_and_does_once_they_are_there() {
    let start = || {
        let (state, _) = App::new();
        outer::flow().with_state(state).start()
    };
    let error = start().map(drop).expect_err("has no runtime");
    assert_eq!(error, StartError::NoRuntime);
    assert!(error.to_string().contains("call `start()` inside"), "{error}");
    let timeless = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let error = timeless.block_on(async { start() }).map(drop).expect_err("has no timer");
    assert_eq!(error, StartError::NoTimer);
    assert!(error.to_string().contains(".enable_time()"), "{error}");
    let whole = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let gave = whole.expect("a runtime").block_on(async { start().expect("starts").call(0).await });
    assert_eq!(gave.expect("completes"), 1);
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn options_have_the_defaults_that_their_table_names() {
    let options = Options::new();
    assert_eq!((options.in_flight, options.deadline, options.dead_letters), (1_024, None, 1_024));
    assert_eq!((options.idempotency_keys, options.idempotency_retention), (10_000, crate::kit::secs(600)));
    let (state, _) = App::new();
    let app = inner::flow().with_state(state).start().expect("starts");
    let traces: Vec<_> = (0..1_024).map(|_| app.try_emit(0).expect("has room")).collect();
    assert!(app.try_emit(0).is_err());
    drop(traces);
}
