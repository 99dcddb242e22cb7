//! Budgets: what a run may spend is set aside before the model is called, and settled with what it came to. A call that nobody
//! can tell the cost of is in doubt, and charged in full. What is not left is refused before it is spent.

use penguiflow::prelude::*;
use penguiflow::{BoxError, Budget, Cost, Money, OverBudget};
use std::future::pending;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Stands for a language model that is paid by the token.
#[derive(Default)]
struct Model {
    calls: AtomicU32,
}

impl Model {
    const TOKENS_MAX: u64 = 1_000;
    const PRICE: Money = Money::from_micros(15);

    /// A text, and how many tokens it took. Of fog the model tells nothing when it is asked for the first time.
    async fn write(&self, topic: &str, attempt: u32) -> (String, u64) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        match (topic, attempt) {
            ("fog", 1) => pending().await,
            _ => (format!("On {topic}."), 400),
        }
    }

    fn cost(tokens: u64) -> Cost {
        Cost::tokens(tokens).and_usd(Model::PRICE.times(tokens))
    }
}

#[derive(Default, Provides)]
pub(crate) struct App {
    model: Arc<Model>,
}

#[node]
fn plan(topics: String) -> Vec<String> {
    topics.split(", ").map(str::to_owned).collect()
}

#[node(retries = 1, timeout = "2s")]
async fn write_part(topic: String, ctx: &Ctx, State(model): State<'_, Arc<Model>>) -> Result<String, OverBudget> {
    let reserved = ctx.budget().reserve(Model::cost(Model::TOKENS_MAX))?;
    // A timeout drops the reservation here, and nobody knows what the call came to.
    let (text, tokens) = model.write(&topic, ctx.attempt()).await;
    reserved.settle(Model::cost(tokens));
    Ok(text)
}

#[node]
fn bind(parts: Vec<String>, ctx: &Ctx) -> String {
    let budget = ctx.budget();
    format!("\"{}\" for {}, {} in doubt", parts.join(" "), budget.spent().usd, budget.in_doubt())
}

flow! {
    pub(crate) essay(String) -> String {
        budget { usd: 0.05, hops: 64, deadline: "30s" }
        plan -> map(write_part, 1) -> bind
    }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let state = App::default();
    let model = state.model.clone();
    let app = essay::flow().with_state(state).start()?;
    let seven = "ice, krill, squid, wind, snow, stars, eggs";
    let ask = |topics: &str, budget| Message::new(topics.to_owned()).with_budget(budget);
    for message in [
        ask("ice, krill", Budget::new()),
        ask("ice, fog", Budget::new()),
        ask(seven, Budget::new()),
        // Who asks may allow less than the flow does, and not more.
        ask(seven, Budget::new().usd(Money::from_cents(900))),
        ask("ice, krill", Budget::new().hops(2)),
    ] {
        let ended = app.call(message).await;
        let calls = model.calls.swap(0, Ordering::Relaxed);
        match ended {
            Ok(text) => writeln!(out, "{calls} calls: {text}")?,
            Err(stop) => writeln!(out, "{calls} calls: {}: {stop}", stop.code())?,
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
