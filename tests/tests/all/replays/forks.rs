//! A replay goes on with another input: what had begun before is played, and all that begins from there on runs.

use crate::kit::{App, Tally, ms_since, nap, now};
use crate::replays::recorded;
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::testkit::{Replay, ReplayError};

#[node]
async fn begin(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note(format!("begin {n}"));
    nap(10).await;
    n + 1
}

#[node]
async fn second(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note(format!("second {n}"));
    nap(10).await;
    n * 2
}

#[node]
async fn long(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note(format!("long {n}"));
    nap(100).await;
    n
}

#[node(timeout = "50ms")]
async fn hasty(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note(format!("hasty {n}"));
    nap(n).await;
    n
}

#[node]
fn sum((a, b): (u64, u64), State(tally): State<'_, Tally>) -> u64 {
    tally.note(format!("sum {a} {b}"));
    a + b
}

flow! { straight(u64) -> u64 { begin -> second -> second as third } }
flow! { forked(u64) -> u64 { begin -> (long, second -> hasty) -> join -> sum } }

#[test]
fn what_stands_behind_a_fork_runs_with_the_other_input() {
    let recording = recorded!(straight, |app| {
        assert_eq!(app.call(1).await.expect("completes"), 8);
    });
    let (state, tally) = App::new();
    let record = Replay::of(&recording).fork("third", 50_u64).run_paused(straight::flow().with_state(state));
    assert_eq!(record.expect("runs").completed(), Some(&100));
    assert_eq!(tally.notes(), ["second 50"], "only the node at the fork was called");

    let (state, tally) = App::new();
    let record = Replay::of(&recording).fork("0", 7_u64).run_paused(straight::flow().with_state(state)).expect("runs");
    record.assert_balanced();
    assert_eq!((record.completed(), record.trace_id), (Some(&32), recording.trace_id()));
    assert_eq!(tally.notes(), ["begin 7", "second 8", "second 16"], "from the very beginning");
}

#[test]
fn what_had_begun_before_a_fork_is_played_in_the_time_that_it_took() {
    let recording = recorded!(forked, |app| {
        assert_eq!(app.call(1).await.expect("completes"), 6);
    });
    let (state, tally) = App::new();
    let record = penguiflow::testkit::block_on(0, async |_| {
        let began = now();
        let record = Replay::of(&recording).fork("hasty", 20_u64).run(forked::flow().with_state(state)).await;
        // The fork is 20 ms behind the beginning, and `long` ends at 110 ms.
        assert_eq!(ms_since(began), 90);
        record.expect("runs")
    });
    assert_eq!(record.completed(), Some(&22));
    assert_eq!(tally.notes(), ["hasty 20", "sum 2 20"], "`long` was played");
    assert_eq!(record.elapsed, millis(110), "by the clock of the recording");
}

#[test]
fn timeouts_and_the_deadline_hold_behind_a_fork() {
    let recording = recorded!(forked, |app| {
        let _ = app.call(Message::new(1).with_deadline(millis(150))).await;
    });
    let (state, _) = App::new();
    let record = Replay::of(&recording).fork("hasty", 1_000_u64).run_paused(forked::flow().with_state(state));
    assert_eq!(record.expect("runs").ending.code(), "NODE_TIMEOUT");

    let (state, tally) = App::new();
    let record = Replay::of(&recording).fork("long", 3_u64).run_paused(forked::flow().with_state(state));
    let record = record.expect("runs");
    assert_eq!((record.completed(), tally.notes().len()), (Some(&7), 4), "{record}");

    let late = recorded!(straight, |app| {
        let _ = app.call(Message::new(1).with_deadline(millis(25))).await;
    });
    assert_eq!(late.ending(), "DEADLINE_EXCEEDED");
    let (state, tally) = App::new();
    let record = Replay::of(&late).fork("second", 9_u64).run_paused(straight::flow().with_state(state)).expect("runs");
    assert_eq!((record.ending.code(), record.elapsed), ("DEADLINE_EXCEEDED", millis(25)));
    assert_eq!(tally.notes(), ["second 9", "second 18"]);
}

#[test]
fn a_fork_that_fits_nowhere_is_told() {
    let recording = recorded!(straight, |app| {
        app.call(1).await.expect("completes");
    });
    let fork = |at: &str| Replay::of(&recording).fork(at, 1_u64).run_paused(straight::flow().with_state(App::new().0));
    let why = fork("secnd").expect_err("no such node").to_string();
    assert_eq!(why, "nothing ran at `secnd`: what ran is `begin`, `second` and `third`: did you mean `second`?");
    let other = Replay::of(&recording).fork("second", "text").run_paused(straight::flow().with_state(App::new().0));
    assert_eq!(other.expect_err("another type"), ReplayError::OtherInput { node: "second", place: "1".to_owned() });
}
