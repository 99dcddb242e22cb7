//! Irreversible effects: an attempt that has begun comes to its own end, whatever happens beside it.

use crate::kit::{App, Oops, Tally, failure, forever, ms_since, nap, now};
use penguiflow::prelude::*;

/// What the branch beside the payment does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Beside {
    Fails,
    Panics,
    Hangs,
}

#[node(effect = irreversible)]
async fn pay(_: Beside, State(tally): State<'_, Tally>) -> u32 {
    let paying = tally.enter();
    nap(50).await;
    paying.finish();
    7
}

#[node]
async fn check(beside: Beside) -> Result<u32, Oops> {
    nap(10).await;
    match beside {
        Beside::Fails => Err(Oops(1)),
        Beside::Panics => panic!("the check gives up"),
        Beside::Hangs => {
            forever().await;
            Ok(0)
        }
    }
}

#[node]
async fn linger(_: Beside) -> u32 {
    forever().await;
    0
}

#[node]
fn sum((paid, checked, lingered): (u32, u32, u32)) -> u32 {
    paid + checked + lingered
}

flow! { checkout(Beside) -> u32 { (pay, check, linger) -> join -> sum } }

/// semantics:8, semantics:29: the siblings of a failure are dropped, but for a payment that has begun.
#[tokio::test(start_paused = true)]
async fn a_failure_beside_an_irreversible_attempt_lets_it_end_and_then_is_the_ending() {
    for (beside, code) in [(Beside::Fails, "NODE_EXCEPTION"), (Beside::Panics, "NODE_PANIC")] {
        let (state, tally) = App::new();
        let app = checkout::flow().with_state(state).start().expect("starts");
        let start = now();
        let error = failure(app.call(beside).await.expect_err("the check fails"));
        assert_eq!((error.path(), error.code()), ("checkout › check", code));
        assert_eq!((tally.calls(), tally.finished(), tally.live()), (1, 1, 0));
        assert_eq!((ms_since(start), app.in_flight()), (50, 0));
    }
}

/// semantics:29
#[tokio::test(start_paused = true)]
async fn a_cancel_lets_an_irreversible_attempt_end_inside_a_fork() {
    let (state, tally) = App::new();
    let app = checkout::flow().with_state(state).start().expect("starts");
    let trace = app.emit(Beside::Hangs).await.expect("has room");
    nap(20).await;
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.finished(), tally.live()), (1, 0));
}

#[node(effect = irreversible)]
async fn ship(item: u32, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    let shipping = tally.enter();
    nap(u64::from(item)).await;
    match item {
        20 => Err(Oops(20)),
        30 => panic!("the truck breaks down"),
        _ => {
            shipping.finish();
            Ok(item)
        }
    }
}

flow! { shipping(Vec<u32>) -> Vec<u32> { map(ship, 3) } }

/// semantics:16, semantics:29: what has begun ends, what waits does not begin.
#[tokio::test(start_paused = true)]
async fn a_failing_item_lets_irreversible_siblings_end_and_starts_no_other() {
    for (bad, code) in [(20, "NODE_EXCEPTION"), (30, "NODE_PANIC")] {
        let (state, tally) = App::new();
        let app = shipping::flow().with_state(state).start().expect("starts");
        let error = failure(app.call(vec![40, bad, 50, 60, 70]).await.expect_err("an item fails"));
        assert_eq!((error.path(), error.code()), ("shipping › map[1] › ship", code));
        assert_eq!((tally.calls(), tally.finished(), tally.live()), (3, 2, 0));
    }
}
