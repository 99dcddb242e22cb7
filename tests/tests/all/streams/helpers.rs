//! What turns the events of another source into a stream of chunks.

use super::*;
use crate::kit::failure;
use futures_util::stream;
use penguiflow::stream::Next;
use penguiflow::{BoxError, Meta};

/// What a provider sends.
#[derive(Clone)]
enum Event {
    Token(&'static str),
    Number(f64),
    Stop(u32),
}

fn piece(event: Event) -> Next {
    match event {
        Event::Token(text) => Next::More(text.into()),
        Event::Number(n) => Next::More(Piece::new(n.to_string()).with_meta("number", n)),
        Event::Stop(tokens) => Next::Last(Piece::default().with_meta("tokens", tokens)),
    }
}

fn with_meta(chunk: &Chunk) -> String {
    format!("{} {}", short(chunk), serde_json::to_string(&chunk.meta).expect("is JSON"))
}

/// core:AC-14.7
#[tokio::test(start_paused = true)]
async fn each_event_becomes_a_chunk_and_the_end_is_told_once() {
    #[node]
    async fn pass(stops: bool, ctx: &Ctx) {
        let mut events = vec![Event::Token("pen"), Event::Token("guin"), Event::Number(0.5)];
        if stops {
            events.extend([Event::Stop(3), Event::Token("never asked for")]);
        }
        let end = Meta::from_iter([("model", "krill-1")]);
        ctx.stream("answer").forward(stream::iter(events), piece, Piece::of_meta(end)).await;
    }
    flow! { passing(bool) -> () { pass } }
    let app = passing::flow().start().expect("starts");
    for (stops, last) in [(false, r#"3:. {"model":"krill-1"}"#), (true, r#"3:. {"tokens":3}"#)] {
        let (mut chunks, _trace) = app.emit(stops).await.expect("lets it in").split();
        let told: Vec<_> = read(&mut chunks).await.iter().map(with_meta).collect();
        assert_eq!(told, ["0:pen {}", "1:guin {}", r#"2:0.5 {"number":0.5}"#, last]);
    }
}

/// core:AC-14.7
#[tokio::test(start_paused = true)]
async fn an_event_of_any_type_is_forwarded_as_the_adapter_writes_it() {
    #[node]
    async fn count(to: u32, ctx: &Ctx) {
        ctx.stream("numbers").forward(stream::iter(0..to), |n| n.to_string(), "").await;
    }
    flow! { counting(u32) -> () { count } }
    let app = counting::flow().with_options(Options::new().with_chunk_lag(1)).start().expect("starts");
    let (chunks, _trace) = app.emit(3).await.expect("lets it in").split();
    assert_eq!(read_short(chunks).await, ["0:0", "1:1", "2:2", "3:."]);
    let (chunks, _trace) = app.emit(0).await.expect("lets it in").split();
    assert_eq!(read_short(chunks).await, ["0:."], "a source without an event is a stream, too");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_leaves_its_stream_aborted_and_its_error_to_the_node() {
    #[node]
    async fn pass(fails: bool, ctx: &Ctx) -> Result<(), BoxError> {
        let last = if fails { Err(Oops(7)) } else { Ok("b") };
        let source = stream::iter([Ok("a"), last]);
        ctx.stream("answer").try_forward(source, |text| text, Piece::default()).await?;
        Ok(())
    }
    flow! { passing(bool) -> () { pass } }
    let app = passing::flow().start().expect("starts");
    let (chunks, trace) = app.emit(true).await.expect("lets it in").split();
    assert_eq!(read_short(chunks).await, ["0:a", "1:!"]);
    let error = failure(trace.result().await.into_result().expect_err("fails"));
    assert!(error.to_string().ends_with("oops 7"), "{error}");
    let (chunks, trace) = app.emit(false).await.expect("lets it in").split();
    assert_eq!(read_short(chunks).await, ["0:a", "1:b", "2:."]);
    assert!(trace.result().await.is_completed());
}

/// A source is asked only as fast as its chunks are read.
#[tokio::test(start_paused = true)]
async fn a_slow_reader_slows_the_source() {
    #[node]
    async fn pass(_: (), ctx: &Ctx, State(tally): State<'_, Tally>) {
        let source = stream::iter(0..100).map(|n| {
            tally.call();
            n
        });
        ctx.stream("numbers").forward(source, |n: u32| n.to_string(), "").await;
    }
    use futures_util::StreamExt as _;
    flow! { passing(()) -> () { pass } }
    let (state, tally) = App::new();
    let app = passing::flow().with_state(state).with_options(Options::new().with_chunk_lag(3)).start().expect("starts");
    let (mut chunks, _trace) = app.emit(()).await.expect("lets it in").split();
    for read in 0..50 {
        settle().await;
        assert_eq!(tally.calls(), read + 4);
        assert!(chunks.next().await.is_some());
    }
}
