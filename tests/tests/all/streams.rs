//! Streams: who hears of which chunk, in which order, and who waits for whom.

use crate::kit::{App, Oops, Tally, forever, nap, settle};
use penguiflow::prelude::*;
use penguiflow::{Chunk, Chunks, Handle, Options, Piece, Trace};

mod ends;
mod helpers;
mod lag;
mod places;
mod readers;
mod schedules;

/// Sends each word as a chunk of its own, the last one as the end.
#[node]
async fn say(text: String, ctx: &Ctx) -> usize {
    let mut out = ctx.stream("words");
    let mut words: Vec<&str> = text.split(' ').collect();
    let last = words.pop().unwrap_or_default();
    for word in &words {
        out.send(*word).await;
    }
    out.finish_with(last).await;
    words.len() + 1
}

flow! { saying(String) -> usize { say } }

/// What a chunk says, short: its text, `.` behind the last one of its stream and `!` behind one that was aborted.
pub(crate) fn short(chunk: &Chunk) -> String {
    let end = match (chunk.done, chunk.aborted) {
        (false, _) => "",
        (true, false) => ".",
        (true, true) => "!",
    };
    format!("{}:{}{end}", chunk.seq, chunk.text)
}

pub(crate) async fn read(chunks: &mut Chunks) -> Vec<Chunk> {
    let mut read = Vec::new();
    while let Some(chunk) = chunks.next().await {
        read.push(chunk);
    }
    read
}

pub(crate) async fn read_short(mut chunks: Chunks) -> Vec<String> {
    read(&mut chunks).await.iter().map(short).collect()
}

/// core:AC-14.1
#[tokio::test(start_paused = true)]
async fn chunks_are_numbered_from_0_and_the_last_one_says_so_in_each_trace_anew() {
    let app = saying::flow().start().expect("starts");
    for (text, told) in
        [("one two three", &["0:one", "1:two", "2:three."][..]), ("hello penguins", &["0:hello", "1:penguins."])]
    {
        let (chunks, trace) = app.emit(text.to_owned()).await.expect("lets it in").split();
        assert_eq!(read_short(chunks).await, told);
        assert_eq!(trace.result().await.into_result().expect("completes"), told.len());
    }
    assert_eq!((app.discarded_chunks(), app.in_flight()), (0, 0));
}

/// core:AC-14.3
#[tokio::test(start_paused = true)]
async fn a_second_stream_of_a_node_begins_at_0_again_under_an_id_of_its_own() {
    #[node]
    async fn twice(_: (), ctx: &Ctx) {
        let mut out = ctx.stream("first");
        out.send("a").await;
        out.finish_with("b").await;
        ctx.stream("second").finish_with("c").await;
    }
    flow! { telling(()) -> () { twice } }
    let app = telling::flow().start().expect("starts");
    let (mut chunks, _trace) = app.emit(()).await.expect("lets it in").split();
    let read = read(&mut chunks).await;
    assert_eq!(read.iter().map(short).collect::<Vec<_>>(), ["0:a", "1:b.", "0:c."]);
    let names = |chunk: &Chunk| format!("{} {}", chunk.stream.id(), chunk.stream.name());
    assert_eq!(read.iter().map(names).collect::<Vec<_>>(), ["0#0 first", "0#0 first", "0#1 second"]);
}

/// core:AC-14.4
#[tokio::test(start_paused = true)]
async fn what_rides_along_with_a_message_and_what_stands_in_a_chunk_do_not_mix() {
    #[node]
    async fn cost(text: Message<String>, ctx: &Ctx) -> Message<String> {
        let piece = Piece::new(text.payload().as_str()).with_meta("tokens", 3);
        ctx.stream("answer").finish_with(piece).await;
        text.with_meta("cost", 7)
    }
    #[node]
    fn meta(text: Message<String>) -> String {
        format!("{:?}", text.meta())
    }
    flow! { costing(String) -> String { cost -> meta } }
    let app = costing::flow().start().expect("starts");
    let message = Message::new("krill".to_owned()).with_tenant("acme").with_meta("lang", "en");
    let (mut chunks, trace) = app.emit(message).await.expect("lets it in").split();
    let read = read(&mut chunks).await;
    assert_eq!(read.iter().map(|chunk| format!("{:?}", chunk.meta)).collect::<Vec<_>>(), [r#"{"tokens": Number(3)}"#]);
    let carried = trace.result().await.into_result().expect("completes");
    assert_eq!(carried, r#"{"cost": Number(7), "lang": String("en")}"#);
}

/// core:W-2: two traces of one flow that stream at once never take each other's chunks.
#[tokio::test(start_paused = true)]
async fn each_reader_gets_the_chunks_of_its_own_trace_only() {
    #[node]
    async fn count(from: u32, ctx: &Ctx) -> u32 {
        let mut out = ctx.stream("numbers");
        for n in from..from + 50 {
            out.send(n.to_string()).await;
            nap(u64::from(n % 3)).await;
        }
        out.finish().await;
        from
    }
    flow! { counting(u32) -> u32 { count } }
    let app = counting::flow().with_options(Options::new().with_chunk_lag(2)).start().expect("starts");
    let mut readers = Vec::new();
    for from in [0, 100, 200, 300] {
        let (chunks, trace) = app.emit(from).await.expect("lets it in").split();
        readers.push((from, tokio::spawn(read_short(chunks)), trace));
    }
    for (from, reader, trace) in readers {
        let mut told: Vec<String> = (0..50).map(|n| format!("{n}:{}", from + n)).collect();
        told.push("50:.".to_owned());
        assert_eq!(reader.await.expect("no panic"), told);
        assert_eq!(trace.result().await.into_result().expect("completes"), from);
    }
}
