//! A loop whose last node asks for another turn with another state.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn plan(n: usize) -> String {
    n.to_string()
}
#[node]
fn judge(text: String) -> Step<String, usize> {
    Step::Again(text)
}

flow! {
    support(usize) -> usize {
        repeat(turns = 8) { plan -> judge }
        //~^ judge: a loop's last node returns `Step<usize, …>`, but `judge` returns `penguiflow::Step<String, usize>`
    }
}

fn main() {}
