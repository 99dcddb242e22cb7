//! What was posted: each ending goes to the one reader, once, and a place is kept until it was read.

use crate::kit::{App, Oops, Tally, failure, forever, ms_since, nap, now, secs, settle};
use futures_util::{FutureExt, StreamExt};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Counts, Handle, Options, Output, Outputs, Refused, Shutdown, TraceId};

/// Waits as long as it is told; 0 is for ever, and odd numbers fail.
#[node]
async fn work(ms: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    let inside = tally.enter();
    if ms == 0 {
        forever().await;
    }
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

/// The next output, if there is one now.
fn ready(outputs: &mut Outputs<u64>) -> Option<Output<u64>> {
    outputs.next().now_or_never().map(|output| output.expect("has not ended"))
}

async fn next_id(outputs: &mut Outputs<u64>) -> TraceId {
    outputs.next().await.expect("has not ended").trace_id
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn an_ending_is_read_from_the_outputs_with_the_id_that_post_gave() {
    let (app, tally) = with_room(8);
    let mut outputs = app.outputs().expect("nobody reads");
    let good = app.post(Message::new(20).with_tenant("acme").with_meta("lang", "en")).await.expect("lets it in");
    let bad = app.try_post(Message::new(31).with_topic("news")).expect("has room");
    let output = outputs.next().await.expect("has ended");
    assert_eq!((output.trace_id, output.headers.tenant()), (good, Some("acme")));
    assert_eq!(output.meta.get("lang"), Some(&"en".into()));
    let message = output.into_message().expect("completes");
    assert_eq!((message.trace_id(), message.headers().tenant(), *message.payload()), (Some(good), Some("acme"), 20));
    let output = outputs.next().await.expect("has ended");
    assert_eq!((output.trace_id, output.headers.topic(), output.meta.len()), (bad, Some("news"), 0));
    let error = failure(output.ending.into_result().expect_err("fails"));
    assert_eq!((error.node(), error.trace_id()), ("work", bad));
    assert_eq!((tally.calls(), app.in_flight()), (2, 0));
}

/// semantics:32, core:W-33: nothing of a call or an emit comes here, and nothing of what was posted goes there.
#[tokio::test(start_paused = true)]
async fn a_result_goes_to_exactly_one_place() {
    let (app, tally) = with_room(8);
    let mut outputs = app.outputs().expect("nobody reads");
    let posted = app.post(12).await.expect("lets it in");
    let trace = app.emit(10).await.expect("lets it in");
    assert_eq!(app.call(14).await.expect("completes"), 14);
    assert_eq!(trace.result().await.into_result().expect("completes"), 10);
    let output = outputs.next().await.expect("has ended");
    assert_eq!((output.trace_id, output.ending.into_result().expect("completes")), (posted, 12));
    app.emit(2).await.expect("lets it in").detach();
    nap(100).await;
    assert!(outputs.next().now_or_never().is_none());
    assert_eq!((tally.calls(), app.counts().completed), (4, 4));
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn a_message_is_given_back_where_nobody_reads_the_outputs() {
    let (app, tally) = with_room(1);
    for refused in
        [app.try_post(Message::new(7).with_tenant("acme")), app.post(Message::new(7).with_tenant("acme")).await]
    {
        let refused = refused.expect_err("nobody reads");
        assert!(matches!(refused, Refused::NoReader(_)), "{refused}");
        assert_eq!(refused.into_message().headers().tenant(), Some("acme"));
    }
    drop(app.outputs().expect("nobody reads"));
    assert!(matches!(app.try_post(7), Err(Refused::NoReader(_))));
    assert_eq!((tally.calls(), app.in_flight(), app.counts()), (0, 0, Counts::default()));
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn there_is_one_reader_at_a_time_and_the_place_is_free_again_once_it_was_dropped() {
    let (app, _) = with_room(8);
    let first = app.outputs().expect("nobody reads").in_order();
    let refused = app.clone().outputs().expect_err("somebody reads");
    assert!(refused.to_string().contains("have a reader already"));
    drop(first);
    let mut second = app.outputs().expect("nobody reads");
    let id = app.post(10).await.expect("lets it in");
    assert_eq!(next_id(&mut second).await, id);
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn endings_come_as_the_traces_end_or_in_the_order_of_admission() {
    for in_order in [false, true] {
        let (app, _) = with_room(8);
        let mut outputs = app.outputs().expect("nobody reads");
        let mut ids = Vec::new();
        for ms in [30, 10, 21] {
            ids.push(app.post(ms).await.expect("lets it in"));
        }
        let begun = now();
        let expected = if in_order {
            outputs = outputs.in_order();
            [(ids[0], 30), (ids[1], 30), (ids[2], 30)]
        } else {
            [(ids[1], 10), (ids[2], 21), (ids[0], 30)]
        };
        for (id, ms) in expected {
            assert_eq!((next_id(&mut outputs).await, ms_since(begun)), (id, ms));
        }
    }
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn the_order_can_be_asked_for_while_traces_run_and_endings_wait() {
    let (app, _) = with_room(8);
    let outputs = app.outputs().expect("nobody reads");
    let ids: Vec<_> = [30, 10, 20].map(|ms| app.try_post(ms).expect("has room")).into();
    nap(15).await;
    assert_eq!((app.counts().unread, app.counts().running), (1, 2));
    let read: Vec<_> = outputs.in_order().take(3).map(|output| output.trace_id).collect().await;
    assert_eq!(read, ids);
}

/// semantics:33: in order, one that is stuck fills the flow, and not the memory.
#[tokio::test(start_paused = true)]
async fn endings_behind_a_stuck_one_keep_their_places_until_they_are_delivered() {
    let (app, tally) = with_room(4);
    let mut outputs = app.outputs().expect("nobody reads").in_order();
    let stuck = app.try_post(0).expect("has room");
    let behind: Vec<_> = (0..3).map(|_| app.try_post(10).expect("has room")).collect();
    nap(100).await;
    assert_eq!((tally.finished(), app.in_flight()), (3, 4));
    assert_eq!((app.counts().unread, app.counts().running), (3, 1));
    assert!(matches!(app.try_post(10), Err(Refused::Full(_))));
    assert!(matches!(app.try_emit(10), Err(Refused::Full(_))), "all ways in have the same places");
    assert!(outputs.next().now_or_never().is_none());
    assert!(app.cancel(stuck));
    let output = outputs.next().await.expect("has ended");
    assert_eq!(output.trace_id, stuck);
    assert!(matches!(output.ending, Ending::Cancelled));
    for id in behind {
        assert_eq!(next_id(&mut outputs).await, id);
    }
    assert_eq!((tally.live(), app.in_flight()), (0, 0));
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn who_posts_is_held_back_by_who_reads() {
    let (app, tally) = with_room(2);
    let mut outputs = app.outputs().expect("nobody reads");
    let poster = tokio::spawn({
        let app = app.clone();
        async move {
            for _ in 0..5 {
                app.post(10).await.expect("is let in");
            }
        }
    });
    nap(1_000).await;
    assert_eq!((tally.calls(), app.in_flight(), app.counts().unread), (2, 2, 2));
    for read in 1..=5 {
        outputs.next().await.expect("has ended");
        nap(1_000).await;
        assert_eq!(tally.calls(), (2 + read).min(5));
    }
    poster.await.expect("no panic");
    assert_eq!(app.in_flight(), 0);
}

/// core:W-26: giving up the wait for an ending loses none.
#[tokio::test(start_paused = true)]
async fn giving_up_the_wait_for_the_next_output_loses_none() {
    let (app, _) = with_room(100);
    let mut outputs = app.outputs().expect("nobody reads");
    let mut missing: Vec<_> = (1..=50).map(|n| app.try_post(n * 20).expect("has room")).collect();
    let mut given_up = 0;
    while !missing.is_empty() {
        match tokio::time::timeout(millis(7), outputs.next()).await {
            Ok(output) => assert_eq!(output.expect("has not ended").trace_id, missing.remove(0)),
            Err(_) => given_up += 1,
        }
    }
    assert!(given_up >= 100, "{given_up}");
    assert_eq!(app.counts().completed, 50);
}

/// core:W-26, semantics:32: what a dropped reader leaves goes to nobody, and is counted.
#[tokio::test(start_paused = true)]
async fn dropping_the_reader_makes_dead_letters_of_what_it_has_not_read_and_frees_their_places() {
    let (app, tally) = with_room(3);
    let outputs = app.outputs().expect("nobody reads");
    for ms in [10, 10, 200] {
        app.try_post(ms).expect("has room");
    }
    let waiting = tokio::spawn({
        let app = app.clone();
        async move { app.post(Message::new(10).with_tenant("acme")).await }
    });
    nap(100).await;
    assert_eq!((app.in_flight(), app.counts().unread, app.counts().dead_letters), (3, 2, 0));
    drop(outputs);
    assert_eq!((app.counts().unread, app.counts().dead_letters), (0, 2));
    let refused = waiting.await.expect("no panic").expect_err("nobody reads any more");
    assert!(matches!(&refused, Refused::NoReader(message) if message.headers().tenant() == Some("acme")), "{refused}");
    assert_eq!(app.in_flight(), 1, "the one that runs goes on");
    nap(200).await;
    assert_eq!((app.in_flight(), app.counts().dead_letters, app.counts().completed), (0, 3, 3));
    assert_eq!((tally.calls(), tally.finished(), tally.live()), (3, 3, 0));
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn a_later_reader_gets_the_endings_of_traces_that_still_run_then() {
    let (app, _) = with_room(8);
    let first = app.outputs().expect("nobody reads");
    let (_, slow) = (app.try_post(10).expect("has room"), app.try_post(200).expect("has room"));
    nap(100).await;
    drop(first);
    let mut second = app.outputs().expect("nobody reads").in_order();
    let quick = app.try_post(10).expect("has room");
    assert_eq!((next_id(&mut second).await, next_id(&mut second).await), (slow, quick));
    assert_eq!((app.counts().dead_letters, app.in_flight()), (1, 0));
}

/// semantics:33, core:W-12
#[tokio::test(start_paused = true)]
async fn draining_waits_until_the_outputs_were_read_and_then_they_end() {
    let (app, tally) = with_room(8);
    let mut outputs = app.outputs().expect("nobody reads");
    for ms in [10, 31, 100] {
        app.try_post(ms).expect("has room");
    }
    let reader = tokio::spawn(async move {
        nap(500).await;
        let mut read = 0;
        while outputs.next().await.is_some() {
            read += 1;
        }
        (read, outputs.next().await.is_none())
    });
    let begun = now();
    let drained = app.shutdown(Shutdown::Drain { grace: secs(5) }).await;
    assert_eq!(ms_since(begun), 500);
    assert_eq!((drained.inside, drained.cancelled, drained.left, drained.unread), (3, 0, 0, 0));
    assert_eq!(reader.await.expect("no panic"), (3, true));
    let counts = app.counts();
    assert_eq!((counts.admitted(), counts.completed, counts.failed, counts.dead_letters), (3, 2, 1, 0));
    assert_eq!((tally.finished(), app.in_flight()), (3, 0));
}

/// semantics:33: what was not read within the grace keeps nobody waiting, and can still be read.
#[tokio::test(start_paused = true)]
async fn a_shutdown_tells_how_many_endings_were_not_read_and_loses_none() {
    for in_order in [false, true] {
        let (app, tally) = with_room(8);
        let mut outputs = app.outputs().expect("nobody reads");
        if in_order {
            outputs = outputs.in_order();
        }
        let ids = [0, 10, 20].map(|ms| app.try_post(ms).expect("has room"));
        let begun = now();
        let drained = app.shutdown(Shutdown::Drain { grace: secs(5) }).await;
        assert_eq!(ms_since(begun), 5_000);
        assert_eq!((drained.inside, drained.cancelled, drained.left, drained.unread), (3, 1, 0, 3));
        assert_eq!((app.in_flight(), tally.live(), app.counts().unread), (0, 0, 3));
        assert!(matches!(app.try_post(10), Err(Refused::Closed(_))));
        assert!(matches!(app.post(10).await, Err(Refused::Closed(_))));
        let read: Vec<_> = outputs.map(|output| output.trace_id).collect().await;
        let expected = if in_order { ids } else { [ids[1], ids[2], ids[0]] };
        assert_eq!(read, expected);
        assert_eq!(app.counts().dead_letters, 0);
    }
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn dropping_the_last_handle_cancels_what_was_posted_and_the_outputs_end_behind_it() {
    let (app, tally) = with_room(8);
    let mut outputs = app.outputs().expect("nobody reads");
    let ids = [app.try_post(10).expect("has room"), app.try_post(0).expect("has room")];
    nap(100).await;
    drop(app);
    let endings: Vec<_> =
        outputs.by_ref().map(|output| (output.trace_id, output.ending.is_completed())).collect().await;
    assert_eq!(endings, [(ids[0], true), (ids[1], false)]);
    assert!(outputs.next().await.is_none());
    assert_eq!(tally.live(), 0);
}

/// core:AC-6.4, semantics:33
#[tokio::test(start_paused = true)]
async fn in_whatever_order_things_are_dropped_nothing_is_left_running() {
    // What is dropped first, second and third: the handle, the reader, or time that passes.
    const ORDERS: [[u8; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for order in ORDERS {
        for in_order in [false, true] {
            let (app, tally) = with_room(8);
            let mut outputs = app.outputs().expect("nobody reads");
            if in_order {
                outputs = outputs.in_order();
            }
            for ms in [0, 10, 21, 1_000, 0] {
                app.try_post(ms).expect("has room");
            }
            settle().await;
            assert_eq!(tally.live(), 5);
            let (mut app, mut outputs) = (Some(app), Some(outputs));
            for step in order {
                match step {
                    0 => app = None,
                    1 => outputs = None,
                    _ => nap(100).await,
                }
            }
            drop((app, outputs));
            settle().await;
            assert_eq!((tally.live(), tally.calls()), (0, 5), "{order:?}");
        }
    }
}

/// semantics:32
#[test]
fn a_runtime_that_goes_away_ends_what_was_posted_as_cancelled_and_the_reader_is_told() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime");
    let (app, mut outputs) = runtime.block_on(async {
        let (app, _) = with_room(8);
        let outputs = app.outputs().expect("nobody reads");
        (app, outputs)
    });
    let running = app.try_post(0).expect("has room, from a thread without a runtime");
    drop(runtime);
    let late = app.try_post(10).expect("has room");
    for id in [running, late] {
        let output = ready(&mut outputs).expect("has ended");
        assert_eq!(output.trace_id, id);
        assert!(matches!(output.ending, Ending::Cancelled));
    }
    assert_eq!((app.in_flight(), app.counts().cancelled), (0, 2));
}

/// semantics:32, semantics:33
#[tokio::test(start_paused = true)]
async fn of_ten_thousand_posted_traces_each_is_read_once_and_no_more_than_fit_are_inside() {
    const TRACES: u64 = 10_000;
    for in_order in [false, true] {
        let (app, tally) = with_room(64);
        let mut outputs = app.outputs().expect("nobody reads");
        if in_order {
            outputs = outputs.in_order();
        }
        let poster = tokio::spawn({
            let app = app.clone();
            async move {
                let mut ids = Vec::new();
                for n in 0..TRACES {
                    ids.push(app.post(1 + (n * 7) % 50).await.expect("is let in"));
                }
                ids
            }
        });
        let mut read = Vec::new();
        for _ in 0..TRACES {
            assert!(app.in_flight() <= 64);
            read.push(next_id(&mut outputs).await);
        }
        let mut sent = poster.await.expect("no panic");
        if !in_order {
            assert_ne!(read, sent);
            sent.sort();
            read.sort();
        }
        assert_eq!(read, sent);
        assert!(tally.peak() <= 64);
        assert_eq!((tally.calls(), tally.live(), app.in_flight()), (10_000, 0, 0));
        let counts = app.counts();
        assert_eq!((counts.admitted(), counts.completed, counts.failed, counts.unread), (TRACES, 5_000, 5_000, 0));
    }
}

/// semantics:32: on several threads, posts, reads, cancels and a reader that changes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_several_threads_each_posted_trace_ends_in_the_outputs_or_as_a_dead_letter() {
    #[node]
    async fn yields(n: u64) -> u64 {
        tokio::task::yield_now().await;
        n
    }
    flow! { yielding(u64) -> u64 { yields } }
    const TRACES: u64 = 2_000;
    let app = yielding::flow().with_options(Options::new().with_in_flight(16)).start().expect("starts");
    let reader = tokio::spawn({
        let (app, mut outputs) = (app.clone(), app.outputs().expect("nobody reads"));
        async move {
            let mut read = 0;
            while outputs.next().await.is_some() {
                read += 1;
                if read % 100 == 0 {
                    drop(outputs);
                    outputs = app.outputs().expect("nobody reads");
                }
            }
            read
        }
    });
    let posters: Vec<_> = (0..4)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move {
                for n in 0..TRACES / 4 {
                    while app.post(n).await.is_err() {
                        tokio::task::yield_now().await;
                    }
                }
            })
        })
        .collect();
    for poster in posters {
        poster.await.expect("no panic");
    }
    let drained = app.shutdown(Shutdown::Drain { grace: secs(60) }).await;
    assert_eq!((drained.cancelled, drained.left, drained.unread), (0, 0, 0));
    let (read, counts) = (reader.await.expect("no panic"), app.counts());
    assert_eq!((read + counts.dead_letters, counts.admitted(), counts.completed), (TRACES, TRACES, TRACES));
}
