//! How far writers may run ahead of their reader, and how a wait for room ends.

use super::*;
use crate::kit::{Inside, ms_since, now, secs};

/// Counts each chunk that it got rid of.
#[node]
async fn produce(n: usize, ctx: &Ctx, State(tally): State<'_, Tally>) -> usize {
    let inside = tally.enter();
    let mut out = ctx.stream("numbers");
    for number in 0..n {
        out.send(number.to_string()).await;
        tally.note(number.to_string());
    }
    out.finish().await;
    inside.finish();
    n
}

flow! { producing(usize) -> usize { produce } }

fn with_lag(lag: usize) -> (Handle<producing>, Tally) {
    let (state, tally) = App::new();
    let options = Options::new().with_chunk_lag(lag);
    (producing::flow().with_state(state).with_options(options).start().expect("starts"), tally)
}

/// core:AC-14.2
#[tokio::test(start_paused = true)]
async fn with_a_lag_of_one_the_second_chunk_is_held_until_the_first_is_read() {
    let (app, tally) = with_lag(1);
    let (mut chunks, trace) = app.emit(2).await.expect("lets it in").split();
    settle().await;
    assert_eq!(tally.notes(), ["0"], "the second one waits");
    assert_eq!(chunks.next().await.as_ref().map(short).as_deref(), Some("0:0"));
    settle().await;
    assert_eq!(tally.notes(), ["0", "1"]);
    assert_eq!(tally.finished(), 0, "the end waits, too");
    assert_eq!(read_short(chunks).await, ["1:1", "2:."]);
    assert_eq!(trace.result().await.into_result().expect("completes"), 2);
}

/// core:W-16: whatever a stream is called, how many there are, and be it the first chunk of each: the lag is the trace's.
#[tokio::test(start_paused = true)]
async fn all_streams_of_a_trace_share_its_lag_from_the_first_chunk_on() {
    #[node]
    async fn tell(name: String, ctx: &Ctx, State(tally): State<'_, Tally>) {
        let mut out = ctx.stream(name);
        for n in 0..4 {
            out.send(n.to_string()).await;
            tally.note("sent");
        }
        out.finish().await;
        tally.note("the end");
    }
    flow! { telling(Vec<String>) -> Vec<()> { map(tell, 8) } }
    for (lag, most) in [(0, 1), (1, 1), (5, 5), (64, 40)] {
        let (state, tally) = App::new();
        let options = Options::new().with_chunk_lag(lag);
        let app = telling::flow().with_state(state).with_options(options).start().expect("starts");
        let names = (0..8).map(|n| format!("stream {}", n % 4)).collect::<Vec<_>>();
        let (mut chunks, _trace) = app.emit(names).await.expect("lets it in").split();
        settle().await;
        assert_eq!(tally.notes().len(), most, "a lag of {lag}");
        for read in 1..=3 {
            assert!(chunks.next().await.is_some());
            settle().await;
            assert_eq!(tally.notes().len(), (most + read).min(40), "a lag of {lag}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn sixty_four_chunks_may_be_unread_unless_it_is_said_otherwise() {
    assert_eq!((Options::new().chunk_lag, Options::CHUNK_LAG), (64, 64));
    let (state, tally) = App::new();
    let app = producing::flow().with_state(state).start().expect("starts");
    let (chunks, _trace) = app.emit(1_000).await.expect("lets it in").split();
    settle().await;
    assert_eq!(tally.notes().len(), 64);
    drop(chunks);
}

/// Those who wait for room are served in the order of their coming.
#[tokio::test(start_paused = true)]
async fn writers_that_wait_are_served_first_come_first_served() {
    #[node]
    async fn tell(n: u64, ctx: &Ctx) {
        // The later items come first.
        nap(10 - n).await;
        ctx.stream("one").finish_with(n.to_string()).await;
    }
    flow! { telling(Vec<u64>) -> Vec<()> { map(tell, 8) } }
    let app = telling::flow().with_options(Options::new().with_chunk_lag(1)).start().expect("starts");
    let (chunks, _trace) = app.emit((0..8).collect::<Vec<_>>()).await.expect("lets it in").split();
    nap(100).await;
    let told = read_short(chunks).await;
    assert_eq!(told, ["0:7.", "0:6.", "0:5.", "0:4.", "0:3.", "0:2.", "0:1.", "0:0."]);
}

/// core:W-10: a wait for room ends with the trace.
#[tokio::test(start_paused = true)]
async fn a_writer_that_waits_for_room_is_ended_by_cancel_and_by_the_deadline() {
    let (app, tally) = with_lag(2);
    let (chunks, trace) = app.emit(10).await.expect("lets it in").split();
    settle().await;
    let begun = now();
    assert!(trace.cancel());
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((ms_since(begun), tally.live(), app.in_flight()), (0, 0, 0));
    assert_eq!(read_short(chunks).await, ["0:0", "1:1", "2:!"], "what was sent may be read, and then the end is told");

    let (chunks, trace) = app.emit(Message::new(10).with_deadline(secs(5))).await.expect("lets it in").split();
    assert!(matches!(trace.result().await, Ending::DeadlineExceeded));
    assert_eq!((ms_since(begun), tally.live(), app.in_flight()), (5_000, 0, 0));
    assert_eq!(read_short(chunks).await, ["0:0", "1:1", "2:!"]);
}

/// semantics:29, semantics:37: an attempt that may finish is not held up by a reader that reads no more, and a stream with a
/// gap does not look whole.
#[tokio::test(start_paused = true)]
async fn after_a_cancel_nobody_waits_for_room_and_a_stream_that_lost_a_chunk_is_aborted() {
    #[node(on_cancel = finish("1h"))]
    async fn book(_: (), ctx: &Ctx, State(tally): State<'_, Tally>) {
        let mut out = ctx.stream("progress");
        out.send("reserved").await;
        nap(10).await;
        out.send("paid").await;
        out.send("sent").await;
        out.finish().await;
        tally.note("booked");
    }
    flow! { booking(()) -> () { book } }
    let (state, tally) = App::new();
    let options = Options::new().with_chunk_lag(2);
    let app = booking::flow().with_state(state).with_options(options).start().expect("starts");
    let (chunks, trace) = app.emit(()).await.expect("lets it in").split();
    settle().await;
    assert!(trace.cancel());
    let begun = now();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((ms_since(begun), tally.notes()), (10, vec!["booked".to_owned()]));
    assert_eq!(read_short(chunks).await, ["0:reserved", "1:paid", "2:!"]);
    assert_eq!(app.discarded_chunks(), 2, "the last text and the end");
}

/// *Cancel safety* of `send`: what was dropped before it was ready was not sent and takes no number.
#[tokio::test(start_paused = true)]
async fn a_sending_that_is_given_up_has_sent_nothing() {
    #[node]
    async fn impatient(_: (), ctx: &Ctx) -> u32 {
        let mut out = ctx.stream("numbers");
        let mut given_up = 0;
        for n in 0..6 {
            given_up +=
                u32::from(tokio::time::timeout(penguiflow::clock::millis(10), out.send(n.to_string())).await.is_err());
        }
        out.finish().await;
        given_up
    }
    flow! { telling(()) -> u32 { impatient } }
    let app = telling::flow().with_options(Options::new().with_chunk_lag(2)).start().expect("starts");
    let (chunks, trace) = app.emit(()).await.expect("lets it in").split();
    nap(25).await;
    assert_eq!(read_short(chunks).await, ["0:0", "1:1", "2:4", "3:5", "4:."]);
    assert_eq!(trace.result().await.into_result().expect("completes"), 2);
}

/// *Cancel safety* of `next`.
#[tokio::test(start_paused = true)]
async fn a_reading_that_is_given_up_has_taken_nothing() {
    #[node]
    async fn slow(_: (), ctx: &Ctx) {
        let mut out = ctx.stream("numbers");
        for n in 0..5 {
            nap(10).await;
            out.send(n.to_string()).await;
        }
        out.finish().await;
    }
    flow! { telling(()) -> () { slow } }
    let app = telling::flow().start().expect("starts");
    let (mut chunks, _trace) = app.emit(()).await.expect("lets it in").split();
    let (mut read, mut given_up) = (Vec::new(), 0);
    loop {
        match tokio::time::timeout(penguiflow::clock::millis(3), chunks.next()).await {
            Err(_) => given_up += 1,
            Ok(Some(chunk)) => read.push(short(&chunk)),
            Ok(None) => break,
        }
    }
    assert_eq!(read, ["0:0", "1:1", "2:2", "3:3", "4:4", "5:."]);
    assert_eq!(given_up, 15);
}

/// core:W-28: what is unread goes with the reader, what waits goes with the trace.
#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_readers_that_went_away_midway() {
    #[node]
    async fn hold(held: (usize, Inside), ctx: &Ctx) -> usize {
        let mut out = ctx.stream("numbers");
        for n in 0..held.0 {
            out.send(n.to_string()).await;
        }
        out.finish().await;
        held.0
    }
    flow! { holding((usize, Inside)) -> usize { hold } }
    let (_, tally) = App::new();
    let app = holding::flow().with_options(Options::new().with_chunk_lag(3)).start().expect("starts");
    for reads in 0..=9 {
        let (mut chunks, trace) = app.emit((8, tally.enter())).await.expect("lets it in").split();
        for _ in 0..reads {
            assert!(chunks.next().await.is_some());
        }
        drop(chunks);
        assert_eq!(trace.result().await.into_result().expect("completes"), 8);
        assert_eq!((tally.live(), app.in_flight()), (0, 0));
    }
}
