//! A panic is one trace's failure: it names its node, is never retried, and nobody else sees it.

use crate::kit::{App, Oops, Tally, failure, nap};
use penguiflow::prelude::*;
use penguiflow::{Backoff, ErrorKind, FlowError, Policy, Validate, Violations};

#[node]
fn begin(n: u32) -> u32 {
    n
}

#[node(retries = 3, backoff = ("1ms", 1, "1ms"), jitter = none)]
async fn first_poll(n: u32, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    tally.call();
    assert!(n != 1, "at the first poll");
    Ok(n)
}

#[node(retries = 3, backoff = ("1ms", 1, "1ms"), jitter = none)]
async fn later_poll(n: u32, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    let _inside = tally.enter();
    nap(5).await;
    assert!(n != 2, "behind an await: {n}");
    Ok(n)
}

#[node]
fn plain(n: u32, State(tally): State<'_, Tally>) -> u32 {
    tally.call();
    assert!(n != 3, "in a plain function");
    n
}

#[node(blocking)]
fn thread(n: u32) -> u32 {
    assert!(n != 4, "on a thread");
    n
}

#[node(retries = 2, backoff = ("1ms", 1, "1ms"), jitter = none)]
async fn second_attempt(n: u32, ctx: &Ctx) -> Result<u32, Oops> {
    assert!(n != 5 || ctx.attempt() == 1, "in attempt {}", ctx.attempt());
    if n == 5 { Err(Oops(5)) } else { Ok(n) }
}

#[node(timeout = "1s")]
async fn odd_payload(n: u32) -> u32 {
    nap(1).await;
    if n == 6 {
        std::panic::panic_any(6u32);
    }
    n
}

flow! { inner(u32) -> u32 { begin -> first_poll -> later_poll -> plain -> thread -> second_attempt -> odd_payload } }
flow! { outer(u32) -> u32 { inner -> begin } }

fn text(error: &FlowError) -> &str {
    let ErrorKind::Panic(text) = error.kind() else { panic!("no panic: {error}") };
    text
}

/// semantics:28
#[tokio::test(start_paused = true)]
async fn a_panic_names_its_node_wherever_it_comes_from() {
    let (state, tally) = App::new();
    let app = outer::flow().with_state(state).start().expect("starts");
    for (n, node, said) in [
        (1, "first_poll", "at the first poll"),
        (2, "later_poll", "behind an await: 2"),
        (3, "plain", "in a plain function"),
        (4, "thread", "on a thread"),
        (5, "second_attempt", "in attempt 2"),
        (6, "odd_payload", "a panic without a text"),
    ] {
        for emitted in [false, true] {
            let ending = match emitted {
                false => app.call(n).await,
                true => app.emit(n).await.expect("lets it in").result().await.into_result(),
            };
            let error = failure(ending.expect_err("panics"));
            assert_eq!((error.node(), text(&error), error.code()), (node, said, "NODE_PANIC"));
            assert_eq!(error.path(), format!("outer › inner › {node}"));
            assert_eq!((tally.live(), app.in_flight()), (0, 0));
        }
    }
    assert_eq!(app.call(0).await.expect("the flow goes on"), 0);
}

/// semantics:28
#[tokio::test(start_paused = true)]
async fn a_panic_is_never_retried() {
    let (state, tally) = App::new();
    let app = inner::flow().with_state(state).start().expect("starts");
    let error = failure(app.call(1).await.expect_err("panics"));
    assert_eq!((tally.calls(), error.attempt()), (1, 1));
    let error = failure(app.call(5).await.expect_err("panics in its second attempt"));
    assert_eq!((error.node(), error.attempt()), ("second_attempt", 2));
}

/// semantics:28
#[tokio::test(start_paused = true)]
async fn a_panic_touches_no_other_trace() {
    let (state, _) = App::new();
    let app = inner::flow().with_state(state).start().expect("starts");
    let traces: Vec<_> = (0..50).map(|n| app.try_emit(if n == 25 { 2 } else { 0 }).expect("has room")).collect();
    let mut completed = 0;
    for trace in traces {
        completed += usize::from(trace.result().await.is_completed());
    }
    assert_eq!((completed, app.in_flight()), (49, 0));
}

struct Strict(u32);

impl Validate for Strict {
    fn validate(&self) -> Result<(), Violations> {
        assert!(self.0 != 7, "while it is validated");
        Ok(())
    }
}

#[node]
fn strict(n: u32) -> Strict {
    Strict(n)
}

#[node(validate = in)]
fn checks(s: Strict) -> u32 {
    s.0
}

#[router]
fn chooses(n: &u32) -> bool {
    assert!(*n != 8, "while it routes");
    *n > 5
}

/// semantics:28
#[tokio::test(start_paused = true)]
async fn a_panic_of_a_validation_and_of_a_router_names_the_node_too() {
    flow! { checking(u32) -> u32 { strict -> checks } }
    flow! { choosing(u32) -> u32 { chooses { true -> begin, false -> begin } } }
    let app = checking::flow().start().expect("starts");
    let error = failure(app.call(7).await.expect_err("panics"));
    assert_eq!((error.node(), text(&error)), ("checks", "while it is validated"));
    let app = choosing::flow().start().expect("starts");
    let error = failure(app.call(8).await.expect_err("panics"));
    assert_eq!((error.node(), text(&error)), ("chooses", "while it routes"));
}

/// semantics:28, semantics:34
#[tokio::test(start_paused = true)]
async fn a_panic_of_a_stub_names_the_node_it_stands_for() {
    let (state, _) = App::new();
    let app = inner::flow()
        .with_state(state)
        .stub_async::<plain, _>(|n| async move {
            assert!(n != 0, "in the stub");
            Ok(n)
        })
        .start()
        .expect("starts");
    let error = failure(app.call(0).await.expect_err("panics"));
    assert_eq!((error.node(), text(&error)), ("plain", "in the stub"));
}

/// Lets each attempt follow the one before at once.
fn at_once(policy: Policy) -> Policy {
    policy.with_backoff(Backoff::new().with_base(std::time::Duration::ZERO))
}

#[node(retries = 2)]
fn sudden(text: String, ctx: &Ctx) -> Result<String, std::fmt::Error> {
    match ctx.attempt() {
        1 => Err(std::fmt::Error),
        _ => panic!("{text}"),
    }
}

#[node(retries = 2)]
async fn sudden_later(text: String, ctx: &Ctx) -> Result<String, std::fmt::Error> {
    match ctx.attempt() {
        1 => Err(std::fmt::Error),
        _ => panic!("{text}"),
    }
}

flow! { falling(String) -> String { sudden } }
flow! { falling_later(String) -> String { sudden_later } }

/// A panic is told of the attempt that panicked, also where that was made in the same poll as the one before.
#[tokio::test(start_paused = true)]
async fn a_node_that_panics_behind_a_retry_without_a_wait_fails_in_that_attempt() {
    let ends = [
        falling::flow().override_policy::<sudden>(at_once).start().expect("starts").call("now".to_owned()).await,
        falling_later::flow()
            .override_policy::<sudden_later>(at_once)
            .start()
            .expect("starts")
            .call("now".to_owned())
            .await,
    ];
    for ended in ends {
        let error = failure(ended.expect_err("panics"));
        assert_eq!((error.code(), error.attempt(), error.attempts()), ("NODE_PANIC", 2, 3));
    }
}
