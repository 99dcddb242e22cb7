//! Map: a node or a flow runs over each item of a collection, a bounded number at once, and the order of the items stays.
//! Inside a node the function `map_concurrent` does the same.

use penguiflow::prelude::*;
use penguiflow::{BoxError, map_concurrent};
use std::io::Write;

#[message]
pub(crate) struct Scored {
    id: String,
    score: f64,
}

#[node]
fn ids(query: String) -> Vec<String> {
    (1..=5).map(|n| format!("{query}-{n}")).collect()
}

#[node]
async fn score(id: String) -> Scored {
    let score = id.len() as f64 / 10.0;
    Scored { id, score }
}

/// The first of the best.
#[node]
fn best(scored: Vec<Scored>) -> Result<Scored, &'static str> {
    let better = |best: Scored, next: Scored| if next.score > best.score { next } else { best };
    scored.into_iter().reduce(better).ok_or("nothing to choose from")
}

#[node]
async fn total(ids: Vec<String>) -> Result<usize, std::num::TryFromIntError> {
    let lengths = map_concurrent(ids, 2, async |id: String| u8::try_from(id.len())).await?;
    Ok(lengths.into_iter().map(usize::from).sum())
}

flow! {
    /// Scores at most two documents at a time; an error of one drops the others and ends the trace.
    pub(crate) rank(String) -> Scored { ids -> map(score, 2) -> best }
}

flow! {
    /// The same inside a node.
    pub(crate) measure(String) -> usize { ids -> total }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let top = rank::flow().start()?.call("doc".to_owned()).await?;
    writeln!(out, "top doc: {} score={:.2}", top.id, top.score)?;
    let letters = measure::flow().start()?.call("doc".to_owned()).await?;
    writeln!(out, "{letters} letters in all ids")?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
