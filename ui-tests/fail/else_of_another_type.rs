//! The step behind a loop's `else` ends with another type than the loop.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn halve(n: u32) -> Step<u32, u32> {
    if n < 2 { Step::Done(n) } else { Step::Again(n / 2) }
}

#[node]
fn give_up(n: u32) -> String {
    n.to_string()
}

flow! {
    support(u32) -> u32 {
        repeat(turns = 3) { halve } else give_up
        //~^ give_up: the step behind else ends with String, but the loop ends with u32 | let the step behind else return u32
    }
}

fn main() {}
