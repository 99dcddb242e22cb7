//! A map that runs no item at once.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! {
    support(Vec<String>) -> Vec<usize> {
        map(length, 0)
        //~^ 0: never runs
    }
}

fn main() {}
