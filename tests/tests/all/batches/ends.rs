//! Who leaves a batch takes nobody with it; and a batch that nobody waits for is over.

use super::{in_threes, tenfold, values};
use crate::kit::{App, Tally, ms_since, nap, now, secs, settle};
use crate::queues::tasks;
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Ending, Shutdown, Stop};

/// semantics:19
#[tokio::test(start_paused = true)]
async fn a_message_that_is_cancelled_before_its_batch_goes_is_taken_out_and_frees_its_place() {
    let (state, tally) = App::new();
    let app = in_threes::flow().with_state(state).start().expect("starts");
    let mut traces: Vec<_> = (0..2).map(|n| app.try_emit(n).expect("has room")).collect();
    settle().await;
    let left = traces.remove(0);
    assert!(left.cancel());
    assert!(matches!(left.result().await, Ending::Cancelled));
    traces.extend((2..4).map(|n| app.try_emit(n).expect("has room")));
    let begun = now();
    assert_eq!(values(traces).await, [10, 20, 30].map(Some));
    assert_eq!((tally.notes(), ms_since(begun)), (vec!["[1, 2, 3]".to_owned()], 5), "the batch was full without it");
}

/// semantics:19
#[tokio::test(start_paused = true)]
async fn a_message_that_is_cancelled_after_its_batch_went_is_ignored() {
    let (state, tally) = App::new();
    let app = in_threes::flow().with_state(state).start().expect("starts");
    let mut traces: Vec<_> = (0..3).map(|n| app.try_emit(n).expect("has room")).collect();
    nap(2).await;
    let begun = now();
    let left = traces.remove(1);
    assert!(left.cancel());
    assert!(matches!(left.result().await, Ending::Cancelled));
    assert_eq!((ms_since(begun), tally.live()), (0, 1), "it ends at once, and the batch goes on");
    drop(traces.remove(0));
    assert_eq!((values(traces).await, ms_since(begun), tally.finished()), (vec![Some(20)], 3, 1));
}

/// semantics:19
#[tokio::test(start_paused = true)]
async fn a_batch_that_nobody_waits_for_is_dropped() {
    let (state, tally) = App::new();
    let app = in_threes::flow().with_state(state).start().expect("starts");
    let traces: Vec<_> = (0..3).map(|n| app.try_emit(n).expect("has room")).collect();
    nap(2).await;
    assert_eq!(tally.live(), 1);
    drop(traces);
    settle().await;
    assert_eq!((tally.calls(), tally.live(), tally.finished(), tasks()), (1, 0, 0, 0));
    assert!(tokio::time::timeout(millis(5), app.call(7)).await.is_err(), "gives up before the batch goes");
    settle().await;
    assert_eq!((tally.calls(), tasks()), (1, 0), "nobody is left in the batch, so it never goes");
    assert_eq!(app.call(8).await.ok(), Some(80));
}

/// semantics:19: a deadline is its trace's own.
#[tokio::test(start_paused = true)]
async fn a_deadline_ends_one_message_of_a_batch() {
    let (state, tally) = App::new();
    let app = in_threes::flow().with_state(state).start().expect("starts");
    let begun = now();
    let hasty = app.try_emit(Message::new(1).with_deadline(millis(12))).expect("has room");
    let hastier = app.try_emit(Message::new(2).with_deadline(millis(4))).expect("has room");
    let patient = app.try_emit(3).expect("has room");
    // The three are a full batch, which goes at once and takes 5 ms.
    assert!(matches!(hastier.result().await, Ending::DeadlineExceeded));
    assert_eq!(ms_since(begun), 4);
    assert_eq!((values([hasty, patient]).await, ms_since(begun)), (vec![Some(10), Some(30)], 5));
    assert_eq!(tally.notes(), ["[1, 2, 3]"]);
}

/// semantics:29: who may finish may finish as a batch as well, and its traces wait for that.
#[tokio::test(start_paused = true)]
async fn a_batch_that_may_finish_finishes_when_all_are_cancelled() {
    #[node(effect = irreversible)]
    async fn pay(sums: Vec<u64>, State(tally): State<'_, Tally>) -> Vec<u64> {
        let inside = tally.enter();
        nap(100).await;
        inside.finish();
        sums
    }
    flow! { paying(u64) -> u64 { batch(2, "10ms") -> pay } }
    let (state, tally) = App::new();
    let app = paying::flow().with_state(state).start().expect("starts");
    let (one, other) = (app.try_emit(1).expect("has room"), app.try_emit(2).expect("has room"));
    nap(10).await;
    let begun = now();
    assert!(one.cancel() && other.cancel());
    assert!(matches!((one.result().await, other.result().await), (Ending::Cancelled, Ending::Cancelled)));
    assert_eq!((ms_since(begun), tally.finished(), tally.live()), (90, 1, 0));
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn a_shutdown_drains_a_batch_that_gathers_or_cancels_it() {
    for (how, calls) in [(Shutdown::Drain { grace: secs(1) }, 1), (Shutdown::Abort, 0)] {
        let (state, tally) = App::new();
        let app = in_threes::flow().with_state(state).start().expect("starts");
        let traces: Vec<_> = (0..2).map(|n| app.try_emit(n).expect("has room")).collect();
        settle().await;
        app.shutdown(how).await;
        assert_eq!(values(traces).await.iter().flatten().count(), 2 * calls);
        settle().await;
        assert_eq!((tally.calls(), tally.live(), tasks()), (calls, 0, 0));
    }
}

/// core:W-28
#[tokio::test(start_paused = true)]
async fn no_batch_is_left_behind_the_last_handle() {
    let (state, tally) = App::new();
    let app = in_threes::flow().with_state(state).start().expect("starts");
    let traces: Vec<_> = (0..5).map(|n| app.try_emit(n).expect("has room").detach()).collect();
    nap(2).await;
    assert_eq!((traces.len(), tally.live(), tasks()), (5, 1, 5 + 2));
    drop(app);
    settle().await;
    assert_eq!((tally.live(), tally.finished(), tasks()), (0, 0, 0));
}

/// semantics:4: a flow whose runtime is gone runs no batch, and says so.
#[test]
fn a_call_into_a_batch_whose_runtime_is_gone_ends() {
    #[node]
    async fn stay(list: Vec<u32>) -> Vec<u32> {
        if list.contains(&0) {
            crate::kit::forever().await;
        }
        list
    }
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("builds");
    let (home, abroad) = (runtime(), runtime());
    let app = home.block_on(async { flow! { batch(1, "1h") -> stay }.start().expect("starts") });
    assert_eq!(abroad.block_on(app.call(7)).ok(), Some(7));
    let call = abroad.spawn({
        let app = app.clone();
        async move { app.call(0).await }
    });
    drop(home);
    assert!(matches!(abroad.block_on(call).expect("does not panic"), Err(Stop::Cancelled)));
    assert!(matches!(abroad.block_on(app.call(1)), Err(Stop::Cancelled)));
}

/// semantics:34: what stands in for a node stands in for its batches.
#[tokio::test(start_paused = true)]
async fn a_stub_stands_in_for_a_batch() {
    let (state, tally) = App::new();
    let stubbed = in_threes::flow().with_state(state).stub::<tenfold>(|list| Ok(list.iter().map(|n| n + 1).collect()));
    let app = stubbed.start().expect("starts");
    let (one, other) = tokio::join!(app.call(1), app.call(2));
    assert_eq!((one.ok(), other.ok(), tally.calls()), (Some(2), Some(3), 0));
}
