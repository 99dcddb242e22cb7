//! A failure of a batch is a failure of each trace in it, told as its own; a failure of one item is that one's alone.

use super::{in_threes, tenfold};
use crate::kit::{App, Oops, failure};
use penguiflow::prelude::*;
use penguiflow::{ErrorKind, FlowError, TraceId};
use std::error::Error;

/// What three traces of the flow fail with, each with the id of its trace.
async fn failures<F>(app: &penguiflow::Handle<F>) -> [(TraceId, FlowError); 3]
where
    F: penguiflow::__private::FlowDef<Input = u32, Output = u32>,
{
    let traces = [1, 2, 3].map(|n| app.try_emit(n).expect("has room"));
    let ids = traces.each_ref().map(penguiflow::Trace::id);
    let mut ends = Vec::new();
    for (id, trace) in ids.into_iter().zip(traces) {
        ends.push((id, failure(trace.result().await.into_result().expect_err("fails"))));
    }
    ends.try_into().expect("three traces end")
}

/// semantics:19
#[tokio::test(start_paused = true)]
async fn another_number_of_results_fails_all() {
    let (state, _) = App::new();
    let app = in_threes::flow().with_state(state).stub::<tenfold>(|_| Ok(vec![1, 2])).start().expect("starts");
    for (id, error) in failures(&app).await {
        assert!(matches!(error.kind(), ErrorKind::BatchShape { expected: 3, got: 2 }), "{error}");
        assert_eq!((error.code(), error.trace_id(), error.place()), ("BATCH_SHAPE", id, "0"));
        assert_eq!(error.to_string(), "in_threes › tenfold, after 0 ms: returned 2 results for a batch of 3");
    }
}

/// semantics:19
#[tokio::test(start_paused = true)]
async fn a_failure_of_a_batch_is_each_trace_s_own_and_its_source_is_that_of_all() {
    #[node]
    async fn sink(_: Vec<u32>) -> Result<Vec<u32>, Oops> {
        crate::kit::nap(5).await;
        Err(Oops(7))
    }
    flow! { sinking(u32) -> u32 { batch(3, "10ms") -> sink } }
    let app = sinking::flow().start().expect("starts");
    let failures = failures(&app).await;
    let sources = failures.each_ref().map(|(id, error)| {
        assert_eq!((error.trace_id(), error.code(), error.place()), (*id, "NODE_EXCEPTION", "0"));
        assert_eq!(error.to_string(), "sinking › sink, after 5 ms: oops 7");
        let source = error.source().and_then(|source| source.downcast_ref::<Oops>()).expect("is the node's own");
        std::ptr::from_ref(source)
    });
    assert!(sources.iter().all(|source| *source == sources[0]), "one error, not three");
}

/// semantics:19, semantics:28
#[tokio::test(start_paused = true)]
async fn timeouts_and_panics_of_a_batch_stay_what_they_are() {
    #[node(timeout = "20ms", retries = 1, backoff = "1ms", jitter = none)]
    async fn hang(list: Vec<u32>) -> Vec<u32> {
        crate::kit::forever().await;
        list
    }
    #[node]
    async fn burst(list: Vec<u32>) -> Vec<u32> {
        assert!(list.is_empty(), "too much");
        list
    }
    flow! { hanging(u32) -> u32 { batch(3, "10ms") -> hang } }
    flow! { bursting(u32) -> u32 { batch(3, "10ms") -> burst } }
    for (id, error) in failures(&hanging::flow().start().expect("starts")).await {
        assert_eq!((error.trace_id(), error.code(), error.attempt(), error.attempts()), (id, "NODE_TIMEOUT", 2, 2));
    }
    for (id, error) in failures(&bursting::flow().start().expect("starts")).await {
        assert_eq!((error.trace_id(), error.node(), error.path()), (id, "burst", "bursting › burst"));
        assert!(matches!(error.kind(), ErrorKind::Panic(text) if &**text == "too much"), "{error}");
    }
}

/// semantics:19: the items of one batch end apart.
#[tokio::test(start_paused = true)]
async fn a_result_for_each_item_fails_the_bad_ones_only() {
    #[node]
    fn check(list: Vec<u32>) -> Vec<Result<u32, Oops>> {
        list.into_iter().map(|n| if n == 2 { Err(Oops(n)) } else { Ok(n * 10) }).collect()
    }
    #[node]
    fn same(n: u32) -> u32 {
        n
    }
    flow! { checking(u32) -> u32 { same -> batch(3, "10ms") -> check } }
    let app = checking::flow().start().expect("starts");
    let ends = tokio::join!(app.call(1), app.call(2), app.call(3));
    let error = failure(ends.1.expect_err("is the bad one"));
    assert_eq!((ends.0.ok(), ends.2.ok()), (Some(10), Some(30)));
    assert_eq!((error.to_string().as_str(), error.place()), ("checking › check, after 0 ms: oops 2", "1"));
    assert_eq!(error.source().and_then(|source| source.downcast_ref()), Some(&Oops(2)));
}

/// semantics:19: what a `Result` around all of them, or around each, means is known by its type alone.
#[tokio::test(start_paused = true)]
async fn a_result_of_results_fails_all_or_some() {
    #[node]
    fn both(list: Vec<u32>) -> Result<Vec<Result<u32, Oops>>, Oops> {
        if list.contains(&9) {
            Err(Oops(9))
        } else {
            Ok(list.into_iter().map(|n| if n == 2 { Err(Oops(2)) } else { Ok(n) }).collect())
        }
    }
    let app = flow! { batch(2, "10ms") -> both }.start().expect("starts");
    let some = tokio::join!(app.call(1), app.call(2));
    assert!(some.0.is_ok() && some.1.is_err());
    let none = tokio::join!(app.call(1), app.call(9));
    assert!(none.0.is_err() && none.1.is_err());
}
