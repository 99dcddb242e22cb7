//! A map runs its worker over each item: in order, bounded, all or nothing.

use crate::kit::{App, Inside, Oops, Tally, failure, forever, ms_since, nap, now};
use penguiflow::prelude::*;
use penguiflow::{ErrorKind, map_concurrent};
use std::collections::BTreeSet;

#[node]
fn items(n: u64) -> Vec<u64> {
    (0..n).collect()
}

/// The later the item, the sooner it is done.
#[node]
async fn square(n: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(100 - n).await;
    inside.finish();
    n * n
}

flow! { squares(u64) -> Vec<u64> { items -> map(square, 2) } }

/// core:AC-16.1, semantics:16
#[tokio::test(start_paused = true)]
async fn a_map_keeps_the_order_of_its_items_and_never_runs_more_at_once_than_allowed() {
    let (state, tally) = App::new();
    let app = squares::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(4).await.expect("completes"), [0, 1, 4, 9]);
    assert_eq!((tally.peak(), tally.calls(), tally.live()), (2, 4, 0));
}

/// semantics:16
#[tokio::test(start_paused = true)]
async fn a_map_over_nothing_gives_nothing() {
    let (state, tally) = App::new();
    let app = squares::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(0).await.expect("completes"), Vec::<u64>::new());
    assert_eq!(tally.calls(), 0);
}

/// semantics:16
#[tokio::test(start_paused = true)]
async fn a_map_refuses_more_items_than_its_limit_before_it_runs_any() {
    flow! { three(u64) -> Vec<u64> { items -> map(square, 2, limit = 3) } }
    let (state, tally) = App::new();
    let app = three::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!(app.call(3).await.expect("is at the limit").len(), 3);
    let error = failure(app.call(4).await.expect_err("is over the limit"));
    assert!(matches!(error.kind(), ErrorKind::TooManyItems { items: 4, limit: 3 }), "{error}");
    assert_eq!((error.code(), error.path(), tally.calls()), ("TOO_MANY_ITEMS", "three › map", 3));

    let app = squares::flow().with_state(state).start().expect("starts");
    let error = failure(app.call(10_001).await.expect_err("is over the limit"));
    assert!(matches!(error.kind(), ErrorKind::TooManyItems { items: 10_001, limit: 10_000 }), "{error}");
}

/// Item 2 fails, the others never end; each item counts as long as it is somewhere.
#[node]
async fn fragile(item: (u64, Inside), State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.note(format!("{}", item.0));
    nap(50).await;
    if item.0 != 2 {
        forever().await;
    }
    Err(Oops(2))
}

#[node]
fn held(n: u64, State(tally): State<'_, Tally>) -> Vec<(u64, Inside)> {
    (0..n).map(|n| (n, tally.enter())).collect()
}

flow! { breaking(u64) -> Vec<u64> { held -> map(fragile, 3) } }

/// core:W-19, semantics:16
#[tokio::test(start_paused = true)]
async fn a_failing_item_drops_its_siblings_and_those_that_wait_never_start() {
    let (state, tally) = App::new();
    let app = breaking::flow().with_state(state).start().expect("starts");
    let begun = now();
    let error = failure(app.call(100).await.expect_err("fails"));
    assert_eq!((ms_since(begun), tally.live(), tally.notes().len()), (50, 0, 3));
    assert_eq!(error.path(), "breaking › map[2] › fragile");
}

#[node(retries = 2, backoff = ("10ms", 1, "10ms"), jitter = none)]
async fn moody(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.note(format!("{n}/{}", ctx.attempt()));
    if n == 1 && ctx.attempt() < 3 { Err(Oops(1)) } else { Ok(n) }
}

/// semantics:16
#[tokio::test(start_paused = true)]
async fn a_retry_repeats_the_one_item_that_failed() {
    flow! { retrying(u64) -> Vec<u64> { items -> map(moody, 8) } }
    let (state, tally) = App::new();
    let app = retrying::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(3).await.expect("recovers"), [0, 1, 2]);
    assert_eq!(tally.notes(), ["0/1", "1/1", "2/1", "1/2", "1/3"]);
}

#[node]
fn twice(n: u64) -> u64 {
    n * 2
}

flow! { each(u64) -> u64 { square -> twice } }

/// semantics:16
#[tokio::test(start_paused = true)]
async fn the_worker_of_a_map_may_be_a_flow_and_an_instance() {
    flow! { outer(u64) -> Vec<u64> { items -> map(each, 2) } }
    flow! { named(u64) -> Vec<u64> { items -> map(square(timeout = "99ms") as brief, 2) } }
    let (state, tally) = App::new();
    let app = outer::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!(app.call(4).await.expect("completes"), [0, 2, 8, 18]);
    assert_eq!((tally.peak(), tally.calls()), (2, 4));
    let app = named::flow().with_state(state).start().expect("starts");
    let error = failure(app.call(1).await.expect_err("is too slow"));
    assert_eq!((error.code(), error.path()), ("NODE_TIMEOUT", "named › map[0] › brief"));
}

#[node]
fn a_set(n: u64) -> BTreeSet<u64> {
    (0..n).rev().collect()
}

/// semantics:16
#[tokio::test(start_paused = true)]
async fn a_map_takes_any_collection() {
    flow! { of_set(u64) -> Vec<u64> { a_set -> map(twice, 2) } }
    assert_eq!(of_set::flow().start().expect("starts").call(3).await.expect("completes"), [0, 2, 4]);
}

/// semantics:16, core:W-19: the same as a function, inside a node.
#[tokio::test(start_paused = true)]
async fn the_function_map_concurrent_drops_siblings_when_its_node_is_cancelled() {
    #[node]
    async fn maps(n: u64, State(tally): State<'_, Tally>) -> Result<Vec<u64>, Oops> {
        map_concurrent(0..n, 3, async |n| {
            let _inside = tally.enter();
            nap(1_000).await;
            Ok(n)
        })
        .await
    }
    flow! { by_hand(u64) -> Vec<u64> { maps } }
    let (state, tally) = App::new();
    let app = by_hand::flow().with_state(state).start().expect("starts");
    let trace = app.emit(9).await.expect("lets it in");
    nap(500).await;
    assert_eq!(tally.live(), 3);
    drop(trace);
    nap(1).await;
    assert_eq!((tally.live(), tally.calls()), (0, 3));
}
