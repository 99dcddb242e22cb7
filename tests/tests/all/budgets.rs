//! Budgets of a trace: hops are counted at the gate, tokens and money are reserved before they are spent.

use crate::kit::{App, Oops, Tally, nap, secs};
use penguiflow::prelude::*;
use penguiflow::{Budget, CallError, Cost, Limit, Money, OverBudget, Playbook};

#[node]
fn step(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n + 1
}

#[node]
fn sum((a, b): (u64, u64), State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    a + b
}

#[node]
fn list(values: Vec<u64>) -> u64 {
    values.iter().sum()
}

/// Reserves as many tokens as it is told, after some time.
#[node]
async fn pay(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, OverBudget> {
    nap(n).await;
    let reserved = ctx.budget().reserve(Cost::tokens(n))?;
    tally.call();
    reserved.settle(Cost::tokens(n));
    Ok(n)
}

flow! { chain(u64) -> u64 { step -> step as b -> step as c -> step as d } }
flow! { paying(u64) -> u64 { pay } }
flow! { forked(u64) -> u64 { (pay, pay as other) -> join -> sum } }

/// Starts `$flow` in a new state, and gives the tally that its nodes count with.
macro_rules! app {
    ($flow:ident) => {{
        let (state, tally) = App::new();
        ($flow::flow().with_state(state).start().expect("starts"), tally)
    }};
}

fn hops(n: u64, hops: u64) -> Message<u64> {
    Message::new(n).with_budget(Budget::new().hops(hops))
}

fn tokens(n: u64, tokens: u64) -> Message<u64> {
    Message::new(n).with_budget(Budget::new().tokens(tokens))
}

/// The limit that was used up, if that is how it ended.
fn limit<T>(ended: Result<T, Stop>) -> Option<Limit> {
    match ended {
        Err(Stop::BudgetExceeded(limit)) => Some(limit),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn out_of_hops_a_trace_ends_before_the_next_node_is_called() {
    for allowed in 0..4 {
        let (app, tally) = app!(chain);
        assert_eq!(limit(app.call(hops(0, allowed)).await), Some(Limit::Hops));
        assert_eq!(tally.calls() as u64, allowed);
        assert_eq!(app.counts().budget_exceeded, 1);
    }
    let (app, tally) = app!(chain);
    assert_eq!(app.call(hops(0, 4)).await.expect("has enough"), 4);
    assert_eq!(app.call(0).await.expect("has no limit"), 4);
    assert_eq!(tally.calls(), 8);
}

#[node(retries = 2, backoff = "1ms")]
fn third_time(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    tally.call();
    if ctx.attempt() < 3 { Err(Oops(0)) } else { Ok(n) }
}
flow! { retrying(u64) -> u64 { third_time -> step } }
flow! { outer(u64) -> u64 { step -> chain -> (step as left, step as right) -> join -> sum } }

#[node]
async fn ask(n: u64, ctx: &Ctx, State(book): State<'_, Playbook<u64, u64>>) -> Result<u64, CallError> {
    ctx.call(book, n).await
}
#[derive(Provides)]
struct Shelf {
    book: Playbook<u64, u64>,
}
flow! { asking(u64) -> u64 { ask } }

#[tokio::test(start_paused = true)]
async fn hops_are_counted_in_forks_sub_flows_and_calls_and_a_retry_is_none() {
    let (app, tally) = app!(retrying);
    assert_eq!(app.call(hops(0, 2)).await.expect("has enough"), 1);
    assert_eq!(tally.calls(), 4, "three attempts are one hop");
    // One, four in the sub-flow, two in the branches, one behind them.
    let (app, tally) = app!(outer);
    assert_eq!(app.call(hops(0, 8)).await.expect("has enough"), 12);
    assert_eq!(tally.calls(), 8);
    assert_eq!(limit(app.call(hops(0, 7)).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 15);
    let (called, tally) = app!(chain);
    let app = asking::flow().with_state(Shelf { book: called.playbook() }).start().expect("starts");
    assert_eq!(app.call(hops(0, 5)).await.expect("has enough"), 4);
    assert_eq!(limit(app.call(hops(0, 3)).await), Some(Limit::Hops));
    assert_eq!(tally.calls(), 6);
}

#[controller(turns = 10)]
fn earn(spent: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<Step<u64, u64>, OverBudget> {
    ctx.budget().reserve(Cost::tokens(5))?.settle(Cost::tokens(5));
    tally.call();
    Ok(Step::Again(spent + 5))
}
flow! { earning(u64) -> u64 { earn } }

/// core:AC-10.4
#[tokio::test(start_paused = true)]
async fn a_loop_that_uses_up_its_tokens_ends_by_the_token_budget() {
    let (app, tally) = app!(earning);
    let stop = app.call(tokens(0, 12)).await.expect_err("runs out");
    assert_eq!(stop.to_string(), "Token budget exhausted");
    assert_eq!(limit::<()>(Err(stop)), Some(Limit::Tokens));
    assert_eq!(tally.calls(), 2, "the third reservation was refused before anything was spent");
}

#[tokio::test(start_paused = true)]
async fn branches_that_reserve_together_get_no_more_than_there_is() {
    let (app, tally) = app!(forked);
    assert_eq!(app.call(tokens(5, 10)).await.expect("has enough"), 10);
    assert_eq!(tally.calls(), 3);
    assert_eq!(limit(app.call(tokens(5, 9)).await), Some(Limit::Tokens));
    assert_eq!(tally.calls(), 4, "one branch paid, and nothing ran behind the join");
}

flow! { tolerant(u64) -> u64 { (pay, pay as b, step) -> join_k(1) -> list } }

#[tokio::test(start_paused = true)]
async fn a_refusal_is_an_ending_and_no_failure_that_a_join_tolerates_or_a_retry_mends() {
    #[node(retries = 5, backoff = "1ms")]
    fn stubborn(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, OverBudget> {
        tally.call();
        ctx.budget().reserve(Cost::tokens(n))?.settle(Cost::tokens(n));
        Ok(n)
    }
    flow! { trying(u64) -> u64 { (stubborn, stubborn as b) -> join_k(1) -> list } }
    let (app, tally) = app!(trying);
    assert_eq!(limit(app.call(tokens(5, 4)).await), Some(Limit::Tokens));
    assert_eq!(tally.calls(), 1);
    assert_eq!(app.counts().failed, 0);
    let (app, _) = app!(tolerant);
    assert_eq!(app.call(tokens(5, 4)).await.expect("another branch is first"), 6);
}

/// Pays otherwise than it has reserved.
#[node]
fn misjudge((reserved, actual): (u64, u64), ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, OverBudget> {
    let budget = ctx.budget();
    budget.reserve(Cost::usd(Money::from_cents(reserved)))?.settle(Cost::usd(Money::from_cents(actual)));
    tally.note(format!("{} {:?}", budget.spent().usd, budget.left().usd.map(|usd| usd.to_string())));
    Ok(actual)
}
flow! { misjudging((u64, u64)) -> u64 { misjudge -> step } }

#[tokio::test(start_paused = true)]
async fn what_it_came_to_is_charged_and_overspending_ends_the_trace_before_its_next_node() {
    let (app, tally) = app!(misjudging);
    let cents =
        |reserved, actual| Message::new((reserved, actual)).with_budget(Budget::new().usd(Money::from_cents(50)));
    assert_eq!(app.call(cents(40, 10)).await.expect("has enough"), 11);
    let stop = app.call(cents(40, 60)).await.expect_err("has spent too much");
    assert_eq!(stop.to_string(), "Money budget exhausted");
    assert_eq!(limit(app.call(cents(51, 0)).await), Some(Limit::Usd));
    assert_eq!(tally.notes(), ["$0.10 Some(\"$0.40\")", "$0.60 Some(\"$0.00\")"]);
    assert_eq!(tally.calls(), 1);
}

#[node(timeout = "10ms", retries = 1, backoff = "1ms")]
async fn forget(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, OverBudget> {
    let budget = ctx.budget();
    let reserved = budget.reserve(Cost::tokens(n))?;
    if ctx.attempt() == 1 {
        nap(1_000).await;
    }
    reserved.settle(Cost::tokens(1));
    tally.note(format!("{} spent, {} in doubt", budget.spent().tokens, budget.in_doubt()));
    Ok(n)
}
flow! { forgetting(u64) -> u64 { forget } }

#[tokio::test(start_paused = true)]
async fn a_reservation_that_is_dropped_is_charged_in_full() {
    let (app, tally) = app!(forgetting);
    assert_eq!(app.call(tokens(10, 20)).await.expect("has enough for both"), 10);
    assert_eq!(tally.notes(), ["11 spent, 1 in doubt"]);
    assert_eq!(limit(app.call(tokens(10, 19)).await), Some(Limit::Tokens));
}

#[node]
async fn ask_for_less(n: u64, ctx: &Ctx, State(book): State<'_, Playbook<u64, u64>>) -> u64 {
    let ended = ctx.call(book, Message::new(n).with_budget(Budget::new().tokens(5))).await;
    let spent = ctx.budget().spent().tokens;
    match ended {
        Ok(_) => spent,
        Err(CallError::BudgetExceeded(Limit::Tokens)) => 1_000 + spent,
        Err(_) => 2_000,
    }
}
flow! { lending(u64) -> u64 { ask_for_less } }

#[tokio::test(start_paused = true)]
async fn a_call_is_bound_by_its_own_budget_and_by_what_the_trace_has_left() {
    let (called, tally) = app!(paying);
    let app = lending::flow().with_state(Shelf { book: called.playbook() }).start().expect("starts");
    assert_eq!(app.call(tokens(5, 8)).await.expect("has enough"), 5, "what the call spends counts outside");
    assert_eq!(app.call(tokens(6, 8)).await.expect("goes on"), 1_000, "its own budget ends the call alone");
    assert_eq!(limit(app.call(tokens(5, 4)).await), Some(Limit::Tokens));
    assert_eq!(tally.calls(), 1);
}

#[node]
async fn spend_all(n: u64, ctx: &Ctx) -> Result<u64, OverBudget> {
    let cost = Cost::tokens(9).and_usd(Money::from_cents(9));
    ctx.budget().reserve(Cost::default())?.settle(cost);
    nap(n).await;
    Ok(n)
}
flow! { ordered(u64) -> u64 { spend_all -> step } }

/// semantics:27
#[tokio::test(start_paused = true)]
async fn the_gate_asks_for_the_deadline_then_hops_then_tokens_then_money() {
    let (app, tally) = app!(ordered);
    let all = Budget::new().hops(1).tokens(1).usd(Money::from_cents(1));
    let with = |budget| Message::new(0).with_budget(budget);
    assert_eq!(limit(app.call(with(all)).await), Some(Limit::Hops));
    assert_eq!(limit(app.call(with(all.hops(2))).await), Some(Limit::Tokens));
    assert_eq!(limit(app.call(with(Budget::new().usd(Money::from_cents(1)))).await), Some(Limit::Usd));
    let late = Message::new(2_000).with_budget(all).with_deadline(secs(1));
    assert!(matches!(app.call(late).await, Err(Stop::DeadlineExceeded)));
    assert_eq!(tally.calls(), 0);
}
