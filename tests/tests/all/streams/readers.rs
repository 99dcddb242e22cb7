//! Who reads: nobody, the caller, and when that changes.

use super::*;
use crate::kit::ms_since;
use penguiflow::{TraceItem, TraceStream};

/// Sends so many chunks as fast as it can; gives how many it sent while somebody could read them.
#[node]
async fn produce(n: usize, ctx: &Ctx, State(tally): State<'_, Tally>) -> usize {
    let inside = tally.enter();
    let mut out = ctx.stream("numbers");
    let mut read = 0;
    for number in 0..n {
        read += usize::from(out.has_reader());
        out.send(number.to_string()).await;
    }
    out.finish().await;
    inside.finish();
    read
}

flow! { producing(usize) -> usize { produce } }

fn started() -> (Handle<producing>, Tally) {
    let (state, tally) = App::new();
    let options = Options::new().with_chunk_lag(4);
    (producing::flow().with_state(state).with_options(options).start().expect("starts"), tally)
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn a_call_has_no_reader_so_its_writers_wait_for_nobody_and_what_they_send_is_counted() {
    let (app, tally) = started();
    let begun = crate::kit::now();
    assert_eq!(app.call(1_000).await.expect("completes"), 0);
    assert_eq!((app.discarded_chunks(), ms_since(begun), tally.finished()), (1_001, 0, 1));
    assert_eq!(app.call(1).await.expect("completes"), 0);
    assert_eq!(app.discarded_chunks(), 1_003);
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn awaiting_the_result_lets_the_writers_go_on_and_nobody_reads_what_was_kept_for_a_reader() {
    let (app, tally) = started();
    let trace = app.emit(1_000).await.expect("lets it in");
    settle().await;
    assert_eq!((tally.finished(), app.discarded_chunks()), (0, 0), "a reader may still come");
    assert_eq!(trace.result().await.into_result().expect("completes"), 5, "four, and the one that waited");
    assert_eq!(app.discarded_chunks(), 997);
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn a_trace_that_is_let_go_has_no_reader_either() {
    let (app, tally) = started();
    app.emit(1_000).await.expect("lets it in").detach();
    settle().await;
    assert_eq!((tally.finished(), app.in_flight()), (1, 0));
    assert_eq!(app.discarded_chunks(), 1_001);
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn a_reader_that_goes_away_midway_ends_no_trace_and_holds_none_up() {
    let (app, tally) = started();
    let (mut chunks, trace) = app.emit(1_000).await.expect("lets it in").split();
    for _ in 0..10 {
        assert!(chunks.next().await.is_some());
    }
    settle().await;
    assert_eq!(tally.finished(), 0);
    drop(chunks);
    assert_eq!(trace.result().await.into_result().expect("completes"), 15);
    assert_eq!(app.discarded_chunks(), 987);
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn a_trace_that_is_split_has_a_reader_beside_its_result_and_one_reader_only() {
    let (app, _) = started();
    let (chunks, trace) = app.emit(100).await.expect("lets it in").split();
    let (none, trace) = trace.split();
    assert_eq!(read_short(none).await, Vec::<String>::new(), "the chunks go to the first");
    let reader = tokio::spawn(read_short(chunks));
    assert_eq!(trace.result().await.into_result().expect("completes"), 100);
    assert_eq!(reader.await.expect("no panic").len(), 101);
    assert_eq!(app.discarded_chunks(), 0);

    let (chunks, trace) = app.emit(3).await.expect("lets it in").split();
    trace.detach();
    assert_eq!(read_short(chunks).await, ["0:0", "1:1", "2:2", "3:."], "also when the result is nobody's");
}

async fn told(mut stream: TraceStream<usize>) -> Vec<String> {
    let mut told = Vec::new();
    while let Some(item) = stream.next().await {
        told.push(match item {
            TraceItem::Chunk(chunk) => short(&chunk),
            TraceItem::Ending(ending) => format!("{ending:?}"),
        });
    }
    assert!(stream.next().await.is_none(), "an ending is the end");
    told
}

/// core:AC-14.8
#[tokio::test(start_paused = true)]
async fn a_trace_as_one_stream_gives_its_chunks_and_then_its_one_ending() {
    let (app, tally) = started();
    let stream = app.emit(2).await.expect("lets it in").stream();
    assert_eq!(told(stream).await, ["0:0", "1:1", "2:.", "Completed(2)"]);
    let trace = app.emit(9).await.expect("lets it in");
    settle().await;
    assert!(trace.cancel());
    assert_eq!(told(trace.stream()).await, ["0:0", "1:1", "2:2", "3:3", "4:!", "Cancelled"]);
    assert_eq!((tally.calls(), app.in_flight()), (2, 0));
}

/// core:AC-14.8: who wants no more than the chunks stops after the last one.
#[tokio::test(start_paused = true)]
async fn a_stream_that_is_dropped_behind_its_last_chunk_cancels_what_is_left_of_the_trace() {
    #[node]
    async fn linger(read: usize, State(tally): State<'_, Tally>) -> usize {
        let inside = tally.enter();
        forever().await;
        inside.finish();
        read
    }
    flow! { lingering(usize) -> usize { produce -> linger } }
    let (state, tally) = App::new();
    let app = lingering::flow().with_state(state).start().expect("starts");
    let mut stream = app.emit(2).await.expect("lets it in").stream();
    let mut read = 0;
    while let Some(TraceItem::Chunk(chunk)) = stream.next().await {
        read += 1;
        if chunk.done {
            break;
        }
    }
    settle().await;
    assert_eq!((read, tally.live(), app.in_flight()), (3, 1, 1));
    drop(stream);
    settle().await;
    assert_eq!((tally.live(), tally.finished(), app.in_flight()), (0, 1, 0));
}

/// A writer that never has to wait still lets others run.
#[tokio::test(start_paused = true)]
async fn a_cancel_reaches_a_node_that_sends_without_end_to_nobody() {
    #[node]
    async fn endless(_: (), ctx: &Ctx, State(tally): State<'_, Tally>) {
        let _inside = tally.enter();
        let mut out = ctx.stream("noise");
        loop {
            out.send("x").await;
        }
    }
    flow! { noise(()) -> () { endless } }
    let (state, tally) = App::new();
    let app = noise::flow().with_state(state).start().expect("starts");
    let trace = app.emit(()).await.expect("lets it in");
    let id = trace.id();
    let result = tokio::spawn(trace.result());
    settle().await;
    assert!(app.discarded_chunks() > 1_000 && tally.live() == 1);
    assert!(app.cancel(id));
    assert!(matches!(result.await.expect("no panic"), Ending::Cancelled));
    assert_eq!((tally.live(), app.in_flight()), (0, 0));
}
