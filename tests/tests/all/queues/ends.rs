//! Whatever ends a trace ends its wait in a queue and its run behind it, and nothing else.

use super::{counts, lined, narrow, slow, tasks, wide};
use crate::kit::{App, Tally, failure, forever, ms_since, nap, now, secs, settle};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Ending, ErrorKind, Shutdown, Stop};

/// semantics:18: the place of one that leaves is free at once.
#[tokio::test(start_paused = true)]
async fn a_trace_that_is_cancelled_in_the_queue_leaves_it_and_never_runs() {
    let (state, tally) = App::new();
    let app = narrow::flow().with_state(state).start().expect("starts");
    let mut traces: Vec<_> = (0..5).map(|n| app.try_emit((n, 10)).expect("has room")).collect();
    settle().await;
    assert_eq!(counts(&app), (1, 3, 1));
    let second = traces.remove(1);
    assert!(second.cancel());
    assert!(matches!(second.result().await, Ending::Cancelled));
    assert_eq!(counts(&app), (1, 2, 1));
    drop(traces.remove(2));
    settle().await;
    assert_eq!(counts(&app), (1, 1, 1));
    for trace in traces {
        assert!(trace.result().await.is_completed());
    }
    assert_eq!(tally.notes(), ["0", "2", "4"]);
}

/// semantics:18
#[tokio::test(start_paused = true)]
async fn a_trace_that_is_cancelled_while_its_node_runs_drops_the_node_and_frees_the_worker() {
    let (state, tally) = App::new();
    let app = lined::flow().with_state(state).start().expect("starts");
    let (one, other) = (app.try_emit((0, 1_000)).expect("has room"), app.try_emit((1, 10)).expect("has room"));
    nap(100).await;
    let begun = now();
    assert!(one.cancel());
    assert!(matches!(one.result().await, Ending::Cancelled));
    assert_eq!(
        (tally.live(), tally.finished()),
        (1, 0),
        "the node is dropped before the ending, and the next one runs"
    );
    assert!(other.result().await.is_completed());
    assert_eq!((ms_since(begun), tally.finished()), (10, 1));
}

/// semantics:18: a trace is not asked whether it is polled.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_leaves_nothing_in_the_queue_and_nothing_behind_it() {
    let (state, tally) = App::new();
    let app = narrow::flow().with_state(state).start().expect("starts");
    let runs = app.emit((0, 100)).await.expect("lets it in");
    settle().await;
    assert!(tokio::time::timeout(millis(50), app.call((1, 10))).await.is_err());
    assert_eq!(counts(&app), (0, 0, 1));
    assert!(runs.result().await.is_completed());
    assert!(tokio::time::timeout(millis(50), app.call((2, 100))).await.is_err());
    settle().await;
    assert_eq!((tally.notes(), tally.live(), counts(&app)), (vec!["0".to_owned(), "2".to_owned()], 0, (0, 0, 0)));
}

/// semantics:18: nobody waits for a trace that is never polled again.
#[tokio::test(start_paused = true)]
async fn a_call_that_nobody_polls_keeps_nobody_else_in_the_queue() {
    let (state, tally) = App::new();
    let app = narrow::flow().with_state(state).start().expect("starts");
    let runs = app.emit((0, 10)).await.expect("lets it in");
    settle().await;
    let mut idle: Vec<_> = (1..4).map(|n| Box::pin(app.call((n, 10)))).collect();
    for call in &mut idle {
        let polled = std::future::poll_fn(|task| std::task::Poll::Ready(call.as_mut().poll(task).is_pending()));
        assert!(polled.await);
    }
    let last = app.emit((9, 10)).await.expect("lets it in");
    assert!(runs.result().await.is_completed() && last.result().await.is_completed());
    assert_eq!(tally.notes(), ["0", "1", "2", "3", "9"]);
    for (n, call) in (1..).zip(idle) {
        assert_eq!(call.await.ok(), Some(n), "its answer lay there");
    }
}

/// semantics:18, core:W-10
#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_wait_in_the_queue_and_a_run_behind_it() {
    let (state, tally) = App::new();
    let app = narrow::flow().with_state(state).start().expect("starts");
    let soon = |number, ms| Message::new((number, ms)).with_deadline(millis(50));
    let begun = now();
    let runs = app.emit(soon(0, 1_000)).await.expect("lets it in");
    settle().await;
    let waits = app.emit(soon(1, 1)).await.expect("lets it in");
    let patient = app.emit((2, 1)).await.expect("lets it in");
    assert!(matches!(waits.result().await, Ending::DeadlineExceeded));
    assert!(matches!(runs.result().await, Ending::DeadlineExceeded));
    assert_eq!(ms_since(begun), 50);
    assert!(patient.result().await.is_completed());
    assert_eq!((ms_since(begun), tally.notes()), (51, vec!["0".to_owned(), "2".to_owned()]));
}

/// semantics:29: who may finish may finish behind a queue as well.
#[tokio::test(start_paused = true)]
async fn a_node_that_may_finish_after_a_cancel_finishes_behind_a_queue() {
    #[node(effect = irreversible)]
    async fn pay(ms: u64, State(tally): State<'_, Tally>) -> u64 {
        let inside = tally.enter();
        nap(ms).await;
        inside.finish();
        ms
    }
    flow! { paying(u64) -> u64 { queue(8) -> pay } }
    let (state, tally) = App::new();
    let app = paying::flow().with_state(state).start().expect("starts");
    let trace = app.emit(100).await.expect("lets it in");
    nap(10).await;
    let begun = now();
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((ms_since(begun), tally.finished(), tally.live()), (90, 1, 0));
}

/// semantics:28
#[tokio::test(start_paused = true)]
async fn a_panic_fails_its_trace_by_the_node_s_name_and_the_worker_lives_on() {
    #[node]
    async fn bad(n: u32) -> u32 {
        assert!(n != 13, "unlucky");
        n
    }
    let app = flow! { queue(8) -> bad }.start().expect("starts");
    for n in [1, 13, 2, 13, 3] {
        match app.call(n).await {
            Ok(value) => assert_eq!(value, n),
            Err(stop) => {
                let error = failure(stop);
                assert!(n == 13 && matches!(error.kind(), ErrorKind::Panic(text) if &**text == "unlucky"), "{error}");
                assert_eq!((error.node(), error.path(), error.place()), ("bad", "flow › bad", "0"));
            }
        }
    }
    assert_eq!(counts(&app), (0, 0, 0));
}

/// semantics:8: a branch that fails takes its siblings out of their queues.
#[tokio::test(start_paused = true)]
async fn a_failing_branch_drops_what_its_siblings_have_in_queues() {
    #[node]
    async fn fail(_: (u32, u64)) -> Result<u32, crate::kit::Oops> {
        nap(20).await;
        Err(crate::kit::Oops(1))
    }
    #[node]
    fn sum((a, b, c): (u32, u32, u32)) -> u32 {
        a + b + c
    }
    flow! { forked((u32, u64)) -> u32 { (queue(4) -> slow, fail, queue(4) -> slow as other) -> join -> sum } }
    let (state, tally) = App::new();
    let app = forked::flow().with_state(state).start().expect("starts");
    let (one, two) = tokio::join!(app.call((1, 1_000)), app.call((2, 1_000)));
    assert!(one.is_err() && two.is_err());
    settle().await;
    assert_eq!((tally.live(), tally.finished()), (0, 0));
    let empty = |queue: penguiflow::QueueInfo| (queue.depth, queue.waiting, queue.running) == (0, 0, 0);
    assert_eq!((app.queues().count(), app.queues().all(empty)), (2, true));
}

/// semantics:33, core:W-12: what is in the queue is drained or told, and nobody works there afterwards.
#[tokio::test(start_paused = true)]
async fn a_shutdown_drains_the_queue_or_cancels_what_is_in_it() {
    for (how, completed) in [(Shutdown::Drain { grace: secs(1) }, 5), (Shutdown::Abort, 0)] {
        let (state, tally) = App::new();
        let before = tasks();
        let app = narrow::flow().with_state(state).start().expect("starts");
        let traces: Vec<_> = (0..5).map(|n| app.try_emit((n, 10)).expect("has room")).collect();
        settle().await;
        let drained = app.shutdown(how).await;
        assert_eq!((drained.inside, drained.cancelled, drained.left), (5, 5 - completed, 0));
        let ends = futures_util::future::join_all(traces.into_iter().map(penguiflow::Trace::result)).await;
        assert_eq!(ends.iter().filter(|end| end.is_completed()).count(), completed);
        settle().await;
        assert_eq!((tally.live(), tasks(), app.queues().count()), (0, before, 0), "the handle is still there");
        assert!(matches!(app.call((1, 1)).await, Err(Stop::Cancelled)));
    }
}

/// core:W-28
#[tokio::test(start_paused = true)]
async fn no_task_is_left_behind_the_last_handle() {
    let before = tasks();
    for _ in 0..20 {
        let (state, tally) = App::new();
        let app = wide::flow().with_state(state).start().expect("starts");
        assert_eq!(tasks(), before, "workers come with the first message");
        assert!(app.call((1, 1)).await.is_ok());
        assert_eq!(tasks(), before + 3);
        for n in 2..9 {
            app.try_emit((n, 1_000)).expect("has room").detach();
        }
        settle().await;
        assert_eq!((tally.live(), tasks()), (3, before + 3 + 7));
        drop(app);
        settle().await;
        assert_eq!((tally.live(), tasks()), (0, before));
    }
}

/// semantics:4: a flow whose runtime is gone has no workers, and says so instead of waiting for them.
#[test]
fn a_call_into_a_queue_whose_runtime_is_gone_ends() {
    #[node]
    async fn stay(n: u32) -> u32 {
        if n == 0 {
            forever().await;
        }
        n
    }
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("builds");
    let (home, abroad) = (runtime(), runtime());
    let app = home.block_on(async { flow! { queue(4) -> stay }.start().expect("starts") });
    assert_eq!(abroad.block_on(app.call(7)).ok(), Some(7));
    let calls = [0, 1, 2].map(|n| {
        let app = app.clone();
        abroad.spawn(async move { app.call(n).await })
    });
    abroad.block_on(async {
        while app.queues().next().is_none_or(|queue| (queue.running, queue.depth) != (1, 2)) {
            tokio::task::yield_now().await;
        }
    });
    drop(home);
    for call in calls {
        assert!(matches!(abroad.block_on(call).expect("does not panic"), Err(Stop::Cancelled)));
    }
    assert!(matches!(abroad.block_on(app.call(1)), Err(Stop::Cancelled)));
}

/// semantics:18: on several threads a cancel may come at any moment, also between a worker's first look and its first poll.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_that_comes_at_any_moment_ends_a_node_that_hangs() {
    #[node]
    async fn hang(n: u32) -> u32 {
        forever().await;
        n
    }
    let app = flow! { queue(4, workers = 2) -> hang }.start().expect("starts");
    let race = async {
        for n in 0..1_000_u32 {
            let trace = app.emit(n).await.expect("lets it in");
            for _ in 0..n * 37 % 3_001 {
                std::hint::spin_loop();
            }
            trace.cancel();
            assert!(matches!(trace.result().await, Ending::Cancelled));
        }
    };
    assert!(tokio::time::timeout(secs(20), race).await.is_ok(), "each of them ends");
    assert_eq!(counts(&app), (0, 0, 0));
}
