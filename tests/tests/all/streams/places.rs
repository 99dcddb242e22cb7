//! Each stream is named by the place of its writer, wherever in a flow that runs; all of a trace go to its one reader.

use super::*;

#[node]
async fn tell(n: u64, ctx: &Ctx) -> u64 {
    let mut out = ctx.stream("numbers");
    nap(n % 7).await;
    out.send(n.to_string()).await;
    nap(n % 5).await;
    out.finish().await;
    n
}

#[controller(turns = 8)]
async fn count_down(n: u64, ctx: &Ctx) -> Step<u64, u64> {
    ctx.stream("turn").finish_with(n.to_string()).await;
    if n == 0 { Step::Done(n) } else { Step::Again(n - 1) }
}

#[node]
fn items(n: u64) -> Vec<u64> {
    (0..n).collect()
}

#[node]
fn sum(list: Vec<u64>) -> u64 {
    list.iter().sum()
}

#[node]
fn both((a, b): (u64, u64)) -> u64 {
    a + b
}

flow! { inner(u64) -> u64 { tell } }
flow! { outer(u64) -> u64 { tell -> (inner, tell as twin) -> join -> both -> items -> map(inner as each, 2) -> sum } }
flow! { looped(u64) -> u64 { count_down } }

async fn ids<F>(trace: Trace<F>) -> Vec<String> {
    let (mut chunks, trace) = trace.split();
    let read = read(&mut chunks).await;
    assert!(trace.result().await.is_completed());
    let mut ids: Vec<String> = read.iter().map(|chunk| chunk.stream.id().to_owned()).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// semantics:37
#[tokio::test(start_paused = true)]
async fn a_stream_is_named_by_its_place_in_branches_items_flows_and_turns() {
    let app = outer::flow().start().expect("starts");
    for _ in 0..2 {
        let trace = app.emit(1).await.expect("lets it in");
        assert_eq!(ids(trace).await, ["0#0", "1/0#0", "2#0", "6[0]/0/0#0", "6[1]/0/0#0"], "the same in each trace");
    }
    let app = looped::flow().start().expect("starts");
    let trace = app.emit(2).await.expect("lets it in");
    assert_eq!(ids(trace).await, ["0:0/0#0", "0:1/0#0", "0:2/0#0"]);
}

/// The clones of a context name the streams that they open as the one context does.
#[tokio::test(start_paused = true)]
async fn streams_that_clones_of_a_context_open_have_ids_of_their_own() {
    #[node]
    async fn share(_: (), ctx: &Ctx) {
        ctx.stream("a").finish_with("a").await;
        let (one, other) = (ctx.clone(), ctx.clone());
        one.spawn(async move { other.clone().stream("b").finish_with("b").await }).await.expect("no panic");
        ctx.stream("c").finish_with("c").await;
    }
    flow! { sharing(()) -> () { share } }
    let app = sharing::flow().start().expect("starts");
    let (mut chunks, _trace) = app.emit(()).await.expect("lets it in").split();
    let told: Vec<_> = read(&mut chunks).await.iter().map(|chunk| format!("{} {}", chunk.stream, chunk.text)).collect();
    assert_eq!(told, ["0#0 a", "0#1 b", "0#2 c"]);
}

/// A thread that may block waits for room like everybody.
#[tokio::test]
async fn a_blocking_node_streams_as_well() {
    #[node(blocking)]
    fn crunch(n: u32, ctx: &Ctx) -> u32 {
        let runtime = tokio::runtime::Handle::current();
        let mut out = ctx.stream("numbers");
        for n in 0..n {
            runtime.block_on(out.send(n.to_string()));
        }
        runtime.block_on(out.finish());
        n
    }
    flow! { crunching(u32) -> u32 { crunch } }
    let app = crunching::flow().with_options(Options::new().with_chunk_lag(2)).start().expect("starts");
    let (chunks, trace) = app.emit(20).await.expect("lets it in").split();
    let told = read_short(chunks).await;
    assert_eq!((told.len(), told[0].as_str(), told[20].as_str()), (21, "0:0", "20:."));
    assert_eq!(trace.result().await.into_result().expect("completes"), 20);
}
