//! The front desk: who is let in, what comes back, and to whom.

use crate::kit::{App, Inside, Tally, ms_since, nap, now, settle};
use penguiflow::prelude::*;
use penguiflow::{Handle, Options, Refused, Shutdown};

#[node]
async fn wait(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    nap(ms).await;
    tally.note(ms.to_string());
    inside.finish();
    ms
}

#[node]
async fn shout(text: String) -> String {
    text.to_uppercase()
}

flow! { waiting(u64) -> u64 { wait } }
flow! { loud(String) -> String { shout } }

fn with_room(in_flight: usize) -> (Handle<waiting>, Tally) {
    let (state, tally) = App::new();
    let options = Options::new().with_in_flight(in_flight);
    (waiting::flow().with_state(state).with_options(options).start().expect("starts"), tally)
}

/// core:AC-7.1, core:AC-5.3
#[tokio::test(start_paused = true)]
async fn what_the_nodes_make_of_a_message_is_what_the_caller_gets() {
    let app = loud::flow().start().expect("starts");
    assert_eq!(app.call("penguin".to_owned()).await.expect("completes"), "PENGUIN");
    let trace = app.emit("penguin".to_owned()).await.expect("lets it in");
    assert_eq!(trace.result().await.into_result().expect("completes"), "PENGUIN");
}

/// core:AC-7.3, semantics:33
#[tokio::test(start_paused = true)]
async fn with_room_for_one_the_others_wait_and_all_arrive_in_the_order_of_their_coming() {
    let (app, tally) = with_room(1);
    let begun = now();
    let first = app.emit(100).await.expect("has room");
    assert_eq!(ms_since(begun), 0);
    let second = app.emit(101).await.expect("is let in once there is room");
    assert_eq!((ms_since(begun), tally.notes()), (100, vec!["100".to_owned()]));
    let third = app.emit(102).await.expect("is let in once there is room");
    assert_eq!(ms_since(begun), 201);
    for (trace, gave) in [(first, 100), (second, 101), (third, 102)] {
        assert_eq!(trace.result().await.into_result().expect("completes"), gave);
    }
    assert_eq!((tally.notes(), tally.peak()), (vec!["100".to_owned(), "101".into(), "102".into()], 1));
}

/// core:AC-7.4, core:W-15, semantics:32
#[tokio::test(start_paused = true)]
async fn a_message_that_finds_no_room_comes_back_to_its_sender_and_is_counted_nowhere() {
    let (app, tally) = with_room(1);
    let first = app.try_emit(100).expect("has room");
    for _ in 0..3 {
        let refused = app.try_emit(Message::new(7).with_tenant("acme")).expect_err("has no room");
        assert!(matches!(refused, Refused::Full(_)), "{refused}");
        let message = refused.into_message();
        assert_eq!((message.headers().tenant(), *message.payload()), (Some("acme"), 7));
    }
    assert_eq!(app.in_flight(), 1);
    assert!(first.result().await.is_completed());
    assert_eq!((app.in_flight(), tally.calls()), (0, 1));
    assert!(app.try_emit(5).expect("has room again").result().await.is_completed());
}

/// core:W-15: a send that is given up while it waits counts nowhere either.
#[tokio::test(start_paused = true)]
async fn an_emit_that_is_given_up_while_it_waits_leaves_nothing_behind() {
    let (app, tally) = with_room(1);
    let first = app.try_emit(10_000).expect("has room");
    for _ in 0..5 {
        assert!(tokio::time::timeout(crate::kit::secs(1), app.emit(1)).await.is_err());
        assert!(tokio::time::timeout(penguiflow::clock::millis(1), app.call(1)).await.is_err());
    }
    assert_eq!(app.in_flight(), 1);
    assert!(first.result().await.is_completed());
    settle().await;
    assert_eq!((tally.calls(), app.in_flight()), (1, 0));
}

/// core:AC-7.6
#[tokio::test(start_paused = true)]
async fn messages_sent_at_once_into_less_room_all_arrive() {
    let (app, tally) = with_room(2);
    let sent: Vec<_> = (1..=5)
        .map(|n| {
            let app = app.clone();
            tokio::spawn(async move { app.emit(n * 10).await.expect("is let in").result().await.into_result() })
        })
        .collect();
    let mut gave = Vec::new();
    for task in sent {
        gave.push(task.await.expect("no panic").expect("completes"));
    }
    assert_eq!(gave, [10, 20, 30, 40, 50]);
    assert_eq!((tally.calls(), tally.peak(), app.in_flight()), (5, 2, 0));
}

/// core:W-2, core:W-33: results belong to the trace's own handle, in whatever order they are asked for.
#[tokio::test(start_paused = true)]
async fn each_trace_keeps_its_own_result_and_one_that_nobody_reads_starves_no_other() {
    let (app, tally) = with_room(8);
    let unread: Vec<_> = (0..4).map(|_| app.try_emit(5).expect("has room")).collect();
    settle().await;
    nap(10).await;
    assert_eq!(app.in_flight(), 0, "an unread result takes no room");
    for n in 1..=50 {
        let (slow, quick) = (app.emit(100 + n).await.expect("lets it in"), app.emit(n).await.expect("lets it in"));
        assert_eq!(quick.result().await.into_result().expect("completes"), n);
        assert_eq!(slow.result().await.into_result().expect("completes"), 100 + n);
    }
    for trace in unread {
        assert_eq!(trace.result().await.into_result().expect("was kept"), 5);
    }
    assert_eq!(tally.calls(), 104);
}

/// core:W-28: payloads, results and scopes go with their trace.
#[tokio::test(start_paused = true)]
async fn nothing_is_kept_of_a_trace_that_has_ended() {
    #[node]
    fn pass(held: (u32, Inside)) -> (u32, Inside) {
        held
    }
    #[node]
    fn fail(held: (u32, Inside)) -> Result<(u32, Inside), crate::kit::Oops> {
        if held.0.is_multiple_of(3) { Err(crate::kit::Oops(held.0)) } else { Ok(held) }
    }
    flow! { holding((u32, Inside)) -> (u32, Inside) { pass -> fail } }
    let (_, tally) = App::new();
    let app = holding::flow().start().expect("starts");
    for n in 0..300 {
        let message = (n, tally.enter());
        match n % 2 {
            0 => drop(app.call(message).await),
            _ => drop(app.emit(message).await.expect("lets it in").result().await),
        }
    }
    assert_eq!((tally.calls(), tally.live(), app.in_flight()), (300, 0, 0));
}

/// core:AC-6.1
#[tokio::test(start_paused = true)]
async fn handles_are_clones_of_one_started_flow_and_can_be_sent_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let (app, _) = with_room(1);
    shared(&app);
    let twin = app.clone();
    let trace = app.try_emit(10).expect("has room");
    assert!(matches!(twin.try_emit(10), Err(Refused::Full(_))));
    assert_eq!((twin.in_flight(), twin.cancel(trace.id())), (1, true));
    assert!(format!("{twin:?}").starts_with("Handle { flow: \"waiting\""));
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn a_flow_that_was_shut_down_lets_nobody_in_and_gives_the_messages_back() {
    let (app, tally) = with_room(1);
    let first = app.try_emit(100).expect("has room");
    let waiting = tokio::spawn({
        let app = app.clone();
        async move { app.emit(7).await }
    });
    let calling = tokio::spawn({
        let app = app.clone();
        async move { app.call(8).await }
    });
    settle().await;
    app.shutdown(Shutdown::Drain { grace: crate::kit::secs(5) }).await;
    assert!(first.result().await.is_completed());
    let refused = waiting.await.expect("no panic").expect_err("is refused");
    assert!(matches!(&refused, Refused::Closed(message) if *message.payload() == 7), "{refused}");
    assert!(matches!(calling.await.expect("no panic"), Err(Stop::Cancelled)));
    assert!(matches!(app.try_emit(9), Err(Refused::Closed(_))));
    assert!(matches!(app.emit(9).await, Err(Refused::Closed(_))));
    assert!(matches!(app.call(9).await, Err(Stop::Cancelled)));
    assert_eq!(tally.calls(), 1);
}
