//! Dead letters: what ended with nobody there to see it, for one reader who asks, bounded and counted.

use crate::kit::{App, Oops, Tally, forever, nap, secs, settle};
use futures_util::{FutureExt, StreamExt};
use penguiflow::clock::Seam;
use penguiflow::prelude::*;
use penguiflow::{DeadLetter, DeadLetters, Handle, Options, Secret, Shutdown, Unseen};

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

flow! { inner(u64) -> u64 { work } }
flow! { working(u64) -> u64 { inner } }

fn with(options: Options) -> (Handle<working>, Tally) {
    let (state, tally) = App::new();
    (working::flow().with_state(state).with_options(options).start().expect("starts"), tally)
}

fn started() -> (Handle<working>, Tally) {
    with(Options::new())
}

fn ready(letters: &mut DeadLetters) -> Option<DeadLetter> {
    letters.next().now_or_never().map(|letter| letter.expect("has not ended"))
}

/// semantics:32, core:W-14
#[tokio::test(start_paused = true)]
async fn a_detached_trace_that_ends_badly_is_a_dead_letter_with_its_place_and_without_its_payload() {
    let (app, _) = with(Options::new().with_seam(Seam::seeded(0)));
    let mut letters = app.dead_letters().expect("nobody reads");
    let message = Message::new(11).with_tenant("acme").with_topic("news").with_priority(3).with_meta("secret", "4711");
    let id = app.emit(message).await.expect("lets it in").detach();
    let letter = letters.next().await.expect("is open");
    assert_eq!((letter.trace_id, letter.unseen, letter.code()), (id, Unseen::Detached, "NODE_EXCEPTION"));
    assert_eq!(
        (letter.headers.tenant(), letter.headers.topic(), letter.headers.priority()),
        (Some("acme"), Some("news"), 3)
    );
    let error = letter.error().expect("failed");
    assert_eq!((error.path(), error.place(), error.trace_id()), ("working › inner › work", "0/0", id));
    assert_eq!(letter.to_string(), format!("{id}, detached: working › inner › work, after 11 ms: oops 1"));
    let payload = letter.to_payload();
    assert_eq!(payload["headers"], serde_json::json!({ "tenant": "acme", "topic": "news", "priority": 3 }));
    assert_eq!((&payload["unseen"], &payload["error"]["place"]), (&"detached".into(), &"0/0".into()));
    assert!(!payload.to_string().contains("4711"));
    let since_2000 = letter.at.duration_since(std::time::SystemTime::UNIX_EPOCH).expect("is later") - secs(946_684_800);
    assert_eq!(since_2000.as_millis(), 11, "virtual time");
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn each_bad_ending_of_a_detached_trace_is_told_and_a_good_one_is_none() {
    let (app, tally) = started();
    let mut letters = app.dead_letters().expect("nobody reads");
    app.emit(10).await.expect("lets it in").detach();
    nap(100).await;
    assert!(ready(&mut letters).is_none());
    let late = app.emit(Message::new(0).with_deadline(secs(1))).await.expect("lets it in").detach();
    let letter = letters.next().await.expect("is open");
    assert_eq!((letter.trace_id, letter.code()), (late, "DEADLINE_EXCEEDED"));
    let cancelled = app.emit(0).await.expect("lets it in").detach();
    assert!(app.cancel(cancelled));
    let letter = letters.next().await.expect("is open");
    assert_eq!((letter.trace_id, letter.code()), (cancelled, "TRACE_CANCELLED"));
    assert!(matches!(letter.ending, Ending::Cancelled));
    assert_eq!((tally.live(), app.counts().dead_letters, letters.lost()), (0, 2, 0));
}

/// semantics:32: what somebody holds, somebody sees.
#[tokio::test(start_paused = true)]
async fn what_a_caller_or_a_holder_gets_is_no_dead_letter() {
    let (app, _) = started();
    let mut letters = app.dead_letters().expect("nobody reads");
    let mut outputs = app.outputs().expect("nobody reads");
    assert!(app.call(11).await.is_err());
    assert!(!app.emit(11).await.expect("lets it in").result().await.is_completed());
    drop(app.emit(0).await.expect("lets it in"));
    app.post(11).await.expect("lets it in");
    assert!(!outputs.next().await.expect("has ended").ending.is_completed());
    let ended = app.emit(11).await.expect("lets it in");
    nap(100).await;
    ended.detach();
    assert!(tokio::time::timeout(secs(1), app.call(0)).await.is_err());
    settle().await;
    assert!(ready(&mut letters).is_none());
    assert_eq!((app.counts().dead_letters, app.counts().failed, app.in_flight()), (0, 4, 0));
}

/// semantics:32, core:W-26
#[tokio::test(start_paused = true)]
async fn what_nobody_reads_from_the_outputs_is_a_dead_letter_even_if_it_is_good() {
    let (app, _) = started();
    let mut letters = app.dead_letters().expect("nobody reads");
    let outputs = app.outputs().expect("nobody reads");
    let good = app.post(Message::new(10).with_tenant("acme")).await.expect("lets it in");
    let bad = app.post(11).await.expect("lets it in");
    let slow = app.post(200).await.expect("lets it in");
    nap(100).await;
    assert!(ready(&mut letters).is_none());
    drop(outputs);
    for (id, code) in [(good, "COMPLETED"), (bad, "NODE_EXCEPTION"), (slow, "COMPLETED")] {
        let letter = letters.next().await.expect("is open");
        assert_eq!((letter.trace_id, letter.code(), letter.unseen), (id, code, Unseen::Unread));
    }
    assert_eq!((app.counts().dead_letters, app.in_flight()), (3, 0));
}

/// semantics:32: bounded; nobody waits for a reader, and what was lost is counted.
#[tokio::test(start_paused = true)]
async fn letters_without_a_reader_or_without_room_are_lost_and_counted() {
    let (app, tally) = with(Options::new().with_dead_letters(3));
    let fail = async |times: u64| {
        for _ in 0..times {
            app.emit(1).await.expect("lets it in").detach();
        }
        nap(100).await;
    };
    fail(2).await;
    let mut letters = app.dead_letters().expect("nobody reads");
    assert_eq!((app.counts().dead_letters, letters.lost()), (2, 2), "nobody read");
    fail(5).await;
    assert_eq!((app.counts().dead_letters, letters.lost()), (7, 4), "three are kept");
    assert!(ready(&mut letters).is_some());
    fail(1).await;
    assert_eq!(letters.lost(), 4, "there is room again");
    let taken = app.dead_letters().expect_err("somebody reads");
    assert!(taken.to_string().contains("have a reader already"));
    drop(letters);
    let mut letters = app.dead_letters().expect("nobody reads any more");
    assert_eq!(letters.lost(), 7, "three were lost with their reader");
    assert!(ready(&mut letters).is_none());
    fail(1).await;
    assert!(ready(&mut letters).is_some());
    assert_eq!((app.counts().dead_letters, tally.calls(), app.in_flight()), (9, 9, 0));
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn a_shutdown_ends_the_dead_letters_behind_those_that_it_makes() {
    let (app, _) = started();
    let letters = app.dead_letters().expect("nobody reads");
    let id = app.emit(0).await.expect("lets it in").detach();
    let drained = app.shutdown(Shutdown::Drain { grace: secs(5) }).await;
    assert_eq!((drained.inside, drained.cancelled), (1, 1));
    let read: Vec<_> = letters.map(|letter| (letter.trace_id, letter.code())).collect().await;
    assert_eq!(read, [(id, "TRACE_CANCELLED")]);
    assert!(app.dead_letters().expect("nobody reads any more").next().await.is_none());
}

/// semantics:33
#[tokio::test(start_paused = true)]
async fn dropping_the_last_handle_ends_the_dead_letters_behind_those_that_it_makes() {
    let (app, tally) = started();
    let letters = app.dead_letters().expect("nobody reads");
    let id = app.emit(0).await.expect("lets it in").detach();
    settle().await;
    drop(app);
    let read: Vec<_> = letters.map(|letter| letter.trace_id).collect().await;
    assert_eq!((read, tally.live()), (vec![id], 0));
}

/// core:AC-6.4
#[test]
fn a_detached_trace_that_goes_with_its_runtime_is_a_dead_letter() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime");
    let (app, mut letters) = runtime.block_on(async {
        let (app, _) = started();
        let letters = app.dead_letters().expect("nobody reads");
        (app, letters)
    });
    let id = app.try_emit(0).expect("has room").detach();
    drop(runtime);
    let letter = ready(&mut letters).expect("is told");
    assert_eq!((letter.trace_id, letter.code(), app.in_flight()), (id, "TRACE_CANCELLED", 0));
}

/// A secret that a node puts into its error stays hidden in a dead letter.
#[tokio::test(start_paused = true)]
async fn a_secret_in_an_error_is_not_printed_in_a_dead_letter() {
    #[derive(Debug)]
    struct Wrong(Secret<String>);
    impl std::fmt::Display for Wrong {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{} is no key", self.0)
        }
    }
    impl std::error::Error for Wrong {}
    #[node]
    fn open(key: String) -> Result<String, Wrong> {
        Err(Wrong(Secret::new(key)))
    }
    flow! { opening(String) -> String { open } }
    let app = opening::flow().start().expect("starts");
    let mut letters = app.dead_letters().expect("nobody reads");
    app.emit("hunter2".to_owned()).await.expect("lets it in").detach();
    let letter = letters.next().await.expect("is open");
    let printed = format!("{letter} {letter:?} {}", letter.to_payload());
    assert!(printed.contains("is no key") && !printed.contains("hunter2"), "{printed}");
}
