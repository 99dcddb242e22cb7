//! Many threads at the front desk at once: nobody is lost, nobody is counted twice, and no place goes missing.

use crate::kit::{App, Inside, Oops, Tally};
use penguiflow::prelude::*;
use penguiflow::{Handle, Options, Refused, Shutdown};
use std::pin::pin;
use tokio::runtime::Runtime;
use tokio::task::{JoinSet, yield_now};

type Held = (u32, Inside);

#[node(concurrency = 2)]
async fn work((n, payload): Held, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    let inside = tally.enter();
    for _ in 0..n % 5 {
        yield_now().await;
    }
    inside.finish();
    drop(payload);
    if n % 11 == 0 { Err(Oops(n)) } else { Ok(n) }
}

flow! { working(Held) -> u32 { work } }

const PLACES: usize = 3;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().expect("a runtime")
}

async fn started() -> (Handle<working>, Tally, Tally) {
    let (state, tally) = App::new();
    let options = Options::new().with_in_flight(PLACES);
    let app = working::flow().with_state(state).with_options(options).start().expect("starts");
    (app, tally, App::new().1)
}

/// Polls `future` a few times and gives it up if it is not ready then.
async fn impatient<T>(polls: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..polls {
        if let Some(done) = futures_now(future.as_mut()).await {
            return Some(done);
        }
        yield_now().await;
    }
    None
}

/// What `future` gives if it is ready at once.
async fn futures_now<T>(mut future: std::pin::Pin<&mut impl Future<Output = T>>) -> Option<T> {
    std::future::poll_fn(|task| match future.as_mut().poll(task) {
        std::task::Poll::Ready(done) => std::task::Poll::Ready(Some(done)),
        std::task::Poll::Pending => std::task::Poll::Ready(None),
    })
    .await
}

/// One visitor: calls, emits, tries, gives up, cancels or drops, by its number.
async fn visit(app: Handle<working>, n: u32, payload: Inside) {
    let held = (n, payload);
    match n % 7 {
        0 => drop(app.call(held).await),
        1 => drop(impatient(n % 13, app.call(held)).await),
        2 => drop(impatient(n % 13, app.emit(held)).await),
        3 => drop(app.try_emit(held)),
        4 => drop(app.emit(held).await.expect("is open").result().await),
        5 => {
            let trace = app.emit(held).await.expect("is open");
            trace.cancel();
            drop(trace.result().await);
        }
        _ => drop(app.emit(held).await.expect("is open").detach()),
    }
}

/// core:W-15, core:W-28, semantics:33, semantics:26
#[test]
fn places_permits_and_payloads_all_come_back_from_a_crowd_that_calls_gives_up_cancels_and_fails() {
    let runtime = runtime();
    runtime.block_on(async {
        let (app, tally, payloads) = started().await;
        let mut visitors = JoinSet::new();
        for n in 0..3_000 {
            visitors.spawn(visit(app.clone(), n, payloads.enter()));
        }
        while let Some(visited) = visitors.join_next().await {
            visited.expect("no visitor panics");
            assert!(app.in_flight() <= PLACES);
        }
        let drained = app.shutdown(Shutdown::Drain { grace: crate::kit::secs(60) }).await;
        assert_eq!((drained.cancelled, drained.left, app.in_flight()), (0, 0, 0));
        assert_eq!((tally.live(), payloads.live(), payloads.calls()), (0, 0, 3_000));
        assert!(tally.peak() <= 2 && tally.calls() <= 3_000);
    });
}

/// semantics:33, core:AC-7.6: the door that was crowded has its places again, all of them and no more.
#[test]
fn after_the_crowd_there_is_room_for_as_many_as_before_and_not_for_one_more() {
    let runtime = runtime();
    runtime.block_on(async {
        let (app, _, payloads) = started().await;
        let mut visitors = JoinSet::new();
        for n in 0..500 {
            visitors.spawn(visit(app.clone(), n, payloads.enter()));
        }
        visitors.join_all().await;
        while app.in_flight() > 0 {
            yield_now().await;
        }
        let mut waiting: Vec<_> =
            (0..=PLACES).map(|n| Box::pin(app.call((4 + 5 * n as u32, payloads.enter())))).collect();
        for call in &mut waiting {
            assert!(futures_now(call.as_mut()).await.is_none());
        }
        assert_eq!(app.in_flight(), PLACES);
        drop(waiting);
        assert_eq!((app.in_flight(), payloads.live()), (0, 0));
    });
}

/// core:W-12, core:AC-6.4, semantics:33: who comes while the flow is aborted is refused or ends, and never hangs.
#[test]
fn an_abort_amid_a_crowd_refuses_or_ends_everybody() {
    let runtime = runtime();
    runtime.block_on(async {
        for round in 0..50 {
            let (app, tally, payloads) = started().await;
            let mut visitors: JoinSet<Result<bool, u32>> = JoinSet::new();
            for n in 0..40 {
                let (app, payload) = (app.clone(), payloads.enter());
                visitors.spawn(async move {
                    match app.emit((n, payload)).await {
                        Ok(trace) => Ok(matches!(trace.result().await, Ending::Completed(_) | Ending::Failed(_))),
                        Err(Refused::Closed(message)) => Err(message.into_payload().0),
                        Err(refused) => panic!("{refused}"),
                    }
                });
            }
            for _ in 0..round {
                yield_now().await;
            }
            let drained = app.shutdown(Shutdown::Abort).await;
            assert!(drained.inside <= PLACES && drained.cancelled <= drained.inside.max(PLACES) && drained.left == 0);
            let ended = visitors.join_all().await;
            assert_eq!((ended.len(), app.in_flight(), tally.live(), payloads.live()), (40, 0, 0, 0));
            let ran = ended.iter().filter(|ended| **ended == Ok(true)).count();
            assert!(tally.finished() >= ran, "{ran} of {}", tally.finished());
        }
    });
}
