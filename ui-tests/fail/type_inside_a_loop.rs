//! A step of a loop that does not take what the loop's state is.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn plan(text: String) -> String {
    text
}
#[node]
fn act(n: usize) -> usize {
    n
}
#[node]
fn judge(n: usize) -> Step<String, usize> {
    Step::Done(n)
}

flow! {
    support(String) -> usize {
        repeat(turns = 8) { plan -> act -> judge }
        //~^ act: `act` takes `usize`, but gets `String`
    }
}

fn main() {}
