//! A node calls a started flow as a part of its own trace: what goes in, what comes back, and how it is told.

use crate::kit::{App, Oops, Tally, failure, nap};
use penguiflow::prelude::*;
use penguiflow::{CallError, ErrorKind, Handle, Limit, Playbook};
use std::error::Error as _;

type Book = Playbook<u32, u32>;

/// The state of flows that call others.
#[derive(Provides)]
struct Shelf {
    book: Book,
    tally: Tally,
}

impl Shelf {
    fn of(book: impl Into<Book>) -> (Shelf, Tally) {
        let tally = Tally::default();
        (Shelf { book: book.into(), tally: tally.clone() }, tally)
    }
}

#[node]
async fn double(n: u32, State(tally): State<'_, Tally>) -> u32 {
    tally.call();
    n * 2
}
flow! { doubling(u32) -> u32 { double } }

#[node]
async fn ask(n: u32, ctx: &Ctx, State(book): State<'_, Book>) -> Result<u32, CallError> {
    ctx.call(book, n).await
}
flow! { asking(u32) -> u32 { ask } }

fn asking(book: impl Into<Book>) -> Handle<asking> {
    asking::flow().with_state(Shelf::of(book).0).start().expect("starts")
}

#[tokio::test(start_paused = true)]
async fn a_call_runs_the_callee_once_over_its_own_state() {
    let (app, tally) = App::new();
    let callee = doubling::flow().with_state(app).start().expect("starts");
    let (shelf, outer) = Shelf::of(callee.clone());
    let caller = asking::flow().with_state(shelf).start().expect("starts");
    assert_eq!(caller.call(21).await.expect("answers"), 42);
    assert_eq!((tally.calls(), outer.calls()), (1, 0));
    assert_eq!((callee.counts().completed, caller.counts().completed), (1, 1));
    assert_eq!((callee.in_flight(), caller.in_flight()), (0, 0));
}

#[node]
async fn ask_by_handle(n: u32, ctx: &Ctx, State(callee): State<'_, Handle<doubling>>) -> Result<u32, CallError> {
    ctx.call(callee, n).await
}
flow! { asking_by_handle(u32) -> u32 { ask_by_handle } }

#[derive(Provides)]
struct Named {
    callee: Handle<doubling>,
}

#[tokio::test(start_paused = true)]
async fn a_handle_is_called_as_a_playbook_is_and_a_playbook_runs_alone_as_well() {
    let (app, tally) = App::new();
    let callee = doubling::flow().with_state(app).start().expect("starts");
    let caller = asking_by_handle::flow().with_state(Named { callee: callee.clone() }).start().expect("starts");
    assert_eq!(caller.call(2).await.expect("answers"), 4);
    let book = callee.playbook();
    assert_eq!((book.name(), book.call(3).await.expect("answers"), tally.calls()), ("doubling", 6, 2));
    assert_eq!(format!("{book:?}"), r#"Playbook { flow: "doubling", in_flight: 0, .. }"#);
}

#[tokio::test(start_paused = true)]
async fn stubs_and_overrides_of_the_callee_hold_inside_a_call() {
    let (app, tally) = App::new();
    let callee = doubling::flow().with_state(app).stub::<double>(|n| Ok(n + 1)).start().expect("starts");
    assert_eq!(asking(callee).call(1).await.expect("answers"), 2);
    assert_eq!(tally.calls(), 0);
}

// === what goes in ===

#[node]
async fn look_around(message: Message<u32>, ctx: &Ctx, State(tally): State<'_, Tally>) -> u32 {
    let left = ctx.time_left().map(|left| left.as_millis());
    tally.note(format!("{} {:?} {left:?}", ctx.trace_id(), ctx.headers().tenant()));
    tally.note(format!("{:?} {:?}", message.meta().get("lang"), message.meta().get("step")));
    0
}
flow! { looking(u32) -> u32 { look_around } }

#[node]
async fn ask_with_meta(n: Message<u32>, ctx: &Ctx, State(book): State<'_, Book>) -> Result<u32, CallError> {
    nap(100).await;
    ctx.call(book, Message::new(n.into_payload()).with_meta("step", 2)).await
}
flow! { asking_with_meta(u32) -> u32 { ask_with_meta } }

#[tokio::test(start_paused = true)]
async fn a_call_inherits_trace_id_headers_deadline_and_meta() {
    let (app, tally) = App::new();
    let callee = looking::flow().with_state(app).start().expect("starts");
    let caller = asking_with_meta::flow().with_state(Shelf::of(callee).0).start().expect("starts");
    let message = Message::new(1).with_tenant("acme").with_meta("lang", "en").with_meta("step", 1);
    let trace = caller.emit(message.with_deadline(secs(1))).await.expect("lets it in");
    let id = trace.id();
    assert!(trace.result().await.is_completed());
    let lang = r#"Some(String("en")) Some(Number(2))"#;
    assert_eq!(tally.notes(), [format!("{id} Some(\"acme\") Some(900)"), lang.to_owned()]);
}

#[node]
async fn ask_as_another(n: u32, ctx: &Ctx, State(book): State<'_, Book>) -> u32 {
    let same = Message::new(n).with_tenant("acme").with_trace_id(ctx.trace_id());
    assert_eq!(ctx.call(book, same).await.expect("is the trace's own"), 2);
    let other = ctx.call(book, Message::new(n).with_tenant("evil")).await;
    assert!(matches!(other, Err(CallError::OtherTrace)), "{other:?}");
    let id = penguiflow::clock::Seam::seeded(1).trace_id();
    let other = ctx.call(book, Message::new(n).with_trace_id(id)).await;
    assert!(matches!(other, Err(CallError::OtherTrace)), "{other:?}");
    n
}
flow! { asking_as_another(u32) -> u32 { ask_as_another } }

#[tokio::test(start_paused = true)]
async fn headers_and_a_trace_id_of_another_trace_are_refused() {
    let (app, tally) = App::new();
    let callee = doubling::flow().with_state(app).start().expect("starts");
    let caller = asking_as_another::flow().with_state(Shelf::of(callee).0).start().expect("starts");
    assert_eq!(caller.call(Message::new(1).with_tenant("acme")).await.expect("answers"), 1);
    assert_eq!(tally.calls(), 1);
}

// === places ===

#[node]
async fn where_am_i(n: u32, ctx: &Ctx, State(tally): State<'_, Tally>) -> u32 {
    nap(u64::from(10 - n)).await;
    tally.note(format!("{n}: {}", ctx.place()));
    n
}
#[node]
fn pass(n: u32) -> u32 {
    n
}
flow! { placing(u32) -> u32 { pass -> where_am_i } }

#[node]
async fn ask_twice(n: u32, ctx: &Ctx, State(book): State<'_, Book>) -> Result<u32, CallError> {
    let again = ctx.clone();
    let (a, b) = tokio::join!(ctx.call(book, n), again.call(book, n + 1));
    Ok(a? + b?)
}
#[node]
fn both(n: u32) -> Vec<u32> {
    vec![n, n + 2]
}
#[node]
fn total(all: Vec<u32>) -> u32 {
    all.iter().sum()
}
flow! { asking_twice(u32) -> u32 { both -> map(ask_twice, 2) -> total } }

#[tokio::test(start_paused = true)]
async fn calls_of_one_node_have_different_places_in_the_order_in_which_they_are_made() {
    let (app, tally) = App::new();
    let callee = placing::flow().with_state(app).start().expect("starts");
    let caller = asking_twice::flow().with_state(Shelf::of(callee).0).start().expect("starts");
    assert_eq!(caller.call(1).await.expect("answers"), 1 + 2 + 3 + 4);
    let places = ["4: 1[1]/0(1)/1", "3: 1[1]/0(0)/1", "2: 1[0]/0(1)/1", "1: 1[0]/0(0)/1"];
    assert_eq!(tally.notes(), places);
}

#[node(retries = 1, backoff = "10ms", jitter = none)]
async fn ask_again(n: u32, ctx: &Ctx, State(book): State<'_, Book>) -> Result<u32, CallError> {
    ctx.call(book, n).await
}
flow! { asking_again(u32) -> u32 { ask_again } }

#[node]
async fn fail_once(n: u32, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    tally.note(ctx.place());
    let mut out = ctx.stream("told");
    out.send("x").await;
    if tally.call() == 1 { Err(Oops(n)) } else { Ok(n) }
}
flow! { failing_once(u32) -> u32 { fail_once } }

#[tokio::test(start_paused = true)]
async fn another_attempt_calls_again_and_its_streams_are_told_apart() {
    let (app, tally) = App::new();
    let callee = failing_once::flow().with_state(app).start().expect("starts");
    let caller = asking_again::flow().with_state(Shelf::of(callee).0).start().expect("starts");
    let (mut chunks, trace) = caller.emit(1).await.expect("lets it in").split();
    let mut ids = Vec::new();
    while let Some(chunk) = chunks.next().await {
        ids.push((chunk.stream.to_string(), chunk.seq, chunk.aborted));
    }
    assert_eq!(trace.result().await.into_result().expect("answers"), 1);
    assert_eq!(tally.notes(), ["0(0)/0", "0~2(0)/0"]);
    let told = |id: &str, seq, aborted| (id.to_owned(), seq, aborted);
    let (first, second) = ("0(0)/0#0", "0~2(0)/0#0");
    assert_eq!(ids, [told(first, 0, false), told(first, 1, true), told(second, 0, false), told(second, 1, true)]);
}

#[node]
async fn write(n: u32, ctx: &Ctx) -> u32 {
    ctx.stream("inside").finish_with("deep").await;
    n
}
flow! { writing(u32) -> u32 { write } }

#[tokio::test(start_paused = true)]
async fn what_a_callee_writes_is_read_from_the_outer_trace() {
    let callee = writing::flow().start().expect("starts");
    let caller = asking(callee.clone());
    let (mut chunks, trace) = caller.emit(7).await.expect("lets it in").split();
    let chunk = chunks.next().await.expect("is written");
    assert_eq!((chunk.stream.id(), chunk.stream.name(), &*chunk.text), ("0(0)/0#0", "inside", "deep"));
    assert!(chunks.next().await.is_none());
    assert!(trace.result().await.is_completed());
    assert_eq!(callee.discarded_chunks(), 0);
    assert_eq!(caller.call(7).await.expect("answers"), 7);
    assert_eq!(callee.discarded_chunks(), 1);
}

// === what comes back ===

#[node]
async fn fail(n: u32, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    tally.call();
    Err(Oops(n))
}
flow! { failing(u32) -> u32 { pass -> fail } }

#[tokio::test(start_paused = true)]
async fn a_failure_that_is_passed_on_ends_the_trace_with_the_whole_path_and_its_source() {
    let (app, tally) = App::new();
    let callee = failing::flow().with_state(app).start().expect("starts");
    let error = failure(asking(callee).call(5).await.expect_err("fails"));
    assert_eq!((error.path(), error.place(), error.node()), ("asking › ask › failing › fail", "0(0)/1", "fail"));
    assert_eq!(error.source().and_then(|source| source.downcast_ref()), Some(&Oops(5)));
    assert_eq!((tally.calls(), error.code()), (1, "NODE_EXCEPTION"));
}

#[derive(Debug)]
struct NoBook(CallError);

impl std::fmt::Display for NoBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no book")
    }
}

impl std::error::Error for NoBook {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[node]
async fn ask_in_own_words(n: u32, ctx: &Ctx, State(book): State<'_, Book>) -> Result<u32, NoBook> {
    ctx.call(book, n).await.map_err(NoBook)
}
flow! { asking_in_own_words(u32) -> u32 { ask_in_own_words } }

#[tokio::test(start_paused = true)]
async fn a_failure_inside_an_error_of_ones_own_is_its_source() {
    let callee = failing::flow().with_state(App::new().0).start().expect("starts");
    let caller = asking_in_own_words::flow().with_state(Shelf::of(callee).0).start().expect("starts");
    let error = failure(caller.call(5).await.expect_err("fails"));
    assert_eq!(error.path(), "asking_in_own_words › ask_in_own_words");
    let call = error.source().and_then(|own| own.source()).and_then(|call| call.downcast_ref::<CallError>());
    let Some(CallError::Failed(inner)) = call else { panic!("{error:?}") };
    assert_eq!(inner.path(), "asking_in_own_words › ask_in_own_words › failing › fail");
}

#[message]
enum Kind {
    Good,
    Bad,
}
#[router]
fn kind(n: u32) -> Kind {
    if n == 0 { Kind::Bad } else { Kind::Good }
}
flow! { dropping(u32) -> u32 { kind { Good -> pass, Bad -> drop } } }

#[controller(turns = 2)]
async fn never_done(n: u32) -> Step<u32, u32> {
    if n == u32::MAX { Step::Done(n) } else { Step::Again(n) }
}
flow! { turning(u32) -> u32 { never_done } }

#[node]
#[expect(clippy::panic, reason = "the test is about it")]
async fn break_down(n: u32) -> u32 {
    if n < u32::MAX {
        panic!("no {n}")
    }
    n
}
flow! { breaking(u32) -> u32 { break_down } }

/// Handles whatever comes back.
#[node]
async fn tell(n: u32, ctx: &Ctx, State(book): State<'_, Book>, State(tally): State<'_, Tally>) -> u32 {
    let error = ctx.call(book, n).await.expect_err("comes back");
    tally.note(match error {
        CallError::Failed(error) => format!("{}: {}", error.path(), error.code()),
        CallError::Dropped { at } => format!("dropped at {at}"),
        CallError::BudgetExceeded(Limit::Turns) => "out of turns".to_owned(),
        other => format!("{other:?}"),
    });
    n
}
flow! { telling(u32) -> u32 { tell } }

#[tokio::test(start_paused = true)]
async fn a_node_may_handle_each_ending_of_its_call_and_go_on() {
    let books: [(Book, &str); 4] = [
        (
            failing::flow().with_state(App::new().0).start().expect("starts").into(),
            "telling › tell › failing › fail: NODE_EXCEPTION",
        ),
        (dropping::flow().start().expect("starts").into(), "dropped at kind.Bad"),
        (turning::flow().start().expect("starts").into(), "out of turns"),
        (breaking::flow().start().expect("starts").into(), "telling › tell › breaking › break_down: NODE_PANIC"),
    ];
    for (book, words) in books {
        let (shelf, tally) = Shelf::of(book);
        let caller = telling::flow().with_state(shelf).start().expect("starts");
        assert_eq!(caller.call(0).await.expect("goes on"), 0);
        assert_eq!(tally.notes(), [words]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_ending_without_a_failure_that_is_passed_on_fails_the_node_with_it_as_source() {
    let callee = dropping::flow().start().expect("starts");
    let error = failure(asking(callee).call(0).await.expect_err("fails"));
    assert_eq!(
        (error.path(), error.to_string()),
        ("asking › ask", "asking › ask, after 0 ms: the call was dropped at kind.Bad".to_owned())
    );
    let ErrorKind::Node(source) = error.into_kind() else { panic!("no error of the node") };
    assert!(matches!(source.downcast_ref(), Some(CallError::Dropped { at }) if &**at == "kind.Bad"));
}

#[tokio::test(start_paused = true)]
async fn a_failed_call_is_worth_another_attempt_and_a_panicked_or_dropped_one_is_not() {
    let failing = failing::flow().with_state(App::new().0).start().expect("starts");
    let breaking = breaking::flow().start().expect("starts");
    let dropping = dropping::flow().start().expect("starts");
    for book in [failing.playbook(), breaking.playbook(), dropping.playbook()] {
        let caller = asking_again::flow().with_state(Shelf::of(book).0).start().expect("starts");
        assert!(matches!(caller.call(0).await, Err(Stop::Failed(_))));
    }
    assert_eq!((failing.counts().failed, breaking.counts().failed, dropping.counts().dropped), (2, 1, 1));
}
