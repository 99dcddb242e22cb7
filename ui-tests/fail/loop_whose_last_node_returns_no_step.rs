//! A loop whose last node does not say whether it goes on.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn plan(n: usize) -> usize {
    n
}
#[node]
fn judge(n: usize) -> usize {
    n
}

flow! {
    support(usize) -> usize {
        repeat(turns = 8) { plan -> judge }
        //~^ judge: a loop's last node returns `Step<usize, …>`, but `judge` returns `usize` | return `Step::Again(usize)` for another turn and `Step::Done(…)` for the loop's value
    }
}

fn main() {}
