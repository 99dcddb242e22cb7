//! Many streams at once, in whatever order they come to run.

use super::*;
use proptest::prelude::*;
use std::collections::HashMap;

/// A stream: the waits before its chunks, in virtual milliseconds.
type Waits = Vec<u64>;

#[node]
async fn tell(waits: Waits, ctx: &Ctx, State(tally): State<'_, Tally>) -> usize {
    let inside = tally.enter();
    let mut out = ctx.stream("numbers");
    for (n, wait) in waits.iter().enumerate() {
        nap(*wait).await;
        out.send(n.to_string()).await;
    }
    out.finish().await;
    inside.finish();
    waits.len()
}

flow! { telling(Vec<Waits>) -> Vec<usize> { map(tell, 10_000) } }

async fn run(streams: Vec<Waits>, lag: usize, reads: Waits) -> Vec<Chunk> {
    let (state, tally) = App::new();
    let options = Options::new().with_chunk_lag(lag);
    let app = telling::flow().with_state(state).with_options(options).start().expect("starts");
    let lengths: Vec<usize> = streams.iter().map(Vec::len).collect();
    let (mut chunks, trace) = app.emit(streams).await.expect("lets it in").split();
    let mut read = Vec::new();
    for wait in reads.iter().cycle() {
        nap(*wait).await;
        match chunks.next().await {
            Some(chunk) => read.push(chunk),
            None => break,
        }
    }
    assert_eq!(trace.result().await.into_result().expect("completes"), lengths);
    assert_eq!((tally.live(), tally.finished(), app.in_flight()), (0, lengths.len(), 0));
    assert_eq!(app.discarded_chunks(), 0);
    read
}

/// Each stream whole, in order, its end behind it.
fn assert_whole(read: &[Chunk], lengths: &[usize]) {
    let mut streams = HashMap::<_, Vec<String>>::new();
    for chunk in read {
        streams.entry(chunk.stream.clone()).or_default().push(short(chunk));
    }
    assert_eq!(streams.len(), lengths.len());
    for (stream, told) in streams {
        let item = stream.id().trim_start_matches("0[").split(']').next().expect("an item");
        let length = lengths[item.parse::<usize>().expect("a number")];
        let mut whole: Vec<String> = (0..length).map(|n| format!("{n}:{n}")).collect();
        whole.push(format!("{length}:."));
        assert_eq!(told, whole, "{stream}");
    }
}

fn on_virtual_time<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(work)
}

proptest! {
    /// core:AC-14.9
    #[test]
    fn interleaved_streams_keep_their_order_whatever_the_schedule(
        streams in proptest::collection::vec(proptest::collection::vec(0u64..5, 0..20), 1..=3),
        lag in 1usize..5,
        reads in proptest::collection::vec(0u64..5, 1..10),
    ) {
        let lengths: Vec<usize> = streams.iter().map(Vec::len).collect();
        let read = on_virtual_time(run(streams, lag, reads));
        assert_whole(&read, &lengths);
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_interleaved_streams_with_a_slow_reader_arrive_whole() {
    let streams: Vec<Waits> = (0..1_000).map(|n| (0..5).map(|k| (n * 7 + k * 3) % 11).collect()).collect();
    let lengths: Vec<usize> = streams.iter().map(Vec::len).collect();
    let read = run(streams, 16, vec![0, 0, 0, 1]).await;
    assert_whole(&read, &lengths);
}

/// On several threads, and without a wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_on_several_threads_stream_into_one_trace() {
    #[node]
    async fn spread(tasks: usize, ctx: &Ctx) -> usize {
        let tell = |task: usize| {
            let mut out = ctx.stream(task.to_string());
            ctx.spawn(async move {
                for n in 0..500 {
                    out.send(n.to_string()).await;
                }
                out.finish().await;
            })
        };
        let running: Vec<_> = (0..tasks).map(tell).collect();
        for task in running {
            task.await.expect("no panic");
        }
        tasks
    }
    flow! { spreading(usize) -> usize { spread } }
    let app = spreading::flow().with_options(Options::new().with_chunk_lag(8)).start().expect("starts");
    for _ in 0..10 {
        let (mut chunks, trace) = app.emit(4).await.expect("lets it in").split();
        let mut next = [0; 4];
        while let Some(chunk) = chunks.next().await {
            let task = chunk.stream.name().parse::<usize>().expect("a number");
            assert_eq!((chunk.seq, chunk.done, chunk.aborted), (next[task], next[task] == 500, false));
            next[task] += 1;
        }
        assert_eq!(next, [501; 4]);
        assert_eq!(trace.result().await.into_result().expect("completes"), 4);
    }
}
