//! What cannot be recorded or played is told, and what has changed since is shown.

use crate::kit::{App, Oops, Tally};
use crate::replays::recorded;
use penguiflow::prelude::*;
use penguiflow::testkit::{Replay, ReplayError};
use penguiflow::{Recorder, Recording, Secret, StartError};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
struct Opaque;

#[node]
fn open(n: u64) -> u64 {
    n
}
#[node]
fn hide(n: u64) -> Opaque {
    let _ = n;
    Opaque
}
#[node]
fn keep(opaque: Opaque) -> Secret<String> {
    Secret::new(format!("{opaque:?}"))
}
#[node]
fn all(values: Vec<u64>) -> Vec<u64> {
    values
}

flow! { hiding(u64) -> Secret<String> { open -> hide -> keep } }
flow! { taking(Opaque) -> Secret<String> { keep } }
flow! { many(u64) -> u64 { open -> batch(4, "1ms") -> all } }

#[tokio::test]
async fn a_flow_of_which_something_cannot_be_written_down_does_not_start() {
    let recorder = Recorder::new();
    let why = hiding::flow().record(&recorder).start().expect_err("cannot be recorded").to_string();
    assert_eq!(
        why,
        "the flow `hiding` cannot be recorded, because there is no way to write down what `hide` returns, what `keep` returns: \
         derive `Serialize` and `Deserialize` for the type, which must hold no `Secret`"
    );
    let why = taking::flow().record(&recorder).start().expect_err("cannot be recorded").to_string();
    assert!(why.contains("write down what the flow takes, what `keep` returns:"), "{why}");
    let why = many::flow().record(&recorder).start().expect_err("has a batch");
    assert_eq!(why, StartError::RecordsNoBatch { flow: "many", node: "all" });
}

#[node]
fn pairs(n: u64) -> BTreeMap<(u8, u8), u64> {
    BTreeMap::from([((1, 2), n)])
}
flow! { pairing(u64) -> BTreeMap<(u8, u8), u64> { pairs } }

#[tokio::test(start_paused = true)]
async fn a_value_that_has_no_written_form_spoils_its_recording_and_not_its_trace() {
    let recorder = Recorder::new();
    let app = pairing::flow().record(&recorder).start().expect("starts");
    assert_eq!(app.call(3).await.expect("completes").len(), 1);
    let recording = recorder.take_all().remove(0);
    let why = Replay::of(&recording).run(pairing::flow()).await.expect_err("has no value").to_string();
    assert!(
        why.starts_with("the recording cannot be read: what `pairs` at 0 returned could not be written down: "),
        "{why}"
    );
}

#[node]
fn add(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n + 1
}
#[node(retries = 2, backoff = ("1ms", 1, "1ms"), jitter = none)]
fn down(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.call();
    if ctx.attempt() < 3 { Err(Oops(3)) } else { Ok(n) }
}

flow! { steady(u64) -> u64 { add -> down -> add as last } }

mod later {
    use super::*;

    flow! { pub(super) steady(u64) -> u64 { add -> down -> add as more -> add as last } }
}

mod longer {
    use super::*;

    flow! { pub(super) steady(u64) -> u64 { add -> down -> add as last -> add as more } }
}

#[test]
fn a_flow_that_was_changed_is_told_with_the_event_at_which_it_goes_another_way() {
    let recording = recorded!(steady, |app| {
        app.call(1).await.expect("completes");
    });
    let (state, tally) = App::new();
    let why = Replay::of(&recording).run_paused(later::steady::flow().with_state(state)).expect_err("has a node more");
    let ReplayError::Diverged(why) = why else { panic!("{why}") };
    assert_eq!(why.expected.as_deref(), Some("node_start last 2"));
    assert_eq!((why.events, why.got.as_deref()), (11, Some("node_start more 2")));
    assert_eq!(tally.calls(), 0);

    let longer = longer::steady::flow().with_state(App::new().0);
    let why = Replay::of(&recording).run_paused(longer).expect_err("has a node more").to_string();
    assert_eq!(
        why,
        "the replay goes another way behind 13 events: recorded is `ending {\"code\":\"COMPLETED\"}`, and what comes is \
         `the beginning of `more` at 3, attempt 1`"
    );

    let impatient = steady::flow().with_state(App::new().0).override_policy::<down>(|policy| policy.with_retries(1));
    let why = Replay::of(&recording).run_paused(impatient).expect_err("gives up earlier").to_string();
    assert_eq!(
        why,
        "the replay goes another way behind 8 events: recorded is `node_retry down 1 attempt 3 {\"sleep_s\":0.001}: \
         NODE_EXCEPTION: oops 3`, and what comes is `node_failed down 1 attempt 2: NODE_EXCEPTION: oops 3`"
    );
    let why = Replay::of(&recording).run_paused(hiding_less::flow()).expect_err("is another flow").to_string();
    assert_eq!(why, "the recording is of the flow `steady`, not of `hiding_less`");
}

flow! { hiding_less(u64) -> u64 { open } }

#[test]
fn a_recording_of_another_format_or_of_another_type_is_told() {
    let recording = recorded!(steady, |app| {
        app.call(1).await.expect("completes");
    });
    let mut written = serde_json::to_value(&recording).expect("can be written");
    written["format"] = 2.into();
    let why = serde_json::from_value::<Recording>(written.clone()).expect_err("another format").to_string();
    assert_eq!(why, "a recording of format 2, where this build reads format 1: record it again");

    written["format"] = 1.into();
    written["events"][2]["gave"] = "text".into();
    let changed: Recording = serde_json::from_value(written.clone()).expect("can be read");
    let why = Replay::of(&changed).run_paused(steady::flow().with_state(App::new().0)).expect_err("another type");
    assert!(
        why.to_string().starts_with("what `add` at 0 returned cannot be read: invalid type: string \"text\""),
        "{why}"
    );

    written["input"] = serde_json::Value::Null;
    let changed: Recording = serde_json::from_value(written).expect("can be read");
    let why = Replay::of(&changed).run_paused(steady::flow().with_state(App::new().0)).expect_err("another type");
    assert!(why.to_string().starts_with("what the flow took cannot be read: "), "{why}");
}

#[tokio::test(start_paused = true)]
async fn a_recorder_keeps_what_is_wanted_and_counts_what_is_lost() {
    let recorder = Recorder::new().keep(2);
    let app = steady::flow().with_state(App::new().0).record(&recorder).start().expect("starts");
    for n in 0..5 {
        app.call(n).await.expect("completes");
    }
    let kept = recorder.take_all();
    assert_eq!((kept.len(), recorder.lost(), recorder.take_all().len()), (2, 3, 0));
    assert!(kept[0].trace_id() < kept[1].trace_id(), "the oldest first");

    let trace = app.emit(1).await.expect("let in");
    let id = trace.id();
    trace.result().await;
    assert_eq!(recorder.take(id).map(|recording| recording.trace_id()), Some(id));
    assert!(recorder.take(id).is_none(), "it was taken");

    let failures = Recorder::new().only(|ending| ending != "COMPLETED");
    let app = steady::flow().with_state(App::new().0).record(&failures).start().expect("starts");
    app.call(1).await.expect("completes");
    drop(app.call(2));
    assert!(failures.take_all().is_empty());
    let trace = app.emit(3).await.expect("let in");
    drop(trace);
    crate::kit::settle().await;
    let kept = failures.take_all();
    assert_eq!(kept.iter().map(Recording::ending).collect::<Vec<_>>(), ["TRACE_CANCELLED"]);
}

#[node]
fn double(text: String) -> String {
    text.repeat(2)
}
flow! { growing(String) -> String { double } }

#[tokio::test(start_paused = true)]
async fn a_trace_that_is_too_large_is_lost_and_counted() {
    let recorder = Recorder::new();
    let app = growing::flow().record(&recorder).start().expect("starts");
    app.call("x".repeat(Recorder::BYTES / 2)).await.expect("completes");
    assert_eq!((recorder.take_all().len(), recorder.lost()), (0, 1));
    app.call("x".to_owned()).await.expect("completes");
    assert_eq!((recorder.take_all().len(), recorder.lost()), (1, 1));
}
