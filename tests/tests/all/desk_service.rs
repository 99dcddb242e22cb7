//! A flow as a `tower` service: ready means that there is room, and the room is kept.

use crate::kit::{App, Oops, Tally, failure, nap, secs, settle};
use futures_util::FutureExt;
use futures_util::future::poll_fn;
use penguiflow::prelude::*;
use penguiflow::{FlowService, Handle, Options, Refused, Shutdown};
use tower_service::Service;

#[node]
async fn work(ms: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    let inside = tally.enter();
    nap(ms).await;
    inside.finish();
    if ms % 2 == 1 { Err(Oops(1)) } else { Ok(ms) }
}

flow! { working(u64) -> u64 { work } }

fn with_room(in_flight: usize) -> (Handle<working>, Tally) {
    let (state, tally) = App::new();
    let options = Options::new().with_in_flight(in_flight);
    (working::flow().with_state(state).with_options(options).start().expect("starts"), tally)
}

async fn ready(service: &mut FlowService<working>) -> Result<(), Stop> {
    poll_fn(|task| service.poll_ready(task)).await
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn a_service_that_is_ready_has_a_place_and_its_call_uses_that_one() {
    let (app, tally) = with_room(1);
    let mut service = app.service();
    assert_eq!(app.in_flight(), 0, "nothing is taken before it is asked for");
    for _ in 0..3 {
        ready(&mut service).await.expect("has room");
        assert_eq!(app.in_flight(), 1, "asked again, it keeps the one it has");
    }
    assert!(matches!(app.try_emit(2), Err(Refused::Full(_))));
    let call = service.call(Message::new(10).with_tenant("acme"));
    assert_eq!(call.await.expect("completes"), 10);
    ready(&mut service).await.expect("has room again");
    let error = failure(service.call(Message::new(11)).await.expect_err("fails"));
    assert_eq!((error.node(), tally.calls(), app.in_flight()), ("work", 2, 0));
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn a_clone_does_not_share_the_place() {
    let (app, tally) = with_room(1);
    let mut service = app.service();
    ready(&mut service).await.expect("has room");
    let mut twin = service.clone();
    assert!(ready(&mut twin).now_or_never().is_none());
    let waiting = tokio::spawn(async move {
        ready(&mut twin).await?;
        twin.call(Message::new(20)).await
    });
    settle().await;
    assert_eq!(service.call(Message::new(10)).await.expect("completes"), 10);
    assert_eq!(waiting.await.expect("no panic").expect("gets the place when it is free"), 20);
    assert_eq!((tally.calls(), tally.peak(), app.in_flight()), (2, 1, 0));
}

/// semantics:34, core:W-15
#[tokio::test(start_paused = true)]
async fn a_place_that_is_not_used_is_given_back() {
    let (app, tally) = with_room(1);
    let mut service = app.service();
    ready(&mut service).await.expect("has room");
    drop(service);
    assert_eq!(app.in_flight(), 0, "the service was dropped");
    let mut service = app.service();
    ready(&mut service).await.expect("has room");
    drop(service.call(Message::new(10)));
    assert_eq!(app.in_flight(), 0, "the future was dropped before it ran");
    ready(&mut service).await.expect("has room");
    let mut waiting = app.service();
    assert!(ready(&mut waiting).now_or_never().is_none());
    drop(waiting);
    drop(service);
    assert_eq!((app.in_flight(), tally.calls(), app.counts().admitted()), (0, 0, 0));
    assert_eq!(app.call(2).await.expect("the queue is empty"), 2);
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn a_call_without_being_ready_waits_for_room_itself() {
    let (app, tally) = with_room(1);
    let first = app.try_emit(1_000).expect("has room");
    let mut service = app.service();
    assert_eq!(service.call(Message::new(10)).await.expect("completes"), 10);
    assert!(first.result().await.is_completed());
    assert_eq!((tally.peak(), app.in_flight()), (1, 0));
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn a_service_of_a_flow_that_was_shut_down_is_never_ready() {
    let (app, tally) = with_room(1);
    let first = app.try_emit(1_000).expect("has room");
    let mut service = app.service();
    let waiting = tokio::spawn(async move {
        let told = ready(&mut service).await;
        (told, service)
    });
    settle().await;
    app.shutdown(Shutdown::Drain { grace: secs(5) }).await;
    let (told, mut service) = waiting.await.expect("no panic");
    assert!(matches!(told, Err(Stop::Cancelled)));
    for _ in 0..2 {
        assert!(matches!(ready(&mut service).await, Err(Stop::Cancelled)));
        assert!(matches!(service.call(Message::new(2)).await, Err(Stop::Cancelled)));
    }
    assert!(first.result().await.is_completed());
    assert_eq!((tally.calls(), app.in_flight()), (1, 0));
}

/// semantics:33, semantics:34: a service and the future of its call are handles.
#[tokio::test(start_paused = true)]
async fn a_service_keeps_its_flow_open_and_a_call_that_is_dropped_leaves_nothing_running() {
    let (app, tally) = with_room(2);
    let (mut service, watch) = (app.service(), app.clone());
    drop(app);
    assert!(tokio::time::timeout(secs(1), service.call(Message::new(10_000))).await.is_err());
    assert_eq!((tally.live(), tally.finished(), watch.in_flight()), (0, 0, 0));
    assert!(format!("{service:?}").starts_with("FlowService { flow: \"working\", ready: false"));
    let call = service.call(Message::new(10));
    drop((service, watch));
    assert_eq!(call.await.expect("completes"), 10);
    assert_eq!((tally.calls(), tally.live()), (2, 0));
}
