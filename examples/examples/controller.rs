//! A controller: a node that loops on itself, with a bound. It ends with its answer, or as `BudgetExceeded`.

use penguiflow::prelude::*;
use penguiflow::{BoxError, Limit};
use std::io::Write;

/// What is known after some hops.
#[message]
pub(crate) struct Notes {
    facts: Vec<String>,
    wanted: usize,
}

/// Adds a fact a turn, until there are as many as are wanted.
#[controller(turns = 5)]
async fn research(mut notes: Notes, ctx: &Ctx) -> Step<Notes, String> {
    let next = notes.facts.len() + 1;
    notes.facts.push(format!("fact {next} by {}", ctx.node()));
    if next < notes.wanted { Step::Again(notes) } else { Step::Done(notes.facts.join(", ")) }
}

flow! { pub(crate) answer(Notes) -> String { research } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = answer::flow().start()?;
    for wanted in [3, 100] {
        match app.call(Notes { facts: Vec::new(), wanted }).await {
            Ok(facts) => writeln!(out, "{wanted} wanted: {facts}")?,
            Err(Stop::BudgetExceeded(limit @ Limit::Turns)) => writeln!(out, "{wanted} wanted: {limit}")?,
            Err(stop) => return Err(stop.into()),
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
