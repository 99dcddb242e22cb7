//! What a flow inside a flow inherits, and which of its ways out are its own.

use crate::kit::{App, Inside, Oops, Tally, failure, ms_since, nap, now, secs, settle};
use penguiflow::prelude::*;
use penguiflow::{Jitter, Limit, Policy};

#[message]
enum Sorted {
    Enough(u32),
    More(u32),
    Bad,
}

#[router]
fn sort(n: u32) -> Sorted {
    match n {
        0 => Sorted::Bad,
        1..10 => Sorted::More(n),
        _ => Sorted::Enough(n),
    }
}

#[node]
fn plus(n: u32, State(tally): State<'_, Tally>) -> u32 {
    tally.note("plus");
    n + 1
}

#[node(retries = 0)]
async fn rest(n: u32, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    let inside = tally.enter();
    nap(if n == 7 { 1_000_000 } else { 10 }).await;
    inside.finish();
    if n == 5 && ctx.attempt() < 3 { Err(Oops(5)) } else { Ok(n) }
}

#[node]
fn items(n: u32) -> Vec<u32> {
    vec![n; 3]
}

#[node]
fn sum(list: Vec<u32>) -> u32 {
    list.iter().sum()
}

#[controller(turns = 2)]
fn spin(n: u32, State(tally): State<'_, Tally>) -> Step<u32, u32> {
    tally.call();
    if n == 4 { Step::Again(n) } else { Step::Done(n) }
}

flow! { sorted(u32) -> u32 { sort { Enough -> done, More -> plus, Bad -> drop } -> rest } }
flow! { outer(u32) -> u32 { sorted -> plus } }
flow! { over_items(u32) -> u32 { items -> map(sorted, 3) -> sum } }
flow! { spun(u32) -> u32 { spin } }
flow! { around(u32) -> u32 { spun -> plus } }

/// semantics:14, semantics:20
#[tokio::test(start_paused = true)]
async fn done_leaves_the_inner_flow_only_and_drop_ends_the_whole_trace() {
    let (state, tally) = App::new();
    let app = outer::flow().with_state(state.clone()).start().expect("starts");
    assert_eq!(app.call(10).await.expect("leaves the inner flow early"), 11);
    assert_eq!((tally.calls(), tally.notes().len()), (0, 1));
    assert_eq!(app.call(1).await.expect("goes through"), 3);
    assert_eq!((tally.calls(), tally.notes().len()), (1, 3));
    let stop = app.call(0).await.expect_err("is dropped");
    assert!(matches!(&stop, Stop::Dropped { at } if &**at == "sort.Bad"), "{stop}");
    assert_eq!((tally.calls(), tally.notes().len(), app.in_flight()), (1, 3, 0), "nothing behind it ran");

    let app = over_items::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(10).await.expect("each item is done"), 30);
    assert!(matches!(app.call(0).await, Err(Stop::Dropped { .. })));
}

/// semantics:17, semantics:20
#[tokio::test(start_paused = true)]
async fn an_inner_loop_that_is_out_of_turns_ends_the_whole_trace() {
    let (state, tally) = App::new();
    let app = around::flow().with_state(state).start().expect("starts");
    assert!(matches!(app.call(4).await, Err(Stop::BudgetExceeded(Limit::Turns))));
    assert_eq!((tally.calls(), tally.notes().len()), (2, 0));
    assert_eq!(app.call(3).await.expect("is done at once"), 4);
}

/// semantics:34, semantics:20: also where the flow stands in a map.
#[tokio::test(start_paused = true)]
async fn an_override_of_a_node_reaches_it_in_a_flow_that_is_mapped() {
    let (state, tally) = App::new();
    let change = |policy: Policy| policy.with_retries(2).with_jitter(Jitter::None).with_concurrency(2);
    let app = over_items::flow().with_state(state).override_policy::<rest>(change).start().expect("starts");
    let begun = now();
    assert_eq!(app.call(4).await.expect("each item recovers"), 15);
    assert_eq!((tally.calls(), tally.peak()), (9, 2));
    assert_eq!(ms_since(begun), 10 + 10 + 500 + 10 + 1_000 + 10);
}

/// core:AC-12.2, semantics:20
#[tokio::test(start_paused = true)]
async fn a_cancel_and_a_deadline_reach_every_item_of_a_flow_that_is_mapped() {
    let (state, tally) = App::new();
    let app = over_items::flow().with_state(state).start().expect("starts");
    let trace = app.emit(6).await.expect("lets it in");
    settle().await;
    assert_eq!(tally.live(), 3);
    assert!(app.cancel(trace.id()));
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((tally.live(), tally.finished()), (0, 0));
    let begun = now();
    let stop = app.call(Message::new(6).with_deadline(secs(3))).await.expect_err("is too late");
    assert!(matches!(stop, Stop::DeadlineExceeded), "{stop}");
    assert_eq!((ms_since(begun), tally.live(), tally.finished(), app.in_flight()), (3_000, 0, 0, 0));
}

/// semantics:24, semantics:20
#[tokio::test(start_paused = true)]
async fn meta_goes_into_a_flow_and_comes_out_of_it() {
    #[node]
    fn label(m: Message<u32>) -> Message<u32> {
        let outer = m.meta().get("outer").is_some();
        m.with_meta("inner", outer)
    }
    #[node]
    fn labels(m: Message<u32>) -> String {
        serde_json::to_string(m.meta()).expect("is JSON")
    }
    flow! { labelled(u32) -> u32 { label } }
    flow! { labelling(u32) -> String { labelled -> labels } }
    let app = labelling::flow().start().expect("starts");
    let message = Message::new(1).with_meta("outer", 1);
    assert_eq!(app.call(message).await.expect("completes"), r#"{"inner":true,"outer":1}"#);
}

type Held = (u32, Inside);

#[node]
fn hold(held: Held) -> Result<Held, Oops> {
    if held.0 == 1 { Err(Oops(1)) } else { Ok(held) }
}

flow! { in_one(Held) -> Held { hold } }
flow! { in_two(Held) -> Held { in_one -> hold } }
flow! { in_three(Held) -> Held { (in_two, in_one as other) -> join_k(1) -> any } }

#[node]
fn any(mut list: Vec<Held>) -> Held {
    list.remove(0)
}

/// core:W-28, core:W-18: nothing of a flow in a flow is kept, however the trace ends.
#[tokio::test(start_paused = true)]
async fn payloads_go_with_their_trace_through_flows_in_flows() {
    let (_, tally) = App::new();
    let app = in_three::flow().start().expect("starts");
    for n in 0..3 {
        let ended = app.call((n, tally.enter())).await;
        assert_eq!(ended.is_ok(), n != 1);
        drop(ended);
        assert_eq!(tally.live(), 0);
    }
    let error = failure(app.call((1, tally.enter())).await.expect_err("starves"));
    assert_eq!((error.code(), tally.live()), ("JOIN_STARVED", 0));
}

#[node(retries = 1)]
fn where_it_runs(n: u32, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u32, Oops> {
    tally.note(format!("{} attempt {}", ctx.place(), ctx.attempt()));
    if n == 5 { Err(Oops(n)) } else { Ok(n) }
}

flow! { place(u32) -> u32 { where_it_runs } }
flow! { places(u32) -> u32 { place -> items -> map(place as each, 2) -> sum } }

/// What a node calls its place is what its failure tells: the same in each attempt and for each trace, another one for
/// each item.
#[tokio::test(start_paused = true)]
async fn a_node_knows_the_place_that_its_failure_tells() {
    let (state, tally) = App::new();
    let app = places::flow().with_state(state).start().expect("starts");
    for _ in 0..2 {
        assert_eq!(app.call(1).await.expect("completes"), 3);
    }
    let once = ["0/0 attempt 1", "2[0]/0/0 attempt 1", "2[1]/0/0 attempt 1", "2[2]/0/0 attempt 1"];
    assert_eq!(tally.notes(), [once, once].concat());
    let error = failure(app.call(5).await.expect_err("fails"));
    assert_eq!(
        (error.place(), &tally.notes()[8..]),
        ("0/0", &["0/0 attempt 1".to_owned(), "0/0 attempt 2".into()][..])
    );
}
