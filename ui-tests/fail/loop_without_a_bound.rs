//! A loop that says no number of turns.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn judge(n: usize) -> Step<usize, usize> {
    Step::Done(n)
}

flow! {
    support(usize) -> usize {
        repeat { judge }
        //~^ repeat: `turns = 8`
    }
}

fn main() {}
