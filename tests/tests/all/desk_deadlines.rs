//! A message that brings an instant along waits for room no longer than that.

use crate::kit::{App, Tally, ms_since, nap, now, secs};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Counts, Handle, Options, Refused};

#[node]
async fn wait(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let _inside = tally.enter();
    nap(ms).await;
    ms
}

flow! { waiting(u64) -> u64 { wait } }

/// A flow with room for one, taken for a second.
fn taken() -> (Handle<waiting>, Tally) {
    let (state, tally) = App::new();
    let options = Options::new().with_in_flight(1);
    let app = waiting::flow().with_state(state).with_options(options).start().expect("starts");
    app.try_emit(1_000).expect("has room").detach();
    (app, tally)
}

/// core:W-10, semantics:33
#[tokio::test(start_paused = true)]
async fn a_message_waits_for_room_no_longer_than_the_instant_that_it_brings_along() {
    let (app, tally) = taken();
    let _outputs = app.outputs().expect("nobody reads");
    let begun = now();
    let until = |ms| Message::new(7).with_tenant("acme").with_deadline_at(begun + millis(ms));
    let emitted = app.emit(until(100)).await.expect_err("is too late");
    assert_eq!(ms_since(begun), 100);
    let posted = app.post(until(200)).await.expect_err("is too late");
    assert_eq!(ms_since(begun), 200);
    for refused in [emitted, posted] {
        assert!(matches!(refused, Refused::TooLate(_)), "{refused}");
        assert_eq!(refused.into_message().headers().tenant(), Some("acme"));
    }
    assert!(matches!(app.call(until(300)).await, Err(Stop::DeadlineExceeded)));
    assert_eq!(ms_since(begun), 300);
    assert!(matches!(app.emit(until(150)).await, Err(Refused::TooLate(_))), "at once");
    assert_eq!((ms_since(begun), app.in_flight(), app.counts().admitted()), (300, 1, 1));
    nap(1_000).await;
    assert_eq!((tally.calls(), app.in_flight()), (1, 0), "nobody is left in the queue");
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn a_deadline_that_is_a_duration_begins_once_there_is_room() {
    let (app, tally) = taken();
    let trace = app.emit(Message::new(90).with_deadline(millis(100))).await.expect("is let in");
    assert!(trace.result().await.is_completed());
    assert_eq!(tally.calls(), 2);
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn a_message_that_gets_room_in_time_runs_under_what_is_left_of_its_time() {
    let (app, _) = taken();
    let begun = now();
    let trace = app.emit(Message::new(500).with_deadline_at(begun + millis(1_200))).await.expect("is let in");
    assert_eq!(ms_since(begun), 1_000);
    assert!(matches!(trace.result().await, Ending::DeadlineExceeded));
    assert_eq!(ms_since(begun), 1_200);
}

/// core:AC-11.1: where there is room, a message that is late is let in, and ends as one that is late: no node runs.
#[tokio::test(start_paused = true)]
async fn a_message_that_is_late_already_is_let_in_where_there_is_room_and_ends_so() {
    let (state, tally) = App::new();
    let app = waiting::flow().with_state(state).start().expect("starts");
    let begun = now();
    nap(10).await;
    let trace = app.emit(Message::new(7).with_deadline_at(begun)).await.expect("has room");
    assert!(matches!(trace.result().await, Ending::DeadlineExceeded));
    assert_eq!((tally.calls(), app.counts().deadline_exceeded), (0, 1));
}

/// semantics:33: who waits may be polled where there is no runtime and so no timer.
#[test]
fn the_wait_can_be_polled_on_a_thread_that_no_runtime_knows() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime");
    let app = runtime.block_on(async {
        let (state, _) = App::new();
        let options = Options::new().with_in_flight(1);
        waiting::flow().with_state(state).with_options(options).start().expect("starts")
    });
    let inside = app.try_emit(1_000_000_000).expect("has room");
    let late = Message::new(7).with_deadline_at(now() + millis(20));
    let refused = block_on(app.emit(late)).expect_err("is too late");
    assert!(matches!(refused, Refused::TooLate(_)), "{refused}");
    drop(inside);
}

/// Polls a future on this thread, without any runtime.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Unpark(std::thread::current())).into();
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut std::task::Context::from_waker(&waker)) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn the_counts_say_how_each_trace_ended() {
    #[message]
    #[derive(PartialEq)]
    enum Case {
        Good,
        Bad,
        Slow,
        Spam,
        Round,
    }
    #[router]
    async fn sort(case: &Case) -> Result<Sorted, crate::kit::Oops> {
        match case {
            Case::Bad => Err(crate::kit::Oops(1)),
            Case::Slow => {
                crate::kit::forever().await;
                Ok(Sorted::Good)
            }
            Case::Spam => Ok(Sorted::Spam),
            Case::Round => Ok(Sorted::Round),
            Case::Good => Ok(Sorted::Good),
        }
    }
    #[message]
    enum Sorted {
        Good,
        Spam,
        Round,
    }
    #[node]
    fn keep(case: Case) -> Case {
        case
    }
    #[node]
    fn again(case: Case) -> Step<Case, Case> {
        Step::Again(case)
    }
    flow! { sorting(Case) -> Case { sort { Good -> keep, Spam -> drop, Round -> repeat(turns = 2) { again } } } }
    let app = sorting::flow().start().expect("starts");
    assert_eq!(app.counts(), Counts::default());
    for case in [Case::Good, Case::Bad, Case::Spam, Case::Round] {
        drop(app.call(case).await);
    }
    drop(app.call(Message::new(Case::Slow).with_deadline(secs(1))).await);
    drop(tokio::time::timeout(secs(1), app.call(Case::Slow)).await);
    let held = app.emit(Case::Slow).await.expect("lets it in");
    let counts = app.counts();
    assert_eq!((counts.completed, counts.failed, counts.dropped, counts.budget_exceeded), (1, 1, 1, 1));
    assert_eq!((counts.deadline_exceeded, counts.cancelled, counts.running, counts.unread), (1, 1, 1, 0));
    assert_eq!((counts.admitted(), counts.dead_letters), (7, 0));
    drop(held);
}
