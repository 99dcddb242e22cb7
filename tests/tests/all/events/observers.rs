//! Observers come and go, are slow and panic, and no flow notices.

use super::Heard;
use crate::kit::{nap, secs, settle};
use penguiflow::prelude::*;
use penguiflow::{FlowEvent, Lag, Observation, Observer};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A function that observes.
pub(super) struct By<F>(pub(super) F);

impl<F: Fn(&FlowEvent) + Send + Sync + 'static> Observer for By<F> {
    fn on_event(&self, event: &FlowEvent) {
        (self.0)(event);
    }
}

#[node]
async fn wait(ms: u64) -> u64 {
    nap(ms).await;
    ms
}
flow! { waiting(u64) -> u64 { wait } }

const LONG: Duration = secs(60);

/// core:AC-18.2, core:W-23
#[tokio::test(start_paused = true)]
async fn several_observers_hear_the_same() {
    let app = waiting::flow().start().expect("starts");
    let (one, two, three) = (Heard::default(), Heard::default(), Heard::default());
    let _observations = (app.observe_in_line(one.clone()), app.observe_in_line(two.clone()));
    let third = app.observe(three.clone());
    app.call(1).await.expect("completes");
    assert!(third.flush(LONG));
    assert_eq!(one.told(), ["emit", "node_start wait", "node_success wait", "ending"]);
    assert_eq!((two.told(), three.told()), (one.told(), one.told()));
}

#[tokio::test(start_paused = true)]
async fn a_trace_is_observed_from_its_beginning_or_not_at_all() {
    let app = waiting::flow().start().expect("starts");
    let before = app.emit(10).await.expect("is let in");
    settle().await;
    let heard = Heard::default();
    let observation = app.observe_in_line(heard.clone());
    assert!(before.result().await.is_completed());
    assert!(heard.told().is_empty(), "it began before");
    let during = app.emit(10).await.expect("is let in");
    settle().await;
    assert_eq!(heard.told(), ["emit", "node_start wait"]);
    drop(observation);
    assert!(during.result().await.is_completed());
    app.call(1).await.expect("completes");
    assert_eq!(heard.told().len(), 2, "who was removed hears nothing any more");
}

#[tokio::test(start_paused = true)]
async fn an_observation_that_stays_hears_until_the_flow_ends() {
    let app = waiting::flow().start().expect("starts");
    let heard = Heard::default();
    app.observe_in_line(heard.clone()).forever();
    app.call(1).await.expect("completes");
    drop(app);
    assert_eq!(heard.told().len(), 4);
}

/// core:W-23
#[tokio::test(start_paused = true)]
async fn an_observer_that_is_stuck_keeps_no_trace_waiting_and_its_lag_is_shown() {
    let app = waiting::flow().start().expect("starts");
    let (release, gate) = channel::<()>();
    let (gate, heard) = (Mutex::new(gate), Heard::default());
    let theirs = heard.clone();
    let stuck = move |event: &FlowEvent| {
        let gate: &Receiver<()> = &gate.lock().expect("no test panics inside");
        let _ = gate.recv();
        theirs.on_event(event);
    };
    let observation = app.observe(By(stuck));
    for _ in 0..5 {
        app.call(1).await.expect("completes");
    }
    assert_eq!(observation.lag(), lag(20, 0, 0), "none was heard, none was lost");
    assert!(!observation.flush(Duration::ZERO));
    for _ in 0..3_000 {
        app.call(1).await.expect("completes");
    }
    let told = 4 * 3_005;
    let room = Observation::ROOM;
    assert_eq!(observation.lag(), lag(room, (told - room) as u64, 0));
    drop(release);
    assert!(observation.flush(LONG));
    assert_eq!((heard.events().len(), observation.lag().waiting), (room, 0));
    app.call(1).await.expect("completes");
    assert!(observation.flush(LONG));
    assert_eq!(heard.events().len(), room + 4, "it hears again");
}

fn lag(waiting: usize, lost: u64, panics: u64) -> Lag {
    let mut lag = Lag::default();
    (lag.waiting, lag.lost, lag.panics) = (waiting, lost, panics);
    lag
}

/// core:AC-18.2
#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_harms_nobody_and_is_called_again() {
    let app = waiting::flow().start().expect("starts");
    let calls = Arc::new(AtomicUsize::new(0));
    let panics = |calls: Arc<AtomicUsize>| {
        By(move |_: &FlowEvent| {
            calls.fetch_add(1, SeqCst);
            panic!("an observer that was told to");
        })
    };
    let heard = Heard::default();
    let in_line = app.observe_in_line(panics(calls.clone()));
    let apart = app.observe(panics(calls.clone()));
    let _after = app.observe_in_line(heard.clone());
    assert_eq!(app.call(1).await.expect("completes"), 1);
    assert!(apart.flush(LONG));
    assert_eq!((in_line.lag().panics, apart.lag().panics, calls.load(SeqCst)), (4, 4, 8));
    assert_eq!(heard.told().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn what_was_told_is_heard_although_the_flow_has_ended() {
    let app = waiting::flow().start().expect("starts");
    let heard = Heard::default();
    let observation = app.observe(heard.clone());
    app.call(1).await.expect("completes");
    drop(app);
    assert!(observation.flush(LONG));
    assert_eq!(heard.told().len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn traces_on_several_threads_lose_no_event() {
    let app = waiting::flow().start().expect("starts");
    let (inline, apart) = (Heard::default(), Heard::default());
    let _inline = app.observe_in_line(inline.clone());
    let observation = app.observe(apart.clone());
    let mut traces = Vec::new();
    for _ in 0..500 {
        traces.push(app.emit(0).await.expect("is let in"));
    }
    for trace in traces {
        assert!(trace.result().await.is_completed());
    }
    assert!(observation.flush(LONG));
    assert_eq!((inline.events().len(), apart.events().len(), observation.lag().lost), (2_000, 2_000, 0));
    inline.is_balanced();
}
