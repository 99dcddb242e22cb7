//! How a stream ends that nobody finished, and how the reader ends.

use super::*;
use crate::kit::failure;
use std::sync::Mutex;

/// What a node does with its stream.
#[message]
#[derive(Copy, PartialEq)]
enum How {
    /// Leaves it unfinished, and returns.
    Forget,
    /// Fails.
    Fail,
    /// Panics.
    Panic,
    /// Opens it, and sends nothing.
    Silent,
    /// Waits for ever.
    Hang,
    /// Finishes it, and fails then.
    FailLate,
}

#[node(retries = 0)]
async fn tell(how: How, ctx: &Ctx) -> Result<How, Oops> {
    let mut out = ctx.stream("words");
    if how != How::Silent {
        out.send("a").await;
        out.send("b").await;
    }
    match how {
        How::Forget | How::Silent => Ok(how),
        How::Fail => Err(Oops(1)),
        How::Panic => panic!("over"),
        How::Hang => {
            forever().await;
            Ok(how)
        }
        How::FailLate => {
            out.finish().await;
            Err(Oops(2))
        }
    }
}

flow! { telling(How) -> How { tell } }

fn no_jitter(policy: penguiflow::Policy) -> penguiflow::Policy {
    policy.with_retries(1)
}

/// semantics:37
#[tokio::test(start_paused = true)]
async fn the_reader_is_told_of_a_stream_that_was_left_unfinished_however_that_came() {
    let app = telling::flow().start().expect("starts");
    for (how, told) in [
        (How::Forget, &["0:a", "1:b", "2:!"][..]),
        (How::Fail, &["0:a", "1:b", "2:!"]),
        (How::Panic, &["0:a", "1:b", "2:!"]),
        (How::FailLate, &["0:a", "1:b", "2:."]),
        (How::Silent, &[]),
    ] {
        let (chunks, trace) = app.emit(how).await.expect("lets it in").split();
        assert_eq!(read_short(chunks).await, told, "{how:?}");
        let completes = matches!(how, How::Forget | How::Silent);
        assert_eq!(trace.result().await.is_completed(), completes, "{how:?}");
    }
    assert_eq!(app.discarded_chunks(), 0);
}

/// semantics:37, core:W-2: the reader never waits for a trace that has ended.
#[tokio::test(start_paused = true)]
async fn the_reader_ends_with_its_trace_when_that_is_cancelled_dropped_or_shut_down() {
    let app = telling::flow().start().expect("starts");
    for way in 0..4 {
        let (mut chunks, trace) = app.emit(How::Hang).await.expect("lets it in").split();
        assert_eq!(chunks.next().await.as_ref().map(short).as_deref(), Some("0:a"));
        let reader = tokio::spawn(read_short(chunks));
        settle().await;
        assert!(!reader.is_finished(), "it waits for more");
        match way {
            0 => drop(trace.cancel()),
            1 => drop(trace),
            2 => assert!(app.cancel(trace.detach())),
            _ => drop(app.shutdown(penguiflow::Shutdown::Abort).await),
        }
        assert_eq!(reader.await.expect("no panic"), ["1:b", "2:!"]);
    }
}

/// semantics:37: another attempt writes the same stream anew.
#[tokio::test(start_paused = true)]
async fn each_attempt_writes_its_own_stream_and_the_reader_can_tell_them_apart() {
    let app = telling::flow().override_policy::<tell>(no_jitter).start().expect("starts");
    for (how, end) in [(How::Fail, "2:!"), (How::FailLate, "2:.")] {
        let (mut chunks, trace) = app.emit(how).await.expect("lets it in").split();
        let read = read(&mut chunks).await;
        assert_eq!(read.iter().map(short).collect::<Vec<_>>(), ["0:a", "1:b", end, "0:a", "1:b", end]);
        let attempt = |chunk: &Chunk| (chunk.stream.id().to_owned(), chunk.stream.attempt(), chunk.stream.to_string());
        let attempts: Vec<_> = read.iter().map(attempt).collect();
        assert!(attempts[..3].iter().all(|told| *told == ("0#0".into(), 1, "0#0".into())), "{attempts:?}");
        assert!(attempts[3..].iter().all(|told| *told == ("0#0".into(), 2, "0#0~2".into())), "{attempts:?}");
        assert_ne!(read[0].stream, read[3].stream);
        assert_eq!(failure(trace.result().await.into_result().expect_err("fails")).attempt(), 2);
    }
}

#[node]
async fn at_once(_: How) -> How {
    settle().await;
    How::Forget
}

flow! { racing(How) -> Vec<How> { (tell, at_once) -> join_k(1) } }

#[tokio::test(start_paused = true)]
async fn a_branch_that_a_join_drops_has_its_stream_aborted() {
    let app = racing::flow().start().expect("starts");
    let (chunks, trace) = app.emit(How::Hang).await.expect("lets it in").split();
    assert_eq!(read_short(chunks).await, ["0:a", "1:b", "2:!"]);
    assert_eq!(trace.result().await.into_result().expect("completes"), [How::Forget]);
}

/// A task of the trace goes on writing while its node has returned; one that writes when the trace has ended is cut off.
#[tokio::test(start_paused = true)]
async fn streams_of_tasks_end_with_the_trace_at_the_latest() {
    #[node]
    async fn leave(_: (), ctx: &Ctx) {
        for name in ["first", "second"] {
            let mut out = ctx.stream(name);
            ctx.spawn(async move {
                for n in 0.. {
                    out.send(format!("{name} {n}")).await;
                    nap(10).await;
                }
            });
        }
    }
    #[node]
    async fn wait(_: ()) {
        nap(15).await;
    }
    flow! { leaving(()) -> () { leave -> wait } }
    let app = leaving::flow().start().expect("starts");
    let (chunks, trace) = app.emit(()).await.expect("lets it in").split();
    assert!(trace.result().await.is_completed());
    settle().await;
    let told = ["0:first 0", "0:second 0", "1:first 1", "1:second 1", "2:!", "2:!"];
    assert_eq!(read_short(chunks).await, told);
    assert_eq!((app.in_flight(), app.discarded_chunks()), (0, 0));
}

/// A writer that the user took out of the trace harms nobody.
#[tokio::test(start_paused = true)]
async fn a_writer_that_outlives_its_trace_is_told_as_aborted_and_then_read_by_nobody() {
    static TAKEN: Mutex<Option<penguiflow::StreamWriter>> = Mutex::new(None);
    #[node]
    async fn take(_: (), ctx: &Ctx) {
        let mut out = ctx.stream("words");
        out.send("inside").await;
        *TAKEN.lock().expect("no test panics inside") = Some(out);
    }
    flow! { taking(()) -> () { take } }
    let app = taking::flow().start().expect("starts");
    let (chunks, trace) = app.emit(()).await.expect("lets it in").split();
    assert!(trace.result().await.is_completed());
    assert_eq!(read_short(chunks).await, ["0:inside", "1:!"]);
    let mut out = TAKEN.lock().expect("no test panics inside").take().expect("was taken");
    assert!(!out.has_reader());
    out.send("outside").await;
    out.finish().await;
    assert_eq!(app.discarded_chunks(), 2);
}
