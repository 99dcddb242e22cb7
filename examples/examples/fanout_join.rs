//! Fan-out and join: each branch gets a clone, all run at once, and the join gives their results in the order of the
//! branches, however they finish.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use std::io::Write;

/// Needs a turn longer than `b`, so that `b` is done first.
#[node]
async fn a(task: String) -> String {
    tokio::task::yield_now().await;
    task + "::A"
}

#[node]
async fn b(task: String) -> String {
    task + "::B"
}

#[node]
fn summarize((a, b): (String, String)) -> String {
    format!("{a},{b}")
}

#[node]
fn fastest(results: Vec<String>) -> String {
    format!("{results:?}")
}

flow! {
    /// `join` waits for all branches and gives a tuple, so they may have different types.
    pub(crate) all(String) -> String { (a, b) -> join -> summarize }
}

flow! {
    /// `join_k(1)` waits for the first branch and drops the others; they have one type, and it gives a `Vec`.
    pub(crate) any(String) -> String { (a, b) -> join_k(1) -> fastest }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let all = all::flow().start()?;
    writeln!(out, "{}", all.call("task".to_owned()).await?)?;
    let any = any::flow().start()?;
    writeln!(out, "first: {}", any.call("task".to_owned()).await?)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
