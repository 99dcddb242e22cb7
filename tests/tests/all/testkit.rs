//! What the test kit promises: faults by name, the whole record of a run, virtual time, and words where a test is wrong.

use crate::kit::{App, Oops, Tally, failure, secs};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::testkit::{self, Fault, Simulated, Testkit, TestkitError};
use penguiflow::{Backoff, Budget, ErrorKind, Limit, Policy};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[node]
async fn clean(text: String) -> String {
    text.trim().to_owned()
}

#[node(retries = 2, backoff = ("1s", 1.0), jitter = none)]
async fn search(text: String, State(tally): State<'_, Tally>) -> Result<String, Oops> {
    tally.call();
    Ok(text.to_uppercase())
}

#[node(timeout = "2s", concurrency = 1)]
async fn look_up(text: String, State(tally): State<'_, Tally>) -> String {
    tally.call();
    text
}

#[node]
async fn both((a, b): (String, String)) -> String {
    a + &b
}

/// Where an answer goes.
#[message]
enum Way {
    Long,
    Short,
}

#[router]
async fn measure(text: String) -> Way {
    if text.len() > 8 { Way::Long } else { Way::Short }
}

#[node]
async fn cut(text: String) -> String {
    text.chars().take(8).collect()
}

flow! { line(String) -> String { clean -> search } }
flow! {
    asking(String) -> String {
        clean -> (search, look_up) -> join -> both -> measure {
            Long -> cut,
            Short -> done,
        }
    }
}

fn message() -> String {
    " krill ".to_owned()
}

/// The panic's text.
fn refused(check: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(check)).expect_err("it asserts what is not so");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

/// core:AC-22.1, core:AC-22.6: the whole record of a run, and only attempts that began stand in the sequence.
#[test]
fn one_message_is_run_and_all_of_it_is_recorded() {
    let (app, tally) = App::new();
    let record = Testkit::new(asking::flow().with_state(app)).seed(7).run_paused(message()).expect("runs");
    assert_eq!(record.completed(), Some(&"KRILLkri".to_owned()));
    record.assert_nodes(["clean", "search", "look_up", "both", "measure", "cut"]);
    record.assert_routes(["measure.Long"]);
    record.assert_balanced();
    assert_eq!((record.calls("search"), record.failures("search"), tally.calls()), (1, 0, 2));
    let (first, last) = (record.events[0].name(), record.events[record.events.len() - 1].name());
    assert_eq!((first, last, record.elapsed), ("emit", "ending", secs(0)));
    assert!(record.events.iter().all(|event| event.trace_id == record.trace_id));
}

/// core:AC-22.2: an error `n` times, without a change of the node, and every attempt stands in the sequence.
#[test]
fn a_simulated_error_fails_the_first_attempts_and_no_repeat_is_left_out() {
    let (app, tally) = App::new();
    let kit = Testkit::new(line::flow().with_state(app)).fail("search", Fault::error("RATE", 2));
    let record = kit.run_paused(message()).expect("runs");
    record.assert_nodes(["clean", "search", "search~2", "search~3"]);
    assert_eq!((record.calls("search"), record.failures("search"), tally.calls()), (3, 2, 1));
    assert_eq!((record.elapsed, record.completed().map(String::as_str)), (secs(2), Some("KRILL")));
    let errors = record.events.iter().filter(|event| event.name() == "node_error");
    let told: Vec<String> = errors.filter_map(|event| Some(event.error()?.message.to_string())).collect();
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    assert_eq!(
        told,
        ["[RATE] simulated failure in search (attempt 1)", "[RATE] simulated failure in search (attempt 2)"]
    );
}

/// core:AC-22.5: the failure, with its payload, and its record.
#[test]
fn a_fatal_fault_is_not_retried_and_its_failure_is_recorded() {
    let (app, tally) = App::new();
    let kit = Testkit::new(line::flow().with_state(app)).fail("search", Fault::fatal("BAD", 1));
    let record = kit.run_paused(message()).expect("runs");
    record.assert_nodes(["clean", "search"]);
    record.assert_balanced();
    let payload = record.events.iter().find(|event| event.name() == "node_failed").and_then(|event| event.error());
    let payload = payload.and_then(|error| error.payload.clone()).expect("is told whole");
    assert_eq!((&payload["code"], &payload["node_name"]), (&"NODE_EXCEPTION".into(), &"search".into()));
    assert_eq!((record.failures("search"), tally.calls()), (1, 0));
    let error = failure(record.ending.into_result().expect_err("fails"));
    let ErrorKind::Node(source) = error.kind() else { panic!("another kind: {error}") };
    let simulated: &Simulated = source.downcast_ref().expect("is the fault's own");
    assert_eq!((&*simulated.code, simulated.node, simulated.attempt), ("BAD", "search", 1));
}

/// A fault asks for its own wait.
#[test]
fn a_fault_may_ask_for_a_wait_before_the_next_attempt() {
    let (app, _) = App::new();
    let fault = Fault::error("RATE", 1).with_retry_after(secs(30));
    let record = Testkit::new(line::flow().with_state(app)).fail("search", fault).run_paused(message());
    assert_eq!(record.expect("runs").elapsed, secs(30));
}

/// A delay uses up the timeout, holds the permit, and is part of the attempt.
#[test]
fn a_delay_holds_the_permit_and_uses_up_the_timeout() {
    let (app, tally) = App::new();
    let kit = Testkit::new(asking::flow().with_state(app.clone())).delay("look_up", secs(3));
    let record = kit.run_paused(message()).expect("runs");
    assert_eq!((record.elapsed, record.failures("look_up"), tally.calls()), (secs(2), 1, 1));
    assert!(matches!(&record.ending, Ending::Failed(error) if error.code() == "NODE_TIMEOUT"));
    record.assert_balanced();

    let (first, second) = testkit::block_on(7, async |seam| {
        let kit = Testkit::new(asking::flow().with_state(app)).delay("look_up", secs(1));
        let flow = kit.start_on(seam).expect("starts");
        tokio::join!(flow.run(message()), flow.run(message()))
    });
    let (first, second) = (first.expect("runs"), second.expect("runs"));
    assert_eq!((first.elapsed, second.elapsed), (secs(1), secs(2)), "one waits for the other's permit");
    assert!(second.events.iter().any(|event| event.name() == "permit_wait"));
}

/// A panic is the node's, in its attempt.
#[test]
fn a_simulated_panic_is_the_nodes_own() {
    let (app, tally) = App::new();
    let record = Testkit::new(line::flow().with_state(app)).panic("search", 1).run_paused(message()).expect("runs");
    record.assert_nodes(["clean", "search"]);
    record.assert_balanced();
    assert_eq!((record.failures("search"), tally.calls()), (1, 0));
    let error = failure(record.ending.into_result().expect_err("fails"));
    assert_eq!((error.code(), error.node(), error.attempt()), ("NODE_PANIC", "search", 1));
}

#[node(retries = 2)]
async fn hasty(text: String) -> Result<String, Oops> {
    Ok(text)
}

/// Lets each attempt follow the one before at once.
fn at_once(policy: Policy) -> Policy {
    policy.with_backoff(Backoff::new().with_base(secs(0)))
}

flow! { rushing(String) -> String { hasty } }

/// An attempt that follows at once and panics is told as what it is, and ends.
#[test]
fn a_panic_behind_a_retry_without_a_wait_is_told_of_its_own_attempt() {
    let kit = Testkit::new(rushing::flow().override_policy::<hasty>(at_once))
        .fail("hasty", Fault::error("RATE", 1))
        .panic("hasty", 1);
    let record = kit.run_paused(message()).expect("runs");
    record.assert_nodes(["hasty", "hasty~2"]);
    record.assert_balanced();
    let error = failure(record.ending.into_result().expect_err("fails"));
    assert_eq!((error.code(), error.attempt()), ("NODE_PANIC", 2));
}

/// core:AC-22.3: what cannot be meant is refused, with the names that can.
#[test]
fn a_name_that_the_flow_has_not_is_refused_and_the_nearest_one_offered() {
    let (app, _) = App::new();
    let flow = || line::flow().with_state(app.clone());
    let unknown = Testkit::new(flow()).fail("serch", Fault::error("RATE", 1)).run_paused(message());
    let said = unknown.expect_err("is no node").to_string();
    assert_eq!(said, "`serch` is no node of the flow `line`, which has `clean` and `search`: did you mean `search`?");
    let never = Testkit::new(flow()).fail("search", Fault::error("RATE", 0)).run_paused(message());
    let node = "search".to_owned();
    assert_eq!(never.expect_err("is never"), TestkitError::NoTimes { node: node.clone() });
    let never = Testkit::new(flow()).panic("search", 0).run_paused(message());
    assert_eq!(never.expect_err("is never"), TestkitError::NoTimes { node });

    let record = Testkit::new(flow()).run_paused(message()).expect("runs");
    let said = refused(|| assert_eq!(record.calls("serch"), 0));
    assert!(said.contains("no node of the flow `line`") && said.contains("`search`?"), "{said}");
}

/// core:AC-22.1: an assertion that fails shows both lists.
#[test]
fn an_assertion_that_fails_shows_what_was_expected_and_what_was_there() {
    let (app, _) = App::new();
    let kit = Testkit::new(line::flow().with_state(app)).fail("search", Fault::error("RATE", 1));
    let record = kit.run_paused(message()).expect("runs");
    let said = refused(|| record.assert_nodes(["clean", "search"]));
    assert!(said.contains(r#"expected: ["clean", "search"]"#), "{said}");
    assert!(said.contains(r#"there: ["clean", "search", "search~2"]"#), "{said}");
    let said = refused(|| record.assert_routes(["measure.Long"]));
    assert!(said.contains(r#"expected: ["measure.Long"]"#) && said.contains("there: []"), "{said}");
}

/// core:W-30: each run has a record of its own; nothing is kept for the next one.
#[test]
fn each_run_has_a_record_of_its_own() {
    let (app, _) = App::new();
    let (first, second) = testkit::block_on(7, async |seam| {
        let kit = Testkit::new(line::flow().with_state(app)).fail("search", Fault::fatal("BAD", 1));
        let flow = kit.delay("clean", millis(5)).start_on(seam).expect("starts");
        tokio::join!(flow.run(message()), flow.run(message()))
    });
    let (first, second) = (first.expect("runs"), second.expect("runs"));
    assert_ne!(first.trace_id, second.trace_id);
    for record in [&first, &second] {
        record.assert_nodes(["clean", "search"]);
        record.assert_balanced();
    }
    assert_eq!((first.failures("search"), second.failures("search")), (1, 0));
}

/// core:W-30: three days are over at once, and the deadline falls on its instant.
#[test]
fn a_deadline_of_three_days_is_over_in_no_time() {
    const DAYS: u64 = 24 * 60 * 60;
    let (app, tally) = App::new();
    let kit = Testkit::new(line::flow().with_state(app)).delay("search", secs(4 * DAYS));
    let record = kit.run_paused(Message::new(message()).with_deadline(secs(3 * DAYS))).expect("runs");
    assert!(matches!(record.ending, Ending::DeadlineExceeded));
    assert_eq!((record.elapsed, tally.calls()), (secs(3 * DAYS), 0));
    record.assert_balanced();
}

#[node(retries = 5)]
async fn chancy(text: String) -> Result<String, Oops> {
    Ok(text)
}

flow! { drawing(String) -> String { chancy } }

/// core:W-30: ids, jitter and times are those of the seed.
#[test]
fn the_same_seed_gives_the_same_record() {
    let told = |seed| {
        let kit = Testkit::new(drawing::flow()).seed(seed).fail("chancy", Fault::error("RATE", 5));
        let record = kit.run_paused(message()).expect("runs");
        (record.trace_id, record.elapsed, record.to_string())
    };
    assert_eq!(told(7), told(7));
    assert_ne!(told(7).0, told(8).0);
    assert_ne!(told(7).1, told(8).1, "jitter is drawn from the seed");
}

#[node]
async fn stuck(_: String) -> String {
    std::future::pending().await
}

flow! { waiting(String) -> String { stuck } }

/// A trace that never ends is told, and left behind by nobody.
#[test]
fn a_trace_that_never_ends_is_told() {
    let left = testkit::block_on(7, async |seam| {
        let flow = Testkit::new(waiting::flow()).start_on(seam).expect("starts");
        let limit = Testkit::<waiting>::LIMIT;
        assert_eq!(flow.run(message()).await.expect_err("waits"), TestkitError::NoEnding { limit });
        crate::kit::settle().await;
        flow.handle().in_flight()
    });
    assert_eq!(left, 0);
}

#[node]
async fn tell(text: String, ctx: &Ctx) -> String {
    let mut out = ctx.stream("answer");
    for word in text.split_whitespace() {
        out.send(word).await;
    }
    out.finish().await;
    text
}

flow! { telling(String) -> String { tell } }

/// Chunks are part of the record, and budgets are as in production.
#[test]
fn chunks_are_recorded_and_a_budget_ends_a_trace_under_test_as_any_other() {
    let record = Testkit::new(telling::flow()).run_paused("a b c".to_owned()).expect("runs");
    let texts: Vec<&str> = record.chunks.iter().map(|chunk| chunk.text.as_str()).collect();
    assert_eq!(texts, ["a", "b", "c", ""]);

    let (app, _) = App::new();
    let message = Message::new(message()).with_budget(Budget::new().hops(1));
    let record = Testkit::new(line::flow().with_state(app)).run_paused(message).expect("runs");
    assert!(matches!(record.ending, Ending::BudgetExceeded(Limit::Hops)));
    record.assert_nodes(["clean"]);
}
