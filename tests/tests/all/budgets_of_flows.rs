//! `budget { … }` before a flow's first chain: each trace of the flow holds to it, whatever its message and the start say.

use crate::kit::{App, Oops, Tally, ms_since, nap, now, secs};
use penguiflow::clock::{Clock, Seam, millis};
use penguiflow::prelude::*;
use penguiflow::{
    Allowance, Budget, CallError, Cost, FlowInfo, Limit, Money, Options, OverBudget, Playbook, Registry, flows,
};
use std::sync::Mutex;
use std::time::SystemTime;
use tokio::time::Instant;

#[node]
fn step(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n + 1
}

/// Notes what is left, then pays.
#[node]
fn pay(cost: (u64, u64), ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, OverBudget> {
    let (tokens, cents) = cost;
    let budget = ctx.budget();
    tally.note(format!("{:?} {:?}", budget.left().tokens, budget.left().usd.map(|usd| usd.to_string())));
    let cost = Cost::tokens(tokens).and_usd(Money::from_cents(cents));
    budget.reserve(cost)?.settle(cost);
    Ok(tokens)
}

#[node]
async fn wait(ms: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    nap(ms).await;
    ms
}

flow! {
    short(u64) -> u64 {
        budget { hops: 3 }
        step -> step as b -> step as c -> step as d
    }
}
flow! { spending((u64, u64)) -> u64 { budget { usd: 0.50, tokens: 40 } pay } }
flow! { timely(u64) -> u64 { budget { deadline: "1s" } wait -> step } }

/// Starts `$flow` in a new state, and gives the tally that its nodes count with.
macro_rules! app {
    ($flow:ident) => {
        app!($flow, Options::new())
    };
    ($flow:ident, $options:expr) => {{
        let (state, tally) = App::new();
        ($flow::flow().with_state(state).with_options($options).start().expect("starts"), tally)
    }};
}

/// The limit that was used up, if that is how it ended.
fn limit<T>(ended: Result<T, Stop>) -> Option<Limit> {
    match ended {
        Err(Stop::BudgetExceeded(limit)) => Some(limit),
        _ => None,
    }
}

fn cents(cents: u64) -> Budget {
    Budget::new().usd(Money::from_cents(cents))
}

/// semantics:36
#[tokio::test(start_paused = true)]
async fn each_trace_of_a_flow_has_the_flow_s_budget_for_itself() {
    let (app, tally) = app!(short);
    for _ in 0..2 {
        assert_eq!(limit(app.call(0).await), Some(Limit::Hops));
    }
    assert_eq!(tally.calls(), 6);
    let ended = app.emit(0).await.expect("has room").result().await;
    assert!(matches!(ended, Ending::BudgetExceeded(Limit::Hops)));
    assert_eq!((app.counts().budget_exceeded, app.counts().failed), (3, 0));
}

/// semantics:36
#[tokio::test(start_paused = true)]
async fn of_message_start_and_flow_the_narrowest_limit_of_each_kind_holds() {
    let (app, tally) = app!(short);
    let calls = |before: usize| tally.calls() - before;
    assert_eq!(limit(app.call(Message::new(0).with_budget(Budget::new().hops(2))).await), Some(Limit::Hops));
    assert_eq!(calls(0), 2, "a message may ask for less");
    assert_eq!(limit(app.call(Message::new(0).with_budget(Budget::new().hops(64))).await), Some(Limit::Hops));
    assert_eq!(calls(2), 3, "but not for more");
    let (app, tally) = app!(short, Options::new().with_budget(Budget::new().hops(1)));
    assert_eq!(limit(app.call(Message::new(0).with_budget(Budget::new().hops(2))).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 1, "nor for more than the start allows");
    let (app, tally) = app!(short, Options::new().with_budget(Budget::new().hops(64)));
    assert_eq!(limit(app.call(0).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 3, "which cannot raise what the flow says");

    let (app, tally) = app!(spending, Options::new().with_budget(Budget::new().tokens(30).hops(9)));
    let with = |cost, budget| Message::new(cost).with_budget(budget);
    assert_eq!(app.call(with((9, 9), cents(20))).await.expect("has enough"), 9);
    assert_eq!(app.call(with((9, 9), cents(90).tokens(90))).await.expect("has enough"), 9);
    assert_eq!(limit(app.call(with((31, 0), cents(90).tokens(90))).await), Some(Limit::Tokens));
    assert_eq!(limit(app.call(with((1, 21), cents(20))).await), Some(Limit::Usd));
    let seen = ["$0.20", "$0.50", "$0.50", "$0.20"].map(|usd| format!("Some(30) Some({usd:?})"));
    assert_eq!(tally.notes(), seen);
}

#[tokio::test(start_paused = true)]
async fn a_flow_without_a_budget_takes_that_of_the_start() {
    flow! { free(u64) -> u64 { step -> step as b } }
    let (app, tally) = app!(free, Options::new().with_budget(Budget::new().hops(1)));
    assert_eq!(limit(app.call(0).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 1);
    let (app, _) = app!(free);
    assert_eq!(app.call(0).await.expect("has no limit"), 2);
}

#[tokio::test(start_paused = true)]
async fn of_message_start_and_flow_the_shortest_deadline_holds() {
    for (message, start, ends) in [
        (None, None, 1_000),
        (Some(9_000), Some(9_000), 1_000),
        (Some(600), Some(700), 600),
        (Some(800), Some(700), 700),
    ] {
        let options = start.map_or_else(Options::new, |ms| Options::new().with_deadline(millis(ms)));
        let (app, tally) = app!(timely, options);
        let asked = |wait| match message {
            Some(ms) => Message::new(wait).with_deadline(millis(ms)),
            None => Message::new(wait),
        };
        let start = now();
        assert!(matches!(app.call(asked(5_000)).await, Err(Stop::DeadlineExceeded)));
        assert_eq!(ms_since(start), u128::from(ends as u64));
        assert_eq!(app.call(asked(500)).await.expect("is in time"), 501);
        assert_eq!(tally.calls(), 3);
        assert_eq!(app.counts().deadline_exceeded, 1);
    }
}

flow! { piped(u64) -> u64 { channels(4) budget { hops: 2, deadline: "1s" } step -> wait -> step as b } }

#[tokio::test(start_paused = true)]
async fn a_budget_stands_beside_channels_and_counts_what_their_workers_run() {
    let (app, tally) = app!(piped);
    assert_eq!(limit(app.call(0).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 2);
    assert!(matches!(app.call(5_000).await, Err(Stop::DeadlineExceeded)));
}

#[tokio::test(start_paused = true)]
async fn an_expression_has_a_budget_as_well() {
    let (state, tally) = App::new();
    let app = flow! { budget { hops: 1 }; step -> step as b }.with_state(state).start().expect("starts");
    assert_eq!(limit(app.call(0).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 1);
}

#[node(retries = 4, backoff = "1ms")]
fn costly(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
    let cost = Cost::tokens(10);
    ctx.budget().reserve(cost)?.settle(cost);
    tally.call();
    if u64::from(ctx.attempt()) < n { Err(Oops(0).into()) } else { Ok(n) }
}
flow! { trying(u64) -> u64 { budget { hops: 2, tokens: 30 } costly -> step } }

#[tokio::test(start_paused = true)]
async fn a_retry_is_no_hop_and_each_attempt_costs() {
    let (app, tally) = app!(trying);
    assert_eq!(app.call(3).await.expect("has enough for three attempts"), 4);
    assert_eq!(tally.calls(), 4);
    assert_eq!(limit(app.call(4).await), Some(Limit::Tokens));
    assert_eq!(tally.calls(), 7, "the fourth attempt was refused before it spent");
}

#[tokio::test(start_paused = true)]
async fn a_stubbed_node_is_a_hop_like_any_other() {
    let (state, tally) = App::new();
    let app = short::flow().with_state(state).stub::<step>(|n| Ok(n + 10)).start().expect("starts");
    assert_eq!(limit(app.call(0).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 0);
    let (state, _) = App::new();
    let app = trying::flow().with_state(state).stub::<costly>(Ok).start().expect("starts");
    assert_eq!(app.call(9).await.expect("a stub spends nothing"), 10);
}

/// Where a node leaves its budget for who looks later.
#[derive(Default)]
struct Left(Mutex<Vec<Allowance>>);
#[derive(Default, Provides)]
struct Desk {
    left: std::sync::Arc<Left>,
}

#[node]
async fn hold(n: u64, ctx: &Ctx, State(left): State<'_, std::sync::Arc<Left>>) -> Result<u64, OverBudget> {
    left.0.lock().expect("no test panics inside").push(ctx.budget());
    let reserved = ctx.budget().reserve(Cost::tokens(n))?;
    nap(1_000).await;
    reserved.settle(Cost::tokens(1));
    Ok(n)
}
flow! { holding(u64) -> u64 { budget { tokens: 40 } hold } }

/// semantics:36
#[tokio::test(start_paused = true)]
async fn a_cancel_leaves_what_was_reserved_in_doubt_and_hands_nothing_back() {
    let left = std::sync::Arc::<Left>::default();
    let app = holding::flow().with_state(Desk { left: left.clone() }).start().expect("starts");
    let trace = app.emit(30).await.expect("has room");
    nap(10).await;
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    let allowance = left.0.lock().expect("no test panics inside").pop().expect("it was reserved");
    assert_eq!((allowance.in_doubt(), allowance.spent().tokens, allowance.left().tokens), (1, 30, Some(10)));
    assert_eq!(app.call(30).await.expect("another trace has all of it"), 30);
}

#[node]
async fn talk(n: u64, ctx: &Ctx) -> Result<u64, OverBudget> {
    let mut out = ctx.stream("talk");
    for _ in 0..n {
        ctx.budget().reserve(Cost::tokens(1))?.settle(Cost::tokens(1));
        out.send("word ").await;
    }
    out.finish().await;
    Ok(n)
}
flow! { talking(u64) -> u64 { budget { tokens: 3 } talk } }

#[tokio::test(start_paused = true)]
async fn what_was_written_before_the_budget_ran_out_is_read_and_the_stream_says_that_it_broke_off() {
    let app = talking::flow().start().expect("starts");
    let (mut chunks, trace) = app.emit(5).await.expect("has room").split();
    let mut read = Vec::new();
    while let Some(chunk) = chunks.next().await {
        read.push((chunk.text, chunk.aborted));
    }
    let word = || ("word ".to_owned(), false);
    assert_eq!(read, [word(), word(), word(), (String::new(), true)]);
    assert!(matches!(trace.result().await, Ending::BudgetExceeded(Limit::Tokens)));
}

#[node]
async fn ask(n: u64, ctx: &Ctx, State(book): State<'_, Playbook<u64, u64>>) -> String {
    let ended = ctx.call(book, n).await;
    let spent = ctx.budget().spent();
    match ended {
        Ok(n) => format!("{n}, {} tokens", spent.tokens),
        Err(CallError::BudgetExceeded(limit)) => format!("{limit:?}, {} tokens", spent.tokens),
        Err(CallError::DeadlineExceeded) => "late".to_owned(),
        Err(other) => other.to_string(),
    }
}
#[derive(Provides)]
struct Shelf {
    book: Playbook<u64, u64>,
}
flow! { asking(u64) -> String { budget { tokens: 100, deadline: "9s" } ask } }

/// semantics:30
#[tokio::test(start_paused = true)]
async fn the_budget_of_a_called_flow_ends_the_call_alone_and_what_it_spends_counts_outside() {
    let (called, tally) = app!(trying);
    let app = asking::flow().with_state(Shelf { book: called.playbook() }).start().expect("starts");
    assert_eq!(app.call(3).await.expect("completes"), "4, 30 tokens");
    assert_eq!(app.call(4).await.expect("the caller goes on"), "Tokens, 30 tokens");
    let narrow = Message::new(3).with_budget(Budget::new().tokens(20));
    assert_eq!(limit(app.call(narrow).await), Some(Limit::Tokens), "the caller's own budget ends the trace");
    assert_eq!(tally.calls(), 4 + 3 + 2);
    assert_eq!((called.counts().budget_exceeded, app.counts().budget_exceeded), (2, 1));
    let (called, _) = app!(timely);
    let app = asking::flow().with_state(Shelf { book: called.playbook() }).start().expect("starts");
    let start = now();
    assert_eq!(app.call(5_000).await.expect("the caller goes on"), "late");
    assert_eq!(ms_since(start), 1_000);
}

#[tokio::test(start_paused = true)]
async fn a_flow_keeps_its_budget_where_only_its_types_or_its_name_are_known() {
    let (app, tally) = app!(short);
    assert_eq!(limit(app.playbook().call(0).await), Some(Limit::Hops));
    let registry = Registry::new().serve(&app).expect("is new");
    let found: Playbook<u64, u64> = registry.get("short").expect("was served");
    assert_eq!(limit(found.call(0).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 6);
}

#[test]
fn the_program_s_list_of_flows_tells_what_each_run_may_spend() {
    let told = |name| {
        let of = |flow: &&FlowInfo| flow.name == name && flow.module.ends_with("budgets_of_flows");
        let flow = flows().find(of).expect("is listed");
        (flow.budget, flow.deadline)
    };
    assert_eq!(told("spending"), (cents(50).tokens(40), None));
    assert_eq!(told("timely"), (Budget::new(), Some(secs(1))));
    assert_eq!(told("piped"), (Budget::new().hops(2), Some(secs(1))));
}

#[tokio::test]
async fn a_budget_makes_no_future_bigger() {
    flow! { free(u64) -> u64 { step -> step as b -> step as c -> step as d } }
    let (state, _) = App::new();
    let with_budget = short::flow().with_state(state.clone()).frame_bytes();
    assert_eq!(with_budget, free::flow().with_state(state).frame_bytes());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_spent_for_a_message_that_was_let_in_too_late() {
    let (app, tally) = app!(timely);
    assert!(matches!(app.call(Message::new(1).with_deadline(secs(0))).await, Err(Stop::DeadlineExceeded)));
    assert_eq!(tally.calls(), 0);
}

/// Counts how often the time is asked for.
#[derive(Default)]
struct Asked(Tally);

impl Clock for Asked {
    fn now(&self) -> Instant {
        self.0.call();
        now()
    }

    fn wall_at(&self, _: Instant) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_costs_a_look_at_the_clock_for_each_run_and_none_for_a_hop() {
    flow! { long(u64) -> u64 { budget { deadline: "1s" } step -> step as b -> step as c -> step as d -> step as e } }
    flow! { around(u64) -> u64 { long -> long as again } }
    let looks = Tally::default();
    let seam = Seam::system().with_clock(Asked(looks.clone()));
    let (app, _) = app!(long, Options::new().with_seam(seam.clone()));
    let before = looks.calls();
    assert_eq!(app.call(0).await.expect("is in time"), 5);
    let once = looks.calls() - before;
    let (app, _) = app!(around, Options::new().with_seam(seam));
    let before = looks.calls();
    assert_eq!(app.call(0).await.expect("is in time"), 10);
    assert_eq!((once, looks.calls() - before), (1, 1 + 2));
}
