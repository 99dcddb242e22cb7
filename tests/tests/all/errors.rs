//! An error tells where it happened in words, and gives its source back.

use crate::kit::{Oops, failure, nap};
use penguiflow::clock::{Seam, millis};
use penguiflow::prelude::*;
use penguiflow::{CallError, ErrorKind, FlowError, Limit, Options};
use std::error::Error as _;

#[node(retries = 2, backoff = ("1s", 1, "1s"), jitter = none)]
async fn search(n: u32) -> Result<u32, Oops> {
    nap(40).await;
    if n == 3 { Err(Oops(n)) } else { Ok(n) }
}

#[node]
fn items(n: u32) -> Vec<u32> {
    (0..n).collect()
}

#[node]
fn sum(list: Vec<u32>) -> u32 {
    list.iter().sum()
}

#[node]
fn fails_at_once(n: u32) -> Result<u32, Oops> {
    Err(Oops(n))
}

flow! { support(u32) -> u32 { items -> map(search, 8) -> sum } }
flow! { brief(u32) -> u32 { fails_at_once } }

async fn failed(n: u32) -> (FlowError, String) {
    let options = Options::new().with_seam(Seam::seeded(5));
    let app = support::flow().with_options(options).start().expect("starts");
    let trace = app.emit(n).await.expect("lets it in");
    let id = trace.id().to_string();
    (failure(trace.result().await.into_result().expect_err("fails")), id)
}

/// semantics:35
#[tokio::test(start_paused = true)]
async fn an_error_prints_its_path_its_attempt_and_its_time() {
    let (error, id) = failed(5).await;
    assert_eq!(error.to_string(), "support › map[3] › search, attempt 3 of 3, after 2.1 s: oops 3");
    assert_eq!((error.path(), error.node()), ("support › map[3] › search", "search"));
    assert_eq!((error.attempt(), error.attempts(), error.elapsed()), (3, 3, millis(2_120)));
    assert_eq!(error.trace_id().to_string(), id);
    let app = brief::flow().start().expect("starts");
    let stop = app.call(7).await.expect_err("fails");
    assert_eq!(stop.to_string(), "brief › fails_at_once, after 0 ms: oops 7", "one attempt is not counted");
}

/// core:AC-17.2, semantics:35
#[tokio::test(start_paused = true)]
async fn an_error_keeps_the_node_s_very_own_as_its_source() {
    let (error, _) = failed(5).await;
    let source = error.source().and_then(|source| source.downcast_ref::<Oops>());
    assert_eq!(source, Some(&Oops(3)));
    let stop = Stop::from(error);
    assert!(stop.source().is_some_and(|source| source.is::<Oops>()));
    let ErrorKind::Node(own) = failure(stop).into_kind() else { panic!("another kind") };
    assert_eq!(*own.downcast::<Oops>().expect("the very error"), Oops(3));
}

/// core:AC-17.1
#[tokio::test(start_paused = true)]
async fn an_error_written_down_and_read_back_is_the_same() {
    let (error, id) = failed(5).await;
    let payload = error.to_payload();
    let read: serde_json::Value = serde_json::from_str(&payload.to_string()).expect("is JSON");
    assert_eq!(read, payload);
    assert_eq!(
        read,
        serde_json::json!({
            "code": "NODE_EXCEPTION",
            "message": "oops 3",
            "node_name": "search",
            "path": "support › map[3] › search",
            "place": error.place(),
            "trace_id": id,
            "metadata": { "attempt": 3, "attempts": 3, "elapsed_ms": 2_120 },
        })
    );
}

/// core:W-22, semantics:35
#[tokio::test(start_paused = true)]
async fn every_way_to_end_has_a_type_of_its_own_and_each_is_produced() {
    #[message]
    enum Way {
        On,
        Loop,
        Wait,
        Fail,
        Drop,
    }
    #[router]
    fn choose(n: &u32) -> Way {
        match n {
            0 => Way::On,
            1 => Way::Loop,
            2 => Way::Wait,
            3 => Way::Fail,
            _ => Way::Drop,
        }
    }
    #[controller(turns = 2)]
    fn turn(n: u32) -> Step<u32, u32> {
        Step::Again(n)
    }
    #[node]
    async fn wait(n: u32) -> u32 {
        nap(1_000_000).await;
        n
    }
    flow! { ways(u32) -> u32 {
        choose { On -> search, Loop -> turn, Wait -> wait, Fail -> fails_at_once, Drop -> drop }
    } }
    let app = ways::flow().start().expect("starts");
    let emit = async |n: u32| app.emit(Message::new(n).with_deadline(millis(500))).await.expect("lets it in");
    assert!(matches!(emit(0).await.result().await, Ending::Completed(0)));
    assert!(matches!(emit(1).await.result().await, Ending::BudgetExceeded(Limit::Turns)));
    assert!(matches!(emit(2).await.result().await, Ending::DeadlineExceeded));
    assert!(matches!(emit(3).await.result().await, Ending::Failed(_)));
    assert!(matches!(emit(4).await.result().await, Ending::Dropped { .. }));
    let trace = emit(2).await;
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
}

/// core:W-22: what a stop says of itself, to people and to programs.
#[tokio::test(start_paused = true)]
async fn each_stop_says_in_words_what_it_is_and_by_a_code_that_stays() {
    let app = brief::flow().start().expect("starts");
    let failed = app.call(1).await.expect_err("fails");
    let dropped = || Stop::Dropped { at: "sort.Spam".into() };
    for (stop, text, code) in [
        (failed, "brief › fails_at_once, after 0 ms: oops 1", "NODE_EXCEPTION"),
        (Stop::Cancelled, "the trace was cancelled", "TRACE_CANCELLED"),
        (Stop::DeadlineExceeded, "Deadline exceeded", "DEADLINE_EXCEEDED"),
        (
            Stop::BudgetExceeded(Limit::Turns),
            "out of turns: the loop was still asking for another one",
            "TURN_BUDGET_EXHAUSTED",
        ),
        (Stop::BudgetExceeded(Limit::Hops), "Hop budget exhausted", "HOP_BUDGET_EXHAUSTED"),
        (Stop::BudgetExceeded(Limit::Tokens), "Token budget exhausted", "TOKEN_BUDGET_EXHAUSTED"),
        (Stop::BudgetExceeded(Limit::Usd), "Money budget exhausted", "MONEY_BUDGET_EXHAUSTED"),
        (dropped(), "dropped at sort.Spam", "DROPPED"),
    ] {
        assert_eq!((stop.to_string().as_str(), stop.code()), (text, code));
        assert_eq!(Ending::<u32>::from(Err(stop)).code(), code);
    }
    assert_eq!(Ending::Completed(1).code(), "COMPLETED");
}

/// core:W-22
#[tokio::test(start_paused = true)]
async fn what_ends_a_call_has_the_code_that_it_has_for_its_own_trace() {
    let ends: [fn() -> Stop; 5] = [
        || Stop::Cancelled,
        || Stop::DeadlineExceeded,
        || Stop::BudgetExceeded(Limit::Turns),
        || Stop::BudgetExceeded(Limit::Usd),
        || Stop::Dropped { at: "sort.Spam".into() },
    ];
    for end in ends {
        assert_eq!(CallError::from(end()).code(), end().code());
    }
    let app = brief::flow().start().expect("starts");
    let failed = app.call(1).await.expect_err("fails");
    assert_eq!(CallError::from(failed).code(), "NODE_EXCEPTION");
    assert_eq!(CallError::OtherTrace.code(), "OTHER_TRACE");
    assert_eq!(CallError::Closed { flow: "brief" }.code(), "FLOW_CLOSED");
    assert_eq!(CallError::TooDeep { flow: "brief", limit: 1 }.code(), "CALL_TOO_DEEP");
}
