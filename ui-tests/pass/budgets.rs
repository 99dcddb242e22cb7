//! Budgets in each form, and flows with budgets wherever a flow may stand.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;
use penguiflow::Limit;

#[node]
fn clean(text: String) -> String {
    text.trim().to_owned()
}
#[node]
fn words(text: String) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}
#[node]
fn count(texts: Vec<String>) -> usize {
    texts.len()
}
#[node]
fn longer((one, other): (String, String)) -> String {
    if one.len() < other.len() { other } else { one }
}
#[node]
fn again(text: String) -> Step<String, String> {
    if text.len() > 8 { Step::Done(text) } else { Step::Again(text + "!") }
}

flow! {
    /// All limits.
    pub all(String) -> String {
        budget { hops: 2, tokens: 40_000, usd: 0.000_000_000_001, deadline: "1.5s", }
        clean
    }
}
flow! { one(String) -> String { budget { deadline: "10m" }; clean -> all as more } }
flow! { piped(String) -> String { channels(4) budget { usd: 12 } clean -> all } }
flow! {
    inside(String) -> usize {
        budget { hops: 18446744073709551615 }
        channels(8);
        all -> (one, queue(4) -> piped) -> join -> longer -> repeat(turns = 9) { all as each -> again } -> words;
        words -> map(all as item, 2, parallel) -> count
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(inside::flow().start()?.call(" some krill ".to_owned()).await?, 2);
    let short = flow! { budget { hops: 1 } clean -> all }.start()?;
    assert!(matches!(short.call(String::new()).await, Err(Stop::BudgetExceeded(Limit::Hops))));
    Ok(())
}
