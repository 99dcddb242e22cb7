//! Running until somebody says stop: the first word drains, the second one aborts. Also as a process, with signals.

use crate::kit::{App, Tally, forever, ms_since, nap, now, secs, settle};
use futures_util::StreamExt;
use futures_util::stream::{iter, pending, poll_fn};
use penguiflow::prelude::*;
use penguiflow::{Drained, Handle, Refused};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

#[node]
async fn wait(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    let inside = tally.enter();
    match ms {
        0 => forever().await,
        ms => nap(ms).await,
    }
    inside.finish();
    ms
}

flow! { waiting(u64) -> u64 { wait } }

/// A flow that runs until it is told to stop, with a grace of 60 s.
fn running() -> (Handle<waiting>, Tally, UnboundedSender<()>, JoinHandle<Drained>) {
    let (state, tally) = App::new();
    let app = waiting::flow().with_state(state).start().expect("starts");
    let (stop, mut stops) = unbounded_channel();
    let runs = tokio::spawn({
        let app = app.clone();
        async move { app.run_until(poll_fn(|task| stops.poll_recv(task)), secs(60)).await }
    });
    (app, tally, stop, runs)
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn the_first_stop_lets_those_inside_finish_and_nobody_else_in() {
    let (app, tally, stop, runs) = running();
    let trace = app.emit(10_000).await.expect("lets it in");
    nap(5_000).await;
    assert!(!runs.is_finished());
    stop.send(()).expect("it listens");
    settle().await;
    assert!(matches!(app.try_emit(1), Err(Refused::Closed(_))));
    let begun = now();
    let drained = runs.await.expect("no panic");
    assert_eq!((ms_since(begun), drained.inside, drained.cancelled, drained.left), (5_000, 1, 0, 0));
    assert!(trace.result().await.is_completed());
    assert_eq!((tally.finished(), tally.live()), (1, 0));
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn the_second_stop_cancels_at_once_what_is_still_inside() {
    let (app, tally, stop, runs) = running();
    let (quick, stuck) = (app.try_emit(1_000).expect("has room"), app.try_emit(0).expect("has room"));
    stop.send(()).expect("it listens");
    nap(2_000).await;
    assert!(!runs.is_finished());
    let begun = now();
    stop.send(()).expect("it listens");
    let drained = runs.await.expect("no panic");
    assert_eq!((ms_since(begun), drained.inside, drained.cancelled, drained.left), (0, 2, 1, 0));
    assert!(quick.result().await.is_completed());
    assert!(matches!(stuck.result().await, Ending::Cancelled));
    assert_eq!((tally.live(), app.in_flight()), (0, 0));
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn what_outlasts_the_grace_is_cancelled_without_a_second_stop() {
    let (app, tally, stop, runs) = running();
    let stuck = app.try_emit(0).expect("has room");
    stop.send(()).expect("it listens");
    let begun = now();
    let drained = runs.await.expect("no panic");
    assert_eq!((ms_since(begun), drained.inside, drained.cancelled), (60_000, 1, 1));
    assert!(matches!(stuck.result().await, Ending::Cancelled));
    assert_eq!(tally.live(), 0);
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn where_nobody_is_left_who_could_say_stop_the_flow_drains() {
    let (app, tally, stop, runs) = running();
    let trace = app.try_emit(1_000).expect("has room");
    drop(stop);
    let drained = runs.await.expect("no panic");
    assert_eq!((drained.inside, drained.cancelled), (1, 0));
    assert!(trace.result().await.is_completed());
    assert_eq!(tally.finished(), 1);
}

/// semantics:34
#[tokio::test(start_paused = true)]
async fn giving_up_before_the_first_stop_leaves_the_flow_as_it_is() {
    let (app, tally, _stop, runs) = running();
    settle().await;
    runs.abort();
    assert!(runs.await.expect_err("is aborted").is_cancelled());
    assert_eq!(app.call(5).await.expect("completes"), 5);
    assert_eq!(tally.calls(), 1);
}

/// semantics:34: a stop that came before anybody listened is a stop.
#[tokio::test(start_paused = true)]
async fn two_stops_at_once_abort() {
    let (state, tally) = App::new();
    let app = waiting::flow().with_state(state).start().expect("starts");
    let stuck = app.try_emit(0).expect("has room");
    let begun = now();
    let drained = app.run_until(iter([(), ()]).chain(pending()), secs(60)).await;
    assert_eq!((ms_since(begun), drained.cancelled), (0, 1));
    assert!(matches!(stuck.result().await, Ending::Cancelled));
    assert_eq!(tally.live(), 0);
}

/// The process that [`signals_drain_a_process_and_a_second_one_aborts_it`] starts: this test again, told so by its
/// environment.
#[cfg(unix)]
mod process {
    use super::*;
    use futures_util::FutureExt;
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Child, Command, Stdio};

    const ROLE: &str = "PENGUIFLOW_TEST_ROLE";
    const NAME: &str = "desk_until::process::signals_drain_a_process_and_a_second_one_aborts_it";

    fn say(word: &str) {
        let mut out = std::io::stdout();
        writeln!(out, "\n{word}").and_then(|()| out.flush()).expect("somebody listens");
    }

    /// Ends when a line comes in.
    #[node(blocking)]
    fn read_line(n: u64) -> u64 {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).expect("a line");
        n
    }

    #[node]
    async fn hang(n: u64) -> u64 {
        forever().await;
        n
    }

    flow! { reading(u64) -> u64 { read_line } }
    flow! { hanging(u64) -> u64 { hang } }

    async fn serve<F: penguiflow::__private::FlowDef<Input = u64>>(app: Handle<F>) {
        let trace = app.try_emit(7).expect("has room");
        let told = tokio::spawn({
            let app = app.clone();
            async move {
                // A probe is let in until the first signal is seen, and is cancelled by being dropped.
                while app.try_emit(7).is_ok() {
                    tokio::task::yield_now().await;
                }
                say("draining");
            }
        });
        let mut until = Box::pin(app.run_until_signal(secs(600)));
        // Polled once, so that whoever reads "ready" may send signals.
        assert!((&mut until).now_or_never().is_none());
        say("ready");
        let drained = until.await.expect("signals are served");
        told.await.expect("no panic");
        say(&format!("cancelled {} completed {}", drained.cancelled, trace.result().await.is_completed()));
    }

    fn child(role: &str) -> Child {
        let mut command = Command::new(std::env::current_exe().expect("has a path"));
        command.args(["--exact", NAME, "--nocapture", "--test-threads=1"]).env(ROLE, role);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts")
    }

    fn signal(child: &Child, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().expect("there is `kill`");
        assert!(sent.success());
    }

    /// semantics:34
    #[test]
    fn signals_drain_a_process_and_a_second_one_aborts_it() {
        if let Ok(role) = std::env::var(ROLE) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                match role.as_str() {
                    "drain" => serve(reading::flow().start().expect("starts")).await,
                    _ => serve(hanging::flow().start().expect("starts")).await,
                }
            });
            return;
        }
        for (role, first, end) in
            [("drain", "TERM", "cancelled 0 completed true"), ("abort", "INT", "cancelled 1 completed false")]
        {
            let mut child = child(role);
            let mut lines = BufReader::new(child.stdout.take().expect("is piped")).lines().map_while(Result::ok);
            assert!(lines.any(|line| line == "ready"), "{role}");
            signal(&child, first);
            assert!(lines.any(|line| line == "draining"), "{role}");
            match role {
                "drain" => writeln!(child.stdin.as_mut().expect("is piped"), "go").expect("it reads"),
                _ => signal(&child, "TERM"),
            }
            assert!(lines.any(|line| line == end), "{role}");
            assert!(child.wait().expect("ends").success(), "{role}");
        }
    }

    /// semantics:34
    #[test]
    fn a_runtime_that_serves_no_signals_is_told_in_words() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let app = hanging::flow().start().expect("starts");
            let error = app.run_until_signal(secs(1)).await.expect_err("is refused");
            assert!(error.to_string().contains("enable_io"), "{error}");
            assert!(app.try_emit(7).is_ok(), "nothing was shut down");
        });
    }
}
