//! Who is polled when somebody is woken, and that what never waits lets others run.

use crate::kit::{App, Tally, failure, ms_since, now, secs, settle};
use penguiflow::prelude::*;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use tokio::sync::Notify;

const SEATS: usize = 64;

/// Who is polled how often, and what each waits for.
#[derive(Clone)]
struct Hall(Arc<Inner>);

struct Inner {
    taken: AtomicUsize,
    left: AtomicUsize,
    polls: [AtomicUsize; SEATS],
    calls: [Notify; SEATS],
}

#[derive(Provides)]
struct House {
    hall: Hall,
}

/// Counts who has left its seat, in whichever way.
struct Seated<'a>(&'a Inner);

impl Drop for Seated<'_> {
    fn drop(&mut self) {
        self.0.left.fetch_add(1, SeqCst);
    }
}

impl Hall {
    fn new() -> Self {
        let zero = || AtomicUsize::new(0);
        Hall(Arc::new(Inner {
            taken: zero(),
            left: zero(),
            polls: std::array::from_fn(|_| zero()),
            calls: std::array::from_fn(|_| Notify::new()),
        }))
    }

    fn house(&self) -> House {
        House { hall: self.clone() }
    }

    fn polls(&self) -> Vec<usize> {
        self.0.polls.iter().map(|polls| polls.load(SeqCst)).collect()
    }

    fn left(&self) -> usize {
        self.0.left.load(SeqCst)
    }

    fn call(&self, seat: usize) {
        self.0.calls[seat].notify_one();
    }
}

/// Takes the next seat and waits until that one is called; seat 13 then fails, if the message says so.
#[node]
async fn stand(fails: bool, State(hall): State<'_, Hall>) -> Result<usize, std::fmt::Error> {
    let seat = hall.0.taken.fetch_add(1, SeqCst);
    let _seated = Seated(&hall.0);
    let mut called = pin!(hall.0.calls[seat].notified());
    poll_fn(|task| {
        hall.0.polls[seat].fetch_add(1, SeqCst);
        called.as_mut().poll(task)
    })
    .await;
    if fails && seat == 13 { Err(std::fmt::Error) } else { Ok(seat) }
}

flow! {
    standing(bool) -> Vec<usize> {
        (
            stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand,
            stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand,
            stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand,
            stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand, stand
        ) -> join_k(64)
    }
}

#[node]
fn seats(fails: bool) -> Vec<bool> {
    vec![fails; SEATS]
}

flow! { queueing(bool) -> Vec<usize> { seats -> map(stand, 64) } }

/// How often each is polled when seat 40 alone was called twice as often as the others.
fn but_40(others: usize, seat_40: usize) -> Vec<usize> {
    (0..SEATS).map(|seat| if seat == 40 { seat_40 } else { others }).collect()
}

macro_rules! wakes_one {
    ($flow:ident) => {{
        let hall = Hall::new();
        let app = $flow::flow().with_state(hall.house()).start().expect("starts");
        let trace = app.emit(false).await.expect("lets it in");
        settle().await;
        assert_eq!(hall.polls(), but_40(1, 1));
        hall.call(40);
        settle().await;
        assert_eq!((hall.polls(), hall.left()), (but_40(1, 2), 1));
        (0..SEATS).filter(|seat| *seat != 40).for_each(|seat| hall.call(seat));
        let all: Vec<usize> = (0..SEATS).collect();
        assert!(matches!(trace.result().await, Ending::Completed(seats) if seats == all));
        assert_eq!((hall.polls(), hall.left()), (but_40(2, 2), SEATS));
    }};
}

/// semantics:7
#[tokio::test(start_paused = true)]
async fn a_wake_of_one_of_64_branches_polls_only_that_one() {
    wakes_one!(standing);
}

/// semantics:16
#[tokio::test(start_paused = true)]
async fn a_wake_of_one_of_64_items_polls_only_that_one() {
    wakes_one!(queueing);
}

macro_rules! reaches_all {
    ($flow:ident) => {{
        let hall = Hall::new();
        let app = $flow::flow().with_state(hall.house()).start().expect("starts");
        let trace = app.emit(false).await.expect("lets it in");
        settle().await;
        assert!(trace.cancel());
        assert!(matches!(trace.result().await, Ending::Cancelled));
        assert_eq!((hall.left(), app.in_flight()), (SEATS, 0));

        let hall = Hall::new();
        let app = $flow::flow().with_state(hall.house()).start().expect("starts");
        let begun = now();
        let stop = app.call(Message::new(false).with_deadline(secs(3))).await.expect_err("runs out of time");
        assert!(matches!(stop, Stop::DeadlineExceeded), "{stop}");
        assert_eq!((ms_since(begun), hall.left(), app.in_flight()), (3_000, SEATS, 0));
    }};
}

/// semantics:7, semantics:16
#[tokio::test(start_paused = true)]
async fn a_cancel_and_a_deadline_reach_each_of_64_branches_and_items_that_nobody_wakes() {
    reaches_all!(standing);
    reaches_all!(queueing);
}

/// semantics:7
#[tokio::test(start_paused = true)]
async fn a_failure_among_64_branches_drops_those_that_nobody_wakes() {
    let hall = Hall::new();
    let app = standing::flow().with_state(hall.house()).start().expect("starts");
    hall.call(13);
    let error = failure(app.call(true).await.expect_err("one of them fails"));
    // The others wait, and are dropped without a wake-up.
    assert_eq!((hall.left(), hall.polls().iter().sum::<usize>()), (SEATS, SEATS), "{error}");
}

/// semantics:7
#[test]
fn of_64_branches_that_many_threads_wake_at_once_none_is_lost() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().expect("a runtime");
    runtime.block_on(async {
        for round in 0..100 {
            let hall = Hall::new();
            let app = standing::flow().with_state(hall.house()).start().expect("starts");
            let callers = (0..8).map(|caller| {
                let hall = hall.clone();
                tokio::spawn(async move {
                    for step in 0..SEATS / 8 {
                        hall.call((caller * 8 + step + round) % SEATS);
                        tokio::task::yield_now().await;
                    }
                })
            });
            let callers: Vec<_> = callers.collect();
            assert_eq!(app.call(false).await.expect("completes").len(), SEATS);
            for caller in callers {
                caller.await.expect("no caller panics");
            }
        }
    });
}

/// How many calls there were when another task had its first turn beside the trace's.
async fn seen_by_another_task(tally: &Tally) -> usize {
    let tally = tally.clone();
    tokio::spawn(async move { tally.calls() }).await.expect("does not panic")
}

#[node]
fn level0(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n
}

#[node]
fn add((a, b): (u64, u64)) -> u64 {
    a + b
}

flow! { level1(u64) -> u64 { (level0, level0) -> join -> add } }
flow! { level2(u64) -> u64 { (level1, level1) -> join -> add } }
flow! { level3(u64) -> u64 { (level2, level2) -> join -> add } }
flow! { level4(u64) -> u64 { (level3, level3) -> join -> add } }
flow! { level5(u64) -> u64 { (level4, level4) -> join -> add } }
flow! { level6(u64) -> u64 { (level5, level5) -> join -> add } }
flow! { level7(u64) -> u64 { (level6, level6) -> join -> add } }
flow! { level8(u64) -> u64 { (level7, level7) -> join -> add } }
flow! { level9(u64) -> u64 { (level8, level8) -> join -> add } }
flow! { level10(u64) -> u64 { (level9, level9) -> join -> add } }
flow! { level11(u64) -> u64 { (level10, level10) -> join -> add } }

/// semantics:7: 2,048 nodes, eleven levels deep, of which none waits.
#[tokio::test(start_paused = true)]
async fn forks_of_forks_that_never_wait_let_other_tasks_run() {
    let (state, tally) = App::new();
    let app = level11::flow().with_state(state).start().expect("starts");
    let trace = app.emit(1).await.expect("lets it in");
    let begun = seen_by_another_task(&tally).await;
    assert!(begun > 0 && begun < 2_048, "{begun} at once");
    assert!(matches!(trace.result().await, Ending::Completed(2_048)));
    assert_eq!(tally.calls(), 2_048);
}

/// Polled once, then at its end.
#[node]
async fn once_more(n: u64, State(tally): State<'_, Tally>) -> u64 {
    let mut polled = false;
    poll_fn(|task| {
        tally.call();
        if polled {
            return std::task::Poll::Ready(());
        }
        polled = true;
        task.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
    n
}

#[node]
fn count_up(n: u64) -> Vec<u64> {
    (0..n).collect()
}

flow! { wide(u64) -> Vec<u64> { count_up -> map(once_more, 10_000) } }

/// semantics:16
#[tokio::test(start_paused = true)]
async fn a_map_that_begins_10_000_items_at_once_lets_other_tasks_run_and_asks_none_twice() {
    let (state, tally) = App::new();
    let app = wide::flow().with_state(state).start().expect("starts");
    let trace = app.emit(10_000).await.expect("lets it in");
    let begun = seen_by_another_task(&tally).await;
    assert!(begun > 0 && begun <= 64, "{begun} at once");
    let all: Vec<u64> = (0..10_000).collect();
    assert!(matches!(trace.result().await, Ending::Completed(values) if values == all));
    assert_eq!(tally.calls(), 20_000);
}
