//! Chains that do not nest: what runs, when, how often, and what failures, cancels and races leave behind.

use crate::kit::{App, Oops, Tally, failure, ms_since, nap, now, secs, settle};
use penguiflow::prelude::*;
use penguiflow::{BranchError, Budget, Ending, ErrorKind, Limit};

/// What each node is told: how long it waits, which one fails, and which one panics.
#[message]
#[derive(Default)]
struct Plan {
    ms: [u64; 6],
    fails: Option<usize>,
    panics: Option<usize>,
    way: usize,
}

impl Plan {
    fn after(ms: [u64; 6]) -> Self {
        Plan { ms, ..Plan::default() }
    }

    fn failing(self, index: usize) -> Self {
        Plan { fails: Some(index), ..self }
    }

    fn panicking(self, index: usize) -> Self {
        Plan { panics: Some(index), ..self }
    }
}

async fn work(name: &str, index: usize, plan: &Plan, tally: &Tally) -> Result<String, Oops> {
    let inside = tally.enter();
    tally.note(format!("{name}?"));
    nap(plan.ms[index]).await;
    assert_ne!(plan.panics, Some(index), "{name} was told to");
    if plan.fails == Some(index) {
        return Err(Oops(index as u32));
    }
    tally.note(name);
    inside.finish();
    Ok(name.to_owned())
}

/// A text of what was run, and the plan.
type Told = (String, Plan);

macro_rules! nodes {
    ($($name:ident $index:literal),*) => {$(
        #[node]
        async fn $name((text, plan): Told, State(tally): State<'_, Tally>) -> Result<Told, Oops> {
            let name = work(stringify!($name), $index, &plan, tally).await?;
            Ok((format!("{text}{name}"), plan))
        }
    )*};
}
nodes!(a 0, b 1, c 2, d 3, e 4, f 5);

#[node]
fn both(((left, plan), (right, _)): (Told, Told)) -> Told {
    (format!("({left}&{right})"), plan)
}

#[node]
fn text((text, _): Told) -> String {
    text
}

#[node]
fn shown((one, two): (Result<Told, BranchError>, Result<Told, BranchError>)) -> String {
    let show =
        |end: Result<Told, BranchError>| end.map_or_else(|e| e.failure().node().to_owned() + "!", |(text, _)| text);
    format!("{} {}", show(one), show(two))
}

fn told(plan: Plan) -> Told {
    (String::new(), plan)
}

/// Starts `$flow` in a new state.
macro_rules! app {
    ($flow:ident) => {{
        let (state, tally) = App::new();
        ($flow::flow().with_state(state).start().expect("starts"), tally)
    }};
}

// `b` is read by two joins: the shape of a bridge, which no nesting of forks has.
flow! { bridge(Told) -> String {
    a -> (b, c);
    b -> d;
    (b, c) -> join -> both -> e;
    (d, e) -> join -> both as last -> text
} }

#[tokio::test(start_paused = true)]
async fn a_bridge_runs_each_node_once_as_soon_as_it_has_its_input() {
    let (app, tally) = app!(bridge);
    let begun = now();
    let gave = app.call(told(Plan::after([10, 20, 50, 25, 5, 0]))).await.expect("completes");
    assert_eq!((gave.as_str(), ms_since(begun)), ("(abd&(ab&ac)e)", 65));
    assert_eq!(tally.notes(), ["a?", "a", "b?", "c?", "b", "d?", "d", "c", "e?", "e"]);
    assert_eq!((tally.calls(), tally.live(), app.in_flight()), (5, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_failure_drops_all_other_stretches_at_once_and_names_its_node() {
    for (fails, ms, calls) in [(0, 10, 1), (1, 30, 3), (2, 60, 4), (3, 55, 4), (4, 65, 5)] {
        let (app, tally) = app!(bridge);
        let begun = now();
        let plan = Plan::after([10, 20, 50, 25, 5, 0]).failing(fails);
        let stop = app.call(told(plan)).await.expect_err("fails");
        assert_eq!(failure(stop).node(), ["a", "b", "c", "d", "e"][fails]);
        assert_eq!((ms_since(begun), tally.calls(), tally.live(), app.in_flight()), (ms, calls, 0, 0), "{fails}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_stretch_is_a_failure_that_names_its_node() {
    let (app, tally) = app!(bridge);
    let stop = app.call(told(Plan::after([0, 10, 20, 0, 0, 0]).panicking(2))).await.expect_err("panics");
    let error = failure(stop);
    assert!(matches!(error.kind(), ErrorKind::Panic(_)) && error.node() == "c", "{error}");
    assert_eq!((tally.live(), app.in_flight()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_cancel_and_a_deadline_reach_every_stretch() {
    let (app, tally) = app!(bridge);
    let trace = app.emit(told(Plan::after([0, 100, 100, 0, 0, 0]))).await.expect("is admitted");
    settle().await;
    assert_eq!(tally.live(), 2);
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    let late = Message::new(told(Plan::after([0, 100_000, 10, 0, 0, 0]))).with_deadline(secs(5));
    assert!(matches!(app.call(late).await, Err(Stop::DeadlineExceeded)));
    assert_eq!((tally.live(), app.in_flight()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn hops_are_counted_once_for_each_node() {
    let (app, tally) = app!(bridge);
    let hops = |n| Message::new(told(Plan::default())).with_budget(Budget::new().hops(n));
    assert!(app.call(hops(8)).await.is_ok());
    assert_eq!(tally.calls(), 5);
    assert!(matches!(app.call(hops(7)).await, Err(Stop::BudgetExceeded(Limit::Hops))));
}

flow! { settled(Told) -> String { a -> (b, c); b -> d; (b, c) -> join -> both; (d, both) -> settle -> shown } }

#[tokio::test(start_paused = true)]
async fn a_failure_goes_on_to_each_gather_behind_it() {
    let (app, tally) = app!(settled);
    let gave = |plan: Plan| app.call(told(plan));
    assert_eq!(gave(Plan::default()).await.expect("settles"), "abd (ab&ac)");
    assert_eq!(gave(Plan::default().failing(2)).await.expect("settles"), "abd c!");
    assert_eq!(gave(Plan::default().failing(3)).await.expect("settles"), "d! (ab&ac)");
    assert_eq!(gave(Plan::default().failing(1)).await.expect("settles"), "b! b!");
    assert_eq!(gave(Plan::default().panicking(1)).await.expect("settles"), "b! b!");
    assert_eq!((tally.live(), app.in_flight()), (0, 0));
}

flow! { raced(Told) -> String { a -> (b, c); b -> d; (b, c) -> join -> both; (d, both) -> first -> text } }

#[tokio::test(start_paused = true)]
async fn what_nobody_waits_for_any_more_is_dropped() {
    let (app, tally) = app!(raced);
    let begun = now();
    let gave = app.call(told(Plan::after([0, 10, 500, 20, 0, 0]))).await.expect("d is first");
    assert_eq!((gave.as_str(), ms_since(begun)), ("abd", 30));
    assert_eq!((tally.calls(), tally.live()), (4, 0));
    let (app, tally) = app!(raced);
    let gave = app.call(told(Plan::after([0, 10, 20, 500, 0, 0]))).await.expect("both is first");
    assert_eq!((gave.as_str(), tally.live()), ("(ab&ac)", 0));
    assert!(!tally.notes().contains(&"d".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_race_tolerates_failures_until_nobody_is_left() {
    let (app, _) = app!(raced);
    assert_eq!(app.call(told(Plan::default().failing(3))).await.expect("both is left"), "(ab&ac)");
    assert_eq!(app.call(told(Plan::after([0, 0, 9, 9, 0, 0]).failing(2))).await.expect("d is left"), "abd");
    let stop = app.call(told(Plan::default().failing(1))).await.expect_err("nobody is left");
    match failure(stop).kind() {
        ErrorKind::JoinStarved { needed: 1, errors } => {
            assert_eq!(errors.iter().map(|error| error.node()).collect::<Vec<_>>(), ["b", "b"]);
        }
        other => panic!("{other}"),
    }
}

#[message]
enum Way {
    One(Told),
    Two(Told),
    Three(Told),
}

#[router]
fn choose((text, plan): Told) -> Way {
    match plan.way {
        1 => Way::One((text, plan)),
        2 => Way::Two((text, plan)),
        _ => Way::Three((text, plan)),
    }
}

flow! { merged(Told) -> String {
    a -> choose { One -> b, Two -> c, Three -> d -> drop };
    b -> e -> f;
    c -> f;
    f -> text
} }
flow! { ends(Told) -> String {
    a -> choose { One -> b, Two -> text -> done, Three -> c };
    b -> d;
    d -> text as told_by_d;
    c -> text as told_by_c
} }
flow! { beside(Told) -> String {
    a -> (choose { One -> b, Two -> c, Three -> d }, f);
    b -> e;
    c -> e;
    e -> text;
    d -> text;
    (text, f) -> join -> pair
} }

#[node]
fn pair((one, (two, _)): (String, Told)) -> String {
    format!("{one}&{two}")
}

#[tokio::test(start_paused = true)]
async fn arms_lead_into_other_chains_and_meet_there() {
    let (app, tally) = app!(merged);
    let way = |way| told(Plan { way, ..Plan::default() });
    assert_eq!(app.call(way(1)).await.expect("completes"), "abef");
    assert_eq!(app.call(way(2)).await.expect("completes"), "acf");
    assert!(matches!(app.call(way(3)).await, Err(Stop::Dropped { at }) if &*at == "choose.Three"));
    assert_eq!((tally.calls(), tally.live()), (9, 0));
    let failing = app.call(told(Plan { way: 1, ..Plan::default() }.failing(4))).await.expect_err("e fails");
    assert_eq!(failure(failing).node(), "e");
}

#[tokio::test(start_paused = true)]
async fn a_flow_may_end_in_several_places_of_which_a_message_reaches_one() {
    let (app, _) = app!(ends);
    let way = |way| told(Plan { way, ..Plan::default() });
    assert_eq!(app.call(way(1)).await.expect("completes"), "abd");
    assert_eq!(app.call(way(2)).await.expect("is done"), "a");
    assert_eq!(app.call(way(3)).await.expect("completes"), "ac");
}

#[tokio::test(start_paused = true)]
async fn arms_that_meet_may_run_beside_another_stretch() {
    let (app, _) = app!(beside);
    for (way, gave, ms) in [(1, "abe&af", 30), (2, "ace&af", 40), (3, "ad&af", 25)] {
        let (begun, plan) = (now(), Plan { way, ..Plan::after([0, 10, 20, 5, 20, 25]) });
        assert_eq!((app.call(told(plan)).await.expect("completes").as_str(), ms_since(begun)), (gave, ms));
    }
}

flow! { aside(Told) -> String {
    a -> tee(f) -> (b, c);
    b -> tee(e, best_effort) -> d;
    (b, c) -> join -> both;
    (d, both) -> join -> both as last -> text
} }

#[tokio::test(start_paused = true)]
async fn side_branches_are_awaited_before_the_ending() {
    let (app, tally) = app!(aside);
    let begun = now();
    let gave = app.call(told(Plan::after([0, 10, 10, 10, 50, 90]))).await.expect("completes");
    assert_eq!((gave.as_str(), ms_since(begun)), ("(abd&(ab&ac))", 90));
    assert_eq!(app.call(told(Plan::default().failing(4))).await.expect("best effort"), gave);
    assert_eq!(app.counts().dead_letters, 1);
    let begun = now();
    let stop = app.call(told(Plan::after([0, 100, 100, 100, 0, 5]).failing(5))).await.expect_err("f fails");
    assert_eq!((failure(stop).node(), ms_since(begun), tally.live()), ("f", 5, 0));
}

flow! { starved(Told) -> String {
    a -> (b, c);
    (b, c) -> first -> d;
    d -> e;
    (d, e) -> settle -> shown
} }

#[tokio::test(start_paused = true)]
async fn two_who_are_told_of_one_failure_are_told_the_same() {
    let (app, _) = app!(starved);
    assert_eq!(app.call(told(Plan::default().failing(1))).await.expect("c is left"), "acd acde");
    let both = Plan { panics: Some(2), ..Plan::default().failing(1) };
    assert_eq!(app.call(told(both)).await.expect("settles"), "first! first!");
}

flow! { leaves(Told) -> String { a -> tee(f) -> (b, c); b -> choose { One -> d, Two -> drop, Three -> e }; d -> text; e -> text; (text, c) -> join -> pair } }

#[tokio::test(start_paused = true)]
async fn an_arm_that_drops_waits_for_side_branches_and_drops_all_else() {
    let (app, tally) = app!(leaves);
    let (begun, plan) = (now(), Plan { way: 2, ..Plan::after([0, 10, 500, 0, 0, 50]) });
    let trace = app.emit(told(plan)).await.expect("is admitted");
    nap(15).await;
    assert_eq!(tally.live(), 1, "the side branch alone");
    assert!(matches!(trace.result().await, Ending::Dropped { at } if &*at == "choose.Two"));
    assert_eq!((ms_since(begun), tally.live()), (50, 0));
}

// The same where a gather tolerates failures.
flow! { leaves_a_race(Told) -> String {
    a -> tee(f) -> (b, c);
    b -> choose { One -> d, Two -> drop, Three -> e };
    d -> text; e -> text; c -> text as other;
    (text, other) -> first
} }

#[tokio::test(start_paused = true)]
async fn a_side_branch_that_fails_behind_a_drop_fails_the_trace() {
    let plan = || told(Plan { way: 2, ..Plan::after([0, 10, 500, 0, 0, 50]) }.failing(5));
    let begun = now();
    let (strict, tally) = app!(leaves);
    let stop = strict.call(plan()).await.expect_err("f fails");
    assert_eq!((failure(stop).node(), ms_since(begun), tally.live()), ("f", 50, 0));
    let begun = now();
    let (tolerant, tally) = app!(leaves_a_race);
    let stop = tolerant.call(plan()).await.expect_err("f fails");
    assert_eq!((failure(stop).node(), ms_since(begun), tally.live()), ("f", 50, 0));
}

flow! { late_side(Told) -> String {
    a -> (c, b);
    c -> tee(f) -> d;
    (c, b) -> join -> both;
    (d, both) -> join -> both as last -> text
} }

#[tokio::test(start_paused = true)]
async fn a_side_branch_does_not_begin_when_the_trace_has_failed() {
    let (app, tally) = app!(late_side);
    let stop = app.call(told(Plan::after([0, 10, 10, 0, 0, 0]).failing(1))).await.expect_err("b fails");
    assert_eq!(failure(stop).node(), "b");
    assert!(!tally.notes().iter().any(|note| note == "f?"), "{:?}", tally.notes());
}

flow! { apart(Told) -> String {
    a -> parallel(b, c);
    b -> d;
    (b, c) -> join -> both;
    (d, both) -> join -> both as last -> text
} }

#[tokio::test(start_paused = true)]
async fn stretches_in_tasks_of_their_own_end_with_their_trace() {
    let (app, tally) = app!(apart);
    let begun = now();
    let gave = app.call(told(Plan::after([0, 10, 30, 40, 0, 0]))).await.expect("completes");
    assert_eq!((gave.as_str(), ms_since(begun)), ("(abd&(ab&ac))", 50));
    let stop = app.call(told(Plan::after([0, 10, 500, 0, 0, 0]).failing(1))).await.expect_err("b fails");
    settle().await;
    assert_eq!((failure(stop).node(), tally.live()), ("b", 0));
}

/// Pays, and is never dropped half done.
#[node(effect = irreversible)]
async fn pay((text, plan): Told, State(tally): State<'_, Tally>) -> Result<Told, Oops> {
    let name = work("pay", 5, &plan, tally).await?;
    Ok((format!("{text}{name}"), plan))
}

flow! { paying(Told) -> String {
    a -> (b, c, pay);
    b -> d;
    (b, c) -> join -> both;
    (d, both) -> join -> both as last;
    (last, pay) -> join -> both as all -> text
} }

#[tokio::test(start_paused = true)]
async fn a_failure_lets_an_irreversible_attempt_in_another_stretch_end() {
    let (app, tally) = app!(paying);
    let begun = now();
    let stop = app.call(told(Plan::after([0, 10, 500, 0, 0, 90]).failing(1))).await.expect_err("b fails");
    assert_eq!((failure(stop).node(), ms_since(begun)), ("b", 90));
    assert!(tally.notes().contains(&"pay".to_owned()) && tally.live() == 0, "{:?}", tally.notes());
    let trace = app.emit(told(Plan::after([0, 500, 500, 0, 0, 90]))).await.expect("is admitted");
    nap(5).await;
    trace.cancel();
    let begun = now();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    assert_eq!((ms_since(begun), tally.live()), (85, 0));
}

#[node]
async fn tick(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.note("tick");
    nap(n).await;
    n
}

#[node]
fn add((one, two): (u64, u64)) -> u64 {
    one + two
}

// Each step of the ladder is read by the next one and by the one behind that.
flow! { ladder(u64) -> u64 {
    tick -> (tick as l0, tick as r0);
    l0 -> tick as l1; (l0, r0) -> join -> add as r1;
    l1 -> tick as l2; (l1, r1) -> join -> add as r2;
    l2 -> tick as l3; (l2, r2) -> join -> add as r3;
    l3 -> tick as l4; (l3, r3) -> join -> add as r4;
    l4 -> tick as l5; (l4, r4) -> join -> add as r5;
    l5 -> tick as l6; (l5, r5) -> join -> add as r6;
    l6 -> tick as l7; (l6, r6) -> join -> add as r7;
    l7 -> tick as l8; (l7, r7) -> join -> add as r8;
    (l8, r8) -> join -> add
} }

#[tokio::test(start_paused = true)]
async fn a_weave_of_many_stretches_keeps_its_order() {
    let (app, tally) = app!(ladder);
    let begun = now();
    assert_eq!(app.call(5).await.expect("completes"), 50);
    assert_eq!((ms_since(begun), tally.notes().len()), (50, 11));
    let trace = app.emit(1000).await.expect("is admitted");
    nap(10).await;
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
}

flow! { arms_follow(Told) -> String { a -> choose; choose { One -> b, Two -> c, Three -> drop }; b -> d -> text; c -> text } }

#[tokio::test(start_paused = true)]
async fn the_arms_of_a_router_may_stand_in_a_later_chain() {
    let (app, _) = app!(arms_follow);
    let way = |way| told(Plan { way, ..Plan::default() });
    assert_eq!(app.call(way(1)).await.expect("completes"), "abd");
    assert_eq!(app.call(way(2)).await.expect("completes"), "ac");
    assert!(matches!(app.call(way(3)).await, Err(Stop::Dropped { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_weave_is_an_expression_and_a_sub_flow_like_any_other_flow() {
    let (state, _) = App::new();
    let flow = flow! { a -> (b, c); b -> d; (b, c) -> join -> both; (d, both) -> join -> both as last -> text };
    let app = flow.with_state(state).start().expect("starts");
    assert_eq!(app.call(told(Plan::default())).await.expect("completes"), "(abd&(ab&ac))");
    let (app, _) = app!(around);
    let plans = vec![told(Plan::default()), told(Plan::default())];
    assert_eq!(app.call(plans).await.expect("completes"), ["(abd&(ab&ac)e)", "(abd&(ab&ac)e)"]);
}

flow! { around(Vec<Told>) -> Vec<String> { map(bridge, 2) } }
